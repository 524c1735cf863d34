//! Find and label all: hits in their context with check boxes, grouped by article, and what they would be labelled as.

#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row has at most 90 characters of context")]

use super::sources::alias;
use crate::{
    display::safe::visible,
    display::{
        context::{Context, context},
        line::count,
    },
    model::Label,
    text::{boundary, search::Query},
    ui::{
        action::Action,
        app::{App, Desk},
        article::{bidi_text::Words, layout::TextStyle, paint::draw_line},
        finding::{Finding, Found, Row, Scope},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{
    Align, Align2, ComboBox, CornerRadius, Event, Id, Key, Layout, Margin, Mesh, Panel, Rect, RichText, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, pos2, vec2,
};
use std::time::Duration;

/// Height of a row.
const ROW: f32 = 36.0;
/// Width of a character of the excerpt face, about: how much context fits.
const LETTER: f32 = 7.4;

pub(crate) fn show(ui: &mut Ui, app: &mut App, theme: &Theme) {
    take_keys(ui, app);
    let mut actions = Vec::new();
    let (Some(desk), Some(finding)) = (&app.desk, &mut app.state.finding) else { return };
    let mut words = Words { engine: &mut app.engine, cache: &mut app.words };
    Panel::bottom("label hits").show_separator_line(false).exact_size(60.0).frame(egui::Frame::new().fill(theme.bar)).show(ui, |ui| {
        bar(ui, desk, finding, &mut actions, theme);
    });
    egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 8 }).show(ui, |ui| {
        field(ui, finding, &app.recent_queries, &mut actions, theme);
        ui.add_space(8.0);
        switches(ui, finding, theme);
    });
    let line = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.line));
    list(ui, desk, finding, &mut words, &mut actions, theme);
    app.actions.extend(actions);
}

/// Keys of the list, which act while the field has the keyboard too: arrows, Enter; Space and Ctrl A once the list was walked.
fn take_keys(ui: &Ui, app: &mut App) {
    let Some(finding) = &mut app.state.finding else { return };
    let field = Id::unique("find field");
    let in_field = ui.memory(|memory| memory.has_focus(field));
    let other = ui.memory(|memory| memory.focused().is_some_and(|focused| focused != field));
    let mut open = None;
    ui.ctx().input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, modifiers, .. } = event else {
                // A space that checks a hit writes none.
                let is_space = matches!(event, Event::Text(text) if text == " ");
                return !(is_space && finding.moved && in_field);
            };
            match key {
                Key::ArrowDown | Key::ArrowUp if modifiers.is_none() && !other => finding.step(*key == Key::ArrowDown),
                Key::Enter if modifiers.is_none() && !other => open = finding.current().map(|found| found.hit.clone()),
                Key::Space if finding.moved && modifiers.is_none() && !other => {
                    if let Some(Row::Hit(at)) = finding.rows.get(finding.at).copied() {
                        finding.check(at);
                    }
                }
                Key::A if finding.moved && modifiers.command && !other => finding.check_all(None),
                Key::C if modifiers.alt => finding.query.case = !finding.query.case,
                Key::W if modifiers.alt => finding.query.whole_word = !finding.query.whole_word,
                Key::P if modifiers.alt => finding.query.regex = !finding.query.regex,
                _ => return true,
            }
            false
        });
    });
    if let Some(hit) = open {
        app.actions.push(Action::OpenHit(hit));
    }
}

