//! Plans for what comes in from other formats: new records get ids, records of our own exports keep theirs, and what is there already is
//! not added twice.

use super::{EditError, Plan, document};
use crate::{
    edit::{
        Environment, Focus, Import,
        import::{ImportAnnotation, ImportDocument, ImportSource},
    },
    model::{
        Annotation, Attributes, Comment, Conflicts, Document, Extra, Id, Key, LIMITS, Label, Omission, Person, RawJson, Relation,
        RelationKind, Source, Status, Text,
    },
    text::Ranges,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Ids that this import has given, over all its articles.
#[derive(Default)]
struct Given {
    taken: BTreeSet<Key>,
    persons: BTreeMap<String, Id<Person>>,
    sources: BTreeMap<ImportSource, Id<Source>>,
}

/// Annotations of the project by article, label and place.
type There<'p> = HashMap<(&'p Id<Document>, &'p Id<Label>, &'p Ranges), &'p Id<Annotation>>;

/// Links of the project by kind and ends.
type Linked<'p> = HashSet<(&'p Id<RelationKind>, &'p Id<Annotation>, &'p Id<Annotation>)>;

/// Brings an import in. `go_on` is told how many annotations are done and says whether to go on.
pub(super) fn import(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    import: &Import,
    go_on: &dyn Fn(usize) -> bool,
) -> Result<String, EditError> {
    if plan.project.annotations.len() + import.annotations() > LIMITS.records {
        return Err(EditError::TooManyRecords { limit: LIMITS.records });
    }
    for label in import.labels.iter().filter(|label| !plan.project.labels.contains(&label.id)) {
        plan.add(&label.id, label.clone());
    }
    for kind in import.relation_kinds.iter().filter(|kind| !plan.project.relation_kinds.contains(&kind.id)) {
        plan.add(&kind.id, kind.clone());
    }
    let mut given = Given::default();
    let known: BTreeSet<&Id<Label>> =
        plan.project.labels.entries().map(|(id, _)| id).chain(import.labels.iter().map(|label| &label.id)).collect();
    let (mut done, mut articles, mut annotations) = (0, 0, 0);
    let (mut there, mut linked) = (There::new(), Linked::new());
    if import.documents.iter().any(|document| document.into.is_some()) {
        there = plan.project.annotations.iter().map(|one| ((&one.document, &one.label, &one.ranges), &one.id)).collect();
        linked = plan.project.relations.iter().map(|link| (&link.kind, &link.from, &link.to)).collect();
    }
    plan.made = None;
    let mut focus = None;
    for incoming in &import.documents {
        if !go_on(done) {
            return Err(EditError::Cancelled);
        }
        done += incoming.annotations.len();
        let document = if let Some(into) = &incoming.into {
            Document::clone(plan.find(into, "document")?)
        } else {
            articles += 1;
            let mut document = new_document(plan, environment, incoming, &mut given)?;
            if document.status == Status::New && !incoming.annotations.is_empty() {
                document.status = Status::InProgress;
            }
            plan.add(&document.id.clone(), document.clone());
            document
        };
        focus.get_or_insert_with(|| document.id.clone());
        annotations += fill(plan, environment, incoming, &document, &known, (&there, &linked), &mut given)?;
    }
    plan.focus = Focus { document: focus, ..Focus::default() };
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    Ok(match (articles, annotations) {
        (0, annotations) => format!("import {}", count(annotations, "annotation")),
        (articles, 0) => format!("import {}", count(articles, "article")),
        (articles, annotations) => format!("import {} with {}", count(articles, "article"), count(annotations, "annotation")),
    })
}

/// A wish for an id: granted where it is a UUID that nothing has.
fn wished(plan: &Plan<'_>, environment: &mut impl Environment, given: &mut Given, wish: &str) -> Key {
    let key = Key::from(wish);
    let free = wish.len() == 36 && uuid::Uuid::try_parse(wish).is_ok() && !plan.project.has_record(&key) && !given.taken.contains(&key);
    let key = if free { key } else { Key::from_random(environment.random()) };
    given.taken.insert(key.clone());
    key
}

