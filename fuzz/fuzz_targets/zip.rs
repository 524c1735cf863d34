//! An archive: refused as a whole, or every file in it is read or refused by itself, and no name leads out.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::formats::exchange::container::{Files as _, Zip};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut zip) = Zip::open("a.zip", Cursor::new(bytes)) else { return };
    for name in zip.names() {
        assert!(!name.starts_with('/') && !name.split('/').any(|part| part == ".."), "{name:?}");
        drop(zip.read(&name));
    }
});
