//! The only code that touches the disk: reading with limits, saving whole or not at all, and the user's settings.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod atomic;
pub mod beside;
pub mod fs;
pub mod git;
pub mod incoming;
pub mod journal;
pub mod outgoing;
pub mod settings;

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
}

impl StoreError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { hint, .. } => hint,
            Self::TooLarge { .. } => "Choose a smaller file.",
        }
    }

    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { kind: io::ErrorKind::NotFound, .. })
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

/// Reads a file of at most 512 MB.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    let fail = |error: io::Error| StoreError::from_io("cannot open", path, &error);
    let file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?;
    if length.is_dir() {
        return Err(fail(io::ErrorKind::IsADirectory.into()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length.len()).unwrap_or(0).min(LIMITS.file));
    // The length is only a hint: pipes and growing files are held to the limit too.
    file.take(LIMITS.file as u64 + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() > LIMITS.file {
        return Err(StoreError::TooLarge { name: file_name(path), limit: LIMITS.file });
    }
    Ok(bytes)
}
