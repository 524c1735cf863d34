//! Takes what somebody wrote about a record out of the project and out of every step of undo. It cannot be undone itself: that is its
//! purpose. Which fields are such text is told by [`free_text`] alone.

use super::{Change, EditError, History, Swap, Transaction, change::Changeable};
use crate::{
    model::{Key, Kind, Label, Project, ProjectInfo, Record, Table, fields, free_text, project::each_table},
    review::Answers,
};
use compact_str::CompactString;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What stands where a comment was, so that its answers keep their place.
pub const PURGED: &str = "(purged)";

/// What a purge took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// What the record is.
    pub kind: Kind,
    /// Every field that a colleague's copy must not bring back, as a join names them.
    pub fields: BTreeSet<CompactString>,
    /// Those that held something: here, undecided, or in a step of undo.
    pub held: BTreeSet<CompactString>,
}

impl Purged {
    /// What was taken, in words: `purge note and evidence of the annotation`.
    pub fn title(&self) -> String {
        let kind = self.kind.word().replace('_', " ");
        let mut names: Vec<String> = self.held.iter().map(|field| fields::name(field)).collect();
        match names.pop() {
            None => format!("purge nothing of the {kind}: names, titles, definitions and words of lists stay"),
            Some(only) if names.is_empty() => format!("purge {only} of the {kind}"),
            Some(last) => format!("purge {} and {last} of the {kind}", names.join(", ")),
        }
    }
}

/// One purge under way.
struct Purge<'p> {
    labels: &'p Table<Label>,
    purged: Purged,
    /// What an unnamed source was called before: titles of steps may name it so.
    names: BTreeSet<String>,
}

/// Purges all text that people wrote about a record, undecided values too, and gives what it took. A source keeps the name that it has
/// now: it was read by whoever purges.
pub fn purge(project: &mut Project, history: &mut History, record: &Key) -> Result<Purged, EditError> {
    let missing = || EditError::Missing { kind: "record", id: record.clone() };
    let kind = kind_of(project, history, record).ok_or_else(missing)?;
    let current = project.sources.get(&record.clone().into());
    if current.is_some_and(|source| source.conflicts.get(ALIAS).is_some()) {
        let what = "colleagues call this source differently, and a purge keeps one name: decide which first";
        return Err(EditError::BadValue { what: what.to_owned() });
    }
    let current = current.map(|source| source.alias.clone());
    let labels = project.labels.clone();
    let mut purge =
        Purge { labels: &labels, purged: Purged { kind, fields: BTreeSet::new(), held: BTreeSet::new() }, names: BTreeSet::new() };
    if kind == Kind::Project {
        project.info = Arc::new(purge.without(&*project.info, None)?);
    }
    macro_rules! tables {
        ($($table:ident)*) => {
            $(purge.here(&mut project.$table, record)?;)*
        };
    }
    each_table!(tables);
    history.rewrite(|step| purge.step(project, step, record));
    let names: Vec<String> = purge.names.into_iter().filter(|name| Some(name) != current.as_ref() && !name.is_empty()).collect();
    history.rewrite(|step| {
        let tells = names.iter().any(|name| step.title.contains(name.as_str()));
        tells.then(|| Transaction { title: UNTITLED.to_owned(), ..step.clone() })
    });
    history.forget_saved();
    Ok(purge.purged)
}

/// The words that a purge of a record would take from the project now, so that whoever shows them can stop.
pub fn words_of(project: &Project, record: &Key) -> BTreeSet<String> {
    fn collect<R: Record>(table: &Table<R>, record: &Key, labels: &Table<Label>, found: &mut BTreeSet<String>) {
        let Some(known) = table.get(&record.clone().into()) else { return };
        let all = fields::fields(&**known);
        for field in free_text::written_in(&**known, labels) {
            let open = known.conflicts().get(&field).and_then(|raw| fields::undecided(raw).ok()).unwrap_or_default();
            let open = open.into_iter().filter_map(|(_, json)| json);
            for json in all.get(&field).cloned().into_iter().chain(open) {
                strings(serde_json::from_str(&json).unwrap_or_default(), found);
            }
        }
    }
    let mut found = BTreeSet::new();
    macro_rules! tables {
        ($($table:ident)*) => {
            $(collect(&project.$table, record, &project.labels, &mut found);)*
        };
    }
    each_table!(tables);
    found
}

