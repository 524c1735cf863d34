//! What differs between two states of a project, for people: added, changed, deleted, by whom, in which article.

use super::safe::one_line;
use crate::{
    check::spans::shorten,
    edit::{Change, Swap},
    merge::Ledger,
    model::{
        Annotation, Comment, Decision, Document, Id, Key, Kind, Label, Omission, Person, Policy, Project, ProjectInfo, Record, Relation,
        RelationKind, Source, fields,
    },
    text::CharOffset,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is new.
    Added,
    /// Some fields differ.
    Changed,
    /// It is gone.
    Deleted,
}

impl What {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Deleted];

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deleted => "Deleted",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Deleted => '-',
        }
    }
}

/// A field that differs, each side in words; empty where the field is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDifference {
    /// The field for people.
    pub name: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// Whether it is undecided now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undecided: bool,
}

/// A record that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What happened to it.
    pub what: What,
    /// What it is: `annotation`.
    pub kind: &'static str,
    /// Its id.
    #[serde(serialize_with = "as_text")]
    pub id: Key,
    /// The title of the article that it belongs to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Its paragraph there, from 1; 0 where it has none.
    #[serde(skip_serializing_if = "is_zero")]
    pub paragraph: usize,
    /// The record in a few words.
    pub title: String,
    /// The initials of whoever wrote or deleted it, as far as the file says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// What differs in a changed record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDifference>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn as_text<S: serde::Serializer>(key: &Key, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

impl Difference {
    /// Whether a question is open in it.
    pub fn is_undecided(&self) -> bool {
        self.fields.iter().any(|field| field.undecided)
    }

    /// One line for a terminal, and one a field.
    pub fn lines(&self) -> String {
        let mut place = self.document.clone();
        if self.paragraph > 0 {
            place.push_str(&format!(" ¶ {}", self.paragraph));
        }
        let parts = [
            place,
            self.kind.replace('_', " "),
            self.title.clone(),
            if self.person.is_empty() { String::new() } else { format!("by {}", self.person) },
        ];
        let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(|part| one_line(part)).collect();
        let mut lines = format!("{} {}\n", self.what.sign(), parts.join("\t"));
        for field in &self.fields {
            let open = if field.undecided { " (undecided)" } else { "" };
            lines.push_str(&format!("    {}: {} → {}{open}\n", one_line(&field.name), quoted(&field.before), quoted(&field.after)));
        }
        lines
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { one_line(&words(value)).into_owned() }
}

/// Words in quotation marks, unless they bring their own.
fn words(value: &str) -> String {
    let short = shorten(value);
    if short.starts_with(['“', '"', '«', '„', '‘']) { short } else { format!("“{short}”") }
}

/// How much differs, for a heading: `3 added, 1 changed, 1 undecided`.
pub fn summary(differences: &[Difference]) -> String {
    let count = |what: What| differences.iter().filter(|difference| difference.what == what).count();
    let undecided = differences.iter().filter(|difference| difference.is_undecided()).count();
    let parts: Vec<String> = What::ALL
        .iter()
        .map(|what| (count(*what), what.name().to_lowercase()))
        .chain([(undecided, "undecided".to_owned())])
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() { "nothing new".to_owned() } else { parts.join(", ") }
}

/// What changes do to `before`; `after` is the file that they lead to, with its stamps, or without where there are none.
pub fn differences(changes: &[Change], before: &Project, after: &Project, stamps: &Ledger) -> Vec<Difference> {
    let look = Look { before, after, stamps };
    let mut found: Vec<Difference> = changes.iter().filter_map(|change| look.change(change)).collect();
    found.sort_by(|one, other| (&one.document, one.paragraph, one.what).cmp(&(&other.document, other.paragraph, other.what)));
    found
}

struct Look<'p> {
    before: &'p Project,
    after: &'p Project,
    stamps: &'p Ledger,
}

