//! The city's data and the list of its staff as people keep them: tables of cells, as CSV, and areas as GeoJSON. It reads them and says of every fault
//! where it is; it writes them so that what is read back is the same; it says what a change changes, and what that means.
//!
//! Pure: it knows no file, no database and no language. Whoever shows a fault or a change has the words for its code.

mod check;
mod csv_text;
mod diff;
mod fault;
mod geojson;
mod ground;
mod parts;
mod row;
mod staff;
pub mod statement;

pub use check::{Known, faults, notes};
pub use csv_text::{read_csv, write_csv};
pub use diff::{Change, FieldChange, What, diff};
pub use fault::{Fault, Note};
pub use geojson::{read_geojson, write_geojson};
pub use parts::{cells, columns};
pub use staff::{STAFF, StaffChange, StaffKnown, read_staff, write_staff};

/// Faults and notes that are told one by one; the rest is counted.
pub const TOLD: usize = 200;
