//! What is near: the same, in the same order, as when every case is measured, however close together they lie.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::place::metres;
use woodlark_domain::report::Intake;
use woodlark_domain::{CaseId, Kind, Position};
use woodlark_store::cases::{self, NearEdge, NearSought};

const HERE: (f64, f64) = (121.46, 30.9);

/// Places round [`HERE`], made from their numbers: so many within some sixty metres, then ever farther out.
fn places(close: u32, spread: u32) -> Vec<(f64, f64)> {
    let turn = |number: u32| f64::from(number) * 2.399_963;
    let at = |number: u32, degrees: f64| {
        (HERE.0 + degrees * turn(number).cos(), HERE.1 + degrees * turn(number).sin())
    };
    let near = (0..close).map(|number| at(number, 0.000_5 * f64::from(number % 97) / 97.0));
    let far = (0..spread).map(|number| at(number, 0.000_4 * f64::from(number)));
    near.chain(far).collect()
}

async fn near(ground: &Ground, sought: NearSought, most: usize) -> Vec<CaseId> {
    let found = ground.store.read(move |conn| cases::near(conn, &sought, None, NOON, most)).await.unwrap();
    assert!(found.windows(2).all(|two| two[0].metres <= two[1].metres), "nearest first");
    found.into_iter().map(|near| near.id).collect()
}

both!(what_is_near_is_what_measuring_every_case_finds_dense_or_not, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let mut all = Vec::new();
    for (lon, lat) in places(70, 60) {
        let report = Intake { fix: Some(fix(lon, lat)), ..lamp() };
        all.push((reported(&ground, user, report).await.case_id, Position::new(lon, lat).unwrap()));
    }
    let from = Position::new(HERE.0, HERE.1).unwrap();
    let aside = Position::new(HERE.0 + 0.02, HERE.1 - 0.004).unwrap();
    for at in [from, aside] {
        for reach in [50.0, 110.0, 111.0, 500.0, 2_000.0, 5_000.0] {
            for most in [1, 20, 60, 1_000] {
                let mut wanted: Vec<(f64, CaseId)> =
                    all.iter().map(|(id, place)| (metres(at, *place), *id)).collect();
                wanted.retain(|(far, _)| *far <= reach);
                wanted.sort_by(|(one, id), (other, other_id)| one.total_cmp(other).then(id.cmp(other_id)));
                wanted.truncate(most);
                let wanted: Vec<CaseId> = wanted.into_iter().map(|(_, id)| id).collect();
                let sought = NearSought { at, metres: reach, kind: None, done: false, after: None };
                assert_eq!(near(&ground, sought, most).await, wanted, "{reach} m, {most}");
                let praise = NearSought { kind: Some(Kind::Praise), ..sought };
                assert_eq!(near(&ground, praise, most).await, []);
            }
        }
    }
});

both!(pages_follow_each_other_and_together_are_all_that_is_near, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    // Some in one place: their distance alone does not say where a page ended.
    for (lon, lat) in places(30, 12).into_iter().chain([HERE; 9]) {
        reported(&ground, user, Intake { fix: Some(fix(lon, lat)), ..lamp() }).await;
    }
    let at = Position::new(HERE.0, HERE.1).unwrap();
    let mut sought = NearSought { at, metres: 5_000.0, kind: None, done: false, after: None };
    let all = near(&ground, sought, 1_000).await;
    assert_eq!(all.len(), 51);
    for most in [1, 7, 51] {
        let mut seen = Vec::new();
        sought.after = None;
        loop {
            let page =
                ground.store.read(move |conn| cases::near(conn, &sought, None, NOON, most)).await.unwrap();
            seen.extend(page.iter().map(|near| near.id));
            let Some(last) = page.last() else { break };
            sought.after = Some(NearEdge { metres: last.metres, id: last.id });
        }
        assert_eq!(seen, all, "pages of {most}");
    }
});

both!(whose_case_it_is_and_who_joined_it_is_told_of_each, |ground: Arc<Ground>| async move {
    let ((user, _), (other, _)) = (resident(&ground).await, resident(&ground).await);
    let own = reported(&ground, user, lamp()).await.case_id;
    let joined = reported(&ground, other, lamp()).await.case_id;
    let neither = reported(&ground, other, lamp()).await.case_id;
    let join = woodlark_domain::case::Command::Join { who: user, merged: None };
    done(&ground, joined, reader(user), join, NOON).await;
    let at = Position::new(HERE.0, HERE.1).unwrap();
    let sought = NearSought { at, metres: 50.0, kind: None, done: false, after: None };
    let found =
        ground.store.read(move |conn| cases::near(conn, &sought, Some(user), NOON, 60)).await.unwrap();
    let mine = |id: CaseId| found.iter().find(|near| near.id == id).map(|near| near.mine);
    assert_eq!((mine(own), mine(joined), mine(neither)), (Some(true), Some(true), Some(false)));
});
