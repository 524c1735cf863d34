//! A step of undo over work that came in since it was made: it takes back what it did itself, and nothing of what others wrote.

use super::{Change, Swap, Transaction, change::Changeable};
use crate::model::{
    Comment, Conflicts, Key, Kind, Project, ProjectInfo, Record, Text,
    fields::{self, Fields, GONE},
    references::{self, Refers},
};
use compact_str::CompactString;
use serde::de::DeserializeOwned;
use std::{collections::BTreeSet, sync::Arc};

/// Calls a macro with the kinds of records that a step changes and their tables.
macro_rules! kinds {
    ($call:ident) => {
        $call!(
            Person persons, Label labels, RelationKind relation_kinds, Policy policies, Document documents, Source sources,
            Annotation annotations, Relation relations, Decision decisions, Comment comments, Omission omissions,
        )
    };
}

/// The step that leads to what taking `step` back (or making it again) means now. A field that somebody wrote since stays as it is; a
/// record that somebody changed since, or refers to, is not deleted; one whose article or source is gone does not come back.
///
/// Takes time by the number of records, hence is for steps only that work came in over.
pub(super) fn rebased(step: &Transaction, now: &Project, undo: bool, others: &Others<'_>) -> Transaction {
    // What is made again is what the user wants to write over what stands there.
    let nobody = |_: Kind, _: &Key, _: Option<&str>| false;
    let others: &Others<'_> = if undo { others } else { &nobody };
    let mut rebasing = Rebasing { now, then: now.clone(), others, touched: BTreeSet::new() };
    let mut changes: Vec<&Change> = step.changes.iter().collect();
    if undo {
        changes.reverse();
    }
    for change in changes {
        rebasing.follow(change, undo);
    }
    rebasing.keep_what_others_need();
    let found = rebasing.changes();
    let changes = if undo { found.iter().rev().map(Change::inverse).collect() } else { found };
    Transaction { changes, ..step.clone() }
}

/// Says whether others wrote a field of a record as it stands; without a field, anything in it. They may have written the same.
pub type Others<'o> = dyn Fn(Kind, &Key, Option<&str>) -> bool + 'o;

struct Rebasing<'p> {
    now: &'p Project,
    then: Project,
    others: &'p Others<'p>,
    /// Records that the step changes; a text has the kind of none.
    touched: BTreeSet<(Option<Kind>, Key)>,
}

