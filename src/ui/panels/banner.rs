//! A line under the document bar that asks for something and waits: it never leaves by itself.

use crate::ui::{
    action::Action,
    app::App,
    icons,
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Align, Layout, Rect, RichText, Stroke, Ui, vec2};

/// What is asked, in which words, and what the buttons do.
#[derive(Debug, Clone)]
pub(crate) struct Banner {
    /// The article that it is about; without one, the project.
    document: Option<crate::model::Id<crate::model::Document>>,
    /// Whether it says that the file is gone or cannot be read.
    of_file: bool,
    words: String,
    buttons: Vec<(&'static str, Action)>,
}

impl Banner {
    /// Asks about the open article, as long as it is open.
    pub(crate) fn of_article(
        document: crate::model::Id<crate::model::Document>,
        words: String,
        button: &'static str,
        action: Action,
    ) -> Self {
        Self { document: Some(document), of_file: false, words, buttons: vec![(button, action)] }
    }

    /// Asks about the project.
    pub(crate) fn of_project(words: String, buttons: Vec<(&'static str, Action)>) -> Self {
        Self { document: None, of_file: false, words, buttons }
    }

    /// Says what is wrong with the project's file, until it is whole again.
    pub(crate) fn of_file(words: String, buttons: Vec<(&'static str, Action)>) -> Self {
        Self { document: None, of_file: true, words, buttons }
    }

    pub(crate) fn is_of_file(&self) -> bool {
        self.of_file
    }

    pub(crate) fn is_of_project(&self) -> bool {
        self.document.is_none()
    }
}

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(banner) = &app.state.banner else { return };
    if banner.document.is_some() && app.desk.as_ref().and_then(|desk| desk.document.as_ref()) != banner.document.as_ref() {
        return;
    }
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 40.0));
    ui.painter().rect_filled(rect, 0.0, theme.accent_soft);
    let mut close = false;
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(16.0);
            ui.label(RichText::new(icons::INFO).font(theme::icon(16.0)).color(theme.accent));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                close |= widgets::icon_button(ui, theme, icons::X, "Close", &[]).clicked();
                for (name, action) in banner.buttons.iter().rev() {
                    if widgets::button(ui, theme, name, &[], Tone::Secondary).clicked() {
                        app.actions.push(action.clone());
                        close = true;
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let words = egui::Label::new(RichText::new(&banner.words).font(theme::body()).color(theme.ink)).truncate();
                    ui.add(words).on_hover_text(&banner.words);
                });
            });
        });
    });
    ui.advance_cursor_after_rect(rect);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    if close {
        app.state.banner = None;
    }
}
