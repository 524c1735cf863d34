//! What lies on top of the window: command palette, key sheet, questions. Escape closes each of them.

mod about;
mod exchange;
pub(crate) mod figures;
mod guidelines;
mod keys;
mod omissions;
mod palette;
mod questions;
mod review;
mod sharing;
mod sources;

use super::{action::Action, app::App, omitting::Stretch, theme::Theme};
use crate::model::{Annotation, Id as RecordId, Key, Source};
use egui::{Align2, Area, Color32, Frame, Id, Margin, Order, Sense, Stroke, Ui, vec2};

/// What lies on top, with what it keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Dialog {
    Palette {
        words: String,
        at: usize,
    },
    Keys {
        filter: String,
        /// The action whose key is being chosen, and why the last choice was refused.
        waiting: Option<&'static str>,
        refused: Option<String>,
    },
    ChooseSource {
        words: String,
        at: usize,
    },
    /// A source that something points to is to be removed.
    RemoveSource {
        source: RecordId<Source>,
        into: Option<RecordId<Source>>,
    },
    Omissions {
        found: Vec<Stretch>,
        chosen: Vec<bool>,
    },
    /// A large edit is at work.
    Working,
    /// The guidelines, with what is being written.
    Guidelines {
        draft: Option<String>,
    },
    /// The review policies, with one that is being changed.
    Policies {
        error: Option<String>,
        written: Option<String>,
    },
    Report(review::ReportDraft),
    /// Figures over time.
    Figures(figures::FiguresDraft),
    Cues {
        written: String,
        error: Option<String>,
    },
    About,
    Introduce {
        initials: String,
        role: String,
    },
    Unsaved {
        then: Action,
    },
    /// A path typed by hand, where the system has no dialogs.
    Path {
        ask: super::jobs::Ask,
        path: String,
    },
    /// A project file without a byte: copies beside it, and the journal of what was not saved with the number of its records.
    Empty {
        path: std::path::PathBuf,
        copies: Vec<std::path::PathBuf>,
        journal: Option<(std::path::PathBuf, usize)>,
    },
    /// What a join would change; the join itself waits beside.
    Merge,
    /// What would come in; it waits beside.
    Import,
    Export(super::exchanging::ExportDraft),
    /// What differs between two states, which lies beside too.
    Compare,
    /// Attributes and commands for git.
    Git {
        said: Option<String>,
    },
    Encoding,
    Repair {
        annotation: RecordId<Annotation>,
    },
    /// What was written about a record is to be taken out for good.
    Purge {
        record: Key,
    },
}

impl Dialog {
    pub(crate) fn palette() -> Self {
        Self::Palette { words: String::new(), at: 0 }
    }
}

