//! What the server does by itself: sweeps what nobody needs, reads the city anew when it was changed, does what the clock
//! has to do, tells the desk what has changed, follows up what was done to cases, keeps the ledger,
//! sends payouts, tells residents in WeChat what their cases came to, ends accounts whose week is over.

mod city;
mod clock;
mod deletion;
mod desk_feed;
mod follow_up;
mod ledger;
mod notices;
mod payouts;
mod sweep;

pub(crate) use city::reload as reload_city;
pub use clock::turn as turn_the_clock;
pub use deletion::turn as end_accounts;
pub use desk_feed::DeskFeed;
pub use follow_up::turn as follow_up;
pub use ledger::{post as post_deeds, publish as publish_ledger};
pub use notices::turn as tell_residents;
pub(crate) use payouts::take_down;
pub use payouts::turn as turn_payouts;

use crate::app::App;
use crate::edge::Rates;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use woodlark_store::WriteError;

/// The jobs that run.
pub struct Jobs(JoinSet<()>);

impl Jobs {
    /// Waits until each has ended what it was at.
    pub async fn ended(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

/// Starts them; they end when `stop` turns true.
#[must_use]
pub fn start(app: &App, rates: &Arc<Rates>, stop: watch::Receiver<bool>) -> Jobs {
    let mut jobs = JoinSet::new();
    let (sweeping, watching, ticking, rates) = (app.clone(), app.clone(), app.clone(), Arc::clone(rates));
    jobs.spawn(every(Duration::from_secs(600), stop.clone(), move || sweep::sweep(sweeping.clone())));
    jobs.spawn(every(Duration::from_secs(10), stop.clone(), move || city::reload(watching.clone())));
    jobs.spawn(desk_feed::feed(app.clone(), stop.clone()));
    let following = app.clone();
    jobs.spawn(every(Duration::from_secs(2), stop.clone(), move || follow_up::turn(following.clone())));
    let (posting, publishing) = (app.clone(), app.clone());
    jobs.spawn(every(Duration::from_secs(2), stop.clone(), move || ledger::post(posting.clone())));
    jobs.spawn(every(Duration::from_secs(60), stop.clone(), move || ledger::publish(publishing.clone())));
    let ending = app.clone();
    jobs.spawn(every(Duration::from_secs(60), stop.clone(), move || deletion::turn(ending.clone())));
    let paying = app.clone();
    jobs.spawn(every(Duration::from_secs(5), stop.clone(), move || payouts::turn(paying.clone())));
    let telling = app.clone();
    jobs.spawn(every(Duration::from_secs(5), stop.clone(), move || notices::turn(telling.clone())));
    jobs.spawn(every(Duration::from_secs(20), stop.clone(), move || clock::turn(ticking.clone())));
    jobs.spawn(every(Duration::from_secs(60), stop, move || {
        rates.forget_quiet();
        std::future::ready(())
    }));
    Jobs(jobs)
}

/// Rounds of one turn of a job that works errands off: more wait for the next.
const ROUNDS: usize = 40;

/// One turn: round after round until nothing waits, or enough for now. A round says how many errands there were.
async fn work_off<F>(what: &'static str, round: impl Fn() -> F)
where
    F: Future<Output = Result<usize, WriteError<Infallible>>>,
{
    for _ in 0..ROUNDS {
        match round().await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, what, "a job could not be done");
                return;
            }
        }
    }
}

async fn every<F: Future<Output = ()>>(
    pause: Duration,
    mut stop: watch::Receiver<bool>,
    job: impl Fn() -> F,
) {
    while tokio::time::timeout(pause, stop.wait_for(|stop| *stop)).await.is_err() {
        job().await;
    }
}
