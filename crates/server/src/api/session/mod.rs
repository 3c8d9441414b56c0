//! Who is asking. Each endpoint is re-exported whole, its description for the OpenAPI document included.

mod create;
mod end;
mod phone;
mod phone_code;
mod read;

pub use create::*;
pub use end::*;
pub use phone::*;
pub use phone_code::*;
pub use read::*;
