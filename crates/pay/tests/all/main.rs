//! The client against the stand-in: every fault at every call, callbacks right and wrong, the merchant's file, signatures
//! held against other code than the client's.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says plainly what it expects")]

mod callbacks;
mod careful;
mod faults;
mod merchant;
mod signatures;
mod story;
mod tls;

use std::cell::Cell;
use std::sync::Arc;
use woodlark_domain::Timestamp;
use woodlark_pay::standin::StandIn;
use woodlark_pay::{Answer, Doubt, Refusal};
use woodlark_pay::{Bill, Client, Limits, Merchant, Moment, Nonce, Order, TransferRequest};

/// Monday, the 5th of January 2026, nine in the morning in Shanghai.
const NOW: Timestamp = Timestamp(1_767_574_800 * Timestamp::SECOND);
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

/// A stand-in, and a client of it.
struct World {
    pay: StandIn,
    merchant: Arc<Merchant>,
    client: Client,
    nonces: Cell<u128>,
}

impl World {
    async fn new() -> Self {
        let pay = StandIn::start(NOW).await.unwrap();
        let merchant = Arc::new(pay.merchant().unwrap());
        let client = Client::new(Arc::clone(&merchant), Limits::default()).unwrap();
        Self { pay, merchant, client, nonces: Cell::new(0) }
    }

    /// The stand-in's time, and a nonce of its own.
    fn moment(&self) -> Moment {
        self.nonces.set(self.nonces.get() + 1);
        Moment { now: self.pay.now(), nonce: Nonce(self.nonces.get().to_be_bytes()) }
    }

    fn request(&self, number: &str) -> TransferRequest {
        TransferRequest::new(&self.merchant, order(number))
    }

    async fn transfer(&self, number: &str) -> Answer {
        self.client.transfer(&self.request(number), self.moment()).await
    }

    async fn query(&self, number: &str) -> Answer {
        self.client.query(&order(number), self.moment()).await
    }

    async fn cancel(&self, number: &str) -> Answer {
        self.client.cancel(&order(number), self.moment()).await
    }
}

fn order(number: &str) -> Order {
    Order::new(number.parse().unwrap(), OPENID.parse().unwrap(), 500).unwrap()
}

#[track_caller]
fn said(answer: Answer) -> Bill {
    match answer {
        Answer::Said(bill) => bill,
        other @ (Answer::Refused(_) | Answer::Doubt(_)) => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(refusal) => refusal,
        other @ (Answer::Said(_) | Answer::Doubt(_)) => panic!("{other:?}"),
    }
}

#[track_caller]
fn doubt(answer: Answer) -> Doubt {
    match answer {
        Answer::Doubt(doubt) => doubt,
        other @ (Answer::Said(_) | Answer::Refused(_)) => panic!("{other:?}"),
    }
}
