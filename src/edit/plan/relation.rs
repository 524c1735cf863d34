//! Plans for links: ends, cycles and repeats are checked here, so that no other code has to.

use super::{EditError, Plan, lower};
use crate::{
    edit::{Environment, Focus},
    model::{Annotation, Conflicts, Extra, Id, Person, Project, Relation, RelationKind},
};
use std::collections::{BTreeMap, BTreeSet};

/// Links two annotations.
pub(super) fn link(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    kind: &Id<RelationKind>,
    from: &Id<Annotation>,
    to: &Id<Annotation>,
) -> Result<String, EditError> {
    let kind = plan.find(kind, "kind of link")?;
    let (start, end) = (plan.find(from, "annotation")?, plan.find(to, "annotation")?);
    if !joins(kind, start, end) {
        return Err(wrong_ends(plan.project, kind, start, end));
    }
    let same = |link: &Relation| link.kind == kind.id && link.from == *from && link.to == *to;
    if !kind.repeats && plan.project.relations.iter().any(|link| same(link)) {
        return Err(EditError::AlreadyLinked);
    }
    if from == to || (kind.acyclic && leads_to(plan.project, &kind.id, to, from)) {
        return Err(EditError::Cycle);
    }
    let by = plan.me(environment);
    let link = new_link(environment, kind, from, to, by);
    plan.focus = Focus { document: Some(start.document.clone()), annotation: Some(from.clone()), range: Some(start.ranges.bounds()) };
    plan.add(&link.id.clone(), link);
    Ok("link".to_owned())
}

/// Links two parts of a structure that is being marked; what is linked already stays as it is.
pub(super) fn link_parts(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    kind: &Id<RelationKind>,
    from: &Annotation,
    to: &Annotation,
    by: Option<&Id<Person>>,
) -> Result<(), EditError> {
    let kind = plan.find(kind, "kind of link")?;
    if !joins(kind, from, to) {
        return Err(wrong_ends(plan.project, kind, from, to));
    }
    if plan.project.relations.iter().any(|link| link.kind == kind.id && link.from == from.id && link.to == to.id) {
        return Ok(());
    }
    if from.id == to.id || (kind.acyclic && leads_to(plan.project, &kind.id, &to.id, &from.id)) {
        return Err(EditError::Cycle);
    }
    let link = new_link(environment, kind, &from.id, &to.id, by.cloned());
    plan.add(&link.id.clone(), link);
    Ok(())
}

fn new_link(
    environment: &mut impl Environment,
    kind: &RelationKind,
    from: &Id<Annotation>,
    to: &Id<Annotation>,
    by: Option<Id<Person>>,
) -> Relation {
    let (conflicts, extra) = (Conflicts::default(), Extra::default());
    Relation { id: environment.new_id(), kind: kind.id.clone(), from: from.clone(), to: to.clone(), by, conflicts, extra }
}

fn wrong_ends(project: &Project, kind: &RelationKind, from: &Annotation, to: &Annotation) -> EditError {
    let name = |annotation: &Annotation| {
        project.labels.get(&annotation.label).map_or_else(|| annotation.label.to_string(), |label| lower(&label.name))
    };
    EditError::WrongEnds { kind: kind.name.clone(), from: name(from), to: name(to) }
}

/// Removes a link.
pub(super) fn unlink(plan: &mut Plan<'_>, relation: &Id<Relation>) -> Result<String, EditError> {
    let before = plan.find(relation, "link")?;
    let start = plan.project.annotations.get(&before.from);
    plan.focus = Focus {
        document: start.map(|start| start.document.clone()),
        annotation: Some(before.from.clone()),
        range: start.map(|start| start.ranges.bounds()),
    };
    plan.remove(relation, before);
    Ok("remove the link".to_owned())
}

/// Whether a link stays allowed when one of its ends becomes `changed`.
pub(super) fn fits(project: &Project, link: &Relation, changed: &Annotation) -> bool {
    let end = |id: &Id<Annotation>| if *id == changed.id { Some(changed) } else { project.annotations.get(id).map(|end| &**end) };
    match (project.relation_kinds.get(&link.kind), end(&link.from), end(&link.to)) {
        (Some(kind), Some(from), Some(to)) => joins(kind, from, to),
        _ => false,
    }
}

fn joins(kind: &RelationKind, from: &Annotation, to: &Annotation) -> bool {
    kind.from.contains(&from.label) && kind.to.contains(&to.label)
}

/// Whether links of this kind lead from one annotation to another.
fn leads_to(project: &Project, kind: &Id<RelationKind>, from: &Id<Annotation>, to: &Id<Annotation>) -> bool {
    let mut next: BTreeMap<&Id<Annotation>, Vec<&Id<Annotation>>> = BTreeMap::new();
    for link in project.relations.iter().filter(|link| link.kind == *kind) {
        next.entry(&link.from).or_default().push(&link.to);
    }
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        open.extend(next.get(here).into_iter().flatten().copied().filter(|next| seen.insert(next)));
    }
    false
}
