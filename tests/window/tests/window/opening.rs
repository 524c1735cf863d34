//! Opening, saving, opening again; what is refused and how.

use crate::desk::{ARTICLE, Desk};
use egui::{Key, Modifiers};
use onrecord::store::settings::ThemeChoice;

const LIGHT: (ThemeChoice, [f32; 2]) = (ThemeChoice::Light, [1440.0, 900.0]);

#[test]
fn an_article_is_annotated_saved_closed_and_opened_again() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    assert!(desk.app().is_dirty() && desk.shows("Not saved"));
    let path = desk.folder.path().join("ferry.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    assert!(!desk.app().is_dirty() && desk.shows("Saved ferry.onrecord.json"));
    let first = std::fs::read(&path).unwrap();
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert_eq!(std::fs::read(&path).unwrap(), first, "saving again changes no byte");
    let Desk { harness, folder } = desk;
    drop(harness);
    let mut desk = Desk::open(folder, vec![path.clone()], LIGHT.0, LIGHT.1);
    assert_eq!(desk.marked(), [("anonymous_source".to_owned(), "official".to_owned())]);
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert_ne!(std::fs::read(&path).unwrap(), first);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.app().is_dirty(), "undoing past a save is a change again");
}

#[test]
fn unsaved_work_is_asked_about() {
    let mut desk = Desk::with_article();
    desk.key_with(Modifiers::COMMAND, Key::W);
    assert!(desk.shows("Save “Ministry weighs delay of tender” first?"));
    desk.press("Cancel");
    assert!(desk.app().session().is_some());
    desk.key_with(Modifiers::COMMAND, Key::W);
    desk.press("Do not save");
    assert!(desk.app().session().is_none() && desk.shows("Open articles or a project"));
}

#[test]
fn the_same_article_twice_offers_the_first() {
    let mut desk = Desk::with_article();
    let again = desk.folder.path().join("copy.txt");
    std::fs::write(&again, ARTICLE).unwrap();
    desk.harness.state_mut().open_files(vec![again]);
    desk.settle();
    assert_eq!(desk.project().documents.len(), 1);
    assert!(desk.shows("is in the project already"));
}

#[test]
fn several_articles_come_in_one_after_the_other() {
    let files = [("a.txt", "First article\n\nIt has words.\n"), ("b.md", "# Second article\n\nIt has more words.\n")];
    let desk = Desk::with(&files, LIGHT.0, LIGHT.1);
    assert_eq!(desk.project().documents.len(), 2);
    assert!(desk.shows("Article: First article") && desk.shows("Article: Second article"));
    assert_eq!(desk.project().info.title, "First article");
}

#[test]
fn pasted_text_is_an_article() {
    let mut desk = Desk::empty();
    desk.harness.input_mut().events.push(egui::Event::Paste("Pasted headline here\n\nThe mayor said no.".to_owned()));
    desk.harness.step();
    desk.settle();
    assert_eq!(desk.project().documents.len(), 1);
    assert!(desk.shows("Article: Pasted headline here"));
}

#[test]
fn files_that_are_no_articles_are_refused_with_a_hint() {
    for (name, bytes, message) in [
        ("empty.txt", &b""[..], "Empty.txt is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "Picture.txt is not a text file"),
        ("cut.onrecord.json", b"{\"format\":\"onrecord\",\"version\":1", "Cut.onrecord.json cannot be opened"),
        ("other.json", b"{\"a\":1}", "not an Onrecord project"),
    ] {
        let mut desk = Desk::empty();
        let path = desk.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        desk.harness.state_mut().open_files(vec![path]);
        desk.settle();
        assert!(desk.app().session().is_none(), "nothing is half-opened");
        assert!(desk.shows(message), "{message}");
    }
    let mut desk = Desk::empty();
    let gone = desk.folder.path().join("gone.txt");
    desk.harness.state_mut().open_files(vec![gone]);
    desk.settle();
    assert!(desk.shows("Cannot open gone.txt: there is no such file"));
}

#[test]
fn a_failed_save_keeps_the_work_and_offers_another_place() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    let nowhere = desk.folder.path().join("gone").join("p.onrecord.json");
    desk.harness.state_mut().save_as(&nowhere);
    desk.settle();
    assert!(desk.app().is_dirty() && desk.shows("Not saved: cannot save p.onrecord.json"));
    assert!(desk.shows("Save as"));
    assert_eq!(desk.marked().len(), 1);
}

