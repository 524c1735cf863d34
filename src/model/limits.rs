//! What is read and written at most. The app never writes what it would not read.

/// Limits on a project file and its parts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// UTF-8 bytes of one article.
    pub article: usize,
    /// Annotations in the project; records of any other kind too.
    pub records: usize,
    /// Ranges of one annotation.
    pub ranges: usize,
    /// Bytes of one string.
    pub string: usize,
    /// Objects and arrays inside each other.
    pub nesting: usize,
    /// Bytes of keys and values that this version does not know.
    pub unknown: usize,
}

/// The limits of format version 1.
pub const LIMITS: Limits =
    Limits { file: 512 << 20, article: 32 << 20, records: 1_000_000, ranges: 64, string: 32 << 20, nesting: 64, unknown: 16 << 20 };