fn field(ui: &mut Ui, finding: &mut Finding, recent: &[Query], actions: &mut Vec<Action>, theme: &Theme) {
    let id = Id::unique("find field");
    let before = finding.query.words.clone();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let focused = ui.memory(|memory| memory.has_focus(id));
    let edge = if focused { Stroke::new(2.0, theme.accent) } else { Stroke::new(1.0, theme.line2) };
    ui.painter().rect(rect, CornerRadius::same(6), theme.raised, edge, StrokeKind::Inside);
    ui.painter().text(
        pos2(rect.left() + 17.0, rect.center().y),
        Align2::CENTER_CENTER,
        icons::MAGNIFYING_GLASS,
        theme::icon(16.0),
        theme.ink3,
    );
    let right = widgets::key_caps(ui, theme, &["Esc".to_owned()], rect.right() - 8.0, rect.center().y);
    let status = status(finding);
    let place = Rect::from_min_max(
        pos2(right - 8.0 - widgets::line_width(ui, &status, theme::body()), rect.top()),
        pos2(right - 8.0, rect.bottom()),
    );
    let room = Rect::from_min_max(pos2(rect.left() + 34.0, rect.top() + 4.0), pos2(place.left() - 8.0, rect.bottom() - 4.0));
    let edit = egui::TextEdit::singleline(&mut finding.query.words)
        .id(id)
        .frame(egui::Frame::NONE)
        .align(Align2::LEFT_CENTER)
        .font(egui::FontId::proportional(15.0))
        .hint_text(RichText::new("Find words").color(theme.ink3));
    let response = ui.put(room, edit);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find words"));
    if std::mem::take(&mut finding.focus_field) {
        response.request_focus();
    }
    if finding.query.words != before {
        finding.moved = false;
    }
    widgets::line(ui, place.expand2(vec2(1.0, 0.0)), &status, theme::body(), theme.ink2, Align::Max);
    let heard = ui.interact(place, Id::unique("find status"), Sense::hover());
    heard.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &status));
    if let Some(error) = &finding.error {
        ui.add_space(4.0);
        let words = error.to_string();
        let mut letters = words.chars();
        let shown = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>());
        ui.label(RichText::new(format!("{shown}. {}", error.hint())).font(theme::small()).color(theme.block));
    }
    if finding.is_searching() && finding.since() > Duration::from_secs(1) {
        ui.add_space(4.0);
        if widgets::button(ui, theme, "Stop searching", &[], Tone::Secondary).clicked() {
            actions.push(Action::CancelWork);
        }
    }
    if finding.query.words.trim().is_empty() && !recent.is_empty() {
        ui.add_space(6.0);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("Before:").font(theme::small()).color(theme.ink3));
            for query in recent {
                if widgets::button(ui, theme, &crate::check::spans::shorten(&query.words), &[], Tone::Quiet).clicked() {
                    finding.query = query.clone();
                    finding.focus_field = true;
                }
            }
        });
    }
}

fn status(finding: &Finding) -> String {
    let hits = count(finding.found.len(), "hit");
    match finding.took {
        _ if finding.error.is_some() || finding.query.words.trim().is_empty() => String::new(),
        None => format!("Searching… {hits}"),
        Some(took) if finding.cut => format!("Stopped after {:.1} s with {hits}", took.as_secs_f32()),
        Some(_) if finding.groups.len() > 1 => format!("{hits}, {}", count(finding.groups.len(), "article")),
        Some(_) => hits,
    }
}

fn switches(ui: &mut Ui, finding: &mut Finding, theme: &Theme) {
    ui.horizontal_wrapped(|ui| {
        ui.style_mut().spacing.item_spacing.x = 4.0;
        for scope in Scope::ALL {
            if scope == Scope::Selection && finding.selection.is_none() {
                continue;
            }
            if widgets::segment(ui, theme, scope.name(), finding.scope == scope).clicked() {
                finding.scope = scope;
                finding.focus_field = true;
            }
        }
        ui.add_space(12.0);
        let query = &mut finding.query;
        for (on, name, key) in [
            (&mut query.case, "Case", "C"),
            (&mut query.whole_word, "Whole word", "W"),
            (&mut query.regex, "Pattern", "P"),
            (&mut query.fold, "Any quotes and dashes", ""),
        ] {
            let response = widgets::check(ui, theme, *on, name);
            if response.clicked() {
                *on = !*on;
                finding.focus_field = true;
            }
            if !key.is_empty() {
                response.on_hover_text(format!("{name}   Alt {key}"));
            }
            ui.add_space(8.0);
        }
    });
}

