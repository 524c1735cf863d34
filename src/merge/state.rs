//! What all files together say of one record: its fields with every value that nobody has overwritten. States form a semilattice;
//! everything else about the join is computed from them.
//!
//! A field is an observed-remove cell (Almeida, Shoker, Baquero 2018): a value stays if both files have its dot, or if the other has
//! not yet seen it.

use crate::model::{
    Conflicts, Deleted, Dot, Extra, Key, Kind, RawJson, Record, Stamp, Table, Text, VersionVector,
    fields::{self, Fields, GONE, PLACE},
    stamp::{Dots, EVERY_OTHER, FieldDots},
};
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};

/// Dot to the values that it stands for: one, none for a field that was emptied, several only where a file was changed by hand.
type Cell = BTreeMap<Dot, BTreeSet<Option<Box<str>>>>;

/// The state of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    kind: Kind,
    key: Key,
    vector: VersionVector,
    cells: BTreeMap<CompactString, Cell>,
    /// Dot of each deletion that nobody has taken back, with what the deleter had seen.
    gone: BTreeMap<Dot, VersionVector>,
    /// Field to the purges that were made of it.
    purges: BTreeMap<CompactString, BTreeSet<Dot>>,
    /// Place to the same place with its words. They follow from the text, so that cells hold places without them: a deletion takes them
    /// away and an open question leaves them out.
    words: BTreeMap<Box<str>, Box<str>>,
}

/// Stands for whoever wrote a record that carries no stamp.
fn unstamped() -> Dot {
    Dot { session: "unstamped".into(), save: 1 }
}

impl State {
    /// The state of a record that is not deleted.
    pub fn of_live<R: Record>(record: &R, stamp: &Stamp) -> Self {
        Self::of(R::KIND, record.key(), &fields::fields(record), record.conflicts(), stamp)
    }

    /// The state of a deleted record; `None` for one that was purged or is of a kind that this version does not know.
    pub fn of_deleted(deleted: &Deleted) -> Option<Self> {
        let kind = Kind::ALL.iter().copied().find(|kind| kind.word() == deleted.kind)?;
        let own_kind = own_kind(kind);
        let keys = deleted.fields.iter().map(|(key, value)| (if Some(key) == own_kind { "kind" } else { key }, value.get()));
        let fields = fields::split(kind, keys);
        let mut state = Self::of(kind, &deleted.id, &fields, &deleted.conflicts, &deleted.stamp);
        if state.gone.is_empty() {
            let dots = deleted.stamp.dots_of(GONE).unwrap_or_else(|| Dots::one(unstamped()));
            state.gone = dots.0.into_iter().map(|dot| (dot, deleted.gone.clone())).collect();
        }
        state.cells.remove(GONE);
        state.see_all_dots();
        Some(state)
    }

    fn of(kind: Kind, key: &Key, fields: &Fields, conflicts: &Conflicts, stamp: &Stamp) -> Self {
        let mut state = Self {
            kind,
            key: key.clone(),
            vector: stamp.vector.clone(),
            cells: BTreeMap::new(),
            gone: BTreeMap::new(),
            purges: BTreeMap::new(),
            words: BTreeMap::new(),
        };
        for (field, dots) in stamp.purged.iter().flat_map(|purged| purged.iter()) {
            state.purges.insert(field.clone(), dots.0.iter().cloned().collect());
        }
        let first = || stamp.vector.iter().next().map(|(session, save)| Dot { session: session.clone(), save });
        let dots_of = |field: &str| stamp.dots_of(field).unwrap_or_else(|| Dots::one(first().unwrap_or_else(unstamped)));
        for (field, value) in fields.iter().filter(|(field, value)| !fields::is_taken_away(kind, field, Some(value))) {
            let value = state.plain(field, value.clone());
            let cell = dots_of(field).0.into_iter().map(|dot| (dot, BTreeSet::from([Some(value.clone())])));
            state.cells.insert(field.clone(), cell.collect());
        }
        for (field, dots) in stamp.dots.iter().flat_map(|dots| dots.iter()) {
            let is_emptied = field != EVERY_OTHER && field != GONE && !fields.contains_key(field);
            if is_emptied && !fields::is_taken_away(kind, field, None) {
                state.cells.insert(field.clone(), dots.0.iter().map(|dot| (dot.clone(), BTreeSet::from([None]))).collect());
            }
        }
        for (field, raw) in conflicts.iter() {
            // Looked at when the file was read.
            let pairs = fields::undecided(raw).unwrap_or_default();
            if field == GONE {
                let seen = |value: Option<Box<str>>| value.and_then(|value| serde_json::from_str(&value).ok()).unwrap_or_default();
                state.gone = pairs.into_iter().map(|(dot, value)| (dot, seen(value))).collect();
                continue;
            }
            let mut cell = Cell::new();
            for (dot, value) in pairs.into_iter().filter(|(_, value)| !fields::is_taken_away(kind, field, value.as_deref())) {
                let value = value.map(|value| state.plain(field, value));
                cell.entry(dot).or_default().insert(value);
            }
            state.put(field, cell);
        }
        state.see_all_dots();
        state
    }

