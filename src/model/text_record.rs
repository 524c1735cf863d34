//! A text: evidence, named by its hash and never changed.

use super::Id;
use crate::text::TextIndex;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// An immutable text with its offsets indexed.
#[derive(Debug, Clone)]
pub struct Text {
    /// The first 16 hex digits of the SHA-256 of its UTF-8.
    pub id: Id<Self>,
    /// The words, paragraphs separated by `\n`.
    pub content: Arc<str>,
    /// Turns offsets into each other.
    pub index: TextIndex,
}

impl Text {
    /// Hashes and indexes a text.
    pub fn new(content: impl Into<Arc<str>>) -> Self {
        let content = content.into();
        let id = Self::id_of(&content);
        Self { id, index: TextIndex::new(&content), content }
    }

    /// The id of a text.
    pub fn id_of(content: &str) -> Id<Self> {
        let digest = sha256_hex(content.as_bytes());
        digest.get(..16).unwrap_or_default().into()
    }
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}
