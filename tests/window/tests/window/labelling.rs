//! Selecting and labelling with mouse and keyboard, undo, ranges, ends.

use crate::desk::Desk;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

fn marked(desk: &Desk) -> Vec<(String, String)> {
    desk.marked()
}

fn pair(label: &str, words: &str) -> (String, String) {
    (label.to_owned(), words.to_owned())
}

#[test]
fn a_double_click_and_a_key_label_a_word() {
    let mut desk = Desk::with_article();
    let word = desk.place("knowledge");
    desk.click(word.center(), 2);
    assert_eq!(desk.app().selected_words(), Some("knowledge"));
    assert!(desk.shows("Label as Quote"), "the palette is near the selection");
    desk.key(Key::Num4);
    assert_eq!(marked(&desk), [pair("anonymous_source", "knowledge")]);
    assert!(desk.shows("Anonymous source: knowledge"), "screen readers hear of the mark");
    assert!(!desk.shows("Label as Quote"), "the palette is gone");
}

#[test]
fn clicks_take_word_sentence_and_paragraph() {
    let mut desk = Desk::with_article();
    let place = desk.place("said,").center();
    desk.click(place, 3);
    assert_eq!(desk.app().selected_words(), Some("“We need,” she said, “six more weeks.”"));
    desk.click(desk.place("owners").center(), 4);
    assert_eq!(desk.app().selected_words(), Some("The café owners said that the delay costs them a summer."));
}

#[test]
fn a_drag_takes_whole_words_and_alt_exact_letters() {
    let mut desk = Desk::with_article();
    let (from, to) = (desk.place("official").center(), desk.place("knowledge").center());
    desk.drag(from, to);
    assert_eq!(desk.app().selected_words(), Some("official with knowledge"));
    desk.pause();
    let (from, to) = (desk.place("owners").left_center(), desk.place("own").right_center());
    desk.move_to(from);
    desk.button(from, true, Modifiers::NONE);
    desk.harness.input_mut().events.push(egui::Event::ModifiersChanged(Modifiers::ALT));
    desk.move_to(from + vec2(8.0, 0.0));
    desk.move_to(to);
    desk.button(to, false, Modifiers::ALT);
    desk.harness.input_mut().events.push(egui::Event::ModifiersChanged(Modifiers::NONE));
    desk.settle();
    assert_eq!(desk.app().selected_words(), Some("own"));
}

#[test]
fn the_palette_labels_with_the_mouse() {
    let mut desk = Desk::with_article();
    let word = desk.place("tender").center();
    desk.click(word, 2);
    desk.press("Label as Claim");
    assert_eq!(marked(&desk), [pair("claim", "tender")]);
}

#[test]
fn the_keyboard_alone_labels_a_quotation_with_two_ranges() {
    let mut desk = Desk::with_article();
    let place = desk.place("need").center();
    desk.click(place, 1);
    desk.type_text("\"");
    assert_eq!(desk.app().selected_words(), Some("“We need,”"));
    desk.key(Key::Num2);
    let place = desk.place("more").center();
    desk.click(place, 1);
    // The click left the quote unselected; walking back to it and adding the second half makes one quote with two ranges.
    desk.type_text("\"");
    assert_eq!(desk.app().selected_words(), Some("“six more weeks.”"));
    desk.key(Key::OpenBracket);
    desk.harness.state_mut().select_words("“six more weeks.”");
    desk.settle();
    desk.key(Key::A);
    assert_eq!(marked(&desk), [pair("quote", "“We need,” … “six more weeks.”")]);
    desk.harness.state_mut().select_words("“six more weeks.”");
    desk.settle();
    desk.key(Key::R);
    assert_eq!(marked(&desk), [pair("quote", "“We need,”")]);
}

