//! The keystroke budget: one table, and every row of it is pressed and counted.

use crate::desk::Desk;
use egui::{Key, Modifiers};
use onrecord::store::settings::ThemeChoice;

/// What a finger does once.
#[derive(Debug, Clone, Copy)]
enum Press {
    Key(Key),
    With(Modifiers, Key),
    Typed(&'static str),
}

/// A task with its budget: how it is set up, the keys, and what has to be true then.
struct Task {
    name: &'static str,
    budget: usize,
    prepare: fn(&mut Desk),
    keys: &'static [Press],
    done: fn(&Desk) -> bool,
}

fn caret_at(desk: &mut Desk, words: &str) {
    let place = desk.place(words).center();
    desk.click(place, 1);
}

fn has(desk: &Desk, label: &str, words: &str) -> bool {
    desk.marked().contains(&(label.to_owned(), words.to_owned()))
}

const SPLIT: &str = "“We need,” … “six more weeks.”";

const TABLE: &[Task] = &[
    Task {
        name: "label a word-aligned span under the caret",
        budget: 2,
        prepare: |desk| caret_at(desk, "knowledge"),
        keys: &[Press::Key(Key::W), Press::Key(Key::Num4)],
        done: |desk| has(desk, "anonymous_source", "knowledge"),
    },
    Task {
        name: "label a quotation around the caret",
        budget: 2,
        prepare: |desk| caret_at(desk, "need"),
        keys: &[Press::Typed("\""), Press::Key(Key::Num2)],
        done: |desk| has(desk, "quote", "“We need,”"),
    },
    Task {
        name: "quote with attribution, source and links",
        budget: 3,
        prepare: |desk| caret_at(desk, "official"),
        keys: &[Press::Key(Key::Q), Press::Key(Key::Enter)],
        done: |desk| {
            let sources: Vec<_> = desk.project().sources.iter().map(|source| (source.alias.clone(), source.role.clone())).collect();
            sources == [("Source A".to_owned(), "official with knowledge of the talks".to_owned())]
                && has(desk, "quote", "The ferry tender will slip to spring")
                && has(desk, "attribution", "an official with knowledge of the talks said on condition of anonymity")
                && has(desk, "anonymous_source", "an official with knowledge of the talks")
                && desk.project().relations.len() == 2
                && desk.project().annotations.iter().filter(|annotation| annotation.source.is_some()).count() == 2
        },
    },
    Task {
        name: "split quote with attribution, source and links",
        budget: 3,
        prepare: |desk| {
            caret_at(desk, "official");
            desk.key(Key::Q);
            desk.key(Key::Enter);
            caret_at(desk, "more");
        },
        keys: &[Press::Key(Key::Q), Press::Key(Key::Enter)],
        done: |desk| {
            let attribution = desk.project().annotations.iter().find(|annotation| annotation.excerpt() == "she said").cloned();
            has(desk, "quote", SPLIT) && desk.project().relations.len() == 3 && attribution.is_some_and(|it| it.source.is_some())
        },
    },
    Task {
        name: "repeat the last label on a selection",
        budget: 1,
        prepare: |desk| {
            caret_at(desk, "spring");
            desk.key(Key::W);
            desk.key(Key::Num1);
            let place = desk.place("talks").center();
            desk.click(place, 2);
        },
        keys: &[Press::Typed(".")],
        done: |desk| has(desk, "claim", "talks"),
    },
    Task {
        name: "fix an edge by one word",
        budget: 1,
        prepare: |desk| {
            caret_at(desk, "official");
            desk.key(Key::W);
            desk.key(Key::Num4);
        },
        keys: &[Press::With(Modifiers::ALT, Key::ArrowRight)],
        done: |desk| has(desk, "anonymous_source", "official with"),
    },
    Task {
        name: "link two neighbours",
        budget: 2,
        prepare: |desk| {
            caret_at(desk, "said,");
            desk.harness.state_mut().select_words("she said");
            desk.settle();
            desk.key(Key::Num3);
            caret_at(desk, "need");
            desk.type_text("\"");
            desk.key(Key::Num2);
        },
        keys: &[Press::Key(Key::L), Press::Key(Key::Enter)],
        done: |desk| desk.project().relations.iter().map(|link| link.kind.to_string()).eq(["attributed_via"]),
    },
    Task {
        name: "the same source as before",
        budget: 1,
        prepare: |desk| {
            caret_at(desk, "official");
            desk.key(Key::Q);
            desk.key(Key::Enter);
            desk.harness.state_mut().select_words("she");
            desk.settle();
        },
        keys: &[Press::Key(Key::S)],
        done: |desk| {
            has(desk, "anonymous_source", "she")
                && desk.project().sources.len() == 1
                && desk.project().annotations.iter().filter(|annotation| annotation.source.is_some()).count() == 3
        },
    },
    Task {
        name: "done and next",
        budget: 1,
        prepare: |_| {},
        keys: &[Press::With(Modifiers::COMMAND, Key::Enter)],
        done: |desk| {
            let done = desk.project().documents.iter().filter(|document| document.status.word() == "done").count();
            done == 1 && desk.shows("Documents") && desk.shows("Done. Next article")
        },
    },
];

#[test]
fn every_task_stays_within_its_budget_of_keys() {
    for task in TABLE {
        let files = [("ferry.txt", crate::desk::ARTICLE), ("other.txt", "Another article\n\nIt has one more line.\n")];
        let mut desk = Desk::with(&files, ThemeChoice::Light, [1440.0, 900.0]);
        (task.prepare)(&mut desk);
        assert!(!(task.done)(&desk), "{}: done before a key was pressed", task.name);
        for press in task.keys {
            match press {
                Press::Key(key) => desk.key(*key),
                Press::With(modifiers, key) => desk.key_with(*modifiers, *key),
                Press::Typed(text) => desk.type_text(text),
            }
        }
        assert!((task.done)(&desk), "{}: {:?} left {:#?}", task.name, task.keys, desk.marked());
        assert!(task.keys.len() <= task.budget, "{}: {} keys, {} allowed", task.name, task.keys.len(), task.budget);
    }
}

#[test]
fn a_proposal_is_changed_left_and_undone_in_one_step() {
    let mut desk = Desk::with_article();
    caret_at(&mut desk, "official");
    desk.key(Key::Q);
    assert!(desk.shows("Speaker: Source A, new") && desk.shows("Attribution: an official with knowledge"));
    assert!(desk.marked().is_empty(), "nothing is marked before Enter");
    desk.key(Key::Escape);
    assert!(!desk.shows("Speaker: Source A, new") && desk.marked().is_empty());
    desk.key(Key::Q);
    desk.key(Key::Enter);
    assert_eq!(desk.marked().len(), 3);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.marked().is_empty() && desk.project().sources.is_empty() && desk.project().relations.is_empty(), "one step of undo");
    caret_at(&mut desk, "need");
    desk.key(Key::Q);
    assert!(desk.shows(&format!("Quote: {SPLIT}")));
    desk.key(Key::ArrowDown);
    assert!(!desk.shows("Speaker: Source A, new"));
    let before = desk.shows(&format!("Quote: {SPLIT}"));
    desk.key(Key::ArrowUp);
    assert!(desk.shows(&format!("Quote: {SPLIT}")), "up leads back; {before}");
    desk.press("Mark all");
    assert!(has(&desk, "quote", SPLIT));
    // Asked again, it takes over what is marked instead of marking it twice.
    let count = desk.marked().len();
    caret_at(&mut desk, "need");
    desk.key(Key::Q);
    desk.key(Key::Enter);
    assert_eq!(desk.marked().len(), count);
}

#[test]
fn no_reported_speech_is_said_and_nothing_opens() {
    let mut desk = Desk::with(&[("a.txt", "A plain line of text without any report.\n")], ThemeChoice::Light, [1440.0, 900.0]);
    caret_at(&mut desk, "plain");
    desk.key(Key::Q);
    assert!(desk.shows("No reported speech at the caret"));
    assert!(!desk.shows("Mark all"));
}

#[test]
fn a_selection_grows_and_shrinks_by_structure() {
    let mut desk = Desk::with_article();
    caret_at(&mut desk, "need");
    let mut seen = Vec::new();
    for _ in 0..5 {
        desk.key(Key::E);
        seen.push(desk.app().selected_words().unwrap_or_default().to_owned());
    }
    let wanted = ["need", "We need", "We need,", "“We need,”", "“We need,” she said, “six more weeks.”"];
    assert_eq!(seen, wanted);
    for words in wanted.iter().rev().skip(1) {
        desk.key_with(Modifiers::SHIFT, Key::E);
        assert_eq!(desk.app().selected_words(), Some(*words));
    }
}
