//! `POST /api/v1/desk/cases/{case}/proposal`

use crate::api::desk_case::{load_in, rule_offer};
use crate::app::App;
use crate::clock::random;
use crate::edge::{ApiError, ApiResult, ReadJson, ReadPath, Staff};
use axum::extract::State;
use axum::http::StatusCode;
use woodlark_domain::policy::Action;
use woodlark_domain::{CaseId, ProposalId, Role};
use woodlark_store::Halt;
use woodlark_store::city::{self, Proposal, ProposalState};
use woodlark_wire::{NewProposal, ProblemCode};

/// Proposes that a correction become a dispatch rule; an administrator decides. A case has one proposal at most.
#[utoipa::path(post, path = "/api/v1/desk/cases/{case}/proposal", tag = "desk", request_body = NewProposal,
    params(("case" = CaseId, Path)), responses((status = 204)))]
pub async fn desk_propose(
    State(app): State<App>,
    staff: Staff,
    ReadPath(case): ReadPath<CaseId>,
    body: ReadJson<NewProposal>,
) -> ApiResult<StatusCode> {
    let by = staff.must(Action::ProposeRule)?;
    let (now, data, new) = (app.clock.now(), app.city(), body.value);
    let id = ProposalId::new(u64::try_from(now.millis()).unwrap_or(0), random());
    app.store
        .write(move |tx| {
            let (whole, actors) = load_in(tx, &staff, case, Action::ProposeRule, &data)?;
            let offer = rule_offer(&whole, &data).ok_or(Halt::Refused(ApiError::from(ProblemCode::Moved)))?;
            let among = |choices: &[woodlark_wire::CodeName], code: Option<&str>| {
                code.is_none_or(|code| choices.iter().any(|choice| choice.code == code))
            };
            if !among(&offer.categories, new.category.as_ref().map(|code| code.as_str())) {
                return Err(Halt::Refused(ApiError::field("category", "category")));
            }
            if !among(&offer.areas, new.area.as_ref().map(|code| code.as_str())) {
                return Err(Halt::Refused(ApiError::field("area", "area")));
            }
            if offer.department.code != new.department.as_str() {
                return Err(Halt::Refused(ApiError::field("department", "department")));
            }
            let proposal = Proposal {
                id,
                category: new.category.clone(),
                area: new.area.clone(),
                department: new.department.clone(),
                automatic: new.automatic,
                case,
                by,
                at: now,
                state: ProposalState::Open,
            };
            let role = actors.first().map_or(Role::Dispatcher, |actor| actor.role);
            if !city::propose(tx, &proposal, role)? {
                return Err(Halt::Refused(ApiError::from(ProblemCode::Moved)));
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
