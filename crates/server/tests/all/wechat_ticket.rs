//! The way from the mini-program into our page.

use crate::harness::{Answer, Device, Server};
use crate::wechat::{Ground, client, user_of};
use axum::http::{Method, StatusCode, header};
use serde_json::json;
use woodlark_domain::Timestamp;
use woodlark_server::jobs;
use woodlark_store::{Halt, sweep};
use woodlark_wechat::App;
use woodlark_wechat::standin::{Call, Fault, Mode};

const MINI: &str = "/api/v1/wechat/mini";
const TICKET: &str = "/api/v1/wechat/ticket";

async fn login(server: &Server, code: &str) -> Answer {
    server.device().send(Method::POST, MINI, Some(&json!({ "code": code }))).await
}

/// The shell asks; its ticket.
async fn ticket(ground: &Ground) -> String {
    let answer = login(&ground.server, &ground.wechat.code(App::Mini)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(!answer.headers.contains_key(header::SET_COOKIE), "the shell itself is signed in nowhere");
    let until = answer.json()["until"].as_i64().unwrap();
    assert_eq!(until, ground.server.clock_now() + 2 * Timestamp::MINUTE);
    let ticket = answer.json()["ticket"].as_str().unwrap().to_owned();
    assert!(ticket.len() == 32 && ticket.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ticket}");
    ticket
}

async fn bring(device: &mut Device, ticket: &str, join: bool) -> Answer {
    let body = if join { json!({ "ticket": ticket, "join": true }) } else { json!({ "ticket": ticket }) };
    device.send(Method::POST, TICKET, Some(&body)).await
}

#[tokio::test]
async fn a_ticket_signs_the_page_in_once_and_within_two_minutes() {
    let ground = Ground::new().await;
    let first = ticket(&ground).await;
    let mut page = ground.server.device();
    let signed_in = bring(&mut page, &first, false).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.text());
    assert_eq!(signed_in.headers[header::CACHE_CONTROL], "no-store");
    let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let user = user_of(&mut page).await;
    assert_eq!(signed_in.json()["user_id"], user.to_string());
    // Its answer was lost: the same page may ask again, and nobody else.
    assert_eq!(bring(&mut page, &first, false).await.status, StatusCode::OK);
    for other in [&mut ground.server.device(), &mut ground.server.resident().await] {
        let refused = bring(other, &first, true).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.headers.contains_key(header::SET_COOKIE));
    }
    // Another day on another device: the same person.
    ground.wait(Timestamp::DAY);
    let mut other = ground.server.device();
    let late = ticket(&ground).await;
    ground.wait(2 * Timestamp::MINUTE);
    assert_eq!(bring(&mut other, &late, false).await.problem(), "invalid");
    let again = ticket(&ground).await;
    ground.wait(2 * Timestamp::MINUTE - 1);
    assert_eq!(bring(&mut other, &again, false).await.status, StatusCode::CREATED);
    assert_eq!(user_of(&mut other).await, user);
    for none in ["", "0", &"f".repeat(32), &"f".repeat(1_000)] {
        let refused = bring(&mut ground.server.device(), none, false).await;
        let said = refused.json();
        assert_eq!(said["fields"][0]["field"], "ticket", "{said}");
        assert!(said["fields"][0]["detail"].as_str().unwrap().contains("小程序"), "{said}");
    }
    // What is over is swept, and what is kept of a ticket opens nothing.
    let now = ground.server.app.clock.now();
    let swept = ground.server.app.store.write(move |tx| Ok::<_, Halt<()>>(sweep::outdated(tx, now.plus(1))?));
    assert_eq!(swept.await.unwrap().tickets, 3);
}

#[tokio::test]
async fn who_is_known_in_wechats_browser_is_the_same_person_in_the_mini_program() {
    let ground = Ground::new().await;
    let mut known = ground.server.resident().await;
    ground.wechat.set_person("oOfficial", Some("u1"));
    let path = crate::wechat::through(&crate::wechat::way(&mut known).await).await;
    assert_eq!(crate::wechat::back(&mut known, &path).await, "/ledger/thanks?wechat=linked");
    ground.wechat.set_person("oMini", Some("u1"));
    let mut page = ground.server.device();
    assert_eq!(bring(&mut page, &ticket(&ground).await, false).await.status, StatusCode::CREATED);
    assert_eq!(user_of(&mut page).await, user_of(&mut known).await);
    // Somebody else in the same mini-program is somebody else.
    ground.wechat.set_person("oOther", Some("u2"));
    let mut other = ground.server.device();
    bring(&mut other, &ticket(&ground).await, false).await;
    assert_ne!(user_of(&mut other).await, user_of(&mut known).await);
}

