//! Accounts whose week is over. Whichever server takes one up first ends it in one transaction; what it was is in the store.

use crate::app::App;
use crate::clock::random;
use crate::media::BlobError;
use std::convert::Infallible;
use woodlark_domain::UserId;
use woodlark_store::deletion::{self, CarriedOut};
use woodlark_store::{Fault, Halt, WriteError};

/// Accounts of one turn.
const TOGETHER: usize = 20;

#[derive(Debug, thiserror::Error)]
enum EndError {
    #[error(transparent)]
    Read(#[from] Fault),
    #[error(transparent)]
    Write(#[from] WriteError<Infallible>),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

/// One turn: ends the accounts that are due.
pub async fn turn(app: App) {
    let now = app.clock.now();
    match app.store.read(move |conn| deletion::due(conn, now, TOGETHER)).await {
        Ok(due) => {
            for user in due {
                if let Err(error) = end(&app, user).await {
                    tracing::warn!(%error, "an account that is due stays for now");
                }
            }
        }
        Err(error) => tracing::warn!(%error, "the accounts that are due could not be read"),
    }
}

async fn end(app: &App, user: UserId) -> Result<(), EndError> {
    let unfinished = app.store.read(move |conn| deletion::unfinished(conn, user)).await?;
    let Some(unfinished) = unfinished else {
        tracing::info!("an account that is due waits for money under way");
        return Ok(());
    };
    // Bytes first: once the rows are gone, nobody knows of them.
    for case in unfinished {
        app.blobs.forget_chunks(case, None).await?;
    }
    let (fresh, now) = (random(), app.clock.now());
    let ended = app
        .store
        .write(move |tx| Ok::<_, Halt<Infallible>>(deletion::carry_out(tx, user, &fresh, now)?))
        .await?;
    if let CarriedOut::Gone { cases } = ended {
        metrics::counter!("woodlark_account_deleted").increment(1);
        tracing::info!(cases, "an account has ended");
    }
    Ok(())
}
