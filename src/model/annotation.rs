//! Annotations, and the stretches of a text that are not article at all.

use super::{AttributeValue, Attributes, Conflicts, Document, Extra, Id, Kind, Label, Person, Source, Text};
use crate::text::Ranges;
use smallvec::SmallVec;

/// The words of each range: one, and several for a split quote.
pub type Quote = SmallVec<[String; 1]>;

/// Letters of a beginning: more than any panel shows.
const BEGINNING: usize = 600;

words! {
    /// Who made an annotation.
    Origin {
        /// An annotator.
        Person = "person",
        /// A rule of the app, taken by an annotator.
        Rule = "rule",
        /// A learned suggestion, taken by an annotator.
        Learned = "learned",
    }
}

impl super::record::Omit for Origin {
    fn omit(&self) -> bool {
        *self == Self::Person
    }
}

#[allow(clippy::derivable_impls, reason = "the words! macro writes the enum")]
impl Default for Origin {
    fn default() -> Self {
        Self::Person
    }
}

record! {
    /// A labelled place in a document. Annotations may nest, coincide, cross, and have several ranges (a split quote has two).
    Annotation, Kind::Annotation, {
        /// Its id, a UUID v4.
        must id: Id<Annotation>,
        /// The document that it stands in.
        must document: Id<Document>,
        /// The label, one of the project's.
        must label: Id<Label>,
        /// The text in which the ranges count.
        must text: Id<Text>,
        /// Where, in Unicode scalar values.
        must ranges: Ranges,
        /// The exact words of each range: the proof that the ranges are right.
        must quote: Quote,
        /// What the label asks for.
        may attributes: Attributes,
        /// Who speaks, for labels that point to the source registry.
        may source: Option<Id<Source>>,
        /// A note for colleagues. It travels with the file.
        may note: String,
        /// Who made it.
        may origin: Origin,
        /// The person who marked it.
        may by: Option<Id<Person>>,
    }
}

impl Annotation {
    /// The value of an attribute as the file writes it; empty where there is none.
    pub fn value(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", AttributeValue::as_str)
    }

    /// The value of an attribute in words: `not_stated` is "not stated".
    pub fn spoken(&self, key: &str) -> String {
        self.value(key).replace('_', " ")
    }

    /// A bare annotation, to be filled in.
    pub fn new(id: Id<Self>, document: &Document, label: Id<Label>, ranges: Ranges, quote: impl Into<Quote>) -> Self {
        Self {
            id,
            document: document.id.clone(),
            label,
            text: document.text.clone(),
            ranges,
            quote: quote.into(),
            attributes: Attributes::default(),
            source: None,
            note: String::new(),
            origin: Origin::Person,
            by: None,
            conflicts: Conflicts::default(),
            extra: Extra::default(),
        }
    }

    /// The quoted words, ranges joined by an ellipsis.
    pub fn excerpt(&self) -> String {
        self.quote.join(" … ")
    }

    /// The beginning of the quoted words, enough for some lines: however long a quote is, this costs the same.
    pub fn beginning(&self) -> String {
        let parts = self.quote.iter().enumerate().flat_map(|(number, quote)| [if number == 0 { "" } else { " … " }, quote]);
        let mut letters = parts.flat_map(str::chars);
        let mut shown: String = letters.by_ref().take(BEGINNING).collect();
        if letters.next().is_some() {
            shown.push('…');
        }
        shown
    }
}

record! {
    /// A stretch that is not article: navigation, a repeated caption, a newsletter block.
    Omission, Kind::Omission, {
        /// Its id, a UUID v4.
        must id: Id<Omission>,
        /// The document that it stands in.
        must document: Id<Document>,
        /// The text in which the ranges count.
        must text: Id<Text>,
        /// Where, in Unicode scalar values.
        must ranges: Ranges,
        /// What it is.
        may why: String,
        /// The person who marked it.
        may by: Option<Id<Person>>,
    }
}
