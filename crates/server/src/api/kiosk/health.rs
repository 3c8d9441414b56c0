//! `POST /api/v1/kiosk/health`

use super::show;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, AtKiosk, KIOSK_COOKIE, ReadJson, kiosk_cookie, token_in};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse};
use woodlark_store::{Halt, kiosks};
use woodlark_wire::{KioskHealth, KioskView};

/// Characters of a build's name that are kept.
const VERSION_CHARS: usize = 40;

/// How a kiosk does, once a minute. The answer is what it knows of itself, which may have changed.
#[utoipa::path(post, path = "/api/v1/kiosk/health", tag = "kiosk", request_body = KioskHealth,
    responses((status = 200, body = KioskView)))]
pub async fn kiosk_health(
    State(app): State<App>,
    AtKiosk(kiosk): AtKiosk,
    headers: HeaderMap,
    body: ReadJson<KioskHealth>,
) -> ApiResult<impl IntoResponse> {
    let (said, id, now) = (body.value, kiosk.id, app.clock.now());
    let shown = |letter: &char| letter.is_ascii_graphic();
    let health = kiosks::Health {
        version: said.version.chars().filter(shown).take(VERSION_CHARS).collect(),
        queue: said.queue,
        oldest_at: said.oldest_at,
        attention: said.attention,
        camera: said.camera,
    };
    app.store.write(move |tx| Ok::<_, Halt<ApiError>>(kiosks::heard(tx, id, &health, now)?)).await?;
    // A browser lets no cookie live longer than 400 days; a kiosk may stand for longer.
    let cookie = token_in(&headers, KIOSK_COOKIE).map(|token| kiosk_cookie(token, app.secure));
    let cookies: Vec<_> = cookie.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect();
    Ok((AppendHeaders(cookies), Json(show(&app, kiosk)) as Json<KioskView>))
}
