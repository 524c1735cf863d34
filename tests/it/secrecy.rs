//! Text that people write: every field is listed, a purge takes it all for good, and nothing of it is in public.

mod listed;
mod public;
mod purged;

use onrecord::model::{Kind, free_text, free_text::Holds};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("data/example.onrecord.json");

/// The key of the section that holds a kind of record.
fn section(kind: Kind) -> String {
    match kind {
        Kind::Project => "project".to_owned(),
        Kind::Policy => "policies".to_owned(),
        _ => format!("{}s", kind.word()),
    }
}

/// The first record of a kind in a project file.
fn first(project: &mut Value, kind: Kind) -> &mut Value {
    let section = project.get_mut(section(kind)).expect("every section is in the example");
    if kind == Kind::Project { section } else { section.get_mut(0).expect("a record") }
}

/// Every field of every kind that holds text written by people, with the attributes that a newsroom adds.
fn written() -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        for (path, holds) in free_text::listed(kind) {
            let field = path.split('.').next().unwrap_or(path).to_owned();
            if *holds == Holds::Written && !found.contains(&(kind, field.clone())) {
                found.push((kind, field));
            }
        }
    }
    found.push((Kind::Annotation, "attributes.own_remark".to_owned()));
    found.push((Kind::Annotation, "unheard_of".to_owned()));
    found.push((Kind::Document, "kept.brat".to_owned()));
    found
}

/// A value of a field that tells a secret.
fn telling(kind: Kind, field: &str, secret: &str) -> Value {
    match (kind, field) {
        (Kind::Project, "checks_off") => json!({"no_basis": secret}),
        (Kind::Document, "revisions") => json!([{"sha256": "00", "reason": secret}]),
        (Kind::Document, "kept.brat") => json!([secret]),
        (Kind::Decision, "answers") => json!({"vital": {"answer": "yes", "note": secret}}),
        _ => json!(secret),
    }
}

/// Sets a field, as a join names it, of a record.
fn set(record: &mut Value, field: &str, value: Value) {
    match field.strip_prefix("attributes.") {
        Some(key) => record["attributes"][key] = value,
        None => record[field] = value,
    }
}

/// The example, with an attribute of the newsroom's own.
fn example() -> Value {
    let mut project: Value = serde_json::from_str(EXAMPLE).expect("JSON");
    let attributes = project["labels"][0]["attributes"].as_array_mut().expect("attributes");
    attributes.push(json!({"key": "own_remark", "name": "Own remark"}));
    project
}
