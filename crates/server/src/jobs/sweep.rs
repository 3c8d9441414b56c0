//! Takes away what nobody needs any more: reports that were never finished, answers and codes that are too old, files
//! that no row names.

use crate::app::App;
use crate::media::BlobError;
use std::time::{Duration, SystemTime};
use woodlark_domain::{ContentHash, Timestamp};
use woodlark_store::{Fault, Halt, kiosks, sweep};

/// A file may be on its way to its row for this long.
const GRACE: Duration = Duration::from_secs(24 * 60 * 60);
/// Rows of one round.
const ROUND: usize = 500;

/// One round.
pub(super) async fn sweep(app: App) {
    if let Err(error) = round(&app).await {
        tracing::warn!(%error, "the sweep could not end its round");
    }
}

#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Read(#[from] Fault),
    #[error("{0}")]
    Write(String),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

async fn round(app: &App) -> Result<(), SweepError> {
    let now = app.clock.now();
    write(app, move |tx| sweep::outdated(tx, now).map(drop)).await?;
    for case in app.store.read(move |conn| sweep::expired_intakes(conn, now, ROUND)).await? {
        write(app, move |tx| sweep::give_up(tx, case, now).map(drop)).await?;
        app.blobs.forget_chunks(case, None).await?;
    }
    for case in app.store.read(move |conn| kiosks::expired(conn, now, ROUND)).await? {
        write(app, move |tx| kiosks::forget(tx, case)).await?;
        app.blobs.forget_chunks(case, None).await?;
    }
    let before = now.plus(-Timestamp::DAY);
    for hash in app.store.read(move |conn| sweep::unused_media(conn, before, ROUND)).await? {
        write(app, move |tx| sweep::forget_media(tx, hash).map(drop)).await?;
    }
    // Rows first, then bytes: a file whose row is gone is nobody's, and is old enough to be no newcomer.
    let old: Vec<ContentHash> = app
        .blobs
        .all_kept()
        .await?
        .into_iter()
        .filter(|(_, at)| SystemTime::now().duration_since(*at).is_ok_and(|age| age > GRACE))
        .map(|(hash, _)| hash)
        .collect();
    for files in old.chunks(ROUND) {
        let files = files.to_vec();
        for hash in app.store.read(move |conn| sweep::unnamed(conn, &files)).await? {
            app.blobs.forget(hash).await?;
        }
    }
    Ok(())
}

async fn write(
    app: &App,
    sweep: impl Fn(&mut woodlark_store::Tx) -> Result<(), Fault> + Send + 'static,
) -> Result<(), SweepError> {
    let written = app.store.write(move |tx| Ok::<_, Halt<std::convert::Infallible>>(sweep(tx)?)).await;
    written.map_err(|error| SweepError::Write(error.to_string()))
}
