//! Every command of the list, run in one session: each can be undone and done again, and comes back from the journal after a crash.

use onrecord::{
    edit::{Change, Command},
    formats::native,
    model::Person,
    session::{Recorder, Session, WorkEnvironment, recover},
    store::journal,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

const EXAMPLE: &str = include_str!("data/example.onrecord.json");
/// The quote of the example, and its mention with an open question.
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
const MENTION: &str = "50d7d13f-b248-4191-bb12-1dc54e5a3a26";
const TEXT: &str = "“We need,” she said, “six weeks.” An official agreed. The union did not.\n";

/// The commands in an order in which each has something to do: name, the name by which later ones call what it makes, fields.
fn script() -> Vec<(&'static str, &'static str, Value)> {
    // The example has two labels only.
    let news: Value = serde_json::from_str(include_str!("../../assets/labels/news.json")).unwrap();
    let colour = json!({"light": "#5A4FCF", "dark": "#A9A2F5"});
    vec![
        ("introduce_myself", "", json!({})),
        ("import", "", json!({"import": {"labels": news["labels"], "relation_kinds": news["relation_kinds"], "documents": []}})),
        ("settle", "", json!({"kind": "annotation", "record": MENTION, "field": "attributes.basis", "value": "briefed"})),
        ("repair_quote", "", json!({"annotation": QUOTE, "to": "words"})),
        ("add_document", "d1", json!({"title": "One", "content": TEXT})),
        ("add_document", "d2", json!({"title": "Two", "content": "Old words.\n"})),
        ("replace_text", "", json!({"document": "@d2", "content": "New words.\n"})),
        ("set_document", "", json!({"document": "@d1", "field": "outlet", "value": "Harbour News"})),
        ("annotate", "q1", json!({"document": "@d1", "label": "quote", "ranges": [[0, 10]]})),
        ("annotate", "a1", json!({"document": "@d1", "label": "attribution", "ranges": [[11, 19]]})),
        ("annotate", "m1", json!({"document": "@d1", "label": "anonymous_source", "ranges": [[34, 45]]})),
        ("annotate_all", "", json!({"label": "claim", "places": [{"document": "@d1", "ranges": [[34, 52]]}]})),
        (
            "mark_together",
            "",
            json!({"document": "@d1", "marks": [{"new": {"label": "claim", "ranges": [[54, 71]]}}, {"new": {"label": "attribution", "ranges": [[54, 63]]}}],
                "links": [{"kind": "attributed_via", "from": 0, "to": 1}], "speaker": {"new": {"alias": "Union", "kind": "organisation"}}}),
        ),
        ("set_ranges", "", json!({"annotation": "@q1", "ranges": [[1, 9]]})),
        ("add_range", "", json!({"annotation": "@q1", "range": [21, 33]})),
        ("remove_range", "", json!({"annotation": "@q1", "range": [21, 26]})),
        ("set_attribute", "", json!({"annotation": "@q1", "key": "type", "value": "direct"})),
        ("set_note", "", json!({"annotation": "@q1", "note": "Check the date."})),
        ("add_source", "s1", json!({"alias": "Source B", "kind": "anonymous"})),
        ("set_source", "", json!({"annotation": "@m1", "source": "@s1"})),
        ("edit_source", "", json!({"source": "@s1", "field": "role", "value": "official"})),
        ("set_source", "", json!({"annotation": "@a1", "source": "@s1"})),
        ("split_source", "s2", json!({"source": "@s1", "annotations": ["@a1"], "alias": "Source C"})),
        ("merge_sources", "", json!({"source": "@s2", "into": "@s1"})),
        ("link", "l1", json!({"kind": "attributed_via", "from": "@q1", "to": "@a1"})),
        ("unlink", "", json!({"relation": "@l1"})),
        ("omit", "o1", json!({"document": "@d1", "ranges": [[46, 52]], "why": "navigation"})),
        ("remove_omission", "", json!({"omission": "@o1"})),
        ("set_title", "", json!({"title": "Everything"})),
        ("set_guidelines", "", json!({"guidelines": ["Mark every unnamed source.", "And every claim."]})),
        ("define_label", "", json!({"label": {"id": "headline", "place": 50, "name": "Headline", "colour": colour, "pattern": "double"}})),
        ("remove_label", "", json!({"label": "headline"})),
        ("define_relation_kind", "", json!({"relation_kind": {"id": "answers", "name": "answers", "from": ["quote"], "to": ["quote"]}})),
        ("remove_relation_kind", "", json!({"relation_kind": "answers"})),
        (
            "adopt_policy",
            "",
            json!({"policy": {"id": "own.1", "name": "Own", "items": [{"key": "vital", "text": "Vital", "on_no": "block"}]}}),
        ),
        (
            "decide",
            "",
            json!({"document": "@d1", "source": "@s1", "to": "needs_work", "answers": {"vital": {"answer": "yes"}}, "note": "Ask again."}),
        ),
        ("add_comment", "k1", json!({"on": "@q1", "text": "Is this her own word?"})),
        ("resolve_comment", "", json!({"comment": "@k1", "resolved": true})),
        ("switch_check", "", json!({"rule": "verdict_cue", "off_because": "House style allows it."})),
        (
            "import",
            "",
            json!({"import": {"documents": [{"title": "Three", "content": "The tender will slip.\n", "annotations": [{"label": "claim", "ranges": [[0, 20]], "quote": ["The tender will slip"]}], "omissions": [{"ranges": [[20, 21]], "why": "sign"}]}]}}),
        ),
        ("purge", "", json!({"record": "@q1"})),
        ("relabel", "", json!({"annotation": "@q1", "label": "claim"})),
        ("delete_annotations", "", json!({"annotations": ["@q1"]})),
        ("add_source", "s3", json!({"alias": "Nobody", "kind": "leak"})),
        ("remove_source", "", json!({"source": "@s3"})),
        ("remove_document", "", json!({"document": "@d2"})),
    ]
}

/// The name of a change as the enum has it.
fn name_of(change: &Change) -> String {
    format!("{change:?}").split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[test]
fn every_command_is_undone_done_again_and_journalled() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("p.onrecord.json");
    // The quote stands one letter beside its place, so that there is something to repair.
    fs::write(&path, EXAMPLE.replacen("[[133,143],[154,171]]", "[[132,142],[154,171]]", 1)).unwrap();
    let mut session = Session::open(&path, WorkEnvironment::seeded(1, None)).unwrap();
    session.set_person(Some(Person {
        id: "me".into(),
        name: "MK".to_owned(),
        roles: vec!["editor".to_owned()],
        conflicts: onrecord::model::Conflicts::default(),
        extra: onrecord::model::Extra::default(),
    }));
    let mut recorder = Recorder::begin(folder.path(), &"s".into(), session.begin_journal()).unwrap();
    let (mut made, mut names, mut kinds) = (Vec::<(String, String)>::new(), BTreeSet::new(), BTreeSet::new());
    for (name, call, fields) in script() {
        let mut fields = fields.to_string();
        for (call, id) in &made {
            fields = fields.replace(&format!("\"@{call}\""), &format!("\"{id}\""));
        }
        let command: Command = serde_json::from_str(&format!("{{\"{name}\":{fields}}}")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let before = session.project().clone();
        let done = session.run(&command).unwrap_or_else(|error| panic!("{name}: {error}"));
        let after = session.project().clone();
        assert!(after != before, "{name} changes something");
        if !call.is_empty() {
            made.push((call.to_owned(), done.made.as_ref().unwrap_or_else(|| panic!("{name} makes something")).to_string()));
        }
        kinds.extend(done.changes.iter().map(name_of));
        if name == "purge" {
            // No step of undo: the journal begins anew, without what was purged.
            assert!(done.changes.is_empty());
            recorder = Recorder::begin(folder.path(), &"s".into(), session.begin_journal()).unwrap();
        } else {
            session.undo().unwrap();
            assert!(*session.project() == before, "{name} is undone");
            session.redo().unwrap();
            assert!(*session.project() == after, "{name} is done again");
        }
        recorder.record(&session.take_steps()).unwrap();
        // A crash right here: what is on the disk, joined with the journal.
        let bytes = fs::read(journal::folder(folder.path()).join("s.log")).unwrap();
        let recovered = recover(&bytes, &"fresh".into()).unwrap_or_else(|| panic!("{name}: a journal"));
        let disk = native::read(&fs::read(&path).unwrap()).unwrap().ledger;
        let back = onrecord::merge::join(&disk, &recovered.ledger).unwrap().base;
        let file = |project: &onrecord::model::Project| {
            String::from_utf8(native::write(&onrecord::merge::Ledger::new(project.clone())).unwrap()).unwrap()
        };
        assert_eq!(file(&back), file(session.project()), "{name} comes back after a crash");
        names.insert(name);
    }
    let listed: BTreeSet<&str> = Command::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "every command of the list");
    // Every kind of change that there is, read from the enum itself.
    let source = include_str!("../../src/edit/change.rs");
    let body = source.split("pub enum Change {").nth(1).unwrap().split('}').collect::<Vec<_>>();
    let all: BTreeSet<String> = body[..2]
        .join("")
        .lines()
        .filter_map(|line| line.trim().split(['(', ' ']).next().filter(|word| word.starts_with(char::is_uppercase)).map(str::to_owned))
        .collect();
    assert!(all.len() >= 13, "{all:?}");
    assert_eq!(kinds, all, "every kind of change was journalled");
}
