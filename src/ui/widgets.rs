//! Small controls in the window's own look: key caps, buttons, rows. Every one has an accessible name.

use super::{
    icons,
    theme::{self, Theme},
};
use crate::display::safe::brief;
use egui::{Align2, Color32, CornerRadius, FontId, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Draws the caps of a shortcut so that they end at `right`; gives where they begin.
pub(crate) fn key_caps(ui: &Ui, theme: &Theme, keys: &[String], right: f32, middle: f32) -> f32 {
    let mut x = right;
    for key in keys.iter().rev() {
        let galley = ui.painter().layout_no_wrap(key.clone(), theme::medium(11.0), theme.ink2);
        let width = (galley.size().x + 10.0).max(18.0);
        let cap = Rect::from_min_max(pos2(x - width, middle - 9.0), pos2(x, middle + 9.0));
        ui.painter().rect(cap, CornerRadius::same(4), theme.raised, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
        ui.painter().galley(cap.center() - galley.size() / 2.0, galley, theme.ink2);
        x -= width + 4.0;
    }
    x
}

/// The width that [`key_caps`] will take.
pub(crate) fn key_caps_width(ui: &Ui, keys: &[String]) -> f32 {
    keys.iter()
        .map(|key| (ui.painter().layout_no_wrap(key.clone(), theme::medium(11.0), Color32::WHITE).size().x + 10.0).max(18.0) + 4.0)
        .sum()
}

/// The ring that shows where the keyboard is; drawn after a key, not after a click.
pub(crate) fn focus_ring(ui: &Ui, theme: &Theme, response: &Response, radius: u8) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            response.rect.expand(1.0),
            CornerRadius::same(radius + 1),
            Stroke::new(2.0, theme.accent),
            StrokeKind::Outside,
        );
    }
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Ends the task.
    Primary,
    /// The usual one.
    Secondary,
    /// Without edge.
    Quiet,
}

/// A button with its key on it.
pub(crate) fn button(ui: &mut Ui, theme: &Theme, name: &str, keys: &[String], tone: Tone) -> Response {
    let name = &*brief(name);
    let (fill, ink) = match tone {
        Tone::Primary => (theme.primary, theme.on_primary),
        Tone::Secondary => (theme.raised, theme.ink),
        Tone::Quiet => (Color32::TRANSPARENT, theme.ink),
    };
    let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::medium(13.0), ink);
    let caps = key_caps_width(ui, keys);
    let size = vec2(galley.size().x + 22.0 + if caps > 0.0 { caps + 4.0 } else { 0.0 }, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    named(&response, name);
    let fill = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) if tone != Tone::Primary => theme.pressed,
        (_, true) if tone != Tone::Primary => theme.hover2,
        _ => fill,
    };
    let edge = if tone == Tone::Secondary { Stroke::new(1.0, theme.line2) } else { Stroke::NONE };
    ui.painter().rect(rect, CornerRadius::same(6), fill, edge, StrokeKind::Inside);
    ui.painter().galley(pos2(rect.left() + 11.0, rect.center().y - galley.size().y / 2.0), galley, ink);
    key_caps(ui, theme, keys, rect.right() - 8.0, rect.center().y);
    focus_ring(ui, theme, &response, 6);
    response
}

/// A square button with an icon; its name is in the tooltip.
pub(crate) fn icon_button(ui: &mut Ui, theme: &Theme, icon: char, name: &str, keys: &[String]) -> Response {
    let name = &*brief(name);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(28.0), Sense::click());
    named(&response, name);
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(6), theme.hover);
    }
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, theme::icon(16.0), theme.ink2);
    focus_ring(ui, theme, &response, 6);
    let keys = keys.join(" ");
    response.on_hover_text(if keys.is_empty() { name.to_owned() } else { format!("{name}   {keys}") })
}

/// A row of a list: fills the width, is clicked as a whole. `draw` paints into its rectangle.
pub(crate) fn row(
    ui: &mut Ui,
    theme: &Theme,
    id: Id,
    height: f32,
    name: &str,
    selected: bool,
    draw: impl FnOnce(&mut Ui, Rect),
) -> Response {
    let name = &*brief(name);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, name));
    if ui.is_rect_visible(rect) {
        if selected {
            ui.painter().rect_filled(rect, 0.0, theme.selected);
            ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, theme.accent);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0.0, theme.hover);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(rect.shrink(1.0), 2.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
        }
        draw(ui, rect);
    }
    response
}

/// Gives a control that draws itself its name for screen readers and tests.
pub(crate) fn named(response: &Response, name: &str) {
    let name = &*brief(name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
}

/// One line of interface text, cut with an ellipsis.
pub(crate) fn line(ui: &Ui, rect: Rect, words: &str, font: FontId, colour: Color32, align: egui::Align) {
    let words = &*brief(words);
    let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width());
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let x = match align {
        egui::Align::Min => rect.left(),
        egui::Align::Center => rect.center().x - galley.size().x / 2.0,
        egui::Align::Max => rect.right() - galley.size().x,
    };
    ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, colour);
}

