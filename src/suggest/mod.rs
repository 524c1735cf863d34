//! What rules propose; people decide. Nothing here changes a project, and nothing is learned.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod cues;
pub mod omissions;
pub mod quotes;
pub mod score;
pub mod speaker;
pub mod structure;

pub use cues::Cues;
pub use structure::{Proposal, Surroundings, propose};
