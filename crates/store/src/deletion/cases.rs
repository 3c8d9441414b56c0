//! What becomes of a resident's cases when their account ends.

use super::carry_out::{forget_in_audit, nobody};
use crate::Fault;
use crate::approvals::{self, Shown};
use crate::cases::{CaseFile, History, Reckoned, UNWOUND};
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx};
use crate::media;
use crate::schema::{case_attachment, case_file, event, joiner};
use diesel::prelude::*;
use std::collections::BTreeSet;
use woodlark_domain::{CaseId, ContentHash, UserId};

/// In each case that a person reported or joined, under any of these accounts, they become somebody whom no other case knows.
/// Says how many cases there are.
pub(super) fn forget(tx: &mut Tx, people: &[UserId], user: UserId, fresh: &[u8; 32]) -> Result<usize, Fault> {
    let me = bytes(user.as_bytes());
    let adcode = tx.adcode().to_owned();
    let reported: Vec<Vec<u8>> = case_file::table
        .filter(case_file::adcode.eq(&adcode))
        .filter(case_file::reporter.eq(&me))
        .select(case_file::id)
        .load(&mut tx.engine)?;
    let joined: Vec<Vec<u8>> = joiner::table
        .filter(joiner::user_id.eq(&me))
        .filter(joiner::adcode.eq(&adcode))
        .select(joiner::case_id)
        .load(&mut tx.engine)?;
    let cases: BTreeSet<Vec<u8>> = reported.into_iter().chain(joined).collect();
    for case in &cases {
        let id = At("case_file", "id").case(case)?;
        let brought = become_somebody(tx, id, people, nobody(&[b"case", fresh, id.as_bytes()]))?;
        forget_files(tx, id, &brought)?;
        write_anew(tx, id, people, user)?;
        forget_in_audit(tx, people, &id.to_string())?;
    }
    Ok(cases.len())
}

/// Writes that id in the place of these people's in a case's events. Gives the places of those that were theirs.
fn become_somebody(
    tx: &mut Tx,
    case: CaseId,
    people: &[UserId],
    somebody: UserId,
) -> Result<BTreeSet<i64>, Fault> {
    let key = (tx.adcode().to_owned(), bytes(case.as_bytes()));
    let events: Vec<(i64, Option<Vec<u8>>, String)> = event::table
        .filter(event::adcode.eq(&key.0))
        .filter(event::case_id.eq(&key.1))
        .select((event::seq, event::user_id, event::body))
        .load(&mut tx.engine)?;
    let mut theirs = BTreeSet::new();
    for (seq, by, body) in events {
        let is_theirs = people.iter().any(|one| by.as_deref() == Some(one.as_bytes()));
        if is_theirs {
            theirs.insert(seq);
        }
        let name = somebody.to_string();
        let told = people.iter().fold(body.clone(), |told, one| told.replace(&one.to_string(), &name));
        if told != body {
            let by = if is_theirs { Some(bytes(somebody.as_bytes())) } else { by };
            let row = event::table.find((&key.0, &key.1, seq));
            let set = (event::user_id.eq(by), event::body.eq(told));
            diesel::update(row).set(set).execute(&mut tx.engine)?;
        }
    }
    Ok(theirs)
}

/// Of the files that these events brought stays what everyone may see: of a covered photo the copy. The sweep erases the rest.
fn forget_files(tx: &mut Tx, case: CaseId, brought: &BTreeSet<i64>) -> Result<(), Fault> {
    let key = (tx.adcode().to_owned(), bytes(case.as_bytes()));
    let approved = approvals::of_case(tx, case)?;
    let files: Vec<(i64, i64, Vec<u8>)> = case_attachment::table
        .filter(case_attachment::adcode.eq(&key.0))
        .filter(case_attachment::case_id.eq(&key.1))
        .filter(case_attachment::seq.eq_any(brought.iter().copied().collect::<Vec<_>>()))
        .select((case_attachment::seq, case_attachment::position, case_attachment::hash))
        .load(&mut tx.engine)?;
    for (seq, position, hash) in files {
        let hash = At("case_attachment", "hash").hash(&hash)?;
        let row = case_attachment::table.find((&key.0, &key.1, seq, position));
        let left = match approved.get(&hash).map(|approval| approval.shown) {
            Some(Shown::Whole) => continue,
            Some(Shown::Covered(copy)) => media::get(tx, copy)?.map(|copy| copy.hash),
            Some(Shown::Nothing) | None => None,
        };
        match left {
            Some(copy) => {
                let set = case_attachment::media_hash.eq(bytes(copy.as_bytes()));
                diesel::update(row).set(set).execute(&mut tx.engine)?;
            }
            None => {
                diesel::delete(row).execute(&mut tx.engine)?;
            }
        }
    }
    Ok(())
}

/// The row of a case and its joiners, as its events read now.
fn write_anew(tx: &mut Tx, case: CaseId, people: &[UserId], user: UserId) -> Result<(), Fault> {
    let Some(history) = History::load(tx, case)? else { return Ok(()) };
    let (adcode, id) = (tx.adcode().to_owned(), bytes(case.as_bytes()));
    type Kept = (String, Option<i64>, Option<i64>, i64, Option<i64>);
    let kept = case_file::table
        .find((&adcode, &id))
        .select((
            case_file::number,
            case_file::promised_at,
            case_file::due_at,
            case_file::overdue,
            case_file::wakes_at,
        ))
        .first::<Kept>(&mut tx.engine)?;
    let (number, promised_at, due_at, overdue, wakes_at) = kept;
    // Where two accounts stood for one person, the clock looks at it anew.
    let wakes_at = if people.len() > 1 { Some(UNWOUND) } else { wakes_at };
    let reckoned = Reckoned { promised_at, due_at, overdue, wakes_at };
    let row = CaseFile::of(&adcode, &number, &history, &reckoned);
    diesel::update(case_file::table.find((&adcode, &id))).set(row.changed()).execute(&mut tx.engine)?;
    let photo = first_photo(tx, case, &history.case.photos)?.map(|photo| bytes(photo.as_bytes()));
    diesel::update(case_file::table.find((&adcode, &id)))
        .set(case_file::photo.eq(photo))
        .execute(&mut tx.engine)?;
    diesel::delete(joiner::table.find((&adcode, &id, bytes(user.as_bytes())))).execute(&mut tx.engine)?;
    let rows: Vec<Vec<u8>> = joiner::table
        .filter(joiner::adcode.eq(&adcode))
        .filter(joiner::case_id.eq(&id))
        .select(joiner::user_id)
        .load(&mut tx.engine)?;
    for one in &history.case.joiners {
        let who = bytes(one.user.as_bytes());
        if !rows.contains(&who) {
            let made = (
                joiner::adcode.eq(&adcode),
                joiner::case_id.eq(&id),
                joiner::user_id.eq(who),
                joiner::joined_at.eq(one.at.0),
            );
            diesel::insert_into(joiner::table).values(made).execute(&mut tx.engine)?;
        }
    }
    Ok(())
}

/// The first of a case's photos whose file is still there.
pub(crate) fn first_photo(
    conn: &mut Conn,
    case: CaseId,
    photos: &[ContentHash],
) -> Result<Option<ContentHash>, Fault> {
    let there: Vec<Vec<u8>> = case_attachment::table
        .filter(case_attachment::adcode.eq(&*conn.adcode))
        .filter(case_attachment::case_id.eq(bytes(case.as_bytes())))
        .select(case_attachment::hash)
        .load(&mut conn.engine)?;
    Ok(photos.iter().find(|photo| there.iter().any(|hash| hash == photo.as_bytes())).copied())
}
