//! The city's calendar, and the two questions put to it: when is a limit over, and how much of it has been spent.

use super::{Day, Limit};
use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A span of work within a day, in minutes after the city's midnight: from 480 until 720 is 08:00–12:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkSpan {
    /// First minute of work.
    pub from: u16,
    /// First minute after it.
    pub until: u16,
}

/// What a year changes about its weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Whether the state has not published it yet.
    #[serde(default)]
    pub provisional: bool,
    /// Public holidays.
    pub holidays: Vec<Day>,
    /// Make-up workdays 调休: Saturdays and Sundays on which people work.
    pub workdays: Vec<Day>,
    /// What such a day is called, where somebody said: 国庆节.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Day, String>,
}

/// A calendar that can't be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No work at all in a day.
    #[error("a day needs at least one span of work")]
    NoWork,
    /// Spans that overlap, run backwards, are out of order or leave the day.
    #[error("spans of work must be in order, apart, and within the day")]
    Spans,
    /// An offset of more than 18 hours.
    #[error("the zone's offset must be within 18 hours")]
    Offset,
}

/// When people work in the city: data, a year a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawCalendar")]
pub struct Calendar {
    offset_minutes: i32,
    spans: Vec<WorkSpan>,
    years: Vec<Year>,
    #[serde(skip)]
    holidays: Vec<Day>,
    #[serde(skip)]
    workdays: Vec<Day>,
}

#[derive(Deserialize)]
struct RawCalendar {
    offset_minutes: i32,
    spans: Vec<WorkSpan>,
    years: Vec<Year>,
}

impl TryFrom<RawCalendar> for Calendar {
    type Error = CalendarError;
    fn try_from(raw: RawCalendar) -> Result<Self, CalendarError> {
        Self::new(raw.offset_minutes, raw.spans, raw.years)
    }
}

/// A span of time in which a clock stands still; without an end it stands still yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From this moment.
    pub from: Timestamp,
    /// Until this one, if it is over.
    pub until: Option<Timestamp>,
}

/// How far ahead a deadline is looked for. A calendar without a workday in ten years is a mistake, not a reason to hang.
const DAYS_AHEAD: i32 = 3_660;
/// How many days of work time are counted at most: two centuries. A moment beyond is a mistake, not a reason to hang.
const DAYS_COUNTED: i32 = 73_050;

impl Calendar {
    /// A calendar of a zone (minutes east of UTC), the spans of a workday, and the years known.
    ///
    /// # Errors
    /// [`CalendarError`] when nobody could work by it.
    pub fn new(offset_minutes: i32, spans: Vec<WorkSpan>, years: Vec<Year>) -> Result<Self, CalendarError> {
        if !(-1_080..=1_080).contains(&offset_minutes) {
            return Err(CalendarError::Offset);
        }
        if spans.is_empty() {
            return Err(CalendarError::NoWork);
        }
        let mut after = 0;
        for span in &spans {
            if span.from < after || span.until <= span.from || span.until > 1_440 {
                return Err(CalendarError::Spans);
            }
            after = span.until;
        }
        let sorted = |pick: fn(&Year) -> &Vec<Day>| {
            let mut days: Vec<Day> = years.iter().flat_map(pick).copied().collect();
            days.sort_unstable();
            days
        };
        let (holidays, workdays) = (sorted(|year| &year.holidays), sorted(|year| &year.workdays));
        Ok(Self { offset_minutes, spans, years, holidays, workdays })
    }

    /// China's usual day, 08:00–12:00 and 14:00–18:00 at UTC+8, with the years known.
    #[must_use]
    pub fn china(years: Vec<Year>) -> Self {
        let spans = vec![WorkSpan { from: 480, until: 720 }, WorkSpan { from: 840, until: 1_080 }];
        let bare = Self {
            offset_minutes: 480,
            spans,
            years: Vec::new(),
            holidays: Vec::new(),
            workdays: Vec::new(),
        };
        let known = Self::new(bare.offset_minutes, bare.spans.clone(), years);
        known.unwrap_or(bare)
    }

