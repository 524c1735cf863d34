//! The calls to the file system that a save makes, as a trait: the disk, or one in memory that fails where a test wants it.

use super::{
    kept::{self, Unkept},
    turn::{Reach, Turn},
};
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
    /// Whether it is a pipe or a device, which nothing can stand in for.
    pub is_device: bool,
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
    /// Gives a file what another has beside its bytes, and says what cannot be given.
    fn keep(&self, file: &Self::Temporary, like: &Path) -> io::Result<Unkept>;
    /// Waits until the disk has the bytes.
    fn sync(&self, file: &Self::Temporary) -> io::Result<()>;
    /// Whether the file holds these bytes.
    fn holds(&self, file: &Self::Temporary, bytes: &[u8]) -> io::Result<bool>;
    /// Lets the file and the one at a path change places in one moment, so that none is lost that came there meanwhile; `false` where
    /// the file system cannot do that.
    fn exchange(&self, file: &Self::Temporary, with: &Path) -> io::Result<bool>;
    /// What the file holds, after an exchange that which was at the path.
    fn read(&self, file: &Self::Temporary) -> io::Result<Vec<u8>>;
    /// Gives the file its name; with `replace`, in place of what is there.
    fn rename(&self, file: Self::Temporary, to: &Path, replace: bool) -> io::Result<()>;
    /// Waits until the disk has the names of a folder.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk {
    /// Whether everybody who makes temporary files here waits for us: then one without a lock belongs to nobody.
    alone: bool,
}

impl Disk {
    /// The disk for whoever has the turn.
    pub fn in_turn(turn: &Turn) -> Self {
        Self { alone: turn.reach() == Reach::Everybody }
    }
}

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
                is_device: !found.is_dir() && !found.is_file(),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn temporary(&self, folder: &Path, shared: bool) -> io::Result<NamedTempFile> {
        sweep(folder, self.alone);
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
        // Tells other programs that somebody is at it, also after the turn. Where locks do not work, age alone tells.
        drop(file.as_file().try_lock());
        Ok(file)
    }

    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn keep(&self, file: &NamedTempFile, like: &Path) -> io::Result<Unkept> {
        kept::carry_over(like, file.as_file())
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

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn exchange(&self, file: &NamedTempFile, with: &Path) -> io::Result<bool> {
        use rustix::{
            fs::{CWD, RenameFlags, renameat_with},
            io::Errno,
        };
        match renameat_with(CWD, file.path(), CWD, with, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP | Errno::NOENT | Errno::PERM) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    fn exchange(&self, _file: &NamedTempFile, _with: &Path) -> io::Result<bool> {
        Ok(false)
    }

    fn read(&self, file: &NamedTempFile) -> io::Result<Vec<u8>> {
        fs::read(file.path())
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
///
/// Whoever makes one has the turn until it is locked. So in our turn one that can be locked has no writer, and goes at once; where the
/// turn does not keep everybody out, only one that is old.
fn sweep(folder: &Path, alone: bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = super::file_name(&path);
        let is_ours = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX)).is_some_and(|middle| middle.len() == 6);
        if !is_ours {
            continue;
        }
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        let is_old = || found.modified().ok().and_then(|then| then.elapsed().ok()).is_some_and(|age| age > ABANDONED);
        let is_free = || File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if found.is_file() && (alone || is_old()) && is_free() {
            drop(fs::remove_file(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_writes_is_swept_at_once_in_our_turn_and_later_elsewhere() {
        let old = std::time::SystemTime::now() - ABANDONED * 2;
        for (alone, left) in [
            (true, &[".onrecord-locked.tmp", ".onrecord-notes-of-mine.tmp", "p.onrecord.json"][..]),
            (false, &[".onrecord-fresh1.tmp", ".onrecord-locked.tmp", ".onrecord-notes-of-mine.tmp", "p.onrecord.json"]),
        ] {
            let folder = tempfile::tempdir().unwrap();
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
            sweep(folder.path(), alone);
            let mut names: Vec<String> =
                fs::read_dir(folder.path()).unwrap().flatten().map(|entry| super::super::file_name(&entry.path())).collect();
            names.sort();
            assert_eq!(names, left, "alone: {alone}");
        }
    }
}
