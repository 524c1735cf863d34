//! One source in the inspector: what the article prints of it, what rests on it, its mentions; rename, merge, split off.

use super::sources::alias;
use crate::{
    display::safe::visible,
    edit::{Command, SourceField},
    model::{Annotation, Id as RecordId, Source, SourceKind},
    suggest::{Cues, speaker},
    ui::{
        action::Action,
        action_list::caps_of,
        app::{Desk, ViewState},
        article::{bidi_text::Words, layout::TextStyle},
        icons,
        theme::{self, Theme},
        widgets::{self, Tone},
    },
};
use egui::{Align, Align2, ComboBox, Id, Layout, Margin, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::collections::BTreeSet;

/// Sources that the merge list offers at most.
const OFFERED: usize = 60;

/// What the panel keeps: its mentions in order, and which of them are chosen to be split off.
#[derive(Debug, Default)]
pub(crate) struct PanelState {
    key: Option<(u64, String)>,
    mentions: Vec<RecordId<Annotation>>,
    chosen: BTreeSet<RecordId<Annotation>>,
}

/// The mentions of a source, by article and place.
pub(crate) fn mentions(desk: &Desk, source: &RecordId<Source>) -> Vec<RecordId<Annotation>> {
    let project = desk.session.project();
    let Some(resting) = desk.sources.resting(source) else { return Vec::new() };
    let mut found: Vec<_> = resting.mentions.iter().filter_map(|id| project.annotations.get(id)).collect();
    found.sort_by_cached_key(|mention| {
        let title = project.documents.get(&mention.document).map_or_else(String::new, |document| document.title.clone());
        (title, mention.document.clone(), mention.ranges.bounds().start, mention.id.clone())
    });
    found.into_iter().map(|mention| mention.id.clone()).collect()
}

pub(crate) fn show(
    ui: &mut Ui,
    desk: &Desk,
    state: &mut ViewState,
    id: &RecordId<Source>,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let Some(source) = desk.session.project().sources.get(id) else { return };
    let key = (desk.session.history().revision(), id.to_string());
    if state.source_panel.key.as_ref() != Some(&key) {
        state.source_panel.mentions = mentions(desk, id);
        let mentions: BTreeSet<_> = state.source_panel.mentions.iter().cloned().collect();
        state.source_panel.chosen.retain(|chosen| mentions.contains(chosen));
        state.source_panel.key = Some(key);
    }
    ScrollArea::vertical().id_salt("source").auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
            head(ui, source, words, actions, theme);
            fields(ui, state, source, actions, theme);
            counts(ui, desk, id, theme);
            merge(ui, desk, source, actions, theme);
            super::inspector::divider(ui);
            mention_list(ui, desk, state, id, words, actions, theme);
            super::inspector::divider(ui);
            super::comments::show(ui, desk, &mut state.commenting, source.id.key(), words, actions, theme);
            super::inspector::divider(ui);
            let note = if source.is_unnamed() {
                "There is no field for a real name, here or in the file. Keep who it is outside of Onrecord."
            } else {
                "Sources hold only what the article prints."
            };
            ui.label(RichText::new(note).font(theme::small()).color(theme.ink3));
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                if widgets::button(ui, theme, "Remove the source", &[], Tone::Quiet).clicked() {
                    actions.push(Action::RemoveSource(id.clone()));
                }
                if widgets::button(ui, theme, "Purge…", &[], Tone::Quiet).clicked() {
                    actions.push(Action::AskToPurge(source.id.key().clone()));
                }
            });
        });
    });
}

fn head(ui: &mut Ui, source: &Source, words: &mut Words<'_>, actions: &mut Vec<Action>, theme: &Theme) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width() - 40.0, 28.0), Sense::hover());
        ui.painter().text(
            pos2(rect.left() + 10.0, rect.center().y),
            Align2::CENTER_CENTER,
            source.kind.icon(),
            theme::icon(20.0),
            theme.ink2,
        );
        words.line(ui, rect.with_min_x(rect.left() + 30.0), &source.alias, &TextStyle::interface(15.0, 500.0), theme.ink);
        if widgets::icon_button(ui, theme, icons::X, "Back to the annotation", &["Esc".to_owned()]).clicked() {
            actions.push(Action::StepBack);
        }
    });
    ui.add_space(4.0);
}

