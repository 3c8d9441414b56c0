//! Linking a phone.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::Command;
use woodlark_domain::{CaseId, Timestamp, UserId};
use woodlark_store::cases::{Commanded, Concern, Order};
use woodlark_store::phones::{CODE_HOLDS, Issued, Take, Taken};
use woodlark_store::{Hash, accounts, cases, phones};

async fn issue(ground: &Ground, user: UserId, phone: Hash, given: Hash, now: Timestamp) -> Issued {
    write(ground, move |tx| phones::issue(tx, user, &phone, &given, now)).await
}

async fn take(ground: &Ground, user: UserId, phone: Hash, given: Hash, now: Timestamp) -> Taken {
    write(ground, move |tx| {
        let take = Take { user, phone_hash: &phone, masked: "138****5678", code_hash: &given, now };
        phones::take(tx, &take)
    })
    .await
}

pub(crate) async fn link(ground: &Ground, user: UserId, phone: Hash, now: Timestamp) -> Taken {
    let given = hash();
    assert!(matches!(issue(ground, user, phone, given, now).await, Issued::Sent { .. }));
    take(ground, user, phone, given, now).await
}

async fn join(ground: &Ground, user: UserId, case: CaseId) -> Commanded {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| {
        let command = Command::Join { who: user, merged: None };
        let order = Order { case, actor: &reader(user), command, now: NOON, city: &city };
        cases::command(tx, &order)
    })
    .await
}

both!(a_right_code_links_the_phone_and_asking_again_says_the_same, |ground: Arc<Ground>| async move {
    let (user, token) = resident(&ground).await;
    let phone = hash();
    let given = hash();
    let Issued::Sent { expires_at, again_at } = issue(&ground, user, phone, given, NOON).await else {
        panic!()
    };
    assert_eq!((expires_at, again_at), (NOON.plus(CODE_HOLDS), NOON.plus(Timestamp::MINUTE)));
    assert_eq!(take(&ground, user, phone, given, NOON).await, Taken::Linked { user });
    assert_eq!(take(&ground, user, phone, given, NOON).await, Taken::Linked { user }, "its answer got lost");
    let session = ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap().unwrap();
    assert_eq!(session.phone.as_deref(), Some("138****5678"));
});

both!(a_wrong_code_is_counted_and_the_fifth_is_the_last, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let (phone, given) = (hash(), hash());
    issue(&ground, user, phone, given, NOON).await;
    for tries_left in [4, 3, 2, 1, 0] {
        assert_eq!(take(&ground, user, phone, hash(), NOON).await, Taken::Wrong { tries_left });
    }
    assert_eq!(take(&ground, user, phone, given, NOON).await, Taken::Expired);
    assert_eq!(take(&ground, user, hash(), given, NOON).await, Taken::Expired, "no code was asked for");
});

both!(a_code_holds_five_minutes_and_for_whoever_asked_for_it, |ground: Arc<Ground>| async move {
    let ((user, _), (stranger, _)) = (resident(&ground).await, resident(&ground).await);
    let (phone, given) = (hash(), hash());
    issue(&ground, user, phone, given, NOON).await;
    assert_eq!(take(&ground, stranger, phone, given, NOON).await, Taken::Expired);
    assert_eq!(take(&ground, user, phone, given, NOON.plus(CODE_HOLDS)).await, Taken::Expired);
});

both!(
    codes_are_one_a_minute_and_five_a_day_for_a_phone_and_for_an_account,
    |ground: Arc<Ground>| async move {
        let ((user, _), (stranger, _)) = (resident(&ground).await, resident(&ground).await);
        let phone = hash();
        let at = |minutes: i64| NOON.plus(minutes * Timestamp::MINUTE);
        let sent = |issued: Issued| matches!(issued, Issued::Sent { .. });
        assert!(sent(issue(&ground, user, phone, hash(), NOON).await));
        let soon = Timestamp(NOON.0 + 59 * Timestamp::SECOND);
        let again_at = at(1);
        assert_eq!(issue(&ground, stranger, phone, hash(), soon).await, Issued::TooOften { again_at });
        assert_eq!(issue(&ground, user, hash(), hash(), soon).await, Issued::TooOften { again_at });
        for minute in 1..5 {
            assert!(sent(issue(&ground, user, phone, hash(), at(minute)).await), "{minute}");
        }
        let again_at = NOON.plus(Timestamp::DAY);
        assert_eq!(issue(&ground, stranger, phone, hash(), at(9)).await, Issued::TooOften { again_at });
        assert!(sent(issue(&ground, stranger, hash(), hash(), at(9)).await), "a refused one was not counted");
        assert!(sent(issue(&ground, user, phone, hash(), again_at).await));
    }
);

both!(
    a_phone_that_has_an_account_takes_the_device_and_all_its_cases_there,
    |ground: Arc<Ground>| async move {
        let ((old, _), (new, token), (other, _)) =
            (resident(&ground).await, resident(&ground).await, resident(&ground).await);
        let phone = hash();
        assert_eq!(link(&ground, old, phone, NOON).await, Taken::Linked { user: old });
        let theirs = reported(&ground, old, lamp()).await.case_id;
        let mine = reported(&ground, new, lamp()).await.case_id;
        let joined = reported(&ground, other, lamp()).await.case_id;
        for (user, case) in [(new, joined), (old, joined), (new, theirs), (old, mine)] {
            assert!(matches!(join(&ground, user, case).await, Commanded::Done(_)));
        }

        let later = NOON.plus(Timestamp::HOUR);
        assert_eq!(link(&ground, new, phone, later).await, Taken::Linked { user: old });
        let session = ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap().unwrap();
        assert_eq!((session.user, session.phone.as_deref()), (old, Some("138****5678")));
        let page = ground.store.read(move |conn| cases::mine(conn, old, None, 20)).await.unwrap();
        let mut found: Vec<(CaseId, Concern)> =
            page.rows.iter().map(|(row, concern)| (row.id, *concern)).collect();
        found.sort_by_key(|(id, _)| *id);
        assert_eq!(
            found,
            [(theirs, Concern::Reporter), (mine, Concern::Reporter), (joined, Concern::Joiner)]
        );
        assert!(
            page.rows.iter().all(|(row, _)| row.joiners == u32::from(row.id == joined)),
            "one person joins once"
        );
        let city = Arc::clone(&ground.city);
        let view = ground.store.read(move |conn| cases::view(conn, mine, old, &city)).await.unwrap().unwrap();
        assert_eq!((view.case.reporter, view.events[0].by.user), (Some(old), Some(old)));
        assert!(
            ground.store.read(move |conn| cases::mine(conn, new, None, 20)).await.unwrap().rows.is_empty()
        );
        assert_sound(&ground).await;

        let third = resident(&ground).await.0;
        let phone = hash();
        assert_eq!(link(&ground, third, phone, later).await, Taken::Linked { user: third });
        let again = later.plus(Timestamp::HOUR);
        assert_eq!(link(&ground, old, phone, again).await, Taken::Linked { user: third });
        let present = ground.store.read(move |conn| accounts::present(conn, new)).await.unwrap();
        assert_eq!(present, third, "a chain of joined accounts leads to its end");
        assert_sound(&ground).await;
    }
);
