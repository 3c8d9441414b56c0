//! The whole, driven through a real browser against the real server: what a resident sees, and what then lies on
//! the server's disk. Each test has a server, a data folder, a faulty network and browsers of its own; two tests run
//! at a time. `WOODLARK_APP` names the built app (else `dist`), `WOODLARK_SERVER` the server's program (else the one
//! beside this test's own), `WOODLARK_AXE` the file `axe.min.js`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says plainly what it expects, in its helpers too"
)]

mod access;
mod browser;
mod builds;
mod criteria;
mod desk;
mod drafts;
mod everyone;
mod faults;
mod fifty;
mod journeys;
mod kiosk;
mod languages;
mod last_word;
mod ledger;
mod neighbours;
mod network;
mod outbox;
mod photos;
mod place;
mod plain;
mod refused;
mod server;
mod shots;
mod stage;
mod thanks;
mod wechat;
