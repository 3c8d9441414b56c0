//! The outbox: what this device has to carry to the server, and the one sender over all tabs that carries it. An errand is
//! a resident's report, or an order of a member of staff; each program has its own kind, and this is all that they share.
//! Nothing here needs a service worker, and nothing here says "done" before the server has said it.

mod errand;
mod lock;
mod outbox;
pub mod record;
pub mod shelf;
mod upload;

pub use errand::{Errand, Stop};
pub use outbox::Outbox;
pub use record::{Record, Stage, Trouble};
pub use upload::upload;
