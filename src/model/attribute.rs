//! What an annotator says about an annotation: attribute to value, as its label allows.

use super::RawJson;
use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A value: a word from the label's list, free text, or JSON that this version does not read, such as a list of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// A word or free text.
    Text(CompactString),
    /// Anything else, kept as it is.
    Raw(RawJson),
}

impl AttributeValue {
    /// The value for people to read.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Raw(raw) => raw.get(),
        }
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Raw(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        match serde_json::from_str::<CompactString>(raw.get()) {
            Ok(text) => Ok(Self::Text(text)),
            Err(_) => Ok(Self::Raw(raw)),
        }
    }
}

/// Attributes sorted by key; a small vector, since an annotation has three or four.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes(Vec<(CompactString, AttributeValue)>);

impl Attributes {
    /// The value of an attribute.
    pub fn get(&self, key: &str) -> Option<&AttributeValue> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The attributes with one set, or removed with `None`.
    #[must_use]
    pub fn with(&self, key: &str, value: Option<AttributeValue>) -> Self {
        let mut kept: Vec<_> = self.0.iter().filter(|(known, _)| known != key).cloned().collect();
        if let Some(value) = value {
            let at = kept.partition_point(|(known, _)| known.as_str() < key);
            kept.insert(at, (CompactString::new(key), value));
        }
        Self(kept)
    }

    /// Only the attributes that pass.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(key, _)| keep(key)).cloned().collect())
    }

    /// Key and value, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> de::Visitor<'de> for Entries {
            type Value = Attributes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of attributes")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut entries: Vec<(CompactString, AttributeValue)> = Vec::new();
                while let Some(entry) = map.next_entry::<CompactString, AttributeValue>()? {
                    match entries.binary_search_by(|(known, _)| known.cmp(&entry.0)) {
                        Ok(_) => return Err(de::Error::custom(format_args!("the key `{}` stands twice", entry.0))),
                        Err(at) => entries.insert(at, entry),
                    }
                }
                Ok(Attributes(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
