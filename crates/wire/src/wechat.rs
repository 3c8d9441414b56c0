//! A resident's own WeChat, and WeChat's script.

use serde::{Deserialize, Serialize};

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

/// Something recorded inside WeChat, by the id that its script gave for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WechatMedia {
    /// `serverId`; WeChat keeps the thing for three days.
    pub media_id: String,
}
