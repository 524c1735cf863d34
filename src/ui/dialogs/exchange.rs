//! What would come in, with the mapping of labels, and what a format would leave out.

use super::heading;
use crate::{
    display::safe::brief,
    formats::{
        FORMATS,
        article::{Choices, Extent},
        exchange::adopt::Target,
        profile::Profile,
    },
    session::exchange::is_export,
    ui::{
        action::Action,
        app::App,
        article::{bidi_text::Words, layout::TextStyle},
        exchanging::{ExportDraft, Gathered, Place},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, ComboBox, Id, RichText, ScrollArea, Sense, Stroke, TextEdit, Ui, vec2};
use std::sync::Arc;

/// Height of a row of the mapping, and of a paragraph.
const ROW: f32 = 34.0;
const PARAGRAPH: f32 = 24.0;

/// What would come in.
pub(super) fn import(ui: &mut Ui, app: &mut App, theme: &Theme, fresh: bool) -> bool {
    let Some(mut gathered) = app.exchanging.waiting.take() else { return false };
    heading(ui, theme, &format!("Import from {}", brief(&gathered.name)));
    let mut again: Option<Choices> = None;
    choices(ui, theme, &gathered, &mut again);
    for line in &gathered.said {
        ui.label(RichText::new(line).color(theme.ink));
    }
    for line in gathered.warnings.iter().take(6) {
        ui.label(RichText::new(brief(line)).font(theme::small()).color(theme.warn));
    }
    if gathered.warnings.len() > 6 {
        ui.label(RichText::new(format!("and {} more remarks", gathered.warnings.len() - 6)).font(theme::small()).color(theme.warn));
    }
    findings(ui, theme, &gathered.failed);
    let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
    paragraphs(ui, &mut words, theme, &mut gathered);
    mapping(ui, &mut words, theme, &mut gathered);
    ui.add_space(12.0);
    let mut stays = true;
    ui.horizontal(|ui| {
        let nothing = gathered.is_empty || (!gathered.paragraphs.is_empty() && gathered.taken == 0);
        if !nothing {
            let go = widgets::button(ui, theme, "Import", &["Enter".to_owned()], Tone::Primary);
            if fresh {
                go.request_focus();
            }
            if go.clicked() {
                app.actions.push(Action::TakeImport);
                stays = false;
            }
        }
        if widgets::button(ui, theme, if nothing { "Close" } else { "Cancel" }, &["Esc".to_owned()], Tone::Quiet).clicked() {
            stays = false;
        }
        let hint = "One step: it can be undone.";
        ui.label(RichText::new(hint).font(theme::small()).color(theme.ink3));
    });
    if let Some(choices) = again {
        app.actions.push(Action::ImportAgain(choices));
        stays = false;
    }
    app.exchanging.waiting = Some(gathered);
    stays
}

/// How much of web pages, and whether Markdown is rendered: another choice reads the files again.
fn choices(ui: &mut Ui, theme: &Theme, gathered: &Gathered, again: &mut Option<Choices>) {
    if !gathered.has_pages && !gathered.has_markdown {
        return;
    }
    let now = &gathered.choices;
    ui.horizontal(|ui| {
        if gathered.has_pages {
            for (name, extent) in [("The article", Extent::Article), ("The whole page", Extent::Page)] {
                if widgets::segment(ui, theme, name, now.extent == extent).clicked() && now.extent != extent {
                    *again = Some(Choices { extent, ..now.clone() });
                }
            }
        }
        if gathered.has_markdown {
            for (name, raw) in [("Rendered", false), ("As written", true)] {
                if widgets::segment(ui, theme, name, now.raw == raw).clicked() && now.raw != raw {
                    *again = Some(Choices { raw, ..now.clone() });
                }
            }
        }
    });
    ui.add_space(6.0);
}

/// What could not be read, and what has no place.
fn findings(ui: &mut Ui, theme: &Theme, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    ui.add_space(6.0);
    egui::Frame::new().stroke(Stroke::new(1.0, theme.line)).corner_radius(8).inner_margin(8).show(ui, |ui| {
        ScrollArea::vertical().id_salt("findings").max_height(110.0).auto_shrink([false, true]).show_rows(
            ui,
            18.0,
            lines.len(),
            |ui, rows| {
                for line in lines.get(rows).unwrap_or_default() {
                    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
                    let line = brief(line);
                    widgets::line(ui, rect, &line, theme::small(), theme.block, Align::Min);
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &*line));
                    response.on_hover_text(&*line);
                }
            },
        );
    });
}

