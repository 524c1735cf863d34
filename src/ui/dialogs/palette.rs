//! The command palette: one list of actions, labels, articles and annotations; `>` `#` `:` narrow it.

use crate::display::safe::visible;
use crate::ui::{
    action::Action,
    action_list::ACTIONS,
    app::App,
    icons,
    theme::{self, Theme},
    widgets,
};
use egui::{Align, Align2, Id, Key, Rect, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

/// Annotations and articles that are offered at most.
const OFFERED: usize = 8;
/// Annotations that are looked at in one frame.
const LOOKED_AT: usize = 20_000;

/// One line of the palette.
struct Entry {
    heading: &'static str,
    icon: char,
    name: String,
    more: String,
    keys: Vec<String>,
    blocked: Option<&'static str>,
    action: Action,
}

pub(super) fn show(ui: &mut Ui, app: &mut App, theme: &Theme, words: &mut String, at: &mut usize, fresh: bool) -> bool {
    let before = words.clone();
    ui.add_space(8.0);
    let field = ui
        .horizontal(|ui| {
            ui.add_space(16.0);
            ui.label(RichText::new(icons::MAGNIFYING_GLASS).font(theme::icon(16.0)).color(theme.ink3));
            let edit = egui::TextEdit::singleline(words)
                .id(Id::unique("palette field"))
                .frame(egui::Frame::NONE)
                .align(egui::Align2::LEFT_CENTER)
                .font(egui::FontId::proportional(15.0));
            let hint = RichText::new("Search or run…").color(theme.ink3);
            ui.add_sized(vec2(ui.available_width() - 64.0, 32.0), edit.hint_text(hint))
        })
        .inner;
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Search or run"));
    if fresh {
        field.request_focus();
    }
    widgets::key_caps(ui, theme, &["Esc".to_owned()], ui.max_rect().right() - 16.0, field.rect.center().y);
    ui.add_space(6.0);
    rule(ui, theme);
    let entries = entries(app, words);
    if *words != before {
        *at = 0;
    }
    let (up, down, enter) =
        ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
    if down && *at + 1 < entries.len() {
        *at += 1;
    }
    if up {
        *at = at.saturating_sub(1);
    }
    let mut run = enter.then_some(*at);
    if !field.has_focus() && !fresh && !enter {
        field.request_focus();
    }
    ScrollArea::vertical().max_height(400.0).min_scrolled_height(400.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.style_mut().spacing.item_spacing.y = 0.0;
        let mut heading = "";
        for (number, entry) in entries.iter().enumerate() {
            if entry.heading != heading {
                heading = entry.heading;
                ui.add_space(8.0);
                ui.horizontal(|ui| {
                    ui.add_space(16.0);
                    ui.label(RichText::new(heading).font(theme::small()).color(theme.ink3));
                });
                ui.add_space(4.0);
            }
            if entry_row(ui, theme, entry, words, number == *at, up || down) {
                run = Some(number);
            }
        }
        if entries.is_empty() {
            ui.add_space(16.0);
            ui.vertical_centered(|ui| ui.label(RichText::new("Nothing found").color(theme.ink3)));
            ui.add_space(16.0);
        }
        ui.add_space(8.0);
    });
    rule(ui, theme);
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        ui.label(
            RichText::new("↑ ↓ move   Enter run   Begin with > for commands, # for articles, : for a paragraph")
                .font(theme::small())
                .color(theme.ink3),
        );
    });
    ui.add_space(8.0);
    match run.and_then(|run| entries.get(run)) {
        Some(entry) if entry.blocked.is_none() => {
            app.actions.push(entry.action.clone());
            false
        }
        _ => true,
    }
}

fn entry_row(ui: &mut Ui, theme: &Theme, entry: &Entry, words: &str, current: bool, moved: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::CLICK);
    widgets::named(&response, &entry.name);
    if current {
        ui.painter().rect_filled(rect, 0.0, theme.selected);
        ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, theme.accent);
        if moved {
            response.scroll_to_me(None);
        }
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover2);
    }
    let ink = if entry.blocked.is_some() { theme.disabled } else { theme.ink };
    ui.painter().text(pos2(rect.left() + 24.0, rect.center().y), Align2::CENTER_CENTER, entry.icon, theme::icon(16.0), theme.ink2);
    let needle = words.trim_start_matches(['>', '#', ':']).trim();
    let job = super::marked(&entry.name, needle, &theme::body(), &theme::semibold(13.0), ink);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let width = galley.size().x;
    let caps = widgets::key_caps(ui, theme, &entry.keys, rect.right() - 16.0, rect.center().y);
    let clip = rect.with_max_x(caps - 8.0);
    ui.painter().with_clip_rect(clip).galley(pos2(rect.left() + 44.0, rect.center().y - galley.size().y / 2.0), galley, ink);
    let more = entry.blocked.unwrap_or(&entry.more);
    let room = Rect::from_min_max(pos2((rect.left() + 56.0 + width).min(caps - 20.0), rect.top()), pos2(caps - 8.0, rect.bottom()));
    widgets::line(ui, room, more, theme::small(), theme.ink3, Align::Min);
    response.clicked()
}

