//! One open project: run commands, undo, redo, open, save. Hands out `&Project`, never `&mut`.

pub mod environment;
pub mod exchange;
pub mod merging;
pub mod recovery;
pub mod saving;

pub use environment::{SeededEnvironment, SystemEnvironment, WorkEnvironment};
pub use merging::{MergeJob, Merged};
pub use recovery::{JournalStart, Recorder, Recovered, Steps, recover};
pub use saving::{SaveError, SaveJob, Saved};

use crate::{
    edit::{Change, Command, EditError, Environment, Focus, History, Purged, Stepped, Stepping, Transaction, plan, plan::plan_many, purge},
    formats::{
        labels::{LabelSet, NEWS},
        native::{self, Opened, ReadError},
    },
    merge::Ledger,
    model::{Attributes, Conflicts, Extra, Issue, Key, Kind, Person, Project, ProjectInfo, text_record::sha256_hex},
    store::{self, StoreError},
};
use compact_str::CompactString;
use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why a project is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bytes.
    #[error("{name} cannot be opened: {error}")]
    Read {
        /// The file's name.
        name: String,
        /// What is wrong with it.
        error: ReadError,
    },
}

impl OpenError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Store(error) => error.hint(),
            Self::Read { error, .. } => error.hint(),
        }
    }
}

/// One open project with its history.
#[derive(Debug)]
pub struct Session {
    project: Project,
    history: History,
    ledger: Arc<Ledger>,
    /// What the file on the disk has, as far as this session knows: the journal tells from it what is not saved.
    on_disk: Arc<Ledger>,
    environment: WorkEnvironment,
    /// Random, fresh after each open: reusing one after an old copy is restored breaks the join.
    key: Key,
    /// Number of the last save that was begun; one that failed is counted too.
    saves: u64,
    /// Records and fields that were purged since the last save.
    purges: Vec<(Key, CompactString)>,
    path: Option<PathBuf>,
    /// SHA-256 of the file as it was last read or written.
    disk: Option<String>,
    issues: Vec<Issue>,
    newer_version: Option<u64>,
    /// Whether the project is open in another window, which edits it.
    elsewhere: bool,
    /// Steps that are not journalled yet, while a journal is kept.
    steps: Option<Steps>,
    /// The ledger on the other side of each merge that can be taken back or made again.
    merges: BTreeMap<u64, Arc<Ledger>>,
}

impl Session {
    /// An empty project with the news labels, not yet on the disk.
    pub fn new(title: &str, mut environment: WorkEnvironment) -> Self {
        let info = ProjectInfo {
            id: environment.new_id(),
            title: title.to_owned(),
            created: environment.today(),
            guidelines: Vec::new(),
            policy: None,
            checks_off: Attributes::default(),
            conflicts: Conflicts::default(),
            extra: Extra::default(),
        };
        let blank = Project::new(info);
        let ledger = Arc::new(Ledger::new(blank.clone()));
        // The embedded label set is tested to be readable; a project without labels would still open.
        let project = LabelSet::read(NEWS).map(|set| set.install(blank.clone())).unwrap_or(blank);
        let key = environment.session_key();
        Self::with(project, ledger, environment, key)
    }

    /// Opens a project from the disk. Takes time by its size, hence runs off the UI thread.
    pub fn open(path: &Path, environment: WorkEnvironment) -> Result<Self, OpenError> {
        let bytes = store::read(path)?;
        // The hash tells later whether somebody else wrote the file; it is counted while the file is parsed.
        let (opened, disk) = std::thread::scope(|scope| {
            let disk = scope.spawn(|| sha256_hex(&bytes));
            (native::read(&bytes), disk.join().ok())
        });
        let opened = opened.map_err(|error| OpenError::Read { name: store::file_name(path), error })?;
        Ok(Self { path: Some(path.to_owned()), disk, ..Self::from_opened(opened, environment) })
    }

    /// A project that was read, without a place on the disk.
    pub fn from_opened(opened: Opened, mut environment: WorkEnvironment) -> Self {
        let key = environment.session_key();
        let mut session = Self::with(opened.project, Arc::new(opened.ledger), environment, key);
        if opened.joined {
            session.history.mark_unsaved();
        }
        Self { issues: opened.issues, newer_version: opened.newer_version, ..session }
    }

    fn with(project: Project, ledger: Arc<Ledger>, environment: WorkEnvironment, key: Key) -> Self {
        Self {
            project,
            history: History::default(),
            on_disk: Arc::clone(&ledger),
            ledger,
            environment,
            key,
            saves: 0,
            purges: Vec::new(),
            path: None,
            disk: None,
            issues: Vec::new(),
            newer_version: None,
            elsewhere: false,
            steps: None,
            merges: BTreeMap::new(),
        }
    }