fn fields(ui: &mut Ui, state: &mut ViewState, source: &Source, actions: &mut Vec<Action>, theme: &Theme) {
    let unnamed = source.is_unnamed();
    let rows = [
        (
            "alias",
            if unnamed { "Alias" } else { "Name" },
            source.alias.as_str(),
            if unnamed { "Source A" } else { "As the article prints it" },
        ),
        ("role", "Description", source.role.as_str(), "In the article’s own words"),
        ("public_label", "For readers", source.public_label.as_str(), "What may be shown to readers"),
    ];
    for (field, name, known, hint) in rows {
        let source = source.id.clone();
        super::document::field(ui, state, source.key(), field, name, known, hint, theme, &mut |value| {
            actions.extend(crate::ui::App::source_command(&source, field, value).map(Action::Edit));
        });
    }
    super::document::labelled(ui, theme, "Kind", |ui| {
        let combo = ComboBox::from_id_salt("kind of source").width(ui.available_width() - 8.0).selected_text(source.kind.name()).show_ui(
            ui,
            |ui| {
                for kind in SourceKind::ALL {
                    if ui.selectable_label(source.kind == *kind, kind.name()).clicked() && source.kind != *kind {
                        let value = kind.word().to_owned();
                        actions.push(Action::Edit(Command::EditSource { source: source.id.clone(), field: SourceField::Kind, value }));
                    }
                }
            },
        );
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Kind: {}", source.kind.name())));
    });
}

/// What rests on the source: here and in all articles.
fn counts(ui: &mut Ui, desk: &Desk, id: &RecordId<Source>, theme: &Theme) {
    let Some(resting) = desk.sources.resting(id) else { return };
    super::inspector::divider(ui);
    let columns = |ui: &mut Ui, name: &str, here: &str, all: &str, strong: bool| {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {here} here, {all} in all")));
        let (font, colour) = if strong { (theme::semibold(12.0), theme.ink2) } else { (theme::body(), theme.ink) };
        widgets::line(ui, rect, name, font.clone(), colour, Align::Min);
        widgets::line(ui, rect.with_max_x(rect.right() - 80.0), here, font.clone(), colour, Align::Max);
        widgets::line(ui, rect, all, font, colour, Align::Max);
    };
    columns(ui, "Rests on it", "here", "in all", true);
    let document = desk.document.as_ref();
    let here = |label| document.map_or(0, |document| resting.count(label, Some(document)));
    let mentions_here = document.and_then(|document| resting.mentions_in.get(document)).copied().unwrap_or(0);
    columns(ui, "Mentions", &mentions_here.to_string(), &resting.mentions.len().to_string(), false);
    for label in desk.session.project().labels_in_order().into_iter().filter(|label| !label.source) {
        columns(
            ui,
            &format!("{}s", visible(&label.name)),
            &here(&label.id).to_string(),
            &resting.count(&label.id, None).to_string(),
            false,
        );
    }
}

fn merge(ui: &mut Ui, desk: &Desk, source: &Source, actions: &mut Vec<Action>, theme: &Theme) {
    let project = desk.session.project();
    if project.sources.len() < 2 {
        return;
    }
    ui.add_space(6.0);
    super::document::labelled(ui, theme, "Merge into", |ui| {
        let combo = ComboBox::from_id_salt("merge into").width(ui.available_width() - 8.0).selected_text("Choose a source");
        let shown = combo.show_ui(ui, |ui| {
            // Those of the same kind first.
            let mut others: Vec<_> = project.sources.iter().filter(|other| other.id != source.id).collect();
            others.sort_by_key(|other| (other.kind != source.kind, other.alias.to_lowercase()));
            for other in others.into_iter().take(OFFERED) {
                let name = if other.role.is_empty() { visible(&other.alias) } else { format!("{}, {}", other.alias, other.role) };
                if ui.selectable_label(false, name).clicked() {
                    actions.push(Action::Edit(Command::MergeSources { source: source.id.clone(), into: other.id.clone() }));
                    actions.push(Action::ShowSource(other.id.clone()));
                }
            }
        });
        shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Merge into"));
    });
}

