//! `GET /api/v1/desk/audit`

use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::policy::Action;
use woodlark_domain::search::SoughtNumber;
use woodlark_domain::{CaseId, Role, Timestamp, UserId};
use woodlark_store::trail::{self, Place, Recorded, Sought};
use woodlark_store::{Conn, Fault, cases, staff};
use woodlark_wire::{AuditAsked, AuditRow, Page};

/// Rows of one page.
const ROWS: usize = 50;

/// Who did and saw what, latest first. The log is only ever appended to.
#[utoipa::path(get, path = "/api/v1/desk/audit", tag = "desk", params(AuditAsked), responses((status = 200, body = Page<AuditRow>)))]
pub async fn desk_audit(
    State(app): State<App>,
    staff: Staff,
    ReadQuery(asked): ReadQuery<AuditAsked>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::ReadAudit)?;
    let (rows, last) = rows(&app, asked, ROWS).await?;
    let next = last
        .filter(|_| rows.len() == ROWS)
        .map(|(at, id)| id.iter().fold(format!("{}.", at.0), |text, byte| text + &format!("{byte:02x}")));
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Page { rows, next })))
}

/// The rows that are asked for, and the place of the last.
pub(super) async fn rows(
    app: &App,
    asked: AuditAsked,
    most: usize,
) -> ApiResult<(Vec<AuditRow>, Option<Place>)> {
    let after = if asked.after.is_empty() { None } else { Some(read_cursor(&asked.after)?) };
    let found = app.store.read(move |conn| {
        let Some(sought) = sought(conn, &asked)? else { return Ok((Vec::new(), None)) };
        let found = trail::page(conn, &sought, after.as_ref(), most)?;
        let last = found.last().map(|(place, _)| place.clone());
        let deeds: Vec<Recorded> = found.into_iter().map(|(_, deed)| deed).collect();
        Ok((show(conn, deeds)?, last))
    });
    Ok(found.await?)
}

/// What is meant; none where there is no such person or case.
fn sought(conn: &mut Conn, asked: &AuditAsked) -> Result<Option<Sought>, Fault> {
    let full = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let user = match full(&asked.login) {
        None => None,
        Some(login) => {
            let members = staff::list(conn)?;
            match members.iter().find(|member| member.login == login) {
                Some(member) => Some(member.user),
                None => return Ok(None),
            }
        }
    };
    let subject = match full(&asked.subject) {
        Some(text) if SoughtNumber::new(&text).is_some() => match cases::of_number(conn, &text)? {
            Some(id) => Some(id.to_string()),
            None => return Ok(None),
        },
        other => other,
    };
    Ok(Some(Sought { user, subject, action: full(&asked.action), from: asked.from, to: asked.to }))
}

fn show(conn: &mut Conn, deeds: Vec<Recorded>) -> Result<Vec<AuditRow>, Fault> {
    let people: BTreeSet<UserId> =
        deeds.iter().filter(|deed| deed.role != Role::Resident).filter_map(|deed| deed.user).collect();
    let names = staff::names(conn, &people)?;
    let mut numbers: BTreeMap<CaseId, Option<String>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let number = match deed.subject.parse::<CaseId>() {
            Ok(id) => match numbers.get(&id) {
                Some(known) => known.clone(),
                None => {
                    let found = cases::row(conn, id)?.map(|row| row.number.to_string());
                    numbers.insert(id, found.clone());
                    found
                }
            },
            Err(_) => None,
        };
        let named = deed.user.filter(|_| deed.role != Role::Resident);
        rows.push(AuditRow {
            at: deed.at,
            name: named.and_then(|user| names.get(&user)).cloned(),
            role: deed.role,
            action: deed.action,
            subject: deed.subject,
            number,
            detail: deed.detail,
        });
    }
    Ok(rows)
}

fn read_cursor(text: &str) -> ApiResult<Place> {
    let bad = || ApiError::field("after", "after");
    let (at, id) = text.split_once('.').ok_or_else(bad)?;
    let (pairs, rest) = id.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let id: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    let id = id.filter(|_| rest.is_empty()).ok_or_else(bad)?;
    Ok((Timestamp(at.parse().map_err(|_| bad())?), id))
}