fn list(ui: &mut Ui, desk: &Desk, finding: &mut Finding, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    if finding.rows.is_empty() {
        let (line, hint) = match finding.took {
            _ if finding.query.words.trim().is_empty() => {
                ("Find, and label all", "Type words. Hits come with their context; check some and label them in one step.")
            }
            Some(_) if finding.error.is_none() => ("Nothing found", "What is marked as not article is not searched."),
            _ => return,
        };
        widgets::empty_state(ui, theme, icons::MAGNIFYING_GLASS, line, hint);
        return;
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    let mut area = ScrollArea::vertical().id_salt("hits").auto_shrink([false, false]);
    if finding.moved {
        let id = Id::unique("hits scrolled to");
        let last = ui.data(|data| data.get_temp::<usize>(id));
        if last != Some(finding.at) {
            ui.data_mut(|data| data.insert_temp(id, finding.at));
            area = area.vertical_scroll_offset((finding.at as f32 * ROW - ui.available_height() / 2.0).max(0.0));
        }
    }
    let label = finding.label.as_ref().and_then(|label| desk.session.project().labels.get(label)).map(|label| Label::clone(label));
    let total = finding.rows.len();
    area.show_rows(ui, ROW, total, |ui, range| {
        for at in range {
            let Some(row) = finding.rows.get(at).copied() else { continue };
            match row {
                Row::Group(group) => group_row(ui, desk, finding, group, words, theme),
                Row::Notes => heading(ui, "In notes and attributes", "", theme),
                Row::Hit(hit) => hit_row(ui, desk, finding, (at, hit), label.as_ref(), words, actions, theme),
                Row::Said(said) => said_row(ui, desk, finding, (at, said), words, actions, theme),
            }
        }
    });
}

fn heading(ui: &mut Ui, name: &str, more: &str, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name} {more}")));
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line));
    widgets::line(ui, rect.with_min_x(rect.left() + 44.0), name, theme::body(), theme.ink2, Align::Min);
    widgets::line(ui, rect.with_max_x(rect.right() - 16.0), more, theme::small(), theme.ink3, Align::Max);
}

fn group_row(ui: &mut Ui, desk: &Desk, finding: &mut Finding, group: usize, words: &mut Words<'_>, theme: &Theme) {
    let Some(group) = finding.groups.get(group).cloned() else { return };
    let title = desk.session.project().documents.get(&group.document).map_or("", |document| document.title.as_str());
    let hits = count(group.hits.len(), "hit");
    let more = if group.covered > 0 { format!("{hits}, {} labelled already", group.covered) } else { hits };
    let (rect, heard) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    heard.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{title}: {more}")));
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, theme.line));
    let place = Rect::from_center_size(pos2(rect.left() + 24.0, rect.center().y), vec2(18.0, 18.0));
    let checked = finding.checked.range(group.hits.clone()).count();
    let free = group.hits.len() - group.covered;
    let all = free > 0 && checked == free;
    let response =
        widgets::check_box(ui, theme, Id::unique(("group", &group.document)), place, all, free > 0, &format!("All hits in {title}"));
    if response.clicked() {
        finding.check_all(Some(&group.hits));
    }
    if checked > 0 && !all {
        ui.painter().hline(place.shrink(5.0).x_range(), place.center().y, Stroke::new(1.5, theme.ink));
    }
    words.line(
        ui,
        rect.with_min_x(rect.left() + 44.0).with_max_x(rect.right() - 200.0),
        title,
        &TextStyle::interface(13.0, 400.0),
        theme.ink2,
    );
    widgets::line(ui, rect.with_max_x(rect.right() - 16.0), &more, theme::small(), theme.ink3, Align::Max);
}

