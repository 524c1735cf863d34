//! Bringing files in and taking formats out: what the window and the command line share. Slow, so it runs off the UI thread; every step
//! asks whether to go on.

use crate::{
    formats::{
        Format, Reader, Writer,
        article::{Choices, Imported},
        convert::{self, Draft, Written},
        exchange::{
            ExchangeError,
            container::{Incoming, read_all},
            feature::{Loss, Losses},
            release::{Release, Releases},
        },
        profile::Pass,
    },
    model::{Document, Id, Project},
    store::{
        incoming::Input,
        outgoing::{Shape, Target, shape},
    },
};
use std::{
    path::Path,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

/// How long one article may take. What takes longer is left to itself, since the libraries that read it cannot be interrupted.
pub const LIMIT: Duration = Duration::from_mins(1);
/// How often somebody who waits is asked whether to go on.
const PULSE: Duration = Duration::from_millis(50);

/// Articles that are being read, each on a thread of its own.
type Reading = (String, Instant, mpsc::Receiver<Result<Imported, ExchangeError>>);

/// Reads inputs into a draft, articles on several threads. `go_on` is told how many inputs are done.
///
/// What cannot be read is listed in the draft, and does not keep the rest from coming in.
pub fn gather(
    project: &Project,
    inputs: &[Input],
    choices: &Choices,
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Result<Draft, ExchangeError> {
    let mut draft = Draft::default();
    let mut rest = inputs;
    let mut done = 0;
    while let Some(input) = rest.first() {
        if !go_on(done) {
            return Err(ExchangeError::Cancelled);
        }
        let articles = rest.iter().take_while(|input| matches!(input.format.read, Reader::Article(_))).take(together()).count();
        if articles > 0 {
            let (now, later) = rest.split_at(articles);
            for (input, read) in now.iter().zip(read_articles(now, choices, LIMIT, &|| go_on(done))?) {
                match read {
                    Ok(imported) => {
                        let several = inputs.len() > 1;
                        let said = |warning: &String| if several { format!("{}: {warning}", input.name) } else { warning.clone() };
                        draft.warnings.extend(imported.warnings.iter().map(said));
                        draft.placed.push(convert::place(
                            None,
                            convert::annotated(imported),
                            input.format.convention,
                            &mut draft.verified,
                        )?);
                    }
                    Err(error) => draft.failed.push((error.to_string(), error.hint().to_owned())),
                }
            }
            (rest, done) = (later, done + articles);
            continue;
        }
        let read = input.open().and_then(|incoming| draft.add(project, input.format, incoming, choices));
        if let Err(error) = read {
            draft.failed.push((error.to_string(), error.hint().to_owned()));
        }
        (rest, done) = (rest.get(1..).unwrap_or_default(), done + 1);
    }
    Ok(draft)
}

fn together() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Reads articles side by side, each within a limit of time; what a library does wrong on one does not reach the others.
pub fn read_articles(
    inputs: &[Input],
    choices: &Choices,
    limit: Duration,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Result<Imported, ExchangeError>>, ExchangeError> {
    let choices = Arc::new(choices.clone());
    let begun: Vec<Reading> = inputs.iter().map(|input| begin(input, &choices)).collect();
    let mut all = Vec::with_capacity(begun.len());
    for (name, since, receiver) in begun {
        let read = loop {
            match receiver.recv_timeout(PULSE) {
                Ok(read) => break read,
                Err(mpsc::RecvTimeoutError::Disconnected) => break Err(ExchangeError::at(name, "it cannot be read: its reader gave up")),
                Err(mpsc::RecvTimeoutError::Timeout) if !go_on() => return Err(ExchangeError::Cancelled),
                Err(mpsc::RecvTimeoutError::Timeout) if since.elapsed() > limit => {
                    break Err(ExchangeError::Unfit {
                        what: format!("{name} took longer than {} seconds and was given up", limit.as_secs()),
                        hint: "Paste the text, or save the page in another way.",
                    });
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        };
        all.push(read);
    }
    Ok(all)
}

fn begin(input: &Input, choices: &Arc<Choices>) -> Reading {
    let (sender, receiver) = mpsc::channel();
    let (name, choices, since) = (input.name.clone(), Arc::clone(choices), Instant::now());
    let input = input.clone();
    // Nobody joins this thread: given up, it ends by itself or with the program.
    std::thread::spawn(move || drop(sender.send(article(&input, &choices))));
    (name, since, receiver)
}

/// One article.
fn article(input: &Input, choices: &Choices) -> Result<Imported, ExchangeError> {
    let Reader::Article(read) = input.format.read else { return Err(ExchangeError::at(input.name.as_str(), "not an article")) };
    let Incoming::File { mut reader, .. } = input.open()? else { return Err(ExchangeError::at(input.name.as_str(), "not one file")) };
    let bytes = read_all(&input.name, &mut *reader)?;
    // Titles and records name the file alone.
    let name = input.name.rsplit('/').next().unwrap_or(&input.name);
    read(name, &bytes, choices).map_err(|error| ExchangeError::Unfit { what: error.to_string(), hint: error.hint() })
}

/// What is taken out.
#[derive(Debug, Clone)]
pub struct Export {
    /// The project, or one document of it.
    pub document: Option<Id<Document>>,
    /// What may leave, and how.
    pub pass: Pass,
    /// The format.
    pub format: &'static Format,
    /// The day, UTC.
    pub today: String,
}

impl Export {
    fn documents<'p>(&self, project: &'p Project) -> Vec<&'p Document> {
        let all = project.documents_in_order().into_iter().map(AsRef::as_ref);
        all.filter(|document: &&Document| self.document.as_ref().is_none_or(|only| document.id == *only)).collect()
    }

    /// What the format does not carry of it. Takes time by the number of records.
    pub fn losses(&self, project: &Project, alone: bool) -> Vec<Loss> {
        let releases = Releases::of(project, self.pass, self.document.as_ref());
        let mut counted = Losses::default();
        self.documents(project).into_iter().for_each(|document| counted.count(&releases.release(document)));
        convert::losses(self.format, &counted, alone)
    }

    /// Writes it to a place. `go_on` is told how many articles are done.
    pub fn run(&self, project: &Project, path: &Path, go_on: &dyn Fn(usize) -> bool) -> Result<Written, ExchangeError> {
        let shape = shape(path, self.format);
        let mut target = Target::begin(path, shape)?;
        let releases = Releases::of(project, self.pass, self.document.as_ref());
        let documents = self.documents(project);
        let mut articles = documents.into_iter().enumerate().map(|(done, document)| -> Result<Release, ExchangeError> {
            if go_on(done) { Ok(releases.release(document)) } else { Err(ExchangeError::Cancelled) }
        });
        convert::write(self.format, releases.head(&self.today), shape == Shape::File, &mut target, &mut articles)
    }
}

/// Whether a format goes out through [`Export`].
pub fn is_export(format: &Format) -> bool {
    matches!(format.write, Writer::Stream(_) | Writer::Whole(_))
}
