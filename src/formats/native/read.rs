//! From bytes to a project: every fault with its line and column, and what to do about it.

use super::{VERSION, markers, scan};
use crate::{
    check,
    merge::{self, Ledger},
    model::{
        Conflicts, Deleted, Extra, Id, Issue, Key, LIMITS, Limits, Project, ProjectInfo, RawJson, Record, SessionRecord, Stamp, Stamped,
        Table, Text, VersionVector, fields,
        lengths::{TooLong, too_long},
        project::each_table,
        record::Kind,
    },
};
use compact_str::CompactString;
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, de};
use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    ops::Range,
    sync::Arc,
};

/// A project as it was read.
#[derive(Debug)]
pub struct Opened {
    /// The contents.
    pub project: Project,
    /// Stamps, deleted records and sessions, which lie beside the contents.
    pub ledger: Ledger,
    /// What is wrong with the contents; the file opens all the same.
    pub issues: Vec<Issue>,
    /// The version of a newer format: such a file may be looked at, never written over.
    pub newer_version: Option<u64>,
    /// Whether the file held both sides of a merge that git gave up. They are joined here, and not yet in the file.
    pub joined: bool,
}

/// Why a file is not opened. Lines and columns count from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// The bytes are no UTF-8.
    #[error("line {line}: the file is not UTF-8 text")]
    NotText {
        /// Where.
        line: usize,
    },
    /// The JSON is damaged, or a record is not as the format asks.
    #[error("line {line}, column {column}: {message}")]
    Damaged {
        /// Where.
        line: usize,
        /// Where in the line, in bytes.
        column: usize,
        /// What.
        message: String,
    },
    /// The file ends too early.
    #[error("the file ends in the middle of a record, at line {line}")]
    Truncated {
        /// Where.
        line: usize,
    },
    /// JSON, but not ours.
    #[error("this JSON file is not an Onrecord project")]
    NotAProject,
    /// Git left both sides in the file.
    #[error("line {line}: the file holds conflict markers of git")]
    ConflictMarkers {
        /// Where.
        line: usize,
    },
    /// A limit is passed.
    #[error("line {line}: {what} is over the limit of {limit}")]
    OverLimit {
        /// Where.
        line: usize,
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// One string is too long to be shown.
    #[error("line {line}: the {field} is longer than {limit} bytes")]
    TooLong {
        /// Where.
        line: usize,
        /// Which field.
        field: String,
        /// How much is read.
        limit: usize,
    },
    /// More of something than a team gets by its work.
    #[error("line {line}: there are more than {limit} {what}")]
    TooMany {
        /// Where.
        line: usize,
        /// What there is too much of.
        what: &'static str,
        /// How much is read.
        limit: usize,
    },
    /// A format of the future that cannot even be looked at.
    #[error("the file has format version {version}, this app reads up to {VERSION}")]
    Newer {
        /// The version.
        version: u64,
    },
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotText { .. } | Self::Damaged { .. } => {
                "The file was changed by hand or damaged on the way. Ask for it again, or take the last version from your backup."
            }
            Self::Truncated { .. } => "It was not copied or synced to its end. Copy it again.",
            Self::NotAProject => "Projects end in .onrecord.json. To annotate this file as an article, save it as .txt first.",
            Self::ConflictMarkers { .. } => {
                "One of the two sides cannot be read by itself. Take one with git checkout --ours or --theirs, then merge the other from git show."
            }
            Self::OverLimit { .. } => "Split the project, or leave out what is not an article.",
            Self::TooLong { .. } => "Shorten it in the file with a text editor, or take the last version from your backup.",
            Self::TooMany { .. } => {
                "Work does not add up to so much: a program or a damaged copy made it. Take the last version from your backup."
            }
            Self::Newer { .. } => "Update Onrecord to open it. Nothing was changed.",
        }
    }
}

/// Reads a project file.
pub fn read(bytes: &[u8]) -> Result<Opened, ReadError> {
    read_within(bytes, &LIMITS)
}

