//! The city's data, part by part: looked at, compared, previewed, applied; and corrections that are to become rules.

mod apply;
mod candidate;
mod compare;
mod decline;
mod file;
mod list;
mod preview;
mod propose;
pub(super) mod shown;
mod table;
mod versions;

pub use apply::*;
pub use compare::*;
pub use decline::*;
pub use file::*;
pub use list::*;
pub use preview::*;
pub use propose::*;
pub(crate) use shown::code_name;
pub use table::*;
pub use versions::*;
