//! The stand-in's door: what is asked for, and the answer, right or wrong as it was told.

use super::fault::{Call, Fault};
use super::world::{Asked, Reply};
use super::{Inner, Shared};
use crate::client::ANSWER_BYTES_MAX;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use hyper::{Request, Response};
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use woodlark_outward::standin::Sent;

/// Longer than anything that anybody reads.
const TOO_LONG: usize = 32 * 1024 * 1024;

/// Answers one request; an error cuts the connection.
pub(super) async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Sent>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(io::Error::other)?.to_bytes();
    let route = (head.method.as_str(), head.uri.path());
    let Some(&call) = Call::ALL.iter().find(|call| call.route() == route) else {
        shared.inner().turned_away.push(format!("{} {}", route.0, route.1));
        return answer(Reply { status: 404, ..Reply::code(40_066, "invalid url") });
    };
    let query = head.uri.query().unwrap_or_default();
    let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = Asked { query: &query, body: &body, now: shared.now() };
    let (fault, reply) = {
        let mut inner = shared.inner();
        let fault = inner.fault(call);
        let done = fault.is_none_or(Fault::is_done);
        (fault, done.then(|| inner.world.carry_out(call, &asked)))
    };
    let reply = reply
        .unwrap_or_else(|| Reply::code(fault.and_then(Fault::code).unwrap_or(-1), "the stand-in says so"));
    match fault {
        None | Some(Fault::InvalidToken | Fault::ExpiredToken | Fault::TooOften | Fault::Busy) => {
            answer(reply)
        }
        Some(Fault::ServerError) => answer(Reply { status: 500, ..reply }),
        Some(Fault::Cut) => Err(io::Error::other("cut")),
        Some(Fault::CutWithin) => Ok(answer(reply)?.map(|body| body.halved())),
        Some(Fault::Held) => {
            shared.hold().await;
            answer(reply)
        }
        Some(Fault::Garbage) => answer(Reply {
            content_type: "text/html",
            location: None,
            body: Bytes::from_static(b"<html>"),
            ..reply
        }),
        Some(Fault::Empty) => answer(Reply { body: Bytes::new(), ..reply }),
        Some(Fault::TooLong) => answer(Reply { body: vec![b' '; TOO_LONG].into(), ..reply }),
    }
}

fn answer(reply: Reply) -> io::Result<Response<Sent>> {
    let mut response = Response::builder()
        .status(reply.status)
        .header(CONTENT_TYPE, reply.content_type)
        .header(CACHE_CONTROL, "no-store");
    if let Some(location) = reply.location {
        response = response.header(LOCATION, location);
    }
    response.body(Sent::whole(reply.body)).map_err(io::Error::other)
}

impl Shared {
    /// Waits until the stand-in is told to go on.
    async fn hold(&self) {
        // Asked for before others are told: whoever releases at once must still wake this one.
        let mut released = core::pin::pin!(self.released.notified());
        released.as_mut().enable();
        self.holding.notify_one();
        released.await;
    }
}

impl Inner {
    /// The fault that the next call of this kind meets; each call is written down.
    fn fault(&mut self, call: Call) -> Option<Fault> {
        self.calls.push(call);
        self.faults.get_mut(&call).and_then(VecDeque::pop_front)
    }
}
