//! Counts the cases that something happened to: follows the errands that each change leaves behind, and strikes them out in
//! the same transaction. Several servers may do it at once: whoever is second counts the same again, which changes nothing.

use crate::app::App;
use std::collections::BTreeMap;
use std::convert::Infallible;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_store::trail::{self, Errand};
use woodlark_store::{Fault, Halt, figures};

/// Errands of one round.
const ROUND: usize = 500;
/// How long a case rests that could not be counted.
const PUT_OFF: i64 = 5 * Timestamp::MINUTE;
/// Rounds of one turn: more wait for the next.
const ROUNDS: usize = 20;

#[derive(serde::Deserialize)]
struct Changed {
    case_id: CaseId,
}

/// One turn: counts until nothing is left, or enough for now.
pub async fn turn(app: App) {
    for _ in 0..ROUNDS {
        match round(&app).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "the figures could not be counted");
                return;
            }
        }
    }
}

async fn round(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let errands = app.store.read(move |conn| trail::due(conn, "case_changed", now, ROUND)).await?;
    let count = errands.len();
    let mut of_case: BTreeMap<CaseId, Vec<Vec<u8>>> = BTreeMap::new();
    let mut spoilt = Vec::new();
    for Errand { id, body, .. } in errands {
        match serde_json::from_str::<Changed>(&body) {
            Ok(changed) => of_case.entry(changed.case_id).or_default().push(id),
            Err(error) => {
                tracing::error!(%error, body, "an errand names no case");
                spoilt.push(id);
            }
        }
    }
    let city = app.city();
    for (case, ids) in of_case {
        let city = city.clone();
        let done = ids.clone();
        let counted = app.store.write(move |tx| {
            figures::count_case(tx, case, &city)?;
            Ok::<_, Halt<Infallible>>(trail::done(tx, &done)?)
        });
        if let Err(error) = counted.await {
            // It stays to be done, later, and holds up nobody else.
            tracing::warn!(%error, %case, "a case could not be counted");
            let until = now.plus(PUT_OFF);
            let put_off = app.store.write(move |tx| {
                ids.iter().try_for_each(|id| trail::put_off(tx, id, until))?;
                Ok::<_, Halt<Infallible>>(())
            });
            if let Err(error) = put_off.await {
                tracing::warn!(%error, "errands could not be put off");
            }
        }
    }
    if !spoilt.is_empty() {
        let struck = app.store.write(move |tx| Ok::<_, Halt<Infallible>>(trail::done(tx, &spoilt)?));
        if let Err(error) = struck.await {
            tracing::warn!(%error, "errands could not be struck out");
        }
    }
    Ok(count)
}
