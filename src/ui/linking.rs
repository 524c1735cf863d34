//! Making links: what may be linked to what, the neighbour that is proposed, and walking to another.

use super::{
    action::Action,
    app::{App, Desk},
    panels::link_bar,
};
use crate::{
    display::span_index::SpanIndex,
    edit::{Change, Command},
    model::{Annotation, Id, Project, RelationKind, links::Links},
    text::boundary,
};
use std::sync::Arc;

/// How far from an annotation a partner is looked for, in annotations, before walking has to find one.
const NEARBY: usize = 400;

/// One way to link two annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) kind: Id<RelationKind>,
    /// Whether it leads from the first to the second.
    pub(crate) forward: bool,
}

/// A link that is being made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Linking {
    pub(crate) from: Id<Annotation>,
    pub(crate) target: Option<Id<Annotation>>,
    /// Which of the ways that fit is shown.
    pub(crate) at: usize,
}

impl Linking {
    pub(crate) fn aim_at(&mut self, target: Id<Annotation>) {
        if self.target.as_ref() != Some(&target) {
            self.target = Some(target);
            self.at = 0;
        }
    }
}

/// Every way in which two annotations may be linked and are not: by kind, first from the one, then from the other.
pub(crate) fn ways(project: &Project, links: &Links, one: &Annotation, other: &Annotation) -> Vec<Way> {
    if one.id == other.id {
        return Vec::new();
    }
    let mut kinds: Vec<&Arc<RelationKind>> = project.relation_kinds.iter().collect();
    kinds.sort_by(|left, right| left.place.cmp(&right.place).then_with(|| left.id.cmp(&right.id)));
    let mut found = Vec::new();
    for (forward, from, to) in [(true, one, other), (false, other, one)] {
        let is_linked = |kind: &RelationKind| {
            let own = links.out_of(&from.id).iter().filter_map(|link| project.relations.get(link));
            !kind.repeats && own.into_iter().any(|link| link.kind == kind.id && link.to == to.id)
        };
        let fits = kinds.iter().filter(|kind| kind.from.contains(&from.label) && kind.to.contains(&to.label) && !is_linked(kind));
        found.extend(fits.map(|kind| Way { kind: kind.id.clone(), forward }));
    }
    found
}

/// The partner that is proposed: in the sentence of the annotation, else in its paragraph, else nowhere.
fn nearest(desk: &Desk, index: &SpanIndex, from: &Annotation) -> Option<Id<Annotation>> {
    let project = desk.session.project();
    let rank = index.rank(&from.id)?;
    let own = index.get(&from.id)?.bounds();
    let text = &index.text().content;
    let sentence = boundary::sentence_at(text, own.start);
    let sentence = sentence.start.min(own.start)..sentence.end.max(boundary::sentence_at(text, own.end.saturating_sub(1)).end).max(own.end);
    let paragraph = boundary::paragraph_at(text, own.start);
    let order = index.in_order();
    let around = order.get(rank.saturating_sub(NEARBY)..order.len().min(rank + NEARBY)).unwrap_or_default();
    let near = around.iter().filter_map(|slot| index.span(*slot)).filter_map(|span| {
        let bounds = span.bounds();
        if bounds.end < paragraph.start || bounds.start > paragraph.end {
            return None;
        }
        let way = ways(project, desk.sources.links(), from, &span.annotation).into_iter().next()?;
        // Of several partners: what this one leads to, in the sentence, the nearer end.
        let outside = bounds.start < sentence.start || bounds.end > sentence.end;
        let distance = bounds.start.saturating_sub(own.end).max(own.start.saturating_sub(bounds.end));
        let place = project.relation_kinds.get(&way.kind).and_then(|kind| kind.place).unwrap_or(u32::MAX);
        Some(((outside, !way.forward, place, distance), span.annotation.id.clone()))
    });
    near.min().map(|(_, id)| id)
}

impl App {
    /// L: proposes the nearest partner of the selected annotation.
    pub(crate) fn begin_link(&mut self) {
        self.state.proposing = None;
        let Some(desk) = &self.desk else { return };
        let (Some(from), Some(index)) = (desk.selected(), &desk.index) else { return };
        let target = nearest(desk, index, from);
        self.state.linking = Some(Linking { from: from.id.clone(), target, at: 0 });
        self.state.fresh_selection = false;
        self.show_target();
    }

    /// To the next or the previous annotation that the link could lead to, also out of sight.
    pub(crate) fn walk_target(&mut self, on: bool) {
        let (Some(desk), Some(linking)) = (&self.desk, &mut self.state.linking) else { return };
        let Some(index) = &desk.index else { return };
        let project = desk.session.project();
        let Some(from) = project.annotations.get(&linking.from) else { return };
        let here = linking.target.as_ref().unwrap_or(&linking.from);
        let Some(rank) = index.rank(here) else { return };
        let fits = |slot: &u32| {
            let span = index.span(*slot)?;
            (!ways(project, desk.sources.links(), from, &span.annotation).is_empty()).then(|| span.annotation.id.clone())
        };
        let order = index.in_order();
        let found = if on {
            order.get(rank + 1..).unwrap_or_default().iter().find_map(fits)
        } else {
            order.get(..rank).unwrap_or_default().iter().rev().find_map(fits)
        };
        match found {
            Some(target) => {
                linking.aim_at(target);
                self.show_target();
            }
            None => self.toasts.success(if on { "Nothing further on to link to" } else { "Nothing further back to link to" }, None),
        }
    }

