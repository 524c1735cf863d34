//! A line under the document bar that asks for something and waits: it never leaves by itself.

use crate::ui::{
    action::Action,
    app::App,
    icons,
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Align, Layout, Rect, RichText, Stroke, Ui, vec2};

/// What is asked: of which article, in which words, and what the button does.
#[derive(Debug, Clone)]
pub(crate) struct Banner {
    pub(crate) document: crate::model::Id<crate::model::Document>,
    pub(crate) words: String,
    pub(crate) button: &'static str,
    pub(crate) action: Action,
}

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(banner) = &app.state.banner else { return };
    if app.desk.as_ref().and_then(|desk| desk.document.as_ref()) != Some(&banner.document) {
        return;
    }
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 40.0));
    ui.painter().rect_filled(rect, 0.0, theme.accent_soft);
    let mut close = false;
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(16.0);
            ui.label(RichText::new(icons::INFO).font(theme::icon(16.0)).color(theme.accent));
            ui.label(RichText::new(&banner.words).font(theme::body()).color(theme.ink));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                close |= widgets::icon_button(ui, theme, icons::X, "Close", &[]).clicked();
                if widgets::button(ui, theme, banner.button, &[], Tone::Secondary).clicked() {
                    app.actions.push(banner.action.clone());
                    close = true;
                }
            });
        });
    });
    ui.advance_cursor_after_rect(rect);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    if close {
        app.state.banner = None;
    }
}
