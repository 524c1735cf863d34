//! A label set, and words that report speech: read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{formats::labels::LabelSet, suggest::cues::Cues};

fuzz_target!(|json: &str| {
    drop(LabelSet::read(json));
    drop(Cues::read(json));
});
