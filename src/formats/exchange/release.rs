//! What may leave: every writer gets a [`Release`], and only this file makes one. What the profile does not let through is not in it: a
//! public one is made from a [`PublicArticle`], which cannot hold it.

use super::{
    Annotated, Link, Remark, ReviewLine, Span, Speaker, Stretch,
    left::{self, Comments, Left},
    public::{PublicArticle, Terms, made_id},
};
use crate::{
    anchor::{Placement, placement},
    display::public::{is_named, is_named_kind},
    formats::profile::{Pass, Profile},
    model::{
        Annotation, AttributeDefinition, AttributeValue, Colour, Conflicts, Document, Extra, Id, Key, Label, Omission, Person, Project,
        Relation, RelationKind, Source, SourceKind, free_text, links::Links,
    },
    review::{self, Unit},
    text::Ranges,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// An article that passed the profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    article: Annotated,
    left: Left,
}

impl Release {
    /// What a writer may see.
    pub fn article(&self) -> &Annotated {
        &self.article
    }

    /// What stays behind, whatever the format.
    pub fn left(&self) -> Left {
        self.left
    }
}

/// What writers know of the whole: names and definitions, nothing of any article.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The project's id; empty when foreign files are converted into each other.
    pub id: String,
    /// Its title; empty where the house's names stay in.
    pub title: String,
    /// Its labels in their order; empty when foreign files are converted into each other.
    pub labels: Vec<Arc<Label>>,
    /// Its kinds of links.
    pub relation_kinds: Vec<Arc<RelationKind>>,
    /// The profile.
    pub profile: Profile,
    /// The day, UTC, as `2026-11-20`.
    pub today: String,
}

impl Head {
    /// The name of a label for people.
    pub fn label_name<'h>(&'h self, id: &'h str) -> &'h str {
        self.labels.iter().find(|label| label.id.key().to_string() == id).map_or(id, |label| &label.name)
    }

    /// The name of a kind of link for people.
    pub fn kind_name<'h>(&'h self, id: &'h str) -> &'h str {
        self.relation_kinds.iter().find(|kind| kind.id.key().to_string() == id).map_or(id, |kind| &kind.name)
    }
}

/// A project on its way out, document by document.
#[derive(Debug)]
pub struct Releases<'p> {
    project: &'p Project,
    pass: Pass,
    annotations: HashMap<&'p Id<Document>, Vec<&'p Arc<Annotation>>>,
    relations: HashMap<&'p Id<Document>, Vec<&'p Arc<Relation>>>,
    omissions: HashMap<&'p Id<Document>, Vec<&'p Arc<Omission>>>,
    comments: Comments<'p>,
    /// Comments that go into no article, by the article with which they are told; none where comments stay in anyway.
    beside: BTreeMap<Id<Document>, usize>,
    /// The review by document; none in public.
    units: HashMap<Id<Document>, Vec<Unit>>,
}

impl<'p> Releases<'p> {
    /// The whole project on its way out.
    pub fn new(project: &'p Project, pass: Pass) -> Self {
        Self::of(project, pass, None)
    }

    /// The project, or one document of it. Sorts the records by document, which takes time by their number.
    pub fn of(project: &'p Project, pass: Pass, only: Option<&Id<Document>>) -> Self {
        let mut sorted: Vec<&Arc<Annotation>> = project.annotations.iter().collect();
        sorted.sort_by_cached_key(|annotation| {
            let bounds = annotation.ranges.bounds();
            (bounds.start, std::cmp::Reverse(bounds.end), annotation.id.clone())
        });
        let mut annotations: HashMap<_, Vec<_>> = HashMap::new();
        for annotation in sorted {
            annotations.entry(&annotation.document).or_default().push(annotation);
        }
        let mut relations: HashMap<_, Vec<_>> = HashMap::new();
        for relation in project.relations.iter() {
            if let Some(from) = project.annotations.get(&relation.from) {
                relations.entry(&from.document).or_default().push(relation);
            }
        }
        let mut omissions: HashMap<_, Vec<_>> = HashMap::new();
        for omission in project.omissions.iter() {
            omissions.entry(&omission.document).or_default().push(omission);
        }
        let mut comments: Comments<'_> = HashMap::new();
        for comment in project.comments.iter() {
            comments.entry(comment.on.clone()).or_default().push(comment);
        }
        let mut units: HashMap<_, Vec<_>> = HashMap::new();
        if pass.profile != Profile::Public {
            for unit in review::units(project, &Links::new(project)) {
                units.entry(unit.document.clone()).or_default().push(unit);
            }
        }
        let beside = if pass.profile == Profile::Full { left::comments(project, &comments, only) } else { BTreeMap::new() };
        Self { project, pass, annotations, relations, omissions, comments, beside, units }
    }

