//! What is journalled of an open project, so that a crash loses nothing, and how it comes back.
//!
//! A journal holds records after each edit, by id, and beside the first mention of each what the project's file had of it, with its
//! stamps. So what was not saved is a file of its own that knows what it has seen, and comes back by the same join as a colleague's.

use super::Session;
use crate::{
    edit::{Change, Swap, Transaction},
    merge::{Ledger, Save},
    model::{Deleted, Dot, Key, Kind, Person, Project, ProjectInfo, Record, Stamp, Stamped, Text, fields, record::Line},
    store::{
        StoreError,
        journal::{self, Log},
    },
};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The first entry: whose journal it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// The version of the journal.
    journal: u32,
    /// The project's title when the journal was begun.
    pub title: String,
    /// Where the project is, once it is on the disk. The journal never leaves the user's own folder.
    pub path: Option<PathBuf>,
    /// When the journal was begun, UTC.
    pub minute: String,
    /// Who worked.
    person: Option<Person>,
    /// The project's own record with its stamp.
    info: Box<RawValue>,
}

/// A record after an edit.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    kind: Kind,
    id: Key,
    /// The record with its stamp as the file has it, at its first mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Box<RawValue>>,
    /// What the file has of it when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grave: Option<Box<RawValue>>,
    /// The record; missing once it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Box<RawValue>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    Records(Vec<Entry>),
    Text { id: Key, content: String },
    Purged { record: Key, field: CompactString },
}

/// All that a journal begins with: taken on the UI thread, which costs nothing, and written on another.
#[derive(Debug)]
pub struct JournalStart {
    project: Project,
    ledger: Arc<Ledger>,
    purges: Vec<(Key, CompactString)>,
    header: Header,
}

/// Steps that were made and are not journalled yet: each with whether it was taken back.
pub type Steps = Vec<(Arc<Transaction>, bool)>;

impl Session {
    /// Keeps steps for the journal from now on, and gives what it begins with.
    pub fn begin_journal(&mut self) -> JournalStart {
        self.steps = Some(Steps::new());
        let empty = Stamp::default();
        let base = &*self.on_disk.base.info;
        let stamp = self.on_disk.stamps.get(&(Kind::Project, base.key().clone())).unwrap_or(&empty);
        JournalStart {
            project: self.project.clone(),
            ledger: Arc::clone(&self.on_disk),
            purges: self.purges.clone(),
            header: Header {
                journal: 1,
                title: self.project.info.title.clone(),
                path: self.path.clone(),
                minute: self.minute(),
                person: self.person().cloned(),
                info: raw(&Line(base, stamp)),
            },
        }
    }

    /// The steps since the last call. Empty while no journal is kept.
    pub fn take_steps(&mut self) -> Steps {
        self.steps.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// A recovered project that was never saved.
    pub fn from_recovered(recovered: &Recovered, mut environment: super::WorkEnvironment) -> Self {
        let key = environment.session_key();
        let blank = Ledger::new(Project::new(ProjectInfo::clone(&recovered.ledger.base.info)));
        let mut session = Self::with(recovered.ledger.base.unshared(), Arc::new(blank), environment, key);
        session.history.mark_unsaved();
        session
    }
}

/// Records serialize to JSON.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Writes the journal of one session. Lives on a thread of its own.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    header: Header,
    ledger: Arc<Ledger>,
    purges: Vec<(Key, CompactString)>,
    log: Option<Log>,
    /// What is written before the first edit.
    first: Vec<Change>,
    /// Records whose state in the file the journal holds already.
    mentioned: BTreeSet<(Kind, Key)>,
}

impl Recorder {
    /// A journal in the folder of the user's data. No file is made before there is something to write. What is not in the project's
    /// file yet, as in a project that was never saved, is written at once; an earlier journal of this path is replaced.
    pub fn begin(data: &Path, name: &Key, start: JournalStart) -> Result<Self, StoreError> {
        let path = journal::folder(data).join(format!("{name}.log"));
        let JournalStart { project, ledger, purges, header } = start;
        let mut recorder = Self { path, header, ledger, purges, log: None, first: Vec::new(), mentioned: BTreeSet::new() };
        let mut changes = crate::edit::change::changes_between(&recorder.ledger.base, &project);
        // A purge counts also where nothing else differs from the file.
        let purged: BTreeSet<Key> = recorder.purges.iter().map(|(record, _)| record.clone()).collect();
        changes.extend(purged.iter().filter_map(|record| untouched(&recorder.ledger.base, &project, record)));
        // The labels of a new project are nothing to lose: they go with the first edit.
        let is_work =
            recorder.header.path.is_some() || changes.iter().any(|change| !matches!(change, Change::Label(_) | Change::RelationKind(_)));
        if is_work {
            let events = recorder.events(changes.iter().map(|change| (change, false)));
            recorder.write(&events)?;
            if events.is_empty() {
                journal::forget(&recorder.path);
            }
        } else {
            recorder.first = changes;
        }
        Ok(recorder)
    }

