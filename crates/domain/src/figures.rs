//! What is counted of a case. A figure is a sum of these over the cases that came in on certain days; each has one definition,
//! written here and shown beside it, and every sum can be traced to its cases.

use crate::case::Case;
use crate::clock::{Calendar, Day};
use crate::kind::closed_list;
use crate::{AreaCode, CategoryCode, DepartmentCode, Door, Kind, State, Timestamp};

closed_list! {
    /// One thing that is counted.
    Measure {
        /// Reports that came in.
        Reported = "reported",
        /// Of these, filed; praise: published.
        Filed = "filed",
        /// Sent to a department at least once.
        Dispatched = "dispatched",
        /// Finished by a department at least once.
        Handled = "handled",
        /// Closed, and not open again now; ended by force too.
        Closed = "closed",
        /// Closed by the promised time.
        OnTime = "on_time",
        /// Closed on the day that they came in.
        SameDay = "same_day",
        /// Minutes from coming in to closing, of those closed.
        OpenMinutes = "open_minutes",
        /// Times that a department gave one back.
        Returns = "returns",
        /// Times that one had to be done again.
        Reworks = "reworks",
        /// Times that a resident said it isn't fixed.
        Contested = "contested",
        /// Ended by force.
        Forced = "forced",
        /// Ratings given.
        Ratings = "ratings",
        /// Ratings of 4 and 5.
        Satisfied = "satisfied",
    }
}

closed_list! {
    /// What figures are broken down by.
    Dimension {
        /// The town.
        Area = "area",
        /// The department that has it, or had it last.
        Department = "department",
        /// The class of its category.
        Category = "category",
        /// The door that it came in by.
        Door = "door",
        /// Problem, suggestion or praise.
        Kind = "kind",
    }
}

/// How many measures there are.
pub const MEASURES: usize = Measure::ALL.len();

/// One number for each measure, in the order of [`Measure::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts(pub [i64; MEASURES]);

impl Counts {
    /// The number of one measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> i64 {
        Measure::ALL.iter().zip(self.0).find(|(one, _)| **one == measure).map_or(0, |(_, count)| count)
    }

    /// Each number and the other's, together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count = count.saturating_add(more));
        self
    }

    /// Each number less the other's.
    #[must_use]
    pub fn minus(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(count, less)| *count = count.saturating_sub(less));
        self
    }

    /// Whether every number is nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }
}

/// What one case adds to the figures, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The day that it came in, in the city's own zone.
    pub day: Day,
    /// Its town; none while nobody has placed it.
    pub town: Option<AreaCode>,
    /// Its department.
    pub department: Option<DepartmentCode>,
    /// The class of its category.
    pub class: Option<CategoryCode>,
    /// The door that it came in by.
    pub door: Door,
    /// What it is.
    pub kind: Kind,
    /// What it adds.
    pub counts: Counts,
}

impl Share {
    /// The key of this share in a dimension; empty where it has none.
    #[must_use]
    pub fn key(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Area => self.town.as_ref().map_or("", AreaCode::as_str),
            Dimension::Department => self.department.as_ref().map_or("", DepartmentCode::as_str),
            Dimension::Category => self.class.as_ref().map_or("", CategoryCode::as_str),
            Dimension::Door => self.door.code(),
            Dimension::Kind => self.kind.code(),
        }
    }
}

/// Digits of a town's code.
const TOWN_DIGITS: usize = 9;

/// What a case adds to the figures as it stands. `promised` is by when its resident was promised that it is dealt with.
#[must_use]
pub fn share(case: &Case, promised: Option<Timestamp>, calendar: &Calendar) -> Share {
    let day = calendar.day(case.reported_at);
    let published = matches!(case.state, State::Published | State::Thanked);
    let closed = case.closed_at.filter(|_| matches!(case.state, State::Closed | State::Settled));
    let minutes = closed.map_or(0, |at| at.0.saturating_sub(case.reported_at.0) / Timestamp::MINUTE);
    let satisfied = case.ratings.iter().filter(|rating| rating.stars.get() >= 4).count();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let of = |measure: &Measure| match measure {
        Measure::Reported => 1,
        Measure::Filed => i64::from(case.filed_at.is_some() || published),
        Measure::Dispatched => i64::from(case.dispatched_at.is_some()),
        Measure::Handled => i64::from(case.finished_at.is_some()),
        Measure::Closed => i64::from(closed.is_some()),
        Measure::OnTime => i64::from(closed.zip(promised).is_some_and(|(at, by)| at <= by)),
        Measure::SameDay => i64::from(closed.is_some_and(|at| calendar.day(at) == day)),
        Measure::OpenMinutes => minutes,
        Measure::Returns => i64::from(case.returns),
        Measure::Reworks => i64::from(case.reworks),
        Measure::Contested => i64::from(case.contests),
        Measure::Forced => i64::from(case.forced),
        Measure::Ratings => number(case.ratings.len()),
        Measure::Satisfied => number(satisfied),
    };
    let mut counts = Counts::default();
    counts.0.iter_mut().zip(Measure::ALL).for_each(|(count, measure)| *count = of(measure));
    let town = case.area.as_ref().and_then(|area| AreaCode::new(area.as_str().get(..TOWN_DIGITS)?).ok());
    Share {
        day,
        town,
        department: case.department.clone(),
        class: case.category.as_ref().map(CategoryCode::class),
        door: case.door,
        kind: case.kind,
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_can_be_taken_away_again() {
        let mut one = Counts::default();
        one.0.iter_mut().zip(1..).for_each(|(count, number)| *count = number);
        assert!(one.plus(&one).minus(&one).minus(&one).is_nothing());
        assert_eq!((one.get(Measure::Reported), one.get(Measure::Satisfied)), (1, 14));
    }
}
