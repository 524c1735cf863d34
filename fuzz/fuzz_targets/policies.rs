//! A review policy: read or refused, and written so that it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::formats::policies;

fuzz_target!(|json: &str| {
    if let Ok(policy) = policies::read(json) {
        let written = policies::write(&policy).expect("a policy is JSON");
        assert!(policies::read(&written).is_ok_and(|again| again == policy));
    }
});
