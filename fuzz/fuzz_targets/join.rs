//! Two or three project files, split at NUL bytes: the join is commutative, associative, idempotent, and absorbs what went into it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{
    display::undecided::undecided,
    formats::native,
    merge::{Ledger, join},
};

/// The join as programs make it, through the bytes of a file; `None` for different projects.
fn joined(one: &Ledger, other: &Ledger) -> Option<(Vec<u8>, Ledger)> {
    let bytes = native::write(&join(one, other).ok()?).expect("records are JSON");
    let ledger = native::read(&bytes).expect("what was written is read").ledger;
    Some((bytes, ledger))
}

fuzz_target!(|bytes: &[u8]| {
    let mut files = bytes.split(|byte| *byte == 0).take(3).map(native::read);
    let (Some(Ok(a)), Some(Ok(b))) = (files.next(), files.next()) else { return };
    let c = match files.next() {
        Some(Ok(c)) => c.ledger,
        _ => b.ledger.clone(),
    };
    let (a, b) = (a.ledger, b.ledger);
    let Some((ab, both)) = joined(&a, &b) else { return };
    assert_eq!(ab, joined(&b, &a).expect("one project").0, "not commutative");
    drop(undecided(&both.base, &both));
    assert_eq!(joined(&both, &both).expect("one project").0, ab, "not idempotent");
    for own in [&a, &b] {
        assert_eq!(joined(&both, own).expect("one project").0, ab, "not absorbing");
    }
    let Some((abc, _)) = joined(&both, &c) else { return };
    let (_, bc) = joined(&b, &c).expect("one project");
    assert_eq!(joined(&a, &bc).expect("one project").0, abc, "not associative");
});
