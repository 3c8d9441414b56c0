//! The accounts between which entries move points and money. A book's own accounts are a resident's; the city's are shared.

/// How much, in the account's unit.
pub type Amount = i64;

/// In what an account is kept. Each entry's postings come to nothing in each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Points.
    Point,
    /// Fen, hundredths of a yuan.
    Fen,
}

macro_rules! accounts {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal, $code:literal, $unit:ident, $floor:literal;)+) => {
        /// An account. Those of a resident are of the book that the entry stands in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Account {
            $($(#[$doc])* $variant),+
        }

        impl Account {
            /// Every account.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its byte in an entry.
            #[must_use]
            pub const fn tag(self) -> u8 {
                match self { $(Self::$variant => $tag),+ }
            }

            /// The account with this byte.
            #[must_use]
            pub const fn from_tag(tag: u8) -> Option<Self> {
                match tag { $($tag => Some(Self::$variant),)+ _ => None }
            }

            /// Its name, as people and exports call it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The account of this name.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// In what it is kept.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit),+ }
            }

            /// Whether it may never be below zero.
            #[must_use]
            pub const fn has_floor(self) -> bool {
                match self { $(Self::$variant => $floor),+ }
            }
        }
    };
}

accounts! {
    /// A resident's points.
    Points = 1, "resident:points", Point, true;
    /// Money on its way to a resident.
    CashDue = 2, "resident:cash_due", Fen, true;
    /// Money that a resident was paid.
    CashPaid = 3, "resident:cash_paid", Fen, true;
    /// Where points come from: as far below zero as points were given.
    CityPoints = 4, "city:points", Point, false;
    /// Points that came back for money, gifts and the community.
    CityPointsSpent = 5, "city:points_spent", Point, true;
    /// What is left of the budget for thanks.
    RewardFund = 6, "city:reward_fund", Fen, true;
    /// What residents gave to the community's fund.
    CommunityFund = 7, "city:community_fund", Fen, true;
    /// Where the budget comes from: as far below zero as was granted.
    Budget = 8, "city:budget", Fen, false;
}

impl Account {
    /// Whether each book has its own.
    #[must_use]
    pub const fn is_residents(self) -> bool {
        matches!(self, Self::Points | Self::CashDue | Self::CashPaid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_found_by_its_byte_and_its_name() {
        for account in Account::ALL {
            assert_eq!(Account::from_tag(account.tag()), Some(*account));
            assert_eq!(Account::from_code(account.code()), Some(*account));
            assert_eq!(account.is_residents(), account.code().starts_with("resident:"));
        }
        assert_eq!((Account::from_tag(0), Account::from_code("")), (None, None));
    }
}