#[expect(clippy::too_many_arguments, reason = "one row with all that it shows")]
fn hit_row(
    ui: &mut Ui,
    desk: &Desk,
    finding: &mut Finding,
    (row, at): (usize, usize),
    label: Option<&Label>,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let Some(Found { hit, covered }) = finding.found.get(at).cloned() else { return };
    let project = desk.session.project();
    let text = project.documents.get(&hit.document).and_then(|document| project.text_of(document));
    let Some(text) = text else { return };
    let half = (ui.available_width() * 0.36).min(310.0);
    let shown = context(&text.content, &hit.bytes, (half / LETTER).clamp(8.0, 90.0) as usize);
    let is_current = finding.at == row;
    let is_checked = finding.checked.contains(&at);
    let name = format!("Hit in ¶ {}: {}{}{}", hit.paragraph, shown.before, shown.words, shown.after);
    let response = widgets::row(ui, theme, Id::unique(("hit", &hit.document, hit.bytes.start)), ROW, &name, is_current, |ui, rect| {
        widgets::line(
            ui,
            rect.with_min_x(rect.left() + 40.0).with_max_x(rect.left() + 90.0),
            &format!("¶ {}", hit.paragraph),
            theme::small(),
            theme.ink3,
            Align::Max,
        );
        let right = rect.right() - if covered.is_some() { 150.0 } else { 16.0 };
        // At one place in all rows, whatever else a row shows.
        let x = rect.left() + 100.0 + (rect.width() * 0.36).min(310.0);
        keyword(ui, rect.with_min_x(rect.left() + 100.0).with_max_x(right), x, &shown, label.filter(|_| is_checked), words, theme);
        if let (Some(annotation), Some(label)) = (covered.as_ref().and_then(|id| project.annotations.get(id)), label) {
            let style = theme.label(Some(label));
            let place = Rect::from_min_max(pos2(rect.right() - 140.0, rect.top()), pos2(rect.right() - 16.0, rect.bottom()));
            let mut sample = Mesh::default();
            draw_line(&mut sample, style.pattern, place.left(), place.left() + 16.0, place.center().y, 1.8, style.line);
            ui.painter().add(egui::Shape::mesh(sample));
            let said = annotation.source.as_ref().map_or_else(|| visible(&label.name), |source| alias(desk, source));
            words.line(ui, place.with_min_x(place.left() + 22.0), &said, &TextStyle::interface(12.0, 400.0), theme.ink2);
        }
    });
    let place = Rect::from_center_size(pos2(response.rect.left() + 24.0, response.rect.center().y), vec2(18.0, 18.0));
    let box_id = Id::unique(("check", &hit.document, hit.bytes.start));
    let spoken = format!("Check {}", shown.words);
    if widgets::check_box(ui, theme, box_id, place, is_checked, covered.is_none(), &spoken).clicked() {
        finding.check(at);
        (finding.at, finding.moved) = (row, true);
    } else if response.double_clicked() {
        actions.push(Action::OpenHit(hit));
    } else if response.clicked() {
        (finding.at, finding.moved) = (row, true);
    }
}

/// The keyword at one place in all rows, what stands before it at its left.
fn keyword(ui: &mut Ui, rect: Rect, x: f32, shown: &Context, label: Option<&Label>, words: &mut Words<'_>, theme: &Theme) {
    let style = TextStyle::reading(15.0, 22.0);
    let strong = TextStyle { weight: 600.0, ..style.clone() };
    let scale = ui.pixels_per_point();
    let mut width = |words_of: &str, style: &TextStyle| words.width(words_of.trim(), style, scale);
    let (before, middle) = (width(&shown.before, &style), width(&shown.words, &strong));
    let is_rtl = crate::ui::article::is_rtl(&shown.words);
    let clip = ui.clip_rect().intersect(rect);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    child.set_clip_rect(clip);
    let tint = label.map_or(theme.hover, |label| theme.label(Some(label)).tint);
    let key = Rect::from_min_size(pos2(x, rect.top()), vec2(middle.min(rect.right() - x), rect.height()));
    child.painter().rect_filled(key.shrink2(vec2(-3.0, 7.0)), CornerRadius::same(2), tint);
    words.line(&child, key.with_max_x(key.right() + 2.0), &shown.words, &strong, theme.ink);
    let (at_left, at_right) = if is_rtl { (&shown.after, &shown.before) } else { (&shown.before, &shown.after) };
    let left_width = if is_rtl { words.width(at_left.trim(), &style, scale) } else { before };
    // White space at the end of a line has no width of its own.
    let gap = |words: &str, at_end: bool| {
        let edge = if at_end { words.chars().next_back() } else { words.chars().next() };
        if edge.is_some_and(char::is_whitespace) { 5.0 } else { 1.0 }
    };
    let end = x - gap(at_left, !is_rtl);
    let left = Rect::from_min_max(pos2(end - left_width - 1.0, rect.top()), pos2(end + 1.0, rect.bottom()));
    words.line(&child, left, at_left.trim(), &style, theme.ink2);
    let begin = key.right() + gap(at_right, is_rtl);
    let right = Rect::from_min_max(pos2(begin, rect.top()), pos2(rect.right().max(begin + 1.0), rect.bottom()));
    // A right-to-left row goes on at the left edge of what is left of it.
    let room = if is_rtl {
        right.with_max_x((right.left() + words.width(at_right.trim(), &style, scale) + 1.0).min(right.right()))
    } else {
        right
    };
    words.line(&child, room, at_right.trim(), &style, theme.ink2);
}

