//! What was purged comes back from no undecided value, no step, no later save and no colleague's copy.

use super::{example, first, section, set, telling, written};
use onrecord::{
    edit::{Command, EditError, SourceField},
    formats::native,
    model::Key,
    session::{Session, WorkEnvironment},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

/// A source keeps the name that it has: whoever purges has read it. Every other one goes.
const ALIAS: &str = "alias";

/// Two colleagues' values of every field that holds text written by people, none of them decided.
fn undecided() -> (Value, BTreeSet<String>) {
    let mut project = example();
    let mut ids = BTreeSet::new();
    for (at, (kind, field)) in written().into_iter().enumerate() {
        let record = first(&mut project, kind);
        let values = [1, 2].map(|colleague| telling(kind, &field, &format!("Secret{at}of{colleague}Ünal")));
        if field == ALIAS {
            // Which name stays has to be decided first.
            continue;
        }
        set(record, &field, values[0].clone());
        record["v"] = json!({"bx2kjqevta": 1, "kei4iiaann": 1, "kksumnlmyt": 2});
        record["d"] = json!({"*": "kei4iiaann.1"});
        let conflicts = &mut record["conflicts"];
        if !conflicts.is_object() {
            *conflicts = json!({});
        }
        conflicts[&field] = json!([["bx2kjqevta.1", values[0]], ["kksumnlmyt.2", values[1]]]);
        ids.insert(record["id"].as_str().expect("an id").to_owned());
    }
    (project, ids)
}

fn open(project: &Value) -> Session {
    let opened = native::read(&serde_json::to_vec(project).expect("JSON")).expect("a project");
    assert!(opened.issues.is_empty(), "{:?}", opened.issues);
    Session::from_opened(opened, WorkEnvironment::seeded(3, None))
}

/// How often a file, or what is left in memory, tells a secret.
fn told(session: &Session) -> usize {
    let file = String::from_utf8(session.to_bytes().expect("bytes")).expect("text");
    format!("{file}{:?}{:?}", session.history(), session.project()).matches("Secret").count()
}

#[test]
fn a_purge_takes_every_text_and_every_undecided_one_for_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("p.onrecord.json");
    let (planted, ids) = undecided();
    let old = folder.path().join("old.onrecord.json");
    fs::write(&old, serde_json::to_vec(&planted).expect("JSON")).expect("a file");
    let mut session = open(&planted);
    let file = String::from_utf8(session.to_bytes().expect("bytes")).expect("text");
    for (at, (_, field)) in written().iter().enumerate().filter(|(_, (_, field))| field != ALIAS) {
        assert!([1, 2].iter().all(|colleague| file.contains(&format!("Secret{at}of{colleague}Ünal"))), "{field} is planted");
    }
    session.save(&path).expect("a save");
    for id in &ids {
        session.purge(&Key::from(id.as_str())).expect("a purge");
    }
    // The file is saved again and again, with and without edits, undone and made again.
    for round in 0..3 {
        session.save(&path).expect("a save");
        assert_eq!(told(&session), 0, "round {round}: {}", fs::read_to_string(&path).expect("a file"));
        assert!(!fs::read_to_string(&path).expect("a file").contains("Secret"), "round {round}");
        session.run(&Command::SetTitle { title: format!("Title {round}") }).expect("an edit");
        if round == 1 {
            session.undo();
            session.save(&path).expect("a save");
            session.redo();
        }
    }
    // Nor does a copy from before bring it back, whichever is joined to which.
    let joined = |one: &std::path::Path, other: &std::path::Path| {
        let out = folder.path().join("joined.onrecord.json");
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args([std::ffi::OsStr::new("merge"), "".as_ref(), one.as_ref(), other.as_ref(), "-o".as_ref(), out.as_ref()])
            .output()
            .expect("it runs");
        assert!(done.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&done.stderr));
        fs::read_to_string(out).expect("a file")
    };
    for both in [joined(&path, &old), joined(&old, &path)] {
        let telling: Vec<&str> = both.lines().filter(|line| line.contains("Secret")).collect();
        assert!(telling.is_empty(), "{telling:?}");
    }
}

/// Which of two names is the safe one nobody can tell; and a name that a colleague gives meanwhile is not overruled.
#[test]
fn a_purge_decides_no_name_and_overrules_none() {
    let mut open_name = example();
    let source = &mut open_name["sources"][0];
    let id = Key::from(source["id"].as_str().expect("an id"));
    source["v"] = json!({"bx2kjqevta": 1, "kei4iiaann": 1, "kksumnlmyt": 2});
    source["d"] = json!({"*": "kei4iiaann.1"});
    source["conflicts"] = json!({"alias": [["bx2kjqevta.1", "Source A"], ["kksumnlmyt.2", "Secret Ivanov"]]});
    let mut session = open(&open_name);
    let error = session.purge(&id).expect_err("undecided");
    assert!(error.to_string().contains("decide which first"), "{error}");
    let mut session = open(&example());
    let taken = session.purge(&id).expect("a purge");
    assert!(!taken.fields.contains(ALIAS), "{taken:?}");
}

