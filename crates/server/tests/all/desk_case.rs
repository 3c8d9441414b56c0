//! One case at the desk: who sees it, what they may do to it, and what is written down of their looking.

use crate::harness::{Answer, Device, Server, handler_of, hash, manifest, new_id, photo, post};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::{AreaCode, Role, Timestamp};
use woodlark_store::staff::Post;

impl Device {
    /// The case as this member of staff sees it.
    pub(crate) async fn desk_case(&mut self, case: &str) -> Value {
        let answer = self.get(&format!("/api/v1/desk/cases/{case}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// Gives an order on the case as it stands, or with whatever else the body says.
    pub(crate) async fn order(&mut self, case: &str, order: Value) -> Answer {
        let mut body = order;
        if body["version"].is_null() {
            body["version"] = self.desk_case(case).await["version"].clone();
        }
        self.send(Method::POST, &format!("/api/v1/desk/cases/{case}/orders"), Some(&body)).await
    }

    pub(crate) async fn ordered(&mut self, case: &str, order: Value) -> Value {
        let answer = self.order(case, order.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{order}: {}", answer.text());
        answer.json()
    }

    async fn desk_photo(&mut self, bytes: Vec<u8>) -> String {
        let request = Request::put("/api/v1/desk/photos")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_LENGTH, bytes.len());
        let kept = self.call(request, Body::from(bytes)).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
        kept.json()["hash"].as_str().unwrap().to_owned()
    }

    /// A report that only a person can place and name.
    pub(crate) async fn uncertain_report(&mut self, words: &str, photos: &[&[u8]]) -> String {
        let (case, mut manifest) = (new_id(), manifest(words, photos));
        manifest["category"] = Value::Null;
        assert_eq!(self.put_manifest(&case, &manifest).await.status, StatusCode::CREATED);
        for photo in photos {
            assert_eq!(self.put_chunk(&case, &hash(photo), 0, photo).await.json()["stored"], true);
        }
        assert_eq!(self.complete(&case).await.json()["state"], "received");
        case
    }
}

fn may(case: &Value) -> Vec<&str> {
    case["actions"].as_array().unwrap().iter().map(|action| action["command"].as_str().unwrap()).collect()
}

/// A category whose cases the rules send to no department by themselves, and one that they do.
pub(crate) fn category(server: &Server, automatic: bool) -> (String, String, String) {
    let city = server.app.city();
    let area: AreaCode =
        city.data().areas.iter().find(|area| area.code.as_str().len() == 12).unwrap().code.clone();
    let found = city.data().categories.iter().find_map(|category| {
        if category.code.kind() != woodlark_domain::Kind::Problem || city.criterion(&category.code).is_none()
        {
            return None;
        }
        let rule = woodlark_domain::dispatch::route(&city.data().rules, &category.code, &area)?;
        (rule.automatic == automatic).then(|| (category.code.to_string(), rule.department.to_string()))
    });
    let (category, department) = found.unwrap();
    (category, area.to_string(), department)
}

#[tokio::test]
async fn a_case_goes_the_whole_way_through_four_pairs_of_hands() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let case = resident.uncertain_report("井盖松动", &[&photo("landscape_1.jpg")]).await;
    let (category, area, department) = category(&server, false);

    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let seen = acceptor.desk_case(&case).await;
    assert_eq!(may(&seen), ["file", "decline", "merge"]);
    assert_eq!((&seen["words"], &seen["photos"][0]["stage"]), (&json!("井盖松动"), &json!("before")));
    let filed =
        acceptor.ordered(&case, json!({ "command": "file", "category": category, "area": area })).await;
    assert_eq!((&filed["state"], may(&filed).len()), (&json!("filed"), 1), "merging is left: {filed}");
    assert_eq!(filed["suggestion"]["department"], department, "the rule says whom");

    let mut dispatcher = server.staff(&[post(Role::Dispatcher)]).await;
    let sent = dispatcher.ordered(&case, json!({ "command": "dispatch", "department": department })).await;
    assert_eq!((&sent["state"], &sent["department"]), (&json!("dispatched"), &json!(department)));
    assert!(sent["steps"][2]["rule"].is_string(), "it went where the rule would have sent it");

    let mut handler = server.staff(&[handler_of(&department)]).await;
    assert_eq!(may(&handler.desk_case(&case).await), ["sign", "return"]);
    handler.ordered(&case, json!({ "command": "sign" })).await;
    let bare = handler.order(&case, json!({ "command": "finish", "note": "换了井盖" })).await;
    assert_eq!((bare.problem().as_str(), bare.json()["refusal"].as_str()), ("refused", Some("photo_needed")));
    assert!(bare.json()["detail"].as_str().unwrap().contains("照片"), "in words: {}", bare.text());
    let after = handler.desk_photo(photo("DSCN0010.jpg")).await;
    let stood = json!({ "raw": { "lon": 121.4591, "lat": 30.915 }, "datum": "wgs84", "source": "device", "accuracy_m": 8.0 });
    let finish = json!({ "command": "finish", "note": "换了井盖", "photos": [after], "fix": stood });
    let finished = handler.ordered(&case, finish).await;
    assert_eq!((&finished["state"], may(&finished).len()), (&json!("verifying"), 0));
    let metres = finished["photos"][1]["metres"].as_f64().unwrap();
    assert!((80.0..130.0).contains(&metres), "a thousandth of a degree: {metres}");

    let mut verifier = server.staff(&[post(Role::Verifier)]).await;
    let passed = verifier.ordered(&case, json!({ "command": "pass", "note": "看过了" })).await;
    assert_eq!(passed["state"], "closed");
    let steps: Vec<&str> =
        passed["steps"].as_array().unwrap().iter().map(|step| step["command"].as_str().unwrap()).collect();
    assert_eq!(steps, ["report", "file", "dispatch", "sign", "finish", "pass"]);
    assert_eq!((&passed["steps"][0]["name"], &passed["steps"][5]["name"]), (&Value::Null, &json!("值班员")));
    let told = resident.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!(told["state"], "closed");
    assert!(!told.to_string().contains("值班员"), "a resident reads no name of staff");
}

#[tokio::test]
async fn what_the_rules_may_send_goes_by_itself_once_a_person_has_filed_it() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let case = resident.uncertain_report("路灯不亮", &[]).await;
    let (category, area, department) = category(&server, true);
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let filed =
        acceptor.ordered(&case, json!({ "command": "file", "category": category, "area": area })).await;
    assert_eq!((&filed["state"], &filed["department"]), (&json!("dispatched"), &json!(department)));
}

#[tokio::test]
async fn to_those_whom_it_does_not_concern_a_case_is_not_there() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let mut supervisor = server.staff(&[post(Role::Supervisor)]).await;
    let seen = supervisor.desk_case(&case).await;
    let (area, department) =
        (seen["area"].as_str().unwrap().to_owned(), seen["department"].as_str().unwrap().to_owned());
    let other = server
        .app
        .city()
        .data()
        .departments
        .iter()
        .find(|one| one.code.as_str() != department)
        .unwrap()
        .code
        .to_string();
    let elsewhere = if area.starts_with("310120001") { "310120002" } else { "310120001" };
    let within = |role, area: &str| Post { area: Some(area.parse().unwrap()), ..post(role) };
    for mut stranger in [
        server.staff(&[handler_of(&other)]).await,
        server.staff(&[within(Role::Acceptor, elsewhere)]).await,
        server.staff(&[within(Role::Dispatcher, elsewhere)]).await,
        server.staff(&[within(Role::Verifier, elsewhere)]).await,
        server.staff(&[post(Role::Admin)]).await,
    ] {
        let read = stranger.get(&format!("/api/v1/desk/cases/{case}")).await;
        assert_eq!((read.status, read.problem().as_str()), (StatusCode::NOT_FOUND, "not_found"));
        let order = stranger.order(&case, json!({ "command": "sign", "version": 1 })).await;
        assert_eq!(order.problem(), "not_found");
    }
    for mut insider in [
        server.staff(&[handler_of(&department)]).await,
        server.staff(&[within(Role::Acceptor, &area[..9])]).await,
        server.staff(&[post(Role::Admin), within(Role::Verifier, &area[..9])]).await,
    ] {
        insider.desk_case(&case).await;
    }
    assert_eq!(resident.get(&format!("/api/v1/desk/cases/{case}")).await.problem(), "not_staff");
}