    /// The value as cells hold it.
    fn plain(&mut self, field: &str, value: Box<str>) -> Box<str> {
        if field != PLACE || self.kind != Kind::Annotation {
            return value;
        }
        let place = fields::without_quote(&value);
        if place != value {
            self.words.insert(place.clone(), value);
        }
        place
    }

    /// A vector that lacks a dot of its own record was written by hand.
    fn see_all_dots(&mut self) {
        let cells = self.cells.values().flat_map(BTreeMap::keys);
        for dot in cells.chain(self.gone.keys()).chain(self.purges.values().flatten()) {
            self.vector.see(dot);
        }
    }

    /// Takes note of all that another stamp has seen.
    pub fn see(&mut self, stamp: &Stamp) {
        self.vector.see_all(&stamp.vector);
        for (field, dots) in stamp.purged.iter().flat_map(|purged| purged.iter()) {
            self.purges.entry(field.clone()).or_default().extend(dots.0.iter().cloned());
        }
    }

    /// What the record is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What both files together say. Commutative, associative, idempotent.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let mut vector = self.vector.clone();
        vector.see_all(&other.vector);
        let mut purges = self.purges.clone();
        for (field, dots) in &other.purges {
            purges.entry(field.clone()).or_default().extend(dots.iter().cloned());
        }
        let names: BTreeSet<&CompactString> = self.cells.keys().chain(other.cells.keys()).collect();
        let none = Cell::new();
        let mut cells = BTreeMap::new();
        for name in names {
            // A purge wins over everything that was written without knowing of it.
            let known = |side: &Self| purges.get(name).is_none_or(|all| side.purges.get(name) == Some(all));
            let cell = |side: &'_ Self| if known(side) { side.cells.get(name).cloned() } else { None };
            let (ours, theirs) = (cell(self), cell(other));
            let joined = survivors(
                ours.as_ref().unwrap_or(&none),
                theirs.as_ref().unwrap_or(&none),
                (&self.vector, &other.vector),
                |ours, theirs| ours.union(theirs).cloned().collect(),
            );
            if !joined.is_empty() {
                cells.insert(name.clone(), joined);
            }
        }
        let gone = survivors(&self.gone, &other.gone, (&self.vector, &other.vector), |ours, theirs| {
            let mut both = ours.clone();
            both.see_all(theirs);
            both
        });
        let mut words: BTreeMap<Box<str>, Box<str>> = BTreeMap::new();
        for side in [self, other] {
            // Words that somebody has mended since go with the place as it was.
            let dots = |of: &BTreeMap<CompactString, Cell>| of.get(PLACE).map(|cell| cell.keys().cloned().collect::<BTreeSet<Dot>>());
            if dots(&side.cells).zip(dots(&cells)).is_none_or(|(one, joined)| one.is_disjoint(&joined)) {
                continue;
            }
            for (place, whole) in &side.words {
                let known = words.entry(place.clone()).or_insert_with(|| whole.clone());
                *known = whole.max(known).clone();
            }
        }
        Self { kind: self.kind, key: self.key.clone(), vector, cells, gone, purges, words }
    }

    /// Whether somebody deleted the record and every value in it had been seen by then.
    pub fn is_dead(&self) -> bool {
        let mut seen = VersionVector::default();
        self.gone.values().for_each(|vector| seen.see_all(vector));
        !self.gone.is_empty() && self.cells.values().flat_map(BTreeMap::keys).all(|dot| seen.has_seen(dot))
    }

    /// Writes a field: whatever was there is overwritten.
    pub fn write(&mut self, field: &str, dot: &Dot, values: BTreeSet<Option<Box<str>>>) {
        self.vector.see(dot);
        let kind = self.kind;
        let written = values.into_iter().filter(|value| !fields::is_taken_away(kind, field, value.as_deref()));
        let values: BTreeSet<_> = written.map(|value| value.map(|value| self.plain(field, value))).collect();
        self.put(field, if values.is_empty() { Cell::new() } else { Cell::from([(dot.clone(), values)]) });
    }

    /// A cell without a value is none.
    fn put(&mut self, field: &str, cell: Cell) {
        if cell.is_empty() {
            self.cells.remove(field);
        } else {
            self.cells.insert(field.into(), cell);
        }
    }

    /// Writes every field that holds something anew, so that no deletion covers it, and takes deletions back.
    pub fn keep(&mut self, dot: &Dot) {
        self.gone.clear();
        self.touch(dot);
    }

    /// Writes every field that holds something anew; whether somebody deleted it stays open.
    pub fn touch(&mut self, dot: &Dot) {
        self.vector.see(dot);
        for cell in self.cells.values_mut() {
            let values: BTreeSet<Option<Box<str>>> = cell.values().flatten().cloned().collect();
            *cell = Cell::from([(dot.clone(), values)]);
        }
    }

    /// Deletes: fields that `stays` refuses are gone from the file with this save.
    pub fn delete(&mut self, dot: &Dot, stays: impl Fn(&str) -> bool) {
        self.cells.retain(|field, _| stays(field));
        self.vector.see(dot);
        self.gone = BTreeMap::from([(dot.clone(), self.vector.clone())]);
    }

    /// Takes note that a field was purged, which wins over everything written elsewhere meanwhile.
    pub fn purge(&mut self, field: &str, dot: &Dot) {
        self.vector.see(dot);
        self.purges.entry(field.into()).or_default().insert(dot.clone());
    }

    /// The stamp to write beside the record.
    pub fn stamp(&self) -> Stamp {
        let mut present: BTreeMap<Dots, usize> = BTreeMap::new();
        let decided: Vec<(&CompactString, Option<&str>, Dots)> =
            self.cells.iter().filter_map(|(field, cell)| decided(cell).map(|value| (field, value, dots_of(cell)))).collect();
        for (_, value, dots) in &decided {
            if value.is_some() {
                *present.entry(dots.clone()).or_default() += 1;
            }
        }
        let most = present.values().max().copied();
        let commonest = present.iter().find(|(_, count)| Some(**count) == most).map(|(dots, _)| dots.clone());
        let mut named: FieldDots = decided
            .into_iter()
            .filter(|(_, value, dots)| value.is_none() || Some(dots) != commonest.as_ref())
            .map(|(field, _, dots)| (field.clone(), dots))
            .collect();
        let own = match (self.vector.len(), self.vector.iter().next()) {
            (1, Some((session, save))) => Some(Dots::one(Dot { session: session.clone(), save })),
            _ => None,
        };
        if self.is_dead() {
            named.insert(GONE.into(), Dots(self.gone.keys().cloned().collect()));
        }
        let says_nothing = named.is_empty() && (commonest.is_none() || commonest == own);
        if let Some(commonest) = commonest {
            named.insert(EVERY_OTHER.into(), commonest);
        }
        let purged: FieldDots = self.purges.iter().map(|(field, dots)| (field.clone(), Dots(dots.iter().cloned().collect()))).collect();
        Stamp {
            vector: self.vector.clone(),
            dots: (!says_nothing).then(|| Box::new(named)),
            purged: (!purged.is_empty()).then(|| Box::new(purged)),
        }
    }

    /// What is undecided: values of fields, and whether a record that somebody deleted stays.
    pub fn conflicts(&self) -> Conflicts {
        let mut conflicts = Conflicts::default();
        for (field, cell) in self.cells.iter().filter(|(_, cell)| decided(cell).is_none()) {
            if let Some(raw) = fields::to_conflict(&pairs(cell)) {
                conflicts.insert(field.clone(), raw);
            }
        }
        if (!self.gone.is_empty() && !self.is_dead()) || self.gone.len() > 1 {
            let gone: Vec<(&Dot, &VersionVector)> = self.gone.iter().collect();
            if let Ok(raw) = RawJson::from_value(&gone) {
                conflicts.insert(GONE.into(), raw);
            }
        }
        conflicts
    }

    /// Each field's value; of undecided ones the first.
    fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().filter_map(|(field, cell)| {
            let value = cell.values().next()?.iter().next()?.as_deref()?;
            Some((field.as_str(), value))
        })
    }

    /// The record. A quote that went with a deletion or an open question is taken from the text again. Fails only on a file that was
    /// changed by hand.
    pub fn record<R: Record + serde::de::DeserializeOwned>(&self, texts: &Table<Text>) -> serde_json::Result<R> {
        let mut conflicts = self.conflicts();
        // Whether it would be dead without those who refer to it: then it lives for them, and somebody has to decide.
        if self.is_dead() && self.gone.len() == 1 {
            let gone: Vec<(&Dot, &VersionVector)> = self.gone.iter().collect();
            conflicts.insert(GONE.into(), RawJson::from_value(&gone)?);
        }
        let known = |place: &str| self.words.get(place).map(ToString::to_string);
        // Deletions and open questions leave the words out: what stands in one copy is then in no other.
        let is_let_out = !self.gone.is_empty() || self.cells.get(PLACE).is_some_and(|cell| decided(cell).is_none());
        let place = self.values().find(|(field, _)| *field == PLACE);
        let quoted = place.and_then(|(_, place)| match fields::with_quote(place, texts) {
            Some(quoted) if is_let_out => Some(quoted),
            quoted => known(place).or(quoted),
        });
        let values = self.values().map(|(field, value)| match &quoted {
            Some(quoted) if field == PLACE && self.kind == Kind::Annotation => (field, &**quoted),
            _ => (field, value),
        });
        fields::record_of(&self.key, values, &conflicts)
    }

    /// The stamp of the record while others keep it alive.
    pub fn stamp_of_live(&self) -> Stamp {
        let mut stamp = self.stamp();
        if let Some(dots) = &mut stamp.dots {
            dots.remove(GONE);
        }
        stamp
    }

    /// What stays in the file while the record is deleted: never the quote.
    pub fn deleted(&self) -> Deleted {
        let keys = fields::gather(self.kind, self.values());
        let mut kept = Extra::default();
        let own_kind = own_kind(self.kind);
        for (key, value) in keys {
            let raw = serde_json::from_str::<RawJson>(&value);
            let key = if key == "kind" { own_kind.map_or(key.clone(), CompactString::new) } else { key };
            if let Ok(raw) = raw {
                kept.insert(key, raw);
            }
        }
        let mut gone = VersionVector::default();
        self.gone.values().for_each(|seen| gone.see_all(seen));
        let stamp = self.stamp();
        Deleted {
            id: self.key.clone(),
            kind: self.kind.word().to_owned(),
            fields: kept,
            gone,
            purged: false,
            stamp,
            conflicts: self.conflicts(),
        }
    }
}

