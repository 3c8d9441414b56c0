//! One request over one connection: nothing is followed, kept open or tried again here. Whoever calls knows best when to ask
//! again, and must not find that somebody else already did.

use crate::answer::{ANSWER_BYTES_MAX, Answer, Call, Doubt, read};
use crate::merchant::Merchant;
use crate::sign::{Moment, SERIAL, authorization};
use crate::transfer::{Order, PATH, TransferRequest};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// To get a connection, TLS included.
    pub connect: Duration,
    /// From the first byte that is sent to the last of the answer.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), answer: Duration::from_secs(15) }
    }
}

/// TLS can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("TLS towards WeChat Pay can't be set up: {0}")]
pub struct ClientError(#[from] tokio_rustls::rustls::Error);

/// Asks WeChat Pay for one merchant.
#[derive(Clone)]
pub struct Client {
    merchant: Arc<Merchant>,
    tls: TlsConnector,
    limits: Limits,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("merchant", &self.merchant).finish_non_exhaustive()
    }
}

/// An answer as it came in.
struct Came {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    /// A client that trusts the public authorities.
    ///
    /// # Errors
    /// [`ClientError`] where TLS can't be set up.
    pub fn new(merchant: Arc<Merchant>, limits: Limits) -> Result<Self, ClientError> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self::trusting(merchant, limits, roots)
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
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { merchant, tls: TlsConnector::from(Arc::new(config)), limits })
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
            .header(HOST, &merchant.base.authority)
            .header(AUTHORIZATION, authorization)
            .header(SERIAL, &merchant.answers_by)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("woodlark-pay/", env!("CARGO_PKG_VERSION")))
            .header(CONNECTION, "close")
            .body(Full::new(body))
            .map_err(|_| Doubt::NotMade("a header can't be written"))?;
        let reached = timeout(self.limits.connect, self.connect()).await;
        let stream =
            reached.unwrap_or_else(|_| Err(Doubt::NotReached("no connection in time".to_owned())))?;
        timeout(self.limits.answer, exchange(stream, request)).await.unwrap_or(Err(Doubt::TimedOut))
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, Doubt> {
        let not_reached = |error: std::io::Error| Doubt::NotReached(error.to_string());
        let base = &self.merchant.base;
        let stream = TcpStream::connect((base.host.as_str(), base.port)).await.map_err(not_reached)?;
        if !base.tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(base.host.clone())
            .map_err(|_| Doubt::NotReached("base names no host that a certificate could name".to_owned()))?;
        Ok(Box::new(self.tls.connect(name, stream).await.map_err(not_reached)?))
    }
}

/// A connection, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Sends one request and reads its answer. Given up half-way, the connection is closed with it.
async fn exchange(stream: Box<dyn Stream>, request: Request<Full<Bytes>>) -> Result<Came, Doubt> {
    let cut = |error: hyper::Error| Doubt::Cut(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(cut)?;
    // A task of a set is ended when the set is dropped.
    let mut driven = JoinSet::new();
    driven.spawn(connection);
    let (head, body) = sender.send_request(request).await.map(Response::into_parts).map_err(cut)?;
    let body = whole(body).await?;
    Ok(Came { status: head.status, headers: head.headers, body })
}

async fn whole(body: Incoming) -> Result<Bytes, Doubt> {
    let collected = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() { Doubt::TooLong } else { Doubt::Cut(error.to_string()) }
    })
}
