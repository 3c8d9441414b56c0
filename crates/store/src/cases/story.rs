//! What the events of a case come to, kept in memory between reads. The row of a case is read from the database each time
//! and says how many events there are; events are only ever appended. So a story that was told of as many is the story
//! still, whichever server wrote them, and nothing has to be told when a case changes.
//!
//! A story depends on the case, its events and the city's data, never on who reads: it names people as the events do. What
//! hangs on whose account was joined to whose is added for each reader anew ([`Story::as_known_to`]).

use super::file::CaseFile;
use super::history::{History, speak_of_the_present};
use super::reckoned::promised;
use super::view::Attachment;
use crate::city::City;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use woodlark_domain::case::{Case, Event};
use woodlark_domain::clock::Promise;
use woodlark_domain::{CaseId, Timestamp, UserId};

/// What a case's events and files come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The fold of its events: what the rules ask about.
    pub case: Case,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Its files, in order.
    pub attachments: Vec<Attachment>,
    /// What its reporter is promised, and how that moved.
    pub promise: Option<Promise>,
}

impl Story {
    pub(super) fn of(history: History, attachments: Vec<Attachment>, city: &City) -> Self {
        let promise = promised(&history, city);
        let History { events, case, .. } = history;
        Self { case, events, attachments, promise }
    }

    /// The same for a reader to whose account these were joined: what those did, the reader did.
    pub(super) fn as_known_to(&self, reader: UserId, joined: &[UserId]) -> Self {
        let mut story = self.clone();
        let moved: BTreeMap<UserId, UserId> = joined.iter().map(|user| (*user, reader)).collect();
        speak_of_the_present(&mut story.case, &moved);
        for event in &mut story.events {
            event.by.user = event.by.user.map(|user| moved.get(&user).copied().unwrap_or(user));
        }
        story
    }
}

/// What a story was told of. The time of the last event is there for a database that was put back to an earlier day
/// under a running server: the same number of events need not be the same events then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// A reporter whose account has ended is another in the events that are there.
    reporter: Option<UserId>,
    version: i64,
    changed_at: Timestamp,
    city: i64,
}

impl Told {
    pub(super) fn of(file: &CaseFile, city: &City) -> Self {
        let reporter = file.reporter.as_deref().and_then(|user| user.try_into().ok()).map(UserId::from_bytes);
        let changed_at = Timestamp(file.changed_at);
        Self { reporter, version: file.version, changed_at, city: city.version() }
    }
}

/// Shelves, so that threads seldom wait for each other.
const SHELVES: usize = 16;
/// Bytes that all stories together may weigh, as JSON; in memory they are about twice as heavy.
const MOST_BYTES: usize = 32 << 20;
/// A story that weighs more than this is told anew each time.
const MOST_BYTES_OF_ONE: usize = 64 << 10;
/// What a story weighs beside its events.
const BARE_BYTES: usize = 1 << 10;

/// The stories that this store has told lately.
#[derive(Debug)]
pub(crate) struct Stories {
    shelves: [Mutex<Shelf>; SHELVES],
    most_bytes: usize,
}

#[derive(Debug)]
struct Kept {
    told: Told,
    bytes: usize,
    story: Arc<Story>,
}

/// Two halves: when the newer is full it becomes the older, and what nobody asked for since then is dropped with the one
/// before. Each step takes the same time however much is kept.
#[derive(Debug, Default)]
struct Shelf {
    newer: HashMap<CaseId, Kept>,
    newer_bytes: usize,
    older: HashMap<CaseId, Kept>,
}

impl Default for Stories {
    fn default() -> Self {
        Self::weighing(MOST_BYTES)
    }
}

impl Stories {
    fn weighing(most_bytes: usize) -> Self {
        Self { shelves: Default::default(), most_bytes }
    }

    /// The story of a case, if one is kept that was told of just this.
    pub(crate) fn get(&self, id: CaseId, told: Told) -> Option<Arc<Story>> {
        let mut shelf = self.shelf(id)?.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = shelf.newer.get(&id) {
            return (kept.told == told).then(|| Arc::clone(&kept.story));
        }
        let kept = shelf.older.remove(&id).filter(|kept| kept.told == told)?;
        let story = Arc::clone(&kept.story);
        shelf.put(id, kept, self.half());
        Some(story)
    }

    /// Keeps a story whose events weigh so many bytes.
    pub(crate) fn put(&self, id: CaseId, told: Told, event_bytes: usize, story: Arc<Story>) {
        let bytes = event_bytes.saturating_add(BARE_BYTES);
        if bytes <= MOST_BYTES_OF_ONE
            && let Some(shelf) = self.shelf(id)
        {
            let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
            shelf.put(id, Kept { told, bytes, story }, self.half());
        }
    }

