//! Find and label all, what is not article, the flow over articles, keys, focus.

use crate::desk::Desk;
use egui::{Key, Modifiers};
use onrecord::store::settings::ThemeChoice;

const TWO: [(&str, &str); 2] = [
    ("a.txt", "The first of two articles\n\nThe source said so. A source close to the talks, and the Source.\n“A source,” she said.\n"),
    ("b.txt", "The second of two articles\n\nOne more source here.\n"),
];

fn two() -> Desk {
    Desk::with(&TWO, ThemeChoice::Light, [1440.0, 900.0])
}

#[test]
fn hits_come_while_typing_and_are_labelled_in_one_step() {
    let mut desk = two();
    desk.key_with(Modifiers::COMMAND, Key::F);
    desk.type_text("source");
    assert!(desk.shows("4 hits"));
    desk.press("All articles");
    assert!(desk.shows("5 hits, 2 articles"));
    // Case and whole word narrow it.
    desk.press("Case");
    assert!(desk.shows("4 hits, 2 articles"));
    desk.press("Case");
    desk.press("All hits in The first of two articles");
    assert!(desk.shows("Label 4 hits"));
    desk.key(Key::ArrowDown);
    desk.key(Key::Space);
    desk.key_with(Modifiers::COMMAND, Key::Enter);
    let after_three = desk.marked().len();
    assert!(after_three == 3 || after_three == 4, "one hit was taken away or none: {after_three}");
    assert!(desk.shows("labelled already"), "what is labelled cannot be labelled again");
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert!(desk.marked().is_empty(), "one step takes all of it back");
}

#[test]
fn label_all_like_this_takes_label_and_words_of_the_annotation_and_skips_what_is_marked() {
    let mut desk = two();
    let place = desk.place("source said").left_center() + egui::vec2(4.0, 0.0);
    desk.click(place, 2);
    desk.key(Key::Num4);
    desk.key_with(Modifiers::COMMAND, Key::L);
    assert!(desk.shows("4 hits") && desk.shows("4 hits, 1 labelled already"));
    assert!(desk.shows("Label hits as: Anonymous source"));
    desk.press("Check all 3");
    desk.press("Label 3 hits");
    assert_eq!(desk.marked().len(), 4);
    assert!(desk.marked().iter().all(|(label, _)| label == "anonymous_source"));
}

#[test]
fn a_hit_is_opened_in_its_article_and_escape_comes_back() {
    let mut desk = two();
    desk.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    desk.type_text("one more");
    desk.key(Key::Enter);
    assert_eq!(desk.app().selected_words(), Some("One more"));
    assert!(desk.shows("Article: The second"));
    desk.key_with(Modifiers::COMMAND, Key::F);
    assert!(desk.shows("1 hit"), "the selected words are looked for");
    desk.key(Key::Escape);
    assert_eq!(desk.app().selected_words(), Some("One more"));
}

#[test]
fn a_broken_pattern_says_where_and_finds_nothing() {
    let mut desk = two();
    desk.key_with(Modifiers::COMMAND, Key::F);
    desk.type_text("(source");
    assert!(desk.shows("Nothing found"));
    desk.press("Pattern");
    assert!(desk.shows("The pattern cannot be read at character 1: unclosed group"));
    desk.type_text("|said)");
    assert!(desk.shows("6 hits"), "{:?}", desk.app().selected_words());
}

#[test]
fn notes_and_attributes_are_found() {
    let mut desk = two();
    desk.click(desk.place("talks").center(), 2);
    desk.key(Key::Num4);
    desk.key(Key::N);
    desk.type_text("Ring the harbour master.");
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::F);
    desk.type_text("harbour");
    assert!(desk.shows("In notes and attributes") && desk.shows("note: Ring the harbour master."));
    desk.press("note: Ring the harbour master.");
    assert!(desk.shows("Label: Anonymous source"), "the annotation is shown");
}

#[test]
fn a_hundred_thousand_hits_are_labelled_with_progress_stopped_and_undone_in_one_step() {
    let count = 100_000;
    let text = "word word word word word word word word word word\n".repeat(count / 10);
    let mut desk = Desk::with(&[("many.txt", &text)], ThemeChoice::Light, [1440.0, 900.0]);
    desk.key_with(Modifiers::COMMAND, Key::F);
    desk.type_text("word");
    desk.press(&format!("Check all {count}"));
    desk.harness.state_mut().stop_next_work();
    desk.press(&format!("Label {count} hits"));
    assert!(desk.shows("Stopped. Everything is as it was"));
    assert_eq!(desk.project().annotations.len(), 0);
    desk.press(&format!("Label {count} hits"));
    assert_eq!(desk.project().annotations.len(), count);
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.project().annotations.len(), 0);
    desk.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(desk.project().annotations.len(), count);
}

