//! Sharing a project with colleagues, sync programs and other windows: joining what they wrote, the journal, what came back after a
//! crash. Nothing here writes over a file that somebody else changed.

mod comparing;
mod deciding;
mod journaling;
mod listing;

pub(crate) use comparing::Compared;
use journaling::{JournalTo, ToJournal};
pub(crate) use listing::{Line, Listing};

use super::{
    action::Action,
    app::{App, Tab},
    dialogs::Dialog,
    jobs::{Done, Indexes, Jobs, is_project},
    panels::banner::Banner,
};
use crate::{
    display::{differences::Difference, safe::brief},
    edit::Transaction,
    formats::native,
    merge::Ledger,
    session::{Merged, Recovered, SaveJob},
    store::{
        self,
        beside::{self, Claim, Look, Seen},
        file_name,
        kept::Unkept,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Seconds between two looks at the file.
const LOOK_EVERY: f64 = 2.0;

/// Why a join was made, and what follows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// The user chose files; they see what would change first.
    Chosen { names: String },
    /// The project's own file was changed by somebody else.
    OnDisk { hash: String, then_save: bool },
    /// What a crash left unsaved, with its journal.
    Unsaved { journal: PathBuf },
}

/// A join that was made on a thread.
pub(crate) struct Joined {
    pub(crate) merged: Merged,
    pub(crate) list: Listing,
    indexes: Indexes,
    theirs: Arc<Ledger>,
    pub(crate) why: Why,
}

/// A journal that a crash left.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) journal: PathBuf,
    pub(crate) recovered: Recovered,
}

/// What a job of this module found.
pub(crate) enum Shared {
    Joined(Result<Box<Joined>, (String, String)>),
    /// What a look found; where the file changed, what it holds.
    Looked(Look, Option<Box<Result<native::Opened, native::ReadError>>>),
    /// Copies by sync programs that hold something new.
    Copies(Vec<PathBuf>),
    /// Dropped projects: those that are copies of the open one, and the others.
    Dropped {
        copies: Vec<PathBuf>,
        others: Vec<PathBuf>,
    },
    Orphans(Vec<Orphan>),
    Compared(Result<Box<Compared>, (String, String)>),
    /// The journal cannot be written.
    JournalFailed(String),
}

/// What the window knows of everybody else.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Sharing {
    pub(crate) data: Option<PathBuf>,
    journal: Option<JournalTo>,
    claim: Option<Claim>,
    looked_at: f64,
    looking: bool,
    seen: Option<Seen>,
    /// A join is being made.
    joining: bool,
    /// A join that the user looks at before it is taken.
    pub(crate) waiting: Option<Box<Joined>>,
    /// What a dialog shows of two states.
    pub(crate) compared: Option<Box<Compared>>,
    /// Copies that were offered for merging; they are offered once.
    offered: Vec<PathBuf>,
    pub(crate) orphans: Vec<Orphan>,
    /// Journals whose work came back and is not saved yet.
    recovered: Vec<PathBuf>,
    /// What is on the disk has to be joined before a save that waits for it.
    save_after_join: bool,
    /// The file that may be replaced although the system does not keep all that it has with it.
    accepted: Option<PathBuf>,
    /// Whether the user was told that the file is gone or cannot be read.
    told: bool,
    journal_failed: bool,
}

impl Sharing {
    pub(crate) fn new(data: Option<PathBuf>) -> Self {
        Self { data, ..Self::default() }
    }

    /// A save as the user wants it for this file: asked once, they are not asked again.
    pub(crate) fn as_asked(&self, job: SaveJob, path: &Path) -> SaveJob {
        if self.accepted.as_deref() == Some(path) { job.accepting() } else { job }
    }
}

impl Jobs {
    fn share(&self, job: impl FnOnce() -> Shared + Send + 'static) {
        self.start(move || Done::Shared(job()));
    }
}

fn refused(message: &impl ToString, hint: &str) -> (String, String) {
    (message.to_string(), hint.to_owned())
}

