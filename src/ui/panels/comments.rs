//! Remarks on an annotation, with their answers: write, answer, resolve, open again.

use crate::{
    edit::Command,
    model::{Comment, Key},
    ui::{
        action::Action,
        app::Desk,
        article::{bidi_text::Words, layout::TextStyle},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Id, RichText, Ui};
use std::sync::Arc;

/// The thread of a record.
pub(crate) fn show(
    ui: &mut Ui,
    desk: &Desk,
    commenting: &mut Option<(Key, String)>,
    on: &Key,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let all = &desk.session.project().comments;
    let mut thread: Vec<&Arc<Comment>> = all.iter().filter(|comment| comment.on == *on).collect();
    thread.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.id.cmp(&other.id)));
    let open = thread.iter().filter(|comment| !comment.resolved).count();
    widgets::section(ui, theme, "Comments", &if thread.is_empty() { String::new() } else { format!("{open} open") });
    for comment in thread {
        one(ui, desk, comment, 0.0, words, theme);
        let mut answers: Vec<&Arc<Comment>> = all.iter().filter(|answer| answer.on == *comment.id.key()).collect();
        answers.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.id.cmp(&other.id)));
        for answer in answers {
            one(ui, desk, answer, 14.0, words, theme);
        }
        ui.horizontal(|ui| {
            let name = if comment.resolved { "Reopen" } else { "Resolve" };
            if widgets::button(ui, theme, name, &[], Tone::Quiet).clicked() {
                actions.push(Action::Edit(Command::ResolveComment { comment: comment.id.clone(), resolved: !comment.resolved }));
            }
            if !comment.resolved && widgets::button(ui, theme, "Answer", &[], Tone::Quiet).clicked() {
                *commenting = Some((comment.id.key().clone(), String::new()));
            }
            if comment.text != crate::edit::purge::PURGED && widgets::button(ui, theme, "Purge…", &[], Tone::Quiet).clicked() {
                actions.push(Action::AskToPurge(comment.id.key().clone()));
            }
        });
        if commenting.as_ref().is_some_and(|(of, _)| *of == *comment.id.key()) {
            write(ui, desk, commenting, comment.id.key(), "Answer the comment", actions, theme);
        }
    }
    if commenting.as_ref().is_some_and(|(of, _)| of == on) {
        write(ui, desk, commenting, on, "Comment", actions, theme);
    } else if widgets::button(ui, theme, "Comment…", &[], Tone::Quiet).clicked() {
        *commenting = Some((on.clone(), String::new()));
    }
}

fn one(ui: &mut Ui, desk: &Desk, comment: &Comment, indent: f32, words: &mut Words<'_>, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.add_space(indent);
        ui.vertical(|ui| {
            ui.style_mut().spacing.item_spacing.y = 0.0;
            let by = comment
                .by
                .as_ref()
                .and_then(|by| desk.session.project().persons.get(by))
                .map_or_else(|| "somebody".to_owned(), |person| crate::display::safe::visible(&person.name));
            let state = if comment.resolved { ", resolved" } else { "" };
            ui.label(RichText::new(format!("{by}, {}{state}", comment.at)).font(theme::small()).color(theme.ink3));
            let ink = if comment.resolved { theme.ink3 } else { theme.ink };
            words.label(ui, &comment.text, &TextStyle::interface(13.0, 400.0), ink);
        });
    });
}

fn write(ui: &mut Ui, desk: &Desk, commenting: &mut Option<(Key, String)>, on: &Key, name: &str, actions: &mut Vec<Action>, theme: &Theme) {
    let Some((_, text)) = commenting else { return };
    let mut done = false;
    let field = ui.add(
        egui::TextEdit::multiline(text)
            .id(Id::unique("comment"))
            .desired_rows(2)
            .desired_width(f32::INFINITY)
            .hint_text(RichText::new("Do not write who a source is.").color(theme.ink3)),
    );
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
    super::caution::show(ui, desk, text, theme);
    ui.horizontal(|ui| {
        if widgets::button(ui, theme, "Send", &[], Tone::Secondary).clicked() && !text.trim().is_empty() {
            actions.push(Action::Edit(Command::AddComment { on: on.clone(), text: text.clone() }));
            done = true;
        }
        done |= widgets::button(ui, theme, "Leave it", &[], Tone::Quiet).clicked();
    });
    if done {
        *commenting = None;
    }
}
