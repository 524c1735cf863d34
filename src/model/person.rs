//! Who works on a project: self-chosen initials behind a random key, and the sessions in which they saved.

use super::{Id, Kind};

record! {
    /// Somebody who works on the project. Names are self-declared, never taken from the system.
    Person, Kind::Person, {
        /// A random key, since two people may share initials.
        must id: Id<Person>,
        /// Initials or a name, as chosen.
        must name: String,
        /// What they do: annotator, editor, …
        may roles: Vec<String>,
    }
}

part! {
    /// One stretch of work between opening a file and closing it. Listed while a record names it.
    SessionRecord {
        /// A random key, fresh after each open.
        must id: Id<SessionRecord>,
        /// Who worked.
        may person: Option<Id<Person>>,
    }
}