    /// What writers know of the whole.
    pub fn head(&self, today: &str) -> Head {
        let is_public = self.pass.profile == Profile::Public;
        let kinds = self.project.relation_kinds.iter();
        let mut relation_kinds: Vec<_> =
            if is_public { kinds.map(|kind| Arc::new(public_kind(kind))).collect() } else { kinds.cloned().collect() };
        relation_kinds.sort_by_key(|kind| (kind.place, kind.id.clone()));
        let id = self.project.info.id.to_string();
        let labels = self.project.labels_in_order().into_iter();
        Head {
            id: if is_public { made_id(self.pass.salt, &["project", &id]) } else { id },
            title: if self.pass.tells_house() { self.project.info.title.clone() } else { String::new() },
            labels: if is_public { labels.map(|label| Arc::new(public_label(label))).collect() } else { labels.cloned().collect() },
            relation_kinds,
            profile: self.pass.profile,
            today: today.to_owned(),
        }
    }

    /// One document, as the profile lets it out. Annotations come by place.
    pub fn release(&self, document: &'p Document) -> Release {
        let project = self.project;
        let text = project.text_of(document);
        let annotations = self.annotations.get(&document.id).map_or(&[][..], Vec::as_slice);
        let mut article = Annotated {
            id: document.id.to_string(),
            title: document.title.clone(),
            content: text.map_or_else(String::new, |text| text.content.to_string()),
            details: details(document),
            imported: document.imported.clone(),
            ..Annotated::default()
        };
        for annotation in annotations {
            let stands = text.is_some_and(|text| {
                annotation.text == text.id && placement(&annotation.ranges, &annotation.quote, text) == Placement::Placed
            });
            article.spans.push(Span {
                id: annotation.id.to_string(),
                was: annotation.extra.get(WAS).and_then(|was| serde_json::from_str(was.get()).ok()).unwrap_or_default(),
                label: annotation.label.to_string(),
                ranges: if stands { plain(&annotation.ranges) } else { Vec::new() },
                quote: annotation.quote.to_vec(),
                attributes: annotation.attributes.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect(),
                source: annotation.source.as_ref().and_then(|source| self.speaker(source)),
                note: annotation.note.clone(),
                by: self.initials(annotation.by.as_ref()),
                origin: annotation.origin,
            });
        }
        let mut abroad = 0;
        for relation in self.relations.get(&document.id).into_iter().flatten() {
            // A link to another article has no place in a file of one.
            if project.annotations.get(&relation.to).is_none_or(|to| to.document != document.id) {
                abroad += 1;
                continue;
            }
            article.links.push(Link {
                id: relation.id.to_string(),
                kind: relation.kind.to_string(),
                from: relation.from.to_string(),
                to: relation.to.to_string(),
                by: self.initials(relation.by.as_ref()),
            });
        }
        for omission in self.omissions.get(&document.id).into_iter().flatten() {
            if text.is_some_and(|text| omission.text == text.id && crate::anchor::has_place(&omission.ranges, text)) {
                let (id, ranges, why) = (omission.id.to_string(), plain(&omission.ranges), omission.why.clone());
                article.omissions.push(Stretch { id, ranges, why });
            }
        }
        article.reviews = self.reviews(&document.id);
        if self.pass.profile == Profile::Full {
            let mut about: Vec<Key> = vec![document.id.key().clone()];
            about.extend(annotations.iter().map(|annotation| annotation.id.key().clone()));
            while let Some(on) = about.pop() {
                for comment in self.comments.get(&on).into_iter().flatten() {
                    about.push(comment.id.key().clone());
                    article.remarks.push(Remark {
                        id: comment.id.to_string(),
                        on: on.to_string(),
                        text: comment.text.clone(),
                        resolved: comment.resolved,
                        by: self.initials(comment.by.as_ref()),
                        at: comment.at.clone(),
                    });
                }
            }
            article.remarks.sort_by(|left, right| left.id.cmp(&right.id));
            for (key, kept) in document.extra.iter() {
                let lines = key.strip_prefix(KEPT).and_then(|format| Some((format, serde_json::from_str(kept.get()).ok()?)));
                article.kept.extend(lines.map(|(format, lines)| (format.to_owned(), lines)));
            }
        }
        let mut release = strip(article, self.pass, Terms { labels: &project.labels, kinds: Some(&project.relation_kinds) });
        (release.left.comments, release.left.links) = (self.beside.get(&document.id).copied().unwrap_or_default(), abroad);
        release
    }

