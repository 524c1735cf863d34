//! The bar at the top: mark, menus, the field that finds everything, the switch of the right panel.

use crate::ui::{
    action::Action,
    action_list::{ACTIONS, Row, Task, caps_of},
    app::App,
    icons,
    reviewing::Mode,
    theme::{self, Theme},
    widgets,
};
use egui::{Align, Frame, Layout, Margin, Rect, Sense, Stroke, Ui, pos2, vec2};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let frame = Frame::new().fill(theme.bar).inner_margin(Margin::symmetric(12, 0));
    egui::Panel::top("top bar").show_separator_line(false).exact_size(44.0).frame(frame).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            mark(ui, theme, 7.0);
            ui.add_space(8.0);
            ui.style_mut().spacing.item_spacing.x = 2.0;
            flat(ui, theme);
            let wide = ui.available_width() > 960.0;
            if wide {
                for (name, tasks) in MENUS {
                    ui.menu_button(egui::RichText::new(*name).font(theme::body()).color(theme.ink2), |ui| menu(ui, app, theme, tasks));
                }
            } else {
                let button = egui::RichText::new(icons::LIST).font(theme::icon(16.0)).color(theme.ink2);
                ui.menu_button(button, |ui| {
                    for (name, tasks) in MENUS {
                        ui.menu_button(*name, |ui| menu(ui, app, theme, tasks));
                    }
                })
                .response
                .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Menu"));
            }
            if app.desk.is_some() {
                modes(ui, app, theme);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.style_mut().spacing.item_spacing.x = 8.0;
                if app.desk.is_some()
                    && widgets::icon_button(ui, theme, icons::SIDEBAR_SIMPLE, "Show or hide the inspector", &caps_of(&Action::ToggleRight))
                        .clicked()
                {
                    app.actions.push(Action::ToggleRight);
                }
                if wide {
                    command_field(ui, app, theme);
                } else if widgets::icon_button(ui, theme, icons::MAGNIFYING_GLASS, "Search or run", &caps_of(&Action::Palette)).clicked() {
                    app.actions.push(Action::Palette);
                }
            });
        });
        let bottom = ui.max_rect().bottom();
        ui.painter().hline(ui.clip_rect().x_range(), bottom, Stroke::new(1.0, theme.line));
    });
}

/// Annotate and review, in the middle of the bar where there is room.
fn modes(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let waiting = app.state.reviewing.computed.as_ref().map_or(0, crate::ui::computed::Computed::to_decide);
    let review = if waiting > 0 { format!("Review {waiting}") } else { "Review".to_owned() };
    let middle = ui.ctx().content_rect().center().x - 90.0;
    let gap = (middle - ui.cursor().left()).max(8.0);
    ui.add_space(gap);
    for (mode, name, spoken) in [(Mode::Annotate, "Annotate", "Annotate"), (Mode::Review, review.as_str(), "Review")] {
        let on = app.state.mode == mode;
        let response = widgets::segment(ui, theme, name, on);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, format!("Mode: {spoken}")));
        if response.clicked() {
            app.actions.push(Action::Mode(mode));
        }
        response.on_hover_text(caps_of(&Action::Mode(mode)).join(" "));
    }
}

/// Menus and the tasks whose actions they hold.
const MENUS: &[(&str, &[Task])] = &[
    ("File", &[Task::File]),
    ("Edit", &[Task::Everywhere]),
    ("Select", &[Task::Select, Task::Move]),
    ("Label", &[Task::Label]),
    ("View", &[Task::View]),
    ("Help", &[Task::Help]),
];

fn menu(ui: &mut Ui, app: &mut App, theme: &Theme, tasks: &[Task]) {
    ui.set_width(330.0);
    ui.style_mut().spacing.item_spacing.y = 0.0;
    for (at, task) in tasks.iter().enumerate() {
        if at > 0 {
            ui.separator();
        }
        if *task == Task::Label
            && let Some(desk) = &app.desk
        {
            for (number, label) in desk.session.project().labels_in_order().into_iter().enumerate() {
                let keys: Vec<String> = [label.hotkey.clone()].into_iter().filter(|key| !key.is_empty()).collect();
                if menu_row(ui, theme, icons::HIGHLIGHTER, &label.name, &keys, None) {
                    app.actions.push(Action::LabelNumber(number));
                    ui.close();
                }
            }
            ui.separator();
        }
        for row in ACTIONS.iter().filter(|row| row.task == *task) {
            let name = full_name(row, app);
            let keys = row.caps();
            if menu_row(ui, theme, row.icon, &name, &keys, (row.blocked)(app.desk.as_ref())) {
                app.actions.push(row.action.clone());
                ui.close();
            }
        }
    }
}

