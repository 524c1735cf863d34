//! Texts in, projects out, and back: what lies between bytes and records. Opens no file itself.
//!
//! [`FORMATS`] is the list that menus, dialogs, detection, the command line, README and the shared tests loop over. A new format is a
//! file here with a [`Format`] in it, and a line in that list.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod article;
pub mod brat;
pub mod claim_review;
pub mod convert;
pub mod doccano;
pub mod exchange;
pub mod format;
pub mod label_studio;
pub mod labels;
pub mod native;
pub mod page;
pub mod policies;
pub mod profile;
pub mod report;
pub mod spans;
pub mod table;
pub mod web_annotation;

pub use format::{Format, Glimpse, Reader, Writer};

/// Every format, in the order of menus. The first whose `detect` says yes reads a file.
pub const FORMATS: &[Format] = &[
    native::FORMAT,
    web_annotation::FORMAT,
    brat::FORMAT,
    table::csv::FORMAT,
    table::xlsx::FORMAT,
    label_studio::FORMAT,
    doccano::FORMAT,
    spans::prodigy::FORMAT,
    spans::spacy::FORMAT,
    spans::hugging_face::FORMAT,
    page::html::FORMAT,
    page::markdown::FORMAT,
    page::docx::FORMAT,
    claim_review::FORMAT,
    article::ODT,
    article::MHTML,
    article::PDF,
    article::TEXT,
];

/// The format of a name, as `--from` and `--to` take it.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
