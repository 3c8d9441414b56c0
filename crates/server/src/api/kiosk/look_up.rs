//! `POST /api/v1/lookup`

use super::{CODE_OF_CASE, CODES_OF_DEVICE, case_code_hash, counted, locked};
use crate::api::case::{category_name, department_name, public_step, show_promise};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ClientAddress, ReadJson, kiosk_of};
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use sha2::{Digest, Sha256};
use woodlark_domain::kiosk::LetterCode;
use woodlark_domain::{CaseNumber, Timestamp};
use woodlark_store::cases::{self, Whole};
use woodlark_store::city::City;
use woodlark_store::{Halt, kiosks, wrong_tries};
use woodlark_wire::{LookUp, LookedUp, ProblemCode};

/// A case by its number and code, for anyone who was given these at a kiosk: where it stands, its promise and its steps; nothing of
/// who reported it, no photo, no voice. Wrong codes lock their number, and whoever asks, for ten minutes.
#[utoipa::path(post, path = "/api/v1/lookup", tag = "kiosk", request_body = LookUp,
    responses((status = 200, body = LookedUp)))]
pub async fn look_up(
    State(app): State<App>,
    headers: HeaderMap,
    address: Option<Extension<ClientAddress>>,
    body: ReadJson<LookUp>,
) -> ApiResult<Json<LookedUp>> {
    let kiosk = kiosk_of(&app, &headers).await?;
    let device = kiosk.map_or_else(|| counted(address.as_ref()), |kiosk| kiosk.id.as_bytes().to_vec());
    let typed = body.value.number.trim().to_ascii_uppercase();
    // One that there is not is counted as one that there is, so that a lock tells nothing.
    let subject: [u8; 32] = Sha256::digest(typed.as_bytes()).into();
    let number = CaseNumber::new(typed).ok();
    let code = body.value.code.parse::<LetterCode>().ok();
    let (city, now, held) = (app.city(), app.clock.now(), app.clone());
    let known = city.clone();
    let found = app
        .store
        .write(move |tx| {
            for (guard, subject) in [(CODES_OF_DEVICE, &device[..]), (CODE_OF_CASE, &subject[..])] {
                if let Some(until) = wrong_tries::locked(tx, guard, subject, now)? {
                    return Err(Halt::Refused(locked(until, now)));
                }
            }
            let case = number.as_ref().map(|number| kiosks::named(tx, number)).transpose()?.flatten();
            let right = case
                .zip(code.as_ref())
                .and_then(|((case, kept), code)| (case_code_hash(&held, case, code) == kept).then_some(case));
            let Some(case) = right else {
                // It is counted, so this is kept.
                wrong_tries::wrong(tx, CODES_OF_DEVICE, &device, now)?;
                wrong_tries::wrong(tx, CODE_OF_CASE, &subject, now)?;
                return Ok(None);
            };
            wrong_tries::right(tx, CODE_OF_CASE, &subject)?;
            Ok::<_, Halt<ApiError>>(cases::whole(tx, case, &known)?)
        })
        .await?;
    let whole = found.ok_or(ProblemCode::LookUpWrong)?;
    Ok(Json(show(&whole, &city, now)))
}

fn show(whole: &Whole, city: &City, now: Timestamp) -> LookedUp {
    let row = &whole.row;
    LookedUp {
        number: row.number.clone(),
        kind: row.kind,
        state: row.state,
        received_at: row.received_at,
        category: category_name(row.category.as_ref(), row.filed_at, city),
        department: department_name(row.department.as_ref(), city),
        promise: whole.promise.as_ref().map(|promise| show_promise(promise, row.state, now)),
        steps: (1..).zip(&whole.events).map(|(number, event)| public_step(number, event, city)).collect(),
    }
}
