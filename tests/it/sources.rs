//! Sources: merging, splitting off, removing, and what stands behind an annotation.

use onrecord::{
    display::source_index::SourceIndex,
    edit::{Command, EditError, Mark, MarkLink, Speaker},
    model::{Annotation, Id, Origin, Source, SourceKind},
    session::{Session, WorkEnvironment},
    text::{Ranges, TextRange},
};
use std::collections::BTreeMap;

/// A project with an article and two sources.
fn session() -> (Session, Id<Source>, Id<Source>) {
    let mut session = Session::new("Sources", WorkEnvironment::seeded(3, None));
    let content = "one two three four five six seven".to_owned();
    session.run(&Command::AddDocument { title: "Sources".to_owned(), content, language: String::new(), imported: None }).unwrap();
    let mut add = |alias: &str| {
        let (alias, kind) = (alias.to_owned(), SourceKind::Anonymous);
        let command = Command::AddSource { alias, kind, role: "official".to_owned(), public_label: String::new() };
        Id::from(session.run(&command).unwrap().made.clone().unwrap())
    };
    let (one, two) = (add("Source A"), add("Source B"));
    (session, one, two)
}

fn annotate(session: &mut Session, at: u32, label: &str, source: Option<&Id<Source>>) -> Id<Annotation> {
    let document = session.project().documents.iter().next().unwrap().id.clone();
    let ranges = Ranges::one(TextRange::new(at * 4, at * 4 + 3));
    let (attributes, note) = (BTreeMap::new(), String::new());
    let command =
        Command::Annotate { document, label: label.into(), ranges, attributes, source: source.cloned(), note, origin: Origin::Person };
    Id::from(session.run(&command).unwrap().made.clone().unwrap())
}

#[test]
fn merging_moves_every_mention_and_is_one_step() {
    let (mut session, one, two) = session();
    annotate(&mut session, 0, "attribution", Some(&one));
    annotate(&mut session, 1, "anonymous_source", Some(&one));
    let before = session.project().clone();
    session.run(&Command::MergeSources { source: one.clone(), into: two.clone() }).unwrap();
    assert!(session.project().annotations.iter().all(|mention| mention.source.as_ref() == Some(&two)));
    assert!(!session.project().sources.contains(&one));
    session.undo();
    assert!(*session.project() == before);
    let refused = session.run(&Command::MergeSources { source: one.clone(), into: one.clone() });
    assert!(matches!(refused, Err(EditError::BadValue { .. })) && *session.project() == before);
}

#[test]
fn splitting_takes_only_the_mentions_that_are_named() {
    let (mut session, one, two) = session();
    let first = annotate(&mut session, 0, "anonymous_source", Some(&one));
    let second = annotate(&mut session, 1, "anonymous_source", Some(&one));
    let split = |annotations: Vec<Id<Annotation>>| Command::SplitSource { source: one.clone(), annotations, alias: "Source C".to_owned() };
    let made: Id<Source> = session.run(&split(vec![second.clone()])).unwrap().made.clone().unwrap().into();
    let source_of = |session: &Session, id: &Id<Annotation>| session.project().annotations.get(id).unwrap().source.clone();
    assert_eq!((source_of(&session, &first), source_of(&session, &second)), (Some(one.clone()), Some(made.clone())));
    assert_eq!(session.project().sources.get(&made).unwrap().kind, SourceKind::Anonymous);
    let other = annotate(&mut session, 2, "anonymous_source", Some(&two));
    for wrong in [Vec::new(), vec![other]] {
        assert!(matches!(session.run(&split(wrong)), Err(EditError::BadValue { .. })));
    }
}

#[test]
fn a_claim_is_corroborated_by_two_sources_and_not_by_one_named_twice() {
    let (mut session, one, two) = session();
    let claim = annotate(&mut session, 0, "claim", None);
    let link = |session: &mut Session, kind: &str, from: &Id<Annotation>, to: &Id<Annotation>| {
        session.run(&Command::Link { kind: kind.into(), from: from.clone(), to: to.clone() }).unwrap();
    };
    let behind = |session: &Session, id| SourceIndex::new(session.project()).behind(id).len();
    let (outer, inner) = (annotate(&mut session, 1, "attribution", Some(&two)), annotate(&mut session, 2, "attribution", Some(&one)));
    link(&mut session, "attributed_via", &claim, &inner);
    link(&mut session, "nested_in", &inner, &outer);
    assert_eq!(behind(&session, &claim), 1, "what somebody says that somebody says is one chain");
    let mention = annotate(&mut session, 3, "anonymous_source", Some(&one));
    link(&mut session, "names_source", &inner, &mention);
    link(&mut session, "supported_by", &claim, &mention);
    assert_eq!(behind(&session, &claim), 1, "one source on two ways");
    let second = annotate(&mut session, 4, "anonymous_source", Some(&two));
    link(&mut session, "supported_by", &claim, &second);
    assert_eq!(behind(&session, &claim), 2);
    let index = SourceIndex::new(session.project());
    let mentions = index.resting(&one).unwrap().mentions.len();
    assert_eq!(mentions, 1, "an attribution whose mention is marked is counted once");
    assert_eq!(index.resting(&one).unwrap().count(&"claim".into(), None), 1);
}

#[test]
fn a_structure_is_one_step_and_takes_over_what_is_marked_already() {
    let (mut session, one, _) = session();
    let known = annotate(&mut session, 1, "attribution", None);
    let before = session.project().clone();
    let document = session.project().documents.iter().next().unwrap().id.clone();
    let new = |label: &str, at: u32| Mark::New {
        label: label.into(),
        ranges: Ranges::one(TextRange::new(at * 4, at * 4 + 3)),
        attributes: BTreeMap::new(),
    };
    let structure = |links: Vec<MarkLink>| Command::MarkTogether {
        document: document.clone(),
        marks: vec![new("quote", 0), Mark::Known(known.clone()), new("anonymous_source", 2)],
        links,
        speaker: Some(Speaker::Known(one.clone())),
        origin: Origin::Rule,
    };
    let link = |kind: &str, from, to| MarkLink { kind: kind.into(), from, to };
    session.run(&structure(vec![link("attributed_via", 0, 1), link("names_source", 1, 2)])).unwrap();
    let project = session.project();
    assert_eq!((project.annotations.len(), project.relations.len()), (3, 2));
    assert_eq!(project.annotations.get(&known).unwrap().source, Some(one.clone()), "the attribution gets the speaker");
    let quote = project.annotations.iter().find(|annotation| annotation.label == "quote".into()).unwrap();
    assert!(quote.source.is_none(), "a quote points to nobody itself");
    session.undo();
    assert!(*session.project() == before);
    assert!(matches!(session.run(&structure(vec![link("attributed_via", 1, 0)])), Err(EditError::WrongEnds { .. })));
    assert!(matches!(session.run(&structure(vec![link("attributed_via", 0, 7)])), Err(EditError::BadValue { .. })));
    assert!(*session.project() == before, "a refusal changes nothing");
}
