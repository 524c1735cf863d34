//! What is known of the selected annotation: label, words, place, attributes, source, links, note.

use crate::{
    display::safe::visible,
    edit::Command,
    model::{Annotation, AttributeDefinition, AttributeValue, Label, news},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, FocusTarget, Inspected, ViewState},
        article::{bidi_text::Words, layout::TextStyle, paint::draw_line},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, ComboBox, Id, Layout, Margin, Mesh, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::sync::Arc;

/// Links that are listed at most.
const MOST_LINKS: usize = 200;

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let annotation = match state.inspected.clone() {
        Inspected::Source(source) if desk.session.project().sources.contains(&source) => {
            return super::source::show(ui, desk, state, &source, words, actions, theme);
        }
        Inspected::Document => return super::document::show(ui, desk, state, actions, theme),
        _ => desk.selected(),
    };
    let Some(annotation) = annotation else {
        return super::document::show(ui, desk, state, actions, theme);
    };
    let label = desk.label_of(annotation).cloned();
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            head(ui, desk, state, annotation, label.as_ref(), actions, theme);
            excerpt(ui, desk, annotation, words, theme);
            if let Some(label) = &label {
                attributes(ui, state, annotation, label, actions, theme);
                if label.source {
                    source(ui, desk, annotation, words, actions, theme);
                } else {
                    resting(ui, desk, annotation, actions, theme);
                }
            }
            links(ui, desk, annotation, words, actions, theme);
            note(ui, desk, state, annotation, actions, theme);
            divider(ui);
            super::comments::show(ui, desk, &mut state.commenting, annotation.id.key(), words, actions, theme);
            ui.add_space(12.0);
            ui.horizontal(|ui| {
                let by = annotation.by.as_ref().and_then(|by| desk.session.project().persons.get(by));
                let marked =
                    by.map_or_else(|| "Marked by nobody named".to_owned(), |person| format!("Marked by {}", visible(&person.name)));
                ui.label(RichText::new(marked).font(theme::small()).color(theme.ink3));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if widgets::button(ui, theme, "Delete", &caps_of(&Action::Delete), Tone::Quiet).clicked() {
                        actions.push(Action::Delete);
                    }
                });
            });
        });
    });
}

fn head(
    ui: &mut Ui,
    desk: &Desk,
    state: &mut ViewState,
    annotation: &Arc<Annotation>,
    label: Option<&Arc<Label>>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    ui.horizontal(|ui| {
        let name = label.map_or_else(|| format!("{} (unknown)", annotation.label), |label| visible(&label.name));
        let combo = ComboBox::from_id_salt("label of the annotation")
            .selected_text(RichText::new(&name).font(theme::medium(12.0)).color(theme.ink));
        let shown = combo.show_ui(ui, |ui| {
            for other in desk.session.project().labels_in_order() {
                if ui.selectable_label(annotation.label == other.id, visible(&other.name)).clicked() && annotation.label != other.id {
                    actions.push(Action::Edit(Command::Relabel { annotation: annotation.id.clone(), label: other.id.clone() }));
                }
            }
        });
        shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Label: {name}")));
        if state.focus == Some(FocusTarget::Inspector) {
            shown.response.request_focus();
            state.focus = None;
        }
        let index = desk.index.as_ref();
        let rank = index.and_then(|index| index.rank(&annotation.id)).map(|rank| rank + 1);
        if let (Some(rank), Some(index)) = (rank, index) {
            ui.label(RichText::new(format!("{rank} of {}", index.in_order().len())).font(theme::small()).color(theme.ink3));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.style_mut().spacing.item_spacing.x = 2.0;
            if widgets::icon_button(ui, theme, icons::CARET_DOWN, "Next annotation", &caps_of(&Action::NextAnnotation)).clicked() {
                actions.push(Action::NextAnnotation);
            }
            if widgets::icon_button(ui, theme, icons::CARET_UP, "Previous annotation", &caps_of(&Action::PreviousAnnotation)).clicked() {
                actions.push(Action::PreviousAnnotation);
            }
        });
    });
}

