//! Changes that are made and undone together, with a title for the menu and the place that the eye is moved to.

use super::Change;
use crate::{
    model::{Annotation, Document, Id, Key, Project},
    text::TextRange,
};

/// What to show after doing or undoing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Focus {
    /// The document to open.
    pub document: Option<Id<Document>>,
    /// The annotation to select, where it exists.
    pub annotation: Option<Id<Annotation>>,
    /// The place to scroll to.
    pub range: Option<TextRange>,
}

/// One step of undo.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// What was done, to follow "Undo": `label quote`.
    pub title: String,
    /// The changes, in order.
    pub changes: Vec<Change>,
    /// What to show.
    pub focus: Focus,
    /// The id of the record that was made, if any.
    pub made: Option<Key>,
}

impl Transaction {
    /// Makes all changes.
    pub fn apply(&self, project: &mut Project) {
        for change in &self.changes {
            change.apply(project);
        }
    }

    /// Takes all changes back, the last one first.
    pub fn revert(&self, project: &mut Project) {
        for change in self.changes.iter().rev() {
            change.inverse().apply(project);
        }
    }
}
