//! What a join would change, what differs between two copies, and what git needs to merge projects.

use super::heading;
use crate::{
    display::{
        differences::{Difference, What, summary},
        safe::one_line,
    },
    store::git,
    ui::{
        action::Action,
        app::App,
        sharing::{Compared, Why},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

/// Height of a line of the list.
const LINE: f32 = 24.0;

/// A line of the list.
enum Listed<'d> {
    Document(&'d str),
    Record(&'d Difference),
    Field(&'d crate::display::differences::FieldDifference),
}

/// What would change, and whether to take it.
pub(super) fn merge(ui: &mut Ui, app: &mut App, theme: &Theme, person: &mut Option<String>, fresh: bool) -> bool {
    let Some(joined) = &app.sharing.waiting else { return false };
    let (title, take, leave) = match &joined.why {
        Why::Chosen { names } => (format!("Merge from {}", one_line(names)), "Merge", "Cancel"),
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
    list(ui, theme, &joined.differences, person);
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
pub(super) fn compare(ui: &mut Ui, theme: &Theme, compared: &Compared) -> bool {
    heading(ui, theme, &one_line(&compared.title));
    if compared.differences.is_empty() {
        ui.label(RichText::new("Both say the same.").color(theme.ink2));
    } else {
        list(ui, theme, &compared.differences, &mut None);
    }
    ui.add_space(12.0);
    !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Secondary).clicked()
}

/// Differences by article, those of one person or all; only what is in sight is drawn.
fn list(ui: &mut Ui, theme: &Theme, differences: &[Difference], person: &mut Option<String>) {
    let mut persons: Vec<&str> = differences.iter().map(|difference| difference.person.as_str()).collect();
    persons.sort_unstable();
    persons.dedup();
    ui.horizontal(|ui| {
        ui.label(RichText::new(summary(differences)).font(theme::medium(13.0)).color(theme.ink));
        if persons.len() > 1 {
            ui.with_layout(egui::Layout::right_to_left(Align::Center), |ui| {
                for name in persons.iter().rev().take(6) {
                    let shown = if name.is_empty() { "Unknown".to_owned() } else { one_line(name).into_owned() };
                    if widgets::segment(ui, theme, &shown, person.as_deref() == Some(*name)).clicked() {
                        *person = Some((*name).to_owned());
                    }
                }
                if widgets::segment(ui, theme, "All", person.is_none()).clicked() {
                    *person = None;
                }
            });
        }
    });
    ui.add_space(6.0);
    let mut lines: Vec<Listed<'_>> = Vec::with_capacity(differences.len() * 2);
    let mut document = None;
    for difference in differences.iter().filter(|difference| person.as_ref().is_none_or(|person| difference.person == *person)) {
        if document != Some(&difference.document) {
            document = Some(&difference.document);
            lines.push(Listed::Document(if difference.document.is_empty() { "The whole project" } else { &difference.document }));
        }
        lines.push(Listed::Record(difference));
        lines.extend(difference.fields.iter().map(Listed::Field));
    }
    egui::Frame::new().stroke(Stroke::new(1.0, theme.line)).corner_radius(8).inner_margin(8).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show_rows(ui, LINE, lines.len(), |ui, rows| {
            for line in lines.get(rows).unwrap_or_default() {
                line_ui(ui, theme, line);
            }
        });
    });
}

fn line_ui(ui: &mut Ui, theme: &Theme, line: &Listed<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let put = |from: f32, to: f32, words: &str, font: egui::FontId, colour| {
        let place = egui::Rect::from_min_max(pos2(rect.left() + from, rect.top()), pos2(rect.left() + to, rect.bottom()));
        widgets::line(ui, place, words, font, colour, Align::Min);
    };
    let width = rect.width();
    let whole = match line {
        Listed::Document(title) => {
            put(4.0, width, &one_line(title), theme::semibold(12.0), theme.ink2);
            one_line(title).into_owned()
        }
        Listed::Record(difference) => {
            let (sign, colour) = match difference.what {
                What::Added => ("+", theme.ok),
                What::Changed => ("~", theme.accent),
                What::Deleted => ("−", theme.block),
            };
            ui.painter().text(pos2(rect.left() + 14.0, rect.center().y), Align2::CENTER_CENTER, sign, theme::medium(14.0), colour);
            let place = if difference.paragraph > 0 { format!("¶ {}", difference.paragraph) } else { String::new() };
            put(28.0, 76.0, &place, theme::small(), theme.ink3);
            let kind = if matches!(difference.kind, "annotation" | "document") {
                String::new()
            } else {
                format!("{}: ", difference.kind.replace('_', " "))
            };
            let title = one_line(&difference.title);
            put(80.0, width - 60.0, &format!("{kind}{title}"), theme::body(), theme.ink);
            put(width - 52.0, width, &one_line(&difference.person), theme::small(), theme.ink2);
            format!("{} {kind}{title}", difference.what.name())
        }
        Listed::Field(field) => {
            let show = |value: &str| if value.is_empty() { "nothing".to_owned() } else { one_line(value).into_owned() };
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
