//! What each field of each record holds, and so which text was written by people: purge, exports, deletions and tests loop over this list.

use super::{AttributeValue, Kind, Label, Record, Table, fields};
use compact_str::CompactString;
use std::collections::BTreeSet;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The record's id, or that of another record.
    Reference,
    /// Words of a list that the format closes, flags, numbers, colours, dates and minutes that the program sets.
    Closed,
    /// Offsets, and the words that the article has there.
    Place,
    /// Digests and encodings: computed, never typed.
    Computed,
    /// What a newsroom calls things: names, definitions and lists of labels and kinds of links, guidelines, questions of policies.
    Terms,
    /// What an article says of itself: title, byline, where and when it was published.
    Imprint,
    /// What the house calls its work: the project's title, desks, names of files.
    House,
    /// Who works: initials and roles, as people gave them.
    Worker,
    /// What a label asks for: a word where its definition has a closed list, free text otherwise.
    Asked,
    /// Text that people write: notes, descriptions, reasons, comments.
    Written,
}

use Holds::{Asked, Closed, Computed, House, Imprint, Place, Reference, Terms, Worker, Written};

/// Every field of every kind of record, by its keys in the file. A field that is missing here fails `tests/it/secrecy.rs`.
pub const LISTED: &[(Kind, &[(&str, Holds)])] = &[
    (
        Kind::Project,
        &[("id", Reference), ("title", House), ("created", Closed), ("guidelines", Terms), ("policy", Reference), ("checks_off", Written)],
    ),
    (Kind::Person, &[("id", Reference), ("name", Worker), ("roles", Worker)]),
    (
        Kind::Label,
        &[
            ("id", Reference),
            ("place", Closed),
            ("name", Terms),
            ("definition", Terms),
            ("rules", Terms),
            ("hotkey", Closed),
            ("colour.light", Closed),
            ("colour.dark", Closed),
            ("colour.light_tint", Closed),
            ("colour.dark_tint", Closed),
            ("pattern", Closed),
            ("source", Closed),
            ("attributes.key", Terms),
            ("attributes.name", Terms),
            ("attributes.values", Terms),
            ("attributes.definition", Terms),
        ],
    ),
    (
        Kind::RelationKind,
        &[
            ("id", Reference),
            ("place", Closed),
            ("name", Terms),
            ("definition", Terms),
            ("from", Reference),
            ("to", Reference),
            ("acyclic", Closed),
            ("repeats", Closed),
        ],
    ),
    (
        Kind::Policy,
        &[
            ("id", Reference),
            ("name", Terms),
            ("own_approval", Closed),
            ("items.key", Terms),
            ("items.text", Terms),
            ("items.on_no", Closed),
            ("items.provenance", Terms),
            ("items.prefill", Closed),
            ("items.override", Terms),
        ],
    ),
    (
        Kind::Document,
        &[
            ("id", Reference),
            ("text", Reference),
            ("title", Imprint),
            ("language", Imprint),
            ("direction", Closed),
            ("status", Closed),
            ("imported.sha256", Computed),
            ("imported.encoding", Computed),
            ("imported.changed", Closed),
            ("imported.name", House),
            ("outlet", Imprint),
            ("byline", Imprint),
            ("desk", House),
            ("address", Imprint),
            ("published", Imprint),
            ("original_language", Imprint),
            ("translator", Imprint),
            ("revisions.sha256", Computed),
            ("revisions.date", Closed),
            ("revisions.reason", Written),
        ],
    ),
    (Kind::Source, &[("id", Reference), ("alias", Written), ("kind", Closed), ("role", Written), ("public_label", Written)]),
    (
        Kind::Annotation,
        &[
            ("id", Reference),
            ("document", Reference),
            ("label", Reference),
            ("text", Reference),
            ("ranges", Place),
            ("quote", Place),
            ("attributes", Asked),
            ("source", Reference),
            ("note", Written),
            ("origin", Closed),
            ("by", Reference),
            (KEPT_ID, Reference),
        ],
    ),
    (Kind::Relation, &[("id", Reference), ("kind", Reference), ("from", Reference), ("to", Reference), ("by", Reference)]),
    (
        Kind::Decision,
        &[
            ("id", Reference),
            ("document", Reference),
            ("source", Reference),
            ("after", Reference),
            ("from", Closed),
            ("to", Closed),
            ("answers", Written),
            ("note", Written),
            ("outcomes", Closed),
            ("policy", Reference),
            ("judged", Computed),
            ("by", Reference),
            ("role", Worker),
            ("at", Closed),
        ],
    ),
    (Kind::Comment, &[("id", Reference), ("on", Reference), ("text", Written), ("resolved", Closed), ("by", Reference), ("at", Closed)]),
    (
        Kind::Omission,
        &[("id", Reference), ("document", Reference), ("text", Reference), ("ranges", Place), ("why", Written), ("by", Reference)],
    ),
];

