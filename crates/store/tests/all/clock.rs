//! What the clock does of itself: whom it calls and when, what it resumes and settles; each once, however often and by
//! however many servers it is done.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, Stars};
use woodlark_domain::clock::{Limit, Overdue, Year};
use woodlark_domain::report::{Intake, Reason};
use woodlark_domain::{CaseId, Role, State, Timestamp, UserId};
use woodlark_store::cases::{self, Ticked};
use woodlark_store::media;

/// A lamp that is reported at noon on Wednesday is due after two work days: at noon on Friday.
const DUE: Timestamp = NOON.plus(2 * Timestamp::DAY);
/// Two more work days: at noon on Tuesday.
const TWICE: Timestamp = NOON.plus(6 * Timestamp::DAY);

pub(crate) async fn tick(ground: &Ground, case: CaseId, now: Timestamp) -> Ticked {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| cases::tick(tx, case, &city, now)).await
}

/// The cases that the clock must look at.
pub(crate) async fn due(ground: &Ground, now: Timestamp) -> Vec<CaseId> {
    let due = ground.store.read(move |conn| cases::due(conn, now, None, 100)).await.unwrap();
    due.into_iter().map(|due| due.case).collect()
}

/// Who was called, in order.
fn calls(ground: &Ground) -> Vec<String> {
    let sql = "SELECT stage || ' ' || level || ' ' || role || ' ' || COALESCE(department, '-') || ' ' || \
               COALESCE(area, '-') AS said FROM escalation ORDER BY due_at, level, role";
    ask_aside(ground, sql)
}

/// How often the clock called, as the audit has it.
fn raised(ground: &Ground) -> usize {
    ask_aside(ground, "SELECT subject AS said FROM audit WHERE action = 'raise'").len()
}

fn reason() -> Reason {
    Reason::new("等零件").unwrap()
}

fn handler() -> Actor {
    Actor::staff(UserId::new(1, [1; 10]), Role::Handler).of(code("lamps"))
}

fn dispatcher() -> Actor {
    Actor::staff(UserId::new(4, [4; 10]), Role::Dispatcher)
}

/// A lamp that a handler says is mended and a verifier has seen, three hours after noon.
async fn closed(ground: &Ground, user: UserId) -> CaseId {
    let id = reported(ground, user, lamp()).await.case_id;
    mended(ground, id).await;
    id
}

/// That is done to a lamp, and seen.
pub(crate) async fn mended(ground: &Ground, id: CaseId) {
    let at = |hours: i64| NOON.plus(hours * Timestamp::HOUR);
    done(ground, id, handler(), Command::Sign, at(1)).await;
    let after = object();
    let hash = after.hash;
    write(ground, move |tx| media::keep(tx, &after, NOON)).await;
    let finish = Command::Finish { note: reason(), photos: vec![hash], verdict: None, fix: None };
    done(ground, id, handler(), finish, at(2)).await;
    let verifier = Actor::staff(UserId::new(2, [2; 10]), Role::Verifier);
    let pass = Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None };
    assert_eq!(done(ground, id, verifier, pass, at(3)).await.state, State::Closed);
}

both!(
    past_its_deadline_dispatcher_and_department_are_called_once_and_a_supervisor_at_twice_the_limit,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let id = reported(&ground, user, lamp()).await.case_id;
        assert_eq!(due(&ground, DUE).await, [], "in time to the last moment");
        assert_eq!(tick(&ground, id, DUE).await, Ticked::Nothing);
        let over = DUE.plus(1);
        assert_eq!(due(&ground, over).await, [id]);
        assert_eq!(tick(&ground, id, over).await, Ticked::Raised(Overdue::Over));
        assert_eq!(tick(&ground, id, over).await, Ticked::Nothing);
        assert_eq!(due(&ground, TWICE.plus(-1)).await, []);
        let first = ["handle 1 dispatcher - 31012000100101", "handle 1 handler lamps -"];
        assert_eq!(calls(&ground), first);
        // The server is started anew meanwhile.
        let ground = another(&ground);
        assert_eq!(due(&ground, TWICE).await, [id]);
        assert_eq!(tick(&ground, id, TWICE).await, Ticked::Raised(Overdue::Twice));
        assert_eq!(tick(&ground, id, TWICE.plus(Timestamp::DAY)).await, Ticked::Nothing);
        assert_eq!(
            due(&ground, TWICE.plus(1_000 * Timestamp::DAY)).await,
            [],
            "nobody is above a supervisor"
        );
        assert_eq!(calls(&ground)[2..], ["handle 2 supervisor - 31012000100101"]);
        assert_eq!(raised(&ground), 2);
        assert_sound(&ground).await;
    }
);