/// A copy of the project from the disk.
fn read_copy(path: &Path) -> Result<native::Opened, (String, String)> {
    let bytes = store::read(path).map_err(|error| refused(&error, error.hint()))?;
    let opened = native::read(&bytes).map_err(|error| refused(&format!("{} cannot be opened: {error}", file_name(path)), error.hint()))?;
    match opened.newer_version {
        Some(version) => Err((format!("{} has format version {version}", file_name(path)), "Update Onrecord to merge it.".to_owned())),
        None => Ok(opened),
    }
}

impl App {
    /// Each frame: sends steps to the journal and looks at the file from time to time. Costs nothing while nothing happens.
    pub(crate) fn refresh_sharing(&mut self, ctx: &egui::Context) {
        let Some(desk) = &mut self.desk else { return };
        let steps = desk.session.take_steps();
        if !steps.is_empty() {
            self.journal(ToJournal::Steps(steps));
        }
        let Some(desk) = &self.desk else { return };
        if desk.session.path().is_none() {
            return;
        }
        let (now, focused) =
            ctx.input(|input| (input.time, input.events.iter().any(|event| matches!(event, egui::Event::WindowFocused(true)))));
        if now - self.sharing.looked_at >= LOOK_EVERY || focused {
            self.look(now, focused);
        }
        if focused && self.state.banner.is_none() {
            self.look_for_copies();
        }
        ctx.request_repaint_after(Duration::from_secs_f64(LOOK_EVERY));
    }

    fn look(&mut self, now: f64, closely: bool) {
        let Some(desk) = &mut self.desk else { return };
        if self.sharing.looking || self.saving || self.sharing.joining || self.working.is_some() {
            return;
        }
        let Some(path) = desk.session.path().map(Path::to_owned) else { return };
        self.sharing.looked_at = now;
        if let Some(claim) = &mut self.sharing.claim {
            let elsewhere = !claim.stands();
            if elsewhere && !desk.session.is_elsewhere() {
                desk.session.set_elsewhere(true);
                self.tell_elsewhere("Another window took this project over.");
            }
        }
        self.sharing.looking = true;
        let (seen, known) = (self.sharing.seen.clone(), self.desk.as_ref().and_then(|desk| desk.session.disk().map(str::to_owned)));
        self.jobs.share(move || {
            let look = beside::look(&path, seen.as_ref(), known.as_deref(), closely);
            let read = match &look {
                Look::Changed(_, bytes, _) => Some(Box::new(native::read(bytes))),
                _ => None,
            };
            Shared::Looked(look, read)
        });
    }

    /// A save met a file that somebody else wrote: that is joined first, and saved with what is here.
    pub(crate) fn join_then_save(&mut self) {
        self.sharing.save_after_join = true;
        let now = self.sharing.looked_at;
        self.look(now, true);
    }

    /// A save met no file where it was.
    pub(crate) fn file_is_gone(&mut self) {
        self.sharing.told = false;
        self.take_look(Look::Gone, None);
    }

    fn tell_elsewhere(&mut self, words: &str) {
        self.state.banner =
            Some(Banner::of_project(format!("{words} Here it can be looked at."), vec![("Take it over", Action::TakeOver)]));
    }

    pub(crate) fn take_shared(&mut self, shared: Shared) {
        match shared {
            Shared::Joined(joined) => self.take_joined(joined),
            Shared::Looked(look, read) => self.take_look(look, read.map(|read| *read)),
            Shared::Copies(copies) if copies.is_empty() => {}
            Shared::Copies(copies) => {
                self.sharing.offered.extend(copies.iter().cloned());
                let words =
                    format!("A sync program left {} beside the file, with other work in it.", several(copies.len(), "copy", "copies"));
                self.state.banner = Some(Banner::of_project(words, vec![("Merge…", Action::MergePaths(copies))]));
            }
            Shared::Dropped { copies, others } => {
                if !copies.is_empty() {
                    self.actions.push(Action::MergePaths(copies));
                } else if !others.is_empty() {
                    self.actions.push(Action::OpenPaths(others));
                }
            }
            Shared::Orphans(orphans) => self.sharing.orphans = orphans,
            Shared::Compared(Ok(compared)) => {
                self.sharing.compared = Some(compared);
                self.state.dialog = Some(Dialog::Compare);
            }
            Shared::Compared(Err((message, hint))) => self.toasts.failure(super::apply::sentence(&message), hint, None),
            Shared::JournalFailed(message) => {
                if !self.sharing.journal_failed {
                    self.sharing.journal_failed = true;
                    let hint = format!("{message}. Save often until there is room.");
                    self.toasts.failure("Unsaved work is not kept safe from a crash", hint, Some(("Save".to_owned(), Action::Save)));
                }
            }
        }
    }