    /// Journals steps.
    pub fn record(&mut self, steps: &Steps) -> Result<(), StoreError> {
        let first = std::mem::take(&mut self.first);
        let mut changes: Vec<(&Change, bool)> = first.iter().map(|change| (change, false)).collect();
        for (step, undone) in steps {
            let of_step = step.changes.iter().map(|change| (change, *undone));
            if *undone { changes.extend(of_step.rev()) } else { changes.extend(of_step) }
        }
        let events = self.events(changes.into_iter());
        self.write(&events)
    }

    /// Waits until the disk has it.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.log.as_mut().map_or(Ok(()), Log::sync)
    }

    /// Takes the journal away: the project's file has everything, or the user wants none of it.
    pub fn remove(self) {
        drop(self.log);
        journal::forget(&self.path);
    }

    fn write(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<String> = events.iter().map(json).collect();
        if let Some(log) = &mut self.log {
            return log.append(&lines);
        }
        lines.insert(0, json(&self.header));
        self.log = Some(Log::create(&self.path, &lines)?);
        Ok(())
    }

    fn events<'c>(&mut self, changes: impl Iterator<Item = (&'c Change, bool)>) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        let mut entries = Vec::new();
        for (change, undone) in changes {
            macro_rules! entry {
                ($swap:ident) => {
                    entries.push(self.entry($swap, undone))
                };
            }
            match change {
                Change::Info { before, after } => {
                    let info = if undone { before } else { after };
                    let id = info.key().clone();
                    entries.push(Entry { kind: Kind::Project, id, base: None, grave: None, after: Some(raw(&**info)) });
                }
                Change::Text(swap) => {
                    if let (_, Some(text)) = swap.sides(undone) {
                        events.push(Event::Text { id: text.id.key().clone(), content: text.content.to_string() });
                    }
                }
                Change::Person(swap) => entry!(swap),
                Change::Label(swap) => entry!(swap),
                Change::RelationKind(swap) => entry!(swap),
                Change::Policy(swap) => entry!(swap),
                Change::Document(swap) => entry!(swap),
                Change::Source(swap) => entry!(swap),
                Change::Annotation(swap) => entry!(swap),
                Change::Relation(swap) => entry!(swap),
                Change::Decision(swap) => entry!(swap),
                Change::Comment(swap) => entry!(swap),
                Change::Omission(swap) => entry!(swap),
            }
        }
        let purged = std::mem::take(&mut self.purges);
        events.extend(purged.into_iter().map(|(record, field)| Event::Purged { record, field }));
        if !entries.is_empty() {
            events.push(Event::Records(entries));
        }
        events
    }

    fn entry<R: Record + serde::de::DeserializeOwned + crate::edit::change::Changeable>(&mut self, swap: &Swap<R>, undone: bool) -> Entry {
        let (_, after) = swap.sides(undone);
        let id = swap.id.key().clone();
        let (mut base, mut grave) = (None, None);
        if self.mentioned.insert((R::KIND, id.clone())) {
            let stamp = self.ledger.stamps.get(&(R::KIND, id.clone()));
            if let (Some(record), Some(stamp)) = (R::table(&self.ledger.base).get(&swap.id), stamp) {
                base = Some(self.without_purged(&**record, stamp));
            }
            grave = self.ledger.deleted.get(&id).map(raw);
        }
        Entry { kind: R::KIND, id, base, grave, after: after.map(|record| raw(&Line(&**record, &Stamp::default()))) }
    }

    /// A record as the file has it, but for what was purged since.
    fn without_purged<R: Record + serde::de::DeserializeOwned>(&self, record: &R, stamp: &Stamp) -> Box<RawValue> {
        let purged: Vec<&str> = self.purges.iter().filter(|(key, _)| key == record.key()).map(|(_, field)| field.as_str()).collect();
        if purged.is_empty() {
            return raw(&Line(record, stamp));
        }
        let all = fields::fields(record);
        let kept = all.iter().filter(|(field, _)| !purged.contains(&field.as_str()));
        let conflicts = purged.iter().fold(record.conflicts().clone(), |conflicts, field| conflicts.without(field));
        let record = fields::record_of::<R>(record.key(), kept.map(|(field, value)| (field.as_str(), value.as_ref())), &conflicts);
        record.map_or_else(|_| RawValue::NULL.to_owned(), |record| raw(&Line(&record, stamp)))
    }
}

