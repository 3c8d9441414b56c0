//! A resident's own WeChat, and WeChat's script.

use serde::{Deserialize, Serialize};
use woodlark_domain::{CaseId, Timestamp};

/// A page of ours that people come back to from WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WechatBack {
    /// Thanks, in the ledger.
    #[serde(rename = "thanks")]
    Thanks,
    /// Settings.
    #[serde(rename = "settings")]
    Settings,
    /// A report that was sent; `case` says which.
    #[serde(rename = "sent")]
    Sent,
    /// A case; `case` says which.
    #[serde(rename = "case")]
    Case,
}

/// I want to link my WeChat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatLink {
    /// Where I come back to.
    pub back: WechatBack,
    /// Of which case, where that page is a case's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// Where WeChat says who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatWay {
    /// A page of WeChat's. It sends them back to a page of ours.
    pub address: String,
}

/// What a page hands to `wx.config`, beside the list of what it wants to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatConfig {
    /// The AppID of the service account.
    pub app_id: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// What was signed along.
    pub nonce_str: String,
    /// The signature.
    pub signature: String,
    /// Where WeChat's script is fetched from.
    pub sdk: String,
    /// The template by which news of a case may be sent; none where none may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// What a page uploaded into WeChat's own store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatMedia {
    /// As WeChat's script named it: `serverId`.
    pub media_id: String,
}

/// Who opened the mini-program, for its shell to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatMini {
    /// What `wx.login` gave.
    pub code: String,
}

/// What the shell hands to the page in it, behind `#ticket=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatTicket {
    /// Good once.
    pub ticket: String,
    /// Until when.
    pub until: Timestamp,
}

/// A ticket that a page brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatTicketUse {
    /// From behind `#ticket=`.
    pub ticket: String,
    /// What was done on this device before goes to the ticket's account. Without it, a device whose account has something in it is
    /// told `would_join`: nobody's cases go to somebody else because a link was opened.
    #[serde(default)]
    pub join: bool,
}
