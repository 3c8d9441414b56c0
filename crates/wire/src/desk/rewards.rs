//! Thanks at the desk: payouts to be decided, the budget, gifts to be handed over, books and their deeds. Money is in fen.

use crate::Label;
use serde::{Deserialize, Serialize};
use woodlark_domain::city::Deed;
use woodlark_domain::reconcile::Difference;
use woodlark_domain::redeem::{GiftState, PayoutState};
use woodlark_domain::{CaseId, CaseNumber, Timestamp};

/// Where the money stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskRewards {
    /// What the budget still holds.
    pub budget: i64,
    /// What was granted to it in all.
    pub granted: i64,
    /// What is promised to residents and on its way.
    pub promised: i64,
    /// What was paid to residents.
    pub paid: i64,
    /// What the community's fund holds.
    pub fund: i64,
    /// Whether a pay system is configured: without one nothing is sent.
    pub pays: bool,
    /// Payouts that wait for an approval.
    pub waiting: u64,
    /// Payouts that need somebody to look.
    pub held: u64,
    /// The last decisions about the budget.
    pub fundings: Vec<FundingRow>,
    /// Whether the reader may see the money and the payouts; otherwise all of it is nothing.
    pub may_read: bool,
    /// Whether the reader may decide about payouts.
    pub may_decide: bool,
    /// Whether the reader may raise and lower the budget.
    pub may_fund: bool,
    /// Whether the reader may hand gifts over.
    pub may_honour: bool,
}

/// A decision about the budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundingRow {
    /// When.
    pub at: Timestamp,
    /// By how much it was raised; below zero where it was lowered.
    pub fen: i64,
}

/// Which payouts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
pub struct PayoutsAsked {
    /// In which state.
    #[cfg_attr(feature = "openapi", param(value_type = String))]
    pub state: PayoutState,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A payout as the desk sees it. Whose it is is said by nothing here: books have no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskPayout {
    /// Its number, the same at the pay system.
    pub id: String,
    /// Whose points: the book.
    pub book: String,
    /// Points that it took.
    pub points: i64,
    /// What it pays.
    pub fen: i64,
    /// Where it stands.
    pub state: PayoutState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it lapses if nobody has decided.
    pub decide_by: Timestamp,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
    /// When it was last sent, or may have been.
    pub sent_at: Option<Timestamp>,
    /// Whether the points were asked back and the pay system's answer is awaited.
    pub giving_back: bool,
    /// Why it stands there: words of the staff, or the pay system's code.
    pub why: String,
    /// Who approved it.
    pub approvals: Vec<Approval>,
    /// How many have to.
    pub approvals_needed: u32,
    /// Why the account is frozen, if it is.
    pub frozen: Option<String>,
    /// Whether the reader may approve it: they may once.
    pub may_approve: bool,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Who.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// What is to become of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecidePayout {
    /// What.
    pub decision: PayoutDecision,
    /// Why; needed unless it is approved or goes on.
    #[serde(default)]
    pub reason: String,
}

/// A decision about a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PayoutDecision {
    /// It may be sent.
    Approve,
    /// It is not sent; the points go back.
    Decline,
    /// What held it was seen to: it is asked about again.
    Resume,
    /// The points are to go back if the pay system confirms that nothing was paid.
    GiveBack,
}

/// The budget is raised, or lowered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FundRewards {
    /// By how much; below zero to lower it.
    pub fen: i64,
    /// On what grounds.
    pub note: String,
}

/// The code that a resident shows at the station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShownCode {
    /// As typed or read; hyphens, spaces and small letters do not matter.
    pub code: String,
}

/// A gift that a code is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskGift {
    /// What it is.
    pub name: Label,
    /// Where it is kept.
    pub station: Label,
    /// Where it stands.
    pub state: GiftState,
    /// How long it is kept.
    pub keep_until: Timestamp,
    /// When it came to stand where it does.
    pub changed_at: Timestamp,
}

/// A deed as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskDeed {
    /// Its entry.
    pub entry: String,
    /// Its book.
    pub book: String,
    /// Which deed.
    pub deed: Deed,
    /// Points that it was given.
    pub points: i64,
    /// When it was written.
    pub at: Timestamp,
    /// Whether it stands; otherwise it was taken back.
    pub stands: bool,
    /// Its case.
    pub case_id: CaseId,
    /// The number of its case.
    pub number: Option<CaseNumber>,
}

/// A book as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeskBook {
    /// The book.
    pub book: String,
    /// Its points.
    pub points: i64,
    /// Points of deeds that stand.
    pub earned: i64,
    /// Money on its way.
    pub cash_due: i64,
    /// Money that was paid.
    pub cash_paid: i64,
    /// When it was frozen and let go, latest first.
    pub freezes: Vec<FreezeRow>,
    /// Its newest deeds.
    pub deeds: Vec<DeskDeed>,
    /// Its newest payouts.
    pub payouts: Vec<DeskPayout>,
    /// Whether the reader may freeze it and let it go.
    pub may_freeze: bool,
}

/// That a book was frozen, or let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FreezeRow {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub name: String,
    /// Whether it was frozen; otherwise it was let go.
    pub frozen: bool,
    /// Why; the resident reads it.
    pub reason: String,
}

/// A book is frozen, or let go; or a deed is found false.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Because {
    /// Why.
    pub reason: String,
}

/// The pay system's statement of a period, as CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Statement {
    /// The first day, as 2026-11-30.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The file.
    pub csv: String,
}

/// What a statement and the ledger say of each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reconciled {
    /// Payouts that both know, with the same sum.
    pub alike: u64,
    /// What they come to.
    pub alike_fen: i64,
    /// Where they differ.
    pub differences: Vec<Difference>,
    /// Lines that could not be read.
    pub unread: Vec<u32>,
}
