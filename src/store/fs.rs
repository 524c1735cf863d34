//! The calls to the file system that a save makes, as a trait: the disk, or one in memory that fails where a test wants it.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use tempfile::{Builder, NamedTempFile};

/// What stands at a path.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Whether whoever made it wants it left as it is.
    pub is_read_only: bool,
    /// What the system keeps with it; `None` in memory.
    pub permissions: Option<fs::Permissions>,
}

/// A file system as far as saving needs one. Every call may fail.
pub trait Fs {
    /// A file that has no name that anybody knows yet. Dropped, it is gone.
    type Temporary;

    /// Where a symbolic link leads; an error for anything else.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf>;
    /// What stands at a path; `None` when there is nothing.
    fn entry(&self, path: &Path) -> io::Result<Option<Entry>>;
    /// Makes a file in a folder; `shared` gives it the permissions of any new file instead of private ones.
    fn temporary(&self, folder: &Path, shared: bool) -> io::Result<Self::Temporary>;
    /// Writes all bytes.
    fn write(&self, file: &mut Self::Temporary, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file the permissions of another.
    fn set_permissions(&self, file: &Self::Temporary, like: &Entry) -> io::Result<()>;
    /// Waits until the disk has the bytes.
    fn sync(&self, file: &Self::Temporary) -> io::Result<()>;
    /// Whether the file holds these bytes.
    fn holds(&self, file: &Self::Temporary, bytes: &[u8]) -> io::Result<bool>;
    /// Gives the file its name; with `replace`, in place of what is there.
    fn rename(&self, file: Self::Temporary, to: &Path, replace: bool) -> io::Result<()>;
    /// Waits until the disk has the names of a folder.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

/// Temporary files begin with this and end with [`SUFFIX`]; nothing of the project's name or the machine is in them.
const PREFIX: &str = ".onrecord-";
const SUFFIX: &str = ".tmp";

impl Fs for Disk {
    type Temporary = NamedTempFile;

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    fn entry(&self, path: &Path) -> io::Result<Option<Entry>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(Entry {
                is_folder: found.is_dir(),
                is_read_only: found.permissions().readonly(),
                permissions: Some(found.permissions()),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn temporary(&self, folder: &Path, shared: bool) -> io::Result<NamedTempFile> {
        sweep(folder);
        let mut builder = Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        if shared {
            // A new file gets what the user's umask gives to any new file, not the private mode of temporary ones.
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        #[cfg(not(unix))]
        let _ = shared;
        let file = builder.tempfile_in(folder)?;
        // Tells other programs that somebody is at it. Where locks do not work, age alone tells.
        drop(file.as_file().try_lock());
        Ok(file)
    }

    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn set_permissions(&self, file: &NamedTempFile, like: &Entry) -> io::Result<()> {
        like.permissions.clone().map_or(Ok(()), |permissions| file.as_file().set_permissions(permissions))
    }

    fn sync(&self, file: &NamedTempFile) -> io::Result<()> {
        file.as_file().sync_all()
    }

    fn holds(&self, file: &NamedTempFile, bytes: &[u8]) -> io::Result<bool> {
        let mut file = File::open(file.path())?;
        let mut buffer = vec![0; 1 << 16];
        let mut rest = bytes;
        loop {
            let count = file.read(&mut buffer)?;
            let read = buffer.get(..count).unwrap_or_default();
            match rest.strip_prefix(read) {
                Some(further) if count > 0 => rest = further,
                _ => return Ok(count == 0 && rest.is_empty()),
            }
        }
    }

    fn rename(&self, file: NamedTempFile, to: &Path, replace: bool) -> io::Result<()> {
        let renamed = if replace { file.persist(to) } else { file.persist_noclobber(to) };
        // On failure the temporary file comes back and is removed when it is dropped.
        renamed.map(drop).map_err(|failed| failed.error)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

/// Locks a file, or finds that somebody else holds it. A program that is being started shares the locks of the one that starts it for
/// a moment, hence several tries, ten milliseconds apart.
pub(super) fn locks(file: &File, tries: usize) -> bool {
    for _ in 0..tries {
        if file.try_lock().is_ok() {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    false
}

/// Ten minutes: no save takes so long.
const ABANDONED: std::time::Duration = std::time::Duration::from_mins(10);

/// Removes temporary files of programs that were killed while they saved, so that no sync program carries them on.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = super::file_name(&path);
        let is_ours = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX)).is_some_and(|middle| middle.len() == 6);
        let is_old = || {
            let modified = fs::metadata(&path).and_then(|found| found.modified()).ok();
            modified.and_then(|then| then.elapsed().ok()).is_some_and(|age| age > ABANDONED)
        };
        let is_free = || File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if is_ours && is_old() && is_free() {
            drop(fs::remove_file(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_abandoned_long_ago_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - ABANDONED * 2;
        let make = |name: &str, age: Option<std::time::SystemTime>| {
            let file = File::create(folder.path().join(name)).unwrap();
            if let Some(age) = age {
                file.set_modified(age).unwrap();
            }
            file
        };
        drop(make(".onrecord-AbCd12.tmp", Some(old)));
        drop(make(".onrecord-fresh1.tmp", None));
        drop(make(".onrecord-notes-of-mine.tmp", Some(old)));
        drop(make("p.onrecord.json", Some(old)));
        let held = make(".onrecord-locked.tmp", Some(old));
        held.try_lock().unwrap();
        sweep(folder.path());
        let mut left: Vec<String> =
            fs::read_dir(folder.path()).unwrap().flatten().map(|entry| super::super::file_name(&entry.path())).collect();
        left.sort();
        assert_eq!(left, [".onrecord-fresh1.tmp", ".onrecord-locked.tmp", ".onrecord-notes-of-mine.tmp", "p.onrecord.json"]);
    }
}
