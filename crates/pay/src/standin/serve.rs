//! The stand-in's door: who asks, whether the signature is theirs, and the answer, right or wrong as it was told.

use super::books::{Reply, refused};
use super::fault::{Effect, Fault};
use super::keys::{is_signed, sign};
use super::{Inner, Shared};
use crate::answer::{ANSWER_BYTES_MAX, Call};
use crate::sign::{
    NONCE, SCHEME, SERIAL, SIGNATURE, SIGNATURE_TYPE, TIMESTAMP, WINDOW_SECONDS, answer_lines, seconds,
};
use crate::transfer::PATH;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use hyper::{Method, Request, Response};
use serde_json::{Value, json};
use std::io;
use std::sync::Arc;
use woodlark_outward::standin::Sent;

/// A request that was told to wait.
#[derive(Debug)]
pub(super) struct Held {
    call: Call,
    number: String,
    body: Bytes,
    /// Whether it still has to be done.
    undone: bool,
}

/// What is asked for by this path.
fn route(method: &Method, path: &str) -> Option<(Call, String)> {
    if *method == Method::POST && path == PATH {
        return Some((Call::Transfer, String::new()));
    }
    let rest = path.strip_prefix(PATH)?.strip_prefix("/out-bill-no/")?;
    match (method.as_str(), rest.strip_suffix("/cancel")) {
        ("POST", Some(number)) => Some((Call::Cancel, number.to_owned())),
        ("GET", None) => Some((Call::Query, rest.to_owned())),
        _ => None,
    }
}

/// The number that the body of a transfer says.
fn number_in(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("out_bill_no").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Answers one request; an error cuts the connection.
pub(super) async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Sent>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().map_or("", |path| path.as_str());
    let authorization =
        head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Err(why) = shared.admit(head.method.as_str(), path, authorization, &body) {
        shared.inner().turned_away.push(why.to_owned());
        return shared.answer(refused(401, "SIGN_ERROR"), None);
    }
    let Some((call, number)) = route(&head.method, path) else {
        return shared.answer(refused(404, "RESOURCE_NOT_EXISTS"), None);
    };
    let number = if call == Call::Transfer { number_in(&body) } else { number };
    let fault = shared.inner().fault(call, &number);
    match fault.map(Fault::effect) {
        None => {
            let reply = shared.carry_out(call, &number, &body);
            shared.answer(reply, None)
        }
        Some(effect) => shared.misbehave(fault, effect, call, number, body).await,
    }
}

