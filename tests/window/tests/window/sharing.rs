//! Colleagues in the window: merging with a preview, decisions, files that change underneath, two windows, coming back after a crash.

use crate::desk::Desk;
use egui::{Key, Modifiers};
use onrecord::{
    edit::Command,
    model::SourceKind,
    session::{Session, WorkEnvironment},
    store::{journal, settings::ThemeChoice},
};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = include_str!("../../../it/data/example.onrecord.json");
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";

fn note(words: &str) -> Command {
    Command::SetNote { annotation: QUOTE.into(), note: words.to_owned() }
}

fn source(alias: &str) -> Command {
    Command::AddSource { alias: alias.to_owned(), kind: SourceKind::NamedPerson, role: String::new(), public_label: String::new() }
}

/// A colleague edits a copy and saves it.
fn colleague(from: &Path, to: &Path, seed: u64, commands: &[Command]) {
    let mut session = Session::open(from, WorkEnvironment::seeded(seed, None)).unwrap();
    for command in commands {
        session.run(command).unwrap();
    }
    let bytes = session.to_bytes().unwrap();
    std::fs::write(to, bytes).unwrap();
}

fn desk() -> (Desk, PathBuf) {
    let desk = Desk::with(&[("p.onrecord.json", EXAMPLE)], ThemeChoice::Light, [1440.0, 900.0]);
    let path = desk.folder.path().join("p.onrecord.json");
    (desk, path)
}

/// Time goes by until the app looks at the file.
fn look(desk: &mut Desk) {
    desk.harness.run_steps(130);
}

fn edit(desk: &mut Desk, command: &Command) {
    desk.harness.state_mut().run_command(command);
    desk.settle();
}

fn drop_file(desk: &mut Desk, path: &Path) {
    desk.harness.state_mut().drop_files(vec![path.to_owned()]);
    desk.settle();
}

#[test]
fn a_dropped_copy_is_previewed_merged_in_one_step_and_undone() {
    let (mut desk, path) = desk();
    let copy = desk.folder.path().join("from-BL.onrecord.json");
    colleague(&path, &copy, 11, &[note("Theirs."), source("Ben Roe")]);
    let before = desk.project().clone();
    drop_file(&mut desk, &copy);
    assert!(desk.shows("Merge from from-BL.onrecord.json") && desk.shows("1 added, 1 changed"));
    assert!(desk.shows("Added source: Ben Roe") && desk.shows("note: nothing → Theirs."));
    assert_eq!(*desk.project(), before, "a preview changes nothing");
    desk.press("Merge");
    assert!(desk.project().sources.iter().any(|source| source.alias == "Ben Roe"));
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(*desk.project(), before);
    // Escape leaves everything as it is; a copy without news is said to be one.
    drop_file(&mut desk, &copy);
    desk.key(Key::Escape);
    assert_eq!(*desk.project(), before);
    std::fs::write(&copy, EXAMPLE).unwrap();
    drop_file(&mut desk, &copy);
    assert!(desk.shows("Nothing new in from-BL.onrecord.json"));
}

#[test]
fn a_file_of_another_project_is_not_merged() {
    let (mut desk, _) = desk();
    let other = desk.folder.path().join("other.onrecord.json");
    std::fs::write(&other, EXAMPLE.replace("0252f615", "1252f615").replace("Ferry tender", "Other tender")).unwrap();
    desk.harness.state_mut().merge(vec![other.clone()]);
    desk.settle();
    assert!(desk.shows("These are two different projects"));
    drop_file(&mut desk, &other);
    assert_eq!(desk.project().info.title, "Other tender", "dropped, it is opened");
}

