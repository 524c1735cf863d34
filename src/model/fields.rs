//! A record as the fields that join as one, and back: the place whole, every attribute by itself, the rest by key.

use super::{Conflicts, Key, Kind, RawJson, Record, Stamp, Table, Text, record::Line};
use crate::text::Ranges;
use compact_str::{CompactString, format_compact};
use serde::de::{DeserializeOwned, Error as _};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Field to its JSON; a field that is not set is not there.
pub type Fields = BTreeMap<CompactString, Box<str>>;

/// The place of an annotation or omission, one field of `text`, `ranges` and `quote`: an offset means nothing in another text.
pub const PLACE: &str = "ranges";

/// What a deletion writes: all that the deleter had seen.
pub const GONE: &str = "gone";

/// The name of a field for people.
pub fn name(field: &str) -> String {
    match field {
        PLACE => "place".to_owned(),
        GONE => "deleted".to_owned(),
        _ => field.trim_start_matches(ATTRIBUTE).replace('_', " "),
    }
}

/// What the field of an attribute begins with, before its key.
pub const ATTRIBUTE: &str = "attributes.";

/// Whether a key of this kind is part of the place.
pub fn is_of_place(kind: Kind, key: &str) -> bool {
    matches!(kind, Kind::Annotation | Kind::Omission) && matches!(key, "text" | "ranges" | "quote")
}

/// The fields of a record, without its id and what is undecided.
pub fn fields<R: Record>(record: &R) -> Fields {
    // A record is made of strings, numbers and maps with string keys: JSON can hold it.
    let json = serde_json::to_string(&Line(record, &Stamp::default())).unwrap_or_default();
    let all: BTreeMap<CompactString, &RawValue> = serde_json::from_str(&json).unwrap_or_default();
    split(R::KIND, all.iter().map(|(key, value)| (key.as_str(), value.get())))
}

/// Keys of a record as fields that join as one.
pub fn split<'k>(kind: Kind, keys: impl Iterator<Item = (&'k str, &'k str)>) -> Fields {
    let mut fields = Fields::new();
    let mut place: [Option<&str>; 3] = [None; 3];
    for (key, value) in keys {
        match key {
            "id" | "conflicts" => {}
            "attributes" if kind == Kind::Annotation => {
                let attributes: BTreeMap<CompactString, &RawValue> = serde_json::from_str(value).unwrap_or_default();
                fields.extend(attributes.iter().map(|(attribute, value)| (format_compact!("{ATTRIBUTE}{attribute}"), value.get().into())));
            }
            _ if is_of_place(kind, key) => {
                let [text, ranges, quote] = &mut place;
                *match key {
                    "text" => text,
                    "ranges" => ranges,
                    _ => quote,
                } = Some(value);
            }
            _ => {
                fields.insert(key.into(), value.into());
            }
        }
    }
    let parts: Vec<String> = ["text", "ranges", "quote"]
        .into_iter()
        .zip(place)
        .filter_map(|(key, value)| value.map(|value| format!("\"{key}\":{value}")))
        .collect();
    if !parts.is_empty() {
        fields.insert(PLACE.into(), format!("{{{}}}", parts.join(",")).into());
    }
    fields
}

/// The keys of a record from its fields: the other way round.
pub fn gather<'f>(kind: Kind, fields: impl Iterator<Item = (&'f str, &'f str)>) -> BTreeMap<CompactString, String> {
    let mut keys: BTreeMap<CompactString, String> = BTreeMap::new();
    let mut attributes: Vec<String> = Vec::new();
    for (field, value) in fields {
        if let Some(attribute) = field.strip_prefix(ATTRIBUTE).filter(|_| kind == Kind::Annotation) {
            attributes.push(format!("{}:{value}", serde_json::Value::from(attribute)));
        } else if field == PLACE && is_of_place(kind, PLACE) {
            let place: BTreeMap<CompactString, &RawValue> = serde_json::from_str(value).unwrap_or_default();
            keys.extend(place.into_iter().map(|(key, value)| (key, value.get().to_owned())));
        } else {
            keys.insert(field.into(), value.to_owned());
        }
    }
    if !attributes.is_empty() {
        keys.insert("attributes".into(), format!("{{{}}}", attributes.join(",")));
    }
    keys
}

