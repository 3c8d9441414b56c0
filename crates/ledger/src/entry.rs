//! An entry: what was the cause, what it posts, where in its book it stands. It names no person: a book's id is random, and
//! whose book it is stands elsewhere and can be forgotten.

use crate::account::{Account, Amount, Unit};
use crate::hash::{Sha, Tag, sha};
use woodlark_domain::city::Deed;
use woodlark_domain::{CaseId, Timestamp};

/// A book's id: sixteen random bytes. All zeros: the city's own book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BookId(pub [u8; 16]);

/// The id of an entry, of a payout or of a gift: sixteen bytes that come of their cause.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub [u8; 16]);

impl BookId {
    /// The city's own book: its budget stands there.
    pub const CITY: Self = Self([0; 16]);
}

macro_rules! hex_id {
    ($name:ident) => {
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl core::str::FromStr for $name {
            type Err = woodlark_domain::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let bytes = crate::bytes::from_hex(text).ok_or(woodlark_domain::IdError::NotHash)?;
                Ok(Self(bytes))
            }
        }
    };
}
hex_id!(BookId);
hex_id!(EntryId);

/// An account and how much it gains or, below zero, loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// How much.
    pub amount: Amount,
}

/// Why an entry was reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReversalReason {
    /// The case goes on under another.
    Merged,
    /// Its reporter took the case back.
    Withdrawn,
    /// What was decided is no longer so: a suggestion is not adopted after all, a person stands to the case in another way.
    Revised,
    /// A supervisor found it false, and said why.
    Unfounded,
    /// The money could not be paid.
    PayoutFailed,
    /// The gift was given back.
    GiftReturned,
}

impl ReversalReason {
    /// Every reason; its byte in an entry is its place here, from 1.
    pub const ALL: &'static [Self] = &[
        Self::Merged,
        Self::Withdrawn,
        Self::Revised,
        Self::Unfounded,
        Self::PayoutFailed,
        Self::GiftReturned,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Withdrawn => "withdrawn",
            Self::Revised => "revised",
            Self::Unfounded => "unfounded",
            Self::PayoutFailed => "payout_failed",
            Self::GiftReturned => "gift_returned",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }
}

/// What an entry comes of. The same cause in the same book is the same entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A deed was confirmed.
    Deed {
        /// Which.
        deed: Deed,
        /// In which case.
        case: CaseId,
        /// When it was confirmed: the month of this moment is the one whose cap it counts against.
        confirmed_at: Timestamp,
        /// The version of the table of points.
        table: u64,
        /// What the table says it is worth; the postings say what the month's cap left of it.
        worth: u32,
    },
    /// An entry is taken back.
    Reversal {
        /// Which entry.
        reverses: EntryId,
        /// Why.
        reason: ReversalReason,
    },
    /// Points become money on its way.
    PayoutDue {
        /// The payout.
        payout: EntryId,
    },
    /// The pay system says it was paid.
    PayoutPaid {
        /// The payout.
        payout: EntryId,
    },
    /// Points become a gift.
    Gift {
        /// The order.
        order: EntryId,
    },
    /// Points go to the community's fund.
    Donation {
        /// The donation.
        donation: EntryId,
    },
    /// What was left went to another book of the same person.
    CarriedOut {
        /// That book.
        to: BookId,
    },
    /// What was left of another book of the same person.
    CarriedIn {
        /// That book.
        from: BookId,
    },
    /// The budget was raised or lowered.
    Funding {
        /// The decision.
        decision: EntryId,
    },
}

/// One entry of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The district whose ledger it is.
    pub adcode: [u8; 6],
    /// The book.
    pub book: BookId,
    /// Its place in the book, from 1.
    pub seq: u64,
    /// When it was written; never before the entry before it.
    pub at: Timestamp,
    /// What it comes of.
    pub cause: Cause,
    /// What it posts: two or more, which come to nothing in each unit.
    pub postings: Vec<Posting>,
    /// The hash of the entry before it; zeros for the first.
    pub before: Sha,
}

