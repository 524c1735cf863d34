//! The journal of the open project, written on a thread of its own, and what came back from those that a crash left.

use super::{Orphan, Shared, Why};
use crate::{
    session::{JournalStart, Recorder, Session, Steps, recover},
    store::{self, journal},
    ui::{
        action::Action,
        app::{App, Desk},
        jobs::{Done, Jobs},
        panels::banner::Banner,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Duration,
};

pub(super) enum ToJournal {
    Begin(Box<JournalStart>),
    Steps(Steps),
    End,
}

/// Where the journal is written: on a thread, or at once in tests.
pub(super) enum JournalTo {
    Thread(mpsc::Sender<ToJournal>),
    Inline(Box<Writing>),
}

/// The journal of one session.
pub(super) struct Writing {
    data: PathBuf,
    name: crate::model::Key,
    recorder: Option<Recorder>,
}

impl Writing {
    fn take(&mut self, message: ToJournal) -> Result<(), store::StoreError> {
        match message {
            ToJournal::Begin(start) => {
                self.recorder = Some(Recorder::begin(&self.data, &self.name, *start)?);
                Ok(())
            }
            ToJournal::Steps(steps) => self.recorder.as_mut().map_or(Ok(()), |recorder| recorder.record(&steps)),
            ToJournal::End => {
                if let Some(recorder) = self.recorder.take() {
                    recorder.remove();
                }
                Ok(())
            }
        }
    }
}

impl App {
    /// Whatever is not in the file goes into the journal from now on.
    pub(crate) fn begin_journal(&mut self) {
        let (Some(desk), Some(data)) = (&mut self.desk, &self.sharing.data) else { return };
        let name = desk.session.key().clone();
        if self.sharing.journal.is_none() {
            let writing = Writing { data: data.clone(), name, recorder: None };
            self.sharing.journal = Some(self.jobs.begin_journal(writing));
        }
        let start = Box::new(desk.session.begin_journal());
        self.journal(ToJournal::Begin(start));
    }

    pub(super) fn journal(&mut self, message: ToJournal) {
        let failed = match &mut self.sharing.journal {
            // A thread that has ended has said why.
            Some(JournalTo::Thread(thread)) => {
                drop(thread.send(message));
                None
            }
            Some(JournalTo::Inline(writing)) => writing.take(message).err(),
            None => None,
        };
        if let Some(error) = failed {
            self.take_shared(Shared::JournalFailed(error.to_string()));
        }
    }

    /// The project is closed, saved or not wanted: its journal goes.
    pub(crate) fn end_journal(&mut self) {
        self.journal(ToJournal::End);
        self.sharing.journal = None;
    }

    /// A save has reached the disk: what was recovered is in the file now.
    pub(crate) fn saved_journal(&mut self) {
        for journal in std::mem::take(&mut self.sharing.recovered) {
            journal::forget(&journal);
        }
        (self.sharing.seen, self.sharing.told) = (None, false);
        if self.state.banner.as_ref().is_some_and(Banner::is_of_project) {
            self.state.banner = None;
        }
        self.begin_journal();
        self.claim();
    }

    /// Looks for journals that a crash left.
    pub(crate) fn look_for_orphans(&mut self) {
        let Some(data) = self.sharing.data.clone() else { return };
        let mut environment = self.environment()();
        self.jobs.share(move || {
            let found = journal::orphans(&data).into_iter().filter_map(|(journal, bytes)| {
                let recovered = recover(&bytes, &environment.session_key())?;
                if recovered.records == 0 {
                    journal::forget(&journal);
                    return None;
                }
                Some(Orphan { journal, recovered })
            });
            Shared::Orphans(found.collect())
        });
    }

    /// Opens the project of a journal, or brings back one that was never saved.
    pub(crate) fn recover_orphan(&mut self, journal: &Path) {
        let Some(at) = self.sharing.orphans.iter().position(|orphan| orphan.journal == journal) else { return };
        let path = self.sharing.orphans.get(at).and_then(|orphan| orphan.recovered.header.path.clone());
        if let Some(path) = path {
            self.actions.push(Action::OpenPaths(vec![path]));
            return;
        }
        self.recover_alone(journal);
    }

    /// Brings back what a journal holds as a project that was never saved.
    pub(crate) fn recover_alone(&mut self, journal: &Path) {
        if self.must_ask(&Action::RecoverAlone(journal.to_owned())) {
            return;
        }
        let Some(at) = self.sharing.orphans.iter().position(|orphan| orphan.journal == journal) else { return };
        let orphan = self.sharing.orphans.remove(at);
        let session = Session::from_recovered(&orphan.recovered, self.environment()());
        self.set_desk(Desk::new(session));
        self.sharing.recovered.push(orphan.journal);
        self.toasts.success("Came back as it was; save it to keep it", Some(("Save".to_owned(), Action::Save)));
    }

    /// Joins what a crash left of the open project, to be looked at; `false` when there is nothing.
    pub(crate) fn offer_orphan(&mut self) -> bool {
        let Some(desk) = self.desk.as_ref().filter(|desk| desk.session.path().is_some()) else { return false };
        let project = &desk.session.project().info.id;
        let Some(orphan) = self.sharing.orphans.iter().find(|orphan| orphan.recovered.ledger.base.info.id == *project) else {
            return false;
        };
        let (ledger, journal) = (Arc::clone(&orphan.recovered.ledger), orphan.journal.clone());
        self.join(ledger, Why::Unsaved { journal });
        true
    }

    /// Takes away what a crash left: nobody wants it, or it was saved after all.
    pub(crate) fn forget_orphan(&mut self, journal: &Path) {
        self.sharing.orphans.retain(|orphan| orphan.journal != journal);
        if let Some(waiting) = &self.sharing.waiting
            && waiting.why == (Why::Unsaved { journal: journal.to_owned() })
        {
            self.sharing.waiting = None;
            self.state.dialog = None;
        }
        journal::forget(journal);
        self.offer_orphan();
    }
}

impl Jobs {
    /// A journal on a thread of its own, or written at once in tests.
    fn begin_journal(&self, mut writing: Writing) -> JournalTo {
        if self.is_inline() {
            return JournalTo::Inline(Box::new(writing));
        }
        let (sender, receiver) = mpsc::channel();
        let tell = self.teller();
        std::thread::spawn(move || {
            let mut unsynced = false;
            loop {
                let message = receiver.recv_timeout(Duration::from_millis(if unsynced { 700 } else { 60_000 }));
                let done = match message {
                    Ok(message) => {
                        unsynced = true;
                        writing.take(message)
                    }
                    Err(mpsc::RecvTimeoutError::Timeout) if unsynced => {
                        unsynced = false;
                        writing.recorder.as_mut().map_or(Ok(()), Recorder::sync)
                    }
                    Err(mpsc::RecvTimeoutError::Timeout) => Ok(()),
                    Err(mpsc::RecvTimeoutError::Disconnected) => return,
                };
                if let Err(error) = done {
                    tell(Done::Shared(Shared::JournalFailed(error.to_string())));
                }
            }
        });
        JournalTo::Thread(sender)
    }
}
