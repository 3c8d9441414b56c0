//! `GET /api/v1/desk/city`

use super::shown::{code_name, names, version};
use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use woodlark_domain::UserId;
use woodlark_domain::policy::Action;
use woodlark_store::city::{self, City, Proposal};
use woodlark_store::{Conn, Fault, cases, staff};
use woodlark_wire::{CityParts, ProposalView};

/// The parts of the city's data as they stand, and the corrections that are to become rules.
#[utoipa::path(get, path = "/api/v1/desk/city", tag = "desk", responses((status = 200, body = CityParts)))]
pub async fn desk_city(State(app): State<App>, staff: Staff) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditCity)?;
    let data = app.city();
    let read = app.store.read(move |conn| {
        let parts = city::parts(conn)?;
        let names = names(conn, &parts)?;
        let proposals = city::open_proposals(conn)?;
        Ok(CityParts {
            version: city::version(conn)?.unwrap_or(0),
            parts: parts.iter().map(|one| version(one, &names)).collect(),
            proposals: show(conn, &proposals, &data)?,
        })
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(read.await?)))
}

fn show(conn: &mut Conn, proposals: &[Proposal], city: &City) -> Result<Vec<ProposalView>, Fault> {
    let people: BTreeSet<UserId> = proposals.iter().map(|one| one.by).collect();
    let names = staff::names(conn, &people)?;
    let mut shown = Vec::with_capacity(proposals.len());
    for one in proposals {
        let number = cases::row(conn, one.case)?.map(|row| row.number.to_string()).unwrap_or_default();
        let Some(department) = city.department_name(&one.department) else { continue };
        let category = one.category.as_ref();
        let area = one.area.as_ref().and_then(|code| city.areas().get(code));
        shown.push(ProposalView {
            id: one.id,
            category: category.and_then(|code| Some(code_name(code, city.category_name(code, None)?))),
            area: area.map(|area| code_name(&area.code, &area.name)),
            department: code_name(&one.department, department),
            automatic: one.automatic,
            case: one.case,
            number,
            by: names.get(&one.by).cloned().unwrap_or_default(),
            at: one.at,
        });
    }
    Ok(shown)
}
