//! What stays of a deleted record: label, place and ends, so that a join can tell; never quote, note or free text.

use super::{Attributes, Conflicts, Key, RawJson, Stamp, VersionVector};
use crate::text::Ranges;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

part! {
    /// A deleted or purged record. A purged one keeps nothing but its id.
    DeletedFields {
        /// The id that it had.
        must id: Key,
        /// What it was: `annotation`, `relation`, …
        may kind: String,
        /// Its document.
        may document: Option<Key>,
        /// Its label.
        may label: Option<Key>,
        /// The kind of link that it was.
        may relation: Option<Key>,
        /// Where the link started.
        may from: Option<Key>,
        /// Where the link led.
        may to: Option<Key>,
        /// The text in which its ranges count.
        may text: Option<Key>,
        /// Where it was.
        may ranges: Ranges,
        /// The attributes with closed values.
        may attributes: Attributes,
        /// Its source.
        may source: Option<Key>,
        /// Who made it.
        may by: Option<Key>,
        /// What the deleter had seen of it.
        may gone: VersionVector,
        /// Whether it must never come back.
        may purged: bool,
    }
}

/// A line of the `deleted` section: fields and stamp.
#[derive(Debug, Clone, PartialEq)]
pub struct Deleted {
    /// What is kept of the record.
    pub fields: DeletedFields,
    /// `v` and `d`.
    pub stamp: Stamp,
    /// Undecided values that it had.
    pub conflicts: Conflicts,
}

impl Serialize for Deleted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let fields = &self.fields;
        map.serialize_entry("id", &fields.id)?;
        write_field!(may map "kind", &fields.kind);
        write_field!(may map "document", &fields.document);
        write_field!(may map "label", &fields.label);
        write_field!(may map "relation", &fields.relation);
        write_field!(may map "from", &fields.from);
        write_field!(may map "to", &fields.to);
        write_field!(may map "text", &fields.text);
        write_field!(may map "ranges", &fields.ranges);
        write_field!(may map "attributes", &fields.attributes);
        write_field!(may map "source", &fields.source);
        write_field!(may map "by", &fields.by);
        write_field!(may map "gone", &fields.gone);
        write_field!(may map "purged", &fields.purged);
        self.stamp.write(&mut map)?;
        write_field!(may map "conflicts", &Some(&self.conflicts).filter(|conflicts| !conflicts.is_empty()));
        for (key, value) in fields.extra.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Deleted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = DeletedFields::deserialize(deserializer)?;
        let mut take = |key: &str| {
            let raw: Option<RawJson> = fields.extra.iter().find(|(known, _)| *known == key).map(|(_, raw)| raw.clone());
            fields.extra = fields.extra.without(key);
            raw
        };
        let (vector, dots, conflicts) = (take("v"), take("d"), take("conflicts"));
        Ok(Self { fields, stamp: Stamp { vector: read(vector)?, dots: read(dots)? }, conflicts: read(conflicts)? })
    }
}

fn read<T: de::DeserializeOwned + Default, E: de::Error>(raw: Option<RawJson>) -> Result<T, E> {
    raw.map_or_else(|| Ok(T::default()), |raw| serde_json::from_str(raw.get()).map_err(E::custom))
}
