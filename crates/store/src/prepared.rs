//! Conditions that stay prepared, where Diesel would have the statement parsed anew at every use. A page of a hundredth of a
//! millisecond is otherwise parsed for longer than it is read.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Bool, HasSqlType};

/// A column is one of these values: what `eq_any` says.
pub(crate) fn among<C, T: Clone>(column: C, values: impl IntoIterator<Item = T>) -> Among<C, T> {
    let mut values: Vec<T> = values.into_iter().collect();
    if let Some(last) = values.last().cloned() {
        values.resize(filled(values.len()), last);
    }
    Among { column, values }
}

/// So many places a list of values takes: at most a quarter of them hold the last value again. A statement is kept prepared
/// by its text, so that lists of every length would each be one; this way there are four for each power of two.
const fn filled(values: usize) -> usize {
    let step = match values.next_power_of_two() / 8 {
        0 => 1,
        step => step,
    };
    values.next_multiple_of(step)
}

/// See [`among`].
#[derive(Debug, Clone)]
pub(crate) struct Among<C, T> {
    column: C,
    values: Vec<T>,
}

impl<C, T, DB> QueryFragment<DB> for Among<C, T>
where
    DB: Backend + HasSqlType<C::SqlType>,
    C: Expression<SqlType: diesel::sql_types::SingleValue> + QueryFragment<DB>,
    T: ToSql<C::SqlType, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.values.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        for (n, value) in self.values.iter().enumerate() {
            if n > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<C::SqlType, T>(value)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<C, T> QueryId for Among<C, T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: Expression, T> Expression for Among<C, T> {
    type SqlType = Bool;
}

impl<C, T> ValidGrouping<()> for Among<C, T> {
    type IsAggregate = is_aggregate::No;
}

impl<C: AppearsOnTable<QS>, T, QS> AppearsOnTable<QS> for Among<C, T> {}
impl<C: SelectableExpression<QS>, T, QS> SelectableExpression<QS> for Among<C, T> {}

/// Two columns, compared as one value with a key and an id: where a page begins. Together they enter the index where the page
/// before ended, however many rows have the same key; compared apart, SQLite without statistics takes the id for the better
/// way in and reads the whole district. Made by [`beyond!`].
#[derive(Debug, Clone)]
pub(crate) struct Beyond<K, I> {
    pub(crate) columns: (K, I),
    pub(crate) than: &'static str,
    pub(crate) key: i64,
    pub(crate) id: Vec<u8>,
}

/// `beyond!((case_file::due_at, case_file::id) > (key, id))`.
macro_rules! beyond {
    ($columns:tt > ($key:expr, $id:expr)) => {
        $crate::prepared::Beyond { columns: $columns, than: ") > (", key: $key, id: $id }
    };
    ($columns:tt < ($key:expr, $id:expr)) => {
        $crate::prepared::Beyond { columns: $columns, than: ") < (", key: $key, id: $id }
    };
}
pub(crate) use beyond;

impl<K, I, DB> QueryFragment<DB> for Beyond<K, I>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Binary>,
    K: QueryFragment<DB>,
    I: QueryFragment<DB>,
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.columns.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.columns.1.walk_ast(out.reborrow())?;
        out.push_sql(self.than);
        out.push_bind_param::<BigInt, i64>(&self.key)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, Vec<u8>>(&self.id)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<K, I> QueryId for Beyond<K, I> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K, I> Expression for Beyond<K, I> {
    type SqlType = Bool;
}

impl<K, I> ValidGrouping<()> for Beyond<K, I> {
    type IsAggregate = is_aggregate::No;
}

impl<K: AppearsOnTable<QS>, I: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Beyond<K, I> {}
impl<K: SelectableExpression<QS>, I: SelectableExpression<QS>, QS> SelectableExpression<QS> for Beyond<K, I> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::case_file;
    use diesel::prelude::*;
    use diesel::sqlite::Sqlite;

    #[test]
    fn lists_of_many_lengths_are_few_statements() {
        let mut lengths: Vec<usize> = (1..=1_000).map(filled).collect();
        lengths.dedup();
        assert!(lengths.len() < 40, "{lengths:?}");
        for values in 1..=1_000 {
            let places = filled(values);
            assert!(values <= places && places * 4 <= values * 5 + 4, "{values} in {places}");
        }
    }

    #[test]
    fn both_conditions_stay_prepared() {
        let ids = [vec![1_u8], vec![2]];
        let rows = case_file::table
            .filter(among(case_file::id, ids))
            .filter(beyond!((case_file::due_at, case_file::id) > (7, vec![3])))
            .select(case_file::number);
        let said = diesel::debug_query::<Sqlite, _>(&rows).to_string();
        assert!(said.contains("`case_file`.`id` IN (?, ?)"), "{said}");
        assert!(said.contains("(`case_file`.`due_at`, `case_file`.`id`) > (?, ?)"), "{said}");
        assert!(QueryFragment::<Sqlite>::is_safe_to_cache_prepared(&rows, &Sqlite).unwrap());
        let none = case_file::table.filter(among(case_file::id, Vec::<Vec<u8>>::new()));
        assert!(diesel::debug_query::<Sqlite, _>(&none).to_string().contains("1 = 0"));
    }
}