impl Rebasing<'_> {
    fn follow(&mut self, change: &Change, undo: bool) {
        macro_rules! follow {
            ($($kind:ident $table:ident,)*) => {
                match change {
                    Change::Info { before, after } => {
                        let (from, to) = if undo { (after, before) } else { (before, after) };
                        self.then.info = info(&self.then.info, from, to, self.others);
                    }
                    // A text is named by its content: it is there or not.
                    Change::Text(swap) => {
                        self.touched.insert((None, swap.id.key().clone()));
                        self.then.texts.set(&swap.id, swap.sides(undo).1.cloned());
                    }
                    $(Change::$kind(swap) => {
                        self.touched.insert((Some(Kind::$kind), swap.id.key().clone()));
                        let target = target(self.then.$table.get(&swap.id), swap.sides(undo), self.others);
                        self.then.$table.set(&swap.id, target);
                    })*
                }
            };
        }
        kinds!(follow);
    }

    /// Leaves as they are: records that would go though others refer to them, and records that would refer to what is gone.
    fn keep_what_others_need(&mut self) {
        loop {
            let mut kept: BTreeSet<(Option<Kind>, Key)> = BTreeSet::new();
            let is_gone = |id: &(Option<Kind>, Key)| id.0.is_some_and(|kind| !has(&self.then, kind, &id.1));
            let gone: BTreeSet<_> = self.touched.iter().filter(|id| is_gone(id)).collect();
            if !gone.is_empty() {
                references::all(&self.then, &mut |kind, key| {
                    kept.extend(gone.get(&(Some(kind), key.clone())).map(|id| (*id).clone()));
                });
            }
            let dangling = self.touched.iter().filter(|(kind, key)| kind.is_some_and(|kind| self.dangles(kind, key)));
            kept.extend(dangling.cloned());
            if kept.is_empty() {
                break;
            }
            for id in kept {
                self.leave(&id);
            }
        }
        let texts = self.touched.iter().filter(|(kind, key)| kind.is_none() && self.is_named(key)).cloned();
        for id in texts.collect::<Vec<_>>() {
            self.leave(&id);
        }
    }

    /// Whether a record that comes back or changes would refer to a record that is not there, and does not do so already.
    fn dangles(&self, kind: Kind, key: &Key) -> bool {
        macro_rules! dangles {
            ($($kind:ident $table:ident,)*) => {
                match kind {
                    $(Kind::$kind => {
                        let id = key.clone().into();
                        let lacks = |record: &crate::model::$kind| lacks(&self.then, record);
                        let before = self.now.$table.get(&id).map(|record| lacks(record)).unwrap_or_default();
                        self.then.$table.get(&id).is_some_and(|record| !lacks(record).is_subset(&before))
                    })*
                    Kind::Project => false,
                }
            };
        }
        kinds!(dangles)
    }

    /// Whether something stands in a text.
    fn is_named(&self, text: &Key) -> bool {
        let then = &self.then;
        then.documents.iter().any(|document| document.text.key() == text)
            || then.annotations.iter().any(|annotation| annotation.text.key() == text)
            || then.omissions.iter().any(|omission| omission.text.key() == text)
    }

    /// Takes a record out of the step.
    fn leave(&mut self, id: &(Option<Kind>, Key)) {
        self.touched.remove(id);
        macro_rules! leave {
            ($($kind:ident $table:ident,)*) => {
                match id.0 {
                    $(Some(Kind::$kind) => {
                        let id = id.1.clone().into();
                        self.then.$table.set(&id, self.now.$table.get(&id).cloned());
                    })*
                    None => {
                        let id = id.1.clone().into();
                        self.then.texts.set(&id, self.now.texts.get(&id).cloned());
                    }
                    Some(Kind::Project) => {}
                }
            };
        }
        kinds!(leave);
    }

    /// What leads from now to then.
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::with_capacity(self.touched.len() + 1);
        if self.now.info != self.then.info {
            changes.push(Change::Info { before: Arc::clone(&self.now.info), after: Arc::clone(&self.then.info) });
        }
        for (kind, key) in &self.touched {
            macro_rules! change {
                ($($kind:ident $table:ident,)*) => {
                    match kind {
                        $(Some(Kind::$kind) => changed::<crate::model::$kind>(self.now, &self.then, key),)*
                        None => changed::<Text>(self.now, &self.then, key),
                        Some(Kind::Project) => None,
                    }
                };
            }
            changes.extend(kinds!(change));
        }
        changes
    }
}

fn changed<T: Changeable + PartialEq>(now: &Project, then: &Project, key: &Key) -> Option<Change> {
    let id = key.clone().into();
    let (before, after) = (T::table(now).get(&id).cloned(), T::table(then).get(&id).cloned());
    (before != after).then(|| T::change(Swap { id, before, after }))
}

fn has(project: &Project, kind: Kind, key: &Key) -> bool {
    macro_rules! has {
        ($($kind:ident $table:ident,)*) => {
            match kind {
                $(Kind::$kind => project.$table.contains(&key.clone().into()),)*
                Kind::Project => project.info.key() == key,
            }
        };
    }
    kinds!(has)
}

/// What a record refers to and is not there. People are named in many files that do not hold them.
fn lacks<R: Record + Refers>(project: &Project, record: &R) -> BTreeSet<Key> {
    let mut lacking = BTreeSet::new();
    record.refers(&mut |kind, key| {
        // A comment does not know the kind of what it is on.
        let is_there = if R::KIND == <Comment as Record>::KIND { project.has_record(key) } else { has(project, kind, key) };
        if kind != Kind::Person && !is_there {
            lacking.insert(key.clone());
        }
    });
    lacking
}

