//! Tables as CSV text: RFC 4180 with the mark that spreadsheets know UTF-8 by. Read with or without the mark, with either
//! line end, with commas, semicolons or tabs between cells. A cell that a spreadsheet would take for a formula is written
//! with a quote before it, and read without.

use crate::fault::Fault;
use crate::parts;
use crate::row::Line;
use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};
use woodlark_domain::city::{Column, Content, FaultCode, Part};
use woodlark_domain::limits::CITY_ROWS;
use woodlark_domain::place::Area;

/// What spreadsheets know UTF-8 by.
const MARK: char = '\u{feff}';

/// Reads a part's table. Areas keep the outlines that `areas` has of them: a table has none.
///
/// # Errors
/// Every [`Fault`] of it.
pub fn read_csv(part: Part, text: &str, areas: &[Area]) -> Result<Content, Vec<Fault>> {
    parts::read(part, &lines(text, parts::columns(part), CITY_ROWS)?, areas)
}

/// A part as CSV.
#[must_use]
pub fn write_csv(content: &Content) -> String {
    write(parts::columns(content.part()), parts::cells(content).into_iter())
}

/// Rows as CSV, with a head that names these columns.
pub(crate) fn write(columns: &[Column], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Nothing can go wrong on the way into memory.
    let _ = writer.write_record(columns.iter().map(|column| column.code()));
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| guard(cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("{MARK}{}", String::from_utf8_lossy(&bytes))
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn guard(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// The lines of a text, at most so many, their cells in the order of these columns.
pub(crate) fn lines(text: &str, columns: &'static [Column], most: usize) -> Result<Vec<Line>, Vec<Fault>> {
    let text = text.trim_start_matches(MARK);
    let first = text.lines().next().unwrap_or_default();
    let between = [b',', b';', b'\t'].into_iter().max_by_key(|mark| {
        // Of as many the first: a single column has none of them.
        (first.bytes().filter(|byte| byte == mark).count(), *mark == b',')
    });
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(between.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => records.push(record),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(vec![Fault::at(number(line), None, FaultCode::Unreadable, "")]);
            }
        }
    }
    let mut records = records.into_iter();
    let head = records.next().ok_or_else(|| vec![Fault::of_all(FaultCode::Empty, "", 0)])?;
    let places = places(&head, columns)?;
    if records.len() > most {
        return Err(vec![Fault::of_all(FaultCode::TooMany, &records.len().to_string(), most as u64)]);
    }
    let line = |record: StringRecord| Line {
        number: record.position().map_or(0, |position| begins(position, text)),
        cells: places
            .iter()
            .map(|place| unguard(record.get(*place).unwrap_or_default()).to_owned())
            .collect(),
    };
    Ok(records.map(line).collect())
}

/// Where each column stands.
fn places(head: &StringRecord, columns: &'static [Column]) -> Result<Vec<usize>, Vec<Fault>> {
    let named: Vec<String> = head.iter().map(str::to_ascii_lowercase).collect();
    let mut faults = Vec::new();
    for name in named.iter().filter(|name| !name.is_empty()) {
        if !columns.iter().any(|column| column.code() == name) {
            faults.push(Fault::at(1, None, FaultCode::ColumnUnknown, name));
        }
    }
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        match named.iter().position(|name| name == column.code()) {
            Some(place) => places.push(place),
            None => faults.push(Fault::at(1, Some(*column), FaultCode::ColumnMissing, column.code())),
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

/// The line that a record begins in: the reader counts from the end of the record before, blank lines and all.
fn begins(position: &csv::Position, text: &str) -> u32 {
    let byte = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let ahead = text.as_bytes().get(byte..).unwrap_or_default();
    let blank =
        ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    number(position.line().saturating_add(blank as u64))
}

fn number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
