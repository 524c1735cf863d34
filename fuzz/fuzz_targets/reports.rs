//! The audit report of any project, in every profile: JSON that parses, HTML without script, and never a failure.

#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::{
    check::{publish, sourcing},
    display::audit::Audit,
    formats::{
        native,
        report::{self, Profile, Target},
    },
    model::links::Links,
    review,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(opened) = native::read(bytes) else { return };
    let project = &opened.project;
    let links = Links::new(project);
    let units = review::units(project, &links);
    let issues = sourcing::check(project, &links, &units, None);
    let clearances = publish::check(project, &links, &units, &issues, None);
    let audit = Audit { project, links: &links, units: &units, clearances: &clearances, made: "2026-11-20T14:05Z", house: false };
    for profile in Profile::ALL {
        for target in Target::ALL {
            let written = report::write(&audit, profile, target).expect("a report");
            match target {
                Target::Json => assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok()),
                Target::Html => assert!(!written.to_lowercase().contains("<script") && !written.contains("<img")),
                Target::Markdown => assert!(!written.contains("<script")),
            }
        }
    }
});
