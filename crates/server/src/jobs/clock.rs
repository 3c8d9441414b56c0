//! What the clock does of itself: it winds up cases that it has never looked at, then sees to each that is due, in a write
//! of its own. Several servers may do so at once; what one has done the other finds done.

use super::city;
use crate::app::App;
use futures_util::StreamExt as _;
use futures_util::stream;
use std::convert::Infallible;
use woodlark_domain::CaseId;
use woodlark_store::cases::{self, Due, Ticked, Wound};
use woodlark_store::{Fault, Halt, WriteError};

/// Rows that are wound in one write: short enough to keep nobody waiting.
const WOUND: usize = 100;
/// Batches of a turn: what is due is not kept waiting by a million rows of an older schema.
const BATCHES: usize = 100;
/// Cases that are looked up at once.
const LOOKED_UP: usize = 256;
/// Cases that are seen to side by side: they share a commit.
const SIDE_BY_SIDE: usize = 16;

/// A turn of the clock.
pub async fn turn(app: App) {
    // By the city as it is now: another server may have imported it a moment ago.
    city::reload(app.clone()).await;
    if let Err(error) = wind(&app).await {
        tracing::warn!(%error, "the clock could not be wound");
    }
    match tick(&app).await {
        Ok(cases) => metrics::gauge!("woodlark_clock_due").set(u32::try_from(cases).unwrap_or(u32::MAX)),
        Err(error) => tracing::warn!(%error, "the clock could not see what is due"),
    }
    metrics::counter!("woodlark_clock_turns_total").increment(1);
}

/// Winds up what was never wound.
async fn wind(app: &App) -> Result<(), WriteError<Infallible>> {
    let mut after = None;
    for _ in 0..BATCHES {
        let city = app.city();
        let wound: Wound = app
            .store
            .write(move |tx| Ok::<_, Halt<Infallible>>(cases::wind(tx, &city, after, WOUND)?))
            .await?;
        for error in &wound.unsound {
            tracing::warn!(%error, "a case was passed over");
        }
        if wound.cases > 0 {
            tracing::debug!(cases = wound.cases, "wound");
        }
        after = wound.last;
        if after.is_none() || *app.stop.borrow() {
            break;
        }
    }
    Ok(())
}

/// Sees to every case that is due now; says how many there were.
async fn tick(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let mut after: Option<Due> = None;
    let mut seen_to = 0;
    while !*app.stop.borrow() {
        let due = app.store.read(move |conn| cases::due(conn, now, after, LOOKED_UP)).await?;
        let looked_up = due.len();
        seen_to += looked_up;
        after = due.last().copied();
        stream::iter(due)
            .take_while(|_| std::future::ready(!*app.stop.borrow()))
            .for_each_concurrent(SIDE_BY_SIDE, |due| one(app, due.case))
            .await;
        app.live.look_now();
        if looked_up < LOOKED_UP {
            break;
        }
    }
    Ok(seen_to)
}

/// Sees to one case. One that cannot be seen to is told, and left for the next turn.
async fn one(app: &App, case: CaseId) {
    let (city, now) = (app.city(), app.clock.now());
    let ticked =
        app.store.write(move |tx| Ok::<_, Halt<Infallible>>(cases::tick(tx, case, &city, now)?)).await;
    match ticked {
        Ok(Ticked::Nothing) => {}
        Ok(Ticked::Raised(overdue)) => tracing::info!(%case, overdue = overdue.code(), "people were called"),
        Ok(Ticked::Resumed) => tracing::info!(%case, "resumed"),
        Ok(Ticked::Settled) => tracing::info!(%case, "settled"),
        Ok(Ticked::Refused(refusal)) => {
            tracing::error!(%case, rule = refusal.code(), "the rules refused the clock");
        }
        Err(error) => tracing::warn!(%case, %error, "a case was passed over"),
    }
}
