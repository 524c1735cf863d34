//! Imports into a project: mapping, unplaced annotations, what is there already, one step of undo, and the command line.

use super::{read, samples};
use onrecord::{
    edit::Command,
    formats::{
        exchange::adopt::{Mapping, Target},
        named,
    },
    session::{Session, WorkEnvironment},
    text::Ranges,
};
use std::{fs, path::Path, process};

fn session() -> Session {
    Session::new("Import", WorkEnvironment::seeded(2, None))
}

fn draft(session: &Session, format: &str, name: &str, content: &str) -> onrecord::formats::convert::Draft {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    let draft = read(session.project(), &folder.path().join(name), named(format).unwrap()).unwrap();
    assert!(draft.failed.is_empty(), "{:?}", draft.failed);
    draft
}

const LINES: &str = concat!(
    r#"{"id":"one","title":"Ferry","text":"The tender will slip, an official said.","spans":["#,
    r#"{"id":"a","start":0,"end":20,"label":"CLAIM","text":"The tender will slip"},"#,
    r#"{"id":"b","start":22,"end":33,"label":"Anonymous-Source","text":"an official"},"#,
    r#"{"id":"c","start":34,"end":38,"label":"cue 👍","text":"says"},"#,
    r#"{"id":"d","start":0,"end":3,"label":"DET","text":"The"}],"#,
    r#""relations":[{"from":"a","to":"b","label":"Supported by"},{"from":"a","to":"d","label":"has"},{"from":"a","to":"zz","label":"has"}]}"#,
    "\n"
);

