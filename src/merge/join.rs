//! The join of two files over all records. Nothing is decided by clocks, nothing depends on the order in which files meet.

use super::{Ledger, State, ledger::Stamps};
use crate::model::{
    Deleted, Id, Key, Kind, Project, Record, SessionRecord, Table, Text,
    fields::GONE,
    project::each_table,
    references::{self, Refers as _},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Why two files are not joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// They hold different projects.
    #[error("these are two different projects, “{ours}” and “{theirs}”")]
    OtherProject {
        /// The title of the one.
        ours: String,
        /// The title of the other.
        theirs: String,
    },
}

impl JoinError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::OtherProject { .. } => "Only copies of one project can be joined. Open the other one by itself.",
        }
    }
}

/// Joins two files: every value stays that nobody has overwritten. Commutative, associative, idempotent; an older copy adds nothing.
///
/// Takes time by the number of records, hence runs off the UI thread.
pub fn join(ours: &Ledger, theirs: &Ledger) -> Result<Ledger, JoinError> {
    if ours.base.info.id != theirs.base.info.id {
        let (ours, theirs) = (ours.base.info.title.clone(), theirs.base.info.title.clone());
        return Err(JoinError::OtherProject { ours, theirs });
    }
    if ours == theirs {
        return Ok(ours.clone());
    }
    let mut joining = Joining {
        ours,
        theirs,
        texts: texts(&ours.base.texts, &theirs.base.texts),
        stamps: Stamps::new(),
        deleted: BTreeMap::new(),
        dead: BTreeSet::new(),
    };
    joining.purged_and_unknown();
    let mut base = Project { info: joining.info(), ..Project::new((*ours.base.info).clone()) };
    base.texts = joining.texts.clone();
    macro_rules! tables {
        ($($table:ident)*) => {
            $(base.$table = joining.table(&ours.base.$table, &theirs.base.$table);)*
        };
    }
    each_table!(tables);
    let mut base = joining.revive(base);
    base.extra = ours.base.extra.clone();
    for (key, value) in theirs.base.extra.iter() {
        // Of two values that this version cannot read the larger is taken: any rule that does not depend on the order will do.
        if base.extra.get(key).is_none_or(|known| known.get() < value.get()) {
            base.extra = base.extra.without(key);
            base.extra.insert(key.into(), value.clone());
        }
    }
    let mut sessions = ours.sessions.clone();
    for (key, session) in &theirs.sessions {
        let other = |known: &SessionRecord| serde_json::to_string(known).ok() < serde_json::to_string(session).ok();
        if sessions.get(key).is_none_or(other) {
            sessions.insert(key.clone(), session.clone());
        }
    }
    Ok(Ledger { base, stamps: joining.stamps, deleted: joining.deleted, sessions })
}

fn texts(ours: &Table<Text>, theirs: &Table<Text>) -> Table<Text> {
    let mut all: BTreeMap<Id<Text>, Arc<Text>> = ours.iter().map(|text| (text.id.clone(), Arc::clone(text))).collect();
    for text in theirs.iter() {
        // A text is named by its hash: two different ones mean that one was damaged.
        let rank = |text: &Text| (Text::id_of(&text.content) == text.id, Arc::clone(&text.content));
        let better = |known: &Arc<Text>| known.content != text.content && rank(known) < rank(text);
        if all.get(&text.id).is_none_or(better) {
            all.insert(text.id.clone(), Arc::clone(text));
        }
    }
    all.into_iter().collect()
}

struct Joining<'l> {
    ours: &'l Ledger,
    theirs: &'l Ledger,
    texts: Table<Text>,
    stamps: Stamps,
    deleted: BTreeMap<Key, Deleted>,
    /// Deleted records that come back when a live one refers to them.
    dead: BTreeSet<(Kind, Key)>,
}