    fn speaker(&self, source: &Id<Source>) -> Option<Speaker> {
        let source = self.project.sources.get(source)?;
        // Whoever may be unnamed is, until colleagues agree.
        let is_open = self.pass.profile == Profile::Public && is_named_kind(source.kind) && !is_named(source);
        let kind = if is_open { SourceKind::Anonymous } else { source.kind };
        Some(Speaker {
            id: source.id.to_string(),
            alias: source.alias.clone(),
            kind: kind.word().to_owned(),
            role: source.role.clone(),
            public_label: source.public_label.clone(),
        })
    }

    fn initials(&self, person: Option<&Id<Person>>) -> String {
        person.and_then(|person| self.project.persons.get(person)).map_or_else(String::new, |person| person.name.clone())
    }

    fn reviews(&self, document: &Id<Document>) -> Vec<ReviewLine> {
        let lines = self.units.get(document).into_iter().flatten().filter_map(|unit| {
            let source = self.project.sources.get(&unit.source)?;
            let last = unit.standing.newest.last().and_then(|last| self.project.decisions.get(last));
            let by = last.map_or_else(String::new, |decision| {
                let initials = self.initials(decision.by.as_ref());
                if decision.role.is_empty() { initials } else { format!("{initials}, {}", decision.role) }
            });
            let stale = if unit.standing.stale.is_empty() { "" } else { ", but the copy changed since" };
            let words = format!("{}{stale}", unit.standing.state.name());
            Some(ReviewLine { alias: source.alias.clone(), state: words, by, at: last.map_or_else(String::new, |last| last.at.clone()) })
        });
        lines.collect()
    }
}

/// Key of a document under which lines of a foreign format are kept: `kept.brat`.
pub const KEPT: &str = "kept.";

/// Key of an annotation under which its id in another tool is kept.
pub const WAS: &str = free_text::KEPT_ID;

/// Takes out of an article what a profile does not let through.
pub fn strip(mut article: Annotated, pass: Pass, terms: Terms<'_>) -> Release {
    match pass.profile {
        Profile::Full => {}
        Profile::Public => {
            let unplaced = article.spans.iter().filter(|span| span.ranges.is_empty()).count();
            return Release { article: PublicArticle::of(&article, pass, terms).into(), left: Left { unplaced, ..Left::default() } };
        }
        Profile::Desk => {
            article.remarks.clear();
            article.kept.clear();
            for span in &mut article.spans {
                span.note.clear();
                // Lists of evidence hold notes.
                span.attributes.retain(|_, value| matches!(value, AttributeValue::Text(_)));
            }
        }
    }
    Release { article, left: Left::default() }
}

/// A label as everybody may know it: its name, how it looks, and its lists. What annotators are told about it stays in.
fn public_label(label: &Label) -> Label {
    let attribute = |attribute: &AttributeDefinition| AttributeDefinition {
        key: attribute.key.clone(),
        name: attribute.name.clone(),
        values: attribute.values.clone(),
        definition: String::new(),
        extra: Extra::default(),
    };
    let Colour { light, dark, light_tint, dark_tint, .. } = label.colour.clone();
    Label {
        definition: String::new(),
        rules: Vec::new(),
        colour: Colour { light, dark, light_tint, dark_tint, extra: Extra::default() },
        attributes: label.attributes.iter().map(attribute).collect(),
        conflicts: Conflicts::default(),
        extra: Extra::default(),
        ..label.clone()
    }
}

/// A kind of link as everybody may know it.
fn public_kind(kind: &RelationKind) -> RelationKind {
    RelationKind { definition: String::new(), conflicts: Conflicts::default(), extra: Extra::default(), ..kind.clone() }
}

fn plain(ranges: &Ranges) -> Vec<(usize, usize)> {
    ranges.iter().map(|range| (range.start.get(), range.end.get())).collect()
}

/// Properties of a document by their words in the project file.
fn details(document: &Document) -> BTreeMap<String, String> {
    let direction = document.direction.map_or("", |direction| direction.word());
    let all = [
        ("language", document.language.as_str()),
        ("direction", direction),
        ("status", document.status.word()),
        ("outlet", &document.outlet),
        ("byline", &document.byline),
        ("desk", &document.desk),
        ("address", &document.address),
        ("published", &document.published),
        ("original_language", &document.original_language),
        ("translator", &document.translator),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
