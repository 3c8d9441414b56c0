//! The clocks against days that people know, and against a slow count minute by minute.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says plainly what it expects")]

use proptest::prelude::*;
use woodlark_domain::Timestamp;
use woodlark_domain::clock::{
    Calendar, Day, Limit, LimitKind, MoveCause, Overdue, Span, WorkSpan, Year, clocks, deadline,
    deadline_paused, elapsed, elapsed_paused, overdue, promise,
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    let days = |texts: &[&str]| texts.iter().map(|text| day(text)).collect();
    Calendar::china(vec![Year {
        year: 2026,
        provisional: false,
        holidays: days(&[
            "2026-10-01",
            "2026-10-02",
            "2026-10-03",
            "2026-10-04",
            "2026-10-05",
            "2026-10-06",
            "2026-10-07",
        ]),
        workdays: days(&["2026-09-20", "2026-10-10"]),
        names: Default::default(),
    }])
}

/// A moment of the city's time, `2026-09-30 17:00`.
fn at(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap();
    let (hours, minutes) = time.split_once(':').unwrap();
    let minutes = hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
    calendar().midnight(day(date)).plus(minutes * Timestamp::MINUTE)
}

#[test]
fn eight_work_hours_begun_before_the_holidays_end_after_them() {
    let calendar = calendar();
    // Wednesday the 30th leaves one hour; the 1st to the 7th are free; Thursday the 8th gives the other seven.
    assert_eq!(deadline(at("2026-09-30 17:00"), Limit::work_days(1), &calendar), at("2026-10-08 17:00"));
    // Friday the 9th, then Saturday the 10th, which makes up for a holiday.
    assert_eq!(deadline(at("2026-10-09 17:00"), Limit::work_hours(2), &calendar), at("2026-10-10 09:00"));
    assert_eq!(deadline(at("2026-10-10 17:30"), Limit::work_hours(1), &calendar), at("2026-10-12 08:30"));
}

#[test]
fn lunch_and_night_do_not_count_and_a_limit_that_ends_at_noon_ends_at_noon() {
    let calendar = calendar();
    assert_eq!(deadline(at("2026-11-23 11:50"), Limit::work_minutes(15), &calendar), at("2026-11-23 14:05"));
    assert_eq!(deadline(at("2026-11-23 11:45"), Limit::work_minutes(15), &calendar), at("2026-11-23 12:00"));
    assert_eq!(deadline(at("2026-11-23 23:00"), Limit::work_minutes(15), &calendar), at("2026-11-24 08:15"));
    assert_eq!(deadline(at("2026-11-22 03:00"), Limit::work_minutes(0), &calendar), at("2026-11-22 03:00"));
}

#[test]
fn urgent_hours_and_calendar_days_run_day_and_night() {
    let calendar = calendar();
    assert_eq!(deadline(at("2026-09-30 23:30"), Limit::urgent_hours(1), &calendar), at("2026-10-01 00:30"));
    assert_eq!(deadline(at("2026-10-01 10:00"), Limit::calendar_days(3), &calendar), at("2026-10-04 10:00"));
}

#[test]
fn a_deferred_case_gets_back_the_time_it_had_left() {
    let calendar = calendar();
    let start = at("2026-11-23 09:00");
    let pause = |until: Option<&str>| [Span { from: at("2026-11-23 10:00"), until: until.map(at) }];
    let due = |until| deadline_paused(start, Limit::work_hours(3), &pause(until), &calendar);
    assert_eq!(due(Some("2026-11-25 08:00")), Some(at("2026-11-25 10:00")));
    assert_eq!(due(None), None, "its clock stands still");
    let spent = deadline_paused(start, Limit::work_hours(1), &pause(None), &calendar);
    assert_eq!(spent, Some(at("2026-11-23 10:00")), "it had run out before");
    let spent = elapsed_paused(
        start,
        at("2026-11-25 09:00"),
        Limit::work_hours(3),
        &pause(Some("2026-11-25 08:00")),
        &calendar,
    );
    assert_eq!(spent, 2 * Timestamp::HOUR);
    let early = [Span { from: at("2026-11-20 10:00"), until: Some(at("2026-11-20 12:00")) }];
    assert_eq!(deadline_paused(start, Limit::work_hours(3), &early, &calendar), Some(at("2026-11-23 12:00")));
}