fn excerpt(ui: &mut Ui, desk: &Desk, annotation: &Annotation, words: &mut Words<'_>, theme: &Theme) {
    ui.add_space(4.0);
    let shown = annotation.beginning();
    let style = TextStyle::reading(15.0, 22.0);
    let width = ui.available_width();
    let height = words.height(ui, width, &shown, &style, 6);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &shown));
    words.paragraph(ui, rect, &shown, &style, theme.ink, 6);
    ui.add_space(4.0);
    let number = desk
        .session
        .project()
        .texts
        .get(&annotation.text)
        .map_or(0, |text| text.index.number_from_char(&text.content, annotation.ranges.bounds().start));
    let parts = if annotation.ranges.len() > 1 { format!(", {} ranges", annotation.ranges.len()) } else { String::new() };
    let characters = crate::display::line::count(annotation.ranges.char_count(), "character");
    ui.label(RichText::new(format!("¶ {number}, {characters}{parts}")).font(theme::small()).color(theme.ink3));
    divider(ui);
}

fn attributes(ui: &mut Ui, state: &mut ViewState, annotation: &Annotation, label: &Label, actions: &mut Vec<Action>, theme: &Theme) {
    if label.attributes.is_empty() {
        return;
    }
    widgets::section(ui, theme, "Attributes", "");
    for definition in &label.attributes {
        let conflicted = annotation.conflicts.iter().any(|(field, _)| field.strip_prefix("attributes.") == Some(definition.key.as_str()));
        ui.horizontal(|ui| {
            let (rect, response) = ui.allocate_exact_size(vec2(116.0, 28.0), Sense::hover());
            widgets::line(ui, rect, &definition.name, theme::body(), if conflicted { theme.warn } else { theme.ink2 }, Align::Min);
            if conflicted {
                response.on_hover_text("Colleagues chose different values. Choose one to decide.");
            } else if !definition.definition.is_empty() {
                response.on_hover_text(&definition.definition);
            }
            if definition.values.is_empty() {
                free_text(ui, state, annotation, definition, actions);
            } else {
                closed_list(ui, annotation, definition, actions);
            }
        });
    }
    divider(ui);
}

/// A menu that the arrow keys walk; typing a value's first letter is left to egui's own menu.
fn closed_list(ui: &mut Ui, annotation: &Annotation, definition: &AttributeDefinition, actions: &mut Vec<Action>) {
    let value = annotation.attributes.get(&definition.key).map(|value| value.as_str().to_owned());
    let shown = value.as_deref().map_or_else(|| "–".to_owned(), spoken);
    let combo = ComboBox::from_id_salt(("attribute", &definition.key)).width(ui.available_width() - 8.0).selected_text(&shown);
    let mut set = |value: Option<&str>| {
        let value = value.map(|value| AttributeValue::Text(value.into()));
        actions.push(Action::Edit(Command::SetAttribute { annotation: annotation.id.clone(), key: definition.key.clone(), value }));
    };
    let response = combo.show_ui(ui, |ui| {
        if ui.selectable_label(value.is_none(), "–").clicked() && value.is_some() {
            set(None);
        }
        for word in &definition.values {
            if ui.selectable_label(value.as_ref() == Some(word), spoken(word)).clicked() {
                set(Some(word));
            }
        }
    });
    let response = response.response;
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{}: {shown}", crate::display::safe::brief(&definition.name)))
    });
    // Left and right step through the list without opening it.
    if response.has_focus() {
        let step =
            ui.input(|input| i32::from(input.key_pressed(egui::Key::ArrowRight)) - i32::from(input.key_pressed(egui::Key::ArrowLeft)));
        let at = value.as_ref().and_then(|value| definition.values.iter().position(|word| word == value));
        let next = match (step, at) {
            (1, None) => Some(0),
            (1, Some(at)) => Some(at + 1),
            (-1, Some(at)) => at.checked_sub(1),
            _ => None,
        };
        if let Some(word) = next.and_then(|next| definition.values.get(next)) {
            set(Some(word));
        }
    }
}

