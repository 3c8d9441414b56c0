//! The ledger over the real store: a deed is written once whoever writes it, taken back where it no longer stands, and what
//! is published of a day holds every book.

use crate::fixture::*;
use crate::phones::link;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, Verdict};
use woodlark_domain::criterion::CriterionRef;
use woodlark_domain::report::{Intake, Reason};
use woodlark_domain::{CaseId, Kind, Role, Timestamp, UserId};
use woodlark_ledger::check::{Found, Given, Part, check};
use woodlark_store::Halt;
use woodlark_store::cases::{self, Order};
use woodlark_store::ledger::{self, Book, Fresh, Reversed};
use woodlark_store::phones::Taken;

/// Posts all that waits, each errand on both servers at once.
pub(crate) async fn posted(ground: &Arc<Ground>, other: &Arc<Ground>) {
    follow_up(ground).await;
    let later = NOON.plus(Timestamp::DAY);
    let errands = ground.store.read(move |conn| ledger::waiting(conn, later, 1_000)).await.unwrap();
    let post = |on: Arc<Ground>, random: u8| {
        let errands = errands.clone();
        tokio::spawn(async move {
            let city = Arc::clone(&on.city);
            write(&on, move |tx| ledger::post(tx, &errands, &city, &Fresh([random; 32]), NOON)).await
        })
    };
    let both = [post(Arc::clone(ground), 1), post(Arc::clone(other), 2)];
    for one in both {
        assert_eq!(one.await.unwrap(), Vec::<String>::new());
    }
    assert_ledger(ground).await;
}

pub(crate) async fn assert_ledger(ground: &Ground) {
    let city = Arc::clone(&ground.city);
    let audited = ground.store.read(move |conn| ledger::audit(conn, &city)).await.unwrap();
    assert_eq!(audited.problems, Vec::<String>::new());
}

pub(crate) async fn books(ground: &Ground, user: UserId) -> Vec<Book> {
    ground.store.read(move |conn| ledger::books_of(conn, user)).await.unwrap()
}

pub(crate) async fn points(ground: &Ground, user: UserId) -> i64 {
    books(ground, user).await.first().map_or(0, |book| book.balances.points)
}

/// What the person's browser finds of their first book.
async fn found(ground: &Ground, user: UserId) -> Found {
    let book = books(ground, user).await.remove(0);
    ground
        .store
        .read(move |conn| {
            let chain = ledger::chain(conn, book.id, 0, 10_000)?;
            let proof = ledger::proof(conn, &book)?;
            let roots: Vec<_> = ledger::roots(conn, None, 100)?.iter().rev().map(|one| one.root).collect();
            let inclusion = proof.and_then(|proof| proof.inclusion);
            let given = Given {
                adcode: *b"310120",
                book: book.id,
                chain: &chain,
                roots: &roots,
                inclusion: inclusion.as_ref(),
                offset_minutes: 480,
                seen: None,
            };
            Ok(check(&given, |_| {}))
        })
        .await
        .unwrap()
}

fn told(row: &ledger::EntryRow) -> &'static str {
    row.entry.as_ref().unwrap().cause.code()
}

async fn joined(ground: &Ground, case: CaseId, who: UserId) {
    done(ground, case, reader(who), Command::Join { who, merged: None }, NOON).await;
}

both!(a_deed_is_written_once_and_taken_back_where_it_no_longer_stands, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let (first, _) = resident(&ground).await;
    let (second, _) = resident(&ground).await;
    let case = reported(&ground, first, lamp()).await.case_id;
    joined(&ground, case, second).await;
    posted(&ground, &other).await;
    assert_eq!((points(&ground, first).await, points(&ground, second).await), (10, 1));
    posted(&ground, &other).await;
    assert_eq!(points(&ground, first).await, 10, "a repeat is nothing");
    let found_first = found(&ground, first).await;
    assert!(found_first.sound() && found_first.entries == 1, "{found_first:?}");
    // The same matter, reported and filed once more, goes on under the first.
    let unsure = Intake { category: None, ..lamp() };
    let double = reported(&ground, second, unsure).await.case_id;
    let file = Command::File {
        category: code("C0102"),
        area: code("310120001"),
        criterion: CriterionRef { version: 1, condition: 0 },
    };
    let acceptor = || Actor::staff(user_id(), Role::Acceptor);
    done(&ground, double, acceptor(), file, NOON).await;
    posted(&ground, &other).await;
    assert_eq!(points(&ground, second).await, 11);
    done(&ground, double, acceptor(), Command::Merge { into: case }, NOON).await;
    posted(&ground, &other).await;
    assert_eq!(points(&ground, second).await, 1, "they had joined the first, and that is all");
    let id = books(&ground, second).await[0].id;
    let rows = ground.store.read(move |conn| ledger::entries(conn, id, None, 50)).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (told(row), row.reversals, row.of.is_some())).collect();
    assert_eq!(told, [("reversal", 0, true), ("deed", 1, false), ("deed", 0, false)]);
});

