//! Tables for spreadsheets: one row an annotation, one a claim with its sources, one a link, one an article, one a paragraph. CSV and
//! XLSX write and read the same rows.

pub mod csv;
pub mod xlsx;

use super::{
    exchange::{
        Annotated, ExchangeError, Link, Span, Speaker,
        behind::Behind,
        feature::{Feature, How},
        release::Head,
    },
    format::Take,
};
use crate::model::{AttributeValue, LIMITS, Origin, RawJson, Text, news};
use crate::text::CharOffset;
use std::collections::BTreeMap;

/// A table with its header; every cell is text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The tables by name, in the order of sheets.
pub(super) const TABLES: [&str; 5] = ["annotations", "claims", "links", "articles", "text"];

fn carries(feature: Feature) -> How {
    match feature {
        Feature::Text | Feature::Details | Feature::Parts | Feature::Overlaps | Feature::Ids | Feature::Attributes => How::Kept,
        Feature::Sources | Feature::Notes | Feature::Marker | Feature::Links => How::Kept,
        Feature::Comments | Feature::Omissions => How::Lost("left out of tables"),
        Feature::Lines => How::Lost("only the tool that wrote them reads them"),
        Feature::Reviews => How::Lost("reviews have a report of their own"),
        Feature::Unplaced => How::Aside("rows without offsets"),
    }
}

/// Columns before those of attributes.
const COLUMNS: [&str; 20] = [
    "article_id",
    "article",
    "id",
    "paragraph",
    "start",
    "end",
    "ranges",
    "label",
    "label_name",
    "text",
    "before",
    "after",
    "source",
    "source_kind",
    "source_role",
    "source_public_label",
    "source_id",
    "note",
    "by",
    "origin",
];
/// Attributes of labels have a column each, so named.
const ATTRIBUTE: &str = "attr:";
/// Attributes that no label defines, as JSON.
const OTHERS: &str = "other_attributes";
/// Separates the words of several parts.
const PARTS: &str = " […] ";
/// Characters of context on each side.
const CONTEXT: usize = 40;

/// The names of all attributes, in the order of labels.
fn attributes(head: &Head) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for attribute in head.labels.iter().flat_map(|label| &label.attributes) {
        if !keys.contains(&attribute.key) {
            keys.push(attribute.key.clone());
        }
    }
    keys
}

/// The headers of the tables.
pub(super) fn headers(head: &Head) -> [Vec<String>; 5] {
    let plain = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<String>>();
    let mut annotations = plain(&COLUMNS);
    annotations.extend(attributes(head).iter().map(|key| format!("{ATTRIBUTE}{key}")));
    annotations.push(OTHERS.to_owned());
    [
        annotations,
        plain(&[
            "article_id",
            "article",
            "id",
            "paragraph",
            "text",
            "kind",
            "voice",
            "check_worthiness",
            "verification",
            "sources",
            "unnamed_sources",
            "who",
        ]),
        plain(&["article_id", "article", "id", "kind", "kind_name", "from", "from_text", "to", "to_text", "by"]),
        plain(&[
            "id",
            "title",
            "language",
            "direction",
            "status",
            "outlet",
            "byline",
            "desk",
            "address",
            "published",
            "original_language",
            "translator",
            "imported",
            "characters",
        ]),
        plain(&["article_id", "article", "line", "start", "text"]),
    ]
}

