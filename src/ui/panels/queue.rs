//! The queue: every unnamed source of every article, the riskiest first, with the reason for its rank.

use super::sources::alias;
use crate::{
    display::safe::visible,
    model::ReviewState,
    review::Unit,
    ui::{
        action::Action,
        app::{App, Desk},
        article::{bidi_text::Words, layout::TextStyle},
        computed::is_settled,
        icons,
        reviewing::DeskAction,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, Color32, ComboBox, CornerRadius, Id, Layout, Margin, Panel, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};

/// Icon, word and colours of a state.
pub(crate) fn look(unit: &Unit, theme: &Theme) -> (char, String, Color32) {
    if unit.standing.is_split() {
        return (icons::WARNING_CIRCLE, "decided twice".to_owned(), theme.block);
    }
    if !unit.standing.stale.is_empty() {
        return (icons::CLOCK_COUNTER_CLOCKWISE, "stale".to_owned(), theme.stale);
    }
    let name = unit.standing.state.name().to_lowercase();
    match unit.standing.state {
        ReviewState::Unreviewed => (icons::CIRCLE_DASHED, name, theme.ink3),
        ReviewState::InReview => (icons::CIRCLE_HALF, name, theme.accent),
        ReviewState::NeedsWork => (icons::WRENCH, name, theme.warn),
        ReviewState::Approved => (icons::CHECK_CIRCLE, name, theme.ok),
        ReviewState::ApprovedWithConditions => (icons::SEAL_CHECK, name, theme.ok),
        ReviewState::Rejected => (icons::X_CIRCLE, name, theme.block),
        ReviewState::NotApplicable => (icons::MINUS_CIRCLE, name, theme.ink3),
    }
}

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    let Some(desk) = &app.desk else { return };
    let reviewing = &mut app.state.reviewing;
    let mut actions = Vec::new();
    ui.allocate_ui(vec2(ui.available_width(), 40.0), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(12.0);
            ui.label(RichText::new("Queue").font(theme::semibold(12.0)).color(theme.ink2));
            ui.label(RichText::new("riskiest first").font(theme::small()).color(theme.ink3));
        });
    });
    ui.allocate_ui(vec2(ui.available_width(), 34.0), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(10.0);
            {
                let shown = reviewing.filter.map_or("All states", ReviewState::name);
                let combo = ComboBox::from_id_salt("state of the queue").width(104.0).selected_text(shown).show_ui(ui, |ui| {
                    if ui.selectable_label(reviewing.filter.is_none(), "All states").clicked() {
                        reviewing.filter = None;
                    }
                    for state in ReviewState::ALL {
                        if ui.selectable_label(reviewing.filter == Some(*state), state.name()).clicked() {
                            reviewing.filter = Some(*state);
                        }
                    }
                });
                combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Only: {shown}")));
                let persons = &desk.session.project().persons;
                let shown = reviewing.person.as_ref().and_then(|id| persons.get(id)).map_or("Anybody", |person| person.name.as_str());
                let shown = crate::display::safe::brief(shown);
                let combo = ComboBox::from_id_salt("person of the queue").width(88.0).selected_text(&*shown).show_ui(ui, |ui| {
                    if ui.selectable_label(reviewing.person.is_none(), "Anybody").clicked() {
                        reviewing.person = None;
                    }
                    for person in persons.iter() {
                        let chosen = reviewing.person.as_ref() == Some(&person.id);
                        if ui.selectable_label(chosen, crate::display::safe::brief(&person.name)).clicked() {
                            reviewing.person = Some(person.id.clone());
                        }
                    }
                });
                combo
                    .response
                    .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Marked or decided by: {shown}")));
            }
        });
    });
    Panel::bottom("queue foot")
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().inner_margin(Margin::symmetric(12, 8)))
        .show(ui, |ui| {
            let top = ui.max_rect().top() - 8.0;
            ui.painter().hline(ui.clip_rect().x_range(), top, Stroke::new(1.0, theme.line));
            ui.horizontal(|ui| {
                if widgets::check(ui, theme, reviewing.here_only, "This article only").clicked() {
                    reviewing.here_only = !reviewing.here_only;
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if widgets::button(ui, theme, "Audit report", &[], Tone::Quiet).clicked() {
                        actions.push(Action::Desk(DeskAction::Report));
                    }
                });
            });
        });
    let units: Vec<&Unit> = reviewing.listed(desk).collect();
    if units.is_empty() {
        let (line, hint) = if reviewing.computed.as_ref().is_some_and(|computed| computed.units.is_empty()) {
            (
                "No anonymous source",
                "No anonymous source is marked. Press 4 on a mention, choose its source with Shift S, and it appears here.",
            )
        } else {
            ("Nothing in this state", "Choose All states above to see the whole queue.")
        };
        widgets::empty_state(ui, theme, icons::SCALES, line, hint);
    } else {
        ui.style_mut().spacing.item_spacing.y = 0.0;
        let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
        ScrollArea::vertical().id_salt("queue").auto_shrink([false, false]).show_rows(ui, 64.0, units.len(), |ui, range| {
            for unit in units.get(range).unwrap_or_default() {
                let open = reviewing.open.as_ref().is_some_and(|(document, source)| *document == unit.document && *source == unit.source);
                if row(ui, desk, unit, open, &mut words, theme) {
                    actions.push(Action::Desk(DeskAction::OpenUnit(unit.document.clone(), unit.source.clone())));
                }
            }
        });
    }
    let edge = ui.max_rect().right();
    ui.painter().vline(edge - 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
    app.actions.extend(actions);
}

