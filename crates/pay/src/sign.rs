//! Signatures, both ways: ours under each request, WeChat Pay's under each answer and callback.
//!
//! What is signed are five lines (three in what comes from WeChat Pay), each ended by a line feed, the last too. The bytes
//! that are sent must be those that were signed, so a body is never serialized twice.

use crate::merchant::Merchant;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use hyper::HeaderMap;
use hyper::header::HeaderName;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use woodlark_domain::Timestamp;

/// The scheme, in `Authorization` and in `Wechatpay-Signature-Type`.
pub const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// How far the moment under a signature may lie from ours, in seconds: from here on it is refused.
pub const WINDOW_SECONDS: i64 = 300;

pub(crate) const TIMESTAMP: HeaderName = HeaderName::from_static("wechatpay-timestamp");
pub(crate) const NONCE: HeaderName = HeaderName::from_static("wechatpay-nonce");
pub(crate) const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");
pub(crate) const SIGNATURE: HeaderName = HeaderName::from_static("wechatpay-signature");
pub(crate) const SIGNATURE_TYPE: HeaderName = HeaderName::from_static("wechatpay-signature-type");

/// Sixteen random bytes, never used for two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 16]);

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// What a call takes of the world: when it is, and randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// Of this call alone.
    pub nonce: Nonce,
}

/// Whole seconds since 1970, as WeChat Pay tells the time.
pub(crate) const fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(Timestamp::SECOND)
}

/// The five lines of a request.
#[must_use]
pub fn request_lines(method: &str, path: &str, seconds: i64, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut lines = format!("{method}\n{path}\n{seconds}\n{nonce}\n").into_bytes();
    lines.extend_from_slice(body);
    lines.push(b'\n');
    lines
}

/// The three lines of an answer or a callback; the timestamp as it stands in the header.
#[must_use]
pub fn answer_lines(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut lines = format!("{timestamp}\n{nonce}\n").into_bytes();
    lines.extend_from_slice(body);
    lines.push(b'\n');
    lines
}

/// The value of `Authorization` for a request; none if the key can't sign, which a key that was read never does.
pub(crate) fn authorization(
    merchant: &Merchant,
    method: &str,
    path: &str,
    body: &[u8],
    moment: Moment,
) -> Option<String> {
    let (seconds, nonce) = (seconds(moment.now), moment.nonce.to_string());
    let mut signature = vec![0; merchant.key.public().modulus_len()];
    let random = ring::rand::SystemRandom::new();
    let lines = request_lines(method, path, seconds, &nonce, body);
    // RSA's signatures of this kind are the same each time; ring takes the random source to blind its reckoning.
    merchant.key.sign(&RSA_PKCS1_SHA256, &random, &lines, &mut signature).ok()?;
    let (mchid, serial, signature) = (&merchant.mchid, &merchant.serial, STANDARD.encode(signature));
    Some(format!(
        "{SCHEME} mchid=\"{mchid}\",nonce_str=\"{nonce}\",timestamp=\"{seconds}\",serial_no=\"{serial}\",signature=\"{signature}\""
    ))
}

/// Why something is not taken for WeChat Pay's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A header is missing, stands there twice, or is no text.
    #[error(
        "{0} is missing or unreadable: this does not come from WeChat Pay, or something on the way took it out"
    )]
    Header(&'static str),
    /// Another scheme than ours.
    #[error("it is signed in another way than {SCHEME}")]
    Scheme,
    /// A key that we don't have.
    #[error("it is signed with the key {0}, which is not among platform_keys: if it is WeChat Pay's, add it")]
    UnknownKey(String),
    /// Too far from now.
    #[error("it was signed at another time than now: if this persists, set this machine's clock")]
    Stale,
    /// The signature is not one of these bytes.
    #[error("its signature is not that of what it says")]
    Signature,
}

/// A body that WeChat Pay has signed: only what is in here is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verified<'a>(pub(crate) &'a [u8]);

/// Whether WeChat Pay has signed this body, and just now.
pub(crate) fn verify<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
    merchant: &Merchant,
    now: Timestamp,
) -> Result<Verified<'a>, Unverified> {
    if headers.contains_key(SIGNATURE_TYPE)
        && once(headers, &SIGNATURE_TYPE, "Wechatpay-Signature-Type")? != SCHEME
    {
        return Err(Unverified::Scheme);
    }
    let timestamp = once(headers, &TIMESTAMP, "Wechatpay-Timestamp")?;
    let nonce = once(headers, &NONCE, "Wechatpay-Nonce")?;
    let serial = once(headers, &SERIAL, "Wechatpay-Serial")?;
    let signature = once(headers, &SIGNATURE, "Wechatpay-Signature")?;
    let signed_at: i64 = timestamp.parse().map_err(|_| Unverified::Header("Wechatpay-Timestamp"))?;
    if signed_at.abs_diff(seconds(now)) >= WINDOW_SECONDS.unsigned_abs() {
        return Err(Unverified::Stale);
    }
    let key = merchant.platform.get(serial).ok_or_else(|| Unverified::UnknownKey(serial.to_owned()))?;
    // A probe says WECHATPAY/SIGNTEST/ here, and wants to be refused like any other bad signature.
    let signature = STANDARD.decode(signature).map_err(|_| Unverified::Signature)?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(&answer_lines(timestamp, nonce, body), &signature)
        .map_err(|_| Unverified::Signature)?;
    Ok(Verified(body))
}

/// The one value of a header.
fn once<'a>(headers: &'a HeaderMap, name: &HeaderName, shown: &'static str) -> Result<&'a str, Unverified> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => {
            value.to_str().ok().filter(|text| !text.is_empty()).ok_or(Unverified::Header(shown))
        }
        _ => Err(Unverified::Header(shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_without_a_body_still_has_five_lines() {
        let lines = request_lines(
            "GET",
            "/v3/certificates?x=1",
            1_554_208_460,
            "593BEC0C930BF1AFEB40B4A08C8FB242",
            b"",
        );
        assert_eq!(lines, b"GET\n/v3/certificates?x=1\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n");
        assert_eq!(answer_lines("1", "n", b"{}"), b"1\nn\n{}\n");
    }

    #[test]
    fn seconds_are_whole_also_before_1970() {
        assert_eq!(seconds(Timestamp(1_999_999)), 1);
        assert_eq!(seconds(Timestamp(-1)), -1);
    }

    #[test]
    fn a_nonce_is_thirty_two_letters_and_digits() {
        assert_eq!(Nonce([0xab; 16]).to_string(), "AB".repeat(16));
    }
}