/// The rows of an article, for each table.
pub(super) fn rows(head: &Head, article: &Annotated) -> [Vec<Vec<String>>; 5] {
    let text = Text::new(article.content.as_str());
    let behind = Behind::new(article);
    let keys = attributes(head);
    let letters = |start: usize, end: usize| {
        let range = crate::text::TextRange {
            start: CharOffset::saturating_from(start),
            end: CharOffset::saturating_from(end).min(text.index.len()),
        };
        text.index.slice(&text.content, range).unwrap_or_default().to_owned()
    };
    let paragraph = |span: &Span| {
        if span.ranges.is_empty() {
            String::new()
        } else {
            text.index.number_from_char(&text.content, CharOffset::saturating_from(span.bounds().0)).to_string()
        }
    };
    let [mut annotations, mut claims, mut links, mut pieces] = [const { Vec::new() }; 4];
    for span in &article.spans {
        let (start, end) = span.bounds();
        let number = |offset: usize| if span.ranges.is_empty() { String::new() } else { offset.to_string() };
        let ranges: Vec<String> = span.ranges.iter().map(|(start, end)| format!("{start}-{end}")).collect();
        let source = span.source.clone().unwrap_or_default();
        let mut row = vec![
            article.id.clone(),
            article.title.clone(),
            span.id.clone(),
            paragraph(span),
            number(start),
            number(end),
            if ranges.len() > 1 { ranges.join(" ") } else { String::new() },
            span.label.clone(),
            head.label_name(&span.label).to_owned(),
            span.quote.join(PARTS),
            if span.ranges.is_empty() { String::new() } else { letters(start.saturating_sub(CONTEXT), start) },
            if span.ranges.is_empty() { String::new() } else { letters(end, end + CONTEXT) },
            source.alias,
            source.kind,
            source.role,
            source.public_label,
            source.id,
            span.note.clone(),
            span.by.clone(),
            if span.origin == Origin::Person { String::new() } else { span.origin.word().to_owned() },
        ];
        let text_of = |key: &str| match span.attributes.get(key) {
            Some(AttributeValue::Text(value)) => value.to_string(),
            _ => String::new(),
        };
        row.extend(keys.iter().map(|key| text_of(key)));
        let others: BTreeMap<_, _> = span
            .attributes
            .iter()
            .filter(|(key, value)| !keys.contains(key) || matches!(value, AttributeValue::Raw(_)) || value.as_str().is_empty())
            .collect();
        row.push(if others.is_empty() { String::new() } else { serde_json::to_string(&others).unwrap_or_default() });
        annotations.push(row);
        if span.label == news::CLAIM {
            let speakers = behind.speakers(span);
            let unnamed = speakers
                .iter()
                .filter(|speaker| crate::model::SourceKind::ALL.iter().any(|kind| kind.word() == speaker.kind && kind.is_anonymous()));
            let who: Vec<&str> = speakers.iter().map(|speaker| speaker.alias.as_str()).collect();
            claims.push(vec![
                article.id.clone(),
                article.title.clone(),
                span.id.clone(),
                paragraph(span),
                span.words(),
                text_of("kind"),
                text_of("voice"),
                text_of("check_worthiness"),
                text_of("verification"),
                speakers.len().to_string(),
                unnamed.count().to_string(),
                who.join("; "),
            ]);
        }
    }
    let words: std::collections::HashMap<&str, String> = article.spans.iter().map(|span| (span.id.as_str(), span.words())).collect();
    let words = |id: &str| words.get(id).cloned().unwrap_or_default();
    for link in &article.links {
        links.push(vec![
            article.id.clone(),
            article.title.clone(),
            link.id.clone(),
            link.kind.clone(),
            head.kind_name(&link.kind).to_owned(),
            link.from.clone(),
            words(&link.from),
            link.to.clone(),
            words(&link.to),
            link.by.clone(),
        ]);
    }
    let mut about = vec![article.id.clone(), article.title.clone()];
    let details =
        ["language", "direction", "status", "outlet", "byline", "desk", "address", "published", "original_language", "translator"];
    about.extend(details.iter().map(|key| article.details.get(*key).cloned().unwrap_or_default()));
    about.push(article.imported.as_ref().map(|imported| serde_json::to_string(imported).unwrap_or_default()).unwrap_or_default());
    about.push(text.index.len().to_string());
    let mut start = 0;
    for (number, line) in article.content.split('\n').enumerate() {
        let letters: Vec<char> = line.chars().collect();
        // A cell of a spreadsheet holds 32,767 UTF-16 units; longer lines go on in the next row of the same number.
        for piece in letters.chunks(15_000) {
            pieces.push(vec![
                article.id.clone(),
                article.title.clone(),
                (number + 1).to_string(),
                start.to_string(),
                piece.iter().collect(),
            ]);
            start += piece.len();
        }
        if letters.is_empty() && number == 0 {
            pieces.push(vec![article.id.clone(), article.title.clone(), "1".to_owned(), "0".to_owned(), String::new()]);
        }
        start += 1;
    }
    // Blank lines have no row, so the last one says how long the text is.
    [annotations, claims, links, vec![about], pieces]
}

/// One row as names and cells.
struct Row<'t> {
    header: &'t [String],
    cells: &'t [String],
}

impl<'t> Row<'t> {
    /// The first column of these names.
    fn get(&self, names: &[&str]) -> &'t str {
        let at = names.iter().find_map(|name| self.header.iter().position(|column| column.eq_ignore_ascii_case(name)));
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }
}

/// Other tools' words for our columns.
const ARTICLE: [&str; 6] = ["article_id", "article", "document", "doc", "file", "document_id"];
const LABEL: [&str; 5] = ["label", "code", "tag", "category", "type"];
const WORDS: [&str; 5] = ["text", "quote", "exact", "content", "words"];

