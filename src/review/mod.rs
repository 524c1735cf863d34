//! The review of unnamed sources: what rests on each in each document, what the newsroom's rules say, what was decided and whether it
//! still holds. Computes, and changes nothing.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod answers;
pub mod judged;
pub mod prefill;
pub mod privacy;
pub mod standing;
pub mod unit;

pub use answers::{Answered, Answers, Outcomes, open_items};
pub use judged::{Judged, Stale};
pub use prefill::{PREFILLS, Prefilled, prefill};
pub use standing::{Standing, split_units, standing};
pub use unit::{Risk, Unit, unit, units};