pub(crate) fn show(ui: &Ui, app: &mut App, theme: &Theme) {
    let Some(mut dialog) = app.state.dialog.take() else {
        // However the last one was closed: the next one of its kind is fresh.
        ui.data_mut(|data| data.remove::<String>(Id::unique("dialog")));
        return;
    };
    let fresh = ui.data(|data| data.get_temp::<String>(Id::unique("dialog"))) != Some(kind(&dialog));
    ui.data_mut(|data| data.insert_temp(Id::unique("dialog"), kind(&dialog)));
    let (width, place, align): (f32, _, _) = match dialog {
        Dialog::Palette { .. } => (640.0, vec2(0.0, 96.0), Align2::CENTER_TOP),
        Dialog::ChooseSource { .. } => (560.0, vec2(0.0, 120.0), Align2::CENTER_TOP),
        Dialog::Policies { .. } | Dialog::Report(_) | Dialog::Export(_) => (680.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::Merge | Dialog::Compare | Dialog::Git { .. } | Dialog::Import => (720.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::Figures(_) => (920.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::Omissions { .. } => (620.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::Guidelines { .. } | Dialog::Cues { .. } => (760.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::Keys { .. } => (1070.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        Dialog::About => (720.0, vec2(0.0, 0.0), Align2::CENTER_CENTER),
        _ => (440.0, vec2(0.0, -60.0), Align2::CENTER_CENTER),
    };
    let screen = ui.ctx().content_rect();
    let mut open = true;
    // The veil takes every click beside the dialog.
    Area::new(Id::unique("veil")).order(Order::Foreground).fixed_pos(screen.min).show(ui.ctx(), |ui| {
        let (rect, response) = ui.allocate_exact_size(screen.size(), Sense::click());
        ui.painter().rect_filled(rect, 0.0, theme.veil);
        // A click beside an open list closes the list.
        open = !response.clicked() || matches!(dialog, Dialog::Working) || egui::Popup::is_any_open(ui.ctx());
    });
    let room = screen.width() - 32.0;
    let area = Area::new(Id::unique(("dialog", kind(&dialog)))).order(Order::Foreground).anchor(align, place);
    let shown = area.show(ui.ctx(), |ui| {
        let margin = if matches!(dialog, Dialog::Palette { .. }) { Margin::same(0) } else { Margin::same(20) };
        Frame::popup(ui.style())
            .fill(theme.raised)
            .corner_radius(12)
            .inner_margin(margin)
            .stroke(Stroke::new(1.0, theme.line2))
            .show(ui, |ui| {
                ui.set_width(width.min(room) - f32::from(margin.left) * 2.0);
                match &mut dialog {
                    Dialog::Palette { words, at } => palette::show(ui, app, theme, words, at, fresh),
                    Dialog::Keys { filter, waiting, refused } => keys::show(ui, app, theme, filter, waiting, refused, fresh),
                    Dialog::ChooseSource { words, at } => sources::choose(ui, app, theme, words, at, fresh),
                    Dialog::RemoveSource { source, into } => sources::remove(ui, app, theme, source, into),
                    Dialog::Omissions { found, chosen } => omissions::confirm(ui, app, theme, found, chosen),
                    Dialog::Policies { error, written } => review::choose_policy(ui, app, theme, error, written),
                    Dialog::Report(draft) => review::report(ui, app, theme, draft),
                    Dialog::Figures(draft) => figures::show(ui, app, theme, draft),
                    Dialog::Working => omissions::working(ui, app, theme),
                    Dialog::Guidelines { draft } => guidelines::show(ui, app, theme, draft),
                    Dialog::Cues { written, error } => guidelines::edit_cues(ui, app, theme, written, error),
                    Dialog::About => about::show(ui, theme),
                    Dialog::Introduce { initials, role } => questions::introduce(ui, app, theme, initials, role, fresh),
                    Dialog::Unsaved { then } => questions::unsaved(ui, app, theme, then, fresh),
                    Dialog::Path { ask, path } => questions::path(ui, app, theme, *ask, path, fresh),
                    Dialog::Merge => sharing::merge(ui, app, theme, fresh),
                    Dialog::Import => exchange::import(ui, app, theme, fresh),
                    Dialog::Export(draft) => exchange::export(ui, app, theme, draft, fresh),
                    Dialog::Compare => sharing::compare(ui, app, theme),
                    Dialog::Git { said } => sharing::git(ui, app, theme, said.as_deref()),
                    Dialog::Encoding => questions::encoding(ui, app, theme),
                    Dialog::Empty { path, copies, journal } => questions::empty(ui, app, theme, path, copies, journal.as_ref()),
                    Dialog::Purge { record } => questions::purge(ui, app, theme, record, fresh),
                    Dialog::Repair { annotation } => questions::repair(ui, app, theme, annotation),
                }
            })
            .inner
    });
    // An open list lies over the dialog that it belongs to.
    if !egui::Popup::is_any_open(ui.ctx()) {
        ui.ctx().move_to_top(shown.response.layer_id);
    }
    let stays = shown.inner;
    if open && stays {
        // An action of this frame may have opened another dialog already.
        app.state.dialog.get_or_insert(dialog);
    } else {
        ui.data_mut(|data| data.remove::<String>(Id::unique("dialog")));
        let goes_on = app.actions.iter().any(|action| matches!(action, Action::SaveTo(_) | Action::SaveThen(_)));
        if !goes_on {
            app.after_save = None;
        }
        // However the import was left: what was read for it goes.
        if matches!(dialog, Dialog::Import)
            && !app.actions.iter().any(|action| matches!(action, Action::TakeImport | Action::ImportAgain(_)))
        {
            app.exchanging.waiting = None;
        }
        app.state.focus = Some(super::app::FocusTarget::Article);
    }
}

fn kind(dialog: &Dialog) -> String {
    let name = format!("{dialog:?}");
    name.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

/// The heading of a question.
fn heading(ui: &mut Ui, theme: &Theme, words: &str) {
    ui.label(egui::RichText::new(words).font(super::theme::semibold(15.0)).color(theme.ink));
    ui.add_space(6.0);
}

/// Words with the letters that match in another weight.
fn marked(words: &str, needle: &str, plain: &egui::FontId, strong: &egui::FontId, colour: Color32) -> egui::text::LayoutJob {
    let mut job = egui::text::LayoutJob::default();
    let format = |font: &egui::FontId| egui::TextFormat { font_id: font.clone(), color: colour, ..Default::default() };
    let found = (!needle.is_empty()).then(|| words.to_lowercase().find(&needle.to_lowercase())).flatten();
    match found.and_then(|at| Some((words.get(..at)?, words.get(at..at + needle.len())?, words.get(at + needle.len()..)?))) {
        Some((before, hit, after)) => {
            job.append(before, 0.0, format(plain));
            job.append(hit, 0.0, format(strong));
            job.append(after, 0.0, format(plain));
        }
        None => job.append(words, 0.0, format(plain)),
    }
    job
}
