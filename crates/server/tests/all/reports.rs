//! A report on its way in.

use crate::harness::{Server, hash, manifest, new_id, photo};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_report_with_a_photo_becomes_a_case_and_is_dispatched_by_the_rules_in_the_same_second() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, receipt) = device.report("路口井盖松动", &[&photo("DSCN0010.jpg")]).await;
    assert_eq!(receipt["state"], "dispatched", "{receipt}");
    assert!(receipt["number"].as_str().unwrap().starts_with("FX-20261123-0000"));
    assert!(receipt["promised_at"].as_i64().unwrap() > receipt["received_at"].as_i64().unwrap());
    let view = device.get(&format!("/api/v1/cases/{case}")).await.json();
    let steps: Vec<&str> =
        view["steps"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect();
    assert_eq!(steps, ["report", "file", "dispatch"]);
    assert_eq!(view["photos"].as_array().unwrap().len(), 1);
    assert_eq!(view["steps"][0]["by"]["you"], true);
    assert!(view["department_name"]["zh"].is_string() && view["area_name"]["zh"].is_string());
    let list = device.get("/api/v1/cases").await.json();
    assert_eq!(list["rows"][0]["id"], case.as_str());
}

#[tokio::test]
async fn what_has_no_category_waits_for_a_person() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let case = new_id();
    let mut report = manifest("这里有点不对", &[]);
    report.as_object_mut().unwrap().remove("category");
    device.put_manifest(&case, &report).await;
    assert_eq!(device.complete(&case).await.json()["state"], "received");
}

#[tokio::test]
async fn every_step_may_be_repeated_and_counts_once() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let picture = photo("landscape_3.jpg");
    let (case, report) = (new_id(), manifest("重复发送", &[&picture]));
    assert_eq!(device.put_manifest(&case, &report).await.status, StatusCode::CREATED);
    assert_eq!(device.put_manifest(&case, &report).await.status, StatusCode::OK);
    let first = device.put_chunk(&case, &hash(&picture), 0, &picture).await;
    let again = device.put_chunk(&case, &hash(&picture), 0, &picture).await;
    assert_eq!(first.json(), again.json());
    let receipt = device.complete(&case).await;
    let repeated = device.complete(&case).await;
    assert_eq!(receipt.body, repeated.body, "the same answer, byte for byte");
    assert_eq!(device.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().len(), 1);
    let known = device.put_manifest(&case, &report).await.json();
    assert_eq!(known["state"], "accepted");
    assert_eq!(known["receipt"], receipt.json());
}

#[tokio::test]
async fn an_upload_goes_on_from_where_the_servers_bytes_end() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let picture = photo("landscape_6.jpg");
    let (case, name) = (new_id(), hash(&picture));
    device.put_manifest(&case, &manifest("断点续传", &[&picture])).await;
    let part = device.put_chunk(&case, &name, 0, &picture[..50_000]).await.json();
    assert_eq!((&part["received_bytes"], &part["stored"]), (&json!(50_000), &json!(false)));
    let wrong = device.put_chunk(&case, &name, 10, &picture[10..]).await;
    assert_eq!(wrong.problem(), "offset_mismatch");
    assert_eq!(wrong.json()["received_bytes"], 50_000);
    assert_eq!(device.complete(&case).await.problem(), "incomplete");
    let seen = device.get(&format!("/api/v1/reports/{case}")).await.json();
    assert_eq!(seen["attachments"][0]["received_bytes"], 50_000);
    assert_eq!(device.put_chunk(&case, &name, 50_000, &picture[50_000..]).await.json()["stored"], true);
    assert_eq!(device.complete(&case).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bytes_that_are_not_those_of_the_hash_begin_anew() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let picture = photo("landscape_1.jpg");
    let (case, name) = (new_id(), hash(&picture));
    device.put_manifest(&case, &manifest("损坏", &[&picture])).await;
    let mut damaged = picture.clone();
    damaged[70_000] ^= 1;
    assert_eq!(device.put_chunk(&case, &name, 0, &damaged).await.problem(), "hash_mismatch");
    assert_eq!(device.put_chunk(&case, &name, 0, &picture).await.json()["stored"], true);
}

#[tokio::test]
async fn two_at_once_complete_one_report_once() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let case = new_id();
    device.put_manifest(&case, &manifest("同时完成", &[])).await;
    let (mut one, mut other) = (device.clone(), device.clone());
    let (a, b) = tokio::join!(one.complete(&case), other.complete(&case));
    assert_eq!(a.body, b.body);
    assert_eq!(device.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_entry_stays_with_the_report() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let case = new_id();
    let mut report = manifest("从公众号来", &[]);
    report["entry"] = json!("xidu");
    device.put_manifest(&case, &report).await;
    assert_eq!(device.complete(&case).await.status, StatusCode::OK);
    let counted =
        server.app.store.read(|conn| woodlark_store::cases::entry_counts(conn, 20_261_123)).await.unwrap();
    assert_eq!(counted, [("xidu".to_owned(), 1)]);
}
