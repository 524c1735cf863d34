//! Narrow windows: panels fold into a rail, or are laid over the article.

use crate::desk::{ARTICLE, Desk};
use egui::{Key, Modifiers};
use onrecord::store::settings::ThemeChoice;

#[test]
fn panels_are_laid_over_the_article_and_leave_with_escape() {
    let mut desk = Desk::with(&[("ferry.txt", ARTICLE)], ThemeChoice::Light, [900.0, 700.0]);
    assert!(!desk.shows("Article: Ministry") || !desk.shows("Click marked words"));
    desk.press("Articles");
    assert!(desk.shows("0 of 1 done"));
    desk.key(Key::Escape);
    assert!(!desk.shows("0 of 1 done"));
    desk.key_with(Modifiers::COMMAND, Key::I);
    assert!(desk.shows("Click marked words"));
    desk.key_with(Modifiers::COMMAND, Key::I);
    assert!(!desk.shows("No annotation selected"));
    desk.click(desk.place("ferry").center(), 2);
    desk.key(Key::Num1);
    assert_eq!(desk.marked().len(), 1);
    desk.key(Key::N);
    desk.type_text("Short.");
    desk.key(Key::Escape);
    assert_eq!(desk.project().annotations.iter().next().map(|annotation| annotation.note.clone()).as_deref(), Some("Short."));
}

#[test]
fn f6_walks_through_the_panels() {
    let mut desk = Desk::with_article();
    desk.click(desk.place("ferry").center(), 1);
    desk.key(Key::F6);
    assert_eq!(desk.focused_name().as_deref(), Some("Inspector"));
    desk.key(Key::F6);
    assert_eq!(desk.focused_name().as_deref(), Some("Article: Ministry weighs delay of tender"));
    desk.key(Key::F6);
    desk.key(Key::W);
    assert_eq!(desk.app().selected_words(), Some("ferry"));
}
