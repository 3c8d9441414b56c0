//! Residents are told in WeChat what their cases came to: once for each consent, whatever fails on the way.

use crate::harness::{Answer, Device, Server, new_id, photo, post};
use crate::wechat::{Ground, back, client, through, way};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use woodlark_domain::{Role, Timestamp};
use woodlark_server::jobs;
use woodlark_wechat::App;
use woodlark_wechat::standin::{Call, Fault};

async fn linked(ground: &Ground, openid: &str) -> Device {
    let mut resident = ground.server.resident().await;
    ground.wechat.set_person(openid, None);
    let path = through(&way(&mut resident).await).await;
    assert_eq!(back(&mut resident, &path).await, "/ledger/thanks?wechat=linked");
    resident
}

async fn consent_as(device: &mut Device, case: &str, key: &str) -> Answer {
    let request = Request::post(format!("/api/v1/cases/{case}/notice"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    device.call(request, Body::empty()).await
}

async fn consent(device: &mut Device, case: &str) -> u64 {
    let answer = consent_as(device, case, &new_id()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["notices"].as_u64().unwrap()
}

async fn notices(device: &mut Device, case: &str) -> u64 {
    device.view(case).await["notices"].as_u64().unwrap()
}

/// What was done is followed up, and two servers tell at once.
async fn tell(ground: &Ground) {
    jobs::follow_up(ground.server.app.clone()).await;
    let one = || jobs::tell_residents(ground.server.app.clone());
    tokio::join!(one(), one());
}

async fn decline(ground: &Ground, case: &str) {
    let mut acceptor = ground.server.staff(&[post(Role::Acceptor)]).await;
    let declined = acceptor.order(case, json!({ "command": "decline", "reason": "不在本区" })).await;
    assert_eq!(declined.status, StatusCode::OK, "{}", declined.text());
}

/// A case that nobody has looked at: it is declined with one order.
async fn unsure(device: &mut Device) -> String {
    let (case, mut report) = (new_id(), crate::harness::manifest("说不清", &[]));
    report["category"] = json!(null);
    assert_eq!(device.put_manifest(&case, &report).await.status, StatusCode::CREATED);
    assert_eq!(device.complete(&case).await.status, StatusCode::OK);
    case
}

#[tokio::test]
async fn a_consent_is_one_message_when_the_case_comes_to_something() {
    let ground = Ground::new().await;
    let mut resident = linked(&ground, "o1").await;
    let (case, receipt) = resident.report("井盖松动", &[&photo("landscape_1.jpg")]).await;
    assert_eq!(notices(&mut resident, &case).await, 0);
    assert_eq!(consent(&mut resident, &case).await, 1);
    assert_eq!(notices(&mut resident, &case).await, 1);
    tell(&ground).await;
    assert_eq!(ground.wechat.messages().len(), 0, "on its way it calls nobody");
    ground.wait(Timestamp::HOUR);
    ground.server.close(&mut resident, &case).await;
    for _ in 0..3 {
        tell(&ground).await;
        ground.wait(Timestamp::HOUR);
    }
    let messages = ground.wechat.messages();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!((message.app, message.to.as_str()), (App::Official, "o1"));
    assert_eq!(message.field("character_string1"), receipt["number"].as_str());
    assert_eq!(message.field("phrase3"), Some("已结案"));
    assert_eq!(message.field("time4"), Some("2026年11月23日 11:00"));
    assert_eq!(message.field("thing5"), Some("点开看结果。七天内可评价或申诉"));
    let title = message.field("thing2").unwrap();
    assert!(
        !title.is_empty() && !title.contains("松动"),
        "what it was filed as, not a resident's own words: {title}"
    );
    assert_eq!(message.body["page"], format!("https://woodlark.example/cases/{case}"));
    assert_eq!(notices(&mut resident, &case).await, 0);
    let mut chief = ground.server.staff(&[post(Role::Supervisor)]).await;
    let audit = chief.get(&format!("/api/v1/desk/audit?subject={case}&action=notify")).await.text();
    assert!(audit.contains("notify") && audit.contains("sent") && !audit.contains("o1\""), "{audit}");
    // One consents for the next: it settles by itself.
    assert_eq!(consent(&mut resident, &case).await, 1);
    ground.wait(8 * Timestamp::DAY);
    jobs::turn_the_clock(ground.server.app.clone()).await;
    tell(&ground).await;
    assert_eq!(ground.wechat.messages()[1].field("phrase3"), Some("已归档"));
    assert_eq!(ground.wechat.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn whatever_fails_on_the_way_nobody_is_told_twice() {
    let ground = Ground::new().await;
    // What the stand-in does, how many messages went at most once, and whether it is tried anew.
    for (n, (fault, goes_again)) in [
        (Fault::Busy, true),
        (Fault::TooOften, true),
        (Fault::Cut, false),
        (Fault::CutWithin, false),
        (Fault::ServerError, false),
        (Fault::Garbage, false),
        (Fault::Empty, false),
        (Fault::TooLong, false),
        (Fault::InvalidToken, false),
        (Fault::ExpiredToken, false),
    ]
    .into_iter()
    .enumerate()
    {
        let openid = format!("o{n}");
        let mut resident = linked(&ground, &openid).await;
        let case = unsure(&mut resident).await;
        consent(&mut resident, &case).await;
        decline(&ground, &case).await;
        ground.wechat.misbehave(Call::BizSend, fault);
        tell(&ground).await;
        let went = || ground.wechat.messages().iter().filter(|message| message.to == openid).count();
        let first = went();
        assert!(first <= 1, "{fault:?}");
        assert_eq!(notices(&mut resident, &case).await, u64::from(goes_again), "{fault:?}");
        for _ in 0..30 {
            ground.wait(Timestamp::HOUR);
            tell(&ground).await;
        }
        assert_eq!(went(), if goes_again { 1 } else { first }, "{fault:?}");
        assert_eq!(notices(&mut resident, &case).await, 0, "{fault:?}");
    }
}

#[tokio::test]
async fn what_wechat_does_not_take_for_a_day_is_no_news_and_a_no_is_a_no() {
    let ground = Ground::new().await;
    let mut resident = linked(&ground, "o1").await;
    let case = unsure(&mut resident).await;
    assert_eq!(consent(&mut resident, &case).await, 1);
    decline(&ground, &case).await;
    for _ in 0..100 {
        ground.wechat.misbehave(Call::BizSend, Fault::Busy);
    }
    for _ in 0..26 {
        tell(&ground).await;
        ground.wait(Timestamp::HOUR);
    }
    let tries = ground.wechat.called(Call::BizSend);
    assert!((10..26).contains(&tries), "{tries}");
    assert_eq!((ground.wechat.messages().len(), notices(&mut resident, &case).await), (0, 0));

    let ground = Ground::new().await;
    let mut resident = linked(&ground, "o1").await;
    let case = unsure(&mut resident).await;
    consent(&mut resident, &case).await;
    ground.wechat.set_consents(App::Official, "o1", 0);
    decline(&ground, &case).await;
    for _ in 0..3 {
        tell(&ground).await;
        ground.wait(Timestamp::DAY);
    }
    assert_eq!(ground.wechat.called(Call::BizSend), 1, "they said no in WeChat");
    assert_eq!((ground.wechat.messages().len(), notices(&mut resident, &case).await), (0, 0));
}

#[tokio::test]
async fn a_consent_is_given_by_whom_the_case_concerns_and_once_under_its_key() {
    let ground = Ground::new().await;
    let (mut resident, mut stranger) = (linked(&ground, "o1").await, linked(&ground, "o2").await);
    let mut unlinked = ground.server.resident().await;
    let case = unsure(&mut resident).await;
    let key = new_id();
    for _ in 0..3 {
        let answer = consent_as(&mut resident, &case, &key).await;
        assert_eq!(answer.json()["notices"], 1, "{}", answer.text());
    }
    let other = unsure(&mut resident).await;
    assert_eq!(consent_as(&mut resident, &other, &key).await.problem(), "key_reused");
    assert_eq!(consent_as(&mut resident, &case, "").await.problem(), "key_missing");
    assert_eq!(consent_as(&mut stranger, &case, &new_id()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(consent_as(&mut ground.server.device(), &case, &key).await.problem(), "not_signed_in");
    let own = unsure(&mut unlinked).await;
    let refused = consent_as(&mut unlinked, &own, &new_id()).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["refusal"]), ("refused", &json!("no_wechat")));
    assert!(refused.json()["detail"].as_str().unwrap().contains("绑定微信"));
    for wanted in [2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10] {
        assert_eq!(consent(&mut resident, &case).await, wanted);
    }
    // Whoever lets their WeChat go is told nothing more, and the next who links it isn't told instead.
    let gone = resident.send(Method::DELETE, "/api/v1/wechat/link", None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(notices(&mut resident, &case).await, 0);
    decline(&ground, &case).await;
    tell(&ground).await;
    assert_eq!(ground.wechat.messages().len(), 0);
    let over = consent_as(&mut linked(&ground, "o3").await, &case, &new_id()).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND);
    ground.wechat.set_person("o1", None);
    let path = through(&way(&mut resident).await).await;
    back(&mut resident, &path).await;
    let over = consent_as(&mut resident, &case, &new_id()).await;
    assert_eq!((over.problem().as_str(), &over.json()["refusal"]), ("refused", &json!("case_over")));
}

#[tokio::test]
async fn without_a_template_nobody_is_asked_and_nothing_is_said() {
    let ground = Ground::new().await;
    let file = ground.wechat.account_file();
    let (head, rest) = file.split_once("[official.progress]").unwrap();
    let without = format!("{head}[mini]{}", rest.split_once("[mini]").unwrap().1);
    let account = woodlark_wechat::Account::from_toml(&without).unwrap();
    let limits = woodlark_wechat::Limits::default();
    let silent = woodlark_wechat::Client::new(std::sync::Arc::new(account), limits).unwrap();
    for wechat in [None, Some(silent)] {
        let server = Server::start_with(None, wechat).await;
        let mut resident = server.resident().await;
        let (case, _) = resident.report("井盖松动", &[]).await;
        assert_eq!(consent_as(&mut resident, &case, &new_id()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(resident.view(&case).await["notices"], 0);
        jobs::tell_residents(server.app.clone()).await;
    }
    assert!(client(&ground.wechat).account().progress_template(App::Official).is_some());
}
