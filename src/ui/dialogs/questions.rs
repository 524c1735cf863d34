//! Short questions: who works, what to do with unsaved work, where a file is, what is left of an empty one, which encoding, how to
//! mend a quote.

use super::heading;
use crate::{
    display::{line::count, safe::brief},
    edit::RepairTo,
    formats::article::ENCODINGS,
    model::{Annotation, Id as RecordId, Key as RecordKey},
    store::file_name,
    ui::{
        action::Action,
        app::App,
        jobs::{Ask, Choice},
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Id, Key, RichText, ScrollArea, Ui};
use std::path::{Path, PathBuf};

/// Every question gives whether it stays open.
pub(super) fn introduce(ui: &mut Ui, app: &mut App, theme: &Theme, initials: &mut String, role: &mut String, fresh: bool) -> bool {
    heading(ui, theme, "Who is working?");
    ui.label(
        RichText::new("Initials and role go into the file with what you mark. They are your own choice and never taken from the system.")
            .color(theme.ink2),
    );
    ui.add_space(8.0);
    ui.label(RichText::new("Initials").font(theme::small()).color(theme.ink2));
    let first = ui.add(egui::TextEdit::singleline(initials).id(Id::unique("initials")).char_limit(40).desired_width(f32::INFINITY));
    first.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Initials"));
    if fresh {
        first.request_focus();
    }
    ui.label(RichText::new("Role, such as annotator or editor").font(theme::small()).color(theme.ink2));
    let second = ui.add(egui::TextEdit::singleline(role).id(Id::unique("role")).char_limit(40).desired_width(f32::INFINITY));
    second.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Role"));
    ui.add_space(12.0);
    let enter = ui.input(|input| input.key_pressed(Key::Enter));
    let mut stays = true;
    ui.horizontal(|ui| {
        let keep = widgets::button(ui, theme, "Keep", &["Enter".to_owned()], Tone::Primary).clicked();
        if keep || enter {
            app.actions.push(Action::SetPerson { initials: initials.clone(), role: role.clone() });
            stays = false;
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

pub(super) fn unsaved(ui: &mut Ui, app: &mut App, theme: &Theme, then: &Action, fresh: bool) -> bool {
    let title = app.desk.as_ref().map_or_else(String::new, |desk| brief(desk.title()).into_owned());
    heading(ui, theme, &format!("Save “{}” first?", crate::check::spans::shorten(&title)));
    ui.label(RichText::new("It has changes that are not saved. Without saving they are lost.").color(theme.ink2));
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal(|ui| {
        let save = widgets::button(ui, theme, "Save", &["Enter".to_owned()], Tone::Primary);
        if fresh {
            save.request_focus();
        }
        if save.clicked() {
            app.actions.push(Action::SaveThen(Box::new(then.clone())));
            stays = false;
        }
        if widgets::button(ui, theme, "Do not save", &[], Tone::Secondary).clicked() {
            app.actions.push(Action::DiscardThen(Box::new(then.clone())));
            stays = false;
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

/// A field for a path, where the system has no dialogs of its own.
pub(super) fn path(ui: &mut Ui, app: &mut App, theme: &Theme, ask: Ask, path: &mut String, fresh: bool) -> bool {
    let save = ask == Ask::Save;
    let (title, verb) = match ask {
        Ask::Save => ("Save the project as", "Save"),
        Ask::Export => ("Export to", "Take this place"),
        Ask::Files(Choice::Import) => ("Import articles and annotations", "Import"),
        Ask::Files(Choice::Open) => ("Open articles or a project", "Open"),
        Ask::Files(Choice::Merge) => ("Merge from a copy of this project", "Merge"),
        Ask::Files(Choice::Compare) => ("Compare with a copy", "Compare"),
    };
    heading(ui, theme, title);
    ui.label(RichText::new("This system offers no file dialog. Type the path of the file.").color(theme.ink2));
    ui.add_space(8.0);
    let field = ui.add(egui::TextEdit::singleline(path).id(Id::unique("path")).desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
    if fresh {
        field.request_focus();
    }
    let target = crate::ui::apply::with_extension(std::path::PathBuf::from(path.trim()));
    let own = app.desk.as_ref().and_then(|desk| desk.session.path()) == Some(target.as_path());
    let replaces = save && !own && !path.trim().is_empty() && target.exists();
    if replaces {
        ui.label(RichText::new("A file of this name is there already. Replacing it cannot be undone.").color(theme.block));
    }
    ui.add_space(12.0);
    let enter = !replaces && ui.input(|input| input.key_pressed(Key::Enter));
    let mut stays = true;
    ui.horizontal(|ui| {
        let (name, keys) = if replaces { ("Replace", Vec::new()) } else { (verb, vec!["Enter".to_owned()]) };
        let go = widgets::button(ui, theme, name, &keys, Tone::Primary).clicked();
        if (go || enter) && !path.trim().is_empty() {
            let path = std::path::PathBuf::from(path.trim());
            app.actions.push(match ask {
                Ask::Save => Action::SaveTo(crate::ui::apply::with_extension(path)),
                Ask::Export => Action::ExportTo(path),
                Ask::Files(Choice::Import) => Action::ImportPaths(vec![path]),
                Ask::Files(Choice::Open) => Action::OpenPaths(vec![path]),
                Ask::Files(Choice::Merge) => Action::MergePaths(vec![path]),
                Ask::Files(Choice::Compare) => Action::ComparePaths(vec![path]),
            });
            stays = false;
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

pub(super) fn encoding(ui: &mut Ui, app: &mut App, theme: &Theme) -> bool {
    heading(ui, theme, "Read the article in another encoding");
    let current = app
        .desk
        .as_ref()
        .and_then(|desk| desk.open_record())
        .and_then(|record| record.imported.as_ref())
        .map(|imported| imported.encoding.clone());
    ui.label(
        RichText::new("Look at the letters in the article: if they are wrong, choose the encoding in which the file was written.")
            .color(theme.ink2),
    );
    ui.add_space(8.0);
    let mut stays = true;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for encoding in ENCODINGS {
            if ui.selectable_label(current.as_deref() == Some(encoding), encoding).clicked() {
                app.actions.push(Action::Reread(encoding.to_owned()));
                stays = false;
            }
        }
    });
    stays
}

pub(super) fn repair(ui: &mut Ui, app: &mut App, theme: &Theme, annotation: &RecordId<Annotation>) -> bool {
    heading(ui, theme, "Repair this annotation?");
    let record = app.desk.as_ref().and_then(|desk| desk.session.project().annotations.get(annotation)).cloned();
    let quoted = record.map_or_else(String::new, |record| record.beginning());
    ui.label(
        RichText::new(format!("It quotes “{}”, but other words stand at its place.", crate::check::spans::shorten(&quoted)))
            .color(theme.ink2),
    );
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal_wrapped(|ui| {
        if widgets::button(ui, theme, "Move it to the quoted words", &[], Tone::Secondary).clicked() {
            app.repair(annotation, RepairTo::Words);
            stays = false;
        }
        if widgets::button(ui, theme, "Keep its place", &[], Tone::Secondary).clicked() {
            app.repair(annotation, RepairTo::Place);
            stays = false;
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

/// Copies that are offered at most.
const MOST_COPIES: usize = 6;

/// What is left of a project whose file is empty.
pub(super) fn empty(
    ui: &mut Ui,
    app: &mut App,
    theme: &Theme,
    path: &Path,
    copies: &[PathBuf],
    journal: Option<&(PathBuf, usize)>,
) -> bool {
    heading(ui, theme, &format!("{} is empty", brief(&file_name(path))));
    let what = match (copies, journal) {
        ([], None) => "There is no copy beside it and nothing of it here. Take it from a backup, or from a colleague’s copy.",
        _ => "This is left of the project. Save it over the empty file when it is as you want it.",
    };
    for line in ["It holds nothing: a program cut it, or the disk was full when it was written.", what] {
        ui.label(RichText::new(line).color(theme.ink2));
    }
    ui.add_space(12.0);
    let mut chosen = None;
    for copy in copies.iter().take(MOST_COPIES) {
        if widgets::button(ui, theme, &format!("Open {}", file_name(copy)), &[], Tone::Secondary).clicked() {
            chosen = Some(Action::OpenPaths(vec![copy.clone()]));
        }
    }
    if let Some((journal, records)) = journal {
        let were = if *records == 1 { "was" } else { "were" };
        let name = format!("Bring back {} that {were} not saved", count(*records, "record"));
        if widgets::button(ui, theme, &name, &[], Tone::Secondary).clicked() {
            chosen = Some(Action::RecoverAlone(journal.clone()));
        }
    }
    ui.add_space(6.0);
    let close = widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    let stays = chosen.is_none() && !close;
    app.actions.extend(chosen);
    stays
}

/// What is taken out, where from, and what is out of reach.
pub(super) fn purge(ui: &mut Ui, app: &mut App, theme: &Theme, record: &RecordKey, fresh: bool) -> bool {
    let project = app.desk.as_ref().map(|desk| desk.session.project());
    let what = project.map_or("", |project| {
        if project.annotations.contains(&record.clone().into()) {
            "its note and everything in its attributes that is not from a list"
        } else if project.sources.contains(&record.clone().into()) {
            "its description, its words for readers and its earlier names"
        } else if project.decisions.contains(&record.clone().into()) {
            "the notes of the decision and of its answers"
        } else {
            "the comment"
        }
    });
    heading(ui, theme, "Purge what was written?");
    let lines = [
        format!("Takes {what} out of the project and out of every step of undo, what is undecided too. It cannot be undone."),
        "The file is saved without it. Copies that were sent, synced or backed up before still have it.".to_owned(),
    ];
    for line in lines {
        ui.label(RichText::new(line).color(theme.ink2));
    }
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal(|ui| {
        if widgets::button(ui, theme, "Purge", &[], Tone::Primary).clicked() {
            app.actions.push(Action::Purge(record.clone()));
            stays = false;
        }
        let leave = widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet);
        if fresh {
            leave.request_focus();
        }
        stays &= !leave.clicked();
    });
    stays
}
