//! The desk's queues: every queue, filter and role against a look at every case; paging while rows move; counts.

use crate::fixture::*;
use crate::generated::{Dice, Known, assert_says, is_meant, many, order};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::clock::{Limit, Overdue};
use woodlark_domain::queue::Queue;
use woodlark_domain::report::Reason;
use woodlark_domain::search::SoughtNumber;
use woodlark_domain::{CaseId, Door, Kind, Role, State, Timestamp, Visibility};
use woodlark_store::cases::queue::{self, Ask, Filter, Listed, Listing, Place};

pub(crate) async fn page(
    ground: &Ground,
    actor: &Actor,
    queue: Queue,
    filter: &Filter,
    after: Option<Place>,
    most: usize,
) -> Listing {
    let (actor, filter) = (actor.clone(), filter.clone());
    let page = ground.store.read(move |conn| {
        queue::page(
            conn,
            &Ask { actors: std::slice::from_ref(&actor), queue, filter: &filter, now: NOON },
            after,
            most,
        )
    });
    page.await.unwrap()
}

/// All rows of a queue, page by page.
pub(crate) async fn all(
    ground: &Ground,
    actor: &Actor,
    queue: Queue,
    filter: &Filter,
    most: usize,
) -> Vec<Listed> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let listing = page(ground, actor, queue, filter, after, most).await;
        assert!(listing.rows.len() <= most);
        rows.extend(listing.rows);
        after = listing.next;
        if after.is_none() {
            return rows;
        }
    }
}

pub(crate) fn actors() -> Vec<Actor> {
    let of = |role| Actor::staff(user_id(), role);
    vec![
        of(Role::Acceptor),
        of(Role::Verifier).within(code("310120001")),
        of(Role::Dispatcher).within(code("31012000100101")),
        of(Role::Handler).of(code("lamps")),
        of(Role::Handler),
        of(Role::Supervisor),
        of(Role::Admin),
        reader(user_id()),
    ]
}

/// Each filter alone, and some together.
fn filters() -> Vec<Filter> {
    let none = Filter::default;
    let mut filters = vec![
        none(),
        Filter { states: vec![State::Handling, State::Received, State::Settled], ..none() },
        Filter { category: Some(code("C01")), ..none() },
        Filter { category: Some(code("C0102")), ..none() },
        Filter { area: Some(code("310120001")), ..none() },
        Filter { area: Some(code("31012000100101")), ..none() },
        Filter { department: Some(code("roads")), ..none() },
        Filter { received_from: Some(NOON.plus(-3 * Timestamp::DAY)), ..none() },
        Filter { received_until: Some(NOON.plus(-3 * Timestamp::DAY)), ..none() },
        Filter {
            kind: Some(Kind::Problem),
            area: Some(code("310120001")),
            department: Some(code("lamps")),
            overdue: Some(Overdue::Twice),
            received_from: Some(NOON.plus(-6 * Timestamp::DAY)),
            ..none()
        },
    ];
    filters.extend(Kind::ALL.iter().map(|kind| Filter { kind: Some(*kind), ..none() }));
    filters.extend(Overdue::ALL.iter().map(|overdue| Filter { overdue: Some(*overdue), ..none() }));
    filters
        .extend(Visibility::ALL.iter().map(|visibility| Filter { visibility: Some(*visibility), ..none() }));
    filters.push(Filter { door: Some(Door::Kiosk), ..none() });
    filters
}

/// What must be shown, in order.
fn expected<'a>(known: &'a [Known], ask: &Ask<'_>) -> Vec<&'a Known> {
    let mut meant: Vec<&Known> = known.iter().filter(|known| is_meant(known, ask)).collect();
    meant.sort_by_key(|known| order(known, ask));
    if !ask.queue.is_by_due() {
        meant.reverse();
    }
    meant
}

both!(every_queue_and_filter_shows_what_a_look_at_every_case_finds, |ground: Arc<Ground>| async move {
    let known = many(&ground, 400, 0x00C0_FFEE).await;
    assert_sound(&ground).await;
    let mut shown = 0;
    for actor in actors() {
        for queue in Queue::ALL.iter().copied() {
            for filter in filters() {
                let ask = Ask { actors: std::slice::from_ref(&actor), queue, filter: &filter, now: NOON };
                let expected = expected(&known, &ask);
                let rows = all(&ground, &actor, queue, &filter, 23).await;
                let (found, wanted): (Vec<CaseId>, Vec<CaseId>) = (
                    rows.iter().map(|row| row.id).collect(),
                    expected.iter().map(|known| known.case.id).collect(),
                );
                assert_eq!(found, wanted, "{actor:?} {queue:?} {filter:?}");
                rows.iter().zip(&expected).for_each(|(row, known)| assert_says(row, known));
                let (asking, filter) = (actor.clone(), filter.clone());
                let count = ground.store.read(move |conn| {
                    queue::count(
                        conn,
                        &Ask { actors: std::slice::from_ref(&asking), queue, filter: &filter, now: NOON },
                    )
                });
                assert_eq!(count.await.unwrap(), u32::try_from(wanted.len()).ok());
                shown += wanted.len();
            }
        }
    }
    assert!(shown > 5_000, "there was something to see: {shown}");
    for queue in Queue::ALL.iter().copied() {
        let some = known.iter().filter(|known| queue.states().contains(&known.case.state)).count();
        assert!(some > 5, "{queue:?} has {some}");
    }
});