impl Shared {
    /// Whether the merchant has signed this request, just now and for the first time. Reads what came in, not what the
    /// client meant to send.
    fn admit(&self, method: &str, path: &str, authorization: &str, body: &[u8]) -> Result<(), &'static str> {
        let fields =
            authorization.strip_prefix(SCHEME).and_then(|rest| rest.strip_prefix(' ')).ok_or("scheme")?;
        let field = |name: &str| {
            let mut of_it =
                fields.split(',').filter_map(|field| field.strip_prefix(name)?.strip_prefix("=\""));
            of_it.next().and_then(|value| value.strip_suffix('"')).filter(|_| of_it.next().is_none())
        };
        let timestamp = field("timestamp").ok_or("no timestamp")?;
        let nonce = field("nonce_str").ok_or("no nonce")?;
        if field("mchid") != Some(super::MCHID) {
            return Err("mchid");
        }
        if field("serial_no") != Some(super::MERCHANT_SERIAL) {
            return Err("serial");
        }
        let signed_at: i64 = timestamp.parse().map_err(|_| "timestamp")?;
        if signed_at.abs_diff(seconds(self.now())) >= WINDOW_SECONDS.unsigned_abs() {
            return Err("stale");
        }
        let mut lines = Vec::new();
        for line in [method.as_bytes(), path.as_bytes(), timestamp.as_bytes(), nonce.as_bytes(), body] {
            lines.extend_from_slice(line);
            lines.push(b'\n');
        }
        if !is_signed(&self.keys.merchant, &lines, field("signature").ok_or("no signature")?) {
            return Err("signature");
        }
        if self.inner().nonces.insert(nonce.to_owned()) { Ok(()) } else { Err("nonce again") }
    }

    pub(super) fn carry_out(&self, call: Call, number: &str, body: &[u8]) -> Reply {
        let now = self.now();
        self.inner().books.carry_out(call, number, body, (super::APPID, super::MCHID), now)
    }

    /// Does what was held back, and lets the answers go.
    pub(super) fn release(&self) {
        let held = core::mem::take(&mut self.inner().held);
        for held in held.into_iter().filter(|held| held.undone) {
            self.carry_out(held.call, &held.number, &held.body);
        }
        self.released.notify_waiters();
    }

    async fn misbehave(
        &self,
        fault: Option<Fault>,
        effect: Effect,
        call: Call,
        number: String,
        body: Bytes,
    ) -> io::Result<Response<Sent>> {
        let mut reply = match effect {
            Effect::Done => self.carry_out(call, &number, &body),
            Effect::None | Effect::Later => refused(404, "NOT_FOUND"),
        };
        if fault.is_some_and(Fault::holds) {
            // Asked for before others are told: whoever releases at once must still wake this one.
            let mut released = core::pin::pin!(self.released.notified());
            released.as_mut().enable();
            let undone = effect == Effect::Later;
            self.inner().held.push(Held { call, number: number.clone(), body, undone });
            self.holding.notify_one();
            released.await;
            if undone {
                reply = self.carry_out(Call::Query, &number, b"");
            }
        }
        self.answer(reply, fault)
    }

    /// The answer, as right or as wrong as this fault makes it.
    fn answer(&self, (status, mut said): Reply, fault: Option<Fault>) -> io::Result<Response<Sent>> {
        let mut signing =
            Signing { key: &self.keys.platform, serial: super::PLATFORM_KEY, aside: 0, over: None };
        let mut status = status;
        let mut bytes = None;
        let mut cut = false;
        let set = |said: &mut Value, name: &str, value: Value| {
            if let Some(said) = said.as_object_mut() {
                said.insert(name.to_owned(), value);
            }
        };
        let mut refuse = |with: u16, code: &str| (status, said) = refused(with, code);
        match fault {
            None | Some(Fault::HeldBefore | Fault::HeldAfter) => {}
            Some(Fault::CutBefore | Fault::CutAfter) => return Err(io::Error::other("cut")),
            Some(Fault::ServerErrorBefore | Fault::ServerErrorAfter) => refuse(500, "SYSTEM_ERROR"),
            Some(Fault::Redirect) => status = 302,
            Some(Fault::UnknownCodeBefore | Fault::UnknownCodeAfter) => refuse(400, "SOMETHING_NEW"),
            Some(Fault::TooOften) => refuse(429, "FREQUENCY_LIMITED"),
            Some(Fault::NotEnough) => refuse(403, "NOT_ENOUGH"),
            Some(Fault::ParamError) => refuse(400, "PARAM_ERROR"),
            Some(Fault::NotFound) => refuse(404, "NOT_FOUND"),
            Some(Fault::ForgedRefusal) => {
                refuse(404, "NOT_FOUND");
                signing.serial = "";
            }
            Some(Fault::CutWithin) => cut = true,
            Some(Fault::Unsigned) => signing.serial = "",
            Some(Fault::BadlySigned) => signing.over = Some(b"{}"),
            Some(Fault::UnknownKey) => signing.serial = "PUB_KEY_ID_OTHER",
            Some(Fault::Stale) => signing.aside = -WINDOW_SECONDS,
            Some(Fault::Ahead) => signing.aside = WINDOW_SECONDS,
            Some(Fault::Garbage) => bytes = Some(Bytes::from_static(b"<html>")),
            Some(Fault::Empty) => bytes = Some(Bytes::new()),
            Some(Fault::TooLong) => bytes = Some(vec![b' '; ANSWER_BYTES_MAX + 1].into()),
            Some(Fault::WrongNumber) => set(&mut said, "out_bill_no", json!("another")),
            Some(Fault::WrongAmount) => set(&mut said, "transfer_amount", json!(20_001)),
            Some(Fault::WrongMerchant) => set(&mut said, "mch_id", json!("1900000002")),
            Some(Fault::UnknownState) => set(&mut said, "state", json!("SOMETHING_NEW")),
        }
        let bytes = bytes.map_or_else(|| serde_json::to_vec(&said).map(Bytes::from), Ok)?;
        let mut response = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
        if status == 302 {
            response = response.header(LOCATION, "/elsewhere");
        }
        for (name, value) in signing.headers(self, &bytes)? {
            response = response.header(name, value);
        }
        let sent = Sent::whole(bytes);
        response.body(if cut { sent.halved() } else { sent }).map_err(io::Error::other)
    }
}

/// How something is signed, and what is wrong with it.
pub(super) struct Signing<'a> {
    pub(super) key: &'a rsa::PrivateKey,
    /// The key's id; none where nothing is signed.
    pub(super) serial: &'a str,
    /// How many seconds from now it says it is.
    pub(super) aside: i64,
    /// What is signed instead of the body.
    pub(super) over: Option<&'a [u8]>,
}

impl Signing<'_> {
    /// The headers of a signature over these bytes.
    pub(super) fn headers(
        &self,
        shared: &Shared,
        bytes: &[u8],
    ) -> io::Result<Vec<(hyper::header::HeaderName, String)>> {
        if self.serial.is_empty() {
            return Ok(Vec::new());
        }
        let timestamp = (seconds(shared.now()) + self.aside).to_string();
        let nonce = format!("answer{}", shared.inner().next());
        let signature = sign(self.key, &answer_lines(&timestamp, &nonce, self.over.unwrap_or(bytes)))?;
        Ok(vec![
            (TIMESTAMP, timestamp),
            (NONCE, nonce),
            (SERIAL, self.serial.to_owned()),
            (SIGNATURE, signature),
            (SIGNATURE_TYPE, SCHEME.to_owned()),
        ])
    }
}

impl Inner {
    /// The fault that the next call of this kind meets; each call is written down.
    fn fault(&mut self, call: Call, number: &str) -> Option<Fault> {
        self.calls.push((call, number.to_owned()));
        self.faults.get_mut(&call).and_then(std::collections::VecDeque::pop_front)
    }
}