#[test]
fn steps_that_were_undone_tell_nothing_and_titles_neither() {
    let mut session = open(&example());
    let annotation = example()["annotations"][0]["id"].as_str().expect("an id").to_owned();
    let source = example()["sources"][0]["id"].as_str().expect("an id").to_owned();
    let alias = |alias: &str| Command::EditSource { source: source.as_str().into(), field: SourceField::Alias, value: alias.to_owned() };
    session.run(&alias("Secret Ivanov")).expect("an edit");
    // Merging into it makes a step whose title names it and which does not change it.
    let other = session
        .run(&Command::AddSource {
            alias: "Other".to_owned(),
            kind: onrecord::model::SourceKind::Anonymous,
            role: String::new(),
            public_label: String::new(),
        })
        .expect("a source");
    let other = other.made.clone().expect("its id");
    session.run(&Command::MergeSources { source: other.into(), into: source.as_str().into() }).expect("a merge");
    session.run(&alias("Source A")).expect("an edit");
    session.run(&Command::SetNote { annotation: annotation.as_str().into(), note: "Secret Petrov".to_owned() }).expect("an edit");
    session.undo();
    assert!(told(&session) > 3 && session.history().redo_title().is_some());
    let taken = session.purge(&Key::from(source.as_str())).expect("a purge");
    assert_eq!(taken.title(), "purge alias, role of the source".replace(", ", " and "));
    let taken = session.purge(&Key::from(annotation.as_str())).expect("a purge");
    assert_eq!(taken.held.iter().map(ToString::to_string).collect::<Vec<_>>(), ["note"], "only in a step that was undone");
    assert_eq!(told(&session), 0, "{:?}", session.history());
    session.redo().expect("a step");
    assert_eq!(told(&session), 0);
    while session.undo().is_some() {
        assert_eq!(told(&session), 0);
    }
    assert_eq!(session.project().sources.get(&source.as_str().into()).expect("a source").alias, "Source A");
}

#[test]
fn only_what_people_wrote_goes() {
    let mut project = example();
    for (kind, field) in written() {
        set(first(&mut project, kind), &field, telling(kind, &field, "Secret"));
    }
    let mut session = open(&project);
    let ids: BTreeSet<String> =
        written().iter().map(|(kind, _)| first(&mut project, *kind)["id"].as_str().expect("an id").to_owned()).collect();
    for id in &ids {
        session.purge(&Key::from(id.as_str())).expect("a purge");
    }
    let after: Value = serde_json::from_slice(&session.to_bytes().expect("bytes")).expect("JSON");
    let mut expected = project.clone();
    for (kind, field) in written() {
        let record = first(&mut expected, kind);
        match (kind, field.as_str()) {
            (onrecord::model::Kind::Source, "alias") => {}
            (onrecord::model::Kind::Comment, "text") => set(record, &field, json!("(purged)")),
            (onrecord::model::Kind::Project, "checks_off") => set(record, &field, json!({"no_basis": "(purged)"})),
            (onrecord::model::Kind::Document, "revisions") => set(record, &field, json!([{"sha256": "00"}])),
            (onrecord::model::Kind::Decision, "answers") => set(record, &field, json!({"vital": {"answer": "yes"}})),
            _ => {
                if let Some(key) = field.strip_prefix("attributes.") {
                    record["attributes"].as_object_mut().expect("attributes").remove(key);
                } else {
                    record.as_object_mut().expect("a record").remove(&field);
                }
            }
        }
    }
    for kind in onrecord::model::Kind::ALL {
        let plain = |project: &Value| {
            let mut section = project[section(kind)].clone();
            let records = section.as_array_mut().map_or_else(Vec::new, std::mem::take);
            let records = if records.is_empty() { vec![section] } else { records };
            let bare = records.into_iter().map(|mut record| {
                for key in ["v", "d", "p"] {
                    record.as_object_mut().expect("a record").remove(key);
                }
                record
            });
            bare.collect::<Vec<_>>()
        };
        assert_eq!(plain(&after), plain(&expected), "{}", kind.word());
    }
    assert!(matches!(session.purge(&"nothing".into()), Err(EditError::Missing { .. })));
}

#[test]
fn purge_is_a_command_that_says_what_it_took() {
    let folder = tempfile::tempdir().expect("a folder");
    let (planted, ids) = undecided();
    fs::write(folder.path().join("p.onrecord.json"), serde_json::to_vec(&planted).expect("JSON")).expect("a file");
    let lines: Vec<String> = ids.iter().map(|id| json!({"command": "purge", "record": id}).to_string()).collect();
    fs::write(folder.path().join("c.jsonl"), lines.join("\n")).expect("a file");
    let run = |commands: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["apply", "p.onrecord.json", commands])
            .current_dir(folder.path())
            .output()
            .expect("it runs")
    };
    let done = run("c.jsonl");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(!fs::read_to_string(folder.path().join("p.onrecord.json")).expect("a file").contains("Secret"));
    assert!(said.contains("of the annotation 50d7d13f-b248-4191-bb12-1dc54e5a3a26") && said.contains("own remark"), "{said}");
    assert!(!said.contains("Secret") && said.lines().count() == ids.len(), "{said}");
    fs::write(folder.path().join("wrong.jsonl"), r#"{"command":"purge","record":"nothing"}"#).expect("a file");
    let wrong = run("wrong.jsonl");
    assert!(wrong.status.code() == Some(2) && String::from_utf8_lossy(&wrong.stderr).contains("there is no record nothing"));
}
