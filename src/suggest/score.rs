//! What the rules reach: their proposals against what annotators marked.

use super::{
    cues::Cues,
    structure::{Proposal, Surroundings, propose_among},
};
use crate::{
    edit::Speaker,
    model::{Annotation, Extra, Id, Project, Source, Text, news},
    text::{CharOffset, Ranges, quotation::Marks},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

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

/// Sources that were mentioned last before a quote: whoever spoke longer ago is named anew in copy.
const MENTIONED: usize = 64;

/// Scores one project, as far as its texts hold quotes. Takes time by the number of annotations: a document is gone through once, in the
/// order of the text.
pub fn score(project: &Project, cues: &Cues) -> Score {
    let mut score = Score::default();
    let mut via: HashMap<&Id<Annotation>, &Id<Annotation>> = HashMap::new();
    for link in project.relations.iter().filter(|link| link.kind == news::kind(news::ATTRIBUTED_VIA)) {
        via.entry(&link.from).or_insert(&link.to);
    }
    let mut by_document = project.annotations_by_document();
    let mut then = Project { extra: Extra::default(), ..project.clone() };
    for document in project.documents_in_order() {
        let annotations = by_document.remove(&document.id).unwrap_or_default();
        let mut quotes: Vec<Marked<'_>> = annotations
            .iter()
            .filter(|annotation| annotation.label == news::label(news::QUOTE))
            .map(|quote| {
                let attribution = via.get(&quote.id).and_then(|to| project.annotations.get(to));
                let own = quote.ranges.bounds().start;
                let start = attribution.map_or(own, |attribution| attribution.ranges.bounds().start.min(own));
                Marked { quote, attribution, start }
            })
            .collect();
        quotes.sort_by_key(|marked| marked.start);
        let Some(text) = project.text_of(document) else { continue };
        let marks = Marks::new(&text.content);
        let mut mentions = Mentions::default();
        let mut earlier = annotations.iter().enumerate().peekable();
        for marked in quotes {
            while let Some((at, annotation)) = earlier.next_if(|(_, earlier)| earlier.ranges.bounds().start < marked.start) {
                if let Some(source) = &annotation.source {
                    mentions.add(source, at);
                }
            }
            let mentioned = mentions.latest();
            // The registry as it was then.
            then.sources = mentioned.iter().filter_map(|id| Some((id.clone(), Arc::clone(project.sources.get(id)?)))).collect();
            let around = Surroundings { nearby: Vec::new(), mentioned };
            if let Some(middle) = middle_of(marked.quote, text) {
                let proposed = propose_among(&then, text, &marks, &(middle..middle), &around, cues).into_iter().next();
                score_quote(project, text, &marked, &mentions, proposed.as_ref(), &mut score);
            }
        }
    }
    score
}

/// A marked quote with its attribution.
struct Marked<'p> {
    quote: &'p Arc<Annotation>,
    attribution: Option<&'p Arc<Annotation>>,
    /// Where the first of the two begins: nothing behind it is told.
    start: CharOffset,
}

/// Who was mentioned so far, by how lately.
#[derive(Default)]
struct Mentions<'p> {
    last: HashMap<&'p Id<Source>, usize>,
    by_place: BTreeMap<usize, &'p Id<Source>>,
}

impl<'p> Mentions<'p> {
    fn add(&mut self, source: &'p Id<Source>, at: usize) {
        if let Some(before) = self.last.insert(source, at) {
            self.by_place.remove(&before);
        }
        self.by_place.insert(at, source);
    }

    fn latest(&self) -> Vec<Id<Source>> {
        self.by_place.values().rev().take(MENTIONED).map(|source| (*source).clone()).collect()
    }
}

/// The caret in the middle of the first range of a quote.
fn middle_of(quote: &Annotation, text: &Text) -> Option<usize> {
    let range = text.index.bytes_from_range(&text.content, quote.ranges.iter().next()?)?;
    Some(crate::text::boundary::floor(&text.content, usize::midpoint(range.start, range.end)))
}

fn score_quote(
    project: &Project,
    text: &Text,
    marked: &Marked<'_>,
    mentions: &Mentions<'_>,
    proposed: Option<&Proposal>,
    score: &mut Score,
) {
    let Marked { quote, attribution, .. } = *marked;
    let ranges =
        |bytes: &[std::ops::Range<usize>]| Ranges::from_parts(bytes.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)));
    let quoted = proposed.and_then(|proposal| ranges(&proposal.reading.quote));
    score.quotes.count(proposed.is_some(), true, quoted.as_ref() == Some(&quote.ranges));
    let clause =
        proposed.and_then(|proposal| proposal.reading.clause.as_ref()).and_then(|clause| ranges(std::slice::from_ref(&clause.bytes)));
    let overlaps = |marked: &Annotation| clause.iter().any(|clause| marked.ranges.iter().any(|range| range.overlaps(clause.bounds())));
    let (has_clause, has_attribution) = (clause.is_some(), attribution.is_some());
    score.attributions.count(has_clause, has_attribution, attribution.is_some_and(|marked| clause.as_ref() == Some(&marked.ranges)));
    score.overlapping.count(has_clause, has_attribution, attribution.is_some_and(|marked| overlaps(marked)));
    let speaks = attribution.and_then(|attribution| attribution.source.clone());
    let speaker = proposed.and_then(|proposal| proposal.speaker.as_ref());
    let right = match (speaker, &speaks) {
        (Some(Speaker::Known(known)), Some(marked)) => known == marked,
        (Some(Speaker::New { alias, kind, .. }), Some(marked)) => {
            let record = project.sources.get(marked);
            !mentions.last.contains_key(marked)
                && record.is_some_and(|record| {
                    record.kind == *kind
                        && (kind.is_anonymous() || record.alias.contains(alias.as_str()) || alias.contains(record.alias.as_str()))
                })
        }
        _ => false,
    };
    score.speakers.count(speaker.is_some(), speaks.is_some(), right);
}
