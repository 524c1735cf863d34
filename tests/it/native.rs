//! The project file, version 1.

use onrecord::{
    edit::Command,
    formats::native::{self, ReadError, SCHEMA},
    model::{Key, LIMITS, Limits, Person, Severity},
    session::{Session, WorkEnvironment},
    text::{Ranges, TextRange},
};
use proptest::prelude::*;

const EXAMPLE: &str = include_str!("data/example.onrecord.json");

fn person() -> Person {
    serde_json::from_str(r#"{"id":"qwb5pdkhx6","name":"AK","roles":["annotator"]}"#).expect("a person")
}

fn open(json: &str, session: &str) -> Session {
    let environment = WorkEnvironment::seeded(1, Some(person())).with_session(Some(Key::from(session)));
    Session::from_opened(native::read(json.as_bytes()).unwrap_or_else(|error| panic!("{error}")), environment)
}

fn saved(session: &mut Session) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("p.onrecord.json");
    session.save(&path).expect("a save");
    std::fs::read_to_string(path).expect("the saved file")
}

/// The line of a record.
fn line<'f>(file: &'f str, id: &str) -> &'f str {
    file.lines().find(|line| line.contains(&format!("{{\"id\":\"{id}\""))).unwrap_or("none").trim_end_matches(',')
}

#[test]
fn the_example_opens_clean_and_saves_to_the_same_bytes() {
    let opened = native::read(EXAMPLE.as_bytes()).expect("the example opens");
    assert_eq!(opened.issues, []);
    assert_eq!(saved(&mut open(EXAMPLE, "newsession")), EXAMPLE);
}

#[test]
fn the_example_and_new_projects_fit_the_schema() {
    let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let fresh = saved(&mut Session::new("Test", WorkEnvironment::seeded(1, None)));
    for file in [EXAMPLE, &fresh] {
        let json = serde_json::from_str(file).expect("JSON");
        let faults: Vec<String> = validator.iter_errors(&json).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert_eq!(faults, [""; 0]);
    }
    for (broken, good) in [("\"ranges\":[[61,\"x\"]]", "\"ranges\":[[61,100]]"), ("\"status\":\"begun\"", "\"status\":\"in_progress\"")] {
        let json = serde_json::from_str(&EXAMPLE.replace(good, broken)).expect("JSON");
        assert!(!validator.is_valid(&json), "{broken}");
    }
}

