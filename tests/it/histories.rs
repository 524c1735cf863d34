//! Laws of the join over random histories of whole sessions: every command, undo and redo, looks, merges, purges, restored copies. What
//! must be there is told by a ledger that knows of no stamps: who wrote what, knowing of what.

use onrecord::{
    edit::{Change, Command, change::changes_between},
    formats::native,
    merge::{Ledger, join},
    model::{Comment, Conflicts, Dot, Key, Kind, Person, Project, Record, fields, text_record::sha256_hex},
    session::{Session, WorkEnvironment},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::{Arc, LazyLock},
};
use tempfile::TempDir;

/// `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len())).cloned()
    }
}

type Record_ = (Kind, Key);
type Values = BTreeSet<Option<Box<str>>>;
type Known = BTreeSet<usize>;

/// What a save did to one record.
#[derive(Debug, Clone)]
enum What {
    /// A field got these values; several when a question was left open.
    Wrote(String, Values),
    /// A field may have been written anew as it was: a record that only others kept alive is written by whoever saves it.
    MayHaveWritten(String, Values),
    Deleted,
    Purged(BTreeSet<String>),
}

#[derive(Debug, Clone)]
struct Event {
    by: Key,
    of: Record_,
    what: What,
    known: Arc<Known>,
}

/// All fields of a record, each with its value, or with the values among which somebody has to decide.
fn observed<R: Record>(record: &R) -> BTreeMap<String, Values> {
    let plain = |name: &str, value: &str| if name == fields::PLACE { fields::without_quote(value) } else { value.into() };
    let mut all: BTreeMap<String, Values> =
        fields::fields(record).iter().map(|(name, value)| (name.to_string(), Values::from([Some(plain(name, value))]))).collect();
    for (name, raw) in record.conflicts().iter().filter(|(name, _)| *name != fields::GONE) {
        let values = fields::undecided(raw).unwrap().into_iter().map(|(_, value)| value.map(|value| plain(name, &value)));
        all.insert(name.to_owned(), values.collect());
    }
    all.retain(|name, values| {
        values.retain(|value| !fields::is_taken_away(R::KIND, name, value.as_deref()));
        !values.is_empty()
    });
    all
}

type Observed = BTreeMap<String, Values>;

/// A change as a reader sees it.
struct Sides {
    of: Record_,
    before: Option<Observed>,
    after: Option<Observed>,
    /// Whether a deletion was taken back.
    kept: bool,
    /// Whether the words of a place were written anew.
    requoted: bool,
}

fn sides(change: &Change) -> Option<Sides> {
    fn both<R: Record>(key: &Key, before: Option<&Arc<R>>, after: Option<&Arc<R>>) -> Sides {
        let flagged = |side: Option<&Arc<R>>| side.is_some_and(|record| record.conflicts().get(fields::GONE).is_some());
        let seen = |side: Option<&Arc<R>>| side.map(|record| observed(&**record));
        let place = |side: Option<&Arc<R>>| side.and_then(|record| fields::fields(&**record).get(fields::PLACE).cloned());
        Sides {
            of: (R::KIND, key.clone()),
            before: seen(before),
            after: seen(after),
            kept: flagged(before) && !flagged(after),
            requoted: place(before) != place(after),
        }
    }
    macro_rules! swaps {
        ($($kind:ident)*) => {
            match change {
                Change::Info { before, after } => Some(both(before.id.key(), Some(before), Some(after))),
                Change::Text(_) => None,
                $(Change::$kind(swap) => Some(both(swap.id.key(), swap.before.as_ref(), swap.after.as_ref())),)*
            }
        };
    }
    swaps!(Person Label RelationKind Policy Document Source Annotation Relation Decision Comment Omission)
}

/// A record of a project as a reader sees it; `None` where it is not there.
fn of_project(project: &Project, (kind, key): &Record_) -> Option<Observed> {
    macro_rules! tables {
        ($($kind:ident $table:ident,)*) => {
            match kind {
                Kind::Project => (project.info.id.key() == key).then(|| observed(&*project.info)),
                $(Kind::$kind => project.$table.get(&key.clone().into()).map(|record| observed(&**record)),)*
            }
        };
    }
    tables!(
        Person persons, Label labels, RelationKind relation_kinds, Policy policies, Document documents, Source sources,
        Annotation annotations, Relation relations, Decision decisions, Comment comments, Omission omissions,
    )
}

/// Labels that commands choose from.
const LABELS: [&str; 4] = ["quote", "anonymous_source", "attribution", "claim"];

