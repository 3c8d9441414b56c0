//! `PUT /api/v1/reports/{case}`

use super::check_manifest;
use super::status::show_intake;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Resident};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use woodlark_domain::{CaseId, Door, Timestamp, UserId};
use woodlark_store::Halt;
use woodlark_store::intake::{self, Begin, Begun, Expected, Role, Status};
use woodlark_store::quota::{self, Quota, Spent};
use woodlark_wire::{Intake, Manifest, MediaRole, ProblemCode};

/// Says what a report is and which files will follow. The same manifest again is welcome and answers how far it has
/// come; another under the same id is refused.
#[utoipa::path(put, path = "/api/v1/reports/{case}", tag = "report", params(("case" = CaseId, Path)),
    request_body = Manifest, responses(
        (status = 201, body = Intake, description = "New"),
        (status = 200, body = Intake, description = "Known already"),
    ))]
pub async fn put_manifest(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
    body: ReadJson<Manifest>,
) -> ApiResult<Response> {
    if !matches!(body.value.door, Door::Browser | Door::Wechat) {
        return Err(ApiError::field_text(
            "door",
            "browser or wechat: the other doors are opened by the server itself",
        ));
    }
    let (begun, status) = begin_report(&app, resident.user, case, &body.value).await?;
    let code = if begun { StatusCode::CREATED } else { StatusCode::OK };
    Ok((code, Json(show_intake(&status))).into_response())
}

/// Takes a manifest in; says whether it is new, and how far the report has come.
pub(crate) async fn begin_report(
    app: &App,
    user: UserId,
    case: CaseId,
    manifest: &Manifest,
) -> ApiResult<(bool, Status)> {
    let report = check_manifest(manifest, &app.city())?.intake;
    let text = serde_json::to_string(manifest).map_err(|error| ApiError::internal(&error))?;
    let manifest_hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let files: Vec<Expected> = manifest
        .attachments
        .iter()
        .map(|file| Expected {
            hash: file.hash,
            role: match file.role {
                MediaRole::Photo => Role::Photo,
                MediaRole::Voice => Role::Voice,
            },
            media_type: file.media_type.chars().take(64).collect(),
            bytes: file.bytes,
            duration_ms: file.duration_ms,
        })
        .collect();
    let (door, now) = (manifest.door, app.clock.now());
    let quota = Quota { kind: "report", most: app.reports_per_day, window: Timestamp::DAY, gap: 0 };
    let begun = app
        .store
        .write(move |tx| {
            let new = Begin {
                id: case,
                user,
                door,
                manifest: &text,
                manifest_hash,
                report: &report,
                files: &files,
                now,
            };
            let begun = intake::begin(tx, &new)?;
            if matches!(begun, Begun::Fresh(_))
                && let Spent::Refused { again_at } = quota::spend(tx, &quota, &[user.as_bytes()], now)?
            {
                let seconds = again_at.0.saturating_sub(now.0) / Timestamp::SECOND;
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                return Err(Halt::Refused(ApiError::wait(ProblemCode::TooManyRequests, seconds)));
            }
            Ok(begun)
        })
        .await?;
    match begun {
        Begun::Fresh(status) => Ok((true, status)),
        Begun::Same(status) => Ok((false, status)),
        Begun::Differs => Err(ProblemCode::ManifestDiffers.into()),
        Begun::NotFound => Err(ApiError::not_found()),
    }
}
