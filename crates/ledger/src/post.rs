//! What an entry posts. Nothing else in the project makes postings.

use crate::account::{Account, Amount};
use crate::chain::Balances;
use crate::entry::{Entry, Posting};

const fn posting(account: Account, amount: Amount) -> Posting {
    Posting { account, amount }
}

/// A deed worth so much, in a month whose cap leaves `room`: what the cap left is given. A deed that gets nothing any more
/// stands in the book all the same.
#[must_use]
pub fn deed(worth: u32, room: Amount) -> Vec<Posting> {
    let points = Amount::from(worth).min(room.max(0));
    vec![posting(Account::Points, points), posting(Account::CityPoints, -points)]
}

/// An entry taken back, from a book with these balances. Points that were spent since are not asked back, so that nobody
/// falls below zero: what is left of them is taken, and the rest waived.
#[must_use]
pub fn reversal(of: &Entry, balances: Balances) -> Vec<Posting> {
    let waived = (of.amount(Account::Points) - balances.points.max(0)).max(0);
    let counter =
        if of.amount(Account::CityPoints) == 0 { Account::CityPointsSpent } else { Account::CityPoints };
    of.postings
        .iter()
        .map(|one| {
            let less = if one.account == Account::Points {
                waived
            } else if one.account == counter {
                -waived
            } else {
                0
            };
            posting(one.account, less - one.amount)
        })
        .collect()
}

/// Points that come back, and what the budget gives for them.
fn spent(points: Amount, fen: Amount, into: Account) -> Vec<Posting> {
    let mut postings = gift(points);
    postings.extend([posting(Account::RewardFund, -fen), posting(into, fen)]);
    postings
}

/// So many points become so many fen on their way to a resident.
#[must_use]
pub fn payout_due(points: Amount, fen: Amount) -> Vec<Posting> {
    spent(points, fen, Account::CashDue)
}

/// So many fen were paid.
#[must_use]
pub fn payout_paid(fen: Amount) -> Vec<Posting> {
    vec![posting(Account::CashDue, -fen), posting(Account::CashPaid, fen)]
}

/// So many points become a gift.
#[must_use]
pub fn gift(points: Amount) -> Vec<Posting> {
    vec![posting(Account::Points, -points), posting(Account::CityPointsSpent, points)]
}

/// So many points become so many fen of the community's fund.
#[must_use]
pub fn donation(points: Amount, fen: Amount) -> Vec<Posting> {
    spent(points, fen, Account::CommunityFund)
}

/// So many points, and so many fen on their way, leave a book for another of the same person.
#[must_use]
pub fn carried_out(points: Amount, due: Amount) -> Vec<Posting> {
    carried(-points, -due)
}

/// So many points, and so many fen on their way, come from another book of the same person.
#[must_use]
pub fn carried_in(points: Amount, due: Amount) -> Vec<Posting> {
    carried(points, due)
}

/// Money on its way passes through the budget, within one transaction.
fn carried(points: Amount, due: Amount) -> Vec<Posting> {
    let mut postings = vec![posting(Account::Points, points), posting(Account::CityPoints, -points)];
    if due != 0 {
        postings.extend([posting(Account::CashDue, due), posting(Account::RewardFund, -due)]);
    }
    postings
}

/// The budget is raised by so many fen, or lowered.
#[must_use]
pub fn funding(fen: Amount) -> Vec<Posting> {
    vec![posting(Account::RewardFund, fen), posting(Account::Budget, -fen)]
}
