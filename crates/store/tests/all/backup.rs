//! Backup while others write, and restore.

use crate::cluster;
use crate::fixture::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use woodlark_store::{BackupError, Store, cases, restore};

/// Backs up while reports come in, restores elsewhere, and looks at what came out.
async fn there_and_back(ground: Arc<Ground>, elsewhere: String) {
    let folder = Folder::new();
    let (user, _) = resident(&ground).await;
    for _ in 0..3 {
        reported(&ground, user, lamp()).await;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let (busy, stopping) = (Arc::clone(&ground), Arc::clone(&stop));
    let writer = tokio::spawn(async move {
        let mut written = 0;
        while !stopping.load(Ordering::Relaxed) {
            reported(&busy, user, lamp()).await;
            written += 1;
        }
        written
    });
    let (store, copy) = (ground.store.clone(), folder.0.join("backup"));
    let to = copy.clone();
    tokio::task::spawn_blocking(move || store.backup(&to)).await.unwrap().unwrap();
    stop.store(true, Ordering::Relaxed);
    let written: usize = writer.await.unwrap();
    let (store, to) = (ground.store.clone(), copy.clone());
    let again = tokio::task::spawn_blocking(move || store.backup(&to)).await.unwrap();
    assert!(matches!(again, Err(BackupError::Exists(_))), "a backup is never overwritten");

    let there = config(elsewhere);
    restore(&there, &copy).unwrap();
    assert!(matches!(restore(&there, &copy), Err(BackupError::Exists(_))), "nor is a database");
    let store = Store::open(&there).unwrap();
    let restored = Ground { store, city: Arc::clone(&ground.city) };
    assert_sound(&restored).await;
    let page = restored.store.read(move |conn| cases::mine(conn, user, None, 10_000)).await.unwrap();
    assert!((3..=3 + written).contains(&page.rows.len()), "{} of 3 to {}", page.rows.len(), 3 + written);
    reported(&restored, user, lamp()).await;
    assert_sound(&restored).await;
}

#[test]
fn sqlite_is_copied_while_it_is_written_and_restored_elsewhere() {
    let folder = Folder::new();
    let elsewhere = folder.0.join("new/district.db").to_string_lossy().into_owned();
    on_sqlite(|ground| there_and_back(ground, elsewhere));
}

#[test]
fn postgres_is_copied_while_it_is_written_and_restored_elsewhere() {
    let elsewhere = cluster::database();
    on_postgres(|ground| there_and_back(ground, elsewhere));
}

#[test]
fn a_file_that_is_no_sound_database_is_not_restored() {
    let folder = Folder::new();
    let (broken, target) = (folder.0.join("broken"), folder.0.join("target.db"));
    std::fs::write(&broken, "not a database, but long enough to look like something".repeat(100)).unwrap();
    let there = config(target.to_string_lossy());
    assert!(matches!(restore(&there, &broken), Err(BackupError::Unsound(_))));
    assert!(restore(&there, &folder.0.join("missing")).is_err());
    assert!(!target.exists());
}
