//! Slow work off the UI thread: reading, saving, asking for files. Results come back through a channel and wake the window.

use super::{
    app::Desk,
    computed::Computed,
    finding::{Part, Progress},
};
use crate::{
    display::{
        figures::{self, Figures, Grouping},
        source_index::SourceIndex,
        span_index::SpanIndex,
    },
    edit::EditError,
    formats::article::{self, Article, ArticleError},
    model::{Document, Id, Project, links::Links},
    review,
    session::{Edited, LongEdit, LongStep, LongStepped, OpenError, SaveError, SaveJob, Saved, Session, WorkEnvironment},
    store::{
        self, StoreError,
        beside::{self, Seen},
    },
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering, mpsc},
    time::{Duration, Instant},
};

/// A file that was read.
pub(crate) enum Opened {
    /// A project, with its first document indexed.
    Project(Result<Box<Desk>, OpenError>),
    /// A file of another tool.
    Foreign(PathBuf),
    /// A project file without a byte, and the projects beside it whose names are made from its own.
    Empty { path: PathBuf, copies: Vec<PathBuf> },
    /// An article with its original bytes, so that it can be read again in another encoding.
    Article(Result<(Article, Arc<[u8]>), Refused>),
}

/// Why a file is no article: message and hint.
pub(crate) struct Refused {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// What a path is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    Files(Choice),
    Save,
    Export,
}

/// What files are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Open,
    Merge,
    Compare,
    Import,
}

/// What a job found.
pub(crate) enum Done {
    /// With the number of the request, since a request can be given up.
    Opened(u64, Vec<Opened>),
    Saved(Result<Saved, SaveError>),
    /// A part of what a search found, with the number of the search.
    Found(u64, Part),
    /// The review is computed: number of the request, state of the project.
    Reviewed(u64, u64, Box<Computed>),
    /// The figures over time, by every grouping.
    Figures(Vec<(Grouping, Vec<Figures>)>),
    /// A large edit is made.
    Edited(Result<LongEdited, EditError>),
    /// A large undo or redo is made.
    Stepped(LongStepped, Indexes),
    /// Files that the user chose; none when the choice was cancelled.
    Chosen(Choice, Vec<PathBuf>),
    /// What concerns colleagues, other windows and crashes.
    Shared(super::sharing::Shared),
    /// What concerns other formats.
    Exchanged(super::exchanging::Exchanged),
    /// Where to export to.
    ExportChosen(Option<PathBuf>),
    /// Where to save.
    SaveChosen(Option<PathBuf>),
    /// The system has no dialogs; ask for a path in the window.
    NoDialog {
        ask: Ask,
    },
}

/// What is kept beside a project, built anew.
pub(crate) struct Indexes {
    pub(crate) index: Option<SpanIndex>,
    pub(crate) sources: SourceIndex,
    pub(crate) counts: HashMap<Id<Document>, usize>,
    pub(crate) documents: Vec<Arc<Document>>,
}

impl Indexes {
    pub(crate) fn new(project: &Project, document: Option<&Id<Document>>) -> Self {
        let mut counts: HashMap<Id<Document>, usize> = HashMap::new();
        for annotation in project.annotations.iter() {
            match counts.get_mut(&annotation.document) {
                Some(count) => *count += 1,
                None => drop(counts.insert(annotation.document.clone(), 1)),
            }
        }
        let index = || document.and_then(|document| SpanIndex::new(project, project.documents.get(document)?));
        let (index, sources) = rayon::join(index, || SourceIndex::new(project));
        Self { index, sources, counts, documents: project.documents_in_order().into_iter().cloned().collect() }
    }
}

/// A large edit with the indexes of the project after it.
pub(crate) struct LongEdited {
    pub(crate) edited: Edited,
    pub(crate) indexes: Indexes,
}

/// Runs jobs and collects what they found.
pub(crate) struct Jobs {
    sender: mpsc::Sender<Done>,
    receiver: mpsc::Receiver<Done>,
    ctx: egui::Context,
    /// Runs everything at once, as tests want it.
    inline: bool,
    /// When the files that are being read were asked for.
    opening: Option<Instant>,
    /// Number of the last request to read files.
    request: u64,
    early: Option<Early>,
}

/// Files that are read since before there was a window.
pub(crate) struct Early {
    paths: Vec<PathBuf>,
    reading: std::thread::JoinHandle<Vec<Opened>>,
}

impl Early {
    /// Begins to read projects; `None` where there is anything else, which is asked about first.
    pub(crate) fn begin(paths: &[PathBuf], environment: impl Fn() -> WorkEnvironment + Send + 'static) -> Option<Self> {
        if paths.is_empty() || !paths.iter().all(|path| is_project(path)) {
            return None;
        }
        let paths: Vec<PathBuf> = paths.iter().map(|path| whole(path)).collect();
        let files = paths.clone();
        let reading = std::thread::spawn(move || files.iter().map(|path| open(path, environment())).collect());
        Some(Self { paths, reading })
    }
}