impl Joining<'_> {
    /// Records that were purged as a whole, which wins over everything, and deleted records of kinds that this version does not know.
    fn purged_and_unknown(&mut self) {
        for (key, deleted) in self.ours.deleted.iter().chain(&self.theirs.deleted) {
            let known = Kind::ALL.iter().any(|kind| kind.word() == deleted.kind);
            if known && !deleted.purged {
                continue;
            }
            let rank = |deleted: &Deleted| (deleted.purged, serde_json::to_string(deleted).unwrap_or_default());
            if self.deleted.get(key).is_none_or(|other| rank(other) < rank(deleted)) {
                self.deleted.insert(key.clone(), deleted.clone());
            }
        }
    }

    fn info(&mut self) -> Arc<crate::model::ProjectInfo> {
        let key = (Kind::Project, self.ours.base.info.key().clone());
        let stamp = |ledger: &Ledger| ledger.stamps.get(&key).cloned().unwrap_or_default();
        let (here, there) = (stamp(self.ours), stamp(self.theirs));
        let state = State::of_live(&*self.ours.base.info, &here).join(&State::of_live(&*self.theirs.base.info, &there));
        if self.ours.base.info == self.theirs.base.info && here == there {
            self.stamps.insert(key, here);
            return Arc::clone(&self.ours.base.info);
        }
        self.stamps.insert(key, state.stamp());
        // A project is never deleted, so each of its fields has a value of one of the two.
        state.record(&self.texts).map_or_else(|_| Arc::clone(&self.ours.base.info), Arc::new)
    }

    fn table<R: Record + serde::de::DeserializeOwned>(&mut self, ours: &Table<R>, theirs: &Table<R>) -> Table<R> {
        let mut live: Vec<(Id<R>, Arc<R>)> = Vec::with_capacity(ours.len().max(theirs.len()));
        let (mut here, mut there) = (ours.iter().peekable(), theirs.iter().peekable());
        loop {
            let key = match (here.peek(), there.peek()) {
                (None, None) => break,
                (Some(one), None) | (None, Some(one)) => one.key().clone(),
                (Some(one), Some(other)) => one.key().min(other.key()).clone(),
            };
            let (one, other) = (here.next_if(|one| *one.key() == key), there.next_if(|other| *other.key() == key));
            if let Some(record) = self.record(&key, one, other) {
                live.push((key.into(), record));
            }
        }
        self.both_deleted::<R>();
        live.into_iter().collect()
    }

    /// What becomes of a record that is live in one of the files.
    fn record<R: Record + serde::de::DeserializeOwned>(
        &mut self,
        key: &Key,
        here: Option<&Arc<R>>,
        there: Option<&Arc<R>>,
    ) -> Option<Arc<R>> {
        if self.deleted.get(key).is_some_and(|deleted| deleted.purged) {
            return None;
        }
        let id = (R::KIND, key.clone());
        let (ours, theirs) = (self.ours, self.theirs);
        let stamp = |ledger: &Ledger| ledger.stamps.get(&id).cloned().unwrap_or_default();
        let grave = |ledger: &Ledger| ledger.deleted.get(key).and_then(State::of_deleted).filter(|state| state.kind() == R::KIND);
        // Lives only while others refer to it, which may have changed.
        let is_flagged = |record: &R| record.conflicts().get(GONE).is_some();
        let state = match (here, there) {
            (Some(one), Some(other)) => {
                let (mine, yours) = (stamp(ours), stamp(theirs));
                if mine == yours && (Arc::ptr_eq(one, other) || one == other) && !is_flagged(one) {
                    self.stamps.insert(id, mine);
                    return Some(Arc::clone(one));
                }
                State::of_live(&**one, &mine).join(&State::of_live(&**other, &yours))
            }
            (Some(one), None) | (None, Some(one)) => {
                let (holder, other) = if here.is_some() { (ours, theirs) } else { (theirs, ours) };
                let stamp = stamp(holder);
                match grave(other) {
                    Some(dead) => State::of_live(&**one, &stamp).join(&dead),
                    None if is_flagged(one) => State::of_live(&**one, &stamp),
                    None => {
                        self.stamps.insert(id, stamp);
                        return Some(Arc::clone(one));
                    }
                }
            }
            (None, None) => return None,
        };
        if !state.is_dead()
            && let Ok(record) = state.record::<R>(&self.texts)
        {
            self.stamps.insert(id, state.stamp());
            // Sharing the record of one side saves memory and tells later that it did not change.
            let record = Arc::new(record);
            let same = [here, there].into_iter().flatten().find(|side| ***side == *record);
            return Some(same.map_or(record, Arc::clone));
        }
        self.bury(&id, state.deleted());
        None
    }

    /// Records of a kind that both files have deleted, or one has and the other never held.
    fn both_deleted<R: Record>(&mut self) {
        let is_of_kind = |deleted: &&Deleted| deleted.kind == R::KIND.word() && !deleted.purged;
        let (ours, theirs) = (self.ours, self.theirs);
        for deleted in ours.deleted.values().chain(theirs.deleted.values()).filter(is_of_kind) {
            let id = (R::KIND, deleted.id.clone());
            if self.stamps.contains_key(&id) || self.deleted.contains_key(&deleted.id) {
                continue;
            }
            let side = |ledger: &Ledger| ledger.deleted.get(&deleted.id).filter(is_of_kind).cloned();
            match (side(ours), side(theirs)) {
                (Some(one), Some(other)) if one != other => {
                    let states = State::of_deleted(&one).zip(State::of_deleted(&other));
                    self.bury(&id, states.map_or(one, |(one, other)| one.join(&other).deleted()));
                }
                _ => self.bury(&id, deleted.clone()),
            }
        }
    }

    fn bury(&mut self, id: &(Kind, Key), deleted: Deleted) {
        self.dead.insert(id.clone());
        self.deleted.insert(id.1.clone(), deleted);
    }

    /// Deleted records that a live one refers to live on, and those that they refer to.
    fn revive(&mut self, mut base: Project) -> Project {
        let mut wanted: BTreeSet<(Kind, Key)> = BTreeSet::new();
        let dead = std::mem::take(&mut self.dead);
        if dead.is_empty() {
            return base;
        }
        let mut note = |kind: Kind, key: &Key| {
            let id = (kind, key.clone());
            if dead.contains(&id) {
                wanted.insert(id);
            }
        };
        references::all(&base, &mut note);
        let mut done: BTreeSet<(Kind, Key)> = BTreeSet::new();
        while let Some(id) = wanted.pop_first() {
            if !done.insert(id.clone()) {
                continue;
            }
            let Some(state) = self.deleted.get(&id.1).and_then(State::of_deleted) else { continue };
            let mut more = |kind: Kind, key: &Key| {
                let id = (kind, key.clone());
                if dead.contains(&id) && !done.contains(&id) {
                    wanted.insert(id);
                }
            };
            macro_rules! revive {
                ($($kind:ident $table:ident,)*) => {
                    match id.0 {
                        $(Kind::$kind => state.record(&self.texts).ok().map(|record: crate::model::$kind| {
                            record.refers(&mut more);
                            base.$table.set(&record.id.clone(), Some(Arc::new(record)));
                        }),)*
                        Kind::Project => None,
                    }
                };
            }
            let revived = revive!(
                Person persons, Label labels, RelationKind relation_kinds, Policy policies, Document documents, Source sources,
                Annotation annotations, Relation relations, Decision decisions, Comment comments, Omission omissions,
            );
            if revived.is_some() {
                self.deleted.remove(&id.1);
                self.stamps.insert(id.clone(), state.stamp_of_live());
            }
        }
        base
    }
}
