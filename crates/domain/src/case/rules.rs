//! Who may do what, when: the one way from a command to an event.

use super::fold::suits;
use super::{Actor, Case, Command, CommandKind, Event, Refusal, Relations};
use crate::limits::{CONTEST_DAYS, PHOTOS_PER_REPORT, RATING_DAYS};
use crate::report::Intake;
use crate::{Kind, Role, State, Timestamp, Visibility};

/// What a decision needs to know besides the case and the actor. The caller looks it up.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// For a `file` by the rules: whether the category is certain.
    pub certain: bool,
    /// For a `dispatch` by the rules: whether the rule may send it without a person.
    pub automatic: bool,
    /// For a `merge`: the case to merge into, if there is one by that id.
    pub merge_into: Option<&'a Case>,
}

impl Facts<'_> {
    /// Nothing known but the time; enough for all that people do except merging.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self { now, certain: false, automatic: false, merge_into: None }
    }
}

/// Takes a report in: the first event of a new case.
///
/// # Errors
/// [`Refusal`] names the rule.
pub fn open(intake: Intake, actor: &Actor, now: Timestamp) -> Result<Event, Refusal> {
    if matches!(actor.role, Role::Admin | Role::System) {
        return Err(Refusal::WrongRole);
    }
    if actor.role != Role::Resident && actor.user.is_none() {
        return Err(Refusal::NoPerson);
    }
    intake.check().map_err(|_| Refusal::BadReport)?;
    Ok(Event::new(now, actor, Command::Report(Box::new(intake))))
}

/// Whether this actor may do this to this case now: the event, or the rule that refuses.
/// The event is never earlier than the one before it, whatever two servers' clocks say.
///
/// # Errors
/// [`Refusal`] names the rule.
pub fn decide(case: &Case, actor: &Actor, command: Command, facts: &Facts<'_>) -> Result<Event, Refusal> {
    may(case, actor, command.kind(), facts.now)?;
    check(case, actor, &command, facts)?;
    Ok(Event::new(facts.now.max(case.last_at), actor, command))
}

/// What this actor may do to this case now, if they bring what it must carry. A page draws these and no others.
#[must_use]
pub fn allowed(case: &Case, actor: &Actor, now: Timestamp) -> Vec<CommandKind> {
    CommandKind::ALL.iter().copied().filter(|kind| may(case, actor, *kind, now).is_ok()).collect()
}

/// Whether kind, state, role, area, relation and time allow a command, whatever it carries.
///
/// # Errors
/// [`Refusal`] names the rule.
pub fn may(case: &Case, actor: &Actor, command: CommandKind, now: Timestamp) -> Result<(), Refusal> {
    if !suits(command, case.kind) {
        return Err(Refusal::WrongKind);
    }
    if case.next(command).is_none() {
        return Err(Refusal::WrongState);
    }
    if !roles(command).contains(&actor.role) {
        return Err(Refusal::WrongRole);
    }
    if actor.role != Role::System && actor.user.is_none() {
        return Err(Refusal::NoPerson);
    }
    if let (Some(theirs), Some(area)) = (&actor.area, &case.area)
        && !area.is_within(theirs)
    {
        return Err(Refusal::OutsideArea);
    }
    relation(command, case, actor, Relations::of(actor, case))?;
    time(command, case, actor, now)
}

/// The roles that a command is for.
const fn roles(command: CommandKind) -> &'static [Role] {
    use CommandKind as C;
    match command {
        C::Report => &[],
        C::File => &[Role::Acceptor, Role::System],
        C::Decline | C::Merge | C::Publish | C::Thank => &[Role::Acceptor],
        C::Withdraw | C::Rate | C::Contest => &[Role::Resident],
        C::Dispatch => &[Role::Dispatcher, Role::Supervisor, Role::System],
        C::Sign | C::Return | C::Finish => &[Role::Handler],
        C::Defer | C::Extend => &[Role::Dispatcher],
        C::Resume => &[Role::Dispatcher, Role::System],
        C::Pass | C::Rework => &[Role::Verifier],
        C::Settle => &[Role::System],
        C::ForceClose => &[Role::Supervisor],
        C::Join => &[Role::Resident, Role::Acceptor, Role::System],
    }
}

/// The rows that forbid a command for how somebody stands to the case: the first that holds refuses.
fn relation(command: CommandKind, case: &Case, actor: &Actor, has: Relations) -> Result<(), Refusal> {
    use CommandKind as C;
    let own = actor.role == Role::Resident;
    let rows: [(&[CommandKind], bool, Refusal); 9] = [
        (&[C::Withdraw], !has.reporter, Refusal::NotReporter),
        (&[C::Rate, C::Contest], !has.reporter && !has.joiner, Refusal::NotConcerned),
        (&[C::Sign, C::Return, C::Finish], !has.department, Refusal::OtherDepartment),
        (&[C::Pass], has.handled, Refusal::HandledIt),
        (&[C::Pass], has.passed, Refusal::PassedIt),
        (&[C::Pass], has.department, Refusal::SameDepartment),
        (&[C::Join], own && has.reporter, Refusal::OwnCase),
        (&[C::Join], own && has.joiner, Refusal::AlreadyJoined),
        (&[C::Join], own && case.visibility == Visibility::Private, Refusal::Private),
    ];
    first_refusal(command, &rows)
}

