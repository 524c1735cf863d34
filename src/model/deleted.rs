//! What stays of a deleted record: label, place and ends, so that a join can tell; never quote, note or free text.

use super::{Conflicts, Extra, Key, RawJson, Stamp, VersionVector};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

/// A deleted or purged record: a line of the `deleted` section. A purged one keeps nothing but its id and never comes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Deleted {
    /// The id that it had.
    pub id: Key,
    /// What it was: `annotation`, `relation`, …
    pub kind: String,
    /// What is kept of it, by key. A relation's own `kind` is called `relation`, a source's `source_kind`.
    pub fields: Extra,
    /// What the deleters had seen of it.
    pub gone: VersionVector,
    /// Whether it must never come back.
    pub purged: bool,
    /// `v`, `d` and `p`.
    pub stamp: Stamp,
    /// Undecided values that it had; under `gone` the deletions, where there was more than one.
    pub conflicts: Conflicts,
}

/// The kept keys that stand first, in this order.
const FIRST: [&str; 10] = ["document", "label", "relation", "from", "to", "text", "ranges", "attributes", "source", "by"];

impl Serialize for Deleted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        write_field!(may map "kind", &self.kind);
        for key in FIRST {
            if let Some(value) = self.fields.get(key) {
                map.serialize_entry(key, value)?;
            }
        }
        write_field!(may map "gone", &self.gone);
        write_field!(may map "purged", &self.purged);
        self.stamp.write(&mut map)?;
        write_field!(may map "conflicts", &Some(&self.conflicts).filter(|conflicts| !conflicts.is_empty()));
        for (key, value) in self.fields.iter().filter(|(key, _)| !FIRST.contains(key)) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Deleted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Extra::deserialize(deserializer)?;
        let mut take = |key: &str| fields.take(key);
        let id = take("id").ok_or_else(|| de::Error::custom("`id` is missing in a deleted record"))?;
        Ok(Self {
            id: serde_json::from_str(id.get()).map_err(de::Error::custom)?,
            kind: read(take("kind"))?,
            gone: read(take("gone"))?,
            purged: read(take("purged"))?,
            stamp: Stamp { vector: read(take("v"))?, dots: read(take("d"))?, purged: read(take("p"))? },
            conflicts: read(take("conflicts"))?,
            fields,
        })
    }
}

fn read<T: de::DeserializeOwned + Default, E: de::Error>(raw: Option<RawJson>) -> Result<T, E> {
    raw.map_or_else(|| Ok(T::default()), |raw| serde_json::from_str(raw.get()).map_err(E::custom))
}
