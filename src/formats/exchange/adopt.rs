//! From what a foreign file says to what the project takes: labels and kinds of links are mapped, the rest is carried over.

use super::{Annotated, Span, verify::Placed};
use crate::{
    display::line::count,
    edit::{
        Import,
        import::{ImportAnnotation, ImportComment, ImportDocument, ImportLink, ImportOmission, ImportSource},
    },
    model::{AttributeDefinition, Colour, Conflicts, Document, Extra, Id, Label, Pattern, Project, RelationKind, SourceKind, Text},
    text::{Ranges, TextRange},
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What becomes of a foreign label or kind of link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of the project's, by id.
    Known(String),
    /// A new one of this name.
    New(String),
    /// It is left out, with everything that has it.
    Leave,
}

/// What becomes of every foreign label and kind of link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// Labels by their foreign names.
    pub labels: BTreeMap<String, Target>,
    /// Kinds of links by theirs.
    pub kinds: BTreeMap<String, Target>,
}

/// The file of `--map`: foreign name to the id or name of ours, `null` to leave it out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    #[serde(default)]
    labels: BTreeMap<String, Option<String>>,
    #[serde(default)]
    links: BTreeMap<String, Option<String>>,
}

/// What occurs in the files: labels and kinds of links with their counts, and what each needs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// Labels: how often, with which attributes, and whether they have speakers.
    pub labels: BTreeMap<String, SeenLabel>,
    /// Kinds of links: how often, and the labels of their ends.
    pub kinds: BTreeMap<String, (usize, BTreeSet<(String, String)>)>,
}

/// A foreign label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeenLabel {
    /// How often it occurs.
    pub count: usize,
    /// The attributes that its spans have.
    pub attributes: BTreeSet<String>,
    /// Whether its spans say who speaks.
    pub speaks: bool,
    /// The first words that it marks.
    pub example: String,
}

impl Seen {
    /// Takes note of an article.
    pub fn add(&mut self, article: &Annotated) {
        for span in &article.spans {
            let label = self.labels.entry(span.label.clone()).or_default();
            label.count += 1;
            label.speaks |= span.source.is_some();
            if label.example.is_empty() {
                label.example = span.words().chars().take(80).collect();
            }
            for key in span.attributes.keys() {
                if !label.attributes.contains(key) {
                    label.attributes.insert(key.clone());
                }
            }
        }
        if article.links.is_empty() {
            return;
        }
        let labels: std::collections::HashMap<&str, &str> =
            article.spans.iter().map(|span| (span.id.as_str(), span.label.as_str())).collect();
        for link in &article.links {
            let (count, ends) = self.kinds.entry(link.kind.clone()).or_default();
            *count += 1;
            if let (Some(from), Some(to)) = (labels.get(link.from.as_str()), labels.get(link.to.as_str())) {
                ends.insert(((*from).to_owned(), (*to).to_owned()));
            }
        }
    }
}

/// Names that people do not tell apart: capitals, spaces and signs do not count.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Mapping {
    /// What fits by name; everything else becomes new.
    pub fn suggest(project: &Project, seen: &Seen) -> Self {
        let label = |foreign: &String| {
            let same = project.labels.iter().find(|label| label.id.key().to_string() == *foreign);
            let known = same.or_else(|| {
                let name = folded(foreign);
                project
                    .labels
                    .iter()
                    .find(|label| !name.is_empty() && (folded(&label.name) == name || folded(&label.id.to_string()) == name))
            });
            known.map_or_else(|| Target::New(foreign.clone()), |label| Target::Known(label.id.to_string()))
        };
        let kind = |foreign: &String| {
            let same = project.relation_kinds.iter().find(|kind| kind.id.key().to_string() == *foreign);
            let known = same.or_else(|| {
                let name = folded(foreign);
                project
                    .relation_kinds
                    .iter()
                    .find(|kind| !name.is_empty() && (folded(&kind.name) == name || folded(&kind.id.to_string()) == name))
            });
            known.map_or_else(|| Target::New(foreign.clone()), |kind| Target::Known(kind.id.to_string()))
        };
        Self {
            labels: seen.labels.keys().map(|foreign| (foreign.clone(), label(foreign))).collect(),
            kinds: seen.kinds.keys().map(|foreign| (foreign.clone(), kind(foreign))).collect(),
        }
    }

    /// Changes it as a file says.
    pub fn apply_file(&mut self, project: &Project, json: &str) -> Result<(), String> {
        let file: MapFile = serde_json::from_str(json).map_err(|error| error.to_string())?;
        for (foreign, ours) in file.labels {
            let known = |name: &String| {
                project
                    .labels
                    .iter()
                    .find(|label| label.id.key().to_string() == *name || label.name == *name)
                    .map(|label| label.id.to_string())
            };
            self.labels.insert(foreign, target(ours, known));
        }
        for (foreign, ours) in file.links {
            let known = |name: &String| {
                project
                    .relation_kinds
                    .iter()
                    .find(|kind| kind.id.key().to_string() == *name || kind.name == *name)
                    .map(|kind| kind.id.to_string())
            };
            self.kinds.insert(foreign, target(ours, known));
        }
        Ok(())
    }
}

