//! Past cases: as many as asked for, the same for the same seed, each made through the rules so that none is illegal.

mod ground;
mod intake;
mod life;

use crate::City;
use crate::data::{Photo, photos};
use crate::random::Random;
use crate::words::Phrases;
use ground::Ground;
use woodlark_domain::case::{Case, Event};
use woodlark_domain::criterion::Category;
use woodlark_domain::{CaseId, Kind, Timestamp};

/// A case of the past, with all that happened to it until now.
#[derive(Debug, Clone, PartialEq)]
pub struct PastCase {
    /// Its id.
    pub id: CaseId,
    /// What happened, oldest first; the report is the first.
    pub events: Vec<Event>,
    /// How it stands now: the fold of its events.
    pub case: Case,
    /// The photos of its report; the bytes are `photo_bytes(photo.hash)`.
    pub photos: Vec<Photo>,
}

/// Past cases, one after another, by the day that they came in (a case merged into another follows it).
#[derive(Debug)]
pub struct History<'a> {
    world: World<'a>,
    random: Random,
    made: u64,
    count: u64,
    now: Timestamp,
    twin: Option<PastCase>,
}

/// What stays the same from case to case.
#[derive(Debug)]
struct World<'a> {
    city: &'a City,
    ground: Ground<'a>,
    phrases: Phrases,
    photos: Vec<Photo>,
    /// Categories of each kind, the frequent ones several times.
    categories: [Vec<&'a Category>; 3],
    /// How many residents there are.
    residents: u64,
}

/// So many cases over the year before `now`, more of them lately. The same arguments make the same cases.
#[must_use]
pub fn history(city: &City, seed: u64, count: u64, now: Timestamp) -> History<'_> {
    // The files are part of the program and read whole by a test; without sentences there are simply no cases.
    let phrases = Phrases::read().ok();
    let count = if phrases.is_some() { count } else { 0 };
    let phrases = phrases.unwrap_or_else(Phrases::none);
    let of = |kind: Kind| -> Vec<&Category> {
        let known = city
            .categories
            .iter()
            .filter(|category| category.code.kind() == kind && phrases.knows(&category.code));
        known.flat_map(|category| std::iter::repeat_n(category, intake::weight(&category.code))).collect()
    };
    let categories = [of(Kind::Problem), of(Kind::Suggestion), of(Kind::Praise)];
    let photos = photos().unwrap_or_default();
    let residents = count / 4 + 10;
    let world = World { city, ground: Ground::of(city), phrases, photos, categories, residents };
    History { world, random: Random::new(seed), made: 0, count, now, twin: None }
}

impl Iterator for History<'_> {
    type Item = PastCase;

    fn next(&mut self) -> Option<PastCase> {
        if self.made >= self.count {
            return None;
        }
        if let Some(twin) = self.twin.take() {
            self.made += 1;
            return Some(twin);
        }
        let at = self.moment();
        let may_have_twin = self.made + 1 < self.count;
        let (case, twin) = life::live(&self.world, at, self.now, may_have_twin, &mut self.random)?;
        self.twin = twin;
        self.made += 1;
        Some(case)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.count - self.made).unwrap_or(usize::MAX);
        (0, Some(left))
    }
}

/// The share of a day's reports that have come in by an hour.
const DAY: [(f64, f64); 7] =
    [(0.0, 0.0), (0.05, 6.0), (0.25, 9.0), (0.5, 12.5), (0.7, 16.5), (0.92, 20.5), (1.0, 24.0)];
/// Days that the cases are spread over.
const DAYS: f64 = 365.0;

impl History<'_> {
    /// When the next case comes in: later than the last, at an hour when people are about.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "days and microseconds of a year"
    )]
    fn moment(&mut self) -> Timestamp {
        let share = (self.made as f64 + self.random.share()) / self.count as f64;
        let days = share.powf(0.75) * DAYS;
        let calendar = &self.world.city.calendar;
        let first = calendar.midnight(calendar.day(self.now).plus(1 - DAYS as i32));
        let hour = hour(days.fract());
        let at = first.plus(days.floor() as i64 * Timestamp::DAY + (hour * Timestamp::HOUR as f64) as i64);
        at.min(self.now.plus(-Timestamp::MINUTE))
    }
}

fn hour(share: f64) -> f64 {
    let steps = DAY.iter().zip(DAY.iter().skip(1));
    let step = steps.into_iter().find(|(_, (until, _))| share <= *until);
    step.map_or(12.0, |((from, early), (until, late))| {
        early + (share - from) / (until - from) * (late - early)
    })
}
