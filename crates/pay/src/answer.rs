//! What an answer proves. Reading one is a pure function of its bytes: either WeChat Pay's signed word about the very bill
//! that was asked for, or its signed refusal in a code that is known, or doubt.

use crate::merchant::Merchant;
use crate::sign::{Unverified, Verified, verify};
use crate::transfer::{Bill, Order, State};
use hyper::{HeaderMap, StatusCode};
use serde::Deserialize;
use woodlark_domain::Timestamp;
use woodlark_outward::short;

/// The most bytes of an answer that are read.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// WeChat Pay's signed word about this bill.
    Said(Bill),
    /// WeChat Pay's signed word that it did not do what was asked.
    Refused(Refusal),
    /// Nothing is proved: it may have been done or not. Ask after the bill, under the same number.
    Doubt(Doubt),
}

/// A signed refusal of one request. It proves nothing about an earlier request under the same number, nor about one that is
/// still on its way, so it never frees a number; [`State::frees_number`] alone does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: u16,
    /// Why.
    pub code: RefusalCode,
    /// WeChat Pay's own words, for the log: 200 characters at most.
    pub message: String,
}

/// The codes that are known. Any other is doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalCode {
    /// Something in the request is not as it must be.
    ParamError,
    /// The request is against a rule; also a number that is already taken by another body.
    InvalidRequest,
    /// The number is already taken.
    AlreadyExists,
    /// The merchant's account holds too little.
    NotEnough,
    /// The merchant may not do this.
    NoAuth,
    /// Our signature was not accepted.
    SignError,
    /// There is no bill of this number: it never arrived, or has not yet, or is older than 30 days.
    NotFound,
}

/// What to do next. Each of them is under the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Send the same order again, later.
    SameAgain,
    /// Ask after the bill.
    Query,
    /// Somebody must put the merchant's file, its rights or the order right; then the same number again.
    Mend,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// A transfer.
    Transfer,
    /// How a bill stands.
    Query,
    /// To take a bill back.
    Cancel,
}

impl Call {
    /// Every call.
    pub const ALL: &'static [Self] = &[Self::Transfer, Self::Query, Self::Cancel];
}

impl RefusalCode {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::ParamError,
        Self::InvalidRequest,
        Self::AlreadyExists,
        Self::NotEnough,
        Self::NoAuth,
        Self::SignError,
        Self::NotFound,
    ];

    /// Its name at WeChat Pay.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ParamError => "PARAM_ERROR",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::NotEnough => "NOT_ENOUGH",
            Self::NoAuth => "NO_AUTH",
            Self::SignError => "SIGN_ERROR",
            Self::NotFound => "NOT_FOUND",
        }
    }

    /// Whether this call can be refused so. A query for lack of money says that we misunderstand something.
    #[must_use]
    pub const fn fits(self, call: Call) -> bool {
        match self {
            Self::ParamError | Self::InvalidRequest | Self::NoAuth | Self::SignError => true,
            Self::AlreadyExists | Self::NotEnough => matches!(call, Call::Transfer),
            Self::NotFound => matches!(call, Call::Query | Call::Cancel),
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::NotEnough | Self::NotFound => Remedy::SameAgain,
            Self::InvalidRequest | Self::AlreadyExists => Remedy::Query,
            Self::ParamError | Self::NoAuth | Self::SignError => Remedy::Mend,
        }
    }
}

