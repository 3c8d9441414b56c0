//! A report on its way in: manifest, files, completion.

mod attachment;
mod check;
mod complete;
mod manifest;
mod status;

pub use attachment::*;
pub(crate) use check::check_manifest;
pub use complete::*;
pub use manifest::*;
pub use status::*;
