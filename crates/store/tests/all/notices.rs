//! What residents asked to be told: a message for each consent, never two of one, whoever they are by then.

use crate::clock::mended;
use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, Outcome};
use woodlark_domain::report::{Intake, Reason};
use woodlark_domain::{CaseId, Role, Timestamp, UserId};
use woodlark_store::accounts;
use woodlark_store::notices::{self, Consented, Going, Word};
use woodlark_store::redeem::{self, WechatAccount};

const APP: &str = "wx0123456789abcdef";
const LATER: Timestamp = Timestamp(NOON.0 + 4 * Timestamp::HOUR);

async fn link(ground: &Ground, user: UserId, openid: &'static str) -> UserId {
    let account = WechatAccount { appid: APP, openid, unionid: None };
    write(ground, move |tx| redeem::link_wechat(tx, user, &account, NOON)).await
}

async fn consent(ground: &Ground, user: UserId, case: CaseId) -> Consented {
    let key = case_id().to_string();
    write(ground, move |tx| notices::consent(tx, user, case, APP, &key, NOON)).await
}

async fn open(ground: &Ground, case: CaseId, user: UserId) -> u32 {
    ground.store.read(move |conn| notices::open(conn, case, user)).await.unwrap()
}

async fn claim(ground: &Ground, now: Timestamp) -> Vec<Going> {
    let due = ground.store.read(move |conn| notices::is_due(conn, now)).await.unwrap();
    let going = write(ground, move |tx| notices::claim(tx, APP, now, 50)).await;
    assert!(due || going.is_empty());
    going
}

async fn hear(ground: &Ground, one: &Going, word: Word, now: Timestamp) {
    let id = one.id.clone();
    write(ground, move |tx| notices::heard(tx, &id, word, now)).await;
}

fn told(going: &[Going]) -> Vec<(&str, Outcome)> {
    let mut told: Vec<_> = going.iter().map(|one| (one.openid.as_str(), one.outcome)).collect();
    told.sort_unstable();
    told
}

fn states(ground: &Ground) -> Vec<String> {
    ask_aside(ground, "SELECT state AS said FROM notice_consent ORDER BY asked_at, state")
}

fn acceptor() -> Actor {
    Actor::staff(UserId::new(3, [3; 10]), Role::Acceptor)
}

fn decline() -> Command {
    Command::Decline { reason: Reason::new("不在本区").unwrap() }
}

fn unsure() -> Intake {
    Intake { category: None, ..lamp() }
}

both!(each_outcome_uses_one_consent_of_each_whom_it_concerns, |ground: Arc<Ground>| async move {
    let ((user, _), (joiner, _), (other, _)) =
        (resident(&ground).await, resident(&ground).await, resident(&ground).await);
    let case = reported(&ground, user, lamp()).await.case_id;
    assert_eq!(consent(&ground, user, case).await, Consented::NotLinked);
    link(&ground, user, "o1").await;
    link(&ground, joiner, "o2").await;
    link(&ground, other, "o3").await;
    assert_eq!(consent(&ground, other, case).await, Consented::NotFound);
    assert_eq!(consent(&ground, other, case_id()).await, Consented::NotFound);
    done(&ground, case, reader(joiner), Command::Join { who: joiner, merged: None }, NOON).await;
    assert_eq!(consent(&ground, user, case).await, Consented::Kept { open: 1 });
    assert_eq!(consent(&ground, user, case).await, Consented::Kept { open: 2 });
    assert_eq!(consent(&ground, joiner, case).await, Consented::Kept { open: 1 });
    follow_up(&ground).await;
    assert_eq!(claim(&ground, LATER).await, []);

    mended(&ground, case).await;
    follow_up(&ground).await;
    // Two servers take them up at once.
    let server = another(&ground);
    let (mut going, more) = tokio::join!(claim(&ground, LATER), claim(&server, LATER));
    going.extend(more);
    assert_eq!(told(&going), [("o1", Outcome::Closed), ("o2", Outcome::Closed)]);
    for one in &going {
        hear(&ground, one, Word::Sent, LATER).await;
        hear(&server, one, Word::Unknown, LATER).await;
    }
    assert_eq!((open(&ground, case, user).await, open(&ground, case, joiner).await), (1, 0));
    assert_eq!(states(&ground), ["open", "sent", "sent"]);
    assert!(try_aside(&ground, "UPDATE notice_consent SET state = 'open' WHERE state = 'sent'").is_err());

    // Contested and closed once more, all before anybody looked; the joiner has no consent left for it.
    let contest = Command::Contest { reason: Reason::new("还是不亮").unwrap(), photos: Vec::new() };
    done(&ground, case, reader(user), contest, LATER).await;
    let again = Actor::staff(UserId::new(8, [8; 10]), Role::Verifier);
    let pass = Command::Pass { note: Reason::new("亮了").ok(), photos: Vec::new(), fix: None };
    done(&ground, case, again, pass, LATER).await;
    follow_up(&ground).await;
    follow_up(&ground).await;
    let going = claim(&ground, LATER).await;
    assert_eq!(told(&going), [("o1", Outcome::Closed)]);
    assert_eq!((going[0].case, going[0].at), (case, LATER));
    hear(&ground, &going[0], Word::Sent, LATER).await;
    assert_eq!(claim(&ground, LATER.plus(Timestamp::DAY)).await, []);
    let audited = ask_aside(&ground, "SELECT detail AS said FROM audit WHERE action = 'notify'");
    assert_eq!(audited.len(), 3);
    assert_sound(&ground).await;
});

