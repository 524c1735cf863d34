//! What is open and what the editor decides: always the same decisions in the same order, none of them nudged.

use crate::{
    display::line::count,
    model::ReviewState,
    ui::{
        action::Action,
        app::App,
        icons,
        reviewing::DeskAction,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Frame, Id, Key, Layout, Margin, Panel, RichText, Stroke, Ui};

/// Decisions with their keys, in their order.
const DECISIONS: [(ReviewState, &str, &str); 5] = [
    (ReviewState::Approved, "Approve", "A"),
    (ReviewState::ApprovedWithConditions, "With conditions", "C"),
    (ReviewState::NeedsWork, "Needs work", "W"),
    (ReviewState::Rejected, "Reject", "R"),
    (ReviewState::NotApplicable, "Not applicable", "0"),
];

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let frame = Frame::new().fill(theme.bar);
    let open = app.open_blockers();
    let has_policy = app.desk.as_ref().is_some_and(|desk| desk.policy().is_some());
    let has_unit = app.state.reviewing.unit().is_some();
    if app.state.reviewing.noting.is_some() {
        note(ui, app, theme);
    }
    Panel::bottom("decisions").show_separator_line(false).exact_size(60.0).frame(frame).show(ui, |ui| {
        let top = ui.max_rect().top();
        ui.painter().hline(ui.max_rect().x_range(), top + 0.5, Stroke::new(1.0, theme.line2));
        ui.horizontal_centered(|ui| {
            ui.add_space(16.0);
            let narrow = ui.available_width() < 860.0;
            let (icon, colour, first, second) = if !has_policy {
                (icons::INFO, theme.accent, "No policy".to_owned(), "Choose the rules that decisions are made under.".to_owned())
            } else if open.is_empty() {
                (icons::CHECK_CIRCLE, theme.ok, "No blocking item open".to_owned(), "Every decision is possible.".to_owned())
            } else {
                let line = format!("{} open", count(open.len(), "blocking item"));
                (icons::WARNING_CIRCLE, theme.block, line, "Approve unlocks when none is open.".to_owned())
            };
            ui.label(RichText::new(icon).font(theme::icon(16.0)).color(colour));
            ui.vertical(|ui| {
                ui.add_space(if narrow { 21.0 } else { 12.0 });
                ui.style_mut().spacing.item_spacing.y = 0.0;
                let heard = ui.label(RichText::new(&first).font(theme::medium(13.0)).color(theme.ink));
                if narrow {
                    heard.on_hover_text(&second);
                } else {
                    ui.label(RichText::new(&second).font(theme::small()).color(theme.ink2));
                }
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(16.0);
                for (to, name, key) in DECISIONS.iter().rev() {
                    let keys = if narrow { Vec::new() } else { vec![(*key).to_owned()] };
                    let possible = has_unit && has_policy && (*to != ReviewState::Approved || open.is_empty());
                    let shown = ui.add_enabled_ui(possible, |ui| {
                        widgets::button(
                            ui,
                            theme,
                            name,
                            &keys,
                            if *to == ReviewState::NotApplicable { Tone::Quiet } else { Tone::Secondary },
                        )
                    });
                    if shown.inner.clicked() && possible {
                        app.actions.push(Action::Desk(DeskAction::Decide(*to)));
                    }
                }
            });
        });
    });
}

/// The note that a decision needs.
fn note(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let (Some(desk), Some((to, note))) = (&app.desk, &mut app.state.reviewing.noting) else { return };
    let mut actions = Vec::new();
    Panel::bottom("decision note")
        .show_separator_line(false)
        .exact_size(112.0)
        .frame(Frame::new().fill(theme.bar).inner_margin(Margin::symmetric(16, 8)))
        .show(ui, |ui| {
            let id = Id::unique("note of a decision");
            ui.label(
                RichText::new(format!("{}: say why. The note travels with the file.", to.name())).font(theme::small()).color(theme.ink2),
            );
            let field = ui.add(
                egui::TextEdit::multiline(note)
                    .id(id)
                    .desired_rows(2)
                    .desired_width(f32::INFINITY)
                    .hint_text(RichText::new("Do not write who a source is.").color(theme.ink3)),
            );
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Note of the decision"));
            if !field.has_focus() && !field.lost_focus() {
                field.request_focus();
            }
            let send = field.has_focus() && ui.input(|input| input.modifiers.command && input.key_pressed(Key::Enter));
            ui.horizontal(|ui| {
                if widgets::button(ui, theme, "Decide", &["Ctrl".to_owned(), "Enter".to_owned()], Tone::Primary).clicked() || send {
                    actions.push(Action::Desk(DeskAction::SendNote));
                }
                if widgets::button(ui, theme, "Leave", &["Esc".to_owned()], Tone::Quiet).clicked() {
                    actions.push(Action::StepBack);
                }
                super::caution::show(ui, desk, note, theme);
            });
        });
    app.actions.extend(actions);
}