/// What becomes of a record that a step leads from one state to another.
fn target<R: Record + DeserializeOwned>(
    now: Option<&Arc<R>>,
    (from, to): (Option<&Arc<R>>, Option<&Arc<R>>),
    others: &Others<'_>,
) -> Option<Arc<R>> {
    match (now, from, to) {
        (None, None, _) => to.cloned(),
        (Some(now), Some(from), Some(to)) => patched(&**now, Some(&**from), to, others).map(Arc::new).or_else(|| Some(Arc::clone(now))),
        // It was deleted, and lives for somebody else: what the deletion took away comes back.
        (Some(now), None, Some(to)) => patched(&**now, None, to, others).map(Arc::new).or_else(|| Some(Arc::clone(now))),
        (Some(now), Some(from), None) if (Arc::ptr_eq(now, from) || now == from) && !others(R::KIND, now.key(), None) => None,
        // Somebody else changed it, or deleted it.
        _ => now.cloned(),
    }
}

fn info(now: &Arc<ProjectInfo>, from: &Arc<ProjectInfo>, to: &Arc<ProjectInfo>, others: &Others<'_>) -> Arc<ProjectInfo> {
    target(Some(now), (Some(from), Some(to)), others).unwrap_or_else(|| Arc::clone(now))
}

/// What a field says: its value, or the values among which somebody has to decide.
#[derive(PartialEq, Eq)]
struct Said<'f>(Option<&'f str>, Option<BTreeSet<Option<Box<str>>>>);

fn said<'f>(fields: &'f Fields, conflicts: &Conflicts, name: &str) -> Said<'f> {
    let undecided = conflicts.get(name).and_then(|raw| fields::undecided(raw).ok());
    let values: Option<BTreeSet<_>> = undecided.map(|pairs| pairs.into_iter().map(|(_, value)| value).collect());
    // Of undecided values, none is the value.
    Said(fields.get(name).filter(|_| values.is_none()).map(|value| &**value), values)
}

/// The record with each field as `to` has it that is still as `from` left it; without `from`, each that a deletion took away.
fn patched<R: Record + DeserializeOwned>(now: &R, from: Option<&R>, to: &R, others: &Others<'_>) -> Option<R> {
    let (mut all, old, new) = (fields::fields(now), from.map(fields::fields).unwrap_or_default(), fields::fields(to));
    let mut conflicts = now.conflicts().clone();
    let none = Conflicts::default();
    let was = from.map_or(&none, Record::conflicts);
    let open = [now.conflicts(), was, to.conflicts()].into_iter().flat_map(Conflicts::iter).map(|(name, _)| name);
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).map(CompactString::as_str).chain(open).collect();
    let mut taken = Vec::new();
    for name in names {
        let (left, wanted, found) = (said(&old, was, name), said(&new, to.conflicts(), name), said(&all, now.conflicts(), name));
        let is_taken_away = found.1.is_none() && fields::is_taken_away(R::KIND, name, found.0);
        let is_as_left = match from {
            Some(_) => left != wanted && found == left && !others(R::KIND, now.key(), Some(name)),
            None => name == GONE || is_taken_away || found == Said(None, None),
        };
        if is_as_left {
            taken.push(name);
        }
    }
    let taken: Vec<_> = taken.into_iter().map(CompactString::new).collect();
    for name in taken {
        match new.get(&name) {
            Some(value) => all.insert(name.clone(), value.clone()),
            None => all.remove(&name),
        };
        conflicts = conflicts.without(&name);
        if let Some(raw) = to.conflicts().get(&name) {
            conflicts.insert(name, raw.clone());
        }
    }
    fields::record_of(now.key(), all.iter().map(|(name, value)| (name.as_str(), value.as_ref())), &conflicts).ok()
}
