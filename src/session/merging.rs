//! Joining another copy of the project into the open one: as one step of undo when the user asked for it, as none when colleagues saved.

use super::Session;
use crate::{
    display::differences::{Difference, differences},
    edit::{Change, Focus, Transaction, change::changes_between},
    formats::native,
    merge::{self, JoinError, Ledger, Save},
    model::{Key, Kind, Project, text_record::sha256_hex},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A join on its way, on a snapshot of the project, so that it can be made on another thread.
#[derive(Debug)]
pub struct MergeJob {
    project: Project,
    ledger: Arc<Ledger>,
    save: Save,
    /// What is on the other side of merges that can be taken back.
    merges: BTreeMap<u64, Arc<Ledger>>,
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
    merges: BTreeMap<u64, Arc<Ledger>>,
    /// SHA-256 of what a save would write now.
    disk: String,
    at: (Key, u64),
}

impl Session {
    /// Begins a join. What is not saved yet is stamped as by a save, so that the join can tell it from what others wrote.
    pub fn merge_job(&mut self) -> MergeJob {
        let save = self.next_save();
        self.saves = save.dot.save;
        let at = (self.key.clone(), self.history.revision());
        MergeJob { project: self.project.clone(), ledger: Arc::clone(&self.ledger), save, merges: self.merges.clone(), at }
    }

    /// Takes over a join; `None` when the project changed meanwhile. What the user asked for is one step of undo, until it is saved.
    /// `disk` is the file at the project's path with its hash, when that is what was joined: then it is no step, since taking it back
    /// would delete what colleagues saved.
    pub fn take_merge(&mut self, merged: Merged, disk: Option<(&Arc<Ledger>, &str)>) -> Option<Arc<Transaction>> {
        if merged.at != (self.key.clone(), self.history.revision()) {
            return None;
        }
        self.project = merged.project;
        let before = std::mem::replace(&mut self.ledger, Arc::new(merged.ledger));
        let done = if let Some((ledger, _)) = disk {
            self.come_in(merged.transaction, merged.merges, ledger)
        } else {
            let number = self.saves;
            let done = self.history.adopt_merge(merged.transaction, number);
            self.merges.insert(number, before);
            done
        };
        let known: BTreeSet<u64> = self.history.merges().map(|(number, _)| number).collect();
        self.merges.retain(|number, _| known.contains(number));
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

    /// What colleagues saved is there, and is no step. A merge of the same records that was not saved yet is not taken back any more: it
    /// would take from them what they have too.
    fn come_in(&mut self, transaction: Transaction, merges: BTreeMap<u64, Arc<Ledger>>, disk: &Ledger) -> Arc<Transaction> {
        let known = &self.on_disk;
        let came = |(kind, key): (Kind, &Key)| {
            let id = (kind, key.clone());
            known.stamps.get(&id) != disk.stamps.get(&id) || known.deleted.get(key) != disk.deleted.get(key)
        };
        let meets = self.history.merges().any(|(_, merge)| merge.changes.iter().filter_map(Change::record).any(came));
        if meets {
            self.history.keep_merges();
        }
        self.merges = merges;
        if !transaction.changes.is_empty() {
            self.history.came_in();
        }
        Arc::new(transaction)
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
        let merges = self.merges.iter().map(|(number, other)| Ok((*number, Arc::new(merge::join(other, theirs)?))));
        let merges = merges.collect::<Result<_, JoinError>>()?;
        let changes = changes_between(&self.project, &ledger.base);
        let project = ledger.base.unshared();
        // A project that JSON cannot hold is refused by the save, with its reason.
        let disk = native::write(&ledger).map(|bytes| sha256_hex(&bytes)).unwrap_or_default();
        let transaction = Transaction { title: format!("merge {from}"), changes, focus: Focus::default(), made: None };
        Ok(Merged { transaction, project, ledger, merges, disk, at: self.at })
    }
}
