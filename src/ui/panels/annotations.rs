//! All annotations of the article by place: filtered by label and words, drawn only where they are in sight.

use crate::{
    display::safe::visible,
    display::span_index::{Slot, Span},
    model::{Annotation, Id as RecordId, Label, Person, Source},
    ui::{
        action::Action,
        app::{Desk, ViewState},
        article::{bidi_text::Words, layout::TextStyle, paint::draw_line},
        icons,
        theme::{self, Theme},
        widgets,
    },
};
use egui::{Align, ComboBox, Id, Margin, Mesh, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use std::collections::BTreeSet;

/// Sources that the filter offers at most.
const MOST_SOURCES: usize = 300;
/// Annotations that are compared with the filter in one frame.
const A_FRAME: usize = 20_000;

/// What the found annotations belong to: index, article, words, number of hidden labels, person, source.
type FilterKey = (u64, String, String, usize, Option<RecordId<Person>>, Option<RecordId<Source>>);

/// The filter and what it has found so far.
#[derive(Debug, Default)]
pub(crate) struct ListState {
    words: String,
    hidden: BTreeSet<RecordId<Label>>,
    /// Only what this person marked.
    person: Option<RecordId<Person>>,
    /// Only what rests on this source.
    source: Option<RecordId<Source>>,
    key: Option<FilterKey>,
    found: Vec<Slot>,
    looked_at: usize,
    shown: Option<RecordId<Annotation>>,
}

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let Some(index) = &desk.index else { return };
    let list = &mut state.list;
    egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 8, bottom: 8 }).show(ui, |ui| {
        widgets::search_field(ui, theme, Id::unique("filter annotations"), &mut list.words, "Filter by words");
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            ui.style_mut().spacing.item_spacing = vec2(6.0, 6.0);
            for label in desk.session.project().labels_in_order() {
                label_filter(ui, theme, label, list);
            }
        });
    });
    people_and_sources(ui, desk, list);
    let line = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.line));
    let filtered = !list.words.trim().is_empty() || !list.hidden.is_empty() || list.person.is_some() || list.source.is_some();
    if filtered {
        filter(ui, desk, list);
    }
    let slots: &[Slot] = if filtered { &list.found } else { index.in_order() };
    if slots.is_empty() {
        let (line, hint) = match (filtered, index.in_order().is_empty()) {
            (true, false) => ("Nothing found", "No annotation fits this filter."),
            _ => ("No annotation yet", "Select words in the article and press 1 to 4, or take a label from the palette."),
        };
        widgets::empty_state(ui, theme, icons::LIST_BULLETS, line, hint);
        return;
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    let selected = desk.view().and_then(|view| view.selected.clone());
    let mut area = ScrollArea::vertical().auto_shrink([false, false]);
    // The list follows a selection that was made elsewhere.
    if selected != list.shown {
        list.shown.clone_from(&selected);
        let rank = selected.as_ref().and_then(|selected| {
            if filtered {
                index.slot(selected).and_then(|slot| slots.iter().position(|other| *other == slot))
            } else {
                index.rank(selected)
            }
        });
        if let Some(rank) = rank {
            area = area.vertical_scroll_offset((rank as f32 * 48.0 - ui.available_height() / 2.0).max(0.0));
        }
    }
    area.show_rows(ui, 48.0, slots.len(), |ui, rows| {
        for slot in slots.get(rows).unwrap_or_default() {
            let Some(span) = index.span(*slot) else { continue };
            if annotation_row(ui, desk, span, selected.as_ref(), words, theme) {
                list.shown = Some(span.annotation.id.clone());
                actions.push(Action::ChooseAnnotation(Some(span.annotation.id.clone())));
            }
        }
    });
}