#[test]
fn words_are_selected_by_keys_in_either_direction() {
    let mut desk = Desk::with_article();
    let place = desk.place("official").left_center();
    desk.click(place + vec2(1.0, 0.0), 1);
    desk.key(Key::W);
    assert_eq!(desk.app().selected_words(), Some("official"));
    desk.key_with(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(desk.app().selected_words(), Some("official with"));
    desk.key_with(Modifiers::ALT | Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(desk.app().selected_words(), Some("an official with"));
    desk.key_with(Modifiers::ALT | Modifiers::COMMAND, Key::ArrowLeft);
    assert_eq!(desk.app().selected_words(), Some("an official wit"));
    desk.key(Key::Escape);
    assert_eq!(desk.app().selected_words(), Some(""));
    for _ in 0..3 {
        desk.key_with(Modifiers::SHIFT, Key::ArrowRight);
    }
    assert_eq!(desk.app().selected_words(), Some("h k"));
    desk.key_with(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(desk.app().selected_words(), Some("h"), "white space at the end is not taken");
    desk.key(Key::T);
    assert!(desk.app().selected_words().is_some_and(|words| words.starts_with("The ferry") && words.ends_with("anonymity.")));
    desk.key(Key::P);
    assert!(desk.app().selected_words().is_some_and(|words| words.ends_with("anonymity.")));
}

#[test]
fn right_means_right_in_arabic() {
    let mut desk = Desk::with_article();
    // The first letter stands at the right; to its left the caret goes on, to its right back.
    let first = desk.place("قال");
    desk.click(first.right_center() - vec2(1.0, 0.0), 1);
    desk.key_with(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(desk.app().selected_words(), Some("ق"));
    desk.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(desk.app().selected_words(), Some(""));
    desk.click(desk.place("كبير").center(), 2);
    assert_eq!(desk.app().selected_words(), Some("كبير"));
    desk.key(Key::Num4);
    assert_eq!(marked(&desk), [pair("anonymous_source", "كبير")]);
}

#[test]
fn undo_and_redo_follow_every_step() {
    let mut desk = Desk::with_article();
    for (word, key) in [("ferry", Key::Num1), ("spring", Key::Num2), ("talks", Key::Num3)] {
        let place = desk.place(word).center();
        desk.click(place, 2);
        desk.key(key);
    }
    let all = [pair("claim", "ferry"), pair("quote", "spring"), pair("attribution", "talks")];
    assert_eq!(marked(&desk), all);
    desk.key(Key::Delete);
    assert_eq!(marked(&desk), all[..2]);
    for left in [3, 2, 1, 0] {
        desk.key_with(Modifiers::COMMAND, Key::Z);
        assert_eq!(marked(&desk).len(), left);
    }
    for there in [1, 2, 3] {
        desk.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        assert_eq!(marked(&desk).len(), there);
    }
    assert_eq!(marked(&desk), all);
}

#[test]
fn a_label_is_repeated_and_a_selected_annotation_relabelled() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.click(desk.place("spring").center(), 2);
    desk.type_text(".");
    assert_eq!(marked(&desk), [pair("claim", "ferry"), pair("claim", "spring")]);
    desk.key(Key::Num3);
    assert_eq!(marked(&desk), [pair("claim", "ferry"), pair("attribution", "spring")]);
    desk.key(Key::OpenBracket);
    desk.key(Key::Num2);
    assert_eq!(marked(&desk), [pair("quote", "ferry"), pair("attribution", "spring")]);
}

#[test]
fn the_marker_labels_whatever_is_selected_until_escape() {
    let mut desk = Desk::with_article();
    desk.key(Key::M);
    desk.key(Key::Num4);
    assert!(desk.shows("Marker: Anonymous source"));
    desk.drag(desk.place("official").center(), desk.place("knowledge").center());
    desk.click(desk.place("spring").center(), 2);
    assert_eq!(marked(&desk), [pair("anonymous_source", "spring"), pair("anonymous_source", "official with knowledge")]);
    desk.key(Key::Escape);
    assert!(desk.shows("Marker off"));
    desk.click(desk.place("café").center(), 2);
    assert_eq!(marked(&desk).len(), 2);
}

#[test]
fn clicks_choose_the_innermost_annotation_and_then_the_one_around_it() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("official").center(), 3);
    desk.key(Key::Num1);
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    desk.key(Key::Escape);
    desk.click(desk.place("official").center(), 1);
    assert!(desk.shows("Label: Anonymous source"), "the inspector shows the inner one");
    desk.click(desk.place("official").center(), 1);
    assert!(desk.shows("Label: Claim"), "the inspector shows the outer one");
    desk.click(desk.place("official").center(), 1);
    assert!(desk.shows("Label: Anonymous source"));
}

#[test]
fn the_end_of_an_annotation_is_dragged_to_another_word() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    let end = desk.app().handle_of_selected(true).expect("the end has a handle");
    let to = desk.place("knowledge").center();
    desk.drag(end, to + vec2(10.0, 0.0));
    assert_eq!(marked(&desk), [pair("anonymous_source", "official with knowledge")]);
    let start = desk.app().handle_of_selected(false).expect("the start has a handle");
    desk.drag(start, desk.place("with").left_center());
    assert_eq!(marked(&desk), [pair("anonymous_source", "with knowledge")]);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(marked(&desk), [pair("anonymous_source", "official with knowledge")], "one drag is one step");
}

