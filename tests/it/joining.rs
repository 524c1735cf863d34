//! Laws of the join over random histories, against a ledger that knows of no stamps: who wrote what, knowing of what.

use onrecord::{
    formats::native,
    merge::{Ledger, Save, join},
    model::{Annotation, Dot, Id, Key, Project, Relation, fields},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

/// `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

const EXAMPLE: &str = include_str!("data/example.onrecord.json");
static START: LazyLock<Ledger> = LazyLock::new(|| native::read(EXAMPLE.as_bytes()).unwrap().ledger);
const DOCUMENT: &str = "568068b9-b52a-43ab-ad8d-194a98921396";
/// The fields that histories write: free text, which goes with a deletion, a word and a place, which stay.
const FIELDS: [&str; 3] = ["note", "label", "ranges"];
const LABELS: [&str; 2] = ["quote", "anonymous_source"];

type Values = BTreeSet<Option<String>>;
type Known = BTreeSet<usize>;

/// What somebody did, and what they knew of when they did it.
#[derive(Debug, Clone)]
enum Event {
    /// Wrote a field of an annotation; several values when an open question was written anew.
    Wrote {
        annotation: usize,
        field: &'static str,
        values: Values,
        known: Known,
    },
    Deleted {
        annotation: usize,
        known: Known,
    },
    /// Kept an annotation that somebody else deleted, or brought it back.
    Kept {
        annotation: usize,
        known: Known,
    },
    Purged {
        annotation: usize,
    },
    Linked {
        relation: usize,
        ends: [usize; 2],
    },
    Unlinked {
        relation: usize,
    },
}

/// What must be there, by the events that are known.
struct Truth {
    events: Vec<Event>,
    relations: usize,
}

impl Truth {
    fn known<'t>(&'t self, known: &'t Known) -> impl Iterator<Item = (usize, &'t Event)> {
        known.iter().map(|at| (*at, &self.events[*at]))
    }

    fn deletions<'t>(&'t self, known: &'t Known, of: usize) -> Vec<&'t Known> {
        let taken_back = |deletion: usize| {
            self.known(known).any(|(_, event)| {
                matches!(event, Event::Kept { annotation, known } | Event::Deleted { annotation, known } if *annotation == of && known.contains(&deletion))
            })
        };
        let deletions = self.known(known).filter_map(|(at, event)| match event {
            Event::Deleted { annotation, known } if *annotation == of && !taken_back(at) => Some(known),
            _ => None,
        });
        deletions.collect()
    }

    /// The writes of a field that nobody has overwritten, deleted or purged.
    fn surviving(&self, known: &Known, of: usize, field: &str) -> Vec<usize> {
        let survives = |at: usize, when: &Known| {
            self.known(known).all(|(other, event)| match event {
                Event::Wrote { annotation, field: of_field, known, .. } => {
                    *annotation != of || *of_field != field || other == at || !known.contains(&at)
                }
                Event::Deleted { annotation, known } => *annotation != of || field != "note" || !known.contains(&at),
                Event::Purged { annotation } => *annotation != of || field != "note" || when.contains(&other),
                _ => true,
            })
        };
        let writes = self.known(known).filter_map(|(at, event)| match event {
            Event::Wrote { annotation, field: of_field, known, .. } if *annotation == of && *of_field == field && survives(at, known) => {
                Some(at)
            }
            _ => None,
        });
        writes.collect()
    }

    fn values(&self, known: &Known, of: usize, field: &str) -> Values {
        let wrote = |at: usize| match &self.events[at] {
            Event::Wrote { values, .. } => values.clone(),
            _ => Values::new(),
        };
        self.surviving(known, of, field).into_iter().flat_map(wrote).collect()
    }

    /// Deleted, and whoever deleted it had seen everything that is written in it.
    fn is_dead(&self, known: &Known, of: usize) -> bool {
        let deletions = self.deletions(known, of);
        let seen = |at: &usize| deletions.iter().any(|deletion| deletion.contains(at));
        !deletions.is_empty() && FIELDS.iter().flat_map(|field| self.surviving(known, of, field)).all(|at| seen(&at))
    }

    fn links(&self, known: &Known) -> BTreeMap<usize, [usize; 2]> {
        let mut links = BTreeMap::new();
        for (_, event) in self.known(known) {
            if let Event::Linked { relation, ends } = event {
                links.insert(*relation, *ends);
            }
        }
        for (_, event) in self.known(known) {
            if let Event::Unlinked { relation } = event {
                links.remove(relation);
            }
        }
        links
    }

    fn is_linked(&self, known: &Known, of: usize) -> bool {
        self.links(known).values().any(|ends| ends.contains(&of))
    }

    fn is_live(&self, known: &Known, of: usize) -> bool {
        let exists = self.known(known).any(|(_, event)| matches!(event, Event::Wrote { annotation, .. } if *annotation == of));
        exists && (!self.is_dead(known, of) || self.is_linked(known, of))
    }

    /// Compares a file with what must be in it.
    fn check(&self, known: &Known, project: &Project) -> Result<(), String> {
        for of in 0..ANNOTATIONS {
            let found = project.annotations.get(&annotation_id(of));
            if found.is_some() != self.is_live(known, of) {
                return Err(format!("annotation {of}: live {}, found {}", self.is_live(known, of), found.is_some()));
            }
            let Some(found) = found else { continue };
            for field in FIELDS {
                let mut wanted = self.values(known, of, field);
                if wanted.is_empty() {
                    wanted.insert(None);
                }
                if observed(found, field) != wanted {
                    return Err(format!("annotation {of}, {field}: {wanted:?} survive, {:?} found", observed(found, field)));
                }
            }
            if found.conflicts.get(fields::GONE).is_some() == self.deletions(known, of).is_empty() {
                return Err(format!("annotation {of}: deletions {:?}, {found:?}", self.deletions(known, of)));
            }
        }
        let links: BTreeSet<Key> = self.links(known).keys().map(|relation| relation_id(*relation).key().clone()).collect();
        let found: BTreeSet<Key> =
            project.relations.iter().map(|relation| relation.id.key().clone()).filter(|key| key.to_string().starts_with("0000")).collect();
        if links == found { Ok(()) } else { Err(format!("links {links:?}, found {found:?}")) }
    }
}

