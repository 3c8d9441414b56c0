//! The signature that opens WeChat's script to a page. WeChat compares it with the address that it sees: on iOS the one that the
//! page was entered by, on Android the present one. So an address is signed to the letter, but for what follows `#`.

use crate::account::Account;
use crate::client::Client;
use crate::failure::Failure;
use core::fmt;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Serialize;
use woodlark_domain::Timestamp;

/// The most characters of a page's address.
pub const PAGE_URL_MAX: usize = 2_048;

/// What is no page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Another site.
    #[error("this is no address on our own site: only pages of ours are signed and come back to")]
    NotOurs,
    /// Not as a browser tells it.
    #[error("an address is {PAGE_URL_MAX} characters at most, as the browser tells it: location.href")]
    Form,
}

/// The address of a page of ours, without what follows `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageUrl(String);

impl PageUrl {
    /// The address of a page, if it is one of ours.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn new(account: &Account, url: &str) -> Result<Self, PageError> {
        let url = url.split('#').next().unwrap_or_default();
        if url.len() > PAGE_URL_MAX || !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(PageError::Form);
        }
        // By the letter, as browsers write it: whatever is written otherwise would be signed in vain.
        let rest = url.strip_prefix(&account.site.origin()).ok_or(PageError::NotOurs)?;
        if rest.is_empty() || rest.starts_with(['/', '?']) {
            Ok(Self(url.to_owned()))
        } else {
            Err(PageError::NotOurs)
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sixteen random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 16]);

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a page hands to `wx.config`, beside the list of what it wants to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsConfig {
    /// The AppID of the service account, also within a mini-program.
    pub app_id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// The nonce that was signed.
    pub nonce_str: String,
    /// The signature in hex.
    pub signature: String,
}

/// The signature over a page's address.
#[must_use]
pub fn signature(ticket: &str, nonce: &str, timestamp: i64, url: &str) -> String {
    let text = format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}");
    // WeChat wants SHA-1; the ticket within it is what keeps others from signing.
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Client {
    /// Signs a page of ours, with a nonce that nobody can guess.
    ///
    /// # Errors
    /// [`Failure`] where no ticket is to be had; then the page goes on without WeChat's script.
    pub async fn js_config(&self, page: &PageUrl, now: Timestamp, nonce: Nonce) -> Result<JsConfig, Failure> {
        let ticket = self.ticket(now).await?;
        let (timestamp, nonce_str) = (now.0.div_euclid(Timestamp::SECOND), nonce.to_string());
        let signature = signature(&ticket.0, &nonce_str, timestamp, page.as_str());
        Ok(JsConfig { app_id: self.account().appid().to_owned(), timestamp, nonce_str, signature })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: &str =
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
    const NONCE: &str = "Wm3WZYTPz0wzccnW";

    #[test]
    fn b07_both_of_wechats_own_examples_come_out() {
        for (url, expected) in [
            ("http://mp.weixin.qq.com", "f4d90daf4b3bca3078ab155816175ba34c443a7b"),
            ("http://mp.weixin.qq.com?params=value", "0f9de62fce790f9a083d5c99e95740ceb90c27ed"),
        ] {
            assert_eq!(signature(TICKET, NONCE, 1_414_587_457, url), expected, "{url}");
        }
    }

    #[test]
    fn a_config_is_named_as_the_script_wants_it() {
        let config = JsConfig {
            app_id: "wx1".into(),
            timestamp: 1,
            nonce_str: Nonce([0xab; 16]).to_string(),
            signature: "s".into(),
        };
        let nonce = "ab".repeat(16);
        assert_eq!(
            serde_json::to_value(config).unwrap(),
            serde_json::json!({ "appId": "wx1", "timestamp": 1, "nonceStr": nonce, "signature": "s" })
        );
    }
}
