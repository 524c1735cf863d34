//! Links between annotations.

use super::{Annotation, Id, Kind, Person, RelationKind};

record! {
    /// A directed link between two annotations.
    Relation, Kind::Relation, {
        /// Its id, a UUID v4.
        must id: Id<Relation>,
        /// What the link says.
        must kind: Id<RelationKind>,
        /// Where it starts.
        must from: Id<Annotation>,
        /// Where it leads.
        must to: Id<Annotation>,
        /// The person who made it.
        may by: Option<Id<Person>>,
    }
}
