//! Kiosks: who serves as one, what they hand in, and where a case goes from there.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::kiosk::KioskState;
use woodlark_domain::{CaseId, ContentHash, KioskId, Timestamp, UserId};
use woodlark_store::kiosks::{self, Envelope, Health, Issued, Kept, Kiosk, SetUp, TakenOver};
use woodlark_store::wrong_tries::{self, Guard};
use woodlark_store::{Hash, accounts, cases};

const GUARD: Guard = Guard { what: "test", most: 3, window: 10 * Timestamp::MINUTE };

async fn set_up(ground: &Ground) -> KioskId {
    let id = KioskId::new(1, random());
    let entry = code("kiosk-xidu");
    write(ground, move |tx| {
        let (entry, by, now) = (Some(&entry), user_id(), NOON);
        kiosks::set_up(
            tx,
            &SetUp { id, name: "西渡站", entry, position: None, pin_hash: Some(&[4; 32]), by, now },
        )
    })
    .await;
    id
}

async fn enrol(ground: &Ground, code: Hash, token: Hash, now: Timestamp) -> Option<Kiosk> {
    write(ground, move |tx| kiosks::enrol(tx, &code, &token, now)).await
}

async fn issue(ground: &Ground, id: KioskId, code: Hash) -> Issued {
    write(ground, move |tx| kiosks::issue_code(tx, id, &code, user_id(), NOON)).await
}

async fn of_token(ground: &Ground, token: Hash) -> Option<Kiosk> {
    ground.store.read(move |conn| kiosks::of_token(conn, &token)).await.unwrap()
}

both!(
    a_device_serves_by_a_code_that_holds_once_until_another_device_comes_or_its_leave_ends,
    |ground: Arc<Ground>| async move {
        let id = set_up(&ground).await;
        let (first, second, spent) = (hash(), hash(), hash());
        assert_eq!(issue(&ground, KioskId::new(2, random()), hash()).await, Issued::NotFound);
        let Issued::Until(until) = issue(&ground, id, spent).await else { panic!() };
        assert_eq!(enrol(&ground, spent, first, until).await, None, "too late; and it is gone");
        assert_eq!(enrol(&ground, spent, first, NOON).await, None);
        let replaced = hash();
        issue(&ground, id, replaced).await;
        let code = hash();
        issue(&ground, id, code).await;
        assert_eq!(enrol(&ground, replaced, first, NOON).await, None, "the code before holds no more");
        let serving = enrol(&ground, code, first, NOON).await.unwrap();
        assert_eq!(
            (serving.state, serving.entry.map(|entry| entry.to_string())),
            (KioskState::Enrolled, Some("kiosk-xidu".to_owned()))
        );
        assert_eq!(enrol(&ground, code, second, NOON).await, None, "once");

        let health =
            Health { version: "b1".to_owned(), queue: 2, oldest_at: Some(NOON), attention: 1, camera: false };
        let said = health.clone();
        write(&ground, move |tx| kiosks::heard(tx, id, &said, NOON)).await;
        let seen = of_token(&ground, first).await.unwrap();
        assert_eq!((seen.health, seen.seen_at), (health, Some(NOON)));

        let other = hash();
        issue(&ground, id, other).await;
        assert!(of_token(&ground, first).await.is_some(), "who serves goes on");
        enrol(&ground, other, second, NOON).await.unwrap();
        assert_eq!(of_token(&ground, first).await, None, "another device came");

        let pending = hash();
        issue(&ground, id, pending).await;
        let revoke = || write(&ground, move |tx| kiosks::revoke(tx, id, user_id(), NOON));
        assert_eq!((revoke().await, revoke().await), (true, false));
        assert_eq!(enrol(&ground, pending, first, NOON).await, None, "no code outlives the leave");
        assert_eq!(
            of_token(&ground, second).await.unwrap().state,
            KioskState::Revoked,
            "its device is told why"
        );
        let again = hash();
        issue(&ground, id, again).await;
        assert_eq!(enrol(&ground, again, second, NOON).await.unwrap().state, KioskState::Enrolled);
        assert_eq!(ground.store.read(kiosks::all).await.unwrap().len(), 1);
    }
);