/// Key of an annotation under which its id in another tool is kept.
pub const KEPT_ID: &str = "kept.id";

/// The fields of a kind of record, each with what it holds.
pub fn listed(kind: Kind) -> &'static [(&'static str, Holds)] {
    LISTED.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, fields)| fields)
}

/// What a key of a record holds, undecided or not. What this version does not know may be anybody's text.
pub fn holds(kind: Kind, key: &str) -> Holds {
    let within = |path: &str| path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let mut found = listed(kind).iter().filter(|(path, _)| within(path)).map(|(_, holds)| *holds).peekable();
    let first = found.peek().copied().unwrap_or(Written);
    if found.any(|holds| holds == Written) { Written } else { first }
}

/// Whether a value of a field, as a join names it, is text that people wrote. `label` is that of an annotation; no value stands for
/// whatever might be in the field.
pub fn is_written(kind: Kind, field: &str, label: Option<&Label>, value: Option<&str>) -> bool {
    if let Some(key) = field.strip_prefix(fields::ATTRIBUTE).filter(|_| kind == Kind::Annotation) {
        let Some(definition) = label.and_then(|label| label.attribute(key)) else { return true };
        let word = value.and_then(|json| serde_json::from_str::<AttributeValue>(json).ok());
        return match (value, word) {
            (None, _) => definition.values.is_empty(),
            (Some(_), Some(word)) => definition.word(&word).is_none(),
            (Some(_), None) => true,
        };
    }
    field != fields::GONE && holds(kind, field) == Written
}

/// The fields of a record that hold text which people wrote, and those that colleagues may have filled meanwhile: as a join names them.
pub fn written_in<R: Record>(record: &R, labels: &Table<Label>) -> BTreeSet<CompactString> {
    let all = fields::fields(record);
    let label: Option<String> = all.get("label").and_then(|json| serde_json::from_str(json).ok());
    let label = label.and_then(|label| labels.get(&label.as_str().into())).map(AsRef::as_ref);
    let mut found: BTreeSet<CompactString> =
        listed(R::KIND).iter().map(|(path, _)| path.split('.').next().unwrap_or(path)).map(CompactString::from).collect();
    found.retain(|field| is_written(R::KIND, field, label, None));
    if let Some(label) = label.filter(|_| R::KIND == Kind::Annotation) {
        let free = label.attributes.iter().filter(|definition| definition.values.is_empty());
        found.extend(free.map(|definition| compact_str::format_compact!("{}{}", fields::ATTRIBUTE, definition.key)));
    }
    found.extend(all.iter().filter(|(field, json)| is_written(R::KIND, field, label, Some(json))).map(|(field, _)| field.clone()));
    for (field, raw) in record.conflicts().iter() {
        let values = fields::undecided(raw).unwrap_or_default();
        if values.iter().any(|(_, json)| json.as_deref().is_some_and(|json| is_written(R::KIND, field, label, Some(json)))) {
            found.insert(field.into());
        }
    }
    found
}
