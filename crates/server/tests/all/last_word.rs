//! The resident has the last word: rating what was done, and saying that it isn't fixed.

use crate::harness::{Answer, Device, Server, hash, new_id, photo};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::case::{Actor, Command};
use woodlark_domain::report::Reason;
use woodlark_domain::{CaseId, ContentHash, Role, Timestamp, UserId, limits};
use woodlark_store::cases::{self, Commanded, Order};
use woodlark_store::{Halt, media};

impl Server {
    /// Does what a member of staff orders.
    async fn order(&self, case: &str, actor: Actor, command: Command) {
        let (case, now, city) =
            (case.parse::<CaseId>().unwrap(), Timestamp(self.clock_now()), self.app.city());
        let done = self.app.store.write(move |tx| {
            let order = Order { case, actor: &actor, command: command.clone(), now, city: &city };
            Ok::<_, Halt<()>>(cases::command(tx, &order)?)
        });
        let done = done.await.unwrap();
        assert!(matches!(done, Commanded::Done(_)), "{done:?}");
    }

    /// A photo as the department took it.
    async fn after_photo(&self) -> ContentHash {
        let object = self.app.keep_photo(photo("DSCN0010.jpg")).await.unwrap().object();
        let (hash, now) = (object.hash, Timestamp(self.clock_now()));
        let kept = self.app.store.write(move |tx| Ok::<_, Halt<()>>(media::keep(tx, &object, now)?));
        kept.await.unwrap();
        hash
    }

    /// A case of this device, taken on, finished and found good.
    pub(crate) async fn closed(&self, device: &mut Device) -> (String, Vec<u8>) {
        let before = photo("landscape_1.jpg");
        let (case, _) = device.report("井盖松动", &[&before]).await;
        self.close(device, &case).await;
        (case, before)
    }

    /// The department takes a case of this device on, finishes it, and it is found good.
    pub(crate) async fn close(&self, device: &mut Device, case: &str) {
        let view = device.view(case).await;
        assert_eq!(view["state"], "dispatched", "{view}");
        let handler = staff(1, Role::Handler).of(view["department"].as_str().unwrap().parse().unwrap());
        self.order(case, handler.clone(), Command::Sign).await;
        let photos = vec![self.after_photo().await];
        self.order(
            case,
            handler,
            Command::Finish { note: words("换了井盖"), photos, verdict: None, fix: None },
        )
        .await;
        let pass = Command::Pass { note: Some(words("看过了")), photos: Vec::new(), fix: None };
        self.order(case, staff(2, Role::Verifier), pass).await;
    }
}

impl Device {
    pub(crate) async fn view(&mut self, case: &str) -> Value {
        self.get(&format!("/api/v1/cases/{case}")).await.json()
    }

