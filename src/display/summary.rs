//! Figures of a project: for `onrecord stats`, and for people who ask how far the work is.

use super::source_index::SourceIndex;
use crate::{
    model::{Annotation, Document, Id, Label, Project, Source, SourceKind, Status, news},
    text::{CharOffset, TextRange},
};
use std::collections::BTreeMap;

/// Figures of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFigures {
    /// The document.
    pub id: Id<Document>,
    /// Its title.
    pub title: String,
    /// How far the work has come.
    pub status: Status,
    /// Characters, without what is not article.
    pub characters: usize,
    /// Characters that are not article.
    pub omitted: usize,
    /// Annotations of each label.
    pub labels: BTreeMap<Id<Label>, usize>,
}

/// Figures of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFigures {
    /// The source.
    pub id: Id<Source>,
    /// What it is called.
    pub alias: String,
    /// What it is.
    pub kind: SourceKind,
    /// Annotations that point to it.
    pub mentions: usize,
    /// Documents in which something rests on it.
    pub documents: usize,
    /// Annotations of each label that rest on it.
    pub labels: BTreeMap<Id<Label>, usize>,
}

/// How claims are borne out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Corroboration {
    /// Claims without a source: the article's own.
    pub none: usize,
    /// Claims that rest on one source.
    pub single: usize,
    /// Of these, claims that rest on one unnamed source.
    pub single_unnamed: usize,
    /// Claims with two sources or more.
    pub several: usize,
}

/// Figures of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its documents, by title.
    pub documents: Vec<DocumentFigures>,
    /// Its sources, those with most mentions first.
    pub sources: Vec<SourceFigures>,
    /// Its claims.
    pub claims: Corroboration,
    /// Its links.
    pub links: usize,
}

/// Ranges by their start, each with the furthest end of those up to it.
struct Covered(Vec<TextRange>);

impl Covered {
    fn new(mut ranges: Vec<TextRange>) -> Self {
        ranges.sort();
        let mut furthest = CharOffset::ZERO;
        for range in &mut ranges {
            furthest = furthest.max(range.end);
            range.end = furthest;
        }
        Self(ranges)
    }

    /// Whether one of the ranges holds the whole of another one: of those that begin before it, the one that ends last would.
    fn holds(&self, other: TextRange) -> bool {
        let behind = self.0.partition_point(|range| range.start <= other.start);
        behind.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|range| other.end <= range.end)
    }
}

impl Summary {
    /// Counts once over the project.
    pub fn new(project: &Project) -> Self {
        let index = SourceIndex::new(project);
        let mut by_document: BTreeMap<&Id<Document>, BTreeMap<Id<Label>, usize>> = BTreeMap::new();
        let mut claims = Corroboration::default();
        let omitted: BTreeMap<&Id<Document>, Vec<TextRange>> = project.omissions.iter().fold(BTreeMap::new(), |mut all, omission| {
            all.entry(&omission.document).or_insert_with(Vec::new).extend(omission.ranges.iter());
            all
        });
        let omitted: BTreeMap<&Id<Document>, Covered> =
            omitted.into_iter().map(|(document, ranges)| (document, Covered::new(ranges))).collect();
        // What is not article is left out of the counts, with what is marked in it.
        let is_left_out =
            |annotation: &Annotation| omitted.get(&annotation.document).is_some_and(|covered| covered.holds(annotation.ranges.bounds()));
        for annotation in project.annotations.iter().filter(|annotation| !is_left_out(annotation)) {
            *by_document.entry(&annotation.document).or_default().entry(annotation.label.clone()).or_default() += 1;
            if annotation.label == news::label(news::CLAIM) {
                match index.behind(&annotation.id) {
                    [] => claims.none += 1,
                    [one] => {
                        claims.single += 1;
                        claims.single_unnamed += usize::from(project.sources.get(one).is_some_and(|source| source.is_unnamed()));
                    }
                    _ => claims.several += 1,
                }
            }
        }
        let by_text = project.omissions_by_document();
        let documents = project.documents_in_order().into_iter().map(|document| {
            let all = project.text_of(document).map_or(0, |text| text.index.len().get());
            let omissions = by_text.get(&document.id).into_iter().flatten();
            let omitted = omissions.map(|omission| omission.ranges.char_count()).sum::<usize>().min(all);
            DocumentFigures {
                id: document.id.clone(),
                title: document.title.clone(),
                status: document.status,
                characters: all - omitted,
                omitted,
                labels: by_document.remove(&document.id).unwrap_or_default(),
            }
        });
        let documents = documents.collect();
        let mut sources: Vec<SourceFigures> = project
            .sources
            .iter()
            .map(|source| {
                let resting = index.resting(&source.id);
                let mut labels: BTreeMap<Id<Label>, usize> = BTreeMap::new();
                for (label, count) in resting.iter().flat_map(|resting| resting.counts.values().flatten()) {
                    *labels.entry(label.clone()).or_default() += count;
                }
                SourceFigures {
                    id: source.id.clone(),
                    alias: source.alias.clone(),
                    kind: source.kind,
                    mentions: resting.map_or(0, |resting| resting.mentions.len()),
                    documents: resting.map_or(0, |resting| resting.counts.len()),
                    labels,
                }
            })
            .collect();
        sources.sort_by(|one, other| {
            other.mentions.cmp(&one.mentions).then_with(|| one.alias.cmp(&other.alias)).then_with(|| one.id.cmp(&other.id))
        });
        Self { documents, sources, claims, links: project.relations.len() }
    }
}
