//! The database: schema, migrations, every query. Knows nothing of HTTP.

pub mod accounts;
mod backup;
pub mod cases;
pub mod check;
pub mod city;
mod column;
mod config;
mod conn;
mod fault;
pub mod idempotency;
pub mod intake;
mod job;
pub mod media;
mod migrate;
pub mod phones;
mod postgres;
pub mod quota;
mod schema;
pub mod seed;
mod sqlite;
mod store;
pub mod sweep;
pub mod trail;

pub use backup::{BackupError, restore};
pub use check::Checked;
pub use column::Hash;
pub use config::{Config, Place};
pub use conn::{Conn, Tx};
pub use fault::{Fault, Halt, OpenError, WriteError};
pub use store::Store;
