//! Saving whole or not at all: a reader sees the old file or the new one, and a failed save leaves the old one.

use super::StoreError;
use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};
use tempfile::{Builder, NamedTempFile};

/// Replaces a file: sibling temporary file, sync, read back, rename. Permissions are kept and a symbolic link is followed, so
/// that its target is replaced and not the link.
///
/// Failures to sync the folder or to copy permissions, as network drives give them, do not fail the save: the bytes are there.
/// No temporary file stays behind.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write(path, bytes, Replace::Yes).map_err(|error| StoreError::from_io("cannot save", path, &error))
}

/// Makes a new file in the same way; one that is there is never replaced.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write(path, bytes, Replace::Never).map_err(|error| StoreError::from_io("cannot make", path, &error))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Replace {
    Yes,
    Never,
}

fn write(path: &Path, bytes: &[u8], replace: Replace) -> io::Result<()> {
    let target = follow(path);
    if target.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if replace == Replace::Never && fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
        // The rename would work, since it needs only the folder; but whoever made the file read-only meant it.
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The name is short and random: nothing of the project's name or the machine is in it.
    let mut builder = Builder::new();
    builder.prefix(".onrecord-").suffix(".tmp");
    if existing.is_none() {
        // A new file gets what the user's umask gives to any new file, not the private mode of temporary ones.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    if let Some(metadata) = existing {
        drop(temporary.as_file().set_permissions(metadata.permissions()));
    }
    temporary.as_file().sync_all()?;
    if !reads_back(temporary.path(), bytes)? {
        return Err(io::Error::other("the disk gave back other bytes than were written"));
    }
    rename(temporary, &target, replace)?;
    if let Ok(folder) = File::open(folder) {
        drop(folder.sync_all());
    }
    Ok(())
}

fn rename(temporary: NamedTempFile, target: &Path, replace: Replace) -> io::Result<()> {
    let renamed = match replace {
        Replace::Yes => temporary.persist(target),
        Replace::Never => temporary.persist_noclobber(target),
    };
    // On failure the temporary file comes back and is removed when it is dropped.
    renamed.map(drop).map_err(|failed| failed.error)
}

fn reads_back(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
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

/// The file behind a chain of symbolic links, also when the last does not exist yet.
fn follow(path: &Path) -> PathBuf {
    let mut here = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&here) else { break };
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
