//! What WeChat Pay posts of itself once a bill has come to its end. It posts the same up to fifteen times over a day, and
//! now and then a probe with a bad signature, which must be refused. Whoever takes a notice in does so once for each bill and
//! state, however often it comes.

use crate::answer::{Doubt, Word};
use crate::merchant::Merchant;
use crate::seal::{self, Resource};
use crate::sign::{Unverified, verify};
use crate::transfer::{Bill, Order, OutBillNo};
use hyper::HeaderMap;
use serde::Deserialize;
use woodlark_domain::Timestamp;
use woodlark_outward::short;

/// The most bytes of a callback that are read.
pub const CALLBACK_BYTES_MAX: usize = 64 * 1024;
/// The event of a bill's end.
pub const EVENT: &str = "MCHTRANSFER.BILL.FINISHED";

/// A callback that is WeChat Pay's: its word about a bill of this merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The event's id, the same each time it is posted.
    pub event: String,
    /// The bill.
    pub bill: Bill,
    /// How much, in fen.
    pub amount: i64,
    /// Whom it went to, where it says so.
    pub openid: Option<String>,
}

impl Notice {
    /// Whether it speaks of this order: number, sum and recipient.
    ///
    /// # Errors
    /// [`Doubt::Mismatch`]; then nothing is proved about the order.
    pub fn of(&self, order: &Order) -> Result<&Bill, Doubt> {
        if self.bill.number != *order.number() {
            return Err(Doubt::Mismatch("out_bill_no"));
        }
        if self.amount != order.amount() {
            return Err(Doubt::Mismatch("transfer_amount"));
        }
        if self.openid.as_ref().is_some_and(|openid| openid != order.openid().as_str()) {
            return Err(Doubt::Mismatch("openid"));
        }
        Ok(&self.bill)
    }
}

/// A callback that is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// It is longer than any that is expected.
    #[error("the callback is longer than {CALLBACK_BYTES_MAX} bytes")]
    TooLong,
    /// It is not proved that it is WeChat Pay's.
    #[error("the callback is not taken for WeChat Pay's: {0}")]
    Unverified(#[from] Unverified),
    /// It is signed, but not what was expected.
    #[error("the callback can't be read: {0}")]
    Unreadable(&'static str),
    /// Another event than a bill's end.
    #[error(
        "the callback tells an event that is not waited for: {0}. Set notify_url for merchant transfers alone"
    )]
    OtherEvent(String),
    /// The seal can't be opened.
    #[error(
        "what the callback has sealed can't be opened: see that apiv3_key is the one set on the merchant platform"
    )]
    Sealed,
    /// A bill of another merchant.
    #[error("the callback speaks of another merchant's bill")]
    OtherMerchant,
    /// A state that nobody knows.
    #[error("the callback tells a state that nobody knows: {0}. Ask after the bill")]
    UnknownState(String),
}

impl CallbackError {
    /// The status to answer with; what is not 2xx is posted again.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TooLong => 413,
            Self::Unverified(_) => 401,
            Self::Unreadable(_)
            | Self::OtherEvent(_)
            | Self::Sealed
            | Self::OtherMerchant
            | Self::UnknownState(_) => 400,
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    event_type: String,
    resource: Resource,
}

/// Reads what was posted to `notify_url`: verified first, then opened, then typed.
///
/// # Errors
/// [`CallbackError`], with the status to answer.
pub fn callback(
    headers: &HeaderMap,
    body: &[u8],
    merchant: &Merchant,
    now: Timestamp,
) -> Result<Notice, CallbackError> {
    if body.len() > CALLBACK_BYTES_MAX {
        return Err(CallbackError::TooLong);
    }
    let verified = verify(headers, body, merchant, now)?;
    let envelope: Envelope =
        serde_json::from_slice(verified.0).map_err(|_| CallbackError::Unreadable("it is no event"))?;
    if envelope.event_type != EVENT {
        return Err(CallbackError::OtherEvent(short(&envelope.event_type, 64)));
    }
    let opened = seal::open(&merchant.seal, &envelope.resource).ok_or(CallbackError::Sealed)?;
    let word: Word =
        serde_json::from_slice(&opened).map_err(|_| CallbackError::Unreadable("it is no bill"))?;
    if word.mch_id.as_deref() != Some(merchant.mchid.as_str()) {
        return Err(CallbackError::OtherMerchant);
    }
    let number: OutBillNo =
        word.out_bill_no.parse().map_err(|_| CallbackError::Unreadable("its out_bill_no is none of ours"))?;
    let amount = word.transfer_amount.ok_or(CallbackError::Unreadable("it has no transfer_amount"))?;
    let state = word.state().map_err(CallbackError::UnknownState)?;
    let bill = Bill { number, transfer_bill_no: word.transfer_bill_no, state };
    Ok(Notice { event: short(&envelope.id, 64), bill, amount, openid: word.openid })
}
