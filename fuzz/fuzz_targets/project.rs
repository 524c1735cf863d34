//! A project file: read or refused; what was read is shown, checked, and written so that it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{check, display::line, formats::native, model::Project};

fuzz_target!(|bytes: &[u8]| {
    let Ok(opened) = native::read(bytes) else { return };
    drop(line::project(&opened.project));
    drop(check::on_load(&opened.project));
    let written = native::write(&opened.ledger).expect("records are JSON");
    let again = native::read(&written).expect("what was written is read");
    // A text that no record names is not written.
    let base = Project { texts: again.ledger.base.texts.clone(), ..opened.ledger.base };
    assert!(again.ledger.base == base, "a round trip changed the contents");
    assert_eq!(native::write(&again.ledger).expect("records are JSON"), written, "the same content has other bytes");
});