both!(who_watches_the_district_hears_that_people_were_called, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, lamp()).await.case_id;
    let over = DUE.plus(1);
    let changed = || ground.store.read(move |conn| cases::changed_in_district(conn, NOON, 10));
    assert_eq!(changed().await.unwrap(), []);
    tick(&ground, id, over).await;
    let told = changed().await.unwrap();
    assert_eq!(told.len(), 1);
    // No event of the case: its version stays, and it changed all the same.
    assert_eq!((told[0].change.version, told[0].overdue, told[0].at), (3, Overdue::Over, over));
});

both!(after_days_without_a_server_both_are_called_at_once, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, lamp()).await.case_id;
    assert_eq!(tick(&ground, id, TWICE).await, Ticked::Raised(Overdue::Twice));
    assert_eq!((calls(&ground).len(), raised(&ground)), (3, 2));
    assert_eq!(tick(&ground, id, TWICE).await, Ticked::Nothing);
    assert_sound(&ground).await;
});

both!(servers_that_tick_at_once_do_everything_once, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let other = another(&ground);
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.push(reported(&ground, user, lamp()).await.case_id);
    }
    let rested = closed(&ground, user).await;
    let rest = NOON.plus(3 * Timestamp::HOUR + 7 * Timestamp::DAY + 1);
    for (now, level) in [(DUE.plus(1), Overdue::Over), (TWICE, Overdue::Twice)] {
        let ticks = ids.iter().flat_map(|id| [(Arc::clone(&ground), *id), (Arc::clone(&other), *id)]);
        let ticks: Vec<_> =
            ticks.map(|(on, id)| tokio::spawn(async move { tick(&on, id, now).await })).collect();
        let mut raised = 0;
        for ticked in ticks {
            let ticked = ticked.await.unwrap();
            assert!([Ticked::Raised(level), Ticked::Nothing].contains(&ticked), "{ticked:?}");
            raised += usize::from(ticked == Ticked::Raised(level));
        }
        assert_eq!(raised, ids.len());
    }
    assert_eq!((calls(&ground).len(), raised(&ground)), (36, 24));
    let (here, there) = tokio::join!(tick(&ground, rested, rest), tick(&other, rested, rest));
    assert!([&here, &there].contains(&&Ticked::Settled) && [&here, &there].contains(&&Ticked::Nothing));
    assert_sound(&ground).await;
});

both!(who_joins_calls_nobody_anew_and_more_time_sets_the_clock_anew, |ground: Arc<Ground>| async move {
    let ((user, _), (joiner, _)) = (resident(&ground).await, resident(&ground).await);
    let id = reported(&ground, user, lamp()).await.case_id;
    done(&ground, id, handler(), Command::Sign, NOON).await;
    let over = DUE.plus(1);
    assert_eq!(tick(&ground, id, over).await, Ticked::Raised(Overdue::Over));
    done(&ground, id, reader(joiner), Command::Join { who: joiner, merged: None }, over).await;
    assert_eq!(due(&ground, over).await, []);
    let more = Command::Extend { reason: reason(), limit: Limit::work_days(1) };
    done(&ground, id, dispatcher(), more, over).await;
    // A work day from a microsecond past noon on Friday: as much past noon on Monday.
    let monday = DUE.plus(3 * Timestamp::DAY + 2);
    assert_eq!(due(&ground, monday.plus(-Timestamp::MINUTE)).await, []);
    let monday = due_moment(&ground, monday.plus(3 * Timestamp::HOUR)).await;
    assert_eq!(tick(&ground, id, monday).await, Ticked::Raised(Overdue::Over));
    assert_eq!(calls(&ground).len(), 4);
    assert_sound(&ground).await;
});

/// When the clock wakes next, if it does by then.
async fn due_moment(ground: &Ground, by: Timestamp) -> Timestamp {
    ground.store.read(move |conn| cases::due(conn, by, None, 1)).await.unwrap()[0].wakes_at
}

