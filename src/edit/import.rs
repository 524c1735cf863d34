//! What comes in from other formats, checked and mapped: one command, one step of undo.

use crate::{
    model::{AttributeValue, Document, Id, ImportRecord, Label, Origin, RelationKind, SourceKind},
    text::Ranges,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Labels, articles, and what is marked in them. Ids are wishes: a UUID that is free is taken, anything else is made anew.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Labels that the project does not have.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// Kinds of links that the project does not have.
    #[serde(default)]
    pub relation_kinds: Vec<RelationKind>,
    /// Articles.
    pub documents: Vec<ImportDocument>,
}

/// An article, or one of the project that gets more annotations.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportDocument {
    /// The article of the project that has this text already.
    #[serde(default)]
    pub into: Option<Id<Document>>,
    /// The id that it had.
    #[serde(default)]
    pub id: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its text; empty when it goes into an article of the project.
    #[serde(default)]
    pub content: String,
    /// Properties by their words: `language`, `outlet`, …
    #[serde(default)]
    pub details: BTreeMap<String, String>,
    /// Where the text came from.
    #[serde(default)]
    pub imported: Option<ImportRecord>,
    /// What is marked.
    #[serde(default)]
    pub annotations: Vec<ImportAnnotation>,
    /// Links between annotations of this list, by their ids here.
    #[serde(default)]
    pub links: Vec<ImportLink>,
    /// Stretches that are not article.
    #[serde(default)]
    pub omissions: Vec<ImportOmission>,
    /// What colleagues said, on annotations or comments of this list.
    #[serde(default)]
    pub comments: Vec<ImportComment>,
    /// Unknown keys that the document gets: lines that other tools want back.
    #[serde(default)]
    pub kept: BTreeMap<String, Vec<String>>,
}

/// A marked place.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub struct ImportAnnotation {
    #[serde(default)]
    pub id: String,
    pub label: Id<Label>,
    /// Where; empty for one without a place.
    pub ranges: Ranges,
    #[serde(default)]
    pub quote: Vec<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, AttributeValue>,
    #[serde(default)]
    pub source: Option<ImportSource>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub by: String,
    #[serde(default)]
    pub origin: Origin,
    /// Its id in the other tool, where lines that are kept name it.
    #[serde(default)]
    pub was: String,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub struct ImportSource {
    #[serde(default)]
    pub id: String,
    pub alias: String,
    pub kind: SourceKind,
    #[serde(default)]
    pub role: String,
    #[serde(default)]
    pub public_label: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub struct ImportLink {
    #[serde(default)]
    pub id: String,
    pub kind: Id<RelationKind>,
    pub from: String,
    pub to: String,
    #[serde(default)]
    pub by: String,
}

/// A stretch that is not article.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub struct ImportOmission {
    #[serde(default)]
    pub id: String,
    pub ranges: Ranges,
    #[serde(default)]
    pub why: String,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the records")]
pub struct ImportComment {
    #[serde(default)]
    pub id: String,
    pub on: String,
    pub text: String,
    #[serde(default)]
    pub resolved: bool,
    #[serde(default)]
    pub by: String,
    #[serde(default)]
    pub at: String,
}

impl Import {
    /// How many annotations come in.
    pub fn annotations(&self) -> usize {
        self.documents.iter().map(|document| document.annotations.len()).sum()
    }
}
