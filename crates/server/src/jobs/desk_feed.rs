//! One look at the database for everybody at the desk: what has changed in the district goes to all who listen on this
//! server, and each is told of what they may see. So a hundred desks cost as much as one.

use crate::app::App;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::time::{sleep, timeout};
use woodlark_domain::clock::Overdue;
use woodlark_domain::{CaseId, Timestamp};
use woodlark_store::cases::{self, DistrictChange};

/// The database is asked at most this often, however much is written.
const CALM: Duration = Duration::from_millis(300);
/// And at least this often, for what other servers wrote.
const ANYWAY: Duration = Duration::from_secs(2);
/// How far back each look reaches behind the last, for clocks that differ and writes that began earlier.
const OVERLAP: i64 = 5 * Timestamp::SECOND;
/// Changes read at once.
const MOST: usize = 500;
/// Changes that a slow listener may be behind before it is told to read everything again.
const BEHIND: usize = 1_000;

/// Where the desk's listeners hear of changes.
#[derive(Debug, Clone)]
pub struct DeskFeed {
    changes: broadcast::Sender<Arc<DistrictChange>>,
}

impl Default for DeskFeed {
    fn default() -> Self {
        Self { changes: broadcast::Sender::new(BEHIND) }
    }
}

impl DeskFeed {
    /// Hears of every change from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<DistrictChange>> {
        self.changes.subscribe()
    }
}

/// Looks for changes until the server stops.
pub(super) async fn feed(app: App, mut stop: watch::Receiver<bool>) {
    let mut writes = app.live.listen();
    let mut since = app.clock.now();
    let mut told: HashMap<CaseId, ((u32, Overdue), Timestamp)> = HashMap::new();
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = async {
                sleep(CALM).await;
                let _ = timeout(ANYWAY, writes.changed()).await;
            } => {}
        }
        if app.desk_feed.changes.receiver_count() == 0 {
            since = app.clock.now();
            continue;
        }
        let from = since.plus(-OVERLAP);
        told.retain(|_, (_, at)| *at >= from);
        match app.store.read(move |conn| cases::changed_in_district(conn, from, MOST)).await {
            Ok(changed) => {
                for one in changed {
                    let (id, at) = (one.change.id, one.at);
                    let news = (one.change.version, one.overdue);
                    since = since.max(at);
                    if told.get(&id).is_none_or(|(known, _)| *known != news) {
                        told.insert(id, (news, at));
                        // Nobody listens any more: nobody has to be told.
                        let _ = app.desk_feed.changes.send(Arc::new(one));
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the desk's feed could not read"),
        }
    }
}
