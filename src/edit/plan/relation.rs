//! Plans for links: ends, cycles and repeats are checked here, so that no other code has to.

use super::{EditError, Plan, lower};
use crate::{
    edit::{Environment, Focus},
    model::{Annotation, Conflicts, Extra, Id, Project, Relation, RelationKind},
};
use std::collections::BTreeSet;

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
        let name = |annotation: &Annotation| {
            plan.project.labels.get(&annotation.label).map_or_else(|| annotation.label.to_string(), |label| lower(&label.name))
        };
        return Err(EditError::WrongEnds { kind: kind.name.clone(), from: name(start), to: name(end) });
    }
    let same = |link: &Relation| link.kind == kind.id && link.from == *from && link.to == *to;
    if !kind.repeats && plan.project.relations.iter().any(|link| same(link)) {
        return Err(EditError::AlreadyLinked);
    }
    if from == to || (kind.acyclic && leads_to(plan.project, &kind.id, to, from)) {
        return Err(EditError::Cycle);
    }
    let by = plan.me(environment);
    let link = Relation {
        id: environment.new_id(),
        kind: kind.id.clone(),
        from: from.clone(),
        to: to.clone(),
        by,
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    };
    plan.focus = Focus { document: Some(start.document.clone()), annotation: Some(from.clone()), range: Some(start.ranges.bounds()) };
    plan.add(&link.id.clone(), link);
    Ok("link".to_owned())
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
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        let next = project.relations.iter().filter(|link| link.kind == *kind && link.from == *here).map(|link| &link.to);
        open.extend(next.filter(|next| seen.insert(next)));
    }
    false
}