fn target(ours: Option<String>, known: impl Fn(&String) -> Option<String>) -> Target {
    match ours {
        None => Target::Leave,
        Some(name) => known(&name).map_or(Target::New(name), Target::Known),
    }
}

/// Line and tint colours for labels that come in: eight hues of the lightness of the built-in ones.
const HUES: [(&str, &str); 8] = [
    ("#6F4FB3", "#B79CF2"),
    ("#8A6D00", "#D9BD4A"),
    ("#1F7A3D", "#6CCB8A"),
    ("#B3402E", "#F09A8B"),
    ("#2F6690", "#8DBBE0"),
    ("#8C4A6B", "#DE9DBD"),
    ("#5B6F00", "#B4CC4F"),
    ("#7A5230", "#D3A67C"),
];

/// A plain key from a name, as ids of labels are.
fn key_of(name: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut key = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            key.push(letter);
        } else if !key.ends_with('_') && !key.is_empty() {
            key.push('_');
        }
    }
    let key: String = key.trim_matches('_').chars().take(60).collect();
    let key = if key.is_empty() { "label".to_owned() } else { key };
    let mut number = 1;
    let mut free = key.clone();
    while taken(&free) {
        number += 1;
        free = format!("{key}_{number}");
    }
    free
}

/// What an import left out, in sentences, beside the import itself.
#[derive(Debug, Default)]
pub struct Adopted {
    /// What the project takes.
    pub import: Import,
    /// What it does not, and why.
    pub left_out: Vec<String>,
}

/// The article of a project that an incoming one is: the same id and text, the same text, or, for a file without texts, the same name.
pub fn document_of<'p>(project: &'p Project, article: &Annotated, text: Option<&Text>) -> Option<&'p Document> {
    let id: Id<Document> = article.id.as_str().into();
    let by_id = project.documents.get(&id).map(AsRef::as_ref);
    match text {
        Some(text) => by_id
            .filter(|document| document.text == text.id)
            .or_else(|| project.documents.iter().find(|document| document.text == text.id).map(AsRef::as_ref)),
        None => by_id.or_else(|| {
            let name = if article.title.is_empty() { &article.id } else { &article.title };
            let stem = |name: &str| name.rsplit_once('.').map_or_else(|| name.to_owned(), |(stem, _)| stem.to_owned());
            let is_it = |document: &&std::sync::Arc<Document>| {
                let file = document.imported.as_ref().map(|imported| imported.name.as_str()).unwrap_or_default();
                document.title == *name
                    || (!file.is_empty() && (file == name || stem(file) == stem(name)))
                    || (!document.address.is_empty() && document.address == article.id)
            };
            project.documents.iter().find(is_it).map(AsRef::as_ref)
        }),
    }
}

