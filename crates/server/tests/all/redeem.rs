//! What points become, through the server's own endpoints and jobs, with a stand-in of the pay system on loopback that verifies
//! every signature and does whatever a pay system may do.

use crate::harness::{Device, Server, post};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use woodlark_domain::{Role, Timestamp, UserId};
use woodlark_pay::answer::Call;
use woodlark_pay::standin::{Fault, Push, StandIn};
use woodlark_pay::{Limits, State};
use woodlark_server::jobs;
use woodlark_server::pay::Pay;
use woodlark_store::redeem::{self, WechatAccount};
use woodlark_store::{Halt, ledger};

/// A server that pays, and who it pays through.
struct Ground {
    server: Server,
    pay: StandIn,
}

impl Ground {
    async fn new() -> Self {
        let pay = StandIn::start(Timestamp(0)).await.unwrap();
        let patience = Duration::from_millis(300);
        let limits = Limits { connect: patience, answer: patience };
        let server = Server::start_with(Some(Pay::new(pay.merchant().unwrap(), limits).unwrap()), None).await;
        let ground = Self { server, pay };
        ground.wait(0);
        ground.fund(10_000_000).await;
        ground
    }

    /// So much later, for both.
    fn wait(&self, micros: i64) {
        self.server.clock.advance(micros);
        self.pay.set_now(self.server.app.clock.now());
    }

    async fn fund(&self, fen: i64) {
        let mut admin = self.server.staff(&[post(Role::Admin)]).await;
        let body = json!({ "fen": fen, "note": "预算" });
        let funded = admin.send(Method::POST, "/api/v1/desk/rewards/funding", Some(&body)).await;
        assert_eq!(funded.status, StatusCode::OK, "{}", funded.text());
    }

    /// A resident with ten points and a WeChat account.
    async fn kind_resident(&self, openid: &str) -> Device {
        let mut resident = self.server.resident().await;
        resident.report("井盖松动", &[]).await;
        jobs::follow_up(self.server.app.clone()).await;
        jobs::post_deeds(self.server.app.clone()).await;
        let user: UserId = user_of(&mut resident).await;
        let (openid, now) = (openid.to_owned(), self.server.app.clock.now());
        let appid = self.pay.merchant().unwrap().appid().to_owned();
        let linked = self.server.app.store.write(move |tx| {
            let account = WechatAccount { appid: &appid, openid: &openid, unionid: None };
            Ok::<_, Halt<()>>(redeem::link_wechat(tx, user, &account, now)?)
        });
        assert_eq!(linked.await.unwrap(), user);
        resident
    }

    async fn turn(&self) {
        jobs::turn_payouts(self.server.app.clone()).await;
    }

    async fn assert_sound(&self) {
        let city = self.server.app.city();
        let audited = self.server.app.store.read(move |conn| ledger::audit(conn, &city)).await.unwrap();
        assert_eq!(audited.problems, Vec::<String>::new());
    }

    /// The pay system calls.
    async fn call(&self, number: &str, push: Push) -> StatusCode {
        let (headers, body) = self.pay.push(number, push).unwrap();
        let mut request = Request::post("/api/v1/pay/notice");
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        self.server.device().call(request, Body::from(body)).await.status
    }
}

async fn user_of(resident: &mut Device) -> UserId {
    resident.get("/api/v1/session").await.json()["user_id"].as_str().unwrap().parse().unwrap()
}

async fn ask(resident: &mut Device, points: i64) -> Value {
    let asked =
        resident.send(Method::POST, "/api/v1/redeem/payouts", Some(&json!({ "points": points }))).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
    asked.json()
}

async fn payout(resident: &mut Device) -> (String, String) {
    let view = resident.get("/api/v1/redeem").await.json();
    let newest = &view["payouts"][0];
    (newest["id"].as_str().unwrap().to_owned(), newest["state"].as_str().unwrap().to_owned())
}