/// The words that a deletion takes away though a record cannot be without them, by kind: the field, and what stands there while others
/// keep the record alive. It is shown like any value and is none: nobody wrote it, and no join takes it for a value.
const TAKEN_AWAY: [(Kind, &str, &str); 2] =
    [(Kind::Source, "alias", "\"Source (name deleted)\""), (Kind::Comment, "text", "\"(deleted)\"")];

/// Whether what stands in a field is no value but the sign that a deletion took it away. An empty one is too: nobody can write it.
pub fn is_taken_away(kind: Kind, field: &str, value: Option<&str>) -> bool {
    let taken = TAKEN_AWAY.iter().find(|(of, name, _)| (*of, *name) == (kind, field));
    taken.is_some_and(|(_, _, sign)| value.is_none_or(|value| value == *sign || value == "\"\""))
}

/// The record of these fields. The words that a deletion took away are replaced by what stands for them.
pub fn record_of<'f, R: Record + DeserializeOwned>(
    key: &Key,
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    conflicts: &Conflicts,
) -> serde_json::Result<R> {
    let mut keys = gather(R::KIND, fields);
    // A quote follows from the text; where the text is not at hand, it is empty.
    for (_, name, sign) in TAKEN_AWAY.iter().chain(&[(Kind::Annotation, "quote", "[]")]).filter(|(kind, ..)| *kind == R::KIND) {
        keys.entry((*name).into()).or_insert_with(|| (*sign).to_owned());
    }
    let written: Vec<String> = keys.iter().map(|(key, value)| format!("{}:{value}", serde_json::Value::from(key.as_str()))).collect();
    let mut json = format!("{{\"id\":{},{}", serde_json::Value::from(key.to_string()), written.join(","));
    if !conflicts.is_empty() {
        json.push_str(&format!(",\"conflicts\":{}", serde_json::to_string(conflicts)?));
    }
    json.push('}');
    serde_json::from_str(&json)
}

#[derive(Default, serde::Deserialize, serde::Serialize)]
struct Place<'p> {
    #[serde(borrow)]
    text: Option<&'p RawValue>,
    #[serde(borrow)]
    ranges: Option<&'p RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    quote: Option<&'p RawValue>,
}

/// A place without its words, as deletions and open questions keep it.
pub fn without_quote(place: &str) -> Box<str> {
    let read: Place<'_> = serde_json::from_str(place).unwrap_or_default();
    serde_json::to_string(&Place { quote: None, ..read }).map_or_else(|_| place.into(), Into::into)
}

/// A place with the words that the text has there; `None` where it has its words, or the text is not at hand.
pub fn with_quote(place: &str, texts: &Table<Text>) -> Option<String> {
    let read: Place<'_> = serde_json::from_str(place).ok()?;
    if read.quote.is_some() {
        return None;
    }
    let text = texts.get(&serde_json::from_str(read.text?.get()).ok()?)?;
    let ranges: Ranges = serde_json::from_str(read.ranges?.get()).ok()?;
    let quote: Option<Vec<&str>> = ranges.iter().map(|range| text.index.slice(&text.content, range)).collect();
    let quote = serde_json::value::to_raw_value(&quote?).ok()?;
    serde_json::to_string(&Place { quote: Some(&quote), ..read }).ok()
}

/// The undecided values of a field with the dots of those who wrote them; `None` stands for a field that somebody emptied.
pub type Undecided = Vec<(super::Dot, Option<Box<str>>)>;

