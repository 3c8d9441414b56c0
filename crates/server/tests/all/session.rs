//! Accounts and phones.

use crate::harness::{Device, Server};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use woodlark_server::edge::ClientAddress;

#[tokio::test]
async fn an_account_is_made_once_and_asks_nothing() {
    let server = Server::start().await;
    let mut device = server.device();
    assert!(device.get("/api/v1/session").await.json()["user_id"].is_null());
    let made = device.send(Method::POST, "/api/v1/session", None).await;
    let cookie = made.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let again = device.send(Method::POST, "/api/v1/session", None).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, made.json()));
    assert_eq!(device.send(Method::DELETE, "/api/v1/session", None).await.status, StatusCode::NO_CONTENT);
    let mut signed_out = device.clone();
    assert!(signed_out.get("/api/v1/session").await.json()["user_id"].is_null());
}

pub(crate) async fn link(server: &Server, device: &mut Device, phone: &str) -> StatusCode {
    let sent =
        device.send(Method::POST, "/api/v1/session/phone-code", Some(&json!({ "phone": phone }))).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());
    let code = server.codes.sent().first().unwrap().1.clone();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = device
        .send(Method::POST, "/api/v1/session/phone", Some(&json!({ "phone": phone, "code": wrong })))
        .await;
    assert_eq!(refused.problem(), "code_wrong");
    device
        .send(Method::POST, "/api/v1/session/phone", Some(&json!({ "phone": phone, "code": code })))
        .await
        .status
}

#[tokio::test]
async fn a_second_device_with_the_same_phone_sees_the_same_cases_and_brings_its_own() {
    let server = Server::start().await;
    let (mut old, mut new) = (server.resident().await, server.resident().await);
    let (first, _) = old.report("旧手机上的", &[]).await;
    server.clock.advance(1_000_000);
    let (second, _) = new.report("新手机上的", &[]).await;
    assert_eq!(link(&server, &mut old, "138 1234 5678").await, StatusCode::OK);
    server.clock.advance(61_000_000);
    assert_eq!(link(&server, &mut new, "+86 13812345678").await, StatusCode::OK);
    for device in [&mut old, &mut new] {
        let rows = device.get("/api/v1/cases").await.json()["rows"].clone();
        let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [second.as_str(), first.as_str()]);
        assert_eq!(device.get(&format!("/api/v1/cases/{second}")).await.json()["relation"], "reporter");
        assert_eq!(device.get("/api/v1/session").await.json()["phone"], "138****5678");
    }
}

#[tokio::test]
async fn codes_are_few_short_lived_and_soon_used_up() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let ask = json!({ "phone": "13912345678" });
    assert_eq!(
        device.send(Method::POST, "/api/v1/session/phone-code", Some(&ask)).await.status,
        StatusCode::OK
    );
    let soon = device.send(Method::POST, "/api/v1/session/phone-code", Some(&ask)).await;
    assert_eq!(soon.problem(), "too_many_requests");
    assert!(soon.json()["retry_after_s"].as_u64().unwrap() <= 61);
    let code = server.codes.sent()[0].1.clone();
    server.clock.advance(6 * 60_000_000);
    let late = device
        .send(Method::POST, "/api/v1/session/phone", Some(&json!({ "phone": "13912345678", "code": code })))
        .await;
    assert_eq!(late.problem(), "code_expired");
    device.send(Method::POST, "/api/v1/session/phone-code", Some(&ask)).await;
    let code = server.codes.sent()[0].1.clone();
    let wrong = if code == "123456" { "654321" } else { "123456" };
    for _ in 0..5 {
        device
            .send(
                Method::POST,
                "/api/v1/session/phone",
                Some(&json!({ "phone": "13912345678", "code": wrong })),
            )
            .await;
    }
    let used_up = device
        .send(Method::POST, "/api/v1/session/phone", Some(&json!({ "phone": "13912345678", "code": code })))
        .await;
    assert_eq!(used_up.problem(), "code_expired");
    let no_phone =
        device.send(Method::POST, "/api/v1/session/phone-code", Some(&json!({ "phone": "12345" }))).await;
    assert_eq!(no_phone.problem(), "invalid");
}

#[tokio::test]
async fn the_developers_page_of_codes_is_for_this_very_machine() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let asked = device
        .send(Method::POST, "/api/v1/session/phone-code", Some(&json!({ "phone": "13812345678" })))
        .await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    let code = server.codes.sent()[0].1.clone();
    for (address, may) in
        [("127.0.0.1", true), ("::1", true), ("192.168.1.20", false), ("203.0.113.9", false)]
    {
        let from = ClientAddress(address.parse().unwrap());
        let page = device.call(Request::get("/dev/codes").extension(from), Body::empty()).await;
        assert_eq!(page.status == StatusCode::OK, may, "{address}");
        assert_eq!(page.text().contains(&code), may, "{address}");
    }
    assert_eq!(device.get("/dev/codes").await.status, StatusCode::NOT_FOUND, "an address that is not known");
}

#[tokio::test]
async fn a_device_reads_until_it_is_signed_out_and_a_stranger_never_does() {
    let server = Server::start().await;
    let (mut device, mut stranger) = (server.resident().await, server.resident().await);
    let (case, _) = device.report("路灯不亮", &[]).await;
    let address = format!("/api/v1/cases/{case}");
    for _ in 0..2 {
        assert_eq!(device.get(&address).await.json()["relation"], "reporter");
        assert_eq!(stranger.get(&address).await.problem(), "not_found");
        assert_eq!(server.device().get(&address).await.problem(), "not_signed_in");
    }
    let mut copied = device.clone();
    assert_eq!(device.send(Method::DELETE, "/api/v1/session", None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(copied.get(&address).await.problem(), "not_signed_in");
    assert!(copied.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().is_empty());
}
