//! What is computed of a project for its review: queue, sourcing, what stands in the way. Anew on a thread, and in step with each edit.

use crate::{
    check::{
        publish::{self, Clearance},
        sourcing,
    },
    edit::Change,
    model::{Annotation, Document, Id, Issue, Key as RecordKey, Project, Severity, links::Links},
    review::{self, Unit},
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

/// Annotations that are looked at again at once; a larger edit waits for the thread.
const MOST_AT_ONCE: usize = 200;

/// More than a hint.
fn is_open(issue: &Issue) -> bool {
    issue.severity > Severity::Hint
}

/// Whether a unit is decided and the decision holds.
pub(crate) fn is_settled(unit: &Unit) -> bool {
    unit.standing.state.is_decided() && unit.standing.stale.is_empty() && !unit.standing.is_split()
}

/// Everything that is computed of a project for its review.
pub(crate) struct Computed {
    pub(crate) units: Vec<Unit>,
    pub(crate) clearances: Vec<Clearance>,
    /// Sourcing, by article, the gravest first.
    pub(crate) issues: HashMap<Id<Document>, Vec<Issue>>,
    /// How many of these are more than hints.
    pub(crate) open: HashMap<Id<Document>, usize>,
}

impl Computed {
    pub(crate) fn new(project: &Project) -> Self {
        let links = Links::new(project);
        let units = review::units(project, &links);
        let issues = sourcing::check(project, &links, &units, None);
        let clearances = publish::check(project, &links, &units, &issues, None);
        let mut by_document: HashMap<Id<Document>, Vec<Issue>> = HashMap::new();
        for issue in issues {
            let annotation = issue.record.as_ref().and_then(|key| project.annotations.get(&key.clone().into()));
            if let Some(annotation) = annotation {
                by_document.entry(annotation.document.clone()).or_default().push(issue);
            }
        }
        let open =
            by_document.iter().map(|(document, issues)| (document.clone(), issues.iter().filter(|issue| is_open(issue)).count())).collect();
        Self { units, clearances, issues: by_document, open }
    }

    /// Follows an edit at once, for what single annotations say; what is said of whole sources comes from the thread a moment later.
    pub(crate) fn follow(&mut self, project: &Project, links: &Links, changes: &[Change]) {
        let mut touched: BTreeSet<Id<Annotation>> = BTreeSet::new();
        let mut documents: BTreeSet<Id<Document>> = BTreeSet::new();
        for change in changes.iter().take(MOST_AT_ONCE) {
            match change {
                Change::Annotation(swap) => {
                    documents.extend(swap.before.iter().chain(&swap.after).map(|annotation| annotation.document.clone()));
                    touched.extend(links.upstream(project, &swap.id));
                }
                Change::Relation(swap) => {
                    for link in swap.before.iter().chain(&swap.after) {
                        touched.extend(links.upstream(project, &link.from));
                    }
                }
                _ => {}
            }
        }
        if touched.is_empty() || touched.len() > MOST_AT_ONCE || changes.len() > MOST_AT_ONCE {
            return;
        }
        documents.extend(touched.iter().filter_map(|id| Some(project.annotations.get(id)?.document.clone())));
        let keys: BTreeSet<&RecordKey> = touched.iter().map(Id::key).collect();
        let is_touched = |issue: &Issue| issue.record.as_ref().is_some_and(|key| keys.contains(key));
        for document in &documents {
            if let Some(issues) = self.issues.get_mut(document) {
                issues.retain(|issue| sourcing::is_of_source(issue.rule) || !is_touched(issue));
            }
            if let Some(clearance) = self.clearances.iter_mut().find(|clearance| clearance.document == *document) {
                clearance.blockers.retain(|issue| {
                    let kept = publish::is_of_source(issue.rule) || sourcing::is_of_source(issue.rule);
                    kept || !is_touched(issue)
                });
            }
        }
        let place = |issue: &Issue| {
            let annotation = project.annotations.get(&issue.record.clone()?.into())?;
            Some((annotation.document.clone(), (Reverse(issue.severity), annotation.ranges.bounds().start)))
        };
        for issue in sourcing::check_some(project, links, &touched) {
            let Some((document, at)) = place(&issue) else { continue };
            if issue.severity == Severity::Fault
                && let Some(clearance) = self.clearances.iter_mut().find(|clearance| clearance.document == document)
            {
                clearance.blockers.push(issue.clone());
            }
            let issues = self.issues.entry(document).or_default();
            let before = issues.partition_point(|known| place(known).is_some_and(|(_, known)| known <= at));
            issues.insert(before, issue);
        }
        for blocker in publish::check_some(project, links, &touched) {
            let Some((document, _)) = place(&blocker) else { continue };
            if let Some(clearance) = self.clearances.iter_mut().find(|clearance| clearance.document == document) {
                clearance.blockers.push(blocker);
            }
        }
        for document in documents {
            let open = self.issues.get(&document).map_or(0, |issues| issues.iter().filter(|issue| is_open(issue)).count());
            self.open.insert(document, open);
        }
    }

    /// Blockers over all articles.
    pub(crate) fn blockers(&self) -> usize {
        self.clearances.iter().map(|clearance| clearance.blockers.len()).sum()
    }

    /// Sources that wait for a decision.
    pub(crate) fn to_decide(&self) -> usize {
        self.units.iter().filter(|unit| !is_settled(unit)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edit::Command,
        formats::native,
        model::AttributeValue,
        session::{Session, WorkEnvironment},
    };

    const SAMPLE: &str = include_str!("../../sample_projects/port-strike.onrecord.json");

    fn said(computed: &Computed) -> Vec<String> {
        let issues = computed.issues.values().flatten().filter(|issue| !sourcing::is_of_source(issue.rule));
        let blockers =
            computed.clearances.iter().flat_map(|clearance| &clearance.blockers).filter(|issue| !publish::is_of_source(issue.rule));
        let mut all: Vec<String> = issues.chain(blockers).map(|issue| format!("{issue:?}")).collect();
        all.sort();
        all
    }

    #[test]
    fn what_follows_an_edit_is_what_would_be_computed_anew() {
        let mut session = Session::from_opened(native::read(SAMPLE.as_bytes()).unwrap(), WorkEnvironment::seeded(5, None));
        let mut computed = Computed::new(session.project());
        let annotations: Vec<_> = session.project().annotations.iter().map(|annotation| annotation.id.clone()).collect();
        let links: Vec<_> = session.project().relations.iter().map(|link| link.id.clone()).collect();
        let set = |annotation: &Id<Annotation>, key: &str, value: &str| Command::SetAttribute {
            annotation: annotation.clone(),
            key: key.to_owned(),
            value: Some(AttributeValue::Text(value.into())),
        };
        let mut commands: Vec<Command> = links.into_iter().map(|relation| Command::Unlink { relation }).collect();
        for annotation in &annotations {
            commands.push(set(annotation, "terms", "off_record"));
            commands.push(set(annotation, "kind", "opinion"));
            commands.push(Command::SetSource { annotation: annotation.clone(), source: None });
            commands.push(Command::DeleteAnnotations { annotations: vec![annotation.clone()] });
        }
        let mut changed = 0;
        for command in commands {
            let Ok(done) = session.run(&command) else { continue };
            let before = said(&computed);
            computed.follow(session.project(), &Links::new(session.project()), &done.changes);
            assert_eq!(said(&computed), said(&Computed::new(session.project())), "after {command:?}");
            changed += usize::from(said(&computed) != before);
            session.undo();
            computed.follow(session.project(), &Links::new(session.project()), &done.changes);
            assert_eq!(said(&computed), before, "after undoing {command:?}");
        }
        assert!(changed > 60, "{changed} edits changed something");
        let sorted = |issues: &Vec<Issue>| issues.is_sorted_by_key(|issue| Reverse(issue.severity));
        assert!(computed.issues.values().all(sorted), "the gravest still come first");
    }
}