impl Look<'_> {
    fn change(&self, change: &Change) -> Option<Difference> {
        match change {
            Change::Info { before, after } => self.sides(Some(&**before), Some(&**after)),
            Change::Text(_) => None,
            Change::Person(swap) => self.swap(swap),
            Change::Label(swap) => self.swap(swap),
            Change::RelationKind(swap) => self.swap(swap),
            Change::Document(swap) => self.swap(swap),
            Change::Source(swap) => self.swap(swap),
            Change::Annotation(swap) => self.swap(swap),
            Change::Relation(swap) => self.swap(swap),
            Change::Omission(swap) => self.swap(swap),
            Change::Policy(swap) => self.swap(swap),
            Change::Decision(swap) => self.swap(swap),
            Change::Comment(swap) => self.swap(swap),
        }
    }

    fn swap<R: Shown>(&self, swap: &Swap<R>) -> Option<Difference> {
        self.sides(swap.before.as_deref(), swap.after.as_deref())
    }

    fn sides<R: Shown>(&self, before: Option<&R>, after: Option<&R>) -> Option<Difference> {
        let (what, shown, project) = match (before, after) {
            (None, Some(after)) => (What::Added, after, self.after),
            (Some(_), Some(after)) => (What::Changed, after, self.after),
            (Some(before), None) => (What::Deleted, before, self.before),
            (None, None) => return None,
        };
        let mut fields = Vec::new();
        if let (Some(before), Some(after)) = (before, after) {
            fields = self.fields(before, after);
        }
        let names: Vec<&str> = match what {
            What::Deleted => vec![fields::GONE],
            _ => fields.iter().map(|(key, _)| key.as_str()).collect(),
        };
        let person = self.person(R::KIND, shown.key(), &names);
        let (document, place) = shown.place(project);
        let document = document.and_then(|id| project.documents.get(&id));
        let paragraph = match (document, place) {
            (Some(document), Some(place)) => project.text_of(document).map_or(0, |text| text.index.number_from_char(&text.content, place)),
            _ => 0,
        };
        let document = document.map(|document| document.title.clone()).unwrap_or_default();
        let fields = fields.into_iter().map(|(_, field)| field).collect();
        Some(Difference {
            what,
            kind: R::KIND.word(),
            id: shown.key().clone(),
            document,
            paragraph,
            title: shown.title(project),
            person,
            fields,
        })
    }

    fn fields<R: Shown>(&self, before: &R, after: &R) -> Vec<(String, FieldDifference)> {
        let (old, new) = (fields::fields(before), fields::fields(after));
        let mut names: BTreeMap<&str, bool> = BTreeMap::new();
        for field in old.keys().chain(new.keys()).filter(|field| old.get(*field) != new.get(*field)) {
            names.insert(field, false);
        }
        for (field, open) in after.conflicts().iter() {
            if before.conflicts().get(field) != Some(open) {
                names.insert(field, true);
            }
        }
        let spoken = |project: &Project, value: Option<&Box<str>>| value.map(|json| said(project, R::KIND, json)).unwrap_or_default();
        let difference = |(field, undecided): (&str, bool)| {
            let mut after_words = spoken(self.after, new.get(field));
            if let (true, Some(open)) = (undecided, after.conflicts().get(field)) {
                let values = fields::undecided(open).unwrap_or_default();
                let words: Vec<String> = values.iter().map(|(_, value)| spoken(self.after, value.as_ref())).collect();
                after_words = if field == fields::GONE { "deleted by one, used by another".to_owned() } else { words.join(" / ") };
            }
            let before = spoken(self.before, old.get(field));
            (field.to_owned(), FieldDifference { name: fields::name(field), before, after: after_words, undecided })
        };
        names.into_iter().map(difference).collect()
    }

    /// Who wrote the newest of the fields; for a deletion who deleted.
    fn person(&self, kind: Kind, key: &Key, names: &[&str]) -> String {
        let stamp = match self.stamps.stamps.get(&(kind, key.clone())) {
            Some(stamp) => Some(stamp),
            None => self.stamps.deleted.get(key).map(|deleted| &deleted.stamp),
        };
        let Some(stamp) = stamp else { return String::new() };
        let dots = if names.is_empty() { stamp.dots_of("id") } else { names.iter().find_map(|field| stamp.dots_of(field)) };
        dots.and_then(|dots| dots.0.last().map(|dot| who(self.stamps, self.after, &dot.session))).unwrap_or_default()
    }
}

/// The initials of the person of a session; empty where the file does not say.
pub fn who(ledger: &Ledger, project: &Project, session: &Key) -> String {
    let person = ledger.sessions.get(session).and_then(|session| session.person.as_ref());
    let known = person.and_then(|person| project.persons.get(person).or_else(|| ledger.base.persons.get(person)));
    known.map(|person| person.name.clone()).unwrap_or_default()
}

