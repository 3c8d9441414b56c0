//! The kiosk of a service station: somebody walks up, reports, and walks away, and nothing of theirs stays but an envelope that only
//! the server opens. A program of its own, so that no resident downloads any of it.

pub mod aloud;
pub mod app;
pub mod dialog;
pub mod draft;
pub mod health;
pub mod idle;
pub mod js;
pub mod messages;
pub mod outbox;
pub mod own;
pub mod pad;
pub mod pages;
pub mod platform;
pub mod qr;
pub mod shell;

pub use app::start;
