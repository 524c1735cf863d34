//! Unlimited undo and redo, and whether the project differs from what was saved.

use super::Transaction;
use crate::model::Project;
use std::sync::Arc;

/// What was done and what was taken back.
#[derive(Debug, Default)]
pub struct History {
    done: Vec<(u64, Arc<Transaction>)>,
    undone: Vec<(u64, Arc<Transaction>)>,
    /// Serial number of the last transaction ever made.
    last: u64,
    /// The serial number on top of `done` when the project was saved.
    saved: u64,
    /// What the state without a step is called.
    first: u64,
    revision: u64,
}

impl History {
    /// Applies a transaction. Nothing happens to one without a change.
    pub fn commit(&mut self, project: &mut Project, transaction: Transaction) -> Arc<Transaction> {
        transaction.apply(project);
        self.adopt(transaction)
    }

    /// Takes note of a transaction that was applied already.
    pub fn adopt(&mut self, transaction: Transaction) -> Arc<Transaction> {
        let transaction = Arc::new(transaction);
        if transaction.changes.is_empty() {
            return transaction;
        }
        self.undone.clear();
        self.last += 1;
        self.revision += 1;
        self.done.push((self.last, Arc::clone(&transaction)));
        transaction
    }

    /// Takes the last transaction back.
    pub fn undo(&mut self, project: &mut Project) -> Option<Arc<Transaction>> {
        self.next(true)?.revert(project);
        self.step(true)
    }

    /// Makes the transaction that was taken back last again.
    pub fn redo(&mut self, project: &mut Project) -> Option<Arc<Transaction>> {
        self.next(false)?.apply(project);
        self.step(false)
    }

    /// What undo or redo would act on.
    pub fn next(&self, undo: bool) -> Option<&Arc<Transaction>> {
        let stack = if undo { &self.done } else { &self.undone };
        stack.last().map(|(_, transaction)| transaction)
    }

    /// Takes note that the project went a step back or on.
    pub fn step(&mut self, undo: bool) -> Option<Arc<Transaction>> {
        let (from, to) = if undo { (&mut self.done, &mut self.undone) } else { (&mut self.undone, &mut self.done) };
        let (serial, transaction) = from.pop()?;
        self.revision += 1;
        to.push((serial, Arc::clone(&transaction)));
        Some(transaction)
    }

    /// All steps, done and undone ones.
    pub fn steps(&self) -> impl Iterator<Item = &Transaction> {
        self.done.iter().chain(&self.undone).map(|(_, transaction)| &**transaction)
    }

    /// Writes steps anew, done and undone ones. `false` when there was none to rewrite.
    pub fn rewrite(&mut self, mut step: impl FnMut(&Transaction) -> Option<Transaction>) -> bool {
        let mut rewrote = false;
        for (_, transaction) in self.done.iter_mut().chain(&mut self.undone) {
            if let Some(other) = step(transaction) {
                *transaction = Arc::new(other);
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
        for (serial, _) in self.done.iter_mut().chain(&mut self.undone) {
            self.last += 1;
            *serial = self.last;
        }
    }

    /// Grows with every change, undo and redo: the key of caches.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the state is called that saving would write; give it to [`History::mark_saved`] when it is on the disk.
    pub fn state(&self) -> u64 {
        self.done.last().map_or(self.first, |(serial, _)| *serial)
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
        self.done.last().map(|(_, transaction)| transaction.title.as_str())
    }

    /// The title of what redo would make again.
    pub fn redo_title(&self) -> Option<&str> {
        self.undone.last().map(|(_, transaction)| transaction.title.as_str())
    }
}
