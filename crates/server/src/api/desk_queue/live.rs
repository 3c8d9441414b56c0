//! `GET /api/v1/desk/live`

use crate::app::App;
use crate::edge::Staff;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use woodlark_domain::case::Actor;
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_store::cases::DistrictChange;
use woodlark_wire::DeskLive;

/// Notices of cases that the reader may see, as they change. Who comes back after a pause reads again what is open: nothing
/// is repeated. A notice without a case says that some were missed.
#[utoipa::path(get, path = "/api/v1/desk/live", tag = "desk", responses(
    (status = 200, body = DeskLive, content_type = "text/event-stream", description = "Each event is named `case`")
))]
pub async fn desk_live(
    State(app): State<App>,
    staff: Staff,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let actors: Vec<Actor> = staff.session.posts.iter().map(|post| post.actor(staff.session.user)).collect();
    let state = (app.desk_feed.listen(), app.stop.clone(), actors);
    let notices = stream::unfold(state, async |(mut changes, mut stop, actors)| {
        let event = loop {
            let change = tokio::select! {
                change = changes.recv() => change,
                _ = stop.wait_for(|stop| *stop) => return None,
            };
            match change {
                Ok(change) if sees(&actors, &change) => break show(&change),
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break Event::default().event("case").data("{}"),
                Err(RecvError::Closed) => return None,
            }
        };
        Some((Ok(event), (changes, stop, actors)))
    });
    Sse::new(notices.boxed()).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

fn sees(actors: &[Actor], change: &DistrictChange) -> bool {
    let subject = Subject { area: change.area.as_ref(), department: change.department.as_ref(), own: false };
    actors.iter().any(|actor| permits(actor, Action::ReadCase, &subject))
}

fn show(change: &DistrictChange) -> Event {
    let live = DeskLive {
        case_id: change.change.id,
        version: change.change.version,
        state: change.change.state,
        changed_at: change.change.changed_at,
    };
    let event = Event::default().event("case");
    event.json_data(live).unwrap_or_else(|_| Event::default().event("case").data("{}"))
}
