//! What a case came to since people asked to be told.

use super::{GONE, OPEN};
use crate::Fault;
use crate::accounts::present;
use crate::cases::History;
use crate::column::{At, bytes, count};
use crate::conn::Tx;
use crate::schema::notice_consent as table;
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::case::{CameTo, outcomes};
use woodlark_domain::{CaseId, State, Timestamp, UserId};

type Id = Vec<u8>;

/// Sees what a case came to since people asked to be told, and lets their messages go. Seen twice, nothing is told twice: what is
/// told to somebody stands in a row of theirs.
pub(crate) fn see(tx: &mut Tx, history: &History, now: Timestamp) -> Result<(), Fault> {
    let case = &history.case;
    if waiting(tx, case.id)?.is_empty() {
        return Ok(());
    }
    if let Some(into) = case.merged_into.filter(|_| case.state == State::Merged) {
        return go_on_with(tx, case.id, into, case.state_since, now);
    }
    tell(tx, history, now)
}

/// Consents of a case that nothing was found for yet, oldest first: id, whose, and events of the case when it was given.
fn waiting(tx: &mut Tx, case: CaseId) -> Result<Vec<(Id, UserId, u32)>, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(tx.adcode().to_owned()))
        .filter(table::case_id.eq(bytes(case.as_bytes())))
        .filter(table::state.eq(OPEN))
        .filter(table::seq.is_null())
        .order((table::asked_at, table::id))
        .select((table::id, table::user_id, table::version))
        .load::<(Id, Vec<u8>, i64)>(&mut tx.engine)?;
    let at = |column| At("notice_consent", column);
    let read = |(id, user, version): (Id, Vec<u8>, i64)| {
        Ok((id, at("user_id").user(&user)?, at("version").number(version)?))
    };
    rows.into_iter().map(read).collect()
}

fn tell(tx: &mut Tx, history: &History, now: Timestamp) -> Result<(), Fault> {
    let case = &history.case;
    let mut told = told(tx, case.id)?;
    let mut came_to: Vec<CameTo> = outcomes(case.id, &history.events).unwrap_or_default();
    for one in &mut came_to {
        one.by = one.by.map(|user| present(tx, user)).transpose()?;
    }
    for (id, user, version) in waiting(tx, case.id)? {
        let news = came_to.iter().find(|one| {
            // Nobody is told what they did themselves.
            one.seq > version && one.by != Some(user) && !told.contains(&(user, one.seq))
        });
        let row = table::table.find((tx.adcode().to_owned(), id));
        if let Some(news) = news {
            told.insert((user, news.seq));
            let set = (
                table::seq.eq(Some(i64::from(news.seq))),
                table::outcome.eq(Some(news.outcome.code())),
                table::outcome_at.eq(Some(news.at.0)),
                table::due_at.eq(Some(now.0)),
                table::next_at.eq(Some(now.0)),
            );
            diesel::update(row).set(set).execute(&mut tx.engine)?;
        } else if case.state.is_final() {
            diesel::update(row).set(table::state.eq(GONE)).execute(&mut tx.engine)?;
        }
    }
    Ok(())
}

/// What was told already, and to whom.
fn told(tx: &mut Tx, case: CaseId) -> Result<BTreeSet<(UserId, u32)>, Fault> {
    let rows = table::table
        .filter(table::adcode.eq(tx.adcode().to_owned()))
        .filter(table::case_id.eq(bytes(case.as_bytes())))
        .filter(table::seq.is_not_null())
        .select((table::user_id, table::seq.assume_not_null()))
        .load::<(Vec<u8>, i64)>(&mut tx.engine)?;
    let at = |column| At("notice_consent", column);
    rows.iter().map(|(user, seq)| Ok((at("user_id").user(user)?, at("seq").number(*seq)?))).collect()
}

/// Whoever waits for a case that was merged waits for the other from that moment on.
fn go_on_with(
    tx: &mut Tx,
    case: CaseId,
    into: CaseId,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(other) = History::load(tx, into)? else { return Ok(()) };
    let version = other.events.iter().filter(|event| event.at <= since).count();
    let theirs = table::table
        .filter(table::adcode.eq(tx.adcode().to_owned()))
        .filter(table::case_id.eq(bytes(case.as_bytes())))
        .filter(table::state.eq(OPEN))
        .filter(table::seq.is_null());
    let set = (table::case_id.eq(bytes(into.as_bytes())), table::version.eq(count(version)));
    diesel::update(theirs).set(set).execute(&mut tx.engine)?;
    // It may have come to something meanwhile, or have been merged itself.
    see(tx, &other, now)
}
