//! How SQLite goes about the desk's questions: along an index that is in the wanted order already, never through a whole
//! table, never sorting.

use crate::fixture::*;
use crate::generated::many;
use crate::queues::actors;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, sql_query};
use std::cell::RefCell;
use std::sync::Arc;
use woodlark_domain::clock::{Day, Overdue};
use woodlark_domain::figures::Dimension;
use woodlark_domain::queue::Queue;
use woodlark_domain::search::{SoughtNumber, SoughtWords};
use woodlark_domain::{Door, Kind, Position, State, Timestamp, Visibility};
use woodlark_store::cases::queue::{self, Ask, Filter};
use woodlark_store::cases::{self, NearSought};
use woodlark_store::figures;
use woodlark_store::ledger::{self, Fresh};

thread_local! {
    /// The statements of this thread, while somebody listens.
    static HEARD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            HEARD.with_borrow_mut(|heard| {
                if let Some(heard) = heard {
                    let text = query.to_string();
                    heard.push(text.split(" -- binds").next().unwrap_or_default().to_owned());
                }
            });
        }
    }
}

fn listen() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(Listener))
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Nothing, each filter, and any two of them together: it is then that a wrong index looks tempting.
fn filters() -> Vec<Filter> {
    let set: [fn(&mut Filter); 11] = [
        |filter| filter.department = Some(code("lamps")),
        |filter| filter.kind = Some(Kind::Problem),
        |filter| filter.area = Some(code("310120001")),
        |filter| filter.category = Some(code("C01")),
        |filter| filter.door = Some(Door::Kiosk),
        |filter| filter.visibility = Some(Visibility::Public),
        |filter| filter.overdue = Some(Overdue::Over),
        |filter| filter.received_from = Some(NOON.plus(-Timestamp::DAY)),
        |filter| filter.states = vec![State::Handling, State::Closed],
        |filter| filter.words = SoughtWords::new("路灯 不亮").ok(),
        |filter| filter.number = SoughtNumber::new("FX-2026"),
    ];
    let mut filters = vec![Filter::default()];
    for (place, first) in set.iter().enumerate() {
        for second in &set[place..] {
            let mut filter = Filter::default();
            first(&mut filter);
            second(&mut filter);
            filters.push(filter);
        }
    }
    filters
}