/// Reads tables back into articles. Only the annotations are needed.
pub(super) fn read(name: &str, tables: &BTreeMap<String, Table>, take: Take<'_>) -> Result<(), ExchangeError> {
    let Some(annotations) = tables.get("annotations") else {
        return Err(ExchangeError::Unfit {
            what: format!("{name} has no table of annotations"),
            hint: "A table needs columns label, text, start and end.",
        });
    };
    let probe = Row { header: &annotations.header, cells: &annotations.header };
    if probe.get(&LABEL).is_empty() || (probe.get(&WORDS).is_empty() && probe.get(&["start"]).is_empty()) {
        return Err(ExchangeError::Unfit {
            what: format!("{name} has no columns label and text"),
            hint: "The first row names the columns: article, label, text, start, end.",
        });
    }
    let mut found: BTreeMap<String, Annotated> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut article = |key: &str, order: &mut Vec<String>, change: &mut dyn FnMut(&mut Annotated)| {
        if !found.contains_key(key) {
            order.push(key.to_owned());
        }
        change(found.entry(key.to_owned()).or_insert_with(|| Annotated { id: key.to_owned(), ..Annotated::default() }));
    };
    let each = |table: &str, read: &mut dyn FnMut(&Row<'_>, usize) -> Result<(), ExchangeError>| -> Result<(), ExchangeError> {
        let Some(table) = tables.get(table) else { return Ok(()) };
        // The header is the first row.
        table.rows.iter().enumerate().try_for_each(|(at, cells)| read(&Row { header: &table.header, cells }, at + 2))
    };
    each("articles", &mut |row, _| {
        article(row.get(&["id"]), &mut order, &mut |article| {
            row.get(&["title"]).clone_into(&mut article.title);
            for key in row.header.iter().filter(|key| !matches!(key.as_str(), "id" | "title" | "imported" | "characters" | "escaped")) {
                let value = row.get(&[key]);
                if !value.is_empty() {
                    article.details.insert(key.clone(), value.to_owned());
                }
            }
            article.imported = serde_json::from_str(row.get(&["imported"])).ok();
            // The text has this length at least: blank lines at its end have no row.
            article.kept.insert(LENGTH.to_owned(), vec![row.get(&["characters"]).to_owned()]);
        });
        Ok(())
    })?;
    let mut lengths: BTreeMap<String, usize> = BTreeMap::new();
    each("text", &mut |row, line| {
        let start: usize =
            number(row.get(&["start"])).ok_or_else(|| ExchangeError::at(format!("{name}, text row {line}"), "start is no number"))?;
        let (key, words) = (row.get(&["article_id"]), row.get(&["text"]));
        let have = lengths.entry(key.to_owned()).or_default();
        let blank = start.saturating_sub(*have);
        if blank > LIMITS.article {
            return Err(ExchangeError::at(format!("{name}, text row {line}"), "start lies beyond any text"));
        }
        *have += blank + words.chars().count();
        article(key, &mut order, &mut |article| {
            article.content.extend(std::iter::repeat_n('\n', blank));
            article.content.push_str(words);
        });
        Ok(())
    })?;
    each("annotations", &mut |row, line| {
        let span = span(row).map_err(|what| ExchangeError::at(format!("{name}, annotations row {line}"), what))?;
        article(row.get(&ARTICLE), &mut order, &mut |article| {
            if article.title.is_empty() {
                row.get(&["article", "title", "document", "doc", "file"]).clone_into(&mut article.title);
            }
            article.spans.push(span.clone());
        });
        Ok(())
    })?;
    each("links", &mut |row, _| {
        let link = Link {
            id: row.get(&["id"]).to_owned(),
            kind: row.get(&["kind"]).to_owned(),
            from: row.get(&["from"]).to_owned(),
            to: row.get(&["to"]).to_owned(),
            by: row.get(&["by"]).to_owned(),
        };
        article(row.get(&ARTICLE), &mut order, &mut |article| article.links.push(link.clone()));
        Ok(())
    })?;
    for key in order {
        let Some(mut article) = found.remove(&key) else { continue };
        let length = article.kept.remove(LENGTH).and_then(|length| number(length.first()?)).unwrap_or_default();
        if let Some(have) = lengths.get(&key) {
            article.content.extend(std::iter::repeat_n('\n', length.saturating_sub(*have).min(LIMITS.article)));
        }
        for (at, span) in article.spans.iter_mut().enumerate().filter(|(_, span)| span.id.is_empty()) {
            span.id = format!("row{}", at + 2);
        }
        take(article)?;
    }
    Ok(())
}

