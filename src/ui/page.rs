//! The page: what the article view is asked to show of the project, and what follows from what the user did there.

use super::{
    action::Action,
    app::{App, FocusTarget, Inspected, Side, Tab},
    article::{ArticleView, Focus, LinkAim, Page, ViewEvent, margin::MOST_CURVES},
    linking, panels,
    reviewing::{Mode, Reviewing},
    theme::{LabelStyle, Theme},
};
use crate::{
    edit::Command,
    model::{Annotation, Direction, Document, Id, Label, Project, Source},
    review::Unit,
};
use egui::Ui;
use std::{
    cell::LazyCell,
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher as _},
};

impl App {
    /// Draws the open article and takes what the user does in it.
    pub(crate) fn article_ui(&mut self, ui: &mut Ui, theme: &'static Theme) {
        let focused = self.focused();
        let Some(desk) = &mut self.desk else { return };
        let project = desk.session.project();
        let labels: Vec<LabelStyle> = project.labels_in_order().iter().map(|label| theme.label(Some(label))).collect();
        let (Some(index), Some(id)) = (&desk.index, &desk.document) else { return };
        let Some(view) = desk.views.get_mut(id) else { return };
        let record = project.documents.get(id);
        let name_of = |annotation: &Annotation| {
            project.labels.get(&annotation.label).map_or_else(|| annotation.label.to_string(), |label| label.name.clone())
        };
        let chip = |annotation: &Annotation| chip_of(project, annotation);
        let sources = &desk.sources;
        let linked = |annotation: &Id<Annotation>| {
            let links = sources.links().of(annotation).filter_map(|link| project.relations.get(link));
            links.map(|link| (link.from.clone(), link.to.clone())).take(MOST_CURVES).collect()
        };
        let fits = |from: &Annotation, to: &Annotation| !linking::ways(project, sources.links(), from, to).is_empty();
        // Asked only where something changed.
        let unit = LazyCell::new(|| {
            let unit = self.state.reviewing.unit();
            let all = unit.into_iter().flat_map(|unit| unit.mentions.iter().chain(&unit.quotes).chain(&unit.claims));
            all.collect::<HashSet<_>>()
        });
        let in_focus = |annotation: &Annotation| match &focused {
            Some(Focused::Unit(..)) => unit.contains(&annotation.id),
            Some(Focused::Label(label)) => annotation.label == *label,
            Some(Focused::Source(source)) => sources.behind(&annotation.id).contains(source),
            None => true,
        };
        let proposed = self.state.proposing.as_ref().map_or_else(Vec::new, |proposing| proposing.preview(project, theme));
        let aim = self.state.linking.as_ref().map(|linking| LinkAim { from: linking.from.clone(), target: linking.target.clone() });
        let page = Page {
            index,
            labels: &labels,
            chip: &chip,
            name: &name_of,
            link_count: &|annotation| sources.links().count(annotation),
            linked: &linked,
            fits: &fits,
            focus: focused.as_ref().map(|focused| Focus { key: focused.key(desk.session.history().revision()), keeps: &in_focus }),
            proposed: &proposed,
            aim: aim.as_ref(),
            title: record.map_or("", |record| record.title.as_str()),
            rtl: record.and_then(|record| record.direction).map(|direction| direction == Direction::RightToLeft),
            omissions: &desk.omissions,
            unknown: theme.label(None),
            size: self.settings.text_size,
            line_height: self.settings.line_height,
            theme,
        };
        let before = view.selection();
        if matches!(self.state.focus, Some(FocusTarget::Article)) {
            self.state.focus = None;
            ui.memory_mut(|memory| memory.request_focus(ArticleView::widget_id()));
        }
        let events = view.show(ui, &page, &mut self.engine);
        if view.selection() != before {
            self.state.fresh_selection = true;
        }
        for event in events {
            match event {
                // The article is locked against accidents while it is reviewed.
                ViewEvent::Link { .. } | ViewEvent::Resize { .. } | ViewEvent::Selected if self.state.mode == Mode::Review => {}
                ViewEvent::Select(Some(annotation)) if self.state.linking.is_some() => {
                    if let Some(linking) = &mut self.state.linking {
                        linking.aim_at(annotation);
                        self.actions.push(Action::Take);
                    }
                }
                ViewEvent::List(annotation) => {
                    self.state.tab = Tab::Annotations;
                    self.state.open_side(Side::Right);
                    self.actions.push(Action::ChooseAnnotation(Some(annotation)));
                }
                ViewEvent::Select(annotation) => self.actions.push(Action::ChooseAnnotation(annotation)),
                ViewEvent::Link { from, to } => self.actions.push(Action::LinkTo { from, to }),
                ViewEvent::Resize { annotation, ranges } => self.actions.push(Action::Edit(Command::SetRanges { annotation, ranges })),
                ViewEvent::Selected => {
                    if let Some(label) = &self.state.marker {
                        self.actions.push(Action::Label(label.clone()));
                    }
                }
            }
        }
        if self.state.mode == Mode::Review {
            return;
        }
        panels::label_palette::show(ui, self, theme);
        panels::proposal::show(ui, self, theme);
        panels::link_bar::show(ui, self, theme);
    }

