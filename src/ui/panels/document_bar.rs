//! The bar above the article: its title, its status, the size of its text.

use crate::{
    edit::{Command, DocumentField},
    model::Status,
    ui::{
        action::Action,
        action_list::caps_of,
        app::App,
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets,
    },
};
use egui::{Align, Layout, Rect, RichText, Stroke, Ui, pos2, vec2};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(record) = app.desk.as_ref().and_then(|desk| desk.open_record()).cloned() else { return };
    let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 40.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect), |ui| {
        let title = Rect::from_min_max(pos2(rect.left() + 16.0, rect.top()), pos2(rect.right() - 200.0, rect.bottom()));
        let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
        let style = TextStyle::interface(13.0, 500.0);
        let scale = ui.pixels_per_point();
        // A right-to-left title stands at the left here, where the eye looks for it.
        let width = words.engine.layout(&record.title, &style, super::super::article::layout::UNBOUNDED, scale, None).size.x;
        words.line(ui, title.with_max_x(title.right().min(title.left() + width + 1.0)), &record.title, &style, theme.ink);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            ui.style_mut().spacing.item_spacing.x = 4.0;
            if widgets::icon_button(ui, theme, icons::PLUS, "Text larger", &caps_of(&Action::TextSize(1))).clicked() {
                app.actions.push(Action::TextSize(1));
            }
            if widgets::icon_button(ui, theme, icons::MINUS, "Text smaller", &caps_of(&Action::TextSize(-1))).clicked() {
                app.actions.push(Action::TextSize(-1));
            }
            if widgets::icon_button(ui, theme, icons::LIST, "Line spacing", &[]).clicked() {
                app.actions.push(Action::LineSpacing);
            }
            let (icon, name) = match record.status {
                Status::New => (icons::CIRCLE_DASHED, "New"),
                Status::InProgress => (icons::CIRCLE_HALF, "In progress"),
                Status::Done => (icons::CHECK_CIRCLE, "Done"),
            };
            let mut job = egui::text::LayoutJob::default();
            job.append(&icon.to_string(), 0.0, egui::TextFormat { font_id: theme::icon(14.0), color: theme.ink2, ..Default::default() });
            job.append(name, 6.0, egui::TextFormat { font_id: theme::small(), color: theme.ink2, ..Default::default() });
            let menu = ui.menu_button(job, |ui| {
                for (status, name) in [(Status::New, "New"), (Status::InProgress, "In progress"), (Status::Done, "Done")] {
                    if ui.selectable_label(record.status == status, RichText::new(name)).clicked() {
                        let value = status.word().to_owned();
                        app.actions.push(Action::Edit(Command::SetDocument {
                            document: record.id.clone(),
                            field: DocumentField::Status,
                            value,
                        }));
                        ui.close();
                    }
                }
            });
            menu.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Status: {name}")));
        });
    });
    ui.advance_cursor_after_rect(rect);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
}
