//! Undo among colleagues: it takes back what one did oneself, and nothing of what others saved. And what a deletion takes away stays away.

use onrecord::{
    edit::Command,
    formats::native,
    merge::{Ledger, join},
    model::{Annotation, Comment, Id, Key, Kind, Person, RawJson, Source, SourceKind, fields, text_record::sha256_hex},
    session::{Session, WorkEnvironment},
};
use std::{fs, sync::Arc};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("data/example.onrecord.json");
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";
const NAMED: &str = "50d7d13f-b248-4191-bb12-1dc54e5a3a26";
const SOURCE: &str = "d18a669a-5af8-4e6b-8f59-672710e6d8e6";
const COMMENT: &str = "04a012e8-677f-4139-984a-1d3a5b8e8fb2";

fn open(bytes: &[u8], key: &str) -> Session {
    Session::from_opened(native::read(bytes).unwrap(), WorkEnvironment::seeded(1, None).with_session(Some(key.into())))
}

fn note(of: &str, words: &str) -> Command {
    Command::SetNote { annotation: of.into(), note: words.to_owned() }
}

fn add_source(alias: &str) -> Command {
    Command::AddSource { alias: alias.to_owned(), kind: SourceKind::NamedPerson, role: String::new(), public_label: String::new() }
}

/// A copy as a colleague saved it.
fn copy(of: &[u8], key: &str, commands: &[Command]) -> Vec<u8> {
    let mut session = open(of, key);
    for command in commands {
        session.run(command).unwrap();
    }
    session.to_bytes().unwrap()
}

fn ledger(bytes: &[u8]) -> Ledger {
    native::read(bytes).unwrap().ledger
}

/// What a colleague saved comes in by itself.
fn look(session: &mut Session, bytes: &[u8]) {
    let theirs = Arc::new(ledger(bytes));
    let merged = session.merge_job().run(&theirs, "what colleagues saved").unwrap();
    session.take_merge(merged, Some((&theirs, &sha256_hex(bytes)))).unwrap();
}

/// The user merges a copy.
fn merge(session: &mut Session, bytes: &[u8]) {
    let merged = session.merge_job().run(&ledger(bytes), "a copy").unwrap();
    session.take_merge(merged, None).unwrap();
}

fn save(session: &mut Session) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("p.onrecord.json");
    let saved = session.save_job(&path).unwrap().anew().run().unwrap();
    assert!(session.saved(saved));
    fs::read(&path).unwrap()
}

fn annotation<'s>(session: &'s Session, id: &str) -> &'s Annotation {
    session.project().annotations.get(&id.into()).unwrap()
}

/// Whether nothing is deleted that the example still had.
fn deletes_nothing(file: &[u8]) -> bool {
    ledger(file).deleted == ledger(EXAMPLE.as_bytes()).deleted
}

fn joined(one: &[u8], other: &[u8]) -> Vec<u8> {
    native::write(&join(&ledger(one), &ledger(other)).unwrap()).unwrap()
}

#[test]
fn what_came_in_by_itself_is_no_step_and_stays_when_mine_is_taken_back() {
    let mut session = open(EXAMPLE.as_bytes(), "mine");
    session.run(&note(QUOTE, "Mine.")).unwrap();
    session.run(&note(NAMED, "Mine too.")).unwrap();
    let relabel = Command::SetAttribute { annotation: QUOTE.into(), key: "fidelity".to_owned(), value: None };
    let theirs = copy(EXAMPLE.as_bytes(), "theirs", &[add_source("Ben Roe"), relabel, Command::SetTitle { title: "Theirs".to_owned() }]);
    look(&mut session, &theirs);
    assert_eq!(session.history().undo_title(), Some("write a note"));
    session.undo();
    session.undo();
    assert_eq!((annotation(&session, QUOTE).note.as_str(), session.project().info.title.as_str()), ("", "Theirs"));
    assert!(session.undo().is_none(), "what came in is no step");
    let file = save(&mut session);
    assert_eq!(annotation(&session, QUOTE).value("fidelity"), "", "a colleague's change of another field stays");
    assert!(deletes_nothing(&file), "nobody's record was deleted");
    // Made again, the note is back, and the colleague's work still there.
    session.redo();
    session.redo();
    assert!(annotation(&session, QUOTE).note == "Mine." && annotation(&session, QUOTE).value("fidelity").is_empty());
}

