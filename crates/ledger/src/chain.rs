//! The chain of a book: each entry holds the hash of the one before, so that none can be changed, left out, put in or moved
//! without all after it having to be written anew.

use crate::account::{Account, Amount};
use crate::entry::{BookId, Entry, EntryId};
use crate::hash::Sha;
use woodlark_domain::{CaseId, Timestamp};

/// Where a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries it has.
    pub seq: u64,
    /// The hash of the last; zeros where there is none.
    pub hash: Sha,
    /// When the last was written.
    pub at: Timestamp,
}

impl Head {
    /// Of a book without entries.
    pub const EMPTY: Self = Self { seq: 0, hash: [0; 32], at: Timestamp(i64::MIN) };
}

/// What the balances of a book's own accounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balances {
    /// Points.
    pub points: Amount,
    /// Money on its way, in fen.
    pub cash_due: Amount,
    /// Money that was paid, in fen.
    pub cash_paid: Amount,
}

impl Balances {
    /// Takes an entry's postings in; none where a number grows too large.
    #[must_use]
    pub fn with(self, entry: &Entry) -> Option<Self> {
        Some(Self {
            points: self.points.checked_add(entry.amount(Account::Points))?,
            cash_due: self.cash_due.checked_add(entry.amount(Account::CashDue))?,
            cash_paid: self.cash_paid.checked_add(entry.amount(Account::CashPaid))?,
        })
    }

    /// Whether none is below zero.
    #[must_use]
    pub const fn sound(&self) -> bool {
        self.points >= 0 && self.cash_due >= 0 && self.cash_paid >= 0
    }
}

/// An entry as it is kept: its bytes, and what stands beside them so that it can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Its place.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
    /// Its case.
    pub case: Option<CaseId>,
    /// Its canonical bytes.
    pub body: &'a [u8],
    /// Its hash.
    pub hash: Sha,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The bytes are no entry.
    #[error("its bytes are no entry")]
    Unreadable,
    /// What stands beside the bytes says otherwise than they do.
    #[error("what it is found by is not what it says")]
    Misfiled,
    /// It is of another book or district.
    #[error("it is of another book")]
    Foreign,
    /// An entry is missing, or stands there twice.
    #[error("it is not the next entry")]
    OutOfPlace,
    /// It does not hold the hash of the entry before.
    #[error("it does not follow from the entry before")]
    Unlinked,
    /// Its hash is not that of its bytes.
    #[error("its hash is not that of its bytes")]
    Altered,
    /// It is older than the entry before.
    #[error("it is older than the entry before")]
    Backdated,
    /// Its postings don't come to nothing.
    #[error("its postings don't come to nothing")]
    Unbalanced,
    /// An account falls below zero.
    #[error("an account falls below zero")]
    Overdrawn,
}

/// Goes along a chain entry by entry.
#[derive(Debug, Clone)]
pub struct Walk {
    adcode: [u8; 6],
    book: BookId,
    head: Head,
    balances: Balances,
}

impl Walk {
    /// From the beginning of a book.
    #[must_use]
    pub fn new(adcode: [u8; 6], book: BookId) -> Self {
        Self { adcode, book, head: Head::EMPTY, balances: Balances::default() }
    }

    /// Where it stands.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// What the balances are there.
    #[must_use]
    pub const fn balances(&self) -> Balances {
        self.balances
    }

    /// Goes to the next entry.
    ///
    /// # Errors
    /// [`Broken`]; the walk then stands where it stood.
    pub fn step(&mut self, kept: &Kept<'_>) -> Result<Entry, Broken> {
        let entry = Entry::from_bytes(kept.body).map_err(|_| Broken::Unreadable)?;
        if entry.book != self.book || entry.adcode != self.adcode {
            return Err(Broken::Foreign);
        }
        if kept.seq != entry.seq || kept.id != entry.id() || kept.case != entry.case() {
            return Err(Broken::Misfiled);
        }
        if entry.seq != self.head.seq + 1 {
            return Err(Broken::OutOfPlace);
        }
        if entry.before != self.head.hash {
            return Err(Broken::Unlinked);
        }
        let hash = entry.hash();
        if kept.hash != hash {
            return Err(Broken::Altered);
        }
        if entry.at < self.head.at {
            return Err(Broken::Backdated);
        }
        entry.balanced().map_err(|_| Broken::Unbalanced)?;
        let balances = self.balances.with(&entry).filter(Balances::sound).ok_or(Broken::Overdrawn)?;
        self.head = Head { seq: entry.seq, hash, at: entry.at };
        self.balances = balances;
        Ok(entry)
    }
}
