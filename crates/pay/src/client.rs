//! Asks WeChat Pay: each call is one request over one connection (`woodlark-outward`), signed over exactly what is sent.

use crate::answer::{ANSWER_BYTES_MAX, Answer, Call, Doubt, read};
use crate::merchant::Merchant;
use crate::sign::{Moment, SERIAL, authorization};
use crate::transfer::{Order, PATH, TransferRequest};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use hyper::{Method, Request};
use std::sync::Arc;
use tokio_rustls::rustls::RootCertStore;
use woodlark_outward::{Came, Lost};

pub use woodlark_outward::Limits;

/// TLS can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS towards WeChat Pay can't be set up: {0}")]
pub struct ClientError(#[from] tokio_rustls::rustls::Error);

/// Asks WeChat Pay for one merchant.
#[derive(Clone)]
pub struct Client {
    merchant: Arc<Merchant>,
    outward: woodlark_outward::Client,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("merchant", &self.merchant).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the public authorities.
    ///
    /// # Errors
    /// [`ClientError`] where TLS can't be set up.
    pub fn new(merchant: Arc<Merchant>, limits: Limits) -> Result<Self, ClientError> {
        Ok(Self { merchant, outward: woodlark_outward::Client::new(limits)? })
    }

    /// A client that trusts these authorities and no others: behind a proxy of one's own, and in tests.
    ///
    /// # Errors
    /// [`ClientError`] where TLS can't be set up.
    pub fn trusting(
        merchant: Arc<Merchant>,
        limits: Limits,
        roots: RootCertStore,
    ) -> Result<Self, ClientError> {
        Ok(Self { merchant, outward: woodlark_outward::Client::trusting(limits, roots)? })
    }

    /// The merchant that pays.
    #[must_use]
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// Asks for a transfer. Its order must be written down before: whatever happens here, it may have arrived.
    pub async fn transfer(&self, request: &TransferRequest, moment: Moment) -> Answer {
        let order = request.order();
        self.ask(Call::Transfer, order, Method::POST, PATH.to_owned(), request.body().clone(), moment).await
    }

    /// Asks how an order's bill stands. WeChat Pay knows a bill for thirty days.
    pub async fn query(&self, order: &Order, moment: Moment) -> Answer {
        self.ask(Call::Query, order, Method::GET, order.path(), Bytes::new(), moment).await
    }

    /// Asks to take a bill back that nobody has confirmed. What comes of it, a query says.
    pub async fn cancel(&self, order: &Order, moment: Moment) -> Answer {
        let path = format!("{}/cancel", order.path());
        self.ask(Call::Cancel, order, Method::POST, path, Bytes::new(), moment).await
    }

    async fn ask(
        &self,
        call: Call,
        order: &Order,
        method: Method,
        path: String,
        body: Bytes,
        moment: Moment,
    ) -> Answer {
        match self.send(method, path, body, moment).await {
            Ok(came) => read(call, order, &self.merchant, came.status, &came.headers, &came.body, moment.now),
            Err(doubt) => Answer::Doubt(doubt),
        }
    }

    async fn send(&self, method: Method, path: String, body: Bytes, moment: Moment) -> Result<Came, Doubt> {
        let merchant = &*self.merchant;
        let authorization = authorization(merchant, method.as_str(), &path, &body, moment)
            .ok_or(Doubt::NotMade("the merchant's key can't sign"))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, authorization)
            .header(SERIAL, &merchant.answers_by)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("woodlark-pay/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(body))
            .map_err(|_| Doubt::NotMade("a header can't be written"))?;
        Ok(self.outward.send(&merchant.base, request, ANSWER_BYTES_MAX).await?)
    }
}

impl From<Lost> for Doubt {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::NotReached(why) => Self::NotReached(why),
            Lost::NotMade(why) => Self::NotMade(why),
            Lost::Cut(why) => Self::Cut(why),
            Lost::TimedOut => Self::TimedOut,
            Lost::TooLong(_) => Self::TooLong,
        }
    }
}
