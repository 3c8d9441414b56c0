//! What of a row hangs on the city's data as well as on the events: the promise, the clock of the present stage, how far
//! people were called to it, and when the clock must look again.

use super::history::History;
use crate::Fault;
use crate::city::City;
use crate::column::{At, bytes, micros};
use crate::conn::Conn;
use crate::schema::escalation;
use diesel::prelude::*;
use woodlark_domain::CaseId;
use woodlark_domain::case::Case;
use woodlark_domain::clock::{Overdue, Promise, Running, clocks, promise, wake};
use woodlark_domain::queue::Queue;

/// Of a case that waits without a clock: it comes last where what is due first comes first.
pub(crate) const NO_CLOCK: i64 = i64::MAX;
/// When the clock must look at a row that was never reckoned: since ever.
pub(crate) const UNWOUND: i64 = 0;

/// The columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reckoned {
    pub(crate) promised_at: Option<i64>,
    pub(crate) due_at: Option<i64>,
    pub(crate) overdue: i64,
    pub(crate) wakes_at: Option<i64>,
}

impl Reckoned {
    /// Of a case that nobody was called to.
    pub(crate) fn new(history: &History, city: &City) -> Self {
        Self::with(history, city, running(&history.case, city).as_ref(), Overdue::No)
    }

    /// Of a case that is there: people may have been called to its present clock already.
    pub(crate) fn of(conn: &mut Conn, history: &History, city: &City) -> Result<Self, Fault> {
        let clock = running(&history.case, city);
        let raised = raised(conn, history.case.id, clock.as_ref())?;
        Ok(Self::with(history, city, clock.as_ref(), raised))
    }

    /// Of a case with this clock, to which people were called so far.
    pub(crate) fn with(history: &History, city: &City, clock: Option<&Running>, raised: Overdue) -> Self {
        let case = &history.case;
        let waits = Queue::ALL.iter().any(|queue| queue.is_work() && queue.states().contains(&case.state));
        let due = clock.and_then(|clock| clock.due).map_or(NO_CLOCK, |due| due.0);
        Self {
            promised_at: micros(promised(history, city).map(|promise| promise.by)),
            due_at: waits.then_some(due),
            overdue: level(raised),
            wakes_at: micros(wake(case, clock, raised).map(|wake| wake.at)),
        }
    }
}

/// What the case's reporter is promised.
pub(crate) fn promised(history: &History, city: &City) -> Option<Promise> {
    let expected = city.expected(history.intake()?.category.as_ref());
    promise(&history.events, expected, city.filed(&history.case), &city.data().calendar)
}

/// The clock of the stage that a case is in.
pub(crate) fn running(case: &Case, city: &City) -> Option<Running> {
    clocks(case, city.filed(case).unwrap_or_default(), case.last_at, &city.data().calendar).stage
}

/// How far over people were called to a clock.
pub(crate) fn raised(conn: &mut Conn, case: CaseId, clock: Option<&Running>) -> Result<Overdue, Fault> {
    let Some((clock, due)) = clock.and_then(|clock| Some((clock, clock.due?))) else {
        return Ok(Overdue::No);
    };
    let highest = escalation::table
        .filter(escalation::adcode.eq(&*conn.adcode))
        .filter(escalation::case_id.eq(bytes(case.as_bytes())))
        .filter(escalation::stage.eq(clock.stage.code()))
        .filter(escalation::due_at.eq(due.0))
        .select(diesel::dsl::max(escalation::level))
        .first::<Option<i64>>(&mut conn.engine)?;
    overdue(At("escalation", "level"), highest.unwrap_or_default())
}

/// A level as a column keeps it.
pub(crate) const fn level(overdue: Overdue) -> i64 {
    match overdue {
        Overdue::No => 0,
        Overdue::Over => 1,
        Overdue::Twice => 2,
    }
}

/// And back.
pub(crate) fn overdue(at: At, found: i64) -> Result<Overdue, Fault> {
    Overdue::ALL.iter().copied().find(|one| level(*one) == found).ok_or_else(|| at.corrupt(found))
}
