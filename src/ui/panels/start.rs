//! What is shown while no project is open: open, paste, begin, go on, try a sample.

use crate::{
    display::line::count,
    ui::{
        action::Action,
        action_list::caps_of,
        app::App,
        apply::SAMPLES,
        icons,
        panels::top_bar::mark,
        theme::{self, Theme},
        widgets,
    },
};
use egui::{Align, Align2, Frame, Id, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};

/// What the window is for, one line.
const PURPOSE: &str = "Mark what an article claims, who said it, and who would not be named.";

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    egui::CentralPanel::default().frame(Frame::new().fill(theme.paper)).show(ui, |ui| {
        egui::ScrollArea::vertical().show(ui, |ui| {
            let width = 896.0_f32.min(ui.available_width() - 48.0);
            let side = ((ui.available_width() - width) / 2.0).max(24.0);
            let top = if ui.available_height() > 760.0 { 124.0 } else { 32.0 };
            ui.add_space(top);
            ui.allocate_ui_with_layout(vec2(ui.available_width(), 48.0), egui::Layout::left_to_right(Align::Center), |ui| {
                ui.add_space(side);
                mark(ui, theme, 16.0);
                ui.add_space(8.0);
                ui.label(RichText::new("Onrecord").font(theme::serif(36.0)).color(theme.ink));
            });
            ui.horizontal(|ui| {
                ui.add_space(side);
                ui.label(RichText::new(PURPOSE).size(15.0).color(theme.ink2));
            });
            ui.add_space(40.0);
            let two = width >= 780.0;
            ui.horizontal_top(|ui| {
                ui.add_space(side - 12.0);
                ui.vertical(|ui| {
                    ui.set_width(if two { 372.0 } else { width });
                    begin(ui, app, theme);
                });
                if two {
                    ui.add_space(44.0);
                    ui.vertical(|ui| {
                        ui.set_width(width - 360.0 - 64.0);
                        recent(ui, app, theme);
                    });
                }
            });
            if !two {
                ui.add_space(24.0);
                ui.horizontal_top(|ui| {
                    ui.add_space(side);
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        recent(ui, app, theme);
                    });
                });
            }
            ui.add_space(24.0);
        });
    });
}

fn begin(ui: &mut Ui, app: &mut App, theme: &Theme) {
    ui.style_mut().spacing.item_spacing.y = 4.0;
    unsaved(ui, app, theme);
    indented_section(ui, theme, "Start");
    let rows = [
        (icons::FOLDER_OPEN, "Open articles or a project", "Text, web page, Word, PDF, other tools, .onrecord.json", Action::Open),
        (icons::CLIPBOARD_TEXT, "Paste an article", "From the clipboard, as plain text", Action::Paste),
        (icons::FILE_TEXT, "New project", "Empty, with the news label set", Action::NewProject),
    ];
    for (icon, name, hint, action) in rows {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::click());
        widgets::named(&response, name);
        if response.hovered() {
            ui.painter().rect_filled(rect, 8.0, theme.hover);
        }
        ui.painter().text(pos2(rect.left() + 22.0, rect.center().y), Align2::CENTER_CENTER, icon, theme::icon(20.0), theme.ink2);
        ui.painter().text(pos2(rect.left() + 48.0, rect.center().y - 9.0), Align2::LEFT_CENTER, name, theme::medium(14.0), theme.ink);
        ui.painter().text(pos2(rect.left() + 48.0, rect.center().y + 10.0), Align2::LEFT_CENTER, hint, theme::small(), theme.ink3);
        widgets::key_caps(ui, theme, &caps_of(&action), rect.right() - 12.0, rect.center().y);
        widgets::focus_ring(ui, theme, &response, 8);
        if response.clicked() {
            app.actions.push(action);
        }
    }
    ui.add_space(20.0);
    indented_section(ui, theme, "Samples");
    for (number, (name, shows, _)) in SAMPLES.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::click());
        widgets::named(&response, name);
        if response.hovered() {
            ui.painter().rect_filled(rect, 8.0, theme.hover);
        }
        ui.painter().text(
            pos2(rect.left() + 22.0, rect.center().y),
            Align2::CENTER_CENTER,
            icons::NEWSPAPER,
            theme::icon(16.0),
            theme.ink2,
        );
        ui.painter().text(pos2(rect.left() + 48.0, rect.center().y), Align2::LEFT_CENTER, name, theme::body(), theme.ink);
        ui.painter().text(pos2(rect.right() - 12.0, rect.center().y), Align2::RIGHT_CENTER, shows, theme::small(), theme.ink3);
        widgets::focus_ring(ui, theme, &response, 8);
        if response.clicked() {
            app.actions.push(Action::OpenSample(number));
        }
    }
}

