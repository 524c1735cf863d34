//! The rules of the review: which policy is in force, changing it as a new version; and the audit report with its preview.

use super::heading;
use crate::{
    display::audit::Audit,
    formats::{
        policies,
        report::{self, Profile, Target},
    },
    model::links::Links,
    store::atomic,
    ui::{
        action::Action,
        app::App,
        computed::Computed,
        reviewing::DeskAction,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Id, Layout, RichText, ScrollArea, Ui};
use std::path::PathBuf;

/// Longest preview, in characters.
const PREVIEW: usize = 6_000;

/// What the dialog of a report keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReportDraft {
    pub(crate) profile: Profile,
    /// Whether a public report has the project's title and names of files.
    pub(crate) house: bool,
    pub(crate) target: Target,
    pub(crate) path: String,
    /// What would be written, for this profile, target and state of the project.
    shown: Option<(Profile, Target, u64, Written)>,
    said: Option<String>,
}

/// A report, and what the preview shows of it: of a page its content, not its tags.
#[derive(Debug, Clone, PartialEq)]
struct Written {
    file: String,
    preview: String,
}

impl super::Dialog {
    pub(crate) fn report() -> Self {
        Self::Report(ReportDraft {
            profile: Profile::Public,
            house: false,
            target: Target::Html,
            path: "audit.html".to_owned(),
            shown: None,
            said: None,
        })
    }
}

