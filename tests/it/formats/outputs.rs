//! Golden outputs: what each format looks like, on the small example.

use super::{export, samples, written};
use onrecord::formats::{
    exchange::container::{Files as _, Zip},
    profile::Profile,
};
use std::fs;

/// The text of every file of an archive, those inside office files too; pictures of bytes are left out.
fn unpacked(name: &str, bytes: &[u8], out: &mut String) {
    if bytes.starts_with(b"PK") {
        let mut zip = Zip::open(name, std::io::Cursor::new(bytes)).unwrap();
        for inside in zip.names() {
            let bytes = zip.read(&inside).unwrap();
            unpacked(&inside, &bytes, out);
        }
        return;
    }
    // Styles and relations of office files are constants of the library or of the source.
    let is_ours = !name.starts_with("xl/") || name.starts_with("xl/worksheets/sheet1") || name == "xl/sharedStrings.xml";
    if is_ours && !name.starts_with("docProps") && !name.starts_with("_rels") && !name.contains("styles") {
        out.push_str(&format!("── {name}\n{}\n", String::from_utf8_lossy(bytes).replace("><", ">\n<").replace('\r', "␍")));
    }
}

#[test]
fn every_format_looks_as_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let (_, project) = samples().into_iter().find(|(name, _)| name == "example").unwrap();
    for format in written() {
        let path = folder.path().join(format!("{}.zip", format.name));
        export(&project, Profile::Full, format, &path).unwrap();
        let mut out = String::new();
        unpacked("", &fs::read(path).unwrap(), &mut out);
        insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "../snapshots/formats"}, {
            insta::assert_snapshot!(format.name, out);
        });
    }
}

/// What the Web Annotation model says that an annotation MUST be (sections 3.1 to 3.3 and 4.2, 5.1, 5.2), as a JSON Schema.
fn musts() -> serde_json::Value {
    let iri = serde_json::json!({"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^\\s]+$"});
    let body = serde_json::json!({
        "type": "object", "required": ["type", "value"], "properties": {
            "type": {"const": "TextualBody"}, "value": {"type": "string"}, "format": {"type": "string"}, "language": {"type": "string"},
            "purpose": {"enum": ["classifying", "tagging", "commenting", "describing", "identifying", "editing", "replying", "linking"]},
        },
    });
    let position = serde_json::json!({
        "required": ["type", "start", "end"], "additionalProperties": false, "properties": {
            "type": {"const": "TextPositionSelector"}, "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0},
        },
    });
    let quote = serde_json::json!({
        "required": ["type", "exact"], "additionalProperties": false, "properties": {
            "type": {"const": "TextQuoteSelector"}, "exact": {"type": "string"}, "prefix": {"type": "string"}, "suffix": {"type": "string"},
        },
    });
    let specific = serde_json::json!({
        "type": "object", "required": ["type", "source", "selector"], "properties": {
            "type": {"const": "SpecificResource"}, "source": iri, "selector": {"type": "array", "minItems": 1, "items": {"anyOf": [position, quote]}},
        },
    });
    let annotation = serde_json::json!({
        "type": "object", "required": ["id", "type", "target"], "properties": {
            "id": iri, "type": {"const": "Annotation"},
            "motivation": {"enum": ["classifying", "describing", "linking", "editing", "replying"]},
            "body": {"type": "array", "minItems": 1, "items": {"anyOf": [body, iri]}},
            "target": {"anyOf": [iri, {"type": "array", "minItems": 1, "items": specific}]},
            "created": {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"},
            "creator": {"type": "object", "required": ["type", "name"]},
        },
    });
    serde_json::json!({
        "type": "object", "required": ["@context", "id", "type", "first", "total"], "properties": {
            "@context": {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
            "id": iri, "type": {"const": "AnnotationCollection"}, "total": {"type": "integer", "minimum": 0},
            "first": {"type": "object", "required": ["id", "type", "items"], "properties": {
                "id": iri, "type": {"const": "AnnotationPage"}, "startIndex": {"type": "integer", "minimum": 0}, "items": {"type": "array", "items": annotation},
            }},
        },
    })
}

#[test]
fn annotations_keep_the_musts_of_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let validator = jsonschema::validator_for(&musts()).unwrap();
    let format = onrecord::formats::named("web-annotation").unwrap();
    for (name, project) in samples() {
        for profile in Profile::ALL {
            let path = folder.path().join(format!("{name}-{}.jsonld", profile.word()));
            export(&project, profile, format, &path).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            let faults: Vec<String> = validator.iter_errors(&json).map(|error| format!("{} at {}", error, error.instance_path())).collect();
            assert!(faults.is_empty(), "{name}: {faults:#?}");
            let items = json["first"]["items"].as_array().unwrap();
            assert_eq!(json["total"], items.len(), "{name}");
            let ids: std::collections::BTreeSet<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
            assert_eq!(ids.len(), items.len(), "{name}: an id stands twice");
            // A split annotation has a target for each part, never a Composite, which the assertions of the working group refuse.
            assert!(!json.to_string().contains("Composite"));
        }
    }
    assert!(!validator.is_valid(&serde_json::json!({"@context": [], "type": "AnnotationCollection"})), "the schema refuses something");
}
