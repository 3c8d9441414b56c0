//! The desk: kiosks are set up, looked after, and let go.

mod code;
mod list;
mod revoke;
mod set_up;

pub use code::*;
pub use list::*;
pub use revoke::*;
pub use set_up::*;
