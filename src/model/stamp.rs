//! Causality: which saves a record has seen, and which save wrote each of its fields. Touched only by load, save and join.

use super::Key;
use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use smallvec::{SmallVec, smallvec};
use std::{cmp::Ordering, fmt};

/// The field name that stands for every field that `d` does not name.
pub const EVERY_OTHER: &str = "*";

/// One save of one session: `kei4iiaann.3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The session that saved.
    pub session: Key,
    /// The number of its save, from 1.
    pub save: u64,
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.session, self.save)
    }
}

impl Serialize for Dot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = CompactString::deserialize(deserializer)?;
        let parts = written.rsplit_once('.').and_then(|(session, save)| Some((session, save.parse().ok()?)));
        match parts {
            Some((session, save)) if !session.is_empty() => Ok(Self { session: session.into(), save }),
            _ => Err(de::Error::custom(format_args!("`{written}` is no dot; one looks like kei4iiaann.3"))),
        }
    }
}

/// Session to the highest of its saves that was seen, sorted by session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionVector(SmallVec<[(Key, u64); 1]>);

/// Entries that are taken over one by one; more are merged in one pass over both vectors.
const FEW: usize = 8;

impl VersionVector {
    /// The sessions with their highest save.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, u64)> {
        self.0.iter().map(|(session, save)| (session, *save))
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of sessions.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes note of a save; an older number changes nothing.
    pub fn see(&mut self, dot: &Dot) {
        match self.0.binary_search_by(|(session, _)| session.cmp(&dot.session)) {
            Ok(at) => {
                if let Some((_, save)) = self.0.get_mut(at) {
                    *save = dot.save.max(*save);
                }
            }
            Err(at) => self.0.insert(at, (dot.session.clone(), dot.save)),
        }
    }

    /// Takes note of all that another vector has seen.
    pub fn see_all(&mut self, other: &Self) {
        if other.len() < FEW {
            return other.0.iter().for_each(|(session, save)| self.see(&Dot { session: session.clone(), save: *save }));
        }
        let mut both: SmallVec<[(Key, u64); 1]> = SmallVec::with_capacity(self.len().max(other.len()));
        let (mut here, mut there) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            let next = match (here.peek(), there.peek()) {
                (Some((one, _)), Some((other, _))) => match one.cmp(other) {
                    Ordering::Less => here.next().cloned(),
                    Ordering::Greater => there.next().cloned(),
                    Ordering::Equal => {
                        here.next().zip(there.next()).map(|((session, one), (_, other))| (session.clone(), (*one).max(*other)))
                    }
                },
                (Some(_), None) => here.next().cloned(),
                (None, _) => there.next().cloned(),
            };
            match next {
                Some(entry) => both.push(entry),
                None => break,
            }
        }
        self.0 = both;
    }

    /// Whether a save was seen.
    pub fn has_seen(&self, dot: &Dot) -> bool {
        self.0
            .binary_search_by(|(session, _)| session.cmp(&dot.session))
            .is_ok_and(|at| self.0.get(at).is_some_and(|(_, save)| *save >= dot.save))
    }
}

impl Serialize for VersionVector {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(session, save)| (session, save)))
    }
}

impl<'de> Deserialize<'de> for VersionVector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> de::Visitor<'de> for Entries {
            type Value = VersionVector;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of session and save number")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<VersionVector, A::Error> {
                let mut entries: SmallVec<[(Key, u64); 1]> = SmallVec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                // Files have them in order; one that does not is sorted once.
                entries.sort_by(|(one, _), (other, _)| one.cmp(other));
                match entries.iter().zip(entries.iter().skip(1)).find(|((one, _), (other, _))| one == other) {
                    Some(((twin, _), _)) => Err(de::Error::custom(format_args!("the key `{twin}` stands twice"))),
                    None => Ok(VersionVector(entries)),
                }
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// The dots of one field: one, or several where people wrote the same value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dots(pub SmallVec<[Dot; 1]>);

impl Dots {
    /// One dot.
    pub fn one(dot: Dot) -> Self {
        Self(smallvec![dot])
    }
}

impl Serialize for Dots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [dot] => dot.serialize(serializer),
            dots => serializer.collect_seq(dots),
        }
    }
}

impl<'de> Deserialize<'de> for Dots {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(Dot),
            Several(SmallVec<[Dot; 1]>),
        }
        match Written::deserialize(deserializer)
            .map_err(|_error| de::Error::custom("a field's dot looks like \"kei4iiaann.3\", or is a list of such"))?
        {
            Written::One(dot) => Ok(Self::one(dot)),
            Written::Several(mut dots) => {
                dots.sort();
                dots.dedup();
                if dots.is_empty() { Err(de::Error::custom("a field has an empty list of dots")) } else { Ok(Self(dots)) }
            }
        }
    }
}

/// Field path to its dots, sorted; [`EVERY_OTHER`] first.
pub type FieldDots = std::collections::BTreeMap<CompactString, Dots>;

/// What the file keeps beside a record: `v`, `d` and `p`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// `v`: the saves that the record has seen.
    pub vector: VersionVector,
    /// `d`: the dot of each field; `None` when `v` has one entry and every field carries it.
    pub dots: Option<Box<FieldDots>>,
    /// `p`: the purges of each field. What was written without knowing of them is gone for good.
    pub purged: Option<Box<FieldDots>>,
}

impl Stamp {
    /// The stamp of a record that one save wrote whole.
    pub fn new(dot: &Dot) -> Self {
        let mut vector = VersionVector::default();
        vector.see(dot);
        Self { vector, dots: None, purged: None }
    }

    /// The dots of a field, named or under [`EVERY_OTHER`]; `None` only for a record without `v`.
    pub fn dots_of(&self, field: &str) -> Option<Dots> {
        match &self.dots {
            Some(dots) => dots.get(field).or_else(|| dots.get(EVERY_OTHER)).cloned(),
            None => self.vector.iter().next().map(|(session, save)| Dots::one(Dot { session: session.clone(), save })),
        }
    }

    /// Writes `v`, `d` and `p` into an open record.
    pub fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if !self.vector.is_empty() {
            map.serialize_entry("v", &self.vector)?;
        }
        if let Some(dots) = &self.dots {
            map.serialize_entry("d", dots)?;
        }
        if let Some(purged) = &self.purged {
            map.serialize_entry("p", purged)?;
        }
        Ok(())
    }

    /// All dots and sessions that it names.
    pub fn sessions(&self) -> impl Iterator<Item = &Key> {
        let named =
            self.dots.iter().chain(&self.purged).flat_map(|dots| dots.values()).flat_map(|dots| dots.0.iter().map(|dot| &dot.session));
        self.vector.iter().map(|(session, _)| session).chain(named)
    }
}

/// `v`, `d` and `p` as they are met while a record is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// `v`, once met.
    pub vector: Option<VersionVector>,
    /// `d`, once met.
    pub dots: Option<Box<FieldDots>>,
    /// `p`, once met.
    pub purged: Option<Box<FieldDots>>,
}

impl Reading {
    /// The stamp; all may be missing in a file written by hand.
    pub fn finish(self) -> Stamp {
        Stamp { vector: self.vector.unwrap_or_default(), dots: self.dots, purged: self.purged }
    }
}
