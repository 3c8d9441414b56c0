//! `GET /api/v1/public/{case}`

use super::is_public;
use crate::api::case::{area_name, category_name, department_name, photo_stage, public_step, show_promise};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, SendJson, Token};
use axum::extract::State;
use woodlark_domain::case::{Actor, CommandKind, may};
use woodlark_domain::{CaseId, Door, Timestamp, UserId};
use woodlark_store::approvals::Shown;
use woodlark_store::cases::{self, Whole};
use woodlark_store::city::City;
use woodlark_wire::{PhotoStage, PublicCase, PublicPhoto};

/// One case as everyone may see it. A private one, and one that nobody has filed, is not found.
#[utoipa::path(get, path = "/api/v1/public/{case}", tag = "public", params(("case" = CaseId, Path)),
    responses((status = 200, body = PublicCase)))]
pub async fn public_case(
    State(app): State<App>,
    token: Token,
    ReadPath(case): ReadPath<CaseId>,
) -> ApiResult<SendJson<PublicCase>> {
    let (city, now) = (app.city(), app.clock.now());
    let known = city.clone();
    let read = token.read(&app, move |conn, session| {
        let whole = cases::whole(conn, case, &known)?.filter(is_public);
        Ok((whole, session.map(|session| session.user)))
    });
    let (whole, reader) = read.await?;
    Ok(SendJson(show(&whole.ok_or_else(ApiError::not_found)?, reader, &city, now)))
}

/// The case as somebody without an account sees it; none where that is nothing.
///
/// # Errors
/// The store's.
pub(crate) async fn read_public(app: &App, case: CaseId) -> ApiResult<Option<PublicCase>> {
    let (city, now) = (app.city(), app.clock.now());
    let known = city.clone();
    let whole = app.store.read(move |conn| cases::whole(conn, case, &known)).await?;
    Ok(whole.filter(is_public).map(|whole| show(&whole, None, &city, now)))
}

fn show(whole: &Whole, reader: Option<UserId>, city: &City, now: Timestamp) -> PublicCase {
    let (row, case) = (&whole.row, &whole.case);
    let joins =
        |user: UserId| may(case, &Actor::resident(user, Door::Browser), CommandKind::Join, now).is_ok();
    let concerns =
        |user: UserId| case.reporter == Some(user) || case.joiners.iter().any(|joiner| joiner.user == user);
    PublicCase {
        id: row.id,
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        words: whole.events.first().and_then(|event| event.what.words()).unwrap_or_default().to_owned(),
        category: category_name(row.category.as_ref(), row.filed_at, city),
        area: area_name(row.area.as_ref(), city),
        position: row.position,
        received_at: row.received_at,
        department: department_name(row.department.as_ref(), city),
        promise: whole.promise.as_ref().map(|promise| show_promise(promise, row.state, now)),
        photos: photos(whole),
        steps: (1..).zip(&whole.events).map(|(number, event)| public_step(number, event, city)).collect(),
        joiners: row.joiners,
        mine: reader.is_some_and(concerns),
        // Who has no account yet gets one with the first tap.
        may_join: reader.map_or(case.next(CommandKind::Join).is_some(), joins),
    }
}

/// The pictures of before and after that may be seen, or are still to be decided about; never what somebody contests with.
fn photos(whole: &Whole) -> Vec<PublicPhoto> {
    let seen = |file: &cases::Attachment| {
        file.media.size?;
        let event = whole.events.get(usize::try_from(file.seq).ok()?.checked_sub(1)?)?;
        let stage = photo_stage(event.kind()).filter(|stage| *stage != PhotoStage::Contested)?;
        match whole.approvals.get(&file.hash).map(|approval| approval.shown) {
            Some(Shown::Nothing) => None,
            Some(Shown::Whole | Shown::Covered(_)) => {
                Some(PublicPhoto { hash: file.hash, stage, veiled: false })
            }
            None => Some(PublicPhoto { hash: file.hash, stage, veiled: true }),
        }
    };
    whole.attachments.iter().filter_map(seen).collect()
}
