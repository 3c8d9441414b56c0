//! What can go wrong. A refusal is the caller's own (`E`); everything else is a [`Fault`], whose text is for the log and
//! never for a resident.

use std::path::PathBuf;
use std::time::Duration;

/// The store itself failed, or what it holds cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused a statement or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] diesel::result::Error),
    /// A row holds what cannot be: a code out of its list, bytes of the wrong length.
    #[error("{table}.{column} holds what cannot be: {value}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was found, cut short.
        value: String,
    },
    /// A value could not be written as JSON, or read from it.
    #[error("{what} is not the JSON that it should be: {error}")]
    Json {
        /// What it was to be.
        what: &'static str,
        /// What the parser said.
        error: serde_json::Error,
    },
    /// The rules cannot follow a case's own events: somebody wrote past the rules.
    #[error("the events of case {case} do not add up: {detail}")]
    Events {
        /// The case.
        case: String,
        /// What the rules said.
        detail: String,
    },
    /// What was to be written into the ledger is no entry: whoever asked did not look before.
    #[error("no entry of the ledger: {0}")]
    Ledger(&'static str),
    /// The closure panicked; its changes were undone and nobody else's were touched.
    #[error("the transaction panicked")]
    Panicked,
    /// The commit failed: whether it is kept is not known until the database was opened again.
    #[error("the commit failed")]
    Commit,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// No connection could be made.
    #[error("no connection to the database: {0}")]
    Connection(String),
    /// The case was changed by somebody else meanwhile.
    #[error("the case has moved on since it was read")]
    Moved,
}

impl Fault {
    /// Whether a case's own events are at fault: everything else in the database may be as it should.
    pub(crate) const fn is_of_events(&self) -> bool {
        matches!(self, Self::Events { .. } | Self::Json { .. })
    }

    /// Whether PostgreSQL asks for the same transaction once more: a serialization failure or a deadlock.
    pub(crate) fn is_retriable(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        let Self::Database(Error::DatabaseError(kind, info)) = self else {
            return matches!(self, Self::Moved);
        };
        matches!(kind, DatabaseErrorKind::SerializationFailure)
            || ["deadlock detected", "could not serialize access", "restart transaction"]
                .iter()
                .any(|words| info.message().contains(words))
    }

    /// Whether the connection itself is gone.
    pub(crate) fn is_disconnected(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Database(Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)))
            || matches!(self, Self::Database(Error::BrokenTransactionManager))
            || matches!(self, Self::Database(Error::DatabaseError(_, info))
                if info.message().contains("server closed the connection")
                    || info.message().contains("terminating connection")
                    || info.message().contains("no connection to the server"))
    }
}

/// How a transaction's closure ends early: refused by a rule of the caller's, or by a fault. Both undo its changes.
#[derive(Debug)]
pub enum Halt<E> {
    /// The caller's own word; [`WriteError::Refused`] carries it out.
    Refused(E),
    /// The store failed; `?` on a store function makes this.
    Fault(Fault),
}

impl<E> From<Fault> for Halt<E> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<E> From<diesel::result::Error> for Halt<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl<E> Halt<E> {
    /// The same, the refusal put into the caller's own words.
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Halt<F> {
        match self {
            Self::Refused(refusal) => Halt::Refused(f(refusal)),
            Self::Fault(fault) => Halt::Fault(fault),
        }
    }
}

/// Why a write came to nothing. Except for a [`Fault::Commit`], nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// The closure refused; its changes were undone.
    #[error("refused")]
    Refused(E),
    /// More is waiting to be written than the queue holds, or PostgreSQL asked for too many repeats.
    #[error("too much to write; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// A commit failed a moment ago; writes are refused until one succeeds.
    #[error("the database cannot be written at present")]
    ReadOnly,
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Fault),
}

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No connection: the path cannot be written, or PostgreSQL does not answer.
    #[error("cannot open {place}: {detail}")]
    Connect {
        /// The path, or the URL without its password.
        place: String,
        /// What the engine said.
        detail: String,
    },
    /// A newer program has been here: this one would misread what it wrote.
    #[error(
        "the database has schema {found}, this program knows {known}: start the newer program, or restore a backup"
    )]
    Newer {
        /// The database's schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// A migration failed; the database stands as it was before it.
    #[error("migration {version} failed: {detail}")]
    Migration {
        /// Which.
        version: i64,
        /// What the engine said.
        detail: String,
    },
    /// The SQLite compiled in is older than 3.51.3, which may corrupt a WAL.
    #[error("SQLite {0} may corrupt its log; 3.51.3 or newer is needed")]
    OldSqlite(String),
    /// The district's code is not six digits.
    #[error("a district has six digits, not {0}")]
    District(String),
    /// The folder for the database could not be made, or a thread not started.
    #[error("{place}: {error}")]
    Io {
        /// The folder.
        place: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}
