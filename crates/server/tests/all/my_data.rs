//! What a resident may fetch of themselves, and the end of their account, with and without the program.

use crate::harness::{Device, Server, hash, photo, post};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use woodlark_domain::account::KEPT_FOR;
use woodlark_domain::{Role, Timestamp};
use woodlark_server::jobs;
use woodlark_wire::{MyData, Relation};

const DATA: &str = "/api/v1/me/data?lang=zh";
const DELETION: &str = "/api/v1/me/deletion";

fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(files.insert(name.clone(), bytes).is_none(), "{name} is there twice");
    }
    files
}

async fn fetched(device: &mut Device) -> BTreeMap<String, Vec<u8>> {
    let answer = device.get(DATA).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers["content-type"], "application/zip");
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    unpacked(&answer.body)
}

#[tokio::test]
async fn the_file_holds_all_that_is_the_residents_own_and_nothing_of_anybody_else() {
    let server = Server::start().await;
    let (mut ann, mut bob) = (server.resident().await, server.resident().await);
    let (one, two, other) = (photo("DSCN0010.jpg"), photo("landscape_2.jpg"), photo("landscape_3.jpg"));
    let (own, _) = ann.report("井盖<b>松动</b>", &[&one, &two]).await;
    let (of_bob, _) = bob.report("垃圾满溢", &[&other]).await;
    let joined = ann.send(Method::POST, &format!("/api/v1/cases/{of_bob}/join"), None).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());
    jobs::follow_up(server.app.clone()).await;
    jobs::post_deeds(server.app.clone()).await;

    let files = fetched(&mut ann).await;
    let data: MyData = serde_json::from_slice(&files["data.json"]).unwrap();
    assert_eq!(data.cases.len(), 2);
    let mine = data.cases.iter().find(|case| case.id.to_string() == own).unwrap();
    let theirs = data.cases.iter().find(|case| case.id.to_string() == of_bob).unwrap();
    assert_eq!((mine.photos.len(), theirs.photos.len(), theirs.relation), (2, 0, Relation::Joiner));
    assert_eq!((data.account.wechat, data.account.devices.len()), (false, 1));
    assert_eq!(data.ledger.books[0].entries.len(), 2, "what was reported and what was joined");
    let page = String::from_utf8(files["index.html"].clone()).unwrap();
    assert!(
        page.contains(mine.number.as_str())
            && page.contains("井盖&lt;b&gt;松动")
            && !page.contains("<script")
    );
    assert!(page.contains("问题") && page.ends_with("</html>\n"));
    for name in ["photos/{}-1.jpg", "photos/{}-2.jpg"] {
        let name = name.replace("{}", mine.number.as_str());
        assert!(page.contains(&name), "{name}");
        let size = format!(
            "/api/v1/cases/{own}/photos/{}/full",
            hash(if name.ends_with("1.jpg") { &one } else { &two })
        );
        assert_eq!(files[&name], ann.get(&size).await.body, "as it is served");
        assert!(!files[&name].windows(4).any(|bytes| bytes == b"Exif"));
    }
    assert_eq!(files.len(), 5, "{:?}", files.keys());
    assert!(String::from_utf8_lossy(&files["ledger.csv"]).contains("问题立案"));
    let text = String::from_utf8_lossy(&files["data.json"]).into_owned();
    let stranger = bob.get("/api/v1/session").await.json()["user_id"].as_str().unwrap().to_owned();
    assert!(!text.contains(&stranger) && !page.contains(&stranger));
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let audit = admin.get("/api/v1/desk/audit?action=export_data").await.text();
    assert!(audit.contains("export_data"), "{audit}");
}

