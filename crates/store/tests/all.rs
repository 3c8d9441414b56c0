//! Every query, on both engines, through the same bodies.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says plainly what it expects"
)]

#[path = "all/accounts.rs"]
mod accounts;
#[path = "all/backup.rs"]
mod backup;
#[path = "all/cases.rs"]
mod cases;
#[path = "all/check.rs"]
mod check;
#[path = "all/city.rs"]
mod city;
#[path = "all/clock.rs"]
mod clock;
#[path = "all/cluster.rs"]
mod cluster;
#[path = "all/deletion.rs"]
mod deletion;
#[path = "all/figures.rs"]
mod figures;
#[path = "all/fixture.rs"]
mod fixture;
#[path = "all/generated.rs"]
mod generated;
#[path = "all/intake.rs"]
mod intake;
#[path = "all/kiosks.rs"]
mod kiosks;
#[path = "all/ledger.rs"]
mod ledger;
#[path = "all/near.rs"]
mod near;
#[path = "all/notices.rs"]
mod notices;
#[path = "all/parts.rs"]
mod parts;
#[path = "all/phones.rs"]
mod phones;
#[path = "all/plans.rs"]
mod plans;
#[path = "all/queues.rs"]
mod queues;
#[path = "all/redeem.rs"]
mod redeem;
#[path = "all/schema.rs"]
mod schema;
#[path = "all/search.rs"]
mod search;
#[path = "all/sim/mod.rs"]
mod sim;
#[path = "all/staff.rs"]
mod staff;
#[path = "all/story.rs"]
mod story;
#[path = "all/sweep.rs"]
mod sweep;
#[path = "../../domain/tests/table/mod.rs"]
mod table;
#[path = "all/wechat.rs"]
mod wechat;
#[path = "all/winding.rs"]
mod winding;
#[path = "all/writes.rs"]
mod writes;
