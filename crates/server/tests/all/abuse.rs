//! Bad input gets a clear problem and changes nothing.

use crate::harness::{Device, Server, hash, manifest, new_id};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

/// A manifest changed in one place, and what the server says to it: the problem and the field.
fn bad_manifests() -> Vec<(&'static str, Value, &'static str, Option<&'static str>)> {
    let with = |path: &str, value: Value| {
        let mut changed = manifest("坏输入", &[b"picture"]);
        *changed.pointer_mut(path).unwrap() = value;
        changed
    };
    let more = |key: &str, value: Value| {
        let mut changed = manifest("坏输入", &[]);
        changed.as_object_mut().unwrap().insert(key.to_owned(), value);
        changed
    };
    let photos = |count: usize| {
        let files: Vec<Value> = (0..count)
            .map(|n| json!({ "hash": hash(&[u8::try_from(n).unwrap()]), "role": "photo", "media_type": "image/jpeg", "bytes": 5 }))
            .collect();
        more("attachments", json!(files))
    };
    let voices = json!([
        { "hash": hash(b"a"), "role": "voice", "media_type": "audio/mp4", "bytes": 5 },
        { "hash": hash(b"b"), "role": "voice", "media_type": "audio/mp4", "bytes": 5 }
    ]);
    vec![
        (
            "nothing said",
            with("/words", json!(" ")).pointer_put("/attachments", json!([])),
            "invalid",
            Some("words"),
        ),
        ("501 characters", with("/words", json!("字".repeat(501))), "invalid", Some("words")),
        ("control characters", with("/words", json!("a\u{7}b")), "invalid", Some("words")),
        ("a wrong type", with("/words", json!(5)), "invalid", Some("words")),
        ("an unknown kind", with("/kind", json!("rant")), "invalid", Some("kind")),
        ("an unknown category", with("/category", json!("C9999")), "invalid", Some("category")),
        ("a category that is no code", with("/category", json!("x")), "invalid", Some("category")),
        ("a category of another kind", with("/category", json!("P01")), "invalid", Some("category")),
        (
            "a longitude off the earth",
            with("/place/fix/raw/lon", json!(181.0)),
            "invalid",
            Some("place.fix.raw"),
        ),
        (
            "a latitude off the earth",
            with("/place/fix/raw/lat", json!(-91)),
            "invalid",
            Some("place.fix.raw"),
        ),
        ("an unknown datum", with("/place/fix/datum", json!("mars")), "invalid", Some("place.fix.datum")),
        (
            "a hash that is none",
            with("/attachments/0/hash", json!("00ff")),
            "invalid",
            Some("attachments[0].hash"),
        ),
        ("an empty file", with("/attachments/0/bytes", json!(0)), "invalid", Some("attachments.0")),
        (
            "a negative length",
            with("/attachments/0/bytes", json!(-1)),
            "invalid",
            Some("attachments[0].bytes"),
        ),
        ("a photo of a gigabyte", with("/attachments/0/bytes", json!(1_u64 << 30)), "too_large", None),
        ("ten photos", photos(10), "too_many", None),
        ("two voices", more("attachments", voices), "too_many", None),
        ("a door that the server opens itself", with("/door", json!("staff")), "invalid", Some("door")),
        ("an unknown field", more("surprise", json!(1)), "invalid", None),
        ("an entry that is no code", more("entry", json!("西 渡")), "invalid", Some("entry")),
    ]
}

trait PointerPut {
    fn pointer_put(self, path: &str, value: Value) -> Value;
}

impl PointerPut for Value {
    fn pointer_put(mut self, path: &str, value: Value) -> Value {
        *self.pointer_mut(path).unwrap() = value;
        self
    }
}

