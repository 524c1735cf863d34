//! Files that are joined without a server: what each save wrote is stamped, and the join keeps every value that nobody has overwritten.
//!
//! [`Ledger`] is a file's contents with all stamps, [`State`] what files say of one record, [`join()`] the join of two files.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod join;
pub mod ledger;
pub mod state;

pub use join::{JoinError, join};
pub use ledger::{Ledger, Save};
pub use state::State;
