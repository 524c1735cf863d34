//! The list of fields names every field of the schema and of the records, and nothing else.

use onrecord::model::{
    Annotation, Comment, Decision, Document, Kind, Label, Omission, Person, Policy, ProjectInfo, Record, Relation, RelationKind, Source,
    free_text,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// What every record has beside its fields.
const STAMPS: [&str; 4] = ["v", "d", "p", "conflicts"];

/// The fields of an object of the schema by their paths: those of objects inside follow a dot.
fn paths(schema: &Value, object: &Value, before: &str, found: &mut BTreeSet<String>) {
    for (key, value) in object["properties"].as_object().into_iter().flatten() {
        if before.is_empty() && STAMPS.contains(&key.as_str()) {
            continue;
        }
        let resolved = |value: &Value| match value["$ref"].as_str() {
            Some(name) => schema["$defs"][name.rsplit('/').next().unwrap_or(name)].clone(),
            None => value.clone(),
        };
        let mut inner = resolved(value);
        if let Some(items) = inner.get("items") {
            inner = resolved(items);
        }
        let path = format!("{before}{key}");
        if inner["properties"].is_object() {
            paths(schema, &inner, &format!("{path}."), found);
        } else {
            found.insert(path);
        }
    }
}

fn fields_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Project => ProjectInfo::FIELDS,
        Kind::Person => Person::FIELDS,
        Kind::Label => Label::FIELDS,
        Kind::RelationKind => RelationKind::FIELDS,
        Kind::Policy => Policy::FIELDS,
        Kind::Document => Document::FIELDS,
        Kind::Source => Source::FIELDS,
        Kind::Annotation => Annotation::FIELDS,
        Kind::Relation => Relation::FIELDS,
        Kind::Decision => Decision::FIELDS,
        Kind::Comment => Comment::FIELDS,
        Kind::Omission => Omission::FIELDS,
    }
}

#[test]
fn every_field_of_every_record_says_what_it_holds() {
    let schema: Value = serde_json::from_str(onrecord::formats::native::SCHEMA).expect("JSON");
    for kind in Kind::ALL {
        let mut in_schema = BTreeSet::new();
        paths(&schema, &schema["$defs"][kind.word()], "", &mut in_schema);
        let listed: BTreeSet<String> =
            free_text::listed(kind).iter().map(|(path, _)| (*path).to_owned()).filter(|path| path != free_text::KEPT_ID).collect();
        assert_eq!(listed, in_schema, "{}: what model::free_text lists, against the schema", kind.word());
        let tops = |paths: &BTreeSet<String>| paths.iter().map(|path| path.split('.').next().unwrap_or(path).to_owned()).collect();
        let (listed, declared): (BTreeSet<String>, BTreeSet<String>) =
            (tops(&listed), fields_of(kind).iter().map(|field| (*field).to_owned()).collect());
        assert_eq!(listed, declared, "{}: what model::free_text lists, against record!", kind.word());
    }
}