#[tokio::test]
async fn who_handled_a_case_is_told_why_they_cannot_verify_it() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let department = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await["department"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut both = server.staff(&[handler_of(&department), post(Role::Verifier)]).await;
    both.ordered(&case, json!({ "command": "sign" })).await;
    let after = both.desk_photo(photo("DSCN0010.jpg")).await;
    let finished =
        both.ordered(&case, json!({ "command": "finish", "note": "好了", "photos": [after] })).await;
    assert_eq!(may(&finished), ["rework"]);
    let refusal = &finished["refusals"][0];
    assert_eq!((&refusal["command"], &refusal["refusal"]), (&json!("pass"), &json!("handled_it")));
    assert!(refusal["words"]["zh"].as_str().unwrap().contains("处置过"), "{refusal}");
    let refused = both.order(&case, json!({ "command": "pass", "note": "我看过" })).await;
    assert_eq!(
        (refused.problem().as_str(), refused.json()["refusal"].as_str()),
        ("refused", Some("handled_it"))
    );
}

#[tokio::test]
async fn nobody_decides_on_what_they_have_not_seen_and_a_join_is_nothing_to_see() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let case = resident.uncertain_report("井盖松动", &[]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let version = acceptor.desk_case(&case).await["version"].clone();
    let mut neighbour = server.resident().await;
    let joined = neighbour.send(Method::POST, &format!("/api/v1/cases/{case}/join"), None).await;
    assert_eq!(joined.status, StatusCode::OK);
    let (category, area, _) = category(&server, false);
    let file = json!({ "command": "file", "category": category, "area": area, "version": version });
    let filed = acceptor.order(&case, file.clone()).await;
    assert_eq!(filed.status, StatusCode::OK, "{}", filed.text());
    let late =
        acceptor.order(&case, json!({ "command": "decline", "reason": "重复", "version": version })).await;
    assert_eq!((late.status, late.problem().as_str()), (StatusCode::CONFLICT, "moved"));
    assert_eq!(acceptor.desk_case(&case).await["state"], "filed");
}

