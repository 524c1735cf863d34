//! Files that are taken out: whole or not at all, as a file, a folder or a zip, or poured into a pipe. A project is never replaced.

use super::{
    StoreError, atomic, file_name,
    fs::{Disk, Fs as _},
    kept,
    turn::{SHORT_WAIT, Turn},
};
use crate::formats::{
    Format, Writer,
    exchange::{
        ExchangeError,
        container::{Chunk, OneFile, Sink, ZipSink},
    },
};
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek as _, Write},
    path::{Path, PathBuf},
};
use tempfile::{NamedTempFile, TempDir};

/// Where a path leads that something is written to.
#[derive(Debug)]
pub enum Way {
    /// Standard output: `-`, `/dev/stdout`.
    StandardOutput,
    /// A pipe or a device, which is written into and never replaced.
    Stream(File),
    /// A file, there or not yet.
    File,
}

/// Names of standard output.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Whether a path names a file that this process has open. Also one that is a plain file is somebody's, and is added to.
fn is_open(path: &Path) -> bool {
    path == Path::new("/dev/stderr") || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

/// Whether [`way`] leads to a file, without opening anything.
fn is_file_or_new(path: &Path) -> bool {
    let is_stream = STANDARD_OUTPUT.iter().any(|name| path == Path::new(name)) || is_open(path);
    !is_stream && fs::metadata(path).map_or(true, |found| found.is_file() || found.is_dir())
}

/// Looks where a path leads. A pipe is opened, which waits for whoever reads it.
pub fn way(path: &Path) -> Result<Way, StoreError> {
    if STANDARD_OUTPUT.iter().any(|name| path == Path::new(name)) {
        return Ok(Way::StandardOutput);
    }
    let fail = |error| StoreError::from_io("cannot write", path, &error);
    match fs::metadata(path) {
        Ok(found) if is_open(path) || is_pipe_or_device(&found) => {
            OpenOptions::new().append(true).open(path).map(Way::Stream).map_err(fail)
        }
        Ok(found) if !found.is_file() && !found.is_dir() => Err(fail(io::Error::other("it is a disk or a socket"))),
        _ => Ok(Way::File),
    }
}

#[cfg(unix)]
fn is_pipe_or_device(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    found.file_type().is_fifo() || found.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_pipe_or_device(found: &fs::Metadata) -> bool {
    !found.is_file() && !found.is_dir()
}

/// Writes into a pipe or device; a reader that has gone away is no failure.
pub fn pour(path: &Path, stream: &mut File, bytes: &[u8]) -> Result<(), StoreError> {
    gone_away(stream.write_all(bytes).and_then(|()| stream.flush())).map_err(|error| StoreError::from_io("cannot write", path, &error))
}

fn gone_away(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// Refuses a name of a project, also behind links: no other format replaces one.
pub fn refuse_project(path: &Path) -> Result<(), ExchangeError> {
    let is_project = |path: &Path| file_name(path).to_lowercase().ends_with(".onrecord.json");
    if is_project(path) || is_project(&atomic::real(path)) {
        return Err(ExchangeError::Unfit {
            what: "a project is not written over by another format".to_owned(),
            hint: "Choose another name.",
        });
    }
    Ok(())
}

/// Refuses where something is already that would be replaced; an empty file is nothing.
pub fn check_free(path: &Path, force: bool) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() > 0 && !force && is_file_or_new(path) => Err(StoreError::taken(path)),
        _ => Ok(()),
    }
}

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
    if !is_file_or_new(path) {
        return if format.is_folder { Shape::Zip } else { Shape::File };
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
    /// The file itself, behind symbolic links.
    real: PathBuf,
    way: Way,
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
    /// Begins beside the place where it will be, or among the system's temporary files for a pipe.
    pub fn begin(path: &Path, shape: Shape) -> Result<Self, ExchangeError> {
        let fail = |error| ExchangeError::from(StoreError::from_io("cannot write", path, &error));
        let (way, real) = (way(path)?, atomic::real(path));
        refuse_project(path)?;
        let folder = atomic::folder_of(&real);
        let temporary = || -> Result<NamedTempFile, ExchangeError> {
            if !matches!(way, Way::File) {
                return NamedTempFile::new().map_err(fail);
            }
            // The turn lasts until the file is locked: then nobody sweeps it, however long it is written.
            let turn = Turn::take(&real, SHORT_WAIT).unwrap_or_else(|_busy| Turn::unlocked());
            Disk::in_turn(&turn).temporary(folder, !real.exists()).map_err(fail)
        };
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
                let mut builder = tempfile::Builder::new();
                builder.prefix(".onrecord-");
                #[cfg(unix)]
                // What the user's umask gives to any new folder.
                builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
                Kind::Folder(builder.tempdir_in(folder).map_err(fail)?, BTreeSet::new())
            }
        };
        Ok(Self { path: path.to_owned(), real, way, kind })
    }

    /// Gives a file its name, or pours it where it is wanted.
    fn keep(&mut self, mut file: NamedTempFile) -> io::Result<()> {
        match &mut self.way {
            Way::File => {
                if self.real.exists() {
                    // Who may read what is replaced may read this; what cannot be kept is dropped.
                    let _dropped = kept::carry_over(&self.real, file.as_file())?;
                }
                file.as_file().sync_all()?;
                file.persist(&self.real).map(drop).map_err(|error| error.error)
            }
            Way::Stream(stream) => {
                file.rewind()?;
                gone_away(io::copy(&mut file, stream).map(drop))
            }
            Way::StandardOutput => {
                file.rewind()?;
                let mut out = io::stdout().lock();
                gone_away(io::copy(&mut file, &mut out).and_then(|_| out.flush()))
            }
        }
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
        match std::mem::replace(&mut self.kind, Kind::Done) {
            Kind::File(mut file) => {
                file.finish()?;
                let file = file.0.into_inner().map_err(|error| fail(error.into_error()))?;
                self.keep(file).map_err(fail)
            }
            Kind::Zip(mut zip) => zip.end()?.map_or(Ok(()), |file| self.keep(file).map_err(fail)),
            Kind::Folder(folder, _) => {
                if path.is_dir() {
                    fs::remove_dir(&path).map_err(fail)?;
                }
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
