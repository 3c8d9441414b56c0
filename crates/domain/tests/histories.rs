//! Random commands by random people: whatever is accepted folds to the state that was returned, and the rules hold.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says plainly what it expects")]

use proptest::prelude::*;
use woodlark_domain::case::{
    Actor, Case, Command, CommandKind, Event, Facts, Refusal, Stars, Verdict, allowed, decide, may, open,
};
use woodlark_domain::clock::{Calendar, Duty, Limit, Overdue, calls, clocks, wake};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::{Intake, Reason, Words};
use woodlark_domain::{
    AreaCode, CaseId, CategoryCode, ContentHash, DepartmentCode, Door, Kind, Role, State, Timestamp, UserId,
};

const START: Timestamp = Timestamp(1_790_000_000_000_000);

fn dept(number: u8) -> DepartmentCode {
    DepartmentCode::new(format!("dept-{number}")).unwrap()
}

/// One try: who (a few people in any role, so that hands get mixed), what, with which particulars, how much later.
#[derive(Debug, Clone)]
struct Try {
    user: u8,
    role: usize,
    department: u8,
    command: usize,
    choice: u8,
    later: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (
        0u8..4,
        0..Role::ALL.len(),
        0u8..2,
        0..CommandKind::ALL.len(),
        any::<u8>(),
        0i64..3 * Timestamp::DAY,
    )
        .prop_map(|(user, role, department, command, choice, later)| Try {
            user,
            role,
            department,
            command,
            choice,
            later,
        });
    prop::collection::vec(one, 1..400)
}

impl Try {
    fn actor(&self) -> Actor {
        let role = Role::ALL[self.role];
        Actor {
            user: (role != Role::System).then(|| UserId::from_bytes([self.user; 16])),
            role,
            department: Some(dept(self.department)),
            area: None,
            door: Door::Staff,
        }
    }

    fn command(&self, kind: Kind, now: Timestamp) -> Command {
        let reason = || Reason::new("因为").unwrap();
        let photos = || vec![ContentHash::from_bytes([self.choice % 3; 32]); usize::from(self.choice % 3)];
        let letter = match kind {
            Kind::Problem => "C01",
            Kind::Suggestion => "S01",
            Kind::Praise => "P01",
        };
        match CommandKind::ALL[self.command] {
            CommandKind::Report => Command::Report(Box::new(Intake::empty(kind))),
            CommandKind::File => Command::File {
                category: CategoryCode::new(letter).unwrap(),
                area: AreaCode::new("310120001").unwrap(),
                criterion: CriterionRef { version: 1, condition: 0 },
            },
            // Ways out are rare, or no history gets far.
            CommandKind::Decline if self.choice < 20 => Command::Decline { reason: reason() },
            CommandKind::Withdraw if self.choice < 20 => Command::Withdraw,
            CommandKind::ForceClose if self.choice < 60 => Command::ForceClose { reason: reason() },
            CommandKind::Merge => Command::Merge { into: CaseId::from_bytes([self.choice; 16]) },
            CommandKind::Decline
            | CommandKind::Withdraw
            | CommandKind::ForceClose
            | CommandKind::Dispatch => Command::Dispatch { department: dept(self.choice % 3), rule: None },
            CommandKind::Sign => Command::Sign,
            CommandKind::Return => Command::Return { reason: reason() },
            CommandKind::Defer => {
                Command::Defer { reason: reason(), until: now.plus(i64::from(self.choice) * Timestamp::HOUR) }
            }
            CommandKind::Resume => Command::Resume { reason: None },
            CommandKind::Extend => {
                Command::Extend { reason: reason(), limit: Limit::work_days(u32::from(self.choice % 4)) }
            }
            CommandKind::Finish => Command::Finish {
                note: reason(),
                photos: photos(),
                verdict: (self.choice > 100).then_some(Verdict::Adopted),
                fix: None,
            },
            CommandKind::Pass => Command::Pass { note: None, photos: photos(), fix: None },
            CommandKind::Rework => Command::Rework { reason: reason() },
            CommandKind::Rate => {
                Command::Rate { stars: Stars::new(self.choice % 5 + 1).unwrap(), words: None }
            }
            CommandKind::Contest => Command::Contest { reason: reason(), photos: Vec::new() },
            CommandKind::Settle => Command::Settle,
            CommandKind::Publish => Command::Publish { photos: Vec::new() },
            CommandKind::Thank => Command::Thank { note: None },
            CommandKind::Join => Command::Join { who: UserId::from_bytes([self.user; 16]), merged: None },
        }
    }
}

fn count(events: &[Event], kind: CommandKind) -> u32 {
    u32::try_from(events.iter().filter(|event| event.kind() == kind).count()).unwrap()
}

/// What must be true of an event that was accepted on this case.
fn check(before: &Case, event: &Event) {
    if before.state.is_final() {
        assert!(
            before.state == State::Settled && event.kind() == CommandKind::Rate,
            "{event:?} after the end"
        );
    }
    assert!(event.at >= before.last_at);
    if event.kind() == CommandKind::Pass {
        let user = event.by.user.unwrap();
        assert!(!before.handled_by.contains(&user) && !before.passed_by.contains(&user), "two hands");
        assert_ne!(event.by.department, before.department);
    }
    if let Command::Dispatch { department, .. } = &event.what {
        assert!(!before.returned_by.contains(department) || event.by.role == Role::Supervisor);
    }
}

