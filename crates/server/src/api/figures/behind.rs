//! `GET /api/v1/desk/figures/cases`

use super::read::period;
use crate::api::case::{category_name, department_name};
use crate::api::desk_case::place_name;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use woodlark_domain::case::Actor;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_store::{cases, figures};
use woodlark_wire::{DeskRow, Page};

/// Rows of one page.
const ROWS: usize = 50;

/// Which number.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BehindQuery {
    /// What it is broken down by.
    #[param(value_type = String)]
    by: Dimension,
    /// Its key.
    key: String,
    /// The measure.
    #[param(value_type = String)]
    measure: Measure,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// The `next` of the page before.
    after: Option<String>,
}

/// The cases behind a number, oldest first; of these the reader sees those that their roles let them read.
#[utoipa::path(get, path = "/api/v1/desk/figures/cases", tag = "desk", params(BehindQuery),
    responses((status = 200, body = Page<DeskRow>)))]
pub async fn desk_figures_cases(
    State(app): State<App>,
    staff: Staff,
    ReadQuery(asked): ReadQuery<BehindQuery>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::ReadFigures)?;
    let days = period(&asked.from, &asked.to)?;
    let after = asked.after.as_deref().map(read_cursor).transpose()?;
    let city = app.city();
    let found = app
        .store
        .read(move |conn| {
            let ids = figures::behind(conn, (asked.by, &asked.key), days, asked.measure, after, ROWS)?;
            let mut rows = Vec::with_capacity(ids.len());
            for (_, id) in &ids {
                rows.extend(cases::row(conn, *id)?);
            }
            Ok((rows, ids.last().copied().filter(|_| ids.len() == ROWS)))
        })
        .await?;
    let (rows, last) = found;
    let actors: Vec<Actor> = staff.session.posts.iter().map(|post| post.actor(staff.session.user)).collect();
    let sees = |row: &cases::Row| {
        let subject = Subject { area: row.area.as_ref(), department: row.department.as_ref(), own: false };
        actors.iter().any(|actor| permits(actor, Action::ReadCase, &subject))
    };
    let show = |row: cases::Row| DeskRow {
        id: row.id,
        number: row.number,
        kind: row.kind,
        state: row.state,
        version: row.version,
        words: row.words,
        category: category_name(row.category.as_ref(), row.filed_at, &city),
        area: place_name(row.area.as_ref(), &city),
        place_words: row.place_words,
        position: row.position,
        department: department_name(row.department.as_ref(), &city),
        photo: row.photo,
        received_at: row.received_at,
        changed_at: row.changed_at,
        due_at: None,
        joiners: row.joiners,
        reworks: row.reworks,
    };
    let page = Page {
        rows: rows.into_iter().filter(sees).map(show).collect(),
        next: last.map(|(day, id)| format!("{}.{id}", day.count())),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

fn read_cursor(text: &str) -> ApiResult<(Day, woodlark_domain::CaseId)> {
    let bad = || ApiError::field("after", "after");
    let (day, id) = text.split_once('.').ok_or_else(bad)?;
    Ok((Day::from_count(day.parse().map_err(|_| bad())?), id.parse().map_err(|_| bad())?))
}
