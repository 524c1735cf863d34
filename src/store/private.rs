//! Files and folders that only their owner may read: journals, settings, locks.

use std::{fs, io, path::Path};

/// Makes a folder for the user alone. One of ours that an older version left open to others is closed.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    // A folder that the user named for us may be anything; those below it, and the usual one, are ours.
    if path.file_name().is_some_and(|name| OURS.iter().any(|ours| name == *ours)) {
        close(path, 0o700);
    }
    Ok(())
}

/// Names of folders that nobody but this program makes.
const OURS: [&str; 4] = ["onrecord", "journal", "open", "turns"];

/// Closes a file that an older version left open to others.
pub(super) fn file(path: &Path) {
    close(path, 0o600);
}

/// Takes the rights of everybody but the owner away; where that fails the file stays as it is, and still serves.
#[cfg(unix)]
fn close(path: &Path, most: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(found) = fs::symlink_metadata(path) else { return };
    let mode = found.permissions().mode() & 0o7777;
    if !found.is_symlink() && mode & !most != 0 {
        drop(fs::set_permissions(path, fs::Permissions::from_mode(mode & most)));
    }
}

#[cfg(not(unix))]
fn close(_path: &Path, _most: u32) {}
