//! Past cases are legal, lie where they say, differ, and are the same for the same seed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use woodlark_city::{City, PastCase, demo, history};
use woodlark_domain::case::{Case, Command, CommandKind};
use woodlark_domain::place::{AreaTree, metres};
use woodlark_domain::{Door, Kind, Role, State, Timestamp};

static CITY: LazyLock<City> = LazyLock::new(demo);
/// 2026-11-23 18:00 in the city.
const NOW: Timestamp = Timestamp(1_795_428_000_000_000);
static CASES: LazyLock<Vec<PastCase>> = LazyLock::new(|| history(&CITY, 7, 6_000, NOW).collect());

#[test]
fn as_many_as_asked_for_and_each_folds_to_what_it_is() {
    assert_eq!(CASES.len(), 6_000);
    let ids: BTreeSet<_> = CASES.iter().map(|past| past.id).collect();
    assert_eq!(ids.len(), CASES.len());
    for past in CASES.iter() {
        assert_eq!(Case::fold(past.id, &past.events), Ok(past.case.clone()));
        assert!(past.events.iter().all(|event| event.at <= NOW));
        assert!(past.events.is_sorted_by_key(|event| event.at));
        assert_eq!(past.photos.iter().map(|photo| photo.hash).collect::<Vec<_>>(), past.case.photos);
    }
}

#[test]
fn the_same_seed_makes_the_same_and_another_seed_others() {
    let some = |seed| history(&CITY, seed, 50, NOW).collect::<Vec<PastCase>>();
    assert_eq!(some(3), some(3));
    assert_ne!(some(3), some(4));
    assert_eq!(history(&CITY, 3, 0, NOW).count(), 0);
}

#[test]
fn every_case_lies_in_the_grid_that_it_says() {
    let tree = AreaTree::new(CITY.areas.clone());
    for past in CASES.iter().filter(|past| past.case.state != State::Merged) {
        let found = tree.find(past.case.position.unwrap()).map(|area| &area.code);
        assert_eq!(found, past.case.area.as_ref(), "{:?}", past.case.position);
    }
}

#[test]
fn all_kinds_states_doors_and_turns_of_a_story_occur() {
    let kinds: BTreeSet<Kind> = CASES.iter().map(|past| past.case.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len());
    let doors: BTreeSet<Door> = CASES.iter().map(|past| past.case.door).collect();
    assert_eq!(doors.len(), Door::ALL.len());
    let turns: BTreeSet<CommandKind> =
        CASES.iter().flat_map(|past| &past.events).map(|event| event.kind()).collect();
    let missing: Vec<_> = CommandKind::ALL.iter().filter(|kind| !turns.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let mut states: BTreeMap<State, usize> = BTreeMap::new();
    for past in CASES.iter() {
        *states.entry(past.case.state).or_default() += 1;
    }
    let missing: Vec<_> = State::ALL.iter().filter(|state| !states.contains_key(state)).collect();
    assert!(missing.is_empty(), "{missing:?} of {states:?}");
    assert!(states.get(&State::Settled).is_some_and(|count| *count > 3_000), "{states:?}");
}

#[test]
fn the_figures_are_those_of_a_city_that_works() {
    let share = |part: usize, of: usize| {
        f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of).unwrap())
    };
    let matters: Vec<&PastCase> = CASES.iter().filter(|past| past.case.kind != Kind::Praise).collect();
    let filed = matters.iter().filter(|past| past.case.filed_at.is_some()).count();
    let closed = matters.iter().filter(|past| past.case.first_closed_at.is_some()).count();
    assert!((0.94..0.99).contains(&share(filed, matters.len())), "filed {}", share(filed, matters.len()));
    assert!((0.90..0.98).contains(&share(closed, filed)), "closed {}", share(closed, filed));
    let ratings: Vec<u8> =
        CASES.iter().flat_map(|past| &past.case.ratings).map(|rating| rating.stars.get()).collect();
    let content = ratings.iter().filter(|stars| **stars >= 4).count();
    assert!(
        (0.92..0.97).contains(&share(content, ratings.len())),
        "satisfied {}",
        share(content, ratings.len())
    );
}

#[test]
fn what_is_merged_goes_on_under_a_case_that_its_reporter_joined() {
    let by_id: BTreeMap<_, _> = CASES.iter().map(|past| (past.id, past)).collect();
    let mut merged = 0;
    for past in CASES.iter() {
        let Some(into) = past.case.merged_into else { continue };
        let target = by_id.get(&into).unwrap();
        let joined = target.case.joiners.iter().any(|joiner| Some(joiner.user) == past.case.reporter);
        assert!(joined && target.case.kind == past.case.kind);
        assert!(metres(target.case.position.unwrap(), past.case.position.unwrap()) < 50.0);
        merged += 1;
    }
    assert!(merged > 20, "{merged}");
}

#[test]
fn words_are_many_and_whole() {
    let mut said = BTreeSet::new();
    let mut english = 0;
    for past in CASES.iter() {
        let Some(Command::Report(intake)) = past.events.first().map(|event| &event.what) else { continue };
        let Some(words) = &intake.words else { continue };
        assert!(!words.as_str().contains(['{', '}']), "{words}");
        english += usize::from(words.as_str().is_ascii());
        said.insert(words.to_string());
    }
    assert!(said.len() > 5_000, "{}", said.len());
    assert!((50..900).contains(&english), "{english}");
}

#[test]
fn residents_come_by_every_hour_but_more_by_day_and_staff_report_as_staff() {
    let mut hours = [0_usize; 24];
    for past in CASES.iter() {
        let since =
            past.case.reported_at.0 - CITY.calendar.midnight(CITY.calendar.day(past.case.reported_at)).0;
        if let Some(hour) = usize::try_from(since / Timestamp::HOUR).ok().and_then(|hour| hours.get_mut(hour))
        {
            *hour += 1;
        }
    }
    let (night, day): (usize, usize) = (hours.iter().take(5).sum(), hours.iter().skip(8).take(5).sum());
    assert!(day > night * 4, "{hours:?}");
    for past in CASES.iter().filter(|past| past.case.door == Door::Staff) {
        assert!(past.events.first().is_some_and(|event| event.by.role == Role::Verifier));
    }
}