fn plan(conn: &mut diesel::SqliteConnection, statement: &str) -> Vec<String> {
    let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

#[test]
fn the_desks_questions_go_along_an_index_and_sort_nothing() {
    set_default_instrumentation(listen).unwrap();
    on_sqlite(|ground: Arc<Ground>| async move {
        many(&ground, 60, 3).await;
        let filters = filters();
        let mut statements = Vec::new();
        for actor in actors() {
            for queue in Queue::ALL.iter().copied() {
                for filter in filters.clone() {
                    let asking = actor.clone();
                    let heard = ground.store.read(move |conn| {
                        let ask =
                            Ask { actors: std::slice::from_ref(&asking), queue, filter: &filter, now: NOON };
                        HEARD.set(Some(Vec::new()));
                        let first = queue::page(conn, &ask, None, 3)?;
                        queue::page(conn, &ask, first.next, 3)?;
                        queue::count(conn, &ask)?;
                        let due = cases::due(conn, NOON.plus(9 * Timestamp::DAY), None, 10)?;
                        cases::due(conn, NOON, due.last().copied(), 10)?;
                        Ok(HEARD.take().unwrap_or_default())
                    });
                    statements.extend(heard.await.unwrap());
                }
            }
        }
        statements.sort();
        statements.dedup();
        assert!(statements.len() > 40, "{}", statements.len());
        let mut conn = diesel::SqliteConnection::establish(&ground.store.config().url).unwrap();
        for statement in statements.iter().filter(|statement| statement.contains("SELECT")) {
            let plan = plan(&mut conn, statement);
            let told = format!("{statement}\n{}", plan.join("\n"));
            // What is overdue, by its last change: the index of what waits finds it, and that little may be sorted.
            let few =
                statement.contains("`due_at` <") && statement.contains("ORDER BY `case_file`.`changed_at`");
            assert!(few || !told.contains("TEMP B-TREE"), "it sorts: {told}");
            assert!(
                !plan.iter().any(|step| step.starts_with("SCAN case_") || step.starts_with("SCAN event")),
                "{told}"
            );
            let by_ids =
                ["`case_file`.`id` IN", "`event`.`case_id` IN"].iter().any(|by| statement.contains(by));
            assert!(!by_ids || told.contains("USING PRIMARY KEY"), "not by its ids: {told}");
            let ordered = |column: &str| statement.contains(&format!("ORDER BY `case_file`.`{column}`"));
            let wanted = [
                ("due_at", "case_queue"),
                ("changed_at", "case_changed"),
                ("number", "case_number"),
                ("wakes_at", "case_wakes"),
            ];
            for (_, index) in wanted.iter().filter(|(column, _)| ordered(column)) {
                let by = |index: &str| told.contains(&format!("INDEX {index}"));
                assert!(by(index) || (few && by("case_queue")), "not by {index}: {told}");
            }
        }
    });
}

#[test]
fn the_ledger_asks_for_an_entry_a_case_or_a_book_and_never_for_all_of_it() {
    set_default_instrumentation(listen).unwrap();
    on_sqlite(|ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        reported(&ground, user, lamp()).await;
        follow_up(&ground).await;
        let errands = ground.store.read(|conn| ledger::waiting(conn, NOON, 10)).await.unwrap();
        assert_eq!(errands.len(), 1);
        let city = Arc::clone(&ground.city);
        let mut statements = Vec::new();
        // Posted, and looked at again.
        for _ in 0..2 {
            let (errands, city) = (errands.clone(), Arc::clone(&city));
            let heard = write(&ground, move |tx| {
                HEARD.set(Some(Vec::new()));
                ledger::post(tx, &errands, &city, &Fresh([1; 32]), NOON)?;
                Ok(HEARD.take().unwrap_or_default())
            });
            statements.extend(heard.await);
        }
        let heard = ground.store.read(move |conn| {
            HEARD.set(Some(Vec::new()));
            for book in ledger::books_of(conn, user)? {
                ledger::entries(conn, book.id, Some(9), 20)?;
                ledger::chain(conn, book.id, 0, 20)?;
                ledger::months(conn, book.id)?;
                ledger::proof(conn, &book)?;
                ledger::roots(conn, None, 20)?;
            }
            Ok(HEARD.take().unwrap_or_default())
        });
        statements.extend(heard.await.unwrap());
        statements.sort();
        statements.dedup();
        let asked: Vec<&String> =
            statements.iter().filter(|one| one.contains("SELECT") && one.contains("ledger_")).collect();
        assert!(asked.len() >= 9, "{asked:?}");
        let mut conn = diesel::SqliteConnection::establish(&ground.store.config().url).unwrap();
        for statement in asked {
            let plan = plan(&mut conn, statement);
            let told = format!("{statement}\n{}", plan.join("\n"));
            assert!(!told.contains("TEMP B-TREE") || statement.contains("`case_id` ="), "it sorts: {told}");
            let large = |step: &&String| {
                ["entry", "book", "owner"].iter().any(|one| step.contains(&format!("ledger_{one}")))
            };
            for step in plan.iter().filter(large) {
                assert!(!step.starts_with("SCAN") && !step.ends_with("(adcode=?)"), "all of it: {told}");
            }
        }
    });
}

#[test]
fn what_is_near_and_what_a_year_sums_up_to_are_stretches_of_an_index_and_places_are_read_from_it_alone() {
    set_default_instrumentation(listen).unwrap();
    on_sqlite(|ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        reported(&ground, user, lamp()).await;
        follow_up(&ground).await;
        let at = Position::new(121.46, 30.9).unwrap();
        let heard = ground.store.read(move |conn| {
            HEARD.set(Some(Vec::new()));
            for kind in [None, Some(Kind::Problem)] {
                let sought = NearSought { at, metres: 5_000.0, kind, done: false, after: None };
                assert_eq!(cases::near(conn, &sought, Some(user), NOON, 60)?.len(), 1);
            }
            let day = Day::from_count;
            assert_eq!(figures::figures(conn, Dimension::Kind, day(20_001), day(21_003))?.len(), 1);
            figures::days(conn, day(20_001), day(21_003))?;
            Ok(HEARD.take().unwrap_or_default())
        });
        let mut statements = heard.await.unwrap();
        statements.retain(|one| one.contains("SELECT"));
        statements.sort();
        statements.dedup();
        let mut conn = diesel::SqliteConnection::establish(&ground.store.config().url).unwrap();
        let (mut places, mut sums) = (0, 0);
        for statement in &statements {
            let plan = plan(&mut conn, statement);
            let told = format!("{statement}\n{}", plan.join("\n"));
            assert!(
                !plan.iter().any(|step| step.starts_with("SCAN case_") || step.starts_with("SCAN fig")),
                "{told}"
            );
            assert!(!told.contains("TEMP B-TREE"), "it sorts: {told}");
            if statement.contains("`cell` BETWEEN") {
                places += 1;
                assert!(told.contains("COVERING INDEX case_near (adcode=? AND cell>? AND cell<?)"), "{told}");
            }
            if statement.contains("`figure_sum`") {
                sums += 1;
                assert!(told.contains("dimension=? AND span=? AND start>? AND start<?"), "{told}");
            }
        }
        assert!(places >= 1 && sums >= 2, "{places}, {sums}: {statements:#?}");
    });
}
