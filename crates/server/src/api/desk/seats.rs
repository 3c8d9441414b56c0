//! `GET /api/v1/desk/seats` and `DELETE /api/v1/desk/seats/{seat}`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{ContentHash, Role};
use woodlark_store::boards::{self, Board};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, staff};
use woodlark_wire::Seat;

/// The browsers that the reader is signed in with, latest use first, and the screens on walls that they set up.
#[utoipa::path(get, path = "/api/v1/desk/seats", tag = "desk", responses((status = 200, body = [Seat])))]
pub async fn list_seats(State(app): State<App>, staff: Staff) -> ApiResult<Json<Vec<Seat>>> {
    let (user, now, this) = (staff.session.user, app.clock.now(), staff.token_hash);
    let found = app
        .store
        .read(move |conn| Ok((staff::seats(conn, user, now)?, boards::of(conn, user, now)?)))
        .await?;
    let show = |seat: staff::Seat| Seat {
        id: ContentHash::from_bytes(seat.token_hash),
        this: seat.token_hash == this,
        board: false,
        created_at: seat.created_at,
        seen_at: seat.seen_at,
        address: seat.address,
        agent: seat.agent,
    };
    let show_board = |board: Board| Seat {
        id: ContentHash::from_bytes(board.token_hash),
        this: false,
        board: true,
        created_at: board.created_at,
        seen_at: board.created_at,
        address: board.address,
        agent: board.agent,
    };
    let (seats, boards) = found;
    Ok(Json(seats.into_iter().map(show).chain(boards.into_iter().map(show_board)).collect()))
}

/// Signs one of the reader's browsers out, or takes one of their screens down, at once.
#[utoipa::path(delete, path = "/api/v1/desk/seats/{seat}", tag = "desk", params(("seat" = ContentHash, Path)),
    responses((status = 204)))]
pub async fn end_seat(
    State(app): State<App>,
    staff: Staff,
    ReadPath(seat): ReadPath<ContentHash>,
) -> ApiResult<StatusCode> {
    let (user, now) = (staff.session.user, app.clock.now());
    app.store
        .write(move |tx| {
            if !staff::sign_out(tx, user, seat.as_bytes())? && !boards::take_down(tx, user, seat.as_bytes())?
            {
                return Err(Halt::Refused(ApiError::not_found()));
            }
            let subject = user.to_string();
            let (role, action) = (Role::Admin, AuditAction::EndSeat);
            Ok(record(
                tx,
                &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" },
            )?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
