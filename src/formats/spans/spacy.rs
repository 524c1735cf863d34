//! spaCy's `Doc.to_json`, one document a line: tokens, entities that do not overlap, and every span in the group `sc`.
//! Source: <https://spacy.io/api/doc#to_json>.

use super::{Row, carries, each_line, tokens, with_aside};
use crate::formats::{
    Format, Glimpse, Reader, Writer,
    exchange::{
        Annotated, ExchangeError,
        aside::{Aside, parts},
        container::{Chunk, Incoming},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take, Tally},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// The format.
pub const FORMAT: Format = Format {
    name: "spacy",
    title: "spaCy",
    about: "JSON Lines of documents with tokens and span groups, for Doc.from_json.",
    endings: &["spacy.jsonl", "jsonl"],
    main: "spacy.jsonl",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Docs),
    detect,
};

fn detect(glimpse: &Glimpse<'_>) -> bool {
    let is_line = glimpse.is_file() && glimpse.ends(&["jsonl", "ndjson"]);
    is_line && (glimpse.ends(&["spacy.jsonl"]) || glimpse.says(&["\"ents\"", "\"text\""])) || glimpse.has("spacy.jsonl")
}

/// The group that spaCy's span categorizer reads.
const GROUP: &str = "sc";

struct Docs;

impl Stream for Docs {
    fn article(&self, _head: &Head, release: &Release, _number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let words: Vec<Value> = tokens(&article.content, &article.spans)
            .iter()
            .enumerate()
            .map(|(id, token)| json!({"id": id, "start": token.start, "end": token.end}))
            .collect();
        let all: Vec<_> = parts(article).collect();
        let group: Vec<Value> = all
            .iter()
            .map(|part| json!({"start": part.range.0, "end": part.range.1, "label": part.span.label, "kb_id": "", "id": part.id()}))
            .collect();
        // Entities may not overlap: of those that do, the longest stays.
        let mut by_length = all.clone();
        by_length.sort_by_key(|part| (std::cmp::Reverse(part.range.1 - part.range.0), part.range.0));
        let mut free: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ents = Vec::new();
        for part in by_length {
            let (start, end) = part.range;
            let before = free.range(..end).next_back().is_none_or(|(_, taken)| *taken <= start);
            if before {
                free.insert(start, end);
                ents.push((start, json!({"start": start, "end": end, "label": part.span.label})));
            }
        }
        ents.sort_by_key(|(start, _)| *start);
        let ents: Vec<Value> = ents.into_iter().map(|(_, ent)| ent).collect();
        let line = json!({
            "text": article.content, "ents": ents, "spans": {GROUP: group}, "tokens": words,
            "onrecord": Aside { offsets: String::new(), article: article.clone() },
        });
        Ok(vec![Chunk::part(format!("{line}\n"))])
    }

    fn end(&self, _head: &Head, _tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        let script = "# Turns spacy.jsonl into the binary that spaCy trains from: python to_docbin.py\nimport json, spacy\nfrom spacy.tokens import Doc, DocBin\n\nvocab = spacy.blank(\"xx\").vocab\ndocs = [Doc(vocab).from_json(json.loads(line)) for line in open(\"spacy.jsonl\", encoding=\"utf-8\")]\nDocBin(docs=docs).to_disk(\"train.spacy\")\n";
        Ok(vec![Chunk::whole("to_docbin.py", script)])
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    ents: Option<Vec<Row>>,
    #[serde(default)]
    spans: Option<BTreeMap<String, Vec<Row>>>,
    #[serde(default)]
    onrecord: Option<Aside>,
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    each_line(incoming, take, &|line: Line| {
        let groups: Vec<Row> = line.spans.unwrap_or_default().into_values().flatten().collect();
        let mut spans: Vec<_> = groups.into_iter().map(Row::span).collect();
        // Most entities stand in a group too.
        let grouped: HashSet<_> = spans.iter().map(|span| (span.ranges.clone(), span.label.clone())).collect();
        let ents = line.ents.unwrap_or_default().into_iter().map(Row::span);
        spans.extend(ents.filter(|ent| !grouped.contains(&(ent.ranges.clone(), ent.label.clone()))));
        Ok(with_aside(Annotated { content: line.text, spans, ..Annotated::default() }, line.onrecord, false))
    })
}
