//! Cases of every sort, made through the rules by dice that fall the same each time; and what a queue must show of them,
//! found by looking at every one.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Case, Command, Event, Facts, Stars, Verdict, decide, open};
use woodlark_domain::clock::{Limit, Overdue, clocks};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::policy::{Action, Subject, permits};
use woodlark_domain::report::{Intake, PlaceWords, Reason, Words};
use woodlark_domain::{CaseId, ContentHash, Door, Kind, Role, State, Timestamp, UserId, Visibility};
use woodlark_store::cases::queue::{Ask, Listed};
use woodlark_store::city::City;
use woodlark_store::seed::{self, Past};

/// Dice.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

pub(crate) const LETTERS: [char; 12] = ['路', '灯', '井', '盖', '不', '亮', '坏', 'a', 'B', '3', '，', ' '];

/// A few letters out of a dozen, so that pairs meet often and words seldom.
pub(crate) fn words(dice: &mut Dice, least: u64, most: u64) -> String {
    (0..least + dice.below(most - least)).map(|_| dice.pick(&LETTERS)).collect()
}

fn reason() -> Reason {
    Reason::new("因为").unwrap()
}

/// A report of any sort.
fn intake(dice: &mut Dice) -> Intake {
    let kind = dice.pick(Kind::ALL);
    let category = match kind {
        Kind::Problem => dice.pick(&["C0101", "C0102"]),
        Kind::Suggestion => "S01",
        Kind::Praise => "P01",
    };
    let area = dice.pick(&["310120001", "31012000100101", "310120", "310120002"]);
    // Now and then longer than a list shows.
    let most = if dice.below(8) == 0 { 200 } else { 30 };
    Intake {
        category: (dice.below(5) > 0).then(|| code(category)),
        area: (dice.below(6) > 0).then(|| code(area)),
        words: Words::new(&format!("{}x", words(dice, 2, most))).ok(),
        place_words: PlaceWords::new(&words(dice, 0, 12)).ok(),
        visibility: dice.pick(Visibility::ALL),
        ..Intake::empty(kind)
    }
}

/// What happens next to a case, and by whom; many are left where they stand.
fn next(case: &Case, now: Timestamp, dice: &mut Dice) -> Option<(Actor, Command)> {
    let of = |role| Actor::staff(UserId::new(1, [u8::try_from(case.events).unwrap(); 10]), role);
    let handler = || case.department.clone().map(|department| of(Role::Handler).of(department));
    let category = match case.kind {
        Kind::Problem => dice.pick(&["C0101", "C0102"]),
        Kind::Suggestion => "S01",
        Kind::Praise => "P01",
    };
    if dice.below(7) == 0 {
        return None;
    }
    let photos = || vec![ContentHash::from_bytes([3; 32])];
    match (case.state, dice.below(8)) {
        (State::Received, 0) => Some((of(Role::Acceptor), Command::Decline { reason: reason() })),
        (State::Received, _) if case.kind == Kind::Praise => {
            Some((of(Role::Acceptor), Command::Publish { photos: Vec::new() }))
        }
        (State::Received, _) => {
            let criterion = CriterionRef { version: 1, condition: 0 };
            let area = code(dice.pick(&["310120001", "31012000100101", "310120002"]));
            Some((of(Role::Acceptor), Command::File { category: code(category), area, criterion }))
        }
        (State::Filed, _) => {
            let department = code(dice.pick(&["lamps", "roads"]));
            Some((of(Role::Supervisor), Command::Dispatch { department, rule: None }))
        }
        (State::Dispatched, 0 | 1) => Some((handler()?, Command::Return { reason: reason() })),
        (State::Dispatched, _) => Some((handler()?, Command::Sign)),
        (State::Handling, 0 | 1) => {
            let until = now.plus(Timestamp::DAY * i64::try_from(1 + dice.below(9)).unwrap());
            Some((of(Role::Dispatcher), Command::Defer { reason: reason(), until }))
        }
        (State::Handling, 2) => {
            Some((of(Role::Dispatcher), Command::Extend { reason: reason(), limit: Limit::work_days(2) }))
        }
        (State::Handling, _) => {
            let verdict = (case.kind == Kind::Suggestion).then_some(Verdict::Adopted);
            Some((handler()?, Command::Finish { note: reason(), photos: photos(), verdict, fix: None }))
        }
        (State::Verifying, 0 | 1) => Some((of(Role::Verifier), Command::Rework { reason: reason() })),
        (State::Verifying, _) => {
            Some((of(Role::Verifier), Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None }))
        }
        (State::Closed, 0 | 1) => {
            let reporter = Actor::resident(case.reporter?, Door::Browser);
            Some((reporter, Command::Contest { reason: reason(), photos: Vec::new() }))
        }
        (State::Closed, 2) => {
            let reporter = Actor::resident(case.reporter?, Door::Browser);
            Some((reporter, Command::Rate { stars: Stars::new(5).unwrap(), words: None }))
        }
        (State::Published, 0 | 1) => Some((of(Role::Acceptor), Command::Thank { note: None })),
        _ => None,
    }
}