fn free_text(ui: &mut Ui, state: &mut ViewState, annotation: &Annotation, definition: &AttributeDefinition, actions: &mut Vec<Action>) {
    let known = annotation.attributes.get(&definition.key).map_or("", |value| value.as_str()).to_owned();
    let draft = state.drafts.entry((annotation.id.clone(), definition.key.clone())).or_insert_with(|| known.clone());
    let field = egui::TextEdit::singleline(draft).id(Id::unique(("free text", &definition.key))).desired_width(ui.available_width() - 8.0);
    let response = ui.add(field);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, visible(&definition.name)));
    if response.lost_focus() && *draft != known {
        let value = (!draft.trim().is_empty()).then(|| AttributeValue::Text(draft.trim().into()));
        actions.push(Action::Edit(Command::SetAttribute { annotation: annotation.id.clone(), key: definition.key.clone(), value }));
    }
}

/// Who speaks: the source with its kind, and the keys that give another.
fn source(ui: &mut Ui, desk: &Desk, annotation: &Annotation, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    ui.horizontal(|ui| {
        widgets::section(ui, theme, "Source", "");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::button(ui, theme, "Same as before", &caps_of(&Action::SameSource), Tone::Quiet).clicked() {
                actions.push(Action::SameSource);
            }
        });
    });
    let chosen = annotation.source.as_ref().and_then(|source| project.sources.get(source));
    let name = chosen.map_or_else(|| "Source: not chosen".to_owned(), |source| format!("Source: {}", source.alias));
    let response = widgets::row(ui, theme, Id::unique("source of the annotation"), 32.0, &name, false, |ui, rect| {
        let icon = chosen.map_or(icons::CIRCLE_DASHED, |source| source.kind.icon());
        ui.painter().text(pos2(rect.left() + 10.0, rect.center().y), Align2::CENTER_CENTER, icon, theme::icon(16.0), theme.ink2);
        let room = rect.with_min_x(rect.left() + 28.0);
        let Some(source) = chosen else {
            widgets::line(ui, room, "Not chosen", theme::body(), theme.ink3, Align::Min);
            return;
        };
        let used = words.line(ui, room, &source.alias, &TextStyle::interface(13.0, 500.0), theme.ink);
        let more = if source.role.is_empty() { source.kind.name() } else { &source.role };
        words.line(ui, room.with_min_x((room.left() + used + 8.0).min(room.right())), more, &TextStyle::interface(13.0, 400.0), theme.ink3);
    });
    if response.on_hover_text("Show the source").clicked() {
        match &annotation.source {
            Some(source) => actions.push(Action::ShowSource(source.clone())),
            None => actions.push(Action::AskForSource),
        }
    }
    ui.horizontal(|ui| {
        if widgets::button(ui, theme, "Choose…", &caps_of(&Action::AskForSource), Tone::Secondary).clicked() {
            actions.push(Action::AskForSource);
        }
        if annotation.source.is_some() && widgets::button(ui, theme, "No source", &[], Tone::Quiet).clicked() {
            actions.push(Action::Edit(Command::SetSource { annotation: annotation.id.clone(), source: None }));
        }
    });
    ui.add_space(2.0);
    ui.label(
        RichText::new("Sources hold only what the article prints. There is no field for a real name.")
            .font(theme::small())
            .color(theme.ink3),
    );
    divider(ui);
}

