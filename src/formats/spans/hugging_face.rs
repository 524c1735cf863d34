//! JSON Lines for Hugging Face datasets: `text`, `spans`, `relations`. In a folder, `README.md` gives the types of the columns: without
//! them a column whose lists are all empty has no type and cannot be joined with others.

use super::{Row, carries, each_line, with_aside};
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
    format::{Stream, Take, Tally},
};
use serde::Deserialize;
use serde_json::json;

/// The format.
pub const FORMAT: Format = Format {
    name: "jsonl",
    title: "JSON Lines (Hugging Face)",
    about: "One article a line with its spans and relations: Hugging Face datasets, scripts.",
    endings: &["jsonl", "ndjson"],
    main: "data.jsonl",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries: |feature| if feature == Feature::Links { How::Kept } else { carries(feature) },
    alone: None,
    read: Reader::Annotated(read),
    write: Writer::Stream(&Lines),
    detect,
};

fn detect(glimpse: &Glimpse<'_>) -> bool {
    glimpse.is_file() && glimpse.ends(&["jsonl", "ndjson", "jsonlines"]) || glimpse.has("data.jsonl")
}

struct Lines;

impl Stream for Lines {
    fn article(&self, _head: &Head, release: &Release, _number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let article = release.article();
        let spans: Vec<_> = parts(article)
            .map(|part| {
                let (start, end) = part.range;
                json!({"id": part.id(), "start": start, "end": end, "label": part.span.label, "text": part.words})
            })
            .collect();
        let relations: Vec<_> =
            article.links.iter().map(|link| json!({"id": link.id, "from": link.from, "to": link.to, "label": link.kind})).collect();
        // One type in every line: a string.
        let aside = json!(Aside { offsets: String::new(), article: article.clone() }).to_string();
        let line = json!({
            "id": article.id, "title": article.title, "text": article.content, "spans": spans, "relations": relations, "onrecord": aside,
        });
        Ok(vec![Chunk::part(format!("{line}\n"))])
    }

    fn end(&self, _head: &Head, tally: &Tally) -> Result<Vec<Chunk>, ExchangeError> {
        let readme = format!(
            "---\nconfigs:\n- config_name: default\n  data_files: data.jsonl\ndataset_info:\n  features:\n  - name: id\n    dtype: string\n  - name: title\n    dtype: string\n  - name: text\n    dtype: string\n  - name: spans\n    list:\n    - name: id\n      dtype: string\n    - name: start\n      dtype: int64\n    - name: end\n      dtype: int64\n    - name: label\n      dtype: string\n    - name: text\n      dtype: string\n  - name: relations\n    list:\n    - name: id\n      dtype: string\n    - name: from\n      dtype: string\n    - name: to\n      dtype: string\n    - name: label\n      dtype: string\n  - name: onrecord\n    dtype: string\n---\n\n# Annotated news copy\n\n{} articles, {} annotations. Offsets count Unicode characters; `text[start:end]` gives the words. `onrecord` is JSON that Onrecord reads back.\n",
            tally.articles, tally.spans
        );
        Ok(vec![Chunk::whole("README.md", readme)])
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default, alias = "doc_id", alias = "document_id")]
    id: Option<serde_json::Value>,
    #[serde(default)]
    title: Option<String>,
    #[serde(alias = "content", alias = "data")]
    text: String,
    #[serde(default, alias = "entities", alias = "annotations")]
    spans: Option<Vec<Row>>,
    #[serde(default)]
    relations: Option<Vec<Relation>>,
    #[serde(default)]
    onrecord: Option<String>,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(default)]
    id: Option<String>,
    #[serde(alias = "head")]
    from: serde_json::Value,
    #[serde(alias = "tail", alias = "child")]
    to: serde_json::Value,
    #[serde(alias = "type")]
    label: String,
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    each_line(incoming, take, &|line: Line| {
        let aside = line.onrecord.as_deref().map(serde_json::from_str::<Aside>).transpose();
        let aside = aside.map_err(|error| format!("the key onrecord cannot be read ({error})"))?;
        let mut spans: Vec<_> = line.spans.unwrap_or_default().into_iter().map(Row::span).collect();
        // Relations of files without ids name spans by their number.
        for (at, span) in spans.iter_mut().enumerate().filter(|(_, span)| span.id.is_empty()) {
            span.id = at.to_string();
        }
        let links = line.relations.unwrap_or_default().into_iter().map(|relation| {
            let (from, to) = (word(&relation.from), word(&relation.to));
            Link { id: relation.id.unwrap_or_default(), kind: relation.label, from, to, by: String::new() }
        });
        let article = Annotated {
            id: line.id.as_ref().filter(|id| !id.is_null()).map(word).unwrap_or_default(),
            title: line.title.unwrap_or_default(),
            content: line.text,
            links: links.collect(),
            spans,
            ..Annotated::default()
        };
        Ok(with_aside(article, aside, true))
    })
}