both!(what_may_have_gone_is_not_sent_again_and_what_did_not_is_for_a_day, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    link(&ground, user, "o1").await;
    let ask = async || {
        let case = reported(&ground, user, unsure()).await.case_id;
        assert_eq!(consent(&ground, user, case).await, Consented::Kept { open: 1 });
        done(&ground, case, acceptor(), decline(), NOON).await;
        follow_up(&ground).await;
        assert_eq!(consent(&ground, user, case).await, Consented::Over);
        case
    };
    // The server fell over between taking it up and hearing of it.
    ask().await;
    assert_eq!(told(&claim(&ground, NOON).await), [("o1", Outcome::Declined)]);
    assert_eq!(claim(&ground, NOON.plus(10 * Timestamp::MINUTE - 1)).await, []);
    assert_eq!(claim(&another(&ground), NOON.plus(10 * Timestamp::MINUTE)).await, []);
    assert_eq!(states(&ground), ["unknown"]);
    run_aside(&ground, "DELETE FROM notice_consent");

    // It was certainly not sent: later and later again, for a day.
    let case = ask().await;
    let (mut now, mut tries, mut pauses) = (NOON, 0, Vec::new());
    while open(&ground, case, user).await == 1 {
        let going = claim(&ground, now).await;
        if let [one] = going.as_slice() {
            tries += 1;
            pauses.push(now.0);
            hear(&ground, one, Word::Kept, now).await;
            assert_eq!(claim(&ground, now.plus(Timestamp::MINUTE - 1)).await, []);
        }
        now = now.plus(Timestamp::MINUTE);
    }
    assert_eq!(tries, 18, "{pauses:?}");
    assert!(now.0 < NOON.0 + Timestamp::DAY);
    assert_eq!(states(&ground), ["gone"]);
    run_aside(&ground, "DELETE FROM notice_consent");

    // No server was there for two days: it is no news any more. Nor is it once the WeChat account is another's.
    ask().await;
    assert_eq!(claim(&ground, NOON.plus(2 * Timestamp::DAY)).await, []);
    assert_eq!(states(&ground), ["gone"]);
    for word in [Word::Gone, Word::Unknown] {
        ask().await;
        let going = claim(&ground, NOON).await;
        hear(&ground, &going[0], word, NOON).await;
        assert_eq!(claim(&ground, NOON.plus(Timestamp::HOUR)).await, []);
    }
    ask().await;
    link(&ground, user, "o2").await;
    assert_eq!(claim(&ground, NOON).await, []);
    assert_eq!(states(&ground), ["gone", "gone", "gone", "unknown"]);
    assert_sound(&ground).await;
});

both!(
    a_merged_case_is_waited_for_as_the_other_and_joined_accounts_as_one,
    |ground: Arc<Ground>| async move {
        let ((first, _), (second, _), (third, _)) =
            (resident(&ground).await, resident(&ground).await, resident(&ground).await);
        link(&ground, first, "o1").await;
        link(&ground, second, "o2").await;
        let cases = [first, second, second].map(|user| (user, unsure()));
        let mut made = Vec::new();
        for (user, report) in cases {
            let case = reported(&ground, user, report).await.case_id;
            consent(&ground, user, case).await;
            made.push(case);
        }
        done(&ground, made[1], acceptor(), Command::Merge { into: made[0] }, NOON).await;
        done(&ground, made[0], acceptor(), decline(), NOON.plus(1)).await;
        // What its reporter took back is news to nobody but those who joined it.
        done(&ground, made[2], reader(second), Command::Withdraw, NOON).await;
        follow_up(&ground).await;
        let going = claim(&ground, NOON).await;
        assert_eq!(told(&going), [("o1", Outcome::Declined), ("o2", Outcome::Declined)]);
        assert!(going.iter().all(|one| one.case == made[0]));
        assert_eq!(open(&ground, made[2], second).await, 0);

        // Whose WeChat is known already is that person: what the other account waits for, they wait for.
        let case = reported(&ground, third, unsure()).await.case_id;
        link(&ground, third, "o3").await;
        consent(&ground, third, case).await;
        assert_eq!(link(&ground, third, "o1").await, first);
        assert_eq!(ground.store.read(move |conn| accounts::present(conn, third)).await.unwrap(), first);
        assert_eq!(open(&ground, case, first).await, 0, "it was to go to an account that is linked no more");
        consent(&ground, first, case).await;
        done(&ground, case, acceptor(), decline(), NOON).await;
        follow_up(&ground).await;
        assert_eq!(told(&claim(&ground, NOON).await), [("o1", Outcome::Declined)]);
        assert_sound(&ground).await;
    }
);