/// Every string in a value that is more than a letter.
fn strings(value: serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(words) if words.trim().chars().nth(1).is_some() => drop(found.insert(words.trim().to_owned())),
        serde_json::Value::Array(all) => all.into_iter().for_each(|one| strings(one, found)),
        serde_json::Value::Object(all) => all.into_iter().for_each(|(_, one)| strings(one, found)),
        _ => {}
    }
}

/// The title of a step that held what was purged: the old one may tell it.
const UNTITLED: &str = "edit";

/// What the record is, in the project or in a step of undo.
fn kind_of(project: &Project, history: &History, record: &Key) -> Option<Kind> {
    fn here<R: Record>(table: &Table<R>, record: &Key) -> Option<Kind> {
        table.contains(&record.clone().into()).then_some(R::KIND)
    }
    if project.info.key() == record {
        return Some(Kind::Project);
    }
    let mut found = None;
    macro_rules! tables {
        ($($table:ident)*) => {
            $(found = found.or_else(|| here(&project.$table, record));)*
        };
    }
    each_table!(tables);
    found.or_else(|| history.steps().flat_map(|step| &step.changes).find_map(|change| changed_kind(change, record)))
}

macro_rules! each_swap {
    ($change:expr, $swap:ident => $then:expr, $info:pat => $of_info:expr, $text:expr) => {
        match $change {
            Change::Person($swap) => $then,
            Change::Label($swap) => $then,
            Change::RelationKind($swap) => $then,
            Change::Document($swap) => $then,
            Change::Source($swap) => $then,
            Change::Annotation($swap) => $then,
            Change::Relation($swap) => $then,
            Change::Omission($swap) => $then,
            Change::Policy($swap) => $then,
            Change::Decision($swap) => $then,
            Change::Comment($swap) => $then,
            $info => $of_info,
            Change::Text(_) => $text,
        }
    };
}

fn changed_kind(change: &Change, record: &Key) -> Option<Kind> {
    fn of<R: Record>(swap: &Swap<R>, record: &Key) -> Option<Kind> {
        (swap.id.key() == record).then_some(R::KIND)
    }
    each_swap!(change, swap => of(swap, record), Change::Info { .. } => None, None)
}