/// What a crash left: the project, how much, and the choice.
fn unsaved(ui: &mut Ui, app: &mut App, theme: &Theme) {
    if app.sharing.orphans.is_empty() {
        return;
    }
    indented_section(ui, theme, "Not saved when Onrecord closed");
    for orphan in &app.sharing.orphans {
        let title = crate::display::safe::brief(&orphan.recovered.header.title).into_owned();
        let hint = format!(
            "{} changed, {}",
            count(orphan.recovered.records, "record"),
            orphan.recovered.header.minute.replace('T', " ").trim_end_matches('Z')
        );
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::click());
        widgets::named(&response, &format!("Bring back {title}"));
        if response.hovered() {
            ui.painter().rect_filled(rect, 8.0, theme.hover);
        }
        ui.painter().text(pos2(rect.left() + 22.0, rect.center().y), Align2::CENTER_CENTER, icons::LIFEBUOY, theme::icon(20.0), theme.warn);
        let upper = Rect::from_min_size(rect.min + vec2(48.0, 9.0), vec2(rect.width() - 100.0, 20.0));
        widgets::line(ui, upper, &title, theme::medium(14.0), theme.ink, Align::Min);
        widgets::line(ui, upper.translate(vec2(0.0, 19.0)), &hint, theme::small(), theme.ink3, Align::Min);
        widgets::focus_ring(ui, theme, &response, 8);
        if response.clicked() {
            app.actions.push(Action::Recover(orphan.journal.clone()));
        }
        let away = Rect::from_center_size(pos2(rect.right() - 22.0, rect.center().y), vec2(28.0, 28.0));
        let name = format!("Throw away what was not saved of {title}");
        let throw = ui.scope_builder(egui::UiBuilder::new().max_rect(away), |ui| widgets::icon_button(ui, theme, icons::TRASH, &name, &[]));
        if throw.inner.clicked() {
            app.actions.push(Action::ForgetJournal(orphan.journal.clone()));
        }
    }
    ui.add_space(20.0);
}

fn recent(ui: &mut Ui, app: &mut App, theme: &Theme) {
    ui.style_mut().spacing.item_spacing.y = 0.0;
    ui.horizontal(|ui| {
        ui.label(RichText::new("Recent").font(theme::semibold(12.0)).color(theme.ink2));
        ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
            let clear = egui::Label::new(RichText::new("Clear").font(theme::small()).color(theme.ink3)).sense(Sense::click());
            if !app.settings.recent.is_empty() && ui.add(clear).clicked() {
                app.actions.push(Action::ClearRecent);
            }
        });
    });
    ui.add_space(8.0);
    rule(ui, theme);
    if app.settings.recent.is_empty() {
        ui.add_space(12.0);
        ui.label(RichText::new("Projects that you save are listed here.").font(theme::body()).color(theme.ink3));
        ui.add_space(12.0);
    }
    for (at, recent) in app.settings.recent.clone().into_iter().take(6).enumerate() {
        let name = format!("Go on with {}", recent.title);
        let response = widgets::row(ui, theme, Id::unique(("recent", at)), 56.0, &name, false, |ui, rect| {
            let upper = Rect::from_min_size(rect.min + vec2(4.0, 9.0), vec2(rect.width() - 8.0, 20.0));
            widgets::line(ui, upper, &crate::display::safe::brief(&recent.title), theme::medium(14.0), theme.ink, Align::Min);
            let counts = format!("{}, {}", count(recent.documents, "document"), count(recent.annotations, "annotation"));
            let lower = upper.translate(vec2(0.0, 19.0));
            widgets::line(ui, lower, &counts, theme::small(), theme.ink3, Align::Min);
        });
        if response.clicked() {
            app.actions.push(Action::OpenPaths(vec![recent.path]));
        }
        rule(ui, theme);
    }
    ui.add_space(24.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 72.0), Sense::hover());
    let edge = egui::Shape::dashed_line(
        &[rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()],
        Stroke::new(1.0, theme.control),
        4.0,
        3.0,
    );
    ui.painter().extend(edge);
    let words = ui.painter().layout_no_wrap("Drop articles or a project anywhere in this window".to_owned(), theme::body(), theme.ink2);
    let left = rect.center().x - words.size().x / 2.0 + 12.0;
    ui.painter().text(pos2(left - 18.0, rect.center().y), Align2::CENTER_CENTER, icons::TRAY, theme::icon(16.0), theme.ink2);
    ui.painter().galley(pos2(left, rect.center().y - words.size().y / 2.0), words, theme.ink2);
}

fn indented_section(ui: &mut Ui, theme: &Theme, title: &str) {
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        ui.label(RichText::new(title).font(theme::semibold(12.0)).color(theme.ink2));
    });
    ui.add_space(4.0);
}

fn rule(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.line));
}
