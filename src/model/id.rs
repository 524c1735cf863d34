//! Names of records: UUIDs for what many people make, short keys for the rest.

use compact_str::CompactString;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp::Ordering, fmt, hash::Hash, marker::PhantomData};
use uuid::Uuid;

/// The name of a record of any kind, as it stands in the file.
///
/// A lower-case hyphenated UUID is held in 16 bytes and any other name as it is, so that 100,000 records cost no allocation
/// for their ids. Order is the byte order of the written form, which is the order of records in the file.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    Uuid(Uuid),
    Name(CompactString),
}

impl Key {
    /// A UUID v4 made from 16 random bytes. (v7 would tell the time.)
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(Form::Uuid(uuid::Builder::from_random_bytes(bytes).into_uuid()))
    }

    /// A short key of ten letters and digits, as persons and sessions have, from 16 random bytes.
    pub fn short_from_random(bytes: [u8; 16]) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        // Bytes 6 and 8 of a UUID carry its version and variant.
        let letters = bytes
            .iter()
            .enumerate()
            .filter(|(at, _)| !matches!(at, 6 | 8))
            .map(|(_, byte)| byte)
            .take(10)
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
        Self(Form::Name(letters.map(|letter| char::from(*letter)).collect()))
    }

    /// The written form, on the stack.
    fn with_str<R>(&self, read: impl FnOnce(&str) -> R) -> R {
        match &self.0 {
            Form::Uuid(uuid) => read(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
            Form::Name(name) => read(name),
        }
    }
}

impl From<&str> for Key {
    fn from(written: &str) -> Self {
        let canonical = written.len() == 36 && !written.bytes().any(|byte| byte.is_ascii_uppercase());
        match Uuid::try_parse(written) {
            Ok(uuid) if canonical => Self(Form::Uuid(uuid)),
            _ => Self(Form::Name(CompactString::new(written))),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_str(|written| f.pad(written))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Uuid(left), Form::Uuid(right)) => left.cmp(right),
            (Form::Name(left), Form::Name(right)) => left.cmp(right),
            _ => self.with_str(|left| other.with_str(|right| left.cmp(right))),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_str(|written| serializer.serialize_str(written))
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl de::Visitor<'_> for Written {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id")
            }
            fn visit_str<E: de::Error>(self, written: &str) -> Result<Key, E> {
                if written.is_empty() { Err(E::custom("an id is empty")) } else { Ok(Key::from(written)) }
            }
        }
        deserializer.deserialize_str(Written)
    }
}

/// The name of a record of kind `T`, so that a document's id cannot stand where an annotation's belongs.
pub struct Id<T> {
    key: Key,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The name without its kind.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

impl<T> From<Key> for Id<T> {
    fn from(key: Key) -> Self {
        Self { key, kind: PhantomData }
    }
}

impl<T> From<&str> for Id<T> {
    fn from(written: &str) -> Self {
        Key::from(written).into()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        self.key.clone().into()
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Id<T> {}

impl<T> Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.key, f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.key, f)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.key.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Key::deserialize(deserializer).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_they_are_written_whatever_their_form() {
        let written = ["50d7d13f-b248-4191-bb12-1dc54e5a3a26", "50d7d13g", "50D7D13F-B248-4191-BB12-1DC54E5A3A26", "a", "5"];
        for left in written {
            assert_eq!(Key::from(left).to_string(), left);
            for right in written {
                assert_eq!(Key::from(left).cmp(&Key::from(right)), left.cmp(right), "{left} {right}");
            }
        }
    }
}
