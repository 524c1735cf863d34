//! What lies beside the contents: stamps, deleted records, sessions. Stamps are given here, at save, never at edit.

use crate::model::{
    Deleted, Dot, Id, Key, Person, Project, Record, SessionRecord, Stamp, Table, VersionVector,
    deleted::DeletedFields,
    record::{Kind, Line},
    stamp::{Dots, EVERY_OTHER, FieldDots},
};
use compact_str::CompactString;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// Stamps by kind and id.
pub type Stamps = BTreeMap<(Kind, Key), Stamp>;

/// Everything that saving and joining need and editing does not.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// The contents as last loaded or saved.
    pub base: Project,
    /// The stamp of each record of `base`.
    pub stamps: Stamps,
    /// Deleted records.
    pub deleted: BTreeMap<Key, Deleted>,
    /// Known sessions; written while a record names them.
    pub sessions: BTreeMap<Key, SessionRecord>,
    /// Number of the last save of the running session; counters never go back.
    pub last_save: u64,
}

impl Ledger {
    /// The ledger of a project that no file holds yet.
    pub fn new(empty: Project) -> Self {
        Self { base: empty, stamps: Stamps::new(), deleted: BTreeMap::new(), sessions: BTreeMap::new(), last_save: 0 }
    }

    /// The ledger after a save of `now`: each changed field gets the session's next dot. Without a change it is the same, so that
    /// saving again changes no byte.
    ///
    /// Takes time by the number of records, hence runs off the UI thread.
    #[must_use]
    pub fn stamped(&self, now: &Project, session: &Key, person: Option<&Id<Person>>) -> Self {
        let dot = Dot { session: session.clone(), save: self.last_save + 1 };
        let mut next = self.clone();
        let info = next.stamps.contains_key(&(Kind::Project, now.info.key().clone()));
        if info && now.info != self.base.info {
            next.change(&*self.base.info, &*now.info, &dot);
        } else if !info {
            next.add(&*now.info, &dot);
        }
        next.stamp_table(&self.base.persons, &now.persons, &dot);
        next.stamp_table(&self.base.labels, &now.labels, &dot);
        next.stamp_table(&self.base.relation_kinds, &now.relation_kinds, &dot);
        next.stamp_table(&self.base.policies, &now.policies, &dot);
        next.stamp_table(&self.base.documents, &now.documents, &dot);
        next.stamp_table(&self.base.sources, &now.sources, &dot);
        next.stamp_table(&self.base.annotations, &now.annotations, &dot);
        next.stamp_table(&self.base.relations, &now.relations, &dot);
        next.stamp_table(&self.base.decisions, &now.decisions, &dot);
        next.stamp_table(&self.base.comments, &now.comments, &dot);
        next.stamp_table(&self.base.omissions, &now.omissions, &dot);
        next.base = now.unshared();
        if next.last_save == dot.save {
            let record = SessionRecord { id: session.clone().into(), person: person.cloned(), extra: crate::model::Extra::default() };
            next.sessions.entry(session.clone()).or_insert(record);
        }
        next
    }

    /// All sessions that a stamp, a deleted record or an undecided value names.
    pub fn sessions_named(&self) -> BTreeSet<&Key> {
        let mut named: BTreeSet<&Key> = self.stamps.values().flat_map(Stamp::sessions).collect();
        for record in self.deleted.values() {
            named.extend(record.stamp.sessions());
            named.extend(record.fields.gone.iter().map(|(session, _)| session));
        }
        named
    }

    fn stamp_table<R: Record>(&mut self, before: &Table<R>, now: &Table<R>, dot: &Dot) {
        if before.is_same(now) {
            return;
        }
        let mut old = before.iter().peekable();
        for record in now.iter() {
            while let Some(gone) = old.next_if(|gone| gone.key() < record.key()) {
                self.delete(&**gone, dot);
            }
            match old.next_if(|same| same.key() == record.key()) {
                Some(same) if std::sync::Arc::ptr_eq(same, record) => {}
                Some(same) => self.change(&**same, &**record, dot),
                None => self.add(&**record, dot),
            }
        }
        for gone in old {
            self.delete(&**gone, dot);
        }
    }

    /// A record that the last file did not hold live. One that comes back from deletion outweighs it with every field.
    fn add<R: Record>(&mut self, record: &R, dot: &Dot) {
        let mut stamp = Stamp::new(dot);
        if let Some(deleted) = self.deleted.remove(record.key()) {
            stamp.vector.see_all(&deleted.stamp.vector);
            if stamp.vector.len() > 1 {
                stamp.dots = Some(Box::new([(CompactString::const_new(EVERY_OTHER), Dots::one(dot.clone()))].into()));
            }
        }
        self.stamps.insert((R::KIND, record.key().clone()), stamp);
        self.last_save = dot.save;
    }

    fn change<R: Record>(&mut self, before: &R, now: &R, dot: &Dot) {
        let (old, new) = (fields(before), fields(now));
        let differs = |field: &&CompactString| old.get(*field) != new.get(*field);
        let mut changed: BTreeSet<CompactString> = old.keys().chain(new.keys()).filter(differs).cloned().collect();
        let decided = before.conflicts().iter().filter(|(field, _)| now.conflicts().iter().all(|(open, _)| open != *field));
        changed.extend(decided.map(|(field, _)| CompactString::new(field)));
        if changed.is_empty() {
            return;
        }
        let mut stamp = self.stamps.remove(&(R::KIND, before.key().clone())).unwrap_or_default();
        let mut dots = spread(&stamp, old.keys().chain(new.keys()));
        for field in changed {
            dots.insert(field, Dots::one(dot.clone()));
        }
        stamp.vector.see(dot);
        stamp.dots = gather(dots, &stamp.vector);
        self.stamps.insert((R::KIND, now.key().clone()), stamp);
        self.last_save = dot.save;
    }

