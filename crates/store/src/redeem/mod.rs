//! What points become. Every change here goes with its entry in one transaction: what is asked for takes its points at once, and
//! what comes to nothing gives them back by an entry that names the first.
//!
//! A payout is never in two minds: whatever the pay system may have is ended by its own verified word alone ([`heard`]), and
//! before anything is sent, that it may have been sent is on the disk ([`claim`]).

mod freeze;
mod fund;
mod gift;
mod link;
mod payout;
mod read;
mod send;
mod wallet;

pub use freeze::{Freeze, freeze, freezes};
pub use fund::{Given, budget, donate, fund, fundings};
pub use gift::{
    GiftOrder, HandedOverBy, Honour, gift_by_code, gift_order, gift_orders, honour, lapse_gifts, left,
    order as order_gift, return_gift,
};
pub use link::{WechatAccount, link_wechat, linked_openid, unlink_wechat};
pub(crate) use link::{known, move_links, move_to};
pub use payout::{Ask, approve, ask, decline, give_back, resume, withdraw};
pub(crate) use read::promised;
pub use read::{
    Payout, Totals, count_in, is_due, owner_of, paid_between, payout, payouts_in, payouts_of, totals,
};
pub use send::{Asked, Claimed, Heard, Payer, Word, claim, heard, lapse_undecided};
pub use wallet::{Wallet, wallet};

use crate::column::caused_by;
use woodlark_domain::UserId;
use woodlark_ledger::EntryId;

/// The id of what a person asks for under a key: asked again under the same, it is the same.
#[must_use]
pub fn id_of(user: UserId, key: &str) -> EntryId {
    let id = caused_by(&[b"redeem", user.as_bytes(), key.as_bytes()]);
    EntryId(id.try_into().unwrap_or_default())
}

/// The number under which the pay system knows a payout. It never changes.
#[must_use]
pub fn out_bill_no(id: EntryId) -> String {
    woodlark_ledger::bytes::to_hex(&id.0)
}

/// The payout of such a number.
#[must_use]
pub fn of_bill_no(number: &str) -> Option<EntryId> {
    woodlark_ledger::bytes::from_hex(number).map(EntryId)
}
