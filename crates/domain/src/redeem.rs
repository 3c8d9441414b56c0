//! What points become: a small red packet, a gift at a service station, a share of the community's fund. The terms are the
//! city's data; here are their names, their bounds, and what may be done under them.

use crate::city::Gift;
use crate::kind::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// A term of the ledger that the city sets.
    Term {
        /// Points that one person gets for the deeds of a month at most.
        MonthlyPoints = "monthly_points",
        /// Fen for a point; 0 where points become no money.
        FenPerPoint = "fen_per_point",
        /// Fen of a red packet at least. The pay system takes none below ten.
        PayoutLeastFen = "payout_least_fen",
        /// Fen of a red packet at most. The pay system takes none above two hundred yuan.
        PayoutMostFen = "payout_most_fen",
        /// Fen that one person gets in a month at most.
        MonthlyFen = "monthly_fen",
        /// From so many fen on, one person of the staff approves.
        ApprovalFromFen = "approval_from_fen",
        /// From so many fen on, two of them do.
        SecondApprovalFromFen = "second_approval_from_fen",
        /// Hours in which it is decided; afterwards the points go back.
        PayoutHours = "payout_hours",
        /// Days for which a gift is kept at its station; afterwards the points go back.
        GiftDays = "gift_days",
    }
}

impl Term {
    /// What it is where the city says nothing.
    #[must_use]
    pub const fn usual(self) -> u32 {
        match self {
            Self::MonthlyPoints => 200,
            Self::FenPerPoint => 10,
            Self::PayoutLeastFen => 100,
            Self::PayoutMostFen => 5_000,
            Self::MonthlyFen => 5_000,
            Self::ApprovalFromFen => 500,
            Self::SecondApprovalFromFen => 3_000,
            Self::PayoutHours => 72,
            Self::GiftDays => 14,
        }
    }

    /// The least and the most that it can be.
    #[must_use]
    pub const fn bounds(self) -> (u32, u32) {
        match self {
            Self::MonthlyPoints => (0, 100_000),
            Self::FenPerPoint => (0, 1_000),
            Self::PayoutLeastFen => (10, 20_000),
            Self::PayoutMostFen => (10, 20_000),
            Self::MonthlyFen => (0, 200_000),
            Self::ApprovalFromFen | Self::SecondApprovalFromFen => (0, 1_000_000),
            Self::PayoutHours => (1, 720),
            Self::GiftDays => (1, 365),
        }
    }
}

/// A term and what the city set it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermValue {
    /// The term.
    pub term: Term,
    /// In its own unit: points, fen, hours or days.
    pub value: u32,
}

/// The terms of a city: what it set, and the usual for the rest.
#[must_use]
pub fn usual_terms() -> Vec<TermValue> {
    Term::ALL.iter().map(|term| TermValue { term: *term, value: term.usual() }).collect()
}

/// The terms by name.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a>(pub &'a [TermValue]);

impl Terms<'_> {
    /// What a term is.
    #[must_use]
    pub fn of(&self, term: Term) -> i64 {
        let set = self.0.iter().find(|one| one.term == term);
        i64::from(set.map_or(term.usual(), |one| one.value))
    }

    /// What so many points come to, in fen.
    #[must_use]
    pub fn fen(&self, points: i64) -> i64 {
        points.saturating_mul(self.of(Term::FenPerPoint))
    }

    /// How many of the staff approve a payout of so much before it is sent.
    #[must_use]
    pub fn approvals(&self, fen: i64) -> usize {
        if fen >= self.of(Term::SecondApprovalFromFen) {
            2
        } else {
            usize::from(fen >= self.of(Term::ApprovalFromFen))
        }
    }
}

closed_list! {
    /// Where a payout stands.
    PayoutState {
        /// People of the staff have to approve it.
        Waiting = "waiting",
        /// It is to be sent, or was and no answer is known.
        Sending = "sending",
        /// The pay system has it; the resident confirms it in WeChat.
        Confirming = "confirming",
        /// The pay system said what nobody expects of it: people look.
        Held = "held",
        /// The pay system's verified word: the money is theirs.
        Paid = "paid",
        /// The pay system's verified word: it comes to nothing. The points are back.
        Failed = "failed",
        /// The staff declined it. The points are back.
        Declined = "declined",
        /// Nobody decided in time. The points are back.
        Lapsed = "lapsed",
        /// The resident took it back. The points are back.
        Withdrawn = "withdrawn",
    }
}

