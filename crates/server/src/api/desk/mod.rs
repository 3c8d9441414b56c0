//! The centre's desk: signing in, invitations, who works here. Each endpoint is re-exported whole, its description for the
//! OpenAPI document included.

mod directory;
mod invitation;
mod proof;
mod seats;
mod session;
mod staff;

pub use directory::*;
pub use invitation::*;
pub use seats::*;
pub(crate) use session::show_post;
pub use session::*;
pub(in crate::api) use staff::invite;
pub use staff::*;
