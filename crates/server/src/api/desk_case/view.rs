//! `GET /api/v1/desk/cases/{case}`

use super::load::{load, note_look, permitted};
use super::shown::{Beside, Reading, show};
use crate::app::App;
use crate::edge::{ApiResult, ReadPath, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use woodlark_domain::alike::Sought;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::policy::Action;
use woodlark_domain::{CaseId, Role, UserId};
use woodlark_store::cases;
use woodlark_store::city::has_proposal;
use woodlark_store::staff::names;
use woodlark_wire::DeskCase;

/// Alike cases that are shown beside a case.
const ALIKE: usize = 10;

/// One case, whole, with what the reader may do to it now. That it was read is in the audit log.
#[utoipa::path(get, path = "/api/v1/desk/cases/{case}", tag = "desk", params(("case" = CaseId, Path)),
    responses((status = 200, body = DeskCase)))]
pub async fn desk_case(
    State(app): State<App>,
    staff: Staff,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<impl IntoResponse> {
    let shown = read(&app, &staff, case).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)))
}

/// The case as this member of staff sees it now.
pub(super) async fn read(app: &App, staff: &Staff, case: CaseId) -> ApiResult<DeskCase> {
    let (city, now, reader) = (app.city(), app.clock.now(), staff.clone());
    let known = city.clone();
    let loaded =
        app.store
            .read(move |conn| {
                let (whole, actors) = match load(conn, &reader, case, Action::ReadCase, &known)? {
                    Ok(found) => found,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let staff: BTreeSet<UserId> = whole
                    .events
                    .iter()
                    .filter(|event| !matches!(event.by.role, Role::Resident | Role::System))
                    .filter_map(|event| event.by.user)
                    .collect();
                let names = names(conn, &staff)?;
                let sought = whole.case.position.filter(|_| whole.case.state.is_open()).map(|position| {
                    Sought { kind: whole.case.kind, category: whole.case.category.clone(), position }
                });
                let mut alike = match sought {
                    Some(sought) => cases::alike(conn, &sought, None, now, ALIKE + 1)?,
                    None => Vec::new(),
                };
                let escalations = cases::escalations(conn, case)?;
                alike.retain(|one| one.id != case);
                alike.truncate(ALIKE);
                let proposed = has_proposal(conn, case)?;
                Ok(Ok((whole, actors, names, alike, escalations, proposed)))
            })
            .await?;
    let (whole, actors, names, alike, escalations, proposed) = loaded?;
    let listens = !permitted(staff, &whole, Action::ListenToVoice).is_empty();
    if let Some(actor) = actors.first() {
        note_look(app, actor, AuditAction::ReadCase, case, "{}".to_owned()).await?;
    }
    let proposes = !proposed && !permitted(staff, &whole, Action::ProposeRule).is_empty();
    let reading = Reading { posts: &staff.session.posts, actors: &actors, names: &names, listens, proposes };
    let beside = Beside { alike: &alike, escalations: &escalations };
    Ok(show(&whole, &reading, &beside, &city, now))
}