/// Whether a file is opened as a project.
pub(crate) fn is_project(path: &Path) -> bool {
    path.to_string_lossy().to_lowercase().ends_with(".json")
}

/// A whole path: the journal outlives the folder that the program was started in.
pub(crate) fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A dialog that comes back without an answer faster than anybody can press Escape was never shown.
const NEVER_SHOWN: Duration = Duration::from_millis(250);

impl Jobs {
    pub(crate) fn new(ctx: &egui::Context, inline: bool, early: Option<Early>) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver, ctx: ctx.clone(), inline, opening: None, request: 0, early }
    }

    pub(crate) fn is_inline(&self) -> bool {
        self.inline
    }

    /// Tells a result from a thread that goes on.
    pub(crate) fn teller(&self) -> impl Fn(Done) + Send + 'static {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        move |done| {
            drop(sender.send(done));
            ctx.request_repaint();
        }
    }

    pub(crate) fn start(&self, job: impl FnOnce() -> Done + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let run = move || {
            // The window may be gone by now; then nobody waits for the result.
            drop(sender.send(job()));
            ctx.request_repaint();
        };
        if self.inline {
            run();
        } else {
            std::thread::spawn(run);
        }
    }

    /// What was found since the last call.
    pub(crate) fn collect(&mut self) -> Vec<Done> {
        let request = self.request;
        let done: Vec<Done> = self.receiver.try_iter().filter(|done| !matches!(done, Done::Opened(of, _) if *of != request)).collect();
        if done.iter().any(|done| matches!(done, Done::Opened(..))) {
            self.opening = None;
        }
        done
    }

    /// How long files have been read, while they are.
    pub(crate) fn opening(&self) -> Option<Duration> {
        self.opening.map(|since| since.elapsed())
    }

    /// Gives up reading: what comes back is thrown away.
    pub(crate) fn cancel_opening(&mut self) {
        self.opening = None;
        self.request += 1;
    }

    /// Reads projects and articles.
    pub(crate) fn open(&mut self, paths: Vec<PathBuf>, environment: impl Fn() -> WorkEnvironment + Send + 'static) {
        self.request += 1;
        self.opening = Some(Instant::now());
        let request = self.request;
        let early = self.early.take().filter(|early| early.paths == paths);
        self.start(move || {
            let read = || paths.iter().map(|path| open(path, environment())).collect();
            let opened = early.and_then(|early| early.reading.join().ok()).unwrap_or_else(read);
            Done::Opened(request, opened)
        });
    }

    /// Looks for words; each part of what is found comes back by itself.
    pub(crate) fn search(&self, number: u64, search: impl FnOnce(&dyn Fn(Part)) + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let run = move || {
            search(&|part| {
                drop(sender.send(Done::Found(number, part)));
                ctx.request_repaint();
            });
        };
        if self.inline {
            run();
        } else {
            std::thread::spawn(run);
        }
    }

    /// Computes the review.
    pub(crate) fn review(&self, number: u64, revision: u64, project: Project) {
        self.start(move || {
            // Tables of its own at once: an edit meanwhile must not have to copy them.
            let project = project.unshared();
            Done::Reviewed(number, revision, Box::new(Computed::new(&project)))
        });
    }

    /// Counts the figures over time.
    pub(crate) fn figures(&self, project: Project) {
        self.start(move || {
            let project = project.unshared();
            let links = Links::new(&project);
            let units = review::units(&project, &links);
            let all = Grouping::ALL.map(|by| (by, figures::figures(&project, &links, &units, by)));
            Done::Figures(all.into())
        });
    }

    /// Makes a large edit and indexes the project after it.
    pub(crate) fn edit(&self, edit: LongEdit, progress: Progress, document: Option<Id<Document>>) {
        let ctx = self.ctx.clone();
        self.start(move || {
            let edited = edit.run(&|done| {
                progress.done.store(done, Ordering::Relaxed);
                ctx.request_repaint();
                !progress.stop.load(Ordering::Relaxed)
            });
            Done::Edited(edited.map(|edited| LongEdited { indexes: Indexes::new(&edited.project, document.as_ref()), edited }))
        });
    }

    /// Makes a large undo or redo and indexes the project after it.
    pub(crate) fn step(&self, step: LongStep, document: Option<Id<Document>>) {
        self.start(move || {
            let stepped = step.run();
            let indexes = Indexes::new(&stepped.project, document.as_ref());
            Done::Stepped(stepped, indexes)
        });
    }

    /// Stamps, writes and saves.
    pub(crate) fn save(&mut self, job: SaveJob) {
        self.start(move || Done::Saved(job.run()));
    }

    /// Asks for files.
    pub(crate) fn choose_files(&mut self, choice: Choice) {
        if self.inline {
            // Tests must not meet the dialogs of the machine that they run on.
            return self.start(move || Done::NoDialog { ask: Ask::Files(choice) });
        }
        let title = match choice {
            Choice::Open => "Open articles or a project",
            Choice::Merge => "Merge from copies of this project",
            Choice::Import => "Import articles and annotations",
            Choice::Compare => "Compare with a copy, or two copies",
        };
        let dialog = rfd::AsyncFileDialog::new().set_title(title);
        let dialog = match choice {
            Choice::Open => dialog.add_filter("Articles and projects", &crate::store::incoming::endings()),
            Choice::Import => dialog.add_filter("Everything that is read", &crate::store::incoming::endings()),
            Choice::Merge | Choice::Compare => dialog.add_filter("Projects", &["json"]),
        };
        let dialog = dialog.add_filter("All files", &["*"]).pick_files();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(files) => Done::Chosen(choice, files.iter().map(|file| file.path().to_owned()).collect()),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { ask: Ask::Files(choice) },
                None => Done::Chosen(choice, Vec::new()),
            }
        });
    }

    /// Asks for a folder to import.
    pub(crate) fn choose_folder(&mut self) {
        let ask = Ask::Files(Choice::Import);
        if self.inline {
            return self.start(move || Done::NoDialog { ask });
        }
        let dialog = rfd::AsyncFileDialog::new().set_title("Import a folder of articles or annotations").pick_folder();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(folder) => Done::Chosen(Choice::Import, vec![folder.path().to_owned()]),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { ask },
                None => Done::Chosen(Choice::Import, Vec::new()),
            }
        });
    }

    /// Asks where to export to.
    pub(crate) fn choose_export(&mut self, name: &str) {
        if self.inline {
            return self.start(|| Done::NoDialog { ask: Ask::Export });
        }
        let dialog = rfd::AsyncFileDialog::new().set_title("Export").set_file_name(name).save_file();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(file) => Done::ExportChosen(Some(file.path().to_owned())),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { ask: Ask::Export },
                None => Done::ExportChosen(None),
            }
        });
    }

    /// Asks where to save.
    pub(crate) fn choose_target(&mut self, name: &str) {
        if self.inline {
            return self.start(|| Done::NoDialog { ask: Ask::Save });
        }
        let dialog = rfd::AsyncFileDialog::new().set_title("Save the project").set_file_name(name).save_file();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(file) => Done::SaveChosen(Some(file.path().to_owned())),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { ask: Ask::Save },
                None => Done::SaveChosen(None),
            }
        });
    }
}

