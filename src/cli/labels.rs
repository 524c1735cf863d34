//! `onrecord labels`: the labels of a project, or those that a new one begins with.

use super::{Failure, print};
use crate::{
    display::safe::one_line,
    formats::labels::{LabelSet, NEWS},
    model::{Id, Label, RelationKind},
    session::{Session, WorkEnvironment},
};
use clap::Args;
use std::{fmt::Write as _, path::PathBuf};

#[derive(Debug, Args)]
pub(super) struct Labels {
    /// A project; without one, the labels of a new project
    project: Option<PathBuf>,
}

impl Labels {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let (labels, kinds): (Vec<Label>, Vec<RelationKind>) = if let Some(path) = &self.project {
            let session = Session::open(path, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()))?;
            let project = session.project();
            let labels = project.labels_in_order().into_iter().map(|label| Label::clone(label)).collect();
            (labels, project.relation_kinds.iter().map(|kind| RelationKind::clone(kind)).collect())
        } else {
            let set = LabelSet::read(NEWS).map_err(|error| Failure::new(&error, ""))?;
            (set.labels, set.relation_kinds)
        };
        print(&describe(&labels, &kinds))
    }
}

fn describe(labels: &[Label], kinds: &[RelationKind]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let mut line = |indent: usize, text: &str| {
        let _written = writeln!(out, "{:indent$}{}", "", one_line(text));
    };
    for label in labels {
        let key = if label.hotkey.is_empty() { String::new() } else { format!(" [{}]", label.hotkey) };
        line(0, &format!("{}{key}  {}: {}", label.id, label.name, label.definition));
        for rule in &label.rules {
            line(2, &format!("- {rule}"));
        }
        for attribute in &label.attributes {
            let values = if attribute.values.is_empty() { "free text".to_owned() } else { attribute.values.join(", ") };
            line(2, &format!("{}: {values}", attribute.key));
        }
    }
    for kind in kinds {
        let names = |ids: &[Id<Label>]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        line(0, &format!("{}  {} → {}: {}", kind.id, names(&kind.from), names(&kind.to), kind.definition));
    }
    out
}
