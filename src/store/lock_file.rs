//! An empty file of this machine that somebody holds: it goes with whoever holds it, and the system frees it when a program dies.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// A lock that is held as long as this lives.
#[derive(Debug)]
pub(super) struct LockFile {
    _file: File,
    path: PathBuf,
}

impl LockFile {
    /// Takes a lock, and makes its file where there is none; `None` while somebody else holds it. An error means that locks do not work
    /// here.
    pub(super) fn take(path: &Path) -> io::Result<Option<Self>> {
        loop {
            let mut options = File::options();
            options.create(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(path)?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path) => return Ok(Some(Self { _file: file, path: path.to_owned() })),
                // Whoever held it took the name away meanwhile; what is held now is nobody's lock.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Removes the lock files of a folder that nobody holds: their programs were killed.
    pub(super) fn sweep(folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let is_lock = path.extension().is_some_and(|ending| ending == "lock");
            if is_lock && fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) && matches!(Self::take(&path), Ok(Some(_))) {
                // What the killed program said of itself beside it.
                drop(fs::remove_file(path.with_extension("owner")));
            }
        }
    }
}

/// Whether the file at a path is this one.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place = |found: &fs::Metadata| (found.dev(), found.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(held), Ok(named)) if place(&held) == place(&named))
}

/// Elsewhere lock files stay, so that nobody takes their names away.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // Still held: whoever waits for it finds that its name is gone, and makes a new one.
        #[cfg(unix)]
        drop(fs::remove_file(&self.path));
        #[cfg(not(unix))]
        let _ = &self.path;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_its_file_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let held = LockFile::take(&path).unwrap().expect("free");
        assert!(LockFile::take(&path).unwrap().is_none());
        drop(held);
        #[cfg(unix)]
        assert!(!path.exists());
        assert!(LockFile::take(&path).unwrap().is_some());
    }

    /// Eight threads take and give back one lock whose file comes and goes: never two at a time.
    #[test]
    fn never_two_hold_it_while_its_file_comes_and_goes() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let (inside, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while taken.load(Ordering::SeqCst) < 400 {
                        let Some(_held) = LockFile::take(&path).unwrap() else { continue };
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two hold it");
                        taken.fetch_add(1, Ordering::SeqCst);
                        // Time for somebody to hold what has lost its name, and for a third to make a new one.
                        std::thread::sleep(std::time::Duration::from_micros(200));
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
    }

    #[test]
    fn locks_of_killed_programs_go() {
        let folder = tempfile::tempdir().unwrap();
        let held = LockFile::take(&folder.path().join("held.lock")).unwrap();
        for name in ["dead.lock", "dead.owner", "held.owner", "other.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        LockFile::sweep(folder.path());
        let mut left: Vec<String> =
            fs::read_dir(folder.path()).unwrap().flatten().map(|entry| super::super::file_name(&entry.path())).collect();
        left.sort();
        assert_eq!(left, ["held.lock", "held.owner", "other.txt"]);
        drop(held);
    }
}
