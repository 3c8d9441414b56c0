//! WeChat accounts that are linked to people: one person's at a time, and what makes two accounts one person.

use crate::fixture::*;
use crate::phones;
use std::sync::Arc;
use woodlark_domain::{Timestamp, UserId};
use woodlark_store::phones::Taken;
use woodlark_store::redeem::{self, WechatAccount};
use woodlark_store::tickets::{self, Brought, Used};
use woodlark_store::{Hash, accounts, cases, sweep};

const APP: &str = "wx0123456789abcdef";
const MINI: &str = "wxfedcba9876543210";

async fn link(
    ground: &Ground,
    user: UserId,
    appid: &'static str,
    openid: &'static str,
    unionid: Option<&'static str>,
) -> UserId {
    let account = WechatAccount { appid, openid, unionid };
    write(ground, move |tx| redeem::link_wechat(tx, user, &account, NOON)).await
}

async fn linked(ground: &Ground, user: UserId, appid: &'static str) -> Option<String> {
    ground.store.read(move |conn| redeem::linked_openid(conn, user, appid)).await.unwrap()
}

async fn present(ground: &Ground, user: UserId) -> UserId {
    ground.store.read(move |conn| accounts::present(conn, user)).await.unwrap()
}

async fn cases_of(ground: &Ground, user: UserId) -> usize {
    ground.store.read(move |conn| cases::mine(conn, user, None, 20)).await.unwrap().rows.len()
}

both!(a_link_is_made_once_replaced_by_another_and_taken_away, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    for (minute, openid) in ["o1", "o1", "o2"].into_iter().enumerate() {
        let now = NOON.plus(i64::try_from(minute).unwrap() * Timestamp::MINUTE);
        let account = WechatAccount { appid: APP, openid, unionid: None };
        let owner = write(&ground, move |tx| redeem::link_wechat(tx, user, &account, now)).await;
        assert_eq!(owner, user);
        assert_eq!(linked(&ground, user, APP).await.as_deref(), Some(openid));
    }
    let written = "SELECT action AS said FROM audit WHERE action = 'link_wechat'";
    assert_eq!(ask_aside(&ground, written).len(), 2, "nothing is written of what was so already");
    write(&ground, move |tx| redeem::unlink_wechat(tx, user, APP, NOON)).await;
    write(&ground, move |tx| redeem::unlink_wechat(tx, user, APP, NOON)).await;
    assert_eq!(linked(&ground, user, APP).await, None);
    // What was let go is anybody's.
    let (other, _) = resident(&ground).await;
    assert_eq!(link(&ground, other, APP, "o2", None).await, other);
    assert_eq!(present(&ground, user).await, user);
});

both!(a_known_openid_takes_the_device_and_all_its_cases_to_its_account, |ground: Arc<Ground>| async move {
    let ((known, _), (guest, token)) = (resident(&ground).await, resident(&ground).await);
    link(&ground, known, APP, "o1", None).await;
    link(&ground, guest, APP, "o2", None).await;
    link(&ground, guest, MINI, "m2", None).await;
    reported(&ground, known, lamp()).await;
    reported(&ground, guest, lamp()).await;
    assert_eq!(link(&ground, guest, APP, "o1", Some("u1")).await, known);
    assert_eq!(present(&ground, guest).await, known);
    let session = ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap().unwrap();
    assert_eq!(session.user, known, "this device is the known account's");
    assert_eq!(cases_of(&ground, known).await, 2);
    assert_eq!(linked(&ground, known, APP).await.as_deref(), Some("o1"));
    assert_eq!(linked(&ground, known, MINI).await.as_deref(), Some("m2"), "its other links come along");
    assert_eq!(linked(&ground, guest, APP).await, None);
    // The unionid was not known before; now it is.
    let (mini, _) = resident(&ground).await;
    assert_eq!(link(&ground, mini, MINI, "m3", Some("u1")).await, known);
    assert_sound(&ground).await;
});

both!(a_known_unionid_of_another_app_is_the_same_person, |ground: Arc<Ground>| async move {
    let ((known, _), (guest, _)) = (resident(&ground).await, resident(&ground).await);
    link(&ground, known, MINI, "m1", Some("u1")).await;
    reported(&ground, guest, lamp()).await;
    assert_eq!(link(&ground, guest, APP, "o1", Some("u1")).await, known);
    assert_eq!(linked(&ground, known, APP).await.as_deref(), Some("o1"));
    assert_eq!(linked(&ground, known, MINI).await.as_deref(), Some("m1"));
    assert_eq!(cases_of(&ground, known).await, 1);
    let (stranger, _) = resident(&ground).await;
    assert_eq!(link(&ground, stranger, APP, "o9", Some("u9")).await, stranger, "another unionid");
    assert_eq!(link(&ground, stranger, MINI, "m9", None).await, stranger, "none is nobody's");
});

