//! `GET`, `POST` and `DELETE /api/v1/desk/session`

use super::proof::{authenticator, check_password, step_of};
use crate::app::App;
use crate::clock::random;
use crate::edge::{
    ApiError, ApiResult, ClientAddress, ReadJson, Staff, clear_desk_cookie, desk_cookie, new_token,
};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::{Action, Scope, scope};
use woodlark_domain::queue::Queue;
use woodlark_domain::{Role, Timestamp};
use woodlark_store::staff::{self, Post, SignIn};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{DeskMe, DeskSignIn, ProblemCode, StaffRole};

/// Characters of a browser's own description that are kept.
const AGENT_CHARS: usize = 160;

/// Signs a browser in, by login, password and the code of an authenticator. Which of them is wrong is not said; after
/// five failures in a row the account rests for a quarter of an hour.
#[utoipa::path(post, path = "/api/v1/desk/session", tag = "desk", request_body = DeskSignIn,
    responses((status = 200, body = DeskMe, description = "Its cookie comes with the answer")))]
pub async fn desk_sign_in(
    State(app): State<App>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    body: ReadJson<DeskSignIn>,
) -> ApiResult<impl IntoResponse> {
    let now = app.clock.now();
    let DeskSignIn { login, password, code } = body.value;
    let name = login.trim().to_owned();
    let proof = app.store.read(move |conn| staff::proof(conn, &name)).await?;
    if let Some(proof) = proof.as_ref().filter(|proof| proof.locked_until > now) {
        let seconds = proof.locked_until.0.saturating_sub(now.0) / Timestamp::SECOND;
        return Err(ApiError::wait(
            ProblemCode::TooManyRequests,
            u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1),
        ));
    }
    let kept = proof.as_ref().map(|proof| proof.password.clone());
    let right = check_password(&app, password, kept).await?;
    let Some(proof) = proof else { return Err(ProblemCode::SignInFailed.into()) };
    let user = proof.user;
    let step = step_of(&authenticator(&proof.totp_secret, "desk", "Woodlark")?, &code, now);
    let address = address.map_or_else(String::new, |Extension(address)| address.0.to_string());
    let agent: String = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(AGENT_CHARS)
        .collect();
    let (token, token_hash) = new_token(random());
    let signed_in = app
        .store
        .write(move |tx| {
            let done = match step.filter(|_| right) {
                Some(totp_step) => staff::sign_in(
                    tx,
                    &SignIn { user, totp_step, token_hash, address: &address, agent: &agent, now },
                )?,
                None => false,
            };
            if !done {
                staff::failed(tx, user, now)?;
            }
            note(tx, if done { AuditAction::SignIn } else { AuditAction::SignInFailed }, user, now)?;
            // The failure is kept, so this is no refusal of the transaction.
            Ok::<_, Halt<ApiError>>(done)
        })
        .await?;
    if !signed_in {
        return Err(ProblemCode::SignInFailed.into());
    }
    let session = app.store.read(move |conn| staff::session(conn, &token_hash, now)).await?;
    let session = session.ok_or(ProblemCode::SignInFailed)?;
    Ok(([(header::SET_COOKIE, desk_cookie(&token, app.secure))], Json(show_me(&session))))
}

fn note(
    tx: &mut Tx,
    action: AuditAction,
    user: woodlark_domain::UserId,
    now: Timestamp,
) -> Result<(), woodlark_store::Fault> {
    let subject = user.to_string();
    record(
        tx,
        &Deed { at: now, user: Some(user), role: Role::Admin, action, subject: &subject, detail: "{}" },
    )
}

/// Who is signed in at the desk here.
#[utoipa::path(get, path = "/api/v1/desk/session", tag = "desk", responses((status = 200, body = DeskMe)))]
pub async fn desk_me(staff: Staff) -> Json<DeskMe> {
    Json(show_me(&staff.session))
}

/// Signs this browser out.
#[utoipa::path(delete, path = "/api/v1/desk/session", tag = "desk", responses((status = 204)))]
pub async fn desk_sign_out(State(app): State<App>, staff: Staff) -> ApiResult<impl IntoResponse> {
    let (user, token_hash, now) = (staff.session.user, staff.token_hash, app.clock.now());
    app.store
        .write(move |tx| {
            staff::sign_out(tx, user, &token_hash)?;
            Ok::<_, Halt<ApiError>>(note(tx, AuditAction::SignOut, user, now)?)
        })
        .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_desk_cookie(app.secure))]))
}

/// A person as they see themselves.
fn show_me(session: &staff::Session) -> DeskMe {
    let may = |action: &Action| session.posts.iter().any(|post| scope(post.role, *action) != Scope::Nothing);
    let empties = |queue: &Queue| session.posts.iter().any(|post| queue.is_for(post.role));
    DeskMe {
        user_id: session.user,
        name: session.name.clone(),
        roles: session.posts.iter().map(show_post).collect(),
        may: Action::ALL.iter().copied().filter(may).collect(),
        queues: Queue::ALL.iter().copied().filter(empties).collect(),
        expires_at: session.ends_at(),
    }
}

pub(crate) fn show_post(post: &Post) -> StaffRole {
    StaffRole { role: post.role, department: post.department.clone(), area: post.area.clone() }
}