#[test]
fn a_department_is_told_at_once_and_a_supervisor_at_twice_the_limit() {
    let calendar = calendar();
    let level = |now| overdue(at("2026-11-23 08:00"), Limit::work_hours(2), &[], at(now), &calendar);
    assert_eq!(level("2026-11-23 10:00"), Overdue::No);
    assert_eq!(level("2026-11-23 10:01"), Overdue::Over);
    assert_eq!(level("2026-11-23 11:59"), Overdue::Over);
    assert_eq!(level("2026-11-23 12:00"), Overdue::Twice);
    assert_eq!(level("2026-11-23 13:00"), Overdue::Twice);
}

#[test]
fn what_was_due_at_noon_is_over_at_one_though_nobody_worked_since() {
    let calendar = calendar();
    let level = |now| overdue(at("2026-11-23 08:00"), Limit::work_hours(4), &[], at(now), &calendar);
    assert_eq!(level("2026-11-23 12:00"), Overdue::No);
    assert_eq!(level("2026-11-23 13:00"), Overdue::Over);
}

#[test]
fn a_calendar_in_which_nobody_could_work_is_refused_and_one_without_workdays_does_not_hang() {
    assert!(Calendar::new(480, Vec::new(), Vec::new()).is_err());
    assert!(Calendar::new(480, vec![WorkSpan { from: 600, until: 500 }], Vec::new()).is_err());
    assert!(
        Calendar::new(
            480,
            vec![WorkSpan { from: 480, until: 720 }, WorkSpan { from: 700, until: 800 }],
            Vec::new()
        )
        .is_err()
    );
    assert!(Calendar::new(5_000, vec![WorkSpan { from: 480, until: 720 }], Vec::new()).is_err());
    let first = day("2026-01-01");
    let years = vec![Year {
        year: 2026,
        provisional: false,
        holidays: (0..5_000).map(|ahead| first.plus(ahead)).collect(),
        workdays: Vec::new(),
        names: Default::default(),
    }];
    let never = Calendar::china(years);
    assert!(deadline(at("2026-01-02 08:00"), Limit::work_hours(1), &never) > at("2026-01-02 08:00"));
    assert!(elapsed(Timestamp(i64::MIN), Timestamp(i64::MAX), Limit::work_hours(1), &calendar()) > 0);
}

#[test]
fn a_calendar_survives_its_file() {
    let text = serde_json::to_string(&calendar()).unwrap();
    let back: Calendar = serde_json::from_str(&text).unwrap();
    assert_eq!(back, calendar());
    assert!(back.is_workday(day("2026-10-10")) && !back.is_workday(day("2026-10-07")));
    assert!(back.knows(2026) && !back.knows(2027));
}

/// Counts work minutes one by one, knowing nothing of spans that are cut short.
fn slow(start: Timestamp, end: Timestamp, calendar: &Calendar) -> i64 {
    let mut minutes = 0;
    let mut now = start;
    while now < end {
        minutes += i64::from(calendar.is_work_time(now));
        now = now.plus(Timestamp::MINUTE);
    }
    minutes * Timestamp::MINUTE
}

/// Whole minutes of three weeks round the October holidays.
fn moment() -> impl Strategy<Value = Timestamp> {
    (0i64..21 * 24 * 60).prop_map(|minutes| at("2026-09-25 00:00").plus(minutes * Timestamp::MINUTE))
}

fn limit() -> impl Strategy<Value = Limit> {
    (0..LimitKind::ALL.len(), 0u32..4_000)
        .prop_map(|(kind, minutes)| Limit { kind: LimitKind::ALL[kind], minutes })
}

