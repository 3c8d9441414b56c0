//! Writes confirmed deeds into the ledger, and publishes each day's root once the day is over.

use crate::app::App;
use std::convert::Infallible;
use woodlark_store::ledger::{self, Fresh};
use woodlark_store::{Halt, WriteError};

/// Errands of one transaction.
const TOGETHER: usize = 128;

/// Writes the deeds that wait: until none does, or enough for now.
pub async fn post(app: App) {
    super::work_off("post_deeds", || round(&app)).await;
}

async fn round(app: &App) -> Result<usize, WriteError<Infallible>> {
    let now = app.clock.now();
    let read = app.store.read(move |conn| ledger::waiting(conn, now, TOGETHER));
    let errands = read.await.map_err(WriteError::Failed)?;
    let (count, city) = (errands.len(), app.city());
    if count > 0 {
        let fresh = match random() {
            Ok(random) => Fresh(random),
            Err(error) => {
                tracing::error!(%error, "no random bytes: deeds wait");
                return Ok(0);
            }
        };
        let unsound = app
            .store
            .write(move |tx| Ok::<_, Halt<Infallible>>(ledger::post(tx, &errands, &city, &fresh, now)?));
        for why in unsound.await? {
            tracing::error!(why, "a deed could not be written into the ledger");
        }
    }
    Ok(count)
}

fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map(|()| random)
}

/// Publishes what is over and not published yet, and audits the whole ledger whenever it did.
pub async fn publish(app: App) {
    match published(&app).await {
        Ok(0) => {}
        Ok(_) => audit(&app).await,
        Err(error) => tracing::warn!(%error, "a day of the ledger could not be published"),
    }
}

async fn published(app: &App) -> Result<usize, WriteError<Infallible>> {
    let (now, city) = (app.clock.now(), app.city());
    let due =
        app.store.read(move |conn| ledger::due_days(conn, &city, now)).await.map_err(WriteError::Failed)?;
    let count = due.len();
    for (day, ends_at) in due {
        let close = move |tx: &mut _| Ok::<_, Halt<Infallible>>(ledger::close_day(tx, day, ends_at)?);
        app.store.write(close).await?;
        let compute = app.store.read(move |conn| ledger::compute(conn, day, ends_at));
        let computed = compute.await.map_err(WriteError::Failed)?;
        let publish = move |tx: &mut _| Ok::<_, Halt<Infallible>>(ledger::publish(tx, &computed, now)?);
        app.store.write(publish).await?;
    }
    Ok(count)
}

async fn audit(app: &App) {
    let city = app.city();
    match app.store.read(move |conn| ledger::audit(conn, &city)).await {
        Ok(audited) => {
            for problem in &audited.problems {
                tracing::error!(problem, "the ledger is not as it must be");
            }
            let wrong = u32::try_from(audited.problems.len()).unwrap_or(u32::MAX);
            metrics::gauge!("woodlark_ledger_wrong").set(wrong);
        }
        Err(error) => tracing::error!(%error, "the ledger could not be audited"),
    }
}
