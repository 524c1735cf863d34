//! Saving the open project: a snapshot, a look at who else wrote, stamps, bytes, the disk. Nothing that somebody saved is written over.

use super::Session;
use crate::{
    edit::EditError,
    formats::native::{self, ReadError},
    merge::{self, Ledger, Save},
    model::{Dot, Project, text_record::sha256_hex},
    store::{
        self, StoreError,
        atomic::{self, Expect, Rights},
        kept::Unkept,
        turn::{Turn, WAIT},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Most joins that one save makes with what others save meanwhile.
const MOST_JOINS: usize = 100;

/// Why a project is not saved. The work stays unsaved and open.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A newer version's file is never written over.
    #[error("this project was made by a newer version and can only be read")]
    ReadOnly,
    /// More than would be read again: the app never writes such a file.
    #[error("the project would be too large to open again: {0}")]
    OverLimit(ReadError),
    /// Another window edits the project.
    #[error("this project is open in another window, which edits it")]
    OpenElsewhere,
    /// A colleague or a sync program wrote the file meanwhile: it is joined first.
    #[error("{name} was changed by somebody else")]
    Changed {
        /// The file's name.
        name: String,
    },
    /// A colleague or a sync program wrote the file meanwhile, and it cannot be joined.
    #[error("{name} was changed by somebody else and cannot be joined: {reason}")]
    Apart {
        /// The file's name.
        name: String,
        /// Why it cannot.
        reason: String,
    },
    /// The file is no longer where it was.
    #[error("{name} was moved or deleted")]
    Gone {
        /// The file's name.
        name: String,
    },
    /// A record that JSON cannot hold; not known to happen.
    #[error("the project cannot be written: {0}")]
    Write(#[from] serde_json::Error),
}

impl SaveError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Store(error) => error.hint(),
            Self::ReadOnly => "Update Onrecord to edit it.",
            Self::OverLimit(_) => "Move some articles to a second project, or shorten what is too long.",
            Self::OpenElsewhere => "Take it over first, or save under another name.",
            Self::Changed { .. } => "Others save it all the time: try again in a moment.",
            Self::Apart { .. } => "Nothing was written. Look at the file, or save under another name.",
            Self::Gone { .. } => "Save it here again, or under another name.",
            Self::Write(_) => "Save under another name and report this.",
        }
    }
}

impl Session {
    /// What a save needs, so that it can be done on another thread while editing goes on.
    pub fn save_job(&mut self, path: &Path) -> Result<SaveJob, SaveError> {
        let in_place = self.path.as_deref() == Some(path);
        match self.check_writable() {
            Err(EditError::OpenElsewhere) if in_place => return Err(SaveError::OpenElsewhere),
            Err(EditError::ReadOnly) => return Err(SaveError::ReadOnly),
            _ => {}
        }
        let save = self.next_save();
        // A number is never used twice: a save that failed may have reached the disk all the same.
        self.saves = save.dot.save;
        Ok(SaveJob {
            project: self.project.clone(),
            ledger: Arc::clone(&self.ledger),
            save,
            expected: self.disk.clone().filter(|_| in_place).map_or(Expected::Anything, Expected::Known),
            rights: Rights::Keep,
            path: path.to_owned(),
            state: self.history.state(),
        })
    }

    pub(super) fn next_save(&self) -> Save {
        Save {
            dot: Dot { session: self.key.clone(), save: self.saves + 1 },
            person: self.person().map(|person| person.id.clone()),
            purges: self.purges.clone(),
        }
    }

    /// Takes note of a save that was done. A save of another session, which was closed meanwhile, changes nothing and gives `false`:
    /// its path and its stamps must never become those of this one. The same holds for one that a join overtook: what it wrote is
    /// then met on the disk like anybody's.
    pub fn saved(&mut self, saved: Saved) -> bool {
        if saved.save.dot.session != self.key || !Arc::ptr_eq(&self.ledger, &saved.from) {
            return false;
        }
        if !saved.used && self.saves == saved.save.dot.save {
            self.saves -= 1;
        }
        self.ledger = Arc::new(saved.ledger);
        self.on_disk = Arc::clone(&self.ledger);
        self.purges.drain(..saved.save.purges.len());
        self.disk = Some(saved.disk);
        self.path = Some(saved.path);
        self.history.mark_saved(saved.state);
        self.history.keep_merges();
        self.merges.clear();
        true
    }