#[test]
fn every_conflict_is_settled_by_key_one_way_the_other_or_a_third() {
    let (mut desk, path) = desk();
    let copy = desk.folder.path().join("copy.onrecord.json");
    colleague(&path, &copy, 11, &[note("Theirs."), Command::SetTitle { title: "Their title".to_owned() }]);
    edit(&mut desk, &note("Mine."));
    edit(&mut desk, &Command::SetTitle { title: "My title".to_owned() });
    desk.harness.state_mut().merge(vec![copy]);
    desk.settle();
    desk.press("Merge");
    // The example brings one question of its own.
    assert!(desk.shows("1 of 3 decisions"));
    let values = |desk: &Desk| desk.project().annotations.get(&QUOTE.into()).unwrap().note.clone();
    let alt = Modifiers::ALT;
    let open = |desk: &Desk, name: &str| desk.shows(&format!("The {name} was written differently:"));
    for _ in 0..3 {
        if open(&desk, "note") {
            assert!(desk.shows("Mine.") && desk.shows("Theirs."));
            desk.key_with(alt, Key::Num0);
            desk.harness.run_steps(4);
            desk.key_with(Modifiers::COMMAND, Key::A);
            desk.type_text("Both.");
            desk.key_with(Modifiers::COMMAND, Key::Enter);
        } else if open(&desk, "title") {
            desk.key_with(alt, Key::Num2);
        } else {
            assert!(open(&desk, "basis"));
            desk.key_with(alt, Key::Num1);
        }
        desk.harness.run_steps(4);
    }
    assert!(desk.shows("Nothing is undecided"), "{:?}", values(&desk));
    assert_eq!(values(&desk), "Both.");
    assert!(["My title", "Their title"].contains(&desk.project().info.title.as_str()));
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.shows("1 of 1 decision"), "undo brings the question back");
}

#[test]
fn what_was_deleted_by_one_and_used_by_another_is_kept_or_deleted() {
    for (key, stays) in [(Key::Num1, true), (Key::Num2, false)] {
        let (mut desk, path) = desk();
        let copy = desk.folder.path().join("copy.onrecord.json");
        colleague(&path, &copy, 11, &[Command::DeleteAnnotations { annotations: vec![QUOTE.into()] }]);
        edit(&mut desk, &note("Still needed."));
        desk.harness.state_mut().merge(vec![copy]);
        desk.settle();
        desk.press("Merge");
        let gone = "Somebody deleted it while somebody else went on with it.";
        for _ in 0..3 {
            if !desk.shows(gone) {
                desk.key_with(Modifiers::ALT, Key::ArrowDown);
            }
        }
        assert!(desk.shows(gone));
        desk.key_with(Modifiers::ALT, key);
        assert_eq!(desk.project().annotations.contains(&QUOTE.into()), stays);
        assert!(!desk.shows(gone));
    }
}

#[test]
fn what_a_colleague_saved_comes_in_by_itself_and_stays_with_undo() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Mine."));
    colleague(&path, &path, 11, &[source("Ben Roe")]);
    look(&mut desk);
    assert!(desk.project().sources.iter().any(|source| source.alias == "Ben Roe"), "it came in");
    assert!(desk.shows("Somebody changed the file: 1 added"));
    assert!(desk.app().is_dirty(), "the note is not saved yet");
    desk.key_with(Modifiers::COMMAND, Key::S);
    let file = std::fs::read_to_string(&path).unwrap();
    assert!(file.contains("Ben Roe") && file.contains("Mine.") && !desk.app().is_dirty());
    // Without anything unsaved the project stays saved.
    colleague(&path, &path, 12, &[source("Cy Roe")]);
    look(&mut desk);
    assert!(desk.project().sources.iter().any(|source| source.alias == "Cy Roe") && !desk.app().is_dirty());
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.project().sources.iter().any(|source| source.alias == "Cy Roe"), "what came in is no step of undo");
    assert!(desk.project().annotations.iter().all(|annotation| annotation.note != "Mine.") && desk.app().is_dirty());
}