#[tokio::test]
async fn the_same_order_under_the_same_key_is_done_once() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let department = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await["department"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut handler = server.staff(&[handler_of(&department)]).await;
    let version = handler.desk_case(&case).await["version"].clone();
    let post = async |handler: &mut Device, body: &Value| {
        let request = Request::post(format!("/api/v1/desk/cases/{case}/orders"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "one");
        handler.call(request, Body::from(body.to_string())).await
    };
    let sign = json!({ "command": "sign", "version": version });
    for _ in 0..2 {
        let signed = post(&mut handler, &sign).await;
        assert_eq!(
            (signed.status, &signed.json()["state"]),
            (StatusCode::OK, &json!("handling")),
            "{}",
            signed.text()
        );
    }
    let other = json!({ "command": "return", "reason": "不归我们", "version": version });
    assert_eq!(post(&mut handler, &other).await.problem(), "key_reused");
    let steps = handler.desk_case(&case).await["steps"].as_array().unwrap().len();
    assert_eq!(steps, 4);
}

#[tokio::test]
async fn an_order_goes_under_its_givers_session_alone_and_giving_a_case_back_is_answered_with_nothing() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let department = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await["department"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut giver = server.staff(&[handler_of(&department)]).await;
    let mut colleague = server.staff(&[handler_of(&department)]).await;
    let id = giver.get("/api/v1/desk/session").await.json()["user_id"].clone();
    let sign = json!({ "command": "sign", "giver": id });
    let refused = colleague.order(&case, sign.clone()).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::UNAUTHORIZED, "not_staff"));
    assert_eq!(giver.ordered(&case, sign).await["state"], "handling");
    let back = giver.order(&case, json!({ "command": "return", "reason": "不归我们", "giver": id })).await;
    assert_eq!((back.status, back.text().as_str()), (StatusCode::NO_CONTENT, ""));
}

