//! Plans that mark many places, or a whole structure, in one step.

use super::{
    EditError, Plan,
    annotation::{begin_work, check_source, document_and_text, focus, new_annotation},
    lower, relation,
    source::new_source,
};
use crate::{
    edit::{Environment, Mark, MarkLink, Place, Speaker},
    model::{Annotation, Document, Id, Label, Origin, Source},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Labels many places. `go_on` is told how many are done and says whether to go on.
pub(super) fn annotate_all(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    label: &Id<Label>,
    places: &[Place],
    source: Option<&Id<Source>>,
    origin: Origin,
    go_on: &dyn Fn(usize) -> bool,
) -> Result<String, EditError> {
    let label = plan.find(label, "label")?;
    if let Some(source) = source {
        check_source(label)?;
        plan.find(source, "source")?;
    }
    let by = plan.me(environment);
    let mut begun: BTreeSet<&Id<Document>> = BTreeSet::new();
    for (done, place) in places.iter().enumerate() {
        if done % 256 == 0 && !go_on(done) {
            return Err(EditError::Cancelled);
        }
        let (document, text) = document_and_text(plan, &place.document)?;
        let mut annotation = new_annotation(plan, environment, (document, text), label, &place.ranges, &BTreeMap::new())?;
        (annotation.source, annotation.origin, annotation.by) = (source.cloned(), origin, by.clone());
        if done == 0 {
            plan.focus = focus(&annotation);
        }
        plan.add(&annotation.id.clone(), annotation);
        if begun.insert(&place.document) {
            begin_work(plan, document);
        }
    }
    Ok(match places.len() {
        1 => format!("label {}", lower(&label.name)),
        count => format!("label {count} places as {}", lower(&label.name)),
    })
}

/// Marks a structure: its parts, who speaks, the links between them.
pub(super) fn mark_together(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    document: &Id<Document>,
    marks: &[Mark],
    links: &[MarkLink],
    speaker: Option<&Speaker>,
    origin: Origin,
) -> Result<String, EditError> {
    let (document, text) = document_and_text(plan, document)?;
    let by = plan.me(environment);
    let speaks = match speaker {
        None => None,
        Some(Speaker::Known(source)) => Some(plan.find(source, "source")?.id.clone()),
        Some(Speaker::New { alias, kind, role }) => {
            let source = new_source(environment, alias, *kind, role, "")?;
            let id = source.id.clone();
            plan.add(&id, source);
            Some(id)
        }
    };
    let mut made = None;
    let mut parts: Vec<Arc<Annotation>> = Vec::with_capacity(marks.len());
    for mark in marks {
        let part = match mark {
            Mark::New { label, ranges, attributes } => {
                let label = plan.find(label, "label")?;
                let mut annotation = new_annotation(plan, environment, (document, text), label, ranges, attributes)?;
                (annotation.origin, annotation.by) = (origin, by.clone());
                annotation.source = speaks.clone().filter(|_| label.source);
                made.get_or_insert_with(|| annotation.id.key().clone());
                plan.add(&annotation.id.clone(), annotation.clone());
                Arc::new(annotation)
            }
            Mark::Known(id) => {
                let before = plan.find(id, "annotation")?;
                let points = plan.project.labels.get(&before.label).is_some_and(|label| label.source);
                match speaks.clone().filter(|_| points && before.source.is_none()) {
                    Some(source) => {
                        let after = Annotation { source: Some(source), ..Annotation::clone(before) };
                        plan.replace(id, before, after.clone());
                        Arc::new(after)
                    }
                    None => Arc::clone(before),
                }
            }
        };
        parts.push(part);
    }
    for link in links {
        let part = |at: usize| {
            parts.get(at).ok_or_else(|| EditError::BadValue { what: format!("a link names part {at}, but there are {}", parts.len()) })
        };
        relation::link_parts(plan, environment, &link.kind, part(link.from)?, part(link.to)?, by.as_ref())?;
    }
    begin_work(plan, document);
    plan.made = made.or(plan.made.take());
    if let Some(first) = parts.first() {
        plan.focus = focus(first);
    }
    let name = parts.first().and_then(|part| plan.project.labels.get(&part.label)).map_or_else(String::new, |label| lower(&label.name));
    Ok(if speaks.is_some() { format!("label {name} with its speaker") } else { format!("label {name} with its links") })
}
