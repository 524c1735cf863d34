//! Files that are taken out: whole or not at all, as a file, a folder or a zip. A project is never replaced.

use super::{StoreError, file_name};
use crate::formats::{
    Format, Writer,
    exchange::{
        ExchangeError,
        container::{Chunk, OneFile, Sink, ZipSink},
    },
};
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};
use tempfile::{NamedTempFile, TempDir};

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One file.
    File,
    /// A zip.
    Zip,
    /// A folder.
    Folder,
}

/// How a target of this name is written in a format.
pub fn shape(path: &Path, format: &Format) -> Shape {
    let name = file_name(path).to_lowercase();
    let ends = |ending: &str| name.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.'));
    if ends("zip") {
        return Shape::Zip;
    }
    let has_ending = format.endings.iter().any(|ending| *ending != "zip" && ends(ending)) || path.extension().is_some();
    if format.is_folder || path.is_dir() || (!has_ending && matches!(format.write, Writer::Stream(_))) {
        Shape::Folder
    } else {
        Shape::File
    }
}

/// A target that is being written. Nothing is at its place before [`Sink::finish`].
pub struct Target {
    path: PathBuf,
    kind: Kind,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({})", file_name(&self.path))
    }
}

enum Kind {
    File(OneFile<BufWriter<NamedTempFile>>),
    Zip(Box<ZipSink<NamedTempFile>>),
    Folder(TempDir, BTreeSet<String>),
    Done,
}

impl Target {
    /// Begins beside the place where it will be.
    pub fn begin(path: &Path, shape: Shape) -> Result<Self, ExchangeError> {
        let fail = |error| ExchangeError::from(StoreError::from_io("cannot write", path, &error));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if file_name(path).to_lowercase().ends_with(".onrecord.json") {
            return Err(ExchangeError::Unfit {
                what: "a project is not written over by another format".to_owned(),
                hint: "Choose another name.",
            });
        }
        let temporary = || tempfile::Builder::new().prefix(".onrecord-").tempfile_in(folder).map_err(fail);
        let kind = match shape {
            Shape::File => Kind::File(OneFile(BufWriter::new(temporary()?))),
            Shape::Zip => Kind::Zip(Box::new(ZipSink::new(temporary()?))),
            Shape::Folder => {
                let is_free = match fs::read_dir(path) {
                    Ok(mut entries) => entries.next().is_none(),
                    Err(_) => !path.exists(),
                };
                if !is_free {
                    return Err(ExchangeError::Unfit {
                        what: format!("{} is there already and not an empty folder", file_name(path)),
                        hint: "Choose a new folder: nothing in this one is replaced.",
                    });
                }
                Kind::Folder(tempfile::Builder::new().prefix(".onrecord-").tempdir_in(folder).map_err(fail)?, BTreeSet::new())
            }
        };
        Ok(Self { path: path.to_owned(), kind })
    }
}

impl Sink for Target {
    fn put(&mut self, chunk: Chunk) -> Result<(), ExchangeError> {
        match &mut self.kind {
            Kind::File(file) => file.put(chunk),
            Kind::Zip(zip) => zip.put(chunk),
            Kind::Folder(folder, begun) => {
                let path = folder.path().join(&chunk.file);
                let fail = |error| ExchangeError::from(StoreError::from_io("cannot write", &path, &error));
                let new = begun.insert(chunk.file.clone());
                let mut file = OpenOptions::new().create_new(new).append(true).open(&path).map_err(fail)?;
                file.write_all(&chunk.bytes).map_err(fail)
            }
            Kind::Done => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<(), ExchangeError> {
        let path = self.path.clone();
        let fail = |error| ExchangeError::from(StoreError::from_io("cannot write", &path, &error));
        let keep = |file: NamedTempFile| {
            file.as_file().sync_all().map_err(fail)?;
            // A new file may be read like any other; temporary ones are private.
            permit(file.path());
            file.persist(&path).map(drop).map_err(|error| fail(error.error))
        };
        match std::mem::replace(&mut self.kind, Kind::Done) {
            Kind::File(mut file) => {
                file.finish()?;
                keep(file.0.into_inner().map_err(|error| fail(error.into_error()))?)
            }
            Kind::Zip(mut zip) => zip.end()?.map_or(Ok(()), keep),
            Kind::Folder(folder, _) => {
                if path.is_dir() {
                    fs::remove_dir(&path).map_err(fail)?;
                }
                permit(folder.path());
                let temporary = folder.keep();
                fs::rename(&temporary, &path).map_err(|error| {
                    drop(fs::remove_dir_all(&temporary));
                    fail(error)
                })
            }
            Kind::Done => Ok(()),
        }
    }
}

/// Gives a temporary file or folder the permissions of a new one.
#[cfg(unix)]
fn permit(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if path.is_dir() { 0o755 } else { 0o644 };
    drop(fs::set_permissions(path, fs::Permissions::from_mode(mode)));
}

#[cfg(not(unix))]
fn permit(_path: &Path) {}
