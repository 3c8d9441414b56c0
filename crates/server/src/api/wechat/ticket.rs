//! `POST /api/v1/wechat/ticket`

use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadJson, Visitor, new_token, session_cookie};
use crate::wechat::ticket_hash;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use woodlark_store::tickets::{self, Brought, Used};
use woodlark_store::{Halt, accounts};
use woodlark_wire::{SessionView, WechatTicketUse};

/// The most characters of a ticket: more is none.
const TICKET_MAX: usize = 64;

/// Signs the page in that the mini-program opened. Where this device has an account already, both become one: at once where there
/// is nothing in it, else once its reader said so (`join`).
#[utoipa::path(post, path = "/api/v1/wechat/ticket", tag = "wechat", request_body = WechatTicketUse, responses(
    (status = 200, body = SessionView, description = "The session of this device is the ticket's account's now"),
    (status = 201, body = SessionView, description = "A session was made; its cookie comes with the answer"),
))]
pub async fn wechat_ticket(
    State(app): State<App>,
    visitor: Visitor,
    body: ReadJson<WechatTicketUse>,
) -> ApiResult<Response> {
    app.wechat.as_deref().and_then(|wechat| wechat.account().mini_appid()).ok_or_else(ApiError::not_found)?;
    let gone = || ApiError::field("ticket", "wechat_ticket");
    let (ticket, join) = (body.value.ticket, body.value.join);
    if ticket.len() > TICKET_MAX {
        return Err(gone());
    }
    let (hash, now) = (ticket_hash(&app, &ticket), app.clock.now());
    let (token, fresh) = new_token(random());
    let session = visitor.token_hash;
    let used = app.store.write(move |tx| {
        let brought = Brought { ticket_hash: &hash, session: session.as_ref(), fresh: &fresh, join, now };
        let used = tickets::bring(tx, &brought)?;
        let holds = if matches!(used, Used::SignedIn(_)) { Some(fresh) } else { session };
        let phone = match holds {
            Some(hash) => accounts::find(tx, &hash)?.and_then(|session| session.phone),
            None => None,
        };
        Ok::<_, Halt<ApiError>>((used, phone))
    });
    let (used, phone) = used.await?;
    let view = |user| Json(SessionView { user_id: Some(user), phone });
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match used {
        Used::Kept(user) => Ok(([no_store], view(user)).into_response()),
        Used::SignedIn(user) => {
            let cookie = (header::SET_COOKIE, session_cookie(&token, app.secure));
            Ok((StatusCode::CREATED, [no_store, cookie], view(user)).into_response())
        }
        Used::WouldJoin => Err(ApiError::refused("would_join")),
        Used::Gone => Err(gone()),
    }
}
