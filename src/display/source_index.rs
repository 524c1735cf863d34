//! What stands behind each source, by document and label: kept up to date edit by edit, so that no frame counts.

use crate::{
    edit::Change,
    model::{
        Annotation, Document, Id, Label, Project, Relation, Source,
        links::{Links, sources_behind},
    },
};
use smallvec::SmallVec;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// What rests on one source.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Resting {
    /// Annotations that point to the source themselves. An attribution whose mention is marked too counts once, as the mention.
    pub mentions: BTreeSet<Id<Annotation>>,
    /// How many of these there are in each document.
    pub mentions_in: BTreeMap<Id<Document>, usize>,
    /// Annotations of each label in each document, mentions included.
    pub counts: BTreeMap<Id<Document>, BTreeMap<Id<Label>, usize>>,
}

impl Resting {
    /// How many annotations of a label rest on the source, in one document or in all.
    pub fn count(&self, label: &Id<Label>, document: Option<&Id<Document>>) -> usize {
        let of = |labels: &BTreeMap<Id<Label>, usize>| labels.get(label).copied().unwrap_or(0);
        match document {
            Some(document) => self.counts.get(document).map_or(0, of),
            None => self.counts.values().map(of).sum(),
        }
    }
}

/// What an annotation counts for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    document: Id<Document>,
    label: Id<Label>,
    /// The source that it is a mention of.
    mentions: Option<Id<Source>>,
    sources: SmallVec<[Id<Source>; 1]>,
}

/// Links and sources of a project, followed edit by edit.
#[derive(Debug, Default)]
pub struct SourceIndex {
    links: Links,
    standing: HashMap<Id<Annotation>, Standing>,
    resting: HashMap<Id<Source>, Resting>,
}

impl SourceIndex {
    /// Indexes a project, in time by the number of its annotations.
    pub fn new(project: &Project) -> Self {
        let mut index = Self { links: Links::new(project), ..Self::default() };
        for annotation in project.annotations.iter() {
            // Without a source of its own and without links nothing stands behind it.
            if annotation.source.is_some() || !index.links.out_of(&annotation.id).is_empty() {
                index.add(project, annotation);
            }
        }
        index
    }

    /// The links by their ends.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// What rests on a source; `None` when nothing does.
    pub fn resting(&self, source: &Id<Source>) -> Option<&Resting> {
        self.resting.get(source)
    }

    /// The sources behind an annotation.
    pub fn behind(&self, annotation: &Id<Annotation>) -> &[Id<Source>] {
        self.standing.get(annotation).map_or(&[], |standing| standing.sources.as_slice())
    }

    /// Takes over what an edit, undo or redo changed; `project` is the one after it.
    pub fn follow(&mut self, project: &Project, changes: &[Change], undone: bool) {
        if changes.iter().any(|change| matches!(change, Change::Label(_) | Change::RelationKind(_))) {
            *self = Self::new(project);
            return;
        }
        let mut touched: HashSet<Id<Annotation>> = HashSet::new();
        let links = changes.iter().filter_map(|change| if let Change::Relation(swap) = change { Some(swap.sides(undone)) } else { None });
        self.links.follow(&links.collect::<Vec<_>>());
        for change in changes {
            match change {
                Change::Annotation(swap) => {
                    touched.insert(swap.id.clone());
                }
                Change::Relation(swap) => {
                    let (before, after) = swap.sides(undone);
                    touched.extend(before.into_iter().chain(after).map(|link| link.from.clone()));
                }
                _ => {}
            }
        }
        let mut again: BTreeSet<Id<Annotation>> = BTreeSet::new();
        #[expect(clippy::iter_over_hash_type, reason = "the result is a sorted set")]
        for annotation in &touched {
            again.extend(self.links.upstream(project, annotation));
        }
        for annotation in again {
            self.remove(&annotation);
            if let Some(record) = project.annotations.get(&annotation) {
                self.add(project, record);
            }
        }
    }

    fn add(&mut self, project: &Project, annotation: &Annotation) {
        let sources: SmallVec<[Id<Source>; 1]> = sources_behind(project, &self.links, annotation).into_iter().collect();
        if sources.is_empty() {
            return;
        }
        for source in &sources {
            let resting = self.resting.entry(source.clone()).or_default();
            let labels = resting.counts.entry(annotation.document.clone()).or_default();
            *labels.entry(annotation.label.clone()).or_default() += 1;
        }
        let linked = self.links.out_of(&annotation.id).iter().filter_map(|link| project.relations.get(link));
        let same = |link: &Arc<Relation>| project.annotations.get(&link.to).is_some_and(|end| end.source == annotation.source);
        let is_mention = annotation.source.is_some() && !linked.into_iter().any(same);
        let mentions = annotation.source.clone().filter(|_| is_mention);
        if let Some(source) = &mentions {
            let resting = self.resting.entry(source.clone()).or_default();
            resting.mentions.insert(annotation.id.clone());
            *resting.mentions_in.entry(annotation.document.clone()).or_default() += 1;
        }
        let standing = Standing { document: annotation.document.clone(), label: annotation.label.clone(), mentions, sources };
        self.standing.insert(annotation.id.clone(), standing);
    }

    fn remove(&mut self, annotation: &Id<Annotation>) {
        let Some(standing) = self.standing.remove(annotation) else { return };
        if let Some(resting) = standing.mentions.as_ref().and_then(|source| self.resting.get_mut(source)) {
            resting.mentions.remove(annotation);
            less_one(&mut resting.mentions_in, &standing.document);
        }
        for source in &standing.sources {
            let Some(resting) = self.resting.get_mut(source) else { continue };
            if let Some(labels) = resting.counts.get_mut(&standing.document) {
                less_one(labels, &standing.label);
                if labels.is_empty() {
                    resting.counts.remove(&standing.document);
                }
            }
            if resting.counts.is_empty() {
                self.resting.remove(source);
            }
        }
    }

    /// Everything it knows, sorted; equal for indexes that agree. For tests.
    pub fn described(&self) -> BTreeMap<Id<Source>, Resting> {
        self.resting.iter().map(|(source, resting)| (source.clone(), resting.clone())).collect()
    }
}

/// Counts one less; what is counted no more goes.
fn less_one<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
