//! `onrecord diff`: what differs between two copies of a project.

use super::{CLEAN, FINDINGS, Failure, print};
use crate::{
    display::differences::{Difference, differences, summary},
    edit::change::changes_between,
    session::{Session, WorkEnvironment},
};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 they say the same, 1 they differ, 2 cannot do it.")]
pub(super) struct Diff {
    /// One copy
    before: PathBuf,
    /// The other copy
    after: PathBuf,
    /// Print an array, one object a record
    #[arg(long)]
    json: bool,
}

impl Diff {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let open = |path: &Path| Session::open(path, WorkEnvironment::system(None)).map_err(|error| Failure::new(&error, error.hint()));
        let (before, after) = (open(&self.before)?, open(&self.after)?);
        let changes = changes_between(before.project(), after.project());
        let found = differences(&changes, before.project(), after.project(), after.ledger());
        if self.json {
            let json = serde_json::to_string_pretty(&found).map_err(|error| Failure::new(&error, ""))?;
            print(&format!("{json}\n"))?;
        } else {
            let lines: String = found.iter().map(Difference::lines).collect();
            print(&if found.is_empty() { String::new() } else { format!("# {}\n{lines}", summary(&found)) })?;
        }
        Ok(if found.is_empty() { CLEAN } else { FINDINGS })
    }
}
