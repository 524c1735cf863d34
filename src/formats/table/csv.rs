//! CSV (RFC 4180, UTF-8 with a mark, CRLF): a folder or zip of tables, or the annotations alone. Cells that a spreadsheet could take for
//! a formula begin with an apostrophe, and a last column says which.

use super::{ESCAPED, TABLES, Table, carries, defused, fused, headers, read, rows};
use crate::formats::{
    Format, Glimpse, Reader, Writer, article,
    exchange::{
        ExchangeError,
        container::{Chunk, Incoming, ends, read_all},
        feature::{Feature, How},
        release::{Head, Release},
        verify::Convention,
    },
    format::{Stream, Take},
};
use std::collections::BTreeMap;

/// The format.
pub const FORMAT: Format = Format {
    name: "csv",
    title: "CSV",
    about: "Tables for spreadsheets and scripts: annotations, claims with their sources, links, articles, text.",
    endings: &["csv", "tsv"],
    main: "annotations.csv",
    is_folder: false,
    is_archive: false,
    convention: Convention::SCALAR,
    carries,
    alone: Some(|feature| match feature {
        Feature::Text | Feature::Details | Feature::Links => {
            How::Lost("only the table of annotations is written; choose a folder or zip for all")
        }
        other => carries(other),
    }),
    read: Reader::Annotated(read_csv),
    write: Writer::Stream(&Tables),
    detect,
};

fn detect(glimpse: &Glimpse<'_>) -> bool {
    if glimpse.is_file() { glimpse.ends(&["csv", "tsv"]) } else { glimpse.has("annotations.csv") }
}

struct Tables;

/// The name of a table's file: that of the main one is empty.
fn file(table: usize) -> String {
    if table == 0 { String::new() } else { TABLES.get(table).map(|name| format!("{name}.csv")).unwrap_or_default() }
}

fn line(row: &[String]) -> Result<Vec<u8>, ExchangeError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(row).map_err(|error| ExchangeError::at("a row", error))?;
    writer.into_inner().map_err(|error| ExchangeError::at("a row", error.error()))
}

impl Stream for Tables {
    fn begin(&self, head: &Head) -> Vec<Chunk> {
        let tables = headers(head).into_iter().enumerate().map(|(table, mut header)| {
            header.push(ESCAPED.to_owned());
            let bytes = [b"\xEF\xBB\xBF".as_slice(), &line(&header).unwrap_or_default()].concat();
            Chunk { file: file(table), bytes, last: false }
        });
        tables.collect()
    }

    fn article(&self, head: &Head, release: &Release, _number: usize) -> Result<Vec<Chunk>, ExchangeError> {
        let headers = headers(head);
        let tables = rows(head, release.article()).into_iter().zip(headers).enumerate().map(|(table, (rows, header))| {
            let lines = rows.into_iter().map(|row| line(&defused(&header, row))).collect::<Result<Vec<_>, _>>()?;
            Ok(Chunk { file: file(table), bytes: lines.concat(), last: false })
        });
        tables.collect()
    }
}

fn read_csv(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    let place = incoming.name().to_owned();
    let alone = matches!(incoming, Incoming::File { .. });
    let mut tables = BTreeMap::new();
    incoming.each(&|name| ends(name, &["csv", "tsv"]), &mut |name, reader| {
        let bytes = read_all(name, reader)?;
        let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".csv").to_owned();
        tables.insert(if alone { "annotations".to_owned() } else { stem }, table(name, &bytes)?);
        Ok(())
    })?;
    read(&place, &tables, take)
}

/// One table. Spreadsheets save in many encodings and with comma, semicolon or tab.
fn table(name: &str, bytes: &[u8]) -> Result<Table, ExchangeError> {
    // A mark says that it is UTF-8, whatever a note in it may hold; other tables are looked at more closely.
    let marked = bytes.strip_prefix(b"\xEF\xBB\xBF").and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = match marked {
        Some(text) => std::borrow::Cow::Borrowed(text),
        None => article::decode(name, bytes).map_err(|error| ExchangeError::Damaged {
            place: name.to_owned(),
            what: error.to_string(),
            hint: error.hint(),
        })?,
    };
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|sign| count(char::from(*sign))).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let fault = |error: csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        ExchangeError::at(format!("{name} line {line}"), error)
    };
    let header = reader.headers().map_err(fault)?.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut table = Table { header, rows: Vec::new() };
    for row in reader.records() {
        let row = row.map_err(fault)?;
        if row.iter().any(|cell| !cell.is_empty()) {
            table.rows.push(row.iter().map(str::to_owned).collect());
        }
    }
    fused(&mut table);
    Ok(table)
}
