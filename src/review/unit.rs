//! The unit of review: one source in one document (AP, NYT: identity and approval belong to the source), with what rests on it.

use super::{
    answers::{Answers, Outcomes, open_items},
    standing::{Standing, standing},
};
use crate::{
    model::{
        Annotation, Document, Id, Omission, Person, Project, Source,
        links::{Links, sources_behind},
        news,
    },
    text::{CharOffset, TextRange},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How much of the beginning of an article is its lead: headline and first paragraphs, in characters.
const LEAD: u32 = 1_200;

/// One source in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The document.
    pub document: Id<Document>,
    /// The source.
    pub source: Id<Source>,
    /// Its mentions, by place.
    pub mentions: Vec<Id<Annotation>>,
    /// Attributions that point to it.
    pub attributions: Vec<Id<Annotation>>,
    /// Quotes that rest on it.
    pub quotes: Vec<Id<Annotation>>,
    /// Claims that rest on it.
    pub claims: Vec<Id<Annotation>>,
    /// Who marked its mentions, and who decided on it.
    pub people: BTreeSet<Id<Person>>,
    /// What was decided, and whether it still holds.
    pub standing: Standing,
    /// Why it comes where it comes in the queue.
    pub risk: Risk,
}

/// What makes a source risky, the gravest first: the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Risk {
    /// Blocking questions that the newest decision leaves open under the policy in force.
    pub missing: usize,
    /// Claims that rest on it alone.
    pub single: usize,
    /// A claim that rests on it is a serious allegation.
    pub serious: bool,
    /// The lead rests on it.
    pub lead: bool,
    /// Claims that rest on it.
    pub claims: usize,
    /// Direct quotes.
    pub direct_quotes: usize,
    /// It is described barely: "a source".
    pub bare: bool,
}

/// A document and a source.
type Key = (Id<Document>, Id<Source>);

/// An annotation with the number of sources behind it.
type Resting<'p> = (&'p Arc<Annotation>, usize);

/// Reuters: never a plural for one. Whether a mention of one person is a plural in English copy.
pub fn is_plural_for_one(mention: &Annotation) -> bool {
    const PLURALS: [&str; 9] = ["sources", "officials", "people", "diplomats", "insiders", "aides", "employees", "workers", "dockworkers"];
    let is_plural = |word: &str| PLURALS.contains(&word.to_lowercase().trim_matches(|mark: char| !mark.is_alphanumeric()));
    // Only the noun itself counts: "one of the officials" is one.
    let head = |words: &str| {
        words
            .split_whitespace()
            .take_while(|word| !matches!(*word, "of" | "with" | "from" | "in" | "at" | "close" | "familiar" | "who"))
            .last()
            .is_some_and(is_plural)
    };
    mention.value("number") == "one" && mention.quote.iter().any(|words| head(words))
}

impl Unit {
    /// Whether no mention says why no name is given (AP, SPJ, NPR).
    pub fn has_no_reason(&self, project: &Project) -> bool {
        self.says_nowhere(project, "reason_in_text", "none")
    }

    /// Whether no mention says how the source knows (AP, NYT, BBC).
    pub fn has_no_basis(&self, project: &Project) -> bool {
        self.says_nowhere(project, "basis", "not_stated")
    }

    /// Whether it is described barely, and nowhere better: "a source" (AP, Guardian, NPR).
    pub fn is_bare(&self, project: &Project) -> bool {
        self.says_nowhere(project, "specificity", "bare") && self.described(project).any(|mention| mention.value("specificity") == "bare")
    }

    /// Mentions that describe it: not the attributions that stand in for them where there are none.
    fn described<'p>(&'p self, project: &'p Project) -> impl Iterator<Item = &'p Arc<Annotation>> {
        let all = self.mentions.iter().filter_map(|id| project.annotations.get(id));
        all.filter(|mention| mention.label == news::label(news::ANONYMOUS_SOURCE))
    }

    fn says_nowhere(&self, project: &Project, key: &str, nothing: &str) -> bool {
        let mut mentions = self.described(project).peekable();
        mentions.peek().is_some() && mentions.all(|mention| mention.value(key).is_empty() || mention.value(key) == nothing)
    }
}