/// Every fault at every call, one at a time: nobody is paid twice, whoever took nothing back is paid, and no point is lost.
#[tokio::test]
async fn b14_no_single_fault_pays_twice_or_loses_a_point() {
    let ground = Ground::new().await;
    let mut tried = 0;
    for call in Call::ALL {
        for fault in Fault::ALL {
            tried += 1;
            let openid = format!("openid{tried}");
            let mut resident = ground.kind_resident(&openid).await;
            let view = ask(&mut resident, 10).await;
            assert_eq!((&view["points"], &view["payouts"][0]["state"]), (&json!(0), &json!("sending")));
            let (number, _) = payout(&mut resident).await;
            if *call == Call::Cancel {
                ground.turn().await;
                let path = format!("/api/v1/redeem/payouts/{number}/withdraw");
                resident.send(Method::POST, &path, None).await;
            } else if *call == Call::Query {
                ground.turn().await;
                ground.wait(11 * Timestamp::MINUTE);
            }
            ground.pay.misbehave(*call, *fault);
            let mut rounds = 0;
            let state = loop {
                ground.turn().await;
                ground.pay.release();
                let (_, state) = payout(&mut resident).await;
                match state.as_str() {
                    "paid" | "failed" | "withdrawn" => break state,
                    "held" => {
                        let mut supervisor = ground.server.staff(&[post(Role::Supervisor)]).await;
                        let path = format!("/api/v1/desk/rewards/payouts/{number}");
                        let body = json!({ "decision": "resume" });
                        let resumed = supervisor.send(Method::POST, &path, Some(&body)).await;
                        assert_eq!(resumed.status, StatusCode::OK, "{}", resumed.text());
                    }
                    "confirming" if *call != Call::Cancel => {
                        let _ = ground.pay.confirm(&number);
                        if rounds % 2 == 0 {
                            ground.call(&number, Push::Right).await;
                            ground.call(&number, Push::Right).await;
                        }
                    }
                    _ => {
                        let _ = ground.pay.finish_cancel(&number);
                    }
                }
                ground.wait(11 * Timestamp::MINUTE);
                rounds += 1;
                assert!(rounds < 40, "{call:?} {fault:?}: {state}");
            };
            let paid = ground.pay.paid(&number);
            let points = resident.get("/api/v1/redeem").await.json()["points"].clone();
            let wanted = if *call == Call::Cancel { ("withdrawn", 0, 10) } else { ("paid", 1, 0) };
            assert_eq!(
                (state.as_str(), paid, points),
                (wanted.0, wanted.1, json!(wanted.2)),
                "{call:?} {fault:?}"
            );
        }
    }
    assert!(tried > 50, "{tried}");
    ground.assert_sound().await;
}

#[tokio::test]
async fn b14_two_quick_claims_are_one_number_and_after_a_500_it_is_asked_what_became_of_it() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    let claim = |mut device: Device| async move {
        let request = Request::post("/api/v1/redeem/payouts")
            .header("content-type", "application/json")
            .header("idempotency-key", "one-tap-and-another");
        device.call(request, Body::from(json!({ "points": 10 }).to_string())).await.status
    };
    let both = tokio::join!(claim(resident.clone()), claim(resident.clone()));
    assert_eq!(both, (StatusCode::OK, StatusCode::OK));
    ground.pay.misbehave(Call::Transfer, Fault::ServerErrorAfter);
    tokio::join!(ground.turn(), ground.turn());
    ground.wait(11 * Timestamp::MINUTE);
    ground.turn().await;
    let (number, state) = payout(&mut resident).await;
    assert_eq!(state, "confirming");
    let calls = ground.pay.calls();
    assert!(calls.iter().all(|(_, of)| *of == number), "one number: {calls:?}");
    let kinds: Vec<Call> = calls.iter().map(|(call, _)| *call).collect();
    assert_eq!(kinds[..2], [Call::Transfer, Call::Query], "{kinds:?}");
    assert_eq!(ground.pay.bills(), 1);
}

#[tokio::test]
async fn b16_a_red_packet_waits_to_be_confirmed_until_the_pay_system_says_that_it_was_paid() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    ask(&mut resident, 10).await;
    let (number, _) = payout(&mut resident).await;
    ground.turn().await;
    // The sheet was shown in WeChat, and perhaps closed again: what the page heard of it changes nothing here.
    for _ in 0..3 {
        ground.wait(11 * Timestamp::MINUTE);
        ground.turn().await;
        assert_eq!(payout(&mut resident).await.1, "confirming");
    }
    ground.pay.confirm(&number).unwrap();
    assert_eq!(payout(&mut resident).await.1, "confirming");
    ground.wait(11 * Timestamp::MINUTE);
    ground.turn().await;
    assert_eq!(payout(&mut resident).await.1, "paid");
    assert_eq!(ground.pay.paid(&number), 1);
}

