//! Who speaks, by typing; and what becomes of the mentions when a source is removed.

use super::heading;
use crate::{
    display::line::count,
    edit::Command,
    model::{Id as RecordId, Source},
    ui::{
        action::Action,
        app::App,
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        panels::sources::alias,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align2, ComboBox, Id, Key, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

/// Shift S: type a name; known sources come first, new ones of every kind last.
pub(super) fn choose(ui: &mut Ui, app: &mut App, theme: &Theme, words: &mut String, at: &mut usize, fresh: bool) -> bool {
    let before = words.clone();
    ui.horizontal(|ui| {
        ui.label(RichText::new(icons::DETECTIVE).font(theme::icon(16.0)).color(theme.ink3));
        let edit = egui::TextEdit::singleline(words)
            .id(Id::unique("who speaks"))
            .frame(egui::Frame::NONE)
            .font(egui::FontId::proportional(15.0))
            .hint_text(RichText::new("Who speaks? Type a name, or what the article calls them").color(theme.ink3))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Who speaks"));
        if fresh || !field.has_focus() {
            field.request_focus();
        }
    });
    ui.add_space(6.0);
    ui.separator();
    if *words != before {
        *at = 0;
    }
    let choices = app.source_choices(words);
    let (up, down, enter) =
        ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
    if down && *at + 1 < choices.len() {
        *at += 1;
    }
    if up {
        *at = at.saturating_sub(1);
    }
    let mut taken = enter.then_some(*at);
    ScrollArea::vertical().max_height(330.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.style_mut().spacing.item_spacing.y = 0.0;
        for (number, choice) in choices.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::CLICK);
            widgets::named(&response, &choice.name);
            if number == *at {
                ui.painter().rect_filled(rect, 6.0, theme.selected);
                if up || down {
                    response.scroll_to_me(None);
                }
            } else if response.hovered() {
                ui.painter().rect_filled(rect, 6.0, theme.hover2);
            }
            ui.painter().text(
                pos2(rect.left() + 16.0, rect.center().y),
                Align2::CENTER_CENTER,
                choice.kind.icon(),
                theme::icon(16.0),
                theme.ink2,
            );
            let mut text = Words { engine: &mut app.engine, cache: &mut app.words };
            let room = Rect::from_min_max(pos2(rect.left() + 34.0, rect.top()), rect.max - vec2(10.0, 0.0));
            let used = text.line(ui, room, &choice.name, &TextStyle::interface(13.0, 500.0), theme.ink);
            let behind = room.with_min_x((room.left() + used + 10.0).min(room.right()));
            if behind.width() > 40.0 {
                text.line(ui, behind, &choice.more, &TextStyle::interface(12.0, 400.0), theme.ink3);
            }
            if response.clicked() {
                taken = Some(number);
            }
        }
    });
    ui.separator();
    ui.label(
        RichText::new("↑ ↓ move   Enter take   Sources hold only what the article prints: there is no field for a real name.")
            .font(theme::small())
            .color(theme.ink3),
    );
    match taken.and_then(|taken| choices.into_iter().nth(taken)) {
        Some(choice) => {
            app.actions.push(Action::TakeSource(choice.speaker));
            false
        }
        None => true,
    }
}

/// Something points to the source: into which other may it go, or do the mentions stay without one?
pub(super) fn remove(ui: &mut Ui, app: &mut App, theme: &Theme, source: &RecordId<Source>, into: &mut Option<RecordId<Source>>) -> bool {
    let Some(desk) = &app.desk else { return false };
    let project = desk.session.project();
    let points = project.annotations.iter().filter(|annotation| annotation.source.as_ref() == Some(source)).count();
    heading(ui, theme, &format!("Remove {}?", crate::display::safe::brief(&alias(desk, source))));
    ui.label(
        RichText::new(format!(
            "{} it. Merge it into another source, or let them stay without one.",
            if points == 1 { "1 annotation points to".to_owned() } else { format!("{} point to", count(points, "annotation")) }
        ))
        .color(theme.ink2),
    );
    ui.add_space(8.0);
    let shown = into.as_ref().map_or_else(|| "Choose a source".to_owned(), |into| alias(desk, into));
    let combo = ComboBox::from_id_salt("merge instead").width(280.0).selected_text(shown).show_ui(ui, |ui| {
        let mut others: Vec<_> = project.sources.iter().filter(|other| other.id != *source).collect();
        others.sort_by_key(|other| other.alias.to_lowercase());
        for other in others.into_iter().take(200) {
            if ui.selectable_label(into.as_ref() == Some(&other.id), &other.alias).clicked() {
                *into = Some(other.id.clone());
            }
        }
    });
    combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Merge into"));
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal(|ui| {
        if let Some(into) = into.clone()
            && widgets::button(ui, theme, "Merge", &[], Tone::Primary).clicked()
        {
            app.actions.push(Action::Edit(Command::MergeSources { source: source.clone(), into: into.clone() }));
            app.actions.push(Action::ShowSource(into));
            stays = false;
        }
        if widgets::button(ui, theme, "Remove, keep the mentions", &[], Tone::Secondary).clicked() {
            app.actions.push(Action::Edit(Command::RemoveSource { source: source.clone() }));
            stays = false;
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}