/// The paragraphs of the only article: each can be left out.
fn paragraphs(ui: &mut Ui, words: &mut Words<'_>, theme: &Theme, gathered: &mut Gathered) {
    if gathered.paragraphs.is_empty() {
        return;
    }
    ui.add_space(8.0);
    let (taken, all) = (gathered.taken, gathered.paragraphs.len());
    let line = if taken == all {
        format!("{all} paragraphs. Click what should stay out; Shift takes all up to it.")
    } else {
        format!("{taken} of {all} paragraphs come in.")
    };
    ui.label(RichText::new(line).font(theme::small()).color(theme.ink2));
    let mut toggled = None;
    egui::Frame::new().stroke(Stroke::new(1.0, theme.line)).corner_radius(8).inner_margin(6).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().id_salt("paragraphs").max_height(260.0).auto_shrink([false, true]).show_rows(
            ui,
            PARAGRAPH,
            all,
            |ui, rows| {
                for at in rows {
                    let Some((paragraph, on)) = gathered.paragraphs.get(at) else { continue };
                    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PARAGRAPH), Sense::click());
                    if response.hovered() {
                        ui.painter().rect_filled(rect, 4.0, theme.hover2);
                    }
                    let name = brief(paragraph).into_owned();
                    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, *on, &name));
                    let mark = egui::Rect::from_center_size(egui::pos2(rect.left() + 12.0, rect.center().y), vec2(14.0, 14.0));
                    let sign = if *on { icons::CHECK } else { icons::MINUS };
                    let colour = if *on { theme.ink2 } else { theme.ink3 };
                    ui.painter().text(mark.center(), egui::Align2::CENTER_CENTER, sign, theme::icon(14.0), colour);
                    let style = TextStyle::interface(13.0, 400.0);
                    let place = rect.with_min_x(rect.left() + 28.0).with_max_x(rect.right() - 6.0);
                    let width = words.line(ui, place, &name, &style, if *on { theme.ink } else { theme.ink3 });
                    if !on {
                        let width = width.min(place.width());
                        ui.painter().hline(place.left()..=place.left() + width, rect.center().y, Stroke::new(1.0, theme.ink3));
                    }
                    widgets::focus_ring(ui, theme, &response, 4);
                    if response.clicked() {
                        toggled = Some((at, ui.input(|input| input.modifiers.shift)));
                    }
                }
            },
        );
    });
    if let Some((at, range)) = toggled {
        gathered.toggle(at, range);
    }
}

/// Foreign names with what becomes of them.
fn mapping(ui: &mut Ui, words: &mut Words<'_>, theme: &Theme, gathered: &mut Gathered) {
    if gathered.rows.is_empty() {
        return;
    }
    ui.add_space(10.0);
    ui.label(RichText::new("Labels and links of the file, and what they become").font(theme::semibold(12.0)).color(theme.ink2));
    ui.add_space(4.0);
    let rows = gathered.rows.len();
    ScrollArea::vertical().id_salt("mapping").max_height(240.0).auto_shrink([false, true]).show_rows(ui, ROW, rows, |ui, range| {
        for at in range {
            row(ui, words, theme, gathered, at);
        }
    });
}

fn row(ui: &mut Ui, words: &mut Words<'_>, theme: &Theme, gathered: &mut Gathered, at: usize) {
    let Some(row) = gathered.rows.get(at) else { return };
    let (name, is_link) = (brief(&row.name).into_owned(), row.is_link);
    let about = if is_link { format!("link, {}", row.count) } else { format!("{} · {}", row.count, brief(&row.example)) };
    let ours = Arc::clone(if is_link { &gathered.kinds } else { &gathered.labels });
    let foreign = row.name.clone();
    let Some(target) = gathered.target(at) else { return };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let left = rect.with_max_x(rect.right() - 250.0);
    words.line(ui, left.with_max_y(rect.center().y + 1.0), &name, &TextStyle::interface(13.0, 500.0), theme.ink);
    words.line(ui, left.with_min_y(rect.center().y - 1.0), &about, &TextStyle::interface(12.0, 400.0), theme.ink3);
    let said = |target: &Target| match target {
        Target::Known(id) => ours.iter().find(|(known, _)| known == id).map_or_else(|| id.clone(), |(_, name)| name.clone()),
        Target::New(name) => format!("New: {}", brief(name)),
        Target::Leave => "Leave out".to_owned(),
    };
    let place =
        egui::Rect::from_min_max(egui::pos2(rect.right() - 240.0, rect.top() + 2.0), egui::pos2(rect.right() - 8.0, rect.bottom() - 2.0));
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(egui::Layout::left_to_right(Align::Center)));
    let shown = ComboBox::from_id_salt(("map", at)).width(220.0).truncate().selected_text(said(target)).show_ui(&mut inner, |ui| {
        for (id, name) in ours.iter() {
            if ui.selectable_label(*target == Target::Known(id.clone()), name).clicked() {
                *target = Target::Known(id.clone());
            }
        }
        if ui.selectable_label(matches!(target, Target::New(_)), format!("New: {name}")).clicked() {
            *target = Target::New(foreign.clone());
        }
        if ui.selectable_label(*target == Target::Leave, "Leave out").clicked() {
            *target = Target::Leave;
        }
    });
    let spoken = format!("{name} becomes {}", said(target));
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &spoken));
}