#[tokio::test]
async fn b15_what_is_said_in_the_pay_systems_name_counts_only_where_it_is_proved() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    ask(&mut resident, 10).await;
    let (number, _) = payout(&mut resident).await;
    ground.turn().await;
    ground.pay.confirm(&number).unwrap();
    for push in Push::ALL.iter().filter(|push| **push != Push::Right) {
        let status = ground.call(&number, *push).await;
        // What is signed and speaks of another sum is the pay system's own doing: it is taken in and proves nothing.
        assert!(status.is_client_error() || *push == Push::WrongAmount, "{push:?} {status}");
        assert_eq!(payout(&mut resident).await.1, "confirming", "{push:?}");
    }
    for _ in 0..3 {
        assert_eq!(ground.call(&number, Push::Right).await, StatusCode::NO_CONTENT);
        assert_eq!(payout(&mut resident).await.1, "paid");
    }
    // Nobody confirms the next: it expires after a day, and the points are back.
    let mut other = ground.kind_resident("other").await;
    ask(&mut other, 10).await;
    let (number, _) = payout(&mut other).await;
    ground.turn().await;
    ground.wait(25 * Timestamp::HOUR);
    assert!(matches!(ground.pay.state(&number), Some(State::Fail { .. })));
    ground.turn().await;
    let view = other.get("/api/v1/redeem").await.json();
    assert_eq!((&view["payouts"][0]["state"], &view["points"]), (&json!("failed"), &json!(10)));
    ground.assert_sound().await;
}

#[tokio::test]
async fn the_desk_decides_freezes_and_finds_false_with_reasons_that_are_read() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    let mut supervisor = ground.server.staff(&[post(Role::Supervisor)]).await;
    let user = user_of(&mut resident).await;
    let book = ground.server.app.store.read(move |conn| ledger::books_of(conn, user)).await.unwrap()[0].id;
    let book = woodlark_ledger::bytes::to_hex(&book.0);
    let path = format!("/api/v1/desk/books/{book}");
    let silent =
        supervisor.send(Method::POST, &format!("{path}/freeze"), Some(&json!({ "reason": " " }))).await;
    assert_eq!(silent.problem(), "invalid", "never without a reason");
    let frozen =
        supervisor.send(Method::POST, &format!("{path}/freeze"), Some(&json!({ "reason": "核实中" }))).await;
    assert_eq!(frozen.json()["freezes"][0]["reason"], "核实中");
    let view = resident.get("/api/v1/redeem").await.json();
    assert_eq!(view["frozen"], "核实中");
    let refused = resident.send(Method::POST, "/api/v1/redeem/payouts", Some(&json!({ "points": 10 }))).await;
    assert_eq!((refused.problem().as_str(), &refused.json()["refusal"]), ("refused", &json!("frozen")));
    supervisor.send(Method::POST, &format!("{path}/unfreeze"), Some(&json!({ "reason": "无误" }))).await;
    assert_eq!(resident.get("/api/v1/redeem").await.json()["frozen"], Value::Null);
    // A deed found false goes, with its points.
    let case = supervisor.get(&path).await.json()["deeds"][0]["case_id"].as_str().unwrap().to_owned();
    let deeds = supervisor.get(&format!("/api/v1/desk/cases/{case}/deeds")).await.json();
    let entry = deeds[0]["entry"].as_str().unwrap();
    let reverse = format!("/api/v1/desk/cases/{case}/deeds/{entry}/reverse");
    let reversed = supervisor.send(Method::POST, &reverse, Some(&json!({ "reason": "不实" }))).await;
    assert_eq!(reversed.json()[0]["stands"], false, "{}", reversed.text());
    assert_eq!(resident.get("/api/v1/redeem").await.json()["points"], 0);
    let audit = supervisor.get("/api/v1/desk/audit").await.text();
    for action in ["freeze_book", "unfreeze_book", "reverse_deed", "read_book", "fund_rewards"] {
        assert!(audit.contains(action), "{action}");
    }
    ground.assert_sound().await;
}