impl Purge<'_> {
    /// Purges the record where it stands.
    fn here<R: Record + DeserializeOwned>(&mut self, table: &mut Table<R>, record: &Key) -> Result<(), EditError> {
        let id = record.clone().into();
        let Some(known) = table.get(&id).filter(|_| self.purged.kind == R::KIND) else { return Ok(()) };
        let purged = self.without(&**known, Some(known))?;
        table.set(&id, Some(Arc::new(purged)));
        Ok(())
    }

    /// A record without what was written. `now` is the record as the project has it.
    fn without<R: Record + DeserializeOwned>(&mut self, record: &R, now: Option<&R>) -> Result<R, EditError> {
        let written = free_text::written_in(record, self.labels);
        let mut all = fields::fields(record);
        let mut conflicts = record.conflicts().clone();
        let now = now.map(fields::fields);
        for field in &written {
            if R::KIND == Kind::Source && field == ALIAS {
                self.names.extend(all.get(ALIAS).and_then(|alias| serde_json::from_str::<String>(alias).ok()));
                let undecided = record.conflicts().get(ALIAS).and_then(|raw| fields::undecided(raw).ok()).unwrap_or_default();
                let earlier = undecided.into_iter().filter_map(|(_, alias)| serde_json::from_str::<String>(&alias?).ok());
                self.names.extend(earlier);
            }
            let before = all.remove(field);
            let left = before.as_deref().and_then(|json| blank(R::KIND, field, json));
            let kept = now.as_ref().and_then(|now| now.get(field)).filter(|_| field == ALIAS).cloned();
            let after = kept.or(left);
            if conflicts.get(field).is_some() || before != after {
                self.purged.held.insert(field.clone());
            }
            all.extend(after.map(|json| (field.clone(), json)));
            conflicts = conflicts.without(field);
        }
        // The name stays, so a colleague who renames the source meanwhile is not overruled.
        self.purged.fields.extend(written.into_iter().filter(|field| R::KIND != Kind::Source || field != ALIAS));
        fields::record_of(record.key(), all.iter().map(|(field, json)| (field.as_str(), json.as_ref())), &conflicts)
            .map_err(|error| EditError::BadValue { what: format!("the {} cannot be purged: {error}", R::KIND.word()) })
    }

    /// A step of undo without what was written about the record; `None` when it holds nothing of it.
    fn step(&mut self, project: &Project, step: &Transaction, record: &Key) -> Option<Transaction> {
        let mut touched = false;
        let mut changes = Vec::with_capacity(step.changes.len());
        for change in &step.changes {
            changes.push(each_swap!(
                change,
                swap => self.swap(swap, project, record, &mut touched),
                Change::Info { before, after } => {
                    let is_it = self.purged.kind == Kind::Project && before.key() == record;
                    touched |= is_it;
                    let mut side = |side: &Arc<ProjectInfo>| {
                        if is_it { self.without(&**side, None).map_or_else(|_| Arc::clone(&project.info), Arc::new) } else { Arc::clone(side) }
                    };
                    Change::Info { before: side(before), after: side(after) }
                },
                change.clone()
            ));
        }
        // A title may name a source as it was called then.
        touched.then(|| Transaction { title: UNTITLED.to_owned(), changes, ..step.clone() })
    }

    fn swap<R: Record + DeserializeOwned + Changeable>(
        &mut self,
        swap: &Swap<R>,
        project: &Project,
        record: &Key,
        touched: &mut bool,
    ) -> Change {
        if swap.id.key() != record {
            return R::change(swap.clone());
        }
        *touched = true;
        let now = R::table(project).get(&swap.id);
        let mut side = |side: &Option<Arc<R>>| {
            let known = side.as_ref()?;
            // What cannot be purged is as the project has it: nothing of it may stay.
            self.without(&**known, now.map(|now| &**now)).map_or_else(|_| now.cloned(), |purged| Some(Arc::new(purged)))
        };
        R::change(Swap { id: swap.id.clone(), before: side(&swap.before), after: side(&swap.after) })
    }
}

const ALIAS: &str = "alias";

/// What stands in a field after the purge; `None` empties it. What a record cannot be without stays as a mark, and of answers, earlier
/// texts and checks that are switched off only what was written beside them goes.
fn blank(kind: Kind, field: &str, json: &str) -> Option<Box<str>> {
    fn to_json(value: &impl Serialize) -> Option<Box<str>> {
        serde_json::to_string(value).ok().map(Into::into)
    }
    match (kind, field) {
        (Kind::Comment, "text") | (Kind::Source, ALIAS) => to_json(&PURGED),
        (Kind::Decision, "answers") => {
            let mut answers: Answers = serde_json::from_str(json).ok()?;
            answers.0.values_mut().for_each(|answered| answered.note.clear());
            to_json(&answers)
        }
        (Kind::Document, "revisions") => {
            let mut revisions: Vec<crate::model::Revision> = serde_json::from_str(json).ok()?;
            for revision in &mut revisions {
                revision.reason.clear();
                revision.extra = crate::model::Extra::default();
            }
            to_json(&revisions)
        }
        (Kind::Project, "checks_off") => {
            let off: BTreeMap<String, serde_json::Value> = serde_json::from_str(json).ok()?;
            to_json(&off.into_keys().map(|rule| (rule, PURGED)).collect::<BTreeMap<_, _>>())
        }
        _ => None,
    }
}
