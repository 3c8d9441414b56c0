//! Between the store's payouts and the pay system: orders out of rows, words out of answers.

use crate::clock::{SharedClock, random};
use axum::http::HeaderMap;
use std::path::Path;
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_pay::{
    Answer, Bill, CallbackError, Client, ClientError, Limits, Merchant, MerchantError, Moment, Nonce, Notice,
    Order, RefusalCode, Remedy, State, TransferRequest, callback,
};
use woodlark_store::redeem::{Asked, Payout, Word, out_bill_no};

/// Why nobody can be paid from here.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The merchant's file.
    #[error(transparent)]
    Merchant(#[from] MerchantError),
    /// TLS.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// The merchant that pays, and the way to its pay system.
#[derive(Debug)]
pub struct Pay {
    client: Client,
    name: String,
}

impl Pay {
    /// Reads the merchant's file.
    ///
    /// # Errors
    /// [`PayError`].
    pub fn read(path: &Path) -> Result<Self, PayError> {
        Self::new(Merchant::read(path)?, Limits::default())
    }

    /// Pays as this merchant, with so much patience.
    ///
    /// # Errors
    /// [`PayError`].
    pub fn new(merchant: Merchant, limits: Limits) -> Result<Self, PayError> {
        let name = format!("{}/{}", merchant.mchid(), merchant.appid());
        Ok(Self { client: Client::new(Arc::new(merchant), limits)?, name })
    }

    /// The merchant's number.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.client.merchant().mchid()
    }

    /// The app in which residents confirm.
    #[must_use]
    pub fn appid(&self) -> &str {
        self.client.merchant().appid()
    }

    /// Who pays: merchant and app.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is sent for a payout, byte by byte; none where the pay system takes no such order.
    #[must_use]
    pub fn request(&self, payout: &Payout) -> Option<Vec<u8>> {
        Some(TransferRequest::new(self.client.merchant(), order(payout)?).body().to_vec())
    }

    /// Asks, and says what the answer proves.
    pub async fn ask(&self, payout: &Payout, asked: Asked, clock: &SharedClock) -> Word {
        let Some(order) = order(payout) else { return Word::Doubt("no order of this payout".to_owned()) };
        let moment = Moment { now: clock.now(), nonce: Nonce(random()) };
        let answer = match asked {
            Asked::Transfer => {
                let kept = payout.request.clone().map(|body| TransferRequest::kept(order, body));
                match kept {
                    Some(Ok(request)) => self.client.transfer(&request, moment).await,
                    Some(Err(error)) => return Word::Refused(error.to_string()),
                    None => return Word::Doubt("what was first sent is not there".to_owned()),
                }
            }
            Asked::Query => self.client.query(&order, moment).await,
            Asked::Cancel => self.client.cancel(&order, moment).await,
        };
        match answer {
            Answer::Said(bill) => said(bill),
            Answer::Refused(refusal) => match (refusal.code, refusal.code.remedy()) {
                (RefusalCode::NotEnough, _) => Word::NotEnough,
                (RefusalCode::NotFound, _) => Word::NotFound,
                (code, Remedy::Mend) => Word::Refused(code.code().to_owned()),
                (code, Remedy::SameAgain | Remedy::Query) => Word::Doubt(code.code().to_owned()),
            },
            Answer::Doubt(doubt) => Word::Doubt(doubt.to_string()),
        }
    }

    /// What the pay system says of its own accord: verified, opened, typed.
    ///
    /// # Errors
    /// [`CallbackError`], with the status to answer.
    pub fn notice(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Notice, CallbackError> {
        callback(headers, body, self.client.merchant(), now)
    }
}

/// The order of a payout; none where the pay system takes no such one, or where it is over.
#[must_use]
pub fn order(payout: &Payout) -> Option<Order> {
    let number = out_bill_no(payout.id).parse().ok()?;
    Order::new(number, payout.openid.as_deref()?.parse().ok()?, payout.fen).ok()
}

/// A bill as a word.
#[must_use]
pub fn said(bill: Bill) -> Word {
    match bill.state {
        State::WaitUserConfirm { package } => Word::Confirm(package),
        State::Accepted | State::Processing | State::Transfering | State::Canceling => Word::Underway,
        State::Success => Word::Paid,
        State::Fail { reason } => Word::Failed(reason.as_str().to_owned()),
        State::Cancelled => Word::Cancelled,
    }
}
