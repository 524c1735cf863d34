//! The project file, version 1: one JSON record a line, deterministic bytes, nothing unknown lost.
//!
//! Reading is [`scan`] (limits and sections, one pass over the bytes), then [`mod@read`] (typed records, in threads). Saving is
//! [`Ledger::stamped`](crate::merge::Ledger::stamped) (stamps for what changed since the last save), then [`mod@write`]. `assets/schema/project.v1.json` describes the file
//! to other programs.

mod markers;
pub mod read;
pub mod scan;
pub mod write;

pub use read::{Opened, ReadError, read};
pub use write::write;

/// The version of the format that this program writes.
pub const VERSION: u64 = 1;

/// The file's name ends with this.
pub const EXTENSION: &str = "onrecord.json";

/// The JSON Schema of the file.
pub const SCHEMA: &str = include_str!("../../../assets/schema/project.v1.json");
