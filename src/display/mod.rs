//! What to show, as data: shared by window, command line and tests. Knows no colours and no pixels.

pub mod audit;
pub mod context;
pub mod differences;
pub mod figures;
pub mod line;
pub mod public;
pub mod safe;
pub mod source_index;
pub mod span_index;
pub mod summary;
pub mod undecided;
