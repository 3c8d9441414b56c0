//! `GET /api/v1/cases/{case}/photos/{hash}/{size}` and `GET /api/v1/cases/{case}/voice/{hash}`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Resident, ranged};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use woodlark_domain::{CaseId, ContentHash, UserId};
use woodlark_store::cases::{Concern, concern};
use woodlark_store::media::{self, Media};

/// The browser may keep it, nobody between may, and it never changes.
const CACHE: &str = "private, max-age=86400, immutable";

/// What WeChat records.
const AMR: &str = "audio/amr";

/// A photo of my own case: `full` (at most 1,600 px) or `thumb` (at most 320 px). Clean of all metadata.
#[utoipa::path(get, path = "/api/v1/cases/{case}/photos/{hash}/{size}", tag = "case",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), ("size" = String, Path, description = "`full` or `thumb`")),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub async fn photo(
    State(app): State<App>,
    resident: Resident,
    ReadPath((case, hash, size)): ReadPath<(CaseId, ContentHash, String)>,
) -> ApiResult<Response> {
    let found = own(&app, case, hash, resident.user).await?;
    let name = match size.as_str() {
        "full" => found.hash,
        "thumb" => found.thumb.map_or(found.hash, |(thumb, _)| thumb),
        _ => return Err(ApiError::not_found()),
    };
    if found.size.is_none() {
        return Err(ApiError::not_found());
    }
    Ok(file("image/jpeg".to_owned(), app.blobs.read(name).await?))
}

/// How a recording is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VoiceQuery {
    /// As it came in. Otherwise AMR is answered as WAV, which every browser plays.
    #[serde(default)]
    original: bool,
}

/// The voice of my own case.
#[utoipa::path(get, path = "/api/v1/cases/{case}/voice/{hash}", tag = "case",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), VoiceQuery),
    responses((status = 200, content_type = "audio/*", body = Vec<u8>)))]
pub async fn voice(
    State(app): State<App>,
    resident: Resident,
    ReadPath((case, hash)): ReadPath<(CaseId, ContentHash)>,
    ReadQuery(wanted): ReadQuery<VoiceQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let found = own(&app, case, hash, resident.user).await?;
    let (media_type, bytes) = recording(&app, found, &wanted).await?;
    Ok(ranged(&headers, kept_by_its_reader(media_type), bytes))
}

/// A recording as it is wanted: its media type, and its bytes. What is kept of it is what came in; AMR that can't be read goes out as
/// it came.
pub(crate) async fn recording(app: &App, found: Media, wanted: &VoiceQuery) -> ApiResult<(String, Bytes)> {
    if found.size.is_some() {
        return Err(ApiError::not_found());
    }
    let bytes = app.blobs.read(found.hash).await?;
    if found.media_type == AMR
        && !wanted.original
        && let Some(wav) = app.play_amr(bytes.clone()).await?
    {
        return Ok(("audio/wav".to_owned(), wav.into()));
    }
    Ok((found.media_type, bytes))
}

/// What the reader's own report brought. A joiner sees nothing of it until an acceptor has approved it for everyone.
async fn own(app: &App, case: CaseId, hash: ContentHash, user: UserId) -> ApiResult<Media> {
    let found = app
        .store
        .read(move |conn| match concern(conn, case, user)? {
            Some(Concern::Reporter) => media::of_case(conn, case, hash, user),
            Some(Concern::Joiner) | None => Ok(None),
        })
        .await?;
    found.ok_or_else(ApiError::not_found)
}

/// A file that its reader's browser may keep.
pub(crate) fn file(media_type: String, bytes: Bytes) -> Response {
    (kept_by_its_reader(media_type), bytes).into_response()
}

fn kept_by_its_reader(media_type: String) -> [(header::HeaderName, String); 3] {
    [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, CACHE.to_owned()),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ]
}
