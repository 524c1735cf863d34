//! Who speaks: the sources of the article or of the whole project, with what rests on each.

use crate::{
    display::safe::visible,
    model::{Id as RecordId, Source},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, Inspected, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets,
    },
};
use egui::{Align, Align2, Id, Layout, Panel, Rect, RichText, ScrollArea, Stroke, Ui, pos2, vec2};
use std::sync::Arc;

/// What the list shows, made anew when the project or the article changes.
#[derive(Debug, Default)]
pub(crate) struct ListState {
    /// Sources of all articles, not only of the open one.
    pub(crate) everywhere: bool,
    filter: String,
    key: Option<(u64, String, bool, String)>,
    rows: Vec<(Arc<Source>, usize)>,
}

impl ListState {
    fn refresh(&mut self, desk: &Desk) {
        let document = desk.document.as_ref();
        let key = (
            desk.session.history().revision(),
            document.map_or_else(String::new, ToString::to_string),
            self.everywhere,
            self.filter.to_lowercase(),
        );
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let needle = self.filter.trim().to_lowercase();
        let mentions = |source: &Source| {
            let resting = desk.sources.resting(&source.id)?;
            match document.filter(|_| !self.everywhere) {
                Some(document) if resting.counts.contains_key(document) => Some(resting.mentions_in.get(document).copied().unwrap_or(0)),
                Some(_) => None,
                None => Some(resting.mentions.len()),
            }
        };
        let all = desk.session.project().sources.iter();
        let fits = |source: &&Arc<Source>| {
            needle.is_empty() || source.alias.to_lowercase().contains(&needle) || source.role.to_lowercase().contains(&needle)
        };
        self.rows = all
            .filter(fits)
            .filter_map(|source| match mentions(source) {
                Some(count) => Some((Arc::clone(source), count)),
                // A source that nothing rests on yet is shown, so that it can be used.
                None if self.everywhere || desk.sources.resting(&source.id).is_none() => Some((Arc::clone(source), 0)),
                None => None,
            })
            .collect();
        // The unnamed first: they are what editors ask for.
        self.rows.sort_by_cached_key(|(source, count)| {
            (!source.is_unnamed(), std::cmp::Reverse(*count), source.alias.to_lowercase(), source.id.clone())
        });
        self.key = Some(key);
    }
}

pub(crate) fn show(ui: &mut Ui, desk: &Desk, state: &mut ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    state.source_list.refresh(desk);
    let room = ui.available_height();
    Panel::bottom("sources")
        .resizable(true)
        .show_separator_line(false)
        .frame(egui::Frame::new())
        .default_size((room * 0.52).min(420.0))
        .size_range(120.0..=(room - 150.0).max(140.0))
        .show(ui, |ui| {
            let top = ui.max_rect().top();
            ui.painter().hline(ui.max_rect().x_range(), top, Stroke::new(1.0, theme.line));
            head(ui, &mut state.source_list, actions, theme);
            foot(ui, theme);
            list(ui, state, words, actions, theme);
            let edge = ui.max_rect().right();
            ui.painter().vline(edge - 0.5, ui.clip_rect().y_range(), Stroke::new(1.0, theme.line));
        });
}