    async fn post(&mut self, case: &str, verb: &str, key: &str, body: &Value) -> Answer {
        let request = Request::post(format!("/api/v1/cases/{case}/{verb}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key);
        self.call(request, Body::from(body.to_string())).await
    }

    async fn rate(&mut self, case: &str, body: &Value) -> Answer {
        self.post(case, "rate", &new_id(), body).await
    }

    async fn contest(&mut self, case: &str, body: &Value) -> Answer {
        self.post(case, "contest", &new_id(), body).await
    }

    async fn put_photo(&mut self, case: &str, bytes: Vec<u8>) -> Answer {
        let request = Request::put(format!("/api/v1/cases/{case}/photos"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_LENGTH, bytes.len());
        self.call(request, Body::from(bytes)).await
    }

    async fn join(&mut self, case: &str) {
        let joined = self.send(Method::POST, &format!("/api/v1/cases/{case}/join"), None).await;
        assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());
    }
}

fn staff(number: u8, role: Role) -> Actor {
    Actor::staff(UserId::new(1_795_399_200_000, [number; 10]), role)
}

fn words(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

fn steps<'a>(view: &'a Value, command: &str) -> Vec<&'a Value> {
    view["steps"].as_array().unwrap().iter().filter(|step| step["command"] == command).collect()
}

fn may(view: &Value, command: &str) -> bool {
    view["allowed"].as_array().unwrap().contains(&json!(command))
}

fn stages(view: &Value) -> Vec<&str> {
    view["photos"].as_array().unwrap().iter().map(|photo| photo["stage"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_closed_case_is_rated_and_the_rating_may_be_changed_for_thirty_days() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    let view = device.view(&case).await;
    assert!(view["my_rating"].is_null() && may(&view, "rate") && may(&view, "contest"));
    let rated = device.rate(&case, &json!({ "stars": 4, "words": " 很快 " })).await;
    assert_eq!((rated.status, &rated.json()["my_rating"]), (StatusCode::OK, &json!(4)), "{}", rated.text());
    assert_eq!(steps(&rated.json(), "rate")[0]["words"], "很快");
    server.clock.advance(29 * Timestamp::DAY);
    let changed = device.rate(&case, &json!({ "stars": 2, "words": "  " })).await.json();
    assert_eq!((&changed["my_rating"], &changed["state"]), (&json!(2), &json!("closed")));
    assert_eq!(steps(&changed, "rate").len(), 2);
    assert_eq!(device.view(&case).await["my_rating"], 2);
    server.clock.advance(2 * Timestamp::DAY);
    let late = device.rate(&case, &json!({ "stars": 5 })).await;
    assert_eq!((late.problem().as_str(), &late.json()["refusal"]), ("refused", &json!("rating_over")));
    assert!(!may(&device.view(&case).await, "rate"));
}

#[tokio::test]
async fn what_is_no_rating_and_no_reason_is_refused_by_its_field() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    let long = "长".repeat(501);
    for (verb, body, field) in [
        ("rate", json!({ "stars": 0 }), "stars"),
        ("rate", json!({ "stars": 6 }), "stars"),
        ("rate", json!({ "stars": 3, "words": long }), "words"),
        ("contest", json!({ "reason": "  ", "photos": [] }), "reason"),
        ("contest", json!({ "reason": long, "photos": [] }), "reason"),
    ] {
        let answer = device.post(&case, verb, &new_id(), &body).await;
        assert_eq!(
            (answer.problem().as_str(), &answer.json()["fields"][0]["field"]),
            ("invalid", &json!(field))
        );
        let detail = answer.json()["fields"][0]["detail"].as_str().unwrap().to_owned();
        assert!(!detail.is_ascii(), "a sentence, not its key: {detail}");
    }
    let view = device.view(&case).await;
    assert_eq!((&view["state"], steps(&view, "rate").len()), (&json!("closed"), 0));
}

#[tokio::test]
async fn for_a_stranger_there_is_nothing_to_rate_or_contest() {
    let server = Server::start().await;
    let (mut device, mut stranger, mut nobody) =
        (server.resident().await, server.resident().await, server.device());
    let (case, picture) = server.closed(&mut device).await;
    let (rating, contest) = (json!({ "stars": 1 }), json!({ "reason": "没修", "photos": [] }));
    assert_eq!(stranger.rate(&case, &rating).await.problem(), "not_found");
    assert_eq!(stranger.contest(&case, &contest).await.problem(), "not_found");
    assert_eq!(stranger.put_photo(&case, picture.clone()).await.problem(), "not_found");
    assert_eq!(nobody.rate(&case, &rating).await.problem(), "not_signed_in");
    assert_eq!(nobody.put_photo(&case, picture).await.problem(), "not_signed_in");
    let keyless =
        Request::post(format!("/api/v1/cases/{case}/rate")).header(header::CONTENT_TYPE, "application/json");
    assert_eq!(device.call(keyless, Body::from(rating.to_string())).await.problem(), "key_missing");
    assert_eq!(device.view(&case).await["state"], "closed");
}

#[tokio::test]
async fn an_open_case_has_nothing_to_rate_yet() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = device.report("还没处理", &[]).await;
    let early = device.rate(&case, &json!({ "stars": 1 })).await;
    assert_eq!(early.json()["refusal"], "wrong_state");
    let early = device.put_photo(&case, photo("landscape_1.jpg")).await;
    assert_eq!(early.json()["refusal"], "wrong_state");
    let view = device.view(&case).await;
    assert!(!may(&view, "rate") && !may(&view, "contest"));
}

#[tokio::test]
async fn contesting_with_a_photo_has_the_case_verified_again() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    assert_eq!(stages(&device.view(&case).await), ["before", "after"]);
    let picture = photo("image00971.jpg");
    let kept = device.put_photo(&case, picture.clone()).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    let files = server.kept_files().len();
    assert_eq!(device.put_photo(&case, picture.clone()).await.json(), kept.json(), "named by its content");
    assert_eq!(server.kept_files().len(), files);
    assert_ne!(kept.json()["hash"], hash(&picture), "what was sent is not what is kept");
    assert_eq!(device.view(&case).await["state"], "closed", "a photo alone says nothing");
    let contested =
        device.contest(&case, &json!({ "reason": "还在晃", "photos": [kept.json()["hash"]] })).await;
    assert_eq!(contested.status, StatusCode::OK, "{}", contested.text());
    let view = contested.json();
    assert_eq!(view["state"], "verifying");
    assert_eq!(stages(&view), ["before", "after", "contested"]);
    assert_eq!(steps(&view, "contest")[0]["words"], "还在晃");
    assert!(!may(&view, "contest") && !may(&view, "rate"));
    let shown = format!("/api/v1/cases/{case}/photos/{}/thumb", kept.json()["hash"].as_str().unwrap());
    assert_eq!(device.get(&shown).await.headers[header::CONTENT_TYPE], "image/jpeg");
    let again = device.contest(&case, &json!({ "reason": "还在晃", "photos": [] })).await;
    assert_eq!(again.json()["refusal"], "wrong_state");
}

