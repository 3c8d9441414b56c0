//! Follows up what was done to cases: each change leaves an errand behind, and this does them a few dozen to a transaction.

use crate::app::App;
use std::convert::Infallible;
use woodlark_store::{Halt, WriteError, follow_up};

/// Errands of one transaction: many, for the letters of many cases lie on hardly more pages than those of one; few enough
/// that whoever sends a report meanwhile waits some hundredths of a second at most.
const TOGETHER: usize = 256;

/// One turn: until nothing waits, or enough for now.
pub async fn turn(app: App) {
    super::work_off("follow_up", || round(&app)).await;
}

async fn round(app: &App) -> Result<usize, WriteError<Infallible>> {
    let now = app.clock.now();
    let errands = app
        .store
        .read(move |conn| follow_up::waiting(conn, now, TOGETHER))
        .await
        .map_err(WriteError::Failed)?;
    let (count, city) = (errands.len(), app.city());
    if count > 0 {
        let unsound = app
            .store
            .write(move |tx| Ok::<_, Halt<Infallible>>(follow_up::follow_up(tx, &errands, &city, now)?));
        for why in unsound.await? {
            tracing::error!(why, "a change of a case could not be followed up");
        }
    }
    metrics::gauge!("woodlark_follow_up_waiting").set(u32::try_from(count).unwrap_or(u32::MAX));
    Ok(count)
}
