//! What is wrong with the file, with a jump to each place and a way to mend it.

use crate::ui::{
    action::Action,
    app::{Desk, ViewState},
    icons,
    theme::{self, Theme},
    widgets::{self, Tone},
};
use egui::{Margin, RichText, ScrollArea, Ui};

pub(crate) fn show(ui: &mut Ui, desk: &Desk, _state: &mut ViewState, actions: &mut Vec<Action>, theme: &Theme) {
    let issues = desk.session.issues();
    if issues.is_empty() {
        widgets::empty_state(
            ui,
            theme,
            icons::CHECK_CIRCLE,
            "No issue",
            "Every quote stands where the file says, and every reference leads somewhere.",
        );
        return;
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        for issue in issues.iter().take(500) {
            egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 8, bottom: 4 }).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(icons::WARNING).font(theme::icon(16.0)).color(theme.warn));
                    ui.label(RichText::new(crate::display::safe::one_line(&issue.place)).font(theme::small()).color(theme.ink3));
                });
                ui.label(RichText::new(crate::display::safe::one_line(&issue.message)).font(theme::body()).color(theme.ink));
                ui.label(RichText::new(&issue.hint).font(theme::small()).color(theme.ink2));
                let annotation = issue.record.as_ref().and_then(|key| desk.session.project().annotations.get(&key.clone().into()));
                if let Some(annotation) = annotation {
                    ui.horizontal(|ui| {
                        if widgets::button(ui, theme, "Show", &[], Tone::Secondary).clicked() {
                            actions.push(Action::ChooseAnnotation(Some(annotation.id.clone())));
                        }
                        if matches!(issue.rule, "quote_differs" | "unplaced")
                            && widgets::button(ui, theme, "Repair…", &[], Tone::Secondary).clicked()
                        {
                            actions.push(Action::ResolveIssue(annotation.id.clone()));
                        }
                    });
                }
            });
            ui.separator();
        }
        if issues.len() > 500 {
            ui.label(RichText::new(format!("and {} more: onrecord check lists all", issues.len() - 500)).color(theme.ink3));
        }
    });
}