#[tokio::test]
async fn a_photo_to_contest_with_is_held_to_the_limits_of_every_photo() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    assert_eq!(device.put_photo(&case, b"not a picture".to_vec()).await.problem(), "photo_unreadable");
    // What follows a JPEG's end is no part of it: a large file is taken as well as a small one.
    let mut large = photo("landscape_1.jpg");
    large.resize(5 * 1024 * 1024, 0);
    assert_eq!(device.put_photo(&case, large.clone()).await.status, StatusCode::OK);
    large.resize(20 * 1024 * 1024 + 1, 0);
    assert_eq!(device.put_photo(&case, large).await.problem(), "too_large");
    let unknown = json!({ "reason": "没修", "photos": [hash(b"never put")] });
    assert_eq!(device.contest(&case, &unknown).await.json()["refusal"], "photo_unknown");
    assert_eq!(device.view(&case).await["state"], "closed");
}

#[tokio::test]
async fn nobody_fills_the_store_with_photos_that_no_contest_names() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, picture) = server.closed(&mut device).await;
    for _ in 0..limits::CONTEST_PHOTOS_PER_DAY {
        assert_eq!(device.put_photo(&case, b"not a picture".to_vec()).await.problem(), "photo_unreadable");
    }
    assert_eq!(device.put_photo(&case, picture.clone()).await.problem(), "too_many_requests");
    server.clock.advance(Timestamp::DAY);
    assert_eq!(device.put_photo(&case, picture).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_joiner_has_the_same_last_word_and_what_each_says_stays_their_own() {
    let server = Server::start().await;
    let (mut device, mut neighbour) = (server.resident().await, server.resident().await);
    let (case, _) = server.closed(&mut device).await;
    neighbour.join(&case).await;
    assert_eq!(neighbour.rate(&case, &json!({ "stars": 1, "words": "没用" })).await.json()["my_rating"], 1);
    let view = device.view(&case).await;
    assert!(view["my_rating"].is_null() && steps(&view, "rate")[0]["words"].is_null());
    let kept = neighbour.put_photo(&case, photo("image00971.jpg")).await.json();
    let contest = json!({ "reason": "门口的没修", "photos": [kept["hash"]] });
    let contested = neighbour.contest(&case, &contest).await.json();
    assert_eq!((&contested["state"], &contested["photos"]), (&json!("verifying"), &json!([])));
    let view = device.view(&case).await;
    assert_eq!(stages(&view), ["before", "after"]);
    assert!(steps(&view, "contest")[0]["words"].is_null());
    let path = |hash: &Value| format!("/api/v1/cases/{case}/photos/{}/full", hash.as_str().unwrap());
    assert_eq!(device.get(&path(&kept["hash"])).await.status, StatusCode::NOT_FOUND, "even by its name");
    assert_eq!(device.get(&path(&view["photos"][1]["hash"])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn after_seven_days_it_can_no_longer_be_contested() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, picture) = server.closed(&mut device).await;
    server.clock.advance(7 * Timestamp::DAY);
    assert!(may(&device.view(&case).await, "contest"));
    server.clock.advance(1);
    assert!(!may(&device.view(&case).await, "contest"));
    let late = device.contest(&case, &json!({ "reason": "又松了", "photos": [] })).await;
    assert_eq!((late.problem().as_str(), &late.json()["refusal"]), ("refused", &json!("contest_over")));
    assert_eq!(device.put_photo(&case, picture).await.json()["refusal"], "contest_over");
    assert_eq!(device.view(&case).await["state"], "closed");
}

#[tokio::test]
async fn one_key_is_one_event_and_stands_for_one_body() {
    let server = Server::start().await;
    let mut device = server.resident().await;
    let (case, _) = server.closed(&mut device).await;
    let (four, one) = (json!({ "stars": 4 }), json!({ "stars": 1 }));
    let first = device.post(&case, "rate", "k", &four).await;
    server.clock.advance(1_000_000);
    assert_eq!(device.post(&case, "rate", "k", &four).await.body, first.body, "byte for byte");
    assert_eq!(device.post(&case, "rate", "k", &one).await.problem(), "key_reused");
    let view = device.view(&case).await;
    assert_eq!((&view["my_rating"], steps(&view, "rate").len()), (&json!(4), 1));
    let contest = |reason: &str| json!({ "reason": reason, "photos": [] });
    let first = device.post(&case, "contest", "c", &contest("没修")).await;
    assert_eq!(first.json()["state"], "verifying");
    assert_eq!(device.post(&case, "contest", "c", &contest("没修")).await.body, first.body);
    assert_eq!(device.post(&case, "contest", "c", &contest("修坏了")).await.problem(), "key_reused");
    assert_eq!(steps(&device.view(&case).await, "contest").len(), 1);
}