#[test]
fn undo_leaves_what_others_wrote_over_it_changed_or_refer_to() {
    let mut session = open(EXAMPLE.as_bytes(), "mine");
    session.run(&note(QUOTE, "Mine.")).unwrap();
    let made = session.run(&add_source("Ada Roe")).unwrap().made.clone().unwrap();
    let commented = session.run(&add_source("Cy Roe")).unwrap().made.clone().unwrap();
    let mine = save(&mut session);
    let role = Command::EditSource { source: made.clone().into(), field: onrecord::edit::SourceField::Role, value: "pilot".to_owned() };
    let comment = Command::AddComment { on: commented.clone(), text: "Who?".to_owned() };
    let theirs = copy(&mine, "theirs", &[note(QUOTE, "Theirs."), role, comment]);
    look(&mut session, &theirs);
    for _ in 0..3 {
        session.undo().unwrap();
    }
    assert_eq!(annotation(&session, QUOTE).note, "Theirs.");
    assert!(session.project().sources.contains(&Id::from(made)), "a colleague changed it");
    assert!(session.project().sources.contains(&Id::from(commented)), "a colleague remarked on it");
    let file = save(&mut session);
    assert!(deletes_nothing(&file));
    assert_eq!(joined(&file, &theirs), file, "nothing of theirs is missing");
}

#[test]
fn an_asked_for_merge_is_taken_back_until_it_is_saved() {
    let theirs = copy(EXAMPLE.as_bytes(), "theirs", &[add_source("Ben Roe"), note(QUOTE, "Theirs.")]);
    let mut session = open(EXAMPLE.as_bytes(), "mine");
    session.run(&note(NAMED, "Mine.")).unwrap();
    merge(&mut session, &theirs);
    session.undo();
    assert_eq!((annotation(&session, QUOTE).note.as_str(), annotation(&session, NAMED).note.as_str()), ("", "Mine."));
    let file = save(&mut session);
    assert!(deletes_nothing(&file) && !String::from_utf8_lossy(&file).contains("Ben Roe"), "no trace of what was not wanted");
    let later = joined(&file, &theirs);
    assert!(String::from_utf8_lossy(&later).contains("Ben Roe") && String::from_utf8_lossy(&later).contains("Theirs."));
    // Merged and saved, it stays.
    merge(&mut session, &theirs);
    let file = save(&mut session);
    assert_eq!(session.history().undo_title(), Some("write a note"));
    session.undo();
    assert_eq!(annotation(&session, QUOTE).note, "Theirs.");
    assert_eq!(joined(&save(&mut session), &theirs), save(&mut session));
    assert!(deletes_nothing(&file));
}

#[test]
fn a_used_source_that_somebody_deletes_lives_without_its_name_which_no_older_copy_brings_back() {
    let unnamed = Command::AddSource {
        alias: "Source Q".to_owned(),
        kind: SourceKind::Anonymous,
        role: "aide".to_owned(),
        public_label: String::new(),
    };
    let base = copy(EXAMPLE.as_bytes(), "base", &[unnamed, add_source("Ben Roe")]);
    let id = |alias: &str| ledger(&base).base.sources.iter().find(|source| source.alias == alias).unwrap().id.clone();
    let (source, other) = (id("Source Q"), id("Ben Roe"));
    let used = copy(&base, "used", &[Command::SetSource { annotation: NAMED.into(), source: Some(source.clone()) }]);
    let removed = copy(&base, "removed", &[Command::RemoveSource { source: source.clone() }]);
    let merged = copy(&base, "merged", &[Command::MergeSources { source: source.clone(), into: other }]);
    let alias = Command::EditSource { source: source.clone(), field: onrecord::edit::SourceField::Alias, value: "Source Z".to_owned() };
    let of = |bytes: &[u8]| Source::clone(ledger(bytes).base.sources.get(&source).unwrap());
    for deleted in [removed, merged] {
        let both = joined(&deleted, &used);
        let found = of(&both);
        assert_eq!((found.alias.as_str(), found.role.as_str()), ("Source (name deleted)", ""));
        assert!(found.conflicts.get(fields::GONE).is_some() && found.conflicts.get("alias").is_none());
        for own in [&deleted, &used, &base] {
            assert_eq!(joined(&both, own), both, "an input or an older copy adds nothing");
        }
        assert_eq!(joined(&joined(&deleted, &base), &used), joined(&joined(&deleted, &used), &base));
        // A name that was given unknown to whoever deleted it is new, and somebody decides.
        assert_eq!(of(&joined(&deleted, &copy(&base, "renamed", std::slice::from_ref(&alias)))).alias, "Source Z");
        // And one that is given afterwards stays.
        let named = copy(&both, "named", std::slice::from_ref(&alias));
        assert_eq!(joined(&named, &both), named);
        assert_eq!(of(&joined(&named, &base)).alias, "Source Z");
    }
}

