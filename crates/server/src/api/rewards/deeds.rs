//! `GET /api/v1/desk/cases/{case}/deeds`, `POST /api/v1/desk/cases/{case}/deeds/{entry}/reverse`

use super::shown::deed;
use super::{entry_id, reason};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::Actor;
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_domain::{CaseId, Role};
use woodlark_ledger::bytes::to_hex;
use woodlark_store::ledger::{self, Reversed};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Conn, Fault, Halt, cases};
use woodlark_wire::{Because, DeskDeed};

/// The deeds of a case in the ledger: for whom may find one false.
#[utoipa::path(get, path = "/api/v1/desk/cases/{case}/deeds", tag = "desk", params(("case" = CaseId, Path)),
    responses((status = 200, body = [DeskDeed])))]
pub async fn desk_deeds(
    State(app): State<App>,
    staff: Staff,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<Json<Vec<DeskDeed>>> {
    staff.must(Action::ReverseDeed)?;
    let read = app.store.read(move |conn| shown(conn, &staff, case)).await?;
    Ok(Json(read.ok_or_else(ApiError::not_found)?))
}

/// A deed is found false: its points go back, and no later event of its case brings them again.
#[utoipa::path(post, path = "/api/v1/desk/cases/{case}/deeds/{entry}/reverse", tag = "desk", request_body = Because,
    params(("case" = CaseId, Path), ("entry" = String, Path)), responses((status = 200, body = [DeskDeed])))]
pub async fn desk_reverse_deed(
    State(app): State<App>,
    staff: Staff,
    ReadPath((case, entry)): ReadPath<(CaseId, String)>,
    body: ReadJson<Because>,
) -> ApiResult<Json<Vec<DeskDeed>>> {
    let by = staff.must(Action::ReverseDeed)?;
    let (entry, why, now, city) =
        (entry_id(&entry)?, reason(&body.value.reason)?, app.clock.now(), app.city());
    let shown = app.store.write(move |tx| {
        let before = shown(tx, &staff, case)?.ok_or(Halt::Refused(ApiError::not_found()))?;
        if before.iter().all(|deed| deed.entry != to_hex(&entry.0)) {
            return Err(Halt::Refused(ApiError::not_found()));
        }
        if ledger::reverse(tx, entry, &city, now)? == Reversed::Done {
            let detail = serde_json::json!({ "entry": to_hex(&entry.0), "reason": why }).to_string();
            let (role, action, subject) = (Role::Supervisor, AuditAction::ReverseDeed, case.to_string());
            record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: &detail })?;
        }
        shown(tx, &staff, case)?.ok_or(Halt::Refused(ApiError::not_found()))
    });
    Ok(Json(shown.await?))
}

/// The deeds of a case, where one of the reader's roles may find them false; none where the case is not there for them.
fn shown(conn: &mut Conn, staff: &Staff, case: CaseId) -> Result<Option<Vec<DeskDeed>>, Fault> {
    let Some(row) = cases::row(conn, case)? else { return Ok(None) };
    let subject = Subject { area: row.area.as_ref(), department: row.department.as_ref(), own: false };
    let actors: Vec<Actor> = staff.session.posts.iter().map(|post| post.actor(staff.session.user)).collect();
    if !actors.iter().any(|actor| permits(actor, Action::ReverseDeed, &subject)) {
        return Ok(None);
    }
    Ok(Some(ledger::deeds_of(conn, case)?.iter().filter_map(deed).collect()))
}