#[test]
fn a_file_that_was_deleted_meanwhile_is_written_anew_with_consent() {
    let mut desk = Desk::with_article();
    let path = desk.folder.path().join("p.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    std::fs::remove_file(&path).unwrap();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert!(desk.app().is_dirty() && !path.exists() && desk.shows("p.onrecord.json was moved or deleted"));
    desk.press("Save it here again");
    assert!(!desk.app().is_dirty() && path.exists());
}

#[test]
fn a_wrong_quote_is_shown_and_repaired_with_consent() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    let path = desk.folder.path().join("p.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    let file = std::fs::read_to_string(&path).unwrap();
    let broken = file.replacen("\"quote\":[\"official\"]", "\"quote\":[\"knowledge\"]", 1);
    assert_ne!(file, broken);
    std::fs::write(&path, broken).unwrap();
    let Desk { harness, folder } = desk;
    drop(harness);
    let mut desk = Desk::open(folder, vec![path], LIGHT.0, LIGHT.1);
    assert!(desk.shows("1 issue in this file") && desk.shows("Repair…"));
    desk.press("Repair…");
    desk.press("Move it to the quoted words");
    assert_eq!(desk.marked(), [("anonymous_source".to_owned(), "knowledge".to_owned())]);
    assert!(desk.app().session().unwrap().issues().is_empty());
}

#[test]
fn a_project_of_a_newer_version_is_looked_at_and_not_saved() {
    let mut desk = Desk::with_article();
    let path = desk.folder.path().join("p.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    let newer = std::fs::read_to_string(&path).unwrap().replacen("\"version\":1", "\"version\":9", 1);
    std::fs::write(&path, &newer).unwrap();
    let Desk { harness, folder } = desk;
    drop(harness);
    let mut desk = Desk::open(folder, vec![path.clone()], LIGHT.0, LIGHT.1);
    assert!(desk.shows("can only be read") && desk.shows("Read only"));
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    assert!(desk.marked().is_empty() && !desk.app().is_dirty(), "nothing is changed that could not be saved");
    desk.key_with(Modifiers::COMMAND, Key::S);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn initials_are_asked_for_and_go_into_the_file() {
    let mut desk = Desk::with_article();
    desk.press("Say who is working: Who is working?");
    desk.type_text("AK");
    desk.key(Key::Enter);
    assert!(desk.shows("Say who is working: AK"));
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    let project = desk.project();
    let annotation = project.annotations.iter().next().unwrap();
    assert_eq!(annotation.by.as_ref().and_then(|by| project.persons.get(by)).map(|person| person.name.as_str()), Some("AK"));
}

#[test]
fn the_encoding_can_be_changed_until_something_is_marked() {
    let desk = Desk::empty();
    let path = desk.folder.path().join("old.txt");
    let bytes = [b"Headline of the piece\n\nThe caf".as_slice(), b"\xE9 is ", b"\xE0 gauche and na\xEFve people go there.\n"].concat();
    std::fs::write(&path, bytes).unwrap();
    let Desk { harness, folder } = desk;
    drop(harness);
    let mut desk = Desk::open(folder, vec![path], LIGHT.0, LIGHT.1);
    assert!(desk.shows("Encoding: windows-1252"));
    desk.press("Encoding: windows-1252");
    desk.press("windows-1251");
    assert!(desk.shows("Encoding: windows-1251"));
    assert!(desk.harness.state_mut().select_words("кафй") || desk.harness.state_mut().select_words("cafй"));
    desk.settle();
    desk.key(Key::Num1);
    desk.press("Encoding: windows-1251");
    assert!(desk.shows("The encoding is settled"));
}

#[test]
fn a_line_of_ten_megabytes_is_shown_and_labelled() {
    let line = "word ".repeat(2_000_000).trim_end().to_owned();
    let mut desk = Desk::with(&[("long.txt", line.as_str())], LIGHT.0, LIGHT.1);
    desk.key_with(Modifiers::COMMAND, Key::End);
    desk.key(Key::W);
    desk.key(Key::Num1);
    assert_eq!(desk.marked(), [("claim".to_owned(), "word".to_owned())]);
}

#[test]
fn palette_key_sheet_and_about_open_and_close() {
    let mut desk = Desk::with_article();
    desk.key_with(Modifiers::COMMAND, Key::K);
    desk.type_text("undo");
    assert!(desk.shows("Undo"));
    desk.key(Key::Enter);
    assert_eq!(desk.project().documents.len(), 0, "undo from the palette took the article out");
    desk.type_text("?");
    assert!(desk.shows("Select the quotation around the caret: \""));
    desk.key(Key::Escape);
    assert!(!desk.shows("Select the quotation around the caret: \""));
}

#[test]
fn a_path_typed_by_hand_replaces_no_file_unasked() {
    let mut desk = Desk::with_article();
    let path = desk.folder.path().join("taken.onrecord.json");
    std::fs::write(&path, "precious").unwrap();
    desk.harness.state_mut().ask_for_path(&path);
    desk.settle();
    assert!(desk.shows("A file of this name is there already"));
    desk.key(Key::Enter);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    desk.press("Replace");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("{\n\"format\":\"onrecord\""));
}

#[test]
fn leaving_the_question_where_to_save_also_leaves_what_was_to_follow() {
    let mut desk = Desk::with_article();
    desk.key_with(Modifiers::COMMAND, Key::W);
    desk.press("Save");
    assert!(desk.shows("Save the project as"));
    desk.key(Key::Escape);
    let path = desk.folder.path().join("later.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    assert!(path.exists() && desk.app().session().is_some(), "the project stays open");
}

#[test]
fn a_project_that_arrives_late_drops_no_edit() {
    let mut desk = Desk::with_article();
    let path = desk.folder.path().join("late.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.harness.state_mut().project_arrives(&path);
    desk.settle();
    assert!(desk.shows("Save “Ministry weighs delay of tender” first?"));
    assert_eq!(desk.marked().len(), 1);
    desk.press("Do not save");
    assert!(desk.marked().is_empty(), "the file was opened then");
}

/// What the window says of itself to a screen reader, but for the words of articles and of fields that are typed in.
pub(crate) fn said(desk: &Desk) -> Vec<String> {
    use egui_kittest::kittest::NodeT as _;
    fn gather(node: &egui_kittest::Node<'_>, found: &mut Vec<String>) {
        use egui::accesskit::Role;
        let own = node.accesskit_node();
        if matches!(own.role(), Role::Document | Role::TextInput | Role::MultilineTextInput | Role::TextRun) {
            return;
        }
        found.extend(own.label());
        found.extend(own.value());
        for child in node.children() {
            gather(&child, found);
        }
    }
    let mut found = Vec::new();
    gather(&desk.harness.root(), &mut found);
    found
}

#[test]
fn what_cannot_be_seen_in_names_is_shown_as_a_mark_everywhere() {
    // Every name, title and note turns the reading direction and hides a letter.
    let harm = "\\u202e\\u200b";
    let example = include_str!("../../../it/data/example.onrecord.json");
    let mut file = example.to_owned();
    for (from, to) in [
        ("\"title\":\"Ferry tender\"", format!("\"title\":\"Ferry{harm}tender\"")),
        ("\"title\":\"Ministry weighs delay\"", format!("\"title\":\"Ministry{harm}delay\"")),
        ("\"alias\":\"Source A\"", format!("\"alias\":\"Source{harm}A\"")),
        ("\"role\":\"official with", format!("\"role\":\"official{harm}with")),
        ("\"name\":\"BL\"", format!("\"name\":\"B{harm}L\"")),
        ("\"name\":\"AK\"", format!("\"name\":\"A{harm}K\"")),
        ("\"name\":\"Quote\"", format!("\"name\":\"Quo{harm}te\"")),
        ("\"name\":\"Anonymous source\"", format!("\"name\":\"Anonymous{harm}source\"")),
        ("\"name\":\"Basis\"", format!("\"name\":\"Ba{harm}sis\"")),
        ("\"name\":\"said by\"", format!("\"name\":\"said{harm}by\"")),
        ("\"outlet\":\"Harbour News\"", format!("\"outlet\":\"Harbour{harm}News\"")),
        ("\"text\":\"One person or two?\"", format!("\"text\":\"One{harm}person\"")),
        ("\"note\":\"Say why", format!("\"note\":\"Say{harm}why")),
        ("\"why\":\"repeated headline\"", format!("\"why\":\"repeated{harm}headline\"")),
        ("\"text\":\"Of real public interest\"", format!("\"text\":\"Of real{harm}interest\"")),
        ("\"name\":\"Small desk\"", format!("\"name\":\"Small{harm}desk\"")),
    ] {
        assert!(file.contains(from), "{from}");
        file = file.replacen(from, &to, 1);
    }
    let mut desk = Desk::with(&[("p\u{202e}.onrecord.json", &file)], ThemeChoice::Light, [1440.0, 900.0]);
    let mut all: Vec<String> = Vec::new();
    let mut check = |desk: &Desk, view: &str| {
        let words = said(desk);
        assert!(words.len() > 20, "{view}: the window says {} things", words.len());
        let bad: Vec<&String> = words.iter().filter(|words| words.contains(['\u{202e}', '\u{200b}'])).collect();
        all.extend(bad.into_iter().map(|words| format!("{view}: {words:?}")));
    };
    check(&desk, "annotate");
    desk.key(Key::CloseBracket);
    check(&desk, "a mention in the inspector");
    desk.key(Key::CloseBracket);
    check(&desk, "a quote in the inspector");
    for tab in ["Annotations", "Issues", "Decide"] {
        desk.press(tab);
        check(&desk, tab);
    }
    desk.key_with(Modifiers::COMMAND, Key::Num2);
    check(&desk, "review");
    desk.key_with(Modifiers::COMMAND, Key::Num1);
    desk.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    desk.type_text("ferry");
    desk.harness.run_steps(10);
    check(&desk, "find");
    desk.key(Key::Escape);
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::K);
    check(&desk, "palette");
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::G);
    check(&desk, "guidelines");
    desk.key(Key::Escape);
    desk.key(Key::Questionmark);
    check(&desk, "keys");
    assert!(all.is_empty(), "{all:#?}");
}
