//! `PUT /api/v1/reports/{case}`

use super::check_manifest;
use super::complete::complete_in;
use super::status::show_intake;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Resident};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use woodlark_domain::report as domain;
use woodlark_domain::{CaseId, Door, Timestamp, UserId};
use woodlark_store::city::City;
use woodlark_store::intake::{self, Arrived, Begin, Begun, Expected, Role, Status, Whole};
use woodlark_store::quota::{self, Quota, Spent};
use woodlark_store::{Halt, Tx};
use woodlark_wire::{AttachmentManifest, Intake, Manifest, MediaRole, ProblemCode};

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
    let report = NewReport::check(&app, case, &body.value)?;
    let (user, now) = (resident.user, app.clock.now());
    let (is_new, status) = app.store.write(move |tx| report.begin(tx, user, now)).await?;
    let code = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((code, Json(show_intake(&status))).into_response())
}

/// A manifest that was held to every limit, and what of it the store keeps.
#[derive(Debug)]
pub(crate) struct NewReport {
    case: CaseId,
    door: Door,
    manifest: String,
    manifest_hash: [u8; 32],
    report: domain::Intake,
    files: Vec<Expected>,
    quota: Quota,
}

impl NewReport {
    /// Holds a manifest to every limit.
    ///
    /// # Errors
    /// As [`check_manifest`].
    pub(crate) fn check(app: &App, case: CaseId, manifest: &Manifest) -> ApiResult<Self> {
        let report = check_manifest(manifest, &app.city())?.intake;
        let text = serde_json::to_string(manifest).map_err(|error| ApiError::internal(&error))?;
        let expected = |file: &AttachmentManifest| Expected {
            hash: file.hash,
            role: match file.role {
                MediaRole::Photo => Role::Photo,
                MediaRole::Voice => Role::Voice,
            },
            media_type: file.media_type.chars().take(64).collect(),
            bytes: file.bytes,
            duration_ms: file.duration_ms,
        };
        Ok(Self {
            case,
            door: manifest.door,
            manifest_hash: Sha256::digest(text.as_bytes()).into(),
            manifest: text,
            report,
            files: manifest.attachments.iter().map(expected).collect(),
            quota: Quota { kind: "report", most: app.reports_per_day, window: Timestamp::DAY, gap: 0 },
        })
    }

    /// Takes it in within a transaction; a new one counts against the account's quota of the day.
    ///
    /// # Errors
    /// `too_many_requests`, `manifest_differs`, `not_found`; a fault.
    pub(crate) fn begin(
        &self,
        tx: &mut Tx,
        user: UserId,
        now: Timestamp,
    ) -> Result<(bool, Status), Halt<ApiError>> {
        let begun = intake::begin(tx, &self.to_begin(user, now))?;
        self.begun(tx, user, now, begun)
    }

    /// Takes it in within a transaction and, where no file of it is missing, makes it a case; answers with its files.
    ///
    /// # Errors
    /// As [`NewReport::begin`], and `refused`.
    pub(crate) fn take(
        &self,
        tx: &mut Tx,
        user: UserId,
        city: &City,
        now: Timestamp,
    ) -> Result<Vec<Arrived>, Halt<ApiError>> {
        let status = if self.files.is_empty() {
            match intake::take_whole(tx, &self.to_begin(user, now), city)? {
                Whole::Receipt(_) => {
                    self.spend(tx, user, now)?;
                    return Ok(Vec::new());
                }
                Whole::Refused(refusal) => return Err(Halt::Refused(ApiError::refused(refusal.code()))),
                Whole::Known(begun) => self.begun(tx, user, now, begun)?.1,
            }
        } else {
            self.begin(tx, user, now)?.1
        };
        if status.files.iter().all(|file| file.media.is_some()) {
            complete_in(tx, user, self.case, city, now)?;
        }
        Ok(status.files)
    }

    fn to_begin(&self, user: UserId, now: Timestamp) -> Begin<'_> {
        Begin {
            id: self.case,
            user,
            door: self.door,
            manifest: &self.manifest,
            manifest_hash: self.manifest_hash,
            report: &self.report,
            files: &self.files,
            now,
        }
    }

    fn begun(
        &self,
        tx: &mut Tx,
        user: UserId,
        now: Timestamp,
        begun: Begun,
    ) -> Result<(bool, Status), Halt<ApiError>> {
        match begun {
            Begun::Fresh(status) => {
                self.spend(tx, user, now)?;
                Ok((true, status))
            }
            Begun::Same(status) => Ok((false, status)),
            Begun::Differs => Err(Halt::Refused(ProblemCode::ManifestDiffers.into())),
            Begun::NotFound => Err(Halt::Refused(ApiError::not_found())),
        }
    }

    fn spend(&self, tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Halt<ApiError>> {
        match quota::spend(tx, &self.quota, &[user.as_bytes()], now)? {
            Spent::Granted { .. } => Ok(()),
            Spent::Refused { again_at } => {
                let seconds = again_at.0.saturating_sub(now.0) / Timestamp::SECOND;
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                Err(Halt::Refused(ApiError::wait(ProblemCode::TooManyRequests, seconds)))
            }
        }
    }
}
