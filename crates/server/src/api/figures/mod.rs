//! The figures, as numbers, as CSV, and the cases behind each.

mod behind;
mod csv;
mod read;

pub use behind::*;
pub(crate) use csv::cell;
pub use csv::*;
pub use read::*;
