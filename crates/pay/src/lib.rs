//! WeChat Pay's merchant transfer 商家转账 (API v3): how a reward reaches somebody's WeChat, at most once.
//!
//! A transfer that is asked for twice under two numbers is paid twice. So the caller writes the order and its number down
//! first, asks as often as it takes under that number, and takes another number only after WeChat Pay's signed word that the
//! bill of the first has failed or was cancelled ([`State::frees_number`]). Anything that is not such a word is
//! [`Answer::Doubt`].
//!
//! There is no clock and no randomness in it: a [`Moment`] comes in with each call.
//!
//! | module | what |
//! | --- | --- |
//! | [`merchant`] | who pays: the merchant's file with keys and texts |
//! | [`sign`] | the signature under a request; whether an answer or a callback is WeChat Pay's |
//! | `seal` | what a callback has sealed |
//! | [`transfer`] | numbers, orders, the body of a request, states |
//! | [`answer`] | what an answer proves |
//! | [`client`] | one request over one connection |
//! | [`mod@callback`] | what WeChat Pay posts of itself |
//! | `standin` | a stand-in of WeChat Pay for tests; only with the feature of this name |

pub mod answer;
pub mod callback;
pub mod client;
mod der;
pub mod merchant;
mod seal;
pub mod sign;
#[cfg(feature = "standin")]
pub mod standin;
pub mod transfer;

pub use answer::{Answer, Doubt, Refusal, RefusalCode, Remedy};
pub use callback::{CallbackError, Notice, callback};
pub use client::{Client, ClientError, Limits};
pub use merchant::{Merchant, MerchantError};
pub use sign::{Moment, Nonce, Unverified};
pub use transfer::{Bill, FailReason, Openid, Order, OrderError, OutBillNo, State, TransferRequest};
