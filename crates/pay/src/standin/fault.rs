//! What can go wrong between somebody who pays and WeChat Pay: each of it once, by name.

/// What the stand-in does wrong at the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// 500, and nothing was done.
    ServerErrorBefore,
    /// 500, though it was done.
    ServerErrorAfter,
    /// The connection is cut, and nothing was done.
    CutBefore,
    /// The connection is cut, though it was done.
    CutAfter,
    /// The connection is cut in the middle of the answer.
    CutWithin,
    /// No answer, and nothing is done until the stand-in is told to go on: a request that is late.
    HeldBefore,
    /// It is done, but there is no answer until the stand-in is told to go on.
    HeldAfter,
    /// Done, and the answer bears no signature.
    Unsigned,
    /// Done, and the answer bears the signature of something else.
    BadlySigned,
    /// Done, and the answer is signed with a key that the merchant doesn't know.
    UnknownKey,
    /// Done, and the answer was signed 300 seconds ago.
    Stale,
    /// Done, and the answer was signed 300 seconds from now.
    Ahead,
    /// Done, and the answer is signed, but no JSON.
    Garbage,
    /// Done, and the answer is signed, but empty.
    Empty,
    /// Done, and the answer is longer than anyone reads.
    TooLong,
    /// Sent elsewhere.
    Redirect,
    /// Done, and the answer says another number.
    WrongNumber,
    /// Done, and the answer says another sum.
    WrongAmount,
    /// Done, and the answer says another merchant.
    WrongMerchant,
    /// Done, and the answer says a state that nobody knows.
    UnknownState,
    /// Refused with a code that nobody knows, and nothing was done.
    UnknownCodeBefore,
    /// Refused with a code that nobody knows, though it was done.
    UnknownCodeAfter,
    /// A refusal that nobody has signed, though it was done: somebody on the way wrote it.
    ForgedRefusal,
    /// 429.
    TooOften,
    /// Refused for lack of money.
    NotEnough,
    /// Refused for what it says.
    ParamError,
    /// "There is no such bill", signed, though it was done.
    NotFound,
}

/// Whether what was asked for is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is not.
    None,
    /// It is.
    Done,
    /// It is once the stand-in is told to go on.
    Later,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::ServerErrorBefore,
        Self::ServerErrorAfter,
        Self::CutBefore,
        Self::CutAfter,
        Self::CutWithin,
        Self::HeldBefore,
        Self::HeldAfter,
        Self::Unsigned,
        Self::BadlySigned,
        Self::UnknownKey,
        Self::Stale,
        Self::Ahead,
        Self::Garbage,
        Self::Empty,
        Self::TooLong,
        Self::Redirect,
        Self::WrongNumber,
        Self::WrongAmount,
        Self::WrongMerchant,
        Self::UnknownState,
        Self::UnknownCodeBefore,
        Self::UnknownCodeAfter,
        Self::ForgedRefusal,
        Self::TooOften,
        Self::NotEnough,
        Self::ParamError,
        Self::NotFound,
    ];

    /// Whether what was asked for is done all the same.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::HeldBefore => Effect::Later,
            Self::ServerErrorBefore
            | Self::CutBefore
            | Self::Redirect
            | Self::UnknownCodeBefore
            | Self::TooOften
            | Self::NotEnough
            | Self::ParamError => Effect::None,
            Self::ServerErrorAfter
            | Self::CutAfter
            | Self::CutWithin
            | Self::HeldAfter
            | Self::Unsigned
            | Self::BadlySigned
            | Self::UnknownKey
            | Self::Stale
            | Self::Ahead
            | Self::Garbage
            | Self::Empty
            | Self::TooLong
            | Self::WrongNumber
            | Self::WrongAmount
            | Self::WrongMerchant
            | Self::UnknownState
            | Self::UnknownCodeAfter
            | Self::ForgedRefusal
            | Self::NotFound => Effect::Done,
        }
    }

    /// Whether the answer waits until the stand-in is told to go on.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::HeldBefore | Self::HeldAfter)
    }
}
