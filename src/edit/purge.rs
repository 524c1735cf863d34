//! Takes what somebody wrote about a record out of the project and out of every step of undo. It cannot be undone itself: that is its
//! purpose.

use super::{Change, History, Swap, Transaction};
use crate::{
    model::{Annotation, Comment, Decision, Key, Project, Source, Table},
    review::Answers,
};
use std::sync::Arc;

/// What stands where a comment was, so that its answers keep their place.
pub const PURGED: &str = "(purged)";

/// A record that people write about.
trait Purge: Clone {
    /// The fields that hold what is written about it, as a join names them.
    const FIELDS: &'static [&'static str];
    /// The record without what was written. `now` is the record as the project has it, purged.
    fn purged(&self, now: Option<&Self>) -> Self;
}

impl Purge for Annotation {
    const FIELDS: &'static [&'static str] = &["note", "attributes.evidence"];

    fn purged(&self, _: Option<&Self>) -> Self {
        let conflicts = self.conflicts.without("note");
        Self { note: String::new(), attributes: self.attributes.with("evidence", None), conflicts, ..self.clone() }
    }
}

impl Purge for Source {
    const FIELDS: &'static [&'static str] = &["alias", "role", "public_label"];

    /// Its name stays as it is now: it was read by whoever purges. Earlier names go.
    fn purged(&self, now: Option<&Self>) -> Self {
        let alias = now.unwrap_or(self).alias.clone();
        let conflicts = ["alias", "role", "public_label"].iter().fold(self.conflicts.clone(), |conflicts, field| conflicts.without(field));
        Self { alias, role: String::new(), public_label: String::new(), conflicts, ..self.clone() }
    }
}

impl Purge for Decision {
    const FIELDS: &'static [&'static str] = &["note", "answers"];

    fn purged(&self, _: Option<&Self>) -> Self {
        let mut answers = Answers::read(self.answers.as_ref());
        for answered in answers.0.values_mut() {
            answered.note.clear();
        }
        let conflicts = ["note", "answers"].iter().fold(self.conflicts.clone(), |conflicts, field| conflicts.without(field));
        Self { note: String::new(), answers: answers.to_raw(), conflicts, ..self.clone() }
    }
}

impl Purge for Comment {
    const FIELDS: &'static [&'static str] = &["text"];

    fn purged(&self, _: Option<&Self>) -> Self {
        Self { text: PURGED.to_owned(), conflicts: self.conflicts.without("text"), ..self.clone() }
    }
}

/// Purges an annotation's note and evidence, a source's description and earlier names, a decision's notes or a comment. Gives the
/// fields that were purged, as a join names them; `None` when there is no such record, nor was there one in any step.
pub fn purge(project: &mut Project, history: &mut History, record: &Key) -> Option<&'static [&'static str]> {
    let here = one(&mut project.annotations, record)
        .or_else(|| one(&mut project.sources, record))
        .or_else(|| one(&mut project.decisions, record))
        .or_else(|| one(&mut project.comments, record));
    let then = history.rewrite(|step| rewritten(project, step, record));
    if here.is_some() || then {
        history.forget_saved();
    }
    here.or(then.then_some(&[]))
}

/// Purges the record where it stands.
fn one<T: Purge>(table: &mut Table<T>, record: &Key) -> Option<&'static [&'static str]> {
    let id = record.clone().into();
    let purged = table.get(&id).map(|known| known.purged(Some(known)))?;
    table.set(&id, Some(Arc::new(purged)));
    Some(T::FIELDS)
}

/// A step of undo without what was written about the record; `None` when it holds nothing of it.
fn rewritten(project: &Project, step: &Transaction, record: &Key) -> Option<Transaction> {
    let mut touched = false;
    let changes = step.changes.iter().map(|change| match change {
        Change::Annotation(swap) if swap.id.key() == record => changed(swap, &project.annotations, Change::Annotation, &mut touched),
        Change::Source(swap) if swap.id.key() == record => changed(swap, &project.sources, Change::Source, &mut touched),
        Change::Decision(swap) if swap.id.key() == record => changed(swap, &project.decisions, Change::Decision, &mut touched),
        Change::Comment(swap) if swap.id.key() == record => changed(swap, &project.comments, Change::Comment, &mut touched),
        other => other.clone(),
    });
    let changes = changes.collect();
    // A title may name a source as it was called then.
    let title = if touched { "edit".to_owned() } else { step.title.clone() };
    touched.then(|| Transaction { title, changes, ..step.clone() })
}

fn changed<T: Purge>(swap: &Swap<T>, table: &Table<T>, change: impl FnOnce(Swap<T>) -> Change, touched: &mut bool) -> Change {
    *touched = true;
    let now = table.get(&swap.id).map(|known| &**known);
    let side = |side: &Option<Arc<T>>| side.as_ref().map(|known| Arc::new(known.purged(now)));
    change(Swap { id: swap.id.clone(), before: side(&swap.before), after: side(&swap.after) })
}
