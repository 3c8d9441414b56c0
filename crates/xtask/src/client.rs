//! A small client of the API, for the tasks that measure: one device with its cookie.

use crate::Outcome;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::http::Response;
use ureq::{Agent, Body};

/// A device: its address book is one server, its memory one cookie.
pub(crate) struct Device {
    agent: Agent,
    address: String,
    cookie: Option<String>,
}

/// What a request came to.
pub(crate) enum Answer {
    /// The server's word.
    Done(u16, Value),
    /// No word: the connection broke, and whatever was sent may or may not have counted.
    Silence,
}

impl Device {
    pub(crate) fn new(address: &str) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .max_idle_connections(1)
            .build()
            .new_agent();
        Self { agent, address: address.to_owned(), cookie: None }
    }

    /// Turns to a server that came up again elsewhere.
    pub(crate) fn turn_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Takes on a cookie that was made elsewhere.
    pub(crate) fn remember(&mut self, cookie: &str) {
        self.cookie = Some(cookie.to_owned());
    }

    /// Makes an account.
    pub(crate) fn sign_in(&mut self) -> Outcome {
        match self.send("POST", "/api/v1/session", None, &[]) {
            Answer::Done(200 | 201, _) => Ok(()),
            Answer::Done(status, body) => Err(format!("no account was made: {status} {body}")),
            Answer::Silence => Err("the server does not answer".to_owned()),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.read(request.call())
    }

    /// The bytes at a path, where the answer is 200.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        let mut request = self.agent.get(format!("{}{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let mut response = request.call().ok().filter(|response| response.status() == 200)?;
        response.body_mut().read_to_vec().ok()
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, offset: Option<u64>, body: &[u8]) -> Answer {
        let url = format!("{}{path}", self.address);
        let mut request = if method == "PUT" { self.agent.put(url) } else { self.agent.post(url) };
        request = match offset {
            Some(offset) => request
                .header("upload-offset", offset.to_string())
                .header("content-type", "application/octet-stream"),
            None => request.header("content-type", "application/json"),
        };
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = request.send(body);
        self.read(answer)
    }

    fn read(&mut self, answer: Result<Response<Body>, ureq::Error>) -> Answer {
        let Ok(mut response) = answer else { return Answer::Silence };
        if let Some(cookie) = response.headers().get("set-cookie").and_then(|value| value.to_str().ok()) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let status = response.status().as_u16();
        match response.body_mut().read_to_string() {
            Ok(text) => Answer::Done(status, serde_json::from_str(&text).unwrap_or(Value::Null)),
            Err(_) => Answer::Silence,
        }
    }
}

/// A new UUIDv7 as text.
pub(crate) fn new_id() -> String {
    let mut bytes = [0u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    for (byte, time) in bytes.iter_mut().zip(now.to_be_bytes().into_iter().skip(10)) {
        *byte = time;
    }
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = *version & 0x0f | 0x70;
    *variant = *variant & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// The lower-case hexadecimal SHA-256 of a file.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A manifest with these words and photos (their hashes and lengths).
pub(crate) fn manifest(words: &str, photos: &[(String, usize)]) -> Value {
    let attachments: Vec<Value> = photos
        .iter()
        .map(|(hash, bytes)| json!({ "hash": hash, "role": "photo", "media_type": "image/jpeg", "bytes": bytes }))
        .collect();
    json!({
        "kind": "problem", "words": words, "category": "C0110", "visibility": "public", "attachments": attachments,
        "place": { "fix": { "raw": { "lon": 121.458, "lat": 30.915 }, "datum": "wgs84", "source": "device", "accuracy_m": 12.0 } },
        "reported_at": 1_763_900_000_000_000_i64, "door": "browser", "language": "zh"
    })
}
