//! What lies beside the contents: stamps, deleted records, sessions. Stamps are given here, at save, never at edit.

use super::State;
use crate::model::{
    Deleted, Dot, Id, Key, Person, Project, Record, SessionRecord, SourceKind, Stamp, Table, Text,
    fields::{self, GONE, PLACE},
    project::each_table,
    record::Kind,
    references,
};
use compact_str::CompactString;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Stamps by kind and id.
pub type Stamps = BTreeMap<(Kind, Key), Stamp>;

/// A file as the join sees it: contents, stamps, deleted records, sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// The contents as last loaded, saved or joined.
    pub base: Project,
    /// The stamp of each record of `base`.
    pub stamps: Stamps,
    /// Deleted records.
    pub deleted: BTreeMap<Key, Deleted>,
    /// Known sessions; written while a record names them.
    pub sessions: BTreeMap<Key, SessionRecord>,
}

/// One save: what the dots of its changes are called, who saved, and what was purged since the last one.
#[derive(Debug, Clone)]
pub struct Save {
    /// Session and number. A number is never used twice, not even after a save that failed.
    pub dot: Dot,
    /// Who works.
    pub person: Option<Id<Person>>,
    /// Records and their fields that were purged.
    pub purges: Vec<(Key, CompactString)>,
}

impl Ledger {
    /// The ledger of a project that no file holds yet.
    pub fn new(empty: Project) -> Self {
        Self { base: empty, stamps: Stamps::new(), deleted: BTreeMap::new(), sessions: BTreeMap::new() }
    }

    /// Whether a file ever held a record of this id.
    pub fn holds(&self, record: &Key) -> bool {
        Kind::ALL.iter().any(|kind| self.stamps.contains_key(&(*kind, record.clone())))
    }

    /// Whether a value that stands in a field was written by others than this session, also by others; without a field, in any.
    pub fn is_of_others(&self, kind: Kind, record: &Key, field: Option<&str>, own: &Key) -> bool {
        let Some(stamp) = self.stamps.get(&(kind, record.clone())) else { return false };
        match field {
            Some(field) => stamp.dots_of(field).is_some_and(|dots| dots.0.iter().any(|dot| dot.session != *own)),
            None => stamp.dots.as_ref().map_or_else(
                || stamp.vector.iter().any(|(session, _)| session != own),
                |dots| dots.values().flat_map(|dots| &dots.0).any(|dot| dot.session != *own),
            ),
        }
    }

    /// The ledger after a save of `now`: each changed field gets the dot of the save. Without a change it is the same, so that
    /// saving again changes no byte. Also says whether anything got the dot.
    ///
    /// Takes time by the number of records, hence runs off the UI thread.
    #[must_use]
    pub fn stamped(&self, now: &Project, save: &Save) -> (Self, bool) {
        let mut next = self.clone();
        next.base = now.unshared();
        let mut stamping = Stamping { ledger: &mut next, before: &self.base, save, used: false };
        if self.stamps.contains_key(&(Kind::Project, now.info.key().clone())) {
            if let Some(redotted) = stamping.change(&*self.base.info, &*now.info) {
                stamping.ledger.base.info = Arc::new(redotted);
            }
        } else if let Some(redotted) = stamping.add(&*now.info) {
            stamping.ledger.base.info = Arc::new(redotted);
        }
        macro_rules! tables {
            ($($table:ident)*) => {
                $(for redotted in stamping.table(&self.base.$table, &now.$table) {
                    stamping.ledger.base.$table.set(&redotted.id.clone(), Some(Arc::new(redotted)));
                })*
            };
        }
        each_table!(tables);
        let used = stamping.used;
        if used {
            stamping.hold_unreferenced();
            let record =
                SessionRecord { id: save.dot.session.clone().into(), person: save.person.clone(), extra: crate::model::Extra::default() };
            next.sessions.entry(save.dot.session.clone()).or_insert(record);
        }
        (next, used)
    }

    /// All sessions that a stamp, a deleted record or an undecided value names.
    pub fn sessions_named(&self) -> BTreeSet<Key> {
        let mut named: BTreeSet<Key> = self.stamps.values().flat_map(Stamp::sessions).cloned().collect();
        for record in self.deleted.values() {
            named.extend(record.stamp.sessions().cloned());
            named.extend(record.gone.iter().map(|(session, _)| session.clone()));
            name_undecided(&record.conflicts, &mut named);
        }
        macro_rules! tables {
            ($($table:ident)*) => {
                $(for record in self.base.$table.iter() {
                    name_undecided(&record.conflicts, &mut named);
                })*
            };
        }
        each_table!(tables);
        name_undecided(&self.base.info.conflicts, &mut named);
        named
    }
}