const LENGTH: &str = "length";

fn number(cell: &str) -> Option<usize> {
    let cell = cell.trim();
    // Spreadsheets like to turn counts into decimals.
    cell.strip_suffix(".0").unwrap_or(cell).parse().ok()
}

fn span(row: &Row<'_>) -> Result<Span, String> {
    let mut ranges = Vec::new();
    for part in row.get(&["ranges"]).split_whitespace() {
        let (start, end) = part.split_once('-').ok_or_else(|| format!("{part:?} is no range"))?;
        ranges.extend(number(start).zip(number(end)));
    }
    let (start, end) = (row.get(&["start", "begin", "start_offset"]), row.get(&["end", "end_offset"]));
    if ranges.is_empty() && !(start.trim().is_empty() && end.trim().is_empty()) {
        let start = number(start).ok_or_else(|| format!("start is {start:?}, not a number"))?;
        ranges.push((start, number(end).ok_or_else(|| format!("end is {end:?}, not a number"))?));
    }
    let words = row.get(&WORDS);
    let mut quote: Vec<String> = words.split(PARTS).map(str::to_owned).collect();
    if quote.len() != ranges.len().max(1) && !ranges.is_empty() {
        quote = vec![words.to_owned()];
    }
    quote.retain(|words| !words.is_empty());
    let label = row.get(&LABEL).to_owned();
    if label.is_empty() {
        return Err("the label is empty".to_owned());
    }
    let mut attributes: BTreeMap<String, AttributeValue> = BTreeMap::new();
    for (column, cell) in row.header.iter().zip(row.cells) {
        if let Some(key) = column.strip_prefix(ATTRIBUTE).filter(|_| !cell.is_empty()) {
            attributes.insert(key.to_owned(), AttributeValue::Text(cell.into()));
        }
    }
    if let Ok(others) = serde_json::from_str::<BTreeMap<String, RawJson>>(row.get(&[OTHERS])) {
        for (key, raw) in others {
            let value =
                serde_json::from_str::<String>(raw.get()).map_or(AttributeValue::Raw(raw), |text| AttributeValue::Text(text.into()));
            attributes.insert(key, value);
        }
    }
    let alias = row.get(&["source"]).to_owned();
    let source = (!alias.is_empty() || !row.get(&["source_id"]).is_empty()).then(|| Speaker {
        alias,
        id: row.get(&["source_id"]).to_owned(),
        kind: row.get(&["source_kind"]).to_owned(),
        role: row.get(&["source_role"]).to_owned(),
        public_label: row.get(&["source_public_label"]).to_owned(),
    });
    let origin = Origin::ALL.iter().copied().find(|origin| origin.word() == row.get(&["origin"])).unwrap_or_default();
    let (id, note, by) = (row.get(&["id"]).to_owned(), row.get(&["note"]).to_owned(), row.get(&["by"]).to_owned());
    Ok(Span { id, was: String::new(), label, ranges, quote, attributes, source, note, by, origin })
}

/// Name of the column that lists, as JSON, which cells of its row were changed so that no spreadsheet takes them for formulas.
pub(super) const ESCAPED: &str = "escaped";

/// Whether a spreadsheet could take a cell for a formula (OWASP: CSV injection): a sign behind white space, full-width ones too.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r']) || cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Puts an apostrophe before cells that look like formulas and says in the last column which.
pub(super) fn defused(header: &[String], mut row: Vec<String>) -> Vec<String> {
    let mut changed = Vec::new();
    for (cell, column) in row.iter_mut().zip(header) {
        if is_formula(cell) {
            cell.insert(0, '\'');
            changed.push(column.as_str());
        }
    }
    let changed = if changed.is_empty() { String::new() } else { serde_json::to_string(&changed).unwrap_or_default() };
    row.push(changed);
    row
}

/// Takes the apostrophes away again, from those cells only that the row names.
pub(super) fn fused(table: &mut Table) {
    let Some(marker) = table.header.iter().position(|column| column == ESCAPED) else { return };
    for row in &mut table.rows {
        let changed: Vec<String> = row.get(marker).and_then(|changed| serde_json::from_str(changed).ok()).unwrap_or_default();
        for (cell, column) in row.iter_mut().zip(&table.header) {
            if changed.iter().any(|changed| changed == column) && cell.starts_with('\'') {
                cell.remove(0);
            }
        }
    }
}