fn new_document(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    incoming: &ImportDocument,
    given: &mut Given,
) -> Result<Document, EditError> {
    let text = document::add_text(plan, &incoming.content)?;
    let id: Id<Document> = wished(plan, environment, given, &incoming.id).into();
    let title = if incoming.title.trim().is_empty() { "Untitled article" } else { incoming.title.trim() };
    let mut document = document::bare(id, text, title, "", incoming.imported.clone());
    for (key, value) in &incoming.details {
        if let Ok(field) = serde_json::from_value(serde_json::Value::from(key.as_str())) {
            // A status or direction that nobody knows is left out.
            document = document::with_field(&document, field, value).unwrap_or(document);
        }
    }
    for (key, lines) in &incoming.kept {
        if let Ok(raw) = RawJson::from_value(lines) {
            document.extra.insert(format!("kept.{key}").into(), raw);
        }
    }
    Ok(document)
}

/// Puts annotations and what belongs to them into a document; says how many are new or changed.
fn fill(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    incoming: &ImportDocument,
    document: &Document,
    known: &BTreeSet<&Id<Label>>,
    (there, linked): (&There<'_>, &Linked<'_>),
    given: &mut Given,
) -> Result<usize, EditError> {
    let mut ids: HashMap<&str, Id<Annotation>> = HashMap::with_capacity(incoming.annotations.len());
    let mut records: HashMap<&str, Key> = HashMap::new();
    let mut changed = 0;
    for one in &incoming.annotations {
        if !known.contains(&one.label) {
            return Err(EditError::Missing { kind: "label", id: one.label.key().clone() });
        }
        let wish: Id<Annotation> = one.id.as_str().into();
        let before = plan.project.annotations.get(&wish).filter(|before| before.document == document.id);
        let same = there.get(&(&document.id, &one.label, &one.ranges)).filter(|_| before.is_none() && !one.ranges.is_empty());
        let id = match (before, same) {
            (Some(before), _) => {
                let after = updated(plan, environment, before, one, &document.text, given)?;
                let count = plan.changes.len();
                plan.replace(&before.id, before, after);
                changed += plan.changes.len() - count;
                before.id.clone()
            }
            (None, Some(same)) => (*same).clone(),
            (None, None) => {
                let id: Id<Annotation> = wished(plan, environment, given, &one.id).into();
                let mut annotation = Annotation::new(id.clone(), document, one.label.clone(), one.ranges.clone(), one.quote.clone());
                annotation.attributes =
                    one.attributes.iter().fold(Attributes::default(), |all, (key, value)| all.with(key, Some(value.clone())));
                annotation.source = source(plan, environment, one.source.as_ref(), given)?;
                annotation.note.clone_from(&one.note);
                annotation.origin = one.origin;
                annotation.by = person(plan, environment, &one.by, given);
                if let Some(raw) = RawJson::from_value(&one.was).ok().filter(|_| !one.was.is_empty()) {
                    annotation.extra.insert("kept.id".into(), raw);
                }
                plan.add(&id, annotation);
                changed += 1;
                id
            }
        };
        records.insert(&one.id, id.key().clone());
        ids.insert(&one.id, id);
    }
    for link in &incoming.links {
        let (Some(from), Some(to)) = (ids.get(link.from.as_str()), ids.get(link.to.as_str())) else { continue };
        let is_there = incoming.into.is_some() && linked.contains(&(&link.kind, from, to));
        if is_there || from == to {
            continue;
        }
        let id: Id<Relation> = wished(plan, environment, given, &link.id).into();
        let by = person(plan, environment, &link.by, given);
        let (conflicts, extra) = (Conflicts::default(), Extra::default());
        plan.add(&id.clone(), Relation { id, kind: link.kind.clone(), from: from.clone(), to: to.clone(), by, conflicts, extra });
    }
    for omission in incoming.omissions.iter().filter(|omission| omission.ranges.is_well_formed()) {
        let is_there = plan.project.omissions.iter().any(|known| known.document == document.id && known.ranges == omission.ranges);
        if is_there {
            continue;
        }
        let id: Id<Omission> = wished(plan, environment, given, &omission.id).into();
        let (conflicts, extra) = (Conflicts::default(), Extra::default());
        let (document, text, ranges, why) = (document.id.clone(), document.text.clone(), omission.ranges.clone(), omission.why.clone());
        plan.add(&id.clone(), Omission { id, document, text, ranges, why, by: None, conflicts, extra });
    }
    // Comments on comments follow in later rounds.
    let mut left: Vec<_> = incoming.comments.iter().collect();
    records.insert(&incoming.id, document.id.key().clone());
    while !left.is_empty() {
        let before = left.len();
        let mut later = Vec::new();
        for comment in left {
            let Some(on) = records.get(comment.on.as_str()).cloned() else {
                later.push(comment);
                continue;
            };
            let wish: Id<Comment> = comment.id.as_str().into();
            if plan.project.comments.contains(&wish) {
                records.insert(&comment.id, wish.key().clone());
                continue;
            }
            let id: Id<Comment> = wished(plan, environment, given, &comment.id).into();
            records.insert(&comment.id, id.key().clone());
            let by = person(plan, environment, &comment.by, given);
            let (conflicts, extra) = (Conflicts::default(), Extra::default());
            let (text, resolved, at) = (comment.text.clone(), comment.resolved, comment.at.clone());
            plan.add(&id.clone(), Comment { id, on, text, resolved, by, at, conflicts, extra });
        }
        left = later;
        if left.len() == before {
            break;
        }
    }
    Ok(changed)
}

