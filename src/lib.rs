//! Onrecord: mark what an article claims, who said it, and who would not be named.

pub mod anchor;
pub mod check;
pub mod cli;
pub mod display;
pub mod edit;
pub mod formats;
pub mod model;
pub mod session;
pub mod store;
pub mod text;
#[cfg(feature = "gui")]
pub mod ui;

/// The licences of this program and of everything in it.
pub const LICENSES: &str = include_str!("../assets/THIRD_PARTY_NOTICES.md");
