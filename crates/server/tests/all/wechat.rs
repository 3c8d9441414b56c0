//! A resident's WeChat, through the server's own endpoints, with a stand-in of WeChat on loopback.

use crate::harness::{Answer, Device, MONDAY_TEN, Server};
use axum::http::{Method, StatusCode, header};
use diesel::{Connection as _, QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::json;
use std::sync::Arc;
use woodlark_domain::{Timestamp, UserId};
use woodlark_pay::standin::StandIn as PaySystem;
use woodlark_server::pay::Pay;
use woodlark_store::redeem;
use woodlark_wechat::Client;
use woodlark_wechat::standin::{Call, Fault, Mode, StandIn};

const SITE: &str = "https://woodlark.example";
const APP: &str = "wx0123456789abcdef";

/// The server's side of a stand-in.
pub(crate) fn client(wechat: &StandIn) -> Client {
    Client::new(Arc::new(wechat.account().unwrap()), woodlark_wechat::Limits::default()).unwrap()
}

pub(crate) struct Ground {
    pub(crate) server: Server,
    pub(crate) wechat: StandIn,
    _pay: PaySystem,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let wechat = StandIn::start(MONDAY_TEN).await.unwrap();
        let pay = PaySystem::start(MONDAY_TEN).await.unwrap();
        let paying = Pay::new(pay.merchant().unwrap(), woodlark_pay::Limits::default()).unwrap();
        let server = Server::start_with(Some(paying), Some(client(&wechat))).await;
        Self { server, wechat, _pay: pay }
    }

    pub(crate) fn wait(&self, micros: i64) {
        self.server.clock.advance(micros);
        self.wechat.set_now(self.server.app.clock.now());
    }

    /// What WeChat knows somebody as.
    pub(crate) async fn openid(&self, device: &mut Device) -> Option<String> {
        let user = user_of(device).await;
        self.server.app.store.read(move |conn| redeem::linked_openid(conn, user, APP)).await.unwrap()
    }
}

pub(crate) async fn user_of(device: &mut Device) -> UserId {
    device.get("/api/v1/session").await.json()["user_id"].as_str().unwrap().parse().unwrap()
}

