//! Colleagues with one project: joined on the command line, by git and by whoever opens a file full of conflict markers.

use std::{
    fs,
    process::{Command, Output},
};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");
const EXAMPLE: &str = include_str!("data/example.onrecord.json");
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
const NAMED: &str = "50d7d13f-b248-4191-bb12-1dc54e5a3a26";

/// A folder with copies of the example.
struct Desk(TempDir);

impl Desk {
    fn new(copies: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        for copy in copies {
            fs::write(folder.path().join(copy), EXAMPLE).expect("a copy");
        }
        Self(folder)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap_or_default()
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.0.path().join(name), content).expect("a file");
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        for (key, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null"), ("GIT_PAGER", "cat")] {
            command.env(key, value);
        }
        command.args(arguments).current_dir(self.0.path()).output().expect("the program runs")
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.output(PROGRAM, arguments);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Edits a copy as a colleague with these initials.
    fn edit(&self, copy: &str, initials: &str, commands: &[String]) {
        self.write("commands.jsonl", &commands.join("\n"));
        let done =
            self.run(&["apply", copy, "commands.jsonl", "--as", initials, "--session", &format!("session{initials}{}", self.edits())]);
        assert_eq!(done, (0, String::new(), String::new()));
    }

    /// A number that is new with each call.
    fn edits(&self) -> usize {
        let name = self.0.path().join("edits");
        let edits = fs::read_to_string(&name).ok().and_then(|number| number.parse().ok()).unwrap_or(0) + 1;
        fs::write(name, edits.to_string()).expect("a counter");
        edits
    }

    fn git(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.output("git", arguments);
        let both = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&both).into_owned())
    }
}

fn note(of: &str, words: &str) -> String {
    format!(r#"{{"command":"set_note","annotation":"{of}","note":"{words}"}}"#)
}

fn line<'f>(file: &'f str, id: &str) -> &'f str {
    file.lines().find(|line| line.starts_with(&format!("{{\"id\":\"{id}\""))).unwrap_or("")
}

