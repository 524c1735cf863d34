//! What is known of the selected annotation: label, words, place, attributes, source, links, note.

use crate::{
    edit::Command,
    model::{Annotation, AttributeDefinition, AttributeValue, Label},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, FocusTarget, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, ComboBox, Id, Layout, Margin, Rect, RichText, ScrollArea, Sense, Ui, vec2};
use std::sync::Arc;

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let Some(annotation) = desk.selected() else {
        widgets::empty_state(
            ui,
            theme,
            icons::HIGHLIGHTER,
            "No annotation selected",
            "Click marked words, or walk with ] and [. To mark: select words and press the key of a label.",
        );
        return;
    };
    let label = desk.label_of(annotation).cloned();
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            head(ui, desk, state, annotation, label.as_ref(), actions, theme);
            excerpt(ui, desk, annotation, words, theme);
            if let Some(label) = &label {
                attributes(ui, state, annotation, label, actions, theme);
                if label.source {
                    source(ui, desk, annotation, actions, theme);
                }
            }
            links(ui, desk, annotation, words, actions, theme);
            note(ui, state, annotation, actions, theme);
            ui.add_space(12.0);
            ui.horizontal(|ui| {
                let by = annotation.by.as_ref().and_then(|by| desk.session.project().persons.get(by));
                let marked = by.map_or_else(|| "Marked by nobody named".to_owned(), |person| format!("Marked by {}", person.name));
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
        let name = label.map_or_else(|| format!("{} (unknown)", annotation.label), |label| label.name.clone());
        let combo = ComboBox::from_id_salt("label of the annotation")
            .selected_text(RichText::new(&name).font(theme::medium(12.0)).color(theme.ink));
        let shown = combo.show_ui(ui, |ui| {
            for other in desk.session.project().labels_in_order() {
                if ui.selectable_label(annotation.label == other.id, &other.name).clicked() && annotation.label != other.id {
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
    let shown = annotation.excerpt();
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
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{}: {shown}", definition.name)));
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
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, &definition.name));
    if response.lost_focus() && *draft != known {
        let value = (!draft.trim().is_empty()).then(|| AttributeValue::Text(draft.trim().into()));
        actions.push(Action::Edit(Command::SetAttribute { annotation: annotation.id.clone(), key: definition.key.clone(), value }));
    }
}

/// Who speaks: a known source, or a new one named after the words.
fn source(ui: &mut Ui, desk: &Desk, annotation: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    widgets::section(ui, theme, "Source", "");
    let chosen = annotation.source.as_ref().and_then(|source| project.sources.get(source));
    let shown = chosen.map_or("Not chosen", |source| source.alias.as_str());
    let combo = ComboBox::from_id_salt("source of the annotation").width(ui.available_width() - 8.0).selected_text(shown);
    let response = combo.show_ui(ui, |ui| {
        let mut set = |source| actions.push(Action::Edit(Command::SetSource { annotation: annotation.id.clone(), source }));
        if ui.selectable_label(chosen.is_none(), "Not chosen").clicked() && chosen.is_some() {
            set(None);
        }
        let mut sources: Vec<_> = project.sources.iter().collect();
        sources.sort_by(|one, other| one.alias.cmp(&other.alias));
        for source in sources {
            if ui.selectable_label(annotation.source.as_ref() == Some(&source.id), &source.alias).clicked() {
                set(Some(source.id.clone()));
            }
        }
    });
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Source: {shown}")));
    ui.label(
        RichText::new("Sources hold only what the article prints. There is no field for a real name.")
            .font(theme::small())
            .color(theme.ink3),
    );
    divider(ui);
}

fn links(ui: &mut Ui, desk: &Desk, annotation: &Annotation, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    let ids = desk.links.get(&annotation.id).map(Vec::as_slice).unwrap_or_default();
    let own: Vec<_> = ids.iter().filter_map(|id| project.relations.get(id)).collect();
    if own.is_empty() {
        return;
    }
    widgets::section(ui, theme, "Links", &own.len().to_string());
    for link in own {
        let leads_on = link.from == annotation.id;
        let other = project.annotations.get(if leads_on { &link.to } else { &link.from });
        let kind = project.relation_kinds.get(&link.kind).map_or_else(|| link.kind.to_string(), |kind| kind.name.clone());
        let excerpt = other.map_or_else(|| "missing".to_owned(), |other| other.excerpt());
        let name = format!("{} {kind}: {}", if leads_on { "→" } else { "←" }, crate::check::spans::shorten(&excerpt));
        let response = widgets::row(ui, theme, Id::unique(("link", &link.id)), 32.0, &name, false, |ui, rect| {
            let left = rect.with_max_x(rect.left() + 112.0);
            widgets::line(ui, left, &format!("{} {kind}", if leads_on { "→" } else { "←" }), theme::small(), theme.ink3, Align::Min);
            let right = Rect::from_min_max(egui::pos2(rect.left() + 118.0, rect.top()), rect.max);
            words.line(ui, right, &excerpt, &TextStyle::interface(13.0, 400.0), theme.ink);
        });
        if let (true, Some(other)) = (response.clicked(), other) {
            actions.push(Action::ChooseAnnotation(Some(other.id.clone())));
        }
    }
    divider(ui);
}

fn note(ui: &mut Ui, state: &mut ViewState, annotation: &Annotation, actions: &mut Vec<Action>, theme: &Theme) {
    ui.horizontal(|ui| {
        widgets::section(ui, theme, "Note", "");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let middle = ui.max_rect().center().y;
            widgets::key_caps(ui, theme, &caps_of(&Action::Note), ui.max_rect().right(), middle);
        });
    });
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
    ui.label(RichText::new("Notes travel with the file.").font(theme::small()).color(theme.ink3));
}

/// A word of the file for people: `not_stated` is "Not stated".
fn spoken(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn divider(ui: &mut Ui) {
    ui.add_space(6.0);
    ui.separator();
    ui.add_space(6.0);
}
