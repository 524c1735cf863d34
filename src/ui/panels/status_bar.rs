//! The bar at the bottom: where, how many, marker, encoding, who works, saved or not.

use crate::{
    display::line::count,
    display::safe::visible,
    ui::{
        action::Action,
        app::{App, Tab},
        icons,
        theme::{self, Theme},
    },
};
use egui::{Align, Frame, Layout, Margin, Response, RichText, Sense, Stroke, Ui};

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let frame = Frame::new().fill(theme.bar).inner_margin(Margin::symmetric(12, 0));
    egui::Panel::bottom("status bar").show_separator_line(false).exact_size(28.0).frame(frame).show(ui, |ui| {
        let top = ui.max_rect().top();
        ui.painter().hline(ui.clip_rect().x_range(), top, Stroke::new(1.0, theme.line));
        ui.horizontal_centered(|ui| {
            ui.style_mut().spacing.item_spacing.x = 16.0;
            opening(ui, app, theme);
            if app.desk.is_some() {
                left(ui, app, theme);
            } else {
                ui.label(RichText::new(icons::WIFI_SLASH).font(theme::icon(14.0)).color(theme.ink2));
                ui.add_space(-10.0);
                words(ui, theme, "Works without a network. Nothing leaves this computer.");
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.style_mut().spacing.item_spacing.x = 16.0;
                if app.desk.is_some() {
                    right(ui, app, theme);
                } else {
                    if link(ui, theme, "Keys ?", "Keys").clicked() {
                        app.actions.push(Action::Keys);
                    }
                    words(ui, theme, concat!("Onrecord ", env!("CARGO_PKG_VERSION")));
                }
                person(ui, app, theme);
            });
        });
    });
}

/// Says after a moment that files are being read, and a little later offers to give up.
fn opening(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(since) = app.jobs.opening() else { return };
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
    if since.as_millis() < 300 {
        return;
    }
    ui.label(RichText::new(icons::HOURGLASS).font(theme::icon(14.0)).color(theme.ink2));
    words(ui, theme, "Opening…");
    if since.as_millis() > 1000 && link(ui, theme, "Cancel", "Give up opening").clicked() {
        app.actions.push(Action::CancelOpening);
    }
}

fn left(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(desk) = &app.desk else { return };
    if let (Some(index), Some(view)) = (&desk.index, desk.view()) {
        let text = index.text();
        let head = text.index.char_from_byte(&text.content, view.head);
        let number = text.index.number_from_char(&text.content, head);
        let selection = view.to_take(&text.content);
        let place = if selection.is_empty() {
            match desk.selected() {
                Some(_) => format!("¶ {number}, 1 annotation selected"),
                None => format!("¶ {number}"),
            }
        } else {
            let range = text.index.range_from_bytes(&text.content, &selection);
            format!("¶ {number}, {} selected", count(range.len(), "character"))
        };
        words(ui, theme, &place);
        words(ui, theme, &count(index.in_order().len() + index.unplaced().len(), "annotation"));
        if view.lacks_glyph {
            ui.label(RichText::new("No font here has some of these characters").font(theme::small()).color(theme.warn))
                .on_hover_text("Install a font for the script, for example a Noto font. The text itself is kept as it is.");
        }
    }
    if app.state.mode == crate::ui::reviewing::Mode::Review {
        let blockers = app.state.reviewing.computed.as_ref().map_or(0, crate::ui::computed::Computed::blockers);
        let state = if blockers == 0 { "Cleared".to_owned() } else { format!("Not cleared: {}", count(blockers, "blocker")) };
        if link(ui, theme, &state, "What stands in the way").clicked() {
            app.state.mode = crate::ui::reviewing::Mode::Annotate;
            app.state.tab = Tab::Issues;
            app.state.open_side(crate::ui::app::Side::Right);
        }
        return;
    }
    let issues = desk.session.issues().len();
    if issues > 0 && link(ui, theme, &count(issues, "issue"), "Show the issues").clicked() {
        app.state.tab = Tab::Issues;
        app.state.open_side(crate::ui::app::Side::Right);
    }
}

fn right(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(desk) = &app.desk else { return };
    let (icon, state, colour) = if app.saving {
        (icons::HOURGLASS, "Saving…", theme.ink2)
    } else if desk.session.newer_version().is_some() {
        (icons::LOCK_SIMPLE, "Read only", theme.ink2)
    } else if desk.session.is_dirty() {
        (icons::CIRCLE_DASHED, "Not saved", theme.warn)
    } else if desk.session.path().is_none() {
        (icons::CIRCLE_DASHED, "Nothing to save yet", theme.ink2)
    } else {
        (icons::CHECK, "Saved", theme.ok)
    };
    ui.scope(|ui| {
        ui.style_mut().spacing.item_spacing.x = 4.0;
        if link(ui, theme, state, "Save").clicked() {
            app.actions.push(Action::Save);
        }
        ui.label(RichText::new(icon).font(theme::icon(14.0)).color(colour));
    });
    if let Some(record) = desk.open_record() {
        let encoding = record.imported.as_ref().map_or("UTF-8", |imported| imported.encoding.as_str());
        let direction = desk.view().filter(|view| view.columns.mirrored).map_or("", |_| ", right to left");
        let language = if record.language.is_empty() { String::new() } else { format!("{}, ", language(&record.language)) };
        if link(ui, theme, &format!("{language}{encoding}{direction}"), "Encoding").clicked() {
            app.actions.push(Action::ChooseEncoding);
        }
    }
    let armed = app.state.marker.as_ref().and_then(|label| desk.session.project().labels.get(label));
    let marker = armed.map_or_else(|| "Marker off".to_owned(), |label| format!("Marker: {}", visible(&label.name)));
    if link(ui, theme, &marker, "Marker").clicked() {
        app.actions.push(Action::Marker);
    }
}

/// Initials and role, or the question for them: never taken from the system.
fn person(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let known = app.settings.as_person();
    let shown = match &known {
        Some(person) if app.settings.role.is_empty() => visible(&person.name),
        Some(person) => format!("{}, {}", visible(&person.name), app.settings.role),
        None => "Who is working?".to_owned(),
    };
    if link(ui, theme, &shown, "Say who is working").clicked() {
        app.actions.push(Action::Introduce);
    }
}

fn words(ui: &mut Ui, theme: &Theme, words: &str) {
    ui.label(RichText::new(words).font(theme::small()).color(theme.ink2));
}

/// Words that can be clicked.
fn link(ui: &mut Ui, theme: &Theme, words: &str, name: &str) -> Response {
    let response = ui.add(egui::Label::new(RichText::new(words).font(theme::small()).color(theme.ink2)).sense(Sense::click()));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{name}: {words}")));
    if response.hovered() {
        ui.painter().hline(response.rect.x_range(), response.rect.bottom() - 1.0, Stroke::new(1.0, theme.ink3));
    }
    super::super::widgets::focus_ring(ui, theme, &response, 4);
    response
}

/// The English name of a language that newsrooms here read, else its tag.
fn language(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or(tag) {
        "en" => "English",
        "ar" => "Arabic",
        "he" => "Hebrew",
        "ru" => "Russian",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "uk" => "Ukrainian",
        _ => tag,
    }
}
