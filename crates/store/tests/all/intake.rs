//! A report on its way in.

use crate::fixture::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use woodlark_domain::report::Intake;
use woodlark_domain::{CaseId, Door, Kind, State, Timestamp, UserId};
use woodlark_store::intake::{Begin, Begun, Completed, Whole};
use woodlark_store::{cases, intake};

both!(
    the_same_manifest_is_welcome_again_another_is_not_and_strangers_see_nothing,
    |ground: Arc<Ground>| async move {
        let ((user, _), (stranger, _)) = (resident(&ground).await, resident(&ground).await);
        let (id, files) = (case_id(), vec![photo()]);
        let Begun::Fresh(status) = begin(&ground, id, user, lamp(), files.clone()).await else { panic!() };
        assert_eq!((status.files.len(), status.files[0].received_bytes), (1, 0));
        assert_eq!(begin(&ground, id, user, lamp(), files.clone()).await, Begun::Same(status));
        assert_eq!(begin_as(&ground, id, user, lamp(), files.clone(), "{\"other\":1}").await, Begun::Differs);
        assert_eq!(begin(&ground, id, stranger, lamp(), files).await, Begun::NotFound);
        let seen = ground.store.read(move |conn| intake::status(conn, id, stranger)).await.unwrap();
        assert_eq!(seen, None);
        assert_eq!(complete(&ground, id, stranger).await, Completed::NotFound);
    }
);

both!(
    what_is_held_of_a_file_only_grows_and_completion_waits_for_all_of_it,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let (id, file) = (case_id(), photo());
        let report = Intake { photos: vec![file.hash], ..lamp() };
        let hash = file.hash;
        begin(&ground, id, user, report, vec![file]).await;
        let held = |bytes: u64| {
            let ground = Arc::clone(&ground);
            async move { write(&ground, move |tx| intake::progress(tx, id, hash, bytes)).await }
        };
        assert_eq!(held(1000).await, Some(1000));
        assert_eq!(held(500).await, Some(1000));
        assert_eq!(write(&ground, move |tx| intake::progress(tx, id, photo().hash, 5)).await, None);
        write(&ground, move |tx| intake::begin_anew(tx, id, hash)).await;
        assert_eq!(held(400).await, Some(400));
        assert_eq!(complete(&ground, id, user).await, Completed::Incomplete(vec![hash]));
        let stored = object();
        let media = stored.clone();
        assert!(write(&ground, move |tx| intake::attachment_stored(tx, id, hash, &media, NOON)).await);
        let Completed::Receipt(receipt) = complete(&ground, id, user).await else { panic!() };
        assert_eq!(receipt.state, State::Dispatched);
        let city = Arc::clone(&ground.city);
        let view = ground.store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap().unwrap();
        assert_eq!(view.attachments.len(), 1);
        assert_eq!((view.attachments[0].hash, &view.attachments[0].media), (hash, &stored));
        assert_eq!(view.row.photo, Some(hash));
        assert_sound(&ground).await;
    }
);

