//! Messages on their way to WeChat.

use super::{GONE, OPEN, SENDING, SENT, UNKNOWN};
use crate::Fault;
use crate::column::{At, count};
use crate::conn::{Conn, Tx};
use crate::redeem::linked_openid;
use crate::schema::{case_file, notice_consent as table};
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::case::Outcome;
use woodlark_domain::{CaseId, CategoryCode, Kind, Role, Timestamp};
use woodlark_ledger::bytes::to_hex;

/// How long a message that WeChat does not take is tried anew: after that it is no news any more.
const TRIED_FOR: i64 = Timestamp::DAY;
/// How long the server that took a message up has to hear an answer.
const LEASE: i64 = 10 * Timestamp::MINUTE;
/// The longest between two tries.
const PAUSE_MAX: i64 = 2 * Timestamp::HOUR;

/// A message that is to go now.
#[derive(Debug, Clone, PartialEq)]
pub struct Going {
    /// The consent that it uses.
    pub id: Vec<u8>,
    /// About which case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Problem, suggestion or praise.
    pub kind: Kind,
    /// What it was filed as.
    pub category: Option<CategoryCode>,
    /// When it was filed.
    pub filed_at: Option<Timestamp>,
    /// To whom, as the app knows them.
    pub openid: String,
    /// What the case came to.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It was sent.
    Sent,
    /// It was certainly not, and the consent is still good.
    Kept,
    /// It was not, and the consent is none any more.
    Gone,
    /// Nobody knows.
    Unknown,
}

/// Whether anything is to go, or was to have gone.
///
/// # Errors
/// [`Fault`].
pub fn is_due(conn: &mut Conn, now: Timestamp) -> Result<bool, Fault> {
    let due = table::table
        .filter(table::adcode.eq(&*conn.adcode))
        .filter(table::next_at.le(now.0))
        .select(table::tries)
        .first::<i64>(&mut conn.engine);
    Ok(due.optional()?.is_some())
}

#[derive(Queryable)]
struct Due {
    id: Vec<u8>,
    case: Vec<u8>,
    user: Vec<u8>,
    appid: String,
    openid: String,
    state: String,
    outcome: Option<String>,
    outcome_at: Option<i64>,
    due_at: Option<i64>,
}

/// Takes up what is to go now, with this app: each is written down as on its way. What was on its way and was never heard of again
/// may have gone, and is not sent again; what is a day old is no news.
///
/// # Errors
/// [`Fault`].
pub fn claim(tx: &mut Tx, appid: &str, now: Timestamp, most: usize) -> Result<Vec<Going>, Fault> {
    let due = table::table
        .filter(table::adcode.eq(tx.adcode().to_owned()))
        .filter(table::next_at.le(now.0))
        .order((table::next_at, table::id))
        .limit(count(most))
        .select((
            table::id,
            table::case_id,
            table::user_id,
            table::appid,
            table::openid,
            table::state,
            table::outcome,
            table::outcome_at,
            table::due_at,
        ))
        .load::<Due>(&mut tx.engine)?;
    let mut going = Vec::new();
    for one in due {
        if one.state != OPEN {
            end_as(tx, &one.id, UNKNOWN, now)?;
            continue;
        }
        let user = At("notice_consent", "user_id").user(&one.user)?;
        let linked = linked_openid(tx, user, appid)?;
        let is_theirs = one.appid == appid && linked.as_deref() == Some(one.openid.as_str());
        let is_old = one.due_at.is_none_or(|due| now.0 >= due.saturating_add(TRIED_FOR));
        match read(tx, &one)?.filter(|_| is_theirs && !is_old) {
            Some(message) => {
                let row = table::table.find((tx.adcode().to_owned(), one.id));
                let set = (table::state.eq(SENDING), table::next_at.eq(Some(now.plus(LEASE).0)));
                diesel::update(row).set(set).execute(&mut tx.engine)?;
                going.push(message);
            }
            None => end_as(tx, &one.id, GONE, now)?,
        }
    }
    Ok(going)
}

fn read(tx: &mut Tx, one: &Due) -> Result<Option<Going>, Fault> {
    let (Some(outcome), Some(at)) = (&one.outcome, one.outcome_at) else { return Ok(None) };
    let found = case_file::table
        .find((tx.adcode().to_owned(), one.case.clone()))
        .select((case_file::number, case_file::kind, case_file::category, case_file::filed_at))
        .first::<(String, String, Option<String>, Option<i64>)>(&mut tx.engine)
        .optional()?;
    let Some((number, kind, category, filed_at)) = found else { return Ok(None) };
    Ok(Some(Going {
        id: one.id.clone(),
        case: At("notice_consent", "case_id").case(&one.case)?,
        number,
        kind: At("case_file", "kind").code(&kind, Kind::from_code)?,
        category: At("case_file", "category").text_if(category.as_deref())?,
        filed_at: filed_at.map(Timestamp),
        openid: one.openid.clone(),
        outcome: At("notice_consent", "outcome").code(outcome, Outcome::from_code)?,
        at: Timestamp(at),
    }))
}

/// Takes down what became of a message. Of one that nobody waits to hear of nothing is believed.
///
/// # Errors
/// [`Fault`].
pub fn heard(tx: &mut Tx, id: &[u8], word: Word, now: Timestamp) -> Result<(), Fault> {
    let found = table::table
        .find((tx.adcode().to_owned(), id))
        .filter(table::state.eq(SENDING))
        .select((table::due_at, table::tries))
        .first::<(Option<i64>, i64)>(&mut tx.engine)
        .optional()?;
    let Some((due_at, tries)) = found else { return Ok(()) };
    match word {
        Word::Sent => end_as(tx, id, SENT, now),
        Word::Gone => end_as(tx, id, GONE, now),
        Word::Unknown => end_as(tx, id, UNKNOWN, now),
        Word::Kept => {
            let doubled = Timestamp::MINUTE.saturating_mul(1 << tries.clamp(0, 20));
            let again = now.plus(doubled.min(PAUSE_MAX));
            if due_at.is_none_or(|due| again.0 >= due.saturating_add(TRIED_FOR)) {
                return end_as(tx, id, GONE, now);
            }
            let row = table::table.find((tx.adcode().to_owned(), id));
            let set = (
                table::state.eq(OPEN),
                table::next_at.eq(Some(again.0)),
                table::tries.eq(tries.saturating_add(1)),
            );
            diesel::update(row).set(set).execute(&mut tx.engine)?;
            Ok(())
        }
    }
}

/// A consent is used up; what went, or may have gone, is in the audit.
fn end_as(tx: &mut Tx, id: &[u8], state: &'static str, now: Timestamp) -> Result<(), Fault> {
    let row = table::table.find((tx.adcode().to_owned(), id));
    diesel::update(row)
        .set((table::state.eq(state), table::next_at.eq(None::<i64>)))
        .execute(&mut tx.engine)?;
    if state == GONE {
        return Ok(());
    }
    let (case, seq) = table::table
        .find((tx.adcode().to_owned(), id))
        .select((table::case_id, table::seq))
        .first::<(Vec<u8>, Option<i64>)>(&mut tx.engine)?;
    let subject = At("notice_consent", "case_id").case(&case)?.to_string();
    let detail = serde_json::json!({ "seq": seq, "state": state, "consent": to_hex(id) }).to_string();
    let (user, role, action) = (None, Role::System, AuditAction::Notify);
    record(tx, &Deed { at: now, user, role, action, subject: &subject, detail: &detail })
}
