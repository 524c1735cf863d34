//! The real app, driven without a screen: find by accessible name, press, see what changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests fail by panicking and say what they skip")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests start the program and watch it")]

mod desk;
mod exchanging;
mod growth;
mod labelling;
mod long_words;
mod narrow;
mod no_network;
mod opening;
mod pictures;
mod registry;
mod review;
mod searching;
mod sharing;
mod speed;