const ANNOTATIONS: usize = 3;

fn annotation_id(number: usize) -> Id<Annotation> {
    format!("aaaaaaaa-0000-4000-8000-00000000000{number}").as_str().into()
}

fn relation_id(number: usize) -> Id<Relation> {
    format!("0000{number:04}-0000-4000-8000-000000000000").as_str().into()
}

fn observed(annotation: &Annotation, field: &str) -> Values {
    let plain = |json: &str| match field {
        "ranges" => serde_json::from_str::<serde_json::Value>(json).unwrap()["ranges"].to_string(),
        _ => serde_json::from_str::<String>(json).unwrap(),
    };
    if let Some(open) = annotation.conflicts.get(field) {
        return fields::undecided(open).unwrap().into_iter().map(|(_, value)| value.map(|json| plain(&json))).collect();
    }
    Values::from([fields::fields(annotation).get(field).map(|json| plain(json))])
}

#[derive(Clone)]
struct Replica {
    ledger: Ledger,
    session: Key,
    saves: u64,
    known: Known,
    older: Vec<(Ledger, Known)>,
}

struct History {
    chance: Chance,
    truth: Truth,
    replicas: Vec<Replica>,
    sessions: usize,
    written: usize,
}

impl History {
    fn new(seed: u64, replicas: usize) -> Self {
        let replica = |number: usize| Replica {
            ledger: START.clone(),
            session: format!("s{number}").as_str().into(),
            saves: 0,
            known: Known::new(),
            older: Vec::new(),
        };
        Self {
            chance: Chance(seed),
            truth: Truth { events: Vec::new(), relations: 0 },
            replicas: (0..replicas).map(replica).collect(),
            sessions: replicas,
            written: 0,
        }
    }

    fn note(&mut self, who: usize, event: impl FnOnce(Known) -> Event) {
        let known = self.replicas[who].known.clone();
        self.truth.events.push(event(known));
        let at = self.truth.events.len() - 1;
        self.replicas[who].known.insert(at);
    }

    fn wrote(&mut self, who: usize, annotation: usize, field: &'static str, values: Values) {
        self.note(who, |known| Event::Wrote { annotation, field, values, known });
    }

    /// Every field that was ever written is written anew, open questions included.
    fn rewrote(&mut self, who: usize, annotation: usize) {
        for field in FIELDS {
            let values = self.truth.values(&self.replicas[who].known, annotation, field);
            if !values.is_empty() {
                self.wrote(who, annotation, field, values);
            }
        }
    }

