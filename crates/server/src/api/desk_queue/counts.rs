//! `GET /api/v1/desk/queues`

use super::actors;
use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::queue::Queue;
use woodlark_store::cases::queue::{Ask, Filter, count};
use woodlark_wire::QueueCount;

/// How many cases wait in each queue that is the reader's to empty; at most 1,000 of each are counted.
#[utoipa::path(get, path = "/api/v1/desk/queues", tag = "desk", responses((status = 200, body = [QueueCount])))]
pub async fn desk_queues(State(app): State<App>, staff: Staff) -> ApiResult<impl IntoResponse> {
    let now = app.clock.now();
    let is_mine = |queue: &Queue| staff.session.posts.iter().any(|post| queue.is_for(post.role));
    let mine: Vec<_> = Queue::ALL
        .iter()
        .copied()
        .filter(|queue| queue.is_by_due() && is_mine(queue))
        .map(|queue| (queue, actors(&staff, queue)))
        .collect();
    let counts = app
        .store
        .read(move |conn| {
            let filter = Filter::default();
            let mut counts = Vec::with_capacity(mine.len());
            for (queue, actors) in &mine {
                let ask = Ask { actors, queue: *queue, filter: &filter, now };
                let waiting = count(conn, &ask)?.unwrap_or_default();
                counts.push(QueueCount { queue: *queue, waiting });
            }
            Ok(counts)
        })
        .await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(counts)))
}