/// What a claim or quote rests on, computed from its links.
fn resting(ui: &mut Ui, desk: &Desk, annotation: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    let behind = desk.sources.behind(&annotation.id);
    let is_claim = annotation.label == news::label(news::CLAIM);
    let words = match behind {
        [] if is_claim => "Rests on no source: what the article says itself".to_owned(),
        [] => "No speaker yet: link it to its attribution".to_owned(),
        [_] if is_claim => "Rests on one source alone".to_owned(),
        [_] => "One source".to_owned(),
        several if is_claim => format!("Corroborated: rests on {} sources", several.len()),
        several => format!("{} sources", several.len()),
    };
    widgets::section(ui, theme, "Sources", "");
    let colour = if behind.len() == 1 && is_claim { theme.warn } else { theme.ink2 };
    ui.label(RichText::new(words).font(theme::small()).color(colour));
    ui.horizontal_wrapped(|ui| {
        for source in behind.iter().filter_map(|source| project.sources.get(source)) {
            if widgets::button(ui, theme, &crate::display::safe::brief(&source.alias), &[], Tone::Secondary).clicked() {
                actions.push(Action::ShowSource(source.id.clone()));
            }
        }
    });
    divider(ui);
}

/// The links of the annotation with the words at both ends: a click jumps, resting the pointer shows where it leads.
fn links(ui: &mut Ui, desk: &Desk, annotation: &Annotation, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    let own: Vec<_> = desk.sources.links().of(&annotation.id).filter_map(|id| project.relations.get(id)).take(MOST_LINKS).collect();
    ui.horizontal(|ui| {
        widgets::section(ui, theme, "Links", &desk.sources.links().count(&annotation.id).to_string());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::button(ui, theme, "Add", &caps_of(&Action::Link), Tone::Quiet).clicked() {
                actions.push(Action::Link);
            }
        });
    });
    let own_words = crate::check::spans::shorten(&annotation.beginning());
    for link in own {
        let leads_on = link.from == annotation.id;
        let other = project.annotations.get(if leads_on { &link.to } else { &link.from });
        let kind = project.relation_kinds.get(&link.kind).map_or_else(|| link.kind.to_string(), |kind| visible(&kind.name));
        let excerpt = other.map_or_else(|| "missing".to_owned(), |other| other.beginning());
        let far = crate::check::spans::shorten(&excerpt);
        let (from, to) = if leads_on { (&own_words, &far) } else { (&far, &own_words) };
        let name = format!("Link: {from} {kind} {to}");
        let place = other.map(|other| place_of(desk, other)).unwrap_or_default();
        let style = theme.label(other.and_then(|other| desk.label_of(other)).map(|label| &**label));
        let response = widgets::row(ui, theme, Id::unique(("link", &link.id)), 44.0, &name, false, |ui, rect| {
            let above = Rect::from_min_max(rect.min, pos2(rect.right() - 28.0, rect.center().y + 1.0));
            let heading = format!("{} {kind}", if leads_on { "→" } else { "←" });
            widgets::line(ui, above, &heading, theme::small(), theme.ink3, Align::Min);
            widgets::line(ui, above, &place, theme::small(), theme.ink3, Align::Max);
            let below = Rect::from_min_max(pos2(rect.left(), rect.center().y), pos2(rect.right() - 28.0, rect.bottom() - 2.0));
            let mut sample = Mesh::default();
            draw_line(&mut sample, style.pattern, below.left(), below.left() + 16.0, below.center().y, 1.8, style.line);
            ui.painter().add(egui::Shape::mesh(sample));
            words.line(ui, below.with_min_x(below.left() + 22.0), &excerpt, &TextStyle::interface(13.0, 400.0), theme.ink);
        });
        let cross = Rect::from_center_size(pos2(response.rect.right() - 14.0, response.rect.center().y), vec2(24.0, 24.0));
        let remove = ui.interact(cross, Id::unique(("unlink", &link.id)), Sense::click());
        widgets::named(&remove, &format!("Remove the link {kind}: {far}"));
        let colour = if remove.hovered() { theme.ink } else { theme.ink3 };
        ui.painter().text(cross.center(), Align2::CENTER_CENTER, icons::X, theme::icon(12.0), colour);
        widgets::focus_ring(ui, theme, &remove, 4);
        if remove.on_hover_text("Remove the link").clicked() {
            actions.push(Action::Edit(Command::Unlink { relation: link.id.clone() }));
        } else if let Some(other) = other {
            if response.clicked() {
                actions.push(Action::ChooseAnnotation(Some(other.id.clone())));
            }
            let (near, far) = (peek(desk, annotation), peek(desk, other));
            response.on_hover_ui(|ui| {
                ui.set_max_width(380.0);
                let (from, to) = if leads_on { (near, far) } else { (far, near) };
                ui.label(RichText::new(from).font(theme::body()));
                ui.label(RichText::new(&kind).font(theme::small()).color(theme.ink3));
                ui.label(RichText::new(to).font(theme::body()));
            });
        }
    }
    divider(ui);
}

