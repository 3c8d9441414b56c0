//! What a stand-in of somebody else's server is made of: a door on this machine, and answers that may end too early.

use bytes::Bytes;
use core::convert::Infallible;
use core::pin::Pin;
use core::task::{Context, Poll};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use std::io;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The body of an answer, which may end too early.
#[derive(Debug)]
pub struct Sent {
    data: Option<Bytes>,
    promised: u64,
    cut: bool,
}

impl Sent {
    /// A body that comes whole.
    #[must_use]
    pub fn whole(bytes: Bytes) -> Self {
        Self { promised: bytes.len() as u64, data: Some(bytes), cut: false }
    }

    /// The same body, but for a connection that is cut after its first half.
    #[must_use]
    pub fn halved(self) -> Self {
        let data = self.data.map(|bytes| bytes.slice(..bytes.len() / 2));
        Self { data, cut: true, ..self }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        Poll::Ready(self.cut.then(|| Err(io::Error::other("cut"))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && !self.cut
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

/// Takes connections in until it is ended, and each of them with it. An error instead of an answer cuts the connection.
pub async fn listen<F>(
    listener: TcpListener,
    serve: impl Fn(Request<Incoming>) -> F + Clone + Send + 'static,
) -> Result<Infallible, io::Error>
where
    F: Future<Output = io::Result<Response<Sent>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        while connections.try_join_next().is_some() {}
        let service = hyper::service::service_fn(serve.clone());
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(hyper_util::rt::TokioIo::new(stream), service);
        connections.spawn(async move {
            // A connection that was cut on purpose ends in an error.
            let _ = connection.await;
        });
    }
}