    fn value(&mut self, field: &str) -> Option<String> {
        self.written += 1;
        match field {
            "note" => (self.chance.below(4) > 0).then(|| format!("note {}", self.written)),
            "label" => Some(LABELS[self.chance.below(2)].to_owned()),
            _ => Some(format!("[[{},{}]]", self.chance.below(20), 21 + self.chance.below(20))),
        }
    }

    /// The annotation with a field set, its open question decided.
    fn set(annotation: &Annotation, field: &str, value: Option<&str>) -> Annotation {
        let mut after = Annotation { conflicts: annotation.conflicts.without(field), ..annotation.clone() };
        match field {
            "note" => value.unwrap_or_default().clone_into(&mut after.note),
            "label" => after.label = value.unwrap().into(),
            _ => {
                after.ranges = serde_json::from_str(value.unwrap()).unwrap();
                let text = START.base.texts.iter().next().unwrap();
                after.quote = after.ranges.iter().map(|range| text.index.slice(&text.content, range).unwrap().to_owned()).collect();
            }
        }
        after
    }

    /// One step of one colleague, saved.
    fn step(&mut self) {
        let who = self.chance.below(self.replicas.len());
        let mut now = self.replicas[who].ledger.base.clone();
        let of = self.chance.below(ANNOTATIONS);
        let id = annotation_id(of);
        let here = now.annotations.get(&id).cloned();
        let mut purges = Vec::new();
        match (self.chance.below(16), here) {
            (0..=5, None) => {
                let document = now.documents.get(&DOCUMENT.into()).unwrap();
                let mut annotation =
                    Annotation::new(id.clone(), document, "quote".into(), serde_json::from_str("[[0,1]]").unwrap(), vec!["M".to_owned()]);
                let was_deleted = self.replicas[who].ledger.deleted.contains_key(id.key());
                let values: Vec<_> = FIELDS.iter().map(|field| (*field, self.value(field))).collect();
                if was_deleted {
                    self.note(who, |known| Event::Kept { annotation: of, known });
                }
                for (field, value) in values {
                    annotation = Self::set(&annotation, field, value.as_deref());
                    if value.is_some() {
                        self.wrote(who, of, field, Values::from([value]));
                    }
                }
                now.annotations.set(&id, Some(Arc::new(annotation)));
            }
            (0..=5, Some(annotation)) => {
                let field = FIELDS[self.chance.below(3)];
                let value = self.value(field);
                let after = Self::set(&annotation, field, value.as_deref());
                if after != *annotation {
                    self.wrote(who, of, field, Values::from([value]));
                    now.annotations.set(&id, Some(Arc::new(after)));
                }
            }
            (6 | 7, Some(_)) => {
                let links: Vec<_> =
                    self.truth.links(&self.replicas[who].known).into_iter().filter(|(_, ends)| ends.contains(&of)).collect();
                for (relation, _) in links {
                    self.note(who, |_| Event::Unlinked { relation });
                    now.relations.set(&relation_id(relation), None);
                }
                self.note(who, |known| Event::Deleted { annotation: of, known });
                now.annotations.set(&id, None);
            }
            (8, Some(annotation)) => {
                purges.push((id.key().clone(), "note".into()));
                self.note(who, |_| Event::Purged { annotation: of });
                self.wrote(who, of, "note", Values::from([None]));
                now.annotations.set(&id, Some(Arc::new(Self::set(&annotation, "note", None))));
            }
            (9, Some(annotation)) if annotation.conflicts.get(fields::GONE).is_some() => {
                self.note(who, |known| Event::Kept { annotation: of, known });
                self.rewrote(who, of);
                let conflicts = annotation.conflicts.without(fields::GONE);
                now.annotations.set(&id, Some(Arc::new(Annotation { conflicts, ..Annotation::clone(&annotation) })));
            }
            (10, Some(_)) => {
                let other = self.chance.below(ANNOTATIONS);
                if other != of && now.annotations.contains(&annotation_id(other)) {
                    let relation = self.truth.relations;
                    self.truth.relations += 1;
                    let link =
                        format!(r#"{{"id":"{}","kind":"said_by","from":"{id}","to":"{}"}}"#, relation_id(relation), annotation_id(other));
                    now.relations.set(&relation_id(relation), Some(Arc::new(serde_json::from_str(&link).unwrap())));
                    self.note(who, |_| Event::Linked { relation, ends: [of, other] });
                }
            }
            (11, _) => {
                let links: Vec<usize> = self.truth.links(&self.replicas[who].known).into_keys().collect();
                if let Some(relation) = links.get(self.chance.below(links.len().max(1))) {
                    let relation = *relation;
                    self.note(who, |_| Event::Unlinked { relation });
                    now.relations.set(&relation_id(relation), None);
                }
            }
            (12, _) => {
                let replica = &mut self.replicas[who];
                replica.older.push((replica.ledger.clone(), replica.known.clone()));
                return;
            }
            (13, _) => {
                // An older copy comes back, and work goes on with it in a new session.
                self.sessions += 1;
                let session = format!("s{}", self.sessions);
                let pick = self.chance.below(4);
                let replica = &mut self.replicas[who];
                if let Some((ledger, known)) = replica.older.get(pick % replica.older.len().max(1)).cloned() {
                    (replica.ledger, replica.known) = (ledger, known);
                    (replica.session, replica.saves) = (session.as_str().into(), 0);
                }
                return;
            }
            (14 | 15, _) => {
                let from = self.chance.below(self.replicas.len());
                let (ledger, known) = (self.replicas[from].ledger.clone(), self.replicas[from].known.clone());
                let replica = &mut self.replicas[who];
                replica.ledger = joined(&replica.ledger, &ledger);
                replica.known.extend(known);
                return;
            }
            _ => return,
        }
        self.save(who, &now, purges);
    }

    fn save(&mut self, who: usize, now: &Project, purges: Vec<(Key, compact_str::CompactString)>) {
        // What lived only for a link that is gone now is written by whoever saves it.
        let held: Vec<usize> = (0..ANNOTATIONS)
            .filter(|of| now.annotations.contains(&annotation_id(*of)))
            .filter(|of| self.truth.is_dead(&self.replicas[who].known, *of) && !self.truth.is_linked(&self.replicas[who].known, *of))
            .collect();
        for of in held {
            self.rewrote(who, of);
        }
        let replica = &mut self.replicas[who];
        replica.saves += 1;
        let save = Save { dot: Dot { session: replica.session.clone(), save: replica.saves }, person: None, purges };
        replica.ledger = replica.ledger.stamped(now, &save).0;
    }
}

/// Joins as programs do: through the bytes of a file.
fn joined(ours: &Ledger, theirs: &Ledger) -> Ledger {
    let joined = join(ours, theirs).expect("one project");
    native::read(&bytes(&joined)).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&bytes(&joined)))).ledger
}