    /// Bytes of one half of one shelf.
    const fn half(&self) -> usize {
        self.most_bytes / SHELVES / 2
    }

    /// The last bits of an id are random, whoever made it.
    fn shelf(&self, id: CaseId) -> Option<&Mutex<Shelf>> {
        let [.., last] = *id.as_bytes();
        self.shelves.get(usize::from(last) % SHELVES)
    }
}

impl Shelf {
    fn put(&mut self, id: CaseId, kept: Kept, half: usize) {
        if self.newer_bytes.saturating_add(kept.bytes) > half {
            self.older = mem::take(&mut self.newer);
            self.newer_bytes = 0;
        }
        self.older.remove(&id);
        self.newer_bytes = self.newer_bytes.saturating_add(kept.bytes);
        if let Some(before) = self.newer.insert(id, kept) {
            self.newer_bytes = self.newer_bytes.saturating_sub(before.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::case::{Actor, open};
    use woodlark_domain::report::{Intake, Words};
    use woodlark_domain::{Door, Kind};

    const NOON: Timestamp = Timestamp(1_795_579_200_000_000);

    fn id(number: u64) -> CaseId {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        CaseId::new(1, random)
    }

    fn user(number: u8) -> UserId {
        UserId::new(1, [number; 10])
    }

    fn story(id: CaseId, reporter: UserId) -> Story {
        let intake = Intake { words: Words::new("路灯不亮").ok(), ..Intake::empty(Kind::Problem) };
        let event = open(intake, &Actor::resident(reporter, Door::Browser), NOON).unwrap();
        let History { events, case, .. } = History::begin(id, event).unwrap();
        Story { case, events, attachments: Vec::new(), promise: None }
    }

    fn told(version: i64) -> Told {
        Told { reporter: Some(user(1)), version, changed_at: NOON, city: 1 }
    }

    #[test]
    fn a_story_is_found_by_what_it_was_told_of_and_by_nothing_else() {
        let stories = Stories::default();
        let kept = Arc::new(story(id(1), user(1)));
        stories.put(id(1), told(3), 500, Arc::clone(&kept));
        assert!(stories.get(id(1), told(3)).is_some_and(|found| Arc::ptr_eq(&found, &kept)));
        assert!(stories.get(id(2), told(3)).is_none());
        assert!(stories.get(id(1), told(4)).is_none());
        assert!(stories.get(id(1), Told { city: 2, ..told(3) }).is_none());
        assert!(stories.get(id(1), Told { changed_at: NOON.plus(1), ..told(3) }).is_none());
        assert!(stories.get(id(1), Told { reporter: Some(user(2)), ..told(3) }).is_none());
        stories.put(id(1), told(4), 500, kept);
        assert!(stories.get(id(1), told(3)).is_none() && stories.get(id(1), told(4)).is_some());
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_asked_for_stays() {
        let stories = Stories::weighing(SHELVES * 2 * 20 * BARE_BYTES);
        let kept = Arc::new(story(id(0), user(1)));
        stories.put(id(0), told(1), 0, Arc::clone(&kept));
        for number in 1..10_000 {
            stories.put(id(number), told(1), 0, Arc::clone(&kept));
            assert!(stories.get(id(0), told(1)).is_some(), "{number}");
        }
        let count = |shelf: &Mutex<Shelf>| {
            let shelf = shelf.lock().unwrap();
            assert_eq!(shelf.newer_bytes, shelf.newer.values().map(|kept| kept.bytes).sum::<usize>());
            shelf.newer.len() + shelf.older.len()
        };
        let all: usize = stories.shelves.iter().map(count).sum();
        assert!((SHELVES * 20..=SHELVES * 40).contains(&all), "{all}");
        assert!(stories.get(id(5), told(1)).is_none());
    }

    #[test]
    fn one_that_weighs_too_much_is_not_kept() {
        let stories = Stories::default();
        stories.put(id(1), told(1), MOST_BYTES_OF_ONE, Arc::new(story(id(1), user(1))));
        assert!(stories.get(id(1), told(1)).is_none());
    }

    #[test]
    fn what_a_joined_account_did_its_reader_did_and_the_story_that_is_kept_does_not_say_so() {
        let kept = story(id(1), user(1));
        let seen = kept.as_known_to(user(2), &[user(1)]);
        assert_eq!((seen.case.reporter, seen.events[0].by.user), (Some(user(2)), Some(user(2))));
        assert_eq!((kept.case.reporter, kept.events[0].by.user), (Some(user(1)), Some(user(1))));
        assert_eq!(kept.as_known_to(user(3), &[user(4)]), kept);
    }
}
