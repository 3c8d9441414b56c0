//! `POST /api/v1/desk/staff/apply`

use super::judge::judge;
use crate::api::desk::invite;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadJson, Staff};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::limits::STAFF_BYTES;
use woodlark_domain::policy::Action;
use woodlark_domain::{ContentHash, Role, Timestamp, UserId};
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Halt, Tx, staff, staff_list};
use woodlark_wire::{ProblemCode, StaffApplied, StaffInvited, StaffListApply};

/// What the audit says of whoever came or changed by a list.
const DETAIL: &str = "{\"by\":\"list\"}";

/// Makes a list of staff that was previewed stand, whole or not at all: invites those who are new, gives the others of it
/// their names and roles. The links are shown this once. Where anything of the list of staff moved in between, or it is
/// not what the preview was of, nothing is done; so sending it again does nothing twice.
#[utoipa::path(post, path = "/api/v1/desk/staff/apply", tag = "desk", request_body = StaffListApply,
    responses((status = 200, body = StaffApplied)))]
pub async fn desk_staff_apply(
    State(app): State<App>,
    staff: Staff,
    request: Request,
) -> ApiResult<impl IntoResponse> {
    let by = staff.must(Action::EditStaff)?;
    let asked = ReadJson::<StaffListApply>::at_most(request, STAFF_BYTES).await?.value;
    let now = app.clock.now();
    let applied = app.store.write(move |tx| carry_out(tx, &asked.text, asked.hash, by, now)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(applied)))
}

/// Judges the list as things stand in this very transaction, and does what was previewed or nothing.
fn carry_out(
    tx: &mut Tx,
    text: &str,
    hash: ContentHash,
    by: UserId,
    now: Timestamp,
) -> Result<StaffApplied, Halt<ApiError>> {
    let Some(judged) = judge(tx, text)? else { return Err(Halt::Refused(ApiError::not_found())) };
    let Ok((change, found)) = judged else { return Err(Halt::Refused(ApiError::field("text", "city"))) };
    if found != hash {
        return Err(moved());
    }
    let mut invited = Vec::with_capacity(change.new.len());
    for person in &change.new {
        let made = invite(tx, person, by, DETAIL, now)?.ok_or_else(moved)?;
        let (login, name) = (person.login.clone(), person.name.clone());
        invited.push(StaffInvited { login, name, path: made.path });
    }
    for person in &change.changed {
        let user = staff_list::change(tx, person)?.ok_or_else(moved)?;
        note(tx, user, by, now)?;
    }
    let changed = u32::try_from(change.changed.len()).unwrap_or(u32::MAX);
    Ok(StaffApplied { invited, changed, expires_at: now.plus(staff::INVITED) })
}

fn note(tx: &mut Tx, user: UserId, by: UserId, at: Timestamp) -> Result<(), Halt<ApiError>> {
    let (role, action, subject) = (Role::Admin, AuditAction::ChangeStaff, user.to_string());
    Ok(record(tx, &Deed { at, user: Some(by), role, action, subject: &subject, detail: DETAIL })?)
}

fn moved() -> Halt<ApiError> {
    Halt::Refused(ProblemCode::StaffMoved.into())
}