proptest! {
    #[test]
    fn work_time_equals_the_slow_count(a in moment(), b in moment()) {
        let calendar = calendar();
        let (start, end) = (a.min(b), a.max(b));
        prop_assert_eq!(elapsed(start, end, Limit::work_hours(1), &calendar), slow(start, end, &calendar));
    }

    #[test]
    fn time_spent_is_never_negative_and_adds_up_over_splits(
        a in any::<i32>(), b in any::<i32>(), c in any::<i32>(), limit in limit(),
    ) {
        let calendar = calendar();
        let mut moments = [a, b, c].map(|seconds| Timestamp(i64::from(seconds) / 16 * Timestamp::SECOND));
        let spent = |from, until| elapsed(from, until, limit, &calendar);
        prop_assert!(spent(moments[0], moments[1]) >= 0);
        moments.sort();
        let [start, middle, end] = moments;
        prop_assert_eq!(spent(start, middle) + spent(middle, end), spent(start, end));
        prop_assert_eq!(spent(end, start), 0);
    }

    #[test]
    fn a_deadline_is_the_first_moment_at_which_the_limit_is_spent(start in moment(), limit in limit()) {
        let calendar = calendar();
        let due = deadline(start, limit, &calendar);
        prop_assert!(due >= start);
        prop_assert_eq!(elapsed(start, due, limit, &calendar), limit.micros());
        if due > start {
            prop_assert!(elapsed(start, due.plus(-1), limit, &calendar) < limit.micros());
        }
    }

    #[test]
    fn a_later_start_or_a_longer_limit_is_never_due_sooner(a in moment(), b in moment(), limit in limit(), more in 0u32..600) {
        let calendar = calendar();
        prop_assert!(deadline(a.min(b), limit, &calendar) <= deadline(a.max(b), limit, &calendar));
        let longer = Limit { minutes: limit.minutes + more, ..limit };
        prop_assert!(deadline(a, limit, &calendar) <= deadline(a, longer, &calendar));
    }

    #[test]
    fn two_limits_one_after_the_other_are_one_of_their_sum(start in moment(), limit in limit(), share in 0u32..100) {
        let calendar = calendar();
        let first = Limit { minutes: limit.minutes * share / 100, ..limit };
        let second = Limit { minutes: limit.minutes - first.minutes, ..limit };
        let there = deadline(deadline(start, first, &calendar), second, &calendar);
        prop_assert_eq!(there, deadline(start, limit, &calendar));
    }

    #[test]
    fn a_clock_is_never_less_over_than_before_and_is_over_exactly_past_its_deadline(
        start in moment(), a in moment(), b in moment(), from in moment(), until in moment(), limit in limit(),
    ) {
        let calendar = calendar();
        let pauses = [Span { from: from.min(until), until: Some(from.max(until)) }];
        let level = |now| overdue(start, limit, &pauses, now, &calendar);
        prop_assert!(level(a.min(b)) <= level(a.max(b)));
        let due = deadline_paused(start, limit, &pauses, &calendar).unwrap();
        prop_assert_eq!(level(due), Overdue::No);
        prop_assert!(level(due.plus(1)) > Overdue::No);
        let spent = elapsed_paused(start, a, limit, &pauses, &calendar);
        prop_assert_eq!(level(a) == Overdue::Twice, spent >= 2 * limit.micros() && a > due);
    }

    #[test]
    fn a_pause_never_brings_a_deadline_forward_and_takes_its_own_time_off(
        start in moment(), a in moment(), b in moment(), end in moment(), limit in limit(),
    ) {
        let calendar = calendar();
        let pause = Span { from: a.min(b), until: Some(a.max(b)) };
        let due = deadline_paused(start, limit, &[pause], &calendar).unwrap();
        prop_assert!(due >= deadline(start, limit, &calendar));
        prop_assert_eq!(elapsed_paused(start, due, limit, &[pause], &calendar), limit.micros());
        let whole = elapsed(start, end, limit, &calendar);
        let within = elapsed(start.max(pause.from), end.min(a.max(b)), limit, &calendar);
        prop_assert_eq!(elapsed_paused(start, end, limit, &[pause], &calendar), whole - within);
    }
}

