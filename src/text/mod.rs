//! Offsets and strings: where things are in a text, and where its natural boundaries lie. Knows nothing of projects.

pub mod boundary;
pub mod index;
pub mod offset;
pub mod quotation;
pub mod range;

pub use index::TextIndex;
pub use offset::CharOffset;
pub use range::{Ranges, TextRange};