both!(a_deed_found_false_is_taken_back_and_no_later_event_brings_it_back, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let (first, _) = resident(&ground).await;
    let (second, _) = resident(&ground).await;
    let case = reported(&ground, first, lamp()).await.case_id;
    posted(&ground, &other).await;
    let id = books(&ground, first).await[0].id;
    let deed = ground.store.read(move |conn| ledger::entries(conn, id, None, 1)).await.unwrap()[0]
        .entry
        .as_ref()
        .unwrap()
        .id();
    let city = Arc::clone(&ground.city);
    let reversed = write(&ground, move |tx| ledger::reverse(tx, deed, &city, NOON)).await;
    assert_eq!((reversed, points(&ground, first).await), (Reversed::Done, 0));
    let city = Arc::clone(&ground.city);
    let again = write(&ground, move |tx| ledger::reverse(tx, deed, &city, NOON)).await;
    assert_eq!(again, Reversed::Already);
    joined(&ground, case, second).await;
    posted(&ground, &other).await;
    assert_eq!((points(&ground, first).await, points(&ground, second).await), (0, 1));
});

both!(a_suggestion_that_is_adopted_after_all_reverses_the_reversal, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let (user, _) = resident(&ground).await;
    let idea = Intake { category: None, ..lamp() };
    let case = reported(&ground, user, Intake { kind: Kind::Suggestion, ..idea }).await.case_id;
    let reason = || Reason::new("因为").unwrap();
    let staff = |role| Actor::staff(user_id(), role);
    let handler = || staff(Role::Handler).of(code("lamps"));
    let file = Command::File {
        category: code("S01"),
        area: code("310120001"),
        criterion: CriterionRef { version: 1, condition: 0 },
    };
    done(&ground, case, staff(Role::Acceptor), file, NOON).await;
    let dispatch = Command::Dispatch { department: code("lamps"), rule: None };
    done(&ground, case, staff(Role::Dispatcher), dispatch, NOON).await;
    done(&ground, case, handler(), Command::Sign, NOON).await;
    let mut wanted = Vec::new();
    for (verdict, points_now) in [(Verdict::Adopted, 20), (Verdict::NotAdopted, 0), (Verdict::Adopted, 20)] {
        if !wanted.is_empty() {
            let contest = Command::Contest { reason: reason(), photos: Vec::new() };
            done(&ground, case, reader(user), contest, NOON).await;
            done(&ground, case, staff(Role::Verifier), Command::Rework { reason: reason() }, NOON).await;
        }
        let finish =
            Command::Finish { note: reason(), photos: Vec::new(), verdict: Some(verdict), fix: None };
        done(&ground, case, handler(), finish, NOON).await;
        posted(&ground, &other).await;
        assert_eq!(points(&ground, user).await, points_now, "{verdict:?}");
        wanted.insert(0, if wanted.is_empty() { "deed" } else { "reversal" });
        let id = books(&ground, user).await[0].id;
        let rows = ground.store.read(move |conn| ledger::entries(conn, id, None, 50)).await.unwrap();
        let told: Vec<_> = rows.iter().map(told).collect();
        assert_eq!(told, wanted);
    }
    let id = books(&ground, user).await[0].id;
    let months = ground.store.read(move |conn| ledger::months(conn, id)).await.unwrap();
    assert_eq!((months.len(), months[0].n, months[0].points), (1, 1, 20));
});

