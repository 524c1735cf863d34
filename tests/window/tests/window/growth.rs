//! What a frame draws is bounded by what can be seen, however many annotations share a place; opening takes time by their number.

use crate::desk::Desk;
use cpu_time::ProcessTime;
use egui::{Key, Modifiers, epaint::Primitive};
use egui_kittest::kittest::NodeT as _;
use onrecord::{
    edit::Command,
    model::{Document, Id, Origin},
    session::{Session, WorkEnvironment},
    store::settings::ThemeChoice,
    text::{Ranges, TextRange},
};
use std::{collections::BTreeMap, path::Path, time::Duration};

const TEXT: &str = "Harbour board delays the crane\n\nThe harbour board put off the order, two people who saw the papers said.\n";

/// A project with this many annotations of the same words.
fn crowd(path: &Path, annotations: usize) {
    let mut session = Session::new("Crowd", WorkEnvironment::seeded(1, None));
    let add = Command::AddDocument { title: "Crowd".to_owned(), content: TEXT.to_owned(), language: String::new(), imported: None };
    let document: Id<Document> = session.run(&add).unwrap().made.clone().unwrap().into();
    let labels: Vec<_> = session.project().labels_in_order().iter().map(|label| label.id.clone()).collect();
    for label in labels.iter().cycle().take(annotations) {
        let ranges = Ranges::one(TextRange::new(36, 43));
        let (attributes, note) = (BTreeMap::new(), String::new());
        let annotate = Command::Annotate {
            document: document.clone(),
            label: label.clone(),
            ranges,
            attributes,
            source: None,
            note,
            origin: Origin::Person,
        };
        session.run(&annotate).unwrap();
    }
    session.save(path).unwrap();
}

/// A window on a crowd, and what opening it cost.
fn opened(annotations: usize) -> (Desk, Duration) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crowd.onrecord.json");
    crowd(&path, annotations);
    let cpu = ProcessTime::now();
    let desk = Desk::open(folder, vec![path], ThemeChoice::Light, [1440.0, 900.0]);
    (desk, cpu.elapsed())
}

/// Corners of everything that a frame draws.
fn corners(desk: &mut Desk) -> usize {
    desk.harness.step();
    let output = desk.harness.output();
    let drawn = desk.harness.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
    drawn.iter().map(|drawn| if let Primitive::Mesh(mesh) = &drawn.primitive { mesh.vertices.len() } else { 0 }).sum()
}

/// The cheapest of some frames while the pointer rests on the crowd.
fn frame(desk: &mut Desk) -> Duration {
    let place = desk.place("harbour").center();
    desk.move_to(place);
    let one = |_| {
        let cpu = ProcessTime::now();
        desk.harness.step();
        cpu.elapsed()
    };
    (0..8).map(one).min().unwrap()
}

#[test]
fn a_frame_costs_what_is_seen_however_many_annotations_share_a_place() {
    let ((mut few, _), (mut many, _)) = (opened(500), opened(8_000));
    let said = |desk: &Desk| desk.harness.root().children_recursive().count();
    assert!(many.shows("7995 more annotations begin in this line"), "the margin says how many more there are");
    let nodes = (said(&few), said(&many));
    assert!(nodes.1 < nodes.0 + 20, "a screen reader meets {nodes:?} things");
    let drawn = (corners(&mut few), corners(&mut many));
    assert!(drawn.1 < drawn.0 + 500, "{drawn:?} corners are drawn");
    let cost = (frame(&mut few), frame(&mut many));
    assert!(cost.1 < cost.0 * 3, "sixteen times as many annotations: a frame takes {cost:?}");
}

#[test]
fn opening_takes_time_by_the_number_of_annotations_wherever_they_stand() {
    let cost = |annotations| (0..3).map(|_| opened(annotations).1).min().unwrap();
    let (few, many) = (cost(1_000), cost(8_000));
    assert!(many < few * 16, "eight times as many annotations: {few:?} and {many:?}");
}

#[test]
fn every_annotation_of_a_crowd_is_reached() {
    let (mut desk, _) = opened(50);
    // The margin names five and leads to the others.
    desk.press("45 more annotations begin in this line");
    let sixth = desk.app().selected_annotation().unwrap();
    assert!(desk.shows("Filter by words"), "the list is open");
    // Chosen, it has its chip too.
    assert!(desk.app().has_chip(&sixth));
    let mut seen = std::collections::BTreeSet::from([sixth]);
    for _ in 0..60 {
        desk.key(Key::OpenBracket);
        seen.extend(desk.app().selected_annotation());
    }
    for _ in 0..60 {
        desk.key(Key::CloseBracket);
        seen.extend(desk.app().selected_annotation());
    }
    assert_eq!(seen.len(), 50);
    // One click after the other goes through them, the innermost first.
    desk.key(Key::Escape);
    desk.key_with(Modifiers::NONE, Key::Escape);
    let mut clicked = std::collections::BTreeSet::new();
    for _ in 0..8 {
        desk.click(desk.place("harbour").center(), 1);
        clicked.extend(desk.app().selected_annotation());
    }
    assert_eq!(clicked.len(), 8);
}