#[tokio::test]
async fn merged_reporters_go_on_as_joiners_and_nobody_learns_of_a_case_by_merging() {
    let server = Server::start().await;
    let (mut first, mut second) = (server.resident().await, server.resident().await);
    let into = first.uncertain_report("井盖松动", &[]).await;
    let case = second.uncertain_report("同一个井盖", &[]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let seen = acceptor.desk_case(&case).await;
    assert_eq!(seen["alike"][0]["id"], into, "{seen}");
    let unknown = acceptor.order(&case, json!({ "command": "merge", "into": new_id() })).await;
    assert_eq!(unknown.json()["refusal"], "merge_unknown");
    let merged = acceptor.ordered(&case, json!({ "command": "merge", "into": into })).await;
    assert_eq!(merged["state"], "merged");
    let other = acceptor.desk_case(&into).await;
    assert_eq!(other["joiners"], 1);
    let followed = second.get(&format!("/api/v1/cases/{into}")).await.json();
    assert_eq!(followed["relation"], "joiner");
}

#[tokio::test]
async fn an_original_stays_private_each_look_is_written_down_and_the_last_approval_holds() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let shot = photo("landscape_1.jpg");
    let case = resident.uncertain_report("井盖松动", &[&shot]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let seen = acceptor.desk_case(&case).await;
    let name = seen["photos"][0]["hash"].as_str().unwrap().to_owned();
    assert!(seen["photos"][0]["approval"].is_null());
    let address = format!("/api/v1/desk/cases/{case}/photos/{name}");
    for size in ["thumb", "full"] {
        let look = acceptor.get(&format!("{address}/{size}")).await;
        assert_eq!(
            (look.status, look.headers[header::CONTENT_TYPE].to_str().unwrap()),
            (StatusCode::OK, "image/jpeg")
        );
    }
    assert_eq!(looks(&server, &case, "look_at_original").await, 2);
    assert!(looks(&server, &case, "read_case").await >= 1);

    let approve = async |staff: &mut Device, body: Value| {
        staff.send(Method::PUT, &format!("{address}/approval"), Some(&body)).await
    };
    let whole = approve(&mut acceptor, json!({ "shown": "whole" })).await;
    assert_eq!(whole.json()["photos"][0]["approval"], json!({ "shown": "whole" }), "{}", whole.text());
    let copy = acceptor.desk_photo(photo("landscape_2.jpg")).await;
    let covered = approve(&mut acceptor, json!({ "shown": "covered", "hash": copy })).await;
    assert_eq!(covered.json()["photos"][0]["approval"], json!({ "shown": "covered", "hash": copy }));
    for bad in [
        json!({ "shown": "covered" }),
        json!({ "shown": "covered", "hash": name.replace('a', "b") }),
        json!({ "shown": "whole", "hash": copy }),
    ] {
        assert_eq!(approve(&mut acceptor, bad).await.problem(), "invalid");
    }
    let mut supervisor = server.staff(&[post(Role::Supervisor)]).await;
    assert_eq!(
        approve(&mut supervisor, json!({ "shown": "whole" })).await.problem(),
        "not_found",
        "an acceptor's to decide"
    );
    assert_eq!(looks(&server, &case, "approve_photo").await, 2);
    server.clock.advance(2 * Timestamp::DAY);
    let before = Timestamp(server.clock_now()).plus(-Timestamp::DAY);
    let unused = server
        .app
        .store
        .read(move |conn| woodlark_store::sweep::unused_media(conn, before, 10))
        .await
        .unwrap();
    assert!(unused.is_empty(), "the covered copy is somebody's: {unused:?}");
}

#[tokio::test]
async fn who_reported_is_told_without_a_name_and_that_it_was_asked_is_written_down() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    resident.uncertain_report("另一件", &[]).await;
    let mut acceptor = server.staff(&[post(Role::Acceptor)]).await;
    let reporter = acceptor.get(&format!("/api/v1/desk/cases/{case}/reporter")).await;
    assert_eq!(reporter.json(), json!({ "reports": 2, "filed": 1 }), "{}", reporter.text());
    assert_eq!(looks(&server, &case, "read_reporter").await, 1);
    let mut dispatcher = server.staff(&[post(Role::Dispatcher)]).await;
    assert_eq!(dispatcher.get(&format!("/api/v1/desk/cases/{case}/reporter")).await.problem(), "not_found");
}

/// How often somebody did this to a case, as the audit says.
async fn looks(server: &Server, case: &str, action: &'static str) -> usize {
    let case = case.to_owned();
    let rows =
        server.app.store.read(move |conn| woodlark_store::trail::of_subject(conn, &case)).await.unwrap();
    rows.iter().filter(|row| row.action == action).count()
}