/// A field that is undecided: kind, record, field and the values.
type Undecided = (Kind, Key, String, Vec<Option<Box<str>>>);

/// What is undecided.
fn undecided(project: &Project) -> Vec<Undecided> {
    let mut all = Vec::new();
    let mut note = |kind: Kind, key: &Key, conflicts: &Conflicts| {
        for (field, raw) in conflicts.iter() {
            let pairs: Vec<(Dot, _)> = fields::undecided(raw).unwrap();
            all.push((kind, key.clone(), field.to_owned(), pairs.into_iter().map(|(_, value)| value).collect()));
        }
    };
    macro_rules! tables {
        ($($table:ident)*) => {
            $(for record in project.$table.iter() {
                note(kind_of(&**record), record.id.key(), &record.conflicts);
            })*
        };
    }
    note(Kind::Project, project.info.id.key(), &project.info.conflicts);
    tables!(persons labels relation_kinds policies documents sources annotations relations decisions comments omissions);
    all
}

fn kind_of<R: Record>(_: &R) -> Kind {
    R::KIND
}

/// Free text, which goes with a deletion.
fn is_free(kind: Kind, field: &str) -> bool {
    match kind {
        Kind::Annotation => field == "note" || field == "attributes.evidence",
        Kind::Source => matches!(field, "role" | "public_label"),
        Kind::Comment => field == "text",
        Kind::Omission => field == "why",
        _ => false,
    }
}

/// What must be there, by the events that are known.
#[derive(Default)]
struct Truth(Vec<Event>);

impl Truth {
    fn known<'t>(&'t self, known: &'t Known) -> impl Iterator<Item = (usize, &'t Event)> {
        known.iter().map(|at| (*at, &self.0[*at]))
    }

    /// The writes of a record that nobody has overwritten: with `deletions`, nor deleted or purged either.
    fn surviving<'t>(&'t self, known: &'t Known, of: &Record_, deletions: bool) -> Vec<&'t Event> {
        self.surviving_at(known, of, deletions).into_iter().map(|(_, event)| event).collect()
    }

    /// The same, each with its number.
    fn surviving_at<'t>(&'t self, known: &'t Known, of: &Record_, deletions: bool) -> Vec<(usize, &'t Event)> {
        let events: Vec<(usize, &Event)> = self.known(known).filter(|(_, event)| event.of == *of).collect();
        let survives = |at: usize, field: &str, event: &Event| {
            events.iter().all(|(other, later)| match &later.what {
                What::Wrote(name, _) => *other == at || name != field || !later.known.contains(&at),
                What::MayHaveWritten(..) => true,
                What::Deleted => !deletions || !later.known.contains(&at),
                What::Purged(names) => !names.contains(field) || event.known.contains(other),
            })
        };
        let found = events.iter().filter(|(at, event)| match &event.what {
            What::Wrote(field, _) | What::MayHaveWritten(field, _) => survives(*at, field, event),
            _ => false,
        });
        found.copied().collect()
    }

    /// Compares a file with what must be in it.
    fn check(&self, known: &Known, ledger: &Ledger, bytes: &str) -> Result<(), String> {
        let records: BTreeSet<&Record_> = self.known(known).map(|(_, event)| &event.of).collect();
        for of in records {
            let found = of_project(&ledger.base, of);
            for event in self.surviving(known, of, true) {
                let What::Wrote(field, values) = &event.what else { continue };
                let nothing = Values::from([None]);
                let here = found.as_ref().map(|found| found.get(field).unwrap_or(&nothing));
                let wanted = values.iter().filter(|value| !fields::is_taken_away(of.0, field, value.as_deref()));
                for value in wanted {
                    if !here.is_some_and(|here| here.contains(value)) {
                        return Err(format!("{of:?}, {field}: {value:?} by {} is missing, found {here:?}", event.by));
                    }
                }
            }
            let Some(found) = found else { continue };
            let (written, undeleted) = (self.surviving(known, of, false), self.surviving(known, of, true));
            for (field, values) in &found {
                let is_let_out = is_free(of.0, field) || (field == "alias" && self.is_unnamed(known, of));
                let allowed = if is_let_out { &undeleted } else { &written };
                let allows = |value: &Option<Box<str>>| {
                    allowed.iter().any(|event| match &event.what {
                        What::Wrote(name, values) | What::MayHaveWritten(name, values) => name == field && values.contains(value),
                        _ => false,
                    })
                };
                if let Some(value) = values.iter().flatten().find(|value| !value.contains("(purged)") && !allows(&Some((*value).clone()))) {
                    return Err(format!("{of:?}, {field}: {value:?} was overwritten or deleted and is there again"));
                }
            }
        }
        for (at, purge) in self.known(known) {
            let What::Purged(names) = &purge.what else { continue };
            for event in self.0.iter().filter(|event| event.of == purge.of && !event.known.contains(&at)) {
                let What::Wrote(field, values) = &event.what else { continue };
                let secret = |value: &&str| value.starts_with("\"w") && names.contains(field);
                if let Some(secret) = values.iter().flatten().map(|value| &**value).filter(secret).find(|value| bytes.contains(*value)) {
                    return Err(format!("{:?}, {field}: {secret} was purged and is there again", purge.of));
                }
            }
        }
        Ok(())
    }

    /// Whether a source was unnamed for all that anybody wrote.
    fn is_unnamed(&self, known: &Known, of: &Record_) -> bool {
        let named =
            |value: &Option<Box<str>>| !matches!(value.as_deref(), Some("\"anonymous\"" | "\"confidential_document\"" | "\"leak\""));
        self.known(known).all(|(_, event)| {
            event.of != *of || !matches!(&event.what, What::Wrote(name, values) if name == "kind" && values.iter().any(named))
        })
    }
}