/// A record that people write about, as the file and the project have it, where they are the same.
fn untouched(base: &Project, now: &Project, record: &Key) -> Option<Change> {
    fn same<R: crate::edit::change::Changeable + PartialEq>(base: &Project, now: &Project, record: &Key) -> Option<Change> {
        let id = record.clone().into();
        let (before, after) = (R::table(base).get(&id)?, R::table(now).get(&id)?);
        (before == after).then(|| R::change(Swap { id, before: Some(Arc::clone(before)), after: Some(Arc::clone(after)) }))
    }
    same::<crate::model::Annotation>(base, now, record)
        .or_else(|| same::<crate::model::Source>(base, now, record))
        .or_else(|| same::<crate::model::Decision>(base, now, record))
        .or_else(|| same::<crate::model::Comment>(base, now, record))
}

/// What a journal holds, as a file that can be joined.
#[derive(Debug)]
pub struct Recovered {
    /// Whose journal it was.
    pub header: Header,
    /// The records that were touched: as the file had them, and stamped as by one more save.
    pub ledger: Arc<Ledger>,
    /// Number of records that were touched.
    pub records: usize,
}

/// Reads a journal. `session` is a fresh key. `None` when not even its first entry is whole.
pub fn recover(bytes: &[u8], session: &Key) -> Option<Recovered> {
    let mut lines = journal::entries(bytes).into_iter();
    let header: Header = serde_json::from_str(lines.next()?).ok().filter(|header: &Header| header.journal == 1)?;
    let info: Stamped<ProjectInfo> = serde_json::from_str(header.info.get()).ok()?;
    let mut ledger = Ledger::new(Project::new(info.record));
    if !info.stamp.vector.is_empty() {
        ledger.stamps.insert((Kind::Project, ledger.base.info.key().clone()), info.stamp);
    }
    let mut read = Read { now: ledger.base.clone(), ledger };
    let mut purges = Vec::new();
    let mut touched: BTreeSet<(Kind, Key)> = BTreeSet::new();
    for line in lines {
        // An entry that is whole and cannot be read was written by another version: what stands before it still counts.
        let Ok(event) = serde_json::from_str::<Event>(line) else { break };
        match event {
            Event::Text { id, content } => {
                let text = Text::new(content);
                if *text.id.key() == id {
                    read.now.texts.set(&text.id.clone(), Some(Arc::new(text)));
                }
            }
            Event::Purged { record, field } => purges.push((record, field)),
            Event::Records(entries) => {
                for entry in entries {
                    touched.insert((entry.kind, entry.id.clone()));
                    read.entry(entry)?;
                }
            }
        }
    }
    let person = header.person.as_ref().map(|person| person.id.clone());
    let save = Save { dot: Dot { session: session.clone(), save: 1 }, person, purges };
    let (ledger, _) = read.ledger.stamped(&read.now, &save);
    Some(Recovered { header, ledger: Arc::new(ledger), records: touched.len() })
}

/// A journal as far as it is read: what the file had, and what it became.
struct Read {
    ledger: Ledger,
    now: Project,
}

impl Read {
    fn entry(&mut self, entry: Entry) -> Option<()> {
        let Entry { kind, id, base, grave, after } = entry;
        if let Some(grave) = grave {
            let deleted: Deleted = serde_json::from_str(grave.get()).ok()?;
            self.ledger.deleted.insert(id.clone(), deleted);
        }
        macro_rules! apply {
        ($($kind:ident $table:ident,)*) => {
            match kind {
                Kind::Project => self.now.info = Arc::new(serde_json::from_str(after?.get()).ok()?),
                $(Kind::$kind => {
                    if let Some(base) = base {
                        let base: Stamped<crate::model::$kind> = serde_json::from_str(base.get()).ok()?;
                        self.ledger.stamps.insert((kind, id.clone()), base.stamp);
                        self.ledger.base.$table.set(&id.clone().into(), Some(Arc::new(base.record)));
                    }
                    let after = match after {
                        Some(after) => Some(Arc::new(serde_json::from_str(after.get()).ok()?)),
                        None => None,
                    };
                    self.now.$table.set(&id.into(), after);
                })*
            }
        };
    }
        apply!(
            Person persons, Label labels, RelationKind relation_kinds, Policy policies, Document documents, Source sources,
            Annotation annotations, Relation relations, Decision decisions, Comment comments, Omission omissions,
        );
        Some(())
    }
}