/// All units of a project, by document and source: every unnamed source that is mentioned, or that something rests on.
pub fn units(project: &Project, links: &Links) -> Vec<Unit> {
    let mut resting: BTreeMap<Key, Vec<Resting<'_>>> = BTreeMap::new();
    for annotation in project.annotations.iter() {
        if annotation.source.is_none() && links.out_of(&annotation.id).is_empty() {
            continue;
        }
        let behind = sources_behind(project, links, annotation);
        let count = behind.len();
        for source in behind {
            if project.sources.get(&source).is_some_and(|source| source.is_unnamed()) {
                resting.entry((annotation.document.clone(), source)).or_default().push((annotation, count));
            }
        }
    }
    let decided = super::standing::by_unit(project);
    let mut leads: BTreeMap<Id<Document>, u32> = BTreeMap::new();
    let omitted = omitted(project.omissions.iter());
    let build = |((document, source), mut annotations): (Key, Vec<Resting<'_>>)| {
        annotations.sort_by_cached_key(|(annotation, _)| (annotation.ranges.bounds().start, annotation.id.clone()));
        let lead = *leads.entry(document.clone()).or_insert_with(|| lead_start(project, &document, &omitted));
        assemble(project, links, document, source, &annotations, &decided, lead)
    };
    let mut units: Vec<Unit> = resting.into_iter().map(build).collect();
    // A decision whose source has lost its last mention is still shown.
    let known: BTreeSet<Key> = units.iter().map(|unit| (unit.document.clone(), unit.source.clone())).collect();
    for (document, source) in decided.keys().filter(|key| !known.contains(*key)) {
        if project.documents.contains(document) && project.sources.contains(source) {
            units.push(assemble(project, links, document.clone(), source.clone(), &[], &decided, 0));
        }
    }
    sort(project, &mut units);
    units
}

/// One unit.
pub fn unit(project: &Project, links: &Links, document: &Id<Document>, source: &Id<Source>) -> Unit {
    let mut annotations: Vec<Resting<'_>> = Vec::new();
    for annotation in project.annotations.iter().filter(|annotation| annotation.document == *document) {
        if annotation.source.is_none() && links.out_of(&annotation.id).is_empty() {
            continue;
        }
        let behind = sources_behind(project, links, annotation);
        if behind.contains(source) {
            annotations.push((annotation, behind.len()));
        }
    }
    annotations.sort_by_cached_key(|(annotation, _)| (annotation.ranges.bounds().start, annotation.id.clone()));
    let omitted = omitted(project.omissions.iter().filter(|omission| omission.document == *document));
    let lead = lead_start(project, document, &omitted);
    assemble(project, links, document.clone(), source.clone(), &annotations, &super::standing::by_unit(project), lead)
}