#[test]
fn a_save_joins_what_was_written_a_moment_before() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Mine."));
    colleague(&path, &path, 11, &[source("Ben Roe")]);
    desk.key_with(Modifiers::COMMAND, Key::S);
    desk.harness.run_steps(10);
    let file = std::fs::read_to_string(&path).unwrap();
    assert!(file.contains("Ben Roe") && file.contains("Mine.") && !desk.app().is_dirty(), "{file}");
}

#[test]
fn a_file_that_goes_is_replaced_or_damaged_keeps_the_work_here() {
    let (mut desk, path) = desk();
    std::fs::remove_file(&path).unwrap();
    look(&mut desk);
    assert!(desk.shows("p.onrecord.json was moved or deleted. Your work is still here.") && desk.app().is_dirty());
    desk.press("Save it here again");
    assert!(path.exists() && !desk.app().is_dirty() && !desk.shows("was moved or deleted"));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    look(&mut desk);
    assert!(desk.shows("this is a folder. Your work is still here.") && desk.shows("Save as…"));
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, "{\"format\":\"onrecord\",").unwrap();
    edit(&mut desk, &note("Mine."));
    desk.key_with(Modifiers::COMMAND, Key::S);
    desk.harness.run_steps(10);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"format\":\"onrecord\",", "what cannot be joined is not written over");
    assert!(desk.shows("The file was changed and cannot be read") && desk.app().is_dirty());
}

#[test]
fn a_damaged_file_that_is_whole_again_is_no_longer_complained_of() {
    let (mut desk, path) = desk();
    // A sync program writes slowly: half the file first.
    let copy = desk.folder.path().join("whole.json");
    colleague(&path, &copy, 11, &[source("Ben Roe")]);
    let whole = std::fs::read(&copy).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    look(&mut desk);
    assert!(desk.shows("The file was changed and cannot be read"));
    std::fs::write(&path, &whole).unwrap();
    look(&mut desk);
    assert!(!desk.shows("cannot be read") && !desk.shows("Your work is still here"));
    assert!(desk.project().sources.iter().any(|source| source.alias == "Ben Roe"), "it came in");
    // And a second time.
    std::fs::write(&path, "{").unwrap();
    look(&mut desk);
    assert!(desk.shows("cannot be read"));
    std::fs::write(&path, &whole).unwrap();
    look(&mut desk);
    assert!(!desk.shows("cannot be read"));
}

#[test]
fn an_emptied_file_gets_the_open_work_back() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Mine."));
    std::fs::write(&path, "").unwrap();
    look(&mut desk);
    assert!(desk.shows("The file is empty now") && desk.shows("Save as…"));
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0, "nothing is written unasked");
    // Somebody writes it before the answer: that is not written over.
    std::fs::write(&path, "theirs").unwrap();
    desk.press("Put the work back");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
    std::fs::write(&path, "").unwrap();
    look(&mut desk);
    desk.press("Put the work back");
    desk.harness.run_steps(10);
    assert!(std::fs::read_to_string(&path).unwrap().contains("Mine.") && !desk.app().is_dirty());
    assert!(!desk.shows("The file is empty now"));
}

#[test]
fn an_empty_project_file_offers_copies_and_what_was_not_saved() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Not saved."));
    let copy = path.with_file_name("p.onrecord (1).json");
    std::fs::write(&copy, EXAMPLE).unwrap();
    std::fs::write(&path, "").unwrap();
    let folder = crash(desk);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("p.onrecord.json is empty") && desk.app().session().is_none());
    assert!(desk.shows("Bring back 1 record that"));
    desk.press("Open p.onrecord (1).json");
    // What a crash left of the project is joined into the copy.
    assert!(desk.shows("Not saved when Onrecord closed"));
    desk.press("Bring it back");
    assert_eq!(desk.project().annotations.get(&QUOTE.into()).unwrap().note, "Not saved.");
    // Without a copy the journal alone is what is left.
    let (mut desk, path) = self::desk();
    edit(&mut desk, &source("Only here"));
    std::fs::write(&path, "").unwrap();
    let folder = crash(desk);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    desk.press("Bring back 1 record that was not saved");
    assert!(desk.project().sources.iter().any(|source| source.alias == "Only here") && desk.app().is_dirty());
    // With neither, that is said.
    let (desk, path) = self::desk();
    std::fs::write(&path, "").unwrap();
    let folder = crash(desk);
    let desk = Desk::open(folder, vec![path], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("p.onrecord.json is empty") && desk.shows("Take it from a backup"));
}

