//! From a project to bytes: same content, same bytes, one record a line.

use super::VERSION;
use crate::{
    merge::Ledger,
    model::{Id, Key, Project, Record, SessionRecord, Stamp, Table, Text, record::Line},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// The keys of the outermost object, in their order.
pub const SECTIONS: [&str; 17] = [
    "format",
    "version",
    "project",
    "texts",
    "sessions",
    "persons",
    "labels",
    "relation_kinds",
    "policies",
    "documents",
    "sources",
    "annotations",
    "relations",
    "decisions",
    "comments",
    "omissions",
    "deleted",
];

/// Writes the contents of a ledger with their stamps.
pub fn write(ledger: &Ledger) -> serde_json::Result<Vec<u8>> {
    let project = &ledger.base;
    let mut file = Writer { bytes: Vec::with_capacity(1 << 16), ledger };
    file.bytes.extend_from_slice(format!("{{\n\"format\":\"onrecord\",\"version\":{VERSION}").as_bytes());
    file.key("project");
    file.record(&*project.info)?;
    file.texts(project)?;
    file.sessions()?;
    file.table("persons", &project.persons)?;
    file.table("labels", &project.labels)?;
    file.table("relation_kinds", &project.relation_kinds)?;
    file.table("policies", &project.policies)?;
    file.table("documents", &project.documents)?;
    file.table("sources", &project.sources)?;
    file.table("annotations", &project.annotations)?;
    file.table("relations", &project.relations)?;
    file.table("decisions", &project.decisions)?;
    file.table("comments", &project.comments)?;
    file.table("omissions", &project.omissions)?;
    file.list("deleted", ledger.deleted.values())?;
    for (key, value) in project.extra.iter() {
        file.key(key);
        file.value(value)?;
    }
    file.bytes.extend_from_slice(b"\n}\n");
    Ok(file.bytes)
}

struct Writer<'p> {
    bytes: Vec<u8>,
    ledger: &'p Ledger,
}

impl<'p> Writer<'p> {
    fn key(&mut self, key: &str) {
        self.bytes.extend_from_slice(format!(",\n\"{key}\":").as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        serde_json::to_writer(&mut self.bytes, value)
    }

    fn record<R: Record>(&mut self, record: &R) -> serde_json::Result<()> {
        match self.ledger.stamps.get(&(R::KIND, record.key().clone())) {
            Some(stamp) => self.value(&Line(record, stamp)),
            None => self.value(&Line(record, &Stamp::default())),
        }
    }

    fn table<R: Record>(&mut self, key: &str, table: &'p Table<R>) -> serde_json::Result<()> {
        self.rows(key, table.iter(), |file, record| file.record(&**record))
    }

    fn list<T: Serialize + 'p>(&mut self, key: &str, list: impl Iterator<Item = &'p T>) -> serde_json::Result<()> {
        self.rows(key, list, Self::value)
    }

    /// A section of one element a line; an empty one is left out.
    fn rows<T>(
        &mut self,
        key: &str,
        rows: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        let mut begun = false;
        for row in rows {
            if begun {
                self.bytes.extend_from_slice(b",\n");
            } else {
                self.key(key);
                self.bytes.extend_from_slice(b"[\n");
                begun = true;
            }
            write(self, row)?;
        }
        if begun {
            self.bytes.extend_from_slice(b"\n]");
        }
        Ok(())
    }

    /// The texts that a live record names, one line a line.
    fn texts(&mut self, project: &Project) -> serde_json::Result<()> {
        let mut named: BTreeSet<&Id<Text>> = project.documents.iter().map(|document| &document.text).collect();
        named.extend(project.annotations.iter().map(|annotation| &annotation.text));
        named.extend(project.omissions.iter().map(|omission| &omission.text));
        let mut begun = false;
        for text in project.texts.iter().filter(|text| named.contains(&text.id)) {
            if begun {
                self.bytes.extend_from_slice(b",\n");
            } else {
                self.key("texts");
                self.bytes.extend_from_slice(b"{\n");
                begun = true;
            }
            self.value(&text.id)?;
            self.bytes.extend_from_slice(b":[\n");
            for (at, line) in text.content.split('\n').enumerate() {
                if at > 0 {
                    self.bytes.extend_from_slice(b",\n");
                }
                self.value(&line)?;
            }
            self.bytes.extend_from_slice(b"\n]");
        }
        if begun {
            self.bytes.extend_from_slice(b"\n}");
        }
        Ok(())
    }

    /// The sessions that a record names.
    fn sessions(&mut self) -> serde_json::Result<()> {
        let ledger = self.ledger;
        let named: BTreeSet<Key> = ledger.sessions_named();
        let listed: Vec<&SessionRecord> = ledger.sessions.values().filter(|session| named.contains(session.id.key())).collect();
        self.list("sessions", listed.into_iter())
    }
}
