//! A day of the civil calendar, without a date library: the app carries this code.

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A text or numbers that name no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a day like 2026-11-23")]
pub struct DayError;

impl Day {
    /// The day so many days after 1970-01-01.
    #[must_use]
    pub const fn from_count(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn count(self) -> i32 {
        self.0
    }

    /// The day of these numbers, years 1 to 9999 of the Gregorian calendar.
    ///
    /// # Errors
    /// [`DayError`] when there is no such day.
    pub const fn of(year: i32, month: u32, day: u32) -> Result<Self, DayError> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 {
            return Err(DayError);
        }
        // Howard Hinnant's days_from_civil: the year starts in March, so a leap day is its last.
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let of_era = shifted.rem_euclid(400);
        let of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
        let made = Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468);
        let (y, m, d) = made.parts();
        if y == year && m == month && d == day { Ok(made) } else { Err(DayError) }
    }

    /// Its year, month and day.
    #[must_use]
    pub const fn parts(self) -> (i32, u32, u32) {
        let count = self.0 as i64 + 719_468;
        let era = count.div_euclid(146_097);
        let of_era = count.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u32, day as u32)
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.parts().0
    }

    /// As a number, `20261123`: the middle of a case's public number.
    #[must_use]
    pub const fn number(self) -> u32 {
        let (year, month, day) = self.parts();
        year.unsigned_abs() * 10_000 + month * 100 + day
    }

    /// The day of the week, Monday 0 to Sunday 6.
    #[must_use]
    pub const fn weekday(self) -> u32 {
        (self.0 as i64 + 3).rem_euclid(7) as u32
    }

    /// So many days later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Self, DayError> {
        let (Some((year, rest)), 10) = (text.split_once('-'), text.len()) else { return Err(DayError) };
        let Some((month, day)) = rest.split_once('-') else { return Err(DayError) };
        if (year.len(), month.len()) != (4, 2)
            || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        {
            return Err(DayError);
        }
        let number = |text: &str| text.parse::<u32>().map_err(|_| DayError);
        Self::of(year.parse().map_err(|_| DayError)?, number(month)?, number(day)?)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_and_know_their_weekday() {
        assert_eq!(Day::of(1970, 1, 1), Ok(Day(0)));
        let day = Day::of(2026, 11, 23).unwrap();
        assert_eq!((day.to_string().as_str(), day.weekday(), day.number()), ("2026-11-23", 0, 20_261_123));
        assert_eq!(Day::of(2024, 2, 29).map(|day| day.plus(1).to_string()), Ok("2024-03-01".to_owned()));
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        for bad in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-01",
            "2026-00-10",
            "20261123",
            "2026-11-3x",
            "+026-11-23",
            "２026-1-1",
        ] {
            assert_eq!(bad.parse::<Day>(), Err(DayError), "{bad}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_survives_its_parts_and_its_text() {
        let first = Day::of(1900, 1, 1).unwrap().count();
        for count in first..first + 146_097 {
            let day = Day(count);
            let (year, month, date) = day.parts();
            assert_eq!(Day::of(year, month, date), Ok(day));
        }
        let day = Day::of(2027, 12, 31).unwrap();
        assert_eq!(day.to_string().parse(), Ok(day));
    }
}
