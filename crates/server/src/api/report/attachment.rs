//! `PUT /api/v1/reports/{case}/attachments/{hash}`

use super::status::show_file;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Resident, read_body};
use crate::media::{BlobError, check_voice};
use axum::Json;
use axum::extract::{Request, State};
use sha2::{Digest, Sha256};
use woodlark_domain::{CaseId, ContentHash, limits};
use woodlark_store::Halt;
use woodlark_store::intake::{self, Arrived, Role};
use woodlark_store::media::Media;
use woodlark_wire::path::UPLOAD_OFFSET;
use woodlark_wire::{AttachmentReceipt, ProblemCode};

/// The next piece of a file, at most 512 KiB, beginning where the server's bytes end (`upload-offset`). With its last
/// piece the file is checked, cleaned and stored.
#[utoipa::path(put, path = "/api/v1/reports/{case}/attachments/{hash}", tag = "report",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path), ("upload-offset" = u64, Header)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = AttachmentReceipt)))]
pub async fn put_attachment(
    State(app): State<App>,
    resident: Resident,
    ReadPath((case, hash)): ReadPath<(CaseId, ContentHash)>,
    request: Request,
) -> ApiResult<Json<AttachmentReceipt>> {
    let user = resident.user;
    let offset = offset_of(&request)?;
    let status = app.store.read(move |conn| intake::status(conn, case, user)).await?;
    let status = status.ok_or_else(ApiError::not_found)?;
    let mut file =
        status.files.into_iter().find(|file| file.file.hash == hash).ok_or_else(ApiError::not_found)?;
    if file.media.is_some() {
        return Ok(Json(show_file(&file)));
    }
    if offset != file.received_bytes {
        return Err(ApiError::offset(file.received_bytes));
    }
    let piece = read_body(request, usize::try_from(limits::CHUNK_BYTES).unwrap_or(usize::MAX)).await?;
    let end = offset.saturating_add(piece.len() as u64);
    if end > file.file.bytes {
        return Err(ApiError::over(ProblemCode::TooLarge, file.file.bytes));
    }
    if !piece.is_empty() {
        // Bytes first, then the row: what the row counts is always there.
        app.blobs.keep_chunk(case, hash, offset, piece).await?;
        let held = app
            .store
            .write(move |tx| Ok::<_, Halt<ApiError>>(intake::progress(tx, case, hash, end)?))
            .await?;
        file.received_bytes = held.ok_or_else(ApiError::not_found)?;
    }
    if file.received_bytes == file.file.bytes {
        finish(&app, case, &mut file).await?;
    }
    Ok(Json(show_file(&file)))
}

/// Where in the whole this piece begins, as its sender says.
///
/// # Errors
/// `invalid`.
pub(crate) fn offset_of(request: &Request) -> ApiResult<u64> {
    request
        .headers()
        .get(UPLOAD_OFFSET)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| {
            ApiError::field_text(UPLOAD_OFFSET, "the number of bytes that the server holds already")
        })
}

/// All bytes are there: puts them together, checks them, and stores what is made of them.
async fn finish(app: &App, case: CaseId, file: &mut Arrived) -> ApiResult<()> {
    let hash = file.file.hash;
    let stored = match app.blobs.assemble(case, hash, file.file.bytes).await {
        Ok(whole) if ContentHash::from_bytes(Sha256::digest(&whole).into()) == hash => {
            store_file(app, case, file, whole).await
        }
        Ok(_) | Err(BlobError::Missing) => Err(ProblemCode::HashMismatch.into()),
        Err(error) => Err(error.into()),
    };
    match stored {
        Err(error) if error.code() == ProblemCode::Internal => return Err(error),
        Err(error) => {
            // These bytes will never do: nothing of them is kept, and the file may begin anew.
            app.store.write(move |tx| Ok::<_, Halt<ApiError>>(intake::begin_anew(tx, case, hash)?)).await?;
            app.blobs.forget_chunks(case, Some(hash)).await?;
            return Err(error);
        }
        Ok(()) => {}
    }
    if let Err(error) = app.blobs.forget_chunks(case, Some(hash)).await {
        // The file is stored; the sweep takes what is left.
        tracing::warn!(%error, "chunks could not be removed");
    }
    Ok(())
}

/// Cleans and stores a whole file.
pub(crate) async fn store_file(app: &App, case: CaseId, file: &mut Arrived, whole: Vec<u8>) -> ApiResult<()> {
    let object = match file.file.role {
        Role::Photo => app.keep_photo(whole).await?.object(),
        Role::Voice => {
            let media_type = check_voice(&whole).map_err(|_| ApiError::from(ProblemCode::VoiceUnreadable))?;
            let bytes = whole.len() as u64;
            app.keep(file.file.hash, whole).await?;
            Media { hash: file.file.hash, media_type: media_type.to_owned(), size: None, bytes, thumb: None }
        }
    };
    file.media = Some(object.hash);
    let (hash, now) = (file.file.hash, app.clock.now());
    let known = app
        .store
        .write(move |tx| Ok::<_, Halt<ApiError>>(intake::attachment_stored(tx, case, hash, &object, now)?))
        .await?;
    if known { Ok(()) } else { Err(ApiError::not_found()) }
}
