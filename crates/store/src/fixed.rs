//! Statements that stay prepared like all others, where Diesel would have each parsed anew at every use: those that are
//! plain text to it, and those that change a row in its place.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl};

macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, QueryId)]
        pub(crate) struct $name;

        impl<DB: Backend> QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    )*};
}

fixed! {
    /// Begins a snapshot.
    Begin = "BEGIN";
    /// Ends it.
    Commit = "COMMIT";
    /// Begins a job within a batch.
    Savepoint = "SAVEPOINT job";
    /// Keeps it.
    Release = "RELEASE job";
}

/// The next number of a district's day: 1, or one more than the last. Answers with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NextNumber<'a> {
    pub(crate) adcode: &'a str,
    pub(crate) day: i64,
}

impl QueryId for NextNumber<'_> {
    type QueryId = NextNumber<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB> QueryFragment<DB> for NextNumber<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    str: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO counter (adcode, day, n) VALUES (");
        out.push_bind_param::<Text, str>(self.adcode)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, i64>(&self.day)?;
        out.push_sql(", 1) ON CONFLICT (adcode, day) DO UPDATE SET n = counter.n + 1 RETURNING n");
        Ok(())
    }
}

impl Query for NextNumber<'_> {
    type SqlType = BigInt;
}

impl<C> RunQueryDsl<C> for NextNumber<'_> {}

/// What a subject has used of a quota by now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SetUsed<'a> {
    pub(crate) subject: &'a [u8],
    pub(crate) kind: &'a str,
    pub(crate) since: i64,
    pub(crate) used: i64,
    pub(crate) last_at: i64,
}

impl QueryId for SetUsed<'_> {
    type QueryId = SetUsed<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB> QueryFragment<DB> for SetUsed<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Binary>,
    str: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    [u8]: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE quota SET since = ");
        out.push_bind_param::<BigInt, i64>(&self.since)?;
        out.push_sql(", used = ");
        out.push_bind_param::<BigInt, i64>(&self.used)?;
        out.push_sql(", last_at = ");
        out.push_bind_param::<BigInt, i64>(&self.last_at)?;
        out.push_sql(" WHERE subject = ");
        out.push_bind_param::<Binary, [u8]>(self.subject)?;
        out.push_sql(" AND kind = ");
        out.push_bind_param::<Text, str>(self.kind)
    }
}

/// The pairs of letters of a case, a JSON array of texts, each once. SQLite alone: `json_each` is its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InsertPairs<'a> {
    pub(crate) adcode: &'a str,
    pub(crate) case_id: &'a [u8],
    pub(crate) pairs: &'a str,
}

impl QueryId for InsertPairs<'_> {
    type QueryId = InsertPairs<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Sqlite> for InsertPairs<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT OR IGNORE INTO case_pair (adcode, pair, case_id) SELECT ");
        out.push_bind_param::<Text, str>(self.adcode)?;
        out.push_sql(", value, ");
        out.push_bind_param::<Binary, [u8]>(self.case_id)?;
        out.push_sql(" FROM json_each(");
        out.push_bind_param::<Text, str>(self.pairs)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for InsertPairs<'_> {}
