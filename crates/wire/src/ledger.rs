//! The kindness ledger 热心账本, as the resident's own program and anyone's check read it. Ids, hashes and canonical bytes are
//! lower-case hexadecimal digits; points are whole, money is in fen; a day is counted from 1970-01-01 by the city's clock.

use serde::{Deserialize, Serialize};
use woodlark_domain::city::Deed;
use woodlark_domain::{CaseId, Timestamp};

/// The reader's ledger: what it comes to, and its latest entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerView {
    /// This device has an account.
    pub account: bool,
    /// The book in which the reader's deeds are written now; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// How many entries that book has.
    pub seq: u64,
    /// Points that can be spent.
    pub points: i64,
    /// Money on its way.
    pub cash_due: i64,
    /// Money that was paid.
    pub cash_paid: i64,
    /// The number to call where something in it is not right.
    pub hotline: String,
    /// The year of now, by the city's clock.
    pub year: u32,
    /// The deeds of this year that stand, each sort that there are any of.
    pub deeds: Vec<LedgerDeeds>,
    /// The last twelve months, earliest first, those without deeds among them.
    pub months: Vec<LedgerMonth>,
    /// Every badge, also those that are not reached yet.
    pub badges: Vec<LedgerBadge>,
    /// The years that there is a statement of, latest first.
    pub years: Vec<u32>,
    /// The latest entries.
    pub entries: Vec<LedgerEntry>,
    /// The cursor of those before, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Deeds of one sort that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerDeeds {
    /// The sort.
    pub deed: Deed,
    /// How many.
    pub count: u64,
    /// The points that they were given.
    pub points: i64,
}

/// The deeds of a month that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerMonth {
    /// The month, as the number YYYYMM.
    pub month: u32,
    /// How many.
    pub count: u64,
    /// The points that they were given.
    pub points: i64,
}

/// How far a badge is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerBadge {
    /// `woodpecker`, `kingfisher`, `lark` or `watcher`.
    pub badge: String,
    /// Deeds that count for it.
    pub deeds: u64,
    /// 0 for not yet, 1 to 3.
    pub level: u8,
    /// How many deeds the next step takes, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerEntry {
    /// Its book.
    pub book: String,
    /// Its place in the book, from 1.
    pub seq: u64,
    /// When it was written; none where its bytes can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it comes of: `deed`, `reversal`, `payout_due`, `payout_paid`, `gift`, `donation`, `carried_out`, `carried_in`,
    /// `funding`; `unreadable` where its bytes are no entry.
    pub cause: String,
    /// The deed that it writes or takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deed: Option<Deed>,
    /// What the table of points said of the deed; the month's cap may have left less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<u32>,
    /// Points gained or, below zero, lost.
    pub points: i64,
    /// Money on its way, gained or lost.
    pub cash_due: i64,
    /// Money paid.
    pub cash_paid: i64,
    /// Of a reversal: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of a reversal: the place of what it takes back, or puts back, where that is in the same book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<u64>,
    /// Of what no longer stands: when it was taken back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<TakenBack>,
    /// The case that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<LedgerCase>,
}

/// When and why an entry was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TakenBack {
    /// When.
    pub at: Timestamp,
    /// `merged`, `withdrawn`, `revised`, `unfounded`, `payout_failed` or `gift_returned`.
    pub reason: String,
}

/// The case of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerCase {
    /// The case.
    pub id: CaseId,
    /// Its public number.
    pub number: String,
    /// What was written, cut short.
    pub words: String,
}

/// The reader's place among all, for those who ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerShare {
    /// Of a hundred people with a book, how many had earned fewer points when the newest day was published; none before
    /// the first was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_of: Option<u8>,
}

/// A piece of one of the reader's chains as it is kept, and the proof that the newest published day holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerChain {
    /// The district.
    pub adcode: String,
    /// The book; none where the reader has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<String>,
    /// All of the reader's books, the one that goes on first.
    pub books: Vec<String>,
    /// The bytes of the entries, first to last, as the check reads them.
    pub chain: String,
    /// The place after which the next piece begins, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// The city's clock, in minutes before UTC.
    pub offset_minutes: i64,
    /// With the first piece: the newest published day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<LedgerProof>,
}

/// The newest published day and a book's way to its root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerProof {
    /// What was published.
    pub root: LedgerRoot,
    /// The way; none where the book had no entries by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion: Option<LedgerInclusion>,
}

/// That a day's tree holds a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerInclusion {
    /// The day.
    pub day: i64,
    /// How many entries the book had.
    pub seq: u64,
    /// The hash of the last of them.
    pub hash: String,
    /// What stands beside its way to the root, nearest first.
    pub way: Vec<LedgerSibling>,
}

/// What stands beside a book's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerSibling {
    /// Which bit of the book's id parts the two.
    pub depth: u8,
    /// The other side.
    pub hash: String,
}

/// What was published of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerRoot {
    /// The district.
    pub adcode: String,
    /// The day.
    pub day: i64,
    /// The same, as `2026-11-23`.
    pub date: String,
    /// Books with an entry or more.
    pub books: u64,
    /// Entries in all of them.
    pub entries: u64,
    /// The root of the tree.
    pub tree: String,
    /// The hash of what was published before; zeros for the first.
    pub before: String,
    /// The hash of all this, as it is kept.
    pub hash: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The table of points, and what it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PointsView {
    /// Points that a month gives at most.
    pub monthly_cap: i64,
    /// What stands.
    pub rewards: Vec<LedgerReward>,
    /// Its versions, latest first: the first is what stands.
    pub versions: Vec<PointsVersion>,
}

/// What a deed is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerReward {
    /// The deed.
    pub deed: Deed,
    /// Points.
    pub points: u32,
}

/// A version of the table of points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PointsVersion {
    /// Counted from 1.
    pub number: u32,
    /// Since when.
    pub at: Timestamp,
    /// What it says.
    pub rewards: Vec<LedgerReward>,
}

/// A whole ledger as a file: to be read, and to be checked by whoever has the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerFile {
    /// The district.
    pub adcode: String,
    /// When the file was made.
    pub made_at: Timestamp,
    /// The reader's books, the one that goes on first.
    pub books: Vec<LedgerFileBook>,
}

/// A book in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LedgerFileBook {
    /// The book.
    pub book: String,
    /// Its points.
    pub points: i64,
    /// Its entries, latest first.
    pub entries: Vec<LedgerEntry>,
    /// The bytes of its entries, first to last, as the check reads them.
    pub chain: String,
    /// The newest published day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<LedgerProof>,
}
