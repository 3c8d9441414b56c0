//! What is asked for and what is told: numbers, orders, the body of a request, the states of a bill.

use crate::merchant::Merchant;
use bytes::Bytes;
use core::fmt;
use serde::{Deserialize, Serialize};
use woodlark_outward::plain;

/// The least that WeChat Pay transfers, in fen.
pub const AMOUNT_MIN: i64 = 10;
/// The most that goes out looking like a red packet, in fen.
pub const AMOUNT_MAX: i64 = 20_000;
/// Where transfers are asked for.
pub const PATH: &str = "/v3/fund-app/mch-transfer/transfer-bills";

/// What is no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// No number.
    #[error("a bill's number is 1 to 32 letters and digits: derive it from the payout's id in hex")]
    Number,
    /// No openid.
    #[error("an openid is 1 to 64 letters, digits, - and _: take it from WeChat's own answer")]
    Openid,
    /// Too little or too much.
    #[error(
        "WeChat Pay transfers between {AMOUNT_MIN} and {AMOUNT_MAX} fen at once: pay a smaller or a larger sum"
    )]
    Amount,
    /// A body that was kept is of another order, or is none.
    #[error(
        "the body that was kept is not that of this order: make it anew only if its number was never asked for"
    )]
    Body,
}

/// `out_bill_no`: our number of a transfer. The same number is the same bill, whatever happens on the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutBillNo(String);

impl OutBillNo {
    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::str::FromStr for OutBillNo {
    type Err = OrderError;
    fn from_str(text: &str) -> Result<Self, OrderError> {
        if plain(text, 32, |_| false) { Ok(Self(text.to_owned())) } else { Err(OrderError::Number) }
    }
}

impl fmt::Display for OutBillNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom it goes to: a person as our AppID knows them. `Debug` says only how it begins.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Openid(String);

impl Openid {
    /// The openid.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::str::FromStr for Openid {
    type Err = OrderError;
    fn from_str(text: &str) -> Result<Self, OrderError> {
        let right = plain(text, 64, |c| c == '-' || c == '_');
        if right { Ok(Self(text.to_owned())) } else { Err(OrderError::Openid) }
    }
}

impl fmt::Debug for Openid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Openid({}…)", self.0.chars().take(4).collect::<String>())
    }
}

/// What is to be paid to whom, under which number: what the caller writes down before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    number: OutBillNo,
    openid: Openid,
    amount: i64,
}

impl Order {
    /// An order over so many fen.
    ///
    /// # Errors
    /// [`OrderError::Amount`] below [`AMOUNT_MIN`] and above [`AMOUNT_MAX`].
    pub fn new(number: OutBillNo, openid: Openid, amount: i64) -> Result<Self, OrderError> {
        if (AMOUNT_MIN..=AMOUNT_MAX).contains(&amount) {
            Ok(Self { number, openid, amount })
        } else {
            Err(OrderError::Amount)
        }
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> &OutBillNo {
        &self.number
    }

    /// Whom it goes to.
    #[must_use]
    pub const fn openid(&self) -> &Openid {
        &self.openid
    }

    /// How much, in fen.
    #[must_use]
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    /// Where its bill is asked after.
    pub(crate) fn path(&self) -> String {
        format!("{PATH}/out-bill-no/{}", self.number)
    }
}

/// An order with the very bytes that ask for it. Asked for again, it must be the same bytes: WeChat Pay refuses another body
/// under a number that it knows, so a new remark in the merchant's file must not reach an order that was sent before.
/// Whoever may restart in between keeps [`TransferRequest::body`] beside the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRequest {
    order: Order,
    body: Bytes,
}

#[derive(Serialize)]
struct Body<'a> {
    appid: &'a str,
    out_bill_no: &'a str,
    transfer_scene_id: &'a str,
    openid: &'a str,
    transfer_amount: i64,
    transfer_remark: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
    user_recv_perception: &'a str,
    user_recv_style: Style,
    transfer_scene_report_infos: [Info<'a>; 2],
}

#[derive(Serialize)]
struct Style {
    r#type: &'static str,
}