/// Format, profile, extent, place, and what would be lost.
pub(super) fn export(ui: &mut Ui, app: &mut App, theme: &Theme, draft: &mut ExportDraft, fresh: bool) -> bool {
    heading(ui, theme, "Export to another format");
    let Some(desk) = &app.desk else { return false };
    let (title, has_article) = (desk.title().to_owned(), desk.document.is_some());
    let mut stays = true;
    let format = draft.format();
    let shown = ComboBox::from_id_salt("export format").width(320.0).height(480.0).selected_text(format.title).show_ui(ui, |ui| {
        for (at, other) in FORMATS.iter().enumerate().filter(|(_, format)| is_export(format)) {
            if ui.selectable_label(at == draft.format, other.title).on_hover_text(other.about).clicked() {
                draft.format = at;
                draft.said = None;
                draft.suggest(&title);
            }
        }
    });
    let spoken = format!("Format: {}", format.title);
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &spoken));
    ui.label(RichText::new(draft.format().about).font(theme::small()).color(theme.ink2));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        for (name, only) in [("The whole project", false), ("This article", true)] {
            if (has_article || !only) && widgets::segment(ui, theme, name, draft.only_document == only).clicked() {
                draft.only_document = only;
            }
        }
    });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for profile in Profile::ALL {
            if widgets::segment(ui, theme, profile.name(), draft.profile == profile).clicked() {
                draft.profile = profile;
            }
        }
    });
    ui.add(egui::Label::new(RichText::new(draft.profile.lets_out()).font(theme::small()).color(theme.ink2)).wrap());
    if draft.profile == Profile::Public {
        ui.checkbox(&mut draft.house, "With the project's title, desks and names of files");
    }
    ui.add_space(8.0);
    app.ask_for_losses(draft);
    losses(ui, theme, draft);
    ui.add_space(10.0);
    let Place { is_alone, replaces } = draft.place();
    let mut enter = false;
    ui.horizontal(|ui| {
        let field = ui.add(TextEdit::singleline(&mut draft.path).id(Id::unique("export path")).desired_width(ui.available_width() - 100.0));
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "File of the export"));
        draft.written |= field.changed();
        enter = !replaces && field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if widgets::button(ui, theme, "Choose…", &[], Tone::Secondary).clicked() {
            app.actions.push(Action::ChooseExport(draft.clone()));
            stays = false;
        }
    });
    if replaces {
        ui.label(RichText::new("A file of this name is there already. Replacing it cannot be undone.").color(theme.block));
    } else if !is_alone && !draft.path.trim().to_lowercase().ends_with(".zip") {
        ui.label(RichText::new("This makes a new folder with several files.").font(theme::small()).color(theme.ink2));
    }
    if let Some(said) = &draft.said {
        ui.label(RichText::new(said.as_str()).color(theme.block));
    }
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let (name, keys) = if replaces { ("Replace the file", Vec::new()) } else { ("Export", vec!["Enter".to_owned()]) };
        let go = widgets::button(ui, theme, name, &keys, Tone::Primary);
        // The list of losses arrives later and moves what is below it; Enter is for this button until something else is chosen.
        if fresh || ui.memory(|memory| memory.focused().is_none()) {
            go.request_focus();
        }
        if (go.clicked() || enter) && !draft.path.trim().is_empty() {
            if draft.format().is_folder && is_alone {
                draft.said = Some(format!("{} is several files: name a folder or a .zip.", draft.format().title));
            } else {
                app.actions.push(Action::WriteExport(draft.clone()));
                stays = false;
            }
        }
        stays &= !widgets::button(ui, theme, "Cancel", &["Esc".to_owned()], Tone::Quiet).clicked();
    });
    stays
}

/// What the format does not carry, counted on what would be written.
fn losses(ui: &mut Ui, theme: &Theme, draft: &ExportDraft) {
    let Some(losses) = &draft.losses else {
        ui.label(RichText::new("Counting what the format does not carry…").font(theme::small()).color(theme.ink2));
        return;
    };
    if losses.is_empty() {
        ui.label(RichText::new("The format carries everything that the profile lets out.").color(theme.ok));
        return;
    }
    let gone = losses.iter().filter(|loss| !loss.comes_back).count();
    let head = if gone > 0 { "What the format does not carry" } else { "What other tools will not see, but Onrecord reads back" };
    ui.label(RichText::new(head).font(theme::semibold(12.0)).color(if gone > 0 { theme.warn } else { theme.ink2 }));
    ScrollArea::vertical().id_salt("losses").max_height(150.0).auto_shrink([false, true]).show(ui, |ui| {
        for loss in losses {
            let colour = if loss.comes_back { theme.ink2 } else { theme.ink };
            ui.label(RichText::new(format!("• {}", loss.sentence())).font(theme::small()).color(colour));
        }
    });
}
