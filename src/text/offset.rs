//! The one offset unit of the model and the file: a count of Unicode scalar values.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place between two characters, counted in Unicode scalar values from the start of the text.
///
/// Bytes and UTF-16 units exist only inside [`TextIndex`](super::TextIndex); a plain `usize` named `byte` is a byte offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CharOffset(pub u32);

impl CharOffset {
    /// The start of every text.
    pub const ZERO: Self = Self(0);

    /// The offset as a count that can index a collection of characters.
    pub fn get(self) -> usize {
        self.0 as usize
    }

    /// Counts of characters beyond `u32` stay at its end, far past the longest text that is read.
    pub fn saturating_from(count: usize) -> Self {
        Self(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for CharOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
