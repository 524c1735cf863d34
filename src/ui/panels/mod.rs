//! The parts of the window around the article. A panel reads the desk, keeps what is its own in the view state, and pushes actions.

pub(crate) mod annotations;
pub(crate) mod banner;
mod caution;
pub(crate) mod comments;
pub(crate) mod decision_bar;
pub(crate) mod desk;
pub(crate) mod document;
pub(crate) mod document_bar;
pub(crate) mod documents;
pub(crate) mod drop_target;
pub(crate) mod find;
pub(crate) mod inspector;
pub(crate) mod issues;
pub(crate) mod label_palette;
pub(crate) mod link_bar;
pub(crate) mod proposal;
pub(crate) mod queue;
pub(crate) mod rail;
pub(crate) mod right;
pub(crate) mod source;
pub(crate) mod sources;
pub(crate) mod start;
pub(crate) mod status_bar;
pub(crate) mod top_bar;
pub(crate) mod undecided;

/// Bytes that a field is written in with: each letter typed lays the whole out anew.
const MOST_WRITTEN: usize = 64 * 1024;
