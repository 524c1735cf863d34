//! A project over weeks: edits, undo, saves, a colleague's saves, kills and reopening in random order, against a plain model of what
//! must be there.

use onrecord::{
    edit::Command,
    formats::native,
    model::{SourceKind, text_record::sha256_hex},
    session::{Recorder, SaveError, Session, WorkEnvironment, recover},
    store::journal,
};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeSet, fs, path::PathBuf, sync::Arc};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("data/example.onrecord.json");
const QUOTE: &str = "b4653252-78f8-45f5-bb31-20df2f4d4c86";

#[derive(Debug, Clone, Copy)]
enum Step {
    Note,
    AddSource,
    Undo,
    Redo,
    Save,
    ColleagueSaves,
    Look,
    Kill { torn: bool },
    CloseAndOpen,
    DeleteFile,
}

/// What a user believes is there: the last note, the sources in the order of undo, what the colleague added.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    done: Vec<Edit>,
    undone: Vec<Edit>,
    /// What was there when undo began anew, with the last opening.
    note: String,
    sources: BTreeSet<String>,
    theirs: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Edit {
    Note { before: String, after: String },
    Source(String),
}

struct Life {
    folder: TempDir,
    path: PathBuf,
    session: Session,
    recorder: Option<Recorder>,
    model: Model,
    number: u32,
    opened: u64,
    /// What the colleague saved and this window has not seen yet.
    unseen: BTreeSet<String>,
}