/// Postings that are no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// Fewer than two.
    #[error("an entry has two postings or more")]
    TooFew,
    /// More than a byte counts.
    #[error("an entry has too many postings")]
    TooMany,
    /// They don't come to nothing.
    #[error("the postings of an entry come to nothing in each unit")]
    Unbalanced,
    /// An account stands there twice.
    #[error("an entry names each account once")]
    Twice,
}

impl Entry {
    /// Its id, which comes of its cause and its book.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.cause.id(self.book)
    }

    /// Its hash, over its canonical bytes, which hold the hash before it.
    #[must_use]
    pub fn hash(&self) -> Sha {
        sha(Tag::Entry, &[&self.to_bytes()])
    }

    /// How much it gives an account, or takes.
    #[must_use]
    pub fn amount(&self, account: Account) -> Amount {
        self.postings.iter().filter(|posting| posting.account == account).map(|posting| posting.amount).sum()
    }

    /// The case that it speaks of, if it does.
    #[must_use]
    pub const fn case(&self) -> Option<CaseId> {
        if let Cause::Deed { case, .. } = self.cause { Some(case) } else { None }
    }

    /// Whether its postings are those of an entry.
    ///
    /// # Errors
    /// [`PostingError`].
    pub fn balanced(&self) -> Result<(), PostingError> {
        balanced(&self.postings)
    }
}

/// Whether these postings come to nothing in each unit, each account once.
///
/// # Errors
/// [`PostingError`].
pub fn balanced(postings: &[Posting]) -> Result<(), PostingError> {
    if postings.len() < 2 {
        return Err(PostingError::TooFew);
    }
    if postings.len() > Account::ALL.len() {
        return Err(PostingError::TooMany);
    }
    for unit in [Unit::Point, Unit::Fen] {
        let sum = postings
            .iter()
            .filter(|posting| posting.account.unit() == unit)
            .try_fold(0_i64, |sum, posting| sum.checked_add(posting.amount));
        if sum != Some(0) {
            return Err(PostingError::Unbalanced);
        }
    }
    let once = |one: &Posting| postings.iter().filter(|other| other.account == one.account).nth(1).is_none();
    if postings.iter().all(once) { Ok(()) } else { Err(PostingError::Twice) }
}

impl Cause {
    /// The id of the entry that this causes in a book. Only a deed and what is carried over can be caused in several books;
    /// anything else happens once, whichever book it stands in.
    #[must_use]
    pub fn id(&self, book: BookId) -> EntryId {
        let anywhere = BookId::CITY;
        let (book, kind, of, more): (BookId, u8, &[u8; 16], u8) = match self {
            Self::Deed { deed, case, .. } => (book, 1, case.as_bytes(), deed_tag(*deed)),
            Self::Reversal { reverses, .. } => (anywhere, 2, &reverses.0, 0),
            Self::PayoutDue { payout } => (anywhere, 3, &payout.0, 0),
            Self::PayoutPaid { payout } => (anywhere, 4, &payout.0, 0),
            Self::Gift { order } => (anywhere, 5, &order.0, 0),
            Self::Donation { donation } => (anywhere, 6, &donation.0, 0),
            Self::CarriedOut { to } => (book, 7, &to.0, 0),
            Self::CarriedIn { from } => (book, 8, &from.0, 0),
            Self::Funding { decision } => (anywhere, 9, &decision.0, 0),
        };
        let hash = sha(Tag::Id, &[&book.0, &[kind], of, &[more]]);
        let mut id = [0; 16];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        EntryId(id)
    }

    /// Its name on the wire and in exports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Deed { .. } => "deed",
            Self::Reversal { .. } => "reversal",
            Self::PayoutDue { .. } => "payout_due",
            Self::PayoutPaid { .. } => "payout_paid",
            Self::Gift { .. } => "gift",
            Self::Donation { .. } => "donation",
            Self::CarriedOut { .. } => "carried_out",
            Self::CarriedIn { .. } => "carried_in",
            Self::Funding { .. } => "funding",
        }
    }
}

/// The byte of a deed in an entry; never given to another.
pub(crate) const fn deed_tag(deed: Deed) -> u8 {
    match deed {
        Deed::ProblemFiled => 1,
        Deed::Joined => 2,
        Deed::SuggestionAdopted => 3,
        Deed::PraisePublished => 4,
        Deed::Rated => 5,
    }
}
