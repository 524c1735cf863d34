//! Plans for annotations and omissions.

use super::{EditError, Plan, lower, relation};
use crate::{
    anchor::{self, Placement},
    edit::{Environment, Focus, RepairTo},
    model::{Annotation, AttributeValue, Conflicts, Document, Extra, Id, LIMITS, Label, Omission, Origin, Source, Status, Text},
    text::{CharOffset, Ranges, TextRange, boundary::is_grapheme_boundary},
};
use std::{collections::BTreeMap, sync::Arc};

/// Labels a place; work on a new article has begun with that.
#[expect(clippy::too_many_arguments, reason = "they are the fields of the command")]
pub(super) fn annotate(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    document: &Id<Document>,
    label: &Id<Label>,
    ranges: &Ranges,
    attributes: &BTreeMap<String, AttributeValue>,
    source: Option<&Id<Source>>,
    note: &str,
    origin: Origin,
) -> Result<String, EditError> {
    let (document, text) = document_and_text(plan, document)?;
    let label = plan.find(label, "label")?;
    let by = plan.me(environment);
    let mut annotation = new_annotation(plan, environment, (document, text), label, ranges, attributes)?;
    if let Some(source) = source {
        check_source(label)?;
        annotation.source = Some(plan.find(source, "source")?.id.clone());
    }
    (annotation.note, annotation.origin, annotation.by) = (note.to_owned(), origin, by);
    plan.focus = focus(&annotation);
    plan.add(&annotation.id.clone(), annotation);
    begin_work(plan, document);
    Ok(format!("label {}", lower(&label.name)))
}

/// A checked annotation that is not in the plan yet.
pub(super) fn new_annotation(
    plan: &Plan<'_>,
    environment: &mut impl Environment,
    (document, text): (&Document, &Text),
    label: &Label,
    ranges: &Ranges,
    attributes: &BTreeMap<String, AttributeValue>,
) -> Result<Annotation, EditError> {
    let quote = checked_quote(ranges, text)?;
    if plan.project.annotations.len() + plan.changes.len() >= LIMITS.records {
        return Err(EditError::TooManyRecords { limit: LIMITS.records });
    }
    let mut annotation = Annotation::new(environment.new_id(), document, label.id.clone(), ranges.clone(), quote);
    for (key, value) in attributes {
        check_value(label, key, value)?;
        annotation.attributes = annotation.attributes.with(key, Some(value.clone()));
    }
    Ok(annotation)
}

/// A new article is in progress with its first label.
pub(super) fn begin_work(plan: &mut Plan<'_>, document: &Arc<Document>) {
    if document.status == Status::New {
        plan.replace(&document.id, document, Document { status: Status::InProgress, ..Document::clone(document) });
    }
}

/// Deletes annotations with their links.
pub(super) fn delete_annotations(plan: &mut Plan<'_>, annotations: &[Id<Annotation>]) -> Result<String, EditError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in annotations.iter().filter(|id| seen.insert((*id).clone())) {
        let annotation = plan.find(id, "annotation")?;
        plan.focus = Focus { annotation: None, ..focus(annotation) };
        plan.remove(id, annotation);
    }
    let mut gone: std::collections::BTreeSet<_> = seen.iter().map(|id| id.key().clone()).collect();
    for link in plan.project.relations.iter().filter(|link| seen.contains(&link.from) || seen.contains(&link.to)) {
        plan.remove(&link.id, link);
        gone.insert(link.id.key().clone());
    }
    plan.remove_comments_on(gone);
    Ok(match annotations.len() {
        1 => "delete annotation".to_owned(),
        count => format!("delete {count} annotations"),
    })
}

/// Gives an annotation another label. Attributes and links that the new label does not allow go.
pub(super) fn relabel(plan: &mut Plan<'_>, annotation: &Id<Annotation>, label: &Id<Label>) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    let label = plan.find(label, "label")?;
    let mut after = Annotation::clone(before);
    after.label = label.id.clone();
    after.conflicts = after.conflicts.without("label");
    after.attributes =
        before.attributes.filtered(|key| before.attributes.get(key).is_some_and(|value| check_value(label, key, value).is_ok()));
    after.source = before.source.clone().filter(|_| label.source);
    for link in plan.project.relations.iter().filter(|link| link.from == before.id || link.to == before.id) {
        if !relation::fits(plan.project, link, &after) {
            plan.remove(&link.id, link);
        }
    }
    plan.focus = focus(&after);
    plan.replace(annotation, before, after);
    Ok(format!("change label to {}", lower(&label.name)))
}