both!(
    a_certain_report_is_filed_and_sent_by_the_rules_and_an_uncertain_one_waits,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let sent = reported(&ground, user, lamp()).await;
        assert_eq!((sent.number.as_str(), sent.state), ("FX-20261125-00001", State::Dispatched));
        assert!(sent.promised_at.is_some_and(|at| at > NOON));
        let city = Arc::clone(&ground.city);
        let id = sent.case_id;
        let view = ground.store.read(move |conn| cases::view(conn, id, user, &city)).await.unwrap().unwrap();
        assert_eq!(view.row.department.as_ref().map(|code| code.as_str()), Some("lamps"));
        assert_eq!(view.row.area.as_ref().map(|code| code.as_str()), Some("31012000100101"));
        assert_eq!((view.row.version, view.events.len(), view.row.criterion), (3, 3, Some(1)));
        assert_eq!(view.case.rule.as_ref().map(|code| code.as_str()), Some("lamps-first"));

        let waits = reported(&ground, user, Intake { category: Some(code("C0102")), ..lamp() }).await;
        assert_eq!((waits.number.as_str(), waits.state), ("FX-20261125-00002", State::Received));
        let nowhere = reported(&ground, user, Intake { fix: Some(fix(100.0, 20.0)), ..lamp() }).await;
        assert_eq!(nowhere.state, State::Received, "outside all areas a person places it");
        let empty = case_id();
        begin(&ground, empty, user, Intake::empty(Kind::Problem), Vec::new()).await;
        assert!(matches!(complete(&ground, empty, user).await, Completed::Refused(_)));
        let tomorrow = reported_at(&ground, user, lamp(), NOON.plus(Timestamp::DAY)).await;
        assert_eq!(tomorrow.number.as_str(), "FX-20261126-00001");
        assert_sound(&ground).await;
    }
);

both!(completing_twice_at_once_makes_one_case_and_one_receipt, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let id = case_id();
    begin(&ground, id, user, lamp(), Vec::new()).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move { complete(&ground, id, user).await })
        })
        .collect();
    let mut receipts = Vec::new();
    for task in tasks {
        receipts.push(task.await.unwrap());
    }
    assert!(receipts.windows(2).all(|pair| pair[0] == pair[1]), "{receipts:?}");
    let page = ground.store.read(move |conn| cases::mine(conn, user, None, 20)).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_sound(&ground).await;
});

both!(
    sixty_four_people_reporting_at_once_get_numbers_without_gap_or_double,
    |ground: Arc<Ground>| async move {
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let ground = Arc::clone(&ground);
                tokio::spawn(async move {
                    let (user, _) = resident(&ground).await;
                    let mut numbers = Vec::new();
                    for _ in 0..4 {
                        numbers.push(reported(&ground, user, lamp()).await.number.to_string());
                    }
                    numbers
                })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for task in tasks {
            for number in task.await.unwrap() {
                assert!(numbers.insert(number));
            }
        }
        let expected: BTreeSet<String> = (1..=256).map(|n| format!("FX-20261125-{n:05}")).collect();
        assert_eq!(numbers, expected);
        assert_sound(&ground).await;
    }
);

async fn whole(ground: &Ground, id: CaseId, user: UserId, report: Intake, manifest: &'static str) -> Whole {
    let city = Arc::clone(&ground.city);
    write(ground, move |tx| {
        let mut manifest_hash = [0; 32];
        manifest_hash[..manifest.len()].copy_from_slice(manifest.as_bytes());
        let new = Begin {
            id,
            user,
            door: Door::Browser,
            manifest,
            manifest_hash,
            report: &report,
            files: &[],
            now: NOON,
        };
        intake::take_whole(tx, &new, &city)
    })
    .await
}

both!(a_report_without_files_is_taken_whole_and_comes_to_the_same, |ground: Arc<Ground>| async move {
    let ((user, _), (other, _)) = (resident(&ground).await, resident(&ground).await);
    let id = case_id();
    let Whole::Receipt(receipt) = whole(&ground, id, user, lamp(), "{}").await else { panic!() };
    let in_steps = reported(&ground, user, lamp()).await;
    assert_eq!((receipt.state, receipt.promised_at), (in_steps.state, in_steps.promised_at));
    assert_eq!(complete(&ground, id, user).await, Completed::Receipt(receipt.clone()));
    let Whole::Known(Begun::Same(status)) = whole(&ground, id, user, lamp(), "{}").await else { panic!() };
    assert_eq!(status.receipt, Some(receipt));
    assert_eq!(whole(&ground, id, user, lamp(), "{\"a\":1}").await, Whole::Known(Begun::Differs));
    assert_eq!(whole(&ground, id, other, lamp(), "{}").await, Whole::Known(Begun::NotFound));
    assert_sound(&ground).await;
});
