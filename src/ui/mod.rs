//! The window. Reads a session, asks for actions; only [`apply`] carries them out.

#![allow(clippy::large_enum_variant, reason = "a few actions and dialogs exist at a time")]

mod action;
mod action_list;
mod app;
mod apply;
mod article;
mod computed;
mod dialogs;
mod drive;
mod exchanging;
mod finding;
mod fonts;
mod icons;
mod jobs;
mod keymap;
mod linking;
mod markdown;
mod omitting;
mod page;
mod panels;
mod proposing;
mod purging;
mod reviewing;
mod selecting;
mod sharing;
mod sourcing;
mod start;
mod theme;
mod toast;
mod widgets;

pub use app::{App, Options};
pub use fonts::SystemFonts;
pub use start::{UiError, run};
