//! The figures: whoever follows a change up, and however many do at once, its case is counted once.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_domain::case::Command;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_store::trail::Errand;
use woodlark_store::{Store, figures, follow_up};

async fn followed_up(ground: Arc<Ground>, errands: Vec<Errand>) {
    let city = Arc::clone(&ground.city);
    write(&ground, move |tx| follow_up::follow_up(tx, &errands, &city, NOON)).await;
}

both!(servers_that_follow_up_the_same_change_at_once_count_its_case_once, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let other = another(&ground);
    let mut cases = Vec::new();
    for _ in 0..16 {
        cases.push(reported(&ground, user, lamp()).await.case_id);
    }
    for _ in 0..2 {
        let waiting =
            ground.store.read(|conn| follow_up::waiting(conn, NOON.plus(Timestamp::DAY), 100)).await.unwrap();
        assert_eq!(waiting.len(), 16);
        let both = waiting
            .chunks(1)
            .flat_map(|one| [(Arc::clone(&ground), one.to_vec()), (Arc::clone(&other), one.to_vec())]);
        let both: Vec<_> = both.map(|(on, errands)| tokio::spawn(followed_up(on, errands))).collect();
        for one in both {
            one.await.unwrap();
        }
        let days = (Day::from_count(0), Day::from_count(40_000));
        let sums = ground.store.read(move |conn| figures::figures(conn, Dimension::Kind, days.0, days.1));
        let sums = sums.await.unwrap();
        assert_eq!((sums.len(), sums[0].1.get(Measure::Reported)), (1, 16));
        // Counted once more after something happened: what was there is taken away.
        let (joiner, _) = resident(&ground).await;
        for case in &cases {
            done(&ground, *case, reader(joiner), Command::Join { who: joiner, merged: None }, NOON).await;
        }
    }
});

/// Reports on so many days from [`NOON`] on, one more on each than on the day before, counted.
async fn on_days(ground: &Arc<Ground>, days: i64) -> Day {
    let (user, _) = resident(ground).await;
    for day in 0..days {
        for _ in 0..=day % 3 {
            reported_at(ground, user, lamp(), NOON.plus(day * Timestamp::DAY)).await;
        }
    }
    let late = NOON.plus(days * Timestamp::DAY);
    let waiting = ground.store.read(move |conn| follow_up::waiting(conn, late, 10_000)).await.unwrap();
    followed_up(Arc::clone(ground), waiting).await;
    ground.city.data().calendar.day(NOON)
}

/// What every stretch of days sums up to is what its days do, one by one.
async fn every_stretch_is_its_days(ground: &Ground, first: Day, days: i32) {
    let day = move |number: i32| Day::from_count(first.count() + number);
    let each = ground.store.read(move |conn| figures::days(conn, day(-1), day(days + 1))).await.unwrap();
    assert_eq!(each.len(), usize::try_from(days).unwrap());
    for by in [Dimension::Kind, Dimension::Door, Dimension::Category] {
        for from in [-1, 0, 3, 17] {
            for to in [from, from + 1, from + 8, from + 13, days - 1, days + 1] {
                let sums = ground.store.read(move |conn| figures::figures(conn, by, day(from), day(to)));
                let quick: i64 = sums.await.unwrap().iter().map(|(_, sum)| sum.get(Measure::Reported)).sum();
                let within =
                    each.iter().filter(|(one, _)| (from..to).contains(&(one.count() - first.count())));
                let slow: i64 = within.map(|(_, sum)| sum.get(Measure::Reported)).sum();
                assert_eq!(quick, slow, "{} from {from} to {to}", by.code());
            }
        }
    }
}

both!(a_stretch_of_days_sums_up_to_its_days_wherever_it_begins_and_ends, |ground: Arc<Ground>| async move {
    let first = on_days(&ground, 80).await;
    every_stretch_is_its_days(&ground, first, 80).await;
    let city = Arc::clone(&ground.city);
    let wrong = ground.store.read(move |conn| figures::recount(conn, &city)).await.unwrap();
    assert_eq!(wrong, [""; 0], "counted anew it is the same");
    // A sum of eight days that is none is told, though each of its days is right.
    run_aside(&ground, "UPDATE figure_sum SET reported = reported + 1 WHERE span = 8 AND dimension = 'kind'");
    let city = Arc::clone(&ground.city);
    let wrong = ground.store.read(move |conn| figures::recount(conn, &city)).await.unwrap();
    assert!(!wrong.is_empty() && wrong.iter().all(|one| one.contains("8 days")), "{wrong:?}");
});

both!(the_sums_of_days_that_were_kept_before_are_summed_up_when_a_database_is_opened, |ground: Arc<
    Ground,
>| async move {
    let first = on_days(&ground, 70).await;
    // As a program of schema 11 left it.
    run_aside(
        &ground,
        "CREATE TABLE figure_day AS SELECT adcode, dimension, key, start AS day, reported, filed, dispatched, handled, closed, \
         on_time, same_day, open_minutes, returns, reworks, contested, forced, ratings, satisfied FROM figure_sum WHERE span = 1; \
         DROP TABLE kiosk; DROP TABLE kiosk_code; DROP TABLE kiosk_envelope; DROP TABLE kiosk_case; DROP TABLE wrong_try; \
         DROP TABLE payout; DROP TABLE payout_approval; DROP TABLE gift_order; DROP TABLE book_freeze; \
         DROP TABLE wechat_link; DROP TABLE wechat_ticket; DROP TABLE notice_consent; DROP TABLE account_deletion; \
         DROP TABLE figure_sum; DELETE FROM store_schema WHERE version >= 12",
    );
    let store = Store::open(ground.store.config()).unwrap();
    let ground = Ground { store, city: Arc::clone(&ground.city) };
    every_stretch_is_its_days(&ground, first, 70).await;
    let city = Arc::clone(&ground.city);
    let wrong = ground.store.read(move |conn| figures::recount(conn, &city)).await.unwrap();
    assert_eq!(wrong, [""; 0]);
});