/// Why nothing is proved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// No connection came about, so this request was never sent; one before it may have been.
    #[error("WeChat Pay was not reached: {0}")]
    NotReached(String),
    /// The request could not be made.
    #[error("the request could not be made: {0}")]
    NotMade(&'static str),
    /// The connection broke.
    #[error("the connection broke before the answer was whole: {0}")]
    Cut(String),
    /// No answer in time.
    #[error("there was no answer in time")]
    TimedOut,
    /// The answer is longer than any that is expected.
    #[error("the answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    /// It is not proved that the answer is WeChat Pay's.
    #[error("the answer ({status}) is not taken for WeChat Pay's: {why}")]
    Unverified {
        /// Its status.
        status: u16,
        /// Why not.
        why: Unverified,
    },
    /// Too many requests.
    #[error("WeChat Pay asks for fewer requests: wait, then ask after the bill")]
    TooOften,
    /// Neither an answer nor a refusal.
    #[error("WeChat Pay answered {0}")]
    Status(u16),
    /// The answer is signed, but not what was expected.
    #[error("the answer can't be read: {0}")]
    Unreadable(&'static str),
    /// A refusal in a code that nobody knows, or that this call can't get.
    #[error("WeChat Pay refused ({status}) with a code that does not belong here: {code}")]
    UnknownCode {
        /// Its status.
        status: u16,
        /// The code, 64 characters at most.
        code: String,
    },
    /// A state that nobody knows.
    #[error("WeChat Pay tells a state that nobody knows: {0}")]
    UnknownState(String),
    /// It speaks of another bill than was asked for.
    #[error("the answer speaks of another bill: its {0} differs")]
    Mismatch(&'static str),
}

/// What an answer of these bytes proves about an order.
pub fn read(
    call: Call,
    order: &Order,
    merchant: &Merchant,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Answer {
    judge(call, order, merchant, status, headers, body, now).unwrap_or_else(Answer::Doubt)
}

fn judge(
    call: Call,
    order: &Order,
    merchant: &Merchant,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Answer, Doubt> {
    if body.len() > ANSWER_BYTES_MAX {
        return Err(Doubt::TooLong);
    }
    // Whoever sent these, they prove nothing either way.
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Doubt::TooOften);
    }
    if status != StatusCode::OK && !status.is_client_error() {
        return Err(Doubt::Status(status.as_u16()));
    }
    let verified = verify(headers, body, merchant, now)
        .map_err(|why| Doubt::Unverified { status: status.as_u16(), why })?;
    if status == StatusCode::OK {
        bill(call, order, merchant, verified).map(Answer::Said)
    } else {
        refusal(call, status, verified).map(Answer::Refused)
    }
}

/// What is said of a bill, in answers and in callbacks.
#[derive(Debug, Deserialize)]
pub(crate) struct Word {
    pub(crate) out_bill_no: String,
    pub(crate) state: String,
    pub(crate) transfer_bill_no: Option<String>,
    pub(crate) transfer_amount: Option<i64>,
    // One document says it so, another so.
    #[serde(alias = "mchid")]
    pub(crate) mch_id: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) openid: Option<String>,
    pub(crate) package_info: Option<String>,
    pub(crate) fail_reason: Option<String>,
}

impl Word {
    /// The state, if it is one.
    pub(crate) fn state(&self) -> Result<State, String> {
        State::from_code(&self.state, self.fail_reason.as_deref(), self.package_info.clone())
            .ok_or_else(|| short(&self.state, 64))
    }
}

fn bill(call: Call, order: &Order, merchant: &Merchant, verified: Verified<'_>) -> Result<Bill, Doubt> {
    let word: Word = serde_json::from_slice(verified.0).map_err(|_| Doubt::Unreadable("it is no bill"))?;
    // A query says all of it; the others may leave out what the request said.
    let all = call == Call::Query;
    let differs = [
        ("out_bill_no", word.out_bill_no != order.number().as_str()),
        ("mch_id", word.mch_id.as_ref().map_or(all, |id| *id != merchant.mchid)),
        ("transfer_amount", word.transfer_amount.map_or(all, |amount| amount != order.amount())),
        ("appid", word.appid.as_ref().is_some_and(|appid| *appid != merchant.appid)),
        ("openid", word.openid.as_ref().is_some_and(|openid| openid != order.openid().as_str())),
    ];
    if let Some((name, _)) = differs.into_iter().find(|(_, differs)| *differs) {
        return Err(Doubt::Mismatch(name));
    }
    let state = word.state().map_err(Doubt::UnknownState)?;
    Ok(Bill { number: order.number().clone(), transfer_bill_no: word.transfer_bill_no, state })
}

fn refusal(call: Call, status: StatusCode, verified: Verified<'_>) -> Result<Refusal, Doubt> {
    #[derive(Deserialize)]
    struct Said {
        code: String,
        #[serde(default)]
        message: String,
    }
    let said: Said = serde_json::from_slice(verified.0).map_err(|_| Doubt::Unreadable("it is no refusal"))?;
    let status = status.as_u16();
    match RefusalCode::ALL.iter().find(|code| code.code() == said.code && code.fits(call)) {
        Some(code) => Ok(Refusal { status, code: *code, message: short(&said.message, 200) }),
        None => Err(Doubt::UnknownCode { status, code: short(&said.code, 64) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_one_name_and_fits_a_call() {
        for (n, code) in RefusalCode::ALL.iter().enumerate() {
            assert_eq!(RefusalCode::ALL.iter().position(|other| other.code() == code.code()), Some(n));
            assert!(Call::ALL.iter().any(|call| code.fits(*call)), "{code:?}");
        }
        assert!(!RefusalCode::NotFound.fits(Call::Transfer));
        assert!(!RefusalCode::NotEnough.fits(Call::Query));
    }

    #[test]
    fn no_bill_of_this_number_means_the_same_again_and_never_another_number() {
        assert_eq!(RefusalCode::NotFound.remedy(), Remedy::SameAgain);
        assert_eq!(RefusalCode::AlreadyExists.remedy(), Remedy::Query);
    }
}
