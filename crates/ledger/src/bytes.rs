//! The canonical bytes of an entry: one way to write it, and reading refuses whatever would not be written so. Numbers are
//! big-endian; nothing has a variable length that isn't written before it.

use crate::account::Account;
use crate::entry::{BookId, Cause, Entry, EntryId, Posting, ReversalReason, deed_tag};
use woodlark_domain::city::Deed;
use woodlark_domain::{CaseId, Timestamp};

/// The first byte: how the rest is to be read.
const VERSION: u8 = 1;

/// Bytes that are no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no entry of a ledger")]
pub struct NoEntry;

impl Entry {
    /// The bytes that are hashed and kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(160);
        bytes.push(VERSION);
        bytes.extend(self.adcode);
        bytes.extend(self.book.0);
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.at.0.to_be_bytes());
        match self.cause {
            Cause::Deed { deed, case, confirmed_at, table, worth } => {
                bytes.extend([1, deed_tag(deed)]);
                bytes.extend(case.as_bytes());
                bytes.extend(confirmed_at.0.to_be_bytes());
                bytes.extend(table.to_be_bytes());
                bytes.extend(worth.to_be_bytes());
            }
            Cause::Reversal { reverses, reason } => {
                let place = ReversalReason::ALL.iter().position(|one| *one == reason);
                bytes.extend([2, place.map_or(0, |place| u8::try_from(place + 1).unwrap_or(0))]);
                bytes.extend(reverses.0);
            }
            Cause::PayoutDue { payout } => one(&mut bytes, 3, &payout.0),
            Cause::PayoutPaid { payout } => one(&mut bytes, 4, &payout.0),
            Cause::Gift { order } => one(&mut bytes, 5, &order.0),
            Cause::Donation { donation } => one(&mut bytes, 6, &donation.0),
            Cause::CarriedOut { to } => one(&mut bytes, 7, &to.0),
            Cause::CarriedIn { from } => one(&mut bytes, 8, &from.0),
            Cause::Funding { decision } => one(&mut bytes, 9, &decision.0),
        }
        bytes.push(u8::try_from(self.postings.len()).unwrap_or(u8::MAX));
        for posting in &self.postings {
            bytes.push(posting.account.tag());
            bytes.extend(posting.amount.to_be_bytes());
        }
        bytes.extend(self.before);
        bytes
    }

    /// Reads them back.
    ///
    /// # Errors
    /// [`NoEntry`] where any byte is not as [`Entry::to_bytes`] would write it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoEntry> {
        let mut rest = Rest(bytes);
        if rest.byte()? != VERSION {
            return Err(NoEntry);
        }
        let adcode: [u8; 6] = rest.take()?;
        if !adcode.iter().all(u8::is_ascii_digit) {
            return Err(NoEntry);
        }
        let (book, seq, at) = (BookId(rest.take()?), rest.number()?, rest.moment()?);
        let cause = rest.cause()?;
        let count = rest.byte()?;
        let mut postings = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let account = Account::from_tag(rest.byte()?).ok_or(NoEntry)?;
            postings.push(Posting { account, amount: i64::from_be_bytes(rest.take()?) });
        }
        let before = rest.take()?;
        if !rest.0.is_empty() {
            return Err(NoEntry);
        }
        Ok(Self { adcode, book, seq, at, cause, postings, before })
    }
}

fn one(bytes: &mut Vec<u8>, kind: u8, id: &[u8; 16]) {
    bytes.push(kind);
    bytes.extend(id);
}

/// What is still to be read.
pub(crate) struct Rest<'a>(pub(crate) &'a [u8]);

impl<'a> Rest<'a> {
    pub(crate) fn slice(&mut self, length: usize) -> Result<&'a [u8], NoEntry> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NoEntry)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], NoEntry> {
        self.slice(N)?.try_into().map_err(|_| NoEntry)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, NoEntry> {
        let [byte] = self.take()?;
        Ok(byte)
    }

    pub(crate) fn number(&mut self) -> Result<u64, NoEntry> {
        self.take().map(u64::from_be_bytes)
    }

    fn moment(&mut self) -> Result<Timestamp, NoEntry> {
        self.take().map(|bytes| Timestamp(i64::from_be_bytes(bytes)))
    }

    fn id(&mut self) -> Result<EntryId, NoEntry> {
        self.take().map(EntryId)
    }

    fn cause(&mut self) -> Result<Cause, NoEntry> {
        Ok(match self.byte()? {
            1 => {
                let tag = self.byte()?;
                let deed = Deed::ALL.iter().copied().find(|deed| deed_tag(*deed) == tag).ok_or(NoEntry)?;
                let case = CaseId::from_bytes(self.take()?);
                let confirmed_at = self.moment()?;
                let (table, worth) = (self.number()?, self.take().map(u32::from_be_bytes)?);
                Cause::Deed { deed, case, confirmed_at, table, worth }
            }
            2 => {
                let place = usize::from(self.byte()?).checked_sub(1).ok_or(NoEntry)?;
                let reason = ReversalReason::ALL.get(place).copied().ok_or(NoEntry)?;
                Cause::Reversal { reverses: self.id()?, reason }
            }
            3 => Cause::PayoutDue { payout: self.id()? },
            4 => Cause::PayoutPaid { payout: self.id()? },
            5 => Cause::Gift { order: self.id()? },
            6 => Cause::Donation { donation: self.id()? },
            7 => Cause::CarriedOut { to: BookId(self.take()?) },
            8 => Cause::CarriedIn { from: BookId(self.take()?) },
            9 => Cause::Funding { decision: self.id()? },
            _ => return Err(NoEntry),
        })
    }
}

/// The bytes that these lower-case hexadecimal digits stand for.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_hex_all(text)?.try_into().ok()
}

/// The same for as many as there are.
#[must_use]
pub fn from_hex_all(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
