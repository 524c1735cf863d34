//! What a decision judged, as two short digests for each mention, quote, claim: words and place; label, attributes, source and links.
//! Notes are no part of it: writing one makes nothing stale.

use crate::model::{Annotation, Id, Project, RawJson, links::Links};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

/// Digests by annotation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Judged(BTreeMap<Id<Annotation>, String>);

/// What changed since a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// Something new rests on the source.
    Added(Id<Annotation>),
    /// Something that was judged is gone.
    Removed(Id<Annotation>),
    /// Its words or its place changed.
    Words(Id<Annotation>),
    /// Its label, attributes, source or links changed.
    Meaning(Id<Annotation>),
}

impl Judged {
    /// The digests of some annotations as they are now.
    pub fn of(project: &Project, links: &Links, annotations: &[&Arc<Annotation>]) -> Self {
        Self(annotations.iter().map(|annotation| (annotation.id.clone(), digests(project, links, annotation))).collect())
    }

    /// Reads what a decision keeps; what cannot be read judged nothing.
    pub fn read(raw: &RawJson) -> Self {
        serde_json::from_str(raw.get()).unwrap_or_default()
    }

    /// As a decision keeps it.
    pub fn to_raw(&self) -> Option<RawJson> {
        serde_json::from_str(&serde_json::to_string(self).ok()?).ok()
    }

    /// What differs from the state of now.
    pub fn compare(&self, now: &Self) -> Vec<Stale> {
        let mut found = Vec::new();
        for (id, digest) in &self.0 {
            let part = |digest: &str, at: usize| digest.split('.').nth(at).unwrap_or_default().to_owned();
            match now.0.get(id) {
                None => found.push(Stale::Removed(id.clone())),
                Some(now) if part(digest, 0) != part(now, 0) => found.push(Stale::Words(id.clone())),
                Some(now) if digest != now => found.push(Stale::Meaning(id.clone())),
                Some(_) => {}
            }
        }
        found.extend(now.0.keys().filter(|id| !self.0.contains_key(*id)).cloned().map(Stale::Added));
        found
    }
}

fn digests(project: &Project, links: &Links, annotation: &Annotation) -> String {
    let mut place = format!("{}", annotation.text);
    for (range, words) in annotation.ranges.iter().zip(&annotation.quote) {
        let _written = write!(place, "|{range}|{words}");
    }
    let mut meaning = format!("{}|{}", annotation.label, annotation.source.as_ref().map_or_else(String::new, ToString::to_string));
    for (key, value) in annotation.attributes.iter() {
        let _written = write!(meaning, "|{key}={}", value.as_str());
    }
    let mut out: Vec<String> = links
        .out_of(&annotation.id)
        .iter()
        .filter_map(|link| project.relations.get(link))
        .map(|link| format!("|{}>{}", link.kind, link.to))
        .collect();
    out.sort();
    meaning.extend(out);
    format!("{}.{}", short(&place), short(&meaning))
}

/// Eight hexadecimal digits of a SHA-256.
fn short(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(4).fold(String::with_capacity(8), |mut out, byte| {
        let _written = write!(out, "{byte:02x}");
        out
    })
}

impl Stale {
    /// The annotation that it is about.
    pub fn annotation(&self) -> &Id<Annotation> {
        match self {
            Self::Added(id) | Self::Removed(id) | Self::Words(id) | Self::Meaning(id) => id,
        }
    }

    /// What changed, for people.
    pub fn words(&self, project: &Project) -> String {
        let named = |id: &Id<Annotation>| {
            project.annotations.get(id).map_or_else(
                || "something that was judged".to_owned(),
                |annotation| {
                    let label = project.labels.get(&annotation.label).map_or("annotation", |label| label.name.as_str());
                    let text = project.texts.get(&annotation.text);
                    let number = text.map_or(0, |text| text.index.number_from_char(&text.content, annotation.ranges.bounds().start));
                    format!("the {} in ¶ {number}", label.to_lowercase())
                },
            )
        };
        match self {
            Self::Added(id) => format!("{} is new", named(id)),
            Self::Removed(_) => "something that was judged is gone".to_owned(),
            Self::Words(id) => format!("the words of {} changed", named(id)),
            Self::Meaning(id) => format!("attributes or links of {} changed", named(id)),
        }
    }
}
