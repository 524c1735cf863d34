//! The label set that a new project begins with, and the way to read another one.

use crate::model::{Label, Project, RelationKind};
use serde::Deserialize;
use std::sync::Arc;

/// The default label set, `assets/labels/news.json`.
pub const NEWS: &str = include_str!("../../assets/labels/news.json");

/// Labels and kinds of links, as one file holds them.
#[derive(Debug, Clone, Deserialize)]
pub struct LabelSet {
    /// What the set is called.
    pub name: String,
    /// The labels.
    pub labels: Vec<Label>,
    /// The kinds of links between them.
    pub relation_kinds: Vec<RelationKind>,
}

impl LabelSet {
    /// Reads a label set.
    pub fn read(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    /// Puts the set into a project that has none.
    pub fn install(self, project: Project) -> Project {
        Project {
            labels: self.labels.into_iter().map(|label| (label.id.clone(), Arc::new(label))).collect(),
            relation_kinds: self.relation_kinds.into_iter().map(|kind| (kind.id.clone(), Arc::new(kind))).collect(),
            ..project
        }
    }
}
