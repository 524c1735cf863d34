//! What was decided of a unit: decisions are only ever added, each naming those that it follows. Two newest ones are a conflict.

use super::judged::{Judged, Stale};
use crate::model::{Annotation, Decision, Document, Id, Project, ReviewState, Source, links::Links};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The decisions of each unit.
pub(crate) type ByUnit<'p> = BTreeMap<(Id<Document>, Id<Source>), Vec<&'p Arc<Decision>>>;

/// How a unit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state of the newest decision.
    pub state: ReviewState,
    /// What changed since it, where it cleared or rejected the source.
    pub stale: Vec<Stale>,
    /// The decisions that no other follows: more than one is a conflict to decide.
    pub newest: Vec<Id<Decision>>,
    /// All of them, the first one first.
    pub history: Vec<Id<Decision>>,
}

impl Standing {
    /// Whether two decisions were made at the same time.
    pub fn is_split(&self) -> bool {
        self.newest.len() > 1
    }

    /// Whether the source may run: decided, still so, by one.
    pub fn clears(&self) -> bool {
        self.state.clears() && self.stale.is_empty() && !self.is_split()
    }
}

/// The decisions of a project by unit.
pub(crate) fn by_unit(project: &Project) -> ByUnit<'_> {
    let mut found: ByUnit<'_> = BTreeMap::new();
    for decision in project.decisions.iter() {
        found.entry((decision.document.clone(), decision.source.clone())).or_default().push(decision);
    }
    found
}

/// A unit on which two editors decided at the same time: article, source, newest decisions.
pub type SplitUnit<'p> = (Id<Document>, Id<Source>, Vec<&'p Arc<Decision>>);

/// The units on which two editors decided at the same time, with their newest decisions.
pub fn split_units(project: &Project) -> Vec<SplitUnit<'_>> {
    let newest = by_unit(project).into_iter().map(|((document, source), decisions)| (document, source, unfollowed(&decisions)));
    newest.filter(|(_, _, newest)| newest.len() > 1).collect()
}

/// The decisions on a unit that no other follows, the newest one last.
pub fn newest<'p>(project: &'p Project, document: &Id<Document>, source: &Id<Source>) -> Vec<&'p Arc<Decision>> {
    let of = project.decisions.iter().filter(|decision| decision.document == *document && decision.source == *source);
    unfollowed(&of.collect::<Vec<_>>())
}

fn unfollowed<'d>(decisions: &[&'d Arc<Decision>]) -> Vec<&'d Arc<Decision>> {
    let followed: BTreeSet<&Id<Decision>> = decisions.iter().flat_map(|decision| &decision.after).collect();
    let mut newest: Vec<&Arc<Decision>> = decisions.iter().copied().filter(|decision| !followed.contains(&decision.id)).collect();
    newest.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.id.cmp(&other.id)));
    newest
}

/// How a unit stands, from its decisions and from what rests on its source now.
pub fn standing(project: &Project, links: &Links, decisions: &[&Arc<Decision>], now: &[&Arc<Annotation>]) -> Standing {
    let newest = unfollowed(decisions);
    let mut history: Vec<&Arc<Decision>> = decisions.to_vec();
    let levels = levels(decisions);
    history.sort_by_cached_key(|decision| (levels.get(&decision.id).copied().unwrap_or(0), decision.at.clone(), decision.id.clone()));
    let last = newest.last();
    let state = last.map_or(ReviewState::Unreviewed, |last| ReviewState::of(&last.to));
    let kept = last.filter(|_| state.is_decided()).and_then(|last| last.judged.as_ref());
    let changed = kept.map_or_else(Vec::new, |kept| Judged::read(kept).compare(&Judged::of(project, links, now)));
    Standing {
        state,
        stale: changed,
        newest: newest.iter().map(|decision| decision.id.clone()).collect(),
        history: history.iter().map(|decision| decision.id.clone()).collect(),
    }
}

/// How many decisions each one follows at most. What follows a circle, which only a damaged file has, comes last.
fn levels<'d>(decisions: &[&'d Arc<Decision>]) -> BTreeMap<&'d Id<Decision>, usize> {
    let here: BTreeSet<&Id<Decision>> = decisions.iter().map(|decision| &decision.id).collect();
    let mut followers: BTreeMap<&Id<Decision>, Vec<&Id<Decision>>> = BTreeMap::new();
    let mut waits: BTreeMap<&Id<Decision>, usize> = here.iter().map(|id| (*id, 0)).collect();
    for decision in decisions {
        for before in decision.after.iter().filter(|before| here.contains(before)) {
            followers.entry(before).or_default().push(&decision.id);
            *waits.entry(&decision.id).or_default() += 1;
        }
    }
    let mut levels: BTreeMap<&Id<Decision>, usize> = here.iter().map(|id| (*id, 0)).collect();
    let mut ready: Vec<&Id<Decision>> = waits.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = ready.pop() {
        waits.remove(id);
        let level = levels.get(id).map_or(1, |level| level + 1);
        for follower in followers.remove(id).unwrap_or_default() {
            levels.entry(follower).and_modify(|known| *known = level.max(*known));
            if let Some(count) = waits.get_mut(follower) {
                *count -= 1;
                if *count == 0 {
                    ready.push(follower);
                }
            }
        }
    }
    levels.extend(waits.into_keys().map(|id| (id, decisions.len())));
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_newest_decision_that_still_holds_clears() {
        let standing = |state, newest: &[&str]| {
            let newest: Vec<Id<Decision>> = newest.iter().map(|id| (*id).into()).collect();
            Standing { state, stale: Vec::new(), history: newest.clone(), newest }
        };
        assert!(standing(ReviewState::Approved, &["one"]).clears());
        assert!(!standing(ReviewState::Approved, &["one", "other"]).clears(), "two editors decided at once");
        assert!(!standing(ReviewState::Rejected, &["one"]).clears());
    }
}
