//! The figures, as numbers, as CSV, the cases behind each, and a screen on a wall.

mod behind;
mod board;
mod csv;
mod read;

pub use behind::*;
pub use board::*;
pub(crate) use csv::cell;
pub use csv::*;
pub use read::*;
