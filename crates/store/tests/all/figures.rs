//! The figures: whoever counts a case, and however many do at once, it is counted once.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::CaseId;
use woodlark_domain::case::Command;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_store::figures;

async fn counted(ground: Arc<Ground>, case: CaseId) {
    let city = Arc::clone(&ground.city);
    write(&ground, move |tx| figures::count_case(tx, case, &city)).await;
}

both!(servers_that_count_a_case_for_the_first_time_at_once_count_it_once, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let other = another(&ground);
    let mut cases = Vec::new();
    for _ in 0..16 {
        cases.push(reported(&ground, user, lamp()).await.case_id);
    }
    for _ in 0..2 {
        let both = cases.iter().flat_map(|case| [(Arc::clone(&ground), *case), (Arc::clone(&other), *case)]);
        let both: Vec<_> = both.map(|(on, case)| tokio::spawn(counted(on, case))).collect();
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
