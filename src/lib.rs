//! The resident's app: a shell with few tabs, pages that read as they look, and an outbox that loses nothing.

pub mod app;
pub mod outbox;
pub mod pages;
pub mod plain;
pub mod platform;
pub mod router;
pub mod shell;

pub use app::start;
pub use woodlark_ui::device;
