//! Every endpoint for every role. The list is written by hand: an endpoint that has no row fails, and so does a row that no
//! longer holds. `y` is let in, `-` finds nothing there, `n` is told to sign in first.

use crate::harness::{Device, MONDAY_TEN, Server, handler_of, hash, new_id, photo, post};
use crate::wechat::client;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::Role;
use woodlark_server::router::openapi_document;
use woodlark_wechat::standin::StandIn;

/// Method, path, and who is let in: nobody, a resident whom the case does not concern, its reporter, acceptor, dispatcher,
/// a handler of its department, verifier, supervisor, administrator.
const TABLE: &str = "
    GET    /api/v1/session                                    y y y y y y y y y
    POST   /api/v1/session                                    y y y y y y y y y
    DELETE /api/v1/session                                    n y y n n n n n n
    POST   /api/v1/session/phone-code                         n y y n n n n n n
    POST   /api/v1/session/phone                              n y y n n n n n n
    GET    /api/v1/me/data                                    n y y n n n n n n
    GET    /api/v1/me/deletion                                n y y n n n n n n
    POST   /api/v1/me/deletion                                n y y n n n n n n
    DELETE /api/v1/me/deletion                                n y y n n n n n n
    PUT    /api/v1/reports/{case}                           n - y n n n n n n
    GET    /api/v1/reports/{case}                           n - y n n n n n n
    PUT    /api/v1/reports/{case}/attachments/{hash}        n - y n n n n n n
    POST   /api/v1/reports/{case}/complete                  n - y n n n n n n
    GET    /api/v1/cases                                      y y y y y y y y y
    GET    /api/v1/cases/{case}                               n - y n n n n n n
    POST   /api/v1/cases/{case}/join                          n y y n n n n n n
    POST   /api/v1/cases/{case}/withdraw                      n - y n n n n n n
    POST   /api/v1/cases/{case}/rate                          n - y n n n n n n
    POST   /api/v1/cases/{case}/contest                       n - y n n n n n n
    POST   /api/v1/cases/{case}/notice                        n - y n n n n n n
    PUT    /api/v1/cases/{case}/photos                        n - y n n n n n n
    GET    /api/v1/cases/{case}/photos/{hash}/{size}          n - y n n n n n n
    GET    /api/v1/cases/{case}/voice/{hash}                  n - y n n n n n n
    GET    /api/v1/live                                       n y y n n n n n n
    GET    /api/v1/city                                       y y y y y y y y y
    GET    /api/v1/categories                                 y y y y y y y y y
    GET    /api/v1/areas                                      y y y y y y y y y
    GET    /api/v1/alike                                      y y y y y y y y y
    GET    /api/v1/nearby                                     y y y y y y y y y
    GET    /api/v1/wall                                       y y y y y y y y y
    GET    /api/v1/public/{case}                              y y y y y y y y y
    GET    /api/v1/public/{case}/photos/{hash}/{size}         y y y y y y y y y
    GET    /api/v1/redeem                                     n y y n n n n n n
    POST   /api/v1/redeem/payouts                             n y y n n n n n n
    POST   /api/v1/redeem/payouts/{payout}/withdraw           n y y n n n n n n
    POST   /api/v1/redeem/gifts                               n y y n n n n n n
    POST   /api/v1/redeem/gifts/{order}/return                n y y n n n n n n
    POST   /api/v1/redeem/donations                           n y y n n n n n n
    GET    /api/v1/fund                                       y y y y y y y y y
    POST   /api/v1/wechat/link                                n y y n n n n n n
    DELETE /api/v1/wechat/link                                n y y n n n n n n
    GET    /api/v1/wechat/config                              y y y y y y y y y
    POST   /api/v1/wechat/media                               n y y n n n n n n
    POST   /api/v1/wechat/mini                                y y y y y y y y y
    POST   /api/v1/wechat/ticket                              y y y y y y y y y
    POST   /api/v1/pay/notice                                 - - - - - - - - -
    GET    /api/v1/desk/rewards                               n n n y - - - y y
    GET    /api/v1/desk/rewards/payouts                       n n n - - - - y y
    POST   /api/v1/desk/rewards/payouts/{payout}              n n n - - - - - -
    POST   /api/v1/desk/rewards/funding                       n n n - - - - - y
    POST   /api/v1/desk/rewards/gift                          n n n y - - - y -
    POST   /api/v1/desk/rewards/honour                        n n n y - - - y -
    POST   /api/v1/desk/rewards/reconcile                     n n n - - - - y y
    GET    /api/v1/desk/books/{book}                          n n n - - - - - -
    POST   /api/v1/desk/books/{book}/freeze                   n n n - - - - - -
    POST   /api/v1/desk/books/{book}/unfreeze                 n n n - - - - - -
    GET    /api/v1/desk/cases/{case}/deeds                    n n n - - - - y -
    POST   /api/v1/desk/cases/{case}/deeds/{entry}/reverse    n n n - - - - - -
    GET    /api/v1/kiosk                                      n n n n n n n n n
    POST   /api/v1/kiosk                                      y y y y y y y y y
    POST   /api/v1/kiosk/health                               n n n n n n n n n
    PUT    /api/v1/kiosk/envelopes/{case}                     n n n n n n n n n
    POST   /api/v1/kiosk/gift                                 n n n n n n n n n
    POST   /api/v1/kiosk/honour                               n n n n n n n n n
    POST   /api/v1/lookup                                     - - - - - - - - -
    POST   /api/v1/handover                                   - - - - - - - - -
    GET    /api/v1/desk/kiosks                                n n n - - - - - y
    POST   /api/v1/desk/kiosks                                n n n - - - - - y
    POST   /api/v1/desk/kiosks/{kiosk}/code                   n n n - - - - - -
    DELETE /api/v1/desk/kiosks/{kiosk}                        n n n - - - - - -
    GET    /api/v1/ledger                                     y y y y y y y y y
    GET    /api/v1/ledger/entries                             y y y y y y y y y
    GET    /api/v1/ledger/share                               y y y y y y y y y
    GET    /api/v1/ledger/chain                               y y y y y y y y y
    GET    /api/v1/ledger/export.csv                          n y y n n n n n n
    GET    /api/v1/ledger/export.json                         n y y n n n n n n
    GET    /api/v1/ledger/roots                               y y y y y y y y y
    GET    /api/v1/ledger/points                              y y y y y y y y y
    GET    /api/v1/desk/session                               n n n y y y y y y
    POST   /api/v1/desk/session                               n n n n n n n n n
    DELETE /api/v1/desk/session                               n n n y y y y y y
    GET    /api/v1/desk/invitation                            - - - - - - - - -
    POST   /api/v1/desk/invitation                            - - - - - - - - -
    GET    /api/v1/desk/staff                                 n n n - - - - y y
    POST   /api/v1/desk/staff                                 n n n - - - - - y
    DELETE /api/v1/desk/staff/{user}                          n n n - - - - - y
    POST   /api/v1/desk/staff/preview                         n n n - - - - - y
    POST   /api/v1/desk/staff/apply                           n n n - - - - - y
    GET    /api/v1/desk/staff/file                            n n n - - - - - y
    GET    /api/v1/desk/directory                             n n n y y y y y y
    GET    /api/v1/desk/seats                                 n n n y y y y y y
    DELETE /api/v1/desk/seats/{seat}                          n n n - - - - - -
    GET    /api/v1/desk/queues                                n n n y y y y y y
    GET    /api/v1/desk/queues/{queue}                        n n n y y y y y -
    GET    /api/v1/desk/audit                                 n n n - - - - y y
    GET    /api/v1/desk/audit.csv                             n n n - - - - y y
    GET    /api/v1/desk/figures                               n n n y y y y y y
    GET    /api/v1/desk/figures.csv                           n n n y y y y y y
    GET    /api/v1/desk/figures/cases                         n n n y y y y y y
    GET    /api/v1/desk/board                                 n n n n n n n n n
    POST   /api/v1/desk/board                                 n n n y y y y y y
    GET    /api/v1/desk/city                                  n n n - - - - - y
    GET    /api/v1/desk/city/{part}                           n n n - - - - - y
    GET    /api/v1/desk/city/{part}/versions                  n n n - - - - - y
    GET    /api/v1/desk/city/{part}/compare                   n n n - - - - - y
    GET    /api/v1/desk/city/{part}/file                      n n n - - - - - y
    POST   /api/v1/desk/city/{part}/preview                   n n n - - - - - y
    POST   /api/v1/desk/city/{part}/apply                     n n n - - - - - y
    POST   /api/v1/desk/cases/{case}/proposal                 n n n y y - - y -
    POST   /api/v1/desk/proposals/{proposal}/decline          n n n - - - - - -
    GET    /api/v1/desk/live                                  n n n y y y y y y
    GET    /api/v1/desk/cases/{case}                          n n n y y y y y -
    POST   /api/v1/desk/cases/{case}/orders                   n n n y y y y y -
    GET    /api/v1/desk/cases/{case}/reporter                 n n n y - - - y -
    GET    /api/v1/desk/cases/{case}/photos/{hash}/{size}     n n n y y y y y -
    PUT    /api/v1/desk/cases/{case}/photos/{hash}/approval   n n n y - - - - -
    GET    /api/v1/desk/cases/{case}/voice/{hash}             n n n y y - y y -
    PUT    /api/v1/desk/photos                                n n n y - y y - -
