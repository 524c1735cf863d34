//! What is wrong: with the file, with the sourcing of the open article, and what stands in the way of publishing it. Each with a jump,
//! and a way to mend it where there is one.

use crate::{
    check::sourcing,
    edit::Command,
    model::{Issue, Severity},
    ui::{
        action::Action,
        app::{Desk, SwitchingOff, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Id, Key, Margin, RichText, ScrollArea, Ui};

/// Issues that are drawn at first in each part; a button shows as many more.
pub(crate) const SHOWN_FIRST: usize = 40;

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let document = desk.document.as_ref();
    let computed = state.reviewing.computed.as_ref();
    let clearance = computed.and_then(|computed| computed.clearances.iter().find(|clearance| Some(&clearance.document) == document));
    let most = state.issues_shown;
    let of_file: Vec<Issue> = desk.session.issues().iter().take(most).cloned().collect();
    let blockers = clearance.map_or(&[][..], |clearance| &clearance.blockers);
    let in_the_way: Vec<Issue> = blockers.iter().filter(|issue| !is_of_file(issue)).take(most).cloned().collect();
    let all_found = computed.zip(document).and_then(|(computed, document)| computed.issues.get(document)).map_or(&[][..], Vec::as_slice);
    let found: Vec<Issue> = all_found.iter().take(most).cloned().collect();
    let (blocked, counted) = (blockers.len(), all_found.len());
    let more = desk.session.issues().len().max(blocked).max(counted) > most;
    let ready = clearance.is_some_and(|clearance| clearance.blockers.is_empty());
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 10, bottom: 12 }).show(ui, |ui| {
            if !of_file.is_empty() {
                widgets::section(ui, theme, "The file", &desk.session.issues().len().to_string());
                for issue in &of_file {
                    row(ui, desk, state, issue, words, actions, theme);
                }
            }
            widgets::section(ui, theme, "Ready to publish", &if ready { String::new() } else { blocked.to_string() });
            if ready {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(icons::CHECK_CIRCLE).font(theme::icon(16.0)).color(theme.ok));
                    ui.label(RichText::new("Cleared: nothing stands in the way of this article.").color(theme.ink));
                });
            }
            for issue in &in_the_way {
                row(ui, desk, state, issue, words, actions, theme);
            }
            ui.add_space(8.0);
            widgets::section(ui, theme, "Sourcing", &counted.to_string());
            if found.is_empty() {
                ui.label(RichText::new("The rules of newsrooms find nothing in this article.").font(theme::small()).color(theme.ink3));
            }
            for issue in &found {
                row(ui, desk, state, issue, words, actions, theme);
            }
            if more && widgets::button(ui, theme, "Show more", &[], Tone::Secondary).clicked() {
                state.issues_shown += SHOWN_FIRST;
            }
            switched_off(ui, desk, actions, theme);
        });
    });
}

/// What the file needs is said once, in its own part.
fn is_of_file(issue: &Issue) -> bool {
    matches!(issue.rule, "quote_differs" | "unplaced" | "text_changed" | "cuts_letter")
}

fn row(ui: &mut Ui, desk: &Desk, state: &mut ViewState, issue: &Issue, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    ui.add_space(6.0);
    let (icon, colour) = match issue.severity {
        Severity::Fault => (icons::WARNING_CIRCLE, theme.block),
        Severity::Warning => (icons::WARNING, theme.warn),
        Severity::Hint => (icons::INFO, theme.ink3),
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(icon).font(theme::icon(16.0)).color(colour));
        let place = issue.place.rsplit_once(" ¶ ").map_or_else(|| issue.place.clone(), |(_, number)| format!("¶ {number}"));
        ui.label(RichText::new(crate::display::safe::brief(&place)).font(theme::small()).color(theme.ink3));
    });
    words.label(ui, &issue.message, &TextStyle::interface(13.0, 400.0), theme.ink);
    ui.label(RichText::new(&issue.hint).font(theme::small()).color(theme.ink2));
    let annotation = issue.record.as_ref().and_then(|key| desk.session.project().annotations.get(&key.clone().into()));
    ui.horizontal(|ui| {
        if let Some(annotation) = annotation {
            let choose = Action::ChooseAnnotation(Some(annotation.id.clone()));
            if widgets::button(ui, theme, "Show", &[], Tone::Secondary).clicked() {
                actions.push(choose.clone());
            }
            let mend = match issue.rule {
                "quote_differs" | "unplaced" => Some(("Repair…", Action::ResolveIssue(annotation.id.clone()))),
                "claim_without_source" | "quote_without_speaker" | "claim_not_supported" => Some(("Link…", Action::Link)),
                "mention_without_source" => Some(("Choose its source…", Action::AskForSource)),
                "not_approved" | "stale" | "decided_twice" | "open_item" => {
                    Some(("Review…", Action::Mode(crate::ui::reviewing::Mode::Review)))
                }
                _ => None,
            };
            if let Some((name, mend)) = mend
                && widgets::button(ui, theme, name, &[], Tone::Secondary).clicked()
            {
                actions.push(choose);
                actions.push(mend);
            }
        }
        if sourcing::rule_of(issue.rule).is_some() && widgets::button(ui, theme, "Switch off…", &[], Tone::Quiet).clicked() {
            state.switching_off = Some(SwitchingOff { rule: issue.rule, record: issue.record.clone(), reason: String::new() });
            ui.memory_mut(|memory| memory.request_focus(Id::unique("why a check is off")));
        }
    });
    let Some(SwitchingOff { rule, record, reason }) = &mut state.switching_off else { return };
    if *rule != issue.rule || *record != issue.record {
        return;
    }
    let mut done = false;
    ui.horizontal(|ui| {
        let field = ui.add(
            egui::TextEdit::singleline(reason)
                .id(Id::unique("why a check is off"))
                .hint_text(RichText::new("Why, for this project").color(theme.ink3))
                .desired_width(180.0),
        );
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Why the check is off"));
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let pressed = widgets::button(ui, theme, "Switch off", &[], Tone::Primary).clicked();
        if (pressed || entered) && !reason.trim().is_empty() {
            actions.push(Action::Edit(Command::SwitchCheck { rule: (*rule).to_owned(), off_because: reason.clone() }));
            done = true;
        }
    });
    if done {
        state.switching_off = None;
    }
}

/// Checks that are off, each with its reason.
fn switched_off(ui: &mut Ui, desk: &Desk, actions: &mut Vec<Action>, theme: &Theme) {
    let off: Vec<(String, String)> =
        desk.session.project().info.checks_off.iter().map(|(rule, why)| (rule.to_owned(), why.as_str().to_owned())).collect();
    if off.is_empty() {
        return;
    }
    ui.add_space(10.0);
    widgets::section(ui, theme, "Switched off", &off.len().to_string());
    for (rule, why) in off {
        let what = sourcing::rule_of(&rule).map_or(rule.as_str(), |rule| rule.what);
        ui.label(RichText::new(what).color(theme.ink));
        ui.label(RichText::new(crate::display::safe::brief(&why)).font(theme::small()).color(theme.ink2));
        if widgets::button(ui, theme, &format!("Switch on: {what}"), &[], Tone::Quiet).clicked() {
            actions.push(Action::Edit(Command::SwitchCheck { rule, off_because: String::new() }));
        }
    }
}