#[test]
fn a_changed_field_gets_the_dot_of_the_save_and_nothing_else_moves() {
    let mut session = open(EXAMPLE, "newsession");
    let quote = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
    session.run(&Command::SetNote { annotation: quote.into(), note: "Check.".to_owned() }).expect("a note");
    let first = saved(&mut session);
    assert!(
        line(&first, quote).ends_with(r#""v":{"kei4iiaann":1,"newsession":1},"d":{"*":"kei4iiaann.1","note":"newsession.1"}}"#),
        "{}",
        line(&first, quote)
    );
    assert_eq!(line(&first, "newsession"), r#"{"id":"newsession","person":"qwb5pdkhx6"}"#);
    let changed: Vec<_> = first.lines().filter(|line| !EXAMPLE.contains(line.trim_end_matches(','))).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert_eq!(saved(&mut session), first, "saving again changes no byte");
    session.undo();
    let second = saved(&mut session);
    assert!(line(&second, quote).ends_with(r#""d":{"*":"kei4iiaann.1","note":"newsession.2"}}"#), "{}", line(&second, quote));
}

#[test]
fn undoing_everything_and_saving_changes_no_byte() {
    let mut session = open(EXAMPLE, "newsession");
    let document = session.project().documents.iter().next().expect("a document").id.clone();
    let ranges = Ranges::one(TextRange::new(0, 8));
    let annotate = Command::Annotate {
        document: document.clone(),
        label: "quote".into(),
        ranges,
        attributes: std::collections::BTreeMap::new(),
        source: None,
        note: String::new(),
        origin: onrecord::model::Origin::Person,
    };
    session.run(&annotate).expect("an annotation");
    session.run(&Command::RemoveDocument { document }).expect("a removal");
    assert!(session.is_dirty());
    session.undo();
    session.undo();
    assert!(!session.is_dirty());
    assert_eq!(saved(&mut session), EXAMPLE);
}

#[test]
fn deciding_a_conflict_gives_the_field_one_dot() {
    let mut session = open(EXAMPLE, "newsession");
    let source = "50d7d13f-b248-4191-bb12-1dc54e5a3a26";
    let value = Some(onrecord::model::AttributeValue::Text("participant".into()));
    session.run(&Command::SetAttribute { annotation: source.into(), key: "basis".to_owned(), value }).expect("a decision");
    let file = saved(&mut session);
    let line = line(&file, source);
    assert!(line.contains(r#""basis":"participant""#) && !line.contains("conflicts"), "{line}");
    assert!(line.ends_with(r#""d":{"*":"kei4iiaann.1","attributes.basis":"newsession.1"}}"#), "{line}");
    session.undo();
    assert!(saved(&mut session).contains("conflicts"), "undo brings the open question back");
}

#[test]
fn a_deleted_annotation_keeps_its_place_and_loses_its_words() {
    let mut session = open(EXAMPLE, "newsession");
    let quote = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
    session.run(&Command::DeleteAnnotations { annotations: vec![quote.into()] }).expect("a deletion");
    let file = saved(&mut session);
    assert_eq!(
        line(&file, quote),
        r#"{"id":"b4653252-78f8-45f5-bb31-20df2f4d4c86","kind":"annotation","document":"568068b9-b52a-43ab-ad8d-194a98921396","label":"quote","text":"1bad3d984536a42c","ranges":[[133,143],[154,171]],"attributes":{"type":"direct"},"by":"qwb5pdkhx6","gone":{"kei4iiaann":1,"newsession":1},"v":{"kei4iiaann":1,"newsession":1},"d":{"*":"kei4iiaann.1","gone":"newsession.1"}}"#
    );
    let link = "f9a01fe8-4195-41fe-8e97-9cf32d1634b4";
    assert!(line(&file, link).contains(r#""kind":"relation","relation":"said_by","from":"b465"#), "{}", line(&file, link));
    session.undo();
    let file = saved(&mut session);
    assert!(line(&file, quote).ends_with(r#""v":{"kei4iiaann":1,"newsession":2},"d":{"*":"newsession.2"}}"#), "{}", line(&file, quote));
}

#[test]
fn a_record_that_no_file_held_leaves_nothing_behind() {
    let mut session = open(EXAMPLE, "newsession");
    let made = session.run(&Command::AddSource {
        alias: "Source B".to_owned(),
        kind: onrecord::model::SourceKind::Anonymous,
        role: String::new(),
        public_label: String::new(),
    });
    let id = made.expect("a source").made.clone().expect("its id");
    session.run(&Command::RemoveSource { source: id.into() }).expect("a removal");
    assert_eq!(saved(&mut session), EXAMPLE);
}

#[test]
fn a_save_that_ends_after_its_project_was_closed_touches_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.onrecord.json");
    let mut first = open(EXAMPLE, "first");
    let done = first.save_job(&path).expect("a job").run().expect("a save");
    let mut second = open(EXAMPLE, "second");
    second.run(&Command::SetTitle { title: "Other".to_owned() }).expect("a title");
    assert!(!second.saved(done));
    assert!(second.path().is_none() && second.is_dirty());
}

#[test]
fn unknown_keys_survive_at_every_level_with_their_bytes() {
    let mut odd = EXAMPLE.to_owned();
    for (known, unknown) in [
        (r#""by":"qwb5pdkhx6","v":{"bx2kjqevta":1,"kei4iiaann":1,"kksumnlmyt":2}"#, None),
        (r#""roles":["editor"],"v":{"bx2kjqevta":1}"#, Some(r#","zeta":1.50e1,"zeta2":{"a b":[1,  2]}"#)),
        (r#""on_no":"block","provenance":"AP, NYT, RTDNA""#, Some(r#","weight":{"x":null}"#)),
        (r#"{"key":"type","name":"Type","values":["direct","indirect","mixed"]"#, Some(r#","future":true"#)),
        (r#""changed":["crlf"]"#, Some(r#","tool":"x""#)),
    ] {
        odd = odd.replacen(known, &format!("{known}{}", unknown.unwrap_or("")), 1);
    }
    odd = odd.replacen("\n]\n}\n", "\n],\n\"later\":[{\"a\":1}]\n}\n", 1);
    assert!(odd.len() > EXAMPLE.len() + 90);
    assert_eq!(saved(&mut open(&odd, "newsession")), odd);
}

#[test]
fn a_newer_version_can_be_looked_at_and_not_saved() {
    let newer = EXAMPLE.replacen("\"version\":1", "\"version\":7", 1);
    let mut session = open(&newer, "newsession");
    assert_eq!(session.newer_version(), Some(7));
    assert!(session.save_job(std::path::Path::new("x")).is_err());
    let unreadable = newer.replacen("\"status\":\"in_progress\"", "\"status\":{\"is\":3}", 1);
    assert_eq!(native::read(unreadable.as_bytes()).err(), Some(ReadError::Newer { version: 7 }));
}

/// The message of the refusal.
fn why(json: &str) -> String {
    native::read(json.as_bytes()).err().map_or_else(|| "opened".to_owned(), |error| error.to_string())
}

#[test]
fn damage_is_named_with_its_place() {
    let cases = [
        (EXAMPLE.replacen("\"label\":\"quote\",\"text\"", "\"label\":\"quote\",\"label\":\"quote\",\"text\"", 1), "line 40, column"),
        (EXAMPLE.replacen("\"ranges\":[[61,100]]", "\"ranges\":[[61,-100]]", 1), "line 39, column"),
        (
            EXAMPLE.replacen("b4653252-78f8", "50d7d13f-b248", 1).replacen(
                "4191-bb12-1dc54e5a3a26\",\"document",
                "45f5-bb31-20df2f4d4c86\",\"document",
                1,
            ),
            "line 40",
        ),
        (EXAMPLE.replacen("\"persons\":[", "\"sources\":[", 1), "the key `sources` stands twice"),
        (EXAMPLE.replacen("\"kind\":\"anonymous\"", "\"kind\":\"secret\"", 1), "unknown variant `secret`"),
        (EXAMPLE.replacen("\"alias\":\"Source A\",", "", 1), "`alias` is missing in a Source"),
        (EXAMPLE.replacen("\"version\":1", "\"version\":\"one\"", 1), "line 2"),
        (EXAMPLE.replacen("\"format\":\"onrecord\"", "\"format\":\"other\"", 1), "not an Onrecord project"),
        (format!("<<<<<<< ours\n{EXAMPLE}"), "line 1: the file holds conflict markers"),
        (EXAMPLE.replacen("\"relations\":[\n", "\"relations\":[\n<<<<<<< HEAD\n", 1), "line 43: the file holds conflict markers"),
        (EXAMPLE.chars().take(3000).collect(), "the file ends in the middle"),
        (String::new(), "the file ends"),
        ("null".to_owned(), "not an Onrecord project"),
        (EXAMPLE.replacen("six more weeks.”\"],", "six more weeks.\\ud83d\"],", 1), "line 40"),
        (EXAMPLE.replacen("Ferry tender", "Ferry\0tender", 1), "line 3"),
    ];
    for (json, expected) in cases {
        let message = why(&json);
        assert!(message.contains(expected), "{message} / {expected}");
    }
    assert_eq!(native::read(b"{\"a\":\"\xff\"}").err(), Some(ReadError::NotText { line: 1 }));
}

#[test]
fn doubled_ids_are_refused() {
    let twin = line(EXAMPLE, "04a012e8-677f-4139-984a-1d3a5b8e8fb2");
    let json = EXAMPLE.replacen(twin, &format!("{twin},\n{twin}"), 1);
    assert!(why(&json).contains("the id 04a012e8-677f-4139-984a-1d3a5b8e8fb2 stands twice"), "{}", why(&json));
}

#[test]
fn limits_are_checked_before_parsing() {
    let small =
        |limits: Limits| native::read::read_within(EXAMPLE.as_bytes(), &limits).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(small(Limits { file: 100, ..LIMITS }).contains("size of the file"));
    assert!(small(Limits { nesting: 3, ..LIMITS }).contains("nesting"));
    assert!(small(Limits { string: 50, ..LIMITS }).contains("length of a string"));
    assert!(small(Limits { article: 50, ..LIMITS }).contains("size of an article"));
    assert!(small(Limits { ranges: 1, ..LIMITS }).contains("line 40: the number of ranges"));
    let deep = EXAMPLE.replacen("\"title\":\"Ferry tender\"", &format!("\"title\":\"x\",\"z\":{}{}", "[".repeat(70), "]".repeat(70)), 1);
    assert!(why(&deep).contains("line 3: nesting is over the limit of 64"));
    let unknown = EXAMPLE.replacen("\"title\":\"Ferry tender\"", &format!("\"title\":\"x\",\"z\":\"{}\"", "z".repeat(17 << 20)), 1);
    assert!(why(&unknown).contains("unknown content"));
}

#[test]
fn wrong_places_open_and_are_shown() {
    let rule = |good: &str, bad: &str| -> Vec<&'static str> {
        let opened = native::read(EXAMPLE.replacen(good, bad, 1).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        opened.issues.iter().filter(|issue| issue.severity == Severity::Fault).map(|issue| issue.rule).collect()
    };
    assert_eq!(rule("[[61,100]]", "[[61,101]]"), ["quote_differs"]);
    assert_eq!(rule("[[61,100]]", "[[61,9999]]"), ["unplaced"]);
    assert_eq!(rule("[[61,100]]", "[[100,61]]"), ["unplaced"]);
    assert_eq!(rule("[[61,100]]", "[]"), ["unplaced"]);
    assert_eq!(rule("[[133,143],[154,171]]", "[[154,171],[133,143]]"), ["unplaced"]);
    assert_eq!(rule("The ferry tender", "The ferry tenders"), ["text_changed", "quote_differs", "quote_differs"]);
    assert_eq!(rule("\"label\":\"quote\",\"text\"", "\"label\":\"shout\",\"text\""), ["unknown_label"]);
    assert_eq!(rule("\"source\":\"d18a669a", "\"source\":\"e18a669a"), ["missing_source"]);
    assert_eq!(rule("\"from\":\"b4653252", "\"from\":\"c4653252"), ["missing_end"]);
    assert_eq!(rule("[0,21]", "[0,2100]"), ["unplaced"]);
    assert_eq!(rule("\"text\":\"1bad3d984536a42c\",\"ranges\":[[61", "\"text\":\"2bad3d984536a42c\",\"ranges\":[[61"), ["missing_text"]);
}

#[test]
fn records_named_by_nobody_are_found() {
    let mut lines: Vec<&str> = EXAMPLE.lines().collect();
    lines.retain(|line| !line.starts_with("{\"id\":\"568068b9"));
    let json = lines.join("\n").replacen("\"documents\":[\n],", "", 1);
    let opened = native::read(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert!(opened.issues.iter().any(|issue| issue.rule == "missing_document"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::scale(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_file_gives_an_error_or_opens_and_never_crashes(at in 0..EXAMPLE.len(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(opened) = native::read(&bytes) {
            let environment = WorkEnvironment::seeded(1, None);
            let mut session = Session::from_opened(opened, environment);
            if session.newer_version().is_none() {
                let written = saved(&mut session);
                let again = native::read(written.as_bytes());
                prop_assert!(again.is_ok(), "{:?}", again.err());
            }
        }
    }
}
