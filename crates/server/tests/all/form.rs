//! The plain form: a report without the program.

use crate::harness::{Device, Server, new_id, photo};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

fn multipart(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = if *name == "photo" { "; filename=\"a.jpg\"\r\nContent-Type: image/jpeg" } else { "" };
        body.extend_from_slice(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

async fn submit(device: &mut Device, fields: &[(&str, &[u8])]) -> crate::harness::Answer {
    let request = Request::post("/report").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    device.call(request, Body::from(multipart(fields))).await
}

#[tokio::test]
async fn a_report_with_two_photos_goes_through_and_its_answer_is_a_page_with_the_number() {
    let server = Server::start().await;
    let mut device = server.device();
    let page = device.get("/").await;
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache, no-store, must-revalidate");
    let text = page.text();
    let case = text.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(case.parse::<woodlark_domain::CaseId>().is_ok(), "the page brings a fresh id: {text}");
    let pictures = [photo("landscape_8.jpg"), photo("DSCN0010.jpg")];
    let fields: [(&str, &[u8]); 8] = [
        ("case_id", case.as_bytes()),
        ("kind", b"problem"),
        ("words", "井盖翘起来了 <b>".as_bytes()),
        ("place_words", "苍路 88 弄口".as_bytes()),
        ("from", b"xidu"),
        ("photo", &pictures[0]),
        ("photo", &pictures[1]),
        ("photo", b""),
    ];
    let sent = submit(&mut device, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let to = sent.headers[header::LOCATION].to_str().unwrap().to_owned();
    let answer = device.get(&to).await.text();
    assert!(answer.contains("FX-20261123-00001") && answer.contains("待受理"), "{answer}");
    // The second time may be another day: the reply was lost, and the page was still open in the morning.
    server.clock.advance(woodlark_domain::Timestamp::DAY);
    let again = submit(&mut device, &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "sent twice is sent once: {}", again.text());
    assert_eq!(device.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().len(), 1);
    let view = device.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!(view["photos"].as_array().unwrap().len(), 2);
    assert_eq!(view["place_words"], "苍路 88 弄口");
}

#[tokio::test]
async fn every_address_of_the_app_is_answered_with_its_page() {
    let server = Server::start().await;
    let mut device = server.device();
    for path in ["/", "/report", "/report?kind=problem&from=xidu", "/mine", "/settings", "/cases/anything"] {
        let page = device.get(path).await;
        assert!(page.status == StatusCode::OK && page.text().contains("<form"), "{path}: {}", page.status);
    }
}

#[tokio::test]
async fn a_refusal_is_a_page_in_the_readers_language_that_says_what_to_do() {
    let server = Server::start().await;
    let mut device = server.device();
    device.language = "en";
    let empty = submit(&mut device, &[("kind", b"problem"), ("words", b"   ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Write a few words, take a photo"), "{}", empty.text());
    let broken = submit(
        &mut device,
        &[("kind", b"problem"), ("photo", &photo("landscape_1.jpg")[..5_000]), ("language", b"zh")],
    )
    .await;
    assert!(broken.text().contains("打不开"), "{}", broken.text());
    let heic =
        submit(&mut device, &[("kind", b"praise"), ("photo", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")]).await;
    assert!(heic.text().contains("Most compatible"));
    let kind = submit(&mut device, &[("kind", b"nonsense"), ("words", b"x")]).await;
    assert_eq!(kind.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ten: Vec<(&str, Vec<u8>)> = (0..10).map(|n| ("photo", vec![n; 100])).collect();
    let mut fields: Vec<(&str, &[u8])> = ten.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    fields.push(("kind", b"problem"));
    assert_eq!(submit(&mut device, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let not_a_form = device
        .call(Request::post("/report").header(header::CONTENT_TYPE, "text/plain"), Body::from("x"))
        .await;
    assert_eq!(not_a_form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(device.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn another_report_under_the_same_id_is_refused_and_the_first_stands() {
    let server = Server::start().await;
    let mut device = server.device();
    let case = new_id();
    submit(&mut device, &[("case_id", case.as_bytes()), ("kind", b"problem"), ("words", b"first")]).await;
    let other =
        submit(&mut device, &[("case_id", case.as_bytes()), ("kind", b"problem"), ("words", b"second")])
            .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(device.get(&format!("/api/v1/cases/{case}")).await.json()["words"], "first");
}

#[tokio::test]
async fn a_form_that_is_refused_makes_no_account() {
    let server = Server::start().await;
    let mut owner = server.resident().await;
    let case = new_id();
    submit(&mut owner, &[("case_id", case.as_bytes()), ("kind", b"problem"), ("words", b"mine")]).await;
    let mut stranger = server.device();
    let taken =
        submit(&mut stranger, &[("case_id", case.as_bytes()), ("kind", b"problem"), ("words", b"mine")])
            .await;
    assert_eq!((taken.status, stranger.cookie.as_deref()), (StatusCode::NOT_FOUND, None));
    let fresh = submit(&mut stranger, &[("kind", b"problem"), ("words", b"mine")]).await;
    assert_eq!(fresh.status, StatusCode::SEE_OTHER, "{}", fresh.text());
    assert_eq!(stranger.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().len(), 1);
}
