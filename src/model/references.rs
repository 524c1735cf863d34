//! What a record needs to be there: a deleted record to which a live one refers lives on.

use super::{
    Annotation, Comment, Decision, Document, Key, Kind, Label, Omission, Person, Policy, Project, ProjectInfo, Relation, RelationKind,
    Source,
};

/// Every record that a live one of the project refers to.
pub fn all(project: &Project, needs: &mut dyn FnMut(Kind, &Key)) {
    project.info.refers(needs);
    macro_rules! tables {
        ($($table:ident)*) => {
            $(project.$table.iter().for_each(|record| record.refers(needs));)*
        };
    }
    tables!(annotations relations decisions comments omissions);
}

/// A record that refers to others.
pub trait Refers {
    /// Names each record that this one needs. A comment does not know the kind of what it is on: every kind is named then.
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key));
}

macro_rules! refers_to_nothing {
    ($($record:ident)*) => {
        $(impl Refers for $record {
            fn refers(&self, _: &mut dyn FnMut(Kind, &Key)) {}
        })*
    };
}

refers_to_nothing!(Person Label RelationKind Policy Document Source);

impl Refers for ProjectInfo {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        self.policy.iter().for_each(|policy| needs(Kind::Policy, policy.key()));
    }
}

impl Refers for Annotation {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        needs(Kind::Document, self.document.key());
        needs(Kind::Label, self.label.key());
        self.source.iter().for_each(|source| needs(Kind::Source, source.key()));
        self.by.iter().for_each(|person| needs(Kind::Person, person.key()));
    }
}

impl Refers for Relation {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        needs(Kind::RelationKind, self.kind.key());
        needs(Kind::Annotation, self.from.key());
        needs(Kind::Annotation, self.to.key());
        self.by.iter().for_each(|person| needs(Kind::Person, person.key()));
    }
}

impl Refers for Decision {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        needs(Kind::Document, self.document.key());
        needs(Kind::Source, self.source.key());
        self.after.iter().for_each(|decision| needs(Kind::Decision, decision.key()));
        self.policy.iter().for_each(|policy| needs(Kind::Policy, policy.key()));
        self.by.iter().for_each(|person| needs(Kind::Person, person.key()));
    }
}

impl Refers for Comment {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        for kind in Kind::ALL {
            needs(kind, &self.on);
        }
        self.by.iter().for_each(|person| needs(Kind::Person, person.key()));
    }
}

impl Refers for Omission {
    fn refers(&self, needs: &mut dyn FnMut(Kind, &Key)) {
        needs(Kind::Document, self.document.key());
        self.by.iter().for_each(|person| needs(Kind::Person, person.key()));
    }
}
