//! `GET /api/v1/reports/{case}`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Resident};
use axum::Json;
use axum::extract::State;
use woodlark_domain::CaseId;
use woodlark_store::intake::{self, Arrived, Receipt, Status};
use woodlark_wire::{AttachmentReceipt, Intake, IntakeState};

/// How far a report of mine has come in.
#[utoipa::path(get, path = "/api/v1/reports/{case}", tag = "report", params(("case" = CaseId, Path)),
    responses((status = 200, body = Intake)))]
pub async fn status(
    State(app): State<App>,
    resident: Resident,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<Json<Intake>> {
    let user = resident.user;
    let status = app.store.read(move |conn| intake::status(conn, case, user)).await?;
    Ok(Json(show_intake(&status.ok_or_else(ApiError::not_found)?)))
}

/// The server's own account of it.
pub(crate) fn show_intake(status: &Status) -> Intake {
    Intake {
        case_id: status.id,
        state: if status.receipt.is_some() { IntakeState::Accepted } else { IntakeState::Collecting },
        attachments: status.files.iter().map(show_file).collect(),
        receipt: status.receipt.as_ref().map(show_receipt),
    }
}

pub(super) fn show_file(file: &Arrived) -> AttachmentReceipt {
    AttachmentReceipt {
        hash: file.file.hash,
        bytes: file.file.bytes,
        received_bytes: if file.media.is_some() { file.file.bytes } else { file.received_bytes },
        stored: file.media.is_some(),
    }
}

/// The server's word that a report is a case.
pub(crate) fn show_receipt(receipt: &Receipt) -> woodlark_wire::Receipt {
    woodlark_wire::Receipt {
        case_id: receipt.case_id,
        number: receipt.number.clone(),
        state: receipt.state,
        received_at: receipt.received_at,
        promised_at: receipt.promised_at,
    }
}
