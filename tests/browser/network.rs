//! The network between browser and server, as bad as it has to be: it loses replies, breaks uploads off half way,
//! puts a sign-in page in the place of every answer, or is not there at all. It counts what passes.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The server gets it and answers; the answer is lost.
    LoseReply,
    /// Half of the body reaches the server; then nothing moves until [`Network::heal`].
    StallHalfWay,
    /// The server never hears of it; this status and JSON come back.
    Answer(u16, &'static str),
}

/// What passes at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Open,
    Dead,
    Portal,
}

/// A request that was seen.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `PUT`.
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    /// The status that went back to the browser; none if nothing did.
    pub(crate) status: Option<u16>,
}

struct Rule {
    method: &'static str,
    part: &'static str,
    skip: u32,
    times: u32,
    act: Act,
}

struct State {
    mode: Mode,
    rules: Vec<Rule>,
    seen: Vec<Seen>,
    stalled: u32,
}

/// The network.
pub(crate) struct Network {
    /// What the browser opens: `http://127.0.0.1:PORT`.
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
    healed: watch::Sender<u32>,
}

impl Network {
    /// A place for a network, and what browsers will open there.
    pub(crate) async fn place() -> (TcpListener, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        (listener, address)
    }

    /// A good network at this place before the server at this port.
    pub(crate) fn start(listener: TcpListener, server: u16) -> Self {
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = State { mode: Mode::Open, rules: Vec::new(), seen: Vec::new(), stalled: 0 };
        let state = Arc::new(Mutex::new(state));
        let (healed, watching) = watch::channel(0);
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (state, healed) = (Arc::clone(&shared), watching.clone());
                tokio::spawn(async move { drop(carry(client, server, state, healed).await) });
            }
        });
        Self { address, state, healed }
    }

    /// Does this to the next `times` requests of a method whose path holds a part, after letting `skip` through.
    pub(crate) fn disturb(&self, method: &'static str, part: &'static str, skip: u32, times: u32, act: Act) {
        self.state().rules.push(Rule { method, part, skip, times, act });
    }

    /// Nothing is disturbed any more; what is stalled breaks off.
    pub(crate) fn heal(&self) {
        let mut state = self.state();
        state.rules.clear();
        state.mode = Mode::Open;
        drop(state);
        self.healed.send_modify(|count| *count += 1);
    }

    /// No request gets through.
    pub(crate) fn die(&self) {
        self.state().mode = Mode::Dead;
    }

    /// Every request is answered with a page, and status 200.
    pub(crate) fn sign_in_page(&self) {
        self.state().mode = Mode::Portal;
    }

    /// How many requests are stalled.
    pub(crate) fn stalled(&self) -> u32 {
        self.state().stalled
    }

    /// The requests of a method whose path holds a part.
    pub(crate) fn seen(&self, method: &str, part: &str) -> Vec<Seen> {
        let state = self.state();
        state.seen.iter().filter(|seen| seen.method == method && seen.path.contains(part)).cloned().collect()
    }

    /// Forgets what was seen so far.
    pub(crate) fn forget(&self) {
        self.state().seen.clear();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    /// What happens to this request.
    fn act(&mut self, method: &str, path: &str) -> Option<Act> {
        let rule = self
            .rules
            .iter_mut()
            .find(|rule| rule.times > 0 && rule.method == method && path.contains(rule.part))?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        rule.times -= 1;
        Some(rule.act)
    }
}

/// Carries one request; each connection is good for one.
async fn carry(
    mut client: TcpStream,
    server: u16,
    state: Arc<Mutex<State>>,
    mut healed: watch::Receiver<u32>,
) -> std::io::Result<()> {
    let lock = || state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (head, mut body) = read_head(&mut client).await?;
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or("").to_owned(), words.next().unwrap_or("").to_owned());
    let length = header(&head, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let (mode, act, index) = {
        let mut state = lock();
        let index = state.seen.len();
        state.seen.push(Seen { method: method.clone(), path: path.clone(), status: None });
        let act = state.act(&method, &path);
        (state.mode, act, index)
    };
    if mode == Mode::Dead {
        return Ok(());
    }
    let note = |status: u16| {
        if let Some(seen) = lock().seen.get_mut(index) {
            seen.status = Some(status);
        }
    };
    if mode == Mode::Portal {
        read_to(&mut client, &mut body, length).await?;
        note(200);
        let page = "<!doctype html><title>WiFi</title><h1>请登录网络</h1>";
        return answer(&mut client, 200, "text/html", page).await;
    }
    if let Some(Act::Answer(status, json)) = act {
        read_to(&mut client, &mut body, length).await?;
        note(status);
        return answer(&mut client, status, "application/json", json).await;
    }
    let mut upstream = TcpStream::connect(("127.0.0.1", server)).await?;
    upstream.write_all(once(&head).as_bytes()).await?;
    if act == Some(Act::StallHalfWay) {
        healed.mark_unchanged();
        read_to(&mut client, &mut body, length / 2).await?;
        body.truncate(length / 2);
        upstream.write_all(&body).await?;
        lock().stalled += 1;
        let _ = healed.changed().await;
        lock().stalled -= 1;
        return Ok(());
    }
    read_to(&mut client, &mut body, length).await?;
    upstream.write_all(&body).await?;
    if act == Some(Act::LoseReply) {
        let mut lost = Vec::new();
        upstream.read_to_end(&mut lost).await?;
        return Ok(());
    }
    let mut first = true;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = upstream.read(&mut piece).await?;
        if read == 0 {
            return client.shutdown().await;
        }
        if core::mem::take(&mut first) {
            note(String::from_utf8_lossy(piece.get(9..12).unwrap_or_default()).parse().unwrap_or(0));
        }
        client.write_all(&piece[..read]).await?;
    }
}

async fn answer(client: &mut TcpStream, status: u16, media_type: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} As-asked\r\ncontent-type: {media_type}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    client.write_all((head + body).as_bytes()).await?;
    client.shutdown().await
}

async fn read_head(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), body));
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn read_to(client: &mut TcpStream, body: &mut Vec<u8>, length: usize) -> std::io::Result<()> {
    while body.len() < length {
        if client.read_buf(body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The same head, for a connection that ends with its answer.
fn once(head: &str) -> String {
    let kept =
        head.lines().filter(|line| !line.is_empty() && !line.to_ascii_lowercase().starts_with("connection:"));
    kept.fold(String::new(), |all, line| all + line + "\r\n") + "connection: close\r\n\r\n"
}