/// Maps placed articles into an import.
pub fn adopt(project: &Project, placed: Vec<Placed>, seen: &Seen, mapping: &Mapping) -> Adopted {
    let mut adopted = Adopted::default();
    let labels = new_labels(project, seen, mapping, &mut adopted.import);
    let kinds = new_kinds(project, seen, mapping, &labels, &mut adopted.import);
    let (mut left_spans, mut dangling) = (0, 0);
    for Placed { article, text, changed } in placed {
        let into = document_of(project, &article, Some(&text));
        let mut document = ImportDocument {
            into: into.map(|document| document.id.clone()),
            id: article.id.clone(),
            title: if article.title.is_empty() { first_line(&text.content) } else { article.title.clone() },
            content: if into.is_some() { String::new() } else { text.content.to_string() },
            details: article.details,
            imported: article.imported.map(|mut imported| {
                imported.changed.extend(changed);
                imported
            }),
            kept: article.kept,
            ..ImportDocument::default()
        };
        let mut ids: HashSet<String> = HashSet::new();
        for (at, span) in article.spans.into_iter().enumerate() {
            let Some((label, is_new)) = labels.get(&span.label) else {
                left_spans += 1;
                continue;
            };
            let definition = project.labels.get(label).map(AsRef::as_ref).filter(|_| !is_new);
            let mut annotation = annotation(span, label, definition);
            if annotation.id.is_empty() || !ids.insert(annotation.id.clone()) {
                annotation.id = format!("#{at}");
                ids.insert(annotation.id.clone());
            }
            document.annotations.push(annotation);
        }
        for link in article.links {
            let Some(kind) = kinds.get(&link.kind) else { continue };
            if ids.contains(&link.from) && ids.contains(&link.to) {
                document.links.push(ImportLink { id: link.id, kind: kind.clone(), from: link.from, to: link.to, by: link.by });
            } else {
                dangling += 1;
            }
        }
        document.omissions = article
            .omissions
            .into_iter()
            .filter_map(|omission| Some(ImportOmission { id: omission.id, ranges: ranges(&omission.ranges)?, why: omission.why }))
            .collect();
        document.comments = article
            .remarks
            .into_iter()
            .map(|remark| ImportComment {
                id: remark.id,
                on: remark.on,
                text: remark.text,
                resolved: remark.resolved,
                by: remark.by,
                at: remark.at,
            })
            .collect();
        adopted.import.documents.push(document);
    }
    if left_spans > 0 {
        adopted.left_out.push(format!("Left out with their labels: {}.", count(left_spans, "annotation")));
    }
    if dangling > 0 {
        adopted.left_out.push(format!("Left out, since an end is not there: {}.", count(dangling, "link")));
    }
    adopted
}

fn first_line(content: &str) -> String {
    content.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().chars().take(120).collect()
}

fn ranges(parts: &[(usize, usize)]) -> Option<Ranges> {
    Ranges::from_parts(parts.iter().filter_map(|(start, end)| Some(TextRange::new(u32::try_from(*start).ok()?, u32::try_from(*end).ok()?))))
}

fn annotation(span: Span, label: &Id<Label>, definition: Option<&Label>) -> ImportAnnotation {
    let mut note = span.note;
    let mut add = |line: String| {
        if !note.is_empty() {
            note.push('\n');
        }
        note.push_str(&line);
    };
    let mut attributes = BTreeMap::new();
    for (key, value) in span.attributes {
        let fits = definition.is_none_or(|label| {
            label.attribute(&key).is_some_and(|known| known.values.is_empty() || known.values.iter().any(|word| word == value.as_str()))
        });
        // What the label does not ask for stays readable: in the note.
        if fits { drop(attributes.insert(key, value)) } else { add(format!("{key}: {}", value.as_str())) }
    }
    let mut source = span.source.map(|speaker| ImportSource {
        id: speaker.id,
        kind: SourceKind::ALL.iter().copied().find(|kind| kind.word() == speaker.kind).unwrap_or(SourceKind::Unstated),
        alias: if speaker.alias.trim().is_empty() { "Unnamed".to_owned() } else { speaker.alias },
        role: speaker.role,
        public_label: speaker.public_label,
    });
    if definition.is_some_and(|label| !label.source)
        && let Some(source) = source.take()
    {
        add(format!("source: {}", source.alias));
    }
    ImportAnnotation {
        id: span.id,
        label: label.clone(),
        ranges: ranges(&span.ranges).unwrap_or_default(),
        quote: span.quote,
        attributes,
        source,
        note,
        by: span.by,
        origin: span.origin,
        was: span.was,
    }
}

