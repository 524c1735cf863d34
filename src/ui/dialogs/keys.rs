//! The key sheet: every action with its key, by task.

use crate::display::safe::visible;
use crate::ui::{
    action::Action,
    action_list::{ACTIONS, Row, Task},
    app::App,
    keymap::{self, Press, Shortcut},
    theme::{self, Theme},
    widgets,
};
use egui::{Align, Id, Key, RichText, ScrollArea, Sense, Stroke, Ui, vec2};

pub(super) fn show(
    ui: &mut Ui,
    app: &mut App,
    theme: &Theme,
    filter: &mut String,
    waiting: &mut Option<&'static str>,
    refused: &mut Option<String>,
    fresh: bool,
) -> bool {
    if let Some(row) = *waiting {
        wait_for_key(ui, app, row, waiting, refused);
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new("Keys").font(theme::semibold(16.0)).color(theme.ink));
        match (&waiting, &refused) {
            (Some(row), _) => ui.label(
                RichText::new(format!("Press the key for: {row}. Backspace takes it away, Esc leaves it."))
                    .font(theme::body())
                    .color(theme.accent),
            ),
            (None, Some(refused)) => ui.label(RichText::new(refused.as_str()).font(theme::body()).color(theme.block)),
            (None, None) => ui.label(RichText::new("Click a row to change its key").font(theme::body()).color(theme.ink3)),
        };
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
    if !app.settings.keys.is_empty() {
        ui.horizontal(|ui| {
            if widgets::button(ui, theme, "All keys as they were", &[], widgets::Tone::Quiet).clicked() {
                app.actions.push(Action::ResetKeys);
            }
            let mut letters = app.settings.letter_keys;
            if widgets::check(ui, theme, letters, "Letters act in the text").clicked() {
                letters = !letters;
            }
            app.settings.letter_keys = letters;
        });
    }
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
                    section(ui, app, theme, *task, &fits, waiting, refused);
                }
            }
        });
    });
    true
}

/// Takes the next key that is pressed for a row, unless something else has it.
fn wait_for_key(ui: &Ui, app: &mut App, row: &'static str, waiting: &mut Option<&'static str>, refused: &mut Option<String>) {
    let events = ui.input(|input| input.events.clone());
    for event in &events {
        let Some(shortcut) = Shortcut::pressed(event) else { continue };
        *waiting = None;
        if shortcut.press == Press::Key(Key::Backspace) && !shortcut.command && !shortcut.alt {
            app.actions.push(Action::RebindKey { row, shortcut: None });
            return;
        }
        let labels: Vec<(String, String)> = app.desk.as_ref().map_or_else(Vec::new, |desk| {
            desk.session.project().labels_in_order().into_iter().map(|label| (label.hotkey.clone(), visible(&label.name))).collect()
        });
        *refused = keymap::holder(&shortcut, row, &labels)
            .map(|holder| format!("{} is the key of: {holder}. Nothing was changed.", shortcut.caps().join(" ")));
        if refused.is_none() {
            app.actions.push(Action::RebindKey { row, shortcut: Some(shortcut) });
        }
        return;
    }
}

fn section(
    ui: &mut Ui,
    app: &App,
    theme: &Theme,
    task: Task,
    fits: &dyn Fn(&str) -> bool,
    waiting: &mut Option<&'static str>,
    refused: &mut Option<String>,
) {
    let mut rows: Vec<(String, Vec<String>, Option<&'static Row>)> = Vec::new();
    if task == Task::Label
        && let Some(desk) = &app.desk
    {
        let labels = desk.session.project().labels_in_order();
        let keyed = labels.into_iter().filter(|label| !label.hotkey.is_empty());
        rows.extend(keyed.map(|label| (visible(&label.name), vec![label.hotkey.clone()], None)));
    }
    rows.extend(ACTIONS.iter().filter(|row| row.task == task).map(|row| (row.name.to_owned(), row.caps(), Some(row))));
    rows.retain(|(name, ..)| fits(name));
    if rows.is_empty() {
        return;
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    ui.label(RichText::new(task.name()).font(theme::semibold(13.0)).color(theme.ink));
    ui.add_space(6.0);
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(line.x_range(), line.center().y, Stroke::new(1.0, theme.line));
    ui.add_space(4.0);
    for (name, keys, row) in rows {
        // Escape and Enter always keep their work.
        let row = row.filter(|row| !matches!(row.action, Action::StepBack | Action::ToInspector));
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), 26.0), if row.is_some() { Sense::click() } else { Sense::hover() });
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, row.is_some(), format!("{name}: {}", keys.join(" "))));
        let is_waiting = row.is_some_and(|row| *waiting == Some(row.name));
        if is_waiting || (row.is_some() && response.hovered()) {
            ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), 6.0, if is_waiting { theme.selected } else { theme.hover2 });
        }
        let caps = widgets::key_caps(ui, theme, &keys, rect.right(), rect.center().y);
        let ink = if row.is_some_and(keymap::is_changed) { theme.accent } else { theme.ink2 };
        widgets::line(ui, rect.with_max_x(caps - 8.0), &name, theme::body(), ink, Align::Min);
        widgets::focus_ring(ui, theme, &response, 4);
        if let (Some(row), true) = (row, response.clicked()) {
            (*waiting, *refused) = (Some(row.name), None);
        }
    }
    ui.add_space(16.0);
}
