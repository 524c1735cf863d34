//! The only code that touches the disk: reading with limits, saving whole or not at all, and the user's settings.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod atomic;
pub mod beside;
pub mod fs;
pub mod git;
pub mod incoming;
pub mod journal;
pub mod kept;
mod lock_file;
pub mod outgoing;
mod private;
pub mod settings;
pub mod turn;

use crate::model::LIMITS;
use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// Why a file is not read or written. Messages name the file, never its folders.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("{action} {name}: {reason}")]
    Io {
        /// `cannot open`, `cannot save`.
        action: &'static str,
        /// The file's name without folders.
        name: String,
        /// The system's reason in the user's words.
        reason: String,
        /// What to do about it.
        hint: &'static str,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// More bytes than are ever read.
    #[error("{name} is larger than {} MB", limit >> 20)]
    TooLarge {
        /// The file's name.
        name: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A file is there that would be replaced.
    #[error("{name} is there already, with something else in it")]
    Taken {
        /// The file's name.
        name: String,
    },
    /// Others save in the folder for longer than anybody waits.
    #[error("cannot save {name}: another program has been saving in its folder for {seconds} s")]
    Busy {
        /// The file's name.
        name: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The system would not keep all that it has with a file, and nobody said yet that it may go.
    #[error("{name} was left as it is: {unkept}")]
    Unkept {
        /// The file's name.
        name: String,
        /// What would be lost.
        unkept: kept::Unkept,
    },
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { hint, .. } => hint,
            Self::TooLarge { .. } => "Choose a smaller file.",
            Self::Taken { .. } => "Name another file, or replace it with --force.",
            Self::Busy { .. } => "Wait for it or end it, then save again.",
            Self::Unkept { .. } => "Save all the same, or under another name.",
        }
    }

    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { kind: io::ErrorKind::NotFound, .. })
    }

    /// A file is there that would be replaced.
    pub fn taken(path: &Path) -> Self {
        Self::Taken { name: file_name(path) }
    }

    /// Something is there that nothing can stand in for.
    pub fn no_file(path: &Path) -> Self {
        let (reason, hint) = ("it is a pipe or a device and no file".to_owned(), "Save to a file.");
        Self::Io { action: "cannot save", name: file_name(path), reason, hint, kind: io::ErrorKind::Other }
    }

    /// Words for an error of the system, without any path.
    pub fn from_io(action: &'static str, path: &Path, error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let (reason, hint) = match error.kind() {
            Kind::NotFound => ("there is no such file or folder".to_owned(), "Check the name, or choose another folder."),
            Kind::PermissionDenied => ("you may not do that here".to_owned(), "Choose another folder, or ask for permission."),
            Kind::StorageFull => ("the disk is full".to_owned(), "Make room, or save to another disk."),
            Kind::ReadOnlyFilesystem => ("the disk can only be read".to_owned(), "Save to another disk."),
            Kind::IsADirectory => ("this is a folder".to_owned(), "Choose a file."),
            Kind::AlreadyExists => ("a file of this name is there already".to_owned(), "Choose another name."),
            Kind::QuotaExceeded => ("your share of the disk is full".to_owned(), "Make room, or save to another disk."),
            Kind::InvalidFilename => ("the name is not allowed here".to_owned(), "Choose a shorter name."),
            kind => (kind.to_string(), "Try again, or save to another place."),
        };
        Self::Io { action, name: file_name(path), reason, hint, kind: error.kind() }
    }
}

/// The name of a file without its folders.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "this file".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Whether a pipe or a device is at a path.
pub fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Reads a file of at most 512 MB.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    let fail = |error: io::Error| StoreError::from_io("cannot open", path, &error);
    let file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?;
    if length.is_dir() {
        return Err(fail(io::ErrorKind::IsADirectory.into()));
    }
    read_up_to(LIMITS.file, path, file, length.len())
}

/// Reads standard input, at most 512 MB.
pub fn read_standard_input() -> Result<Vec<u8>, StoreError> {
    read_up_to(LIMITS.file, Path::new("standard input"), io::stdin().lock(), 0)
}

/// Reads to the end. The length is only a hint: pipes and growing files are held to the limit too.
fn read_up_to(limit: usize, path: &Path, reader: impl io::Read, length: u64) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).min(limit));
    reader.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| StoreError::from_io("cannot open", path, &error))?;
    if bytes.len() > limit {
        return Err(StoreError::TooLarge { name: file_name(path), limit });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_whatever_the_length_says() {
        for length in [0, 3, 1 << 40] {
            let read = |bytes: &[u8]| read_up_to(4, Path::new("a pipe"), bytes, length).map_err(|error| error.to_string());
            assert_eq!(read(b"1234").unwrap(), b"1234");
            assert_eq!(read(b"12345").unwrap_err(), "a pipe is larger than 0 MB");
        }
    }
}
