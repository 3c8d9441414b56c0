//! The writing itself: what is kept, what is undone, who is told to wait.

use crate::fixture::*;
use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;
use woodlark_domain::report::{Intake, Words};
use woodlark_domain::{Door, Timestamp};
use woodlark_store::idempotency::{Answer, Key, once};
use woodlark_store::quota::{Quota, Spent};
use woodlark_store::{Config, Fault, Halt, Store, Tx, WriteError, accounts, quota};

both!(a_refusal_undoes_its_changes_and_comes_out_as_it_is, |ground: Arc<Ground>| async move {
    let (user, token) = (user_id(), hash());
    let refused = ground.store.write(move |tx| -> Result<(), Halt<&str>> {
        accounts::create(tx, user, &token, Door::Browser, NOON)?;
        Err(Halt::Refused("no"))
    });
    assert!(matches!(refused.await, Err(WriteError::Refused("no"))));
    assert_eq!(ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap(), None);
});

both!(
    a_closure_that_panics_or_breaks_a_rule_of_the_table_harms_nobody_else,
    |ground: Arc<Ground>| async move {
        let (taken, _) = resident(&ground).await;
        let mut tasks = Vec::new();
        for n in 0..64 {
            let ground = Arc::clone(&ground);
            tasks.push(tokio::spawn(async move {
                let (user, token) = (if n % 4 == 1 { taken } else { user_id() }, hash());
                let kept = ground.store.write(move |tx| -> Result<(), Halt<()>> {
                    accounts::create(tx, user, &token, Door::Browser, NOON)?;
                    assert_ne!(n % 4, 0, "a mistake in somebody's closure");
                    Ok(())
                });
                let kept = kept.await;
                let found = ground.store.read(move |conn| accounts::find(conn, &token)).await.unwrap();
                assert_eq!(kept.is_ok(), found.is_some());
                match n % 4 {
                    0 => assert!(matches!(kept, Err(WriteError::Failed(Fault::Panicked)))),
                    1 => assert!(matches!(kept, Err(WriteError::Failed(Fault::Database(_))))),
                    _ => assert!(kept.is_ok()),
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
);

async fn answer(ground: &Ground, key: Key, body: &'static str) -> Answer {
    let write = ground.store.write(move |tx| {
        once(tx, &key, NOON, |tx: &mut Tx| -> Result<(u16, Vec<u8>), Halt<()>> {
            accounts::create(tx, user_id(), &hash(), Door::Browser, NOON)?;
            Ok((201, body.as_bytes().to_vec()))
        })
    });
    write.await.unwrap()
}

both!(
    the_same_key_gets_the_same_bytes_and_another_body_under_it_is_refused,
    |ground: Arc<Ground>| async move {
        let (user, _) = resident(&ground).await;
        let key = Key { user, key: "k1".to_owned(), request_hash: [1; 32] };
        let first = answer(&ground, key.clone(), "{ \"a\":1}").await;
        assert_eq!(first, Answer::Fresh { status: 201, body: b"{ \"a\":1}".to_vec() });
        let again = answer(&ground, key.clone(), "something else").await;
        assert_eq!(again, Answer::Replay { status: 201, body: b"{ \"a\":1}".to_vec() });
        let other = Key { request_hash: [2; 32], ..key.clone() };
        assert_eq!(answer(&ground, other, "x").await, Answer::KeyReused);
        let (neighbour, _) = resident(&ground).await;
        assert!(matches!(answer(&ground, Key { user: neighbour, ..key }, "y").await, Answer::Fresh { .. }));
    }
);

both!(the_same_key_sixty_four_times_at_once_has_its_effect_once, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let ground = Arc::clone(&ground);
            let key = Key { user, key: "k".to_owned(), request_hash: [3; 32] };
            tokio::spawn(async move { answer(&ground, key, "done").await })
        })
        .collect();
    let mut fresh = 0;
    for task in tasks {
        match task.await.unwrap() {
            Answer::Fresh { .. } => fresh += 1,
            Answer::Replay { body, .. } => assert_eq!(body, b"done"),
            Answer::KeyReused => panic!(),
        }
    }
    assert_eq!(fresh, 1);
});

both!(what_happened_and_who_did_it_can_neither_be_altered_nor_removed, |ground: Arc<Ground>| async move {
    let (user, _) = resident(&ground).await;
    reported(&ground, user, lamp()).await;
    let url = ground.store.config().url.clone();
    let postgres = url.starts_with("postgres");
    type Run = Box<dyn FnMut(&str) -> diesel::QueryResult<usize>>;
    let mut run: Run = if postgres {
        let mut conn = diesel::PgConnection::establish(&url).unwrap();
        Box::new(move |sql| diesel::sql_query(sql).execute(&mut conn))
    } else {
        let mut conn = diesel::SqliteConnection::establish(&url).unwrap();
        Box::new(move |sql| diesel::sql_query(sql).execute(&mut conn))
    };
    let mut attempts = vec![
        "UPDATE event SET at = 1",
        "DELETE FROM event",
        "UPDATE audit SET role = 'x'",
        "DELETE FROM audit",
    ];
    if postgres {
        attempts.extend(["TRUNCATE event", "TRUNCATE audit"]);
    }
    for sql in attempts {
        let error = run(sql).expect_err(sql).to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    assert_sound(&ground).await;
});

fn sqlite(config: impl FnOnce(Config) -> Config) -> (Folder, Store) {
    let folder = Folder::new();
    let url = folder.0.join("district.db").to_string_lossy().into_owned();
    let store = Store::open(&config(crate::fixture::config(url))).unwrap();
    (folder, store)
}

#[test]
fn a_full_queue_says_busy_and_what_was_queued_is_still_written() {
    let (_folder, store) = sqlite(|config| Config { queue: 2, ..config });
    runtime().block_on(async {
        let (began, has_begun) = channel();
        let (go, may_go) = channel::<()>();
        let may_go = std::sync::Mutex::new(may_go);
        let slow = store.clone();
        let slow = tokio::spawn(async move {
            let held = slow.write(move |_| -> Result<(), Halt<()>> {
                began.send(()).unwrap();
                may_go.lock().unwrap().recv().unwrap();
                Ok(())
            });
            held.await
        });
        tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        let (answers, mut answered) = tokio::sync::mpsc::unbounded_channel();
        for _ in 0..5 {
            let (store, answers) = (store.clone(), answers.clone());
            tokio::spawn(async move {
                answers.send(store.write(|_| -> Result<u8, Halt<()>> { Ok(7) }).await).unwrap();
            });
        }
        for _ in 0..3 {
            let answer = answered.recv().await.unwrap();
            assert!(matches!(answer, Err(WriteError::Busy { retry_after }) if retry_after >= Duration::from_secs(1)));
        }
        go.send(()).unwrap();
        slow.await.unwrap().unwrap();
        for _ in 0..2 {
            assert!(matches!(answered.recv().await.unwrap(), Ok(7)));
        }
    });
}

/// The first batch begins anew when somebody in it is refused; those after it are careful.
#[test]
fn of_a_batch_whoever_is_refused_or_panics_is_undone_alone() {
    let (_folder, store) = sqlite(|config| config);
    runtime().block_on(async {
        for round in 0..3 {
            let (began, has_begun) = channel();
            let (go, may_go) = channel::<()>();
            let may_go = std::sync::Mutex::new(may_go);
            let first = store.clone();
            let first = tokio::spawn(async move {
                let held = first.write(move |_| -> Result<(), Halt<()>> {
                    let _ = began.send(());
                    let _ = may_go.lock().unwrap().recv();
                    Ok(())
                });
                held.await
            });
            tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
            let mut tasks = Vec::new();
            for n in 0..8 {
                let store = store.clone();
                tasks.push(tokio::spawn(async move {
                    let (user, token) = (user_id(), hash());
                    let write = store.write(move |tx| -> Result<(), Halt<()>> {
                        accounts::create(tx, user, &token, Door::Browser, NOON)?;
                        assert_ne!(n % 4, 2, "a mistake in somebody's closure");
                        if n % 4 == 1 { Err(Halt::Refused(())) } else { Ok(()) }
                    });
                    let kept = write.await;
                    let found = store.read(move |conn| accounts::find(conn, &token)).await.unwrap();
                    assert_eq!((kept.is_ok(), found.is_some()), (n % 4 != 1 && n % 4 != 2, kept.is_ok()));
                    match n % 4 {
                        1 => assert!(matches!(kept, Err(WriteError::Refused(())))),
                        2 => assert!(matches!(kept, Err(WriteError::Failed(Fault::Panicked)))),
                        _ => assert!(kept.is_ok(), "{round}: {kept:?}"),
                    }
                }));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(go);
            first.await.unwrap().unwrap();
            for task in tasks {
                task.await.unwrap();
            }
        }
    });
}

#[test]
fn a_disk_that_is_full_refuses_what_does_not_fit_and_keeps_all_that_was_answered() {
    let (_folder, store) = sqlite(|config| Config { max_pages: Some(260), ..config });
    store.write_blocking(|tx| woodlark_store::city::import(tx, &city_data(), None, NOON)).unwrap();
    let city = store.read_blocking(woodlark_store::city::load).unwrap().unwrap();
    let ground = Arc::new(Ground { store, city: Arc::new(city) });
    runtime().block_on(async {
        let (user, _) = resident(&ground).await;
        let words = Words::new(&"灯".repeat(500)).ok();
        let (mut kept, mut failed) = (0_u64, 0);
        for _ in 0..400 {
            let (id, report, city) =
                (case_id(), Intake { words: words.clone(), ..lamp() }, Arc::clone(&ground.city));
            let made = ground.store.write(move |tx| -> Result<(), Halt<()>> {
                use woodlark_store::intake::{Begin, begin, complete};
                let new = Begin {
                    id,
                    user,
                    door: Door::Browser,
                    manifest: "{}",
                    manifest_hash: [0; 32],
                    report: &report,
                    files: &[],
                    now: NOON,
                };
                begin(tx, &new)?;
                complete(tx, id, user, &city, NOON)?;
                Ok(())
            });
            match made.await {
                Ok(()) => kept += 1,
                Err(WriteError::Failed(_) | WriteError::ReadOnly) => failed += 1,
                Err(other) => panic!("{other:?}"),
            }
            if failed > 3 {
                break;
            }
        }
        assert!(kept > 10 && failed > 3, "{kept} {failed}");
        let checked = ground.store.read(woodlark_store::check::check).await.unwrap();
        assert_eq!((checked.cases, checked.problems), (kept, Vec::new()));
    });
}

#[test]
fn a_commit_that_fails_closes_the_store_to_writes_until_one_succeeds() {
    let (folder, store) = sqlite(|config| config);
    runtime().block_on(async {
        let path = folder.0.join("district.db").to_string_lossy().into_owned();
        // A trigger that ends the whole transaction stands in for a disk that fails under a commit.
        let mut saboteur = diesel::SqliteConnection::establish(&path).unwrap();
        let sabotage =
            "CREATE TRIGGER broken BEFORE INSERT ON account BEGIN SELECT RAISE(ROLLBACK, 'disk'); END";
        saboteur.batch_execute(sabotage).unwrap();
        let make = || {
            let (user, token) = (user_id(), hash());
            store.write(move |tx| -> Result<(), Halt<()>> {
                Ok(accounts::create(tx, user, &token, Door::Browser, NOON)?)
            })
        };
        assert!(matches!(make().await, Err(WriteError::Failed(_))));
        saboteur.batch_execute("DROP TRIGGER broken").unwrap();
        let mut tries = 0;
        while let Err(error) = make().await {
            assert!(matches!(error, WriteError::ReadOnly), "{error:?}");
            tries += 1;
            assert!(tries < 200, "it never came back");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(tries > 0 && !store.is_read_only());
    });
}

#[test]
fn dropping_the_store_waits_for_what_was_queued() {
    let (folder, store) = sqlite(|config| config);
    let tokens: Vec<_> = (0..50).map(|_| hash()).collect();
    runtime().block_on(async {
        let writes: Vec<_> = tokens
            .iter()
            .map(|token| {
                let (store, token) = (store.clone(), *token);
                tokio::spawn(async move {
                    let user = user_id();
                    store
                        .write(move |tx| -> Result<(), Halt<()>> {
                            Ok(accounts::create(tx, user, &token, Door::Browser, NOON)?)
                        })
                        .await
                })
            })
            .collect();
        for write in writes {
            write.await.unwrap().unwrap();
        }
    });
    drop(store);
    let path = folder.0.join("district.db").to_string_lossy().into_owned();
    let store = Store::open(&config(path)).unwrap();
    for token in tokens {
        assert!(store.read_blocking(move |conn| accounts::find(conn, &token)).unwrap().is_some());
    }
}

both!(two_uses_out_of_order_are_not_too_soon_where_no_gap_is_asked_for, |ground: Arc<Ground>| async move {
    let spend = |gap, now| {
        let ground = Arc::clone(&ground);
        async move {
            let limit =
                Quota { kind: if gap > 0 { "gap" } else { "none" }, most: 5, window: Timestamp::DAY, gap };
            let spent = write(&ground, move |tx| quota::spend(tx, &limit, &[b"somebody"], now)).await;
            matches!(spent, Spent::Granted { .. })
        }
    };
    let before = Timestamp(NOON.0 - 1);
    assert!(spend(0, NOON).await && spend(0, before).await && spend(0, NOON).await);
    assert!(spend(10, NOON).await && !spend(10, before).await && !spend(10, NOON.plus(9)).await);
    assert!(spend(10, NOON.plus(10)).await);
});
