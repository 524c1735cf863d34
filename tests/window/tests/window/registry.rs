//! Sources and links in the window: choosing, renaming, merging, splitting, removing; linking by key, drag and inspector.

use crate::desk::Desk;
use egui::{Key, Modifiers};

fn mark(desk: &mut Desk, words: &str, key: Key) {
    assert!(desk.harness.state_mut().select_words(words), "{words}");
    desk.settle();
    desk.key(key);
}

/// An article with a quote, its attribution and two mentions of one unnamed source.
fn marked() -> Desk {
    let mut desk = Desk::with_article();
    mark(&mut desk, "an official", Key::Num4);
    desk.key_with(Modifiers::SHIFT, Key::S);
    desk.type_text("official");
    desk.key(Key::End);
    for _ in 0..4 {
        desk.key(Key::ArrowDown);
    }
    desk.key(Key::Enter);
    mark(&mut desk, "she", Key::Num4);
    desk.key(Key::S);
    desk
}

fn sources(desk: &Desk) -> Vec<(String, String)> {
    let mut all: Vec<_> = desk.project().sources.iter().map(|source| (source.alias.clone(), source.kind.word().to_owned())).collect();
    all.sort();
    all
}

fn pointing(desk: &Desk) -> usize {
    desk.project().annotations.iter().filter(|annotation| annotation.source.is_some()).count()
}

#[test]
fn typing_proposes_known_sources_and_makes_new_ones() {
    let mut desk = Desk::with_article();
    mark(&mut desk, "an official", Key::Num3);
    desk.key_with(Modifiers::SHIFT, Key::S);
    assert!(desk.shows("no field for a real name"));
    desk.type_text("Ada Roe");
    assert!(desk.shows("New named person: Ada Roe") && desk.shows("New anonymous person: Source A"));
    desk.key(Key::Enter);
    assert_eq!(sources(&desk), [("Ada Roe".to_owned(), "named_person".to_owned())]);
    mark(&mut desk, "she said", Key::Num3);
    desk.key_with(Modifiers::SHIFT, Key::S);
    desk.type_text("roe");
    desk.key(Key::Enter);
    assert_eq!((sources(&desk).len(), pointing(&desk)), (1, 2), "the known one was taken");
    assert!(desk.shows("Source: Ada Roe, 2"), "the panel counts the mentions");
}

#[test]
fn a_source_is_renamed_merged_split_and_removed() {
    let mut desk = marked();
    assert_eq!(sources(&desk), [("Source A".to_owned(), "anonymous".to_owned())]);
    assert_eq!(pointing(&desk), 2);
    desk.press("Source: Source A, 2");
    assert!(desk.shows("There is no field for a real name, here or in the file"));
    assert!(desk.shows("Mentions: 2 here, 2 in all"));
    // Rename: written when the field is left.
    desk.press("Alias");
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.type_text("Source Z");
    desk.key(Key::Tab);
    assert_eq!(sources(&desk)[0].0, "Source Z");
    // Split off one mention.
    desk.press("Choose Mention: she");
    desk.press("Split off 1 mention");
    assert_eq!(sources(&desk).len(), 2);
    let of = |desk: &Desk, words: &str| {
        let annotation = desk.project().annotations.iter().find(|annotation| annotation.excerpt() == words).unwrap().clone();
        desk.project().sources.get(annotation.source.as_ref().unwrap()).unwrap().alias.clone()
    };
    assert_ne!(of(&desk, "she"), of(&desk, "an official"));
    // Removing one that something points to asks first.
    desk.press("Remove the source");
    assert!(desk.shows("1 annotation points to it"));
    desk.key(Key::Escape);
    assert_eq!(sources(&desk).len(), 2);
    desk.press("Remove the source");
    desk.press("Remove, keep the mentions");
    assert_eq!((sources(&desk).len(), pointing(&desk)), (1, 1));
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((sources(&desk).len(), pointing(&desk)), (2, 2));
}

#[test]
fn a_name_being_written_is_not_lost_when_something_else_takes_the_field_away() {
    let mut desk = marked();
    desk.press("Source: Source A, 2");
    desk.press("Description");
    desk.key_with(Modifiers::COMMAND, Key::A);
    desk.type_text("senior official");
    let path = desk.folder.path().join("saved.onrecord.json");
    desk.harness.state_mut().save_as(&path);
    desk.settle();
    assert!(std::fs::read_to_string(path).unwrap().contains("\"role\":\"senior official\""));
}

#[test]
fn mentions_are_walked_by_key() {
    let mut desk = marked();
    desk.press("Source: Source A, 2");
    desk.key(Key::Escape);
    desk.press("Source: Source A, 2");
    desk.key_with(Modifiers::SHIFT, Key::OpenBracket);
    let first = desk.app().selected_annotation();
    desk.key_with(Modifiers::SHIFT, Key::OpenBracket);
    assert!(desk.shows("That was the first mention"));
    desk.key_with(Modifiers::SHIFT, Key::CloseBracket);
    let second = desk.app().selected_annotation();
    let words = |id: Option<onrecord::model::Id<onrecord::model::Annotation>>| {
        id.and_then(|id| desk.project().annotations.get(&id).map(|annotation| annotation.excerpt()))
    };
    assert_eq!((words(first).as_deref(), words(second).as_deref()), (Some("an official"), Some("she")));
}

