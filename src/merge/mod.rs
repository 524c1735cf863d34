//! Files that are joined without a server: what each save wrote is stamped, and the join keeps every value that nobody has overwritten.
//!
//! [`Ledger`] is a file's contents with all stamps, [`State`] what files say of one record, [`join()`] the join of two files.
//!
//! # What a deletion takes away
//!
//! Free text, and what an unnamed source was called, goes from the file with the deletion and from every copy that is joined later: the
//! deletion holds the vector of all that the deleter had seen, and a value whose dot lies in it is absorbed. What was written unknown to
//! the deleter is a new value. It is kept, a name of an unnamed source too, and the record lives until somebody decides: loss could not be
//! mended, and deleting it again takes the value along. A record that lives only because others refer to it shows a sign in place of what
//! is gone ([`fields::is_taken_away`](crate::model::fields::is_taken_away)); the sign is no value in any join.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod join;
pub mod ledger;
pub mod state;

pub use join::{JoinError, join};
pub use ledger::{Ledger, Save};
pub use state::State;
