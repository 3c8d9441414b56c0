//! A case for a member of staff: loaded first, then asked of the policy with the row in hand. To those who may not, it is
//! not there.

use crate::edge::{ApiError, ApiResult, Staff};
use woodlark_domain::CaseId;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::Actor;
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_store::cases::{self, Whole};
use woodlark_store::city::City;
use woodlark_store::trail::{Deed, record};
use woodlark_store::{Conn, Fault, Halt, Tx};

/// The roles of a member of staff that permit this to this case.
pub(super) fn permitted(staff: &Staff, case: &Whole, action: Action) -> Vec<Actor> {
    let actors = staff.session.posts.iter().map(|post| post.actor(staff.session.user));
    actors.filter(|actor| permits(actor, action, &Subject::of(&case.case, actor))).collect()
}

/// The case, and those roles that permit the action to it; an answer of `not_found` where none does.
pub(super) fn load(
    conn: &mut Conn,
    staff: &Staff,
    id: CaseId,
    action: Action,
    city: &City,
) -> Result<Result<(Whole, Vec<Actor>), ApiError>, Fault> {
    let Some(whole) = cases::whole(conn, id, city)? else { return Ok(Err(ApiError::not_found())) };
    let actors = permitted(staff, &whole, action);
    Ok(if actors.is_empty() { Err(ApiError::not_found()) } else { Ok((whole, actors)) })
}

/// The same inside a transaction, where a refusal undoes it.
pub(crate) fn load_in(
    tx: &mut Tx,
    staff: &Staff,
    id: CaseId,
    action: Action,
    city: &City,
) -> Result<(Whole, Vec<Actor>), Halt<ApiError>> {
    load(tx, staff, id, action, city)?.map_err(Halt::Refused)
}

/// Writes down that somebody looked at something private of a case, before it is shown.
pub(super) async fn note_look(
    app: &crate::app::App,
    actor: &Actor,
    action: AuditAction,
    case: CaseId,
    detail: String,
) -> ApiResult<()> {
    let (user, role, at) = (actor.user, actor.role, app.clock.now());
    app.store
        .write(move |tx| {
            let subject = case.to_string();
            let deed = Deed { at, user, role, action, subject: &subject, detail: &detail };
            Ok::<_, Halt<ApiError>>(record(tx, &deed)?)
        })
        .await?;
    Ok(())
}