    fn show_target(&mut self) {
        let (Some(desk), Some(linking)) = (&mut self.desk, &self.state.linking) else { return };
        let start = linking.target.as_ref().and_then(|target| desk.index.as_ref()?.get(target)).map(|span| span.bounds().start);
        if let (Some(start), Some(view)) = (start, desk.view_mut()) {
            view.reveal(start);
        }
    }

    /// Up and down: another kind of link between the two.
    pub(crate) fn change_link(&mut self, on: bool) {
        let Some(count) = self.desk.as_ref().zip(self.state.linking.as_ref()).map(|(desk, linking)| link_bar::ways_of(desk, linking).len())
        else {
            return;
        };
        if let (Some(linking), true) = (&mut self.state.linking, count > 1) {
            linking.at = (linking.at + if on { 1 } else { count - 1 }) % count;
        }
    }

    /// Enter: makes the link that is shown.
    pub(crate) fn take_link(&mut self) {
        let (Some(desk), Some(linking)) = (&self.desk, &self.state.linking) else { return };
        let Some(target) = linking.target.clone() else {
            self.toasts.success("Choose what to link to: click it, or walk with ] and [", None);
            return;
        };
        let from = linking.from.clone();
        match link_bar::ways_of(desk, linking).get(linking.at).cloned() {
            Some(way) => {
                self.state.linking = None;
                self.run_link(from, target, way);
            }
            None => self.refuse_link(&from, &target),
        }
    }

    /// A chip was dropped on another: the first way that fits.
    pub(crate) fn link_to(&mut self, from: Id<Annotation>, to: Id<Annotation>) {
        self.state.linking = None;
        let Some(desk) = &self.desk else { return };
        let annotations = &desk.session.project().annotations;
        let (Some(one), Some(other)) = (annotations.get(&from), annotations.get(&to)) else { return };
        match ways(desk.session.project(), desk.sources.links(), one, other).into_iter().next() {
            Some(way) => self.run_link(from, to, way),
            None => self.refuse_link(&from, &to),
        }
    }

    fn run_link(&mut self, one: Id<Annotation>, other: Id<Annotation>, way: Way) {
        let (from, to) = if way.forward { (one, other) } else { (other, one) };
        let name = self.desk.as_ref().and_then(|desk| desk.session.project().relation_kinds.get(&way.kind)).map(|kind| kind.name.clone());
        if self.run(&Command::Link { kind: way.kind, from, to }).is_some() {
            self.toasts.success(format!("Linked: {}", name.unwrap_or_default()), Some(("Undo".to_owned(), Action::Undo)));
        }
    }

    fn refuse_link(&mut self, from: &Id<Annotation>, to: &Id<Annotation>) {
        let Some(desk) = &self.desk else { return };
        let project = desk.session.project();
        let label = |id: &Id<Annotation>| {
            project.annotations.get(id).and_then(|annotation| desk.label_of(annotation)).map_or("annotation", |label| label.name.as_str())
        };
        let is_linked =
            desk.sources.links().of(from).filter_map(|link| project.relations.get(link)).any(|link| link.from == *to || link.to == *to);
        let words = if from == to {
            "An annotation cannot be linked to itself".to_owned()
        } else if is_linked {
            "These two are linked already".to_owned()
        } else {
            format!("No kind of link joins {} and {}", label(from).to_lowercase(), label(to).to_lowercase())
        };
        self.toasts.failure(words, "Drop it on a chip with a dashed edge, or press L and walk with ] and [.", None);
    }

    /// Removes the last link of the selected annotation; the inspector removes any of them.
    pub(crate) fn remove_link(&mut self) {
        let Some(desk) = &self.desk else { return };
        let Some(selected) = desk.selected() else { return };
        let links = desk.sources.links();
        let link = links.out_of(&selected.id).last().or_else(|| links.into(&selected.id).last()).cloned();
        match link {
            Some(relation) => {
                if self.run(&Command::Unlink { relation }).is_some() {
                    self.toasts.success("Removed a link", Some(("Undo".to_owned(), Action::Undo)));
                }
            }
            None => self.toasts.success("This annotation has no link", None),
        }
    }

    /// Says so when an edit took links along that no longer fit.
    pub(crate) fn tell_lost_links(&mut self, changes: &[Change], what: &str) {
        let lost = changes.iter().filter(|change| matches!(change, Change::Relation(swap) if swap.after.is_none())).count();
        if lost > 0 {
            let count = crate::display::line::count(lost, "link");
            self.toasts.success(format!("{what}; {count} went with it"), Some(("Undo".to_owned(), Action::Undo)));
        }
    }
}
