//! Texts in, projects out, and back: what lies between bytes and records. Opens no file itself.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod article;
pub mod labels;
pub mod native;
pub mod policies;
pub mod report;
