//! Prodigy's JSON Lines: `text`, `tokens`, `spans`, `relations`. The end of a span in tokens is included (`token_end`), in characters not.
//! Source: <https://prodi.gy/docs/api-interfaces>.

use super::{Row, carries, each_line, tokens, with_aside};
use crate::formats::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError, Link,
        aside::{Aside, parts},
        container::{Chunk, Incoming},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The format.
pub const FORMAT: Format = Format {
    name: "prodigy",
    title: "Prodigy",
    about: "JSON Lines with tokens, as Prodigy reads and writes them.",
    endings: &["prodigy.jsonl", "jsonl"],
    main: "prodigy.jsonl",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries: |feature| if feature == Feature::Links { How::Kept } else { carries(feature) },
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Tasks),
    detect,
};

fn detect(glimpse: &Glimpse<'_>) -> bool {
    let is_line = glimpse.is_file() && glimpse.ends(&["jsonl", "ndjson"]);
    is_line && (glimpse.says(&["\"_task_hash\""]) || glimpse.says(&["\"token_start\""]) || glimpse.says(&["\"tokens\"", "\"ws\""]))
        || glimpse.is_file() && glimpse.ends(&["prodigy.jsonl"])
        || glimpse.has("prodigy.jsonl")
}

struct Tasks;

impl Stream for Tasks {
    fn article(&self, _head: &Head, release: &Release, _number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let tokens = tokens(&article.content, &article.spans);
        let token_at = |start: usize| tokens.partition_point(|token| token.start < start);
        let mut first: HashMap<&str, Value> = HashMap::new();
        let mut spans = Vec::new();
        for part in parts(article) {
            let (start, end) = part.range;
            let last = token_at(end).saturating_sub(1);
            let span = json!({"start": start, "end": end, "token_start": token_at(start), "token_end": last, "label": part.span.label});
            first.entry(&part.span.id).or_insert_with(|| span.clone());
            let mut span = span;
            if let Some(fields) = span.as_object_mut() {
                fields.insert("id".to_owned(), json!(part.id()));
                fields.insert("text".to_owned(), json!(part.words));
            }
            spans.push(span);
        }
        // A relation joins the last token of each span, as Prodigy draws it.
        let relations: Vec<Value> = article
            .links
            .iter()
            .filter_map(|link| {
                let (from, to) = (first.get(link.from.as_str())?, first.get(link.to.as_str())?);
                Some(json!({
                    "head": from.get("token_end"), "child": to.get("token_end"), "head_span": from, "child_span": to, "label": link.kind,
                    "from": link.from, "to": link.to,
                }))
            })
            .collect();
        let words: Vec<Value> = tokens
            .iter()
            .enumerate()
            .map(|(id, token)| json!({"text": token.text, "start": token.start, "end": token.end, "id": id, "ws": token.space}))
            .collect();
        let line = json!({
            "text": article.content, "tokens": words, "spans": spans, "relations": relations, "answer": "accept",
            "meta": {"title": article.title, "id": article.id},
            "onrecord": Aside { offsets: String::new(), article: article.clone() },
        });
        Ok(vec![Chunk::part(format!("{line}\n"))])
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    spans: Option<Vec<Row>>,
    #[serde(default)]
    relations: Option<Vec<Relation>>,
    #[serde(default)]
    meta: Option<Value>,
    #[serde(default)]
    answer: Option<String>,
    #[serde(default)]
    onrecord: Option<Aside>,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(default)]
    head_span: Option<Row>,
    #[serde(default)]
    child_span: Option<Row>,
    label: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    each_line(incoming, take, &|line: Line| {
        let mut spans: Vec<_> = line.spans.unwrap_or_default().into_iter().map(Row::span).collect();
        for (at, span) in spans.iter_mut().enumerate().filter(|(_, span)| span.id.is_empty()) {
            span.id = format!("s{}", at + 1);
        }
        let mut places: HashMap<(usize, usize, &str), &str> = HashMap::new();
        for span in &spans {
            for (start, end) in &span.ranges {
                places.entry((*start, *end, &span.label)).or_insert(&span.id);
                // A relation may name the place without the label.
                places.entry((*start, *end, "")).or_insert(&span.id);
            }
        }
        let named = |row: Option<Row>| {
            let row = row?;
            let id = places.get(&(row.start, row.end, row.label.as_str())).or_else(|| places.get(&(row.start, row.end, "")));
            id.map(|id| (*id).to_owned())
        };
        let links: Vec<Link> = line
            .relations
            .unwrap_or_default()
            .into_iter()
            .filter_map(|relation| {
                let (from, to) =
                    (relation.from.or_else(|| named(relation.head_span))?, relation.to.or_else(|| named(relation.child_span))?);
                Some(Link { kind: relation.label, from, to, ..Link::default() })
            })
            .collect();
        let said = |key: &str| line.meta.as_ref().and_then(|meta| meta.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (id, title) = (said("id"), said("title"));
        // Rejected and skipped tasks hold what somebody said is wrong.
        if line.answer.as_deref().is_some_and(|answer| answer != "accept") {
            spans.clear();
        }
        let links = if spans.is_empty() { Vec::new() } else { links };
        let article = Annotated { id, title, content: line.text, spans, links, ..Annotated::default() };
        Ok(with_aside(article, line.onrecord, true))
    })
}
