//! The labels near a fresh selection: below its last line, above its first where there is no room; never over it, never with focus.

use crate::ui::{
    action::Action,
    app::App,
    article::paint::draw_line,
    theme::{self, Theme},
    widgets,
};
use egui::{Area, Frame, Id, Margin, Mesh, Order, Sense, Stroke, Ui, pos2, vec2};

pub(crate) fn show(ui: &Ui, app: &mut App, theme: &Theme) {
    if !app.state.fresh_selection || app.state.dialog.is_some() {
        return;
    }
    let Some(desk) = &app.desk else { return };
    let Some(view) = desk.view() else { return };
    let Some(selection) = view.selection_rect.filter(|_| !view.selection().is_empty()) else { return };
    if view.is_dragging() {
        return;
    }
    let labels = desk.session.project().labels_in_order();
    let wide = view.rect.width() >= 736.0;
    let below = selection.bottom() + 14.0;
    let above = selection.top() - 14.0 - 40.0;
    let y = if below + 48.0 <= view.rect.bottom() || above < view.rect.top() { below.min(view.rect.bottom() - 48.0) } else { above };
    let place = pos2(view.columns.left, y);
    let mut chosen = None;
    Area::new(Id::unique("label palette")).order(Order::Middle).fixed_pos(place).constrain_to(view.rect).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(4)).stroke(Stroke::new(1.0, theme.line2)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.style_mut().spacing.item_spacing.x = 2.0;
                for label in labels {
                    let style = theme.label(Some(label));
                    let name = if wide { label.name.clone() } else { String::new() };
                    let galley = ui.painter().layout_no_wrap(name, theme::medium(13.0), theme.ink);
                    let keys: Vec<String> = [label.hotkey.clone()].into_iter().filter(|key| !key.is_empty()).collect();
                    let caps = widgets::key_caps_width(ui, &keys);
                    let width = 10.0 + 16.0 + 8.0 + galley.size().x + if wide { 8.0 } else { 0.0 } + caps + 6.0;
                    // Focus stays in the text: the palette takes clicks only.
                    let (rect, response) = ui.allocate_exact_size(vec2(width, 32.0), Sense::CLICK);
                    widgets::named(&response, &format!("Label as {}", label.name));
                    if response.hovered() {
                        ui.painter().rect_filled(rect, 6.0, theme.hover2);
                    }
                    let mut sample = Mesh::default();
                    draw_line(&mut sample, style.pattern, rect.left() + 10.0, rect.left() + 26.0, rect.center().y, 1.8, style.line);
                    ui.painter().add(egui::Shape::mesh(sample));
                    ui.painter().galley(pos2(rect.left() + 34.0, rect.center().y - galley.size().y / 2.0), galley, theme.ink);
                    widgets::key_caps(ui, theme, &keys, rect.right() - 6.0, rect.center().y);
                    if response.clicked() {
                        chosen = Some(label.id.clone());
                    }
                    if !wide {
                        response.on_hover_text(&label.name);
                    }
                }
            });
        });
    });
    if let Some(label) = chosen {
        app.actions.push(Action::Label(label));
    }
}
