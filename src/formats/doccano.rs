//! doccano's JSON Lines. Its window counts UTF-16 units whatever its documentation says (v-annotator's "code points" are JavaScript's
//! `length`), so texts with characters beyond the first plane are written in that unit, and the file says so. Overlapping spans are
//! dropped by its importer unless the project allows them.
//! Sources: doccano's `data_import` package; v-annotator 0.1.28; doccano issue 2290.

use super::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Link, Span,
        aside::{Aside, parts},
        container::{Chunk, Incoming},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take, Tally},
    spans::{each_line, with_aside},
};
use crate::{model::Text, text::CharOffset};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The format.
pub const FORMAT: Format = Format {
    name: "doccano",
    title: "doccano",
    about: "JSON Lines of entities and relations, as doccano reads and writes them.",
    endings: &["doccano.jsonl", "jsonl"],
    main: "doccano.jsonl",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Lines),
    detect,
};

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Links => How::Kept,
        Feature::Parts => How::Aside("written as one entity for each part"),
        Feature::Overlaps => How::Aside("doccano drops them unless its project allows overlapping entities"),
        Feature::Ids => How::Aside("numbered anew"),
        Feature::Reviews => How::Lost("reviews are not annotations"),
        Feature::Details
        | Feature::Attributes
        | Feature::Sources
        | Feature::Notes
        | Feature::Marker
        | Feature::Comments
        | Feature::Omissions
        | Feature::Lines
        | Feature::Unplaced => How::Aside("written to the key onrecord, which doccano carries along"),
    }
}

fn detect(glimpse: &Glimpse<'_>) -> bool {
    let is_line = glimpse.is_file() && glimpse.ends(&["jsonl", "ndjson", "jsonlines"]);
    let says = glimpse.says(&["\"start_offset\""])
        || glimpse.says(&["\"label\":[["])
        || glimpse.says(&["\"label\": [["])
        || glimpse.says(&["\"labels\": [["])
        || glimpse.says(&["\"Comments\""]);
    is_line && (says || glimpse.ends(&["doccano.jsonl"])) || glimpse.has("doccano.jsonl")
}

struct Lines;

impl Stream for Lines {
    fn article(&self, _head: &Head, release: &Release, number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let astral = article.content.chars().any(|letter| letter.len_utf16() > 1);
        let text = Text::new(article.content.as_str());
        let unit = |offset: usize| {
            if astral { text.index.utf16_from_char(&text.content, CharOffset::saturating_from(offset)) } else { offset }
        };
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let entities: Vec<Value> = parts(article)
            .enumerate()
            .map(|(at, part)| {
                numbers.entry(&part.span.id).or_insert(at + 1);
                json!({"id": at + 1, "label": part.span.label, "start_offset": unit(part.range.0), "end_offset": unit(part.range.1)})
            })
            .collect();
        let links = article.links.iter().filter_map(|link| Some((numbers.get(link.from.as_str())?, numbers.get(link.to.as_str())?, link)));
        let relations: Vec<Value> = links
            .enumerate()
            .map(|(at, (from, to, link))| json!({"id": at + 1, "from_id": from, "to_id": to, "type": link.kind}))
            .collect();
        let offsets = if astral { "utf16".to_owned() } else { String::new() };
        let line = json!({
            "id": number + 1, "text": article.content, "entities": entities, "relations": relations, "Comments": [], "title": article.title,
            "onrecord": Aside { offsets, article: article.clone() },
        });
        Ok(vec![Chunk::part(format!("{line}\n"))])
    }

    fn end(&self, head: &Head, tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        let labels: Vec<Value> = tally
            .labels
            .keys()
            .map(|label| {
                let colour = head.labels.iter().find(|known| known.id.to_string() == *label).map_or("#888888", |known| &known.colour.light);
                json!({"text": label, "background_color": colour, "text_color": "#ffffff"})
            })
            .collect();
        Ok(vec![Chunk::whole("label_config.json", format!("{}\n", json!(labels)))])
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<Value>,
    #[serde(alias = "data")]
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default, alias = "labels")]
    label: Option<Vec<Triple>>,
    #[serde(default, alias = "annotations")]
    entities: Option<Vec<Entity>>,
    #[serde(default)]
    relations: Option<Vec<Relation>>,
    #[serde(default)]
    onrecord: Option<Aside>,
}

/// Start, end, label: the older form.
#[derive(Deserialize)]
#[serde(untagged)]
enum Triple {
    Offsets(usize, usize, Value),
    /// A label of the whole text.
    Whole(Value),
}

#[derive(Deserialize)]
struct Entity {
    #[serde(default)]
    id: Option<i64>,
    label: Value,
    #[serde(alias = "start")]
    start_offset: usize,
    #[serde(alias = "end")]
    end_offset: usize,
}

#[derive(Deserialize)]
struct Relation {
    from_id: i64,
    to_id: i64,
    #[serde(rename = "type")]
    kind: Value,
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    each_line(incoming, take, &|line: Line| {
        let mut spans = Vec::new();
        let mut add = |id: Option<i64>, label: &Value, start, end| {
            let id = id.map_or_else(|| format!("e{}", spans.len() + 1), |id| id.to_string());
            spans.push(Span { id, label: word(label), ranges: vec![(start, end)], ..Span::default() });
        };
        let mut about_all = Vec::new();
        for triple in line.label.into_iter().flatten() {
            match triple {
                Triple::Offsets(start, end, label) => add(None, &label, start, end),
                Triple::Whole(label) => about_all.push(word(&label)),
            }
        }
        for entity in line.entities.into_iter().flatten() {
            add(entity.id, &entity.label, entity.start_offset, entity.end_offset);
        }
        let links = line.relations.into_iter().flatten().map(|relation| {
            let (from, to) = (relation.from_id.to_string(), relation.to_id.to_string());
            Link { kind: word(&relation.kind), from, to, ..Link::default() }
        });
        let mut article = Annotated {
            id: line.id.as_ref().filter(|id| !id.is_null()).map(word).unwrap_or_default(),
            title: line.title.unwrap_or_default(),
            links: links.collect(),
            content: line.text,
            spans,
            ..Annotated::default()
        };
        if !about_all.is_empty() {
            article.kept.insert("doccano".to_owned(), about_all);
        }
        if line.onrecord.as_ref().is_some_and(|aside| aside.offsets == "utf16") {
            let text = Text::new(article.content.as_str());
            let scalar = |unit: usize| text.index.char_from_utf16(&text.content, unit).get();
            article.spans.iter_mut().flat_map(|span| &mut span.ranges).for_each(|range| *range = (scalar(range.0), scalar(range.1)));
        }
        Ok(with_aside(article, line.onrecord, true))
    })
}
