//! `GET /api/v1/desk/queues/{queue}`

use super::actors;
use crate::api::case::{category_name, department_name};
use crate::api::desk_case::place_name;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::queue::Queue;
use woodlark_domain::search::{SoughtNumber, SoughtWords};
use woodlark_store::cases::queue::{Ask, Filter, Listed, Place, page};
use woodlark_store::city::City;
use woodlark_wire::{DeskFilter, DeskRow, Page};

/// Rows of one page.
const ROWS: usize = 50;

/// A page of a queue: what is due first on top; of `all`, what changed last. Of these rows the reader may read each.
#[utoipa::path(get, path = "/api/v1/desk/queues/{queue}", tag = "desk",
    params(("queue" = String, Path, description = "accept, dispatch, handle, verify, overdue, thank or all"), DeskFilter),
    responses((status = 200, body = Page<DeskRow>)))]
pub async fn desk_queue(
    State(app): State<App>,
    staff: Staff,
    ReadPath(queue): ReadPath<String>,
    ReadQuery(asked): ReadQuery<DeskFilter>,
) -> ApiResult<impl IntoResponse> {
    let queue = Queue::from_code(&queue).ok_or_else(ApiError::not_found)?;
    let actors = actors(&staff, queue);
    if actors.is_empty() {
        return Err(ApiError::not_found());
    }
    let after = if asked.after.is_empty() { None } else { Some(read_cursor(&asked.after)?) };
    let (filter, now, city) = (filter(asked)?, app.clock.now(), app.city());
    let found = app
        .store
        .read(move |conn| page(conn, &Ask { actors: &actors, queue, filter: &filter, now }, after, ROWS))
        .await?;
    let rows = found.rows.iter().map(|row| show(row, &city)).collect();
    let page = Page { rows, next: found.next.map(|place| format!("{}.{}", place.key, place.id)) };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

fn read_cursor(text: &str) -> ApiResult<Place> {
    let bad = || ApiError::field("after", "after");
    let (key, id) = text.split_once('.').ok_or_else(bad)?;
    Ok(Place { key: key.parse().map_err(|_| bad())?, id: id.parse().map_err(|_| bad())? })
}

fn filter(asked: DeskFilter) -> ApiResult<Filter> {
    let text = asked.text.trim();
    let number = SoughtNumber::new(text);
    let words = match (&number, text.is_empty()) {
        (None, false) => Some(SoughtWords::new(text).map_err(|_| ApiError::field("text", "text"))?),
        _ => None,
    };
    Ok(Filter {
        states: asked.state.into_iter().collect(),
        kind: asked.kind,
        category: asked.category,
        area: asked.area,
        department: asked.department,
        door: asked.door,
        received_from: asked.from,
        received_until: asked.to,
        overdue: None,
        visibility: None,
        words,
        number,
    })
}

fn show(row: &Listed, city: &City) -> DeskRow {
    DeskRow {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        version: row.version,
        words: row.words.clone(),
        category: category_name(row.category.as_ref(), row.filed_at, city),
        area: place_name(row.area.as_ref(), city),
        place_words: row.place_words.clone(),
        position: row.position,
        department: department_name(row.department.as_ref(), city),
        photo: row.photo,
        received_at: row.received_at,
        changed_at: row.changed_at,
        due_at: row.due_at,
        joiners: row.joiners,
        reworks: row.reworks,
    }
}
