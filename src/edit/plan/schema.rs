//! Plans for the project itself: title, guidelines, labels, kinds of link, and who works on it.

use super::{EditError, Plan, annotation::unreachable_command, lower};
use crate::{
    edit::{Change, Command, Environment},
    model::{Id, Label, Person, ProjectInfo, RelationKind},
};
use std::sync::Arc;

pub(super) fn plan(plan: &mut Plan<'_>, command: &Command, environment: &mut impl Environment) -> Result<String, EditError> {
    match command {
        Command::SetTitle { title } => {
            let title = title.trim();
            if title.is_empty() {
                return Err(EditError::BadValue { what: "a project needs a title".to_owned() });
            }
            set_info(plan, |info| title.clone_into(&mut info.title));
            Ok("rename the project".to_owned())
        }
        Command::SetGuidelines { guidelines } => {
            set_info(plan, |info| info.guidelines.clone_from(guidelines));
            Ok("edit the guidelines".to_owned())
        }
        Command::DefineLabel { label } => {
            check_label(plan, label)?;
            match plan.project.labels.get(&label.id) {
                Some(before) => plan.replace(&label.id, before, label.clone()),
                None => plan.add(&label.id, label.clone()),
            }
            Ok(format!("define the label {}", lower(&label.name)))
        }
        Command::RemoveLabel { label } => {
            let before = plan.find(label, "label")?;
            let used = plan.project.annotations.iter().filter(|annotation| annotation.label == *label).count();
            let kinds = plan.project.relation_kinds.iter().filter(|kind| kind.from.contains(label) || kind.to.contains(label)).count();
            if used + kinds > 0 {
                return Err(EditError::InUse { count: used + kinds });
            }
            plan.remove(label, before);
            Ok("remove the label".to_owned())
        }
        Command::DefineRelationKind { relation_kind } => {
            for label in relation_kind.from.iter().chain(&relation_kind.to) {
                plan.find(label, "label")?;
            }
            match plan.project.relation_kinds.get(&relation_kind.id) {
                Some(before) => plan.replace(&relation_kind.id, before, relation_kind.clone()),
                None => plan.add(&relation_kind.id, relation_kind.clone()),
            }
            Ok("define a kind of link".to_owned())
        }
        Command::RemoveRelationKind { relation_kind } => remove_relation_kind(plan, relation_kind),
        Command::IntroduceMyself {} => {
            let person: Person = environment.person().ok_or(EditError::NoPerson)?.clone();
            match plan.project.persons.get(&person.id) {
                Some(before) => plan.replace(&person.id.clone(), before, person),
                None => plan.add(&person.id.clone(), person),
            }
            Ok("say who works".to_owned())
        }
        other => unreachable_command(other),
    }
}

fn set_info(plan: &mut Plan<'_>, change: impl FnOnce(&mut ProjectInfo)) {
    let before = Arc::clone(&plan.project.info);
    let mut after = ProjectInfo::clone(&before);
    change(&mut after);
    if *before != after {
        plan.changes.push(Change::Info { before, after: Arc::new(after) });
    }
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

fn remove_relation_kind(plan: &mut Plan<'_>, kind: &Id<RelationKind>) -> Result<String, EditError> {
    let before = plan.find(kind, "kind of link")?;
    let used = plan.project.relations.iter().filter(|link| link.kind == *kind).count();
    if used > 0 {
        return Err(EditError::InUse { count: used });
    }
    plan.remove(kind, before);
    Ok("remove a kind of link".to_owned())
}