both!(two_accounts_of_one_person_come_to_one_book_and_one_deed_a_matter, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let ((old, _), (new, _), (bookless, _)) =
        (resident(&ground).await, resident(&ground).await, resident(&ground).await);
    let case = reported(&ground, new, lamp()).await.case_id;
    joined(&ground, case, old).await;
    reported(&ground, old, lamp()).await;
    posted(&ground, &other).await;
    assert_eq!((points(&ground, old).await, points(&ground, new).await), (11, 10));
    let phone = hash();
    assert_eq!(link(&ground, new, phone, NOON).await, Taken::Linked { user: new });
    let later = NOON.plus(Timestamp::HOUR);
    assert_eq!(link(&ground, old, phone, later).await, Taken::Linked { user: new });
    assert_ledger(&ground).await;
    assert_eq!(books(&ground, old).await, Vec::new());
    let both = books(&ground, new).await;
    assert_eq!((both.len(), both[0].balances.points, both[0].earned), (2, 21, 21));
    assert_eq!((both[1].carried_to, both[1].balances.points), (Some(both[0].id), 0));
    // With the next event of the case, who reported it no longer counts as having joined it too.
    let (third, _) = resident(&ground).await;
    joined(&ground, case, third).await;
    posted(&ground, &other).await;
    assert_eq!(points(&ground, new).await, 20);
    let found = found(&ground, new).await;
    assert!(found.sound(), "{found:?}");
    // An account without a book takes nothing and gives nothing; one whose book nobody else has hands it over whole.
    assert_eq!(link(&ground, bookless, hash(), later).await, Taken::Linked { user: bookless });
    let (fourth, phone) = (resident(&ground).await.0, hash());
    assert_eq!(link(&ground, fourth, phone, later).await, Taken::Linked { user: fourth });
    let much_later = later.plus(Timestamp::HOUR);
    assert_eq!(link(&ground, third, phone, much_later).await, Taken::Linked { user: fourth });
    assert_eq!(points(&ground, fourth).await, 1);
    assert_ledger(&ground).await;
});

both!(a_case_whose_events_do_not_add_up_holds_up_nobody_elses_deeds, |ground: Arc<Ground>| async move {
    let other = another(&ground);
    let ((user, _), (victim, _)) = (resident(&ground).await, resident(&ground).await);
    let broken = reported(&ground, victim, lamp()).await.case_id;
    reported(&ground, user, lamp()).await;
    follow_up(&ground).await;
    let blob: String = broken.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let postgres = ground.store.config().url.starts_with("postgres");
    let id = if postgres { format!("'\\x{blob}'") } else { format!("x'{blob}'") };
    run_aside(
        &ground,
        &format!("INSERT INTO event VALUES ('310120', {id}, 9, 1, 'sign', NULL, 'handler', 'staff', '{{}}')"),
    );
    let errands = ground.store.read(|conn| ledger::waiting(conn, NOON, 10)).await.unwrap();
    assert_eq!(errands.len(), 2);
    let city = Arc::clone(&ground.city);
    let unsound = write(&ground, move |tx| ledger::post(tx, &errands, &city, &Fresh([1; 32]), NOON)).await;
    assert_eq!(unsound.len(), 1, "{unsound:?}");
    assert_eq!((points(&ground, user).await, points(&ground, victim).await), (10, 0));
    let rests = ground.store.read(|conn| ledger::waiting(conn, NOON, 10)).await.unwrap();
    let waits =
        ground.store.read(|conn| ledger::waiting(conn, NOON.plus(Timestamp::HOUR), 10)).await.unwrap();
    assert_eq!((rests.len(), waits.len(), waits[0].tries), (0, 1, 1), "put off, not lost");
    assert_ledger(&other).await;
});

both!(
    a_month_gives_no_more_than_its_cap_and_every_deed_stands_in_the_book,
    |ground: Arc<Ground>| async move {
        let other = another(&ground);
        let (user, _) = resident(&ground).await;
        for _ in 0..22 {
            reported(&ground, user, lamp()).await;
        }
        posted(&ground, &other).await;
        assert_eq!(points(&ground, user).await, 200);
        let book = books(&ground, user).await.remove(0);
        assert_eq!((book.head.seq, book.earned), (22, 200), "what got nothing is written all the same");
        let rows = ground.store.read(move |conn| ledger::entries(conn, book.id, None, 50)).await.unwrap();
        assert_eq!(rows.len(), 22);
        assert!(rows.iter().all(|row| row.case.is_some()), "every entry opens its case");
    }
);

both!(
    what_is_published_of_a_day_holds_every_book_and_nothing_is_written_behind_it,
    |ground: Arc<Ground>| async move {
        let other = another(&ground);
        let mut people = Vec::new();
        for _ in 0..5 {
            let (user, _) = resident(&ground).await;
            reported(&ground, user, lamp()).await;
            people.push(user);
        }
        posted(&ground, &other).await;
        let tomorrow = NOON.plus(Timestamp::DAY);
        let city = Arc::clone(&ground.city);
        let due = ground.store.read(move |conn| ledger::due_days(conn, &city, tomorrow)).await.unwrap();
        assert_eq!(due.len(), 1);
        for (day, ends_at) in due {
            write(&ground, move |tx| ledger::close_day(tx, day, ends_at)).await;
            let computed = ground.store.read(move |conn| ledger::compute(conn, day, ends_at)).await.unwrap();
            let again = computed.clone();
            assert!(write(&ground, move |tx| ledger::publish(tx, &computed, tomorrow)).await);
            assert!(!write(&other, move |tx| ledger::publish(tx, &again, tomorrow)).await, "once");
        }
        // A slow clock writes no entry into a day that was published.
        reported(&ground, people[0], lamp()).await;
        posted(&ground, &other).await;
        for user in &people {
            let found = found(&ground, *user).await;
            assert!(found.sound(), "{found:?}");
            assert!(matches!(found.included, Part::Holds((_, 1))), "{found:?}");
        }
        assert_eq!(books(&ground, people[0]).await[0].head.seq, 2);
        for table in ["ledger_entry", "ledger_day", "ledger_root"] {
            for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET adcode = '000000'")] {
                assert!(try_aside(&ground, &sql).is_err(), "{sql}");
            }
        }
        let ahead =
            ground.store.read(|conn| Ok((ledger::share(conn, 0)?, ledger::share(conn, 11)?))).await.unwrap();
        assert_eq!(ahead, (Some(0), Some(100)), "of five people who have ten points each");
        // Forgetting a person removes the link and leaves the sums.
        let gone = people[1];
        assert_eq!(write(&ground, move |tx| ledger::forget(tx, gone)).await, 1);
        assert_eq!(books(&ground, gone).await, Vec::new());
        assert_ledger(&ground).await;
    }
);

