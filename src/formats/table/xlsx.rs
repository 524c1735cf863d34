//! XLSX: the tables as sheets. Every cell is written as text, never as a formula; formulas of others are read as the values that they had.

use super::{TABLES, Table, carries, headers, read, rows};
use crate::{
    formats::{
        Format, Glimpse, Reader, Writer,
        exchange::{
            ExchangeError,
            container::{Incoming, Zip, read_all},
            release::{Head, Release},
            verify::Convention,
        },
        format::Take,
    },
    model::LIMITS,
};
use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Style, Workbook, XlsxError};
use std::{collections::BTreeMap, io::Cursor};

/// The format.
pub const FORMAT: Format = Format {
    name: "xlsx",
    title: "Excel workbook",
    about: "The same tables as sheets of one workbook.",
    endings: &["xlsx"],
    main: "annotations.xlsx",
    is_folder: false,
    is_archive: true,
    convention: Convention::SCALAR,
    carries,
    alone: None,
    read: Reader::Annotated(read_xlsx),
    write: Writer::Whole(write),
    detect: |glimpse: &Glimpse<'_>| glimpse.ends(&["xlsx"]) || glimpse.has("xl/workbook.xml"),
};

/// Most UTF-16 units of a cell, and rows of a sheet.
const CELL: usize = 32_767;
const ROWS: u32 = 1_048_576;

fn write(head: &Head, releases: &[Release]) -> Result<Vec<u8>, ExchangeError> {
    let fault =
        |error: XlsxError| ExchangeError::Unfit { what: format!("the workbook cannot be written ({error})"), hint: "Write CSV instead." };
    let mut book = Workbook::new();
    // The same content makes the same bytes, so no clock.
    let day = ExcelDateTime::from_ymd(2020, 1, 1).map_err(fault)?;
    book.set_properties(&DocProperties::new().set_title(&head.title).set_creation_datetime(&day));
    let (bold, wrap) = (Style::new().set_bold(), Style::new().set_text_wrap());
    let headers = headers(head);
    for (name, header) in TABLES.iter().zip(&headers) {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).map_err(fault)?;
        for (column, title) in (0..).zip(header) {
            sheet.write_string_with_format(0, column, title, &bold).map_err(fault)?;
            let width = match title.as_str() {
                "text" | "from_text" | "to_text" => 60.0,
                "article" | "title" | "before" | "after" | "note" => 28.0,
                _ => 14.0,
            };
            sheet.set_column_width(column, width).map_err(fault)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
    }
    let mut next = [1_u32; 5];
    for release in releases {
        for (((at, rows), next), header) in rows(head, release.article()).into_iter().enumerate().zip(&mut next).zip(&headers) {
            let sheet = book.worksheet_from_index(at).map_err(fault)?;
            for row in rows {
                if *next >= ROWS {
                    return Err(ExchangeError::Unfit {
                        what: "a sheet has at most 1,048,576 rows".to_owned(),
                        hint: "Write CSV, or fewer articles.",
                    });
                }
                for (column, (title, cell)) in (0..).zip(header.iter().zip(&row)).filter(|(_, (_, cell))| !cell.is_empty()) {
                    if cell.encode_utf16().count() > CELL {
                        if is_elsewhere(title, header, &row) {
                            continue;
                        }
                        return Err(ExchangeError::Unfit {
                            what: format!("{title} of an annotation is longer than the 32,767 characters that a cell holds"),
                            hint: "Write CSV instead.",
                        });
                    }
                    sheet.write_string_with_format(*next, column, cell, &wrap).map_err(fault)?;
                }
                *next += 1;
            }
        }
    }
    book.save_to_buffer().map_err(fault)
}

/// Whether the words of a cell stand in the sheet of texts too, where the offsets of the row find them.
fn is_elsewhere(title: &str, header: &[String], row: &[String]) -> bool {
    let start = header.iter().position(|column| column == "start").and_then(|at| row.get(at));
    matches!(title, "text" | "from_text" | "to_text") && start.is_none_or(|start| !start.is_empty())
}

fn read_xlsx(incoming: Incoming<'_>, take: Take<'_>) -> Result<(), ExchangeError> {
    let Incoming::File { name, mut reader } = incoming else {
        return Err(ExchangeError::Unfit { what: "a workbook is one file".to_owned(), hint: "Name the .xlsx file itself." });
    };
    let bytes = read_all(&name, &mut *reader)?;
    // Looks over the archive first: the reader of workbooks trusts it.
    drop(Zip::open(&name, Cursor::new(bytes.as_slice()))?);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| ExchangeError::at(name.as_str(), error))?;
    let sheets = book.sheet_names();
    let mut tables = BTreeMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        let (height, width) =
            book.worksheet_range(sheet).map_err(|error| ExchangeError::at(format!("{name}, sheet {sheet}"), error)).map(|range| {
                let size = range.get_size();
                let mut rows = range.rows().map(|row| row.iter().map(cell).collect::<Vec<String>>());
                let header: Vec<String> = rows.next().unwrap_or_default();
                let rows = rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
                // A workbook of somebody else: its first sheet holds the annotations.
                let known = TABLES.contains(&sheet.as_str());
                let table = if known || at > 0 { sheet.clone() } else { "annotations".to_owned() };
                tables.insert(table, Table { header, rows });
                size
            })?;
        if height.saturating_mul(width) > LIMITS.records * 64 {
            return Err(ExchangeError::TooLarge { place: format!("{name}, sheet {sheet}"), limit: (LIMITS.records * 64) >> 20 });
        }
    }
    read(&name, &tables, take)
}

/// A cell as text; a formula is the value that it had.
fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => other.to_string(),
    }
}