/// What an annotation of the project becomes when it comes back from another tool: place, label and what is said there win; what is not
/// said there stays.
fn updated(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    before: &Annotation,
    one: &ImportAnnotation,
    text: &Id<Text>,
    given: &mut Given,
) -> Result<Annotation, EditError> {
    let mut after = before.clone();
    if !one.ranges.is_empty() && (after.ranges != one.ranges || after.text != *text) {
        (after.ranges, after.quote, after.text) = (one.ranges.clone(), one.quote.clone().into(), text.clone());
        after.conflicts = after.conflicts.without("place");
    }
    after.label.clone_from(&one.label);
    for (key, value) in &one.attributes {
        after.attributes = after.attributes.with(key, Some(value.clone()));
    }
    if let Some(source) = source(plan, environment, one.source.as_ref(), given)? {
        after.source = Some(source);
    }
    if !one.note.is_empty() {
        after.note.clone_from(&one.note);
    }
    Ok(after)
}

/// The person of these initials, new where nobody has them.
fn person(plan: &mut Plan<'_>, environment: &mut impl Environment, name: &str, given: &mut Given) -> Option<Id<Person>> {
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    if let Some(known) = given.persons.get(name) {
        return Some(known.clone());
    }
    let known = plan.project.persons.iter().find(|person| person.name == name).map(|person| person.id.clone());
    let id = known.unwrap_or_else(|| {
        let id: Id<Person> = Key::short_from_random(environment.random()).into();
        let (conflicts, extra) = (Conflicts::default(), Extra::default());
        plan.add(&id.clone(), Person { id: id.clone(), name: name.to_owned(), roles: vec!["annotator".to_owned()], conflicts, extra });
        id
    });
    given.persons.insert(name.to_owned(), id.clone());
    Some(id)
}

/// The source of the project that this is, or a new one.
fn source(
    plan: &mut Plan<'_>,
    environment: &mut impl Environment,
    source: Option<&ImportSource>,
    given: &mut Given,
) -> Result<Option<Id<Source>>, EditError> {
    let Some(wanted) = source else { return Ok(None) };
    if let Some(known) = given.sources.get(wanted) {
        return Ok(Some(known.clone()));
    }
    let by_id: Id<Source> = wanted.id.as_str().into();
    let known = plan.project.sources.get(&by_id).map(|source| source.id.clone());
    let same =
        || plan.project.sources.iter().find(|known| known.alias == wanted.alias && known.kind == wanted.kind).map(|known| known.id.clone());
    // Two sources of one alias in our own exports are two; a table of somebody else means one.
    let known = known.or_else(|| if wanted.id.is_empty() { same() } else { None });
    let id = if let Some(known) = known {
        known
    } else {
        let mut new = super::source::new_source(environment, &wanted.alias, wanted.kind, &wanted.role, &wanted.public_label)?;
        new.id = wished(plan, environment, given, &wanted.id).into();
        let id = new.id.clone();
        plan.add(&id, new);
        id
    };
    given.sources.insert(wanted.clone(), id.clone());
    Ok(Some(id))
}