/// Moves the ends of an annotation.
pub(super) fn set_ranges(plan: &mut Plan<'_>, annotation: &Id<Annotation>, ranges: &Ranges) -> Result<String, EditError> {
    move_to(plan, annotation, ranges)?;
    Ok("move the ends".to_owned())
}

/// Adds a range, as for the second half of a split quote.
pub(super) fn add_range(plan: &mut Plan<'_>, annotation: &Id<Annotation>, range: TextRange) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    let (_, text) = text_of(plan, before)?;
    checked_quote(&Ranges::one(range), text)?;
    let ranges = before.ranges.with(range).ok_or_else(|| EditError::EmptyRange { range: range.to_string() })?;
    move_to(plan, annotation, &ranges)?;
    Ok("add a range".to_owned())
}

/// Takes a stretch out of an annotation.
pub(super) fn remove_range(plan: &mut Plan<'_>, annotation: &Id<Annotation>, range: TextRange) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    let ranges = before.ranges.without(range).ok_or(EditError::NothingLeft)?;
    move_to(plan, annotation, &ranges)?;
    Ok("remove a range".to_owned())
}

/// Sets an attribute; without a value it is cleared.
pub(super) fn set_attribute(
    plan: &mut Plan<'_>,
    annotation: &Id<Annotation>,
    key: &str,
    value: Option<&AttributeValue>,
) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    if let Some(value) = value {
        check_value(plan.find(&before.label, "label")?, key, value)?;
    }
    let mut after = Annotation::clone(before);
    after.attributes = before.attributes.with(key, value.cloned());
    after.conflicts = after.conflicts.without(&format!("attributes.{key}"));
    plan.focus = focus(&after);
    plan.replace(annotation, before, after);
    Ok(format!("set {}", key.replace('_', " ")))
}

/// Writes a note.
pub(super) fn set_note(plan: &mut Plan<'_>, annotation: &Id<Annotation>, note: &str) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    let conflicts = before.conflicts.without("note");
    let after = Annotation { note: note.trim_end().to_owned(), conflicts, ..Annotation::clone(before) };
    plan.focus = focus(&after);
    plan.replace(annotation, before, after);
    Ok(if note.is_empty() { "clear the note".to_owned() } else { "write a note".to_owned() })
}

/// Says who speaks; without a source, nobody.
pub(super) fn set_source(plan: &mut Plan<'_>, annotation: &Id<Annotation>, source: Option<&Id<Source>>) -> Result<String, EditError> {
    let before = plan.find(annotation, "annotation")?;
    if let Some(source) = source {
        check_source(plan.find(&before.label, "label")?)?;
        plan.find(source, "source")?;
    }
    let conflicts = before.conflicts.without("source");
    let after = Annotation { source: source.cloned(), conflicts, ..Annotation::clone(before) };
    plan.focus = focus(&after);
    plan.replace(annotation, before, after);
    Ok("choose the source".to_owned())
}

/// Marks a stretch as not article.
pub(super) fn omit(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    document: &Id<Document>,
    ranges: &Ranges,
    why: &str,
) -> Result<String, EditError> {
    let (document, text) = document_and_text(plan, document)?;
    checked_quote(ranges, text)?;
    let by = plan.me(environment);
    let omission = Omission {
        id: environment.new_id(),
        document: document.id.clone(),
        text: document.text.clone(),
        ranges: ranges.clone(),
        why: why.to_owned(),
        by,
        conflicts: Conflicts::default(),
        extra: Extra::default(),
    };
    plan.focus = Focus { document: Some(document.id.clone()), annotation: None, range: Some(ranges.bounds()) };
    plan.add(&omission.id.clone(), omission);
    Ok("mark as not article".to_owned())
}

/// Takes such a mark away.
pub(super) fn remove_omission(plan: &mut Plan<'_>, omission: &Id<Omission>) -> Result<String, EditError> {
    let before = plan.find(omission, "omission")?;
    plan.focus = Focus { document: Some(before.document.clone()), annotation: None, range: Some(before.ranges.bounds()) };
    plan.remove(omission, before);
    Ok("mark as article again".to_owned())
}