both!(openid_and_unionid_of_two_accounts_make_all_three_one, |ground: Arc<Ground>| async move {
    let ((first, _), (second, _), (guest, _)) =
        (resident(&ground).await, resident(&ground).await, resident(&ground).await);
    link(&ground, first, APP, "o1", None).await;
    let later = NOON.plus(Timestamp::HOUR);
    let mini = WechatAccount { appid: MINI, openid: "m1", unionid: Some("u1") };
    write(&ground, move |tx| redeem::link_wechat(tx, second, &mini, later)).await;
    assert_eq!(link(&ground, guest, APP, "o1", Some("u1")).await, first, "whichever was linked first");
    for user in [second, guest] {
        assert_eq!(present(&ground, user).await, first);
    }
    assert_eq!(linked(&ground, first, MINI).await.as_deref(), Some("m1"));
    assert_sound(&ground).await;
});

both!(a_phone_that_joins_two_accounts_takes_the_link_along, |ground: Arc<Ground>| async move {
    let ((known, _), (guest, _), (other, _)) =
        (resident(&ground).await, resident(&ground).await, resident(&ground).await);
    let phone = hash();
    assert_eq!(phones::link(&ground, known, phone, NOON).await, Taken::Linked { user: known });
    link(&ground, guest, APP, "o1", None).await;
    let later = NOON.plus(Timestamp::HOUR);
    assert_eq!(phones::link(&ground, guest, phone, later).await, Taken::Linked { user: known });
    assert_eq!(linked(&ground, known, APP).await.as_deref(), Some("o1"));
    assert_eq!(link(&ground, other, APP, "o1", None).await, known);
});

const MINUTE: i64 = Timestamp::MINUTE;

async fn issue(ground: &Ground, openid: &'static str, unionid: Option<&'static str>, now: Timestamp) -> Hash {
    let (ticket, new) = (hash(), user_id());
    let account = WechatAccount { appid: MINI, openid, unionid };
    let until = write(ground, move |tx| tickets::issue(tx, &account, new, &ticket, now)).await;
    assert_eq!(until, now.plus(2 * MINUTE));
    ticket
}

async fn bring(ground: &Ground, ticket: Hash, session: Option<Hash>, join: bool, now: Timestamp) -> Used {
    let fresh = hash();
    write(ground, move |tx| {
        let brought = Brought { ticket_hash: &ticket, session: session.as_ref(), fresh: &fresh, join, now };
        tickets::bring(tx, &brought)
    })
    .await
}

both!(a_ticket_is_good_once_for_two_minutes_for_whom_wechat_named, |ground: Arc<Ground>| async move {
    let ((known, _), (_, bare), (busy, token)) =
        (resident(&ground).await, resident(&ground).await, resident(&ground).await);
    link(&ground, known, APP, "o1", Some("u1")).await;
    reported(&ground, busy, lamp()).await;
    let ticket = issue(&ground, "m1", Some("u1"), NOON).await;
    assert_eq!(bring(&ground, ticket, None, false, NOON.plus(2 * MINUTE)).await, Used::Gone);
    assert_eq!(bring(&ground, hash(), None, false, NOON).await, Used::Gone);
    assert_eq!(bring(&ground, ticket, Some(token), false, NOON).await, Used::WouldJoin);
    // A session that ended meanwhile is none.
    assert_eq!(bring(&ground, ticket, Some(hash()), false, NOON).await, Used::SignedIn(known));
    assert_eq!(bring(&ground, ticket, None, false, NOON).await, Used::Gone);
    assert_eq!(bring(&ground, ticket, Some(token), true, NOON).await, Used::Gone);

    let ticket = issue(&ground, "m1", Some("u1"), NOON).await;
    assert_eq!(bring(&ground, ticket, Some(bare), false, NOON).await, Used::Kept(known));
    assert_eq!(bring(&ground, ticket, Some(bare), false, NOON).await, Used::Kept(known), "asked again");
    let ticket = issue(&ground, "m1", Some("u1"), NOON).await;
    assert_eq!(bring(&ground, ticket, Some(token), true, NOON).await, Used::Kept(known));
    assert_eq!(present(&ground, busy).await, known);
    assert_eq!(cases_of(&ground, known).await, 1);

    // Of two who bring the same at once, one is signed in.
    let ticket = issue(&ground, "m1", Some("u1"), NOON).await;
    let other = another(&ground);
    let both =
        tokio::join!(bring(&ground, ticket, None, false, NOON), bring(&other, ticket, None, false, NOON));
    assert!(
        [(Used::SignedIn(known), Used::Gone), (Used::Gone, Used::SignedIn(known))].contains(&both),
        "{both:?}"
    );

    // Whom nobody knows gets an account, and keeps it; joined to another, their tickets are that one's.
    let (first, second) = (issue(&ground, "m2", None, NOON).await, issue(&ground, "m2", None, NOON).await);
    let Used::SignedIn(new) = bring(&ground, first, None, false, NOON).await else { panic!("nobody") };
    assert_eq!(linked(&ground, new, MINI).await.as_deref(), Some("m2"));
    link(&ground, new, APP, "o1", Some("u1")).await;
    assert_eq!(bring(&ground, second, None, false, NOON).await, Used::SignedIn(known));
    let swept = write(&ground, |tx| sweep::outdated(tx, NOON.plus(2 * MINUTE))).await;
    assert_eq!(swept.tickets, 6);
    assert_sound(&ground).await;
});