/// A case that came in within the week before noon, and what happened to it until then.
fn past(reporter: UserId, dice: &mut Dice) -> Past {
    let minutes = i64::try_from(dice.below(7 * 24 * 60)).unwrap();
    let mut now = NOON.plus(-minutes * Timestamp::MINUTE);
    let id = case_id();
    let door = dice.pick(&[Door::Browser, Door::Wechat, Door::Kiosk]);
    let mut events: Vec<Event> = vec![open(intake(dice), &Actor::resident(reporter, door), now).unwrap()];
    for _ in 0..12 {
        now = now.plus(i64::try_from(dice.below(20 * 60)).unwrap() * Timestamp::MINUTE);
        let case = Case::fold(id, &events).unwrap();
        let Some((actor, command)) = next(&case, now, dice).filter(|_| now < NOON) else { break };
        if let Ok(event) = decide(&case, &actor, command, &Facts::at(now)) {
            events.push(event);
        }
    }
    Past { id, events, photos: Vec::new() }
}

/// A case as it really is.
pub(crate) struct Known {
    pub(crate) case: Case,
    pub(crate) words: String,
    pub(crate) place_words: String,
    due: Option<Timestamp>,
    overdue: Overdue,
}

/// Makes so many cases, and tells what is known of each. The clock has seen to all of them at noon.
pub(crate) async fn many(ground: &Ground, count: usize, seed: u64) -> Vec<Known> {
    let (reporter, _) = resident(ground).await;
    let mut dice = Dice(seed);
    let made: Vec<Past> = (0..count).map(|_| past(reporter, &mut dice)).collect();
    let (city, cases) = (Arc::clone(&ground.city), made.clone());
    write(ground, move |tx| seed::cases(tx, &cases, &city)).await;
    loop {
        let due = crate::clock::due(ground, NOON).await;
        if due.is_empty() {
            break;
        }
        for case in due {
            crate::clock::tick(ground, case, NOON).await;
        }
    }
    let mut known = Vec::new();
    for past in made {
        known.push(know(ground, &past).await);
    }
    known
}

async fn know(ground: &Ground, past: &Past) -> Known {
    let (id, reporter) = (past.id, past.events[0].by.user.unwrap());
    let city = Arc::clone(&ground.city);
    let view = ground.store.read(move |conn| woodlark_store::cases::view(conn, id, reporter, &city));
    let case = view.await.unwrap().unwrap().case.clone();
    let Command::Report(intake) = &past.events[0].what else { panic!() };
    of(case, intake, &ground.city)
}

fn of(case: Case, intake: &Intake, city: &City) -> Known {
    let steps = city.filed(&case).unwrap_or_default();
    let stage = clocks(&case, steps, NOON, &city.data().calendar).stage;
    Known {
        due: stage.and_then(|stage| stage.due),
        overdue: stage.map_or(Overdue::No, |stage| stage.overdue),
        words: intake.words.as_ref().map(ToString::to_string).unwrap_or_default(),
        place_words: intake.place_words.as_ref().map(ToString::to_string).unwrap_or_default(),
        case,
    }
}

/// Whether a case is meant: read slowly, one question after another.
pub(crate) fn is_meant(known: &Known, ask: &Ask<'_>) -> bool {
    let (case, filter) = (&known.case, ask.filter);
    let may_read = ask
        .actors
        .iter()
        .any(|actor| permits(actor, Action::ReadCase, &Subject { own: false, ..Subject::of(case, actor) }));
    let within =
        filter.area.as_ref().is_none_or(|area| case.area.as_ref().is_some_and(|its| its.is_within(area)));
    let of_category = filter
        .category
        .as_ref()
        .is_none_or(|category| case.category.as_ref().is_some_and(|its| its.is_within(category)));
    may_read
        && ask.queue.states().contains(&case.state)
        && (!ask.queue.is_overdue() || known.overdue > Overdue::No)
        && (filter.states.is_empty() || filter.states.contains(&case.state))
        && filter.kind.is_none_or(|kind| case.kind == kind)
        && within
        && of_category
        && filter.department.as_ref().is_none_or(|department| case.department.as_ref() == Some(department))
        && filter.door.is_none_or(|door| case.door == door)
        && filter.received_from.is_none_or(|from| case.reported_at >= from)
        && filter.received_until.is_none_or(|until| case.reported_at < until)
        && filter.overdue.is_none_or(|overdue| known.overdue == overdue)
        && filter.visibility.is_none_or(|visibility| case.visibility == visibility)
        && filter.words.as_ref().is_none_or(|words| words.stand_in(&[&known.words, &known.place_words]))
}

/// The order that a queue must be in.
pub(crate) fn order(known: &Known, ask: &Ask<'_>) -> (i64, CaseId) {
    if ask.queue.is_by_due() {
        (known.due.map_or(i64::MAX, |due| due.0), known.case.id)
    } else {
        (known.case.last_at.0, known.case.id)
    }
}

/// What a row says is what is known.
pub(crate) fn assert_says(row: &Listed, known: &Known) {
    let case = &known.case;
    assert_eq!((row.id, row.kind, row.state, row.version), (case.id, case.kind, case.state, case.events));
    assert_eq!((&row.category, &row.area, &row.department), (&case.category, &case.area, &case.department));
    assert_eq!((row.due_at, row.overdue), (known.due, known.overdue), "{:?}", case.state);
    assert_eq!(row.reworks, case.reworks);
    assert_eq!((row.received_at, row.changed_at), (case.reported_at, case.last_at));
    assert!(known.words.starts_with(&row.words));
}