/// A value in words: the quote of a place, the name behind an id.
pub fn said(project: &Project, kind: Kind, json: &str) -> String {
    use serde_json::Value;
    let value: Value = serde_json::from_str(json).unwrap_or_default();
    let name = |id: &str| -> Option<String> {
        let source = || project.sources.get(&id.into()).map(|source| source.alias.clone());
        let label = || project.labels.get(&id.into()).map(|label| label.name.clone());
        let person = || project.persons.get(&id.into()).map(|person| person.name.clone());
        let document = || project.documents.get(&id.into()).map(|document| document.title.clone());
        source().or_else(label).or_else(person).or_else(document)
    };
    match &value {
        Value::String(words) => name(words).unwrap_or_else(|| words.clone()),
        Value::Object(place) if place.contains_key("ranges") && matches!(kind, Kind::Annotation | Kind::Omission) => {
            let whole = fields::with_quote(json, &project.texts);
            let place: Value = whole.and_then(|whole| serde_json::from_str(&whole).ok()).unwrap_or(value);
            let quote =
                place.get("quote").and_then(Value::as_array).map(|quote| quote.iter().filter_map(Value::as_str).collect::<Vec<_>>());
            quote.map_or_else(|| place.get("ranges").map(ToString::to_string).unwrap_or_default(), |quote| quote.join(" … "))
        }
        Value::Array(all) => {
            all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect::<Vec<_>>().join(" ")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A record that can be shown in a few words.
pub(super) trait Shown: Record {
    /// The record in a few words.
    fn title(&self, project: &Project) -> String;
    /// The article that it belongs to, and where in it.
    fn place(&self, project: &Project) -> (Option<Id<Document>>, Option<CharOffset>);
}

macro_rules! shown {
    ($($record:ty: |$self:ident, $project:ident| $title:expr, $place:expr;)*) => {
        $(impl Shown for $record {
            #[allow(unused_variables, reason = "not every record looks at the project")]
            fn title(&$self, $project: &Project) -> String {
                $title
            }

            #[allow(unused_variables, reason = "not every record looks at the project")]
            fn place(&$self, $project: &Project) -> (Option<Id<Document>>, Option<CharOffset>) {
                $place
            }
        })*
    };
}

shown! {
    ProjectInfo: |self, project| self.title.clone(), (None, None);
    Person: |self, project| self.name.clone(), (None, None);
    Label: |self, project| self.name.clone(), (None, None);
    RelationKind: |self, project| self.name.clone(), (None, None);
    Policy: |self, project| self.name.clone(), (None, None);
    Document: |self, project| self.title.clone(), (Some(self.id.clone()), None);
    Source: |self, project| self.alias.clone(), (None, None);
    Annotation: |self, project| {
        let label = project.labels.get(&self.label).map_or_else(|| self.label.to_string(), |label| label.name.clone());
        format!("{label} {}", words(&self.excerpt()))
    }, (Some(self.document.clone()), Some(self.ranges.bounds().start));
    Relation: |self, project| {
        let end = |id| project.annotations.get(id).map_or_else(|| "?".to_owned(), |end| words(&end.excerpt()));
        let kind = project.relation_kinds.get(&self.kind).map_or_else(|| self.kind.to_string(), |kind| kind.name.clone());
        format!("{} {kind} {}", end(&self.from), end(&self.to))
    }, {
        let start = project.annotations.get(&self.from);
        (start.map(|start| start.document.clone()), start.map(|start| start.ranges.bounds().start))
    };
    Decision: |self, project| {
        let source = project.sources.get(&self.source).map_or_else(|| self.source.to_string(), |source| source.alias.clone());
        format!("{source}: {}", self.to.replace('_', " "))
    }, (Some(self.document.clone()), None);
    Comment: |self, project| shorten(&self.text), {
        let on = project.annotations.get(&self.on.clone().into());
        (on.map(|on| on.document.clone()), on.map(|on| on.ranges.bounds().start))
    };
    Omission: |self, project| self.why.clone(), (Some(self.document.clone()), Some(self.ranges.bounds().start));
}