#[test]
fn copies_of_sync_programs_are_offered_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.onrecord.json");
    let copy = folder.path().join("p.onrecord.sync-conflict-20261120-101010-ABCDEFG.json");
    std::fs::write(&path, EXAMPLE).unwrap();
    colleague(&path, &copy, 11, &[source("Ben Roe")]);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("A sync program left 1 copy beside the file"));
    desk.press("Merge…");
    desk.press("Merge");
    assert!(desk.project().sources.iter().any(|source| source.alias == "Ben Roe") && copy.exists());
    desk.key_with(Modifiers::COMMAND, Key::S);
    // Merged and saved, the copy holds nothing new and is not offered again.
    let Desk { harness, folder } = desk;
    drop(harness);
    let desk = Desk::open(folder, vec![path], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(!desk.shows("A sync program left"));
}

#[test]
fn the_second_window_looks_on_or_takes_over() {
    let (mut first, path) = desk();
    let data = first.folder.path().join("data");
    let mut second = Desk::beside(&data, vec![path.clone()]);
    assert!(second.shows("This project is open in another window."));
    second.harness.state_mut().run_command(&note("Not allowed."));
    second.settle();
    assert!(second.shows("is open in another window, which edits it") && !second.app().is_dirty());
    edit(&mut first, &note("First."));
    first.key_with(Modifiers::COMMAND, Key::S);
    look(&mut second);
    assert_eq!(second.project().annotations.get(&QUOTE.into()).unwrap().note, "First.", "it follows what the other saves");
    second.press("Take it over");
    edit(&mut second, &note("Second."));
    assert!(second.app().is_dirty());
    look(&mut first);
    assert!(first.shows("Another window took this project over."));
    first.harness.state_mut().run_command(&note("Too late."));
    first.settle();
    assert_eq!(first.project().annotations.get(&QUOTE.into()).unwrap().note, "First.");
}

/// The app is killed: what is left are its folders.
fn crash(desk: Desk) -> tempfile::TempDir {
    let Desk { harness, folder } = desk;
    drop(harness);
    folder
}

#[test]
fn after_a_crash_what_was_not_saved_is_shown_and_joined_into_what_is_there_now() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Not saved."));
    let folder = crash(desk);
    colleague(&path, &path, 11, &[source("Ben Roe")]);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("Not saved when Onrecord closed") && desk.shows("note: nothing → Not saved."));
    desk.press("Bring it back");
    assert_eq!(desk.project().annotations.get(&QUOTE.into()).unwrap().note, "Not saved.");
    assert!(desk.app().is_dirty() && desk.project().sources.iter().any(|source| source.alias == "Ben Roe"));
    let data = desk.folder.path().join("data");
    let logs = || {
        std::fs::read_dir(journal::folder(&data))
            .map_or(0, |entries| entries.flatten().filter(|entry| entry.path().extension().is_some_and(|ending| ending == "log")).count())
    };
    assert_eq!(logs(), 2, "the old journal stays until a save");
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert_eq!(logs(), 0);
    assert!(std::fs::read_to_string(&path).unwrap().contains("Not saved."));
}

#[test]
fn a_project_that_was_never_saved_comes_back_from_the_start_screen() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    let project = desk.project().clone();
    let folder = crash(desk);
    let mut desk = Desk::open(folder, Vec::new(), ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("Bring back "));
    desk.press(&format!("Bring back {}", project.info.title));
    assert_eq!(*desk.project(), project);
    assert!(desk.app().is_dirty());
}

