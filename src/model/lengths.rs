//! How long a string of a record may be: what stands in one line of a window stays far shorter than an article.

use super::{Kind, LIMITS, Limits, Record, Stamp, fields::name, record::Line};
use compact_str::CompactString;
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// A field with a string that is longer than the app shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooLong {
    /// The field for people.
    pub field: String,
    /// How many bytes it may have.
    pub limit: usize,
}

/// Fields in which people write at length.
const PROSE: [&str; 8] = ["answers", "definition", "guidelines", "items", "note", "outcomes", "rules", "why"];

/// Bytes that one string of a field may have. Quoted words are as long as the article lets them be.
fn limit_of(kind: Kind, field: &str, limits: &Limits) -> usize {
    match (kind, field) {
        (_, "quote") | (Kind::Annotation | Kind::Omission, "ranges") => limits.string,
        (Kind::Comment, "text") => limits.prose,
        _ if PROSE.contains(&field) => limits.prose,
        _ => limits.line,
    }
}

/// The first field of a record whose longest string is too long, undecided values included. `json` is the record as a file has it;
/// unknown keys are not looked into.
pub fn too_long<R: Record>(record: &R, json: &str, limits: &Limits) -> Option<TooLong> {
    // No string is longer than the record that it is in.
    if json.len() <= limits.line.min(limits.prose) {
        return None;
    }
    let all: BTreeMap<CompactString, &RawValue> = serde_json::from_str(json).ok()?;
    let over = |field: &str, json: &str| {
        let limit = limit_of(R::KIND, field, limits);
        (json.len() > limit && longest(json) > limit).then(|| TooLong { field: name(field), limit })
    };
    let known = all.iter().filter(|(key, _)| !matches!(key.as_str(), "v" | "d" | "p" | "conflicts") && record.extra().get(key).is_none());
    known
        .filter_map(|(key, value)| over(key, value.get()))
        .chain(record.conflicts().iter().filter_map(|(field, values)| over(field, values.get())))
        .next()
}

/// The same for a record that is not in a file yet.
pub fn too_long_to_write<R: Record>(record: &R) -> Option<TooLong> {
    // A record is made of strings, numbers and maps with string keys: JSON can hold it.
    too_long(record, &serde_json::to_string(&Line(record, &Stamp::default())).unwrap_or_default(), &LIMITS)
}

/// Bytes of the longest string in a JSON value, escapes resolved.
fn longest(json: &str) -> usize {
    serde_json::from_str::<Longest>(json).map_or(0, |longest| longest.0)
}

#[derive(Default)]
struct Longest(usize);

impl<'de> Deserialize<'de> for Longest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> de::Visitor<'de> for Any {
            type Value = Longest;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }
            fn visit_str<E>(self, words: &str) -> Result<Longest, E> {
                Ok(Longest(words.len()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Longest, E> {
                Ok(Longest(0))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Longest, E> {
                Ok(Longest(0))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Longest, E> {
                Ok(Longest(0))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Longest, E> {
                Ok(Longest(0))
            }
            fn visit_unit<E>(self) -> Result<Longest, E> {
                Ok(Longest(0))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Longest, A::Error> {
                let mut longest = 0;
                while let Some(Longest(length)) = seq.next_element()? {
                    longest = longest.max(length);
                }
                Ok(Longest(longest))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Longest, A::Error> {
                let mut longest = 0;
                while let Some((key, Longest(length))) = map.next_entry::<Cow<'_, str>, Longest>()? {
                    longest = longest.max(key.len()).max(length);
                }
                Ok(Longest(longest))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_string_is_found_wherever_it_stands() {
        assert_eq!(longest(r#"["a",{"bcde":[1,-2,0.5,true,null,"\u00e9\u00e9\u00e9"]}]"#), 6);
        assert_eq!(longest("{}"), 0);
    }
}
