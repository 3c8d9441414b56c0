//! Cases as those see them whom they concern.

mod join;
mod list;
mod media;
mod shown;
mod view;
mod withdraw;

pub use join::*;
pub use list::*;
pub use media::*;
pub(crate) use shown::{show_case, show_row};
pub use view::*;
pub use withdraw::*;