#[tokio::test]
async fn it_is_sent_in_pieces_and_not_too_often() {
    let server = Server::start().await;
    let mut ann = server.resident().await;
    let pictures: Vec<_> = (1..=8).map(|number| photo(&format!("landscape_{number}.jpg"))).collect();
    let pictures: Vec<&[u8]> = pictures.iter().map(Vec::as_slice).collect();
    ann.report("路灯", &pictures).await;
    let request =
        Request::get(DATA).header("cookie", ann.cookie.clone().unwrap()).body(Body::empty()).unwrap();
    let mut body = tower::ServiceExt::oneshot(server.router(), request).await.unwrap().into_body();
    let (mut whole, mut largest) = (0, 0);
    while let Some(frame) = body.frame().await {
        let length = frame.unwrap().into_data().map(|data| data.len()).unwrap_or_default();
        (whole, largest) = (whole + length, largest.max(length));
    }
    assert!(largest * 3 < whole, "{largest} of {whole} bytes at once");
    assert_eq!(ann.get(DATA).await.problem(), "too_many_requests", "not twice at once");
    for _ in 1..6 {
        server.clock.advance(6 * Timestamp::SECOND);
        fetched(&mut ann).await;
    }
    server.clock.advance(6 * Timestamp::SECOND);
    let link = Request::get("/api/v1/me/data?lang=en").header("accept", "text/html,*/*");
    let refused = ann.call(link, Body::empty()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text().contains("<html lang=\"en\">"), "{}", refused.text());
    server.clock.advance(Timestamp::DAY);
    fetched(&mut ann).await;
}

#[tokio::test]
async fn an_account_goes_after_its_week_and_stays_for_whoever_thinks_better_of_it() {
    let server = Server::start().await;
    let mut ann = server.resident().await;
    let shot = photo("landscape_1.jpg");
    let (case, _) = ann.report("井盖松动", &[&shot]).await;
    let kept = server.kept_files().len();
    assert_eq!(ann.get(DELETION).await.json(), json!({}));
    let asked = ann.send(Method::POST, DELETION, None).await.json();
    assert_eq!(asked["due_at"], server.clock_now() + KEPT_FOR);
    assert_eq!(ann.send(Method::POST, DELETION, None).await.json(), asked);
    assert_eq!(ann.send(Method::DELETE, DELETION, None).await.json(), json!({}));
    ann.send(Method::POST, DELETION, None).await;
    server.clock.advance(KEPT_FOR - 1);
    jobs::end_accounts(server.app.clone()).await;
    assert_eq!(ann.get(&format!("/api/v1/cases/{case}")).await.status, StatusCode::OK);
    server.clock.advance(1);
    jobs::end_accounts(server.app.clone()).await;
    jobs::end_accounts(server.app.clone()).await;
    assert_eq!(ann.get(DELETION).await.problem(), "not_signed_in");
    assert!(ann.get("/api/v1/session").await.json()["user_id"].is_null());
    let mut desk = server.staff(&[post(Role::Supervisor)]).await;
    let left = desk.desk_case(&case).await;
    assert_eq!(
        (left["words"].clone(), left["photos"].clone()),
        (json!("井盖松动"), json!([])),
        "nobody approved it"
    );
    let reporter = desk.get(&format!("/api/v1/desk/cases/{case}/reporter")).await.json();
    assert!(reporter["phone"].is_null(), "{reporter}");
    assert!(kept > 0 && server.kept_files().len() == kept, "the sweep takes the bytes");
    let check = server.app.store.read(woodlark_store::check::check).await.unwrap();
    assert!(check.is_sound(), "{:?}", check.problems);
}

#[tokio::test]
async fn the_page_says_what_goes_and_what_stays_before_its_button() {
    let server = Server::start().await;
    let mut guest = server.device();
    let page = guest.get("/my-data?lang=zh").await.text();
    assert!(page.contains("data-test=\"nothing\"") && !page.contains("data-test=\"delete\""));
    let mut ann = server.resident().await;
    let page = ann.get("/my-data?lang=zh").await.text();
    let (stays, button) = (page.find("会留下的").unwrap(), page.find("data-test=\"delete\"").unwrap());
    assert!(stays < button && page.contains("action=\"/my-data/delete?lang=zh\""));
    let from = |path: &str| Request::post(path).header("sec-fetch-site", "same-origin");
    let sent = ann.call(from("/my-data/delete?lang=zh"), Body::empty()).await;
    assert_eq!(
        (sent.status, sent.headers["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/my-data?lang=zh")
    );
    let page = ann.get("/my-data?lang=zh").await.text();
    assert!(
        page.contains("2026年11月30日将删除全部资料") && !page.contains("data-test=\"delete\""),
        "{page}"
    );
    let elsewhere = Request::post("/my-data/keep").header("sec-fetch-site", "cross-site");
    assert_eq!(ann.call(elsewhere, Body::empty()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ann.call(from("/my-data/keep?lang=en"), Body::empty()).await.status, StatusCode::SEE_OTHER);
    assert!(ann.get("/my-data?lang=en").await.text().contains("Delete everything"));
}