    fn take_look(&mut self, look: Look, read: Option<Result<native::Opened, native::ReadError>>) {
        self.sharing.looking = false;
        let Some(desk) = &mut self.desk else { return };
        match look {
            Look::Same => {}
            Look::Known(seen) => {
                self.sharing.seen = Some(seen);
                // Whoever wrote it has put back what was there: nothing stands in the way of the save.
                if std::mem::take(&mut self.sharing.save_after_join) {
                    self.actions.push(Action::Save);
                }
                self.file_is_whole();
            }
            Look::Changed(seen, bytes, _) if bytes.is_empty() => {
                self.sharing.seen = Some(seen);
                self.sharing.told = false;
                self.tell_file(
                    "The file is empty now: a program cut it, or the disk was full.",
                    Some(("Put the work back", Action::SaveOverEmpty)),
                );
            }
            Look::Changed(seen, _, hash) => {
                self.sharing.seen = Some(seen);
                self.sharing.told = false;
                match read {
                    Some(Ok(opened)) if opened.newer_version.is_none() => {
                        self.file_is_whole();
                        let then_save = std::mem::take(&mut self.sharing.save_after_join);
                        self.join(Arc::new(opened.ledger), Why::OnDisk { hash, then_save });
                    }
                    Some(Ok(_)) | None => self.tell_file("The file was written by a newer version of Onrecord.", None),
                    Some(Err(error)) => {
                        let words = format!("The file was changed and cannot be read ({error}).");
                        self.tell_file(&words, None);
                    }
                }
            }
            Look::Gone => {
                if !self.sharing.told {
                    desk.session.lost_file();
                    self.sharing.told = true;
                    let name = desk.session.path().map(file_name).unwrap_or_default();
                    let words = format!("{} was moved or deleted. Your work is still here.", brief(&name));
                    self.state.banner =
                        Some(Banner::of_file(words, vec![("Save it here again", Action::SaveAnew), ("Save as…", Action::SaveAs)]));
                }
            }
            Look::Refused(error) => {
                let words = format!("{}.", super::apply::sentence(&error.to_string()));
                self.tell_file(&words, None);
            }
        }
    }

    /// What was said of the file no longer holds.
    fn file_is_whole(&mut self) {
        self.sharing.told = false;
        if self.state.banner.as_ref().is_some_and(Banner::is_of_file) {
            self.state.banner = None;
        }
    }

