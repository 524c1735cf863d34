//! What the annotations already answer: a named rule for each question that can be filled in, in one list. The editor confirms or
//! changes every one.

use super::unit::{Unit, is_plural_for_one};
use crate::model::{
    Annotation, Answer, Id, Person, Project, SourceKind,
    links::{Links, sources_behind},
    news,
};
use std::sync::Arc;

/// An answer that was filled in, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefilled {
    /// What the annotations say.
    pub answer: Answer,
    /// Why, in a few words.
    pub words: String,
    /// Where to look.
    pub evidence: Vec<Id<Annotation>>,
}

/// What a rule looks at.
#[derive(Debug)]
pub struct Case<'c> {
    project: &'c Project,
    links: &'c Links,
    unit: &'c Unit,
    person: Option<&'c Id<Person>>,
}

/// A rule by the name that policies call it.
pub type Rule = (&'static str, fn(&Case<'_>) -> Option<Prefilled>);

/// All rules. A policy that names another one gets no answer filled in there.
pub const PREFILLS: &[Rule] = &[
    ("claims_are_facts", claims_are_facts),
    ("basis_recorded", basis_recorded),
    ("approver_is_not_annotator", approver_is_not_annotator),
    ("reason_in_text", reason_in_text),
    ("specificity", specificity),
    ("number_matches_grammar", number_matches_grammar),
    ("count_of_sources", count_of_sources),
    ("allegation_is_serious", allegation_is_serious),
    ("has_direct_quotes", has_direct_quotes),
    ("supports_first_claims", supports_first_claims),
    ("terms_not_off_record", terms_not_off_record),
    ("declined_comment_nearby", declined_comment_nearby),
    ("byline", byline),
    ("is_document", is_document),
];

/// What a rule says of a unit; `None` when it cannot tell.
pub fn prefill(name: &str, project: &Project, links: &Links, unit: &Unit, person: Option<&Id<Person>>) -> Option<Prefilled> {
    let (_, rule) = PREFILLS.iter().find(|(known, _)| *known == name)?;
    rule(&Case { project, links, unit, person })
}

#[expect(clippy::unnecessary_wraps, reason = "every rule may have nothing to say")]
fn answer(answer: Answer, words: impl Into<String>, evidence: Vec<Id<Annotation>>) -> Option<Prefilled> {
    Some(Prefilled { answer, words: words.into(), evidence })
}

fn yes(condition: bool) -> Answer {
    if condition { Answer::Yes } else { Answer::No }
}

impl<'c> Case<'c> {
    fn all(&self, ids: &'c [Id<Annotation>]) -> impl Iterator<Item = &'c Arc<Annotation>> {
        let project = self.project;
        ids.iter().filter_map(|id| project.annotations.get(id))
    }

    fn mentions(&self) -> impl Iterator<Item = &'c Arc<Annotation>> {
        self.all(&self.unit.mentions)
    }

    fn claims(&self) -> impl Iterator<Item = &'c Arc<Annotation>> {
        self.all(&self.unit.claims)
    }
}

fn ids<'a>(annotations: impl Iterator<Item = &'a Arc<Annotation>>) -> Vec<Id<Annotation>> {
    annotations.map(|annotation| annotation.id.clone()).collect()
}

fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

/// AP, Reuters: facts, no opinion and no speculation.
fn claims_are_facts(case: &Case<'_>) -> Option<Prefilled> {
    if case.unit.claims.is_empty() {
        return answer(Answer::NotApplicable, "No claim rests on it", Vec::new());
    }
    let unsaid = ids(case.claims().filter(|claim| claim.value("kind").is_empty()));
    let other: Vec<_> = case.claims().filter(|claim| !matches!(claim.value("kind"), "" | "fact")).collect();
    match (other.first(), unsaid.is_empty()) {
        (Some(first), _) => {
            let words = format!("{} of {} are no facts, the first a {}", other.len(), case.unit.claims.len(), first.value("kind"));
            answer(Answer::No, words, ids(other.into_iter()))
        }
        (None, true) => answer(Answer::Yes, format!("All {} claims are facts", case.unit.claims.len()), Vec::new()),
        (None, false) => None,
    }
}

/// AP: in a position to have accurate information.
fn basis_recorded(case: &Case<'_>) -> Option<Prefilled> {
    let said = case.mentions().find(|mention| !matches!(mention.value("basis"), "" | "not_stated"));
    match said {
        Some(mention) => answer(Answer::Yes, format!("Basis: {}", mention.spoken("basis")), vec![mention.id.clone()]),
        None => answer(Answer::No, "No mention says how they know", ids(case.mentions().take(1))),
    }
}

/// AP, NYT: not approved by who marked it.
fn approver_is_not_annotator(case: &Case<'_>) -> Option<Prefilled> {
    let person = case.person?;
    let own = case.mentions().find(|mention| mention.by.as_ref() == Some(person));
    match own {
        Some(mention) => answer(Answer::No, "You marked this source yourself", vec![mention.id.clone()]),
        None => answer(Answer::Yes, "You did not mark this source", Vec::new()),
    }
}

