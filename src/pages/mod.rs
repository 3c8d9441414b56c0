//! One page a route, read from top to bottom as it looks.

pub mod case;
mod contest;
mod gallery;
pub mod home;
pub mod mine;
pub mod nearby;
mod phone;
pub mod public;
mod rating;
mod renew;
pub mod report;
mod saying;
pub mod sent;
pub mod settings;
mod slider;
pub mod waiting;
pub mod wall;
