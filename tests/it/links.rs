//! Links between annotations: ends, circles, repeats, and what happens to them when an end changes.

use onrecord::{
    edit::{Command, EditError},
    model::{Annotation, Id, Origin},
    session::{Session, WorkEnvironment},
    text::{Ranges, TextRange},
};
use std::collections::BTreeMap;

/// A project with annotations of these labels, one after the other.
fn session(labels: &[&str]) -> (Session, Vec<Id<Annotation>>) {
    let mut session = Session::new("Links", WorkEnvironment::seeded(3, None));
    let content = "one two three four five six seven".to_owned();
    let add = Command::AddDocument { title: "Links".to_owned(), content, language: String::new(), imported: None };
    let document = session.run(&add).unwrap().made.clone().unwrap();
    let mut annotate = |(at, label): (u32, &&str)| {
        let ranges = Ranges::one(TextRange::new(at * 4, at * 4 + 3));
        let (document, label) = (document.clone().into(), (*label).into());
        let (attributes, note) = (BTreeMap::new(), String::new());
        let command = Command::Annotate { document, label, ranges, attributes, source: None, note, origin: Origin::Person };
        Id::from(session.run(&command).unwrap().made.clone().unwrap())
    };
    let made = (0..).zip(labels).map(&mut annotate).collect();
    (session, made)
}

fn link(kind: &str, from: &Id<Annotation>, to: &Id<Annotation>) -> Command {
    Command::Link { kind: kind.into(), from: from.clone(), to: to.clone() }
}

#[test]
fn a_link_joins_only_the_labels_of_its_kind() {
    let (mut session, made) = session(&["quote", "attribution", "anonymous_source"]);
    assert!(session.run(&link("attributed_via", &made[0], &made[1])).is_ok());
    assert!(session.run(&link("names_source", &made[1], &made[2])).is_ok());
    for (kind, from, to) in [("attributed_via", 1, 0), ("names_source", 0, 2), ("supported_by", 0, 2)] {
        assert!(matches!(session.run(&link(kind, &made[from], &made[to])), Err(EditError::WrongEnds { .. })), "{kind}");
    }
    assert!(matches!(session.run(&link("shouts", &made[0], &made[1])), Err(EditError::Missing { .. })));
}

#[test]
fn circles_and_repeats_are_refused_where_the_kind_says_so() {
    let (mut session, made) = session(&["attribution", "attribution", "attribution", "claim", "claim"]);
    assert_eq!(session.run(&link("nested_in", &made[0], &made[0])).err(), Some(EditError::Cycle));
    assert!(session.run(&link("nested_in", &made[0], &made[1])).is_ok());
    assert_eq!(session.run(&link("nested_in", &made[0], &made[1])).err(), Some(EditError::AlreadyLinked));
    assert!(session.run(&link("nested_in", &made[1], &made[2])).is_ok());
    assert_eq!(session.run(&link("nested_in", &made[2], &made[0])).err(), Some(EditError::Cycle), "a circle of three");
    // Two claims may contradict each other both ways.
    assert!(session.run(&link("contradicts", &made[3], &made[4])).is_ok());
    assert!(session.run(&link("contradicts", &made[4], &made[3])).is_ok());
}

#[test]
fn links_go_with_their_ends_and_come_back_with_undo() {
    let (mut session, made) = session(&["quote", "attribution", "claim"]);
    session.run(&link("attributed_via", &made[0], &made[1])).unwrap();
    session.run(&link("attributed_via", &made[2], &made[1])).unwrap();
    session.run(&Command::DeleteAnnotations { annotations: vec![made[0].clone()] }).unwrap();
    assert_eq!(session.project().relations.len(), 1);
    session.undo();
    assert_eq!(session.project().relations.len(), 2);
    // A claim may be attributed too, so relabelling the quote keeps the link; an attribution may not.
    session.run(&Command::Relabel { annotation: made[0].clone(), label: "claim".into() }).unwrap();
    assert_eq!(session.project().relations.len(), 2);
    session.run(&Command::Relabel { annotation: made[0].clone(), label: "attribution".into() }).unwrap();
    assert_eq!(session.project().relations.len(), 1);
    session.undo();
    assert_eq!(session.project().relations.len(), 2, "one step of undo brings label and link back");
    // Nor does a link lead any more to what is no attribution.
    session.run(&Command::Relabel { annotation: made[1].clone(), label: "claim".into() }).unwrap();
    assert!(session.project().relations.is_empty(), "links towards a relabelled annotation go too");
}

#[test]
fn a_relabelled_annotation_keeps_what_the_new_label_allows() {
    let (mut session, made) = session(&["attribution"]);
    let source = session.run(&Command::AddSource {
        alias: "Source A".to_owned(),
        kind: onrecord::model::SourceKind::Anonymous,
        role: String::new(),
        public_label: String::new(),
    });
    let source: Id<onrecord::model::Source> = source.unwrap().made.clone().unwrap().into();
    session.run(&Command::SetSource { annotation: made[0].clone(), source: Some(source.clone()) }).unwrap();
    let value = Some(onrecord::model::AttributeValue::Text("neutral".into()));
    session.run(&Command::SetAttribute { annotation: made[0].clone(), key: "stance".to_owned(), value }).unwrap();
    session.run(&Command::Relabel { annotation: made[0].clone(), label: "anonymous_source".into() }).unwrap();
    let record = session.project().annotations.get(&made[0]).unwrap();
    assert!(record.source == Some(source) && record.attributes.is_empty());
    session.run(&Command::Relabel { annotation: made[0].clone(), label: "claim".into() }).unwrap();
    assert_eq!(session.project().annotations.get(&made[0]).unwrap().source, None);
}
