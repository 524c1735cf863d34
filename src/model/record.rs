//! One macro gives every record its fields in fixed order, keeps what is unknown, and refuses a key that stands twice.

use super::{Conflicts, Extra, Key, Stamp};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use std::{fmt, marker::PhantomData};

/// The kinds of records, in the order of their sections in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after its record")]
pub enum Kind {
    Project,
    Person,
    Label,
    RelationKind,
    Policy,
    Document,
    Source,
    Annotation,
    Relation,
    Decision,
    Comment,
    Omission,
}

impl Kind {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 12] = [
        Self::Project,
        Self::Person,
        Self::Label,
        Self::RelationKind,
        Self::Policy,
        Self::Document,
        Self::Source,
        Self::Annotation,
        Self::Relation,
        Self::Decision,
        Self::Comment,
        Self::Omission,
    ];

    /// The word that a deleted record names its kind by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Person => "person",
            Self::Label => "label",
            Self::RelationKind => "relation_kind",
            Self::Policy => "policy",
            Self::Document => "document",
            Self::Source => "source",
            Self::Annotation => "annotation",
            Self::Relation => "relation",
            Self::Decision => "decision",
            Self::Comment => "comment",
            Self::Omission => "omission",
        }
    }
}

/// A record of the project file.
pub trait Record: Clone + PartialEq + fmt::Debug + Send + Sync + Sized + 'static {
    /// Which section of the file it stands in.
    const KIND: Kind;
    /// Its keys in the file, in their order.
    const FIELDS: &'static [&'static str];
    /// Its id without kind.
    fn key(&self) -> &Key;
    /// Undecided values.
    fn conflicts(&self) -> &Conflicts;
    /// Unknown keys.
    fn extra(&self) -> &Extra;
    /// Writes the known fields in their order; empty ones that may be left out are.
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    /// Reads fields and stamp.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<(Self, Stamp), A::Error>;
}

/// A record with the stamp beside it: what one line of the file holds.
#[derive(Debug, Clone)]
pub struct Stamped<R> {
    /// The content.
    pub record: R,
    /// Who has written which field, for the join.
    pub stamp: Stamp,
}

