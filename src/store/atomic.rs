//! Saving whole or not at all: a reader sees the old file or the new one, and a failed save leaves the old one.

use super::{
    StoreError, file_name,
    fs::{Disk, Fs},
    kept::Unkept,
    turn::{SHORT_WAIT, Turn, WAIT},
};
use crate::model::text_record::sha256_hex;
use std::{
    io,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// What a save expects to find at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect<'e> {
    /// Whatever is there is replaced.
    Anything,
    /// Nothing; what is there is never replaced.
    Nothing,
    /// A file whose bytes have this SHA-256. What came in its place meanwhile is handed back.
    Known(&'e str),
}

/// What becomes of what the system has with a file beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// All is kept, or nothing is replaced.
    Keep,
    /// As much as possible is kept, rights are dropped rather than widened, and it is said what is not kept.
    KeepMost,
    /// Only the owner may read it, whatever was there.
    Owner,
}

/// A save that was made.
#[derive(Debug)]
pub struct Placed<T = NamedTempFile> {
    /// What could not be kept of the file that was replaced.
    pub unkept: Unkept,
    /// What was replaced, where it was not the expected: somebody wrote it in the last moment.
    pub overwritten: Option<Overwritten<T>>,
}

/// What somebody wrote and a save replaced, kept until it is joined back.
#[derive(Debug)]
pub struct Overwritten<T = NamedTempFile> {
    /// Its bytes.
    pub bytes: Vec<u8>,
    file: T,
    target: PathBuf,
}

impl Overwritten {
    /// Puts it where it was, unless somebody wrote on top of `ours`, which replaced it. Needs no room on the disk.
    pub fn put_back(self, ours: &str) -> Result<(), StoreError> {
        let disk = Disk::default();
        let back = || -> io::Result<()> {
            if disk.exchange(&self.file, &self.target)? && sha256_hex(&disk.read(&self.file)?) != ours {
                disk.exchange(&self.file, &self.target)?;
            }
            Ok(())
        };
        back().map_err(|error| StoreError::from_io("cannot save", &self.target, &error))
    }
}

/// Replaces a file, whatever is in it: sibling temporary file, sync, read back, rename, in the turn of its folder. Group, permissions,
/// access list and attributes are kept, or it is said which are not. A symbolic link is followed, so that its target is replaced and not
/// the link.
///
/// Failures to sync the folder, as network drives give them, do not fail the save: the bytes are there. No temporary file stays behind.
pub fn save(path: &Path, bytes: &[u8]) -> Result<Unkept, StoreError> {
    let turn = Turn::take(path, WAIT)?;
    Ok(place(&turn, path, bytes, Expect::Anything, Rights::KeepMost)?.unkept)
}

/// The same for somebody who keeps a window from answering, and who would rather hear of it than wait for others.
pub fn save_soon(path: &Path, bytes: &[u8]) -> Result<Unkept, StoreError> {
    let turn = Turn::take(path, SHORT_WAIT)?;
    Ok(place(&turn, path, bytes, Expect::Anything, Rights::KeepMost)?.unkept)
}

/// The same for the user alone.
pub(super) fn save_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let turn = Turn::take(path, SHORT_WAIT)?;
    place(&turn, path, bytes, Expect::Anything, Rights::Owner).map(drop)
}

/// Makes a new file in the same way; one that is there is never replaced.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let turn = Turn::take(path, WAIT)?;
    place(&turn, path, bytes, Expect::Nothing, Rights::KeepMost).map(drop)
}

/// Puts bytes in their place for whoever has the turn.
pub fn place(turn: &Turn, path: &Path, bytes: &[u8], expect: Expect<'_>, rights: Rights) -> Result<Placed, StoreError> {
    place_on(&Disk::in_turn(turn), path, bytes, expect, rights)
}

/// Puts bytes in their place on any file system.
pub fn place_on<F: Fs>(fs: &F, path: &Path, bytes: &[u8], expect: Expect<'_>, rights: Rights) -> Result<Placed<F::Temporary>, StoreError> {
    let action = if expect == Expect::Nothing { "cannot make" } else { "cannot save" };
    let placed = write(fs, path, bytes, expect, rights).map_err(|error| StoreError::from_io(action, path, &error))?;
    placed.map_err(|unkept| StoreError::Unkept { name: file_name(path), unkept })
}

