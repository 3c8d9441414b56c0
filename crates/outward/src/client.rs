//! One request over one connection.

use crate::base::Base;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderValue};
use hyper::{HeaderMap, Request, Response, StatusCode};
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
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// How long a request may take.
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

/// Why there is no whole answer. Only the first two prove that nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// No connection came about.
    #[error("no connection came about: {0}. See that this machine reaches the network")]
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
    /// The answer is longer than was allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// An answer as it came in.
#[derive(Debug, Clone)]
pub struct Came {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Bytes,
}

/// Makes requests.
#[derive(Clone)]
pub struct Client {
    tls: TlsConnector,
    limits: Limits,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the public authorities: the same on each machine.
    ///
    /// # Errors
    /// Where TLS can't be set up.
    pub fn new(limits: Limits) -> Result<Self, rustls::Error> {
        Self::trusting(limits, RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    /// A client that trusts these authorities and no others: behind a proxy of one's own, and in tests.
    ///
    /// # Errors
    /// Where TLS can't be set up.
    pub fn trusting(limits: Limits, roots: RootCertStore) -> Result<Self, rustls::Error> {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), limits })
    }

    /// Sends one request, whose address is a path, and reads its answer up to so many bytes. Given up half-way, the
    /// connection is closed with it.
    ///
    /// # Errors
    /// [`Lost`]; no error says anything of the request itself, for secrets may stand there.
    pub async fn send(
        &self,
        base: &Base,
        mut request: Request<Full<Bytes>>,
        longest: usize,
    ) -> Result<Came, Lost> {
        let host = HeaderValue::from_str(&base.authority);
        request.headers_mut().insert(HOST, host.map_err(|_| Lost::NotMade("a header can't be written"))?);
        request.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        let reached = timeout(self.limits.connect, self.connect(base)).await;
        let stream = reached.unwrap_or_else(|_| Err(Lost::NotReached("no connection in time".to_owned())))?;
        timeout(self.limits.answer, exchange(stream, request, longest)).await.unwrap_or(Err(Lost::TimedOut))
    }

    async fn connect(&self, base: &Base) -> Result<Box<dyn Stream>, Lost> {
        let not_reached = |error: std::io::Error| Lost::NotReached(error.to_string());
        let stream = TcpStream::connect((base.host.as_str(), base.port)).await.map_err(not_reached)?;
        if !base.tls {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(base.host.clone())
            .map_err(|_| Lost::NotReached("base names no host that a certificate could name".to_owned()))?;
        Ok(Box::new(self.tls.connect(name, stream).await.map_err(not_reached)?))
    }
}

/// A connection, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

async fn exchange(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
    longest: usize,
) -> Result<Came, Lost> {
    let cut = |error: hyper::Error| Lost::Cut(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(cut)?;
    // A task of a set is ended when the set is dropped.
    let mut driven = JoinSet::new();
    driven.spawn(connection);
    let (head, body) = sender.send_request(request).await.map(Response::into_parts).map_err(cut)?;
    let body = whole(body, longest).await?;
    Ok(Came { status: head.status, headers: head.headers, body })
}

async fn whole(body: Incoming, longest: usize) -> Result<Bytes, Lost> {
    let collected = Limited::new(body, longest).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() { Lost::TooLong(longest) } else { Lost::Cut(error.to_string()) }
    })
}
