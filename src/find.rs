//! Finding words in articles and in what is said about them. Omissions are no part of an article, so nothing is found there.

use crate::{
    model::{Annotation, Document, Id, Omission, Project},
    text::{
        Ranges, TextIndex, TextRange,
        search::{Pattern, Query},
    },
};
use std::{
    collections::HashMap,
    ops::{ControlFlow, Range},
    sync::Arc,
};

/// Words that were found in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The article.
    pub document: Id<Document>,
    /// Where, in bytes of its text.
    pub bytes: Range<usize>,
    /// Its paragraph, as the page numbers them.
    pub paragraph: usize,
}

/// Words that were found in what is said about an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The annotation.
    pub annotation: Id<Annotation>,
    /// What has the words: `note`, or the key of an attribute.
    pub field: String,
    /// What it says.
    pub words: String,
}

/// Not article in a document, in bytes, sorted.
pub fn omitted(project: &Project, document: &Document) -> Vec<Range<usize>> {
    let here = project.omissions.iter().filter(|omission| omission.document == document.id && omission.text == document.text);
    bytes_of(project, document, here)
}

/// Not article in every document: one look at all omissions for any number of documents.
#[derive(Debug)]
pub struct Omitted<'p> {
    project: &'p Project,
    by_document: HashMap<&'p Id<Document>, Vec<&'p Arc<Omission>>>,
}

impl<'p> Omitted<'p> {
    /// What a project leaves out.
    pub fn new(project: &'p Project) -> Self {
        Self { project, by_document: project.omissions_by_document() }
    }

    /// Not article in a document, in bytes, sorted.
    pub fn of(&self, document: &Document) -> Vec<Range<usize>> {
        let here = self.by_document.get(&document.id).into_iter().flatten().copied();
        bytes_of(self.project, document, here)
    }
}

fn bytes_of<'p>(project: &Project, document: &Document, here: impl Iterator<Item = &'p Arc<Omission>>) -> Vec<Range<usize>> {
    let Some(text) = project.text_of(document) else { return Vec::new() };
    let mut omitted: Vec<Range<usize>> = here
        .flat_map(|omission| omission.ranges.iter().collect::<Vec<_>>())
        .filter_map(|range| text.index.bytes_from_range(&text.content, range))
        .collect();
    omitted.sort_by_key(|bytes| bytes.start);
    omitted
}

/// Looks through one article, of which `omitted` is no part; tells each hit, and with `None` that it is still at work.
pub fn in_document(
    project: &Project,
    document: &Document,
    omitted: &[Range<usize>],
    pattern: &Pattern,
    within: Option<&Range<usize>>,
    tell: &mut dyn FnMut(Option<Hit>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some(text) = project.text_of(document) else { return ControlFlow::Continue(()) };
    let mut omission = 0;
    // Within a selection only its paragraphs are read, so that the neighbours of a word still count.
    let (from, to) = match within {
        Some(within) => (
            text.content.get(..within.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1),
            text.content.get(within.end..).and_then(|after| after.find('\n')).map_or(text.content.len(), |at| within.end + at),
        ),
        None => (0, text.content.len()),
    };
    let mut paragraph = Cursor { index: &text.index, at: 0 };
    pattern.find(text.content.get(from..to).unwrap_or_default(), &mut |hit| {
        let Some(bytes) = hit.map(|hit| from + hit.start..from + hit.end) else { return tell(None) };
        while omitted.get(omission).is_some_and(|omitted| omitted.end <= bytes.start) {
            omission += 1;
        }
        let is_omitted = omitted.get(omission).is_some_and(|omitted| omitted.start < bytes.end);
        let is_outside = within.is_some_and(|within| bytes.start < within.start || within.end < bytes.end);
        if is_omitted || is_outside {
            return ControlFlow::Continue(());
        }
        let paragraph = paragraph.number(bytes.start);
        tell(Some(Hit { document: document.id.clone(), bytes, paragraph }))
    })
}

/// The paragraph of hits that come in order, without looking for each anew.
struct Cursor<'t> {
    index: &'t TextIndex,
    at: usize,
}

impl Cursor<'_> {
    fn number(&mut self, byte: usize) -> usize {
        if !self.index.paragraph_bytes(self.at).contains(&byte) {
            self.at = self.index.paragraph_from_byte(byte);
        }
        self.index.number_of_paragraph(self.at)
    }
}

/// Looks through the note and the attributes of an annotation.
pub fn in_annotation(annotation: &Annotation, pattern: &Pattern) -> Option<Said> {
    let attributes = annotation.attributes.iter().map(|(key, value)| (key, value.as_str()));
    let mut fields = std::iter::once(("note", annotation.note.as_str())).chain(attributes);
    fields.find(|(_, words)| pattern.is_in(words)).map(|(field, words)| Said {
        annotation: annotation.id.clone(),
        field: field.to_owned(),
        words: words.to_owned(),
    })
}

/// The query for "label all like this": the words as they stand, as whole words where they are some.
pub fn like(annotation: &Annotation) -> Query {
    let words = annotation.quote.first().cloned().unwrap_or_default();
    let edge = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let whole_word = edge(words.chars().next()) && edge(words.chars().next_back());
    Query { words, whole_word, fold: true, ..Query::default() }
}

/// The ranges that a hit is labelled with.
pub fn ranges_of(project: &Project, hit: &Hit) -> Option<(Arc<Document>, Ranges)> {
    let document = project.documents.get(&hit.document)?;
    let text = project.text_of(document)?;
    let range: TextRange = text.index.range_from_bytes(&text.content, &hit.bytes);
    Some((Arc::clone(document), Ranges::one(range)))
}