#[tokio::test]
async fn every_bad_manifest_is_told_which_field_and_leaves_no_trace() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    for (what, bad, code, field) in bad_manifests() {
        let case = new_id();
        let refused = device.put_manifest(&case, &bad).await;
        assert_eq!(refused.problem(), code, "{what}: {}", refused.text());
        if let Some(field) = field {
            assert_eq!(refused.json()["fields"][0]["field"], field, "{what}: {}", refused.text());
        }
        assert_eq!(device.get(&format!("/api/v1/reports/{case}")).await.problem(), "not_found", "{what}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_told_so() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let path = format!("/api/v1/reports/{}", new_id());
    let put = |kind: &'static str| Request::put(path.clone()).header(header::CONTENT_TYPE, kind);
    assert_eq!(device.call(put("application/json"), Body::from("{\"kind\":")).await.problem(), "unreadable");
    assert_eq!(device.call(put("text/plain"), Body::from("{}")).await.problem(), "unsupported_media_type");
    let large = format!("{{\"words\":\"{}\"}}", "x".repeat(70_000));
    let refused = device.call(put("application/json"), Body::from(large)).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
}

#[tokio::test]
async fn addresses_that_are_not_there_and_methods_that_do_not_fit_are_problems_too() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    for path in
        ["/api/v1/nothing", "/api/v1/cases/not-an-id", "/missing.js", &format!("/api/v1/cases/{}", new_id())]
    {
        assert_eq!(device.get(path).await.problem(), "not_found", "{path}");
    }
    assert_eq!(device.send(Method::DELETE, "/api/v1/cases", None).await.problem(), "method_not_allowed");
    for bad in ["lon=200&lat=30", "lon=121&lat=", "lat=30", "lon=NaN&lat=30"] {
        let refused = device.get(&format!("/api/v1/alike?kind=problem&{bad}")).await;
        assert_eq!(refused.problem(), "invalid", "{bad}: {}", refused.text());
    }
}

#[tokio::test]
async fn a_chunk_must_fit_its_manifest() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, picture) = (new_id(), b"eleven char".to_vec());
    device.put_manifest(&case, &manifest("分片", &[&picture])).await;
    let name = hash(&picture);
    assert_eq!(device.put_chunk(&case, &hash(b"other"), 0, b"other").await.problem(), "not_found");
    assert_eq!(device.put_chunk(&case, &name, 0, b"more than eleven").await.problem(), "too_large");
    let path = format!("/api/v1/reports/{case}/attachments/{name}");
    let no_offset = device.call(Request::put(path.clone()), Body::from("x")).await;
    assert_eq!(no_offset.problem(), "invalid");
    let huge =
        device.call(Request::put(path).header("upload-offset", "0"), Body::from(vec![0; 600 * 1024])).await;
    assert_eq!(huge.problem(), "too_large");
    assert_eq!(huge.json()["limit"], 512 * 1024);
}

#[tokio::test]
async fn another_site_cannot_write_in_a_residents_name() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let foreign = Request::post("/api/v1/session")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://evil.example");
    assert_eq!(device.call(foreign, Body::empty()).await.problem(), "cross_site");
    let form = Request::post("/report").header("sec-fetch-site", "cross-site");
    assert_eq!(device.call(form, Body::empty()).await.problem(), "cross_site");
}

#[tokio::test]
async fn a_quota_holds_what_one_account_may_begin_in_a_day() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    for _ in 0..50 {
        let put = device.put_manifest(&new_id(), &manifest("很多", &[])).await;
        assert_eq!(put.status, StatusCode::CREATED);
    }
    let refused = device.put_manifest(&new_id(), &manifest("太多", &[])).await;
    assert_eq!(refused.problem(), "too_many_requests");
    server.clock.advance(24 * 3_600_000_000);
    assert_eq!(device.put_manifest(&new_id(), &manifest("明天", &[])).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_problem_speaks_the_readers_language() {
    let server = Server::start().await;
    let mut device: Device = server.device();
    let zh = device.get("/api/v1/nothing").await.json();
    device.language = "en-GB,en;q=0.9";
    let en = device.get("/api/v1/nothing").await.json();
    assert!(zh["title"].as_str().unwrap().contains("没有找到"));
    assert!(en["title"].as_str().unwrap().starts_with("Not found"));
    assert_eq!(zh["code"], en["code"]);
}
