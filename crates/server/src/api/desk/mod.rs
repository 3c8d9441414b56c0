//! The centre's desk: signing in, invitations, who works here. Each endpoint is re-exported whole, its description for the
//! OpenAPI document included.

mod invitation;
mod proof;
mod session;
mod staff;

pub use invitation::*;
pub use session::*;
pub use staff::*;
