//! How long the queues are. Only what waits is counted, along the queue's own index, and no further than
//! [`QUEUE_COUNTED`]: beyond that nobody asks how many there are.

use super::filter::{rows, states};
use super::{Ask, Filter};
use crate::Fault;
use crate::column::{At, count as limit};
use crate::conn::{Conn, Engine, MultiBackend};
use crate::schema::case_file;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use woodlark_domain::Timestamp;
use woodlark_domain::case::Actor;
use woodlark_domain::limits::QUEUE_COUNTED;
use woodlark_domain::queue::Queue;

/// The rows of a query, counted: what Diesel has no word for where the query has a limit.
pub(super) struct Counted<Q>(pub(super) Q);

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q> QueryId for Counted<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<Engine> for Counted<Q> {}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

/// How many cases wait in each queue of work, and how many are overdue, as far as these actors may read them; each at most
/// [`QUEUE_COUNTED`].
///
/// # Errors
/// [`Fault`].
pub fn counts(conn: &mut Conn, actors: &[Actor], now: Timestamp) -> Result<Vec<(Queue, u32)>, Fault> {
    let filter = Filter::default();
    let mut counts = Vec::new();
    for queue in Queue::ALL.iter().copied().filter(|queue| queue.is_by_due()) {
        let ask = Ask { actors, queue, filter: &filter, now };
        counts.push((queue, count(conn, &ask)?.unwrap_or_default()));
    }
    Ok(counts)
}

/// How many cases are meant, at most [`QUEUE_COUNTED`]; none where words or a number are looked for, which would have to
/// be read through.
///
/// # Errors
/// [`Fault`].
pub fn count(conn: &mut Conn, ask: &Ask<'_>) -> Result<Option<u32>, Fault> {
    if ask.filter.words.is_some() || ask.filter.number.is_some() {
        return Ok(None);
    }
    let adcode = conn.adcode.clone();
    let mut so_far = 0;
    for state in states(ask) {
        let Some(rows) = rows(&adcode, ask) else { break };
        let rows = rows.filter(case_file::state.eq(state.code()));
        // Says to the engine that the index of what waits will do.
        let rows = if ask.queue.is_by_due() { rows.filter(case_file::due_at.is_not_null()) } else { rows };
        let counted = Counted(rows.select(case_file::id).limit(limit(QUEUE_COUNTED - so_far)));
        so_far += At("case_file", "id").number::<u32>(counted.get_result(&mut conn.engine)?)?;
        if so_far >= QUEUE_COUNTED {
            break;
        }
    }
    Ok(Some(so_far))
}
