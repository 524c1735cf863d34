//! What the rules reach: their proposals against what annotators marked.

use super::{
    cues::Cues,
    structure::{Surroundings, propose},
};
use crate::{
    edit::Speaker,
    model::{Annotation, Document, Id, Project, Source, news},
    text::Ranges,
};
use std::sync::Arc;

/// How many were right, of how many proposed and how many marked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Proposed as it is marked.
    pub right: usize,
    /// Proposed.
    pub proposed: usize,
    /// Marked.
    pub marked: usize,
}

impl Tally {
    fn count(&mut self, proposed: bool, marked: bool, right: bool) {
        self.right += usize::from(right);
        self.proposed += usize::from(proposed);
        self.marked += usize::from(marked);
    }

    /// The share of proposals that are right, in percent.
    pub fn precision(&self) -> usize {
        percent(self.right, self.proposed)
    }

    /// The share of what is marked that is proposed, in percent.
    pub fn recall(&self) -> usize {
        percent(self.right, self.marked)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.proposed += other.proposed;
        self.marked += other.marked;
    }
}

fn percent(part: usize, whole: usize) -> usize {
    if whole == 0 { 0 } else { (part * 200 + whole) / (whole * 2) }
}

/// The first proposals for every marked quote, with the caret in its middle.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Quotes, all ranges exact.
    pub quotes: Tally,
    /// Attributions, exact.
    pub attributions: Tally,
    /// Attributions that overlap.
    pub overlapping: Tally,
    /// Who speaks; a new source counts when none of the registry was mentioned before.
    pub speakers: Tally,
}

impl Score {
    /// Adds the score of another project.
    pub fn add(&mut self, other: Self) {
        self.quotes.add(other.quotes);
        self.attributions.add(other.attributions);
        self.overlapping.add(other.overlapping);
        self.speakers.add(other.speakers);
    }
}

/// Scores one project, as far as its texts hold quotes.
pub fn score(project: &Project, cues: &Cues) -> Score {
    let mut score = Score::default();
    for document in project.documents_in_order() {
        let annotations = project.annotations_of(&document.id);
        for quote in annotations.iter().filter(|annotation| annotation.label == news::label(news::QUOTE)) {
            score_quote(project, document, &annotations, quote, cues, &mut score);
        }
    }
    score
}

fn score_quote(project: &Project, document: &Document, all: &[&Arc<Annotation>], quote: &Annotation, cues: &Cues, score: &mut Score) {
    let Some(text) = project.text_of(document) else { return };
    let Some(range) = quote.ranges.iter().next().and_then(|range| text.index.bytes_from_range(&text.content, range)) else { return };
    let middle = crate::text::boundary::floor(&text.content, usize::midpoint(range.start, range.end));
    let via = project.relations.iter().find(|link| link.from == quote.id && link.kind == news::kind(news::ATTRIBUTED_VIA));
    let attribution = via.and_then(|link| project.annotations.get(&link.to));
    // Nothing of what is to be found is told: only who was mentioned before the sentence.
    let start =
        attribution.map_or(quote.ranges.bounds().start, |attribution| attribution.ranges.bounds().start.min(quote.ranges.bounds().start));
    let mut mentioned: Vec<Id<Source>> = Vec::new();
    for earlier in all.iter().rev().filter(|earlier| earlier.ranges.bounds().start < start) {
        if let Some(source) = earlier.source.as_ref().filter(|source| !mentioned.contains(source)) {
            mentioned.push(source.clone());
        }
    }
    // The registry as it was then.
    let mut then = project.clone();
    then.sources = mentioned.iter().filter_map(|id| Some((id.clone(), Arc::clone(project.sources.get(id)?)))).collect();
    let around = Surroundings { nearby: Vec::new(), mentioned };
    let proposed = propose(&then, text, &(middle..middle), &around, cues).into_iter().next();
    let ranges =
        |bytes: &[std::ops::Range<usize>]| Ranges::from_parts(bytes.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)));
    let quoted = proposed.as_ref().and_then(|proposal| ranges(&proposal.reading.quote));
    score.quotes.count(proposed.is_some(), true, quoted.as_ref() == Some(&quote.ranges));
    let clause = proposed
        .as_ref()
        .and_then(|proposal| proposal.reading.clause.as_ref())
        .and_then(|clause| ranges(std::slice::from_ref(&clause.bytes)));
    let overlaps = |marked: &Annotation| clause.iter().any(|clause| marked.ranges.iter().any(|range| range.overlaps(clause.bounds())));
    let (has_clause, has_attribution) = (clause.is_some(), attribution.is_some());
    score.attributions.count(has_clause, has_attribution, attribution.is_some_and(|marked| clause.as_ref() == Some(&marked.ranges)));
    score.overlapping.count(has_clause, has_attribution, attribution.is_some_and(|marked| overlaps(marked)));
    let speaks = attribution.and_then(|attribution| attribution.source.clone());
    let speaker = proposed.as_ref().and_then(|proposal| proposal.speaker.as_ref());
    let right = match (speaker, &speaks) {
        (Some(Speaker::Known(known)), Some(marked)) => known == marked,
        (Some(Speaker::New { alias, kind, .. }), Some(marked)) => {
            let record = project.sources.get(marked);
            !then.sources.contains(marked)
                && record.is_some_and(|record| {
                    record.kind == *kind
                        && (kind.is_anonymous() || record.alias.contains(alias.as_str()) || alias.contains(record.alias.as_str()))
                })
        }
        _ => false,
    };
    score.speakers.count(speaker.is_some(), speaks.is_some(), right);
}
