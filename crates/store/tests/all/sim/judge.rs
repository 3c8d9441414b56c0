//! Who may do what, by the table and by what domain.md says each command must carry. It knows nothing of the rules' code.

use super::cast::afterwards;
use super::model::{Case, Model};
use crate::table::{Row, wanted};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::{AreaCode, Kind, Role, State, Timestamp};

/// The state that a command leads to, or the code of the rule that refuses it; `not_found` for a resident whom the case
/// does not concern.
pub(crate) fn judge(
    rows: &[Row],
    model: &Model,
    case: &Case,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<State, &'static str> {
    let concerned = case.concerned().any(|user| Some(user) == actor.user);
    if actor.role == Role::Resident
        && !concerned
        && (case.private || !matches!(command, Command::Join { .. }))
    {
        return Err("not_found");
    }
    let to = wanted(rows, case.kind, case.state, command.kind(), actor.role, &relations(case, actor));
    let of_the_case = matches!(to, Err("wrong_kind" | "wrong_state" | "wrong_role"));
    if !of_the_case && case.area.as_ref().is_some_and(|area| !reaches(actor, area)) {
        return Err("outside_area");
    }
    let to = to?;
    if matches!(command, Command::Join { .. }) && actor.role == Role::Resident && case.private {
        return Err("private");
    }
    in_time(case, actor, command, now)?;
    carries(model, case, actor, command, now)?;
    let brought = !matches!(command, Command::Publish { .. } | Command::Report(_));
    refuse_if(brought && command.photos().iter().any(|photo| *photo != afterwards().hash), "photo_unknown")?;
    Ok(if matches!(command, Command::Rework { .. }) { back(case, to) } else { to })
}

/// What was ended by force before a department had it goes on where it was.
fn back(case: &Case, to: State) -> State {
    match (&case.department, case.filed_at) {
        (Some(_), _) => to,
        (None, Some(_)) => State::Filed,
        (None, None) => State::Received,
    }
}

fn relations(case: &Case, actor: &Actor) -> Vec<&'static str> {
    let mut relations = Vec::new();
    if actor.department.is_some() && actor.department == case.department {
        relations.push("department");
    }
    if let Some(user) = actor.user {
        let holds = [
            ("reporter", case.reporter == user),
            ("joiner", case.joiners.contains(&user)),
            ("handled", case.handled.contains(&user)),
            ("passed", case.passed.contains(&user)),
        ];
        relations.extend(holds.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name));
    }
    relations
}

/// Whether an area lies in the one that somebody's post is held in: codes of what lies within begin with those of the whole.
pub(crate) fn reaches(actor: &Actor, area: &AreaCode) -> bool {
    actor.area.as_ref().is_none_or(|theirs| area.as_str().starts_with(theirs.as_str()))
}

fn refuse_if(refused: bool, code: &'static str) -> Result<(), &'static str> {
    if refused { Err(code) } else { Ok(()) }
}

fn in_time(case: &Case, actor: &Actor, command: &Command, now: Timestamp) -> Result<(), &'static str> {
    let older = |at: Option<Timestamp>, days: i64| at.is_some_and(|at| now.0 - at.0 > days * Timestamp::DAY);
    let mine = actor.user.and_then(|user| case.ratings.get(&user)).map(|rated| rated.first_at);
    let waits = actor.role == Role::System && case.waits_until.is_some_and(|until| now < until);
    let week_over = older(case.closed_at, 7);
    refuse_if(matches!(command, Command::Contest { .. }) && week_over, "contest_over")?;
    refuse_if(matches!(command, Command::Settle) && !week_over && !case.all_content(), "too_early")?;
    refuse_if(matches!(command, Command::Rate { .. }) && older(mine, 30), "rating_over")?;
    refuse_if(matches!(command, Command::Resume { .. }) && waits, "date_not_come")
}

