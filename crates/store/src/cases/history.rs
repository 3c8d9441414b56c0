//! A case's events and what they come to. Where a person's accounts were joined, the fold speaks of the account that
//! remains; the events keep what was written.

use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::{Conn, each};
use crate::schema::{account, event};
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::case::{Case, Command, Event};
use woodlark_domain::report::Intake;
use woodlark_domain::{CaseId, Role, UserId};

/// A case's events, oldest first, and their fold.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) events: Vec<Event>,
    pub(crate) case: Case,
}

impl History {
    /// The events of a case; none where there is no such case.
    pub(crate) fn load(conn: &mut Conn, id: CaseId) -> Result<Option<Self>, Fault> {
        // With each event the account that its person's was joined to, if it was: no second query for nearly all cases.
        let rows = each!(conn, c => event::table
            .left_join(account::table.on(event::user_id.eq(account::user_id.nullable())))
            .filter(event::adcode.eq(&*conn.adcode))
            .filter(event::case_id.eq(id.as_bytes().as_slice()))
            .order(event::seq)
            .select((event::body, account::moved_to.nullable()))
            .load::<(String, Option<Vec<u8>>)>(c))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut events: Vec<Event> = Vec::with_capacity(rows.len());
        let mut moved = BTreeMap::new();
        for (body, to) in &rows {
            let event: Event = At("event", "body").json(body)?;
            if let (Some(user), Some(to)) = (resident(&event), to) {
                moved.insert(user, At("account", "moved_to").user(to)?);
            }
            events.push(event);
        }
        let mut case = fold(id, &events)?;
        moved.extend(moved_of(conn, &joined_by_others(&events))?);
        speak_of_the_present(&mut case, &moved);
        Ok(Some(Self { events, case }))
    }

    /// The events as they were written, whoever the people in them are by now, and how many bytes they take as JSON; none
    /// where there is no such case.
    pub(crate) fn written(conn: &mut Conn, id: CaseId) -> Result<Option<(Self, usize)>, Fault> {
        let rows = each!(conn, c => event::table
            .filter(event::adcode.eq(&*conn.adcode))
            .filter(event::case_id.eq(id.as_bytes().as_slice()))
            .order(event::seq)
            .select(event::body)
            .load::<String>(c))?;
        if rows.is_empty() {
            return Ok(None);
        }
        let read = |body: &String| At("event", "body").json(body);
        let events: Vec<Event> = rows.iter().map(read).collect::<Result<_, Fault>>()?;
        let case = fold(id, &events)?;
        Ok(Some((Self { events, case }, rows.iter().map(String::len).sum())))
    }

    /// What has not been written yet.
    pub(crate) fn begin(id: CaseId, first: Event) -> Result<Self, Fault> {
        let case = fold(id, std::slice::from_ref(&first))?;
        Ok(Self { events: vec![first], case })
    }

    /// What was reported.
    pub(crate) fn intake(&self) -> Option<&Intake> {
        let first = &self.events.first()?.what;
        if let Command::Report(intake) = first { Some(intake) } else { None }
    }

    /// Takes one more event in.
    pub(crate) fn push(&mut self, event: Event) -> Result<(), Fault> {
        self.case.apply(&event).map_err(|error| unsound(self.case.id, error))?;
        self.events.push(event);
        Ok(())
    }
}

fn fold(id: CaseId, events: &[Event]) -> Result<Case, Fault> {
    Case::fold(id, events).map_err(|error| unsound(id, error))
}

fn unsound(id: CaseId, error: woodlark_domain::case::FoldError) -> Fault {
    Fault::Events { case: id.to_string(), detail: error.to_string() }
}

/// The resident who did this; the accounts of staff are never joined.
fn resident(event: &Event) -> Option<UserId> {
    event.by.user.filter(|_| event.by.role == Role::Resident)
}

/// Residents whom somebody else made joiners: those whose own case was merged into this one.
fn joined_by_others(events: &[Event]) -> BTreeSet<UserId> {
    let joined = |event: &Event| if let Command::Join { who, .. } = event.what { Some(who) } else { None };
    events.iter().filter_map(|event| joined(event).filter(|who| event.by.user != Some(*who))).collect()
}

/// Of these people those whose account was joined to another, and to which.
fn moved_of(conn: &mut Conn, people: &BTreeSet<UserId>) -> Result<BTreeMap<UserId, UserId>, Fault> {
    let mut moved = BTreeMap::new();
    for user in people {
        let to = account::table
            .find(bytes(user.as_bytes()))
            .select(account::moved_to)
            .first::<Option<Vec<u8>>>(&mut conn.engine)
            .optional()?
            .flatten();
        if let Some(to) = to {
            moved.insert(*user, At("account", "moved_to").user(&to)?);
        }
    }
    Ok(moved)
}

/// Puts the account that remains in the place of those joined to it.
pub(super) fn speak_of_the_present(case: &mut Case, moved: &BTreeMap<UserId, UserId>) {
    if moved.is_empty() {
        return;
    }
    let now = |user: UserId| moved.get(&user).copied().unwrap_or(user);
    case.reporter = case.reporter.map(now);
    case.handled_by.iter_mut().chain(&mut case.passed_by).for_each(|user| *user = now(*user));
    case.joiners.iter_mut().for_each(|joiner| joiner.user = now(joiner.user));
    case.ratings.iter_mut().for_each(|rating| rating.user = now(rating.user));
    // One person stands to a case in one way: reporter before joiner, and each joiner once.
    let (reporter, mut seen) = (case.reporter, BTreeSet::new());
    case.joiners.retain(|joiner| Some(joiner.user) != reporter && seen.insert(joiner.user));
    let mut rated = BTreeSet::new();
    case.ratings.reverse();
    case.ratings.retain(|rating| rated.insert(rating.user));
    case.ratings.reverse();
}