fn head(ui: &mut Ui, list: &mut ListState, actions: &mut Vec<Action>, theme: &Theme) {
    ui.allocate_ui(vec2(ui.available_width(), 40.0), |ui| {
        ui.horizontal_centered(|ui| {
            ui.add_space(12.0);
            ui.label(RichText::new("Sources").font(theme::semibold(12.0)).color(theme.ink2));
            let scope = if list.everywhere { "in all articles" } else { "in this article" };
            let toggle = ui.add(egui::Label::new(RichText::new(scope).font(theme::small()).color(theme.ink3)).sense(egui::Sense::click()));
            toggle.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Sources {scope}")));
            if toggle.hovered() {
                ui.painter().hline(toggle.rect.x_range(), toggle.rect.bottom() - 1.0, Stroke::new(1.0, theme.ink3));
            }
            widgets::focus_ring(ui, theme, &toggle, 4);
            if toggle.on_hover_text("Show the sources of this article, or of all").clicked() {
                list.everywhere = !list.everywhere;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(8.0);
                if widgets::icon_button(ui, theme, icons::PLUS, "Source of the selection", &caps_of(&Action::AskForSource)).clicked() {
                    actions.push(Action::AskForSource);
                }
            });
        });
    });
    if list.everywhere {
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 12, top: 0, bottom: 6 }).show(ui, |ui| {
            widgets::search_field(ui, theme, Id::unique("filter sources"), &mut list.filter, "Filter sources");
        });
    } else {
        list.filter.clear();
    }
}

/// The line that says what is not here.
fn foot(ui: &mut Ui, theme: &Theme) {
    Panel::bottom("about sources")
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 14, top: 6, bottom: 8 }))
        .show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(icons::LOCK_SIMPLE).font(theme::icon(14.0)).color(theme.ink3));
                ui.add(
                    egui::Label::new(
                        RichText::new("Sources hold only what the article prints. There is no field for a real name.")
                            .font(theme::small())
                            .color(theme.ink3),
                    )
                    .wrap(),
                );
            });
        });
}

fn list(ui: &mut Ui, state: &ViewState, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    let rows = &state.source_list.rows;
    if rows.is_empty() {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(12, 4)).show(ui, |ui| {
            let hint = "Select who speaks and press Shift S, or press Q in a quotation.";
            ui.add(egui::Label::new(RichText::new(hint).font(theme::small()).color(theme.ink3)).wrap());
        });
        return;
    }
    ui.style_mut().spacing.item_spacing.y = 0.0;
    let shown = match &state.inspected {
        Inspected::Source(source) => Some(source),
        _ => None,
    };
    ScrollArea::vertical().id_salt("sources").auto_shrink([false, false]).show_rows(ui, 32.0, rows.len(), |ui, range| {
        for (source, count) in rows.get(range).unwrap_or_default() {
            if row(ui, source, *count, shown == Some(&source.id), words, theme) {
                actions.push(Action::ShowSource(source.id.clone()));
            }
        }
    });
}

fn row(ui: &mut Ui, source: &Source, count: usize, selected: bool, words: &mut Words<'_>, theme: &Theme) -> bool {
    let id = Id::unique(("source", &source.id));
    let name = format!("Source: {}, {}", source.alias, count);
    let response = widgets::row(ui, theme, id, 32.0, &name, selected, |ui, rect| {
        ui.painter().text(
            pos2(rect.left() + 20.0, rect.center().y),
            Align2::CENTER_CENTER,
            source.kind.icon(),
            theme::icon(16.0),
            theme.ink2,
        );
        let right = rect.right() - 14.0;
        let room = Rect::from_min_max(pos2(rect.left() + 36.0, rect.top()), pos2(right - 30.0, rect.bottom()));
        let used = words.line(ui, room, &source.alias, &TextStyle::interface(13.0, if selected { 500.0 } else { 400.0 }), theme.ink);
        let rest = room.with_min_x((room.left() + used + 6.0).min(room.right()));
        if rest.width() > 30.0 {
            words.line(ui, rest, &source.role, &TextStyle::interface(13.0, 400.0), theme.ink3);
        }
        widgets::line(ui, rect.with_max_x(right), &count.to_string(), theme::small(), theme.ink3, Align::Max);
    });
    response.on_hover_text(format!("{}: {}", source.kind.name(), source.alias)).clicked()
}

/// The alias of a source, for messages.
pub(crate) fn alias(desk: &Desk, source: &RecordId<Source>) -> String {
    desk.session.project().sources.get(source).map_or_else(|| source.to_string(), |source| visible(&source.alias))
}
