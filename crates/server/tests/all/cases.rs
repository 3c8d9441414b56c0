//! Cases, and who may see them.

use crate::harness::{Server, hash, manifest, new_id, photo};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;

#[tokio::test]
async fn a_case_is_nobody_elses() {
    let server = Server::start().await;
    let (mut device, mut stranger, mut nobody) =
        (server.resident().await, server.resident().await, server.device());
    let picture = photo("landscape_1.jpg");
    let (case, _) = device.report("只给自己看", &[&picture]).await;
    let paths = [
        format!("/api/v1/cases/{case}"),
        format!("/api/v1/cases/{case}/photos/{}/full", hash(&picture)),
        format!("/api/v1/cases/{case}/photos/{}/thumb", hash(&picture)),
        format!("/api/v1/cases/{case}/voice/{}", hash(&picture)),
        format!("/api/v1/reports/{case}"),
        format!("/plain/cases/{case}"),
    ];
    for path in &paths {
        assert_eq!(stranger.get(path).await.problem(), "not_found", "{path}");
        assert_eq!(nobody.get(path).await.problem(), "not_signed_in", "{path}");
    }
    let same_id = stranger.put_manifest(&case, &manifest("抢用编号", &[])).await;
    assert_eq!(same_id.problem(), "not_found");
    assert!(stranger.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_neighbour_finds_the_case_joins_it_with_one_tap_and_sees_no_photo_of_it() {
    let server = Server::start().await;
    let (mut reporter, mut neighbour) = (server.resident().await, server.resident().await);
    let picture = photo("landscape_1.jpg");
    let (case, _) = reporter.report("井盖没了", &[&picture]).await;
    let near = "/api/v1/alike?kind=problem&category=C0110&lon=121.4582&lat=30.9151";
    let alike = neighbour.get(near).await.json();
    assert_eq!((&alike[0]["id"], &alike[0]["mine"]), (&json!(case), &json!(false)));
    assert!(alike[0]["photo"].is_null() && alike[0]["metres"].as_f64().unwrap() < 50.0);
    assert_eq!(neighbour.get("/api/v1/alike?kind=problem&lon=121.47&lat=30.915").await.json(), json!([]));
    let joined = neighbour.send(Method::POST, &format!("/api/v1/cases/{case}/join"), None).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());
    let view = neighbour.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!((&view["relation"], &view["joiners"]), (&json!("joiner"), &json!(1)));
    assert_eq!(view["photos"], json!([]));
    assert_eq!(view["steps"][0]["by"]["you"], false);
    let hidden = neighbour.get(&format!("/api/v1/cases/{case}/photos/{}/thumb", hash(&picture))).await;
    assert_eq!(hidden.problem(), "not_found");
    assert_eq!(neighbour.get(near).await.json()[0]["mine"], true);
    let again = neighbour.send(Method::POST, &format!("/api/v1/cases/{case}/join"), None).await;
    assert_eq!(again.problem(), "refused");
    assert!(again.json()["refusal"].is_string());
}

#[tokio::test]
async fn a_private_report_is_found_by_nobody_else() {
    let server = Server::start().await;
    let (mut reporter, mut neighbour) = (server.resident().await, server.resident().await);
    let case = new_id();
    let mut private = manifest("不公开", &[]);
    private["visibility"] = json!("private");
    reporter.put_manifest(&case, &private).await;
    reporter.complete(&case).await;
    let near = "/api/v1/alike?kind=problem&category=C0110&lon=121.458&lat=30.915";
    assert_eq!(neighbour.get(near).await.json(), json!([]));
    assert_eq!(reporter.get(near).await.json()[0]["mine"], true);
    let join = neighbour.send(Method::POST, &format!("/api/v1/cases/{case}/join"), None).await;
    assert_eq!(join.problem(), "not_found");
}

#[tokio::test]
async fn withdrawing_is_possible_while_no_department_has_it_and_the_same_key_does_it_once() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let case = new_id();
    let mut report = manifest("写错了", &[]);
    report.as_object_mut().unwrap().remove("category");
    device.put_manifest(&case, &report).await;
    device.complete(&case).await;
    let view = device.get(&format!("/api/v1/cases/{case}")).await.json();
    assert!(view["allowed"].as_array().unwrap().contains(&json!("withdraw")));
    let withdraw =
        |key: &'static str, path: String| (Request::post(path).header("idempotency-key", key), Body::empty());
    let (request, body) = withdraw("one", format!("/api/v1/cases/{case}/withdraw"));
    let first = device.call(request, body).await;
    assert_eq!((first.status, &first.json()["state"]), (StatusCode::OK, &json!("withdrawn")));
    let (request, body) = withdraw("one", format!("/api/v1/cases/{case}/withdraw"));
    assert_eq!(device.call(request, body).await.body, first.body, "byte for byte");
    let (request, body) = withdraw("two", format!("/api/v1/cases/{case}/withdraw"));
    assert_eq!(device.call(request, body).await.problem(), "refused");
    let (request, body) = withdraw("one", format!("/api/v1/cases/{case}/join"));
    assert_eq!(device.call(request, body).await.problem(), "key_reused");
    let keyless = device.call(Request::post(format!("/api/v1/cases/{case}/withdraw")), Body::empty()).await;
    assert_eq!(keyless.problem(), "key_missing");
    let (sent, _) = device.report("已经派出", &[]).await;
    let late = device.send(Method::POST, &format!("/api/v1/cases/{sent}/withdraw"), None).await;
    assert_eq!(late.problem(), "refused");
}

#[tokio::test]
async fn the_list_goes_on_page_by_page_without_gap_or_repeat() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    for number in 0..45 {
        server.clock.advance(1_000_000);
        device.report(&format!("第{number}件"), &[]).await;
    }
    let (mut words, mut path) = (Vec::new(), "/api/v1/cases".to_owned());
    loop {
        let page = device.get(&path).await.json();
        words.extend(
            page["rows"].as_array().unwrap().iter().map(|row| row["words"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/cases?after={next}");
    }
    let expected: Vec<String> = (0..45).rev().map(|number| format!("第{number}件")).collect();
    assert_eq!(words, expected);
    assert_eq!(device.get("/api/v1/cases?after=nonsense").await.problem(), "invalid");
}

#[tokio::test]
async fn what_changes_is_told_live_and_what_was_missed_is_told_on_return() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let case = new_id();
    let mut report = manifest("看进度", &[]);
    report.as_object_mut().unwrap().remove("category");
    device.put_manifest(&case, &report).await;
    device.complete(&case).await;
    let before = server.clock_now();
    server.clock.advance(5_000_000);
    device.send(Method::POST, &format!("/api/v1/cases/{case}/withdraw"), None).await;
    let request = Request::get("/api/v1/live")
        .header("cookie", device.cookie.clone().unwrap())
        .header("last-event-id", before.to_string())
        .body(Body::empty())
        .unwrap();
    let mut stream = server.router().oneshot(request).await.unwrap().into_body();
    let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
    let text = String::from_utf8_lossy(&frame).into_owned();
    assert!(
        text.contains("event: case") && text.contains(&case) && text.contains("\"state\":\"withdrawn\""),
        "{text}"
    );
    let (other, _) = device.report("另一件", &[]).await;
    let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(String::from_utf8_lossy(&frame).contains(&other));
}
