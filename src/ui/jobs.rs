//! Slow work off the UI thread: reading, saving, asking for files. Results come back through a channel and wake the window.

use super::app::Desk;
use crate::{
    formats::article::{self, Article, ArticleError},
    session::{OpenError, SaveError, SaveJob, Saved, Session, WorkEnvironment},
    store::{self, StoreError, atomic},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

/// A file that was read.
pub(crate) enum Opened {
    /// A project, with its first document indexed.
    Project(Result<Box<Desk>, OpenError>),
    /// An article with its original bytes, so that it can be read again in another encoding.
    Article(Result<(Article, Arc<[u8]>), Refused>),
}

/// Why a file is no article: message and hint.
pub(crate) struct Refused {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// What a job found.
pub(crate) enum Done {
    Opened(Vec<Opened>),
    Saved(Result<Saved, SaveError>),
    /// Files that the user chose; none when the choice was cancelled.
    Chosen(Vec<PathBuf>),
    /// Where to save.
    SaveChosen(Option<PathBuf>),
    /// The system has no dialogs; ask for a path in the window.
    NoDialog {
        save: bool,
    },
}

/// Runs jobs and collects what they found.
pub(crate) struct Jobs {
    sender: mpsc::Sender<Done>,
    receiver: mpsc::Receiver<Done>,
    ctx: egui::Context,
    /// Runs everything at once, as tests want it.
    inline: bool,
    pub(crate) running: usize,
    pub(crate) since: Option<Instant>,
}

/// A dialog that comes back without an answer faster than anybody can press Escape was never shown.
const NEVER_SHOWN: Duration = Duration::from_millis(250);

impl Jobs {
    pub(crate) fn new(ctx: &egui::Context, inline: bool) -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver, ctx: ctx.clone(), inline, running: 0, since: None }
    }

    fn start(&mut self, job: impl FnOnce() -> Done + Send + 'static) {
        self.running += 1;
        self.since.get_or_insert_with(Instant::now);
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
        let done: Vec<Done> = self.receiver.try_iter().collect();
        self.running = self.running.saturating_sub(done.len());
        if self.running == 0 {
            self.since = None;
        }
        done
    }

    /// Reads projects and articles.
    pub(crate) fn open(&mut self, paths: Vec<PathBuf>, environment: impl Fn() -> WorkEnvironment + Send + 'static) {
        self.start(move || Done::Opened(paths.iter().map(|path| open(path, environment())).collect()));
    }

    /// Stamps, writes and saves.
    pub(crate) fn save(&mut self, job: SaveJob) {
        self.start(move || Done::Saved(job.run(atomic::save)));
    }

    /// Asks for files to open.
    pub(crate) fn choose_files(&mut self) {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Open articles or a project")
            .add_filter("Articles and projects", &["txt", "md", "markdown", "json"]);
        let dialog = dialog.add_filter("All files", &["*"]).pick_files();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(files) => Done::Chosen(files.iter().map(|file| file.path().to_owned()).collect()),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { save: false },
                None => Done::Chosen(Vec::new()),
            }
        });
    }

    /// Asks where to save.
    pub(crate) fn choose_target(&mut self, name: &str) {
        let dialog = rfd::AsyncFileDialog::new().set_title("Save the project").set_file_name(name).save_file();
        self.start(move || {
            let asked = Instant::now();
            match pollster::block_on(dialog) {
                Some(file) => Done::SaveChosen(Some(file.path().to_owned())),
                None if asked.elapsed() < NEVER_SHOWN => Done::NoDialog { save: true },
                None => Done::SaveChosen(None),
            }
        });
    }
}

fn open(path: &Path, environment: WorkEnvironment) -> Opened {
    let name = store::file_name(path);
    if name.to_lowercase().ends_with(".json") {
        return Opened::Project(Session::open(path, environment).map(|session| Box::new(Desk::new(session))));
    }
    let refuse = |error: StoreError| Refused { message: error.to_string(), hint: error.hint().to_owned() };
    let read = store::read(path).map_err(refuse).and_then(|bytes| {
        let article = article::read(&name, &bytes, None)
            .map_err(|error: ArticleError| Refused { message: error.to_string(), hint: error.hint().to_owned() })?;
        Ok((article, Arc::from(bytes)))
    });
    Opened::Article(read)
}
