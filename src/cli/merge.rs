//! `onrecord merge` and `onrecord merge-driver`: the join of two files, by hand and called by git.

use super::{CANNOT, CLEAN, FINDINGS, Failure, output};
use crate::{
    display::{line::count, undecided::undecided},
    formats::native::{self, Opened},
    merge::{self, Ledger},
    model::text_record::sha256_hex,
    session::saving,
    store::{
        self,
        atomic::{Expect, Rights},
        turn::{Turn, WAIT},
    },
};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "\
Every value stays that nobody has overwritten; nothing is decided by clocks. BASE may be missing or empty: the files know what each
has seen. Exit code 1: the file is written and decisions are needed, which onrecord check or the window lists.")]
pub(super) struct Merge {
    /// A common ancestor, or any name
    base: std::ffi::OsString,
    /// One copy of the project
    ours: PathBuf,
    /// Another copy
    theirs: PathBuf,
    /// Write here; - is standard output
    #[arg(short, value_name = "OUT")]
    output: PathBuf,
    /// Replace what is at OUT, whatever it holds
    #[arg(long)]
    force: bool,
}

impl Merge {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let Self { base: _, ours, theirs, output: out, force } = self;
        let in_place = [&ours, &theirs].into_iter().find(|input| output::is_same(input, &out));
        let open = if let Some(input) = in_place {
            join_in_place(input, &ours, &theirs)?
        } else {
            let joined = join(&ours, &theirs)?;
            output::write_project(&out, &joined.ledger, &joined.bytes, force)?;
            joined.open
        };
        if open == 0 {
            return Ok(CLEAN);
        }
        super::note(&format!("{}; onrecord show lists what is undecided", needed(open)));
        Ok(FINDINGS)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
For git: merge.onrecord.driver = onrecord merge-driver %O %A %B %L %P
Exit code 0 whenever a valid file was written, also with decisions in it; 2 when a file cannot be read: OURS is left alone then.")]
pub(super) struct MergeDriver {
    /// %O, the common ancestor; it is not needed
    base: std::ffi::OsString,
    /// %A, our copy, which is replaced
    ours: PathBuf,
    /// %B, their copy
    theirs: PathBuf,
    /// %L, the size of markers; none are written
    marker_size: Option<String>,
    /// %P, the name in the repository
    name: Option<String>,
}

impl MergeDriver {
    pub(super) fn run(self) -> Result<u8, Failure> {
        // Git has to get an answer whatever happens here.
        let joined = std::panic::catch_unwind(|| join_in_place(&self.ours, &self.ours, &self.theirs));
        let Ok(joined) = joined else { return Ok(CANNOT) };
        let named = |failure: Failure| match &self.name {
            Some(name) => Failure { message: format!("{name}: {}", failure.message), ..failure },
            None => failure,
        };
        let open = joined.map_err(named)?;
        if open > 0 {
            super::note(&format!("{}: merged; {}", self.name.as_deref().unwrap_or("project"), needed(open)));
        }
        Ok(CLEAN)
    }
}

fn needed(open: usize) -> String {
    format!("{} {} needed", count(open, "decision"), if open == 1 { "is" } else { "are" })
}

/// What two files are together.
struct Joined {
    ledger: Ledger,
    bytes: Vec<u8>,
    /// How many questions are open in it.
    open: usize,
    /// SHA-256 of both, as they were read.
    read: [String; 2],
}

/// Joins two files into one of them, which nobody else saves meanwhile. Gives how many questions are open.
fn join_in_place(place: &Path, ours: &Path, theirs: &Path) -> Result<usize, Failure> {
    let turn = Turn::take(place, WAIT)?;
    let Joined { ledger, bytes, open, read: [here, there] } = join(ours, theirs)?;
    let known = if output::is_same(place, ours) { here } else { there };
    output::tell(place, saving::place(&turn, place, &ledger, &bytes, Expect::Known(&known), Rights::KeepMost)?);
    Ok(open)
}

fn join(ours: &Path, theirs: &Path) -> Result<Joined, Failure> {
    let (here, there) = (store::read(ours), store::read(theirs));
    let (here, there) = (here?, there?);
    let (one, other) = (read(ours, &here)?, read(theirs, &there)?);
    let joined = if here == there {
        one.ledger.clone()
    } else {
        merge::join(&one.ledger, &other.ledger).map_err(|error| Failure::new(&error, error.hint()))?
    };
    native::read::check_added_up(&joined).map_err(|error| Failure::new(&error, error.hint()))?;
    let open = undecided(&joined.base, &joined).len();
    let both = [sha256_hex(&here), sha256_hex(&there)];
    // Nothing new: the very bytes, whoever wrote them.
    let as_it_is = |opened: &Opened, ledger: &Ledger| !opened.joined && opened.ledger == *ledger;
    let bytes = if as_it_is(&one, &joined) { here } else { native::write(&joined).map_err(|error| Failure::new(&error, ""))? };
    Ok(Joined { ledger: joined, bytes, open, read: both })
}

fn read(path: &Path, bytes: &[u8]) -> Result<Opened, Failure> {
    let named = |message: &dyn std::fmt::Display| format!("{} cannot be merged: {message}", store::file_name(path));
    let opened = native::read(bytes).map_err(|error| Failure::new(&named(&error), error.hint()))?;
    match opened.newer_version {
        Some(version) => Err(Failure::new(&named(&format_args!("it has format version {version}")), "Update Onrecord.")),
        None => Ok(opened),
    }
}
