//! Ready to publish: what stands in the way of a document, each with its place.

use super::spans;
use crate::{
    model::{Annotation, Decision, Document, Id, Issue, Key, Project, ReviewState, Severity, links::Links, news},
    review::{Answers, Outcomes, Unit, open_items},
};
use std::collections::{BTreeSet, HashMap};

/// Whether a document may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The document.
    pub document: Id<Document>,
    /// Its title.
    pub title: String,
    /// What stands in the way; nothing does when it is empty.
    pub blockers: Vec<Issue>,
}

impl Clearance {
    /// Whether nothing stands in the way.
    pub fn is_clear(&self) -> bool {
        self.blockers.is_empty()
    }
}

/// Every document, or one. `sourcing` is what [`super::sourcing::check`] found in the same documents.
pub fn check(project: &Project, links: &Links, units: &[Unit], sourcing: &[Issue], document: Option<&Id<Document>>) -> Vec<Clearance> {
    let documents = project.documents_in_order().into_iter().filter(|known| document.is_none_or(|document| *document == known.id));
    let mut all: Vec<Clearance> = documents
        .map(|document| Clearance { document: document.id.clone(), title: document.title.clone(), blockers: Vec::new() })
        .collect();
    let places: HashMap<Id<Document>, usize> =
        all.iter().enumerate().map(|(place, clearance)| (clearance.document.clone(), place)).collect();
    for unit in units {
        if let Some(blockers) = blockers_of(&mut all, &places, &unit.document) {
            unit_blockers(project, unit, blockers);
        }
    }
    for annotation in project.annotations.iter() {
        if let Some(blockers) = blockers_of(&mut all, &places, &annotation.document) {
            annotation_blockers(project, links, annotation, blockers);
        }
    }
    for issue in sourcing.iter().filter(|issue| issue.severity == Severity::Fault) {
        let annotation = issue.record.as_ref().and_then(|key| project.annotations.get(&key.clone().into()));
        if let Some(blockers) = annotation.and_then(|annotation| blockers_of(&mut all, &places, &annotation.document)) {
            blockers.push(issue.clone());
        }
    }
    all
}

/// What single annotations put in the way, for some of them: what can be said at once after an edit.
pub fn check_some(project: &Project, links: &Links, annotations: &BTreeSet<Id<Annotation>>) -> Vec<Issue> {
    let mut blockers = Vec::new();
    for annotation in annotations.iter().filter_map(|id| project.annotations.get(id)) {
        annotation_blockers(project, links, annotation, &mut blockers);
    }
    blockers
}

/// Whether a blocker is of a source in a document; the others are of single annotations.
pub fn is_of_source(rule: &str) -> bool {
    matches!(rule, "decided_twice" | "stale" | "not_approved" | "open_item")
}

fn blockers_of<'c>(all: &'c mut [Clearance], places: &HashMap<Id<Document>, usize>, document: &Id<Document>) -> Option<&'c mut Vec<Issue>> {
    Some(&mut all.get_mut(*places.get(document)?)?.blockers)
}

fn blocker(rule: &'static str, record: &Key, place: String, message: String, hint: &str) -> Issue {
    Issue { severity: Severity::Fault, rule, record: Some(record.clone()), place, message, hint: hint.to_owned() }
}

fn unit_blockers(project: &Project, unit: &Unit, blockers: &mut Vec<Issue>) {
    let alias = project.sources.get(&unit.source).map_or_else(|| unit.source.to_string(), |source| source.alias.clone());
    let first = unit.mentions.iter().find_map(|id| project.annotations.get(id));
    let place = first.map_or_else(String::new, |first| spans::place(project, &first.document, &first.text, first.ranges.bounds().start));
    let record = first.map_or_else(|| unit.source.key().clone(), |first| first.id.key().clone());
    let mut say = |rule, message: String, hint: &str| blockers.push(blocker(rule, &record, place.clone(), message, hint));
    let standing = &unit.standing;
    if standing.is_split() {
        say(
            "decided_twice",
            format!("{alias} was decided {} times at once.", standing.newest.len()),
            "Decide again: the new decision follows both.",
        );
        return;
    }
    if !standing.stale.is_empty() {
        let what: Vec<String> = standing.stale.iter().take(3).map(|stale| stale.words(project)).collect();
        say("stale", format!("The decision on {alias} is stale: {}.", what.join("; ")), "Review it again.");
        return;
    }
    if !standing.state.clears() {
        say("not_approved", format!("{alias} is {}.", standing.state.name().to_lowercase()), "Decide on the review desk.");
        return;
    }
    let newest: Option<&Decision> = standing.newest.first().and_then(|id| project.decisions.get(id)).map(|decision| &**decision);
    let Some(decision) = newest.filter(|_| standing.state == ReviewState::ApprovedWithConditions) else { return };
    let Some(policy) = decision.policy.as_ref().and_then(|policy| project.policies.get(policy)) else { return };
    let (answers, outcomes) = (Answers::read(decision.answers.as_ref()), Outcomes::read(decision.outcomes.as_ref()));
    for item in open_items(project, policy, &answers, &outcomes, &unit.claims, &decision.role) {
        say("open_item", format!("{alias}: “{}” is open.", item.text), "Answer it, and decide again.");
    }
}

fn annotation_blockers(project: &Project, links: &Links, annotation: &Annotation, blockers: &mut Vec<Issue>) {
    let place = || spans::place(project, &annotation.document, &annotation.text, annotation.ranges.bounds().start);
    let words = || spans::shorten(&annotation.excerpt());
    if annotation.label == news::label(news::ANONYMOUS_SOURCE) && annotation.source.is_none() {
        let message = format!("The mention “{}” points to no source.", words());
        blockers.push(blocker("mention_without_source", annotation.id.key(), place(), message, "Choose its source: Shift S."));
    }
    let is_claim = annotation.label == news::label(news::CLAIM);
    if is_claim {
        let out = || links.out_of(&annotation.id).iter().filter_map(|link| project.relations.get(link));
        let supported = out().any(|link| link.kind == news::kind("supported_by"));
        let unnamed = crate::model::links::sources_behind(project, links, annotation);
        let rests = unnamed.iter().filter_map(|source| project.sources.get(source)).any(|source| source.is_unnamed());
        if rests && !supported && project.relation_kinds.contains(&news::kind("supported_by")) {
            let message = format!("The claim “{}” rests on an unnamed source, but is not linked to its mention.", words());
            blockers.push(blocker("claim_not_supported", annotation.id.key(), place(), message, "Link it: supported by."));
        }
    }
    if let Some(issue) = spans::check_annotation(project, annotation).filter(|issue| issue.severity == Severity::Fault) {
        blockers.push(issue);
    }
}
