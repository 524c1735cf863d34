//! What colleagues wrote differently and nobody has decided: every value, who wrote it, where in the text.

use super::{
    differences::{Shown, said, who},
    safe::one_line,
};
use crate::{
    merge::Ledger,
    model::{Document, Id, Key, Kind, Project, RawJson, fields, project::each_table},
    review,
    text::CharOffset,
};
use serde::Serialize;
use std::collections::HashMap;

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The value as `settle` takes it; `None` leaves the field empty, or deletes.
    #[serde(skip)]
    pub value: Option<RawJson>,
    /// The value in words.
    pub words: String,
    /// Who wrote it, as far as the file says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
}

/// One open question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// What the record is.
    pub kind: Kind,
    /// The record.
    #[serde(serialize_with = "text")]
    pub record: Key,
    /// The field as a join names it: `attributes.basis`; `gone` when somebody deleted what somebody else went on with; `decisions` when
    /// two editors decided on a source at the same time, which is settled on the review desk.
    pub field: String,
    /// The field for people.
    pub name: String,
    /// The record in a few words.
    pub title: String,
    /// The article.
    #[serde(skip)]
    pub document: Option<Id<Document>>,
    /// Where in the article.
    #[serde(skip)]
    pub place: Option<CharOffset>,
    /// The values.
    pub choices: Vec<Choice>,
}

fn text<S: serde::Serializer>(key: &Key, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

impl Undecided {
    /// One line for a terminal.
    pub fn line(&self) -> String {
        let choices: Vec<String> = self.choices.iter().map(Choice::spoken).collect();
        format!("? {}\t{}\t{}\n", one_line(&self.title), one_line(&self.name), one_line(&choices.join(" / ")))
    }
}

impl Choice {
    /// The value with those who wrote it: `briefed (BL)`.
    pub fn spoken(&self) -> String {
        if self.persons.is_empty() { self.words.clone() } else { format!("{} ({})", self.words, self.persons.join(", ")) }
    }
}

/// Every open question of a project, by article and place. `ledger` says who wrote what.
pub fn undecided(project: &Project, ledger: &Ledger) -> Vec<Undecided> {
    let mut found = Vec::new();
    one(&*project.info, project, ledger, &mut found);
    macro_rules! tables {
        ($($table:ident)*) => {
            $(for record in project.$table.iter().filter(|record| !record.conflicts.is_empty()) {
                one(&**record, project, ledger, &mut found);
            })*
        };
    }
    each_table!(tables);
    for (document, source, newest) in review::split_units(project) {
        let choices = newest.iter().map(|decision| Choice {
            value: None,
            words: decision.to.replace('_', " "),
            persons: decision.by.iter().filter_map(|by| project.persons.get(by)).map(|person| person.name.clone()).collect(),
        });
        found.push(Undecided {
            kind: Kind::Source,
            record: source.key().clone(),
            field: "decisions".to_owned(),
            name: "decision".to_owned(),
            title: project.sources.get(&source).map(|source| source.alias.clone()).unwrap_or_default(),
            document: Some(document),
            place: None,
            choices: choices.collect(),
        });
    }
    let title = |of: &Undecided| of.document.as_ref().and_then(|id| project.documents.get(id)).map(|document| document.title.clone());
    found.sort_by_cached_key(|of| (title(of), of.place, of.title.clone(), of.field.clone()));
    found
}

fn one<R: Shown>(record: &R, project: &Project, ledger: &Ledger, found: &mut Vec<Undecided>) {
    for (field, open) in record.conflicts().iter() {
        let pairs = fields::undecided(open).unwrap_or_default();
        let choices = if field == fields::GONE {
            let deleters = pairs.iter().map(|(dot, _)| who(ledger, project, &dot.session)).filter(|name| !name.is_empty()).collect();
            let keep = RawJson::from_value(&"keep").ok();
            vec![
                Choice { value: keep, words: "Keep it".to_owned(), persons: Vec::new() },
                Choice { value: None, words: "Delete it".to_owned(), persons: deleters },
            ]
        } else {
            values(R::KIND, &pairs, project, ledger)
        };
        let (document, place) = record.place(project);
        found.push(Undecided {
            kind: R::KIND,
            record: record.key().clone(),
            field: field.to_owned(),
            name: fields::name(field),
            title: record.title(project),
            document,
            place,
            choices,
        });
    }
}

/// Equal values are one choice of several people.
fn values(kind: Kind, pairs: &fields::Undecided, project: &Project, ledger: &Ledger) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut places: HashMap<Option<&str>, usize> = HashMap::new();
    for (dot, value) in pairs {
        let person = Some(who(ledger, project, &dot.session)).filter(|name| !name.is_empty());
        let place = *places.entry(value.as_deref()).or_insert(choices.len());
        match choices.get_mut(place) {
            Some(known) => known.persons.extend(person),
            None => choices.push(Choice {
                words: value.as_deref().map_or_else(|| "nothing".to_owned(), |json| said(project, kind, json)),
                value: value.as_deref().and_then(|json| serde_json::from_str(json).ok()),
                persons: person.into_iter().collect(),
            }),
        }
    }
    choices
}
