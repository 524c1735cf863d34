//! Keys of the news label set that rules refer to. A project without such a label simply has no such rule; nothing else in the
//! code names a label.

use super::{Id, Label, RelationKind};

/// What the copy asks the reader to accept.
pub const CLAIM: &str = "claim";
/// Words presented as said by someone.
pub const QUOTE: &str = "quote";
/// The phrase that says who is responsible.
pub const ATTRIBUTION: &str = "attribution";
/// A mention by which the reader cannot identify who it is.
pub const ANONYMOUS_SOURCE: &str = "anonymous_source";
/// From a quote or claim to its attribution.
pub const ATTRIBUTED_VIA: &str = "attributed_via";
/// From an attribution to the mention of the anonymous source.
pub const NAMES_SOURCE: &str = "names_source";

/// The id of a label by its key.
pub fn label(key: &str) -> Id<Label> {
    key.into()
}

/// The id of a kind of link by its key.
pub fn kind(key: &str) -> Id<RelationKind> {
    key.into()
}
