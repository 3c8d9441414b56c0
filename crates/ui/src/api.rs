//! The typed API client. Everything goes through one `XMLHttpRequest`: it tells how far an upload is, it has a
//! timeout, and its glue is smaller than that of `fetch`.
//!
//! An answer counts only if it is JSON of ours: a captive portal's friendly page with status 200 is "no network".

use crate::{json, messages};
use core::future::Future;
use core::pin::Pin;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use woodlark_domain::{CategoryCode, Kind, Position};
use woodlark_wire::{Problem, ProblemCode, path};

/// Milliseconds that a small request may take.
pub const TIMEOUT_MS: u32 = 15_000;
/// Milliseconds that one chunk of a photo may take: 512 KiB at 5 KiB/s.
pub const UPLOAD_TIMEOUT_MS: u32 = 100_000;

/// Why there is no answer that counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Nothing came back.
    NoNetwork,
    /// Something came back that is not ours: the network wants a sign-in first.
    NotOurs,
    /// Nothing came back in time.
    Timeout,
    /// The server says why not.
    Problem(Box<Problem>),
    /// The server, or what stands before it, answered with this status and no reason.
    Status(u16),
}

impl Fault {
    /// The code of the problem, if the server said one.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::NoNetwork | Self::NotOurs | Self::Timeout | Self::Status(_) => None,
        }
    }

    /// What happened and what to do, in the reader's language.
    #[must_use]
    pub fn words(&self) -> String {
        let t = messages::t();
        match self {
            Self::NoNetwork => t.outbox_no_network.into(),
            Self::NotOurs => t.outbox_not_ours.into(),
            Self::Timeout => t.outbox_timeout.into(),
            Self::Problem(problem) => problem.title.clone(),
            Self::Status(500..) => t.outbox_server.into(),
            Self::Status(_) => t.outbox_refused.into(),
        }
    }

    /// The same, more closely: which rule refused it, or which fields are wrong.
    #[must_use]
    pub fn told(&self) -> String {
        let Self::Problem(problem) = self else { return self.words() };
        let fields: Vec<&str> = problem.fields.iter().map(|field| field.detail.as_str()).collect();
        match &problem.detail {
            Some(detail) => detail.clone(),
            None if fields.is_empty() => problem.title.clone(),
            None => fields.join(" "),
        }
    }
}

/// Tells how far an upload is, in bytes of this request.
pub type Progress = Box<dyn FnMut(f64)>;

/// What a request carries.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    /// Nothing.
    None,
    /// A JSON text.
    Json(&'a str),
    /// A piece of a file.
    File(&'a web_sys::Blob),
}

/// One request.
pub struct Call<'a> {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub method: &'a str,
    /// From [`woodlark_wire::path`].
    pub path: &'a str,
    /// What is sent.
    pub body: Body<'a>,
    /// Names a write, so that a repeat gets the same answer.
    pub key: Option<&'a str>,
    /// Where in the file this chunk begins, in bytes.
    pub offset: Option<u64>,
    /// Told while the body goes out.
    pub progress: Option<Progress>,
    /// One more header.
    pub header: Option<(&'a str, &'a str)>,
}

/// The text of an answer, or why there is none. Boxed: each of the many places that ask would otherwise be made with all of a
/// request within it.
pub type Text<'a> = Pin<Box<dyn Future<Output = Result<String, Fault>> + 'a>>;

impl<'a> Call<'a> {
    /// Sends it and returns the JSON of the answer, empty for an answer without a body.
    ///
    /// # Errors
    /// [`Fault`] when there is no answer that counts.
    #[must_use]
    pub fn text(self) -> Text<'a> {
        Box::pin(self.asked())
    }

    async fn asked(self) -> Result<String, Fault> {
        let limit = if matches!(self.body, Body::File(_)) { UPLOAD_TIMEOUT_MS } else { TIMEOUT_MS };
        let began = js_sys::Date::now();
        let xhr = self.ended(limit).await.map_err(|_| Fault::NoNetwork)?;
        let status = xhr.status().unwrap_or(0);
        if status == 0 {
            let timed_out = js_sys::Date::now() - began >= f64::from(limit) - 50.0;
            return Err(if timed_out { Fault::Timeout } else { Fault::NoNetwork });
        }
        let text = xhr.response_text().ok().flatten().unwrap_or_default();
        let kind = xhr.get_response_header("content-type").ok().flatten().unwrap_or_default();
        judge(status, &kind, text)
    }

    /// Opens, sends and waits for the end, whatever it is.
    async fn ended(self, limit: u32) -> Result<web_sys::XmlHttpRequest, JsValue> {
        let xhr = web_sys::XmlHttpRequest::new()?;
        xhr.open(self.method, self.path)?;
        xhr.set_timeout(limit);
        xhr.set_request_header("accept", "application/json")?;
        xhr.set_request_header("accept-language", messages::tag(messages::language()))?;
        if let Some(key) = self.key {
            xhr.set_request_header(path::IDEMPOTENCY_KEY, key)?;
        }
        if let Some(offset) = self.offset {
            xhr.set_request_header(path::UPLOAD_OFFSET, &offset.to_string())?;
        }
        if let Some((name, value)) = self.header {
            xhr.set_request_header(name, value)?;
        }
        let told = self.progress.map(|mut tell| {
            Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
                tell(event.loaded())
            })
        });
        if let (Some(told), Ok(upload)) = (&told, xhr.upload()) {
            upload.set_onprogress(Some(told.as_ref().unchecked_ref()));
        }
        let ended = js_sys::Promise::new(&mut |done, _| xhr.set_onloadend(Some(&done)));
        match self.body {
            Body::None => xhr.send()?,
            Body::Json(text) => {
                xhr.set_request_header("content-type", "application/json")?;
                xhr.send_with_opt_str(Some(text))?;
            }
            Body::File(piece) => {
                xhr.set_request_header("content-type", "application/octet-stream")?;
                xhr.send_with_opt_blob(Some(piece))?;
            }
        }
        JsFuture::from(ended).await?;
        Ok(xhr)
    }
}