fn row(ui: &mut Ui, desk: &Desk, unit: &Unit, open: bool, words: &mut Words<'_>, theme: &Theme) -> bool {
    let project = desk.session.project();
    let name = alias(desk, &unit.source);
    let (icon, state, colour) = look(unit, theme);
    let why = if is_settled(unit) {
        let last = unit.standing.newest.last().and_then(|id| project.decisions.get(id));
        let by = last.and_then(|last| project.persons.get(last.by.as_ref()?)).map_or_else(String::new, |person| visible(&person.name));
        let day = last.map_or_else(String::new, |last| last.at.split('T').next().unwrap_or_default().to_owned());
        format!("{by} {day}").trim().to_owned()
    } else if let Some(stale) = unit.standing.stale.first() {
        stale.words(project)
    } else {
        unit.risk.words()
    };
    let title = project.documents.get(&unit.document).map_or("", |document| document.title.as_str());
    let spoken = format!("{name}, {state}, {why}");
    let id = Id::unique(("unit", &unit.document, &unit.source));
    widgets::row(ui, theme, id, 64.0, &spoken, open, |ui, rect| {
        ui.painter().text(pos2(rect.left() + 19.0, rect.top() + 16.0), Align2::CENTER_CENTER, icon, theme::icon(16.0), colour);
        let tag = ui.painter().layout_no_wrap(state.clone(), theme::medium(11.0), colour);
        let place = Rect::from_min_size(pos2(rect.right() - 12.0 - tag.size().x - 10.0, rect.top() + 7.0), vec2(tag.size().x + 10.0, 18.0));
        ui.painter().rect(place, CornerRadius::same(4), theme.raised, Stroke::new(1.0, theme.line2), egui::StrokeKind::Inside);
        ui.painter().galley(pos2(place.left() + 5.0, place.center().y - tag.size().y / 2.0), tag, colour);
        let first = Rect::from_min_max(pos2(rect.left() + 34.0, rect.top() + 6.0), pos2(place.left() - 6.0, rect.top() + 26.0));
        let used = words.line(ui, first, &name, &TextStyle::interface(13.0, 500.0), theme.ink);
        let role = project.sources.get(&unit.source).map_or("", |source| source.role.as_str());
        let rest = first.with_min_x((first.left() + used + 6.0).min(first.right()));
        if rest.width() > 30.0 {
            words.line(ui, rest, role, &TextStyle::interface(13.0, 400.0), theme.ink3);
        }
        let second = Rect::from_min_max(pos2(rect.left() + 34.0, rect.top() + 25.0), pos2(rect.right() - 12.0, rect.top() + 42.0));
        widgets::line(ui, second, &why, theme::small(), theme.ink2, Align::Min);
        words.line(ui, second.translate(vec2(0.0, 17.0)), title, &TextStyle::interface(12.0, 400.0), theme.ink3);
    })
    .clicked()
}
