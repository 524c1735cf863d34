//! One record before and after: its inverse is a swap, so that undo cannot be written wrongly.

use crate::model::{
    Annotation, Comment, Decision, Document, Id, Key, Kind, Label, Omission, Person, Policy, Project, ProjectInfo, Relation, RelationKind,
    Source, Table, Text,
};
use std::sync::Arc;

/// A record before and after; `None` where it is not there.
#[derive(Debug)]
pub struct Swap<T> {
    /// Its id, also when one of the sides is empty.
    pub id: Id<T>,
    /// The record before.
    pub before: Option<Arc<T>>,
    /// The record after.
    pub after: Option<Arc<T>>,
}

impl<T> Clone for Swap<T> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), before: self.before.clone(), after: self.after.clone() }
    }
}

impl<T> Swap<T> {
    /// The record before and after; the other way round when the change is taken back.
    pub fn sides(&self, undone: bool) -> (Option<&Arc<T>>, Option<&Arc<T>>) {
        if undone { (self.after.as_ref(), self.before.as_ref()) } else { (self.before.as_ref(), self.after.as_ref()) }
    }

    fn inverse(&self) -> Self {
        Self { id: self.id.clone(), before: self.after.clone(), after: self.before.clone() }
    }

    fn apply(&self, table: &mut Table<T>) {
        table.set(&self.id, self.after.clone());
    }
}

/// A change of one record. Stamps are no part of it: they are given at save.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is named after its record")]
pub enum Change {
    Info { before: Arc<ProjectInfo>, after: Arc<ProjectInfo> },
    Text(Swap<Text>),
    Person(Swap<Person>),
    Label(Swap<Label>),
    RelationKind(Swap<RelationKind>),
    Document(Swap<Document>),
    Source(Swap<Source>),
    Annotation(Swap<Annotation>),
    Relation(Swap<Relation>),
    Omission(Swap<Omission>),
    Policy(Swap<Policy>),
    Decision(Swap<Decision>),
    Comment(Swap<Comment>),
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        match self {
            Self::Info { before, after } => Self::Info { before: Arc::clone(after), after: Arc::clone(before) },
            Self::Text(swap) => Self::Text(swap.inverse()),
            Self::Person(swap) => Self::Person(swap.inverse()),
            Self::Label(swap) => Self::Label(swap.inverse()),
            Self::RelationKind(swap) => Self::RelationKind(swap.inverse()),
            Self::Document(swap) => Self::Document(swap.inverse()),
            Self::Source(swap) => Self::Source(swap.inverse()),
            Self::Annotation(swap) => Self::Annotation(swap.inverse()),
            Self::Relation(swap) => Self::Relation(swap.inverse()),
            Self::Omission(swap) => Self::Omission(swap.inverse()),
            Self::Policy(swap) => Self::Policy(swap.inverse()),
            Self::Decision(swap) => Self::Decision(swap.inverse()),
            Self::Comment(swap) => Self::Comment(swap.inverse()),
        }
    }

    /// Kind and id of the record; a text has none.
    pub fn record(&self) -> Option<(Kind, &Key)> {
        match self {
            Self::Info { before, .. } => Some((Kind::Project, before.id.key())),
            Self::Text(_) => None,
            Self::Person(swap) => Some((Kind::Person, swap.id.key())),
            Self::Label(swap) => Some((Kind::Label, swap.id.key())),
            Self::RelationKind(swap) => Some((Kind::RelationKind, swap.id.key())),
            Self::Document(swap) => Some((Kind::Document, swap.id.key())),
            Self::Source(swap) => Some((Kind::Source, swap.id.key())),
            Self::Annotation(swap) => Some((Kind::Annotation, swap.id.key())),
            Self::Relation(swap) => Some((Kind::Relation, swap.id.key())),
            Self::Omission(swap) => Some((Kind::Omission, swap.id.key())),
            Self::Policy(swap) => Some((Kind::Policy, swap.id.key())),
            Self::Decision(swap) => Some((Kind::Decision, swap.id.key())),
            Self::Comment(swap) => Some((Kind::Comment, swap.id.key())),
        }
    }

    /// Writes the side after into the project.
    pub fn apply(&self, project: &mut Project) {
        match self {
            Self::Info { after, .. } => project.info = Arc::clone(after),
            Self::Text(swap) => swap.apply(&mut project.texts),
            Self::Person(swap) => swap.apply(&mut project.persons),
            Self::Label(swap) => swap.apply(&mut project.labels),
            Self::RelationKind(swap) => swap.apply(&mut project.relation_kinds),
            Self::Document(swap) => swap.apply(&mut project.documents),
            Self::Source(swap) => swap.apply(&mut project.sources),
            Self::Annotation(swap) => swap.apply(&mut project.annotations),
            Self::Relation(swap) => swap.apply(&mut project.relations),
            Self::Omission(swap) => swap.apply(&mut project.omissions),
            Self::Policy(swap) => swap.apply(&mut project.policies),
            Self::Decision(swap) => swap.apply(&mut project.decisions),
            Self::Comment(swap) => swap.apply(&mut project.comments),
        }
    }
}