/// Filters by who marked and by source, where there is a choice.
fn people_and_sources(ui: &mut Ui, desk: &Desk, list: &mut ListState) {
    let project = desk.session.project();
    if list.person.as_ref().is_some_and(|person| !project.persons.contains(person)) {
        list.person = None;
    }
    if list.source.as_ref().is_some_and(|source| !project.sources.contains(source)) {
        list.source = None;
    }
    let (persons, sources) = (project.persons.len(), project.sources.len());
    if persons < 2 && sources == 0 {
        return;
    }
    egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 0, bottom: 8 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            let width = if persons > 1 && sources > 0 { ui.available_width() / 2.0 - 12.0 } else { ui.available_width() - 8.0 };
            if persons > 1 {
                let shown =
                    list.person.as_ref().and_then(|person| project.persons.get(person)).map_or("By anybody", |person| person.name.as_str());
                let combo = ComboBox::from_id_salt("by whom").width(width).selected_text(shown).show_ui(ui, |ui| {
                    if ui.selectable_label(list.person.is_none(), "By anybody").clicked() {
                        list.person = None;
                    }
                    for person in project.persons.iter() {
                        if ui.selectable_label(list.person.as_ref() == Some(&person.id), visible(&person.name)).clicked() {
                            list.person = Some(person.id.clone());
                        }
                    }
                });
                combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Marked by: {shown}")));
            }
            if sources > 0 {
                let shown = list
                    .source
                    .as_ref()
                    .and_then(|source| project.sources.get(source))
                    .map_or("Any source", |source| source.alias.as_str());
                let combo = ComboBox::from_id_salt("of which source").width(width).selected_text(shown).show_ui(ui, |ui| {
                    if ui.selectable_label(list.source.is_none(), "Any source").clicked() {
                        list.source = None;
                    }
                    let mut all: Vec<_> = project.sources.iter().collect();
                    all.sort_by_key(|source| source.alias.to_lowercase());
                    for source in all.into_iter().take(MOST_SOURCES) {
                        if ui.selectable_label(list.source.as_ref() == Some(&source.id), visible(&source.alias)).clicked() {
                            list.source = Some(source.id.clone());
                        }
                    }
                });
                combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Rests on: {shown}")));
            }
        });
    });
}

/// A chip that hides or shows a label.
fn label_filter(ui: &mut Ui, theme: &Theme, label: &Label, list: &mut ListState) {
    let off = list.hidden.contains(&label.id);
    let galley = ui.painter().layout_no_wrap(visible(&label.name), theme::medium(12.0), if off { theme.ink3 } else { theme.ink });
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 37.0, 20.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, !off, format!("Show {}", visible(&label.name))));
    let fill = if off { theme.panel } else { theme.raised };
    ui.painter().rect(rect, 10.0, fill, Stroke::new(1.0, theme.line2), StrokeKind::Inside);
    let style = theme.label(Some(label));
    let mut sample = Mesh::default();
    draw_line(
        &mut sample,
        style.pattern,
        rect.left() + 8.0,
        rect.left() + 24.0,
        rect.center().y,
        1.8,
        if off { theme.disabled } else { style.line },
    );
    ui.painter().add(egui::Shape::mesh(sample));
    ui.painter().galley(pos2(rect.left() + 29.0, rect.center().y - galley.size().y / 2.0), galley, theme.ink);
    widgets::focus_ring(ui, theme, &response, 10);
    if response.clicked() && !list.hidden.remove(&label.id) {
        list.hidden.insert(label.id.clone());
    }
}

