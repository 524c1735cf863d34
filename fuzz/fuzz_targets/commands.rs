//! Commands, one JSON object a line, run on a project: refused or done, and undone again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{
    edit::Command,
    formats::native,
    session::{Session, WorkEnvironment},
};

const EXAMPLE: &[u8] = include_bytes!("../../tests/it/data/example.onrecord.json");

fuzz_target!(|bytes: &[u8]| {
    let mut session = Session::from_opened(native::read(EXAMPLE).expect("the example"), WorkEnvironment::seeded(1, None));
    let before = session.project().clone();
    for line in String::from_utf8_lossy(bytes).lines().take(20) {
        if let Ok(command) = serde_json::from_str::<Command>(line) {
            drop(session.run(&command));
        }
    }
    let written = session.to_bytes().expect("a project");
    native::read(&written).expect("what was written is read");
    while session.undo().is_some() {}
    assert!(*session.project() == before, "undo did not lead back");
});