/// Does something to a case if the rules let it.
async fn tried(ground: &Ground, case: CaseId, actor: Actor, command: Command) {
    let city = Arc::clone(&ground.city);
    let order = move |tx: &mut woodlark_store::Tx| {
        let order = Order { case, actor: &actor, command: command.clone(), now: NOON, city: &city };
        cases::command(tx, &order)
    };
    // A refusal is as good as anything here.
    drop(write(ground, order).await);
}

both!(over_random_histories_with_crashes_every_deed_stands_once_and_every_sum_is_right, |ground: Arc<
    Ground,
>| async move {
    let other = another(&ground);
    let (mut people, mut known) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        people.push(resident(&ground).await.0);
    }
    let mut seed = 0xdeed_u64;
    let mut luck = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let acceptor = || Actor::staff(user_id(), Role::Acceptor);
    for step in 0..160 {
        let server = if luck(2) == 0 { &ground } else { &other };
        let person = people[luck(4)];
        let case = (!known.is_empty()).then(|| known[luck(known.len())]);
        match (luck(9), case) {
            (0..=2, _) | (_, None) => {
                let certain = luck(3) > 0;
                let report = if certain { lamp() } else { Intake { category: None, ..lamp() } };
                known.push(reported(server, person, report).await.case_id);
            }
            (3, Some(case)) => {
                let join = Command::Join { who: person, merged: None };
                tried(server, case, reader(person), join).await;
            }
            (4, Some(case)) => {
                let file = Command::File {
                    category: code("C0102"),
                    area: code("310120001"),
                    criterion: CriterionRef { version: 1, condition: 0 },
                };
                tried(server, case, acceptor(), file).await;
            }
            (5, Some(case)) => {
                let into = known[luck(known.len())];
                tried(server, case, acceptor(), Command::Merge { into }).await;
            }
            (6, Some(case)) => tried(server, case, reader(person), Command::Withdraw).await,
            (7, Some(_)) => {
                // The power fails in the middle: what was posted is undone, and its errands wait as before.
                let errands = server.store.read(|conn| ledger::waiting(conn, NOON, 5)).await.unwrap();
                let city = Arc::clone(&server.city);
                let broken = server.store.write(move |tx| -> Result<(), Halt<()>> {
                    ledger::post(tx, &errands, &city, &Fresh([9; 32]), NOON)?;
                    Err(Halt::Refused(()))
                });
                assert!(broken.await.is_err());
            }
            (_, Some(_)) => posted(&ground, &other).await,
        }
        if step % 40 == 0 {
            assert_ledger(&ground).await;
        }
    }
    posted(&ground, &other).await;
    let mut standing = std::collections::BTreeSet::new();
    for case in &known {
        let case = *case;
        for row in ground.store.read(move |conn| ledger::deeds_of(conn, case)).await.unwrap() {
            let entry = row.entry.unwrap();
            let woodlark_ledger::Cause::Deed { deed, .. } = entry.cause else { panic!("{entry:?}") };
            if row.reversals % 2 == 0 {
                assert!(standing.insert((entry.book, case, deed)), "one person, one matter, once");
            }
        }
    }
    assert!(standing.len() > 20, "{}", standing.len());
    for person in people {
        let book = books(&ground, person).await.remove(0);
        let months = ground.store.read(move |conn| ledger::months(conn, book.id)).await.unwrap();
        assert!(months.iter().map(|month| month.points).sum::<i64>() <= 200, "{months:?}");
        assert_eq!(book.earned, book.balances.points);
        assert!(found(&ground, person).await.sound());
    }
});