/// Where WeChat is to be asked.
pub(crate) async fn way(device: &mut Device) -> String {
    let answer = device.send(Method::POST, "/api/v1/wechat/link", None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    answer.json()["address"].as_str().unwrap().to_owned()
}

/// Goes there as WeChat's browser does; answers the path that it sends back to.
pub(crate) async fn through(address: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let rest = address.strip_prefix("http://").unwrap().split('#').next().unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let asked = format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let line = answer.lines().find_map(|line| line.strip_prefix("location: "));
    line.unwrap().strip_prefix(SITE).unwrap().to_owned()
}

/// Comes back; says where to the server sends on.
pub(crate) async fn back(device: &mut Device, path: &str) -> String {
    let answer: Answer = device.get(path).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer");
    assert!(answer.headers.get(header::SET_COOKIE).is_none());
    let on = answer.headers[header::LOCATION].to_str().unwrap().to_owned();
    // A 303 takes the place of the address that it answers: Back does not come to it.
    assert!(!on.contains("code=") && !on.contains("state="), "{on}");
    on
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

/// How many accounts, sessions, links and ledgers there are.
fn kept(ground: &Ground) -> Vec<i64> {
    let path = ground.server.data.path().join("woodlark.sqlite");
    let mut conn = diesel::SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let count = |table: &str| {
        let asked = sql_query(format!("SELECT count(*) AS rows FROM {table}"));
        asked.get_result::<Count>(&mut conn).unwrap().rows
    };
    ["account", "session", "wechat_link", "ledger_book", "ledger_entry"].map(count).to_vec()
}

const DONE: &str = "/ledger/thanks?wechat=linked";
const FAILED: &str = "/ledger/thanks?wechat=failed";

#[tokio::test]
async fn b11_a_tap_goes_to_wechat_and_comes_back_linked_with_neither_code_nor_state() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let offer = resident.get("/api/v1/redeem").await.json()["payout"].clone();
    assert_eq!((&offer["linked"], &offer["linkable"]), (&false.into(), &true.into()));
    let address = way(&mut resident).await;
    assert!(address.contains("scope=snsapi_base") && address.ends_with("#wechat_redirect"), "{address}");
    ground.wechat.set_person("o1", None);
    let path = through(&address).await;
    assert!(path.starts_with("/wechat/return?code="), "{path}");
    assert_eq!(back(&mut resident, &path).await, DONE);
    assert_eq!(ground.openid(&mut resident).await.as_deref(), Some("o1"));
    let offer = resident.get("/api/v1/redeem").await.json()["payout"].clone();
    assert_eq!(offer["linked"], true);
    // The same page once more, as some WeChats ask for it: what is done is done.
    assert_eq!(back(&mut resident, &path).await, DONE);

    let gone = resident.send(Method::DELETE, "/api/v1/wechat/link", None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(ground.openid(&mut resident).await, None);
    assert_eq!(back(&mut resident, &path).await, FAILED, "a used code links nothing");
    assert_eq!(ground.openid(&mut resident).await, None);
    assert_eq!(ground.wechat.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn b10_a_no_a_snapshot_and_a_block_link_nobody() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    for (mode, expected) in [
        (Mode::Denied, "/ledger/thanks?wechat=denied"),
        (Mode::Snapshot, "/ledger/thanks?wechat=snapshot"),
        (Mode::Blocked, FAILED),
    ] {
        ground.wechat.set_mode(mode);
        let path = through(&way(&mut resident).await).await;
        let before = kept(&ground);
        assert_eq!(back(&mut resident, &path).await, expected, "{mode:?}");
        assert_eq!(kept(&ground), before, "no account, no link, no entry of a ledger: {mode:?}");
        assert_eq!(ground.openid(&mut resident).await, None, "{mode:?}");
    }
    ground.wechat.set_mode(Mode::Normal);
    ground.wechat.misbehave(Call::AccessToken, Fault::Cut);
    let path = through(&way(&mut resident).await).await;
    assert_eq!(back(&mut resident, &path).await, FAILED, "WeChat did not answer");
    assert_eq!(ground.openid(&mut resident).await, None);
}

#[tokio::test]
async fn b09_a_wrong_or_absent_state_links_nobody_and_makes_no_session() {
    let ground = Ground::new().await;
    let (mut resident, mut other) = (ground.server.resident().await, ground.server.resident().await);
    let path = through(&way(&mut resident).await).await;
    let before = ground.wechat.called(Call::AccessToken);
    let kept_before = kept(&ground);
    assert_eq!(back(&mut other, &path).await, FAILED, "another session's");
    assert_eq!(back(&mut ground.server.device(), &path).await, FAILED, "nobody's");
    let (head, state) = path.split_once("state=").unwrap();
    let mut longer = state.to_owned();
    longer.replace_range(0..16, "7fffffffffffffff");
    for wrong in [
        "/wechat/return".to_owned(),
        head.to_owned(),
        format!("{head}state="),
        format!("{head}state=é"),
        format!("{head}state=ff{}", &state[2..]),
        format!("{head}state={longer}"),
        format!("{path}&state={state}"),
        format!("{path}&code=another"),
    ] {
        let wrong = wrong.replace('é', "%C3%A9");
        assert_eq!(back(&mut resident, &wrong).await, FAILED, "{wrong}");
    }
    ground.wait(10 * Timestamp::MINUTE);
    assert_eq!(back(&mut resident, &path).await, FAILED, "too old");
    assert_eq!(ground.wechat.called(Call::AccessToken), before, "WeChat was asked for none of them");
    assert_eq!(kept(&ground), kept_before);
    let path = through(&way(&mut resident).await).await;
    ground.wait(10 * Timestamp::MINUTE - 1);
    // By now WeChat's own five minutes are over.
    assert_eq!(back(&mut resident, &path).await, FAILED);
    assert_eq!(ground.wechat.called(Call::AccessToken), before + 1);
    for device in [&mut resident, &mut other] {
        assert_eq!(ground.openid(device).await, None);
    }
}

#[tokio::test]
async fn whom_wechat_knows_already_is_the_same_person_on_another_device() {
    let ground = Ground::new().await;
    let (mut known, mut guest) = (ground.server.resident().await, ground.server.resident().await);
    ground.wechat.set_person("o1", Some("u1"));
    let path = through(&way(&mut known).await).await;
    assert_eq!(back(&mut known, &path).await, DONE);
    let (case, _) = guest.report("井盖松动", &[]).await;
    assert_ne!(user_of(&mut known).await, user_of(&mut guest).await);
    let path = through(&way(&mut guest).await).await;
    assert_eq!(back(&mut guest, &path).await, DONE);
    assert_eq!(user_of(&mut known).await, user_of(&mut guest).await, "this device is the known account's");
    let cases = known.get("/api/v1/cases").await.json();
    assert_eq!(cases["rows"][0]["id"], case, "and what was done with it came along");
}

#[tokio::test]
async fn people_come_back_to_the_page_that_they_left() {
    let ground = Ground::new().await;
    let mut resident = ground.server.resident().await;
    let (case, _) = resident.report("井盖松动", &[]).await;
    let mut tampered = Vec::new();
    for (body, page) in [
        (json!({ "back": "thanks" }), "/ledger/thanks".to_owned()),
        (json!({ "back": "settings" }), "/settings".to_owned()),
        (json!({ "back": "sent", "case": case }), format!("/sent/{case}")),
        (json!({ "back": "case", "case": case }), format!("/cases/{case}")),
    ] {
        let answer = resident.send(Method::POST, "/api/v1/wechat/link", Some(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let address = answer.json()["address"].as_str().unwrap().to_owned();
        for (mode, word) in [(Mode::Denied, "denied"), (Mode::Snapshot, "snapshot"), (Mode::Normal, "linked")]
        {
            ground.wechat.set_mode(mode);
            let path = through(&address).await;
            let state = path.split_once("state=").unwrap().1;
            assert!(state.len() <= 128 && state.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{state}");
            assert_eq!(back(&mut resident, &path).await, format!("{page}?wechat={word}"));
            tampered.push(path);
        }
        ground.wait(10 * Timestamp::MINUTE);
        let late = through(&address).await;
        assert_eq!(back(&mut resident, &late).await, format!("{page}?wechat=failed"), "too late");
    }
    // Nobody is sent on by a state that we did not make: not to another page either.
    let other = crate::harness::new_id().replace('-', "");
    for path in tampered {
        let (head, page) = path.split_at(path.find("state=").unwrap() + "state=".len() + 80);
        for wrong in ["t", "s", "x", "", "n", "c", &format!("n{other}"), &format!("c{other}")] {
            if wrong != page {
                assert_eq!(back(&mut resident, &format!("{head}{wrong}")).await, FAILED, "{page} {wrong}");
            }
        }
    }
    for wrong in [
        json!({ "back": "https://example.com" }),
        json!({ "back": "sent" }),
        json!({ "back": "case", "case": "x" }),
        json!({ "case": case }),
        json!([]),
    ] {
        let refused = resident.send(Method::POST, "/api/v1/wechat/link", Some(&wrong)).await;
        assert_eq!(refused.problem(), "invalid", "{wrong}");
    }
}

#[tokio::test]
async fn pages_of_ours_are_signed_and_no_others() {
    let ground = Ground::new().await;
    let mut anyone = ground.server.device();
    let url = "/api/v1/wechat/config?url=https%3A%2F%2Fwoodlark.example%2Freport%3Fa%3D1";
    let answer = anyone.get(url).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let config = answer.json();
    assert_eq!((&config["app_id"], config["nonce_str"].as_str().unwrap().len()), (&APP.into(), 32));
    assert_eq!(config["signature"].as_str().unwrap().len(), 40);
    for foreign in ["https://woodlark.example.com/", "http://woodlark.example/", "x"] {
        let refused = anyone.get(&format!("/api/v1/wechat/config?url={foreign}")).await;
        assert_eq!(refused.problem(), "invalid", "{foreign}");
    }
    assert_eq!(anyone.get("/api/v1/wechat/config").await.problem(), "invalid");
}

#[tokio::test]
async fn a_page_goes_without_a_script_where_wechat_is_silent() {
    let ground = Ground::new().await;
    ground.wechat.misbehave(Call::StableToken, Fault::Cut);
    let answer = ground.server.device().get("/api/v1/wechat/config?url=https://woodlark.example/").await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "not_reached"));
}

#[tokio::test]
async fn without_an_account_nothing_of_wechat_is_there() {
    let server = Server::start().await;
    let mut resident = server.resident().await;
    assert_eq!(resident.get("/api/v1/redeem").await.json()["payout"]["linkable"], false);
    for (method, path) in [
        (Method::POST, "/api/v1/wechat/link"),
        (Method::DELETE, "/api/v1/wechat/link"),
        (Method::GET, "/api/v1/wechat/config?url=x"),
        (Method::GET, "/wechat/return?code=a&state=b"),
    ] {
        assert_eq!(resident.send(method, path, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
