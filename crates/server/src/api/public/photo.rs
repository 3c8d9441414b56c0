//! `GET /api/v1/public/{case}/photos/{hash}/{size}`

use super::is_public;
use crate::api::case::photo_stage;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath};
use crate::media::veil;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_store::approvals::Shown;
use woodlark_store::media::Media;
use woodlark_store::{Fault, cases, media};
use woodlark_wire::PhotoStage;

/// What is decided may be decided otherwise: a browser asks again after a minute.
const CACHE: &str = "public, max-age=60";

/// What everyone may see of a photo: the photo, its covered copy, or until an acceptor has decided a blur of a few dots in
/// which nobody is known again. `full` (at most 1,600 px) or `thumb` (at most 320 px).
#[utoipa::path(get, path = "/api/v1/public/{case}/photos/{hash}/{size}", tag = "public",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), ("size" = String, Path, description = "`full` or `thumb`")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub async fn public_photo(
    State(app): State<App>,
    ReadPath((case, hash, size)): ReadPath<(CaseId, ContentHash, String)>,
) -> ApiResult<Response> {
    let city = app.city();
    let found = app.store.read(move |conn| find(conn, case, hash, &city)).await?;
    let (object, veiled) = found.ok_or_else(ApiError::not_found)?;
    let thumb = object.thumb.map_or(object.hash, |(thumb, _)| thumb);
    let bytes = match (veiled, size.as_str()) {
        (true, "full" | "thumb") => blurred(&app, thumb).await?,
        (false, "full") => app.blobs.read(object.hash).await?.to_vec(),
        (false, "thumb") => app.blobs.read(thumb).await?.to_vec(),
        _ => return Err(ApiError::not_found()),
    };
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, CACHE)];
    Ok((headers, bytes).into_response())
}

/// The object that may be shown, and whether only its blur may.
fn find(
    conn: &mut woodlark_store::Conn,
    case: CaseId,
    hash: ContentHash,
    city: &woodlark_store::city::City,
) -> Result<Option<(Media, bool)>, Fault> {
    let Some(whole) = cases::whole(conn, case, city)?.filter(is_public) else { return Ok(None) };
    let file = whole.attachments.iter().find(|file| file.hash == hash && file.media.size.is_some());
    let Some(file) = file else { return Ok(None) };
    let brought = usize::try_from(file.seq).ok().and_then(|seq| whole.events.get(seq.checked_sub(1)?));
    let stage = brought.and_then(|event| photo_stage(event.kind()));
    if stage.is_none_or(|stage| stage == PhotoStage::Contested) {
        return Ok(None);
    }
    match whole.approvals.get(&hash).map(|approval| approval.shown) {
        Some(Shown::Nothing) => Ok(None),
        Some(Shown::Whole) => Ok(Some((file.media.clone(), false))),
        Some(Shown::Covered(copy)) => Ok(media::get(conn, copy)?.map(|copy| (copy, false))),
        None => Ok(Some((file.media.clone(), true))),
    }
}

async fn blurred(app: &App, thumb: ContentHash) -> ApiResult<Vec<u8>> {
    let bytes = app.blobs.read(thumb).await?;
    let seat = Arc::clone(&app.decoding).acquire_owned().await.map_err(|error| ApiError::internal(&error))?;
    let made = tokio::task::spawn_blocking(move || {
        let made = veil(&bytes);
        drop(seat);
        made
    });
    made.await.map_err(|error| ApiError::internal(&error))?.ok_or_else(ApiError::not_found)
}