/// What leads from one project to another. Takes time by the number of records.
pub fn changes_between(before: &Project, after: &Project) -> Vec<Change> {
    let mut changes = Vec::new();
    if before.info != after.info {
        changes.push(Change::Info { before: Arc::clone(&before.info), after: Arc::clone(&after.info) });
    }
    between::<Text>(before, after, &mut changes);
    between::<Person>(before, after, &mut changes);
    between::<Label>(before, after, &mut changes);
    between::<RelationKind>(before, after, &mut changes);
    between::<Policy>(before, after, &mut changes);
    between::<Document>(before, after, &mut changes);
    between::<Source>(before, after, &mut changes);
    between::<Annotation>(before, after, &mut changes);
    between::<Relation>(before, after, &mut changes);
    between::<Decision>(before, after, &mut changes);
    between::<Comment>(before, after, &mut changes);
    between::<Omission>(before, after, &mut changes);
    changes
}

fn between<T: Changeable + PartialEq>(before: &Project, after: &Project, changes: &mut Vec<Change>) {
    let (before, after) = (T::table(before), T::table(after));
    if before.is_same(after) {
        return;
    }
    let (mut old, mut new) = (before.entries().peekable(), after.entries().peekable());
    loop {
        let id = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some((id, _)), None) | (None, Some((id, _))) => (*id).clone(),
            (Some((one, _)), Some((other, _))) => (*one).min(*other).clone(),
        };
        let (before, after) = (next_of(&mut old, &id), next_of(&mut new, &id));
        let same = before.as_ref().zip(after.as_ref()).is_some_and(|(one, other)| Arc::ptr_eq(one, other) || one == other);
        if !same {
            changes.push(T::change(Swap { id, before, after }));
        }
    }
}

fn next_of<'t, T: 't>(of: &mut std::iter::Peekable<impl Iterator<Item = (&'t Id<T>, &'t Arc<T>)>>, id: &Id<T>) -> Option<Arc<T>> {
    of.next_if(|(other, _)| *other == id).map(|(_, record)| Arc::clone(record))
}

/// Which change holds a kind of record, so that planning is written once for all kinds.
pub trait Changeable: Sized {
    /// The change of such a record.
    fn change(swap: Swap<Self>) -> Change;
    /// Where such records are.
    fn table(project: &Project) -> &Table<Self>;
}

macro_rules! changeable {
    ($($record:ident in $table:ident,)*) => {
        $(impl Changeable for $record {
            fn change(swap: Swap<Self>) -> Change {
                Change::$record(swap)
            }

            fn table(project: &Project) -> &Table<Self> {
                &project.$table
            }
        })*
    };
}

changeable! {
    Text in texts,
    Person in persons,
    Label in labels,
    RelationKind in relation_kinds,
    Document in documents,
    Source in sources,
    Annotation in annotations,
    Relation in relations,
    Omission in omissions,
    Policy in policies,
    Decision in decisions,
    Comment in comments,
}