fn open(path: &Path, environment: WorkEnvironment) -> Opened {
    let name = store::file_name(path);
    if is_project(path) {
        if beside::is_empty(path) {
            return Opened::Empty { path: path.to_owned(), copies: beside::projects(path) };
        }
        if super::exchanging::is_foreign(path) {
            return Opened::Foreign(path.to_owned());
        }
        // Asked before the bytes are read: what is written meanwhile is met by the next look.
        let seen = Seen::of(path);
        let session = Session::open(path, environment);
        return Opened::Project(session.map(|session| Box::new(Desk { seen, ..Desk::new(session) })));
    }
    let refuse = |error: StoreError| Refused { message: error.to_string(), hint: error.hint().to_owned() };
    let read = store::read(path).map_err(refuse).and_then(|bytes| {
        let article = article::read(&name, &bytes, None)
            .map_err(|error: ArticleError| Refused { message: error.to_string(), hint: error.hint().to_owned() })?;
        Ok((article, Arc::from(bytes)))
    });
    Opened::Article(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_before_there_is_a_window_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("port.onrecord.json");
        std::fs::write(&path, include_str!("../../sample_projects/port-strike.onrecord.json")).unwrap();
        let environment = || WorkEnvironment::seeded(1, None);
        assert!(Early::begin(&[path.clone(), "a.txt".into()], environment).is_none(), "an article is asked about first");
        let early = Early::begin(std::slice::from_ref(&path), environment).unwrap();
        while !early.reading.is_finished() {
            std::thread::yield_now();
        }
        std::fs::remove_file(&path).unwrap();
        let mut jobs = Jobs::new(&egui::Context::default(), true, Some(early));
        let mut opens = || {
            jobs.open(vec![path.clone()], environment);
            let done = jobs.collect();
            matches!(done.as_slice(), [Done::Opened(_, opened)] if matches!(opened.as_slice(), [Opened::Project(Ok(_))]))
        };
        assert!(opens(), "the file is gone, its contents are here");
        assert!(!opens(), "what is opened again is read again");
    }
}
