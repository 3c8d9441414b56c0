//! What has outlived its use.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::report::Intake;
use woodlark_domain::{ContentHash, Timestamp};
use woodlark_store::intake::{attachment_stored, status};
use woodlark_store::{accounts, media, phones, sweep, trail};

both!(
    a_report_that_never_came_whole_is_given_up_after_a_week_and_a_case_never_is,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let (id, file) = (case_id(), photo());
        begin(&ground, id, user, Intake { photos: vec![file.hash], ..lamp() }, vec![file]).await;
        let taken = reported(&ground, user, lamp()).await.case_id;
        let week = NOON.plus(7 * Timestamp::DAY);
        let expired = |now| {
            let ground = Arc::clone(&ground);
            async move { ground.store.read(move |conn| sweep::expired_intakes(conn, now, 10)).await.unwrap() }
        };
        assert!(expired(week.plus(-1)).await.is_empty());
        assert_eq!(expired(week).await, [id]);
        assert!(!write(&ground, move |tx| sweep::give_up(tx, taken, week)).await);
        assert!(write(&ground, move |tx| sweep::give_up(tx, id, week)).await);
        assert_eq!(ground.store.read(move |conn| status(conn, id, user)).await.unwrap(), None);
        assert!(expired(week).await.is_empty());
        assert_sound(&ground).await;
    }
);

both!(objects_are_kept_as_long_as_anything_names_them, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let (id, file, used, loose) = (case_id(), photo(), object(), object());
    let hash = file.hash;
    begin(&ground, id, user, Intake { photos: vec![hash], ..lamp() }, vec![file]).await;
    let (stored, spare) = (used.clone(), loose.clone());
    write(&ground, move |tx| {
        attachment_stored(tx, id, hash, &stored, NOON)?;
        media::keep(tx, &spare, NOON)?;
        media::keep(tx, &spare, NOON)
    })
    .await;
    let later = NOON.plus(1);
    let unused = ground.store.read(move |conn| sweep::unused_media(conn, later, 10)).await.unwrap();
    assert_eq!(unused, [loose.hash]);
    assert!(ground.store.read(move |conn| sweep::unused_media(conn, NOON, 10)).await.unwrap().is_empty());
    let files = vec![used.hash, used.thumb.unwrap().0, loose.hash, ContentHash::from_bytes([0; 32])];
    let unnamed = ground.store.read(move |conn| sweep::unnamed(conn, &files)).await.unwrap();
    assert_eq!(unnamed, [ContentHash::from_bytes([0; 32])]);
    let kept = used.hash;
    assert!(!write(&ground, move |tx| sweep::forget_media(tx, kept)).await);
    assert!(write(&ground, move |tx| sweep::forget_media(tx, loose.hash)).await);
    complete(&ground, id, user).await;
    assert!(!write(&ground, move |tx| sweep::forget_media(tx, kept)).await);
    let mine = ground.store.read(move |conn| media::of_case(conn, id, hash, user)).await.unwrap();
    assert_eq!(mine, Some(used));
    let stranger = user_id();
    assert_eq!(ground.store.read(move |conn| media::of_case(conn, id, hash, stranger)).await.unwrap(), None);
});

both!(sessions_codes_and_uses_go_when_they_are_too_old, |ground: Arc<Ground>| async move {
    let (user, token) = resident(&ground).await;
    write(&ground, move |tx| phones::issue(tx, user, &[5; 32], &[6; 32], NOON)).await;
    let swept = write(&ground, |tx| sweep::outdated(tx, NOON.plus(Timestamp::HOUR))).await;
    assert_eq!(swept, sweep::Swept { codes: 1, ..sweep::Swept::default() });
    let swept = write(&ground, |tx| sweep::outdated(tx, NOON.plus(401 * Timestamp::DAY))).await;
    assert_eq!((swept.sessions, swept.quotas), (1, 2));
    assert_eq!(ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap(), None);
});

both!(an_errand_waits_is_put_off_and_is_struck_out_when_it_is_done, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    for _ in 0..3 {
        reported(&ground, user, lamp()).await;
    }
    let due = |now| {
        let ground = Arc::clone(&ground);
        async move { ground.store.read(move |conn| trail::due(conn, &["case_made"], now, 10)).await.unwrap() }
    };
    let errands = due(NOON).await;
    assert_eq!(errands.len(), 3, "one for each case, however many events it began with");
    assert!(errands.iter().all(|errand| errand.topic == "case_made" && errand.body.contains("case_id")));
    let (first, rest) =
        (errands[0].id.clone(), errands[1..].iter().map(|errand| errand.id.clone()).collect::<Vec<_>>());
    let minute = NOON.plus(Timestamp::MINUTE);
    write(&ground, move |tx| {
        trail::put_off(tx, &first, minute)?;
        trail::done(tx, &rest)
    })
    .await;
    assert!(due(NOON).await.is_empty());
    let left = due(minute).await;
    assert_eq!((left.len(), left[0].tries), (1, 1));
});
