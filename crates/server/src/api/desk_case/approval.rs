//! `PUT /api/v1/desk/cases/{case}/photos/{hash}/approval`

use super::load::load_in;
use super::view::read;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::Action;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_store::approvals::{self, Approval, Shown};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, media};
use woodlark_wire::{DeskCase, PhotoApproval, PhotoShown};

/// Decides what everyone may see of a photo; the last word holds. The original stays as it is.
#[utoipa::path(put, path = "/api/v1/desk/cases/{case}/photos/{hash}/approval", tag = "desk",
    params(("case" = CaseId, Path), ("hash" = ContentHash, Path)), request_body = PhotoApproval,
    responses((status = 200, body = DeskCase)))]
pub async fn desk_approve(
    State(app): State<App>,
    staff: Staff,
    ReadPath((case, hash)): ReadPath<(CaseId, ContentHash)>,
    body: ReadJson<PhotoApproval>,
) -> ApiResult<Json<DeskCase>> {
    let (city, now, giver) = (app.city(), app.clock.now(), staff.clone());
    let shown = match (body.value.shown, body.value.hash) {
        (PhotoShown::Nothing, None) => Shown::Nothing,
        (PhotoShown::Whole, None) => Shown::Whole,
        (PhotoShown::Covered, Some(copy)) => Shown::Covered(copy),
        (PhotoShown::Nothing | PhotoShown::Whole, Some(_)) | (PhotoShown::Covered, None) => {
            return Err(ApiError::field("hash", "photo"));
        }
    };
    app.store
        .write(move |tx| {
            let (whole, actors) = load_in(tx, &giver, case, Action::ApprovePhoto, &city)?;
            let is_photo =
                |file: &&woodlark_store::cases::Attachment| file.hash == hash && file.media.size.is_some();
            if !whole.attachments.iter().any(|file| is_photo(&file)) {
                return Err(Halt::Refused(ApiError::not_found()));
            }
            if let Shown::Covered(copy) = shown
                && media::get(tx, copy)?.is_none_or(|copy| copy.size.is_none())
            {
                return Err(Halt::Refused(ApiError::field("hash", "photo")));
            }
            let Some(actor) = actors.first() else { return Err(Halt::Refused(ApiError::not_found())) };
            let user = giver.session.user;
            approvals::put(tx, case, hash, &Approval { shown, user, at: now })?;
            let (subject, detail) =
                (case.to_string(), format!("{{\"photo\":\"{hash}\",\"shown\":\"{}\"}}", shown.code()));
            let (role, action) = (actor.role, AuditAction::ApprovePhoto);
            Ok(record(
                tx,
                &Deed { at: now, user: Some(user), role, action, subject: &subject, detail: &detail },
            )?)
        })
        .await?;
    Ok(Json(read(&app, &staff, case).await?))
}