/// A deleted record names its kind by `kind`, so that its own field of this name has another one.
fn own_kind(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Relation => Some("relation"),
        Kind::Source => Some("source_kind"),
        _ => None,
    }
}

/// What stays of two sets of dots: those that both have, and those that the other side has not seen.
fn survivors<V: Clone>(
    ours: &BTreeMap<Dot, V>,
    theirs: &BTreeMap<Dot, V>,
    (our_past, their_past): (&VersionVector, &VersionVector),
    both: impl Fn(&V, &V) -> V,
) -> BTreeMap<Dot, V> {
    let mut kept = BTreeMap::new();
    for (dot, value) in ours {
        match theirs.get(dot) {
            Some(other) => drop(kept.insert(dot.clone(), both(value, other))),
            None if !their_past.has_seen(dot) => drop(kept.insert(dot.clone(), value.clone())),
            None => {}
        }
    }
    let news = theirs.iter().filter(|(dot, _)| !ours.contains_key(dot) && !our_past.has_seen(dot));
    kept.extend(news.map(|(dot, value)| (dot.clone(), value.clone())));
    kept
}

/// The one value of a cell; the outer `None` where there are several.
#[expect(clippy::option_option, reason = "undecided, emptied, and written are three things")]
fn decided(cell: &Cell) -> Option<Option<&str>> {
    let values: BTreeSet<&Option<Box<str>>> = cell.values().flatten().collect();
    match values.len() {
        1 => values.first().map(|value| value.as_deref()),
        _ => None,
    }
}

fn dots_of(cell: &Cell) -> Dots {
    Dots(cell.keys().cloned().collect())
}

fn pairs(cell: &Cell) -> fields::Undecided {
    cell.iter().flat_map(|(dot, values)| values.iter().map(|value| (dot.clone(), value.clone()))).collect()
}
