//! Backup, restore, check.

use crate::harness::{Server, photo};
use std::process::ExitCode;
use woodlark_server::config::Keep;
use woodlark_server::{keep, start};

fn is_success(code: ExitCode) -> bool {
    format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)
}

#[tokio::test]
async fn a_backup_of_a_running_server_restores_to_the_same_cases_and_photos() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    device.report("备份前", &[&photo("landscape_2.jpg")]).await;
    let from = Keep { data: server.data.path().to_owned(), adcode: "310120".to_owned(), database: None };
    let backup = server.data.path().join("backup");
    assert!(is_success(keep::backup(&server.app.store, &from, &backup).unwrap()));
    assert!(keep::backup(&server.app.store, &from, &backup).is_err(), "an old backup is never overwritten");
    device.report("备份后", &[]).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let to = Keep { data: elsewhere.path().join("data"), ..from };
    let config = start::config(&to).unwrap();
    keep::restore(&to, &config, &backup).unwrap();
    assert!(keep::restore(&to, &config, &backup).is_err(), "data that is there is never overwritten");
    let store = woodlark_store::Store::open(&config).unwrap();
    let blobs = woodlark_server::media::Blobs::in_folder(&to.media_folder()).unwrap();
    assert!(is_success(keep::check(&store, &blobs).await.unwrap()));
    let files = store.read(woodlark_store::media::all).await.unwrap();
    assert_eq!(files.len(), 14, "the demonstration's six photos and ours, each with its thumbnail");
}

#[tokio::test]
async fn a_photo_that_was_changed_on_disk_is_found() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    device.report("检查", &[&photo("landscape_1.jpg")]).await;
    assert!(is_success(keep::check(&server.app.store, &server.app.blobs).await.unwrap()));
    std::fs::write(&server.kept_files()[0], b"tampered").unwrap();
    assert!(!is_success(keep::check(&server.app.store, &server.app.blobs).await.unwrap()));
}