    /// The contents.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The random key of this session.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Takes note that the file is gone: nothing of the project is saved any more.
    pub fn lost_file(&mut self) {
        self.history.mark_unsaved();
    }

    /// What happened to them.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Where the project is, once it is on the disk.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong with it: found when it was opened, and kept in step with every edit.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The version of the format, when it is newer than this app: then nothing is written.
    pub fn newer_version(&self) -> Option<u64> {
        self.newer_version
    }

    /// Who works.
    pub fn person(&self) -> Option<&Person> {
        self.environment.person()
    }

    /// The minute, UTC.
    pub fn minute(&self) -> String {
        self.environment.minute()
    }

    /// Says who works from now on.
    pub fn set_person(&mut self, person: Option<Person>) {
        self.environment.set_person(person);
    }

    /// Whether the project is open in another window, which edits it; then it is only looked at here.
    pub fn is_elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// Says whether another window edits the project.
    pub fn set_elsewhere(&mut self, elsewhere: bool) {
        self.elsewhere = elsewhere;
    }

    /// Refuses where the project can only be looked at.
    pub fn check_writable(&self) -> Result<(), EditError> {
        match (self.newer_version, self.elsewhere) {
            (Some(_), _) => Err(EditError::ReadOnly),
            (None, true) => Err(EditError::OpenElsewhere),
            (None, false) => Ok(()),
        }
    }

    /// Keeps a step for the journal.
    fn journal(&mut self, done: &Arc<Transaction>, undone: bool) {
        if let Some(steps) = self.steps.as_mut().filter(|_| !done.changes.is_empty()) {
            steps.push((Arc::clone(done), undone));
        }
    }

    /// Runs a command as one step of undo. A purge is none: what it gives says what was taken, and holds no change.
    pub fn run(&mut self, command: &Command) -> Result<Arc<Transaction>, EditError> {
        self.check_writable()?;
        if let Command::Purge { record } = command {
            let title = self.purge(record)?.title();
            return Ok(Arc::new(Transaction { title, changes: Vec::new(), focus: Focus::default(), made: None }));
        }
        let transaction = plan(&self.project, command, &mut self.environment)?;
        let done = self.history.commit(&mut self.project, transaction);
        self.journal(&done, false);
        self.check_again(&done, false);
        Ok(done)
    }

    /// Takes what was written about a record out of the project and out of every step of undo, and says what it took. It cannot be
    /// taken back, and the file still has it until it is saved.
    pub fn purge(&mut self, record: &Key) -> Result<Purged, EditError> {
        self.check_writable()?;
        let purged = purge(&mut self.project, &mut self.history, record)?;
        // What no file ever held leaves nothing behind.
        if self.ledger.holds(record) {
            self.purges.extend(purged.fields.iter().map(|field| (record.clone(), field.clone())));
        }
        // What was wrong may have been told in its words.
        if !self.issues.is_empty() {
            self.issues = crate::check::on_load(&self.project);
        }
        Ok(purged)
    }

    /// An edit that is planned and made on another thread, on a snapshot of the project.
    pub fn long_edit(&self, command: &Command, environment: WorkEnvironment) -> Result<LongEdit, EditError> {
        self.check_writable()?;
        let at = (self.key.clone(), self.history.revision());
        Ok(LongEdit { project: self.project.clone(), command: command.clone(), environment, at })
    }

    /// An undo or redo that is made on another thread, as a large step wants it.
    pub fn long_step(&self, undo: bool) -> Option<LongStep> {
        let stepping = self.history.next_step(undo)?;
        Some(LongStep {
            project: self.project.clone(),
            ledger: Arc::clone(&self.ledger),
            stepping,
            at: (self.key.clone(), self.history.revision()),
        })
    }

    /// Takes over an undo or redo that was made on another thread; `None` when the project changed meanwhile.
    pub fn take_step(&mut self, long: LongStepped) -> Option<Arc<Transaction>> {
        if long.at != (self.key.clone(), self.history.revision()) {
            return None;
        }
        self.project = long.project;
        self.stepped(long.stepped)
    }

    /// Takes over an edit that was made on another thread, as one step of undo; `None` when the project changed meanwhile.
    pub fn take(&mut self, edited: Edited) -> Option<Arc<Transaction>> {
        if edited.at != (self.key.clone(), self.history.revision()) {
            return None;
        }
        self.project = edited.project;
        let done = self.history.adopt(edited.transaction);
        self.journal(&done, false);
        Some(done)
    }

