//! What all exchange formats have in common: an article with what is marked in it, as a foreign file tells it or gets it.
//!
//! ```text
//! bytes ─ reader ─▶ Annotated ─ verify ─▶ placed ─ adopt ─▶ Command::Import     one undo step
//! project ─ release (by profile) ─▶ Release ─ writer ─▶ chunks of bytes          losses are told first
//! ```

pub mod adopt;
pub mod aside;
pub mod behind;
pub mod container;
pub mod feature;
pub mod left;
pub mod public;
pub mod release;
pub mod verify;

use crate::model::{AttributeValue, ImportRecord, Origin};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An article with what is marked in it. Offsets count in whatever unit the file uses until [`verify`] has told which.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Annotated {
    /// The id that the file gives it; a UUID in our own exports.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The text as the file has it, line ends and all; empty where the file has none.
    #[serde(skip)]
    pub content: String,
    /// Properties of the document by their words in the project file: `language`, `outlet`, …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// Where its text came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportRecord>,
    /// What is marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// Links between spans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Stretches that are not article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub omissions: Vec<Stretch>,
    /// What colleagues said about the spans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// How far the review of each unnamed source has come. Written into pages, never read.
    #[serde(skip)]
    pub reviews: Vec<ReviewLine>,
    /// What the reader of the format does not understand and its writer puts back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, Vec<String>>,
}

/// A marked place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The id that links name it by, unique in its article.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What another tool called it, where lines that are kept for that tool name it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub was: String,
    /// The label, by id in our own exports and by whatever name elsewhere.
    pub label: String,
    /// Start and end of each part.
    pub ranges: Vec<(usize, usize)>,
    /// The words of each part; empty where the file has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quote: Vec<String>,
    /// Attribute and value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, AttributeValue>,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Speaker>,
    /// A note for colleagues.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The initials of whoever marked it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Who found it.
    #[serde(default, skip_serializing_if = "is_person")]
    pub origin: Origin,
}

impl Span {
    /// From the first character to the last.
    pub fn bounds(&self) -> (usize, usize) {
        let start = self.ranges.iter().map(|range| range.0).min().unwrap_or_default();
        (start, self.ranges.iter().map(|range| range.1).max().unwrap_or(start))
    }

    /// The words of all parts.
    pub fn words(&self) -> String {
        self.quote.join(" … ")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_person(origin: &Origin) -> bool {
    *origin == Origin::Person
}

/// Who speaks, as far as a profile lets it be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Speaker {
    /// The id that tells two of the same name apart.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What it is called.
    pub alias: String,
    /// The word for what it is: `anonymous`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// How the article describes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// What may be shown to readers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub public_label: String,
}

/// A directed link between two spans of an article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Link {
    /// Its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What it says.
    pub kind: String,
    /// The id of the span where it starts.
    pub from: String,
    /// The id of the span that it leads to.
    pub to: String,
    /// The initials of whoever made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// A stretch that is not article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stretch {
    /// Its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Start and end of each part.
    pub ranges: Vec<(usize, usize)>,
    /// What it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// A remark on a span, on a remark, or on the article.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Remark {
    /// Its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The id of what it is about.
    pub on: String,
    /// The remark.
    pub text: String,
    /// Whether it is settled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resolved: bool,
    /// The initials of whoever wrote it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When, to the minute, UTC.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
}

/// The state of the review of one unnamed source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewLine {
    /// What the source is called.
    pub alias: String,
    /// How far it has come, in words.
    pub state: String,
    /// Initials and role of whoever decided last.
    pub by: String,
    /// When.
    pub at: String,
}

/// Why a file cannot be read as what it is said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// It is not of this format, or damaged.
    #[error("{place}: {what}")]
    Damaged {
        /// File and line, or the part of an archive.
        place: String,
        /// What is wrong.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// Something in it is over the limit.
    #[error("{place} is larger than {limit} MB")]
    TooLarge {
        /// The file, or the part of an archive.
        place: String,
        /// The limit.
        limit: usize,
    },
    /// An archive that could harm.
    #[error("{place}: {what}")]
    Harmful {
        /// The part of the archive.
        place: String,
        /// What it would do.
        what: String,
    },
    /// The format cannot be written to such a place, or read.
    #[error("{what}")]
    Unfit {
        /// What does not fit.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// The user gave up.
    #[error("given up")]
    Cancelled,
    /// The disk refused; the message comes from `store`.
    #[error("{what}")]
    Disk {
        /// What went wrong.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
}

impl ExchangeError {
    /// A fault at a place.
    #[expect(clippy::needless_pass_by_value, reason = "errors of libraries are handed over, not lent")]
    pub fn at(place: impl Into<String>, what: impl ToString) -> Self {
        Self::Damaged {
            place: place.into(),
            what: what.to_string(),
            hint: "Check that the file is complete, or name its format with --from.",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Damaged { hint, .. } | Self::Unfit { hint, .. } | Self::Disk { hint, .. } => hint,
            Self::TooLarge { .. } => "Split it, and bring the parts in one by one.",
            Self::Harmful { .. } => "Nothing of the archive was taken. Ask its sender for a clean one.",
            Self::Cancelled => "Nothing was changed.",
        }
    }
}
