//! What a format says of itself: one `const` a format, with plain functions.

use super::exchange::{
    Annotated, ExchangeError,
    container::{Chunk, Incoming},
    feature::{Feature, How},
    release::{Head, Release},
    verify::Convention,
};
use crate::{formats::article::Imported, model::AttributeValue};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A format.
#[derive(Clone, Copy)]
pub struct Format {
    /// The word on the command line.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Who uses it for what, in one sentence.
    pub about: &'static str,
    /// Endings of its files, the first one is written.
    pub endings: &'static [&'static str],
    /// The name of its main file in a folder or zip.
    pub main: &'static str,
    /// Whether it is always several files: a folder, or a zip. Others are written so too when the target is one.
    pub is_folder: bool,
    /// Whether its one file is an archive itself, as office files are.
    pub is_archive: bool,
    /// How its documentation says that offsets count.
    pub convention: Convention,
    /// What it does with what a project holds.
    pub carries: fn(Feature) -> How,
    /// The same, where only the main file is written and that makes a difference.
    pub alone: Option<fn(Feature) -> How>,
    /// Reading.
    pub read: Reader,
    /// Writing.
    pub write: Writer,
    /// Whether a file is of this format.
    pub detect: fn(&Glimpse<'_>) -> bool,
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Hands over one article after the other; an error ends the reading.
pub type Take<'t> = &'t mut dyn FnMut(Annotated) -> Result<(), ExchangeError>;

/// How a format is read.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds functions")]
pub enum Reader {
    /// It is not.
    None,
    /// The project file itself.
    Project,
    /// Articles with what is marked in them.
    Annotated(fn(Incoming<'_>, Take<'_>) -> Result<(), ExchangeError>),
    /// An article, from its name, its bytes and the user's choices.
    Article(fn(&str, &[u8], &super::article::Choices) -> Result<Imported, super::article::ArticleError>),
}

/// How a format is written.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds functions")]
pub enum Writer {
    /// It is not.
    None,
    /// The project file itself.
    Project,
    /// Article by article: memory is bounded by the largest.
    Stream(&'static (dyn Stream + Sync)),
    /// All articles at once.
    Whole(fn(&Head, &[Release]) -> Result<Vec<u8>, ExchangeError>),
}

impl Reader {
    /// Whether it reads.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}

impl Writer {
    /// Whether it writes.
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// Writes article by article.
pub trait Stream {
    /// What comes first.
    fn begin(&self, _head: &Head) -> Vec<Chunk> {
        Vec::new()
    }

    /// One article; `number` counts from 0. Runs on several threads.
    fn article(&self, head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError>;

    /// What comes last.
    fn end(&self, _head: &Head, _tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        Ok(Vec::new())
    }
}

/// What was written: the configuration files of other tools are made from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tally {
    /// Articles.
    pub articles: usize,
    /// Annotations.
    pub spans: usize,
    /// Links.
    pub links: usize,
    /// Stretches that are not article.
    pub omissions: usize,
    /// Comments.
    pub remarks: usize,
    /// Labels, each with its attributes and the values that occurred.
    pub labels: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    /// Kinds of links with the labels of their ends.
    pub kinds: BTreeMap<String, BTreeSet<(String, String)>>,
}

/// Most values of one attribute that are collected: beyond that it is free text.
const VALUES: usize = 60;

impl Tally {
    /// Counts an article.
    pub fn count(&mut self, article: &Annotated) {
        self.articles += 1;
        self.spans += article.spans.len();
        self.links += article.links.len();
        self.omissions += article.omissions.len();
        self.remarks += article.remarks.len();
        for span in &article.spans {
            let attributes = self.labels.entry(span.label.clone()).or_default();
            for (key, value) in &span.attributes {
                let values = attributes.entry(key.clone()).or_default();
                if let AttributeValue::Text(value) = value
                    && values.len() <= VALUES
                {
                    values.insert(value.to_string());
                }
            }
        }
        if article.links.is_empty() {
            return;
        }
        let labels: HashMap<&str, &str> = article.spans.iter().map(|span| (span.id.as_str(), span.label.as_str())).collect();
        let label = |id: &str| labels.get(id).map_or_else(String::new, |label| (*label).to_owned());
        for link in &article.links {
            self.kinds.entry(link.kind.clone()).or_default().insert((label(&link.from), label(&link.to)));
        }
    }
}

/// The beginning of a file, or the names in a folder or archive: enough to tell formats apart.
#[derive(Debug, Clone, Default)]
pub struct Glimpse<'g> {
    /// The name without folders, in lower case.
    pub name: String,
    /// The first bytes of a file.
    pub head: &'g [u8],
    /// The names inside, in lower case; `None` for a plain file.
    pub names: Option<Vec<String>>,
}

impl Glimpse<'_> {
    /// Whether the name ends so.
    pub fn ends(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')))
    }

    /// Whether it is one file.
    pub fn is_file(&self) -> bool {
        self.names.is_none()
    }

    /// Whether a file inside ends so.
    pub fn has(&self, ending: &str) -> bool {
        self.names.as_ref().is_some_and(|names| names.iter().any(|name| name.ends_with(ending)))
    }

    /// The beginning as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self.head)).trim_start().to_owned()
    }

    /// Whether all words stand in the beginning.
    pub fn says(&self, words: &[&str]) -> bool {
        let text = self.text();
        words.iter().all(|word| text.contains(word))
    }
}
