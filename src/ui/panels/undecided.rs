//! Decisions needed: what colleagues wrote differently, one question after the other, each value with who wrote it.

use crate::{
    display::{line::count, safe::brief},
    model::{Kind, fields},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, FocusTarget, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Id, Margin, RichText, ScrollArea, Ui};

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    if desk.undecided.is_empty() {
        let hint = "Where colleagues write the same field differently, both values are kept and listed here.";
        widgets::empty_state(ui, theme, icons::CHECK_CIRCLE, "Nothing is undecided", hint);
        return;
    }
    let at = state.deciding.at.min(desk.undecided.len() - 1);
    let Some(open) = desk.undecided.get(at) else { return };
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(format!("{} of {}", at + 1, count(desk.undecided.len(), "decision")))
                        .font(theme::medium(13.0))
                        .color(theme.ink),
                );
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    for (on, icon, name) in [(true, icons::CARET_DOWN, "Next decision"), (false, icons::CARET_UP, "Previous decision")] {
                        let action = Action::NextUndecided(on);
                        if widgets::icon_button(ui, theme, icon, name, &caps_of(&action)).clicked() {
                            actions.push(action);
                        }
                    }
                });
            });
            ui.add_space(8.0);
            words.label(ui, &open.title, &TextStyle::interface(14.0, 500.0), theme.ink);
            let document = open.document.as_ref().and_then(|id| desk.session.project().documents.get(id));
            if let Some(document) = document {
                words.label(ui, &document.title, &TextStyle::interface(12.0, 400.0), theme.ink3);
            }
            if open.kind == Kind::Annotation && widgets::button(ui, theme, "Show", &[], Tone::Secondary).clicked() {
                actions.push(Action::ChooseAnnotation(Some(open.record.clone().into())));
            }
            ui.add_space(10.0);
            let question = match open.field.as_str() {
                fields::GONE => "Somebody deleted it while somebody else went on with it.".to_owned(),
                "decisions" => "Two editors decided at the same time. Decide on the review desk.".to_owned(),
                _ => format!("The {} was written differently:", open.name),
            };
            ui.label(RichText::new(question).color(theme.ink2));
            ui.add_space(6.0);
            for (number, choice) in open.choices.iter().enumerate() {
                egui::Frame::new().stroke(egui::Stroke::new(1.0, theme.line2)).corner_radius(8).inner_margin(10).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    words.label(ui, &choice.words, &TextStyle::interface(14.0, 400.0), theme.ink);
                    if !choice.persons.is_empty() {
                        let persons = format!("by {}", choice.persons.join(", "));
                        ui.label(RichText::new(brief(&persons)).font(theme::small()).color(theme.ink3));
                    }
                    ui.add_space(4.0);
                    let take = Action::TakeChoice(number);
                    let name = match (open.field.as_str(), number) {
                        (fields::GONE, 0) => "Keep it".to_owned(),
                        (fields::GONE, _) => "Delete it".to_owned(),
                        ("decisions", _) => "Open the review desk".to_owned(),
                        _ => format!("Take value {}", number + 1),
                    };
                    if widgets::button(ui, theme, &name, &caps_of(&take), Tone::Secondary).clicked() {
                        actions.push(take);
                    }
                });
                ui.add_space(6.0);
            }
            if takes_words(open) {
                third(ui, state, actions, theme);
            }
            ui.add_space(8.0);
            ui.label(
                RichText::new("Until it is decided, the first value is shown everywhere. Undo brings the question back.")
                    .font(theme::small())
                    .color(theme.ink3),
            );
        });
    });
}

/// Whether a value can be typed: words, not places or lists.
pub(crate) fn takes_words(open: &crate::display::undecided::Undecided) -> bool {
    !matches!(open.field.as_str(), fields::GONE | "decisions" | "source" | "label" | "by" | "text" | "document")
        && open.choices.iter().all(|choice| choice.value.as_ref().is_none_or(|value| value.get().starts_with('"')))
}

fn third(ui: &mut Ui, state: &mut ViewState, actions: &mut Vec<Action>, theme: &Theme) {
    let Some(written) = &mut state.deciding.third else {
        if widgets::button(ui, theme, "Write another value", &caps_of(&Action::WriteThird), Tone::Quiet).clicked() {
            actions.push(Action::WriteThird);
        }
        return;
    };
    let id = Id::unique("another value");
    if state.focus == Some(FocusTarget::Third) {
        ui.memory_mut(|memory| memory.request_focus(id));
        state.focus = None;
    }
    let field = ui.add(egui::TextEdit::multiline(written).id(id).desired_rows(2).desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, "Another value"));
    ui.horizontal(|ui| {
        let keep = widgets::button(ui, theme, "Keep this", &["Ctrl".to_owned(), "Enter".to_owned()], Tone::Primary).clicked();
        if keep {
            actions.push(Action::SettleWith(written.trim().to_owned()));
        }
    });
}
