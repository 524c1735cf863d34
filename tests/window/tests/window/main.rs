//! The real app, driven without a screen: find by accessible name, press, see what changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests fail by panicking and say what they skip")]

mod desk;
mod labelling;
mod narrow;
mod opening;
mod pictures;
mod registry;
mod review;
mod searching;
mod sharing;
mod speed;
