//! The whole project: sorted tables of shared records. Only `edit` and the reader of files change one.

use super::{
    Annotation, Attributes, Comment, Decision, Document, Extra, Id, Key, Kind, Label, Omission, Person, Policy, Record, Relation,
    RelationKind, Source, Text,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

record! {
    /// What the project is called and how its annotators work.
    ProjectInfo, Kind::Project, {
        /// Its id, a UUID v4.
        must id: Id<ProjectInfo>,
        /// Its title.
        must title: String,
        /// The day on which it was made, UTC.
        may created: String,
        /// Guidelines for annotators, a line of Markdown each.
        may guidelines: Vec<String>,
        /// The review policy in force.
        may policy: Option<Id<Policy>>,
        /// Sourcing checks that are switched off, each with the reason.
        may checks_off: Attributes,
    }
}

/// Records of one kind by id, shared: a clone copies no record, and no table until one of the two is changed.
#[derive(Debug)]
pub struct Table<T>(Arc<BTreeMap<Id<T>, Arc<T>>>);

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: PartialEq> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<T> Table<T> {
    /// The record of this id.
    pub fn get(&self, id: &Id<T>) -> Option<&Arc<T>> {
        self.0.get(id)
    }

    /// Whether the id is there.
    pub fn contains(&self, id: &Id<T>) -> bool {
        self.0.contains_key(id)
    }

    /// The records in the order of their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + ExactSizeIterator {
        self.0.values()
    }

    /// Id and record, in the order of the ids.
    pub fn entries(&self) -> impl Iterator<Item = (&Id<T>, &Arc<T>)> {
        self.0.iter()
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are the same table, not merely equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The same records in a table of its own, so that changing one of the two later costs no copy at that moment.
    #[must_use]
    pub fn unshared(&self) -> Self {
        Self(Arc::new(BTreeMap::clone(&self.0)))
    }

    /// Puts a record under its id, or takes it away with `None`.
    pub fn set(&mut self, id: &Id<T>, record: Option<Arc<T>>) {
        let table = Arc::make_mut(&mut self.0);
        match record {
            Some(record) => table.insert(id.clone(), record),
            None => table.remove(id),
        };
    }
}

impl<T> FromIterator<(Id<T>, Arc<T>)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (Id<T>, Arc<T>)>>(records: I) -> Self {
        Self(Arc::new(records.into_iter().collect()))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.content == other.content
    }
}

/// Calls a macro with the tables of records that carry stamps, in the order of the file: a kind of record is listed here and nowhere else.
macro_rules! each_table {
    ($call:ident) => {
        $call!(persons labels relation_kinds policies documents sources annotations relations decisions comments omissions);
    };
}

pub(crate) use each_table;

/// A project: contents only. Stamps and deleted records lie beside it, where load and save keep them.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "each table is named after its records")]
pub struct Project {
    pub info: Arc<ProjectInfo>,
    pub texts: Table<Text>,
    pub persons: Table<Person>,
    pub labels: Table<Label>,
    pub relation_kinds: Table<RelationKind>,
    pub policies: Table<Policy>,
    pub documents: Table<Document>,
    pub sources: Table<Source>,
    pub annotations: Table<Annotation>,
    pub relations: Table<Relation>,
    pub decisions: Table<Decision>,
    pub comments: Table<Comment>,
    pub omissions: Table<Omission>,
    /// Unknown keys at the top of the file.
    pub extra: Extra,
}

impl Project {
    /// An empty project around its info.
    pub fn new(info: ProjectInfo) -> Self {
        Self {
            info: Arc::new(info),
            texts: Table::default(),
            persons: Table::default(),
            labels: Table::default(),
            relation_kinds: Table::default(),
            policies: Table::default(),
            documents: Table::default(),
            sources: Table::default(),
            annotations: Table::default(),
            relations: Table::default(),
            decisions: Table::default(),
            comments: Table::default(),
            omissions: Table::default(),
            extra: Extra::default(),
        }
    }

    /// The same contents with large tables of its own: the copy is made here, off the UI thread, and not by the next edit.
    #[must_use]
    pub fn unshared(&self) -> Self {
        Self { annotations: self.annotations.unshared(), relations: self.relations.unshared(), ..self.clone() }
    }

    /// The text of a document; `None` only in a damaged file.
    pub fn text_of(&self, document: &Document) -> Option<&Arc<Text>> {
        self.texts.get(&document.text)
    }

    /// Labels in their order.
    pub fn labels_in_order(&self) -> Vec<&Arc<Label>> {
        let mut labels: Vec<_> = self.labels.iter().collect();
        labels.sort_by(|left, right| left.place.cmp(&right.place).then_with(|| left.id.cmp(&right.id)));
        labels
    }

    /// Documents by title, then id: the order of the panel and the command line.
    pub fn documents_in_order(&self) -> Vec<&Arc<Document>> {
        let mut documents: Vec<_> = self.documents.iter().collect();
        documents.sort_by(|left, right| Self::document_order(left, right));
        documents
    }

    /// Documents by title, then id.
    pub fn document_order(left: &Document, right: &Document) -> std::cmp::Ordering {
        left.title.cmp(&right.title).then_with(|| left.id.cmp(&right.id))
    }

    /// The annotations of every document, each by place, longer ones first: one look at all of them for any number of documents.
    pub fn annotations_by_document(&self) -> HashMap<&Id<Document>, Vec<&Arc<Annotation>>> {
        let mut found: HashMap<&Id<Document>, Vec<&Arc<Annotation>>> = HashMap::new();
        for annotation in self.annotations.iter() {
            found.entry(&annotation.document).or_default().push(annotation);
        }
        #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for annotations in found.values_mut() {
            annotations.sort_by_cached_key(|annotation| {
                let bounds = annotation.ranges.bounds();
                (bounds.start, std::cmp::Reverse(bounds.end), annotation.id.clone())
            });
        }
        found
    }

    /// The omissions of every document that count in the text it has now.
    pub fn omissions_by_document(&self) -> HashMap<&Id<Document>, Vec<&Arc<Omission>>> {
        let mut found: HashMap<&Id<Document>, Vec<&Arc<Omission>>> = HashMap::new();
        for omission in self.omissions.iter() {
            if self.documents.get(&omission.document).is_some_and(|document| document.text == omission.text) {
                found.entry(&omission.document).or_default().push(omission);
            }
        }
        found
    }

    /// Whether a live record of any kind has this id.
    pub fn has_record(&self, key: &Key) -> bool {
        self.annotations.contains(&key.clone().into())
            || self.documents.contains(&key.clone().into())
            || self.sources.contains(&key.clone().into())
            || self.relations.contains(&key.clone().into())
            || self.decisions.contains(&key.clone().into())
            || self.comments.contains(&key.clone().into())
            || self.omissions.contains(&key.clone().into())
            || self.persons.contains(&key.clone().into())
            || self.labels.contains(&key.clone().into())
            || self.relation_kinds.contains(&key.clone().into())
            || self.policies.contains(&key.clone().into())
            || self.info.key() == key
    }
}