impl PayoutState {
    /// Whether it is over.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Paid | Self::Failed | Self::Declined | Self::Lapsed | Self::Withdrawn)
    }

    /// Whether its points went back.
    #[must_use]
    pub const fn is_returned(self) -> bool {
        matches!(self, Self::Failed | Self::Declined | Self::Lapsed | Self::Withdrawn)
    }

    /// Whether it may become that. Of what the pay system may have, only its own word makes an end.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Waiting => {
                matches!(next, Self::Sending | Self::Declined | Self::Lapsed | Self::Withdrawn)
            }
            Self::Sending | Self::Confirming | Self::Held => matches!(
                next,
                Self::Sending | Self::Confirming | Self::Held | Self::Paid | Self::Failed | Self::Withdrawn
            ),
            Self::Paid | Self::Failed | Self::Declined | Self::Lapsed | Self::Withdrawn => false,
        }
    }
}

closed_list! {
    /// Where the order of a gift stands.
    GiftState {
        /// It is kept at its station.
        Kept = "kept",
        /// It was handed over.
        Honoured = "honoured",
        /// The resident gave it back. The points are back.
        Returned = "returned",
        /// It was not fetched in time. The points are back.
        Lapsed = "lapsed",
    }
}

closed_list! {
    /// Why points don't become what was asked for.
    RedeemRefusal {
        /// The account is frozen; the reason stands on its page.
        Frozen = "frozen",
        /// Fewer points than that.
        TooFewPoints = "too_few_points",
        /// Less than the least.
        BelowLeast = "below_least",
        /// More than the most at once.
        AboveMost = "above_most",
        /// More than is left of this month.
        MonthSpent = "month_spent",
        /// The budget doesn't hold it now.
        BudgetSpent = "budget_spent",
        /// The city gives no money for points, or nobody can be paid from here.
        NotOffered = "not_offered",
        /// No WeChat account is linked.
        NotLinked = "not_linked",
        /// There is no such gift any more.
        GiftGone = "gift_gone",
        /// None of it is left.
        OutOfStock = "out_of_stock",
        /// It moved on meanwhile: it can't be done any more.
        TooLate = "too_late",
        /// Whoever asked, approved, or owns it can't approve it once more.
        SamePerson = "same_person",
        /// The code was honoured already.
        HonouredAlready = "honoured_already",
    }
}

/// What a book and the city have, for the question whether points may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purse {
    /// Whether the account is frozen.
    pub frozen: bool,
    /// Its points.
    pub points: i64,
    /// Fen of this month's payouts that were not given back.
    pub month_fen: i64,
    /// What the budget holds, in fen.
    pub budget_fen: i64,
}

impl Purse {
    fn spend(&self, points: i64) -> Result<(), RedeemRefusal> {
        if self.frozen {
            Err(RedeemRefusal::Frozen)
        } else if points < 1 || points > self.points {
            Err(RedeemRefusal::TooFewPoints)
        } else {
            Ok(())
        }
    }

    /// What a payout for so many points comes to, in fen.
    ///
    /// # Errors
    /// [`RedeemRefusal`].
    pub fn payout(&self, points: i64, terms: &Terms<'_>) -> Result<i64, RedeemRefusal> {
        self.spend(points)?;
        let fen = terms.fen(points);
        if terms.of(Term::FenPerPoint) == 0 {
            Err(RedeemRefusal::NotOffered)
        } else if fen < terms.of(Term::PayoutLeastFen) {
            Err(RedeemRefusal::BelowLeast)
        } else if fen > terms.of(Term::PayoutMostFen) {
            Err(RedeemRefusal::AboveMost)
        } else if fen > terms.of(Term::MonthlyFen).saturating_sub(self.month_fen) {
            Err(RedeemRefusal::MonthSpent)
        } else if fen > self.budget_fen {
            Err(RedeemRefusal::BudgetSpent)
        } else {
            Ok(fen)
        }
    }

