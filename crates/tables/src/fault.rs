//! What is wrong with data, and what is worth knowing of a change: a code, a place, and what stands there.

use woodlark_domain::city::{Column, FaultCode, NoteCode};

/// Something that must be put right first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file, counted from 1; 0 for the whole of it.
    pub line: u32,
    /// The column, where it is of one.
    pub column: Option<Column>,
    /// What is wrong.
    pub code: FaultCode,
    /// What stands there, cut short.
    pub value: String,
    /// How many, or in which other line, where the code says so.
    pub count: u64,
}

/// Characters of a value that are told.
const VALUE_CHARS: usize = 60;

impl Fault {
    /// A fault of a line.
    #[must_use]
    pub fn at(line: u32, column: Option<Column>, code: FaultCode, value: &str) -> Self {
        Self { line, column, code, value: value.chars().take(VALUE_CHARS).collect(), count: 0 }
    }

    /// A fault of the whole.
    #[must_use]
    pub fn of_all(code: FaultCode, value: &str, count: u64) -> Self {
        Self { count, ..Self::at(0, None, code, value) }
    }
}

/// Something that a change brings with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub code: NoteCode,
    /// Of what: a code, or two.
    pub value: String,
    /// How many.
    pub count: u64,
}
