//! A part of a file (RFC 9110, one range): Safari, and so WeChat on an iPhone, plays no sound that it can't ask for in parts.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, IntoResponseParts, Response};
use bytes::Bytes;

/// What is asked for of so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// All of it: nothing else was asked for, or it can't be read.
    Whole,
    /// From this byte to this one, both included.
    Part(usize, usize),
    /// Nothing that is there.
    Beyond,
}

/// The part of a body that was asked for; all of it where none was.
pub fn ranged(asked: &HeaderMap, headers: impl IntoResponseParts, body: Bytes) -> Response {
    let length = body.len();
    let mut response = match wanted(asked, length) {
        Wanted::Whole => (headers, body).into_response(),
        Wanted::Part(first, last) => {
            let mut part = (StatusCode::PARTIAL_CONTENT, headers, body.slice(first..=last)).into_response();
            set(&mut part, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{length}"));
            part
        }
        Wanted::Beyond => {
            let mut none = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            set(&mut none, header::CONTENT_RANGE, &format!("bytes */{length}"));
            none
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn wanted(asked: &HeaderMap, length: usize) -> Wanted {
    // Whoever holds a part already can't be told whether it is of this file: they get all of it.
    if asked.contains_key(header::IF_RANGE) {
        return Wanted::Whole;
    }
    let range = asked.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    match (first, last) {
        ("", last) => match number(last) {
            Some(0) => Wanted::Beyond,
            Some(_) if length == 0 => Wanted::Beyond,
            Some(many) => Wanted::Part(length.saturating_sub(many), length.saturating_sub(1)),
            None => Wanted::Whole,
        },
        (first, last) => {
            let end = if last.is_empty() { Some(usize::MAX) } else { number(last) };
            match number(first).zip(end) {
                Some((first, end)) if first > end => Wanted::Whole,
                Some((first, _)) if first >= length => Wanted::Beyond,
                Some((first, end)) => Wanted::Part(first, end.min(length.saturating_sub(1))),
                None => Wanted::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(range: &str, length: usize) -> Wanted {
        let mut asked = HeaderMap::new();
        asked.insert(header::RANGE, range.parse().unwrap());
        wanted(&asked, length)
    }

    #[test]
    fn one_range_is_answered_and_whatever_else_is_asked_is_all_of_it() {
        for (range, part) in [
            ("bytes=0-1", Wanted::Part(0, 1)),
            ("bytes=0-", Wanted::Part(0, 9)),
            ("bytes=9-", Wanted::Part(9, 9)),
            ("bytes=3-900", Wanted::Part(3, 9)),
            ("bytes=-4", Wanted::Part(6, 9)),
            ("bytes=-40", Wanted::Part(0, 9)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
        ] {
            assert_eq!(of(range, 10), part, "{range}");
        }
        assert_eq!((of("bytes=0-", 0), of("bytes=-1", 0)), (Wanted::Beyond, Wanted::Beyond));
        let mut asked = HeaderMap::new();
        asked.insert(header::RANGE, "bytes=0-1".parse().unwrap());
        asked.insert(header::IF_RANGE, "\"x\"".parse().unwrap());
        assert_eq!(wanted(&asked, 10), Wanted::Whole);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_lies_within(range in "(bytes=)?[0-9,-]{0,24}", length in 0_usize..100) {
            if let Wanted::Part(first, last) = of(&range, length) {
                prop_assert!(first <= last && last < length);
            }
        }
    }
}
