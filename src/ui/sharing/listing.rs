//! Differences laid out in lines, once and on the thread that found them: a frame draws only those in sight.

use crate::display::differences::{Difference, summary};

/// A line of the list; numbers are places in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The heading of an article, by its first record.
    Document(usize),
    Record(usize),
    Field(usize, usize),
}

/// What differs, with what a dialog says of it.
pub(crate) struct Listing {
    pub(crate) differences: Vec<Difference>,
    /// `3 added, 1 changed`.
    pub(crate) summary: String,
    /// Everybody who wrote something, sorted; an empty name where the file does not say.
    pub(crate) persons: Vec<String>,
    /// Only what this person wrote is listed.
    pub(crate) person: Option<String>,
    pub(crate) lines: Vec<Line>,
}

impl Listing {
    pub(crate) fn new(differences: Vec<Difference>) -> Self {
        let mut persons: Vec<String> = differences.iter().map(|difference| difference.person.clone()).collect();
        persons.sort_unstable();
        persons.dedup();
        let mut listing = Self { summary: summary(&differences), differences, persons, person: None, lines: Vec::new() };
        listing.show_only(None);
        listing
    }

    /// Lists what one person wrote, or everything.
    pub(crate) fn show_only(&mut self, person: Option<String>) {
        self.person = person;
        self.lines.clear();
        let mut document = None;
        for (at, difference) in self.differences.iter().enumerate() {
            if self.person.as_ref().is_some_and(|person| difference.person != *person) {
                continue;
            }
            if document != Some(&difference.document) {
                document = Some(&difference.document);
                self.lines.push(Line::Document(at));
            }
            self.lines.push(Line::Record(at));
            self.lines.extend((0..difference.fields.len()).map(|field| Line::Field(at, field)));
        }
    }
}