#[test]
fn what_is_not_article_is_marked_left_out_and_taken_back() {
    let mut desk = two();
    desk.click(desk.place("she said").center(), 1);
    desk.key(Key::P);
    desk.key(Key::X);
    assert_eq!(desk.project().omissions.len(), 1);
    desk.key_with(Modifiers::COMMAND, Key::F);
    desk.type_text("source");
    assert!(desk.shows("3 hits"), "nothing is found in it");
    desk.key(Key::Escape);
    desk.click(desk.place("she said").center(), 1);
    desk.key(Key::X);
    assert_eq!(desk.project().omissions.len(), 0);
}

#[test]
fn a_scraped_page_offers_what_is_hardly_article_and_the_user_decides() {
    let body = "The ministry said on Monday that the tender would slip to the spring of next year, after long talks.\n";
    let many: String = (0..8).map(|number| format!("Paragraph {number}: {body}")).collect::<Vec<_>>().concat();
    let text = format!("Skip to main content\nTender slips\n{many}Join hundreds of readers with PRO.\nTry it for free.\n");
    let mut desk = Desk::with(&[("page.txt", &text)], ThemeChoice::Light, [1440.0, 900.0]);
    assert!(desk.shows("2 stretches of this article look like navigation"));
    assert_eq!(desk.project().omissions.len(), 0, "nothing happens unasked");
    desk.press("Look");
    desk.press("Leave out navigation: Skip to main content");
    desk.press("Leave out 1");
    let omitted: Vec<_> = desk.project().omissions.iter().map(|omission| omission.why.clone()).collect();
    assert_eq!(omitted, ["subscription"]);
}

#[test]
fn properties_of_an_article_are_written_and_filtered_by_status() {
    let mut desk = two();
    desk.press("Outlet");
    desk.type_text("Harbour News");
    desk.key(Key::Tab);
    assert_eq!(desk.project().documents.iter().filter(|document| document.outlet == "Harbour News").count(), 1);
    desk.key(Key::Escape);
    desk.key_with(Modifiers::COMMAND, Key::Enter);
    assert!(desk.shows("1 of 2 done"));
    assert!(desk.shows("Article: The first") && desk.shows("Article: The second"));
    desk.press("Begun");
    assert!(desk.shows("No article has this status"));
    desk.press("New");
    assert!(desk.shows("Article: The second"));
}

#[test]
fn guidelines_are_written_and_shown_with_labels_and_examples() {
    let mut desk = two();
    desk.click(desk.place("talks").center(), 2);
    desk.key(Key::Num4);
    desk.key_with(Modifiers::COMMAND, Key::G);
    assert!(desk.shows("No guidelines yet") && desk.shows("Example: talks"));
    desk.press("Edit the guidelines");
    desk.press("Guidelines in Markdown");
    desk.type_text("# Scope\nMark **every** unnamed source.");
    desk.press("Keep");
    assert_eq!(desk.project().info.guidelines, ["# Scope", "Mark **every** unnamed source."]);
    assert!(desk.shows("Scope") && desk.shows("Mark every unnamed source."));
}

#[test]
fn a_key_is_changed_kept_and_refused_where_something_has_it() {
    let mut desk = two();
    desk.type_text("?");
    desk.press("Marker: label as you select: M");
    desk.key(Key::W);
    assert!(desk.shows("W is the key of: Select the word"));
    desk.press("Marker: label as you select: M");
    desk.key(Key::Num1);
    assert!(desk.shows("1 is the key of: the label Claim"), "letters and digits of labels stay theirs");
    desk.press("Marker: label as you select: M");
    desk.key(Key::K);
    assert!(desk.shows("Marker: label as you select: K"));
    desk.key(Key::Escape);
    desk.key(Key::K);
    assert!(desk.shows("Marker: Claim"), "the new key works");
    desk.key(Key::Escape);
    desk.key(Key::M);
    assert!(desk.shows("Marker off"), "the old one no more");
    let kept = std::fs::read_to_string(desk.folder.path().join("settings/settings.json")).unwrap();
    assert!(kept.contains("\"Marker: label as you select\": \"K\""), "{kept}");
}

#[test]
fn focus_mode_needs_something_to_focus_on_and_ends_with_its_key() {
    let mut desk = two();
    desk.key(Key::F);
    assert!(desk.shows("Choose an annotation or a source first"));
    desk.click(desk.place("talks").center(), 2);
    desk.key(Key::Num1);
    desk.key(Key::F);
    assert!(desk.shows("Only Claim in colour"));
}

#[test]
fn words_are_copied_with_their_citation() {
    let mut desk = two();
    desk.click(desk.place("talks").center(), 2);
    assert_eq!(desk.app().selected_words(), Some("talks"));
    let copied = desk.copied_by(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert!(copied.contains(&"“talks” (The first of two articles, ¶ 2)".to_owned()), "{copied:?}");
}
