//! The only code that changes a project: a command is planned into a transaction, a transaction is applied and can be undone.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

pub mod change;
pub mod command;
pub mod environment;
pub mod history;
pub mod import;
pub mod plan;
pub mod purge;
pub mod rebase;
pub mod transaction;

pub use change::{Change, Swap};
pub use command::{Command, DocumentField, Mark, MarkLink, Place, RepairTo, SourceField, Speaker};
pub use environment::Environment;
pub use history::{History, Stepped, Stepping};
pub use import::Import;
pub use plan::{EditError, plan};
pub use purge::{Purged, purge};
pub use transaction::{Focus, Transaction};
