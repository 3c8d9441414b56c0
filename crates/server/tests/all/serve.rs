//! The listener: what is under way ends before the server does, and more than it can hold waits.

use axum::Router;
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use woodlark_server::serve::{Listen, serve};

const PATIENCE: Duration = Duration::from_secs(20);

struct Running {
    address: std::net::SocketAddr,
    stop: watch::Sender<bool>,
    entered: Arc<Notify>,
    release: Arc<Notify>,
    ended: tokio::task::JoinHandle<()>,
}

async fn start(connections: usize) -> Running {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, gate) = (entered.clone(), release.clone());
    let slow = move || {
        let (inside, gate) = (inside.clone(), gate.clone());
        async move {
            inside.notify_one();
            gate.notified().await;
            "done"
        }
    };
    let router = Router::new().route("/slow", get(slow)).route("/quick", get(async || "quick"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let ended = tokio::spawn(serve(
        Listen { listener, tls: None, connections, behind_proxy: false },
        router,
        stopped,
    ));
    Running { address, stop, entered, release, ended }
}

async fn ask(address: std::net::SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes())
        .await
        .unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut text)).await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn a_request_under_way_gets_its_answer_before_the_server_ends() {
    let server = start(10).await;
    let waiting = ask(server.address, "/slow").await;
    timeout(PATIENCE, server.entered.notified()).await.unwrap();
    server.stop.send(true).unwrap();
    assert!(!server.ended.is_finished());
    server.release.notify_one();
    assert!(answer(waiting).await.ends_with("done"));
    timeout(PATIENCE, server.ended).await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody new is let in");
}

#[tokio::test]
async fn more_connections_than_there_are_places_wait_their_turn_and_are_served() {
    let server = start(1).await;
    let first = ask(server.address, "/slow").await;
    timeout(PATIENCE, server.entered.notified()).await.unwrap();
    let second = ask(server.address, "/quick").await;
    server.release.notify_one();
    assert!(answer(first).await.ends_with("done"));
    assert!(answer(second).await.ends_with("quick"));
}
