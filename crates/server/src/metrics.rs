//! Figures for Prometheus, on a port of the loopback address that no resident reaches.

use crate::start::StartError;
use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Serves `/metrics` until `stop` turns true.
///
/// # Errors
/// [`StartError`] when the port cannot be had.
pub async fn serve(port: u16, mut stop: watch::Receiver<bool>) -> Result<(), StartError> {
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| StartError::Said(format!("metrics cannot be recorded: {error}")))?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await.map_err(|cause| StartError::Listen { address, cause })?;
    let router = Router::new().route("/metrics", get(move || std::future::ready(handle.render())));
    tokio::spawn(async move {
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::warn!(%error, "metrics ended");
        }
    });
    Ok(())
}
