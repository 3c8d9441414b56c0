//! The schema's history: each step once, in order, in a transaction of its own. A database that a newer program has
//! changed is refused.

use crate::OpenError;
use crate::conn::{Conn, Engine};
use crate::schema::store_schema;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// One step, in both engines' words.
struct Step {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every step, oldest first. A step that has been released is never changed.
const STEPS: &[Step] = &[
    Step {
        version: 1,
        sqlite: include_str!("../migrations/sqlite/0001_district.sql"),
        postgres: include_str!("../migrations/postgres/0001_district.sql"),
    },
    Step {
        version: 2,
        sqlite: include_str!("../migrations/sqlite/0002_alike.sql"),
        postgres: include_str!("../migrations/postgres/0002_alike.sql"),
    },
    Step {
        version: 3,
        sqlite: include_str!("../migrations/sqlite/0003_staff.sql"),
        postgres: include_str!("../migrations/postgres/0003_staff.sql"),
    },
    Step {
        version: 4,
        sqlite: include_str!("../migrations/sqlite/0004_clock.sql"),
        postgres: include_str!("../migrations/postgres/0004_clock.sql"),
    },
    Step {
        version: 5,
        sqlite: include_str!("../migrations/sqlite/0005_desk.sql"),
        postgres: include_str!("../migrations/postgres/0005_desk.sql"),
    },
    Step {
        version: 6,
        sqlite: include_str!("../migrations/sqlite/0006_public.sql"),
        postgres: include_str!("../migrations/postgres/0006_public.sql"),
    },
    Step {
        version: 7,
        sqlite: include_str!("../migrations/sqlite/0007_figures.sql"),
        postgres: include_str!("../migrations/postgres/0007_figures.sql"),
    },
    Step {
        version: 8,
        sqlite: include_str!("../migrations/sqlite/0008_city_parts.sql"),
        postgres: include_str!("../migrations/postgres/0008_city_parts.sql"),
    },
    Step {
        version: 9,
        sqlite: include_str!("../migrations/sqlite/0009_less.sql"),
        postgres: include_str!("../migrations/postgres/0009_less.sql"),
    },
    Step {
        version: 10,
        sqlite: include_str!("../migrations/sqlite/0010_board.sql"),
        postgres: include_str!("../migrations/postgres/0010_board.sql"),
    },
    Step {
        version: 11,
        sqlite: include_str!("../migrations/sqlite/0011_ledger.sql"),
        postgres: include_str!("../migrations/postgres/0011_ledger.sql"),
    },
    Step {
        version: 12,
        sqlite: include_str!("../migrations/sqlite/0012_density.sql"),
        postgres: include_str!("../migrations/postgres/0012_density.sql"),
    },
    Step {
        version: 13,
        sqlite: include_str!("../migrations/sqlite/0013_redeem.sql"),
        postgres: include_str!("../migrations/postgres/0013_redeem.sql"),
    },
    Step {
        version: 14,
        sqlite: include_str!("../migrations/sqlite/0014_kiosk.sql"),
        postgres: include_str!("../migrations/postgres/0014_kiosk.sql"),
    },
    Step {
        version: 15,
        sqlite: include_str!("../migrations/sqlite/0015_deletion.sql"),
        postgres: include_str!("../migrations/postgres/0015_deletion.sql"),
    },
    Step {
        version: 16,
        sqlite: include_str!("../migrations/sqlite/0016_wechat.sql"),
        postgres: include_str!("../migrations/postgres/0016_wechat.sql"),
    },
];

/// The newest schema that this program knows.
#[must_use]
pub(crate) fn newest() -> i64 {
    STEPS.last().map_or(0, |step| step.version)
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS store_schema \
    (version BIGINT NOT NULL PRIMARY KEY, probes BIGINT NOT NULL DEFAULT 0)";
const SQLITE_LEDGER: &str = "CREATE TABLE IF NOT EXISTS store_schema \
    (version INTEGER NOT NULL PRIMARY KEY, probes INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID";

/// Brings the schema up to date.
pub(crate) fn run(conn: &mut Conn) -> Result<(), OpenError> {
    let failed = |version: i64| {
        move |error: diesel::result::Error| OpenError::Migration { version, detail: error.to_string() }
    };
    if let Engine::Sqlite(_) = conn.engine {
        refuse_old_sqlite(conn)?;
    }
    if conn.run(ledger(conn)).is_err() {
        // Two programs that start at once may both make it; the second finds it there.
        conn.run(ledger(conn)).map_err(failed(0))?;
    }
    let found = version(conn).map_err(failed(0))?;
    if found > newest() {
        return Err(OpenError::Newer { found, known: newest() });
    }
    for step in STEPS.iter().filter(|step| step.version > found) {
        if let Err(error) = apply(conn, step) {
            let _ = conn.run("ROLLBACK");
            // Another program may have made the step meanwhile.
            if version(conn).is_ok_and(|now| now >= step.version) {
                continue;
            }
            return Err(failed(step.version)(error));
        }
    }
    Ok(())
}

fn ledger(conn: &Conn) -> &'static str {
    match conn.engine {
        Engine::Sqlite(_) => SQLITE_LEDGER,
        Engine::Postgres(_) => LEDGER,
    }
}

/// The schema that the database has; 0 before the first step.
pub(crate) fn version(conn: &mut Conn) -> QueryResult<i64> {
    let newest = store_schema::table.select(diesel::dsl::max(store_schema::version));
    newest.first::<Option<i64>>(&mut conn.engine).map(Option::unwrap_or_default)
}

fn apply(conn: &mut Conn, step: &Step) -> QueryResult<()> {
    let (begin, text) = match conn.engine {
        Engine::Sqlite(_) => ("BEGIN IMMEDIATE", step.sqlite),
        Engine::Postgres(_) => ("BEGIN", step.postgres),
    };
    conn.engine.batch_execute(begin)?;
    // First, so that of two programs one waits here for the other and then finds the step made.
    diesel::insert_into(store_schema::table)
        .values(store_schema::version.eq(step.version))
        .execute(&mut conn.engine)?;
    conn.engine.batch_execute(text)?;
    conn.engine.batch_execute("COMMIT")
}

#[derive(diesel::QueryableByName)]
struct SqliteVersion {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Before 3.51.3 a reader and a writer together can corrupt a WAL.
fn refuse_old_sqlite(conn: &mut Conn) -> Result<(), OpenError> {
    let found =
        diesel::sql_query("SELECT sqlite_version() AS version").get_result::<SqliteVersion>(&mut conn.engine);
    let text = found.map_or_else(|error| error.to_string(), |found| found.version);
    let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
    if version < [3, 51, 3] { Err(OpenError::OldSqlite(text)) } else { Ok(()) }
}