/// Icon, line and sentences for a place with nothing in it.
pub(crate) fn empty_state(ui: &mut Ui, theme: &Theme, icon: char, line: &str, hint: &str) {
    ui.vertical_centered(|ui| {
        ui.add_space(48.0);
        ui.set_max_width((ui.available_width() - 32.0).min(280.0));
        ui.label(egui::RichText::new(icon).font(theme::icon(32.0)).color(theme.ink3));
        ui.add_space(8.0);
        ui.label(egui::RichText::new(line).font(theme::serif(20.0)).color(theme.ink));
        ui.add_space(4.0);
        ui.label(egui::RichText::new(hint).font(theme::body()).color(theme.ink2));
    });
}

/// The head of a panel section.
pub(crate) fn section(ui: &mut Ui, theme: &Theme, title: &str, more: &str) {
    let title = &*brief(title);
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(title).font(theme::semibold(12.0)).color(theme.ink2));
        if !more.is_empty() {
            ui.label(egui::RichText::new(more).font(theme::small()).color(theme.ink3));
        }
    });
}

/// A search field with its icon.
pub(crate) fn search_field(ui: &mut Ui, theme: &Theme, id: Id, words: &mut String, hint: &str) -> Response {
    let response = ui.add(
        egui::TextEdit::singleline(words)
            .id(id)
            .hint_text(egui::RichText::new(hint).color(theme.ink3))
            .desired_width(f32::INFINITY)
            .margin(egui::Margin { left: 28, right: 8, top: 6, bottom: 6 }),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, hint));
    let place = pos2(response.rect.left() + 15.0, response.rect.center().y);
    ui.painter().text(place, Align2::CENTER_CENTER, icons::MAGNIFYING_GLASS, theme::icon(14.0), theme.ink3);
    response
}

/// The width of a line of interface text.
pub(crate) fn line_width(ui: &Ui, words: &str, font: FontId) -> f32 {
    let words = &*brief(words);
    ui.painter().layout_no_wrap(words.to_owned(), font, Color32::WHITE).size().x
}

/// A check box in a place of its own.
pub(crate) fn check_box(ui: &Ui, theme: &Theme, id: Id, rect: Rect, on: bool, enabled: bool, name: &str) -> Response {
    let name = &*brief(name);
    let response = ui.interact(rect, id, if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, name));
    let square = Rect::from_center_size(rect.center(), Vec2::splat(15.0));
    let edge = if enabled { theme.control } else { theme.line2 };
    if on {
        ui.painter().rect_filled(square, CornerRadius::same(4), theme.primary);
        ui.painter().text(square.center(), Align2::CENTER_CENTER, icons::CHECK, theme::icon(12.0), theme.on_primary);
    } else {
        let fill = if response.hovered() && enabled { theme.hover2 } else { theme.raised };
        ui.painter().rect(square, CornerRadius::same(4), fill, Stroke::new(1.5, edge), StrokeKind::Inside);
    }
    focus_ring(ui, theme, &response, 4);
    response
}

/// A check box with its name.
pub(crate) fn check(ui: &mut Ui, theme: &Theme, on: bool, name: &str) -> Response {
    let name = &*brief(name);
    let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::body(), theme.ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 24.0, 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, name));
    let square = Rect::from_center_size(pos2(rect.left() + 9.0, rect.center().y), Vec2::splat(15.0));
    if on {
        ui.painter().rect_filled(square, CornerRadius::same(4), theme.primary);
        ui.painter().text(square.center(), Align2::CENTER_CENTER, icons::CHECK, theme::icon(12.0), theme.on_primary);
    } else {
        let fill = if response.hovered() { theme.hover2 } else { theme.raised };
        ui.painter().rect(square, CornerRadius::same(4), fill, Stroke::new(1.5, theme.control), StrokeKind::Inside);
    }
    ui.painter().galley(pos2(rect.left() + 24.0, rect.center().y - galley.size().y / 2.0), galley, theme.ink);
    focus_ring(ui, theme, &response, 4);
    response
}

/// One of a few that exclude each other.
pub(crate) fn segment(ui: &mut Ui, theme: &Theme, name: &str, on: bool) -> Response {
    let name = &*brief(name);
    let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::medium(13.0), if on { theme.ink } else { theme.ink2 });
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 22.0, 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, name));
    let (fill, edge) = match (on, response.hovered()) {
        (true, _) => (theme.raised, Stroke::new(1.0, theme.line2)),
        (false, true) => (theme.hover2, Stroke::NONE),
        (false, false) => (theme.hover, Stroke::NONE),
    };
    ui.painter().rect(rect, CornerRadius::same(6), fill, edge, StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, theme.ink);
    focus_ring(ui, theme, &response, 6);
    response
}
