//! A quote with its speaker, ready to be marked in one step: quote, attribution, mention of an unnamed source, who speaks, links.

use super::{
    cues::Cues,
    quotes::{Clause, Reading, readings_among},
    speaker,
};
use crate::{
    edit::{Command, Mark, MarkLink, Speaker},
    model::{Annotation, AttributeValue, Document, Id, Label, Origin, Project, RelationKind, Source, SourceKind, Text, news},
    text::{Ranges, quotation::Marks},
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// What is marked already around a place.
#[derive(Debug, Default)]
pub struct Surroundings<'s> {
    /// Annotations of the paragraphs in question.
    pub nearby: Vec<&'s Arc<Annotation>>,
    /// Sources by how lately they were mentioned before the place, each once.
    pub mentioned: Vec<Id<Source>>,
}

/// A structure that may be marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// How the place is read.
    pub reading: Reading,
    /// Who speaks.
    pub speaker: Option<Speaker>,
    /// The mention of an unnamed source, in bytes.
    pub mention: Option<Range<usize>>,
}

/// What rules propose for a place, the likeliest first, the quote alone last. Nothing where there is no reported speech.
pub fn propose(project: &Project, text: &Text, selection: &Range<usize>, around: &Surroundings<'_>, cues: &Cues) -> Vec<Proposal> {
    propose_among(project, text, &Marks::new(&text.content), selection, around, cues)
}

/// The same where the quotations of the text are known, for whoever asks of many places.
pub fn propose_among(
    project: &Project,
    text: &Text,
    marks: &Marks<'_>,
    selection: &Range<usize>,
    around: &Surroundings<'_>,
    cues: &Cues,
) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut seconds: Vec<Proposal> = Vec::new();
    for reading in readings_among(marks, selection, cues) {
        let Some(clause) = &reading.clause else {
            seconds.push(Proposal { reading, speaker: None, mention: None });
            continue;
        };
        let known = known_attribution(project, text, clause, around);
        let described = speaker::describe(&text.content, &clause.subject, cues);
        let mut speakers = speaker::candidates(project, &described, around, cues);
        if let Some(source) = known.and_then(|annotation| annotation.source.clone()) {
            speakers.retain(|speaker| *speaker != Speaker::Known(source.clone()));
            speakers.insert(0, Speaker::Known(source));
        }
        let mut choices: Vec<Option<Speaker>> = speakers.into_iter().map(Some).collect();
        if choices.is_empty() {
            choices.push(None);
        }
        for (at, speaker) in choices.into_iter().enumerate() {
            let kind = match &speaker {
                Some(Speaker::Known(id)) => project.sources.get(id).map(|source| source.kind),
                Some(Speaker::New { kind, .. }) => Some(*kind),
                None => None,
            };
            let is_unnamed = kind.is_some_and(SourceKind::is_anonymous) && !described.is_pronoun;
            let mention = is_unnamed.then(|| clause.subject.clone());
            let proposal = Proposal { reading: reading.clone(), speaker, mention };
            if at == 0 { proposals.push(proposal) } else { seconds.push(proposal) }
        }
    }
    // First every reading with its likeliest speaker, then the other speakers of the first, then the quote alone.
    let (alone, others): (Vec<_>, Vec<_>) = seconds.into_iter().partition(|proposal| proposal.reading.clause.is_none());
    let first = proposals.first().map(|proposal| proposal.reading.clone());
    let (mine, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(|proposal| Some(&proposal.reading) == first.as_ref());
    let readings = proposals.split_off(proposals.len().min(1));
    proposals.extend(mine);
    proposals.extend(readings);
    proposals.extend(rest);
    proposals.extend(alone);
    proposals
}

/// The attribution that is marked already where the clause stands.
fn known_attribution<'s>(project: &Project, text: &Text, clause: &Clause, around: &Surroundings<'s>) -> Option<&'s Arc<Annotation>> {
    known(project, text, around, &news::label(news::ATTRIBUTION), std::slice::from_ref(&clause.bytes))
}

/// An annotation of a label that stands there already, perhaps with other ends.
fn known<'s>(
    project: &Project,
    text: &Text,
    around: &Surroundings<'s>,
    label: &Id<Label>,
    ranges: &[Range<usize>],
) -> Option<&'s Arc<Annotation>> {
    project.labels.get(label)?;
    let of_label = around.nearby.iter().filter(|annotation| annotation.label == *label);
    let overlaps = |annotation: &&&Arc<Annotation>| {
        annotation.ranges.iter().filter_map(|range| text.index.bytes_from_range(&text.content, range)).any(|known| {
            ranges.iter().any(|range| {
                let shared = known.end.min(range.end).saturating_sub(known.start.max(range.start));
                shared * 2 > known.len().max(range.len())
            })
        })
    };
    of_label.copied().find(|annotation| overlaps(&annotation))
}

/// The one edit that marks a proposal; what is marked already is linked instead of being marked again. `None` when the project has no
/// label for quotes.
pub fn command(project: &Project, document: &Id<Document>, text: &Text, proposal: &Proposal, around: &Surroundings<'_>) -> Option<Command> {
    let ranges = |bytes: &[Range<usize>]| Ranges::from_parts(bytes.iter().map(|bytes| text.index.range_from_bytes(&text.content, bytes)));
    let mut marks: Vec<Mark> = Vec::new();
    let mut mark = |label: &str, bytes: &[Range<usize>], attributes: &[(&str, &str)]| -> Option<usize> {
        let label = project.labels.get(&news::label(label))?;
        marks.push(match known(project, text, around, &label.id, bytes) {
            Some(annotation) => Mark::Known(annotation.id.clone()),
            None => Mark::New { label: label.id.clone(), ranges: ranges(bytes)?, attributes: allowed(label, attributes) },
        });
        Some(marks.len() - 1)
    };
    let quote = mark(news::QUOTE, &proposal.reading.quote, &[("type", proposal.reading.quote_type.word())])?;
    let mut links = Vec::new();
    let mut link = |kind: &str, from: usize, to: Option<usize>| {
        let kind: Id<RelationKind> = news::kind(kind);
        if let Some(to) = to.filter(|_| project.relation_kinds.contains(&kind)) {
            links.push(MarkLink { kind, from, to });
        }
    };
    if let Some(clause) = &proposal.reading.clause {
        let cue = text.content.get(clause.cue.clone()).unwrap_or_default();
        let attributes = [("cue", cue), ("stance", clause.stance.as_str()), ("act", clause.act.as_str())];
        let attribution = mark(news::ATTRIBUTION, std::slice::from_ref(&clause.bytes), &attributes);
        link(news::ATTRIBUTED_VIA, quote, attribution);
        if let (Some(mention), Some(attribution)) = (&proposal.mention, attribution) {
            let mention = mark(news::ANONYMOUS_SOURCE, std::slice::from_ref(mention), &[]);
            link(news::NAMES_SOURCE, attribution, mention);
        }
    }
    Some(Command::MarkTogether { document: document.clone(), marks, links, speaker: proposal.speaker.clone(), origin: Origin::Rule })
}

/// The attributes that the label asks for, with values that it allows.
fn allowed(label: &Label, attributes: &[(&str, &str)]) -> BTreeMap<String, AttributeValue> {
    let fits = |(key, value): &&(&str, &str)| {
        label.attribute(key).is_some_and(|definition| definition.values.is_empty() || definition.values.iter().any(|word| word == value))
    };
    attributes.iter().filter(fits).map(|(key, value)| ((*key).to_owned(), AttributeValue::Text((*value).into()))).collect()
}