/// Compares some more annotations with the filter; begins anew when filter or annotations changed.
fn filter(ui: &Ui, desk: &Desk, list: &mut ListState) {
    let Some(index) = &desk.index else { return };
    let needle = list.words.trim().to_lowercase();
    let key = (index.version(), index.document().to_string(), needle.clone(), list.hidden.len(), list.person.clone(), list.source.clone());
    if list.key.as_ref() != Some(&key) {
        list.key = Some(key);
        list.found.clear();
        list.looked_at = 0;
    }
    let rest = index.in_order().get(list.looked_at..).unwrap_or_default();
    for slot in rest.iter().take(A_FRAME) {
        let Some(span) = index.span(*slot) else { continue };
        let annotation = &span.annotation;
        let says = |words: &str| words.to_lowercase().contains(&needle);
        let source = || {
            annotation
                .source
                .as_ref()
                .and_then(|source| desk.session.project().sources.get(source))
                .is_some_and(|source| says(&source.alias))
        };
        let has_words = needle.is_empty() || annotation.quote.iter().any(|quote| says(quote)) || says(&annotation.note) || source();
        let by = list.person.is_none() || annotation.by == list.person;
        let rests = list.source.as_ref().is_none_or(|source| desk.sources.behind(&annotation.id).contains(source));
        if by && rests && !list.hidden.contains(&annotation.label) && has_words {
            list.found.push(*slot);
        }
    }
    list.looked_at += rest.len().min(A_FRAME);
    if list.looked_at < index.in_order().len() {
        ui.ctx().request_repaint();
    }
}

fn annotation_row(
    ui: &mut Ui,
    desk: &Desk,
    span: &Span,
    selected: Option<&RecordId<Annotation>>,
    words: &mut Words<'_>,
    theme: &Theme,
) -> bool {
    let annotation = &span.annotation;
    let label = desk.label_of(annotation);
    let name = label.map_or_else(|| annotation.label.to_string(), |label| visible(&label.name));
    let id = Id::unique(("annotation", &annotation.id));
    let is_selected = selected == Some(&annotation.id);
    let accessible = format!("{name}: {}", crate::check::spans::shorten(&annotation.beginning()));
    let response = widgets::row(ui, theme, id, 48.0, &accessible, is_selected, |ui, rect| {
        let number = desk.index.as_ref().map_or(0, |index| {
            let text = index.text();
            text.index.number_of_paragraph(text.index.paragraph_from_byte(span.bounds().start))
        });
        let left = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top() + 4.0), pos2(rect.left() + 46.0, rect.top() + 26.0));
        widgets::line(ui, left, &format!("¶ {number}"), theme::small(), theme.ink3, Align::Min);
        let excerpt = Rect::from_min_max(pos2(rect.left() + 50.0, rect.top() + 4.0), pos2(rect.right() - 16.0, rect.top() + 26.0));
        words.line(ui, excerpt, &annotation.beginning(), &TextStyle::reading(15.0, 22.0), theme.ink);
        let below = Rect::from_min_max(pos2(excerpt.left(), rect.top() + 26.0), pos2(excerpt.right(), rect.top() + 44.0));
        let style = theme.label(label.map(|label| &**label));
        let mut sample = Mesh::default();
        draw_line(&mut sample, style.pattern, below.left(), below.left() + 16.0, below.center().y, 1.8, style.line);
        ui.painter().add(egui::Shape::mesh(sample));
        widgets::line(ui, below.with_min_x(below.left() + 22.0), &name, theme::small(), theme.ink3, Align::Min);
        let said = most_important(desk, annotation);
        let room = below.with_min_x(below.left() + 140.0);
        words.line(ui, right_part(ui, room, &said), &said, &TextStyle::interface(12.0, 400.0), theme.ink3);
    });
    response.clicked()
}

/// The right end of a rectangle, as wide as the words at most.
fn right_part(ui: &Ui, rect: Rect, words: &str) -> Rect {
    let width = ui.painter().layout_no_wrap(words.to_owned(), theme::small(), egui::Color32::WHITE).size().x + 2.0;
    rect.with_min_x(rect.left().max(rect.right() - width))
}

/// The source where there is one, else the first attribute.
fn most_important(desk: &Desk, annotation: &Annotation) -> String {
    if let Some(source) = annotation.source.as_ref().and_then(|source| desk.session.project().sources.get(source)) {
        return visible(&source.alias);
    }
    let first =
        desk.label_of(annotation).and_then(|label| label.attributes.first()).and_then(|first| annotation.attributes.get(&first.key));
    first.map(|value| value.as_str().replace('_', " ")).unwrap_or_default()
}