    /// What the community's fund gets for so many points, in fen.
    ///
    /// # Errors
    /// [`RedeemRefusal`].
    pub fn donation(&self, points: i64, terms: &Terms<'_>) -> Result<i64, RedeemRefusal> {
        self.spend(points)?;
        let fen = terms.fen(points);
        if fen == 0 {
            Err(RedeemRefusal::NotOffered)
        } else if fen > self.budget_fen {
            Err(RedeemRefusal::BudgetSpent)
        } else {
            Ok(fen)
        }
    }

    /// Whether a gift may be ordered of which so many are left.
    ///
    /// # Errors
    /// [`RedeemRefusal`].
    pub fn gift(&self, gift: &Gift, left: i64) -> Result<(), RedeemRefusal> {
        self.spend(i64::from(gift.points))?;
        if left < 1 { Err(RedeemRefusal::OutOfStock) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURSE: Purse = Purse { frozen: false, points: 1_000, month_fen: 0, budget_fen: 100_000 };

    #[test]
    fn a_payout_is_refused_by_the_first_rule_that_it_breaks() {
        let terms = usual_terms();
        let terms = Terms(&terms);
        let ask = |purse: Purse, points| purse.payout(points, &terms);
        assert_eq!(ask(PURSE, 10), Ok(100));
        assert_eq!(ask(PURSE, 500), Ok(5_000));
        assert_eq!(ask(PURSE, 9), Err(RedeemRefusal::BelowLeast));
        assert_eq!(ask(PURSE, 501), Err(RedeemRefusal::AboveMost));
        assert_eq!(ask(PURSE, 0), Err(RedeemRefusal::TooFewPoints));
        assert_eq!(ask(PURSE, 1_001), Err(RedeemRefusal::TooFewPoints));
        assert_eq!(ask(Purse { month_fen: 4_901, ..PURSE }, 10), Err(RedeemRefusal::MonthSpent));
        assert_eq!(ask(Purse { month_fen: 4_900, ..PURSE }, 10), Ok(100));
        assert_eq!(ask(Purse { budget_fen: 99, ..PURSE }, 10), Err(RedeemRefusal::BudgetSpent));
        assert_eq!(ask(Purse { frozen: true, ..PURSE }, 10), Err(RedeemRefusal::Frozen));
        let free = [TermValue { term: Term::FenPerPoint, value: 0 }];
        assert_eq!(PURSE.payout(10, &Terms(&free)), Err(RedeemRefusal::NotOffered));
        assert_eq!(PURSE.donation(10, &Terms(&free)), Err(RedeemRefusal::NotOffered));
        assert_eq!(PURSE.donation(1, &terms), Ok(10), "the fund has no least");
    }

    #[test]
    fn more_money_takes_more_approvals() {
        let terms = usual_terms();
        let terms = Terms(&terms);
        let of: Vec<usize> = [499, 500, 2_999, 3_000].iter().map(|fen| terms.approvals(*fen)).collect();
        assert_eq!(of, [0, 1, 1, 2]);
    }

    #[test]
    fn nothing_comes_of_a_payout_that_is_over_and_only_the_pay_systems_word_ends_what_it_may_have() {
        for state in PayoutState::ALL {
            let next: Vec<PayoutState> =
                PayoutState::ALL.iter().copied().filter(|next| state.may_become(*next)).collect();
            assert_eq!(next.is_empty(), state.is_over(), "{state:?}");
            assert_eq!(state.is_over(), state.is_returned() || *state == PayoutState::Paid, "{state:?}");
            let at_the_pay_system =
                matches!(state, PayoutState::Sending | PayoutState::Confirming | PayoutState::Held);
            if at_the_pay_system {
                assert!(!next.contains(&PayoutState::Declined) && !next.contains(&PayoutState::Lapsed));
            }
        }
    }

    #[test]
    fn the_usual_terms_lie_within_their_bounds() {
        for term in Term::ALL {
            let (least, most) = term.bounds();
            assert!((least..=most).contains(&term.usual()), "{term:?}");
        }
        assert_eq!(Terms(&[]).of(Term::MonthlyPoints), 200);
    }
}