    /// What stays in colour while focus mode is on.
    fn focused(&self) -> Option<Focused> {
        if self.state.mode == Mode::Review {
            return self.state.reviewing.unit().map(|unit| Focused::of_unit(&self.state.reviewing, unit));
        }
        let desk = self.desk.as_ref().filter(|_| self.state.focus_mode)?;
        if let Inspected::Source(source) = &self.state.inspected {
            return Some(Focused::Source(source.clone()));
        }
        let selected = desk.selected();
        let unnamed = selected.and_then(|annotation| annotation.source.clone());
        match (unnamed, selected) {
            (Some(source), _) => Some(Focused::Source(source)),
            (None, Some(annotation)) => Some(Focused::Label(annotation.label.clone())),
            (None, None) => self.state.last_label.clone().map(Focused::Label),
        }
    }

    /// What focus mode shows, for people.
    pub(crate) fn focused_name(&self) -> Option<String> {
        let project = self.desk.as_ref()?.session.project();
        Some(match self.focused()? {
            Focused::Unit(..) => return None,
            Focused::Label(label) => project.labels.get(&label).map_or_else(|| label.to_string(), |label| label.name.clone()),
            Focused::Source(source) => project.sources.get(&source).map_or_else(|| source.to_string(), |source| source.alias.clone()),
        })
    }
}

/// What stays in colour.
#[derive(Hash)]
enum Focused {
    /// What one review is about: its place, when it was computed, and how much it holds.
    Unit(Id<Document>, Id<Source>, Option<u64>, [usize; 3]),
    Label(Id<Label>),
    /// Everything that rests on it.
    Source(Id<Source>),
}

impl Focused {
    fn of_unit(reviewing: &Reviewing, unit: &Unit) -> Self {
        let held = [unit.mentions.len(), unit.quotes.len(), unit.claims.len()];
        Self::Unit(unit.document.clone(), unit.source.clone(), reviewing.of, held)
    }

    /// Differs when something else stays in colour, in this state of the project.
    fn key(&self, revision: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self, revision).hash(&mut hasher);
        hasher.finish()
    }
}

fn chip_of(project: &Project, annotation: &Annotation) -> String {
    let label = project.labels.get(&annotation.label);
    let source = annotation.source.as_ref().and_then(|source| project.sources.get(source)).filter(|source| source.is_unnamed());
    match source {
        Some(source) if label.is_some_and(|label| label.source) && !names_another(project, annotation) => source.alias.clone(),
        _ => label.map_or_else(|| annotation.label.to_string(), |label| label.name.clone()),
    }
}

/// Whether other labels than this one also point to sources and it is the wider one: then the chip names the label.
fn names_another(project: &Project, annotation: &Annotation) -> bool {
    project.relation_kinds.iter().any(|kind| {
        kind.from.contains(&annotation.label)
            && kind.to.iter().any(|to| project.labels.get(to).is_some_and(|label| label.source) && *to != annotation.label)
    })
}