fn carries(
    model: &Model,
    case: &Case,
    actor: &Actor,
    command: &Command,
    now: Timestamp,
) -> Result<(), &'static str> {
    let system = actor.role == Role::System;
    match command {
        Command::File { category, area, .. } => {
            refuse_if(system && category.as_str() != "C0101", "not_certain")?;
            let letter = match case.kind {
                Kind::Problem => 'C',
                Kind::Suggestion => 'S',
                Kind::Praise => 'P',
            };
            refuse_if(!category.as_str().starts_with(letter), "category_of_other_kind")?;
            refuse_if(!reaches(actor, area), "outside_area")
        }
        Command::Merge { into } => {
            refuse_if(*into == case.id, "merge_itself")?;
            let other = model.place(*into).map(|place| &model.cases[place]).ok_or("merge_unknown")?;
            refuse_if(other.kind != case.kind, "merge_other_kind")?;
            refuse_if(!OPEN.contains(&other.state), "merge_not_open")
        }
        Command::Dispatch { department, rule } => {
            let automatic = department.as_str() == "lamps"
                && rule.as_ref().is_some_and(|rule| rule.as_str() == "lamps-first");
            refuse_if(system && !automatic, "not_automatic")?;
            let again = case.returned.contains(department);
            refuse_if(again && actor.role != Role::Supervisor, "returned_before")
        }
        Command::Defer { until, .. } => refuse_if(*until <= now, "date_past"),
        Command::Extend { limit, .. } => refuse_if(limit.minutes == 0, "no_time"),
        Command::Finish { photos, verdict, .. } => match case.kind {
            Kind::Suggestion => refuse_if(verdict.is_none(), "verdict_needed"),
            Kind::Problem | Kind::Praise => {
                refuse_if(verdict.is_some(), "verdict_unwanted")?;
                refuse_if(photos.is_empty(), "photo_needed")
            }
        },
        Command::Pass { note, photos, .. } => {
            refuse_if(note.is_none() && photos.is_empty(), "note_or_photo_needed")
        }
        Command::Publish { photos } => {
            refuse_if(!photos.iter().all(|photo| case.photos.contains(photo)), "photo_unknown")
        }
        Command::Join { who, merged } => {
            let for_oneself = actor.role == Role::Resident;
            let rightly = if for_oneself { actor.user == Some(*who) } else { merged.is_some() };
            refuse_if(!rightly, "not_oneself")?;
            refuse_if(case.reporter == *who, "own_case")?;
            refuse_if(case.joiners.contains(who), "already_joined")
        }
        Command::Report(_)
        | Command::Decline { .. }
        | Command::Withdraw
        | Command::Sign
        | Command::Return { .. }
        | Command::Resume { .. }
        | Command::Rework { .. }
        | Command::Rate { .. }
        | Command::Contest { .. }
        | Command::Settle
        | Command::ForceClose { .. }
        | Command::Thank { .. } => Ok(()),
    }
}

/// Where work on a case goes on.
const OPEN: [State; 6] =
    [State::Received, State::Filed, State::Dispatched, State::Handling, State::Verifying, State::Deferred];

/// Who may look at what: role, then what of a case; `a` in the area of the post, `d` in its department.
const LOOKS: &str = "
    acceptor   read_case:a look_at_original:a listen_to_voice:a read_reporter:a approve_photo:a
    dispatcher read_case:a look_at_original:a listen_to_voice:a
    handler    read_case:d look_at_original:d
    verifier   read_case:a look_at_original:a listen_to_voice:a
    supervisor read_case:a look_at_original:a listen_to_voice:a read_reporter:a
";

/// Whether somebody of the staff may look.
pub(crate) fn may_look(case: &Case, actor: &Actor, action: &str) -> bool {
    let line = LOOKS.lines().find(|line| line.split_whitespace().next() == Some(actor.role.code()));
    let scope = line.into_iter().flat_map(str::split_whitespace).find_map(|cell| cell.strip_prefix(action));
    match scope {
        Some(":a") => case.area.as_ref().is_none_or(|area| reaches(actor, area)),
        Some(":d") => actor.department.is_some() && actor.department == case.department,
        _ => false,
    }
}
