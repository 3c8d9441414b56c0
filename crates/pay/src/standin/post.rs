//! What the stand-in posts to the merchant, for the test to hand over as it likes.

use super::serve::Signing;
use super::{API_KEY, MCHID, PLATFORM_KEY, StandIn};
use crate::callback::EVENT;
use crate::seal::{self, ALGORITHM};
use crate::sign::{SIGNATURE, WINDOW_SECONDS};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use ring::aead::{Aad, Nonce};
use serde_json::{Value, json};
use std::io;

/// What is right or wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Push {
    /// Nothing is wrong. Made twice, it is the same event with another signature, as WeChat Pay repeats itself.
    Right,
    /// It bears the signature of something else.
    BadlySigned,
    /// It bears no signature.
    Unsigned,
    /// WeChat Pay's own probe: a signature that begins with WECHATPAY/SIGNTEST/.
    Probe,
    /// It is signed with a key that the merchant doesn't know.
    UnknownKey,
    /// It was signed 300 seconds ago.
    Stale,
    /// It is signed, but its seal is broken.
    Tampered,
    /// It is sealed with another key.
    OtherSeal,
    /// It is of another merchant.
    OtherMerchant,
    /// It says another sum.
    WrongAmount,
    /// It says a state that nobody knows.
    UnknownState,
    /// It tells another event.
    OtherEvent,
    /// It is signed, but no JSON.
    Garbage,
}

impl Push {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Right,
        Self::BadlySigned,
        Self::Unsigned,
        Self::Probe,
        Self::UnknownKey,
        Self::Stale,
        Self::Tampered,
        Self::OtherSeal,
        Self::OtherMerchant,
        Self::WrongAmount,
        Self::UnknownState,
        Self::OtherEvent,
        Self::Garbage,
    ];
}

impl StandIn {
    /// The headers of WeChat Pay's signature over any body, as of now.
    ///
    /// # Errors
    /// Where nothing can be signed.
    pub fn sign(&self, body: &[u8]) -> io::Result<HeaderMap> {
        let signing = Signing { key: &self.shared.keys.platform, serial: PLATFORM_KEY, aside: 0, over: None };
        self.headers(&signing, body)
    }

    fn headers(&self, signing: &Signing<'_>, body: &[u8]) -> io::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in signing.headers(&self.shared, body)? {
            headers.insert(name, HeaderValue::try_from(value).map_err(io::Error::other)?);
        }
        Ok(headers)
    }

    /// What is posted to `notify_url` about a bill as it stands: headers and body.
    ///
    /// # Errors
    /// Where there is no such bill, or nothing can be signed.
    pub fn push(&self, number: &str, push: Push) -> io::Result<(HeaderMap, Vec<u8>)> {
        let body = self.event(number, push)?;
        let mut signing =
            Signing { key: &self.shared.keys.platform, serial: PLATFORM_KEY, aside: 0, over: None };
        match push {
            Push::BadlySigned => signing.over = Some(b"{}"),
            Push::Unsigned => signing.serial = "",
            Push::UnknownKey => signing.serial = "PUB_KEY_ID_OTHER",
            Push::Stale => signing.aside = -WINDOW_SECONDS,
            Push::Right
            | Push::Probe
            | Push::Tampered
            | Push::OtherSeal
            | Push::OtherMerchant
            | Push::WrongAmount
            | Push::UnknownState
            | Push::OtherEvent
            | Push::Garbage => {}
        }
        let mut headers = self.headers(&signing, &body)?;
        if push == Push::Probe {
            let probe = HeaderValue::from_static("WECHATPAY/SIGNTEST/bm90IGEgc2lnbmF0dXJl");
            headers.insert(SIGNATURE, probe);
        }
        Ok((headers, body))
    }

    fn event(&self, number: &str, push: Push) -> io::Result<Vec<u8>> {
        if push == Push::Garbage {
            return Ok(b"<html>".to_vec());
        }
        let unknown = || io::Error::new(io::ErrorKind::NotFound, "the stand-in has no such bill");
        let bill = self.shared.inner().books.get(number).cloned().ok_or_else(unknown)?;
        let mut said = bill.posted(number, MCHID);
        let set = |said: &mut Value, name: &str, value: Value| {
            if let Some(said) = said.as_object_mut() {
                said.insert(name.to_owned(), value);
            }
        };
        match push {
            Push::OtherMerchant => set(&mut said, "mch_id", json!("1900000002")),
            Push::WrongAmount => set(&mut said, "transfer_amount", json!(bill.amount + 1)),
            Push::UnknownState => set(&mut said, "state", json!("SOMETHING_NEW")),
            Push::Right
            | Push::BadlySigned
            | Push::Unsigned
            | Push::Probe
            | Push::UnknownKey
            | Push::Stale
            | Push::Tampered
            | Push::OtherSeal
            | Push::OtherEvent
            | Push::Garbage => {}
        }
        let key = if push == Push::OtherSeal { "another-key-that-has-32-characte" } else { API_KEY };
        let mut sealed = seal_up(key, &serde_json::to_vec(&said)?)?;
        if push == Push::Tampered
            && let Some(first) = sealed.first_mut()
        {
            *first ^= 1;
        }
        let event = json!({
            "id": format!("{number}-{}", bill.state.code()),
            "create_time": "2026-01-05T09:00:00+08:00",
            "resource_type": "encrypt-resource",
            "event_type": if push == Push::OtherEvent { "TRANSACTION.SUCCESS" } else { EVENT },
            "summary": "商家转账单据终态通知",
            "resource": {
                "original_type": "mch_payment",
                "algorithm": ALGORITHM,
                "ciphertext": STANDARD.encode(sealed),
                "associated_data": "mch_payment",
                "nonce": SEAL_NONCE,
            },
        });
        Ok(serde_json::to_vec(&event)?)
    }
}

/// The same each time: these seals guard nothing.
const SEAL_NONCE: &str = "stand-in-012";

fn seal_up(key: &str, text: &[u8]) -> io::Result<Vec<u8>> {
    let failed = || io::Error::other("nothing can be sealed");
    let nonce: [u8; 12] = SEAL_NONCE.as_bytes().try_into().map_err(io::Error::other)?;
    let mut bytes = text.to_vec();
    seal::key(key.as_bytes())
        .ok_or_else(failed)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(b"mch_payment"), &mut bytes)
        .map_err(|_| failed())?;
    Ok(bytes)
}
