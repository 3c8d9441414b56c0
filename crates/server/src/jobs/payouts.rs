//! Payouts on their way to the pay system and back. Whichever server takes one up has written down that it may be sent before it
//! sends anything.

use crate::app::App;
use std::convert::Infallible;
use woodlark_ledger::EntryId;
use woodlark_store::redeem::{self, Asked, Heard, Payer, Payout, Word};
use woodlark_store::{Halt, WriteError};

/// Payouts of one turn.
const TOGETHER: usize = 20;
/// Gifts of one turn that nobody fetched.
const GIFTS: usize = 200;

/// One turn: sends what is to be sent, asks about what is under way, lets lapse what has lapsed.
pub async fn turn(app: App) {
    let now = app.clock.now();
    match app.store.read(move |conn| redeem::is_due(conn, now)).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, "what is due of payouts and gifts could not be read"),
    }
    if let Err(error) = lapse(&app).await {
        tracing::warn!(%error, "what was not fetched could not be given back");
    }
    match claim(&app).await {
        Ok(claimed) => {
            for one in claimed {
                if let Err(error) = ask(&app, one.payout, one.ask).await {
                    tracing::warn!(%error, "what the pay system said could not be kept; it is asked again");
                }
            }
        }
        Err(error) => tracing::warn!(%error, "payouts could not be taken up"),
    }
}

async fn lapse(app: &App) -> Result<(), WriteError<Infallible>> {
    let now = app.clock.now();
    let lapse = move |tx: &mut _| Ok::<_, Halt<Infallible>>(redeem::lapse_gifts(tx, now, GIFTS)?);
    app.store.write(lapse).await?;
    if app.pay.is_none() {
        let lapse = move |tx: &mut _| Ok::<_, Halt<Infallible>>(redeem::lapse_undecided(tx, now, TOGETHER)?);
        app.store.write(lapse).await?;
    }
    Ok(())
}

async fn claim(app: &App) -> Result<Vec<redeem::Claimed>, WriteError<Infallible>> {
    let Some(pay) = app.pay.clone() else { return Ok(Vec::new()) };
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            let request = |payout: &Payout| pay.request(payout);
            let payer = Payer { merchant: pay.name(), request: &request };
            Ok::<_, Halt<Infallible>>(redeem::claim(tx, &payer, now, TOGETHER)?)
        })
        .await
}

async fn ask(app: &App, payout: Payout, first: Asked) -> Result<(), WriteError<Infallible>> {
    let Some(pay) = app.pay.clone() else { return Ok(()) };
    let mut asked = first;
    loop {
        let word = pay.ask(&payout, asked, &app.clock).await;
        if let Word::Doubt(why) = &word {
            tracing::warn!(
                payout = redeem::out_bill_no(payout.id),
                ?asked,
                why,
                "the pay system's answer proves nothing"
            );
        }
        match take_down(app, payout.id, Some(asked), word).await? {
            Heard::Ask(next) => asked = next,
            Heard::Noted | Heard::Over | Heard::Contradicts | Heard::Unknown => return Ok(()),
        }
    }
}

/// Keeps what the pay system said, and counts what must not be.
pub(crate) async fn take_down(
    app: &App,
    id: EntryId,
    asked: Option<Asked>,
    word: Word,
) -> Result<Heard, WriteError<Infallible>> {
    let now = app.clock.now();
    let heard = app
        .store
        .write(move |tx| Ok::<_, Halt<Infallible>>(redeem::heard(tx, id, asked, &word, now)?))
        .await?;
    if heard == Heard::Contradicts {
        let payout = redeem::out_bill_no(id);
        tracing::error!(payout, "the pay system contradicts itself about a payout: see the audit");
        metrics::counter!("woodlark_payout_contradicted").increment(1);
    }
    Ok(heard)
}