#[test]
fn attributes_and_notes_are_written_from_the_keyboard() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("official").center(), 2);
    desk.key(Key::Num4);
    desk.key(Key::Enter);
    for _ in 0..20 {
        desk.key(Key::Tab);
        if desk.harness.state().session().is_some() && desk.focused_name().is_some_and(|name| name.starts_with("Number")) {
            break;
        }
    }
    desk.key(Key::ArrowRight);
    let annotation = desk.project().annotations.iter().next().unwrap().clone();
    assert_eq!(annotation.attributes.get("number").map(|value| value.as_str().to_owned()).as_deref(), Some("one"));
    desk.key(Key::Escape);
    desk.key(Key::N);
    desk.type_text("Who pays?");
    desk.key(Key::Escape);
    assert_eq!(desk.project().annotations.iter().next().unwrap().note, "Who pays?");
    desk.key(Key::Num1);
    assert_eq!(marked(&desk), [pair("claim", "official")], "Escape led back to the text");
}

#[test]
fn white_space_and_nothing_are_not_labelled() {
    let mut desk = Desk::with_article();
    desk.key(Key::Num1);
    assert!(marked(&desk).is_empty() && desk.shows("Select words first"));
    desk.harness.state_mut().select_words(" ");
    desk.settle();
    desk.key(Key::Num1);
    assert!(marked(&desk).is_empty());
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    assert_eq!(marked(&desk).len(), 1, "the same words with the same label are one annotation");
}

#[test]
fn tab_leaves_the_text_and_escape_comes_back() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 1);
    assert_eq!(desk.focused_name().as_deref().map(|name| name.starts_with("Article:")), Some(true));
    desk.key(Key::Tab);
    assert_ne!(desk.focused_name().as_deref().map(|name| name.starts_with("Article:")), Some(true));
    desk.key(Key::Escape);
    assert_eq!(desk.focused_name().as_deref().map(|name| name.starts_with("Article:")), Some(true));
}

#[test]
fn every_annotation_is_reached_by_walking() {
    let mut desk = Desk::with_article();
    for word in ["ferry", "spring", "talks"] {
        desk.click(desk.place(word).center(), 2);
        desk.key(Key::Num1);
    }
    desk.key_with(Modifiers::COMMAND, Key::Home);
    desk.key(Key::Escape);
    let mut seen = Vec::new();
    for _ in 0..3 {
        desk.key(Key::CloseBracket);
        seen.push(["1 of 3", "2 of 3", "3 of 3"].iter().position(|rank| desk.shows(rank)));
    }
    assert_eq!(seen, [Some(0), Some(1), Some(2)]);
    desk.key(Key::CloseBracket);
    assert!(desk.shows("That was the last annotation"));
}

#[test]
fn a_screen_reader_presses_a_mark() {
    let mut desk = Desk::with_article();
    for word in ["ferry", "spring"] {
        desk.click(desk.place(word).center(), 2);
        desk.key(Key::Num1);
    }
    desk.harness.get_by_label("Claim: ferry").click_accesskit();
    desk.settle();
    assert!(desk.shows("1 of 2"), "the first annotation is in the inspector");
}