#[tokio::test]
async fn what_was_done_on_the_device_comes_along_when_its_owner_says_so() {
    let ground = Ground::new().await;
    let (mut guest, mut bare) = (ground.server.resident().await, ground.server.resident().await);
    let (case, _) = guest.report("井盖松动", &[]).await;
    jobs::follow_up(ground.server.app.clone()).await;
    jobs::post_deeds(ground.server.app.clone()).await;
    let mine = user_of(&mut guest).await;
    let offered = ticket(&ground).await;
    // A link that somebody else made, with a ticket of their own in it, must not take this device's cases away by being opened.
    let asked = bring(&mut guest, &offered, false).await;
    assert_eq!((asked.problem().as_str(), &asked.json()["refusal"]), ("refused", &json!("would_join")));
    assert!(asked.json()["detail"].as_str().unwrap().contains("并入"), "{}", asked.text());
    assert_eq!(user_of(&mut guest).await, mine);
    let joined = bring(&mut guest, &offered, true).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text());
    assert!(!joined.headers.contains_key(header::SET_COOKIE), "the session stays");
    let owner = user_of(&mut guest).await;
    assert_ne!(owner, mine);
    assert_eq!(guest.get("/api/v1/cases").await.json()["rows"][0]["id"], case);
    assert_eq!(guest.get("/api/v1/redeem").await.json()["points"], 10, "and its points");
    // Where there is nothing yet, nobody is asked.
    assert_eq!(bring(&mut bare, &ticket(&ground).await, false).await.status, StatusCode::OK);
    assert_eq!(user_of(&mut bare).await, owner);
    assert_eq!(bare.get("/api/v1/cases").await.json()["rows"][0]["id"], case);
}

#[tokio::test]
async fn each_of_wechats_noes_is_said_in_words() {
    let ground = Ground::new().await;
    let server = &ground.server;
    let used = ground.wechat.code(App::Mini);
    assert_eq!(login(server, &used).await.status, StatusCode::OK);
    let old = ground.wechat.code(App::Mini);
    ground.wait(5 * Timestamp::MINUTE);
    let foreign = ground.wechat.code(App::Official);
    for code in [used.as_str(), &old, &foreign, "never-was", "", "a b"] {
        let refused = login(server, code).await;
        let said = refused.json();
        assert_eq!((refused.problem().as_str(), &said["fields"][0]["field"]), ("invalid", &json!("code")));
        assert!(said["fields"][0]["detail"].as_str().unwrap().contains("再打开一次"), "{said}");
        assert!(!refused.text().contains("code-"), "no code is said back");
    }
    ground.wechat.set_mode(Mode::Blocked);
    let blocked = login(server, &ground.wechat.code(App::Mini)).await;
    assert_eq!(
        (blocked.problem().as_str(), &blocked.json()["refusal"]),
        ("refused", &json!("wechat_blocked"))
    );
    ground.wechat.set_mode(Mode::Normal);
    for (fault, says) in [
        (Fault::TooOften, "too_many_requests"),
        (Fault::Busy, "not_reached"),
        (Fault::Cut, "not_reached"),
        (Fault::ServerError, "not_reached"),
        (Fault::Garbage, "not_reached"),
    ] {
        ground.wechat.misbehave(Call::JsCode2Session, fault);
        let refused = login(server, &ground.wechat.code(App::Mini)).await;
        assert_eq!(refused.problem(), says, "{fault:?}");
        assert_eq!(refused.headers.contains_key(header::RETRY_AFTER), fault == Fault::TooOften);
    }
    assert_eq!(login(server, &ground.wechat.code(App::Mini)).await.status, StatusCode::OK);
    assert_eq!(ground.wechat.turned_away(), Vec::<String>::new());
}

#[tokio::test]
async fn without_a_mini_program_there_is_no_way_in_from_it() {
    let ground = Ground::new().await;
    let file = ground.wechat.account_file();
    let official = file.split("[mini]").next().unwrap();
    let account = woodlark_wechat::Account::from_toml(official).unwrap();
    let limits = woodlark_wechat::Limits::default();
    let alone = woodlark_wechat::Client::new(std::sync::Arc::new(account), limits).unwrap();
    for wechat in [None, Some(alone)] {
        let server = Server::start_with(None, wechat).await;
        assert_eq!(login(&server, "x").await.status, StatusCode::NOT_FOUND);
        assert_eq!(bring(&mut server.device(), "x", false).await.status, StatusCode::NOT_FOUND);
    }
    assert!(client(&ground.wechat).account().mini_appid().is_some());
}

/// Everything that is logged on this thread, however little it matters.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_code_ticket_or_key_stands_in_the_log() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    let _here = tracing::subscriber::set_default(subscriber);
    let ground = Ground::new().await;
    let mut secrets = Vec::new();
    let code = ground.wechat.code(App::Mini);
    let answer = login(&ground.server, &code).await;
    let ticket = answer.json()["ticket"].as_str().unwrap().to_owned();
    let mut page = ground.server.device();
    bring(&mut page, &ticket, false).await;
    bring(&mut ground.server.device(), &ticket, false).await;
    login(&ground.server, &code).await;
    secrets.extend([code, ticket, page.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned()]);
    for fault in [Fault::Cut, Fault::Garbage, Fault::ServerError, Fault::Busy] {
        let code = ground.wechat.code(App::Mini);
        ground.wechat.misbehave(Call::JsCode2Session, fault);
        login(&ground.server, &code).await;
        let path = crate::wechat::through(&crate::wechat::way(&mut page).await).await;
        ground.wechat.misbehave(Call::AccessToken, fault);
        crate::wechat::back(&mut page, &path).await;
        let (code, state) = path.split_once("code=").unwrap().1.split_once("&state=").unwrap();
        secrets.extend([code.to_owned(), state.to_owned()]);
    }
    // The session_key that the stand-in gives out, and the secrets of the account's file.
    secrets.push("bm90IGZvciBhbnlvbmU=".to_owned());
    let file = ground.wechat.account_file();
    secrets.extend(
        file.lines().filter_map(|line| line.strip_prefix("secret = ")).map(|secret| secret.replace('"', "")),
    );
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("did not say who"), "something is logged: {log}");
    for secret in secrets {
        assert!(secret.len() >= 6 && !log.contains(&secret), "{secret} is in the log");
    }
}