/// Whether an answer counts, and what it says if it is a refusal.
fn judge(status: u16, media_type: &str, text: String) -> Result<String, Fault> {
    let ours = media_type.contains("json");
    if (200..300).contains(&status) {
        return if ours || status == 204 || text.is_empty() { Ok(text) } else { Err(Fault::NotOurs) };
    }
    if ours && let Ok(problem) = json::read(&text) {
        return Err(Fault::Problem(Box::new(problem)));
    }
    // A refusal in HTML comes from something between us and the server; only the statuses that the outbox
    // itself understands are taken from it.
    Err(if status >= 500 || ours || matches!(status, 413 | 429) {
        Fault::Status(status)
    } else {
        Fault::NotOurs
    })
}

/// Reads an address.
///
/// # Errors
/// [`Fault`] when there is no answer that counts.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Fault> {
    read(&get_text(path).await?)
}

/// Reads an address as the text that it is.
///
/// # Errors
/// [`Fault`] when there is no answer that counts.
pub fn get_text(path: &str) -> Text<'_> {
    Call { method: "GET", path, body: Body::None, key: None, offset: None, progress: None, header: None }
        .text()
}

/// Writes to an address under an idempotency key.
///
/// # Errors
/// [`Fault`] when there is no answer that counts.
pub fn send<'a>(method: &'a str, path: &'a str, key: &'a str, body: Option<&'a str>) -> Text<'a> {
    let body = body.map_or(Body::None, Body::Json);
    Call { method, path, body, key: Some(key), offset: None, progress: None, header: None }.text()
}

/// Asks for something that a header names.
///
/// # Errors
/// [`Fault`] when there is no answer that counts.
pub fn with_header<'a>(
    method: &'a str,
    path: &'a str,
    header: (&'a str, &'a str),
    body: Option<&'a str>,
) -> Text<'a> {
    let body = body.map_or(Body::None, Body::Json);
    Call { method, path, body, key: None, offset: None, progress: None, header: Some(header) }.text()
}

/// The address of the areas round a position. The numbers are written by the browser: Rust's own writer of
/// fractions weighs 11 KB.
#[must_use]
pub fn areas(at: Position, radius_m: u32) -> String {
    [path::AREAS, &near(at), "&radius_m=", &radius_m.to_string()].concat()
}

/// The address of the cases like the one being written.
#[must_use]
pub fn alike(kind: Kind, category: Option<&CategoryCode>, at: Position) -> String {
    let category = category.map_or_else(String::new, |code| ["&category=", code.as_str()].concat());
    [path::ALIKE, &near(at), "&kind=", kind.code(), &category].concat()
}

/// The address of what is open nearby, or was done there lately.
#[must_use]
pub fn nearby(at: Position, radius_m: u32, kind: Option<Kind>, done: bool, after: Option<&str>) -> String {
    let kind = kind.map_or_else(String::new, |kind| ["&kind=", kind.code()].concat());
    let done = if done { "&done=true" } else { "" };
    let (name, after) = after.map_or(("", ""), |after| ("&after=", after));
    [path::NEARBY, &near(at), "&radius_m=", &radius_m.to_string(), &kind, done, name, after].concat()
}

fn near(at: Position) -> String {
    ["?lon=", &json::number(at.lon()), "&lat=", &json::number(at.lat())].concat()
}

/// Reads an answer's JSON.
///
/// # Errors
/// [`Fault::NotOurs`] where it is something else.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    json::read(text).map_err(|_| Fault::NotOurs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_friendly_page_of_a_captive_portal_is_no_answer() {
        assert_eq!(judge(200, "text/html; charset=utf-8", "<html>".into()), Err(Fault::NotOurs));
        assert_eq!(judge(200, "application/json", "{}".into()), Ok("{}".into()));
        assert_eq!(judge(204, "", String::new()), Ok(String::new()));
        assert_eq!(judge(403, "text/html", "<html>".into()), Err(Fault::NotOurs));
        assert_eq!(judge(502, "text/html", "<html>".into()), Err(Fault::Status(502)));
    }
}
