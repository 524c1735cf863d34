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

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{feature::How, verify::Convention},
};

/// The format in the list of all.
pub const FORMAT: Format = Format {
    name: "onrecord",
    title: "Onrecord project",
    about: "The project file itself: everything, and what teams share.",
    endings: &["onrecord.json"],
    main: "project.onrecord.json",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries: |_| How::Kept,
    alone: None,
    read: Reader::Project,
    write: Writer::Project,
    detect: |glimpse: &Glimpse<'_>| {
        // A pipe has a name without an ending.
        let inside = glimpse.head.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        let begins = || inside.is_some_and(|inside| inside.starts_with(b"\"format\":\"onrecord\""));
        let says = || glimpse.ends(&["json"]) && glimpse.says(&["\"format\":\"onrecord\""]);
        glimpse.is_file() && (glimpse.ends(&["onrecord.json"]) || begins() || says())
    },
};

/// The version of the format that this program writes.
pub const VERSION: u64 = 1;

/// The file's name ends with this.
pub const EXTENSION: &str = "onrecord.json";

/// The JSON Schema of the file.
pub const SCHEMA: &str = include_str!("../../../assets/schema/project.v1.json");