fn assemble(
    project: &Project,
    links: &Links,
    document: Id<Document>,
    source: Id<Source>,
    annotations: &[Resting<'_>],
    decided: &super::standing::ByUnit<'_>,
    start: u32,
) -> Unit {
    let of = |label: &str| -> Vec<Id<Annotation>> {
        annotations
            .iter()
            .filter(|(annotation, _)| annotation.label == news::label(label))
            .map(|(annotation, _)| annotation.id.clone())
            .collect()
    };
    let is_claim = |annotation: &Annotation| annotation.label == news::label(news::CLAIM);
    let claims = || annotations.iter().filter(|(annotation, _)| is_claim(annotation));
    let in_lead = |annotation: &Annotation| annotation.ranges.bounds().start.0 < start + LEAD || annotation.value("voice") == "headline";
    let direct =
        |annotation: &Annotation| annotation.label == news::label(news::QUOTE) && matches!(annotation.value("type"), "direct" | "mixed");
    let first_mention = annotations.iter().find(|(annotation, _)| annotation.label == news::label(news::ANONYMOUS_SOURCE));
    let all: Vec<&Arc<Annotation>> = annotations.iter().map(|(annotation, _)| *annotation).collect();
    let standing = standing(project, links, decided.get(&(document.clone(), source.clone())).map_or(&[], Vec::as_slice), &all);
    let resting = of(news::CLAIM);
    let risk = Risk {
        missing: missing(project, &standing, &resting),
        single: claims().filter(|(_, sources)| *sources == 1).count(),
        serious: claims().any(|(annotation, _)| annotation.value("allegation") == "serious"),
        lead: claims().any(|(annotation, _)| in_lead(annotation)),
        claims: claims().count(),
        direct_quotes: annotations.iter().filter(|(annotation, _)| direct(annotation)).count(),
        bare: first_mention.is_some_and(|(annotation, _)| annotation.value("specificity") == "bare"),
    };
    let markers =
        annotations.iter().filter(|(annotation, _)| annotation.source.is_some()).filter_map(|(annotation, _)| annotation.by.clone());
    let deciders = standing.history.iter().filter_map(|id| project.decisions.get(id)?.by.clone());
    let people = markers.chain(deciders).collect();
    let mut mentions = of(news::ANONYMOUS_SOURCE);
    if mentions.is_empty() {
        mentions = of(news::ATTRIBUTION);
    }
    Unit {
        mentions,
        attributions: of(news::ATTRIBUTION),
        quotes: of(news::QUOTE),
        claims: resting,
        people,
        standing,
        risk,
        document,
        source,
    }
}

/// How many blocking questions the newest decision leaves open; the rank of whoever will decide is not known yet.
fn missing(project: &Project, standing: &Standing, claims: &[Id<Annotation>]) -> usize {
    let Some(policy) = project.info.policy.as_ref().and_then(|policy| project.policies.get(policy)) else { return 0 };
    let newest = standing.newest.last().and_then(|id| project.decisions.get(id));
    let answers = Answers::read(newest.and_then(|decision| decision.answers.as_ref()));
    let outcomes = Outcomes::read(newest.and_then(|decision| decision.outcomes.as_ref()));
    let role = newest.map_or("", |decision| decision.role.as_str());
    open_items(project, policy, &answers, &outcomes, claims, role).len()
}

/// What is left out of each document, in the order of the text.
fn omitted<'p>(omissions: impl Iterator<Item = &'p Arc<Omission>>) -> BTreeMap<&'p Id<Document>, Vec<TextRange>> {
    let mut all: BTreeMap<&Id<Document>, Vec<TextRange>> = BTreeMap::new();
    for omission in omissions {
        all.entry(&omission.document).or_default().extend(omission.ranges.iter());
    }
    for ranges in all.values_mut() {
        ranges.sort_by_key(|range| range.start);
    }
    all
}

/// Where the article begins, behind what is left out at its head.
fn lead_start(project: &Project, document: &Id<Document>, omitted: &BTreeMap<&Id<Document>, Vec<TextRange>>) -> u32 {
    let mut start = 0;
    let Some(text) = project.documents.get(document).and_then(|document| project.text_of(document)) else { return 0 };
    for range in omitted.get(document).into_iter().flatten() {
        let between = text.index.slice(&text.content, TextRange { start: CharOffset(start), end: range.start });
        if range.start.0 >= start && between.is_some_and(|between| between.trim().is_empty()) {
            start = range.end.0;
        }
    }
    start
}

/// Undecided before decided, the riskiest first.
fn sort(project: &Project, units: &mut [Unit]) {
    units.sort_by_cached_key(|unit| {
        let done = unit.standing.state.is_decided() && unit.standing.stale.is_empty() && !unit.standing.is_split();
        let alias = project.sources.get(&unit.source).map_or_else(String::new, |source| source.alias.clone());
        let title = project.documents.get(&unit.document).map_or_else(String::new, |document| document.title.clone());
        (done, Reverse(unit.risk.rank()), title, alias, unit.source.clone())
    });
}

impl Risk {
    /// What decides the place in the queue, the first difference wins.
    fn rank(&self) -> impl Ord + use<> {
        (self.missing > 0, self.single > 0, self.serious, self.lead, self.claims, self.direct_quotes, self.bare)
    }

    /// Why a unit ranks where it does, in a few words.
    pub fn words(&self) -> String {
        let count = |number: usize, one: &str, many: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {many}") };
        let mut parts = Vec::new();
        if self.single > 0 {
            parts.push(format!("{} on it alone", count(self.single, "claim", "claims")));
        }
        if self.serious {
            parts.push("serious allegation".to_owned());
        }
        if self.lead {
            parts.push("lead rests on it".to_owned());
        }
        if self.single == 0 && self.claims > 0 {
            parts.push(count(self.claims, "claim", "claims"));
        }
        if self.direct_quotes > 0 {
            parts.push(count(self.direct_quotes, "direct quote", "direct quotes"));
        }
        if self.bare {
            parts.push("bare description".to_owned());
        }
        if parts.is_empty() { "no claim rests on it".to_owned() } else { parts.join(", ") }
    }
}
