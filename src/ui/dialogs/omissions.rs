//! What looks like no article, to be confirmed stretch by stretch; and how far a large edit is.

use super::heading;
use crate::ui::{
    action::Action,
    app::App,
    article::{bidi_text::Words, layout::TextStyle},
    omitting::Stretch,
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Id, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::sync::atomic::Ordering;

pub(super) fn confirm(ui: &mut Ui, app: &mut App, theme: &Theme, found: &[Stretch], chosen: &mut [bool]) -> bool {
    heading(ui, theme, "Not part of the article?");
    ui.label(
        RichText::new("These stretches are dimmed and left out of search, counts and proposals. The text itself stays as it is.")
            .color(theme.ink2),
    );
    ui.add_space(8.0);
    ScrollArea::vertical().max_height(360.0).auto_shrink([false, true]).show(ui, |ui| {
        for (at, (stretch, chosen)) in found.iter().zip(chosen.iter_mut()).enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click());
            let name = format!("{}: {}", stretch.why, crate::check::spans::shorten(&stretch.words));
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, *chosen, &name));
            if response.hovered() {
                ui.painter().rect_filled(rect, 6.0, theme.hover2);
            }
            let place = Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(18.0, 18.0));
            let mut clicked =
                widgets::check_box(ui, theme, Id::unique(("omission", at)), place, *chosen, true, &format!("Leave out {name}")).clicked();
            clicked |= response.clicked();
            if clicked {
                *chosen = !*chosen;
            }
            let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
            let room = rect.with_min_x(rect.left() + 34.0).with_max_y(rect.center().y + 2.0);
            words.line(ui, room, &stretch.words, &TextStyle::reading(15.0, 22.0), theme.ink);
            let size = crate::display::line::count(stretch.ranges.char_count(), "character");
            let below = rect.with_min_x(rect.left() + 34.0).with_min_y(rect.center().y + 2.0);
            widgets::line(ui, below, &format!("{}, {size}", stretch.why), theme::small(), theme.ink3, egui::Align::Min);
        }
    });
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal(|ui| {
        let taken: Vec<_> = found
            .iter()
            .zip(chosen.iter())
            .filter(|(_, chosen)| **chosen)
            .map(|(stretch, _)| (stretch.ranges.clone(), stretch.why))
            .collect();
        let enter = ui.input(|input| input.key_pressed(egui::Key::Enter));
        if !taken.is_empty() {
            let name = format!("Leave out {}", taken.len());
            if widgets::button(ui, theme, &name, &["Enter".to_owned()], Tone::Primary).clicked() || enter {
                app.actions.push(Action::OmitAll(taken));
                stays = false;
            }
        }
        stays &= !widgets::button(ui, theme, "All of it is article", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

/// A large edit at work: how far it is, and the way to stop it. It stays until the work is over.
pub(super) fn working(ui: &mut Ui, app: &mut App, theme: &Theme) -> bool {
    let Some(progress) = app.working.clone() else { return false };
    heading(ui, theme, &format!("{}…", progress.what));
    let done = progress.done.load(Ordering::Relaxed).min(progress.of);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, format!("{done} of {}", progress.of)));
    ui.painter().rect_filled(rect, 4.0, theme.pressed);
    let share = done as f32 / progress.of.max(1) as f32;
    ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(rect.width() * share, rect.height())), 4.0, theme.accent);
    ui.add_space(4.0);
    ui.label(
        RichText::new(format!("{done} of {}. Stopping leaves everything as it was.", progress.of)).font(theme::small()).color(theme.ink2),
    );
    ui.add_space(12.0);
    if widgets::button(ui, theme, "Stop", &["Esc".to_owned()], Tone::Secondary).clicked() {
        app.actions.push(Action::CancelWork);
    }
    true
}
