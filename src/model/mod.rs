//! The project as plain data: no disk, no clock, no window.

#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::panic))]

// First, since the records are declared with its macros.
#[macro_use]
pub mod record;

pub mod annotation;
pub mod attribute;
pub mod deleted;
pub mod document;
pub mod fields;
pub mod free_text;
pub mod id;
pub mod issue;
pub mod lengths;
pub mod limits;
pub mod links;
pub mod news;
pub mod person;
pub mod project;
pub mod raw;
pub mod references;
pub mod relation;
pub mod review;
pub mod schema;
pub mod source;
pub mod stamp;
pub mod text_record;

pub use annotation::{Annotation, Omission, Origin};
pub use attribute::{AttributeValue, Attributes};
pub use deleted::Deleted;
pub use document::{Direction, Document, ImportRecord, Revision, Status};
pub use id::{Id, Key};
pub use issue::{Issue, Severity};
pub use limits::{LIMITS, Limits};
pub use person::{Person, SessionRecord};
pub use project::{Project, ProjectInfo, Table};
pub use raw::{Conflicts, Extra, RawJson};
pub use record::{Kind, Record, Stamped};
pub use relation::Relation;
pub use review::{Answer, Comment, Decision, Outcome, Policy, PolicyItem, ReviewState};
pub use schema::{AttributeDefinition, Colour, Label, Pattern, RelationKind};
pub use source::{Source, SourceKind};
pub use stamp::{Dot, Stamp, VersionVector};
pub use text_record::Text;
