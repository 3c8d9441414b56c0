//! The figures: whoever follows a change up, and however many do at once, its case is counted once.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_domain::case::Command;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_store::trail::Errand;
use woodlark_store::{figures, follow_up};

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
