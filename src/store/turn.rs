//! Turns: programs of ours that replace files of one folder wait for each other, as far as the system can keep them apart.
//!
//! The lock is an advisory one on the folder itself, so that nothing is left that sync programs or git would carry, and the system frees
//! it when a program dies. Where a folder cannot be locked, an empty file in the user's own folders stands for it.

use super::{StoreError, atomic, file_name, lock_file::LockFile, private, settings::Settings};
use crate::model::text_record::sha256_hex;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    time::{Duration, Instant},
};

/// How long a save waits for others that save in the same folder.
pub const WAIT: Duration = Duration::from_secs(20);
/// How long somebody waits who keeps a window from answering.
pub const SHORT_WAIT: Duration = Duration::from_millis(500);

/// Who waits for whoever has the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every program of ours that saves in this folder.
    Everybody,
    /// Those on this machine, and others on theirs do not: a network drive, or a folder that cannot be locked.
    ThisMachine,
    /// Nobody: locks do not work here.
    Nobody,
}

/// The right to replace files of a folder, as long as it lives.
#[derive(Debug)]
pub struct Turn {
    reach: Reach,
    _lock: Option<Lock>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "what they hold is freed when they are dropped")]
enum Lock {
    Folder(File),
    Beside(LockFile),
}

impl Turn {
    /// Waits for the turn at the folder of a file, behind symbolic links. Fails when somebody has it for longer than `wait`, or when there
    /// is no such folder.
    pub fn take(path: &Path, wait: Duration) -> Result<Self, StoreError> {
        let until = Instant::now() + wait;
        let folder = atomic::folder_of(&atomic::real(path)).to_owned();
        let fail = |error: &io::Error| StoreError::from_io("cannot save", path, error);
        match File::open(&folder) {
            Ok(handle) => {
                let mut attempt = || match handle.try_lock() {
                    Ok(()) => Ok(Some(())),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
                    Err(TryLockError::Error(error)) => Err(error),
                };
                match waited(until, &mut attempt) {
                    Ok(Some(())) => {
                        let reach = if is_remote(&handle) { Reach::ThisMachine } else { Reach::Everybody };
                        return Ok(Self { reach, _lock: Some(Lock::Folder(handle)) });
                    }
                    Ok(None) => return Err(StoreError::Busy { name: file_name(path), seconds: wait.as_secs() }),
                    // This file system locks no folders.
                    Err(_) => {}
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Err(fail(&error)),
            // Windows opens no folder, and one may be closed to reading.
            Err(_) => {}
        }
        let Some(beside) = beside(&folder) else { return Ok(Self::unlocked()) };
        match waited(until, &mut || LockFile::take(&beside)) {
            Ok(Some(lock)) => Ok(Self { reach: Reach::ThisMachine, _lock: Some(Lock::Beside(lock)) }),
            Ok(None) => Err(StoreError::Busy { name: file_name(path), seconds: wait.as_secs() }),
            Err(_) => Ok(Self::unlocked()),
        }
    }

    /// A turn that nobody else knows of, as where no lock works.
    pub fn unlocked() -> Self {
        Self { reach: Reach::Nobody, _lock: None }
    }

    /// Who waits meanwhile.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

/// Tries until it is done or too late.
fn waited<T>(until: Instant, attempt: &mut dyn FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
    let mut tries = 0_u32;
    loop {
        if let Some(done) = attempt()? {
            return Ok(Some(done));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        // Most saves take milliseconds.
        std::thread::sleep(Duration::from_millis(if tries < 50 { 1 } else { 5 }));
        tries += 1;
    }
}

/// The file that stands for a folder; its name says nothing of the path to whoever reads it.
fn beside(folder: &Path) -> Option<std::path::PathBuf> {
    let turns = Settings::data_folder()?.join("turns");
    private::folder(&turns).ok()?;
    let whole = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let hash = sha256_hex(whole.to_string_lossy().as_bytes());
    Some(turns.join(format!("{}.lock", hash.get(..16).unwrap_or("folder"))))
}

/// Whether a folder lies on another machine, whose other users see no lock of this one.
#[cfg(target_os = "linux")]
fn is_remote(folder: &File) -> bool {
    /// NFS, SMB in its three numbers, AFS, Coda, Ceph, 9P, NCP, and FUSE, which is mostly sshfs and the like: `statfs(2)`.
    const REMOTE: [u64; 11] =
        [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x7375_7245, 0x00C3_6400, 0x0102_1997, 0x564C, 0x6573_5546, 0x6B41_4653];
    #[expect(clippy::cast_sign_loss, reason = "the number is a pattern of 32 bits, signed or not by platform")]
    rustix::fs::fstatfs(folder).is_ok_and(|found| REMOTE.contains(&(found.f_type as u64 & 0xFFFF_FFFF)))
}

/// Whether a folder lies on another machine, whose other users see no lock of this one.
#[cfg(target_os = "macos")]
fn is_remote(folder: &File) -> bool {
    /// `MNT_LOCAL` of `statfs(2)`.
    const LOCAL: u32 = 0x1000;
    rustix::fs::fstatfs(folder).is_ok_and(|found| found.f_flags & LOCAL == 0)
}

/// Not known: looked at as if others could write there.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn is_remote(_folder: &File) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_waited_for_and_no_longer_than_that() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.onrecord.json");
        let first = Turn::take(&path, WAIT).unwrap();
        let error = Turn::take(&path, Duration::from_millis(30)).unwrap_err();
        assert!(error.to_string().starts_with("cannot save p.onrecord.json: another program"), "{error}");
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(Turn::take(&path, WAIT).is_ok()));
            std::thread::sleep(Duration::from_millis(30));
            drop(first);
        });
        let gone = folder.path().join("no such folder").join("p");
        assert!(Turn::take(&gone, WAIT).unwrap_err().to_string().contains("there is no such file or folder"));
    }

    /// One file by a link from another folder is one turn.
    #[cfg(unix)]
    #[test]
    fn a_link_waits_for_the_folder_of_the_file_itself() {
        let (real, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (path, link) = (real.path().join("p"), other.path().join("p"));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let _held = Turn::take(&path, WAIT).unwrap();
        assert!(Turn::take(&link, Duration::from_millis(20)).is_err());
        assert!(Turn::take(&other.path().join("q"), Duration::from_millis(20)).is_ok());
    }
}
