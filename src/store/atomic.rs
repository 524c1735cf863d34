//! Saving whole or not at all: a reader sees the old file or the new one, and a failed save leaves the old one.

use super::{
    StoreError,
    fs::{Disk, Fs},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Replaces a file: sibling temporary file, sync, read back, rename. Permissions are kept and a symbolic link is followed, so
/// that its target is replaced and not the link.
///
/// Failures to sync the folder or to copy permissions, as network drives give them, do not fail the save: the bytes are there.
/// No temporary file stays behind.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    save_on(&Disk, path, bytes)
}

/// Makes a new file in the same way; one that is there is never replaced.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write(&Disk, path, bytes, false).map_err(|error| StoreError::from_io("cannot make", path, &error))
}

/// Replaces a file on any file system.
pub fn save_on(fs: &impl Fs, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write(fs, path, bytes, true).map_err(|error| StoreError::from_io("cannot save", path, &error))
}

fn write(fs: &impl Fs, path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let target = follow(fs, path);
    let existing = fs.entry(&target)?;
    if existing.as_ref().is_some_and(|entry| entry.is_folder) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !replace && (existing.is_some() || target != path) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if existing.as_ref().is_some_and(|entry| entry.is_read_only) {
        // The rename would work, since it needs only the folder; but whoever made the file read-only meant it.
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = fs.temporary(folder, existing.is_none())?;
    fs.write(&mut temporary, bytes)?;
    if let Some(entry) = existing {
        drop(fs.set_permissions(&temporary, &entry));
    }
    // What this says is final: asked again, a system may forget that it lost bytes.
    fs.sync(&temporary)?;
    if !fs.holds(&temporary, bytes)? {
        return Err(io::Error::other("the disk gave back other bytes than were written"));
    }
    fs.rename(temporary, &target, replace)?;
    drop(fs.sync_folder(folder));
    Ok(())
}

/// The file behind a chain of symbolic links, also when the last does not exist yet.
fn follow(fs: &impl Fs, path: &Path) -> PathBuf {
    let mut here = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = fs.read_link(&here) else { break };
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
