//! One line of a table, read cell by cell: what can't be read is a fault that names the line and the column.

use crate::fault::Fault;
use core::str::FromStr;
use woodlark_domain::city::{Column, FaultCode};
use woodlark_domain::criterion::Name;
use woodlark_domain::limits::NAME_CHARS;

/// A line, its cells in the order of its part's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

/// A line that is being read.
pub(crate) struct Row<'a> {
    pub(crate) columns: &'static [Column],
    pub(crate) line: &'a Line,
    pub(crate) faults: &'a mut Vec<Fault>,
}

impl<'a> Row<'a> {
    /// What stands in a column; nothing where the part has no such column.
    pub(crate) fn cell(&self, column: Column) -> &'a str {
        let place = self.columns.iter().position(|one| *one == column);
        place.and_then(|place| self.line.cells.get(place)).map_or("", |cell| cell.trim())
    }

    pub(crate) fn fail<T>(&mut self, column: Column, code: FaultCode) -> Option<T> {
        let value = self.cell(column);
        self.faults.push(Fault::at(self.line.number, Some(column), code, value));
        None
    }

    /// A text of at most so many characters that may be missing.
    pub(crate) fn text(&mut self, column: Column, most: usize) -> Option<String> {
        // A cell of several lines has them as its system writes them.
        let text = self.cell(column).replace("\r\n", "\n");
        let shown = |letter: char| letter == '\n' || !letter.is_control();
        if text.chars().count() > most || !text.chars().all(shown) {
            return self.fail(column, FaultCode::Text);
        }
        Some(text)
    }

    /// The same where it may not.
    pub(crate) fn need(&mut self, column: Column, most: usize) -> Option<String> {
        if self.cell(column).is_empty() {
            return self.fail(column, FaultCode::CellMissing);
        }
        self.text(column, most)
    }

    /// A name in both languages.
    pub(crate) fn name(&mut self, zh: Column, en: Column) -> Option<Name> {
        let (zh, en) = (self.need(zh, NAME_CHARS), self.need(en, NAME_CHARS));
        Some(Name { zh: zh?, en: en? })
    }

    /// A text with rules.
    pub(crate) fn code<T: FromStr>(&mut self, column: Column) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return self.fail(column, FaultCode::CellMissing);
        }
        match text.parse() {
            Ok(code) => Some(code),
            Err(_) => {
                self.fail(column, if is_rounded(text) { FaultCode::Spreadsheet } else { FaultCode::Code })
            }
        }
    }

    /// The same, where it may be missing.
    pub(crate) fn code_if<T: FromStr>(&mut self, column: Column) -> Option<Option<T>> {
        if self.cell(column).is_empty() { Some(None) } else { self.code(column).map(Some) }
    }

    /// A whole number within its bounds.
    pub(crate) fn number(&mut self, column: Column, least: u32, most: u32) -> Option<u32> {
        let number = self.cell(column).parse().ok().filter(|number| (least..=most).contains(number));
        number.or_else(|| {
            let value = self.cell(column);
            let fault = Fault::at(self.line.number, Some(column), FaultCode::Number, value);
            // The sentence names the bounds by the cell's column; the nearest one that was passed stands beside it.
            let bound =
                if value.parse().is_ok_and(|number: u64| number > u64::from(most)) { most } else { least };
            self.faults.push(Fault { count: u64::from(bound), ..fault });
            None
        })
    }

    /// A word of a closed list.
    pub(crate) fn choice<T>(&mut self, column: Column, from_code: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.cell(column).to_ascii_lowercase();
        match from_code(&text) {
            Some(choice) => Some(choice),
            None if text.is_empty() => self.fail(column, FaultCode::CellMissing),
            None => self.fail(column, FaultCode::Choice),
        }
    }

    /// Yes or no, in the words that people and spreadsheets use.
    pub(crate) fn yes(&mut self, column: Column) -> Option<bool> {
        match self.cell(column).to_ascii_lowercase().as_str() {
            "yes" | "y" | "1" | "true" | "是" => Some(true),
            "no" | "n" | "0" | "false" | "否" | "" => Some(false),
            _ => self.fail(column, FaultCode::YesNo),
        }
    }
}

/// How yes and no are written.
pub(crate) const fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// `3.1E+13`: a spreadsheet took a long code for a number, and its end is lost.
fn is_rounded(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.split_once("E+").is_some_and(|(head, power)| {
        head.starts_with(|digit: char| digit.is_ascii_digit())
            && power.bytes().all(|byte| byte.is_ascii_digit())
    })
}
