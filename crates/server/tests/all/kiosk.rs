//! Kiosks: enrolled once, trusted no further than any device, and what they hand in becomes a case once, whatever is lost on the way.

use crate::harness::{Answer, Device, MONDAY_TEN, Server, hash, new_id, photo, post};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use woodlark_domain::{CaseId, KioskId, Role, Timestamp};
use woodlark_seal::{Bound, PublicKey, pack, seal};
use woodlark_server::seal_keys::{from_hex, hex, public_key};

const TOKEN: &str = "00112233445566778899aabbccddeeff";
const CODE: &str = "ABCD-EFGH";

/// A kiosk that serves.
pub(crate) struct Station {
    pub(crate) device: Device,
    pub(crate) id: String,
    key: PublicKey,
}

/// Sets a kiosk up at the desk; its id and the code of its device.
async fn set_up(server: &Server, body: &Value) -> (String, String) {
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let made = admin.send(Method::POST, "/api/v1/desk/kiosks", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    (made["id"].as_str().unwrap().to_owned(), made["code"].as_str().unwrap().to_owned())
}

async fn enrol(device: &mut Device, code: &str) -> Answer {
    device.send(Method::POST, "/api/v1/kiosk", Some(&json!({ "code": code }))).await
}

impl Station {
    pub(crate) async fn set_up(server: &Server) -> Self {
        let body = json!({ "name": "南桥便民服务站", "entry": "kiosk-nanqiao-1", "pin": "204816" });
        let (id, code) = set_up(server, &body).await;
        let mut device = server.device();
        let enrolled = enrol(&mut device, &code).await;
        assert_eq!(enrolled.status, StatusCode::CREATED, "{}", enrolled.text());
        let key = public_key(enrolled.json()["key"].as_str().unwrap()).unwrap();
        Self { device, id, key }
    }

    fn bound(&self, case: &str) -> Bound {
        let kiosk = self.id.parse::<KioskId>().unwrap();
        Bound { kiosk: *kiosk.as_bytes(), case: *case.parse::<CaseId>().unwrap().as_bytes() }
    }

    /// A report sealed as a kiosk seals it.
    fn envelope(&self, case: &str, words: &str, photos: &[&[u8]]) -> Vec<u8> {
        self.sealed(case, &manifest(words, photos), photos)
    }

    fn sealed(&self, case: &str, manifest: &Value, files: &[&[u8]]) -> Vec<u8> {
        let says = json!({ "manifest": manifest, "code": CODE, "hand_over": TOKEN }).to_string();
        let pieces: Vec<&[u8]> = std::iter::once(says.as_bytes()).chain(files.iter().copied()).collect();
        seal(&self.key, [case.as_bytes()[35]; 32], self.bound(case), &pack(&pieces)).unwrap()
    }

    async fn piece(&mut self, case: &str, envelope: &[u8], offset: usize, end: usize) -> Answer {
        let (bytes, hash) = (envelope.len(), hash(envelope));
        let request = Request::put(format!("/api/v1/kiosk/envelopes/{case}?bytes={bytes}&hash={hash}"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("upload-offset", offset.to_string());
        self.device.call(request, Body::from(envelope[offset..end].to_vec())).await
    }

    /// All of it, in pieces.
    async fn deliver(&mut self, case: &str, envelope: &[u8]) -> Answer {
        let mut offset = 0;
        loop {
            let end = (offset + 512 * 1024).min(envelope.len());
            let answer = self.piece(case, envelope, offset, end).await;
            if end == envelope.len() || answer.status != StatusCode::OK {
                return answer;
            }
            offset = end;
        }
    }
}

/// A report as a kiosk writes it.
fn manifest(words: &str, photos: &[&[u8]]) -> Value {
    let mut manifest = crate::harness::manifest(words, photos);
    manifest["door"] = "kiosk".into();
    manifest["place"]["fix"]["source"] = "station".into();
    manifest
}

#[tokio::test]
async fn a_device_becomes_a_kiosk_by_a_code_that_holds_once_and_for_half_an_hour() {
    let server = Server::start().await;
    let (id, code) = set_up(&server, &json!({ "name": "西渡站" })).await;
    let mut device = server.device();
    let refused = device.get("/api/v1/kiosk").await;
    assert_eq!(refused.problem(), "not_kiosk", "no browser says itself that it is one");
    let enrolled = enrol(&mut device, &code.to_lowercase().replace('-', " ")).await;
    assert_eq!(enrolled.status, StatusCode::CREATED);
    let cookie = enrolled.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(device.get("/api/v1/kiosk").await.json()["name"], "西渡站");
    let mut second = server.device();
    assert_eq!(enrol(&mut second, &code).await.problem(), "code_wrong", "once");
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let another = admin.send(Method::POST, &format!("/api/v1/desk/kiosks/{id}/code"), None).await.json();
    let another = another["code"].as_str().unwrap();
    server.clock.advance(30 * Timestamp::MINUTE);
    assert_eq!(enrol(&mut second, another).await.problem(), "code_wrong", "half an hour");
    assert_eq!(device.get("/api/v1/kiosk").await.status, StatusCode::OK, "who serves goes on");
}

#[tokio::test]
async fn whoever_guesses_at_codes_is_locked_out() {
    let server = Server::start().await;
    let (_, code) = set_up(&server, &json!({ "name": "西渡站" })).await;
    let mut device = server.device();
    for guess in ["AAAA-AAAA", "BBBB-BBBB", "nonsense", "CCCC-CCCC", "DDDD-DDDD"] {
        assert_eq!(enrol(&mut device, guess).await.problem(), "code_wrong", "{guess}");
    }
    let locked = enrol(&mut device, &code).await;
    assert_eq!(locked.problem(), "too_many_requests");
    assert!(locked.json()["retry_after_s"].as_u64().unwrap() > 500);
    server.clock.advance(10 * Timestamp::MINUTE);
    assert_eq!(enrol(&mut device, &code).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_kiosk_whose_leave_was_taken_away_is_told_so_and_gets_it_back_by_enrolling_anew() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let case = new_id();
    let envelope = station.envelope(&case, "路灯不亮", &[]);
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let address = format!("/api/v1/desk/kiosks/{}", station.id);
    assert_eq!(admin.send(Method::DELETE, &address, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.send(Method::DELETE, &address, None).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(station.device.get("/api/v1/kiosk").await.problem(), "kiosk_revoked");
    assert_eq!(station.deliver(&case, &envelope).await.problem(), "kiosk_revoked");
    let shown = admin.get("/api/v1/desk/kiosks").await.json();
    assert_eq!(shown["kiosks"][0]["state"], "revoked");
    let code = admin.send(Method::POST, &format!("{address}/code"), None).await.json();
    assert_eq!(enrol(&mut station.device, code["code"].as_str().unwrap()).await.status, StatusCode::CREATED);
    let receipt = station.deliver(&case, &envelope).await.json();
    assert!(receipt["receipt"]["number"].is_string(), "what was sealed before is taken: {receipt}");
}

#[tokio::test]
async fn an_envelope_becomes_one_case_however_often_it_is_sent() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let (case, shot) = (new_id(), photo("landscape_1.jpg"));
    let envelope = station.envelope(&case, "人行道砖翘起来了", &[&shot]);
    let first = station.deliver(&case, &envelope).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let receipt = first.json()["receipt"].clone();
    assert_eq!(receipt["case_id"], case);
    // The answer was lost: it is sent again, and so much later that nothing of its way in is left.
    assert_eq!(station.deliver(&case, &envelope).await.json()["receipt"], receipt);
    server.clock.advance(30 * Timestamp::DAY);
    assert_eq!(station.piece(&case, &envelope, 0, 10).await.json()["receipt"], receipt);
    let desk = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await;
    assert_eq!((desk["door"].as_str(), desk["number"].as_str()), (Some("kiosk"), receipt["number"].as_str()));
    assert_eq!(desk["words"], "人行道砖翘起来了");
    assert_eq!(desk["photos"].as_array().unwrap().len(), 1);
    // Its photo was encoded anew: no byte of what was sealed is kept.
    assert!(server.kept_files().iter().all(|file| std::fs::read(file).unwrap() != shot));
}

#[tokio::test]
async fn a_torn_upload_goes_on_where_it_was_torn() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let (case, shot) = (new_id(), photo("DSCN0010.jpg"));
    let other = photo("image00971.jpg");
    let other2 = photo("image01551.jpg");
    let envelope = station.envelope(&case, "", &[&shot, &other, &other2]);
    let cut = 100_000;
    let held = station.piece(&case, &envelope, 0, cut).await.json();
    assert_eq!((held["received_bytes"].as_u64(), &held["receipt"]), (Some(100_000), &Value::Null));
    let refused = station.piece(&case, &envelope, 50_000, cut).await;
    assert_eq!(refused.problem(), "offset_mismatch");
    assert_eq!(refused.json()["received_bytes"], 100_000);
    let mut offset = cut;
    let mut answer = Value::Null;
    while offset < envelope.len() {
        let end = (offset + 512 * 1024).min(envelope.len());
        answer = station.piece(&case, &envelope, offset, end).await.json();
        offset = end;
    }
    assert!(answer["receipt"]["number"].is_string(), "{answer}");
}

#[tokio::test]
async fn what_was_altered_or_is_anothers_never_becomes_a_case() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let mut second = Station::set_up(&server).await;
    let case = new_id();
    let good = station.envelope(&case, "路灯不亮", &[]);
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(station.deliver(&case, &altered).await.problem(), "envelope_altered");
    assert_eq!(second.deliver(&new_id(), &good).await.problem(), "envelope_altered", "of another kiosk");
    assert_eq!(station.deliver(&new_id(), &good).await.problem(), "envelope_altered", "of another case");
    let mut foreign = good.clone();
    foreign[5] ^= 1;
    assert_eq!(station.deliver(&case, &foreign).await.problem(), "envelope_altered", "a key we never had");
    assert_eq!(station.piece(&case, b"short", 0, 5).await.problem(), "envelope_altered");
    // Half of one is here already: another may not be put in its place, nor seen by another kiosk.
    station.piece(&case, &good, 0, 20).await;
    assert_eq!(station.deliver(&case, &altered).await.problem(), "manifest_differs");
    assert_eq!(second.deliver(&case, &good).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        station.piece(&case, &good, 20, good.len()).await.status,
        StatusCode::OK,
        "the good one is taken"
    );
    // Bytes that are not those of the hash begin anew.
    let (other, wrong) = (new_id(), station.envelope(&new_id(), "x", &[]));
    let (bytes, hash) = (wrong.len(), "0".repeat(64));
    let request = Request::put(format!("/api/v1/kiosk/envelopes/{other}?bytes={bytes}&hash={hash}"))
        .header("upload-offset", "0");
    assert_eq!(station.device.call(request, Body::from(wrong)).await.problem(), "hash_mismatch");
}

#[tokio::test]
async fn what_is_in_an_envelope_is_trusted_no_more_than_any_report() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let shot = photo("landscape_1.jpg");
    let mut long = manifest("", &[&shot]);
    long["words"] = "灯".repeat(501).into();
    let mut posing = manifest("路灯不亮", &[]);
    posing["place"]["fix"]["source"] = "device".into();
    let mut other_hash = manifest("", &[&shot]);
    other_hash["attachments"][0]["hash"] = "0".repeat(64).into();
    let nonsense: &[u8] = b"this is no picture";
    let cases: [(&str, Value, Vec<&[u8]>); 6] = [
        ("invalid", long, vec![&shot]),
        ("invalid", posing, vec![]),
        ("envelope_altered", other_hash, vec![&shot]),
        ("envelope_altered", manifest("", &[&shot]), vec![]),
        ("photo_unreadable", manifest("", &[nonsense]), vec![nonsense]),
        ("invalid", manifest("", &[]), vec![]),
    ];
    for (problem, manifest, files) in cases {
        let case = new_id();
        let envelope = station.sealed(&case, &manifest, &files);
        assert_eq!(station.deliver(&case, &envelope).await.problem(), problem, "{manifest}");
    }
    // Who reports doesn't choose the entry, and the door is the kiosk's whatever it says.
    let mut lying = manifest("路灯不亮", &[]);
    lying["entry"] = "xidu".into();
    lying["door"] = "browser".into();
    let case = new_id();
    let envelope = station.sealed(&case, &lying, &[]);
    assert_eq!(station.deliver(&case, &envelope).await.status, StatusCode::OK);
    let desk = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await;
    assert_eq!(desk["door"], "kiosk");
}

async fn take(phone: &mut Device, case: &str, token: &str) -> Answer {
    let body = json!({ "case_id": case, "token": token });
    phone.send(Method::POST, "/api/v1/handover", Some(&body)).await
}

#[tokio::test]
async fn b46_a_case_goes_to_one_phone_once_and_for_two_hours() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let (case, other) = (new_id(), new_id());
    let mut phone = server.device();
    assert_eq!(take(&mut phone, &case, TOKEN).await.problem(), "not_found", "it is still on the kiosk");
    for case in [&case, &other] {
        let envelope = station.envelope(case, "路灯不亮", &[]);
        assert_eq!(station.deliver(case, &envelope).await.status, StatusCode::OK);
    }
    assert_eq!(take(&mut phone, &case, &"0".repeat(32)).await.problem(), "not_found", "another token");
    assert_eq!(take(&mut phone, &new_id(), TOKEN).await.problem(), "not_found", "another case");
    assert_eq!(phone.cookie, None, "whoever fails gets no account");
    assert_eq!(take(&mut station.device, &case, TOKEN).await.problem(), "not_found", "a kiosk takes none");
    assert_eq!(take(&mut phone, &case, TOKEN).await.status, StatusCode::NO_CONTENT);
    assert_eq!(take(&mut phone, &case, TOKEN).await.status, StatusCode::NO_CONTENT, "the answer was lost");
    let mine = phone.get("/api/v1/cases").await.json();
    let ids: Vec<&str> =
        mine["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [case.as_str()], "only that case");
    let shown = phone.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!((shown["relation"].as_str(), shown["words"].as_str()), (Some("reporter"), Some("路灯不亮")));
    let mut stranger = server.resident().await;
    assert_eq!(take(&mut stranger, &case, TOKEN).await.problem(), "hand_over_gone");
    server.clock.advance(2 * Timestamp::HOUR);
    assert_eq!(take(&mut stranger, &other, TOKEN).await.problem(), "hand_over_gone", "two hours");
    assert_eq!(phone.get("/api/v1/cases").await.json()["rows"].as_array().unwrap().len(), 1);
}

async fn look_up(device: &mut Device, number: &str, code: &str) -> Answer {
    let body = json!({ "number": number, "code": code });
    device.send(Method::POST, "/api/v1/lookup", Some(&body)).await
}

#[tokio::test]
async fn a_case_is_found_by_number_and_code_and_guessing_is_locked() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let (case, shot) = (new_id(), photo("landscape_1.jpg"));
    let envelope = station.envelope(&case, "我家楼下的路灯不亮", &[&shot]);
    let number =
        station.deliver(&case, &envelope).await.json()["receipt"]["number"].as_str().unwrap().to_owned();
    let found = look_up(&mut station.device, &number.to_lowercase(), "abcdefgh").await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text());
    let text = found.text();
    assert!(
        found.json()["steps"].as_array().unwrap().len() > 1 && found.json()["promise"]["at"].is_i64(),
        "{text}"
    );
    for secret in ["我家楼下", "photo", "voice", "phone", "reporter", "account", "lon"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // A case that did not come from a kiosk has no code.
    let (_, plain) = server.resident().await.report("井盖松动", &[]).await;
    assert_eq!(
        look_up(&mut station.device, plain["number"].as_str().unwrap(), CODE).await.problem(),
        "look_up_wrong"
    );
    let mut visitor = server.device();
    for _ in 0..5 {
        assert_eq!(look_up(&mut visitor, &number, "AAAA-AAAA").await.problem(), "look_up_wrong");
    }
    assert_eq!(
        look_up(&mut visitor, &number, CODE).await.problem(),
        "too_many_requests",
        "the number is locked"
    );
    assert_eq!(look_up(&mut station.device, &number, CODE).await.problem(), "too_many_requests", "for all");
    server.clock.advance(10 * Timestamp::MINUTE);
    assert_eq!(look_up(&mut visitor, &number, CODE).await.status, StatusCode::OK);
    // Whoever tries number after number is locked, too; a kiosk apart from its address.
    for count in 0..20 {
        look_up(&mut visitor, &format!("FX-20261123-{:05}", 90_000 + count), CODE).await;
    }
    assert_eq!(look_up(&mut visitor, &number, CODE).await.problem(), "too_many_requests");
    assert_eq!(look_up(&mut station.device, &number, CODE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_gift_is_handed_over_once_at_its_own_station_by_whoever_knows_the_pin() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let body = json!({ "name": "西渡站", "entry": "kiosk-xidu-1", "pin": "204816" });
    let (_, code) = set_up(&server, &body).await;
    let mut elsewhere = server.device();
    enrol(&mut elsewhere, &code).await;
    let mut resident = server.resident().await;
    for _ in 0..4 {
        resident.report("井盖松动", &[]).await;
        server.clock.advance(Timestamp::MINUTE);
    }
    woodlark_server::jobs::follow_up(server.app.clone()).await;
    woodlark_server::jobs::post_deeds(server.app.clone()).await;
    let ordered =
        resident.send(Method::POST, "/api/v1/redeem/gifts", Some(&json!({ "gift": "towel" }))).await.json();
    let code = ordered["orders"][0]["code"].as_str().unwrap().to_owned();
    let shown =
        station.device.send(Method::POST, "/api/v1/kiosk/gift", Some(&json!({ "code": code }))).await.json();
    assert_eq!(
        (shown["gift"]["state"].as_str(), shown["here"].as_bool()),
        (Some("kept"), Some(true)),
        "{shown}"
    );
    let shown =
        elsewhere.send(Method::POST, "/api/v1/kiosk/gift", Some(&json!({ "code": code }))).await.json();
    assert_eq!(shown["here"], false);
    let honour = async |device: &mut Device, pin: &str| {
        device.send(Method::POST, "/api/v1/kiosk/honour", Some(&json!({ "code": code, "pin": pin }))).await
    };
    assert_eq!(honour(&mut elsewhere, "204816").await.problem(), "refused", "it is kept elsewhere");
    for _ in 0..5 {
        assert_eq!(honour(&mut station.device, "999998").await.problem(), "pin_wrong");
    }
    assert_eq!(honour(&mut station.device, "204816").await.problem(), "too_many_requests", "locked");
    server.clock.advance(10 * Timestamp::MINUTE);
    assert_eq!(honour(&mut station.device, "204816").await.json()["gift"]["state"], "honoured");
    assert_eq!(honour(&mut station.device, "204816").await.json()["refusal"], "honoured_already");
    let mut chief = server.staff(&[post(Role::Supervisor)]).await;
    let audit = chief.get("/api/v1/desk/audit?action=honour_gift").await.json();
    assert!(audit["rows"][0].to_string().contains(&station.id), "{audit}");
}

#[tokio::test]
async fn the_desk_sees_how_each_kiosk_does_and_what_was_done_to_it_is_in_the_audit() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    let mut admin = server.staff(&[post(Role::Admin)]).await;
    let row = async |admin: &mut Device| admin.get("/api/v1/desk/kiosks").await.json()["kiosks"][0].clone();
    assert_eq!(row(&mut admin).await["silent"], true, "not heard of yet");
    let body =
        json!({ "version": "abc", "queue": 3, "oldest_at": MONDAY_TEN.0, "attention": 1, "camera": false });
    let heard = station.device.send(Method::POST, "/api/v1/kiosk/health", Some(&body)).await;
    assert_eq!(heard.json()["name"], "南桥便民服务站", "{}", heard.text());
    assert!(heard.headers.contains_key(header::SET_COOKIE), "its leave is made longer");
    let seen = row(&mut admin).await;
    for (field, value) in [
        ("silent", json!(false)),
        ("queue", json!(3)),
        ("attention", json!(1)),
        ("camera", json!(false)),
        ("outdated", json!(true)),
        ("version", json!("abc")),
    ] {
        assert_eq!(seen[field], value, "{field}");
    }
    server.clock.advance(6 * Timestamp::MINUTE);
    assert_eq!(row(&mut admin).await["silent"], true);
    admin.send(Method::DELETE, &format!("/api/v1/desk/kiosks/{}", station.id), None).await;
    let audit = admin.get(&format!("/api/v1/desk/audit?subject={}", station.id)).await.json();
    let mut actions: Vec<&str> =
        audit["rows"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["enrol_kiosk", "issue_kiosk_code", "revoke_kiosk", "set_up_kiosk"]);
    for bad in [
        json!({ "name": "" }),
        json!({ "name": "站", "pin": "111111" }),
        json!({ "name": "站", "entry": "nowhere" }),
    ] {
        assert_eq!(
            admin.send(Method::POST, "/api/v1/desk/kiosks", Some(&bad)).await.problem(),
            "invalid",
            "{bad}"
        );
    }
}

#[tokio::test]
async fn an_enrolled_device_has_no_other_page_of_the_site() {
    let server = Server::start().await;
    let mut station = Station::set_up(&server).await;
    for path in ["/", "/report", "/desk", "/ledger", "/?kiosk=1"] {
        let answer = station.device.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.headers[header::LOCATION], "/kiosk");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
    assert_eq!(server.device().get("/").await.status, StatusCode::OK, "nobody else is sent there");
    let mut liar = server.device();
    liar.cookie = Some(format!("woodlark_kiosk={}", "0".repeat(64)));
    assert_eq!(liar.get("/").await.status, StatusCode::OK);
}

#[test]
fn hexadecimal_digits_are_bytes_and_back() {
    assert_eq!(hex(&[0, 255]), "00ff");
    assert_eq!(from_hex::<2>("00ff"), Some([0, 255]));
    assert_eq!(from_hex::<2>("00f"), None);
    assert_eq!(from_hex::<2>("00fg"), None);
}
