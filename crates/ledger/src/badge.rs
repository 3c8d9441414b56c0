//! What somebody's deeds add up to. A badge is never kept: it is what the entries say.

use woodlark_domain::city::Deed;

/// A badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Badge {
    /// 啄木鸟, for problems that were filed.
    Woodpecker,
    /// 翠鸟, for suggestions that were adopted.
    Kingfisher,
    /// 百灵鸟, for praise that was published.
    Lark,
    /// 守望者, for ratings and joins.
    Watcher,
}

impl Badge {
    /// Every badge.
    pub const ALL: &'static [Self] = &[Self::Woodpecker, Self::Kingfisher, Self::Lark, Self::Watcher];

    /// Its name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Woodpecker => "woodpecker",
            Self::Kingfisher => "kingfisher",
            Self::Lark => "lark",
            Self::Watcher => "watcher",
        }
    }

    /// The badge that a deed counts for.
    #[must_use]
    pub const fn of(deed: Deed) -> Self {
        match deed {
            Deed::ProblemFiled => Self::Woodpecker,
            Deed::SuggestionAdopted => Self::Kingfisher,
            Deed::PraisePublished => Self::Lark,
            Deed::Joined | Deed::Rated => Self::Watcher,
        }
    }

    /// How many deeds each of its three steps takes.
    #[must_use]
    pub const fn steps(self) -> [u64; 3] {
        match self {
            Self::Woodpecker | Self::Watcher => [1, 10, 50],
            Self::Kingfisher => [1, 3, 10],
            Self::Lark => [1, 5, 20],
        }
    }

    /// How far so many deeds lead: 0 for not yet, 1 to 3; and how many the next step takes, if there is one.
    #[must_use]
    pub fn level(self, deeds: u64) -> (u8, Option<u64>) {
        let reached = self.steps().iter().filter(|step| deeds >= **step).count();
        (u8::try_from(reached).unwrap_or(3), self.steps().get(reached).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_badge_goes_up_at_its_steps_and_says_what_the_next_takes() {
        for badge in Badge::ALL {
            let [one, two, three] = badge.steps();
            assert!(one < two && two < three, "{badge:?}");
            assert_eq!(badge.level(0), (0, Some(one)));
            assert_eq!(badge.level(two - 1), (1, Some(two)));
            assert_eq!(badge.level(two), (2, Some(three)));
            assert_eq!(badge.level(three), (3, None));
        }
        let of: Vec<&str> = Deed::ALL.iter().map(|deed| Badge::of(*deed).code()).collect();
        assert_eq!(of, ["woodpecker", "watcher", "kingfisher", "lark", "watcher"]);
    }
}