/// The labels of the newsroom, one article, and one annotation whose words somebody broke by hand.
static START: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut session = Session::new("Ferry", WorkEnvironment::seeded(1, Some(person(9))).with_session(Some("start".into())));
    run(&mut session, "add_document", json!({"title": "One", "content": TEXT}));
    let document = session.project().documents.iter().next().unwrap().id.clone();
    for (label, range) in [("quote", [0, 6]), ("attribution", [12, 16]), ("anonymous_source", [0, 6])] {
        run(&mut session, "annotate", json!({"document": document, "label": label, "ranges": [range]}));
    }
    run(&mut session, "add_source", json!({"alias": "Source A", "kind": "anonymous", "role": "w0"}));
    run(&mut session, "adopt_policy", json!({"policy": policy(0)}));
    let bytes = String::from_utf8(session.to_bytes().unwrap()).unwrap();
    bytes.replacen("\"quote\":[\"A ferr\"]", "\"quote\":[\"A boat\"]", 1).into_bytes()
});
const TEXT: &str = "A ferry will be late, she said. The office would not say why. “We need more,” he said.";

fn run(session: &mut Session, name: &str, body: Value) {
    session.run(&command(name, body)).unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn command(name: &str, body: Value) -> Command {
    let body = if body.is_null() { json!({}) } else { body };
    serde_json::from_value(json!({ name: body })).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn person(number: usize) -> Person {
    serde_json::from_value(json!({"id": format!("00000000-0000-4000-8000-00000000000{number}"), "name": "", "initials": format!("P{number}"), "roles": ["editor"]})).unwrap()
}

fn policy(number: usize) -> Value {
    json!({"id": format!("own.{number}"), "name": "Own", "own_approval": true, "items": [{"key": "vital", "text": "Vital", "on_no": "warn"}]})
}

/// One colleague's window.
struct Desk {
    session: Session,
    bytes: Vec<u8>,
    /// What this session believes that its file has, and the events in it.
    base: Ledger,
    known: Known,
    /// What the session had before its first step.
    opened: Known,
    /// The same, on the other side of each merge that can be taken back.
    merges: BTreeMap<u64, (Ledger, Known)>,
    purged: BTreeMap<Record_, BTreeSet<String>>,
    /// Nothing but undo happened since the last save.
    only_undo: bool,
    older: Vec<(Vec<u8>, Known)>,
}

struct History<'u> {
    folder: &'u TempDir,
    chance: Chance,
    truth: Truth,
    desks: Vec<Desk>,
    sessions: u64,
    written: usize,
    used: &'u mut BTreeMap<&'static str, usize>,
    /// The place of a command in the list that this history tries more often, with the one before it, which often makes what it needs.
    favourite: usize,
}

impl<'u> History<'u> {
    fn new(seed: u64, folder: &'u TempDir, used: &'u mut BTreeMap<&'static str, usize>) -> Self {
        let mut history = Self {
            folder,
            chance: Chance(seed),
            truth: Truth::default(),
            desks: Vec::new(),
            sessions: 0,
            written: 0,
            used,
            favourite: usize::try_from(seed).unwrap(),
        };
        let start = native::read(&START).unwrap().ledger;
        let nothing = Project::new((*start.base.info).clone());
        let known = history.note(&"start".into(), &changes_between(&nothing, &start.base), &Known::new(), &[]);
        let info = observed(&*start.base.info);
        let mut all = known;
        for (field, values) in info {
            let event = Event {
                by: "start".into(),
                of: (Kind::Project, start.base.info.id.key().clone()),
                what: What::Wrote(field, values),
                known: Arc::default(),
            };
            history.truth.0.push(event);
            all.insert(history.truth.0.len() - 1);
        }
        for _ in 0..3 {
            let desk = history.open(START.clone(), all.clone(), vec![(START.clone(), all.clone())]);
            history.desks.push(desk);
        }
        history
    }

    /// A fresh session on a copy.
    fn open(&mut self, bytes: Vec<u8>, known: Known, older: Vec<(Vec<u8>, Known)>) -> Desk {
        self.sessions += 1;
        let key = format!("s{}", self.sessions);
        let who = person(self.chance.below(3));
        let environment = WorkEnvironment::seeded(self.chance.below(1 << 40) as u64, Some(who)).with_session(Some(key.as_str().into()));
        let opened = native::read(&bytes).unwrap();
        let base = opened.ledger.clone();
        let session = Session::from_opened(opened, environment);
        Desk {
            session,
            bytes,
            base,
            opened: known.clone(),
            known,
            merges: BTreeMap::new(),
            purged: BTreeMap::new(),
            only_undo: true,
            older,
        }
    }

    /// Takes note of what changes did, and gives the events.
    fn note(&mut self, by: &Key, changes: &[Change], known: &Known, purges: &[(Record_, BTreeSet<String>)]) -> Known {
        let first = self.truth.0.len();
        let event = |of: &Record_, what: What, known: &Arc<Known>| Event { by: by.clone(), of: of.clone(), what, known: Arc::clone(known) };
        let before_purges = Arc::new(known.clone());
        self.truth.0.extend(purges.iter().map(|(of, names)| event(of, What::Purged(names.clone()), &before_purges)));
        // Whatever is written with a purge knows of it.
        let known = Arc::new(known.iter().copied().chain(first..self.truth.0.len()).collect());
        let mut push = |of: &Record_, what: What| self.truth.0.push(event(of, what, &known));
        for change in changes {
            let Some(Sides { of, before, after, kept, requoted }) = sides(change) else { continue };
            let Some(after) = after else {
                push(&of, What::Deleted);
                continue;
            };
            let was = before.clone().unwrap_or_default();
            let names: BTreeSet<&String> = was.keys().chain(after.keys()).collect();
            for name in names {
                let none = Values::from([None]);
                let (old, new) = (was.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none));
                if before.is_none() || old != new || kept || (requoted && name == fields::PLACE) {
                    push(&of, What::Wrote(name.clone(), new.clone()));
                }
            }
        }
        (first..self.truth.0.len()).collect()
    }

    /// What is not saved yet of a desk becomes events.
    fn stamp(&mut self, who: usize) -> Result<(), String> {
        let desk = &self.desks[who];
        let changes = changes_between(&desk.base.base, desk.session.project());
        let (by, known) = (desk.session.key().clone(), desk.known.clone());
        if desk.only_undo {
            self.check_undo(desk, &changes)?;
        }
        // Whoever saves writes what only others kept alive.
        let mut held = Vec::new();
        for (kind, key, field, _) in undecided(&desk.base.base) {
            if field == fields::GONE {
                let of = (kind, key);
                held.extend(
                    of_project(&desk.base.base, &of).unwrap_or_default().into_iter().map(|(name, values)| (of.clone(), name, values)),
                );
            }
        }
        let is_there = |of: &Record_| of_project(desk.session.project(), of).is_some();
        let purges: Vec<_> = desk.purged.iter().filter(|(of, _)| is_there(of)).map(|(of, names)| (of.clone(), names.clone())).collect();
        let mut new = self.note(&by, &changes, &known, &purges);
        if !changes.is_empty() || !purges.is_empty() {
            for (of, name, values) in held {
                self.truth.0.push(Event { by: by.clone(), of, what: What::MayHaveWritten(name, values), known: Arc::new(known.clone()) });
                new.insert(self.truth.0.len() - 1);
            }
        }
        self.desks[who].known.append(&mut new);
        Ok(())
    }

    /// Undo alone takes nothing back that somebody else wrote since the session began: what was there before, it only comes back to, or
    /// to a step of its own over it.
    fn check_undo(&self, desk: &Desk, changes: &[Change]) -> Result<(), String> {
        let (by, known) = (desk.session.key(), &desk.known);
        for change in changes {
            let Some(Sides { of, before, after, .. }) = sides(change) else { continue };
            let later = self.truth.surviving_at(known, &of, true).into_iter().filter(|(at, _)| !desk.opened.contains(at));
            let others: Vec<&Event> = later.map(|(_, event)| event).filter(|event| event.by != *by).collect();
            if before.is_some() && after.is_none() && !others.is_empty() {
                return Err(format!("undo deleted {of:?}, in which others wrote {:?}", others[0]));
            }
            let (Some(before), Some(after)) = (before, after) else { continue };
            for event in others {
                if let What::Wrote(field, _) = &event.what
                    && before.get(field) != after.get(field)
                {
                    return Err(format!("undo changed {field} of {of:?}, where {} wrote {:?}", event.by, event.what));
                }
            }
        }
        Ok(())
    }

    fn save(&mut self, who: usize) -> Result<(), String> {
        self.stamp(who)?;
        let desk = &mut self.desks[who];
        // A file of its own: what others save comes in by looks and merges alone.
        let path = self.folder.path().join(format!("{who}.onrecord.json"));
        drop(fs::remove_file(&path));
        let saved = desk.session.save_job(&path).unwrap().anew().run();
        let written = fs::read(&path).unwrap();
        assert!(desk.session.saved(saved.unwrap()), "nothing overtook it");
        desk.base = (**desk.session.ledger()).clone();
        (desk.bytes, desk.only_undo) = (written, true);
        desk.merges.clear();
        desk.purged.clear();
        Ok(())
    }

    /// Joins another desk's file: by itself, as a look at the disk does, or because the user asked for it.
    fn join(&mut self, who: usize, by_itself: bool) -> Result<(), String> {
        let from = self.chance.below(self.desks.len());
        let (bytes, known) = (self.desks[from].bytes.clone(), self.saved_known(from));
        let theirs = Arc::new(native::read(&bytes).unwrap().ledger);
        let before = (self.desks[who].base.clone(), self.desks[who].known.clone());
        self.stamp(who)?;
        let desk = &mut self.desks[who];
        let merged = desk.session.merge_job().run(&theirs, "a copy").unwrap();
        let is_new = !merged.transaction.changes.is_empty();
        let hash = sha256_hex(&bytes);
        desk.session.take_merge(merged, by_itself.then_some((&theirs, hash.as_str()))).unwrap();
        desk.base = (**desk.session.ledger()).clone();
        desk.known.extend(known.iter().copied());
        if by_itself {
            for (base, seen) in desk.merges.values_mut() {
                *base = join(base, &theirs).unwrap();
                seen.extend(known.iter().copied());
            }
        } else if is_new && let Some(number) = desk.session.history().next_merge(true) {
            desk.only_undo = false;
            desk.merges.insert(number, before);
        }
        let left: BTreeSet<u64> = desk.session.history().merges().map(|(number, _)| number).collect();
        desk.merges.retain(|number, _| left.contains(number));
        Ok(())
    }

    /// The events in the file of a desk: all that it knows but what it joined or wrote since its last save.
    fn saved_known(&self, who: usize) -> Known {
        self.desks[who].older.first().map_or_else(Known::new, |(_, known)| known.clone())
    }

    fn step_back(&mut self, who: usize, undo: bool) {
        let desk = &mut self.desks[who];
        if let Some(other) = desk.session.history().next_merge(undo).and_then(|number| desk.merges.get_mut(&number)) {
            std::mem::swap(&mut desk.base, &mut other.0);
            std::mem::swap(&mut desk.known, &mut other.1);
        }
        if undo {
            desk.session.undo();
        } else {
            desk.only_undo &= desk.session.redo().is_none();
        }
    }

    /// One step of one colleague.
    fn step(&mut self) -> Result<(), String> {
        let who = self.chance.below(self.desks.len());
        match self.chance.below(40) {
            0..=3 => self.join(who, true)?,
            4..=6 => self.join(who, false)?,
            7..=12 => self.step_back(who, true),
            13 | 14 => self.step_back(who, false),
            15 => {
                let pick = self.chance.below(6);
                let older = self.desks[who].older.clone();
                if let Some((bytes, known)) = older.get(pick % older.len().max(1)).cloned() {
                    let mut kept = older;
                    kept.insert(0, (bytes.clone(), known.clone()));
                    self.desks[who] = self.open(bytes, known, kept);
                }
                return Ok(());
            }
            16 | 17 => {
                let project = self.desks[who].session.project();
                let mut keys: Vec<Key> = vec![project.info.id.key().clone()];
                keys.extend(project.comments.iter().map(|record| record.id.key().clone()));
                keys.extend(project.annotations.iter().map(|record| record.id.key().clone()));
                keys.extend(project.sources.iter().map(|record| record.id.key().clone()));
                keys.extend(project.decisions.iter().map(|record| record.id.key().clone()));
                let record = self.chance.of(&keys).unwrap();
                let desk = &mut self.desks[who];
                let source = desk.session.project().sources.get(&record.clone().into());
                if source.is_some_and(|source| source.conflicts.get("alias").is_some()) {
                    assert!(desk.session.purge(&record).is_err(), "a purge decides no name");
                    return Ok(());
                }
                let purged = desk.session.purge(&record).unwrap();
                desk.session.run(&Command::Purge { record: record.clone() }).unwrap();
                *self.used.entry("purge").or_default() += 1;
                desk.purged.entry((purged.kind, record)).or_default().extend(purged.fields.iter().map(ToString::to_string));
                desk.only_undo = false;
            }
            _ => self.edit(who),
        }
        if self.chance.one_in(2) {
            self.save(who)?;
            let desk = &mut self.desks[who];
            desk.older.insert(0, (desk.bytes.clone(), desk.known.clone()));
        }
        Ok(())
    }

    /// Runs a command that the project of this desk allows.
    fn edit(&mut self, who: usize) {
        for _ in 0..12 {
            let name = self.name();
            let project = self.desks[who].session.project().clone();
            let Some(body) = self.body(name, &project) else { continue };
            let desk = &mut self.desks[who];
            if desk.session.run(&command(name, body)).is_ok_and(|done| !done.changes.is_empty()) {
                desk.only_undo = false;
                *self.used.entry(name).or_default() += 1;
                return;
            }
        }
    }

    /// A command of the list, those more often that take away what others use.
    fn name(&mut self) -> &'static str {
        let often = [
            "settle",
            "settle",
            "settle",
            "remove_source",
            "merge_sources",
            "set_source",
            "annotate",
            "decide",
            "edit_source",
            "delete_annotations",
            "relabel",
            "add_comment",
            "resolve_comment",
            "link",
        ];
        if self.chance.one_in(2) {
            return often[self.chance.below(often.len())];
        }
        if self.chance.one_in(2) {
            let all = Command::ALL.len();
            return Command::ALL[(self.favourite + all - self.chance.below(2)) % all].0;
        }
        Command::ALL[self.chance.below(Command::ALL.len())].0
    }

    fn words(&mut self) -> String {
        self.written += 1;
        format!("w{}", self.written)
    }

    /// The fields of a command, aimed at what is there; `None` where nothing is.
    #[expect(clippy::too_many_lines, reason = "a line or two for each command")]
    fn body(&mut self, name: &str, project: &Project) -> Option<Value> {
        let words = self.words();
        let chance = &mut self.chance;
        macro_rules! pick {
            ($table:ident) => {
                chance.of(&project.$table.iter().map(|record| record.id.key().clone()).collect::<Vec<_>>())
            };
        }
        let range = |chance: &mut Chance| {
            let start = chance.below(60);
            [start, start + 1 + chance.below(20)]
        };
        let label = LABELS[chance.below(4)];
        let kind = ["anonymous", "leak", "named_person"][chance.below(3)];
        let few = |project: &Project| project.annotations.len() < 8;
        Some(match name {
            "add_document" if project.documents.len() < 4 => json!({"title": words, "content": format!("{TEXT} {words}")}),
            "remove_document" if project.documents.len() > 1 => json!({"document": pick!(documents)?}),
            "set_document" => {
                let field = ["title", "outlet", "byline", "desk"][chance.below(4)];
                json!({"document": pick!(documents)?, "field": field, "value": words})
            }
            "replace_text" => json!({"document": pick!(documents)?, "content": format!("{TEXT} {words}")}),
            "annotate" if few(project) => {
                let source = if label == "anonymous_source" { pick!(sources) } else { None };
                json!({"document": pick!(documents)?, "label": label, "ranges": [range(chance)], "note": words, "source": source})
            }
            "annotate_all" if few(project) => {
                json!({"label": label, "places": [{"document": pick!(documents)?, "ranges": [range(chance)]}, {"document": pick!(documents)?, "ranges": [range(chance)]}]})
            }
            "mark_together" if few(project) => json!({
                "document": pick!(documents)?,
                "marks": [{"new": {"label": "quote", "ranges": [[64, 77]]}}, {"new": {"label": "attribution", "ranges": [[78, 85]]}}],
                "links": [{"kind": "attributed_via", "from": 0, "to": 1}],
                "speaker": {"new": {"alias": words, "kind": kind}},
            }),
            "delete_annotations" => json!({"annotations": [pick!(annotations)?]}),
            "relabel" => json!({"annotation": pick!(annotations)?, "label": label}),
            "set_ranges" => json!({"annotation": pick!(annotations)?, "ranges": [range(chance)]}),
            "add_range" | "remove_range" => json!({"annotation": pick!(annotations)?, "range": range(chance)}),
            "set_attribute" => {
                let annotation = project.annotations.get(&pick!(annotations)?.into())?;
                let label = project.labels.get(&annotation.label)?;
                let attribute = chance.of(&label.attributes)?;
                let value = chance.of(&attribute.values).unwrap_or(words);
                json!({"annotation": annotation.id, "key": attribute.key, "value": value})
            }
            "set_note" => json!({"annotation": pick!(annotations)?, "note": words}),
            "set_source" => json!({"annotation": pick!(annotations)?, "source": pick!(sources)}),
            "repair_quote" => {
                let broken = project.annotations.iter().filter(|one| one.quote.iter().any(|words| words == "A boat"));
                json!({"annotation": chance.of(&broken.map(|one| one.id.clone()).collect::<Vec<_>>())?, "to": "place"})
            }
            "add_source" => json!({"alias": words, "kind": kind, "role": format!("{words}r")}),
            "edit_source" => {
                let field = ["alias", "kind", "role", "public_label"][chance.below(4)];
                json!({"source": pick!(sources)?, "field": field, "value": if field == "kind" { kind.to_owned() } else { words }})
            }
            "remove_source" => json!({"source": pick!(sources)?}),
            "merge_sources" => json!({"source": pick!(sources)?, "into": pick!(sources)?}),
            "split_source" => {
                let mention = project.annotations.iter().find(|one| one.source.is_some())?;
                json!({"source": mention.source, "annotations": [mention.id], "alias": words})
            }
            "link" => {
                let mut with = |label: &str| {
                    let all = project.annotations.iter().filter(|one| one.label.to_string() == label);
                    chance.of(&all.map(|one| one.id.clone()).collect::<Vec<_>>())
                };
                json!({"kind": "attributed_via", "from": with("quote")?, "to": with("attribution")?})
            }
            "unlink" => json!({"relation": pick!(relations)?}),
            "omit" => json!({"document": pick!(documents)?, "ranges": [range(chance)], "why": words}),
            "remove_omission" => json!({"omission": pick!(omissions)?}),
            "set_title" => json!({"title": words}),
            "set_guidelines" => json!({"guidelines": [words]}),
            "define_label" => {
                let id = format!("own{}", chance.below(2));
                json!({"label": {"id": id, "place": 50, "name": words, "colour": {"light": "#5A4FCF", "dark": "#A9A2F5"}, "pattern": "double", "source": true}})
            }
            "remove_label" => json!({"label": chance.of(&["own0", "own1"])?}),
            "define_relation_kind" => {
                json!({"relation_kind": {"id": format!("kind{}", chance.below(2)), "name": words, "from": LABELS, "to": LABELS}})
            }
            "remove_relation_kind" => json!({"relation_kind": chance.of(&["kind0", "kind1"])?}),
            "adopt_policy" => json!({"policy": policy(chance.below(3))}),
            "decide" => {
                let mention = project.annotations.iter().find(|one| one.source.is_some())?;
                let to = ["in_review", "approved", "needs_work", "rejected"][chance.below(4)];
                json!({"document": mention.document, "source": mention.source, "to": to, "answers": {"vital": {"answer": "yes", "note": words}}, "note": format!("{words}n")})
            }
            "add_comment" => {
                let on = [pick!(annotations), pick!(sources), pick!(comments)];
                json!({"on": chance.of(&on.into_iter().flatten().collect::<Vec<_>>())?, "text": words})
            }
            "resolve_comment" => {
                let comment: Option<&Arc<Comment>> = project.comments.iter().next();
                json!({"comment": comment?.id, "resolved": !comment?.resolved})
            }
            "settle" => {
                let (kind, record, field, values) = chance.of(&undecided(project))?;
                let value = if field == fields::GONE { chance.of(&[None, Some("\"keep\"".into())])? } else { chance.of(&values)? };
                let value: Option<Value> = value.map(|value| serde_json::from_str(&value).unwrap());
                json!({"kind": kind, "record": record, "field": field, "value": value})
            }
            "switch_check" => json!({"rule": "verdict_cue", "off_because": words}),
            "import" if few(project) => {
                json!({"import": {"documents": [{"title": words, "content": format!("The tender will slip. {words}"), "annotations": [{"label": "claim", "ranges": [[0, 20]], "quote": ["The tender will slip"]}]}]}})
            }
            "introduce_myself" => json!({}),
            _ => return None,
        })
    }
}

