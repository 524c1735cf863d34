//! Integration tests of the core and the command line, one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests fail by panicking and say what they skip")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "tests start the program, a shell and git")]

/// Sources hold to the layers; no test that cannot fail.
mod architecture;
/// The command line as a program.
mod command_line;
/// Every command: undone, done again, journalled.
mod commands;
/// Saves on a file system in memory that fails and crashes.
mod crashes;
/// What the system has of files: syncs, rights, pipes.
mod disk;
/// Saves that fail half-way.
mod faults;
/// Every field of every record filled with what does not belong there.
mod fields;
/// README's speed tables are what a script writes.
mod figures;
/// Exchange formats: out, in, and what is lost.
mod formats;
/// How cost grows with the work.
mod growth;
/// Laws of the join over whole sessions: every command, undo, merges, purges.
mod histories;
/// Torn, wrong and harmful input, each with its verdict.
mod hostile;
/// The join of files: laws over random histories.
mod joining;
/// Laws over random texts and sessions.
mod laws;
/// Edits, saves, kills and reopening in random order.
mod lifetimes;
/// Links between annotations.
mod links;
/// The project file: bytes, limits, stamps, damage.
mod native;
/// No network.
mod no_network;
/// Third-party notices name every package.
mod notices;
/// Writers who save one file at the same time.
mod race;
/// The journal, and files that change under the session.
mod recovery;
/// The review of unnamed sources.
mod review;
/// What is text written by people: listed, purged, never in public.
mod secrecy;
/// Colleagues who share a project: merge, diff, git.
mod sharing;
/// Sources, and what stands behind an annotation.
mod sources;
/// Every sourcing rule by its example, and every value of every attribute.
mod sourcing;
/// Undo among colleagues, and what deletions take away.
mod undo;

/// Whether the calls of a program to the system can be watched here.
fn can_trace(what: &str) -> bool {
    let tried = std::process::Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    if tried.is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(std::env::var("ONRECORD_STRACE").as_deref() != Ok("required"), "{what} were not tested: strace does not work here");
    eprintln!("{what} were not tested: strace does not work here");
    false
}

/// Number of random cases: `base` times `ONRECORD_TEST_SCALE`, 1 where it is not set.
fn scale(base: u32) -> u32 {
    base * std::env::var("ONRECORD_TEST_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1)
}