/// Whether what a join may add up to is within the limits, so that it can be read again once it is written.
pub fn check_added_up(ledger: &Ledger) -> Result<(), ReadError> {
    let within = |stamp: &Stamp, conflicts: &Conflicts| stamp_within(stamp, &LIMITS).and_then(|()| undecided_within(conflicts, &LIMITS));
    let result: Result<(), TooMany> = (|| {
        ledger.stamps.values().try_for_each(|stamp| stamp_within(stamp, &LIMITS))?;
        for deleted in ledger.deleted.values() {
            within(&deleted.stamp, &deleted.conflicts)?;
            vector_within(&deleted.gone, &LIMITS)?;
        }
        undecided_within(&ledger.base.info.conflicts, &LIMITS)?;
        macro_rules! tables {
            ($($table:ident)*) => {
                $(ledger.base.$table.iter().try_for_each(|record| undecided_within(&record.conflicts, &LIMITS))?;)*
            };
        }
        each_table!(tables);
        Ok(())
    })();
    result.map_err(|TooMany(what, limit)| ReadError::TooMany { line: 1, what, limit })
}

/// What there is too much of, and how much is read.
struct TooMany(&'static str, usize);

fn vector_within(vector: &VersionVector, limits: &Limits) -> Result<(), TooMany> {
    if vector.len() > limits.sessions { Err(TooMany("entries in a version vector", limits.sessions)) } else { Ok(()) }
}

fn stamp_within(stamp: &Stamp, limits: &Limits) -> Result<(), TooMany> {
    vector_within(&stamp.vector, limits)
}

fn undecided_within(conflicts: &Conflicts, limits: &Limits) -> Result<(), TooMany> {
    for (_, raw) in conflicts.iter() {
        // Each value takes more than two bytes.
        if raw.get().len() / 2 > limits.undecided && fields::undecided(raw).is_ok_and(|values| values.len() > limits.undecided) {
            return Err(TooMany("undecided values of one field", limits.undecided));
        }
    }
    Ok(())
}

/// Whether a file is within the limits that are checked before parsing.
pub fn check_limits(bytes: &[u8]) -> Result<(), ReadError> {
    sections_within(bytes, &LIMITS).map(drop)
}

/// The sections of a file that is within the limits.
fn sections_within(bytes: &[u8], limits: &Limits) -> Result<Vec<scan::Section>, ReadError> {
    if bytes.len() > limits.file {
        return Err(ReadError::OverLimit { line: 1, what: "the size of the file in bytes", limit: limits.file });
    }
    scan::scan(bytes, limits).map_err(|fault| from_scan(bytes, limits, &fault))
}

/// Reads a project file within other limits than the usual ones, as tests do.
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Opened, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let letters = || {
        let json = std::str::from_utf8(bytes).map_err(|error| ReadError::NotText { line: line_of(bytes, error.valid_up_to()) })?;
        Ok((json, markers::first(json)))
    };
    let (sections, letters) = rayon::join(|| sections_within(bytes, limits), letters);
    let (json, marker) = letters?;
    if let Some(at) = marker {
        let sides = markers::sides(json).ok_or(ReadError::ConflictMarkers { line: line_of(bytes, at) })?;
        return read_sides(&sides, limits).ok_or(ReadError::ConflictMarkers { line: line_of(bytes, at) });
    }
    // Markers and letters say more than the brackets that they break.
    Reader { json, sections: sections?, limits }.read()
}

/// Both sides of a merge that git gave up, joined. `None` when one of them cannot be read by itself.
fn read_sides((ours, theirs): &(String, String), limits: &Limits) -> Option<Opened> {
    let (ours, theirs) = (read_within(ours.as_bytes(), limits).ok()?, read_within(theirs.as_bytes(), limits).ok()?);
    if ours.newer_version.or(theirs.newer_version).is_some() {
        return None;
    }
    let ledger = merge::join(&ours.ledger, &theirs.ledger).ok()?;
    let project = ledger.base.unshared();
    Some(Opened { issues: check::on_load(&project), project, ledger, newer_version: None, joined: true })
}

fn from_scan(bytes: &[u8], limits: &Limits, fault: &scan::Fault) -> ReadError {
    let line = line_of(bytes, fault.at);
    match fault.what {
        scan::FaultKind::NotAnObject => ReadError::NotAProject,
        scan::FaultKind::Truncated => ReadError::Truncated { line },
        scan::FaultKind::Unbalanced => {
            ReadError::Damaged { line, column: column_of(bytes, fault.at), message: "a bracket closes nothing here".to_owned() }
        }
        scan::FaultKind::Misplaced => {
            ReadError::Damaged { line, column: column_of(bytes, fault.at), message: "a key, a value or a comma is missing here".to_owned() }
        }
        scan::FaultKind::TooDeep => ReadError::OverLimit { line, what: "nesting", limit: limits.nesting },
        scan::FaultKind::LongString => ReadError::OverLimit { line, what: "the length of a string in bytes", limit: limits.string },
        scan::FaultKind::TooManyRecords => ReadError::OverLimit { line, what: "the number of records in a section", limit: limits.records },
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', bytes.get(..at).unwrap_or(bytes)).count() + 1
}

fn column_of(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or(bytes);
    at - memchr::memrchr(b'\n', before).map_or(0, |feed| feed + 1) + 1
}

/// Records that a core reads at a time.
const AT_A_TIME: usize = 1_000;

struct Reader<'f> {
    json: &'f str,
    sections: Vec<scan::Section>,
    limits: &'f Limits,
}

