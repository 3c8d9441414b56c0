//! A resident's kindness ledger: what it comes to, entry by entry, and the check that their own browser makes of it. A program
//! of its own, so that whoever only reports downloads none of it.

pub mod app;
pub mod bridge;
pub mod chart;
pub mod check;
pub mod messages;
pub mod pages;
pub mod router;
pub mod seen;
pub mod shell;
pub mod wired;

pub use app::start;