fn written(ledger: &Ledger) -> Vec<u8> {
    native::write(ledger).unwrap()
}

/// Joins as programs do: through the bytes of a file.
fn joined(ours: &Ledger, theirs: &Ledger) -> Ledger {
    native::read(&written(&join(ours, theirs).expect("one project"))).expect("what was written is read").ledger
}

fn same(left: &Ledger, right: &Ledger, law: &str) -> Result<(), String> {
    let (left, right) = (String::from_utf8(written(left)).unwrap(), String::from_utf8(written(right)).unwrap());
    if left == right {
        return Ok(());
    }
    let (ours, theirs): (BTreeSet<&str>, BTreeSet<&str>) = (left.lines().collect(), right.lines().collect());
    Err(format!(
        "not {law}: {:#?} against {:#?}",
        ours.difference(&theirs).take(3).collect::<Vec<_>>(),
        theirs.difference(&ours).take(3).collect::<Vec<_>>()
    ))
}

fn hold(seed: u64, folder: &TempDir, used: &mut BTreeMap<&'static str, usize>) -> Result<(), String> {
    let mut history = History::new(seed, folder, used);
    let steps = 6 + history.chance.below(34);
    for _ in 0..steps {
        history.step()?;
    }
    for who in 0..3 {
        history.save(who)?;
    }
    let read = |desk: &Desk| native::read(&desk.bytes).map_err(|error| error.to_string());
    let mut ledgers = Vec::new();
    for desk in &history.desks {
        let ledger = read(desk)?.ledger;
        if written(&ledger) != desk.bytes {
            return Err("reading and writing changes bytes".to_owned());
        }
        history.truth.check(&desk.known, &ledger, &String::from_utf8_lossy(&desk.bytes))?;
        ledgers.push(ledger);
    }
    let [a, b, c] = [&ledgers[0], &ledgers[1], &ledgers[2]];
    same(&joined(a, b), &joined(b, a), "commutative")?;
    same(&joined(a, a), a, "idempotent")?;
    let all = joined(&joined(a, b), c);
    same(&all, &joined(a, &joined(b, c)), "associative")?;
    same(&joined(&all, &joined(b, c)), &all, "idempotent over parts")?;
    for (desk, ledger) in history.desks.iter().zip(&ledgers) {
        same(&joined(&all, ledger), &all, "absorbing")?;
        for (older, _) in desk.older.iter().filter(|(_, known)| known.is_subset(&desk.known)).step_by(3) {
            let older = native::read(older).unwrap().ledger;
            same(&joined(ledger, &older), ledger, "absorbing an older copy")?;
            same(&joined(&all, &older), &all, "absorbing older copies")?;
        }
    }
    let known = history.desks.iter().flat_map(|desk| desk.known.iter().copied()).collect();
    history.truth.check(&known, &all, &String::from_utf8_lossy(&written(&all)))
}

#[test]
fn histories_of_every_command_join_by_the_laws_and_lose_nothing() {
    let first = std::env::var("ONRECORD_TEST_FIRST").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    let mut used = BTreeMap::new();
    let (folder, mut faults) = (TempDir::new().unwrap(), Vec::new());
    for seed in first..first + u64::from(crate::scale(42)) {
        if let Err(fault) = hold(seed, &folder, &mut used) {
            faults.push(format!("history {seed}: {fault}"));
        }
        assert!(faults.len() < 12, "{}", faults.join("\n"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let unused: Vec<&str> = Command::ALL.iter().map(|(name, _)| *name).filter(|name| !used.contains_key(name)).collect();
    // Rare commands want more histories than a plain run has; all but a few are in these too.
    let rare = if crate::scale(1) < 8 { 4 } else { 0 };
    assert!(unused.len() <= rare, "no history used {unused:?}; all: {used:?}");
}
