//! What points become, as a resident sees it: red packets, gifts, the community's fund.

use crate::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::redeem::{GiftState, PayoutState};
use woodlark_domain::{GiftCode, Timestamp};

/// What a resident has to spend, what there is for it, and what became of it so far. Money is in fen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RedeemView {
    /// Points to spend.
    pub points: i64,
    /// Why the account is frozen, if it is.
    pub frozen: Option<String>,
    /// Fen for a point; 0 where points become no money.
    pub fen_per_point: i64,
    /// What a red packet may come to.
    pub payout: PayoutOffer,
    /// Gifts.
    pub gifts: Vec<GiftView>,
    /// What the community's fund holds, in fen.
    pub fund_fen: i64,
    /// Red packets, latest first.
    pub payouts: Vec<PayoutView>,
    /// Gifts that were ordered, latest first.
    pub orders: Vec<GiftOrderView>,
}

/// Whether red packets are to be had, and how large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutOffer {
    /// Whether the city pays any.
    pub offered: bool,
    /// Whether a WeChat account is linked that can be paid.
    pub linked: bool,
    /// Whether one can be linked, and let go, from here.
    pub linkable: bool,
    /// At least, in fen.
    pub least_fen: i64,
    /// At most, in fen.
    pub most_fen: i64,
    /// What is left of this month, in fen.
    pub month_left_fen: i64,
    /// From so many fen on, somebody of the centre approves it first.
    pub approval_from_fen: i64,
}

/// A gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GiftView {
    /// Its code.
    pub gift: GiftCode,
    /// Its name.
    pub name: Label,
    /// Points that it takes.
    pub points: i64,
    /// Where it is kept.
    pub station: Label,
    /// How many are left.
    pub left: i64,
}

/// A red packet that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutView {
    /// Its number.
    pub id: String,
    /// Points that it took.
    pub points: i64,
    /// What it pays, in fen.
    pub fen: i64,
    /// Where it stands.
    pub state: PayoutState,
    /// Whether its owner asked for the points back and waits for WeChat's answer.
    pub giving_back: bool,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the centre has decided at the latest, while it has to.
    pub decide_by: Option<Timestamp>,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
    /// Why it was declined.
    pub why: String,
    /// What WeChat needs to show it for confirmation.
    pub confirm: Option<PayoutConfirm>,
}

/// What WeChat needs to show a red packet for confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutConfirm {
    /// The merchant that pays.
    pub mch_id: String,
    /// The app in which it is confirmed.
    pub app_id: String,
    /// The package that the pay system gave out.
    pub package: String,
}

/// A gift that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GiftOrderView {
    /// Its number.
    pub id: String,
    /// What it was called when it was ordered.
    pub name: Label,
    /// Points that it took.
    pub points: i64,
    /// Where it is kept.
    pub station: Label,
    /// Where it stands.
    pub state: GiftState,
    /// The code to show there, while it is kept.
    pub code: Option<String>,
    /// The same as a QR code: a line of SVG path in a square of `code_size` modules.
    pub code_path: Option<String>,
    /// Modules of a side of the QR code.
    pub code_size: Option<u32>,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// How long it is kept.
    pub keep_until: Timestamp,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
}

/// So many points for a red packet, or for the community's fund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpendPoints {
    /// How many.
    pub points: i64,
}

/// A gift is to be kept for me.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderGift {
    /// Which.
    pub gift: GiftCode,
}

/// The community's fund, for anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundView {
    /// What it holds, in fen.
    pub fund_fen: i64,
}
