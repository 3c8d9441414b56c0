//! One connection, to either engine. Queries are written once, against [`Engine`]; what Diesel's `MultiConnection` lacks
//! (`on_conflict`, batch insert, struct `returning`) goes through [`each!`], which compiles the same text for each. So does
//! what every read and every report runs: `MultiConnection` writes out the text of a statement anew at each use, even where
//! it is prepared, and that costs more than running it.

use crate::cases::Stories;
use crate::config::{Config, Place};
use diesel::connection::SimpleConnection;
use diesel::query_dsl::methods::ExecuteDsl;
use diesel::{Connection, ConnectionError};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

#[expect(unreachable_pub, reason = "written by Diesel's derive")]
mod engine {
    /// The engine of a connection.
    #[derive(diesel::MultiConnection)]
    pub enum Engine {
        /// A file of our own.
        Sqlite(diesel::SqliteConnection),
        /// A server.
        Postgres(diesel::PgConnection),
    }
}
pub(crate) use engine::{Engine, MultiBackend};

/// Compiles one query text once for each engine: `each!(conn, c => query.execute(c))`.
macro_rules! each {
    ($conn:expr, $c:ident => $query:expr) => {
        match &mut $conn.engine {
            $crate::conn::Engine::Sqlite($c) => $query,
            $crate::conn::Engine::Postgres($c) => $query,
        }
    };
}
pub(crate) use each;

/// A connection to read with: every read function takes one, and a [`Tx`] is one too.
pub struct Conn {
    pub(crate) engine: Engine,
    pub(crate) adcode: Arc<str>,
    /// What was read of cases before; none where this connection writes, and so may see what is never kept.
    pub(crate) stories: Option<Arc<Stories>>,
}

impl Conn {
    /// The district whose rows this connection reads and writes.
    #[must_use]
    pub fn adcode(&self) -> &str {
        &self.adcode
    }

    /// A connection for writing.
    pub(crate) fn open(config: &Config) -> Result<Self, ConnectionError> {
        let adcode = config.adcode.as_str().into();
        match config.place() {
            Place::Sqlite(path) => {
                let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy())?;
                let pages = config
                    .max_pages
                    .map(|pages| format!("PRAGMA max_page_count={pages};"))
                    .unwrap_or_default();
                let setup = format!("{SQLITE_SETUP}{pages}");
                conn.batch_execute(&setup).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self { engine: Engine::Sqlite(conn), adcode, stories: None })
            }
            Place::Postgres(url) => {
                let mut conn = diesel::PgConnection::establish(&url)?;
                conn.batch_execute(POSTGRES_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self { engine: Engine::Postgres(conn), adcode, stories: None })
            }
        }
    }

    /// A connection that cannot write.
    pub(crate) fn open_reader(config: &Config) -> Result<Self, ConnectionError> {
        let mut conn = Self::open(config)?;
        let setup = match conn.engine {
            Engine::Sqlite(_) => "PRAGMA query_only=ON; PRAGMA cache_size=-16384;",
            Engine::Postgres(_) => "SET default_transaction_read_only=on;",
        };
        conn.run(setup).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// Runs statements without values.
    pub(crate) fn run(&mut self, sql: &str) -> diesel::QueryResult<()> {
        self.engine.batch_execute(sql)
    }

    /// Runs a statement that stays prepared.
    pub(crate) fn run_fixed<S>(&mut self, statement: S) -> diesel::QueryResult<()>
    where
        S: ExecuteDsl<diesel::SqliteConnection> + ExecuteDsl<diesel::PgConnection>,
    {
        each!(self, c => ExecuteDsl::execute(statement, c)).map(drop)
    }
}

/// `FULL`: a commit that was answered survives a loss of power. The writer's cache is 64 MiB
/// and its log is folded in every 64 MiB, so that a page that many reports change is written
/// to its place once for all of them; a reader's cache is 16 MiB.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
    PRAGMA trusted_schema=OFF; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=134217728;";

/// A transaction left open by a lost process ends by itself; times are UTC whatever the server thinks.
const POSTGRES_SETUP: &str = "SET TIME ZONE 'UTC'; SET client_min_messages TO warning; \
    SET idle_in_transaction_session_timeout TO '60s'; SET lock_timeout TO '30s';";

/// A transaction. Everything done with it is kept together, or not at all.
pub struct Tx(pub(crate) Conn);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