impl<'de, R: Record> Deserialize<'de> for Stamped<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<R>(PhantomData<R>);
        impl<'de, R: Record> Visitor<'de> for Object<R> {
            type Value = Stamped<R>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a {} record", R::KIND.word())
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Stamped<R>, A::Error> {
                R::read(map).map(|(record, stamp)| Stamped { record, stamp })
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// A record and its stamp, borrowed for writing.
#[derive(Debug)]
pub struct Line<'r, R>(pub &'r R, pub &'r Stamp);

impl<R: Record> Serialize for Line<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(record, stamp) = self;
        let mut map = serializer.serialize_map(None)?;
        record.write_fields(&mut map)?;
        stamp.write(&mut map)?;
        if !record.conflicts().is_empty() {
            map.serialize_entry("conflicts", record.conflicts())?;
        }
        for (key, value) in record.extra().iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Whether a field that may be left out holds nothing.
pub trait Omit {
    /// True when the file does not name the field.
    fn omit(&self) -> bool;
}

impl<T> Omit for Option<T> {
    fn omit(&self) -> bool {
        self.is_none()
    }
}

impl<T> Omit for Vec<T> {
    fn omit(&self) -> bool {
        self.is_empty()
    }
}

impl Omit for String {
    fn omit(&self) -> bool {
        self.is_empty()
    }
}

impl Omit for bool {
    fn omit(&self) -> bool {
        !*self
    }
}

impl Omit for super::Attributes {
    fn omit(&self) -> bool {
        self.is_empty()
    }
}

impl Omit for crate::text::Ranges {
    fn omit(&self) -> bool {
        self.is_empty()
    }
}

impl Omit for super::VersionVector {
    fn omit(&self) -> bool {
        self.is_empty()
    }
}

/// The name of a field in the file.
macro_rules! field_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Reads one object into the listed fields; what is not listed goes to `$unknown(key, map)`.
macro_rules! read_fields {
    ($map:ident, $what:expr, [$($mode:ident $field:ident $($name:literal)?),*], $unknown:expr) => {{
        $(let mut $field = None;)*
        while let Some(key) = $map.next_key::<::compact_str::CompactString>()? {
            match key.as_str() {
                $(field_name!($field $($name)?) => {
                    if $field.replace($map.next_value()?).is_some() {
                        return Err(::serde::de::Error::custom(format_args!("the key `{key}` stands twice")));
                    }
                })*
                _ => $unknown(key)?,
            }
        }
        ($(read_fields!(@take $mode $field $($name)?; $what),)*)
    }};
    (@take must $field:ident $($name:literal)?; $what:expr) => {
        $field.ok_or_else(|| ::serde::de::Error::custom(format_args!("`{}` is missing in {}", field_name!($field $($name)?), $what)))?
    };
    (@take may $field:ident $($name:literal)?; $what:expr) => {
        $field.unwrap_or_default()
    };
}

/// Writes one field, unless it may be left out and is empty.
macro_rules! write_field {
    (must $map:ident $name:expr, $value:expr) => {
        $map.serialize_entry($name, $value)?
    };
    (may $map:ident $name:expr, $value:expr) => {
        if !$crate::model::record::Omit::omit($value) {
            $map.serialize_entry($name, $value)?
        }
    };
}

/// Declares a record: `must` fields are always written, `may` fields only when they hold something. The order is the file's.
macro_rules! record {
    ($(#[$about:meta])* $name:ident, $kind:expr, { $($(#[$doc:meta])* $mode:ident $field:ident $($json:literal)? : $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
            /// Fields that colleagues set differently and nobody has decided yet.
            pub conflicts: $crate::model::Conflicts,
            /// Keys that this version does not know.
            pub extra: $crate::model::Extra,
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::record::Line(self, &$crate::model::Stamp::default()).serialize(serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::Stamped::deserialize(deserializer).map(|stamped| stamped.record)
            }
        }

        impl $crate::model::Record for $name {
            const KIND: $crate::model::Kind = $kind;
            const FIELDS: &'static [&'static str] = &[$(field_name!($field $($json)?)),*];

            fn key(&self) -> &$crate::model::Key {
                self.id.key()
            }

            fn conflicts(&self) -> &$crate::model::Conflicts {
                &self.conflicts
            }

            fn extra(&self) -> &$crate::model::Extra {
                &self.extra
            }

            fn write_fields<M: ::serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(write_field!($mode map field_name!($field $($json)?), &self.$field);)*
                Ok(())
            }

            fn read<'de, A: ::serde::de::MapAccess<'de>>(mut map: A) -> Result<(Self, $crate::model::Stamp), A::Error> {
                let (mut extra, mut conflicts) = ($crate::model::Extra::default(), None);
                let mut stamp = $crate::model::stamp::Reading::default();
                let ($($field,)*) = read_fields!(map, concat!("a ", stringify!($name)), [$($mode $field $($json)?),*], |key: ::compact_str::CompactString| {
                    let new = match key.as_str() {
                        "v" => stamp.vector.replace(map.next_value()?).is_none(),
                        "d" => stamp.dots.replace(map.next_value()?).is_none(),
                        "p" => stamp.purged.replace(map.next_value()?).is_none(),
                        "conflicts" => conflicts.replace(map.next_value()?).is_none(),
                        _ => extra.insert(key.clone(), map.next_value()?),
                    };
                    if new { Ok(()) } else { Err(::serde::de::Error::custom(format_args!("the key `{key}` stands twice"))) }
                });
                Ok((Self { $($field,)* conflicts: conflicts.unwrap_or_default(), extra }, stamp.finish()))
            }
        }
    };
}

/// Declares an object inside a record: as [`record!`], without id and stamp.
macro_rules! part {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $mode:ident $field:ident $($json:literal)? : $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
            /// Keys that this version does not know.
            pub extra: $crate::model::Extra,
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(write_field!($mode map field_name!($field $($json)?), &self.$field);)*
                for (key, value) in self.extra.iter() {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;
                impl<'de> ::serde::de::Visitor<'de> for Object {
                    type Value = $name;
                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }
                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut extra = $crate::model::Extra::default();
                        let ($($field,)*) = read_fields!(map, concat!("a ", stringify!($name)), [$($mode $field $($json)?),*], |key: ::compact_str::CompactString| {
                            if extra.insert(key.clone(), map.next_value()?) {
                                Ok(())
                            } else {
                                Err(::serde::de::Error::custom(format_args!("the key `{key}` stands twice")))
                            }
                        });
                        Ok($name { $($field,)* extra })
                    }
                }
                deserializer.deserialize_map(Object)
            }
        }
    };
}

/// Declares a closed list of words, as the file writes them.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them, in their natural order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the file.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}
