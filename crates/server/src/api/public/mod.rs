//! What everyone may see, with an account or without: never who reported, never what is private or was not filed, and of a
//! photo only what an acceptor has approved.

mod case;
mod nearby;
mod photo;
mod wall;

pub use case::*;
pub use nearby::*;
pub use photo::*;
pub use wall::*;

use woodlark_domain::{Kind, State, Visibility};
use woodlark_store::cases::Whole;

/// Whether a case is everyone's to see: its reporter lets it be, and it was filed or, as praise, published.
pub(crate) fn is_public(case: &Whole) -> bool {
    let known = match case.case.kind {
        Kind::Problem | Kind::Suggestion => case.case.filed_at.is_some(),
        Kind::Praise => matches!(case.case.state, State::Published | State::Thanked),
    };
    known && case.case.visibility == Visibility::Public
}