#[test]
fn a_resolved_comment_that_went_with_its_annotation_has_no_words_left() {
    let base = EXAMPLE.as_bytes();
    let deleted = copy(base, "deleted", &[Command::DeleteAnnotations { annotations: vec![NAMED.into()] }]);
    let resolved = copy(base, "resolved", &[Command::ResolveComment { comment: COMMENT.into(), resolved: true }]);
    let both = joined(&deleted, &resolved);
    assert_eq!(ledger(&both).base.comments.get(&Id::<Comment>::from(COMMENT)).unwrap().text, "(deleted)");
    for own in [&deleted, &resolved, &base.to_vec()] {
        assert_eq!(joined(&both, own), both);
    }
}

#[test]
fn empty_names_of_older_versions_are_no_values() {
    let broken = EXAMPLE.replace(r#""alias":"Source A""#, r#""alias":"""#);
    let both = joined(broken.as_bytes(), EXAMPLE.as_bytes());
    let sources = ledger(&both).base.sources;
    let source = sources.get(&Id::<Source>::from(SOURCE)).unwrap();
    assert_eq!((source.alias.as_str(), source.conflicts.is_empty()), ("Source (name deleted)", true));
}

#[test]
fn a_hand_edit_that_kept_its_stamp_is_decided_by_whoever_decides() {
    let edited = EXAMPLE.replace("One person or two?", "One or more?");
    let both = joined(EXAMPLE.as_bytes(), edited.as_bytes());
    let person: Person = serde_json::from_str(r#"{"id":"dd","name":"DD","roles":[]}"#).unwrap();
    let environment = WorkEnvironment::seeded(1, Some(person)).with_session(Some("decides".into()));
    let mut session = Session::from_opened(native::read(&both).unwrap(), environment);
    let value = RawJson::from_value(&"One or more?").unwrap();
    let settle = Command::Settle { kind: Kind::Comment, record: COMMENT.into(), field: "text".to_owned(), value: Some(value) };
    session.run(&settle).unwrap();
    let decided = ledger(&save(&mut session));
    let key = Key::from(COMMENT);
    let dots = decided.stamps[&(Kind::Comment, key)].dots_of("text").unwrap();
    assert!(dots.0.iter().all(|dot| dot.session == "decides".into()), "{dots:?}");
    assert_eq!(decided.sessions[&Key::from("decides")].person, Some("dd".into()));
    assert!(decided.base.comments.get(&COMMENT.into()).unwrap().conflicts.is_empty());
    // Neither side brings the question back.
    for side in [EXAMPLE, edited.as_str()] {
        assert_eq!(join(&decided, &ledger(side.as_bytes())).unwrap(), decided);
    }
}

#[test]
fn a_step_that_was_taken_back_holds_nothing_that_was_purged() {
    const SECRET: &str = "Nora Quill told us.";
    let mut session = open(EXAMPLE.as_bytes(), "mine");
    session.run(&note(QUOTE, SECRET)).unwrap();
    save(&mut session);
    session.undo();
    session.purge(&QUOTE.into()).unwrap();
    assert!(!format!("{:?}", session.history()).contains(SECRET));
    session.redo();
    for _ in 0..3 {
        assert!(!String::from_utf8_lossy(&save(&mut session)).contains(SECRET));
        session.run(&add_source("Ada Roe")).unwrap();
    }
}

#[test]
fn a_question_that_undo_opened_again_stays_open_through_later_saves_and_joins() {
    let (mine, theirs) = (copy(EXAMPLE.as_bytes(), "a", &[note(QUOTE, "Mine.")]), copy(EXAMPLE.as_bytes(), "b", &[note(QUOTE, "Theirs.")]));
    let mut session = open(&joined(&mine, &theirs), "decides");
    let value = Some(RawJson::from_value(&"Mine.").unwrap());
    session.run(&Command::Settle { kind: Kind::Annotation, record: QUOTE.into(), field: "note".to_owned(), value }).unwrap();
    let decided = save(&mut session);
    session.undo();
    save(&mut session);
    let again = save(&mut session);
    session.run(&add_source("Ada Roe")).unwrap();
    let later = save(&mut session);
    for file in [&again, &later] {
        for older in [&decided, &mine, &theirs] {
            assert_eq!(joined(file, older), *file, "an older copy adds nothing, and takes nothing away");
        }
        let found = ledger(file).base.annotations.get(&QUOTE.into()).unwrap().conflicts.get("note").cloned().unwrap();
        assert_eq!(fields::undecided(&found).unwrap().len(), 2, "both values are still there");
    }
}