/// SPJ, NPR: the reader is told why.
fn reason_in_text(case: &Case<'_>) -> Option<Prefilled> {
    let with = |wanted: &str| case.mentions().find(|mention| mention.value("reason_in_text") == wanted);
    if let Some(mention) = with("specific") {
        return answer(Answer::Yes, format!("Reason given: {}", mention.spoken("reason")), vec![mention.id.clone()]);
    }
    match with("terms_only") {
        Some(mention) => answer(Answer::No, "Only the terms are given, no reason", vec![mention.id.clone()]),
        None => answer(Answer::No, "No mention gives a reason", ids(case.mentions().take(1))),
    }
}

/// AP, Guardian: never a bare "a source".
fn specificity(case: &Case<'_>) -> Option<Prefilled> {
    let first = case.mentions().next()?;
    let most = case.mentions().map(|mention| mention.value("specificity")).max_by_key(|word| rank(word)).unwrap_or_default();
    let words = if most.is_empty() { "Not recorded".to_owned() } else { format!("At its fullest: {}", spoken(most)) };
    if most.is_empty() { None } else { answer(yes(rank(most) >= 2), words, vec![first.id.clone()]) }
}

fn rank(specificity: &str) -> usize {
    ["bare", "generic", "role_affiliation", "role_affiliation_basis"].iter().position(|word| *word == specificity).unwrap_or(0)
}

/// Reuters: no plural for one.
fn number_matches_grammar(case: &Case<'_>) -> Option<Prefilled> {
    let wrong = case.mentions().find(|mention| is_plural_for_one(mention));
    match wrong {
        Some(mention) => answer(Answer::No, "A plural for one person", vec![mention.id.clone()]),
        // Whether it was agreed and is true, only people know.
        None => None,
    }
}

/// Reuters, AP, BBC, RTDNA: a second independent source.
fn count_of_sources(case: &Case<'_>) -> Option<Prefilled> {
    if case.unit.claims.is_empty() {
        return answer(Answer::NotApplicable, "No claim rests on it", Vec::new());
    }
    let alone: Vec<_> = case.claims().filter(|claim| sources_behind(case.project, case.links, claim).len() < 2).collect();
    match alone.len() {
        0 => answer(Answer::Yes, "Every claim has a second source", Vec::new()),
        1 => answer(Answer::No, "1 claim rests on this source alone", ids(alone.into_iter())),
        count => answer(Answer::No, format!("{count} claims rest on this source alone"), ids(alone.into_iter())),
    }
}

/// BBC 3.2.1: serious allegations are referred.
fn allegation_is_serious(case: &Case<'_>) -> Option<Prefilled> {
    let serious = ids(case.claims().filter(|claim| claim.value("allegation") == "serious"));
    if !serious.is_empty() {
        // Whether it was referred, only people know.
        return None;
    }
    answer(Answer::NotApplicable, "No serious allegation is marked", Vec::new())
}

/// NYT 2016: direct quotation is approved by itself.
fn has_direct_quotes(case: &Case<'_>) -> Option<Prefilled> {
    let direct = case.all(&case.unit.quotes).filter(|quote| matches!(quote.value("type"), "direct" | "mixed")).count();
    if direct == 0 { answer(Answer::NotApplicable, "No direct quote rests on it", Vec::new()) } else { None }
}

/// NYT 2016: the lead needs the highest level.
fn supports_first_claims(case: &Case<'_>) -> Option<Prefilled> {
    if case.unit.risk.lead {
        return answer(Answer::No, "A claim of the lead rests on it", ids(case.claims().take(1)));
    }
    answer(Answer::Yes, "No claim of the lead rests on it", Vec::new())
}

/// AP, Washington Post: nothing off the record.
fn terms_not_off_record(case: &Case<'_>) -> Option<Prefilled> {
    let off = ids(case.mentions().filter(|mention| mention.value("terms") == "off_record"));
    if off.is_empty() { None } else { answer(Answer::No, "Off the record, and in the copy", off) }
}

/// AP: not also shown as declining comment.
fn declined_comment_nearby(case: &Case<'_>) -> Option<Prefilled> {
    let refused = |annotation: &&Arc<Annotation>| {
        annotation.document == case.unit.document
            && annotation.label == news::label(news::ATTRIBUTION)
            && annotation.value("act") == "refusal"
    };
    let found = ids(case.project.annotations.iter().filter(refused));
    if found.is_empty() {
        return answer(Answer::Yes, "Nobody is shown as declining comment", Vec::new());
    }
    // Whether it is the same body, only people know.
    answer(Answer::No, "Somebody is shown as declining comment: make sure that it is not the same body", found)
}

/// AP: a byline.
fn byline(case: &Case<'_>) -> Option<Prefilled> {
    let document = case.project.documents.get(&case.unit.document)?;
    let words = if document.byline.is_empty() { "No byline is recorded".to_owned() } else { format!("By {}", document.byline) };
    answer(yes(!document.byline.is_empty()), words, Vec::new())
}

/// Documents have their own question.
fn is_document(case: &Case<'_>) -> Option<Prefilled> {
    let source = case.project.sources.get(&case.unit.source)?;
    if matches!(source.kind, SourceKind::ConfidentialDocument | SourceKind::Leak) {
        None
    } else {
        answer(Answer::NotApplicable, "Not a document", Vec::new())
    }
}