#[test]
fn a_link_is_made_by_dragging_a_chip_and_refused_where_none_fits() {
    let mut desk = Desk::with_article();
    mark(&mut desk, "“We need,”", Key::Num2);
    mark(&mut desk, "she said", Key::Num3);
    mark(&mut desk, "spring", Key::Num4);
    let chip = |desk: &Desk, words: &str| desk.app().chip_of(words).unwrap_or_else(|| panic!("a chip for {words}")).center();
    let (quote, attribution, mention) = (chip(&desk, "“We need,”"), chip(&desk, "she said"), chip(&desk, "spring"));
    desk.drag(quote, attribution);
    assert_eq!(desk.project().relations.iter().map(|link| link.kind.to_string()).collect::<Vec<_>>(), ["attributed_via"]);
    desk.drag(attribution, quote);
    assert!(desk.shows("These two are linked already"));
    desk.drag(quote, mention);
    assert!(desk.shows("No kind of link joins quote and anonymous source"));
    assert_eq!(desk.project().relations.len(), 1);
    // Backwards: from the mention to the attribution that names it.
    desk.drag(mention, attribution);
    let names: Vec<_> = desk.project().relations.iter().map(|link| link.kind.to_string()).collect();
    assert!(names.contains(&"names_source".to_owned()), "{names:?}");
}

#[test]
fn a_link_is_made_by_walking_and_by_clicking() {
    let mut desk = Desk::with_article();
    mark(&mut desk, "said on condition of anonymity", Key::Num3);
    mark(&mut desk, "she said", Key::Num3);
    mark(&mut desk, "“We need,”", Key::Num2);
    desk.key(Key::L);
    assert!(desk.shows("Link to: Attribution: she said"), "the neighbour in the sentence is proposed");
    desk.key(Key::OpenBracket);
    assert!(desk.shows("Link to: Attribution: said on condition of anonymity"), "walking leads to another");
    desk.key(Key::Enter);
    assert_eq!(desk.project().relations.len(), 1);
    assert!(desk.shows("→ attributed via") || desk.shows("attributed via"));
    desk.key(Key::L);
    let there = desk.place("she said").center();
    desk.click(there, 1);
    assert_eq!(desk.project().relations.len(), 2, "a click on the target links");
    desk.key_with(Modifiers::SHIFT, Key::L);
    assert_eq!(desk.project().relations.len(), 1);
    desk.key(Key::L);
    desk.key(Key::Escape);
    assert!(!desk.shows("Link to:") && desk.project().relations.len() == 1);
}

#[test]
fn a_link_into_a_circle_is_refused_with_the_reason() {
    let mut desk = Desk::with_article();
    mark(&mut desk, "an official", Key::Num3);
    mark(&mut desk, "she said", Key::Num3);
    let chip = |desk: &Desk, words: &str| desk.app().chip_of(words).unwrap().center();
    let (one, two) = (chip(&desk, "an official"), chip(&desk, "she said"));
    desk.drag(one, two);
    assert_eq!(desk.project().relations.len(), 1);
    // The only other way, back from the second to the first, closes a circle.
    desk.drag(two, one);
    assert!(desk.shows("The link would lead back to its start"));
    assert_eq!(desk.project().relations.len(), 1);
}

#[test]
fn relabelling_and_deleting_say_which_links_went_and_undo_brings_them_back() {
    let mut desk = Desk::with_article();
    mark(&mut desk, "she said", Key::Num3);
    mark(&mut desk, "“We need,”", Key::Num2);
    desk.key(Key::L);
    desk.key(Key::Enter);
    desk.key(Key::Num4);
    assert!(desk.shows("Relabelled; 1 link went with it") && desk.project().relations.is_empty());
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.project().relations.len(), 1);
    // A claim may have the same link: it stays.
    desk.key(Key::Num1);
    assert_eq!(desk.project().relations.len(), 1);
    desk.key_with(Modifiers::ALT, Key::ArrowLeft);
    assert_eq!(desk.project().relations.len(), 1, "resizing keeps it");
    desk.key(Key::Delete);
    assert!(desk.project().relations.is_empty());
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((desk.project().relations.len(), desk.marked().len()), (1, 2), "one step brings both back");
}

#[test]
fn the_partner_in_the_sentence_is_proposed_before_any_other() {
    let text = "Delay\n\nShe said yes. “No, not now,” he wrote. They told it twice. It was denied.\n";
    for words in ["he wrote", "She said", "They told", "It was denied"] {
        // Whichever of them is marked first, the one in the sentence is proposed.
        let mut desk = Desk::with(&[("a.txt", text)], onrecord::store::settings::ThemeChoice::Light, [1440.0, 900.0]);
        mark(&mut desk, words, Key::Num3);
        for other in ["It was denied", "They told", "She said", "he wrote"] {
            if other != words {
                mark(&mut desk, other, Key::Num3);
            }
        }
        mark(&mut desk, "“No, not now,”", Key::Num2);
        desk.key(Key::L);
        assert!(desk.shows("Link to: Attribution: he wrote"), "{words} was marked first");
    }
}

#[test]
fn broken_cue_words_are_said_and_those_of_the_app_are_used() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("settings")).unwrap();
    std::fs::write(folder.path().join("settings/cues.json"), "{\n\"name\": oops").unwrap();
    std::fs::write(folder.path().join("ferry.txt"), crate::desk::ARTICLE).unwrap();
    let files = vec![folder.path().join("ferry.txt")];
    let mut desk = Desk::open(folder, files, onrecord::store::settings::ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("Your words that report speech are not used: the cues cannot be read at line 2, column 9"));
    let place = desk.place("official").center();
    desk.click(place, 1);
    desk.key(Key::Q);
    assert!(desk.shows("Speaker: Source A, new"), "the rules still work");
}