/// What a file holds beside its texts.
struct Records {
    project: Project,
    /// By kind and id, as the file has them.
    stamps: Vec<((Kind, Key), Stamp)>,
    deleted: BTreeMap<Key, Deleted>,
    sessions: BTreeMap<Key, SessionRecord>,
    unknown: Unknown,
}

/// How much there is that this version does not know.
#[derive(Default)]
struct Unknown {
    bytes: usize,
    keys: usize,
}

impl Reader<'_> {
    fn read(self) -> Result<Opened, ReadError> {
        self.refuse_doubled_sections()?;
        if self.value::<CompactString>("format").ok().flatten().as_deref() != Some("onrecord") {
            return Err(ReadError::NotAProject);
        }
        let version = self.value::<u64>("version")?.ok_or(ReadError::NotAProject)?;
        let newer_version = (version > VERSION).then_some(version);
        // What a newer version added may be unreadable here; then the message about the version is the one that helps.
        self.contents(newer_version).map_err(|error| if newer_version.is_some() { ReadError::Newer { version } } else { error })
    }

    fn contents(&self, newer_version: Option<u64>) -> Result<Opened, ReadError> {
        // Articles and annotations are the two large sections: read side by side.
        let (texts, records) = rayon::join(|| self.value::<Texts>("texts"), || self.records());
        let Records { mut project, stamps, deleted, sessions, mut unknown } = records?;
        project.texts = texts?.map(|texts| texts.0).unwrap_or_default();
        if project.texts.iter().any(|text| text.content.len() > self.limits.article) {
            return Err(ReadError::OverLimit { line: 1, what: "the size of an article in bytes", limit: self.limits.article });
        }
        project.extra = self.unknown_sections(&mut unknown)?;
        if let Some(annotation) = project.annotations.iter().find(|annotation| annotation.ranges.len() > self.limits.ranges) {
            let line = self.json.find(&annotation.id.to_string()).map_or(1, |at| line_of(self.json.as_bytes(), at));
            return Err(ReadError::OverLimit { line, what: "the number of ranges of an annotation", limit: self.limits.ranges });
        }
        let beside = || Ledger { base: project.unshared(), stamps: stamps.into_iter().collect(), deleted, sessions };
        let (issues, ledger) = rayon::join(|| check::on_load(&project), beside);
        Ok(Opened { project, ledger, issues, newer_version, joined: false })
    }

    /// Every section but the texts.
    fn records(&self) -> Result<Records, ReadError> {
        let info = self.value::<Stamped<ProjectInfo>>("project")?.ok_or(ReadError::NotAProject)?;
        let mut unknown = Unknown::default();
        if let Some(section) = self.section("project") {
            self.check_record(&section.value, &info)?;
            self.add_unknown(&mut unknown, info.record.extra(), section.value.start)?;
        }
        let mut stamps = vec![((Kind::Project, info.record.key().clone()), info.stamp)];
        let mut project = Project::new(info.record);
        let mut sessions = BTreeMap::new();
        for (at, session) in self.items("sessions", |range, session: SessionRecord| Ok((range.start, session)))?.into_iter().flatten() {
            let id = session.id.key().clone();
            if sessions.insert(id.clone(), session).is_some() {
                return Err(self.doubled_id(at, &id));
            }
        }
        macro_rules! tables {
            ($($table:ident)*) => {
                $(project.$table = self.table(stringify!($table), &mut stamps, &mut unknown)?;)*
            };
        }
        each_table!(tables);
        let mut deleted = BTreeMap::new();
        for (at, record) in self.items("deleted", |range, record| self.checked_deleted(range, record))?.into_iter().flatten() {
            let id = record.id.clone();
            if deleted.insert(id.clone(), record).is_some() {
                return Err(self.doubled_id(at, &id));
            }
        }
        Ok(Records { project, stamps, deleted, sessions, unknown })
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.json.get(range.clone()).unwrap_or_default()
    }

    fn section(&self, key: &str) -> Option<&scan::Section> {
        self.sections.iter().find(|section| self.slice(&section.key) == key)
    }

    fn refuse_doubled_sections(&self) -> Result<(), ReadError> {
        let mut seen = HashSet::with_capacity(self.sections.len());
        for section in &self.sections {
            let key = self.slice(&section.key);
            if !seen.insert(key) {
                return Err(self.damaged(section.key.start, &format!("the key `{key}` stands twice")));
            }
        }
        Ok(())
    }

    fn damaged(&self, at: usize, message: &str) -> ReadError {
        let bytes = self.json.as_bytes();
        ReadError::Damaged { line: line_of(bytes, at), column: column_of(bytes, at), message: message.to_owned() }
    }

    fn doubled_id(&self, at: usize, id: &Key) -> ReadError {
        self.damaged(at, &format!("the id {id} stands twice"))
    }

    /// A parser's message with the place in the whole file instead of that in the slice.
    fn at(&self, range: &Range<usize>, error: &serde_json::Error) -> ReadError {
        let bytes = self.json.as_bytes();
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
        let (line, column) = (line_of(bytes, range.start), column_of(bytes, range.start));
        match error.line() {
            0 | 1 => ReadError::Damaged { line, column: column + error.column().saturating_sub(1), message },
            further => ReadError::Damaged { line: line + further - 1, column: error.column(), message },
        }
    }

    fn value<T: de::DeserializeOwned>(&self, key: &str) -> Result<Option<T>, ReadError> {
        let Some(section) = self.section(key) else { return Ok(None) };
        serde_json::from_str(self.slice(&section.value)).map(Some).map_err(|error| self.at(&section.value, &error))
    }

    /// The elements of a section, each as `keep` keeps it, in the order of the file; all cores read, some at a time.
    fn items<T, K, F>(&self, key: &str, keep: F) -> Result<Vec<Vec<K>>, ReadError>
    where
        T: de::DeserializeOwned,
        K: Send,
        F: Fn(&Range<usize>, T) -> Result<K, ReadError> + Sync,
    {
        let Some(section) = self.section(key) else { return Ok(Vec::new()) };
        if !self.slice(&section.value).starts_with('[') {
            return Err(self.damaged(section.value.start, &format!("`{key}` is not a list")));
        }
        let one = |item: &Range<usize>| keep(item, serde_json::from_str(self.slice(item)).map_err(|error| self.at(item, &error))?);
        let read: Vec<Result<Vec<K>, ReadError>> =
            section.items.par_chunks(AT_A_TIME).map(|items| items.iter().map(one).collect()).collect();
        // The first fault is told, whichever core met one first.
        read.into_iter().collect()
    }

    /// A table of records; stamps and what is unknown are put to those of the tables before.
    fn table<R>(&self, key: &str, stamps: &mut Vec<((Kind, Key), Stamp)>, unknown: &mut Unknown) -> Result<Table<R>, ReadError>
    where
        R: Record + de::DeserializeOwned,
    {
        let mut read = self.items(key, |range, item: Stamped<R>| {
            self.check_record(range, &item)?;
            Ok((range.start, Arc::new(item.record), item.stamp))
        })?;
        for (at, record, _) in read.iter().flatten() {
            self.add_unknown(unknown, record.extra(), *at)?;
        }
        if !read.iter().flatten().is_sorted_by(|(_, left, _), (_, right, _)| left.key() < right.key()) {
            let mut rows: Vec<(usize, Arc<R>, Stamp)> = read.into_iter().flatten().collect();
            rows.sort_by(|(_, left, _), (_, right, _)| left.key().cmp(right.key()));
            let twins = rows.iter().zip(rows.iter().skip(1)).find(|((_, left, _), (_, right, _))| left.key() == right.key());
            if let Some((_, (at, twin, _))) = twins {
                return Err(self.doubled_id(*at, twin.key()));
            }
            read = vec![rows];
        }
        stamps.reserve(read.iter().map(Vec::len).sum());
        let put = |(_, record, stamp): (usize, Arc<R>, Stamp)| {
            stamps.push(((R::KIND, record.key().clone()), stamp));
            (Id::from(record.key().clone()), record)
        };
        Ok(read.into_iter().flatten().map(put).collect())
    }

    /// A deleted record within the limits, with its place.
    fn checked_deleted(&self, range: &Range<usize>, record: Deleted) -> Result<(usize, Deleted), ReadError> {
        let counted = stamp_within(&record.stamp, self.limits)
            .and_then(|()| vector_within(&record.gone, self.limits))
            .and_then(|()| undecided_within(&record.conflicts, self.limits));
        counted.map_err(|TooMany(what, limit)| ReadError::TooMany { line: line_of(self.json.as_bytes(), range.start), what, limit })?;
        Ok((range.start, record))
    }

    /// What the parser does not see: whether the parts of a record are within the limits, and what is undecided in it.
    fn check_record<R: Record + de::DeserializeOwned>(&self, range: &Range<usize>, item: &Stamped<R>) -> Result<(), ReadError> {
        let (record, limits) = (&item.record, self.limits);
        let line = || line_of(self.json.as_bytes(), range.start);
        if let Some(TooLong { field, limit }) = too_long(record, self.slice(range), limits) {
            return Err(ReadError::TooLong { line: line(), field, limit });
        }
        let counted = stamp_within(&item.stamp, limits).and_then(|()| undecided_within(record.conflicts(), limits));
        counted.map_err(|TooMany(what, limit)| ReadError::TooMany { line: line(), what, limit })?;
        if record.conflicts().is_empty() {
            return Ok(());
        }
        let unreadable = |error| self.damaged(range.start, &format!("an undecided value cannot be read: {error}"));
        fields::check_conflicts(record).map_err(unreadable)
    }

    fn add_unknown(&self, unknown: &mut Unknown, extra: &Extra, at: usize) -> Result<(), ReadError> {
        if extra.is_empty() {
            return Ok(());
        }
        unknown.bytes += extra.byte_len();
        unknown.keys += extra.len();
        if unknown.keys > self.limits.unknown_keys {
            let line = line_of(self.json.as_bytes(), at);
            return Err(ReadError::TooMany { line, what: "keys that this version does not know", limit: self.limits.unknown_keys });
        }
        if unknown.bytes > self.limits.unknown {
            return Err(ReadError::OverLimit { line: 1, what: "unknown content in bytes", limit: self.limits.unknown });
        }
        Ok(())
    }

    fn unknown_sections(&self, unknown: &mut Unknown) -> Result<Extra, ReadError> {
        let mut extra = Extra::default();
        for section in &self.sections {
            let key = self.slice(&section.key);
            if super::write::SECTIONS.contains(&key) {
                continue;
            }
            let raw: RawJson = serde_json::from_str(self.slice(&section.value)).map_err(|error| self.at(&section.value, &error))?;
            extra.insert(key.into(), raw);
        }
        let first =
            self.sections.iter().find(|section| extra.get(self.slice(&section.key)).is_some()).map_or(0, |section| section.key.start);
        self.add_unknown(unknown, &extra, first)?;
        Ok(extra)
    }
}

