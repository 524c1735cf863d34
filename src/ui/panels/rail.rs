//! The left panel folded to icons, where the window is narrow: a click lays the panel over the article.

use crate::ui::{
    action::Action,
    action_list::caps_of,
    app::{App, Side, Tab},
    icons,
    theme::Theme,
    widgets,
};
use egui::{Align, Layout, Stroke, Ui};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(6.0);
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