/// What must be true of a case at any time.
fn check_whole(case: &Case, events: &[Event]) {
    assert_eq!(case.returns, count(events, CommandKind::Return));
    assert_eq!(case.reworks, count(events, CommandKind::Rework));
    assert_eq!(case.extensions, count(events, CommandKind::Extend));
    assert_eq!(case.contests, count(events, CommandKind::Contest));
    assert_eq!(case.forced, count(events, CommandKind::ForceClose) > 0);
    assert_eq!(case.closed_at.is_some(), matches!(case.state, State::Closed | State::Settled));
    assert_eq!(case.pauses.iter().any(|pause| pause.until.is_none()), case.state == State::Deferred);
    assert_eq!(case.clock_since.is_some(), case.department.is_some());
    assert!(case.joiners.iter().all(|joiner| Some(joiner.user) != case.reporter));
    if matches!(case.state, State::Dispatched | State::Handling | State::Deferred) {
        assert!(case.department.is_some() && case.category.is_some() && case.criterion.is_some());
    }
}

/// What the clock is to do is allowed at the moment that is told, and not one before; and it comes to an end.
fn check_wakes(case: &Case) {
    let (calendar, steps) = (Calendar::china(Vec::new()), [Limit::work_hours(3)]);
    let stage = |now| clocks(case, &steps, now, &calendar).stage;
    let clock = stage(case.last_at);
    let system = Actor::system();
    let mut raised = Overdue::No;
    while let Some(wake) = wake(case, clock.as_ref(), raised) {
        let early = wake.at.plus(-1);
        match wake.duty {
            Duty::Raise(level) => {
                assert!(level > raised && !calls(case, level).is_empty());
                assert_eq!(stage(wake.at).map(|clock| clock.overdue >= level), Some(true));
                assert_eq!(stage(early).map(|clock| clock.overdue < level), Some(true));
                raised = level;
            }
            Duty::Resume => {
                assert_eq!(may(case, &system, CommandKind::Resume, wake.at), Ok(()));
                assert_eq!(may(case, &system, CommandKind::Resume, early), Err(Refusal::DateNotCome));
                return;
            }
            Duty::Settle => {
                assert_eq!(may(case, &system, CommandKind::Settle, wake.at), Ok(()));
                let sooner = may(case, &system, CommandKind::Settle, early);
                assert!(case.all_content() || sooner == Err(Refusal::TooEarly));
                return;
            }
        }
    }
    assert!(!matches!(case.state, State::Closed | State::Deferred), "nobody would ever look again");
    assert!(raised == Overdue::Twice || clock.is_none(), "nobody would be called");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn every_history_folds_to_the_state_that_was_returned(kind in 0..Kind::ALL.len(), tries in tries()) {
        let id = CaseId::from_bytes([200; 16]);
        let mut intake = Intake::empty(Kind::ALL[kind]);
        intake.words = Words::new("看见了").ok();
        let mut now = START;
        let mut events = vec![open(intake, &Actor::resident(UserId::from_bytes([0; 16]), Door::Form), now).unwrap()];
        let mut case = Case::begin(id, &events[0]).unwrap();
        let mut other = case.clone();
        other.id = CaseId::from_bytes([7; 16]);
        for one in tries {
            now = now.plus(one.later / 8);
            let (actor, command) = (one.actor(), one.command(case.kind, now));
            let facts = Facts { now, certain: one.choice > 50, automatic: one.choice > 50, merge_into: Some(&other) };
            let offered = allowed(&case, &actor, now).contains(&command.kind());
            let Ok(event) = decide(&case, &actor, command, &facts) else { continue };
            prop_assert!(offered, "done but never offered: {:?}", event.kind());
            check(&case, &event);
            case.apply(&event).unwrap();
            events.push(event);
            check_whole(&case, &events);
            check_wakes(&case);
        }
        let text = serde_json::to_string(&events).unwrap();
        let read: Vec<Event> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &events);
        prop_assert_eq!(Case::fold(id, &read), Ok(case));
    }

    #[test]
    fn events_in_any_order_are_an_error_or_a_case_but_never_a_panic(kind in 0..Kind::ALL.len(), tries in tries()) {
        let kind = Kind::ALL[kind];
        let events: Vec<Event> =
            tries.iter().map(|one| Event::new(START.plus(one.later), &one.actor(), one.command(kind, START))).collect();
        let first = Event::new(START, &Actor::system(), Command::Report(Box::new(Intake::empty(kind))));
        let id = CaseId::from_bytes([200; 16]);
        let _ = Case::fold(id, &events);
        let mut case = Case::begin(id, &first).unwrap();
        for event in &events {
            let before = case.clone();
            if case.apply(event).is_err() {
                prop_assert_eq!(&case, &before);
            }
        }
    }
}
