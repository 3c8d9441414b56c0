//! `GET /api/v1/desk/cases/{case}/photos/{hash}/{size}` and `GET /api/v1/desk/cases/{case}/voice/{hash}`

use super::load::{load, note_look};
use crate::api::case::{VoiceQuery, media_file, recording};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Staff};
use axum::extract::State;
use axum::response::Response;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::Actor;
use woodlark_domain::policy::Action;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_store::media::Media;

/// A photo as it was taken: `full` (at most 1,600 px) or `thumb` (at most 320 px). Each look at it is in the audit log.
#[utoipa::path(get, path = "/api/v1/desk/cases/{case}/photos/{hash}/{size}", tag = "desk",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), ("size" = String, Path, description = "`full` or `thumb`")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub async fn desk_photo(
    State(app): State<App>,
    staff: Staff,
    ReadPath((case, hash, size)): ReadPath<(CaseId, ContentHash, String)>,
) -> ApiResult<Response> {
    let (found, actor) = find(&app, &staff, case, hash, Action::LookAtOriginal).await?;
    if found.size.is_none() {
        return Err(ApiError::not_found());
    }
    let name = match size.as_str() {
        "full" => found.hash,
        "thumb" => found.thumb.map_or(found.hash, |(thumb, _)| thumb),
        _ => return Err(ApiError::not_found()),
    };
    let detail = format!("{{\"photo\":\"{hash}\",\"size\":\"{size}\"}}");
    note_look(&app, &actor, AuditAction::LookAtOriginal, case, detail).await?;
    Ok(media_file("image/jpeg".to_owned(), app.blobs.read(name).await?))
}

/// The voice of a case. Each time it is listened to is in the audit log.
#[utoipa::path(get, path = "/api/v1/desk/cases/{case}/voice/{hash}", tag = "desk",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), VoiceQuery),
    responses((status = 200, content_type = "audio/*", body = Vec<u8>)))]
pub async fn desk_voice(
    State(app): State<App>,
    staff: Staff,
    ReadPath((case, hash)): ReadPath<(CaseId, ContentHash)>,
    ReadQuery(wanted): ReadQuery<VoiceQuery>,
) -> ApiResult<Response> {
    let (found, actor) = find(&app, &staff, case, hash, Action::ListenToVoice).await?;
    if found.size.is_some() {
        return Err(ApiError::not_found());
    }
    note_look(&app, &actor, AuditAction::ListenToVoice, case, format!("{{\"voice\":\"{hash}\"}}")).await?;
    let (media_type, bytes) = recording(&app, found, &wanted).await?;
    Ok(media_file(media_type, bytes))
}

async fn find(
    app: &App,
    staff: &Staff,
    case: CaseId,
    hash: ContentHash,
    action: Action,
) -> ApiResult<(Media, Actor)> {
    let (city, reader) = (app.city(), staff.clone());
    let (whole, actors) = app.store.read(move |conn| load(conn, &reader, case, action, &city)).await??;
    let file =
        whole.attachments.into_iter().find(|file| file.hash == hash).ok_or_else(ApiError::not_found)?;
    let actor = actors.into_iter().next().ok_or_else(ApiError::not_found)?;
    Ok((file.media, actor))
}
