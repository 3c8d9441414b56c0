//! A thousand who listen at once: how long until each has heard that a case changed.

use crate::Outcome;
use crate::client::{Answer, Device, manifest, new_id};
use crate::server::Running;
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a notice may take at most before the measurement gives up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Reports that are sent, one after the other, each heard by all before the next.
const ROUNDS: usize = 5;

/// One who listens: its connection, and what came last of what it has heard.
struct Listener {
    stream: TcpStream,
    tail: String,
}

impl Listener {
    fn open(host: &str, cookie: &str) -> Outcome<Self> {
        let failed = |error: std::io::Error| format!("a listener could not be opened: {error}");
        let mut stream = TcpStream::connect(host).map_err(failed)?;
        let ask = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nAccept: text/event-stream\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).map_err(failed)?;
        stream.set_nonblocking(true).map_err(failed)?;
        Ok(Self { stream, tail: String::new() })
    }

    /// Whether it has heard this by now.
    fn hears(&mut self, word: &str) -> Outcome<bool> {
        let mut bytes = [0; 4096];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err("the server closed a listener".to_owned()),
                Ok(count) => {
                    self.tail.push_str(&String::from_utf8_lossy(bytes.get(..count).unwrap_or_default()));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(format!("a listener broke: {error}")),
            }
        }
        Ok(self.tail.contains(word))
    }
}

/// What was seen: how many listened, how many notices, and after how many milliseconds they came.
pub(super) fn listeners(running: &Running, cookie: &str, count: usize) -> Outcome<serde_json::Value> {
    let host = running.address.trim_start_matches("http://");
    let mut all = (0..count).map(|_| Listener::open(host, cookie)).collect::<Outcome<Vec<_>>>()?;
    for listener in &mut all {
        let begun = Instant::now();
        while !listener.hears("text/event-stream")? {
            if begun.elapsed() > PATIENCE {
                return Err("a listener was not let in".to_owned());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let mut device = Device::new(&running.address);
    device.remember(cookie);
    let mut waits = Vec::with_capacity(count * ROUNDS);
    for _ in 0..ROUNDS {
        let id = new_id();
        let manifest = manifest("bench", &[]);
        let path = format!("/api/v1/reports/{id}");
        match device.send("PUT", &path, None, manifest.to_string().as_bytes()) {
            Answer::Done(201, _) => {}
            Answer::Done(status, body) => return Err(format!("the report was refused: {status} {body}")),
            Answer::Silence => return Err("the server does not answer".to_owned()),
        }
        let begun = Instant::now();
        let Answer::Done(200, _) = device.send("POST", &format!("{path}/complete"), None, b"{}") else {
            return Err("the report was not completed".to_owned());
        };
        let mut deaf: Vec<&mut Listener> = all.iter_mut().collect();
        while !deaf.is_empty() {
            let mut still = Vec::with_capacity(deaf.len());
            for listener in deaf {
                if listener.hears(&id)? {
                    waits.push(begun.elapsed().as_secs_f64() * 1000.0);
                    listener.tail.clear();
                } else {
                    still.push(listener);
                }
            }
            deaf = still;
            if begun.elapsed() > PATIENCE {
                return Err(format!("{} of {count} listeners heard nothing", deaf.len()));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    waits.sort_by(f64::total_cmp);
    let at =
        |share: usize| waits.get((waits.len() * share / 100).min(waits.len().saturating_sub(1))).copied();
    Ok(json!({
        "listeners": count, "notices": waits.len(),
        "p50_ms": at(50), "p99_ms": at(99), "max_ms": waits.last(),
    }))
}
