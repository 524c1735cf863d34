//! A quote with its speaker before it is marked: one row a part, below the quotation; Enter takes it.

use crate::{
    display::safe::visible,
    model::news,
    ui::{
        action::Action,
        app::App,
        article::{bidi_text::Words, layout::TextStyle, paint::draw_line},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, Area, Frame, Id, Margin, Mesh, Order, RichText, Sense, Stroke, Ui, pos2, vec2};

pub(crate) fn show(ui: &Ui, app: &mut App, theme: &Theme) {
    let (Some(desk), Some(proposing)) = (&app.desk, &app.state.proposing) else { return };
    let Some(view) = desk.view() else { return };
    let project = desk.session.project();
    let height = 76.0 + 30.0 * proposing.rows.len() as f32;
    let place = view.proposed_rect.unwrap_or(view.rect.shrink(40.0));
    let below = place.bottom() + 14.0;
    let y = if below + height <= view.rect.bottom() { below } else { (place.top() - 14.0 - height).max(view.rect.top() + 4.0) };
    let x = view.columns.left.min(view.rect.right() - 452.0).max(view.rect.left() + 4.0);
    let mut actions = Vec::new();
    let (engine, cache) = (&mut app.engine, &mut app.words);
    let area = Area::new(Id::unique("proposal")).order(Order::Middle).fixed_pos(pos2(x, y)).constrain_to(view.rect);
    area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::symmetric(12, 10)).stroke(Stroke::new(1.0, theme.line2)).show(ui, |ui| {
            ui.set_width(440.0_f32.min(view.rect.width() - 32.0));
            ui.style_mut().spacing.item_spacing.y = 2.0;
            let mut words = Words { engine, cache };
            for (key, shown) in &proposing.rows {
                let label = project.labels.get(&news::label(key));
                let name = label.map_or_else(|| "Speaker".to_owned(), |label| visible(&label.name));
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {shown}")));
                if let Some(label) = label {
                    let style = theme.label(Some(label));
                    let mut sample = Mesh::default();
                    draw_line(&mut sample, style.pattern, rect.left(), rect.left() + 16.0, rect.center().y, 1.8, style.line);
                    ui.painter().add(egui::Shape::mesh(sample));
                } else {
                    ui.painter().text(
                        pos2(rect.left() + 8.0, rect.center().y),
                        Align2::CENTER_CENTER,
                        icons::USER,
                        theme::icon(16.0),
                        theme.ink2,
                    );
                }
                widgets::line(
                    ui,
                    rect.with_min_x(rect.left() + 24.0).with_max_x(rect.left() + 136.0),
                    &name,
                    theme::small(),
                    theme.ink3,
                    Align::Min,
                );
                let room = rect.with_min_x(rect.left() + 140.0);
                let style = if label.is_some() { TextStyle::reading(15.0, 22.0) } else { TextStyle::interface(13.0, 500.0) };
                words.line(ui, room, shown, &style, theme.ink);
            }
            ui.add_space(6.0);
            ui.horizontal(|ui| {
                let count = proposing.proposals.len();
                if count > 1 {
                    let shown = format!("{} of {count}", proposing.at + 1);
                    ui.label(RichText::new(shown).font(theme::small()).color(theme.ink3));
                    if widgets::icon_button(ui, theme, icons::CARET_UP, "Previous proposal", &["↑".to_owned()]).clicked() {
                        actions.push(Action::Change { on: false });
                    }
                    if widgets::icon_button(ui, theme, icons::CARET_DOWN, "Next proposal", &["↓".to_owned()]).clicked() {
                        actions.push(Action::Change { on: true });
                    }
                }
                ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                    if widgets::button(ui, theme, "Mark all", &["Enter".to_owned()], Tone::Primary).clicked() {
                        actions.push(Action::Take);
                    }
                    if widgets::button(ui, theme, "Leave", &["Esc".to_owned()], Tone::Quiet).clicked() {
                        actions.push(Action::StepBack);
                    }
                });
            });
        });
    });
    app.actions.extend(actions);
}
