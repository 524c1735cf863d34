//! What a join would change, what differs between two copies, and what git needs to merge projects.

use super::heading;
use crate::{
    display::{
        differences::What,
        safe::{brief, visible},
    },
    store::git,
    ui::{
        action::Action,
        app::App,
        sharing::{Line, Listing, Why},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

/// Height of a line of the list.
const LINE: f32 = 24.0;

/// What would change, and whether to take it.
pub(super) fn merge(ui: &mut Ui, app: &mut App, theme: &Theme, fresh: bool) -> bool {
    let Some(joined) = &mut app.sharing.waiting else { return false };
    let (title, take, leave) = match &joined.why {
        Why::Chosen { names } => (format!("Merge from {}", brief(names)), "Merge", "Cancel"),
        Why::Unsaved { .. } => ("Not saved when Onrecord closed".to_owned(), "Bring it back", "Later"),
        Why::OnDisk { .. } => ("Changed by colleagues".to_owned(), "Merge", "Cancel"),
    };
    heading(ui, theme, &title);
    let said = match &joined.why {
        Why::Unsaved { .. } => "Onrecord ended before this was saved. It is joined with what the file has now, and can be undone.",
        _ => {
            "This would change here. Nothing that you wrote is lost: where two wrote differently, you decide afterwards. It can be undone."
        }
    };
    ui.label(RichText::new(said).color(theme.ink2));
    ui.add_space(10.0);
    list(ui, theme, &mut joined.list);
    ui.add_space(12.0);
    let mut stays = true;
    let journal = match &joined.why {
        Why::Unsaved { journal } => Some(journal.clone()),
        _ => None,
    };
    ui.horizontal(|ui| {
        let go = widgets::button(ui, theme, take, &["Enter".to_owned()], Tone::Primary);
        if fresh {
            go.request_focus();
        }
        if go.clicked() {
            app.actions.push(Action::TakeMerge);
            stays = false;
        }
        if widgets::button(ui, theme, leave, &["Esc".to_owned()], Tone::Quiet).clicked() {
            app.actions.push(Action::LeaveMerge);
            stays = false;
        }
        if let Some(journal) = journal {
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                if widgets::button(ui, theme, "Throw it away", &[], Tone::Quiet).clicked() {
                    app.actions.push(Action::ForgetJournal(journal));
                    stays = false;
                }
            });
        }
    });
    stays
}

/// What differs.
pub(super) fn compare(ui: &mut Ui, app: &mut App, theme: &Theme) -> bool {
    let Some(compared) = &mut app.sharing.compared else { return false };
    heading(ui, theme, &brief(&compared.title));
    if compared.list.differences.is_empty() {
        ui.label(RichText::new("Both say the same.").color(theme.ink2));
    } else {
        list(ui, theme, &mut compared.list);
    }
    ui.add_space(12.0);
    !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Secondary).clicked()
}

/// Differences by article, those of one person or all; only what is in sight is drawn.
fn list(ui: &mut Ui, theme: &Theme, list: &mut Listing) {
    let mut only = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(&list.summary).font(theme::medium(13.0)).color(theme.ink));
        if list.persons.len() > 1 {
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                for name in list.persons.iter().rev().take(6) {
                    let shown = if name.is_empty() { "Unknown" } else { name };
                    if widgets::segment(ui, theme, shown, list.person.as_ref() == Some(name)).clicked() {
                        only = Some(Some(name.clone()));
                    }
                }
                if widgets::segment(ui, theme, "All", list.person.is_none()).clicked() {
                    only = Some(None);
                }
            });
        }
    });
    if let Some(person) = only {
        list.show_only(person);
    }
    ui.add_space(6.0);
    egui::Frame::new().stroke(Stroke::new(1.0, theme.line)).corner_radius(8).inner_margin(8).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show_rows(ui, LINE, list.lines.len(), |ui, rows| {
            for line in list.lines.get(rows).unwrap_or_default() {
                line_ui(ui, theme, list, *line);
            }
        });
    });
}

