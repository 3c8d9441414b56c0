//! `GET` and `POST /api/v1/desk/board`: a screen on a wall, which runs unattended. It has a token of its own that opens the
//! figures and nothing else, so that nobody's session of the desk stays open on it.

use super::read::name;
use crate::api::case::label;
use crate::app::App;
use crate::clock::random;
use crate::edge::{
    ApiError, ApiResult, BOARD_COOKIE, ClientAddress, Staff, board_cookie, clear_desk_cookie, hash_token,
    new_token, token_in,
};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use woodlark_domain::Role;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::Actor;
use woodlark_domain::figures::{Counts, Dimension, Measure};
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_store::boards::{self, SetUp};
use woodlark_store::cases::queue::counts;
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, figures, staff};
use woodlark_wire::{BoardView, FiguresRow, Label, ProblemCode, QueueCount};

/// Days that are shown.
const DAYS: i32 = 30;
/// Departments that are shown.
const DEPARTMENTS: usize = 8;
/// Characters of a browser's own description that are kept.
const AGENT_CHARS: usize = 160;

/// Sets this browser up as a screen on a wall, and signs its reader out here.
#[utoipa::path(post, path = "/api/v1/desk/board", tag = "desk", responses((status = 204)))]
pub async fn set_up_board(
    State(app): State<App>,
    staff: Staff,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
) -> ApiResult<impl IntoResponse> {
    let user = staff.must(Action::ReadFigures)?;
    let (token, token_hash) = new_token(random());
    let address = address.map_or_else(String::new, |Extension(address)| address.0.to_string());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(AGENT_CHARS).collect();
    let (now, seat) = (app.clock.now(), staff.token_hash);
    app.store
        .write(move |tx| {
            boards::set_up(tx, &SetUp { user, token_hash, address: &address, agent: &agent, now })?;
            staff::sign_out(tx, user, &seat)?;
            let (role, action, subject) = (Role::Admin, AuditAction::SetUpBoard, user.to_string());
            let deed = Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" };
            Ok::<_, Halt<ApiError>>(record(tx, &deed)?)
        })
        .await?;
    let cookies = AppendHeaders([
        (header::SET_COOKIE, board_cookie(&token, app.secure)),
        (header::SET_COOKIE, clear_desk_cookie(app.secure)),
    ]);
    Ok((StatusCode::NO_CONTENT, cookies))
}

/// What a screen on a wall shows. A session of the desk does not open it: asking every half minute would never let one rest.
#[utoipa::path(get, path = "/api/v1/desk/board", tag = "desk", responses((status = 200, body = BoardView)))]
pub async fn read_board(State(app): State<App>, headers: HeaderMap) -> ApiResult<impl IntoResponse> {
    let token_hash = token_in(&headers, BOARD_COOKIE).map(hash_token).ok_or(ProblemCode::NotStaff)?;
    let (city, now) = (app.city(), app.clock.now());
    let today = city.data().calendar.day(now);
    let (from, to) = (today.plus(1 - DAYS), today.plus(1));
    let found = app
        .store
        .read(move |conn| {
            let Some((user, posts)) = boards::owner(conn, &token_hash, now)? else { return Ok(None) };
            if posts.iter().all(|post| scope(post.role, Action::ReadFigures) == Scope::Nothing) {
                return Ok(None);
            }
            // How many wait is a figure like the others, and those are the whole city's whoever reads them.
            let waiting = counts(conn, &[Actor::staff(user, Role::Supervisor)], now)?;
            let departments = figures::figures(conn, Dimension::Department, from, to)?;
            Ok(Some((waiting, figures::days(conn, from, to)?, departments)))
        })
        .await?;
    let (waiting, days, departments) = found.ok_or(ProblemCode::NotStaff)?;
    let day = |at: i32| {
        let day = from.plus(at);
        let of = days.iter().find(|(one, _)| *one == day).map(|(_, counts)| counts.0.to_vec());
        let key = day.to_string();
        let counts = of.unwrap_or_else(|| vec![0; Measure::ALL.len()]);
        FiguresRow { name: Label { zh: key.clone(), en: key.clone() }, key, counts }
    };
    let mut departments: Vec<FiguresRow> = departments
        .into_iter()
        .filter(|(key, _)| !key.is_empty())
        .map(|(key, Counts(counts))| FiguresRow {
            name: name(Dimension::Department, &key, &city),
            key,
            counts: counts.to_vec(),
        })
        .collect();
    departments.sort_by_key(|row| std::cmp::Reverse(row.counts.first().copied()));
    departments.truncate(DEPARTMENTS);
    let view = BoardView {
        city: label(&city.data().name),
        at: now,
        waiting: waiting.into_iter().map(|(queue, waiting)| QueueCount { queue, waiting }).collect(),
        measures: Measure::ALL.to_vec(),
        days: (0..DAYS).map(day).collect(),
        departments,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}
