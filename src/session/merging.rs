//! Joining another copy of the project into the open one, as one step of undo.

use super::Session;
use crate::{
    display::differences::{Difference, differences},
    edit::{Focus, Transaction, change::changes_between},
    formats::native,
    merge::{self, JoinError, Ledger, Save},
    model::{Key, Project, text_record::sha256_hex},
};
use std::sync::Arc;

/// A join on its way, on a snapshot of the project, so that it can be made on another thread.
#[derive(Debug)]
pub struct MergeJob {
    project: Project,
    ledger: Arc<Ledger>,
    save: Save,
    at: (Key, u64),
}

/// A join that was made and not yet taken over.
#[derive(Debug)]
pub struct Merged {
    /// What would change in the open project. Empty when the other copy holds nothing new.
    pub transaction: Transaction,
    /// The project after it.
    pub project: Project,
    ledger: Ledger,
    /// SHA-256 of what a save would write now.
    disk: String,
    at: (Key, u64),
}

impl Session {
    /// Begins a join. What is not saved yet is stamped as by a save, so that the join can tell it from what others wrote.
    pub fn merge_job(&mut self) -> MergeJob {
        let save = self.next_save();
        self.saves = save.dot.save;
        MergeJob { project: self.project.clone(), ledger: Arc::clone(&self.ledger), save, at: (self.key.clone(), self.history.revision()) }
    }

    /// Takes over a join as one step of undo; `None` when the project changed meanwhile. `disk` is the file at the project's path with
    /// its hash, when that is what was joined.
    pub fn take_merge(&mut self, merged: Merged, disk: Option<(&Arc<Ledger>, &str)>) -> Option<Arc<Transaction>> {
        if merged.at != (self.key.clone(), self.history.revision()) {
            return None;
        }
        self.project = merged.project;
        self.ledger = Arc::new(merged.ledger);
        let done = self.history.adopt(merged.transaction);
        self.journal(&done, false);
        if !done.changes.is_empty() {
            self.issues = crate::check::on_load(&self.project);
        }
        if let Some((ledger, disk)) = disk {
            self.on_disk = Arc::clone(ledger);
            if merged.disk == disk {
                self.history.mark_saved(self.history.state());
            } else {
                // The file lacks something that is here.
                self.history.mark_unsaved();
            }
            self.disk = Some(disk.to_owned());
        } else if !done.changes.is_empty() && Some(&merged.disk) == self.disk.as_ref() {
            self.history.mark_saved(self.history.state());
        }
        Some(done)
    }

    /// The hash of the file as this session last read or wrote it.
    pub fn disk(&self) -> Option<&str> {
        self.disk.as_deref()
    }
}

impl Merged {
    /// What would change, for people.
    pub fn differences(&self, before: &Project) -> Vec<Difference> {
        differences(&self.transaction.changes, before, &self.project, &self.ledger)
    }
}

impl MergeJob {
    /// The project before the join.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Joins. `from` is what the other copy is called, for the title of the step.
    pub fn run(self, theirs: &Ledger, from: &str) -> Result<Merged, JoinError> {
        let (ours, _) = self.ledger.stamped(&self.project, &self.save);
        let ledger = merge::join(&ours, theirs)?;
        let changes = changes_between(&self.project, &ledger.base);
        let project = ledger.base.unshared();
        // A project that JSON cannot hold is refused by the save, with its reason.
        let disk = native::write(&ledger).map(|bytes| sha256_hex(&bytes)).unwrap_or_default();
        let transaction = Transaction { title: format!("merge {from}"), changes, focus: Focus::default(), made: None };
        Ok(Merged { transaction, project, ledger, disk, at: self.at })
    }
}
