//! The database of a district: schema, migrations, every query. It knows nothing of HTTP, and nobody else writes SQL.
//!
//! A [`Store`] is opened on a file (SQLite, compiled in) or on a PostgreSQL server, by URL. [`Store::write`] runs a
//! closure as a transaction and answers once it is on the disk; [`Store::read`] runs one on a snapshot. Everything else is
//! a function that takes a [`Tx`] (it changes something) or a [`Conn`] (it reads; a `Tx` is one too):
//!
//! | module | what |
//! | --- | --- |
//! | [`accounts`], [`phones`] | accounts, sessions, one-time codes, joining two accounts into one |
//! | [`deletion`] | an account that is to go, and its end |
//! | [`intake`] | a report on its way in, until it is a case |
//! | [`cases`] | commands, lists, the whole of one case, cases alike; what the clock does; [`cases::queue`]: the desk's queues |
//! | [`figures`] | what each case adds to the figures, and the sums of each day |
//! | [`follow_up`] | what follows from a change of a case once it stands |
//! | [`ledger`] | the kindness ledger: entries, books, what was published of each day |
//! | [`redeem`] | what points become: payouts, gifts, the community's fund; frozen books; linked WeChat accounts |
//! | [`kiosks`] | kiosks: enrolling, envelopes on their way in, cases by number and code, their way to a phone |
//! | [`staff`], [`boards`] | who works at the desk: invitations, roles, sessions; screens on a wall |
//! | [`media`], [`approvals`] | rows of stored photos and voices; what everyone may see of them |
//! | [`city`] | the city's data, in versions |
//! | [`idempotency`], [`quota`], [`wrong_tries`], [`trail`] | the same answer twice; how much is left; who guesses; audit and errands |
//! | [`sweep`], [`check`], [`seed`], [`restore`] | upkeep |
//!
//! Invariants, told as absences: no event, audit row, escalation or entry of the ledger is ever altered or removed (triggers refuse it on both
//! engines), save that in events and audit the id of an account that ends gives way to nobody's; no row of a case is written but by `cases::append`, with its event, save the clock's three columns, which are
//! reckoned anew where the clock has looked; no primary key begins with anything but
//! the district's `adcode` or whom the row belongs to; no time and no randomness comes from here, ids of audit and errand
//! rows are derived from their cause; only `conn::each!` may name an engine in a query.
//!
//! ```
//! # use woodlark_domain::{AreaCode, Door, Timestamp, UserId};
//! # use woodlark_store::{accounts, Config, Halt, Store};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("woodlark-doc-{}", std::process::id()));
//! # let path = folder.join("district.db").to_string_lossy().into_owned();
//! let store = Store::open(&Config::new(path, AreaCode::new("310120")?))?;
//! let (user, token_hash, now) = (UserId::new(1, [0; 10]), [7; 32], Timestamp(1));
//! store.write_blocking(move |tx| -> Result<(), Halt<()>> {
//!     Ok(accounts::create(tx, user, &token_hash, Door::Browser, now)?)
//! }).map_err(|error| format!("{error:?}"))?;
//! let session = store.read_blocking(move |conn| accounts::find(conn, &token_hash))?;
//! assert_eq!(session.map(|session| session.user), Some(user));
//! # drop(store);
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
//!
//! **PostgreSQL and TLS.** libpq is compiled in without OpenSSL, so that a fresh machine needs a C compiler and nothing
//! else. A server that insists on TLS cannot be reached: put it on the same machine or private network, or a TLS tunnel
//! before it. Its append-only triggers need one PL/pgSQL function; a distributed PostgreSQL without them has to refuse
//! UPDATE and DELETE on `event`, `audit`, `escalation` and the ledger's entries, days and roots by privilege instead.

pub mod accounts;
pub mod approvals;
mod backup;
pub mod boards;
pub mod cases;
pub mod check;
pub mod city;
mod column;
mod config;
mod conn;
pub mod deletion;
mod fault;
pub mod figures;
mod fixed;
pub mod follow_up;
pub mod idempotency;
pub mod intake;
mod job;
pub mod kiosks;
pub mod ledger;
pub mod media;
mod migrate;
pub mod notices;
pub mod phones;
mod postgres;
mod prepared;
pub mod quota;
pub mod redeem;
mod schema;
pub mod seed;
mod sqlite;
pub mod staff;
pub mod staff_list;
mod store;
pub mod sweep;
pub mod tickets;
pub mod trail;
pub mod wrong_tries;

pub use backup::{BackupError, restore};
pub use check::Checked;
pub use column::Hash;
pub use config::{Config, Place};
pub use conn::{Conn, Tx};
pub use fault::{Fault, Halt, OpenError, WriteError};
pub use store::Store;