both!(
    how_far_an_envelope_has_come_only_grows_and_is_forgotten_in_the_end,
    |ground: Arc<Ground>| async move {
        let envelope = Envelope {
            case: case_id(),
            kiosk: set_up(&ground).await,
            hash: ContentHash::from_bytes(hash()),
            bytes: 900_000,
        };
        let case = envelope.case;
        let begin = || write(&ground, move |tx| kiosks::begin(tx, &envelope, NOON));
        assert_eq!(begin().await.received_bytes, 0);
        let held = |bytes: u64| write(&ground, move |tx| kiosks::progress(tx, case, bytes));
        assert_eq!((held(500_000).await, held(400_000).await), (500_000, 500_000));
        let user = user_id();
        write(&ground, move |tx| kiosks::made_for(tx, case, user)).await;
        let known = begin().await;
        assert_eq!((known.received_bytes, known.user, known.envelope), (500_000, Some(user), envelope));
        write(&ground, move |tx| kiosks::begin_anew(tx, case)).await;
        assert_eq!(begin().await.received_bytes, 0);
        let expired = |at: Timestamp| ground.store.read(move |conn| kiosks::expired(conn, at, 10));
        assert_eq!(expired(NOON.plus(6 * Timestamp::DAY)).await.unwrap(), []);
        assert_eq!(expired(NOON.plus(7 * Timestamp::DAY)).await.unwrap(), [case]);
        write(&ground, move |tx| kiosks::forget(tx, case)).await;
        assert_eq!(ground.store.read(move |conn| kiosks::arriving(conn, case)).await.unwrap(), None);
    }
);

async fn take_over(ground: &Ground, case: CaseId, token: Hash, user: UserId, now: Timestamp) -> TakenOver {
    write(ground, move |tx| kiosks::take_over(tx, case, &token, user, now)).await
}

both!(
    a_case_goes_to_one_phone_with_all_that_is_of_it_and_the_books_stay_right,
    |ground: Arc<Ground>| async move {
        let kiosk = set_up(&ground).await;
        let nobody = user_id();
        write(&ground, move |tx| accounts::make(tx, nobody, NOON)).await;
        let receipt = reported(&ground, nobody, lamp()).await;
        let (case, number) = (receipt.case_id, receipt.number.clone());
        let (code, token) = (hash(), hash());
        let keep = || {
            write(&ground, move |tx| {
                kiosks::keep(tx, &Kept { case, kiosk, code_hash: &code, token_hash: &token }, NOON)
            })
        };
        keep().await;
        // Written once; what comes later changes nothing.
        keep().await;
        assert_eq!(
            ground.store.read(move |conn| kiosks::receipt(conn, case, kiosk)).await.unwrap(),
            Some(receipt)
        );
        let other = KioskId::new(9, random());
        assert_eq!(ground.store.read(move |conn| kiosks::receipt(conn, case, other)).await.unwrap(), None);
        assert_eq!(
            ground.store.read(move |conn| kiosks::named(conn, &number)).await.unwrap(),
            Some((case, code))
        );

        let (phone, _) = resident(&ground).await;
        let (stranger, _) = resident(&ground).await;
        assert_eq!(take_over(&ground, case, hash(), phone, NOON).await, TakenOver::NotFound);
        let late = NOON.plus(2 * Timestamp::HOUR);
        assert_eq!(take_over(&ground, case, token, phone, late).await, TakenOver::Gone);
        assert_eq!(take_over(&ground, case, token, phone, late.plus(-1)).await, TakenOver::Taken);
        assert_eq!(
            take_over(&ground, case, token, phone, late).await,
            TakenOver::Taken,
            "its answer got lost"
        );
        assert_eq!(take_over(&ground, case, token, stranger, NOON).await, TakenOver::Gone);
        let city = Arc::clone(&ground.city);
        let view = ground.store.read(move |conn| cases::view(conn, case, phone, &city)).await.unwrap();
        assert_eq!(view.unwrap().concern, cases::Concern::Reporter);
        let city = Arc::clone(&ground.city);
        assert!(
            ground.store.read(move |conn| cases::view(conn, case, nobody, &city)).await.unwrap().is_none()
        );
        assert_sound(&ground).await;
    }
);

both!(whoever_guesses_is_locked_out_for_a_while_and_what_is_right_forgets_the_wrong, |ground: Arc<
    Ground,
>| async move {
    let wrong = |subject: &'static [u8], at: Timestamp| {
        write(&ground, move |tx| wrong_tries::wrong(tx, GUARD, subject, at))
    };
    let locked = async |subject: &'static [u8], at: Timestamp| {
        ground.store.read(move |conn| wrong_tries::locked(conn, GUARD, subject, at)).await.unwrap()
    };
    wrong(b"a", NOON).await;
    wrong(b"a", NOON).await;
    assert_eq!(locked(b"a", NOON).await, None);
    write(&ground, |tx| wrong_tries::right(tx, GUARD, b"a")).await;
    for _ in 0..2 {
        wrong(b"a", NOON).await;
    }
    assert_eq!(locked(b"a", NOON).await, None, "it began anew");
    // Two of long ago and two of now are not three.
    let later = NOON.plus(10 * Timestamp::MINUTE);
    wrong(b"a", later).await;
    wrong(b"a", later).await;
    assert_eq!(locked(b"a", later).await, None);
    wrong(b"a", later).await;
    let until = later.plus(10 * Timestamp::MINUTE);
    assert_eq!(locked(b"a", later).await, Some(until));
    assert_eq!(locked(b"a", until).await, None, "and it is over");
    assert_eq!(locked(b"b", later).await, None, "another subject");
});
