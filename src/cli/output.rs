//! Where `-o` leads: standard output, a pipe or a device, or a file that is replaced only when nothing is lost by it or `--force` says so.

use super::{CLEAN, Failure, note, print_bytes};
use crate::{
    formats::native,
    merge::{self, Ledger},
    session::{Session, saving},
    store::{
        self, StoreError,
        atomic::{Expect, Rights},
        kept::Unkept,
        outgoing::{self, Way},
        turn::{Turn, WAIT},
    },
};
use std::path::Path;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(&error, error.hint())
    }
}

impl From<saving::SaveError> for Failure {
    fn from(error: saving::SaveError) -> Self {
        Self::new(&error, error.hint())
    }
}

/// Whether two paths are one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Says what a save could not keep of a file.
pub(super) fn tell(path: &Path, unkept: Unkept) {
    if !unkept.is_empty() {
        note(&format!("{}: {unkept}", store::file_name(path)));
    }
}

/// Saves an open project in its place.
pub(super) fn save(session: &mut Session, path: &Path) -> Result<(), Failure> {
    let unkept = session.save(path)?;
    tell(path, unkept);
    Ok(())
}

/// Writes a project that was just made; none that is there is ever replaced.
pub(super) fn create(session: &mut Session, path: &Path) -> Result<(), Failure> {
    match outgoing::way(path)? {
        Way::StandardOutput => drop(print_bytes(&session.to_bytes()?)?),
        Way::Stream(mut stream) => outgoing::pour(path, &mut stream, &session.to_bytes()?)?,
        Way::File => drop(session.save_job(path)?.create()?),
    }
    Ok(())
}

/// Writes a report or the like, which is no project.
pub(super) fn write(path: &Path, bytes: &[u8], force: bool) -> Result<u8, Failure> {
    match outgoing::way(path)? {
        Way::StandardOutput => return print_bytes(bytes),
        Way::Stream(mut stream) => outgoing::pour(path, &mut stream, bytes)?,
        Way::File => {
            outgoing::check_free(path, force)?;
            tell(path, store::atomic::save(path, bytes)?);
        }
    }
    Ok(CLEAN)
}

/// Writes a project. One that is there is replaced when the new one holds all of it.
pub(super) fn write_project(path: &Path, ledger: &Ledger, bytes: &[u8], force: bool) -> Result<u8, Failure> {
    match outgoing::way(path)? {
        Way::StandardOutput => return print_bytes(bytes),
        Way::Stream(mut stream) => outgoing::pour(path, &mut stream, bytes)?,
        Way::File => {
            let turn = Turn::take(path, WAIT)?;
            let expected = match store::read(path) {
                Err(error) if error.is_missing() => None,
                there => {
                    let there = there?;
                    if !force && !there.is_empty() && !holds(ledger, bytes, &there) {
                        return Err(StoreError::taken(path).into());
                    }
                    Some(crate::model::text_record::sha256_hex(&there)).filter(|_| !force)
                }
            };
            let expect = expected.as_deref().map_or(Expect::Anything, Expect::Known);
            tell(path, saving::place(&turn, path, ledger, bytes, expect, Rights::KeepMost)?);
        }
    }
    Ok(CLEAN)
}

/// Whether a project holds all that is in a file.
fn holds(ledger: &Ledger, bytes: &[u8], there: &[u8]) -> bool {
    let absorbs = |there: &Ledger| merge::join(ledger, there).is_ok_and(|joined| joined == *ledger);
    bytes == there || native::read(there).is_ok_and(|opened| opened.newer_version.is_none() && absorbs(&opened.ledger))
}
