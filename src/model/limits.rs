//! What is read and written at most. The app never writes what it would not read.

/// Limits on a project file and its parts. Those that joins could reach are far above what people write together.
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
    /// Bytes of one string that people write at length: a note, a comment, a definition.
    pub prose: usize,
    /// Bytes of one string that is shown in a line: a title, a name, an id.
    pub line: usize,
    /// Objects and arrays inside each other.
    pub nesting: usize,
    /// Bytes of keys and values that this version does not know.
    pub unknown: usize,
    /// Keys that this version does not know.
    pub unknown_keys: usize,
    /// Saves of different sessions that one record has seen: the entries of a version vector.
    pub sessions: usize,
    /// Undecided values of one field.
    pub undecided: usize,
}

/// The limits of format version 1.
pub const LIMITS: Limits = Limits {
    file: 512 << 20,
    article: 32 << 20,
    records: 1_000_000,
    ranges: 64,
    string: 32 << 20,
    prose: 1 << 20,
    line: 16 << 10,
    nesting: 64,
    unknown: 16 << 20,
    unknown_keys: 100_000,
    sessions: 100_000,
    undecided: 10_000,
};