";

/// What a call that is let in has to bring; a refusal by a rule is an answer too.
fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("POST", "/api/v1/session/phone-code") => json!({ "phone": "13812345678" }),
        ("POST", "/api/v1/session/phone") => json!({ "phone": "13812345678", "code": "000000" }),
        ("PUT", "/api/v1/reports/{case}") => {
            crate::harness::manifest("井盖松动", &[&photo("landscape_1.jpg")])
        }
        ("POST", "/api/v1/cases/{case}/rate") => json!({ "stars": 5 }),
        ("POST", "/api/v1/cases/{case}/contest") => json!({ "reason": "没修好" }),
        ("POST", "/api/v1/wechat/media") => json!({ "media_id": "never-was" }),
        ("POST", "/api/v1/wechat/mini") => json!({ "code": "never-was" }),
        ("POST", "/api/v1/wechat/ticket") => json!({ "ticket": "0".repeat(32) }),
        ("POST", "/api/v1/wechat/link") => json!({ "back": "settings" }),
        ("POST", "/api/v1/desk/session") => {
            json!({ "login": "nobody", "password": "nothing at all", "code": "000000" })
        }
        ("POST", "/api/v1/desk/invitation") => json!({ "password": "correct horse", "code": "000000" }),
        ("POST", "/api/v1/desk/staff") => {
            json!({ "name": "新人", "login": format!("n{}", &new_id()[28..]), "roles": [{ "role": "acceptor" }] })
        }
        ("POST", "/api/v1/desk/staff/preview") => json!({ "text": "" }),
        ("POST", "/api/v1/desk/staff/apply") => json!({ "text": "", "hash": "0".repeat(64) }),
        ("POST", "/api/v1/desk/cases/{case}/orders") => json!({ "version": 99, "command": "resume" }),
        ("POST", "/api/v1/desk/city/{part}/preview") => {
            json!({ "base": 1, "source": { "from": "csv", "text": "" } })
        }
        ("POST", "/api/v1/desk/city/{part}/apply") => {
            json!({ "base": 1, "hash": "0".repeat(64), "note": "", "source": { "from": "csv", "text": "" } })
        }
        ("POST", "/api/v1/desk/cases/{case}/proposal") => {
            json!({ "department": "shuiwu", "automatic": false })
        }
        ("PUT", "/api/v1/desk/cases/{case}/photos/{hash}/approval") => json!({ "shown": "whole" }),
        ("POST", "/api/v1/redeem/payouts" | "/api/v1/redeem/donations") => json!({ "points": 1 }),
        ("POST", "/api/v1/redeem/gifts") => json!({ "gift": "towel" }),
        ("POST", "/api/v1/desk/rewards/payouts/{payout}") => json!({ "decision": "approve" }),
        ("POST", "/api/v1/desk/rewards/funding") => json!({ "fen": 1, "note": "预算" }),
        ("POST", "/api/v1/desk/rewards/gift" | "/api/v1/desk/rewards/honour") => {
            json!({ "code": "00000-00000" })
        }
        ("POST", "/api/v1/desk/rewards/reconcile") => {
            json!({ "from": "2026-11-01", "to": "2026-11-30", "csv": "out_bill_no,amount" })
        }
        (
            "POST",
            "/api/v1/desk/books/{book}/freeze"
            | "/api/v1/desk/books/{book}/unfreeze"
            | "/api/v1/desk/cases/{case}/deeds/{entry}/reverse",
        ) => json!({ "reason": "因为" }),
        ("POST", "/api/v1/kiosk") => json!({ "code": "ABCD-EFGH" }),
        ("POST", "/api/v1/kiosk/health") => {
            json!({ "version": "1", "queue": 0, "attention": 0, "camera": true })
        }
        ("POST", "/api/v1/kiosk/gift") => json!({ "code": "00000-00000" }),
        ("POST", "/api/v1/kiosk/honour") => json!({ "code": "00000-00000", "pin": "204816" }),
        // Each has a number of its own: wrong codes lock a number.
        ("POST", "/api/v1/lookup") => {
            json!({ "number": format!("FX-20261123-{}", u32::from_str_radix(&new_id()[30..], 16).unwrap() + 10_000), "code": "ABCD-EFGH" })
        }
        ("POST", "/api/v1/handover") => json!({ "case_id": new_id(), "token": "0".repeat(32) }),
        ("POST", "/api/v1/desk/kiosks") => json!({ "name": "西渡站" }),
        _ => Value::Null,
    }
}