    /// Saves at once, as the command line does: what others wrote meanwhile is joined first. Tells what could not be kept of the file
    /// that was replaced.
    pub fn save(&mut self, path: &Path) -> Result<Unkept, SaveError> {
        let turn = Turn::take(path, WAIT)?;
        self.save_in(&turn, path)
    }

    /// The same for whoever has the turn.
    pub fn save_in(&mut self, turn: &Turn, path: &Path) -> Result<Unkept, SaveError> {
        let mut joins = 0;
        loop {
            match self.save_job(path)?.accepting().run_in(turn) {
                Err(SaveError::Changed { .. }) if joins < MOST_JOINS => self.join_disk(path)?,
                Err(error) => return Err(error),
                Ok(saved) => {
                    let unkept = saved.unkept;
                    self.saved(saved);
                    return Ok(unkept);
                }
            }
            joins += 1;
        }
    }

    /// Joins what others wrote into the project's own file.
    fn join_disk(&mut self, path: &Path) -> Result<(), SaveError> {
        let bytes = store::read(path)?;
        let name = store::file_name(path);
        let theirs = Arc::new(read_ledger(&bytes).map_err(|reason| SaveError::Apart { name: name.clone(), reason })?);
        let merged = self.merge_job().run(&theirs, "what colleagues saved");
        let merged = merged.map_err(|error| SaveError::Apart { name, reason: error.to_string() })?;
        self.take_merge(merged, Some((&theirs, &sha256_hex(&bytes))));
        Ok(())
    }

    /// The bytes that a save would write.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SaveError> {
        self.stamped().map(|(_, bytes)| bytes)
    }

    /// What a save would write, and its bytes.
    pub fn stamped(&self) -> Result<(Ledger, Vec<u8>), SaveError> {
        if self.newer_version.is_some() {
            return Err(SaveError::ReadOnly);
        }
        let (ledger, _) = self.ledger.stamped(&self.project, &self.next_save());
        let bytes = native::write(&ledger)?;
        native::read::check_limits(&bytes).and_then(|()| native::read::check_added_up(&ledger)).map_err(SaveError::OverLimit)?;
        Ok((ledger, bytes))
    }
}

/// What bytes hold, if they can be joined, else why not.
fn read_ledger(bytes: &[u8]) -> Result<Ledger, String> {
    let opened = native::read(bytes).map_err(|error| error.to_string())?;
    match opened.newer_version {
        Some(version) => Err(format!("it has format version {version}")),
        None => Ok(opened.ledger),
    }
}

/// What has to be on the disk still.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    Anything,
    /// The file was deleted.
    Nothing,
    /// SHA-256 of the file.
    Known(String),
}

/// A snapshot on its way to the disk. It shares all records with the project that is being edited.
#[derive(Debug)]
pub struct SaveJob {
    project: Project,
    ledger: Arc<Ledger>,
    save: Save,
    path: PathBuf,
    expected: Expected,
    rights: Rights,
    state: u64,
}

/// A save that was done.
#[derive(Debug)]
pub struct Saved {
    save: Save,
    /// Whether anything changed since the save before.
    used: bool,
    from: Arc<Ledger>,
    ledger: Ledger,
    path: PathBuf,
    disk: String,
    state: u64,
    /// What could not be kept of the file that was replaced.
    pub unkept: Unkept,
}

impl SaveJob {
    /// Writes the file again where somebody deleted it.
    #[must_use]
    pub fn anew(self) -> Self {
        Self { expected: Expected::Nothing, ..self }
    }

    /// Writes over a file that somebody emptied, as long as it is empty.
    #[must_use]
    pub fn over_empty(self) -> Self {
        Self { expected: Expected::Known(sha256_hex(b"")), ..self }
    }

    /// Saves also where group, rights or the like of the file cannot be kept.
    #[must_use]
    pub fn accepting(self) -> Self {
        Self { rights: Rights::KeepMost, ..self }
    }

