//! What this version does not know, kept byte for byte: unknown keys and undecided values.

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, btree_map::Entry};

/// A JSON value as it was written. White space between its tokens goes when it holds a line feed, since a record is one line.
#[derive(Debug, Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The text of the value.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The value of anything that serializes.
    pub fn from_value(value: &impl Serialize) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self)
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for RawJson {}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if !raw.get().contains(['\n', '\r']) {
            return Ok(Self(raw));
        }
        RawValue::from_string(without_blank(raw.get())).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The JSON text without white space outside strings.
fn without_blank(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    json.chars()
        .filter(|&character| {
            if in_string {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
                return true;
            }
            in_string = character == '"';
            !matches!(character, ' ' | '\t' | '\n' | '\r')
        })
        .collect()
}

/// Unknown keys of a record, in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extra(BTreeMap<CompactString, RawJson>);

/// Fields on which saved files disagree: field to the list of `[dot, value]`. The plain field shows the first of them.
pub type Conflicts = Extra;

impl Extra {
    /// Adds a value, in its place; `false` when the key is there already.
    pub fn insert(&mut self, key: CompactString, value: RawJson) -> bool {
        match self.0.entry(key) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(value);
                true
            }
        }
    }

    /// The keys with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&RawJson> {
        self.0.get(key)
    }

    /// The same without one key, as when a conflict is decided.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| *known != key).map(|(known, value)| (known.clone(), value.clone())).collect())
    }

    /// Takes one key out.
    pub fn take(&mut self, key: &str) -> Option<RawJson> {
        self.0.remove(key)
    }

    /// Whether there is none, as nearly always.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Bytes of unknown content, for the limit on it.
    pub fn byte_len(&self) -> usize {
        self.0.iter().map(|(key, value)| key.len() + value.get().len()).sum()
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key.as_str(), value)))
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> serde::de::Visitor<'de> for Entries {
            type Value = Extra;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Extra, A::Error> {
                let mut extra = Extra::default();
                while let Some((key, value)) = map.next_entry::<CompactString, RawJson>()? {
                    if !extra.insert(key.clone(), value) {
                        return Err(serde::de::Error::custom(format_args!("the key `{key}` stands twice")));
                    }
                }
                Ok(extra)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_values_keep_their_bytes_and_lose_only_line_feeds_between_tokens() {
        let kept = |json: &str| serde_json::from_str::<RawJson>(json).map(|raw| raw.get().to_owned()).unwrap_or_default();
        assert_eq!(kept("[1.50,  1e3]"), "[1.50,  1e3]");
        assert_eq!(kept("{\n \"a b\\\" \": [1,\r\n 2]\n}"), "{\"a b\\\" \":[1,2]}");
    }
}