/// Undo and redo say what they would do.
fn full_name(row: &Row, app: &App) -> String {
    let history = app.desk.as_ref().map(|desk| desk.session.history());
    let title = match row.action {
        Action::Undo => history.and_then(crate::edit::History::undo_title),
        Action::Redo => history.and_then(crate::edit::History::redo_title),
        _ => None,
    };
    title.map_or_else(|| row.name.to_owned(), |title| format!("{} {title}", row.name))
}

/// A row of a menu, 28 high, its key at the right; says in its tooltip why it cannot be done.
fn menu_row(ui: &mut Ui, theme: &Theme, icon: char, name: &str, keys: &[String], blocked: Option<&str>) -> bool {
    let name = &*crate::display::safe::brief(name);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    let enabled = blocked.is_none();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
    let ink = if enabled { theme.ink } else { theme.disabled };
    if enabled && (response.hovered() || response.has_focus()) {
        ui.painter().rect_filled(rect, 6.0, theme.hover2);
    }
    ui.painter().text(
        pos2(rect.left() + 16.0, rect.center().y),
        egui::Align2::CENTER_CENTER,
        icon,
        theme::icon(16.0),
        if enabled { theme.ink2 } else { theme.disabled },
    );
    let caps = widgets::key_caps(ui, theme, keys, rect.right() - 8.0, rect.center().y);
    let words = Rect::from_min_max(pos2(rect.left() + 32.0, rect.top()), pos2(caps - 12.0, rect.bottom()));
    widgets::line(ui, words, name, theme::body(), ink, Align::Min);
    let clicked = response.clicked() && enabled;
    if let Some(reason) = blocked {
        response.on_hover_text(reason);
    }
    clicked
}

/// Menu buttons without edge or fill until the pointer is over them.
fn flat(ui: &mut Ui, theme: &Theme) {
    let widgets = &mut ui.style_mut().visuals.widgets;
    for (widget, fill) in [
        (&mut widgets.inactive, egui::Color32::TRANSPARENT),
        (&mut widgets.hovered, theme.hover),
        (&mut widgets.active, theme.pressed),
        (&mut widgets.open, theme.hover),
    ] {
        (widget.bg_fill, widget.weak_bg_fill, widget.bg_stroke) = (fill, fill, Stroke::NONE);
    }
}

/// The ring with a disc inside.
pub(crate) fn mark(ui: &mut Ui, theme: &Theme, radius: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(radius * 2.0 + 2.0, radius * 2.0 + 2.0), Sense::hover());
    ui.painter().circle_stroke(rect.center(), radius - radius / 7.0, Stroke::new(radius * 2.0 / 7.0, theme.ink));
    ui.painter().circle_filled(rect.center(), radius * 3.0 / 7.0, theme.ink);
}

/// Looks like a field, opens the command palette.
fn command_field(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(248.0, 28.0), Sense::click());
    widgets::named(&response, "Search or run…");
    let fill = if response.hovered() { theme.hover2 } else { theme.raised };
    ui.painter().rect(rect, 6.0, fill, Stroke::new(1.0, theme.line2), egui::StrokeKind::Inside);
    ui.painter().text(
        pos2(rect.left() + 16.0, rect.center().y),
        egui::Align2::CENTER_CENTER,
        icons::MAGNIFYING_GLASS,
        theme::icon(16.0),
        theme.ink3,
    );
    ui.painter().text(pos2(rect.left() + 32.0, rect.center().y), egui::Align2::LEFT_CENTER, "Search or run…", theme::body(), theme.ink3);
    widgets::key_caps(ui, theme, &caps_of(&Action::Palette), rect.right() - 6.0, rect.center().y);
    widgets::focus_ring(ui, theme, &response, 6);
    if response.clicked() {
        app.actions.push(Action::Palette);
    }
}
