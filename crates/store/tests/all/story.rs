//! What is kept of a case between reads says what the database says, after everything that is done to the case.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::case::{Actor, Command, Stars};
use woodlark_domain::clock::Limit;
use woodlark_domain::report::{Reason, Words};
use woodlark_domain::{CaseId, Role, Timestamp, UserId};
use woodlark_store::cases::{self, Commanded, Order, View};
use woodlark_store::city::City;
use woodlark_store::phones::{self, Take, Taken};
use woodlark_store::{Store, city, media};

async fn kept(ground: &Ground, id: CaseId, user: UserId, city: &Arc<City>) -> Option<View> {
    let city = Arc::clone(city);
    ground.store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap()
}

/// Within a transaction nothing that is kept is looked at.
async fn fresh(ground: &Ground, id: CaseId, user: UserId, city: &Arc<City>) -> Option<View> {
    let city = Arc::clone(city);
    write(ground, move |tx| cases::view(tx, id, user, &city)).await
}

/// Each reader sees twice what a fresh look sees; answers with whether they see anything.
async fn assert_kept_is_fresh(ground: &Ground, id: CaseId, readers: &[UserId], seen: &[bool]) {
    for (user, seen) in readers.iter().zip(seen) {
        let fresh = fresh(ground, id, *user, &ground.city).await;
        assert_eq!(fresh.is_some(), *seen);
        for _ in 0..2 {
            let kept = kept(ground, id, *user, &ground.city).await;
            let parts = |view: &Option<View>| {
                view.as_ref().map(|view| (view.row.clone(), view.concern, (*view.story).clone()))
            };
            assert_eq!(parts(&kept), parts(&fresh));
        }
    }
}

async fn done_in(store: &Store, ground: &Ground, id: CaseId, actor: Actor, command: Command, now: Timestamp) {
    let city = Arc::clone(&ground.city);
    let write = store.write(move |tx| {
        let order = Order { case: id, actor: &actor, command: command.clone(), now, city: &city };
        cases::command(tx, &order).map_err(woodlark_store::Halt::<()>::Fault)
    });
    let commanded = write.await.unwrap();
    assert!(matches!(commanded, Commanded::Done(_)), "{commanded:?}");
}

fn handler() -> Actor {
    Actor::staff(UserId::new(1, [1; 10]), Role::Handler).of(code("lamps"))
}

both!(a_kept_story_follows_every_command, |ground: Arc<Ground>| async move {
    let (user, joiner, stranger) =
        (resident(&ground).await.0, resident(&ground).await.0, resident(&ground).await.0);
    let id = reported(&ground, user, lamp()).await.case_id;
    let readers = [user, joiner, stranger];
    assert_kept_is_fresh(&ground, id, &readers, &[true, false, false]).await;
    let after = object();
    let (photo, contested) = (after.hash, object());
    let contested_hash = contested.hash;
    write(&ground, move |tx| {
        media::keep(tx, &after, NOON)?;
        media::keep(tx, &contested, NOON)
    })
    .await;
    let reason = || Reason::new("换了灯泡").unwrap();
    let verifier = |number: u8| Actor::staff(UserId::new(2, [number; 10]), Role::Verifier);
    let dispatcher = || Actor::staff(UserId::new(3, [3; 10]), Role::Dispatcher);
    let finish = || Command::Finish { note: reason(), photos: vec![photo], verdict: None, fix: None };
    let pass = || Command::Pass { note: Some(reason()), photos: Vec::new(), fix: None };
    let rate = |stars| Command::Rate { stars: Stars::new(stars).unwrap(), words: Words::new("谢谢").ok() };
    let steps = [
        (reader(joiner), Command::Join { who: joiner, merged: None }),
        (handler(), Command::Sign),
        (dispatcher(), Command::Extend { reason: reason(), limit: Limit::work_days(9) }),
        (handler(), finish()),
        (verifier(2), pass()),
        (reader(user), rate(2)),
        (reader(joiner), rate(5)),
        (reader(user), Command::Contest { reason: reason(), photos: vec![contested_hash] }),
        (verifier(4), Command::Rework { reason: reason() }),
        (handler(), finish()),
        (verifier(5), pass()),
        (reader(user), rate(4)),
        (reader(joiner), rate(5)),
        (Actor::system(), Command::Settle),
    ];
    for (hour, (actor, command)) in (1..).zip(steps) {
        done_in(&ground.store, &ground, id, actor, command, NOON.plus(hour * Timestamp::HOUR)).await;
        assert_kept_is_fresh(&ground, id, &readers, &[true, true, false]).await;
    }
    assert_eq!(kept(&ground, id, user, &ground.city).await.unwrap().case.ratings.len(), 2);
});