#[test]
fn foreign_labels_are_mapped_unplaced_ones_stay_and_undo_is_one_step() {
    let mut session = session();
    let before = session.project().clone();
    let draft = draft(&session, "jsonl", "a.jsonl", LINES);
    assert_eq!(
        draft.verified.lines(),
        [
            "Offsets count Unicode characters.",
            "3 of 4 annotations agree with the words that the file quotes.",
            "1 annotation is unplaced: it keeps its words, and the issues list it.",
        ]
    );
    assert_eq!(draft.verified.unplaced[0].why, "other words stand at its offsets");
    let mut mapping = Mapping::suggest(session.project(), &draft.seen);
    assert_eq!(mapping.labels["CLAIM"], Target::Known("claim".to_owned()));
    assert_eq!(mapping.labels["Anonymous-Source"], Target::Known("anonymous_source".to_owned()));
    assert_eq!(mapping.labels["cue 👍"], Target::New("cue 👍".to_owned()));
    assert_eq!(mapping.kinds["Supported by"], Target::Known("supported_by".to_owned()));
    mapping.apply_file(session.project(), r#"{"labels":{"DET":null,"cue 👍":"Cue words"},"links":{"has":"Has"}}"#).unwrap();
    assert!(mapping.clone().apply_file(session.project(), r#"{"lables":{}}"#).unwrap_err().contains("unknown field"));
    let adopted = draft.adopt(session.project(), &mapping);
    assert_eq!(adopted.left_out, ["Left out with their labels: 1 annotation.", "Left out, since an end is not there: 2 links."]);
    let done = session.run(&Command::Import { import: Box::new(adopted.import) }).unwrap();
    assert_eq!(done.title, "import 1 article with 3 annotations");
    let project = session.project();
    let said: Vec<String> = project.annotations.iter().map(|one| format!("{} {} {}", one.label, one.ranges.len(), one.excerpt())).collect();
    assert_eq!(said.len(), 3);
    assert!(said.contains(&"cue_words 0 says".to_owned()), "{said:?}");
    assert_eq!(project.labels.get(&"cue_words".into()).unwrap().name, "Cue words");
    // The unplaced one is an issue with a way to mend it, and the file holds it.
    assert!(session.issues().iter().any(|issue| issue.rule == "unplaced"), "{:?}", session.issues());
    let bytes = session.to_bytes().unwrap();
    let opened = onrecord::formats::native::read(&bytes).unwrap().project;
    assert_eq!(opened.annotations.iter().filter(|one| one.ranges == Ranges::default()).count(), 1);
    session.undo().unwrap();
    assert_eq!(*session.project(), before);
    session.redo().unwrap();
    assert_eq!(session.project().annotations.len(), 3);
}

/// What our label does not ask for, and values that its list does not have, stay readable in the note; so does a speaker.
#[test]
fn attributes_that_do_not_fit_go_to_the_note() {
    let mut session = session();
    let region = |from: &str, kind: &str, key: &str, value: &str| {
        format!(
            r#"{{"id":"a","from_name":"{from}","to_name":"t","type":"{kind}","value":{{"start":0,"end":3,"text":"six","{key}":["{value}"]}}}}"#
        )
    };
    let regions = [
        region("l", "labels", "labels", "claim"),
        region("kind", "choices", "choices", "fact"),
        region("voice", "choices", "choices", "whisper"),
        region("colour", "choices", "choices", "red"),
        region("note", "textarea", "text", "First."),
    ];
    let tasks = format!(r#"[{{"data":{{"text":"six weeks"}},"annotations":[{{"result":[{}]}}]}}]"#, regions.join(","));
    let draft = draft(&session, "label-studio", "a.json", &tasks);
    super::bring(&mut session, draft);
    let claim = session.project().annotations.iter().next().unwrap();
    assert_eq!((claim.value("kind"), claim.value("voice"), claim.note.as_str()), ("fact", "", "First.\ncolour: red\nvoice: whisper"));
}

#[test]
fn the_same_file_twice_adds_nothing_and_a_changed_one_changes() {
    let mut session = session();
    for _ in 0..2 {
        let draft = draft(&session, "jsonl", "a.jsonl", LINES);
        super::bring(&mut session, draft);
    }
    // The unplaced one has neither place nor id to be known by.
    assert_eq!((session.project().documents.len(), session.project().annotations.len()), (1, 5));
    let (_, project) = samples().into_iter().find(|(name, _)| name == "example").unwrap();
    let mut home = super::with_labels_of(&project);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let brat = named("brat").unwrap();
    super::export(&project, onrecord::formats::profile::Profile::Full, brat, &path).unwrap();
    let draft = read(home.project(), &path, brat).unwrap();
    super::bring(&mut home, draft);
    // In brat somebody moves an end, writes a note, deletes one and adds one.
    let ann = fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "ann"))
        .unwrap();
    let lines = fs::read_to_string(&ann).unwrap();
    assert!(lines.contains("T1\tanonymous_source 61 100\tan official with knowledge of the talks"), "{lines}");
    let changed =
        lines.replace("T1\tanonymous_source 61 100\tan official with knowledge of the talks", "T1\tanonymous_source 61 72\tan official");
    fs::write(&ann, changed + "#9\tAnnotatorNotes T1\tFrom brat\nT9\tquote 0 8\tMinistry\n").unwrap();
    let count = home.project().annotations.len();
    let draft = read(home.project(), &path, brat).unwrap();
    super::bring(&mut home, draft);
    let moved = home.project().annotations.iter().find(|one| one.label.to_string() == "anonymous_source").unwrap();
    assert_eq!((moved.excerpt().as_str(), moved.note.as_str(), moved.value("number")), ("an official", "From brat", "one"));
    assert!(moved.source.is_some());
    assert_eq!(home.project().annotations.len(), count + 1);
}

fn onrecord(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let out = process::Command::new(env!("CARGO_BIN_EXE_onrecord")).current_dir(folder).args(arguments).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (out.status.code().unwrap(), said)
}

#[test]
fn the_command_line_converts_folders_patterns_and_projects() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    for at in 0..5 {
        write(&format!("pages/{at}.html"), &format!("<html><title>Page {at}</title><body><p>Words of page {at}.</p></body></html>"));
    }
    write("pages/broken.docx", "no");
    write("a.jsonl", LINES);
    write("map.json", r#"{"labels":{"DET":null}}"#);
    // A pattern into a project; the same again is refused, since a project is never replaced.
    let (code, said) = onrecord(folder.path(), &["convert", "pages/*.html", "-o", "pages.onrecord.json", "--seed", "1"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("import 5 articles"), "{said}");
    let (code, said) = onrecord(folder.path(), &["convert", "pages/*.html", "-o", "pages.onrecord.json"]);
    assert_eq!((code, said.contains("is there already")), (2, true), "{said}");
    // A folder with one broken file: the rest is written, the failure told.
    let (code, said) = onrecord(folder.path(), &["convert", "pages", "-o", "out.jsonl"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("broken.docx: no Word document") && said.contains("wrote 5 articles with 0 annotations"), "{said}");
    // Into a project, with a map; unplaced ones are told and make a finding.
    let (code, said) = onrecord(folder.path(), &["convert", "a.jsonl", "--into", "pages.onrecord.json", "--map", "map.json", "--as", "AK"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("unplaced in Ferry: cue 👍 “says” at 34–38: other words stand at its offsets"), "{said}");
    assert!(said.contains("import 1 article with 3 annotations"), "{said}");
    // From one foreign format to another, and the losses beforehand.
    let (code, said) = onrecord(folder.path(), &["convert", "a.jsonl", "-o", "brat", "--to", "brat"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("Ids of ")
            && folder.path().join("brat/annotation.conf").exists()
            && folder.path().join("brat/EXPORT-NOTES.md").exists(),
        "{said}"
    );
    let (code, said) = onrecord(folder.path(), &["convert", "pages.onrecord.json", "-o", "one.html", "--document", "Ferry"]);
    assert_eq!(code, 0, "{said}");
    // The one that is nowhere in the article stays in, and that is said.
    assert!(said.contains("wrote 1 article with 2 annotations"), "{said}");
    assert!(said.contains("1 annotation without a place: held back"), "{said}");
    for (arguments, words) in [
        (&["convert", "a.jsonl", "-o", "a.xyz"][..], "does not tell the format"),
        (&["convert", "a.jsonl", "-o", "a.jsonl"], "the output is one of the inputs"),
        (&["convert", "a.jsonl", "-o", "x.html", "--from", "nope"], "there is no format \"nope\""),
        (&["convert", "nothing*", "-o", "x.html"], "nothing is called nothing*"),
        (&["convert", "none.txt", "-o", "x.html"], "there is no such file or folder"),
        (&["convert", "a.jsonl", "-o", "brat", "--to", "brat"], "not an empty folder"),
        (&["convert", "a.jsonl", "-o", "pages.onrecord.json", "--to", "html"], "a project is not written over"),
        (&["convert", "a.jsonl", "-o", "x.pdf", "--to", "pdf"], "is not written"),
    ] {
        let (code, said) = onrecord(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains(folder.path().to_str().unwrap()), "{said}");
    }
}

#[test]
fn the_list_of_formats_is_that_of_the_program_and_of_readme() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = onrecord(folder.path(), &["formats", "--json"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let names: Vec<&str> = json.as_array().unwrap().iter().map(|format| format["name"].as_str().unwrap()).collect();
    let all: Vec<&str> = super::FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names, all);
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, help) = onrecord(folder.path(), &["convert", "--help"]);
    for format in super::FORMATS {
        let row = format!("| {} | `{}` |", format.title, format.name);
        assert!(readme.contains(&row), "README has no row {row}");
        assert!(help.contains(format.title), "--help does not name {}", format.title);
    }
}

/// Output does not depend on how many threads encode it.
#[test]
fn output_is_the_same_on_one_thread_and_on_many() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String =
        (0..300).map(|at| LINES.replace("\"one\"", &format!("\"doc {at}\"")).replace("Ferry", &format!("Ferry {at}"))).collect();
    fs::write(folder.path().join("many.jsonl"), lines).unwrap();
    let run = |threads: &str, out: &str| {
        let done = process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", threads)
            .args(["convert", "many.jsonl", "-o", out, "--to", "brat", "--seed", "1"])
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
        fs::read(folder.path().join(out)).unwrap()
    };
    assert!(run("1", "one.zip") == run("4", "four.zip"));
}
