//! The city's data.

use crate::fixture::*;
use std::sync::Arc;
use woodlark_domain::Position;
use woodlark_domain::clock::Limit;
use woodlark_store::city::{CityData, CriterionChanged, Imported, import, load, version};
use woodlark_store::{WriteError, cases};

async fn take_in(ground: &Ground, data: CityData) -> Result<Imported, WriteError<CriterionChanged>> {
    ground.store.write(move |tx| import(tx, &data, None, NOON)).await
}

both!(
    what_is_imported_is_what_is_loaded_and_the_same_again_makes_no_version,
    |ground: Arc<Ground>| async move {
        let city = ground.store.read(load).await.unwrap().unwrap();
        assert_eq!((city.version(), city.data()), (1, &city_data()));
        let inside = Position::new(121.46, 30.9).unwrap();
        assert_eq!(city.areas().find(inside).map(|area| area.code.as_str()), Some("31012000100101"));
        assert_eq!(take_in(&ground, city_data()).await.unwrap(), Imported::Unchanged(1));
        assert_eq!(ground.store.read(version).await.unwrap(), Some(1));
    }
);

both!(a_change_makes_the_next_version_and_cases_keep_their_criterion, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let receipt = reported(&ground, user, lamp()).await;
    let mut data = city_data();
    data.hotline = "12319".to_owned();
    data.criteria.insert(1, criterion("C0101", 2, Limit::urgent_hours(2)));
    data.departments.pop();
    data.rules.pop();
    assert_eq!(take_in(&ground, data.clone()).await.unwrap(), Imported::Version(2));
    let city = Arc::new(ground.store.read(load).await.unwrap().unwrap());
    assert_eq!((city.version(), city.data()), (2, &data));
    let id = receipt.case_id;
    let known = Arc::clone(&city);
    let view = ground.store.read(move |conn| cases::view(conn, id, user, &known)).await.unwrap().unwrap();
    assert_eq!(view.row.criterion, Some(1));
    assert_eq!(city.filed(&view.case), Some(&[Limit::work_days(2)][..]));
    let ground = Ground { store: ground.store.clone(), city };
    assert!(
        reported(&ground, user, lamp()).await.promised_at < receipt.promised_at,
        "two hours, not two days"
    );
    assert_sound(&ground).await;
});

both!(a_criterion_that_cases_keep_cannot_be_rewritten_under_its_number, |ground: Arc<Ground>| async move {
    let mut data = city_data();
    data.criteria[0] = criterion("C0101", 1, Limit::work_days(9));
    match take_in(&ground, data).await {
        Err(WriteError::Refused(refusal)) => {
            assert_eq!((refusal.category.as_str(), refusal.number), ("C0101", 1))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ground.store.read(version).await.unwrap(), Some(1));
});