/// Every foreign label that comes in, as one of the project's or a new one.
fn new_labels(project: &Project, seen: &Seen, mapping: &Mapping, import: &mut Import) -> BTreeMap<String, (Id<Label>, bool)> {
    let mut labels: BTreeMap<String, (Id<Label>, bool)> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Id<Label>> = BTreeMap::new();
    let mut place = project.labels.iter().map(|label| label.place).max().unwrap_or(0);
    for (foreign, about) in &seen.labels {
        let name = match mapping.labels.get(foreign) {
            Some(Target::Leave) => continue,
            Some(Target::Known(id)) if project.labels.contains(&id.as_str().into()) => {
                labels.insert(foreign.clone(), (id.as_str().into(), false));
                continue;
            }
            Some(Target::New(name) | Target::Known(name)) => name.clone(),
            None => foreign.clone(),
        };
        let id = if let Some(id) = by_name.get(&name) {
            id.clone()
        } else {
            place += 10;
            let number = import.labels.len();
            let (light, dark) = HUES.get(number % HUES.len()).copied().unwrap_or(("#6F4FB3", "#B79CF2"));
            let taken = |key: &str| project.labels.contains(&key.into()) || import.labels.iter().any(|label| label.id.to_string() == key);
            let id: Id<Label> = key_of(&name, &taken).as_str().into();
            import.labels.push(Label {
                id: id.clone(),
                place,
                name: if name.trim().is_empty() { "Label".to_owned() } else { name.clone() },
                definition: String::new(),
                rules: Vec::new(),
                hotkey: String::new(),
                colour: Colour {
                    light: light.to_owned(),
                    dark: dark.to_owned(),
                    light_tint: None,
                    dark_tint: None,
                    extra: Extra::default(),
                },
                pattern: Pattern::ALL.get(number % Pattern::ALL.len()).copied().unwrap_or(Pattern::Solid),
                source: false,
                attributes: Vec::new(),
                conflicts: Conflicts::default(),
                extra: Extra::default(),
            });
            by_name.insert(name, id.clone());
            id
        };
        if let Some(label) = import.labels.iter_mut().find(|label| label.id == id) {
            label.source |= about.speaks;
            for key in &about.attributes {
                if label.attribute(key).is_none() {
                    let (values, definition, extra) = (Vec::new(), String::new(), Extra::default());
                    label.attributes.push(AttributeDefinition { key: key.clone(), name: key.replace('_', " "), values, definition, extra });
                }
            }
        }
        labels.insert(foreign.clone(), (id, true));
    }
    labels
}

fn new_kinds(
    project: &Project,
    seen: &Seen,
    mapping: &Mapping,
    labels: &BTreeMap<String, (Id<Label>, bool)>,
    import: &mut Import,
) -> BTreeMap<String, Id<RelationKind>> {
    let mut kinds: BTreeMap<String, Id<RelationKind>> = BTreeMap::new();
    for (foreign, (_, ends)) in &seen.kinds {
        let name = match mapping.kinds.get(foreign) {
            Some(Target::Leave) => continue,
            Some(Target::Known(id)) if project.relation_kinds.contains(&id.as_str().into()) => {
                kinds.insert(foreign.clone(), id.as_str().into());
                continue;
            }
            Some(Target::New(name) | Target::Known(name)) => name.clone(),
            None => foreign.clone(),
        };
        let taken =
            |key: &str| project.relation_kinds.contains(&key.into()) || import.relation_kinds.iter().any(|kind| kind.id.to_string() == key);
        let id: Id<RelationKind> = key_of(&name, &taken).as_str().into();
        let side = |foreign: BTreeSet<&String>| {
            let ours: BTreeSet<Id<Label>> = foreign.into_iter().filter_map(|label| labels.get(label)).map(|(id, _)| id.clone()).collect();
            ours.into_iter().collect::<Vec<_>>()
        };
        import.relation_kinds.push(RelationKind {
            id: id.clone(),
            place: None,
            name: if name.trim().is_empty() { "link".to_owned() } else { name },
            definition: String::new(),
            from: side(ends.iter().map(|(from, _)| from).collect()),
            to: side(ends.iter().map(|(_, to)| to).collect()),
            acyclic: false,
            repeats: false,
            conflicts: Conflicts::default(),
            extra: Extra::default(),
        });
        kinds.insert(foreign.clone(), id);
    }
    kinds
}

impl Seen {
    /// Takes note of what occurs in further files.
    pub fn join(&mut self, other: Self) {
        for (name, label) in other.labels {
            let known = self.labels.entry(name).or_default();
            known.count += label.count;
            known.speaks |= label.speaks;
            known.attributes.extend(label.attributes);
            if known.example.is_empty() {
                known.example = label.example;
            }
        }
        for (name, (count, ends)) in other.kinds {
            let (known, all) = self.kinds.entry(name).or_default();
            *known += count;
            all.extend(ends);
        }
    }
}
