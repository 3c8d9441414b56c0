//! The audit log, page by page and as CSV.

mod csv;
mod read;

pub use csv::*;
pub use read::*;
