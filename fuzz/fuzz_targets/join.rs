//! Two project files, split at the first NUL byte: joined both ways round, and once more.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{display::undecided::undecided, formats::native, merge::join};

fuzz_target!(|bytes: &[u8]| {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    let (Some(one), Some(other)) = (halves.next(), halves.next()) else { return };
    let (Ok(one), Ok(other)) = (native::read(one), native::read(other)) else { return };
    let (Ok(here), Ok(there)) = (join(&one.ledger, &other.ledger), join(&other.ledger, &one.ledger)) else { return };
    let bytes = native::write(&here).expect("records are JSON");
    assert_eq!(bytes, native::write(&there).expect("records are JSON"), "not commutative");
    let again = native::read(&bytes).expect("what was written is read");
    drop(undecided(&again.project, &again.ledger));
    let twice = join(&again.ledger, &again.ledger).expect("one project");
    assert_eq!(native::write(&twice).expect("records are JSON"), bytes, "not idempotent");
});
