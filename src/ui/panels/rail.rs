//! The left panel folded to icons, where the window is narrow: a click lays the panel over the article.

use crate::ui::{
    action::Action,
    action_list::caps_of,
    app::{App, Side, Tab},
    computed::Computed,
    icons,
    reviewing::Mode,
    theme::{self, Theme},
    widgets,
};
use egui::{Align, Layout, RichText, Stroke, Ui};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(6.0);
        if app.state.mode == Mode::Review {
            let waiting = app.state.reviewing.computed.as_ref().map_or(0, Computed::to_decide);
            let name = format!("Queue: {waiting} to decide");
            if widgets::icon_button(ui, theme, icons::SCALES, &name, &caps_of(&Action::ToggleLeft)).clicked() {
                app.actions.push(Action::ToggleLeft);
            }
            ui.label(RichText::new(waiting.to_string()).font(theme::small()).color(theme.ink2));
            return;
        }
        if widgets::icon_button(ui, theme, icons::FILE_TEXT, "Articles", &caps_of(&Action::ToggleLeft)).clicked() {
            app.actions.push(Action::ToggleLeft);
        }
        if widgets::icon_button(ui, theme, icons::DETECTIVE, "Sources", &caps_of(&Action::ToggleLeft)).clicked() {
            app.actions.push(Action::ToggleLeft);
        }
        for (icon, name, tab) in
            [(icons::LIST_BULLETS, "All annotations", Tab::Annotations), (icons::WARNING_CIRCLE, "All issues", Tab::Issues)]
        {
            if widgets::icon_button(ui, theme, icon, name, &[]).clicked() {
                app.state.tab = tab;
                app.state.open_side(Side::Right);
            }
        }
    });
    let edge = ui.max_rect().right();
    ui.painter().vline(edge - 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
}