    /// Minutes east of UTC.
    #[must_use]
    pub const fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }

    /// The spans of a workday.
    #[must_use]
    pub fn spans(&self) -> &[WorkSpan] {
        &self.spans
    }

    /// The years known.
    #[must_use]
    pub fn years(&self) -> &[Year] {
        &self.years
    }

    /// Whether a year's holidays are known at all; without them only weekends are free.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.years.iter().any(|known| known.year == year)
    }

    /// The city's day at a moment.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Day {
        let days = self.local(at).div_euclid(Timestamp::DAY);
        Day::from_count(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// The moment a day begins in the city.
    #[must_use]
    pub fn midnight(&self, day: Day) -> Timestamp {
        let local = i64::from(day.count()).saturating_mul(Timestamp::DAY);
        Timestamp(local.saturating_sub(self.offset_micros()))
    }

    /// Whether people work on a day.
    #[must_use]
    pub fn is_workday(&self, day: Day) -> bool {
        if self.workdays.binary_search(&day).is_ok() {
            return true;
        }
        day.weekday() < 5 && self.holidays.binary_search(&day).is_err()
    }

    /// Whether people work at this moment.
    #[must_use]
    pub fn is_work_time(&self, at: Timestamp) -> bool {
        let minute = self.local(at).rem_euclid(Timestamp::DAY) / Timestamp::MINUTE;
        self.is_workday(self.day(at))
            && self.spans.iter().any(|span| (i64::from(span.from)..i64::from(span.until)).contains(&minute))
    }

    fn offset_micros(&self) -> i64 {
        i64::from(self.offset_minutes) * Timestamp::MINUTE
    }

    fn local(&self, at: Timestamp) -> i64 {
        at.0.saturating_add(self.offset_micros())
    }

    /// The work time of one day between two moments of it.
    fn work_within(&self, day: Day, start: Timestamp, end: Timestamp) -> i64 {
        if !self.is_workday(day) {
            return 0;
        }
        let midnight = self.midnight(day);
        let spent = |span: &WorkSpan| {
            let from = midnight.plus(i64::from(span.from) * Timestamp::MINUTE).max(start);
            let until = midnight.plus(i64::from(span.until) * Timestamp::MINUTE).min(end);
            until.0.saturating_sub(from.0).max(0)
        };
        self.spans.iter().map(spent).sum()
    }
}

/// The first moment by which a limit, begun at `start`, is spent.
#[must_use]
pub fn deadline(start: Timestamp, limit: Limit, calendar: &Calendar) -> Timestamp {
    after(start, limit.micros(), limit.kind.is_continuous(), calendar)
}

/// As [`deadline`], with a clock that stood still in `pauses` (in order). None while it stands still.
#[must_use]
pub fn deadline_paused(
    start: Timestamp,
    limit: Limit,
    pauses: &[Span],
    calendar: &Calendar,
) -> Option<Timestamp> {
    let (mut from, mut left) = (start, limit.micros());
    for pause in pauses {
        if pause.until.is_some_and(|until| until <= from) {
            continue;
        }
        let spent = elapsed_of(from, pause.from, limit.kind.is_continuous(), calendar);
        if spent >= left {
            break;
        }
        left -= spent;
        from = pause.until?.max(from);
    }
    Some(after(from, left, limit.kind.is_continuous(), calendar))
}

/// How many microseconds of a limit's own time lie between two moments; none when `end` is before `start`.
#[must_use]
pub fn elapsed(start: Timestamp, end: Timestamp, limit: Limit, calendar: &Calendar) -> i64 {
    elapsed_of(start, end, limit.kind.is_continuous(), calendar)
}

/// As [`elapsed`], without the time in which the clock stood still.
#[must_use]
pub fn elapsed_paused(
    start: Timestamp,
    end: Timestamp,
    limit: Limit,
    pauses: &[Span],
    calendar: &Calendar,
) -> i64 {
    let mut from = start;
    let mut spent: i64 = 0;
    for pause in pauses {
        if pause.until.is_some_and(|until| until <= from) {
            continue;
        }
        if pause.from >= end {
            break;
        }
        spent = spent.saturating_add(elapsed(from, pause.from, limit, calendar));
        match pause.until {
            Some(until) => from = until.max(from),
            None => return spent,
        }
    }
    spent.saturating_add(elapsed(from, end, limit, calendar))
}

fn elapsed_of(start: Timestamp, end: Timestamp, continuous: bool, calendar: &Calendar) -> i64 {
    if end <= start {
        return 0;
    }
    if continuous {
        return end.0.saturating_sub(start.0);
    }
    let first = calendar.day(start).count();
    let last = calendar.day(end).count().min(first.saturating_add(DAYS_COUNTED));
    (first..=last).map(|day| calendar.work_within(Day::from_count(day), start, end)).sum()
}

fn after(start: Timestamp, mut left: i64, continuous: bool, calendar: &Calendar) -> Timestamp {
    if continuous || left <= 0 {
        return start.plus(left.max(0));
    }
    let first = calendar.day(start);
    for ahead in 0..DAYS_AHEAD {
        let day = first.plus(ahead);
        if !calendar.is_workday(day) {
            continue;
        }
        let midnight = calendar.midnight(day);
        for span in calendar.spans() {
            let from = midnight.plus(i64::from(span.from) * Timestamp::MINUTE).max(start);
            let until = midnight.plus(i64::from(span.until) * Timestamp::MINUTE);
            let there = until.0.saturating_sub(from.0).max(0);
            if there >= left {
                return from.plus(left);
            }
            left -= there;
        }
    }
    calendar.midnight(first.plus(DAYS_AHEAD))
}