fn said_row(
    ui: &mut Ui,
    desk: &Desk,
    finding: &mut Finding,
    (row, at): (usize, usize),
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let Some(said) = finding.said.get(at).cloned() else { return };
    let Some(annotation) = desk.session.project().annotations.get(&said.annotation) else { return };
    let label = desk.label_of(annotation).map_or_else(String::new, |label| visible(&label.name));
    let field = said.field.replace('_', " ");
    let name = format!("{field}: {}", crate::check::spans::shorten(&said.words));
    let is_current = finding.at == row;
    let response = widgets::row(ui, theme, Id::unique(("said", &said.annotation)), ROW, &name, is_current, |ui, rect| {
        widgets::line(
            ui,
            rect.with_min_x(rect.left() + 44.0).with_max_x(rect.left() + 150.0),
            &field,
            theme::small(),
            theme.ink3,
            Align::Min,
        );
        let room = rect.with_min_x(rect.left() + 156.0);
        words.line(ui, room.with_max_x(rect.center().x), &said.words, &TextStyle::interface(13.0, 400.0), theme.ink);
        let of = format!("{label}: {}", annotation.beginning());
        words.line(
            ui,
            rect.with_min_x(rect.center().x + 12.0).with_max_x(rect.right() - 16.0),
            &of,
            &TextStyle::interface(12.0, 400.0),
            theme.ink3,
        );
    });
    if response.clicked() {
        actions.push(Action::CloseFind);
        actions.push(Action::ChooseAnnotation(Some(said.annotation)));
    }
}

/// The right panel while words are looked for: the article around the hit, and what would be marked.
pub(crate) fn aside(ui: &mut Ui, desk: &Desk, finding: &Finding, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    ui.painter().vline(ui.max_rect().left() + 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
    ScrollArea::vertical().id_salt("around the hit").auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            let project = desk.session.project();
            let hit = finding.current().map(|found| &found.hit);
            let text = hit.and_then(|hit| project.text_of(project.documents.get(&hit.document)?));
            let (Some(hit), Some(text)) = (hit, text) else {
                ui.label(
                    RichText::new("The article around a hit is shown here. ↑ ↓ walk the hits.").font(theme::small()).color(theme.ink3),
                );
                return;
            };
            ui.horizontal(|ui| {
                widgets::section(ui, theme, "In the article", &format!("¶ {}", hit.paragraph));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if widgets::button(ui, theme, "Open", &["Enter".to_owned()], Tone::Quiet).clicked() {
                        actions.push(Action::OpenHit(hit.clone()));
                    }
                });
            });
            ui.add_space(4.0);
            let around = paragraphs_around(&text.content, hit.bytes.start);
            for (bytes, is_own) in around {
                let body = text.content.get(bytes).unwrap_or_default();
                let style = TextStyle::reading(15.0, 25.0);
                let width = ui.available_width();
                let height = words.height(ui, width, body, &style, 14);
                let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, body));
                words.paragraph(ui, rect, body, &style, if is_own { theme.ink } else { theme.ink3 }, 14);
                ui.add_space(8.0);
            }
            super::inspector::divider(ui);
            widgets::section(ui, theme, "What will be marked", "");
            let label = finding
                .label
                .as_ref()
                .and_then(|label| project.labels.get(label))
                .map_or_else(|| "nothing yet".to_owned(), |label| visible(&label.name));
            let covered: usize = finding.groups.iter().map(|group| group.covered).sum();
            let mut lines = vec![format!("{}, as {}", count(finding.checked.len(), "hit"), label.to_lowercase())];
            if covered > 0 {
                lines.push(format!("{covered} labelled already: they stay as they are"));
            }
            lines.push("One undo step takes all of it back".to_owned());
            for line in lines {
                ui.label(RichText::new(line).color(theme.ink2));
            }
        });
    });
}

