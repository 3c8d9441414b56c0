//! The kindness ledger 热心账本. A resident reads their own books and nobody else's; whoever has none reads an empty one. The
//! table of points and what is published of each day are everyone's.

mod chain;
mod csv;
mod entries;
mod json;
mod points;
mod roots;
mod rows;
mod share;
mod shown;
mod view;
mod words;

pub use chain::*;
pub use csv::*;
pub use entries::*;
pub use json::*;
pub use points::*;
pub use roots::*;
pub use share::*;
pub use view::*;

pub(crate) use csv::table as csv_table;
pub(crate) use json::file_of;
pub(crate) use rows::all as all_rows;
pub(crate) use shown::{show_entry, show_root};
pub(crate) use words::{what, yuan};