fn bytes(ledger: &Ledger) -> Vec<u8> {
    native::write(ledger).unwrap()
}

fn same(left: &Ledger, right: &Ledger, law: &str) -> Result<(), String> {
    let (left, right) = (bytes(left), bytes(right));
    if left == right {
        return Ok(());
    }
    let (left, right) = (String::from_utf8(left).unwrap(), String::from_utf8(right).unwrap());
    let differs: Vec<_> = left.lines().zip(right.lines()).filter(|(one, other)| one != other).take(2).collect();
    Err(format!("not {law}: {differs:#?}"))
}

fn hold(seed: u64) -> Result<(), String> {
    let mut history = History::new(seed, 3 + usize::from(seed.is_multiple_of(5)));
    let steps = 4 + history.chance.below(22);
    for _ in 0..steps {
        history.step();
    }
    for replica in &history.replicas {
        history.truth.check(&replica.known, &replica.ledger.base)?;
    }
    let [a, b, c] = [0, 1, 2].map(|at| &history.replicas[at].ledger);
    same(&joined(a, b), &joined(b, a), "commutative")?;
    same(&joined(a, a), a, "idempotent")?;
    let all = joined(&joined(a, b), c);
    same(&all, &joined(a, &joined(b, c)), "associative")?;
    same(&joined(&all, &joined(b, c)), &all, "idempotent over parts")?;
    for replica in &history.replicas[..3] {
        same(&joined(&all, &replica.ledger), &all, "absorbing")?;
        for (older, _) in replica.older.iter().filter(|(_, known)| known.is_subset(&replica.known)) {
            same(&joined(&all, older), &all, "absorbing older copies")?;
        }
    }
    let known = history.replicas[..3].iter().flat_map(|replica| replica.known.iter().copied()).collect();
    history.truth.check(&known, &all.base)
}

#[test]
fn joins_obey_their_laws_and_lose_nothing_that_nobody_has_overwritten() {
    for seed in 0..u64::from(crate::scale(200)) {
        if let Err(fault) = hold(seed) {
            panic!("history {seed}: {fault}");
        }
    }
}