/// The paragraph of a place with its neighbours, cut to what can be read at a glance.
fn paragraphs_around(text: &str, byte: usize) -> Vec<(std::ops::Range<usize>, bool)> {
    let own = boundary::paragraph_at(text, byte);
    let reach =
        |bytes: std::ops::Range<usize>| boundary::floor(text, bytes.start)..boundary::floor(text, bytes.end.min(bytes.start + 1200));
    let from = boundary::floor(text, byte.saturating_sub(400)).max(own.start);
    let before =
        text.get(..own.start).map(|before| before.trim_end().len()).filter(|end| *end > 0).map(|end| boundary::paragraph_at(text, end));
    let after = text
        .get(own.end..)
        .and_then(|rest| rest.find(|letter: char| !letter.is_whitespace()).map(|at| boundary::paragraph_at(text, own.end + at)));
    let mut around = Vec::new();
    around.extend(before.map(|before| (boundary::floor(text, before.end.saturating_sub(300)).max(before.start)..before.end, false)));
    around.push((reach(from..own.end), true));
    around.extend(after.map(|after| (reach(after.start..after.end.min(after.start + 300)), false)));
    around
}

/// What the checked hits would be labelled as.
fn bar(ui: &mut Ui, desk: &Desk, finding: &mut Finding, actions: &mut Vec<Action>, theme: &Theme) {
    let top = ui.max_rect().top();
    ui.painter().hline(ui.max_rect().x_range(), top + 0.5, Stroke::new(1.0, theme.line2));
    let project = desk.session.project();
    ui.horizontal_centered(|ui| {
        ui.add_space(16.0);
        ui.label(RichText::new("Label as").font(theme::body()).color(theme.ink2));
        let chosen = finding.label.as_ref().and_then(|label| project.labels.get(label));
        let shown = chosen.map_or_else(|| "Choose a label".to_owned(), |label| visible(&label.name));
        let combo = ComboBox::from_id_salt("label of hits").width(150.0).selected_text(&shown).show_ui(ui, |ui| {
            for label in project.labels_in_order() {
                if ui.selectable_label(finding.label.as_ref() == Some(&label.id), visible(&label.name)).clicked() {
                    finding.label = Some(label.id.clone());
                }
            }
        });
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Label hits as: {shown}")));
        if chosen.is_some_and(|label| label.source) {
            ui.label(RichText::new("of").font(theme::body()).color(theme.ink2));
            let shown = finding.source.as_ref().map_or_else(|| "No source yet".to_owned(), |source| alias(desk, source));
            let combo = ComboBox::from_id_salt("source of hits").width(150.0).selected_text(shown).show_ui(ui, |ui| {
                if ui.selectable_label(finding.source.is_none(), "No source yet").clicked() {
                    finding.source = None;
                }
                let mut sources: Vec<_> = project.sources.iter().collect();
                sources.sort_by_key(|source| source.alias.to_lowercase());
                for source in sources.into_iter().take(200) {
                    if ui.selectable_label(finding.source.as_ref() == Some(&source.id), visible(&source.alias)).clicked() {
                        finding.source = Some(source.id.clone());
                    }
                }
            });
            combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Source of the hits"));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(16.0);
            let number = finding.checked.len();
            if number > 0 {
                let name = format!("Label {}", count(number, "hit"));
                if widgets::button(ui, theme, &name, &["Ctrl".to_owned(), "Enter".to_owned()], Tone::Primary).clicked() {
                    actions.push(Action::LabelHits);
                }
            } else if finding.free().next().is_some() {
                let all = finding.found.len() - finding.groups.iter().map(|group| group.covered).sum::<usize>();
                if widgets::button(ui, theme, &format!("Check all {all}"), &["Ctrl".to_owned(), "A".to_owned()], Tone::Secondary).clicked()
                {
                    finding.check_all(None);
                    finding.moved = true;
                }
            }
            if ui.available_width() > 240.0 {
                ui.label(RichText::new("↑ ↓ move   Space check   Enter open").font(theme::small()).color(theme.ink3));
            }
        });
    });
}