/// The section `texts`: hash to lines.
struct Texts(Table<Text>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> de::Visitor<'de> for Entries {
            type Value = Texts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((id, Lines(content))) = map.next_entry::<Id<Text>, Lines>()? {
                    // The name in the file is kept, so that `check` can tell that the words under it were changed.
                    let text = Text { index: crate::text::TextIndex::new(&content), id: id.clone(), content: content.into() };
                    if texts.insert(id.clone(), Arc::new(text)).is_some() {
                        return Err(de::Error::custom(format_args!("the key `{id}` stands twice")));
                    }
                }
                Ok(Texts(texts.into_iter().collect()))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A list of lines, read straight into one text.
struct Lines(String);

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Append<'s>(&'s mut String);
        impl<'de> de::DeserializeSeed<'de> for Append<'_> {
            type Value = ();
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.deserialize_str(self)
            }
        }
        impl de::Visitor<'_> for Append<'_> {
            type Value = ();
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a line of text")
            }
            fn visit_str<E: de::Error>(self, line: &str) -> Result<(), E> {
                self.0.push_str(line);
                Ok(())
            }
        }
        struct List;
        impl<'de> de::Visitor<'de> for List {
            type Value = Lines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of lines")
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Lines, A::Error> {
                let mut content = String::new();
                let mut first = true;
                loop {
                    let before = content.len();
                    if !first {
                        content.push('\n');
                    }
                    if seq.next_element_seed(Append(&mut content))?.is_none() {
                        content.truncate(before);
                        return Ok(Lines(content));
                    }
                    first = false;
                }
            }
        }
        deserializer.deserialize_seq(List)
    }
}
