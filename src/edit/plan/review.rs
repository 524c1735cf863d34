//! Plans for the review: policies, decisions, comments, checks that are switched off. A decision is only ever added.

use super::{EditError, Plan};
use crate::{
    edit::{Environment, Focus},
    model::{
        Annotation, AttributeValue, Comment, Conflicts, Decision, Document, Extra, Id, Key, Policy, ReviewState, Source, links::Links,
    },
    review::{self, Answers, Judged, Outcomes},
};
use std::sync::Arc;

/// Puts a policy in force; one that is new comes into the project. A version never changes.
pub(super) fn adopt_policy(plan: &mut Plan<'_>, policy: &Policy) -> Result<String, EditError> {
    if policy.name.trim().is_empty() || policy.items.is_empty() {
        return Err(EditError::BadValue { what: "a policy needs a name and questions".to_owned() });
    }
    let mut keys = std::collections::BTreeSet::new();
    if let Some(twice) = policy.items.iter().find(|item| !keys.insert(&item.key)) {
        return Err(EditError::BadValue { what: format!("the question {:?} stands twice in the policy", twice.key) });
    }
    let words = ["block", "block_claim", "warn", "escalate"];
    if let Some(item) = policy.items.iter().find(|item| !words.contains(&item.on_no.as_str())) {
        return Err(EditError::BadValue {
            what: format!("{:?} is no answer to a “no”; it is one of {}", item.on_no, words.join(", "))
        });
    }
    match plan.project.policies.get(&policy.id) {
        Some(known) if known.name == policy.name && known.items == policy.items && known.own_approval == policy.own_approval => {}
        Some(_) => return Err(EditError::PolicyChanged { id: policy.id.key().clone() }),
        None => plan.add(&policy.id, policy.clone()),
    }
    plan.set_info(|info| info.policy = Some(policy.id.clone()));
    Ok(format!("adopt the policy {}", policy.name))
}

/// What a decision says.
#[derive(Debug)]
pub(super) struct Deciding<'d> {
    pub(super) document: &'d Id<Document>,
    pub(super) source: &'d Id<Source>,
    pub(super) to: ReviewState,
    pub(super) answers: &'d Answers,
    pub(super) outcomes: &'d Outcomes,
    pub(super) note: &'d str,
}

/// Decides on a source in a document.
pub(super) fn decide(plan: &mut Plan<'_>, environment: &mut impl Environment, deciding: &Deciding<'_>) -> Result<String, EditError> {
    let document = plan.find(deciding.document, "document")?;
    let source = plan.find(deciding.source, "source")?;
    let person = environment.person().ok_or(EditError::NoPerson)?.clone();
    let by = plan.me(environment);
    let policy = plan.project.info.policy.as_ref().and_then(|policy| plan.project.policies.get(policy)).ok_or(EditError::NoPolicy)?;
    let role = person.roles.join(", ");
    let links = Links::new(plan.project);
    let unit = review::unit(plan.project, &links, &document.id, &source.id);
    let overrides = deciding.answers.0.values().any(|answered| answered.overridden);
    // Work in progress is kept as it is: the note of an override is asked for when the editor decides.
    let overrides = overrides && deciding.to != ReviewState::InReview;
    if (deciding.to.needs_note() || overrides) && deciding.note.trim().is_empty() {
        return Err(EditError::NoteNeeded);
    }
    let all = || {
        unit.mentions
            .iter()
            .chain(&unit.attributions)
            .chain(&unit.quotes)
            .chain(&unit.claims)
            .filter_map(|id| plan.project.annotations.get(id))
    };
    if deciding.to.clears()
        && !policy.own_approval
        && unit.mentions.iter().filter_map(|id| plan.project.annotations.get(id)).any(|mention| mention.by == by)
    {
        return Err(EditError::OwnApproval);
    }
    if deciding.to == ReviewState::Approved {
        let open = review::open_items(plan.project, policy, deciding.answers, deciding.outcomes, &unit.claims, &role);
        if let Some(first) = open.first() {
            return Err(EditError::OpenItems { count: open.len(), first: first.text.clone() });
        }
    }
    let mut judged: Vec<&Arc<Annotation>> = all().collect();
    judged.sort_by(|one, other| one.id.cmp(&other.id));
    judged.dedup_by(|one, other| one.id == other.id);
    let decision = Decision {
        id: environment.new_id(),
        document: document.id.clone(),
        source: source.id.clone(),
        after: unit.standing.newest.clone(),
        from: unit.standing.state.word().to_owned(),
        to: deciding.to.word().to_owned(),
        answers: deciding.answers.to_raw(),
        note: deciding.note.trim().to_owned(),
        outcomes: deciding.outcomes.to_raw(),
        policy: Some(policy.id.clone()),
        judged: Judged::of(plan.project, &links, &judged).to_raw(),
        by,
        role,
        at: environment.minute(),
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    };
    plan.focus = Focus { document: Some(document.id.clone()), ..Focus::default() };
    plan.made = Some(decision.id.key().clone());
    plan.add(&decision.id.clone(), decision);
    Ok(format!("{} {}", deciding.to.verb(), source.alias))
}

/// Remarks on a record, or answers a remark.
pub(super) fn add_comment(plan: &mut Plan<'_>, environment: &mut impl Environment, on: &Key, text: &str) -> Result<String, EditError> {
    if !plan.project.has_record(on) {
        return Err(EditError::Missing { kind: "record", id: on.clone() });
    }
    if text.trim().is_empty() {
        return Err(EditError::BadValue { what: "a comment needs words".to_owned() });
    }
    let by = plan.me(environment);
    let comment = Comment {
        id: environment.new_id(),
        on: on.clone(),
        text: text.trim().to_owned(),
        resolved: false,
        by,
        at: environment.minute(),
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    };
    plan.made = Some(comment.id.key().clone());
    plan.add(&comment.id.clone(), comment);
    Ok("comment".to_owned())
}

/// Settles a remark, or opens it again.
pub(super) fn resolve_comment(plan: &mut Plan<'_>, comment: &Id<Comment>, resolved: bool) -> Result<String, EditError> {
    let before = plan.find(comment, "comment")?;
    let after = Comment { resolved, conflicts: before.conflicts.without("resolved"), ..Comment::clone(before) };
    plan.replace(comment, before, after);
    Ok(if resolved { "resolve a comment".to_owned() } else { "reopen a comment".to_owned() })
}

/// Switches a sourcing check off for this project, with the reason; without a reason, on again.
pub(super) fn switch_check(plan: &mut Plan<'_>, rule: &str, off_because: &str) -> Result<String, EditError> {
    if rule.trim().is_empty() {
        return Err(EditError::BadValue { what: "a check is named by its rule".to_owned() });
    }
    let reason = off_because.trim();
    let value = (!reason.is_empty()).then(|| AttributeValue::Text(reason.into()));
    plan.set_info(|info| info.checks_off = info.checks_off.with(rule, value));
    Ok(format!("switch the check {} {}", rule.replace('_', " "), if reason.is_empty() { "on" } else { "off" }))
}