both!(a_kept_story_follows_what_another_server_writes, |ground: Arc<Ground>| async move {
    let user = resident(&ground).await.0;
    let id = reported(&ground, user, lamp()).await.case_id;
    assert_kept_is_fresh(&ground, id, &[user], &[true]).await;
    let other = Store::open(ground.store.config()).unwrap();
    done_in(&other, &ground, id, handler(), Command::Sign, NOON).await;
    assert_eq!(kept(&ground, id, user, &ground.city).await.unwrap().events.len(), 4);
    assert_kept_is_fresh(&ground, id, &[user], &[true]).await;
});

both!(a_kept_story_follows_a_person_from_one_account_to_another, |ground: Arc<Ground>| async move {
    let (old, reporter, joiner, stranger) = (
        resident(&ground).await.0,
        resident(&ground).await.0,
        resident(&ground).await.0,
        resident(&ground).await.0,
    );
    let id = reported(&ground, reporter, lamp()).await.case_id;
    let join = Command::Join { who: joiner, merged: None };
    done_in(&ground.store, &ground, id, reader(joiner), join, NOON).await;
    let readers = [old, reporter, joiner, stranger];
    assert_kept_is_fresh(&ground, id, &readers, &[false, true, true, false]).await;
    let phone = hash();
    for (minute, user, seen) in [
        (0, old, [false, true, true, false]),
        (1, joiner, [true, true, false, false]),
        (2, reporter, [true, false, false, false]),
    ] {
        let (given, now) = (hash(), NOON.plus(minute * Timestamp::MINUTE));
        write(&ground, move |tx| phones::issue(tx, user, &phone, &given, now)).await;
        let linked = write(&ground, move |tx| {
            phones::take(
                tx,
                &Take { user, phone_hash: &phone, masked: "138****5678", code_hash: &given, now },
            )
        });
        assert_eq!(linked.await, Taken::Linked { user: old });
        assert_kept_is_fresh(&ground, id, &readers, &seen).await;
    }
    let seen = kept(&ground, id, old, &ground.city).await.unwrap();
    assert_eq!((seen.case.reporter, seen.case.joiners.len(), seen.row.joiners), (Some(old), 0, 0));
    assert_sound(&ground).await;
});

both!(a_kept_story_is_told_anew_when_the_city_changes, |ground: Arc<Ground>| async move {
    let user = resident(&ground).await.0;
    let id = reported(&ground, user, woodlark_domain::report::Intake { fix: None, ..lamp() }).await.case_id;
    let before = kept(&ground, id, user, &ground.city).await.unwrap().promise.clone().unwrap();
    let mut data = city_data();
    data.criteria.push(criterion("C0101", 2, Limit::work_days(20)));
    write(&ground, move |tx| {
        city::import(tx, &data, None, NOON).map(drop).map_err(|halt| match halt {
            woodlark_store::Halt::Fault(fault) => fault,
            woodlark_store::Halt::Refused(_) => panic!("refused"),
        })
    })
    .await;
    let newer = Arc::new(ground.store.read(city::load).await.unwrap().unwrap());
    assert!(newer.version() > ground.city.version());
    let after = kept(&ground, id, user, &newer).await.unwrap();
    assert_eq!(after.promise, fresh(&ground, id, user, &newer).await.unwrap().promise);
    assert!(after.promise.as_ref().is_some_and(|promise| promise.by > before.by), "{:?}", after.promise);
});