/// Reads what `conflicts` says of one field.
pub fn undecided(raw: &RawJson) -> serde_json::Result<Undecided> {
    let pairs: Vec<(super::Dot, &RawValue)> = serde_json::from_str(raw.get())?;
    if pairs.is_empty() {
        return Err(serde_json::Error::custom("a conflict has at least one value"));
    }
    Ok(pairs.into_iter().map(|(dot, value)| (dot, Some(value.get()).filter(|json| *json != "null").map(Into::into))).collect())
}

/// Writes the undecided values of one field.
pub fn to_conflict(pairs: &Undecided) -> Option<RawJson> {
    let written = pairs.iter().map(|(dot, value)| {
        let value: Option<&RawValue> = value.as_deref().and_then(|value| serde_json::from_str(value).ok());
        (dot, value)
    });
    RawJson::from_value(&written.collect::<Vec<_>>()).ok()
}

/// The record with one of the undecided values of a field, or with any other; `None` empties it. The field is decided then.
pub fn with_field<R: Record + DeserializeOwned>(record: &R, field: &str, value: Option<&str>) -> serde_json::Result<R> {
    let mut all = fields(record);
    match value {
        Some(value) if field != GONE => {
            all.insert(field.into(), value.into());
        }
        None if field != GONE => {
            all.remove(field);
        }
        _ => {}
    }
    let conflicts = record.conflicts().without(field);
    record_of(record.key(), all.iter().map(|(field, value)| (field.as_str(), value.as_ref())), &conflicts)
}

/// Whether each undecided value could stand in its field: a file that fails here is damaged. Takes time by the length of the record and
/// of the values together: each is tried in a record of which little more than its required fields is left.
pub fn check_conflicts<R: Record + DeserializeOwned>(record: &R) -> serde_json::Result<()> {
    let mut bare: Option<Fields> = None;
    for (field, raw) in record.conflicts().iter() {
        for (_, value) in undecided(raw)? {
            if field == GONE {
                serde_json::from_str::<super::VersionVector>(value.as_deref().unwrap_or("null"))?;
                continue;
            }
            let others = bare.get_or_insert_with(|| without_bulk(record)).iter().filter(|(other, _)| *other != field);
            let tried = others.map(|(other, value)| (other.as_str(), value.as_ref())).chain(value.as_deref().map(|value| (field, value)));
            record_of::<R>(record.key(), tried, &Conflicts::default())?;
        }
    }
    Ok(())
}

/// Longest value, in bytes, that is not worth taking out.
const BULK: usize = 64;

/// The fields of a record, each long value emptied as far as the record can still be read.
fn without_bulk<R: Record + DeserializeOwned>(record: &R) -> Fields {
    let mut all = fields(record);
    let long: Vec<CompactString> = all.iter().filter(|(_, value)| value.len() > BULK).map(|(field, _)| field.clone()).collect();
    for field in long {
        let Some(whole) = all.remove(&field) else { continue };
        let reads = |all: &Fields| {
            record_of::<R>(record.key(), all.iter().map(|(field, value)| (field.as_str(), value.as_ref())), &Conflicts::default()).is_ok()
        };
        if reads(&all) {
            continue;
        }
        let empty = if field == PLACE { emptied_place(&whole) } else { emptied(&whole) };
        all.insert(field.clone(), empty);
        if !reads(&all) {
            all.insert(field, whole);
        }
    }
    all
}

fn emptied(json: &str) -> Box<str> {
    match json.as_bytes().first() {
        Some(b'"') => "\"\"".into(),
        Some(b'[') => "[]".into(),
        Some(b'{') => "{}".into(),
        _ => json.into(),
    }
}

/// A place with its text and nothing else.
fn emptied_place(json: &str) -> Box<str> {
    let read: Place<'_> = serde_json::from_str(json).unwrap_or_default();
    read.text.map_or_else(|| "{}".into(), |text| format!("{{\"text\":{},\"ranges\":[],\"quote\":[]}}", text.get()).into())
}