#[test]
fn what_is_discarded_or_thrown_away_does_not_come_back() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.key_with(Modifiers::COMMAND, Key::W);
    desk.press("Do not save");
    let folder = crash(desk);
    let desk = Desk::open(folder, Vec::new(), ThemeChoice::Light, [1440.0, 900.0]);
    assert!(!desk.shows("Bring back "));
    let (mut desk, path) = self::desk();
    edit(&mut desk, &note("Not saved."));
    let folder = crash(desk);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    desk.press("Throw it away");
    let folder = crash(desk);
    let desk = Desk::open(folder, vec![path], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(!desk.shows("Not saved when Onrecord closed"));
}

#[test]
fn what_is_not_saved_and_two_copies_are_compared() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("Mine."));
    desk.key_with(Modifiers::COMMAND, Key::D);
    assert!(desk.shows("What is not saved") && desk.shows("note: nothing → Mine."));
    desk.key(Key::Escape);
    let copy = desk.folder.path().join("copy.onrecord.json");
    colleague(&path, &copy, 11, &[source("Ben Roe")]);
    desk.harness.state_mut().compare(vec![path, copy]);
    desk.settle();
    assert!(desk.shows("From p.onrecord.json to copy.onrecord.json") && desk.shows("Added source: Ben Roe"));
}

#[test]
fn git_is_set_up_beside_the_project() {
    let (mut desk, path) = desk();
    desk.harness.state_mut().set_up_git();
    desk.settle();
    assert!(desk.shows("git config merge.onrecord.driver"));
    desk.press("Write .gitattributes");
    assert!(desk.shows("Written."));
    let attributes = std::fs::read_to_string(path.with_file_name(".gitattributes")).unwrap();
    assert!(attributes.contains("*.onrecord.json text eol=lf merge=onrecord diff=onrecord"));
}

#[test]
fn two_crashes_lose_nothing_either() {
    let (mut desk, path) = desk();
    edit(&mut desk, &note("First crash."));
    let folder = crash(desk);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    desk.press("Later");
    edit(&mut desk, &source("Second crash"));
    let folder = crash(desk);
    let mut desk = Desk::open(folder, vec![path.clone()], ThemeChoice::Light, [1440.0, 900.0]);
    for _ in 0..2 {
        desk.press("Bring it back");
    }
    assert!(!desk.shows("Not saved when Onrecord closed"));
    assert_eq!(desk.project().annotations.get(&QUOTE.into()).unwrap().note, "First crash.");
    assert!(desk.project().sources.iter().any(|source| source.alias == "Second crash"));
    desk.key_with(Modifiers::COMMAND, Key::S);
    let folder = crash(desk);
    let desk = Desk::open(folder, vec![path], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(!desk.shows("Not saved when Onrecord closed"));
}

#[test]
fn a_copy_that_turns_up_later_is_offered_once() {
    let (mut desk, path) = desk();
    colleague(&path, &path.with_file_name("p.onrecord (1).json"), 11, &[source("Ben Roe")]);
    let focus = |desk: &mut Desk| {
        desk.harness.input_mut().events.push(egui::Event::WindowFocused(true));
        desk.settle();
    };
    focus(&mut desk);
    assert!(desk.shows("A sync program left 1 copy beside the file"));
    desk.press("Close");
    focus(&mut desk);
    assert!(!desk.shows("A sync program left"), "whoever said no is not asked again");
}

#[test]
fn saved_under_another_name_another_file_is_claimed() {
    let (mut first, path) = desk();
    let data = first.folder.path().join("data");
    let other = path.with_file_name("other.onrecord.json");
    first.harness.state_mut().save_as(&other);
    first.settle();
    assert!(Desk::beside(&data, vec![other]).shows("This project is open in another window."));
    assert!(!Desk::beside(&data, vec![path]).shows("This project is open in another window."));
}