fn name_undecided(conflicts: &crate::model::Conflicts, named: &mut BTreeSet<Key>) {
    for (_, raw) in conflicts.iter() {
        named.extend(fields::undecided(raw).unwrap_or_default().into_iter().map(|(dot, _)| dot.session));
    }
}

fn record_kind<R: Record>(_: &R) -> Kind {
    R::KIND
}

/// The record as its state has it, where something is undecided; `None` where it is that already. Undo and a session that was saved
/// before bring open questions with the dots and in the order of then.
fn undecided_as<R: Record + serde::de::DeserializeOwned>(record: &R, state: &State, texts: &Table<Text>) -> Option<R> {
    if record.conflicts().is_empty() && state.conflicts().is_empty() {
        return None;
    }
    state.record(texts).ok().filter(|written: &R| written != record)
}

/// One save under way.
struct Stamping<'l> {
    ledger: &'l mut Ledger,
    before: &'l Project,
    save: &'l Save,
    /// Whether anything got the dot.
    used: bool,
}

impl Stamping<'_> {
    /// Stamps what differs between two tables. Gives records whose undecided values had to be stamped anew.
    fn table<R: Record + serde::de::DeserializeOwned>(&mut self, before: &Table<R>, now: &Table<R>) -> Vec<R> {
        let mut redotted = Vec::new();
        if before.is_same(now) && self.save.purges.is_empty() {
            return redotted;
        }
        let mut old = before.iter().peekable();
        for record in now.iter() {
            while let Some(gone) = old.next_if(|gone| gone.key() < record.key()) {
                self.delete(&**gone);
            }
            match old.next_if(|same| same.key() == record.key()) {
                Some(same) if Arc::ptr_eq(same, record) && self.save.purges.is_empty() => {}
                Some(same) => redotted.extend(self.change(&**same, &**record)),
                None => redotted.extend(self.add(&**record)),
            }
        }
        for gone in old {
            self.delete(&**gone);
        }
        redotted
    }

    /// A record that somebody deleted and that lived only because others referred to it: when they no longer do, whoever saves it
    /// wrote it.
    fn hold_unreferenced(&mut self) {
        let mut held: BTreeMap<(Kind, Key), State> = BTreeMap::new();
        macro_rules! tables {
            ($($table:ident)*) => {
                $(for record in self.ledger.base.$table.iter().filter(|record| record.conflicts.get(GONE).is_some()) {
                    let state = self.ledger.stamps.get(&(record_kind(&**record), record.key().clone())).map(|stamp| State::of_live(&**record, stamp));
                    if let Some(state) = state.filter(State::is_dead) {
                        held.insert((record_kind(&**record), record.key().clone()), state);
                    }
                })*
            };
        }
        each_table!(tables);
        if held.is_empty() {
            return;
        }
        references::all(&self.ledger.base, &mut |kind, key| drop(held.remove(&(kind, key.clone()))));
        for (id, mut state) in held {
            state.touch(&self.save.dot);
            self.ledger.stamps.insert(id, state.stamp());
        }
    }

    /// A record that the last file did not hold. One that comes back from deletion outweighs it with every field. Gives it as it is
    /// written, where undecided values came back with it.
    fn add<R: Record + serde::de::DeserializeOwned>(&mut self, record: &R) -> Option<R> {
        let dot = &self.save.dot;
        let mut state = State::of_live(record, &Stamp::new(dot));
        if let Some(deleted) = self.ledger.deleted.remove(record.key()) {
            state.see(&deleted.stamp);
        }
        state.keep(dot);
        self.ledger.stamps.insert((R::KIND, record.key().clone()), state.stamp());
        self.used = true;
        undecided_as(record, &state, &self.ledger.base.texts)
    }

    /// A record that differs. Undecided values that come back, as undo brings them, are written anew: others may have seen the decision.
    fn change<R: Record + serde::de::DeserializeOwned>(&mut self, before: &R, now: &R) -> Option<R> {
        let purged: Vec<&CompactString> = self.save.purges.iter().filter(|(key, _)| key == now.key()).map(|(_, field)| field).collect();
        if purged.is_empty() && before == now {
            return None;
        }
        let (old, new) = (fields::fields(before), fields::fields(now));
        let differs = |field: &&CompactString| old.get(*field) != new.get(*field);
        let mut changed: BTreeSet<&str> = old.keys().chain(new.keys()).filter(differs).map(CompactString::as_str).collect();
        let undecided = |record: &R, field: &str| -> Option<BTreeSet<Option<Box<str>>>> {
            let pairs = fields::undecided(record.conflicts().get(field)?).ok()?;
            Some(pairs.into_iter().map(|(_, value)| value).collect())
        };
        let both = before.conflicts().iter().chain(now.conflicts().iter()).map(|(field, _)| field);
        let reopened: BTreeSet<&str> = both.filter(|field| undecided(before, field) != undecided(now, field)).collect();
        changed.extend(reopened.iter().copied());
        changed.extend(purged.iter().map(|field| field.as_str()));
        // A question that is as open as it was shows whichever value: that is no answer.
        changed.retain(|field| purged.iter().any(|purged| purged == field) || reopened.contains(field) || undecided(now, field).is_none());
        if changed.is_empty() {
            let stamp = self.ledger.stamps.get(&(R::KIND, before.key().clone()))?;
            return undecided_as(now, &State::of_live(before, stamp), &self.ledger.base.texts);
        }
        let dot = &self.save.dot;
        let stamp = self.ledger.stamps.remove(&(R::KIND, before.key().clone())).unwrap_or_default();
        let mut state = State::of_live(before, &stamp);
        for field in changed.iter().copied().filter(|field| *field != GONE) {
            let values = match undecided(now, field) {
                Some(values) if reopened.contains(field) => values,
                _ => BTreeSet::from([new.get(field).cloned()]),
            };
            state.write(field, dot, values);
        }
        if reopened.contains(GONE) && now.conflicts().get(GONE).is_none() {
            state.keep(dot);
        }
        for field in purged {
            state.purge(field, dot);
        }
        self.used = true;
        self.ledger.stamps.insert((R::KIND, now.key().clone()), state.stamp());
        // The deletion that undo brought back is not written: the record stays until somebody deletes it again.
        undecided_as(now, &state, &self.ledger.base.texts)
    }

    /// A deletion is a write too: it holds what the deleter had seen.
    fn delete<R: Record>(&mut self, record: &R) {
        let Some(stamp) = self.ledger.stamps.remove(&(R::KIND, record.key().clone())) else { return };
        let mut state = State::of_live(record, &stamp);
        let all = fields::fields(record);
        let undecided = record.conflicts().get("kind").and_then(|raw| fields::undecided(raw).ok()).unwrap_or_default();
        let kinds = undecided.iter().filter_map(|(_, kind)| kind.as_deref()).chain(all.get("kind").map(|kind| &**kind));
        // Of a source that only some call unnamed, nothing is let out.
        let is_unnamed = kinds
            .map(|kind| kind.trim_matches('"'))
            .any(|word| SourceKind::ALL.iter().any(|kind| kind.word() == word && kind.is_anonymous()));
        state.delete(&self.save.dot, |field| self.stays(R::KIND, field, is_unnamed, &all));
        self.used = true;
        self.ledger.deleted.insert(record.key().clone(), state.deleted());
    }

    /// Whether a field stays in the file when its record is deleted. Free text that people wrote goes, and how an unnamed source was
    /// called; what others need, who used the record meanwhile, stays.
    fn stays(&self, kind: Kind, field: &str, is_unnamed: bool, all: &fields::Fields) -> bool {
        match kind {
            Kind::Annotation => match field.strip_prefix("attributes.") {
                Some(key) => self.is_closed_attribute(all.get("label").map_or("", |label| label.trim_matches('"')), key),
                None => matches!(field, "document" | "label" | PLACE | "source" | "by"),
            },
            Kind::Source => field == "kind" || (field == "alias" && !is_unnamed),
            Kind::Relation => matches!(field, "kind" | "from" | "to" | "by"),
            Kind::Decision => matches!(field, "document" | "source" | "after" | "from" | "to" | "policy" | "by" | "role" | "at"),
            Kind::Comment => matches!(field, "on" | "resolved" | "by" | "at"),
            Kind::Omission => matches!(field, "document" | PLACE | "by"),
            Kind::Project | Kind::Person | Kind::Label | Kind::RelationKind | Kind::Policy | Kind::Document => true,
        }
    }

    /// Free text goes with the deletion, words from a closed list stay.
    fn is_closed_attribute(&self, label: &str, key: &str) -> bool {
        let attribute = self.before.labels.get(&label.into()).and_then(|label| label.attribute(key));
        attribute.is_some_and(|attribute| !attribute.values.is_empty())
    }
}