#[tokio::test]
async fn a_gift_is_ordered_shown_and_handed_over_once() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    for _ in 0..3 {
        resident.report("又一个井盖", &[]).await;
    }
    jobs::follow_up(ground.server.app.clone()).await;
    jobs::post_deeds(ground.server.app.clone()).await;
    let ordered =
        resident.send(Method::POST, "/api/v1/redeem/gifts", Some(&json!({ "gift": "towel" }))).await.json();
    let order = &ordered["orders"][0];
    let code = order["code"].as_str().unwrap();
    assert_eq!((&ordered["points"], &order["state"], code.len()), (&json!(0), &json!("kept"), 11));
    assert!(order["code_path"].as_str().unwrap().starts_with('M'));
    let mut acceptor = ground.server.staff(&[post(Role::Acceptor)]).await;
    // As people type it.
    let typed = json!({ "code": code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l") });
    let looked = acceptor.send(Method::POST, "/api/v1/desk/rewards/gift", Some(&typed)).await;
    assert_eq!(looked.json()["state"], "kept", "{}", looked.text());
    let handed = acceptor.send(Method::POST, "/api/v1/desk/rewards/honour", Some(&typed)).await;
    assert_eq!(handed.json()["state"], "honoured", "{}", handed.text());
    let again = acceptor.send(Method::POST, "/api/v1/desk/rewards/honour", Some(&typed)).await;
    assert_eq!(again.json()["refusal"], "honoured_already");
    let wrong = acceptor.send(Method::POST, "/api/v1/desk/rewards/gift", Some(&json!({ "code": "U" }))).await;
    assert_eq!(wrong.problem(), "invalid");
    let view = resident.get("/api/v1/redeem").await.json();
    assert_eq!((&view["orders"][0]["state"], &view["orders"][0]["code"]), (&json!("honoured"), &Value::Null));
    let money = acceptor.get("/api/v1/desk/rewards").await.json();
    assert_eq!(
        (&money["granted"], &money["may_read"]),
        (&json!(0), &json!(false)),
        "no money for those at the counter"
    );
    ground.assert_sound().await;
}

#[tokio::test]
async fn a_decision_about_the_budget_is_made_once_and_its_key_is_of_no_other() {
    let ground = Ground::new().await;
    let mut admin = ground.server.staff(&[post(Role::Admin)]).await;
    let mut decide = async |fen: i64| {
        let request = Request::post("/api/v1/desk/rewards/funding")
            .header("content-type", "application/json")
            .header("idempotency-key", "one");
        admin.call(request, Body::from(json!({ "fen": fen, "note": "预算" }).to_string())).await
    };
    // Asked again when the budget could not bear it any more, it was done all the same.
    for _ in 0..2 {
        assert_eq!(decide(-6_000_000).await.json()["budget"], 4_000_000);
    }
    assert_eq!(decide(-1).await.problem(), "key_reused");
    ground.assert_sound().await;
}

#[tokio::test]
async fn the_statement_is_held_against_the_ledger() {
    let ground = Ground::new().await;
    let mut resident = ground.kind_resident("openid").await;
    ask(&mut resident, 10).await;
    let (number, _) = payout(&mut resident).await;
    ground.turn().await;
    ground.pay.confirm(&number).unwrap();
    ground.call(&number, Push::Right).await;
    let mut supervisor = ground.server.staff(&[post(Role::Supervisor)]).await;
    let mut held = async |csv: String| {
        let body = json!({ "from": "2026-11-20", "to": "2026-11-30", "csv": csv });
        supervisor.send(Method::POST, "/api/v1/desk/rewards/reconcile", Some(&body)).await.json()
    };
    let head = "商家单号,转账金额（元）,转账状态\n";
    let same = held(format!("{head}`{number},`1.00,`转账成功\n")).await;
    assert_eq!(
        (&same["alike"], &same["alike_fen"], &same["differences"]),
        (&json!(1), &json!(100), &json!([]))
    );
    let other = held(format!("{head}`{number},`1.01,`转账成功\n`zz,`5.00,`转账成功\n")).await;
    let kinds: Vec<&str> =
        other["differences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["sum", "only_theirs"]);
    let nothing = held(head.to_owned()).await;
    assert_eq!(nothing["differences"][0]["kind"], "only_ours");
}
