//! The articles of the project, with status and count.

use crate::{
    model::{Document, Status},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, FocusTarget, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets,
    },
};
use egui::{Align, Align2, Id, Layout, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};
use std::sync::Arc;

/// All articles, or only those of one status.
fn status_filter(ui: &mut Ui, state: &mut ViewState, theme: &Theme) {
    egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 0, bottom: 6 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.style_mut().spacing.item_spacing.x = 2.0;
            for (status, name) in
                [(None, "All"), (Some(Status::New), "New"), (Some(Status::InProgress), "Begun"), (Some(Status::Done), "Done")]
            {
                if widgets::segment(ui, theme, name, state.status == status).clicked() {
                    state.status = status;
                }
            }
        });
    });
}

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let all = &desk.documents;
    let done = all.iter().filter(|document| document.status == Status::Done).count();
    ui.allocate_ui(vec2(ui.available_width(), 40.0), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(12.0);
            ui.label(RichText::new("Documents").font(theme::semibold(12.0)).color(theme.ink2));
            ui.label(RichText::new(format!("{done} of {} done", all.len())).font(theme::small()).color(theme.ink3));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                if widgets::icon_button(ui, theme, icons::PLUS, "Add articles", &caps_of(&Action::Open)).clicked() {
                    actions.push(Action::Open);
                }
            });
        });
    });
    let left = ui.cursor().left() + 12.0;
    let track = Rect::from_min_size(pos2(left, ui.cursor().top()), vec2(ui.available_width() - 28.0, 2.0));
    ui.painter().rect_filled(track, 1.0, theme.pressed);
    if !all.is_empty() {
        let share = done as f32 / all.len() as f32;
        ui.painter().rect_filled(Rect::from_min_size(track.min, vec2(track.width() * share, 2.0)), 1.0, theme.ok);
    }
    ui.add_space(10.0);
    if all.len() > 1 {
        status_filter(ui, state, theme);
    }
    let shown: Vec<Arc<Document>>;
    let documents: &[Arc<Document>] = match state.status {
        Some(status) => {
            shown = all.iter().filter(|document| document.status == status).cloned().collect();
            &shown
        }
        None => all,
    };
    if documents.is_empty() && state.status.is_some() {
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            ui.label(RichText::new("No article has this status.").font(theme::small()).color(theme.ink3));
        });
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    let style = TextStyle::interface(13.0, 400.0);
    let strong = TextStyle::interface(13.0, 500.0);
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, 48.0, documents.len(), |ui, rows| {
        for document in documents.get(rows).unwrap_or_default() {
            let selected = desk.document.as_ref() == Some(&document.id);
            let id = Id::unique(("document", &document.id));
            let response = widgets::row(ui, theme, id, 48.0, &format!("Article: {}", document.title), selected, |ui, rect| {
                let (icon, colour) = match document.status {
                    Status::New => (icons::CIRCLE_DASHED, theme.ink3),
                    Status::InProgress => (icons::CIRCLE_HALF, theme.accent),
                    Status::Done => (icons::CHECK_CIRCLE, theme.ok),
                };
                ui.painter().text(pos2(rect.left() + 20.0, rect.top() + 15.0), Align2::CENTER_CENTER, icon, theme::icon(16.0), colour);
                let title = Rect::from_min_max(pos2(rect.left() + 36.0, rect.top() + 5.0), pos2(rect.right() - 14.0, rect.top() + 25.0));
                words.line(ui, title, &document.title, if selected { &strong } else { &style }, theme.ink);
                let below = title.translate(vec2(0.0, 18.0));
                let count = desk.counts.get(&document.id).copied().unwrap_or(0);
                let shown = if document.status == Status::New && count == 0 { "new".to_owned() } else { count.to_string() };
                let name = document.imported.as_ref().map_or("Pasted", |imported| imported.name.as_str());
                let outlet = if document.outlet.is_empty() { name } else { &document.outlet };
                words.line(ui, below.with_max_x(below.right() - 44.0), outlet, &TextStyle::interface(12.0, 400.0), theme.ink3);
                widgets::line(ui, below, &shown, theme::small(), theme.ink3, Align::Max);
            });
            if selected && state.focus == Some(FocusTarget::Left) {
                response.request_focus();
                state.focus = None;
            }
            if response.clicked() {
                actions.push(Action::OpenDocument(document.id.clone()));
            }
        }
    });
    let edge = ui.max_rect().right();
    ui.painter().vline(edge - 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
}