impl Life {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("p.onrecord.json");
        fs::write(&path, EXAMPLE).expect("the project");
        let session = Session::open(&path, WorkEnvironment::seeded(1, None)).expect("a session");
        let mut life =
            Self { folder, path, session, recorder: None, model: Model::default(), number: 0, opened: 1, unseen: BTreeSet::new() };
        life.begin_journal();
        life
    }

    fn begin_journal(&mut self) {
        let name = self.session.key().clone();
        self.recorder = Some(Recorder::begin(self.folder.path(), &name, self.session.begin_journal()).expect("a journal"));
    }

    fn journal(&mut self) {
        let steps = self.session.take_steps();
        if let Some(recorder) = &mut self.recorder {
            recorder.record(&steps).expect("the journal is written");
        }
    }

    fn fresh(&mut self) -> String {
        self.number += 1;
        format!("value {}", self.number)
    }

    fn edit(&mut self, command: &Command, edit: Edit) {
        self.session.run(command).expect("an edit");
        self.model.undone.clear();
        self.apply(&edit, false);
        self.model.done.push(edit);
        self.journal();
    }

    fn apply(&mut self, edit: &Edit, undone: bool) {
        match edit {
            Edit::Note { before, after } => (if undone { before } else { after }).clone_into(&mut self.model.note),
            Edit::Source(alias) if undone => drop(self.model.sources.remove(alias)),
            Edit::Source(alias) => drop(self.model.sources.insert(alias.clone())),
        }
    }

    /// What the window does when the file changed: joins it in.
    fn look(&mut self) {
        let Ok(bytes) = fs::read(&self.path) else { return };
        let hash = sha256_hex(&bytes);
        if Some(hash.as_str()) == self.session.disk() {
            return;
        }
        let theirs = Arc::new(native::read(&bytes).expect("a project").ledger);
        let merged = self.session.merge_job().run(&theirs, "what colleagues saved").expect("one project");
        self.session.take_merge(merged, Some((&theirs, &hash))).expect("nothing happened meanwhile");
        // What came in by itself is no step of undo.
        self.model.theirs.append(&mut self.unseen);
        self.begin_journal();
    }

    fn save(&mut self) {
        loop {
            match self.session.save_job(&self.path).expect("a job").run() {
                Ok(saved) => {
                    assert!(self.session.saved(saved));
                    self.begin_journal();
                    assert!(!self.session.is_dirty());
                    return;
                }
                Err(SaveError::Changed { .. }) => self.look(),
                Err(SaveError::Gone { .. }) => {
                    let saved = self.session.save_job(&self.path).expect("a job").anew().run().expect("a save");
                    assert!(self.session.saved(saved));
                    self.begin_journal();
                    return;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn open(&mut self) {
        self.opened += 1;
        self.session = Session::open(&self.path, WorkEnvironment::seeded(self.opened, None)).expect("a session");
        // What the colleague saved is simply there, and undo begins anew.
        let theirs = std::mem::take(&mut self.unseen);
        self.model.theirs.extend(theirs);
        (self.model.done, self.model.undone) = (Vec::new(), Vec::new());
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Note => {
                let after = self.fresh();
                let edit = Edit::Note { before: self.model.note.clone(), after: after.clone() };
                self.edit(&Command::SetNote { annotation: QUOTE.into(), note: after }, edit);
            }
            Step::AddSource => {
                let alias = self.fresh();
                let add = Command::AddSource {
                    alias: alias.clone(),
                    kind: SourceKind::NamedPerson,
                    role: String::new(),
                    public_label: String::new(),
                };
                self.edit(&add, Edit::Source(alias));
            }
            Step::Undo => {
                assert_eq!(self.session.undo().is_some(), !self.model.done.is_empty());
                if let Some(edit) = self.model.done.pop() {
                    self.apply(&edit, true);
                    self.model.undone.push(edit);
                }
                self.journal();
            }
            Step::Redo => {
                assert_eq!(self.session.redo().is_some(), !self.model.undone.is_empty());
                if let Some(edit) = self.model.undone.pop() {
                    self.apply(&edit, false);
                    self.model.done.push(edit);
                }
                self.journal();
            }
            Step::Save => self.save(),
            Step::ColleagueSaves => {
                if !self.path.exists() {
                    return;
                }
                let alias = format!("colleague {}", self.fresh());
                let mut colleague =
                    Session::open(&self.path, WorkEnvironment::seeded(1_000 + u64::from(self.number), None)).expect("a session");
                let add = Command::AddSource {
                    alias: alias.clone(),
                    kind: SourceKind::NamedPerson,
                    role: String::new(),
                    public_label: String::new(),
                };
                colleague.run(&add).expect("an edit");
                colleague.save(&self.path).expect("a save");
                self.unseen.insert(alias);
            }
            Step::Look => self.look(),
            Step::Kill { torn } => {
                self.recorder = None;
                if !self.path.exists() {
                    // Nothing to join it into: the window says so and keeps the journal.
                    self.save_again_after_kill();
                    return;
                }
                let orphans = journal::orphans(self.folder.path());
                self.open();
                for (log, mut bytes) in orphans {
                    if torn {
                        bytes.extend_from_slice(b"0123456789abcdef0123456789abcdef {\"rec");
                    }
                    let fresh = format!("recovered{}", self.opened);
                    let recovered = recover(&bytes, &fresh.as_str().into()).expect("a journal");
                    let merged = self.session.merge_job().run(&recovered.ledger, "what was not saved").expect("one project");
                    let changed = !merged.transaction.changes.is_empty();
                    self.session.take_merge(merged, None).expect("taken");
                    if changed {
                        // One step of undo more, which the model does not follow: it begins anew.
                        self.save();
                        self.open();
                    }
                    journal::forget(&log);
                }
                self.begin_journal();
            }
            Step::CloseAndOpen => {
                self.save();
                self.recorder.take().expect("a journal").remove();
                self.open();
                self.begin_journal();
            }
            Step::DeleteFile => {
                if self.unseen.is_empty() {
                    drop(fs::remove_file(&self.path));
                }
            }
        }
    }

    /// The file was deleted and the program killed: the session that held everything saves it, as a user would from the banner.
    fn save_again_after_kill(&mut self) {
        self.begin_journal();
        self.save();
    }

    fn check(&self) {
        let project = self.session.project();
        let note = &project.annotations.get(&QUOTE.into()).expect("the quote").note;
        assert_eq!(*note, self.model.note);
        assert!(project.annotations.iter().all(|annotation| annotation.conflicts.get("note").is_none()), "nobody else wrote notes");
        let aliases: BTreeSet<&str> =
            project.sources.iter().map(|source| source.alias.as_str()).filter(|alias| *alias != "Source A").collect();
        let wanted: BTreeSet<&str> = self.model.sources.iter().chain(&self.model.theirs).map(String::as_str).collect();
        assert_eq!(aliases, wanted);
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Note),
        3 => Just(Step::AddSource),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        2 => Just(Step::Save),
        2 => Just(Step::ColleagueSaves),
        2 => Just(Step::Look),
        2 => any::<bool>().prop_map(|torn| Step::Kill { torn }),
        1 => Just(Step::CloseAndOpen),
        1 => Just(Step::DeleteFile),
    ]
}

#[test]
fn nothing_that_was_accepted_is_ever_missing() {
    let config = ProptestConfig { cases: crate::scale(40), failure_persistence: None, ..ProptestConfig::default() };
    let taken = RefCell::new(BTreeSet::new());
    let lives = TestRunner::new(config).run(&prop::collection::vec(step(), 1..40), |steps| {
        let mut life = Life::new();
        for step in steps {
            life.step(step);
            life.check();
            taken.borrow_mut().insert(format!("{step:?}"));
        }
        Ok(())
    });
    lives.unwrap_or_else(|error| panic!("{error}"));
    // Every kind of step that there is, read from the enum itself; a kill with a torn journal and without.
    let kinds = include_str!("lifetimes.rs").split("enum Step {").nth(1).unwrap().split("\n}").next().unwrap();
    let kinds: BTreeSet<&str> = kinds.lines().filter_map(|line| line.trim().strip_suffix(',')?.split(' ').next()).collect();
    let taken = taken.into_inner();
    let seen: BTreeSet<&str> = taken.iter().filter_map(|step| step.split(' ').next()).collect();
    assert_eq!(seen, kinds, "steps that were taken");
    assert_eq!(taken.len(), kinds.len() + 1, "{taken:?}");
}
