//! The desk in real browsers: people come in by invitation, and a case goes through their hands.

mod aside;
mod board;
mod city;
mod door;
mod everyone;
mod hands;
mod keyboard;
mod many;
mod pocket;
mod rounds;
mod staff_list;
mod undo;

use crate::browser::Browser;
use crate::stage::Stage;
use serde_json::json;
use std::sync::atomic::{AtomicU8, Ordering};
use woodlark_domain::{AreaCode, Role, Timestamp, UserId};
use woodlark_store::staff::{self, Invite, Post, SignIn};
use woodlark_store::{Config, Halt, Store};

/// A role everywhere.
pub(crate) fn post(role: Role) -> Post {
    Post { role, department: None, area: None }
}

/// A handler of this department.
fn handler_of(department: &str) -> Post {
    Post { department: Some(department.parse().unwrap()), ..post(Role::Handler) }
}

/// The database beside the running server.
pub(crate) fn store(stage: &Stage) -> Store {
    let path = stage.folder.join("data/woodlark.sqlite").display().to_string();
    Store::open(&Config::new(path, AreaCode::new("310120").unwrap())).unwrap()
}

/// A browser on a desk, signed in as somebody with these roles. The door has a test of its own.
pub(crate) async fn desk(stage: &Stage, name: &'static str, posts: &[Post]) -> Browser {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let token = format!("{number:064x}");
    let token_hash = woodlark_server::edge::hash_token(&token);
    let now = now();
    let user = UserId::new(u64::from(number), [number; 10]);
    let posts = posts.to_vec();
    let store = store(stage);
    let done = store.write(move |tx| {
        let login = format!("staff{number}");
        let invite =
            Invite { user, login: &login, name, posts: &posts, token_hash, totp_secret: &[3; 20], now };
        staff::invite(tx, &invite)?;
        staff::accept(tx, &token_hash, "none", 1, now)?;
        let seat = SignIn { user, totp_step: 2, token_hash, address: "127.0.0.1", agent: "test", now };
        Ok::<_, Halt<()>>(staff::sign_in(tx, &seat)?)
    });
    assert!(done.await.unwrap());
    let browser = stage.screen().await;
    hold(stage, &browser, &token).await;
    browser
}

/// Gives a browser this token of the desk.
async fn hold(stage: &Stage, browser: &Browser, token: &str) {
    let cookie = json!({"name": "woodlark_desk", "value": token, "url": stage.network.address, "httpOnly": true, "sameSite": "Strict"});
    browser.tool("Network.setCookie", cookie).await;
}

/// A session anew for whoever had this one.
async fn sign_in_again(stage: &Stage, browser: &Browser, ended: &str) {
    let number = u8::from_str_radix(&ended[62..], 16).unwrap();
    let token = format!("{:064x}", 0x100 + u32::from(number));
    let token_hash = woodlark_server::edge::hash_token(&token);
    let user = UserId::new(u64::from(number), [number; 10]);
    let store = store(stage);
    let done = store.write(move |tx| {
        let now = now();
        let seat = SignIn { user, totp_step: 3, token_hash, address: "127.0.0.1", agent: "test", now };
        Ok::<_, Halt<()>>(staff::sign_in(tx, &seat)?)
    });
    assert!(done.await.unwrap());
    hold(stage, browser, &token).await;
}

pub(crate) fn now() -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(now.as_micros()).unwrap())
}
