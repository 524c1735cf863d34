//! Plans for the project itself: title, guidelines, labels, kinds of link, and who works on it.

use super::{EditError, Plan, lower};
use crate::{
    edit::Environment,
    model::{Id, Label, Person, RelationKind},
};

/// Names the project.
pub(super) fn set_title(plan: &mut Plan<'_>, title: &str) -> Result<String, EditError> {
    let title = title.trim();
    if title.is_empty() {
        return Err(EditError::BadValue { what: "a project needs a title".to_owned() });
    }
    plan.set_info(|info| title.clone_into(&mut info.title));
    Ok("rename the project".to_owned())
}

/// Writes the guidelines, a line of Markdown each.
#[expect(clippy::unnecessary_wraps, reason = "every planner may refuse")]
pub(super) fn set_guidelines(plan: &mut Plan<'_>, guidelines: &[String]) -> Result<String, EditError> {
    plan.set_info(|info| info.guidelines = guidelines.to_vec());
    Ok("edit the guidelines".to_owned())
}

/// Adds a label, or changes one.
pub(super) fn define_label(plan: &mut Plan<'_>, label: &Label) -> Result<String, EditError> {
    check_label(plan, label)?;
    match plan.project.labels.get(&label.id) {
        Some(before) => plan.replace(&label.id, before, label.clone()),
        None => plan.add(&label.id, label.clone()),
    }
    Ok(format!("define the label {}", lower(&label.name)))
}

/// Removes a label that nothing has.
pub(super) fn remove_label(plan: &mut Plan<'_>, label: &Id<Label>) -> Result<String, EditError> {
    let before = plan.find(label, "label")?;
    let used = plan.project.annotations.iter().filter(|annotation| annotation.label == *label).count();
    let kinds = plan.project.relation_kinds.iter().filter(|kind| kind.from.contains(label) || kind.to.contains(label)).count();
    if used + kinds > 0 {
        return Err(EditError::InUse { count: used + kinds });
    }
    plan.remove(label, before);
    Ok("remove the label".to_owned())
}

/// Adds a kind of link, or changes one.
pub(super) fn define_relation_kind(plan: &mut Plan<'_>, relation_kind: &RelationKind) -> Result<String, EditError> {
    for label in relation_kind.from.iter().chain(&relation_kind.to) {
        plan.find(label, "label")?;
    }
    match plan.project.relation_kinds.get(&relation_kind.id) {
        Some(before) => plan.replace(&relation_kind.id, before, relation_kind.clone()),
        None => plan.add(&relation_kind.id, relation_kind.clone()),
    }
    Ok("define a kind of link".to_owned())
}

/// Writes the person who works into the project, as when the initials change.
pub(super) fn introduce_myself(plan: &mut Plan<'_>, environment: &mut impl Environment) -> Result<String, EditError> {
    let person: Person = environment.person().ok_or(EditError::NoPerson)?.clone();
    match plan.project.persons.get(&person.id) {
        Some(before) => plan.replace(&person.id.clone(), before, person),
        None => plan.add(&person.id.clone(), person),
    }
    Ok("say who works".to_owned())
}

fn check_label(plan: &Plan<'_>, label: &Label) -> Result<(), EditError> {
    let refuse = |what: &str| Err(EditError::BadValue { what: what.to_owned() });
    if label.name.trim().is_empty() {
        return refuse("a label needs a name");
    }
    let colours = [Some(&label.colour.light), Some(&label.colour.dark), label.colour.light_tint.as_ref(), label.colour.dark_tint.as_ref()];
    let is_colour =
        |colour: &String| colour.len() == 7 && colour.starts_with('#') && colour.chars().skip(1).all(|digit| digit.is_ascii_hexdigit());
    if !colours.into_iter().flatten().all(is_colour) {
        return refuse("a colour looks like #0072B2");
    }
    let taken = |other: &Label| other.id != label.id && !label.hotkey.is_empty() && other.hotkey == label.hotkey;
    match plan.project.labels.iter().find(|other| taken(other)) {
        Some(other) => refuse(&format!("the key {} belongs to the label {}", label.hotkey, other.name)),
        None => Ok(()),
    }
}

/// Removes a kind of link that nothing has.
pub(super) fn remove_relation_kind(plan: &mut Plan<'_>, kind: &Id<RelationKind>) -> Result<String, EditError> {
    let before = plan.find(kind, "kind of link")?;
    let used = plan.project.relations.iter().filter(|link| link.kind == *kind).count();
    if used > 0 {
        return Err(EditError::InUse { count: used });
    }
    plan.remove(kind, before);
    Ok("remove a kind of link".to_owned())
}
