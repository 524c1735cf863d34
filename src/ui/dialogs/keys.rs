//! The key sheet: every action with its key, by task.

use crate::ui::{
    action_list::{ACTIONS, Shortcut, Task},
    app::App,
    theme::{self, Theme},
    widgets,
};
use egui::{Align, Id, RichText, ScrollArea, Sense, Stroke, Ui, vec2};

pub(super) fn show(ui: &mut Ui, app: &App, theme: &Theme, filter: &mut String, fresh: bool) -> bool {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Keys").font(theme::semibold(16.0)).color(theme.ink));
        ui.label(RichText::new("Every action and its key").font(theme::body()).color(theme.ink3));
        ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
            let right = ui.max_rect().right();
            widgets::key_caps(ui, theme, &["Esc".to_owned()], right, ui.max_rect().center().y);
            ui.add_space(48.0);
            ui.scope(|ui| {
                ui.set_max_width(220.0);
                let field = widgets::search_field(ui, theme, Id::unique("filter keys"), filter, "Filter keys");
                if fresh {
                    field.request_focus();
                }
            });
        });
    });
    ui.add_space(8.0);
    let needle = filter.trim().to_lowercase();
    let fits = |name: &str| name.to_lowercase().contains(&needle);
    let room = ui.ctx().content_rect().height() - 160.0;
    ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| {
        let columns = if ui.available_width() > 900.0 {
            3
        } else if ui.available_width() > 560.0 {
            2
        } else {
            1
        };
        let share: &[&[Task]] = match columns {
            3 => &[&[Task::Select, Task::Move], &[Task::Label, Task::File], &[Task::View, Task::Everywhere, Task::Help]],
            2 => &[&[Task::Select, Task::Move, Task::Label], &[Task::File, Task::View, Task::Everywhere, Task::Help]],
            _ => &[&Task::ALL],
        };
        ui.style_mut().spacing.item_spacing.x = 36.0;
        ui.columns(columns, |columns| {
            for (ui, tasks) in columns.iter_mut().zip(share) {
                for task in *tasks {
                    section(ui, app, theme, *task, &fits);
                }
            }
        });
    });
    true
}

fn section(ui: &mut Ui, app: &App, theme: &Theme, task: Task, fits: &dyn Fn(&str) -> bool) {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    if task == Task::Label
        && let Some(desk) = &app.desk
    {
        let labels = desk.session.project().labels_in_order();
        rows.extend(
            labels.into_iter().filter(|label| !label.hotkey.is_empty()).map(|label| (label.name.clone(), vec![label.hotkey.clone()])),
        );
    }
    let listed = ACTIONS.iter().filter(|row| row.task == task);
    rows.extend(listed.map(|row| (row.name.to_owned(), row.shortcuts.first().map(Shortcut::caps).unwrap_or_default())));
    rows.retain(|(name, _)| fits(name));
    if rows.is_empty() {
        return;
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    ui.label(RichText::new(task.name()).font(theme::semibold(13.0)).color(theme.ink));
    ui.add_space(6.0);
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(line.x_range(), line.center().y, Stroke::new(1.0, theme.line));
    ui.add_space(4.0);
    for (name, keys) in rows {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {}", keys.join(" "))));
        let caps = widgets::key_caps(ui, theme, &keys, rect.right(), rect.center().y);
        widgets::line(ui, rect.with_max_x(caps - 8.0), &name, theme::body(), theme.ink2, Align::Min);
    }
    ui.add_space(16.0);
}