#[test]
fn both_sides_are_in_the_merged_file_whichever_comes_first() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    desk.edit("a.onrecord.json", "AK", &[note(QUOTE, "From A.")]);
    desk.edit("b.onrecord.json", "BL", &[r#"{"command":"set_title","title":"From B"}"#.to_owned()]);
    // The example has one open question from the start.
    let (code, _, said) = desk.run(&["merge", "none", "a.onrecord.json", "b.onrecord.json", "-o", "ab.onrecord.json"]);
    assert_eq!((code, said.as_str()), (1, "onrecord: 1 decision is needed; onrecord show lists what is undecided\n"));
    desk.run(&["merge", "none", "b.onrecord.json", "a.onrecord.json", "-o", "ba.onrecord.json"]);
    let merged = desk.read("ab.onrecord.json");
    assert_eq!(merged, desk.read("ba.onrecord.json"));
    assert!(line(&merged, QUOTE).contains("From A.") && merged.contains("\"title\":\"From B\""), "{merged}");
    let (code, out, _) = desk.run(&["check", "ab.onrecord.json"]);
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = desk.run(&["show", "ab.onrecord.json"]);
    assert!(code == 0 && out.contains('?') && out.contains("basis\tbriefed (BL) / participant (AK)"), "{out}");
}

#[test]
fn what_two_wrote_differently_is_undecided_until_somebody_settles_it() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    desk.edit("a.onrecord.json", "AK", &[note(QUOTE, "From A.")]);
    desk.edit("b.onrecord.json", "BL", &[note(QUOTE, "From B.")]);
    assert_eq!(desk.run(&["merge", "", "a.onrecord.json", "b.onrecord.json", "-o", "m.onrecord.json"]).0, 1);
    let merged = desk.read("m.onrecord.json");
    let conflict = line(&merged, QUOTE);
    assert!(
        conflict.contains(r#""note":"From A.""#)
            && conflict.contains(r#""conflicts":{"note":[["sessionAK1.1","From A."],["sessionBL2.1","From B."]]}"#),
        "{conflict}"
    );
    let settle = format!(r#"{{"command":"settle","kind":"annotation","record":"{QUOTE}","field":"note","value":"Both."}}"#);
    desk.edit("m.onrecord.json", "CC", std::slice::from_ref(&settle));
    let settled = desk.read("m.onrecord.json");
    assert!(line(&settled, QUOTE).contains(r#""note":"Both.""#) && !line(&settled, QUOTE).contains("conflicts"), "{settled}");
    // Older copies bring nothing back.
    for older in ["a.onrecord.json", "b.onrecord.json"] {
        desk.run(&["merge", "", "m.onrecord.json", older, "-o", "again.onrecord.json"]);
        assert_eq!(desk.read("again.onrecord.json"), settled);
    }
    desk.write("commands.jsonl", &settle);
    let (code, _, said) = desk.run(&["apply", "m.onrecord.json", "commands.jsonl"]);
    assert!(code == 2 && said.contains("nobody wrote this field differently"), "{said}");
}

#[test]
fn an_edit_against_a_deletion_lives_and_is_flagged() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json", "c.onrecord.json"]);
    desk.edit("a.onrecord.json", "AK", &[format!(r#"{{"command":"delete_annotations","annotations":["{QUOTE}"]}}"#)]);
    desk.edit("b.onrecord.json", "BL", &[note(QUOTE, "Still needed.")]);
    desk.run(&["merge", "", "a.onrecord.json", "b.onrecord.json", "-o", "m.onrecord.json"]);
    let merged = desk.read("m.onrecord.json");
    let alive = line(&merged, QUOTE);
    assert!(alive.contains("“six more weeks.”") && alive.contains("Still needed.") && alive.contains(r#""conflicts":{"gone":"#), "{alive}");
    let (_, shown, _) = desk.run(&["show", "m.onrecord.json"]);
    assert!(shown.contains("deleted\tKeep it / Delete it (AK)"), "{shown}");
    // The copy without an edit gives way to the deletion.
    desk.run(&["merge", "", "a.onrecord.json", "c.onrecord.json", "-o", "gone.onrecord.json"]);
    assert_eq!(desk.read("gone.onrecord.json"), desk.read("a.onrecord.json"));
    // Kept, it outweighs the deletion wherever that turns up.
    let keep = format!(r#"{{"command":"settle","kind":"annotation","record":"{QUOTE}","field":"gone","value":"keep"}}"#);
    desk.edit("m.onrecord.json", "CC", &[keep]);
    desk.run(&["merge", "", "a.onrecord.json", "m.onrecord.json", "-o", "kept.onrecord.json"]);
    let kept = desk.read("kept.onrecord.json");
    assert!(line(&kept, QUOTE).contains("Still needed.") && !line(&kept, QUOTE).contains("gone"), "{kept}");
}

#[test]
fn what_somebody_still_refers_to_lives_on() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    desk.edit("a.onrecord.json", "AK", &[format!(r#"{{"command":"delete_annotations","annotations":["{QUOTE}"]}}"#)]);
    desk.edit("b.onrecord.json", "BL", &[format!(r#"{{"command":"add_comment","on":"{QUOTE}","text":"Who is she?"}}"#)]);
    desk.run(&["merge", "", "a.onrecord.json", "b.onrecord.json", "-o", "m.onrecord.json"]);
    let merged = desk.read("m.onrecord.json");
    assert!(line(&merged, QUOTE).contains("“six more weeks.”") && line(&merged, QUOTE).contains("gone"), "{merged}");
    assert_eq!(desk.run(&["check", "m.onrecord.json"]).0, 0);
}

#[test]
fn taking_the_value_that_is_shown_settles_the_question_too() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    desk.edit("a.onrecord.json", "AK", &[note(QUOTE, "From A.")]);
    desk.edit("b.onrecord.json", "BL", &[note(QUOTE, "From B.")]);
    desk.run(&["merge", "", "a.onrecord.json", "b.onrecord.json", "-o", "m.onrecord.json"]);
    let settle = format!(r#"{{"command":"settle","kind":"annotation","record":"{QUOTE}","field":"note","value":"From A."}}"#);
    desk.edit("m.onrecord.json", "CC", &[settle]);
    desk.run(&["merge", "", "b.onrecord.json", "m.onrecord.json", "-o", "again.onrecord.json"]);
    assert!(line(&desk.read("again.onrecord.json"), QUOTE).contains(r#""note":"From A.""#));
    assert!(!line(&desk.read("again.onrecord.json"), QUOTE).contains("From B."));
}

/// A mention that AK deleted and that lives because BL linked a new quote to it; the link's id.
fn alive_by_a_link(desk: &Desk) -> String {
    desk.edit("a.onrecord.json", "AK", &[format!(r#"{{"command":"delete_annotations","annotations":["{NAMED}"]}}"#)]);
    let quote = r#"{"command":"annotate","document":"Ministry weighs delay","quote":"tender will slip","label":"quote","as":"new"}"#;
    let link = format!(r#"{{"command":"link","kind":"said_by","from":"@new","to":"{NAMED}"}}"#);
    desk.edit("b.onrecord.json", "BL", &[quote.to_owned(), link]);
    desk.run(&["merge", "", "a.onrecord.json", "b.onrecord.json", "-o", "m.onrecord.json"]);
    let merged = desk.read("m.onrecord.json");
    assert!(line(&merged, NAMED).contains("\"gone\":"), "{merged}");
    let relation = merged
        .lines()
        .find(|line| line.contains("\"said_by\"") && line.contains(&format!("\"to\":\"{NAMED}\"")) && line.contains("\"by\":"));
    let id = relation.and_then(|line| line.split('"').nth(3)).expect("the link");
    id.to_owned()
}

#[test]
fn whoever_saves_what_nobody_refers_to_any_more_wrote_it() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    let link = alive_by_a_link(&desk);
    desk.edit("m.onrecord.json", "CC", &[format!(r#"{{"command":"unlink","relation":"{link}"}}"#)]);
    let saved = desk.read("m.onrecord.json");
    for older in ["a.onrecord.json", "b.onrecord.json"] {
        desk.run(&["merge", "", "m.onrecord.json", older, "-o", "again.onrecord.json"]);
        assert_eq!(desk.read("again.onrecord.json"), saved, "{older}");
    }
}

#[test]
fn what_was_kept_outweighs_a_deletion_by_somebody_who_did_not_know() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json", "d.onrecord.json"]);
    let link = alive_by_a_link(&desk);
    let keep = format!(r#"{{"command":"settle","kind":"annotation","record":"{NAMED}","field":"gone","value":"keep"}}"#);
    desk.edit("m.onrecord.json", "CC", &[keep, format!(r#"{{"command":"unlink","relation":"{link}"}}"#)]);
    desk.edit("d.onrecord.json", "DD", &[format!(r#"{{"command":"delete_annotations","annotations":["{NAMED}"]}}"#)]);
    desk.run(&["merge", "", "m.onrecord.json", "d.onrecord.json", "-o", "again.onrecord.json"]);
    let again = desk.read("again.onrecord.json");
    assert!(line(&again, NAMED).contains("\"quote\":[\"an official with knowledge"), "{again}");
    assert!(line(&again, NAMED).contains("\"gone\":"), "and somebody decides again");
}

#[test]
fn a_purge_wins_over_what_was_written_meanwhile() {
    use onrecord::{
        formats::native,
        session::{Session, WorkEnvironment},
    };
    let desk = Desk::new(&["b.onrecord.json", "old.onrecord.json"]);
    desk.edit("old.onrecord.json", "AK", &[note(NAMED, "SECRET-OLD")]);
    desk.write("a.onrecord.json", &desk.read("old.onrecord.json"));
    desk.write("b.onrecord.json", &desk.read("old.onrecord.json"));
    let opened = native::read(desk.read("a.onrecord.json").as_bytes()).expect("a project");
    let mut session = Session::from_opened(opened, WorkEnvironment::seeded(3, None));
    session.purge(&NAMED.into()).expect("a purge");
    desk.write("a.onrecord.json", &String::from_utf8(session.to_bytes().expect("bytes")).expect("text"));
    desk.edit("b.onrecord.json", "BL", &[note(NAMED, "SECRET-NEW")]);
    for other in ["b.onrecord.json", "old.onrecord.json"] {
        desk.run(&["merge", "", "a.onrecord.json", other, "-o", "m.onrecord.json"]);
        assert!(!desk.read("m.onrecord.json").contains("SECRET"), "{other}");
    }
    // Whoever knows of the purge may write again.
    desk.edit("a.onrecord.json", "AK", &[note(NAMED, "Nothing secret.")]);
    desk.run(&["merge", "", "b.onrecord.json", "a.onrecord.json", "-o", "m.onrecord.json"]);
    assert!(line(&desk.read("m.onrecord.json"), NAMED).contains(r#""note":"Nothing secret.""#));
}

#[test]
fn joining_a_file_with_itself_changes_no_byte_in_any_layout() {
    let desk = Desk::new(&["a.onrecord.json"]);
    let loose = EXAMPLE.replace("\"version\":1", "\"version\": 1");
    for (name, content) in [("a.onrecord.json", EXAMPLE), ("loose.onrecord.json", &loose)] {
        desk.write(name, content);
        desk.run(&["merge", name, name, name, "-o", "m.onrecord.json"]);
        assert_eq!(desk.read("m.onrecord.json"), content);
        assert_eq!(desk.run(&["merge-driver", name, name, name, "7", name]).0, 0);
        assert_eq!(desk.read(name), content);
    }
}

#[test]
fn the_driver_leaves_ours_alone_when_a_side_cannot_be_read() {
    let desk = Desk::new(&["ours"]);
    let newer = EXAMPLE.replace("\"version\":1", "\"version\":2");
    let other = EXAMPLE.replace("0252f615", "1252f615");
    for (what, theirs) in
        [("empty", ""), ("cut", &EXAMPLE[..900]), ("newer", &newer), ("another project", &other), ("no JSON", "\u{1b}[2J<<<<")]
    {
        desk.write("theirs", theirs);
        let (code, out, err) = desk.run(&["merge-driver", "missing", "ours", "theirs", "7", "p.onrecord.json"]);
        assert_eq!((code, out.as_str()), (2, ""), "{what}");
        assert!(err.starts_with("onrecord: p.onrecord.json: ") && !err.contains('\u{1b}'), "{what}: {err}");
        assert_eq!(desk.read("ours"), EXAMPLE, "{what}");
    }
    assert_eq!(desk.run(&["merge-driver", "missing", "nothing here", "ours", "7", "p"]).0, 2);
}

#[test]
fn diff_tells_what_differs_and_says_so_with_its_exit_code() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    assert_eq!(desk.run(&["diff", "a.onrecord.json", "b.onrecord.json"]), (0, String::new(), String::new()));
    desk.edit(
        "b.onrecord.json",
        "BL",
        &[
            note(QUOTE, "New\\u001b[31m"),
            format!(r#"{{"command":"delete_annotations","annotations":["{NAMED}"]}}"#),
            r#"{"command":"add_source","alias":"Ada Roe","kind":"named_person"}"#.to_owned(),
        ],
    );
    let (code, out, _) = desk.run(&["diff", "a.onrecord.json", "b.onrecord.json"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!("diff", out);
    let (code, json, _) = desk.run(&["diff", "a.onrecord.json", "b.onrecord.json", "--json"]);
    let found: Vec<serde_json::Value> = serde_json::from_str(&json).expect("an array");
    assert_eq!(code, 1);
    assert_eq!(found.len(), out.lines().filter(|line| line.starts_with(['+', '~', '-'])).count());
    assert_eq!(desk.run(&["diff", "a.onrecord.json", "missing"]).0, 2);
}

#[test]
fn colleagues_are_told_who_wrote_whatever_it_was() {
    let desk = Desk::new(&["a.onrecord.json", "b.onrecord.json"]);
    desk.edit("b.onrecord.json", "NEW", &[r#"{"command":"add_source","alias":"Ben Roe","kind":"named_person"}"#.to_owned()]);
    let (_, out, _) = desk.run(&["diff", "a.onrecord.json", "b.onrecord.json"]);
    assert!(out.contains("source\tBen Roe\tby NEW"), "{out}");
}

/// Whether git is here.
fn has_git() -> bool {
    if Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(std::env::var("ONRECORD_TOOLS").as_deref() != Ok("required"), "merging by git was not tested: git is not here");
    eprintln!("merging by git was not tested: git is not here");
    false
}

/// A repository with the example and two branches, each with a note on the same annotation and one of its own.
fn repository(with_driver: bool) -> Desk {
    let desk = Desk::new(&["p.onrecord.json"]);
    assert_eq!(desk.git(&["init", "-q", "-b", "main"]).0, 0);
    for (key, value) in [("user.name", "T"), ("user.email", "t@example.invalid")] {
        desk.git(&["config", key, value]);
    }
    if with_driver {
        let (code, said, _) = desk.run(&["git-setup"]);
        assert!(code == 0 && said.contains("git config merge.onrecord.driver"), "{said}");
        assert!(desk.run(&["git-setup"]).1.contains("already"));
        // The two commands that were shown, with the program that is tested in place of the one in PATH.
        for command in said.lines().filter(|line| line.starts_with("git config")) {
            let command = command.replace("\"onrecord ", &format!("\"'{PROGRAM}' "));
            let done = desk.output("sh", &["-c", &command]);
            assert!(done.status.success(), "{command}");
        }
    }
    desk.git(&["add", "p.onrecord.json", ".gitattributes"]);
    desk.git(&["add", "p.onrecord.json"]);
    assert_eq!(desk.git(&["commit", "-qm", "start"]).0, 0);
    desk.git(&["checkout", "-qb", "theirs"]);
    desk.edit(
        "p.onrecord.json",
        "BL",
        &[note(QUOTE, "From B."), r#"{"command":"add_source","alias":"Ben Roe","kind":"named_person"}"#.to_owned()],
    );
    desk.git(&["commit", "-qam", "theirs"]);
    desk.git(&["checkout", "-q", "main"]);
    desk.edit(
        "p.onrecord.json",
        "AK",
        &[note(QUOTE, "From A."), r#"{"command":"add_source","alias":"Ada Roe","kind":"named_person"}"#.to_owned()],
    );
    desk.git(&["commit", "-qam", "ours"]);
    desk
}

fn holds_both(file: &str) -> bool {
    ["Ada Roe", "Ben Roe", "From A.", "From B."].iter().all(|words| file.contains(words)) && !file.contains("<<<<<<<")
}

#[test]
fn git_merges_with_the_driver_and_shows_lines_for_people() {
    if !has_git() {
        return;
    }
    let desk = repository(true);
    let (code, said) = desk.git(&["merge", "-q", "theirs", "-m", "both"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("decisions are needed"), "{said}");
    let merged = desk.read("p.onrecord.json");
    assert!(holds_both(&merged), "{merged}");
    assert_ne!(desk.run(&["check", "p.onrecord.json"]).0, 2);
    assert_eq!(desk.git(&["status", "--porcelain", "--", "p.onrecord.json"]).1, "");
    let (_, shown) = desk.git(&["diff", "HEAD~1", "--", "p.onrecord.json"]);
    assert!(shown.contains("+# source Ben Roe") && !shown.contains("{\"id\""), "{shown}");
    // Both sides added the file: there is no ancestor.
    let desk = Desk::new(&[]);
    desk.write(".gitattributes", "*.onrecord.json merge=onrecord\n");
    desk.git(&["init", "-q", "-b", "main"]);
    for (key, value) in [("user.name", "T"), ("user.email", "t@example.invalid")] {
        desk.git(&["config", key, value]);
    }
    desk.git(&["config", "merge.onrecord.driver", &format!("'{PROGRAM}' merge-driver %O %A %B %L %P")]);
    desk.git(&["add", ".gitattributes"]);
    desk.git(&["commit", "-qm", "start"]);
    for (branch, initials) in [("one", "AK"), ("two", "BL")] {
        desk.git(&["checkout", "-q", "-b", branch, "main"]);
        desk.write("p.onrecord.json", EXAMPLE);
        desk.edit("p.onrecord.json", initials, &[note(QUOTE, initials)]);
        desk.git(&["add", "p.onrecord.json"]);
        desk.git(&["commit", "-qm", branch]);
    }
    let (code, said) = desk.git(&["merge", "-q", "one", "-m", "both"]);
    assert_eq!(code, 0, "{said}");
    assert!(line(&desk.read("p.onrecord.json"), QUOTE).contains("conflicts"));
}

#[test]
fn a_file_full_of_markers_opens_with_both_sides_joined() {
    if !has_git() {
        return;
    }
    for style in ["merge", "diff3", "zdiff3"] {
        let desk = repository(false);
        desk.git(&["config", "merge.conflictStyle", style]);
        assert_eq!(desk.git(&["merge", "-q", "theirs"]).0, 1, "git cannot merge this by itself");
        let marked = desk.read("p.onrecord.json");
        assert!(marked.contains("<<<<<<< "));
        let opened = onrecord::formats::native::read(marked.as_bytes()).unwrap_or_else(|error| panic!("{style}: {error}\n{marked}"));
        assert!(opened.joined);
        let session = onrecord::session::Session::from_opened(opened, onrecord::session::WorkEnvironment::seeded(1, None));
        assert!(session.is_dirty(), "the join is not in the file yet");
        let joined = String::from_utf8(session.to_bytes().expect("bytes")).expect("text");
        assert!(holds_both(&joined), "{style}: {joined}");
        let (_, shown, _) = desk.run(&["show", "p.onrecord.json"]);
        assert!(shown.contains("Ada Roe") && shown.contains("Ben Roe"), "{shown}");
    }
}
