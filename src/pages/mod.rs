//! One page a route, read from top to bottom as it looks.

pub mod case;
mod gallery;
pub mod home;
pub mod mine;
mod phone;
pub mod report;
pub mod sent;
pub mod settings;
pub mod waiting;
