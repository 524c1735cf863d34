//! `onrecord git-setup`: attributes for git beside the projects, and the two commands that cannot be shared.

use super::{Failure, print};
use crate::store::git;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Attributes travel with the repository; the two commands are run once by each colleague in their copy of it.")]
pub(super) struct GitSetup {
    /// The folder of the projects
    #[arg(default_value = ".")]
    folder: PathBuf,
}

impl GitSetup {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let wrote = git::write_attributes(&self.folder).map_err(|error| Failure::new(&error, error.hint()))?;
        let said = if wrote { "wrote .gitattributes" } else { ".gitattributes is set already" };
        print(&format!("# {said}; now run, once in each copy of the repository:\n{}\n{}\n", git::COMMANDS[0], git::COMMANDS[1]))
    }
}
