//! The figures: what each case adds, and the sums of each day, kept by a job that follows what was done to cases. A case is
//! counted anew whenever anything happened to it; what it added before is taken away in the same transaction, so that a
//! repeat changes nothing and the sums are always those of what is kept of each case.

mod count;
mod read;
mod recount;
mod row;
mod sums;

pub(crate) use count::count;
pub use read::{behind, days, figures};
pub use recount::recount;
pub(crate) use row::CaseRow;
pub(crate) use sums::Sums;