/// Chooses a policy, or changes one: a changed policy is a new version.
pub(super) fn choose_policy(ui: &mut Ui, app: &mut App, theme: &Theme, error: &mut Option<String>, written: &mut Option<String>) -> bool {
    heading(ui, theme, "Which rules does this review follow?");
    let mut stays = true;
    if let Some(json) = written {
        ui.label(
            RichText::new("Change the questions. What is kept is a new version; decisions name the one they were made under.")
                .color(theme.ink2),
        );
        if let Some(error) = error {
            ui.label(RichText::new(error.as_str()).color(theme.block));
        }
        ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            let field = ui.add(egui::TextEdit::multiline(json).id(Id::unique("policy")).desired_rows(16).desired_width(f32::INFINITY));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Policy as JSON"));
        });
        let mut back = false;
        ui.horizontal(|ui| {
            if widgets::button(ui, theme, "Keep as a new version", &[], Tone::Primary).clicked() {
                match policies::read(json) {
                    Ok(policy) => {
                        app.actions.push(Action::Desk(DeskAction::AdoptPolicy(policy)));
                        stays = false;
                    }
                    Err(wrong) => *error = Some(format!("{wrong}. {}", wrong.hint())),
                }
            }
            if widgets::button(ui, theme, "Copy it", &[], Tone::Secondary).clicked() {
                ui.copy_text(json.clone());
            }
            back = widgets::button(ui, theme, "Back", &[], Tone::Quiet).clicked();
        });
        if back {
            (*written, *error) = (None, None);
        }
        return stays;
    }
    let in_force = app.desk.as_ref().and_then(|desk| desk.session.project().info.policy.clone());
    for policy in app.policies() {
        ui.horizontal(|ui| {
            let is_on = in_force.as_ref() == Some(&policy.id);
            ui.vertical(|ui| {
                ui.label(RichText::new(crate::display::safe::visible(&policy.name)).font(theme::medium(13.0)).color(theme.ink));
                let own = if policy.own_approval { ", own approval allowed" } else { "" };
                ui.label(
                    RichText::new(format!("{}: {} questions{own}", policy.id, policy.items.len())).font(theme::small()).color(theme.ink3),
                );
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if is_on {
                    ui.label(RichText::new("in force").font(theme::small()).color(theme.ok));
                } else if widgets::button(ui, theme, &format!("Use {}", policy.name), &[], Tone::Secondary).clicked() {
                    app.actions.push(Action::Desk(DeskAction::AdoptPolicy(policy.clone())));
                    stays = false;
                }
                if widgets::button(ui, theme, &format!("Change {}…", policy.id), &[], Tone::Quiet).clicked() {
                    let mut next = policy.clone();
                    next.id = policies::next_version(&policy);
                    *written = policies::write(&next).ok();
                }
            });
        });
        ui.add_space(4.0);
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        if widgets::button(ui, theme, "Paste another policy…", &[], Tone::Quiet).clicked() {
            *written = Some(String::new());
        }
        stays &= !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

/// The audit report: which fields, how it is written, what it would say.
pub(super) fn report(ui: &mut Ui, app: &mut App, theme: &Theme, draft: &mut ReportDraft) -> bool {
    heading(ui, theme, "Audit report");
    let mut stays = true;
    ui.horizontal(|ui| {
        for profile in Profile::ALL {
            if widgets::segment(ui, theme, profile.name(), draft.profile == profile).clicked() {
                draft.profile = profile;
            }
        }
        ui.add_space(12.0);
        for target in Target::ALL {
            if widgets::segment(ui, theme, &target.ending().to_uppercase(), draft.target == target).clicked() {
                draft.target = target;
                let stem = draft.path.rsplit_once('.').map_or(draft.path.as_str(), |(stem, _)| stem).to_owned();
                draft.path = format!("{stem}.{}", target.ending());
            }
        }
    });
    ui.label(RichText::new(draft.profile.holds()).font(theme::small()).color(theme.ink2));
    if draft.profile == Profile::Public && ui.checkbox(&mut draft.house, "With the project's title and names of files").changed() {
        draft.shown = None;
    }
    let Some(desk) = &app.desk else { return false };
    let revision = desk.session.history().revision();
    let fits =
        draft.shown.as_ref().is_some_and(|(profile, target, of, _)| (*profile, *target, *of) == (draft.profile, draft.target, revision));
    if !fits {
        let project = desk.session.project();
        let links = Links::new(project);
        let known = app.state.reviewing.computed.as_ref().filter(|_| app.state.reviewing.of == Some(revision));
        let fresh = known.is_none().then(|| Computed::new(project));
        let Some(computed) = known.or(fresh.as_ref()) else { return false };
        let made = desk.session.minute();
        let audit =
            Audit { project, links: &links, units: &computed.units, clearances: &computed.clearances, made: &made, house: draft.house };
        let file = report::write(&audit, draft.profile, draft.target).unwrap_or_default();
        let shown = match draft.target {
            Target::Html => report::write(&audit, draft.profile, Target::Markdown).unwrap_or_default(),
            Target::Markdown | Target::Json => file.clone(),
        };
        let cut: String = shown.chars().take(PREVIEW).collect();
        let preview = cut.lines().map(|line| crate::display::safe::one_line(line).into_owned()).collect::<Vec<_>>().join("\n");
        draft.shown = Some((draft.profile, draft.target, revision, Written { file, preview }));
    }
    let (written, preview) = draft.shown.as_ref().map_or(("", ""), |(.., written)| (written.file.as_str(), written.preview.as_str()));
    ui.add_space(6.0);
    ui.label(RichText::new("This is what would be written:").font(theme::semibold(12.0)).color(theme.ink2));
    ScrollArea::vertical().max_height(320.0).min_scrolled_height(240.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.label(RichText::new(preview).font(theme::small()).color(theme.ink2));
    });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let field = ui.add(egui::TextEdit::singleline(&mut draft.path).id(Id::unique("report path")).desired_width(260.0));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "File of the report"));
        let path = PathBuf::from(draft.path.trim());
        let taken = path.exists();
        let name = if taken { "Replace the file" } else { "Write the report" };
        if widgets::button(ui, theme, name, &[], Tone::Primary).clicked() && !draft.path.trim().is_empty() {
            match atomic::save_soon(&path, written.as_bytes()) {
                Ok(unkept) => {
                    let name = crate::store::file_name(&path);
                    if unkept.is_empty() {
                        app.toasts.success(format!("Wrote {name}"), None);
                    } else {
                        app.toasts.failure(format!("Wrote {name}"), unkept.to_string(), None);
                    }
                    stays = false;
                }
                Err(wrong) => draft.said = Some(format!("{wrong}. {}", wrong.hint())),
            }
        }
        if widgets::button(ui, theme, "Copy", &[], Tone::Secondary).clicked() {
            ui.copy_text(written.to_owned());
        }
        stays &= !widgets::button(ui, theme, "Close", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    if let Some(said) = &draft.said {
        ui.label(RichText::new(said.as_str()).color(theme.block));
    }
    stays
}
