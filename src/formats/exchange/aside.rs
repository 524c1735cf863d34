//! What a format of JSON objects has no slot for, laid beside it under the key `onrecord`: other tools carry it along or ignore it, and
//! our own export comes back whole. What was changed in the other tool wins over what lies aside.

use super::{Annotated, Link, Span};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The key.
pub const KEY: &str = "onrecord";

/// What lies aside, with the unit in which the offsets of the format itself were written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Aside {
    /// `utf16` where the format's own offsets are UTF-16 units; scalars otherwise, and always inside here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub offsets: String,
    /// Everything but the text.
    pub article: Annotated,
}

/// The id of a part: the annotation's own for the first, with a number for further ones.
pub fn part_id(id: &str, part: usize) -> String {
    if part == 0 { id.to_owned() } else { format!("{id}.{}", part + 1) }
}

/// Puts together what the format says and what lies aside. The spans of `foreign` have one part each, as the format splits them.
///
/// `has_links` says whether the format carries links, so that those which are gone were removed there.
pub fn reunite(mut foreign: Annotated, aside: Annotated, has_links: bool) -> Annotated {
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut by_place: HashMap<&str, HashMap<(usize, usize), Vec<usize>>> = HashMap::new();
    for (at, span) in foreign.spans.iter().enumerate().rev() {
        if !span.id.is_empty() {
            by_id.insert(&span.id, at);
        }
        if let Some(range) = span.ranges.first() {
            by_place.entry(&span.label).or_default().entry(*range).or_default().push(at);
        }
    }
    let mut taken = vec![false; foreign.spans.len()];
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut spans = Vec::with_capacity(aside.spans.len());
    for mut span in aside.spans {
        if span.ranges.is_empty() {
            spans.push(span);
            continue;
        }
        let mut found = Vec::with_capacity(span.ranges.len());
        for (part, range) in span.ranges.iter().enumerate() {
            let by_its_id = by_id.get(part_id(&span.id, part).as_str()).copied().filter(|at| taken.get(*at) == Some(&false));
            let at = by_its_id.or_else(|| {
                let places = by_place.get_mut(span.label.as_str())?.get_mut(range)?;
                while let Some(at) = places.pop() {
                    if taken.get(at) == Some(&false) {
                        return Some(at);
                    }
                }
                None
            });
            if let Some(at) = at {
                if let Some(taken) = taken.get_mut(at) {
                    *taken = true;
                }
                found.push(at);
            }
        }
        let parts: Vec<&Span> = found.iter().filter_map(|at| foreign.spans.get(*at)).collect();
        let Some(first) = parts.first() else { continue };
        let ranges: Vec<_> = parts.iter().flat_map(|part| part.ranges.iter().copied()).collect();
        if ranges != span.ranges {
            span.quote = parts.iter().flat_map(|part| part.quote.iter().cloned()).collect();
            span.ranges = ranges;
        }
        span.label.clone_from(&first.label);
        for (key, value) in &first.attributes {
            span.attributes.insert(key.clone(), value.clone());
        }
        if !first.note.is_empty() {
            span.note.clone_from(&first.note);
        }
        for part in &parts {
            renamed.insert(part.id.clone(), span.id.clone());
        }
        spans.push(span);
    }
    let mut left = std::mem::take(&mut foreign.spans);
    let mut taken = taken.into_iter();
    left.retain(|_| taken.next() != Some(true));
    spans.extend(left);
    let there: std::collections::HashSet<&str> = spans.iter().map(|span| span.id.as_str()).collect();
    let links = if has_links {
        let mut known: HashMap<(String, String, String), Vec<Link>> = HashMap::new();
        // Links of annotations without a place are in no format's own lines.
        let unplaced: std::collections::HashSet<&str> =
            spans.iter().filter(|span| span.ranges.is_empty()).map(|span| span.id.as_str()).collect();
        let (kept, told): (Vec<Link>, Vec<Link>) =
            aside.links.into_iter().partition(|link| unplaced.contains(link.from.as_str()) || unplaced.contains(link.to.as_str()));
        for link in told {
            known.entry((link.kind.clone(), link.from.clone(), link.to.clone())).or_default().push(link);
        }
        let named = |id: String| renamed.get(&id).cloned().unwrap_or(id);
        let links = foreign.links.into_iter().map(|mut link| {
            (link.from, link.to) = (named(link.from), named(link.to));
            let key = (link.kind.clone(), link.from.clone(), link.to.clone());
            known.get_mut(&key).and_then(|links| if links.is_empty() { None } else { Some(links.remove(0)) }).unwrap_or(link)
        });
        links.chain(kept).collect()
    } else {
        aside.links.into_iter().filter(|link| there.contains(link.from.as_str()) && there.contains(link.to.as_str())).collect()
    };
    let or = |one: String, other: String| if one.is_empty() { other } else { one };
    Annotated {
        id: or(aside.id, foreign.id),
        title: or(foreign.title, aside.title),
        content: foreign.content,
        details: if foreign.details.is_empty() { aside.details } else { aside.details.into_iter().chain(foreign.details).collect() },
        imported: aside.imported,
        spans,
        links,
        omissions: aside.omissions,
        remarks: aside.remarks,
        reviews: Vec::new(),
        kept: aside.kept,
    }
}

/// The parts of all spans, as formats without several parts write them.
pub fn parts(article: &Annotated) -> impl Iterator<Item = Part<'_>> {
    article.spans.iter().flat_map(|span| {
        span.ranges.iter().enumerate().map(move |(part, range)| Part {
            span,
            number: part,
            range: *range,
            words: span.quote.get(part).map_or("", String::as_str),
        })
    })
}

/// One part of a span.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The span.
    pub span: &'a Span,
    /// Which of its parts, from 0.
    pub number: usize,
    /// Start and end.
    pub range: (usize, usize),
    /// The words.
    pub words: &'a str,
}

impl Part<'_> {
    /// Its id.
    pub fn id(&self) -> String {
        part_id(&self.span.id, self.number)
    }
}