mod stories {
    use super::*;
    use woodlark_domain::case::{Actor, Case, Command, Event};
    use woodlark_domain::clock::Stage;
    use woodlark_domain::criterion::CriterionRef;
    use woodlark_domain::report::{Intake, Reason, Words};
    use woodlark_domain::{AreaCode, CaseId, CategoryCode, DepartmentCode, Kind};

    const STEPS: [Limit; 2] = [Limit::urgent_hours(1), Limit::work_days(5)];

    fn event(when: &str, what: Command) -> Event {
        Event::new(at(when), &Actor::system(), what)
    }
    fn reason(text: &str) -> Reason {
        Reason::new(text).unwrap()
    }
    fn report(when: &str, kind: Kind) -> Event {
        let intake = Intake { words: Words::new("看见了").ok(), ..Intake::empty(kind) };
        event(when, Command::Report(Box::new(intake)))
    }
    fn start() -> Vec<Event> {
        let filed = Command::File {
            category: CategoryCode::new("C0101").unwrap(),
            area: AreaCode::new("310120001").unwrap(),
            criterion: CriterionRef { version: 1, condition: 0 },
        };
        let sent = Command::Dispatch { department: DepartmentCode::new("water").unwrap(), rule: None };
        vec![
            report("2026-11-23 08:00", Kind::Problem),
            event("2026-11-23 08:05", filed),
            event("2026-11-23 08:10", sent),
            event("2026-11-23 08:20", Command::Sign),
        ]
    }
    fn case(events: &[Event]) -> Case {
        Case::fold(CaseId::from_bytes([1; 16]), events).unwrap()
    }

    #[test]
    fn the_resident_is_promised_a_time_from_the_first_minute_and_speed_does_not_move_it() {
        let calendar = calendar();
        let first = [report("2026-11-23 08:00", Kind::Problem)];
        let expected = promise(&first, &STEPS, None, &calendar).unwrap();
        // 15 + 15 minutes, five work days, 30 minutes.
        assert_eq!(expected.by, at("2026-11-30 09:00"));
        let later = promise(&start(), &STEPS, Some(&STEPS), &calendar).unwrap();
        assert_eq!((later.by, later.moved.len()), (expected.by, 0));
        let other = promise(&start(), &[Limit::work_days(1)], Some(&STEPS), &calendar).unwrap();
        assert_eq!(other.moved.first().map(|moved| moved.cause), Some(MoveCause::Filed));
        let praise = promise(&[report("2026-11-23 08:00", Kind::Praise)], &[], None, &calendar).unwrap();
        assert_eq!(praise.by, at("2026-11-23 08:15"));
        assert!(!praise.is_broken(None, praise.by) && praise.is_broken(None, praise.by.plus(1)));
        assert!(!praise.is_broken(Some(praise.by), praise.by.plus(Timestamp::DAY)), "closed in time");
    }

    #[test]
    fn each_move_of_the_promise_says_why() {
        let calendar = calendar();
        let mut events = start();
        events.push(event(
            "2026-11-24 08:30",
            Command::Defer { reason: reason("等零件"), until: at("2026-11-26 08:30") },
        ));
        events.push(event("2026-11-25 08:30", Command::Resume { reason: None }));
        events.push(event(
            "2026-11-25 09:00",
            Command::Extend { reason: reason("要开挖"), limit: Limit::work_days(10) },
        ));
        let promise = promise(&events, &STEPS, Some(&STEPS), &calendar).unwrap();
        let moves: Vec<(MoveCause, Timestamp)> =
            promise.moved.iter().map(|moved| (moved.cause, moved.to)).collect();
        assert_eq!(
            moves,
            [
                (MoveCause::Deferred, at("2026-12-02 09:00")),
                (MoveCause::Resumed, at("2026-12-01 09:00")),
                (MoveCause::Extended, at("2026-12-09 09:30")),
            ]
        );
        assert_eq!(promise.moved[2].reason.as_ref().map(Reason::as_str), Some("要开挖"));
        assert_eq!(promise.moved[1].from, promise.moved[0].to);
    }

