//! What to show, as data: shared by window, command line and tests. Knows no colours and no pixels.

pub mod line;
pub mod safe;
pub mod span_index;
