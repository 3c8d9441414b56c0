//! The listener: a limit on connections, a time limit on headers, TLS where it is wanted, and an orderly end.

use crate::edge::ClientAddress;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// How long a client may take for its request's head, or for its TLS handshake.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long requests under way may take to end once the server is to stop.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// What the listener needs to know.
pub struct Listen {
    /// Bound already, so that its address is known.
    pub listener: TcpListener,
    /// For HTTPS.
    pub tls: Option<TlsAcceptor>,
    /// Connections held at once; more wait in the system's own queue.
    pub connections: usize,
    /// Take the client's address from the proxy on this machine.
    pub behind_proxy: bool,
}

/// Serves until `stop` turns true, then lets what is under way end.
pub async fn serve(listen: Listen, router: Router, mut stop: watch::Receiver<bool>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(Duration::from_secs(30)));
    let builder = Arc::new(builder);
    let graceful = Arc::new(GracefulShutdown::new());
    let seats = Arc::new(Semaphore::new(listen.connections));
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listen.listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, mostly: wait for some to come back rather than spin.
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = Connection {
            stream,
            peer,
            tls: listen.tls.clone(),
            behind_proxy: listen.behind_proxy,
            router: router.clone(),
            seat,
        };
        tokio::spawn(connection.run(Arc::clone(&builder), Arc::clone(&graceful)));
    }
    drop(listen.listener);
    // Connections that are still in their handshake hold a clone; they end by their own time limit.
    if let Some(graceful) = Arc::into_inner(graceful)
        && tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await.is_err()
    {
        tracing::warn!("some requests did not end in time");
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    behind_proxy: bool,
    router: Router,
    seat: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(self, builder: Arc<Builder<TokioExecutor>>, graceful: Arc<GracefulShutdown>) {
        let _ = self.stream.set_nodelay(true);
        let Self { stream, peer, tls, behind_proxy, router, seat } = self;
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            let address = if behind_proxy { forwarded(&request).unwrap_or(peer.ip()) } else { peer.ip() };
            request.extensions_mut().insert(ClientAddress(address));
            router.clone().oneshot(request)
        });
        let watcher = graceful.watcher();
        drop(graceful);
        let ended = match tls {
            None => watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned()).await,
            Some(tls) => match tokio::time::timeout(HEAD_TIME, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    watcher.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned()).await
                }
                Ok(Err(_)) | Err(_) => return,
            },
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %peer, "connection ended");
        }
        drop(seat);
    }
}

/// The address that a proxy on this machine saw: the last one it appended.
fn forwarded(request: &Request) -> Option<IpAddr> {
    let header = request.headers().get("x-forwarded-for")?.to_str().ok()?;
    header.rsplit(',').next()?.trim().parse().ok()
}