    fn tell_file(&mut self, words: &str, remedy: Option<(&'static str, Action)>) {
        // A save that waited for the join is not made: it would write over what cannot be joined.
        self.sharing.save_after_join = false;
        self.after_save = None;
        if !self.sharing.told {
            self.sharing.told = true;
            let words = format!("{} Your work is still here.", brief(words));
            let buttons = remedy.into_iter().chain([("Save as…", Action::SaveAs)]).collect();
            self.state.banner = Some(Banner::of_file(words, buttons));
        }
    }

    /// Joins copies into the open project, on a thread.
    fn join(&mut self, theirs: Arc<Ledger>, why: Why) {
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        if desk.session.newer_version().is_some() {
            return;
        }
        let job = desk.session.merge_job();
        let document = desk.document.clone();
        self.sharing.joining = true;
        self.jobs.share(move || Shared::Joined(joined(job, theirs, document.as_ref(), why)));
    }

    /// Reads copies and joins them, so that the user sees what would change.
    pub(crate) fn merge_paths(&mut self, paths: Vec<PathBuf>) {
        self.commit_drafts();
        self.state.dialog = None;
        let Some(desk) = &mut self.desk else { return };
        if let Err(error) = desk.session.check_writable() {
            self.toasts.failure(super::apply::sentence(&error.to_string()), error.hint(), None);
            return;
        }
        let job = desk.session.merge_job();
        let document = desk.document.clone();
        self.sharing.joining = true;
        self.jobs.share(move || {
            let names: Vec<String> = paths.iter().map(|path| file_name(path)).collect();
            let read: Result<Vec<Ledger>, _> = paths.iter().map(|path| read_copy(path).map(|opened| opened.ledger)).collect();
            Shared::Joined(
                read.and_then(together).and_then(|theirs| joined(job, theirs, document.as_ref(), Why::Chosen { names: names.join(", ") })),
            )
        });
    }

    fn take_joined(&mut self, joined: Result<Box<Joined>, (String, String)>) {
        self.sharing.joining = false;
        let joined = match joined {
            Ok(joined) => joined,
            Err((message, hint)) => {
                self.after_save = None;
                self.toasts.failure(super::apply::sentence(&message), hint, None);
                return;
            }
        };
        match &joined.why {
            Why::OnDisk { .. } => self.finish_join(*joined),
            Why::Chosen { names } if joined.list.differences.is_empty() => {
                let words = format!("Nothing new in {}", brief(names));
                self.finish_join(*joined);
                self.toasts.success(words, None);
            }
            Why::Unsaved { journal } if joined.list.differences.is_empty() => {
                // It was saved after all.
                let journal = journal.clone();
                self.forget_orphan(&journal);
            }
            Why::Chosen { .. } | Why::Unsaved { .. } => {
                self.sharing.waiting = Some(joined);
                self.state.dialog = Some(Dialog::Merge);
            }
        }
    }

    /// Takes the join that the user has looked at.
    pub(crate) fn take_waiting(&mut self) {
        self.state.dialog = None;
        if let Some(joined) = self.sharing.waiting.take() {
            self.finish_join(*joined);
        }
    }

    fn finish_join(&mut self, joined: Joined) {
        let Joined { merged, list, indexes, theirs, why } = joined;
        // What is being typed is an edit: otherwise it would later count as the answer to a question that it never saw.
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        let own_file = match &why {
            Why::OnDisk { hash, .. } => Some((&theirs, hash.as_str())),
            _ => None,
        };
        let Some(done) = desk.session.take_merge(merged, own_file) else {
            // Something was edited while the join was made: once more.
            self.join(theirs, why);
            return;
        };
        self.follow_join(&done, indexes);
        let (said, nothing) = (&list.summary, list.differences.is_empty());
        let undo = Some(("Undo".to_owned(), Action::Undo)).filter(|_| !nothing);
        match why {
            Why::OnDisk { then_save, .. } => {
                self.begin_journal();
                if !nothing {
                    self.toasts.success(format!("{}: {said}", came_from(&list.persons)), None);
                }
                if then_save {
                    self.actions.push(Action::Save);
                }
            }
            Why::Chosen { names } if !nothing => {
                self.toasts.success(format!("Merged {}: {said}", brief(&names)), undo);
            }
            Why::Chosen { .. } => {}
            Why::Unsaved { journal } => {
                self.sharing.orphans.retain(|orphan| orphan.journal != journal);
                self.sharing.recovered.push(journal);
                self.toasts.success(format!("Came back: {said}"), undo);
                self.offer_orphan();
            }
        }
        if list.differences.iter().any(Difference::is_undecided) {
            self.state.tab = Tab::Undecided;
        }
    }

    /// Everything beside the project in step with a join; selection and place in the text stay.
    fn follow_join(&mut self, done: &Transaction, indexes: Indexes) {
        if done.changes.is_empty() {
            return;
        }
        let Some(desk) = &mut self.desk else { return };
        desk.take_indexes(indexes);
        desk.find_undecided();
        let exists = desk.document.as_ref().is_some_and(|shown| desk.session.project().documents.contains(shown));
        if !exists {
            desk.document = desk.documents.first().map(|document| document.id.clone());
            desk.rebuild();
        }
        if let Some(view) = desk.view_mut() {
            view.forget();
        }
        self.state.reviewing.forget_computed();
    }

    /// A project was opened: claims it for this window, keeps a journal, offers what a crash left and what sync programs left.
    pub(crate) fn share_desk(&mut self) {
        self.end_journal();
        let (data, orphans) = (self.sharing.data.take(), std::mem::take(&mut self.sharing.orphans));
        let seen = self.desk.as_mut().and_then(|desk| desk.seen.take());
        self.sharing = Sharing { data, seen, orphans, ..Sharing::default() };
        self.begin_journal();
        self.claim();
        if !self.offer_orphan() {
            self.look_for_copies();
        }
    }

    /// Looks for copies that sync programs left beside the file and that hold something new.
    fn look_for_copies(&self) {
        let Some(desk) = &self.desk else { return };
        let Some(path) = desk.session.path().map(Path::to_owned) else { return };
        let (project, ledger) = (desk.session.project().info.id.clone(), Arc::clone(desk.session.ledger()));
        let offered = self.sharing.offered.clone();
        self.jobs.share(move || {
            let mut copies = beside::copies(&path, &project.to_string());
            copies.retain(|copy| !offered.contains(copy) && read_copy(copy).is_ok_and(|opened| holds_news(&ledger, &opened.ledger)));
            Shared::Copies(copies)
        });
    }

    fn claim(&mut self) {
        let (Some(desk), Some(data)) = (&mut self.desk, &self.sharing.data) else { return };
        let Some(path) = desk.session.path() else { return };
        // Saved under another name, another file is claimed.
        if self.sharing.claim.as_ref().is_some_and(|claim| claim.is_of(path)) {
            return;
        }
        self.sharing.claim = None;
        let claimed = Claim::new(data, path, &desk.session.key().to_string());
        let elsewhere = claimed.is_none();
        self.sharing.claim = claimed;
        desk.session.set_elsewhere(elsewhere);
        if elsewhere {
            self.tell_elsewhere("This project is open in another window.");
        }
    }

    /// Edits go on here; the other window finds out and stops.
    pub(crate) fn take_over(&mut self) {
        let (Some(desk), Some(data)) = (&mut self.desk, &self.sharing.data) else { return };
        let Some(path) = desk.session.path() else { return };
        self.sharing.claim = Some(Claim::take_over(data, path, &desk.session.key().to_string()));
        desk.session.set_elsewhere(false);
        self.state.banner = None;
        self.begin_journal();
        // What the other window saved is joined before anything is edited here.
        self.sharing.looked_at = f64::NEG_INFINITY;
        self.toasts.success("You edit this project here now", None);
    }
}

/// Several copies as one.
fn together(copies: Vec<Ledger>) -> Result<Arc<Ledger>, (String, String)> {
    let mut copies = copies.into_iter();
    let Some(first) = copies.next() else { return Err(refused(&"there is nothing to merge", "Choose a copy of this project.")) };
    let all = copies.try_fold(first, |one, other| crate::merge::join(&one, &other));
    all.map(Arc::new).map_err(|error| refused(&error, error.hint()))
}

/// Joins a copy into a snapshot and builds what is kept beside the project.
fn joined(
    job: crate::session::MergeJob,
    theirs: Arc<Ledger>,
    document: Option<&crate::model::Id<crate::model::Document>>,
    why: Why,
) -> Result<Box<Joined>, (String, String)> {
    let from = match &why {
        Why::Chosen { names } => names.clone(),
        Why::OnDisk { .. } => "what colleagues saved".to_owned(),
        Why::Unsaved { .. } => "what was not saved".to_owned(),
    };
    let fail = |error: crate::merge::JoinError| refused(&error, error.hint());
    let before = job.project().clone();
    let merged = job.run(&theirs, &from).map_err(fail)?;
    let list = Listing::new(merged.differences(&before));
    let indexes = Indexes::new(&merged.project, document);
    Ok(Box::new(Joined { merged, list, indexes, theirs, why }))
}

/// Whether a copy holds anything that the project does not.
fn holds_news(ours: &Ledger, theirs: &Ledger) -> bool {
    crate::merge::join(ours, theirs).is_ok_and(|joined| !crate::edit::change::changes_between(&ours.base, &joined.base).is_empty())
}

/// `BL changed the file`, for a message.
fn came_from(persons: &[String]) -> String {
    let named: Vec<&str> = persons.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    if named.is_empty() { "Somebody changed the file".to_owned() } else { format!("{} changed the file", brief(&named.join(", "))) }
}

pub(crate) fn several(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl Jobs {
    /// Tells copies of the open project from other projects.
    pub(crate) fn sort_dropped(&self, paths: Vec<PathBuf>, open: crate::model::Id<crate::model::ProjectInfo>, own: Option<PathBuf>) {
        self.share(move || {
            let is_copy =
                |path: &PathBuf| Some(path) != own.as_ref() && read_copy(path).is_ok_and(|opened| opened.ledger.base.info.id == open);
            let (copies, others) = paths.into_iter().partition(is_copy);
            Shared::Dropped { copies, others }
        });
    }
}

impl App {
    /// Files dropped on the window: a copy of the open project is merged, anything else is opened.
    pub(crate) fn take_dropped(&mut self, paths: Vec<PathBuf>) {
        match &self.desk {
            Some(desk) if paths.iter().all(|path| is_project(path)) => {
                let own = desk.session.path().map(Path::to_owned);
                self.jobs.sort_dropped(paths, desk.session.project().info.id.clone(), own);
            }
            _ => self.actions.push(Action::OpenPaths(paths)),
        }
    }

    /// Leaves a join: nothing was changed. What a crash left stays for later.
    pub(crate) fn leave_waiting(&mut self) {
        self.state.dialog = None;
        self.sharing.waiting = None;
    }

    /// Writes the file again where it was, or over an empty one.
    pub(crate) fn save_again(&mut self, how: impl FnOnce(SaveJob) -> SaveJob) {
        self.commit_drafts();
        let Some(desk) = &mut self.desk else { return };
        let Some(path) = desk.session.path().map(Path::to_owned) else { return };
        if self.saving {
            return;
        }
        match desk.session.save_job(&path) {
            Ok(job) => {
                self.saving = true;
                let job = self.sharing.as_asked(job, &path);
                self.jobs.save(how(job));
            }
            Err(error) => self.toasts.failure(super::apply::sentence(&error.to_string()), error.hint(), None),
        }
    }

    /// Asks once whether a file may lose what the system does not keep. Nothing was written.
    pub(crate) fn ask_about_unkept(&mut self, name: &str, unkept: Unkept) {
        let words = format!("{} was not saved yet: {unkept}.", brief(name));
        let buttons = vec![("Save all the same", Action::SaveAllTheSame), ("Save as…", Action::SaveAs)];
        self.state.banner = Some(Banner::of_project(words, buttons));
    }

    /// Saves although something is not kept, now and later.
    pub(crate) fn save_all_the_same(&mut self) {
        self.sharing.accepted = self.desk.as_ref().and_then(|desk| desk.session.path()).map(Path::to_owned);
        self.actions.push(Action::Save);
    }

    pub(crate) fn write_git_attributes(&mut self) {
        let folder = self.desk.as_ref().and_then(|desk| desk.session.path()).and_then(Path::parent);
        let said = match folder.map(store::git::write_attributes) {
            None => "Save the project first: the attributes go beside it.".to_owned(),
            Some(Ok(true)) => "Written.".to_owned(),
            Some(Ok(false)) => "It is set already.".to_owned(),
            Some(Err(error)) => format!("{}. {}", super::apply::sentence(&error.to_string()), error.hint()),
        };
        self.state.dialog = Some(Dialog::Git { said: Some(said) });
    }
}
