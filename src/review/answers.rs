//! Answers to a policy's questions and outcomes of claims, and which of them still stand in the way of an approval.

use crate::model::{Annotation, Answer, Id, Outcome, Policy, PolicyItem, Project, RawJson};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What was answered.
    pub answer: Answer,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether a "no" was overridden by someone of the rank that the policy names.
    #[serde(default, rename = "override", skip_serializing_if = "std::ops::Not::not")]
    pub overridden: bool,
}

impl Answered {
    /// A bare answer.
    pub fn plain(answer: Answer) -> Self {
        Self { answer, note: String::new(), overridden: false }
    }
}

/// Answers by the key of their question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answered>);

/// Outcomes by claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outcomes(pub BTreeMap<Id<Annotation>, Outcome>);

/// As a decision keeps it.
fn raw(value: &impl Serialize, is_empty: bool) -> Option<RawJson> {
    if is_empty {
        return None;
    }
    serde_json::from_str(&serde_json::to_string(value).ok()?).ok()
}

impl Answers {
    /// Reads what a decision keeps; what cannot be read answers nothing.
    pub fn read(raw: Option<&RawJson>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    /// As a decision keeps it; `None` when there is none.
    pub fn to_raw(&self) -> Option<RawJson> {
        raw(self, self.0.is_empty())
    }
}

impl Outcomes {
    /// Reads what a decision keeps; what cannot be read decides nothing.
    pub fn read(raw: Option<&RawJson>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    /// As a decision keeps it; `None` when there is none.
    pub fn to_raw(&self) -> Option<RawJson> {
        raw(self, self.0.is_empty())
    }
}

/// The questions that stand in the way of an approval: not answered, or answered with a "no" that blocks.
///
/// `block` blocks; `block_claim` blocks until each claim that is no fact gets another outcome than keep; `escalate` and whatever has an
/// `override` opens for someone of that rank; `warn` never blocks.
pub fn open_items<'p>(
    project: &Project,
    policy: &'p Policy,
    answers: &Answers,
    outcomes: &Outcomes,
    claims: &[Id<Annotation>],
    role: &str,
) -> Vec<&'p PolicyItem> {
    policy.items.iter().filter(|item| is_open(project, item, answers, outcomes, claims, role)).collect()
}

fn is_open(project: &Project, item: &PolicyItem, answers: &Answers, outcomes: &Outcomes, claims: &[Id<Annotation>], role: &str) -> bool {
    if item.on_no == "warn" {
        return false;
    }
    let Some(answered) = answers.0.get(&item.key) else { return true };
    if answered.answer != Answer::No {
        return false;
    }
    let rank = if item.rank.is_empty() && item.on_no == "escalate" { "senior" } else { item.rank.as_str() };
    let outranks = !rank.is_empty() && has_rank(role, rank) && answered.overridden;
    if outranks {
        return false;
    }
    if item.on_no == "block_claim" {
        let is_fact = |id: &Id<Annotation>| project.annotations.get(id).is_some_and(|claim| claim.value("kind") == "fact");
        return claims.iter().any(|claim| !is_fact(claim) && matches!(outcomes.0.get(claim), None | Some(Outcome::Keep)));
    }
    true
}

/// Whether a role that somebody gave themselves has a rank: "senior editor" has "senior".
pub fn has_rank(role: &str, rank: &str) -> bool {
    role.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(|word| word == rank.to_lowercase())
}