    /// Waits for whoever saves in the folder, looks whether somebody else wrote the file, then stamps, writes and hands the bytes to the
    /// disk.
    pub fn run(self) -> Result<Saved, SaveError> {
        let turn = Turn::take(&self.path, WAIT)?;
        self.run_in(&turn)
    }

    /// Makes a file that is not there yet; none is ever replaced.
    pub fn create(self) -> Result<Saved, SaveError> {
        let turn = Turn::take(&self.path, WAIT)?;
        Self { expected: Expected::Nothing, ..self }.written(&turn)
    }

    /// Saves for whoever has the turn.
    pub fn run_in(self, turn: &Turn) -> Result<Saved, SaveError> {
        self.check_disk()?;
        let name = store::file_name(&self.path);
        match self.written(turn) {
            // It was there again in the last moment.
            Err(SaveError::Store(StoreError::Io { kind: std::io::ErrorKind::AlreadyExists, .. })) => Err(SaveError::Changed { name }),
            done => done,
        }
    }

    /// Whether the file is still what this session knows. Only a hash tells: clocks and sizes of network drives do not.
    fn check_disk(&self) -> Result<(), SaveError> {
        let name = || store::file_name(&self.path);
        let expected = match &self.expected {
            Expected::Known(expected) => expected,
            Expected::Anything | Expected::Nothing => return Ok(()),
        };
        if store::is_device(&self.path) {
            // Read again it would be waited for.
            return Err(StoreError::no_file(&self.path).into());
        }
        match store::read(&self.path) {
            Ok(bytes) if sha256_hex(&bytes) == *expected => Ok(()),
            Ok(_) => Err(SaveError::Changed { name: name() }),
            Err(error) if error.is_missing() => Err(SaveError::Gone { name: name() }),
            Err(error) => Err(error.into()),
        }
    }

    fn written(self, turn: &Turn) -> Result<Saved, SaveError> {
        let (ledger, used) = self.ledger.stamped(&self.project, &self.save);
        let bytes = native::write(&ledger)?;
        native::read::check_limits(&bytes).and_then(|()| native::read::check_added_up(&ledger)).map_err(SaveError::OverLimit)?;
        let expect = match &self.expected {
            Expected::Anything => Expect::Anything,
            Expected::Nothing => Expect::Nothing,
            Expected::Known(hash) => Expect::Known(hash),
        };
        let unkept = place(turn, &self.path, &ledger, &bytes, expect, self.rights)?;
        let disk = sha256_hex(&bytes);
        Ok(Saved { save: self.save, used, from: self.ledger, ledger, path: self.path, disk, state: self.state, unkept })
    }
}

/// Puts a project in its place. What somebody wrote there in the last moment is joined back before this returns: the file then holds
/// both.
pub fn place(turn: &Turn, path: &Path, ledger: &Ledger, bytes: &[u8], expect: Expect<'_>, rights: Rights) -> Result<Unkept, SaveError> {
    let mut placed = atomic::place(turn, path, bytes, expect, rights)?;
    let unkept = placed.unkept;
    let (mut all, mut known) = (ledger.clone(), sha256_hex(bytes));
    while let Some(overwritten) = placed.overwritten.take() {
        let joined = read_ledger(&overwritten.bytes).and_then(|theirs| merge::join(&all, &theirs).map_err(|error| error.to_string()));
        let again = joined.ok().and_then(|joined| {
            let bytes = native::write(&joined).ok()?;
            native::read::check_limits(&bytes).and_then(|()| native::read::check_added_up(&joined)).ok()?;
            let placed = atomic::place(turn, path, &bytes, Expect::Known(&known), Rights::KeepMost).ok()?;
            Some((placed, joined, sha256_hex(&bytes)))
        });
        let Some(again) = again else {
            // Nobody's work to join, half a file, or no room for both: it comes back, and whoever looks again tells what is wrong.
            overwritten.put_back(&known)?;
            return Err(SaveError::Changed { name: store::file_name(path) });
        };
        (placed, all, known) = again;
    }
    Ok(unkept)
}
