//! The client against the stand-in: every fault at every call, tokens that end, people who come back, media, messages, the
//! account's file; and the stand-in's page script in a JavaScript engine.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says plainly what it expects"
)]

mod account;
mod faults;
mod login;
mod media;
mod notify;
mod page;
mod pages;
mod tags;
mod tokens;

use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_wechat::standin::StandIn;
use woodlark_wechat::{Account, Client, Failure, JsConfig, Limits, Nonce, PageUrl};

/// Monday, the 5th of January 2026, nine in the morning in Shanghai.
const NOW: Timestamp = Timestamp(1_767_574_800 * Timestamp::SECOND);
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const PAGE: &str = "https://woodlark.example/case?no=1";

/// A stand-in, and a client of it.
struct World {
    wechat: StandIn,
    client: Client,
}

impl World {
    async fn new() -> Self {
        let wechat = StandIn::start(NOW).await.unwrap();
        let client = client(&wechat);
        Self { wechat, client }
    }

    fn later(&self, by: i64) {
        self.wechat.set_now(self.wechat.now().plus(by));
    }

    fn page(&self, url: &str) -> PageUrl {
        PageUrl::new(self.client.account(), url).unwrap()
    }

    async fn js_config(&self) -> Result<JsConfig, Failure> {
        self.client.js_config(&self.page(PAGE), self.wechat.now(), Nonce([7; 16])).await
    }
}

fn client(wechat: &StandIn) -> Client {
    Client::new(Arc::new(wechat.account().unwrap()), Limits::default()).unwrap()
}

/// The account's file with one line of a table changed, or taken out where there is nothing instead.
fn with_line(file: &str, table: &str, name: &str, instead: &str) -> String {
    let mut now = "";
    let mut lines = Vec::new();
    for line in file.lines() {
        if line.starts_with('[') {
            now = line.trim_matches(['[', ']']);
        }
        let own = now == table && line.starts_with(&format!("{name} ="));
        lines.push(if own { instead } else { line });
    }
    lines.join("\n")
}

fn account(file: &str) -> Account {
    Account::from_toml(file).unwrap()
}
