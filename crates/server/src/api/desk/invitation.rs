//! `GET` and `POST /api/v1/desk/invitation`

use super::proof::{authenticator, hash_password, is_good, step_of};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, hash_token};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use totp_rs::Totp;
use woodlark_domain::Role;
use woodlark_domain::audit::AuditAction;
use woodlark_store::staff;
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, Hash};
use woodlark_wire::path::INVITATION_TOKEN;
use woodlark_wire::{AcceptInvitation, Invitation};

/// The invitation of a link: for whom it is, and the secret for their authenticator. A link that does not hold, or was
/// taken up, is not found.
#[utoipa::path(get, path = "/api/v1/desk/invitation", tag = "desk", params(("invitation-token" = String, Header)),
    responses((status = 200, body = Invitation)))]
pub async fn read_invitation(State(app): State<App>, headers: HeaderMap) -> ApiResult<impl IntoResponse> {
    let (_, invitation) = find(&app, &headers).await?;
    let totp = authenticator_of(&app, &invitation)?;
    let uri = totp.to_url().map_err(|error| ApiError::internal(&error))?;
    let qr = qrcode::QrCode::new(uri.as_bytes()).map_err(|error| ApiError::internal(&error))?;
    let view = Invitation {
        name: invitation.name,
        login: invitation.login,
        totp_secret: totp.secret().to_base32(),
        totp_qr: qr.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build(),
        totp_uri: uri,
        expires_at: invitation.until,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}

/// Takes an invitation up: with a password, and a code that proves that the authenticator was set up. The link holds no
/// more; signing in takes the next code.
#[utoipa::path(post, path = "/api/v1/desk/invitation", tag = "desk", params(("invitation-token" = String, Header)),
    request_body = AcceptInvitation, responses((status = 204)))]
pub async fn accept_invitation(
    State(app): State<App>,
    headers: HeaderMap,
    body: ReadJson<AcceptInvitation>,
) -> ApiResult<StatusCode> {
    let (token_hash, invitation) = find(&app, &headers).await?;
    let now = app.clock.now();
    if !is_good(&body.value.password, &invitation.login) {
        return Err(ApiError::field("password", "password"));
    }
    let step = step_of(&authenticator_of(&app, &invitation)?, &body.value.code, now)
        .ok_or_else(|| ApiError::field("code", "code"))?;
    let password = hash_password(&app, body.value.password).await?;
    let (user, subject) = (invitation.user, invitation.user.to_string());
    app.store
        .write(move |tx| {
            if !staff::accept(tx, &token_hash, &password, step, now)? {
                return Err(Halt::Refused(ApiError::not_found()));
            }
            let (role, action) = (Role::Admin, AuditAction::AcceptInvitation);
            Ok(record(
                tx,
                &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: "{}" },
            )?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(app: &App, headers: &HeaderMap) -> ApiResult<(Hash, staff::Invitation)> {
    let token = headers.get(INVITATION_TOKEN).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (token_hash, now) = (hash_token(token), app.clock.now());
    let found = app.store.read(move |conn| staff::invitation(conn, &token_hash, now)).await?;
    found.map(|invitation| (token_hash, invitation)).ok_or_else(ApiError::not_found)
}

fn authenticator_of(app: &App, invitation: &staff::Invitation) -> ApiResult<Totp> {
    let issuer = format!("Woodlark {}", app.city().data().name.en);
    authenticator(&invitation.totp_secret, &invitation.login, &issuer)
}
