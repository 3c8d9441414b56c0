//! What is kept of a resident, and the end of their account.

mod data;
mod deletion;

pub use data::*;
pub use deletion::*;