fn entries(app: &App, words: &str) -> Vec<Entry> {
    let (narrow, needle) = match words.chars().next() {
        Some(mark @ ('>' | '#' | ':')) => (Some(mark), words.trim_start_matches(mark).trim().to_lowercase()),
        _ => (None, words.trim().to_lowercase()),
    };
    let mut entries = Vec::new();
    let fits = |name: &str| needle.split_whitespace().all(|part| name.to_lowercase().contains(part));
    if narrow.is_none_or(|mark| mark == '>') {
        actions(app, &fits, &mut entries);
    }
    let Some(desk) = &app.desk else { return entries };
    if narrow.is_none_or(|mark| mark == '#') && (!needle.is_empty() || narrow.is_some()) {
        let documents = desk.session.project().documents_in_order();
        for document in documents.into_iter().filter(|document| fits(&document.title)).take(OFFERED) {
            let (name, action) = (crate::display::safe::brief(&document.title).into_owned(), Action::OpenDocument(document.id.clone()));
            entries.push(Entry {
                heading: "Articles",
                icon: icons::FILE_TEXT,
                name,
                more: document.outlet.clone(),
                keys: Vec::new(),
                blocked: None,
                action,
            });
        }
    }
    let Some(index) = &desk.index else { return entries };
    if narrow == Some(':') {
        let wanted: Option<usize> = needle.parse().ok();
        let text = index.text();
        let slot = wanted.and_then(|wanted| {
            index.in_order().iter().find(|slot| {
                index
                    .span(**slot)
                    .is_some_and(|span| text.index.number_of_paragraph(text.index.paragraph_from_byte(span.bounds().start)) >= wanted)
            })
        });
        if let Some(span) = slot.and_then(|slot| index.span(*slot)) {
            let action = Action::ChooseAnnotation(Some(span.annotation.id.clone()));
            let name = format!("First annotation from ¶ {needle}");
            entries.push(Entry {
                heading: "Paragraph",
                icon: icons::ARROW_RIGHT,
                name,
                more: String::new(),
                keys: Vec::new(),
                blocked: None,
                action,
            });
        }
    }
    if narrow.is_none() && needle.chars().count() > 1 {
        let spans = index.in_order().iter().take(LOOKED_AT).filter_map(|slot| index.span(*slot));
        for span in spans.filter(|span| span.annotation.quote.iter().any(|quote| fits(quote))).take(OFFERED) {
            let label = desk.label_of(&span.annotation).map_or_else(String::new, |label| visible(&label.name));
            let name = crate::display::safe::brief(&crate::check::spans::shorten(&span.annotation.beginning())).into_owned();
            let action = Action::ChooseAnnotation(Some(span.annotation.id.clone()));
            entries.push(Entry {
                heading: "Annotations",
                icon: icons::HIGHLIGHTER,
                name,
                more: label,
                keys: Vec::new(),
                blocked: None,
                action,
            });
        }
    }
    entries
}

/// Actions that fit, those that cannot be done now last.
fn actions(app: &App, fits: &dyn Fn(&str) -> bool, entries: &mut Vec<Entry>) {
    let desk = app.desk.as_ref();
    let heading = "Commands";
    if let Some(desk) = desk {
        for (number, label) in desk.session.project().labels_in_order().into_iter().enumerate() {
            let name = format!("Label as {}", label.name.to_lowercase());
            if fits(&name) {
                let keys = [label.hotkey.clone()].into_iter().filter(|key| !key.is_empty()).collect();
                let action = Action::LabelNumber(number);
                entries.push(Entry { heading, icon: icons::HIGHLIGHTER, name, more: String::new(), keys, blocked: None, action });
            }
        }
    }
    let mut rows: Vec<_> =
        ACTIONS.iter().filter(|row| fits(row.name) && row.action != Action::Palette && row.action != Action::StepBack).collect();
    rows.sort_by_key(|row| (row.blocked)(desk).is_some());
    for row in rows {
        let keys = row.caps();
        entries.push(Entry {
            heading,
            icon: row.icon,
            name: row.name.to_owned(),
            more: String::new(),
            keys,
            blocked: (row.blocked)(desk),
            action: row.action.clone(),
        });
    }
}

fn rule(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.line));
}
