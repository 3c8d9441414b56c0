//! Accounts and sessions.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::{Door, Timestamp};
use woodlark_store::{Hash, accounts};

async fn find(ground: &Ground, token: Hash) -> Option<accounts::Session> {
    ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap()
}

both!(a_session_is_found_by_its_tokens_hash_until_it_is_revoked, |ground: Arc<Ground>| async move {
    let (user, token) = resident(&ground).await;
    let session = find(&ground, token).await.unwrap();
    assert_eq!((session.user, session.door, session.phone), (user, Door::Browser, None));
    assert_eq!(find(&ground, hash()).await, None);
    assert!(write(&ground, move |tx| accounts::revoke(tx, &token)).await);
    assert_eq!(find(&ground, token).await, None);
    assert!(!write(&ground, move |tx| accounts::revoke(tx, &token)).await);
});

both!(the_last_use_is_written_down_at_most_once_an_hour, |ground: Arc<Ground>| async move {
    let (_, token) = resident(&ground).await;
    for (minutes, seen) in [(59, NOON), (60, NOON.plus(Timestamp::HOUR)), (90, NOON.plus(Timestamp::HOUR))] {
        let now = NOON.plus(minutes * Timestamp::MINUTE);
        write(&ground, move |tx| accounts::touch(tx, &token, now)).await;
        assert_eq!(find(&ground, token).await.unwrap().seen_at, seen, "{minutes}");
    }
    assert!(find(&ground, token).await.unwrap().is_stale(NOON.plus(2 * Timestamp::HOUR)));
});

both!(all_devices_of_an_account_are_signed_out_at_once_and_nobody_elses, |ground: Arc<Ground>| async move {
    let ((user, first), (_, other)) = (resident(&ground).await, resident(&ground).await);
    let second = hash();
    write(&ground, move |tx| accounts::sign_in(tx, user, &second, Door::Wechat, NOON)).await;
    assert_eq!(write(&ground, move |tx| accounts::revoke_all(tx, user)).await, 2);
    assert_eq!((find(&ground, first).await, find(&ground, second).await), (None, None));
    assert!(find(&ground, other).await.is_some());
});
