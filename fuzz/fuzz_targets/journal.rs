//! A journal: recovered as far as it is whole. With `chained`, its checksums are made right first, so that the records are reached.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{model::text_record::sha256_hex, session::recover};

fuzz_target!(|bytes: &[u8]| {
    drop(recover(bytes, &"fuzz".into()));
    let mut chain = "onrecord journal 1".to_owned();
    let mut chained = String::new();
    for entry in String::from_utf8_lossy(bytes).lines() {
        chain = sha256_hex(format!("{chain} {entry}").as_bytes());
        chain.truncate(32);
        chained.push_str(&format!("{chain} {entry}\n"));
    }
    drop(recover(chained.as_bytes(), &"fuzz".into()));
});
