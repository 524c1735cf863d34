//! Every field of every record that the schema knows, filled with what does not belong there: refused or harmless, and where the schema
//! refuses it, never taken in silence.

use onrecord::{check, display::line, formats::native};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const SCHEMA: &str = include_str!("../../assets/schema/project.v1.json");
const SAMPLE: &str = include_str!("data/example.onrecord.json");

/// What no field, or not this one, may hold.
fn wrong() -> [Value; 9] {
    [json!(5), json!(-1), json!(1.5), json!(true), json!({}), json!([[]]), json!("\u{202e}x"), json!({"a": {"b": []}}), Value::Null]
}

/// Fields that are kept as they are, since a newer version may write more into them; what is not understood counts as unanswered there.
const KEPT: [&str; 4] = ["decision.answers", "decision.judged", "decision.outcomes", "project.checks_off"];

/// The name of the definition that a property leads to.
fn definition(property: &Value) -> Option<&str> {
    property["$ref"].as_str().or_else(|| property["items"]["$ref"].as_str())?.rsplit('/').next()
}

/// A record with every required field, from the sample where it has one.
fn record(schema: &Value, kind: &str, section: &str, sample: &Value) -> Map<String, Value> {
    let known = if kind == section { &sample[section] } else { &sample[section][0] };
    if let Some(fields) = known.as_object() {
        return fields.clone();
    }
    let mut fields = Map::new();
    for field in schema["$defs"][kind]["required"].as_array().into_iter().flatten() {
        let name = field.as_str().unwrap();
        let property = &schema["$defs"][kind]["properties"][name];
        let value = match (definition(property), property["type"].as_str()) {
            (Some("ranges"), _) => json!([[0, 1]]),
            (Some("colour"), _) => json!({"light": "#112233", "dark": "#445566"}),
            (None, Some("array")) => json!([]),
            (None, Some("integer")) => json!(1),
            (None, Some("object")) => json!({}),
            (None, None) => property["enum"][0].clone(),
            _ => json!("x"),
        };
        fields.insert(name.to_owned(), value);
    }
    fields
}

#[test]
fn no_field_of_any_record_takes_what_the_schema_refuses_in_silence() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (mut hit, mut silent, mut refused) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (section, property) in schema["properties"].as_object().unwrap() {
        let Some(kind) = definition(property) else { continue };
        for field in schema["$defs"][kind]["properties"].as_object().unwrap().keys() {
            for wrong in wrong() {
                let mut changed = record(&schema, kind, section, &sample);
                changed.insert(field.clone(), wrong.clone());
                let mut file = sample.clone();
                if kind == section {
                    file[section] = Value::Object(changed);
                } else {
                    let mut records = file[section].as_array().cloned().unwrap_or_default();
                    if records.is_empty() {
                        records.push(Value::Null);
                    }
                    records[0] = Value::Object(changed);
                    file[section] = Value::Array(records);
                }
                hit.insert(format!("{kind}.{field}"));
                match native::read(file.to_string().as_bytes()) {
                    Err(error) => {
                        assert!(!error.hint().is_empty(), "{kind}.{field} {wrong}: {error}");
                        refused += 1;
                    }
                    Ok(opened) => {
                        let shown = line::project(&opened.project);
                        assert!(!shown.contains('\u{202e}'), "{kind}.{field}: {shown}");
                        // Nothing is nothing where a field may be missing.
                        if !wrong.is_null() && !validator.is_valid(&file) && check::on_load(&opened.project).is_empty() {
                            silent.insert(format!("{kind}.{field}"));
                        }
                        let again = native::read(&native::write(&opened.ledger).unwrap());
                        assert!(
                            again.is_ok_and(|again| again.ledger.base == opened.ledger.base),
                            "{kind}.{field} {wrong} is not written as it was"
                        );
                    }
                }
            }
        }
    }
    // Every field of every record was tried: counted from the schema, not from what the loop did.
    let fields: usize = schema["properties"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(definition)
        .map(|kind| schema["$defs"][kind]["properties"].as_object().unwrap().len())
        .sum();
    assert_eq!(hit.len(), fields);
    assert!(refused > fields, "{refused} of {} were refused", fields * 9);
    assert_eq!(silent, KEPT.map(str::to_owned).into(), "taken in silence");
}
