//! The list of staff as a file: handed out, previewed, applied. Each endpoint is re-exported whole, its description for the
//! OpenAPI document included.

mod apply;
mod file;
mod judge;
mod preview;

pub use apply::*;
pub use file::*;
pub use preview::*;
