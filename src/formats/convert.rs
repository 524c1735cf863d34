//! From files to an import and from a project to files: the steps that the window and the command line share.

use super::{
    FORMATS, Format, Glimpse, Reader, Writer,
    article::{Choices, Imported},
    exchange::{
        Annotated, ExchangeError,
        adopt::{self, Adopted, Mapping, Seen},
        container::{Chunk, Incoming, Sink, read_all},
        feature::{Loss, Losses, notes},
        public::Terms,
        release::{Head, Release, strip},
        verify::{Convention, Placed, Verified, verify, verify_against},
    },
    format::{Stream, Tally},
    labels::{LabelSet, NEWS},
    profile::Pass,
};
use crate::model::{Label, Project, Table};
use rayon::prelude::*;
use std::sync::{Arc, LazyLock};

/// The format of a file, folder or archive.
pub fn detect(glimpse: &Glimpse<'_>) -> Option<&'static Format> {
    FORMATS.iter().filter(|format| format.read.is_some()).find(|format| (format.detect)(glimpse))
}

/// The format that a target's name asks for.
pub fn format_of_target(name: &str) -> Option<&'static Format> {
    let name = name.to_lowercase();
    let fits = |format: &&Format| format.endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')));
    FORMATS.iter().filter(|format| format.write.is_some()).find(fits)
}

/// Reads articles with what is marked in them, or an article alone, and hands them over with the convention that their format states.
pub fn read(
    format: &Format,
    incoming: Incoming<'_>,
    choices: &Choices,
    warn: &mut dyn FnMut(String),
    take: &mut dyn FnMut(Annotated) -> Result<(), ExchangeError>,
) -> Result<(), ExchangeError> {
    match format.read {
        Reader::Annotated(read) => read(incoming, take),
        Reader::Article(read) => match incoming {
            Incoming::File { name, mut reader } => {
                let bytes = read_all(&name, &mut *reader)?;
                let imported =
                    read(&name, &bytes, choices).map_err(|error| ExchangeError::Unfit { what: error.to_string(), hint: error.hint() })?;
                imported.warnings.iter().for_each(|warning| warn(format!("{name}: {warning}")));
                take(annotated(imported))
            }
            Incoming::Files { name, .. } => Err(ExchangeError::at(name, "it is a folder or archive, not one article")),
        },
        Reader::Project => {
            Err(ExchangeError::Unfit { what: "a project is opened, not imported".to_owned(), hint: "Use merge to join projects." })
        }
        Reader::None => {
            Err(ExchangeError::Unfit { what: format!("{} is not read", format.title), hint: "onrecord formats lists what is." })
        }
    }
}

/// An article in which nothing is marked.
pub fn annotated(imported: Imported) -> Annotated {
    let Imported { article, details, .. } = imported;
    Annotated { title: article.title, content: article.content, details, imported: Some(article.imported), ..Annotated::default() }
}

/// Places what is marked in an article, in its own text or in that of the project.
pub fn place(project: Option<&Project>, article: Annotated, stated: Convention, found: &mut Verified) -> Result<Placed, ExchangeError> {
    if !article.content.is_empty() {
        return Ok(verify(article, stated, found));
    }
    let text = project.and_then(|project| adopt::document_of(project, &article, None).and_then(|document| project.text_of(document)));
    if let Some(text) = text {
        Ok(verify_against(article, text, stated, found))
    } else {
        let name = if article.title.is_empty() { &article.id } else { &article.title };
        Err(ExchangeError::Unfit {
            what: format!("the file has no text of the article {name:?}, and it is in no project"),
            hint: "Import it into the project that has the articles.",
        })
    }
}

/// Everything that was read for an import, before labels are mapped.
#[derive(Debug, Default)]
pub struct Draft {
    /// The articles.
    pub placed: Vec<Placed>,
    /// What verification found.
    pub verified: Verified,
    /// The labels and links that occur.
    pub seen: Seen,
    /// What the user should look at.
    pub warnings: Vec<String>,
    /// Files that could not be read: message and hint.
    pub failed: Vec<(String, String)>,
}

impl Draft {
    /// Reads one file, folder or archive into the draft.
    pub fn add(&mut self, project: &Project, format: &Format, incoming: Incoming<'_>, choices: &Choices) -> Result<(), ExchangeError> {
        let (mut placed, mut verified, mut seen, mut warnings) = (Vec::new(), Verified::default(), Seen::default(), Vec::new());
        read(format, incoming, choices, &mut |warning| warnings.push(warning), &mut |article| {
            let article = place(Some(project), article, format.convention, &mut verified)?;
            seen.add(&article.article);
            placed.push(article);
            Ok(())
        })?;
        // Only what was read whole comes in.
        self.placed.extend(placed);
        self.verified.add(verified);
        self.seen.join(seen);
        self.warnings.extend(warnings);
        Ok(())
    }

    /// Maps the draft into an import.
    pub fn adopt(self, project: &Project, mapping: &Mapping) -> Adopted {
        adopt::adopt(project, self.placed, &self.seen, mapping)
    }
}

/// Articles that are written together: enough for all processors, few enough for memory.
const TOGETHER: usize = 64;

/// Writes articles one after the other.
pub struct Outgoing<'s> {
    format: &'static Format,
    stream: &'static (dyn Stream + Sync),
    head: Head,
    /// Whether only the main file is written.
    alone: bool,
    sink: &'s mut dyn Sink,
    waiting: Vec<Release>,
    tally: Tally,
    losses: Losses,
}

