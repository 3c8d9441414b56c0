//! `POST /api/v1/desk/proposals/{proposal}/decline`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, Staff};
use axum::extract::State;
use axum::http::StatusCode;
use woodlark_domain::ProposalId;
use woodlark_domain::policy::Action;
use woodlark_store::Halt;
use woodlark_store::city::{self, ProposalState};

/// Turns a proposal down. Applying one is applying the dispatch rules with it among them.
#[utoipa::path(post, path = "/api/v1/desk/proposals/{proposal}/decline", tag = "desk",
    params(("proposal" = ProposalId, Path)), responses((status = 204)))]
pub async fn desk_decline_proposal(
    State(app): State<App>,
    staff: Staff,
    ReadPath(id): ReadPath<ProposalId>,
) -> ApiResult<StatusCode> {
    let by = staff.must(Action::EditCity)?;
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            if !city::decide(tx, id, ProposalState::Declined, by, now)? {
                return Err(Halt::Refused(ApiError::not_found()));
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
