//! A database of the schema before the clock: it is opened at once, and wound up in batches while it is used.

use crate::clock::{due, tick};
use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::clock::Overdue;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_domain::queue::Queue;
use woodlark_domain::search::SoughtWords;
use woodlark_domain::{CaseId, Role, Timestamp};
use woodlark_store::Store;
use woodlark_store::cases::queue::{self, Ask, Filter};
use woodlark_store::cases::{self, Ticked, Wound};
use woodlark_store::figures::figures;

/// Takes the database back to schema 3, as a program of that time left it.
fn take_back(ground: &Ground) {
    if !ground.store.config().url.starts_with("postgres") {
        // They name a table that is about to go.
        run_aside(ground, "DROP TRIGGER event_refuses_update; DROP TRIGGER audit_refuses_update");
    }
    run_aside(
        ground,
        "DROP TABLE kiosk; DROP TABLE kiosk_code; DROP TABLE kiosk_envelope; DROP TABLE kiosk_case; DROP TABLE wrong_try; \
         DROP TABLE payout; DROP TABLE payout_approval; DROP TABLE gift_order; DROP TABLE book_freeze; \
         DROP TABLE wechat_link; DROP TABLE wechat_ticket; DROP TABLE notice_consent; DROP TABLE account_deletion; \
         DROP TABLE ledger_entry; DROP TABLE ledger_book; DROP TABLE ledger_owner; DROP TABLE ledger_month; \
         DROP TABLE ledger_account; DROP TABLE ledger_day; DROP TABLE ledger_root; \
         DROP TABLE board; DROP TABLE city_part; DROP TABLE city_made_of; DROP TABLE former_name; DROP TABLE rule_proposal; \
         DROP TABLE figure_sum; DROP TABLE figure_case; DROP INDEX case_near; DROP INDEX case_done; \
         DROP TABLE photo_approval; DROP INDEX case_wakes; DROP INDEX case_queue; DROP INDEX case_changed; \
         DROP TABLE escalation; \
         DROP TABLE case_pair; ALTER TABLE case_file DROP COLUMN due_at; \
         ALTER TABLE case_file DROP COLUMN overdue; ALTER TABLE case_file DROP COLUMN wakes_at; \
         CREATE INDEX case_state ON case_file (adcode, state, changed_at); \
         DELETE FROM store_schema WHERE version >= 4",
    );
    if !ground.store.config().url.starts_with("postgres") {
        run_aside(ground, "DROP TABLE sqlite_stat1");
    }
}

async fn wind(ground: &Ground, after: Option<CaseId>, most: usize) -> Wound {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| cases::wind(tx, &city, after, most)).await
}

async fn listed(ground: &Ground, queue: Queue, words: Option<&str>) -> Vec<CaseId> {
    let filter = Filter { words: words.map(|words| SoughtWords::new(words).unwrap()), ..Filter::default() };
    let actor = Actor::staff(user_id(), Role::Supervisor);
    let page = ground.store.read(move |conn| {
        let ask = Ask { actors: std::slice::from_ref(&actor), queue, filter: &filter, now: NOON };
        queue::page(conn, &ask, None, 100)
    });
    page.await.unwrap().rows.into_iter().map(|row| row.id).collect()
}

both!(rows_of_the_schema_before_are_wound_in_batches_and_a_broken_case_holds_up_nobody, |ground: Arc<
    Ground,
>| async move {
    let ((user, _), (joiner, _)) = (resident(&ground).await, resident(&ground).await);
    let mut ids = Vec::new();
    for _ in 0..9 {
        ids.push(reported(&ground, user, lamp()).await.case_id);
    }
    follow_up(&ground).await;
    take_back(&ground);
    // Somebody wrote past the rules: the second case has an event that is none.
    let broken = ids[1];
    let blob: String = broken.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let id = if ground.store.config().url.starts_with("postgres") {
        format!("'\\x{blob}'")
    } else {
        format!("x'{blob}'")
    };
    run_aside(
        &ground,
        &format!("INSERT INTO event VALUES ('310120', {id}, 4, 1, 'sign', NULL, 'handler', 'staff', '{{}}')"),
    );
    let store = Store::open(ground.store.config()).unwrap();
    let ground = Arc::new(Ground { store, city: Arc::clone(&ground.city) });

    let queued = listed(&ground, Queue::Handle, None).await;
    assert_eq!(queued.len(), 9, "all are in their queue before they are wound");
    let late = NOON.plus(2 * Timestamp::DAY + 1);
    assert_eq!(due(&ground, late).await, [], "the clock has nothing to go by yet");
    // One moves on before its turn comes.
    done(&ground, ids[8], reader(joiner), Command::Join { who: joiner, merged: None }, NOON).await;

    let (mut after, mut cases, mut unsound) = (None, 0, Vec::new());
    loop {
        let wound = wind(&ground, after, 3).await;
        assert!(wound.cases + wound.unsound.len() <= 3);
        cases += wound.cases;
        unsound.extend(wound.unsound);
        after = wound.last;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((cases, unsound.len()), (7, 1), "{unsound:?}");
    assert_eq!(wind(&ground, None, 3).await.cases, 0, "and not again");
    let calendar = &ground.city.data().calendar;
    let (from, to) = (calendar.day(NOON), calendar.day(NOON.plus(Timestamp::DAY)));
    let counted = ground.store.read(move |conn| figures(conn, Dimension::Kind, from, to)).await.unwrap();
    let reported: i64 = counted.iter().map(|(_, counts)| counts.get(Measure::Reported)).sum();
    assert_eq!(reported, 7, "the wound ones are in the figures");
    let whole: Vec<CaseId> = ids.iter().copied().filter(|id| *id != broken).collect();
    assert_eq!(due(&ground, late).await, whole);
    assert_eq!(tick(&ground, ids[0], late).await, Ticked::Raised(Overdue::Over));
    let mut found = listed(&ground, Queue::All, Some("路灯")).await;
    found.sort();
    assert_eq!(found, whole, "their words are found");
    let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
    assert_eq!(checked.wrong, 1, "{:?}", checked.problems);
    assert!(checked.problems[0].contains("event") || checked.problems[0].contains("body"));
});