impl std::fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outgoing({:?}, {} articles)", self.format, self.tally.articles)
    }
}

impl<'s> Outgoing<'s> {
    /// Begins; `None` where the format is not written article by article.
    pub fn begin(format: &'static Format, head: Head, alone: bool, sink: &'s mut dyn Sink) -> Option<Result<Self, ExchangeError>> {
        let Writer::Stream(stream) = format.write else { return None };
        let chunks = stream.begin(&head);
        let mut outgoing =
            Self { format, stream, head, alone, sink, waiting: Vec::new(), tally: Tally::default(), losses: Losses::default() };
        Some(chunks.into_iter().try_for_each(|chunk| outgoing.put(chunk)).map(|()| outgoing))
    }

    fn put(&mut self, mut chunk: Chunk) -> Result<(), ExchangeError> {
        if self.alone {
            return if chunk.file.is_empty() { self.sink.put(chunk) } else { Ok(()) };
        }
        if chunk.file.is_empty() {
            self.format.main.clone_into(&mut chunk.file);
        }
        self.sink.put(chunk)
    }

    /// Takes an article.
    pub fn take(&mut self, release: Release) -> Result<(), ExchangeError> {
        self.waiting.push(release);
        if self.waiting.len() >= TOGETHER { self.write() } else { Ok(()) }
    }

    /// Writes what waits: encoded on all processors, put in order.
    fn write(&mut self) -> Result<(), ExchangeError> {
        let waiting = std::mem::take(&mut self.waiting);
        let (stream, head, first) = (self.stream, &self.head, self.tally.articles);
        let encoded: Vec<Result<Vec<Chunk>, ExchangeError>> =
            waiting.par_iter().enumerate().map(|(at, release)| stream.article(head, release, first + at)).collect();
        for (release, chunks) in waiting.iter().zip(encoded) {
            self.tally.count(release.article());
            self.losses.count(release);
            for chunk in chunks? {
                self.put(chunk)?;
            }
        }
        Ok(())
    }

    /// Ends, and says what was lost.
    pub fn finish(mut self) -> Result<Written, ExchangeError> {
        self.write()?;
        for chunk in self.stream.end(&self.head, &self.tally)? {
            self.put(chunk)?;
        }
        let losses = losses(self.format, &self.losses, self.alone);
        if !self.alone {
            let report = notes(self.format.title, self.head.profile.word(), &losses);
            self.sink.put(Chunk::whole("EXPORT-NOTES.md", report))?;
        }
        self.sink.finish()?;
        Ok(Written { articles: self.tally.articles, annotations: self.tally.spans, losses })
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Articles.
    pub articles: usize,
    /// Annotations.
    pub annotations: usize,
    /// What the format does not carry.
    pub losses: Vec<Loss>,
}

/// What a format does not carry of what was counted.
pub fn losses(format: &Format, counted: &Losses, alone: bool) -> Vec<Loss> {
    let carries = if alone { format.alone.unwrap_or(format.carries) } else { format.carries };
    counted.of(&carries)
}

/// Writes releases in whatever way the format is written.
pub fn write(
    format: &'static Format,
    head: Head,
    alone: bool,
    sink: &mut dyn Sink,
    releases: &mut dyn Iterator<Item = Result<Release, ExchangeError>>,
) -> Result<Written, ExchangeError> {
    match format.write {
        Writer::Whole(write) => {
            let releases = releases.collect::<Result<Vec<_>, _>>()?;
            let bytes = write(&head, &releases)?;
            let mut counted = Losses::default();
            for release in &releases {
                counted.count(release);
            }
            let losses = losses(format, &counted, alone);
            let file = if alone { String::new() } else { format.main.to_owned() };
            sink.put(Chunk { file, bytes, last: true })?;
            if !alone {
                sink.put(Chunk::whole("EXPORT-NOTES.md", notes(format.title, head.profile.word(), &losses)))?;
            }
            sink.finish()?;
            let annotations = releases.iter().map(|release| release.article().spans.len()).sum();
            Ok(Written { articles: releases.len(), annotations, losses })
        }
        Writer::Stream(_) => {
            let Some(outgoing) = Outgoing::begin(format, head, alone, sink) else { return Ok(Written::default()) };
            let mut outgoing = outgoing?;
            for release in releases {
                outgoing.take(release?)?;
            }
            outgoing.finish()
        }
        Writer::Project | Writer::None => {
            Err(ExchangeError::Unfit { what: format!("{} is not written here", format.title), hint: "onrecord formats lists what is." })
        }
    }
}

/// The labels that the program comes with: in a foreign file no other list is known to be closed.
static NEWS_LABELS: LazyLock<Table<Label>> = LazyLock::new(|| {
    let labels = LabelSet::read(NEWS).map(|set| set.labels).unwrap_or_default();
    labels.into_iter().map(|label| (label.id.clone(), Arc::new(label))).collect()
});

/// A foreign article on its way to another foreign format: placed, its text clean, and through the profile.
pub fn pass_on(placed: Placed, pass: Pass) -> Release {
    let Placed { mut article, text, .. } = placed;
    article.content = text.content.to_string();
    strip(article, pass, Terms { labels: &NEWS_LABELS, kinds: None })
}
