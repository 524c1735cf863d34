//! Offsets and strings: where things are in a text, and where its natural boundaries lie. Knows nothing of projects.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod boundary;
pub mod index;
pub mod offset;
pub mod quotation;
pub mod range;
pub mod search;

pub use index::TextIndex;
pub use offset::CharOffset;
pub use range::{Ranges, TextRange};
