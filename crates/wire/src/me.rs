//! What is kept of a resident, handed out to them, and their account's end.

use crate::{CaseView, LedgerFile, RedeemView};
use serde::{Deserialize, Serialize};
use woodlark_domain::{Door, Timestamp, UserId};

/// Whether the reader's account is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletionView {
    /// When it goes; none while it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

/// The `data.json` of what a resident downloads: everything that the city keeps of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyData {
    /// When it was made.
    pub made_at: Timestamp,
    /// The account.
    pub account: AccountView,
    /// The cases that the reader reported or joined, newest change first.
    pub cases: Vec<CaseView>,
    /// What their points became.
    pub redeem: RedeemView,
    /// Their ledger, as it can be checked.
    pub ledger: LedgerFile,
}

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// Its id.
    pub user_id: UserId,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// The linked phone, all but three and four digits hidden: the rest is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether a WeChat account is linked.
    pub wechat: bool,
    /// When it goes, if it is to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_at: Option<Timestamp>,
    /// The devices that are signed in, last used first.
    pub devices: Vec<DeviceView>,
}

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceView {
    /// By which door it came.
    pub door: Door,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub seen_at: Timestamp,
}