#[test]
fn a_drag_beyond_the_edge_scrolls_on() {
    let paragraphs: Vec<String> = (0..80).map(|number| format!("Paragraph {number} has some words in it.\n")).collect();
    let paragraphs = paragraphs.concat();
    let mut desk = Desk::with(&[("long.txt", paragraphs.as_str())], onrecord::store::settings::ThemeChoice::Light, [1440.0, 900.0]);
    let from = desk.place("Paragraph 3 has").center();
    desk.move_to(from);
    desk.button(from, true, Modifiers::NONE);
    for _ in 0..60 {
        desk.move_to(egui::pos2(from.x, 960.0));
    }
    let words = desk.app().selected_words().map(str::len);
    assert!(words > Some(1200), "{words:?} bytes are selected, more than stood in sight");
    desk.button(egui::pos2(from.x, 960.0), false, Modifiers::NONE);
    assert!(desk.app().place_of("Paragraph 0 ").is_none(), "the page moved on");
}

#[test]
fn escape_closes_a_menu_first() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 2);
    desk.press("Label");
    assert!(desk.shows("Repeat the last label"));
    desk.key(Key::Escape);
    assert!(!desk.shows("Repeat the last label"));
    assert_eq!(desk.app().selected_words(), Some("ferry"), "the selection stays");
}

#[test]
fn the_caret_moves_by_line_paragraph_page_and_document() {
    let paragraphs: Vec<String> = (0..200).map(|number| format!("Paragraph {number} has some words in it.\n\n")).collect();
    let text = paragraphs.concat();
    let mut desk = Desk::with(&[("long.txt", text.as_str())], onrecord::store::settings::ThemeChoice::Light, [1440.0, 900.0]);
    let shift = Modifiers::SHIFT;
    let control = Modifiers::COMMAND;
    let words = |desk: &Desk| desk.app().selected_words().unwrap_or_default().to_owned();
    desk.key_with(control, Key::Home);
    desk.key_with(shift, Key::End);
    assert_eq!(words(&desk), "Paragraph 0 has some words in it.");
    desk.key(Key::ArrowDown);
    desk.key_with(shift, Key::Home);
    assert_eq!(words(&desk), "Paragraph 1 has some words in it.", "a blank line is no stop");
    desk.key_with(control, Key::ArrowDown);
    desk.key_with(control, Key::ArrowDown);
    desk.key_with(shift | control, Key::ArrowDown);
    assert_eq!(words(&desk), "Paragraph 3 has some words in it.");
    desk.key_with(control, Key::Home);
    desk.key_with(shift, Key::PageDown);
    let page = words(&desk).matches("Paragraph").count();
    assert!((12..30).contains(&page), "{page} paragraphs are a page");
    desk.key(Key::PageUp);
    desk.key_with(shift | control, Key::ArrowRight);
    assert_eq!(words(&desk), "Paragraph");
    desk.key_with(control, Key::End);
    desk.key_with(shift | control, Key::Home);
    assert_eq!(words(&desk), text.trim());
    desk.key_with(control, Key::Home);
    desk.key_with(control, Key::A);
    assert_eq!(words(&desk), text.trim());
}

#[test]
fn an_annotation_that_begins_with_a_line_feed_is_shown() {
    let mut desk = Desk::with_article();
    let document = desk.project().documents.iter().next().unwrap().id.clone();
    desk.harness.state_mut().run_command(&onrecord::edit::Command::Annotate {
        document,
        label: "claim".into(),
        ranges: onrecord::text::Ranges::one(onrecord::text::TextRange::new(31, 42)),
        attributes: std::collections::BTreeMap::new(),
        source: None,
        note: String::new(),
        origin: onrecord::model::Origin::Person,
    });
    desk.settle();
    assert_eq!(marked(&desk), [pair("claim", "\n\nThe ferry")]);
    assert!(desk.shows("Claim: "));
}
