//! `onrecord show`: one readable line an annotation, stable, fit for git's textconv.

use super::{Failure, print};
use crate::{
    display::{line, undecided::undecided},
    session::{Session, WorkEnvironment},
};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The project
    project: PathBuf,
}

impl Show {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let session = Session::open(&self.project, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()))?;
        let mut lines = line::project(session.project());
        for open in undecided(session.project(), session.ledger()) {
            lines.push_str(&open.line());
        }
        print(&lines)
    }
}
