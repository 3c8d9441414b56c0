//! The centre's desk: staff see what waits for them, one case beside its list, and just what the rules let them do.

pub mod app;
pub mod keys;
pub mod messages;
pub mod order;
pub mod pages;
pub mod router;
pub mod seen;
pub mod shell;
pub mod undo;
pub mod widget;

pub use app::start;