pub(super) fn focus(annotation: &Annotation) -> Focus {
    Focus { document: Some(annotation.document.clone()), annotation: Some(annotation.id.clone()), range: Some(annotation.ranges.bounds()) }
}

pub(super) fn document_and_text<'p>(plan: &Plan<'p>, id: &Id<Document>) -> Result<(&'p Arc<Document>, &'p Arc<Text>), EditError> {
    let document = plan.find(id, "document")?;
    Ok((document, plan.find(&document.text, "text")?))
}

fn text_of<'p>(plan: &Plan<'p>, annotation: &Annotation) -> Result<(&'p Arc<Document>, &'p Arc<Text>), EditError> {
    Ok((plan.find(&annotation.document, "document")?, plan.find(&annotation.text, "text")?))
}

/// The words at the ranges, once they are found to be a place that a person may mark.
fn checked_quote(ranges: &Ranges, text: &Text) -> Result<Vec<String>, EditError> {
    if ranges.len() > LIMITS.ranges {
        return Err(EditError::TooManyRanges { limit: LIMITS.ranges });
    }
    let mut quote = Vec::with_capacity(ranges.len());
    for range in ranges.iter() {
        let name = range.to_string();
        if range.is_empty() {
            return Err(EditError::EmptyRange { range: name });
        }
        let words = text.index.slice(&text.content, range);
        let words = words.ok_or_else(|| EditError::OutsideText { range: name.clone(), length: text.index.len().0 })?;
        if words.trim().is_empty() {
            return Err(EditError::OnlyBlank { range: name });
        }
        let whole = |offset: CharOffset| is_grapheme_boundary(&text.content, text.index.byte_from_char(&text.content, offset));
        if !whole(range.start) || !whole(range.end) {
            return Err(EditError::InsideLetter { range: name });
        }
        quote.push(words.to_owned());
    }
    match ranges.is_well_formed() {
        true => Ok(quote),
        false if ranges.is_empty() => Err(EditError::EmptyRange { range: "[]".to_owned() }),
        false => Err(EditError::Disordered),
    }
}

fn move_to(plan: &mut Plan<'_>, id: &Id<Annotation>, ranges: &Ranges) -> Result<(), EditError> {
    let before = plan.find(id, "annotation")?;
    let (_, text) = text_of(plan, before)?;
    let quote = checked_quote(ranges, text)?;
    let conflicts = before.conflicts.without("ranges");
    let after = Annotation { ranges: ranges.clone(), quote: quote.into(), conflicts, ..Annotation::clone(before) };
    plan.focus = focus(&after);
    plan.replace(id, before, after);
    Ok(())
}

/// Makes words and place of an annotation agree again.
pub(super) fn repair_quote(plan: &mut Plan<'_>, id: &Id<Annotation>, to: RepairTo) -> Result<String, EditError> {
    let before = plan.find(id, "annotation")?;
    let (_, text) = text_of(plan, before)?;
    if anchor::placement(&before.ranges, &before.quote, text) == Placement::Placed {
        return Err(EditError::NothingToRepair);
    }
    let ranges = match to {
        RepairTo::Words => anchor::find_again(before, text).ok_or(EditError::QuoteNotFound)?,
        RepairTo::Place => before.ranges.clone(),
    };
    move_to(plan, id, &ranges)?;
    Ok("repair the quote".to_owned())
}

/// Whether the label allows the value.
fn check_value(label: &Label, key: &str, value: &AttributeValue) -> Result<(), EditError> {
    let definition = label.attribute(key).ok_or_else(|| EditError::NoSuchAttribute { label: label.name.clone(), key: key.to_owned() })?;
    let allowed = &definition.values;
    if allowed.is_empty() || allowed.iter().any(|word| word == value.as_str()) {
        return Ok(());
    }
    Err(EditError::NoSuchValue { key: key.to_owned(), value: value.as_str().to_owned(), allowed: allowed.join(", ") })
}

pub(super) fn check_source(label: &Label) -> Result<(), EditError> {
    if label.source { Ok(()) } else { Err(EditError::NoSource { label: label.name.clone() }) }
}