    #[test]
    fn what_was_granted_waits_with_the_case_and_rework_and_contest_begin_anew() {
        let calendar = calendar();
        let mut events = start();
        let told = |events: &[Event]| promise(events, &STEPS, Some(&STEPS), &calendar).unwrap();
        events.push(event(
            "2026-11-25 09:00",
            Command::Extend { reason: reason("要开挖"), limit: Limit::work_days(10) },
        ));
        events.push(event(
            "2026-11-26 09:00",
            Command::Defer { reason: reason("等"), until: at("2026-11-30 09:00") },
        ));
        assert_eq!(told(&events).by, at("2026-12-11 09:30"), "two work days later");
        events.push(event("2026-11-27 09:00", Command::Resume { reason: None }));
        assert_eq!(told(&events).by, at("2026-12-10 09:30"), "one work day later");
        events.push(event("2026-12-09 08:00", Command::Rework { reason: reason("没好") }));
        assert_eq!(told(&events).by, at("2026-12-16 08:30"));
        events.push(event(
            "2026-12-18 08:00",
            Command::Contest { reason: reason("又坏了"), photos: Vec::new() },
        ));
        let causes: Vec<MoveCause> = told(&events).moved.iter().map(|moved| moved.cause).collect();
        let wanted = [
            MoveCause::Extended,
            MoveCause::Deferred,
            MoveCause::Resumed,
            MoveCause::Reworked,
            MoveCause::Contested,
        ];
        assert_eq!(causes, wanted);
        assert_eq!(told(&events).by, at("2026-12-18 08:30"));
    }

    #[test]
    fn a_case_that_is_handled_has_a_clock_for_each_step_and_an_extension_moves_the_last() {
        let calendar = calendar();
        let mut events = start();
        let now = at("2026-11-23 10:00");
        let running = clocks(&case(&events), &STEPS, now, &calendar);
        assert_eq!(running.steps.len(), 2);
        assert_eq!(running.steps[0].due, Some(at("2026-11-23 09:10")));
        assert_eq!(running.steps[0].overdue, Overdue::Over);
        assert_eq!(running.steps[0].overdue_since(), running.steps[0].due);
        assert_eq!(
            running.stage.map(|stage| (stage.stage, stage.due)),
            Some((Stage::Handle, Some(at("2026-11-30 08:10"))))
        );
        events.push(event(
            "2026-11-23 11:00",
            Command::Extend { reason: reason("要开挖"), limit: Limit::work_days(6) },
        ));
        let extended = clocks(&case(&events), &STEPS, now, &calendar);
        assert_eq!(extended.stage.and_then(|stage| stage.due), Some(at("2026-12-01 11:00")));
    }

    #[test]
    fn a_new_case_has_a_quarter_of_an_hour_and_a_deferred_one_none() {
        let calendar = calendar();
        let mut events = start();
        let received = clocks(&case(&events[..1]), &[], at("2026-11-23 08:16"), &calendar);
        assert_eq!(
            received.stage.map(|stage| (stage.stage, stage.overdue)),
            Some((Stage::Accept, Overdue::Over))
        );
        events.push(event(
            "2026-11-24 08:30",
            Command::Defer { reason: reason("等"), until: at("2026-11-26 08:30") },
        ));
        let deferred = clocks(&case(&events), &STEPS, at("2026-11-24 09:00"), &calendar);
        assert_eq!(deferred.stage.map(|stage| stage.due), Some(None));
    }
}