/// The rows that forbid a command for the day it is.
fn time(command: CommandKind, case: &Case, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
    use CommandKind as C;
    let over = |start: Timestamp, days: i64| now > start.plus(days * Timestamp::DAY);
    let rested = case.closed_at.is_some_and(|closed| over(closed, CONTEST_DAYS));
    let waits = actor.role == Role::System && case.deferred_until.is_some_and(|until| now < until);
    let mine = case.ratings.iter().find(|rating| Some(rating.user) == actor.user);
    let rows: [(&[CommandKind], bool, Refusal); 4] = [
        (&[C::Resume], waits, Refusal::DateNotCome),
        (&[C::Contest], rested, Refusal::ContestOver),
        (&[C::Settle], !rested && !case.all_content(), Refusal::TooEarly),
        (&[C::Rate], mine.is_some_and(|rating| over(rating.first_at, RATING_DAYS)), Refusal::RatingOver),
    ];
    first_refusal(command, &rows)
}

fn first_refusal(command: CommandKind, rows: &[(&[CommandKind], bool, Refusal)]) -> Result<(), Refusal> {
    let refused = rows.iter().find(|(commands, holds, _)| *holds && commands.contains(&command));
    refused.map_or(Ok(()), |(_, _, refusal)| Err(*refusal))
}

/// Whether a command carries what it must.
fn check(case: &Case, actor: &Actor, command: &Command, facts: &Facts<'_>) -> Result<(), Refusal> {
    if command.photos().len() > PHOTOS_PER_REPORT {
        return Err(Refusal::TooManyPhotos);
    }
    let refuse_if = |refused: bool, refusal: Refusal| if refused { Err(refusal) } else { Ok(()) };
    let by_rules = actor.role == Role::System;
    match command {
        Command::File { category, area, .. } => {
            refuse_if(by_rules && !facts.certain, Refusal::NotCertain)?;
            refuse_if(category.kind() != case.kind, Refusal::CategoryOfOtherKind)?;
            refuse_if(actor.area.as_ref().is_some_and(|theirs| !area.is_within(theirs)), Refusal::OutsideArea)
        }
        Command::Merge { into } => merge(case, *into, facts.merge_into),
        Command::Dispatch { department, .. } => {
            refuse_if(by_rules && !facts.automatic, Refusal::NotAutomatic)?;
            let returned = case.returned_by.contains(department);
            refuse_if(returned && actor.role != Role::Supervisor, Refusal::ReturnedBefore)
        }
        Command::Defer { until, .. } => refuse_if(*until <= facts.now, Refusal::DatePast),
        Command::Extend { limit, .. } => refuse_if(limit.minutes == 0, Refusal::NoTime),
        Command::Finish { photos, verdict, .. } => match case.kind {
            Kind::Suggestion => refuse_if(verdict.is_none(), Refusal::VerdictNeeded),
            Kind::Problem | Kind::Praise => {
                refuse_if(verdict.is_some(), Refusal::VerdictUnwanted)?;
                refuse_if(photos.is_empty(), Refusal::PhotoNeeded)
            }
        },
        Command::Pass { note, photos, .. } => {
            refuse_if(note.is_none() && photos.is_empty(), Refusal::NoteOrPhotoNeeded)
        }
        Command::Publish { photos } => {
            refuse_if(!photos.iter().all(|photo| case.photos.contains(photo)), Refusal::PhotoUnknown)
        }
        Command::Join { who, merged } => join(case, actor, *who, merged.is_some()),
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

fn merge(case: &Case, into: crate::CaseId, target: Option<&Case>) -> Result<(), Refusal> {
    if into == case.id {
        return Err(Refusal::MergeItself);
    }
    let target = target.filter(|target| target.id == into).ok_or(Refusal::MergeUnknown)?;
    if target.kind != case.kind {
        return Err(Refusal::MergeOtherKind);
    }
    if target.state.is_open() { Ok(()) } else { Err(Refusal::MergeNotOpen) }
}

fn join(case: &Case, actor: &Actor, who: crate::UserId, merged: bool) -> Result<(), Refusal> {
    if (actor.role == Role::Resident && actor.user != Some(who)) || (actor.role != Role::Resident && !merged)
    {
        return Err(Refusal::NotOneself);
    }
    if case.reporter == Some(who) {
        return Err(Refusal::OwnCase);
    }
    let joined = case.joiners.iter().any(|joiner| joiner.user == who);
    if joined { Err(Refusal::AlreadyJoined) } else { Ok(()) }
}

impl State {
    /// Whether work on the case goes on: from received to verifying, or deferred.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Received
                | Self::Filed
                | Self::Dispatched
                | Self::Handling
                | Self::Verifying
                | Self::Deferred
        )
    }
}