fn rows() -> BTreeMap<(String, String), Vec<String>> {
    TABLE
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some(((words.next()?, words.next()?), words.collect()))
        })
        .collect()
}

#[tokio::test]
async fn to_all_but_its_own_endpoints_a_kiosk_is_nobody() {
    let server = Server::start().await;
    let shot = photo("landscape_1.jpg");
    let (case, _) = server.resident().await.report("井盖松动", &[&shot]).await;
    let kiosk = crate::kiosk::Station::set_up(&server).await.device;
    for ((method, path), cells) in rows() {
        if !path.starts_with("/api/v1/kiosk") && !path.starts_with("/api/v1/wechat/") {
            let seen = ask(&server, &mut kiosk.clone(), &method, &path, &case, &hash(&shot)).await;
            assert_eq!(seen, cells[0], "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_endpoint_lets_in_just_those_whom_its_row_names() {
    let rows = rows();
    let document: Value = serde_json::from_str(&openapi_document()).unwrap();
    let mut known = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            known.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), known, "each endpoint has its row");

    let wechat = StandIn::start_by(|| MONDAY_TEN).await.unwrap();
    let server = Server::start_with(None, Some(client(&wechat))).await;
    let shot = photo("landscape_1.jpg");
    let mut wrong = Vec::new();
    for ((method, path), cells) in &rows {
        assert_eq!(cells.len(), 9, "{method} {path}");
        // Each row has a case of its own: what one call does to it is nothing to the others.
        let mut reporter = server.resident().await;
        let (case, _) = reporter.report("井盖松动", &[&shot]).await;
        let department = server.staff(&[post(Role::Supervisor)]).await.desk_case(&case).await["department"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut people = vec![server.device(), server.resident().await, reporter];
        for role in
            [Role::Acceptor, Role::Dispatcher, Role::Handler, Role::Verifier, Role::Supervisor, Role::Admin]
        {
            let one = if role == Role::Handler { handler_of(&department) } else { post(role) };
            people.push(server.staff(&[one]).await);
        }
        for (cell, person) in cells.iter().zip(&people) {
            let seen = ask(&server, &mut person.clone(), method, path, &case, &hash(&shot)).await;
            // A voice that a case does not have, and a session that nobody has, are not there for those who may look either.
            if seen != *cell && !(path.ends_with("/voice/{hash}") && seen == "-") {
                wrong.push(format!("{method} {path}: {cell} is {seen}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn ask(
    server: &Server,
    person: &mut Device,
    method: &str,
    path: &str,
    case: &str,
    photo_hash: &str,
) -> String {
    let mut somebody = server.staff(&[post(Role::Verifier)]).await;
    let user = somebody.get("/api/v1/desk/session").await.json()["user_id"].as_str().unwrap().to_owned();
    let address = path
        .replace("{case}", case)
        .replace("{case}", case)
        .replace("{hash}", photo_hash)
        .replace("{size}", "thumb")
        .replace("{user}", &user)
        .replace("{seat}", photo_hash)
        .replace("{part}", "departments")
        .replace("{proposal}", &new_id())
        .replace("{queue}", "all")
        .replace("{kiosk}", &new_id())
        .replace("{book}", &"1".repeat(32))
        .replace("{payout}", &"1".repeat(32))
        .replace("{order}", &"1".repeat(32))
        .replace("{entry}", &"1".repeat(32));
    let query = match path {
        "/api/v1/areas" => "?lon=121.458&lat=30.915&radius_m=500",
        "/api/v1/alike" => "?kind=problem&lon=121.458&lat=30.915",
        "/api/v1/desk/figures" | "/api/v1/desk/figures.csv" => "?by=area&from=2026-11-01&to=2026-11-30",
        "/api/v1/desk/figures/cases" => "?by=kind&key=problem&measure=reported&from=2026-11-01&to=2026-11-30",
        "/api/v1/desk/city/{part}/compare" => "?from=1&to=1",
        "/api/v1/desk/rewards/payouts" => "?state=waiting",
        "/api/v1/wechat/config" => "?url=https://woodlark.example/",
        "/api/v1/nearby" => "?lon=121.458&lat=30.915&radius_m=500",
        _ => "",
    };
    let (kind, bytes) = match path {
        "/api/v1/reports/{case}/attachments/{hash}"
        | "/api/v1/cases/{case}/photos"
        | "/api/v1/desk/photos" => ("application/octet-stream", photo("landscape_1.jpg")),
        _ => ("application/json", body(method, path).to_string().into_bytes()),
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("{address}{query}"))
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, bytes.len())
        .header("idempotency-key", new_id())
        .header("upload-offset", "0");
    let status = person.status(request, Body::from(bytes)).await;
    match status {
        StatusCode::UNAUTHORIZED => "n".to_owned(),
        StatusCode::NOT_FOUND => "-".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::INTERNAL_SERVER_ERROR => status.to_string(),
        _ => "y".to_owned(),
    }
}