fn line_ui(ui: &mut Ui, theme: &Theme, list: &Listing, line: Line) {
    let (Line::Document(at) | Line::Record(at) | Line::Field(at, _)) = line;
    let Some(difference) = list.differences.get(at) else { return };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let put = |from: f32, to: f32, words: &str, font: egui::FontId, colour| {
        let place = egui::Rect::from_min_max(pos2(rect.left() + from, rect.top()), pos2(rect.left() + to, rect.bottom()));
        widgets::line(ui, place, words, font, colour, Align::Min);
    };
    let width = rect.width();
    let whole = match line {
        Line::Document(_) => {
            let title = if difference.document.is_empty() { "The whole project" } else { &difference.document };
            put(4.0, width, title, theme::semibold(12.0), theme.ink2);
            title.to_owned()
        }
        Line::Record(_) => {
            let (sign, colour) = match difference.what {
                What::Added => ("+", theme.ok),
                What::Changed => ("~", theme.accent),
                What::Deleted => ("−", theme.block),
            };
            ui.painter().text(pos2(rect.left() + 14.0, rect.center().y), Align2::CENTER_CENTER, sign, theme::medium(14.0), colour);
            let place = if difference.paragraph > 0 { format!("¶ {}", difference.paragraph) } else { String::new() };
            put(28.0, 76.0, &place, theme::small(), theme.ink3);
            let kind = match difference.kind {
                "annotation" | "document" => String::new(),
                kind => format!("{}: ", kind.replace('_', " ")),
            };
            put(80.0, width - 60.0, &format!("{kind}{}", difference.title), theme::body(), theme.ink);
            put(width - 52.0, width, &difference.person, theme::small(), theme.ink2);
            format!("{} {kind}{}", difference.what.name(), difference.title)
        }
        Line::Field(_, field) => {
            let Some(field) = difference.fields.get(field) else { return };
            let show = |value: &str| if value.is_empty() { "nothing".to_owned() } else { value.to_owned() };
            let words = if field.undecided {
                format!("{}: {}", field.name, show(&field.after))
            } else {
                format!("{}: {} → {}", field.name, show(&field.before), show(&field.after))
            };
            put(80.0, width - if field.undecided { 84.0 } else { 4.0 }, &words, theme::small(), theme.ink2);
            if field.undecided {
                put(width - 80.0, width, "to decide", theme::small(), theme.warn);
            }
            words
        }
    };
    let whole = visible(&whole);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &whole));
    response.on_hover_text(whole);
}

/// The line of attributes, and the two commands that each colleague runs.
pub(super) fn git(ui: &mut Ui, app: &mut App, theme: &Theme, said: Option<&str>) -> bool {
    heading(ui, theme, "Set up git here");
    let words = "Git cannot merge project files by itself. With these attributes and commands it calls Onrecord, which loses nothing.";
    ui.label(RichText::new(words).color(theme.ink2));
    ui.add_space(10.0);
    ui.label(
        RichText::new("1. Beside the project, in .gitattributes; it travels with the repository")
            .font(theme::medium(13.0))
            .color(theme.ink),
    );
    ui.horizontal(|ui| {
        ui.label(RichText::new(git::ATTRIBUTES).monospace().size(12.0).color(theme.ink2));
    });
    ui.horizontal(|ui| {
        if widgets::button(ui, theme, "Write .gitattributes", &[], Tone::Secondary).clicked() {
            app.actions.push(Action::WriteGitAttributes);
        }
        if let Some(said) = said {
            ui.label(RichText::new(said).font(theme::small()).color(theme.ink2));
        }
    });
    ui.add_space(10.0);
    let line = "2. Once by each colleague, in their copy of the repository";
    ui.label(RichText::new(line).font(theme::medium(13.0)).color(theme.ink));
    for command in git::COMMANDS {
        ui.label(RichText::new(command).monospace().size(12.0).color(theme.ink2));
    }
    ui.add_space(4.0);
    if widgets::button(ui, theme, "Copy both commands", &[], Tone::Secondary).clicked() {
        ui.copy_text(format!("{}\n{}\n", git::COMMANDS[0], git::COMMANDS[1]));
        app.toasts.success("Copied", None);
    }
    ui.add_space(12.0);
    !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked()
}