fn mention_list(
    ui: &mut Ui,
    desk: &Desk,
    state: &mut ViewState,
    id: &RecordId<Source>,
    words: &mut Words<'_>,
    actions: &mut Vec<Action>,
    theme: &Theme,
) {
    let panel = &mut state.source_panel;
    ui.horizontal(|ui| {
        widgets::section(ui, theme, "Mentions", &panel.mentions.len().to_string());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.style_mut().spacing.item_spacing.x = 2.0;
            if widgets::icon_button(ui, theme, icons::CARET_DOWN, "Next mention", &caps_of(&Action::NextMention(true))).clicked() {
                actions.push(Action::NextMention(true));
            }
            if widgets::icon_button(ui, theme, icons::CARET_UP, "Previous mention", &caps_of(&Action::NextMention(false))).clicked() {
                actions.push(Action::NextMention(false));
            }
        });
    });
    ui.style_mut().spacing.item_spacing.y = 0.0;
    let project = desk.session.project();
    let selected = desk.view().and_then(|view| view.selected.clone());
    let (mentions, chosen) = (&panel.mentions, &mut panel.chosen);
    ScrollArea::vertical().id_salt("mentions").max_height(280.0).auto_shrink([false, true]).show_rows(
        ui,
        40.0,
        mentions.len(),
        |ui, range| {
            for mention in mentions.get(range).unwrap_or_default().iter().filter_map(|id| project.annotations.get(id)) {
                let excerpt = mention.beginning();
                let is_selected = selected.as_ref() == Some(&mention.id);
                let text = project.texts.get(&mention.text);
                let number = text.map_or(0, |text| text.index.number_from_char(&text.content, mention.ranges.bounds().start));
                let title = project.documents.get(&mention.document).map_or("", |document| document.title.as_str());
                let name = format!("Mention: {}", crate::check::spans::shorten(&excerpt));
                let response = widgets::row(ui, theme, Id::unique(("mention", &mention.id)), 40.0, &name, is_selected, |ui, rect| {
                    let room = Rect::from_min_max(rect.min + vec2(30.0, 2.0), rect.max - vec2(6.0, 18.0));
                    words.line(ui, room, &excerpt, &TextStyle::reading(15.0, 20.0), theme.ink);
                    let below = Rect::from_min_max(pos2(room.left(), rect.bottom() - 18.0), rect.max - vec2(6.0, 2.0));
                    let other = if Some(&mention.document) == desk.document.as_ref() { String::new() } else { title.to_owned() };
                    let used = widgets::line_width(ui, &format!("¶ {number}"), theme::small());
                    widgets::line(ui, below, &format!("¶ {number}"), theme::small(), theme.ink3, Align::Min);
                    words.line(ui, below.with_min_x(below.left() + used + 8.0), &other, &TextStyle::interface(12.0, 400.0), theme.ink3);
                });
                let check = Rect::from_min_size(response.rect.left_top() + vec2(6.0, 11.0), vec2(18.0, 18.0));
                let is_chosen = chosen.contains(&mention.id);
                if widgets::check_box(ui, theme, Id::unique(("split", &mention.id)), check, is_chosen, true, &format!("Choose {name}"))
                    .clicked()
                    && !chosen.remove(&mention.id)
                {
                    chosen.insert(mention.id.clone());
                }
                if response.clicked() {
                    actions.push(Action::ChooseAnnotation(Some(mention.id.clone())));
                    actions.push(Action::ShowSource(id.clone()));
                }
            }
        },
    );
    if !chosen.is_empty() {
        ui.add_space(6.0);
        let what = crate::display::line::count(chosen.len(), "mention");
        if widgets::button(ui, theme, &format!("Split off {what}"), &[], Tone::Secondary).clicked() {
            let source = project.sources.get(id);
            let next = match source.filter(|source| !source.is_unnamed()) {
                Some(source) => format!("{} 2", source.alias),
                None => speaker::next_alias(project, &Cues::default()),
            };
            let annotations = chosen.iter().cloned().collect();
            actions.push(Action::Edit(Command::SplitSource { source: id.clone(), annotations, alias: next }));
            chosen.clear();
        }
    }
    if mentions.is_empty() {
        let hint = format!("Nothing points to {} yet. Choose a mention and press Shift S.", alias(desk, id));
        ui.label(RichText::new(hint).font(theme::small()).color(theme.ink3));
    }
}
