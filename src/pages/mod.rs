//! One page a route, read from top to bottom as it looks.

pub mod case;
pub mod home;
pub mod mine;
pub mod report;
pub mod sent;
pub mod settings;