/// Article, where it is another one, and paragraph of an annotation.
fn place_of(desk: &Desk, annotation: &Annotation) -> String {
    let text = desk.session.project().texts.get(&annotation.text);
    let number = text.map_or(0, |text| text.index.number_from_char(&text.content, annotation.ranges.bounds().start));
    format!("¶ {number}")
}

/// An annotation in the words around it.
fn peek(desk: &Desk, annotation: &Annotation) -> String {
    let text = desk.session.project().texts.get(&annotation.text);
    let found = text.and_then(|text| {
        let bytes = text.index.bytes_from_range(&text.content, annotation.ranges.bounds())?;
        Some(crate::display::context::context(&text.content, &bytes, 60))
    });
    found.map_or_else(|| annotation.beginning(), |found| format!("{}[{}]{}", found.before, found.words, found.after))
}

fn note(ui: &mut Ui, desk: &Desk, state: &mut ViewState, annotation: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    ui.horizontal(|ui| {
        widgets::section(ui, theme, "Note", "");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let middle = ui.max_rect().center().y;
            widgets::key_caps(ui, theme, &caps_of(&Action::Note), ui.max_rect().right(), middle);
        });
    });
    if annotation.note.len() > super::MOST_WRITTEN {
        let said = format!("{} long: too much to be written in here.", byte_count(annotation.note.len()));
        ui.label(RichText::new(said).font(theme::small()).color(theme.warn));
        ui.label(RichText::new(visible(&annotation.note)).font(theme::small()).color(theme.ink2));
        purge_note(ui, annotation, actions, theme);
        return;
    }
    let draft = match &mut state.note {
        Some((of, draft)) if *of == annotation.id => draft,
        other => &mut other.insert((annotation.id.clone(), annotation.note.clone())).1,
    };
    let id = Id::unique("note");
    let hint = RichText::new("What should colleagues know? Do not write who a source is.").color(theme.ink3);
    let response = ui.add(egui::TextEdit::multiline(draft).id(id).desired_rows(3).desired_width(f32::INFINITY).hint_text(hint));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Note"));
    if state.focus == Some(FocusTarget::Note) {
        response.request_focus();
        state.focus = None;
    }
    let finished = response.has_focus() && ui.input(|input| input.modifiers.command && input.key_pressed(egui::Key::Enter));
    if (response.lost_focus() || finished) && draft.trim_end() != annotation.note {
        actions.push(Action::Edit(Command::SetNote { annotation: annotation.id.clone(), note: draft.clone() }));
    }
    // Looked at while it is written only: a note that stands was warned about.
    if response.has_focus() {
        super::caution::show(ui, desk, draft, theme);
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new("Notes travel with the file.").font(theme::small()).color(theme.ink3));
        if !annotation.note.is_empty() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| purge_note(ui, annotation, actions, theme));
        }
    });
}

fn purge_note(ui: &mut Ui, annotation: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    if widgets::button(ui, theme, "Purge…", &[], Tone::Quiet).clicked() {
        actions.push(Action::AskToPurge(annotation.id.key().clone()));
    }
}

/// `1.0 MB`.
fn byte_count(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A word of the file for people: `not_stated` is "Not stated".
fn spoken(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn divider(ui: &mut Ui) {
    ui.add_space(6.0);
    ui.separator();
    ui.add_space(6.0);
}
