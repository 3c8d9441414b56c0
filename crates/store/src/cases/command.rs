//! A command: the events are loaded, the rules decide, and what they decide is written.

use super::Row;
use super::append::{File, append};
use super::by_rules::next_by_rules;
use super::history::History;
use crate::Fault;
use crate::city::City;
use crate::conn::Tx;
use crate::media;
use woodlark_domain::case::{Actor, Case, Command, Facts, Refusal, Relations, decide};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::{CaseId, Role, Timestamp, Visibility};

/// What somebody wants done to a case.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Which case.
    pub case: CaseId,
    /// Who, as what.
    pub actor: &'a Actor,
    /// What, with what it must carry.
    pub command: Command,
    /// When.
    pub now: Timestamp,
    /// The city's data as it stands.
    pub city: &'a City,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Commanded {
    /// It was done; so the case stands.
    Done(Box<Row>),
    /// There is no such case, or not for this resident. Nothing was changed.
    NotFound,
    /// A rule refused. Nothing was changed.
    Refused(Refusal),
}

/// Does what is ordered, if the rules allow it. A merge also makes everyone whom the case concerned a joiner of the other.
///
/// # Errors
/// [`Fault`].
pub fn command(tx: &mut Tx, order: &Order<'_>) -> Result<Commanded, Fault> {
    let Some(mut history) = History::load(tx, order.case)? else { return Ok(Commanded::NotFound) };
    if is_hidden(&history.case, order) {
        return Ok(Commanded::NotFound);
    }
    let mut target =
        if let Command::Merge { into } = order.command { History::load(tx, into)? } else { None };
    let facts = facts(order, target.as_ref().map(|target| &target.case));
    let event = match decide(&history.case, order.actor, order.command.clone(), &facts) {
        Ok(event) => event,
        Err(refusal) => return Ok(Commanded::Refused(refusal)),
    };
    let Some(files) = files(tx, &order.command)? else {
        return Ok(Commanded::Refused(Refusal::PhotoUnknown));
    };
    history.push(event)?;
    let mut row = append(tx, &history, &files, order.city)?;
    if matches!(order.command, Command::File { .. }) {
        // What a person has filed goes on by itself where a rule may send it.
        while let Some(event) = next_by_rules(&history.case, order.city, order.now) {
            history.push(event)?;
            row = append(tx, &history, &[], order.city)?;
        }
    }
    if let Some(target) = target.as_mut() {
        join_all(tx, &history.case, target, order)?;
    }
    Ok(Commanded::Done(Box::new(row)))
}

/// A resident learns nothing of a case that is not theirs, but for a public one that they join.
fn is_hidden(case: &Case, order: &Order<'_>) -> bool {
    if order.actor.role != Role::Resident {
        return false;
    }
    let relations = Relations::of(order.actor, case);
    let joins = matches!(order.command, Command::Join { .. }) && case.visibility == Visibility::Public;
    !(relations.reporter || relations.joiner || joins)
}

/// What the rules need to know besides case and actor.
fn facts<'a>(order: &Order<'_>, merge_into: Option<&'a Case>) -> Facts<'a> {
    let (mut certain, mut automatic) = (false, false);
    if let Command::File { category, .. } = &order.command {
        certain = order.city.category(category).is_some_and(|category| category.certain);
    }
    if let Command::Dispatch { department, rule: Some(rule) } = &order.command {
        let named = |one: &Rule| one.code == *rule && one.department == *department && one.automatic;
        automatic = order.city.data().rules.iter().any(named);
    }
    Facts { now: order.now, certain, automatic, merge_into }
}

/// The photos that a command brings; none where one of them was never stored.
fn files(tx: &mut Tx, command: &Command) -> Result<Option<Vec<File>>, Fault> {
    // What is published was part of the report already.
    if matches!(command, Command::Report(_) | Command::Publish { .. }) {
        return Ok(Some(Vec::new()));
    }
    let mut files = Vec::new();
    for hash in command.photos() {
        if media::get(tx, *hash)?.is_none() {
            return Ok(None);
        }
        files.push(File { hash: *hash, role: "photo", media_hash: *hash, duration_ms: None });
    }
    Ok(Some(files))
}

/// Those whom a merged case concerned, reporter and joiners, go on as joiners of the other, unless they stand to it already.
fn join_all(tx: &mut Tx, merged: &Case, target: &mut History, order: &Order<'_>) -> Result<(), Fault> {
    // The merge was allowed. Whoever met the matter does not lose it because the other case lies in the next area.
    let actor = Actor { area: None, ..order.actor.clone() };
    for who in merged.reporter.into_iter().chain(merged.joiners.iter().map(|joiner| joiner.user)) {
        let join = Command::Join { who, merged: Some(merged.id) };
        if let Ok(event) = decide(&target.case, &actor, join, &Facts::at(order.now)) {
            target.push(event)?;
            append(tx, target, &[], order.city)?;
        }
    }
    Ok(())
}