    /// A deletion is a write too: the field `gone` holds what the deleter had seen.
    fn delete<R: Record>(&mut self, record: &R, dot: &Dot) {
        let Some(mut stamp) = self.stamps.remove(&(R::KIND, record.key().clone())) else { return };
        let Some(mut kept) = remains(record) else { return };
        kept.attributes = kept.attributes.filtered(|key| self.is_closed_attribute(kept.label.as_ref(), key));
        let names = fields_of(&kept);
        let mut dots = spread(&stamp, names.iter());
        stamp.vector.see(dot);
        kept.gone = stamp.vector.clone();
        dots.insert(CompactString::const_new("gone"), Dots::one(dot.clone()));
        stamp.dots = gather(dots, &stamp.vector);
        let conflicts = crate::model::Conflicts::default();
        self.last_save = dot.save;
        self.deleted.insert(record.key().clone(), Deleted { fields: kept, stamp, conflicts });
    }

    /// Free text goes with the deletion, words from a closed list stay.
    fn is_closed_attribute(&self, label: Option<&Key>, key: &str) -> bool {
        let label = label.and_then(|label| self.base.labels.get(&label.clone().into()));
        label.and_then(|label| label.attribute(key)).is_some_and(|attribute| !attribute.values.is_empty())
    }
}

/// What a deleted record keeps.
fn remains<R: Record>(record: &R) -> Option<DeletedFields> {
    let json = serde_json::to_string(&Line(record, &Stamp::default())).ok()?;
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).ok()?;
    let mut kept = serde_json::Map::new();
    kept.insert("kind".to_owned(), R::KIND.word().into());
    if R::KIND == Kind::Relation
        && let Some(kind) = all.remove("kind")
    {
        kept.insert("relation".to_owned(), kind);
    }
    for key in ["id", "document", "label", "from", "to", "text", "ranges", "attributes", "source", "by"] {
        let place_of_comment = R::KIND == Kind::Comment && key == "text";
        if let Some(value) = all.remove(key).filter(|_| !place_of_comment) {
            kept.insert(key.to_owned(), value);
        }
    }
    serde_json::from_value(serde_json::Value::Object(kept)).ok()
}

fn fields_of(kept: &DeletedFields) -> Vec<CompactString> {
    let json = serde_json::to_string(kept).unwrap_or_default();
    let all: BTreeMap<CompactString, &RawValue> = serde_json::from_str(&json).unwrap_or_default();
    let named = all.keys().filter(|key| !matches!(key.as_str(), "id" | "kind" | "gone" | "purged" | "text" | "attributes"));
    named.cloned().chain(kept.attributes.iter().map(|(key, _)| compact_str::format_compact!("attributes.{key}"))).collect()
}

/// The fields that join as one, each with its JSON: the place as `ranges`, every attribute by itself, the rest by key.
fn fields<R: Record>(record: &R) -> BTreeMap<CompactString, String> {
    let json = serde_json::to_string(&Line(record, &Stamp::default())).unwrap_or_default();
    let all: BTreeMap<CompactString, &RawValue> = serde_json::from_str(&json).unwrap_or_default();
    let has_place = matches!(R::KIND, Kind::Annotation | Kind::Omission);
    let mut fields = BTreeMap::new();
    for (key, value) in &all {
        match key.as_str() {
            "id" | "conflicts" => {}
            "text" | "ranges" | "quote" if has_place => {
                fields.entry(CompactString::const_new("ranges")).or_insert_with(String::new).push_str(value.get());
            }
            "attributes" if R::KIND == Kind::Annotation => {
                let attributes: BTreeMap<CompactString, &RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
                for (attribute, value) in attributes {
                    fields.insert(compact_str::format_compact!("attributes.{attribute}"), value.get().to_owned());
                }
            }
            _ => {
                fields.insert(key.clone(), value.get().to_owned());
            }
        }
    }
    fields
}

/// The dots of every field, named one by one.
fn spread<'f>(stamp: &'f Stamp, present: impl Iterator<Item = &'f CompactString>) -> FieldDots {
    let named = stamp.dots.iter().flat_map(|dots| dots.keys()).filter(|field| *field != EVERY_OTHER);
    let all: BTreeSet<&CompactString> = present.chain(named).collect();
    all.into_iter().filter_map(|field| Some((field.clone(), stamp.dots_of(field)?))).collect()
}

/// The shortest writing of the dots: the commonest under [`EVERY_OTHER`] (the smallest in a tie), none at all where the vector
/// says it.
fn gather(dots: FieldDots, vector: &VersionVector) -> Option<Box<FieldDots>> {
    let mut counts: BTreeMap<&Dots, usize> = BTreeMap::new();
    for value in dots.values() {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    let commonest = counts.iter().find(|(_, count)| **count == most).map(|(value, _)| (*value).clone())?;
    let single = match (vector.len(), vector.iter().next()) {
        (1, Some((session, save))) => counts.len() == 1 && commonest == Dots::one(Dot { session: session.clone(), save }),
        _ => false,
    };
    if single {
        return None;
    }
    let mut gathered: FieldDots = dots.into_iter().filter(|(_, value)| *value != commonest).collect();
    gathered.insert(CompactString::const_new(EVERY_OTHER), commonest);
    Some(Box::new(gathered))
}