both!(the_queues_of_a_role_are_counted_together, |ground: Arc<Ground>| async move {
    let known = many(&ground, 150, 77).await;
    for actor in actors() {
        let asking = actor.clone();
        let counts = ground
            .store
            .read(move |conn| queue::counts(conn, std::slice::from_ref(&asking), NOON))
            .await
            .unwrap();
        assert_eq!(counts.len(), Queue::ALL.len() - 1, "all but that of everything");
        for (queue, count) in counts {
            let ask =
                Ask { actors: std::slice::from_ref(&actor), queue, filter: &Filter::default(), now: NOON };
            assert_eq!(usize::try_from(count), Ok(expected(&known, &ask).len()), "{actor:?} {queue:?}");
        }
    }
});

both!(each_row_is_visited_once_while_rows_move, |ground: Arc<Ground>| async move {
    let known = many(&ground, 300, 4_711).await;
    let supervisor = Actor::staff(user_id(), Role::Supervisor);
    let filter = Filter::default();
    let before = all(&ground, &supervisor, Queue::Handle, &filter, 1_000).await;
    let mut dice = Dice(99);
    let (mut visits, mut moved) = (BTreeMap::<CaseId, usize>::new(), BTreeSet::new());
    let mut after = None;
    loop {
        let listing = page(&ground, &supervisor, Queue::Handle, &filter, after, 5).await;
        for row in &listing.rows {
            *visits.entry(row.id).or_default() += 1;
        }
        after = listing.next;
        if after.is_none() {
            break;
        }
        // Somebody works meanwhile: a case leaves the queue, or its clock is set anew.
        let row = &before[usize::try_from(dice.below(before.len() as u64)).unwrap()];
        if moved.insert(row.id) {
            let reason = Reason::new("因为").unwrap();
            let department = row.department.clone().unwrap();
            let (handler, dispatcher) = (
                Actor::staff(user_id(), Role::Handler).of(department),
                Actor::staff(user_id(), Role::Dispatcher),
            );
            let (actor, command) = if row.state == State::Handling {
                (dispatcher, Command::Extend { reason, limit: Limit::work_days(9) })
            } else if row.state == State::Deferred {
                (dispatcher, Command::Resume { reason: None })
            } else {
                (handler, Command::Return { reason })
            };
            done(&ground, row.id, actor, command, NOON).await;
        }
    }
    assert!(before.len() > 40 && moved.len() > 8, "{} {}", before.len(), moved.len());
    for row in &before {
        let seen = visits.get(&row.id).copied().unwrap_or_default();
        let once = if moved.contains(&row.id) { seen <= 2 } else { seen == 1 };
        assert!(once, "{:?} was visited {seen} times", row.id);
    }
    drop(known);
    assert_sound(&ground).await;
});

both!(a_case_is_found_by_its_number_or_the_beginning_of_it, |ground: Arc<Ground>| async move {
    many(&ground, 250, 31).await;
    let acceptor = Actor::staff(user_id(), Role::Acceptor);
    let verifier = Actor::staff(user_id(), Role::Verifier).within(code("310120001"));
    for actor in [acceptor, verifier] {
        for queue in [Queue::All, Queue::Handle] {
            let mut everything = all(&ground, &actor, queue, &Filter::default(), 100).await;
            everything.sort_by(|a, b| a.number.cmp(&b.number));
            let whole = everything[3].number.to_string();
            for beginning in
                ["f", "fx-", "FX-2026112", "FX-20261123", "FX-20261123-0001", "FX-19", "FZ", &whole]
            {
                let filter = Filter { number: SoughtNumber::new(beginning), ..Filter::default() };
                let found: Vec<CaseId> =
                    all(&ground, &actor, queue, &filter, 7).await.iter().map(|row| row.id).collect();
                let begins = |row: &&Listed| row.number.as_str().starts_with(&beginning.to_uppercase());
                let wanted: Vec<CaseId> = everything.iter().filter(begins).map(|row| row.id).collect();
                assert_eq!(found, wanted, "{beginning}");
            }
        }
    }
});