both!(a_closed_case_is_settled_after_seven_days_or_once_all_are_content, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let (rested, rated) = (closed(&ground, user).await, closed(&ground, user).await);
    let end = NOON.plus(3 * Timestamp::HOUR + 7 * Timestamp::DAY);
    assert_eq!((due(&ground, end).await, tick(&ground, rested, end).await), (vec![], Ticked::Nothing));
    let at = NOON.plus(Timestamp::DAY);
    for (stars, wakes) in [(2, vec![]), (3, vec![rated])] {
        let rate = Command::Rate { stars: Stars::new(stars).unwrap(), words: None };
        done(&ground, rated, reader(user), rate, at).await;
        assert_eq!(due(&ground, at).await, wakes, "{stars}");
    }
    assert_eq!(tick(&ground, rated, at).await, Ticked::Settled);
    assert_eq!(tick(&ground, rated, at).await, Ticked::Nothing);
    assert_eq!(tick(&ground, rested, end.plus(1)).await, Ticked::Settled);
    assert_eq!(tick(&ground, rested, end.plus(1)).await, Ticked::Nothing);
    assert_eq!(due(&ground, end.plus(Timestamp::DAY)).await, []);
    assert_sound(&ground).await;
});

both!(a_deferred_case_goes_on_when_its_day_has_come, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, lamp()).await.case_id;
    let until = NOON.plus(20 * Timestamp::DAY);
    done(&ground, id, handler(), Command::Sign, NOON).await;
    done(&ground, id, dispatcher(), Command::Defer { reason: reason(), until }, NOON).await;
    assert_eq!(due(&ground, until.plus(-1)).await, [], "its clock stands still");
    assert_eq!(tick(&ground, id, until.plus(-1)).await, Ticked::Nothing);
    assert_eq!(tick(&ground, id, until).await, Ticked::Resumed);
    assert_eq!(tick(&ground, id, until).await, Ticked::Nothing);
    assert!(due_moment(&ground, until.plus(9 * Timestamp::DAY)).await > until.plus(Timestamp::DAY));
    assert_eq!(calls(&ground).len(), 0);
    assert_sound(&ground).await;
});

both!(a_new_report_waits_a_quarter_of_an_hour_of_work, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let unsure = Intake { category: Some(code("C0102")), ..lamp() };
    let id = reported(&ground, user, unsure).await.case_id;
    // Noon is the end of the morning: the quarter of an hour ends at a quarter past two.
    let due_at = NOON.plus(2 * Timestamp::HOUR + 15 * Timestamp::MINUTE);
    assert_eq!(tick(&ground, id, due_at).await, Ticked::Nothing);
    assert_eq!(tick(&ground, id, due_at.plus(1)).await, Ticked::Raised(Overdue::Over));
    assert_eq!(calls(&ground), ["accept 1 dispatcher - 31012000100101"], "no department has it");
    assert_sound(&ground).await;
});

both!(a_new_calendar_moves_the_clocks_that_run, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = reported(&ground, user, lamp()).await.case_id;
    let mut data = city_data();
    let friday = ground.city.data().calendar.day(DUE);
    let year = Year {
        year: 2026,
        provisional: false,
        holidays: vec![friday],
        workdays: Vec::new(),
        names: Default::default(),
    };
    data.calendar = woodlark_domain::clock::Calendar::china(vec![year]);
    let write_city = ground.store.write(move |tx| woodlark_store::city::import(tx, &data, None, NOON));
    write_city.await.unwrap();
    assert_sound(&ground).await;
    let city = ground.store.read(woodlark_store::city::load).await.unwrap().unwrap();
    let ground = Arc::new(Ground { store: ground.store.clone(), city: Arc::new(city) });
    let city = Arc::clone(&ground.city);
    let wound = write(&ground, move |tx| cases::wind(tx, &city, None, 100)).await;
    assert_eq!((wound.cases, wound.last), (1, None));
    assert_eq!(due(&ground, DUE.plus(1)).await, [], "nobody works on that Friday");
    assert_eq!(due(&ground, DUE.plus(3 * Timestamp::DAY + 1)).await, [id]);
    assert_sound(&ground).await;
});
