//! A time limit: one of four types and how much of it.

use crate::Timestamp;
use crate::kind::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a limit counts.
    LimitKind {
        /// 紧急工作时: runs day and night.
        UrgentHours = "urgent_hours",
        /// 工作时: runs in work time only.
        WorkHours = "work_hours",
        /// 工作日: eight work hours.
        WorkDays = "work_days",
        /// 自然日: 24 hours each, day and night.
        CalendarDays = "calendar_days",
    }
}

/// A time limit. Kept in minutes so that a quarter of an hour is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limit {
    /// What it counts.
    pub kind: LimitKind,
    /// How many minutes of it: 60 for an hour, 480 for a work day, 1,440 for a calendar day.
    pub minutes: u32,
}

impl Limit {
    /// So many hours, day and night.
    #[must_use]
    pub const fn urgent_hours(hours: u32) -> Self {
        Self::whole(LimitKind::UrgentHours, hours)
    }

    /// So many minutes of work time.
    #[must_use]
    pub const fn work_minutes(minutes: u32) -> Self {
        Self { kind: LimitKind::WorkHours, minutes }
    }

    /// So many hours of work time.
    #[must_use]
    pub const fn work_hours(hours: u32) -> Self {
        Self::whole(LimitKind::WorkHours, hours)
    }

    /// So many work days of eight work hours.
    #[must_use]
    pub const fn work_days(days: u32) -> Self {
        Self::whole(LimitKind::WorkDays, days)
    }

    /// So many calendar days of 24 hours.
    #[must_use]
    pub const fn calendar_days(days: u32) -> Self {
        Self::whole(LimitKind::CalendarDays, days)
    }

    /// So many whole units of a kind.
    #[must_use]
    pub const fn whole(kind: LimitKind, count: u32) -> Self {
        Self { kind, minutes: count.saturating_mul(kind.unit_minutes()) }
    }

    /// How many whole units it is, if it is whole: "5 work days"; none for 15 minutes.
    #[must_use]
    pub const fn count(self) -> Option<u32> {
        let unit = self.kind.unit_minutes();
        if self.minutes.is_multiple_of(unit) { Some(self.minutes / unit) } else { None }
    }

    /// Its length in microseconds of the time that it counts.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.minutes as i64 * Timestamp::MINUTE
    }
}

impl LimitKind {
    /// Minutes in one unit.
    #[must_use]
    pub const fn unit_minutes(self) -> u32 {
        match self {
            Self::UrgentHours | Self::WorkHours => 60,
            Self::WorkDays => 8 * 60,
            Self::CalendarDays => 24 * 60,
        }
    }

    /// Whether it runs day and night.
    #[must_use]
    pub const fn is_continuous(self) -> bool {
        matches!(self, Self::UrgentHours | Self::CalendarDays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_says_how_many_whole_units_it_is() {
        assert_eq!(Limit::work_days(5).count(), Some(5));
        assert_eq!(Limit::work_days(5).minutes, 2400);
        assert_eq!(Limit::work_minutes(15).count(), None);
        assert_eq!(Limit::calendar_days(u32::MAX).minutes, u32::MAX, "held, not wrapped");
    }
}