#[derive(Serialize)]
struct Info<'a> {
    info_type: &'static str,
    info_content: &'a str,
}

#[derive(Deserialize)]
struct Kept {
    out_bill_no: String,
    openid: String,
    transfer_amount: i64,
}

impl TransferRequest {
    /// Asks for an order in the merchant's words of today.
    #[must_use]
    pub fn new(merchant: &Merchant, order: Order) -> Self {
        let body = Body {
            appid: &merchant.appid,
            out_bill_no: order.number.as_str(),
            transfer_scene_id: &merchant.scene,
            openid: order.openid.as_str(),
            transfer_amount: order.amount,
            transfer_remark: &merchant.remark,
            notify_url: merchant.notify_url.as_deref(),
            user_recv_perception: &merchant.perception,
            user_recv_style: Style { r#type: "RED_PACKET" },
            transfer_scene_report_infos: [
                Info { info_type: "活动名称", info_content: &merchant.activity },
                Info { info_type: "奖励说明", info_content: &merchant.reward },
            ],
        };
        // Texts and numbers alone: there is nothing in it that JSON couldn't say.
        let body = serde_json::to_vec(&body).unwrap_or_default();
        Self { order, body: body.into() }
    }

    /// The request as it was made before.
    ///
    /// # Errors
    /// [`OrderError::Body`] where these bytes are not those of this order.
    pub fn kept(order: Order, body: Vec<u8>) -> Result<Self, OrderError> {
        let kept: Kept = serde_json::from_slice(&body).map_err(|_| OrderError::Body)?;
        let same = kept.out_bill_no == order.number.as_str()
            && kept.openid == order.openid.as_str()
            && kept.transfer_amount == order.amount;
        if same { Ok(Self { order, body: body.into() }) } else { Err(OrderError::Body) }
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> &Order {
        &self.order
    }

    /// The bytes that are signed and sent.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }
}

/// Why a transfer failed, in WeChat Pay's own word; it has more of them than its documentation names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailReason(String);

impl FailReason {
    /// Nobody confirmed within 24 hours.
    pub const EXPIRED: &'static str = "OVERDUE_CLOSE";
    /// No reason was given.
    pub const UNKNOWN: &'static str = "UNKNOWN";

    /// A reason; what is no such word becomes [`FailReason::UNKNOWN`], for the failure stands whatever its reason.
    #[must_use]
    pub fn new(reason: &str) -> Self {
        Self(if plain(reason, 64, |c| c == '_') { reason } else { Self::UNKNOWN }.to_owned())
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a bill stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Taken; ask for the same again to move it on.
    Accepted,
    /// The money is being set aside; stays so where the merchant's account holds too little.
    Processing,
    /// The recipient must confirm, within 24 hours.
    WaitUserConfirm {
        /// What their WeChat is opened with. Only the answer to a transfer carries it: to have it again, ask for the same
        /// transfer again.
        package: Option<String>,
    },
    /// Confirmed; the money is on its way.
    Transfering,
    /// Paid.
    Success,
    /// Not paid, for good.
    Fail {
        /// Why.
        reason: FailReason,
    },
    /// Being taken back.
    Canceling,
    /// Taken back, for good.
    Cancelled,
}

impl State {
    /// Its name at WeChat Pay.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Processing => "PROCESSING",
            Self::WaitUserConfirm { .. } => "WAIT_USER_CONFIRM",
            Self::Transfering => "TRANSFERING",
            Self::Success => "SUCCESS",
            Self::Fail { .. } => "FAIL",
            Self::Canceling => "CANCELING",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The state of this name.
    pub(crate) fn from_code(code: &str, reason: Option<&str>, package: Option<String>) -> Option<Self> {
        Some(match code {
            "ACCEPTED" => Self::Accepted,
            "PROCESSING" => Self::Processing,
            "WAIT_USER_CONFIRM" => Self::WaitUserConfirm { package },
            "TRANSFERING" => Self::Transfering,
            "SUCCESS" => Self::Success,
            "FAIL" => Self::Fail { reason: FailReason::new(reason.unwrap_or_default()) },
            "CANCELING" => Self::Canceling,
            "CANCELLED" => Self::Cancelled,
            _ => return None,
        })
    }

    /// Whether it stays so.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Fail { .. } | Self::Cancelled)
    }

    /// Whether what was owed may be asked for under another number: this bill will never be paid. Nothing else says so, no
    /// refusal and no silence.
    #[must_use]
    pub const fn frees_number(&self) -> bool {
        matches!(self, Self::Fail { .. } | Self::Cancelled)
    }
}

/// WeChat Pay's word about a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// Our number of it.
    pub number: OutBillNo,
    /// Its number at WeChat Pay, for whoever calls their service.
    pub transfer_bill_no: Option<String>,
    /// How it stands.
    pub state: State,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODES: &[&str] = &[
        "ACCEPTED",
        "PROCESSING",
        "WAIT_USER_CONFIRM",
        "TRANSFERING",
        "SUCCESS",
        "FAIL",
        "CANCELING",
        "CANCELLED",
    ];

    #[test]
    fn a_state_has_one_name_and_only_an_end_without_payment_frees_the_number() {
        for code in CODES {
            let state = State::from_code(code, None, None).unwrap();
            assert_eq!(state.code(), *code);
            assert_eq!(state.is_final(), ["SUCCESS", "FAIL", "CANCELLED"].contains(code), "{code}");
            assert_eq!(state.frees_number(), ["FAIL", "CANCELLED"].contains(code), "{code}");
        }
        for code in ["", "success", "CANCELED", "REFUNDED"] {
            assert_eq!(State::from_code(code, None, None), None, "{code}");
        }
    }

    #[test]
    fn a_failure_keeps_its_reason_and_stands_without_one() {
        let reason = |text| State::from_code("FAIL", text, None).unwrap();
        assert_eq!(
            reason(Some("OVERDUE_CLOSE")),
            State::Fail { reason: FailReason::new(FailReason::EXPIRED) }
        );
        for none in [None, Some(""), Some("two words"), Some("a\nline")] {
            assert_eq!(reason(none), State::Fail { reason: FailReason::new(FailReason::UNKNOWN) });
        }
    }

    #[test]
    fn an_openid_is_not_printed_whole() {
        let openid: Openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap();
        assert_eq!(format!("{openid:?}"), "Openid(oUpF…)");
    }

    proptest! {
        #[test]
        fn a_number_is_one_to_thirty_two_letters_and_digits(text in "[0-9A-Za-z_é -]{0,34}") {
            let right = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
            prop_assert_eq!(text.parse::<OutBillNo>().is_ok(), right);
        }

        #[test]
        fn an_amount_is_within_what_is_transferred(amount in prop_oneof![-5..30_i64, 19_990..20_010_i64, any::<i64>()]) {
            let order = Order::new("a".parse().unwrap(), "o".parse().unwrap(), amount);
            prop_assert_eq!(order.is_ok(), (10..=20_000).contains(&amount));
        }

        #[test]
        fn only_the_bytes_of_an_order_are_taken_for_it(n in 0..3_usize, amount in 10..20_000_i64) {
            let order = Order::new("B1".parse().unwrap(), "o1".parse().unwrap(), amount).unwrap();
            let mut said = serde_json::json!({ "out_bill_no": "B1", "openid": "o1", "transfer_amount": amount, "x": 1 });
            let body = serde_json::to_vec(&said).unwrap();
            let kept = TransferRequest::kept(order.clone(), body.clone()).unwrap();
            prop_assert_eq!(&kept.body()[..], &body[..]);
            let (name, other) = [
                ("out_bill_no", serde_json::json!("B2")),
                ("openid", serde_json::json!("o2")),
                ("transfer_amount", serde_json::json!(amount + 1)),
            ][n].clone();
            said[name] = other;
            let body = serde_json::to_vec(&said).unwrap();
            prop_assert_eq!(TransferRequest::kept(order, body), Err(OrderError::Body));
        }
    }
}
