//! Unlimited undo and redo, and whether the project differs from what was saved.

use super::{
    Transaction,
    rebase::{Others, rebased},
};
use crate::model::Project;
use std::sync::Arc;

/// A step, and what became of it.
#[derive(Debug)]
struct Step {
    /// What the state after it is called.
    serial: u64,
    transaction: Arc<Transaction>,
    /// Others' work came in since: it is made to fit before it is taken back or made again.
    overtaken: bool,
    /// The number of the merge that it is.
    merge: Option<u64>,
}

/// What was done and what was taken back.
#[derive(Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Serial number of the last transaction ever made.
    last: u64,
    /// The serial number on top of `done` when the project was saved.
    saved: u64,
    /// What the state without a step is called.
    first: u64,
    revision: u64,
}

/// A step back or on that was made and not yet taken note of.
#[derive(Debug)]
pub struct Stepped {
    /// What was done, as it fits the project now.
    pub transaction: Arc<Transaction>,
    /// Whether it went back.
    pub undo: bool,
}

/// A step back or on before it is made.
#[derive(Debug, Clone)]
pub struct Stepping {
    transaction: Arc<Transaction>,
    overtaken: bool,
    undo: bool,
}

impl Stepping {
    /// Makes the step. Takes time by its size; by the number of records where others' work came in since.
    pub fn run(self, project: &mut Project, others: &Others<'_>) -> Stepped {
        let Self { transaction, overtaken, undo } = self;
        let transaction = if overtaken { Arc::new(rebased(&transaction, project, undo, others)) } else { transaction };
        if undo {
            transaction.revert(project);
        } else {
            transaction.apply(project);
        }
        Stepped { transaction, undo }
    }
}

impl History {
    /// Applies a transaction. Nothing happens to one without a change.
    pub fn commit(&mut self, project: &mut Project, transaction: Transaction) -> Arc<Transaction> {
        transaction.apply(project);
        self.adopt(transaction)
    }

    /// Takes note of a transaction that was applied already.
    pub fn adopt(&mut self, transaction: Transaction) -> Arc<Transaction> {
        self.push(transaction, None)
    }

    /// Takes note of a merge that the user asked for, under a number of its own.
    pub fn adopt_merge(&mut self, transaction: Transaction, number: u64) -> Arc<Transaction> {
        self.push(transaction, Some(number))
    }

    fn push(&mut self, transaction: Transaction, merge: Option<u64>) -> Arc<Transaction> {
        let transaction = Arc::new(transaction);
        if transaction.changes.is_empty() {
            return transaction;
        }
        self.undone.clear();
        self.last += 1;
        self.revision += 1;
        self.done.push(Step { serial: self.last, transaction: Arc::clone(&transaction), overtaken: false, merge });
        transaction
    }

    /// Takes note that others' work came in by itself. It is no step: what stands before it is made to fit when it is taken back.
    pub fn came_in(&mut self) {
        for step in self.done.iter_mut().chain(&mut self.undone) {
            step.overtaken = true;
        }
        self.forget_saved();
    }

    /// Takes note that what is done is on the disk: merges are no steps any more, since taking one back would delete what others wrote,
    /// and one that was taken back is not made again.
    pub fn keep_merges(&mut self) {
        if self.undone.iter().any(|step| step.merge.is_some()) {
            self.undone.clear();
        }
        let Some(newest) = self.done.iter().rposition(|step| step.merge.is_some()) else { return };
        let mut kept: Vec<Step> = Vec::with_capacity(self.done.len());
        for (at, mut step) in std::mem::take(&mut self.done).into_iter().enumerate() {
            step.overtaken |= at < newest;
            if step.merge.is_none() {
                kept.push(step);
            } else if let Some(before) = kept.last_mut() {
                // The state after the merge is the state after the step before it from now on.
                before.serial = step.serial;
            } else {
                self.first = step.serial;
            }
        }
        self.done = kept;
    }

    /// The merges that can still be taken back or made again, with their numbers.
    pub fn merges(&self) -> impl Iterator<Item = (u64, &Arc<Transaction>)> {
        self.done.iter().chain(&self.undone).filter_map(|step| Some((step.merge?, &step.transaction)))
    }

    /// What undo or redo would act on.
    pub fn next(&self, undo: bool) -> Option<&Arc<Transaction>> {
        self.top(undo).map(|step| &step.transaction)
    }

    /// The number of the merge that undo or redo would act on.
    pub fn next_merge(&self, undo: bool) -> Option<u64> {
        self.top(undo)?.merge
    }

    fn top(&self, undo: bool) -> Option<&Step> {
        if undo { self.done.last() } else { self.undone.last() }
    }

    /// The next step back or on, to be made.
    pub fn next_step(&self, undo: bool) -> Option<Stepping> {
        let step = self.top(undo)?;
        Some(Stepping { transaction: Arc::clone(&step.transaction), overtaken: step.overtaken, undo })
    }

    /// Takes note that the project went a step back or on.
    pub fn step(&mut self, stepped: Stepped) -> Option<Arc<Transaction>> {
        let Stepped { transaction, undo } = stepped;
        let (from, to) = if undo { (&mut self.done, &mut self.undone) } else { (&mut self.undone, &mut self.done) };
        let step = from.pop()?;
        self.revision += 1;
        to.push(Step { transaction: Arc::clone(&transaction), overtaken: false, ..step });
        Some(transaction)
    }

    /// All steps, done and undone ones.
    pub fn steps(&self) -> impl Iterator<Item = &Transaction> {
        self.done.iter().chain(&self.undone).map(|step| &*step.transaction)
    }

    /// Writes steps anew, done and undone ones. `false` when there was none to rewrite.
    pub fn rewrite(&mut self, mut step: impl FnMut(&Transaction) -> Option<Transaction>) -> bool {
        let mut rewrote = false;
        for known in self.done.iter_mut().chain(&mut self.undone) {
            if let Some(other) = step(&known.transaction) {
                known.transaction = Arc::new(other);
                rewrote = true;
            }
        }
        rewrote
    }

    /// Takes note that no step leads back to what is on the disk.
    pub fn forget_saved(&mut self) {
        self.revision += 1;
        self.last += 1;
        self.first = self.last;
        for step in self.done.iter_mut().chain(&mut self.undone) {
            self.last += 1;
            step.serial = self.last;
        }
    }

    /// Grows with every change, undo and redo: the key of caches.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the state is called that saving would write; give it to [`History::mark_saved`] when it is on the disk.
    pub fn state(&self) -> u64 {
        self.done.last().map_or(self.first, |step| step.serial)
    }

    /// Takes note that this state is on the disk.
    pub fn mark_saved(&mut self, state: u64) {
        self.saved = state;
    }

    /// Takes note that no state is on the disk.
    pub fn mark_unsaved(&mut self) {
        self.saved = u64::MAX;
    }

    /// Whether the project differs from what was saved. Undoing back to the save makes it clean again.
    pub fn is_dirty(&self) -> bool {
        self.state() != self.saved
    }

    /// The title of what undo would take back.
    pub fn undo_title(&self) -> Option<&str> {
        self.done.last().map(|step| step.transaction.title.as_str())
    }

    /// The title of what redo would make again.
    pub fn redo_title(&self) -> Option<&str> {
        self.undone.last().map(|step| step.transaction.title.as_str())
    }
}