    /// Takes the last step back: what it did itself, and nothing of what others wrote since.
    pub fn undo(&mut self) -> Option<Arc<Transaction>> {
        self.step(true)
    }

    /// Makes the last step that was taken back again.
    pub fn redo(&mut self) -> Option<Arc<Transaction>> {
        self.step(false)
    }

    fn step(&mut self, undo: bool) -> Option<Arc<Transaction>> {
        self.check_writable().ok()?;
        let (ledger, own) = (&self.ledger, &self.key);
        let others = |kind: Kind, key: &Key, field: Option<&str>| ledger.is_of_others(kind, key, field, own);
        let stepped = self.history.next_step(undo)?.run(&mut self.project, &others);
        self.stepped(stepped)
    }

    fn stepped(&mut self, stepped: Stepped) -> Option<Arc<Transaction>> {
        let undo = stepped.undo;
        if let Some(other) = self.history.next_merge(undo).and_then(|merge| self.merges.get_mut(&merge)) {
            // Without the ledger from before a merge, a save would take all that came with it for deleted.
            std::mem::swap(&mut self.ledger, other);
        }
        let done = self.history.step(stepped)?;
        self.journal(&done, undo);
        self.check_again(&done, undo);
        Some(done)
    }

    /// Brings the issues in step with a change: only what it touched is looked at, unless it touched what many records refer to.
    fn check_again(&mut self, transaction: &Transaction, undone: bool) {
        let is_local = |change: &Change| matches!(change, Change::Annotation(_) | Change::Info { .. } | Change::Person(_));
        if !transaction.changes.iter().all(is_local) {
            if !self.issues.is_empty() {
                self.issues = crate::check::on_load(&self.project);
                return;
            }
            // Only what comes in from other formats may have no place.
            for change in &transaction.changes {
                let Change::Annotation(swap) = change else { continue };
                if let (_, Some(after)) = swap.sides(undone)
                    && after.ranges.is_empty()
                {
                    self.issues.extend(crate::check::annotation(&self.project, after));
                }
            }
            return;
        }
        let annotation = |change: &Change| if let Change::Annotation(swap) = change { Some(swap.id.key().clone()) } else { None };
        let touched: HashSet<Key> = transaction.changes.iter().filter_map(annotation).collect();
        self.issues.retain(|issue| issue.record.as_ref().is_none_or(|record| !touched.contains(record)));
        for change in &transaction.changes {
            let Change::Annotation(swap) = change else { continue };
            if let (_, Some(after)) = swap.sides(undone) {
                self.issues.extend(crate::check::annotation(&self.project, after));
            }
        }
    }

    /// Whether closing would lose something. A new project that holds nothing loses nothing.
    pub fn is_dirty(&self) -> bool {
        self.history.is_dirty()
    }

    /// The stamps as last loaded, saved or joined: who wrote what.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }
}

/// An edit on its way: a snapshot and a command.
#[derive(Debug)]
pub struct LongEdit {
    project: Project,
    command: Command,
    environment: WorkEnvironment,
    at: (Key, u64),
}

/// An edit that was made on a snapshot.
#[derive(Debug)]
pub struct Edited {
    /// What was done.
    pub transaction: Transaction,
    /// The project after it.
    pub project: Project,
    at: (Key, u64),
}

impl LongEdit {
    /// Plans and makes the edit. `go_on` is told how many parts are planned and says whether to go on.
    pub fn run(mut self, go_on: &dyn Fn(usize) -> bool) -> Result<Edited, EditError> {
        let transaction = plan_many(&self.project, &self.command, &mut self.environment, go_on)?;
        let mut project = self.project;
        transaction.apply(&mut project);
        Ok(Edited { transaction, project, at: self.at })
    }
}

/// An undo or redo on its way.
#[derive(Debug)]
pub struct LongStep {
    project: Project,
    ledger: Arc<Ledger>,
    stepping: Stepping,
    at: (Key, u64),
}

/// An undo or redo that was made on a snapshot.
#[derive(Debug)]
pub struct LongStepped {
    /// The project after it.
    pub project: Project,
    stepped: Stepped,
    at: (Key, u64),
}

impl LongStepped {
    /// Whether it went back.
    pub fn undo(&self) -> bool {
        self.stepped.undo
    }
}

impl LongStep {
    /// Makes the step.
    pub fn run(self) -> LongStepped {
        let mut project = self.project;
        let (ledger, own) = (&self.ledger, &self.at.0);
        let others = |kind: Kind, key: &Key, field: Option<&str>| ledger.is_of_others(kind, key, field, own);
        let stepped = self.stepping.run(&mut project, &others);
        LongStepped { project, stepped, at: self.at }
    }
}
