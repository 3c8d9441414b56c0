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
use woodlark_domain::queue::Queue;
use woodlark_domain::search::{SoughtNumber, SoughtWords};
use woodlark_domain::{Kind, Timestamp};
use woodlark_store::cases;
use woodlark_store::cases::queue::{self, Ask, Filter};

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

#[test]
fn the_desks_questions_go_along_an_index_and_sort_nothing() {
    set_default_instrumentation(listen).unwrap();
    on_sqlite(|ground: Arc<Ground>| async move {
        many(&ground, 60, 3).await;
        let none = Filter::default;
        let filters = [
            none(),
            Filter { department: Some(code("lamps")), kind: Some(Kind::Problem), ..none() },
            Filter { area: Some(code("310120001")), category: Some(code("C01")), ..none() },
            Filter { received_from: Some(NOON.plus(-Timestamp::DAY)), ..none() },
            Filter { words: SoughtWords::new("路灯 不亮").ok(), ..none() },
            Filter { number: SoughtNumber::new("FX-2026"), ..none() },
        ];
        let mut statements = Vec::new();
        for actor in actors() {
            for queue in Queue::ALL.iter().copied() {
                for filter in filters.clone() {
                    let asking = actor.clone();
                    let heard = ground.store.read(move |conn| {
                        let ask = Ask { actors: std::slice::from_ref(&asking), queue, filter: &filter, now: NOON };
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
            let steps: Vec<Step> =
                sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(&mut conn).unwrap();
            let plan: Vec<&str> = steps.iter().map(|step| step.detail.as_str()).collect();
            let told = format!("{statement}\n{}", plan.join("\n"));
            assert!(!told.contains("TEMP B-TREE"), "it sorts: {told}");
            assert!(
                !plan.iter().any(|step| step.starts_with("SCAN case_") || step.starts_with("SCAN event")),
                "{told}"
            );
            let ordered = |column: &str| statement.contains(&format!("ORDER BY `case_file`.`{column}`"));
            let wanted = [
                ("due_at", "case_queue"),
                ("changed_at", "case_changed"),
                ("number", "case_number"),
                ("wakes_at", "case_wakes"),
            ];
            for (_, index) in wanted.iter().filter(|(column, _)| ordered(column)) {
                assert!(told.contains(&format!("INDEX {index}")), "not by {index}: {told}");
            }
        }
    });
}
