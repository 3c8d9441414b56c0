//! `GET /api/v1/live`

use crate::app::App;
use crate::edge::{ApiResult, Resident};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use woodlark_domain::{CaseId, Timestamp, UserId};
use woodlark_store::cases;
use woodlark_wire::Live;

/// A listener asks the database at most this often, however much is written.
const CALM: Duration = Duration::from_millis(300);
/// And at least this often, for what other servers wrote.
const ANYWAY: Duration = Duration::from_secs(2);
/// How far back each look reaches behind the last: two servers' clocks differ, and a write that began earlier may be
/// seen later.
const OVERLAP: i64 = 5 * Timestamp::SECOND;
/// Changes read at once.
const MOST: usize = 100;

/// Notices of my cases, as they happen. `Last-Event-ID` (microseconds) brings what was missed.
#[utoipa::path(get, path = "/api/v1/live", tag = "case", responses(
    (status = 200, body = Live, content_type = "text/event-stream", description = "Each event is named `case`")
))]
pub async fn live(
    State(app): State<App>,
    resident: Resident,
    headers: HeaderMap,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok());
    let since = last.map_or_else(|| app.clock.now(), Timestamp);
    let listener = Listener {
        writes: app.live.listen(),
        app,
        user: resident.user,
        since,
        told: HashMap::new(),
        fresh: true,
    };
    let notices = stream::unfold(listener, Listener::next).flat_map(stream::iter).map(Ok);
    Ok(Sse::new(notices.boxed()).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

struct Listener {
    app: App,
    user: UserId,
    since: Timestamp,
    /// The version of each case that was told of within the overlap.
    told: HashMap<CaseId, (u32, Timestamp)>,
    writes: watch::Receiver<u64>,
    fresh: bool,
}

impl Listener {
    /// Waits until there is reason to look, looks, and answers with what is new; ends with the server.
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        if self.fresh {
            self.fresh = false;
        } else {
            sleep(CALM).await;
            if let Ok(Err(_)) = timeout(ANYWAY, self.writes.changed()).await {
                return None;
            }
        }
        if *self.app.stop.borrow() {
            return None;
        }
        let (user, since) = (self.user, self.since.plus(-OVERLAP));
        self.told.retain(|_, (_, at)| *at >= since);
        let changed =
            match self.app.store.read(move |conn| cases::changed_since(conn, user, since, MOST)).await {
                Ok(changed) => changed,
                Err(error) => {
                    // The browser comes back by itself and says what it saw last.
                    tracing::warn!(%error, "a listener could not read");
                    return None;
                }
            };
        let mut events = Vec::with_capacity(changed.len());
        for case in changed {
            if self.told.get(&case.id).is_some_and(|(version, _)| *version >= case.version) {
                continue;
            }
            self.told.insert(case.id, (case.version, case.changed_at));
            self.since = self.since.max(case.changed_at);
            let live = Live {
                case_id: case.id,
                version: case.version,
                state: case.state,
                changed_at: case.changed_at,
            };
            events.extend(Event::default().event("case").id(case.changed_at.0.to_string()).json_data(live));
        }
        Some((events, self))
    }
}