/// Writes; the inner error is what could not be kept, and then nothing was replaced.
fn write<F: Fs>(fs: &F, path: &Path, bytes: &[u8], expect: Expect<'_>, rights: Rights) -> io::Result<Result<Placed<F::Temporary>, Unkept>> {
    let target = follow(fs, path);
    let existing = fs.entry(&target)?;
    if existing.as_ref().is_some_and(|entry| entry.is_folder) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if expect == Expect::Nothing && (existing.is_some() || target != path) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if existing.as_ref().is_some_and(|entry| entry.is_device) {
        return Err(io::Error::other("it is a pipe or a device and no file"));
    }
    if existing.as_ref().is_some_and(|entry| entry.is_read_only) {
        // The rename would work, since it needs only the folder; but whoever made the file read-only meant it.
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = folder_of(&target);
    let mut temporary = fs.temporary(folder, existing.is_none() && rights != Rights::Owner)?;
    fs.write(&mut temporary, bytes)?;
    let unkept = match &existing {
        Some(_) if rights != Rights::Owner => fs.keep(&temporary, &target).unwrap_or(Unkept { mode: true, ..Unkept::default() }),
        _ => Unkept::default(),
    };
    if rights == Rights::Keep && !unkept.is_empty() {
        return Ok(Err(unkept));
    }
    // What this says is final: asked again, a system may forget that it lost bytes.
    fs.sync(&temporary)?;
    if !fs.holds(&temporary, bytes)? {
        return Err(io::Error::other("the disk gave back other bytes than were written"));
    }
    // Programs of others write without a turn, and so do ours where there is none: what comes out of its place tells.
    if let Expect::Known(known) = expect
        && existing.is_some()
        && fs.exchange(&temporary, &target)?
    {
        // What cannot be read cannot be joined; it was known a moment ago.
        let was = fs.read(&temporary).ok().filter(|was| sha256_hex(was) != known);
        // The old file goes after the disk has the new name.
        drop(fs.sync_folder(folder));
        let overwritten = was.map(|bytes| Overwritten { bytes, file: temporary, target });
        return Ok(Ok(Placed { unkept, overwritten }));
    }
    fs.rename(temporary, &target, expect != Expect::Nothing)?;
    drop(fs.sync_folder(folder));
    Ok(Ok(Placed { unkept, overwritten: None }))
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file itself, behind symbolic links on the disk.
pub(super) fn real(path: &Path) -> PathBuf {
    behind_links(path, |link| std::fs::read_link(link))
}

fn follow(fs: &impl Fs, path: &Path) -> PathBuf {
    behind_links(path, |link| fs.read_link(link))
}

/// The file behind a chain of symbolic links, also when the last does not exist yet.
fn behind_links(path: &Path, read_link: impl Fn(&Path) -> io::Result<PathBuf>) -> PathBuf {
    let mut here = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = read_link(&here) else { break };
        here = match here.parent() {
            Some(folder) if next.is_relative() => folder.join(next),
            _ => next,
        };
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, io::Write as _};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"))
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries =
            fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect());
        let mut names: Vec<String> = entries.unwrap_or_default();
        names.sort();
        names
    }

    #[test]
    fn a_save_replaces_the_bytes_and_leaves_nothing_else() {
        let folder = folder();
        let path = folder.path().join("a.onrecord.json");
        for bytes in [&b"first"[..], b"second, longer", b"3"] {
            assert!(save(&path, bytes).is_ok());
            assert_eq!(fs::read(&path).unwrap_or_default(), bytes);
        }
        assert_eq!(names(folder.path()), ["a.onrecord.json"]);
    }

    #[test]
    fn a_new_file_never_replaces_one_that_is_there() {
        let folder = folder();
        let path = folder.path().join("a.json");
        assert!(create(&path, b"1").is_ok());
        assert!(create(&path, b"2").is_err_and(|error| error.to_string().contains("there already")));
        assert_eq!(fs::read(&path).unwrap_or_default(), b"1");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_failed_save_leaves_the_old_file_and_says_no_path() {
        let folder = folder();
        let gone = folder.path().join("no such folder").join("a.json");
        let error = save(&gone, b"1").map_err(|error| format!("{error} {}", error.hint()));
        let message = error.err().unwrap_or_default();
        assert!(message.starts_with("cannot save a.json: there is no such file or folder"), "{message}");
        assert!(!message.contains(&*folder.path().to_string_lossy()), "{message}");
        assert!(save(folder.path(), b"1").is_err_and(|error| error.to_string().contains("this is a folder")));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_symbolic_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder();
        let (real, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
        assert!(fs::write(&real, b"old").is_ok());
        assert!(fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).is_ok());
        assert!(symlink("real.json", &link).is_ok());
        assert!(save(&link, b"new").is_ok());
        assert_eq!(fs::read(&real).unwrap_or_default(), b"new");
        assert!(fs::symlink_metadata(&link).is_ok_and(|metadata| metadata.is_symlink()));
        assert_eq!(fs::metadata(&real).map(|metadata| metadata.permissions().mode() & 0o777).ok(), Some(0o640));
        assert!(fs::set_permissions(&real, PermissionsExt::from_mode(0o440)).is_ok());
        assert!(save(&link, b"newer").is_err_and(|error| error.to_string().contains("you may not")));
        assert_eq!(fs::read(&real).unwrap_or_default(), b"new");
    }

    /// `/dev/full` is the disk that is always full; it stands where Linux has it.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").and_then(|mut full| full.write_all(b"x"));
        let error = full.err().unwrap_or_else(|| io::Error::other("not full"));
        let message = StoreError::from_io("cannot save", Path::new("a.json"), &error);
        assert_eq!(message.to_string(), "cannot save a.json: the disk is full");
        assert!(message.hint().contains("Make room"));
    }
}
