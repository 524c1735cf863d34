//! Which links start and end at each annotation, kept beside a project, and which sources stand behind an annotation through them.

use super::{Annotation, Id, Project, Relation, RelationKind, Source};
use smallvec::SmallVec;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// A link as it was and as it is; none before it came and after it went.
pub type LinkChange<'l> = (Option<&'l Arc<Relation>>, Option<&'l Arc<Relation>>);

/// Links by their ends. Follows a project link by link, so that nothing ever looks at all of them again.
#[derive(Debug, Default, Clone)]
pub struct Links {
    out: HashMap<Id<Annotation>, SmallVec<[Id<Relation>; 2]>>,
    into: HashMap<Id<Annotation>, SmallVec<[Id<Relation>; 2]>>,
}

impl Links {
    /// The links of a project.
    pub fn new(project: &Project) -> Self {
        let mut links = Self::default();
        links.follow(&project.relations.iter().map(|link| (None, Some(link))).collect::<Vec<_>>());
        links
    }

    /// Takes over which links came, went or changed. Many that leave one annotation leave it in one pass.
    pub fn follow(&mut self, changes: &[LinkChange<'_>]) {
        let gone = || changes.iter().filter_map(|(before, _)| *before);
        take_away(&mut self.out, gone().map(|link| (&link.from, &link.id)));
        take_away(&mut self.into, gone().map(|link| (&link.to, &link.id)));
        for link in changes.iter().filter_map(|(_, after)| *after) {
            self.out.entry(link.from.clone()).or_default().push(link.id.clone());
            self.into.entry(link.to.clone()).or_default().push(link.id.clone());
        }
    }

    /// Links that start at an annotation.
    pub fn out_of(&self, annotation: &Id<Annotation>) -> &[Id<Relation>] {
        self.out.get(annotation).map_or(&[], |links| links.as_slice())
    }

    /// Links that end at an annotation.
    pub fn into(&self, annotation: &Id<Annotation>) -> &[Id<Relation>] {
        self.into.get(annotation).map_or(&[], |links| links.as_slice())
    }

    /// Links that start or end at an annotation, those that start first.
    pub fn of(&self, annotation: &Id<Annotation>) -> impl Iterator<Item = &Id<Relation>> {
        self.out_of(annotation).iter().chain(self.into(annotation))
    }

    /// How many links start or end at an annotation.
    pub fn count(&self, annotation: &Id<Annotation>) -> usize {
        self.out_of(annotation).len() + self.into(annotation).len()
    }

    /// Everything from which passing links lead to an annotation, itself included: whose sources may change when it does.
    pub fn upstream(&self, project: &Project, annotation: &Id<Annotation>) -> Vec<Id<Annotation>> {
        let mut seen = HashSet::from([annotation.clone()]);
        let mut found = vec![annotation.clone()];
        let mut next = 0;
        while let Some(here) = found.get(next).cloned() {
            next += 1;
            for link in self.into(&here).iter().filter_map(|link| project.relations.get(link)) {
                if passes(project, link) && seen.insert(link.from.clone()) {
                    found.push(link.from.clone());
                }
            }
        }
        found
    }
}

fn take_away<'c>(
    ends: &mut HashMap<Id<Annotation>, SmallVec<[Id<Relation>; 2]>>,
    gone: impl Iterator<Item = (&'c Id<Annotation>, &'c Id<Relation>)>,
) {
    let mut by_end: HashMap<&Id<Annotation>, HashSet<&Id<Relation>>> = HashMap::new();
    for (end, link) in gone {
        by_end.entry(end).or_default().insert(link);
    }
    #[expect(clippy::iter_over_hash_type, reason = "each end is its own list")]
    for (end, gone) in by_end {
        if let Some(links) = ends.get_mut(end) {
            links.retain(|link| !gone.contains(link));
            if links.is_empty() {
                ends.remove(end);
            }
        }
    }
}

/// The sources behind an annotation: the one that it points to, and those at the end of its links. A claim is corroborated when
/// two or more stand behind it (Reuters, AP and BBC ask for a second one).
///
/// Links between annotations of one label, as from an inner to an outer attribution, pass no source on: "X said that Y believes" is
/// one chain, not two sources.
pub fn sources_behind(project: &Project, links: &Links, annotation: &Annotation) -> BTreeSet<Id<Source>> {
    let mut sources = BTreeSet::new();
    let mut seen = HashSet::from([annotation.id.clone()]);
    let mut open = vec![annotation.id.clone()];
    while let Some(here) = open.pop() {
        let Some(record) = project.annotations.get(&here) else { continue };
        sources.extend(record.source.clone());
        for link in links.out_of(&here).iter().filter_map(|link| project.relations.get(link)) {
            if passes(project, link) && seen.insert(link.to.clone()) {
                open.push(link.to.clone());
            }
        }
    }
    sources
}

/// Whether a link hands the sources of its end on to its start.
fn passes(project: &Project, link: &Relation) -> bool {
    project.relation_kinds.get(&link.kind).is_some_and(|kind| leads_to_source(project, kind))
}

/// Whether a kind of link leads from other labels to labels that point to sources.
pub fn leads_to_source(project: &Project, kind: &RelationKind) -> bool {
    let is_source = |label| project.labels.get(label).is_some_and(|label| label.source);
    kind.to.iter().any(is_source) && !kind.from.iter().any(|label| kind.to.contains(label))
}
