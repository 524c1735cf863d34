//! The labels near a fresh selection: below its last line, above its first where there is no room; never over it, never with focus.

use crate::display::safe::visible;
use crate::text::quotation::quotation_at;
use crate::ui::{
    action::Action,
    action_list::caps_of,
    app::App,
    article::paint::draw_line,
    icons,
    theme::{self, Theme},
    widgets,
};
use egui::{Align2, Area, Frame, Id, Margin, Mesh, Order, Sense, Stroke, Ui, pos2, vec2};

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
    let taken = view.selection();
    let with_speaker = match &app.state.quotation {
        Some((of, found)) if *of == taken => *found,
        _ => {
            let text = desk.index.as_ref().map_or("", |index| &*index.text().content);
            let found = quotation_at(text, taken.start, &(taken.start..taken.start)).is_some();
            app.state.quotation = Some((taken, found));
            found
        }
    };
    let mut speaker_wanted = false;
    let mut chosen = None;
    Area::new(Id::unique("label palette")).order(Order::Middle).fixed_pos(place).constrain_to(view.rect).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(4)).stroke(Stroke::new(1.0, theme.line2)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.style_mut().spacing.item_spacing.x = 2.0;
                for label in labels {
                    let style = theme.label(Some(label));
                    let name = if wide { visible(&label.name) } else { String::new() };
                    let galley = ui.painter().layout_no_wrap(name, theme::medium(13.0), theme.ink);
                    let keys: Vec<String> = [label.hotkey.clone()].into_iter().filter(|key| !key.is_empty()).collect();
                    let caps = widgets::key_caps_width(ui, &keys);
                    let width = 10.0 + 16.0 + 8.0 + galley.size().x + if wide { 8.0 } else { 0.0 } + caps + 6.0;
                    // Focus stays in the text: the palette takes clicks only.
                    let (rect, response) = ui.allocate_exact_size(vec2(width, 32.0), Sense::CLICK);
                    widgets::named(&response, &format!("Label as {}", visible(&label.name)));
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
                if with_speaker {
                    let (line, _) = ui.allocate_exact_size(vec2(9.0, 32.0), Sense::hover());
                    ui.painter().vline(line.center().x, line.shrink(4.0).y_range(), Stroke::new(1.0, theme.line));
                    let name = if wide { "With speaker" } else { "" };
                    let galley = ui.painter().layout_no_wrap(name.to_owned(), theme::medium(13.0), theme.ink);
                    let keys = caps_of(&Action::QuoteWithSpeaker);
                    let width = 34.0 + galley.size().x + if wide { 8.0 } else { 0.0 } + widgets::key_caps_width(ui, &keys) + 6.0;
                    let (rect, response) = ui.allocate_exact_size(vec2(width, 32.0), Sense::CLICK);
                    widgets::named(&response, "Quote with its speaker");
                    if response.hovered() {
                        ui.painter().rect_filled(rect, 6.0, theme.hover2);
                    }
                    let place = pos2(rect.left() + 18.0, rect.center().y);
                    ui.painter().text(place, Align2::CENTER_CENTER, icons::QUOTES, theme::icon(16.0), theme.ink2);
                    ui.painter().galley(pos2(rect.left() + 34.0, rect.center().y - galley.size().y / 2.0), galley, theme.ink);
                    widgets::key_caps(ui, theme, &keys, rect.right() - 6.0, rect.center().y);
                    if response.clicked() {
                        speaker_wanted = true;
                    }
                }
            });
        });
    });
    if speaker_wanted {
        app.actions.push(Action::QuoteWithSpeaker);
    }
    if let Some(label) = chosen {
        app.actions.push(Action::Label(label));
    }
}
