//! The city holds together: areas nest and cover, every category has a criterion and a way, the data is all read.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says plainly what it expects")]

use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use woodlark_city::{City, demo, photo_bytes, photos};
use woodlark_domain::clock::Limit;
use woodlark_domain::dispatch::route;
use woodlark_domain::place::{Area, AreaLevel, AreaTree, metres};
use woodlark_domain::{AreaCode, ContentHash, Door, Kind, Position, Role};

static CITY: LazyLock<City> = LazyLock::new(demo);

fn of(level: AreaLevel) -> impl Iterator<Item = &'static Area> {
    CITY.areas.iter().filter(move |area| area.level == level)
}

/// Points of a lattice over the outline's box that lie in the outline.
fn samples() -> Vec<Position> {
    let bounds = CITY.outline.bounds().unwrap();
    let at = |share: f64, from: f64, until: f64| from + share * (until - from);
    let all = (0..90_u8).flat_map(|x| (0..90_u8).map(move |y| (f64::from(x) / 89.7, f64::from(y) / 89.3)));
    all.filter_map(|(x, y)| {
        Position::new(at(x, bounds.west, bounds.east), at(y, bounds.south, bounds.north)).ok()
    })
    .filter(|place| CITY.outline.contains(*place))
    .collect()
}

#[test]
fn there_are_about_a_thousand_grids_in_352_communities_of_12_towns() {
    assert_eq!(of(AreaLevel::County).count(), 1);
    assert_eq!(of(AreaLevel::Town).count(), 12);
    assert_eq!(of(AreaLevel::Community).count(), 352);
    let grids = of(AreaLevel::Grid).count();
    assert!((900..1_150).contains(&grids), "{grids}");
}

#[test]
fn every_code_begins_with_its_parents_and_every_community_has_a_grid() {
    let codes: BTreeSet<&AreaCode> = CITY.areas.iter().map(|area| &area.code).collect();
    assert_eq!(codes.len(), CITY.areas.len(), "each code once");
    let mut grids: BTreeMap<&AreaCode, usize> = BTreeMap::new();
    for area in CITY.areas.iter().filter(|area| area.level != AreaLevel::County) {
        let parent = area.parent.as_ref().unwrap();
        assert!(
            codes.contains(parent) && area.code.is_within(parent) && area.code != *parent,
            "{}",
            area.code
        );
        if area.level == AreaLevel::Grid {
            *grids.entry(parent).or_default() += 1;
        }
    }
    for community in of(AreaLevel::Community) {
        assert!((1..=4).contains(&grids[&community.code]), "{}", community.code);
    }
}

#[test]
fn every_point_of_the_city_lies_in_one_grid_and_in_that_grids_community_and_town() {
    let tree = AreaTree::new(CITY.areas.clone());
    let samples = samples();
    assert!(samples.len() > 3_000, "{}", samples.len());
    let mut holes = 0;
    for (index, place) in samples.iter().enumerate() {
        let found = tree.find(*place).unwrap();
        if found.level != AreaLevel::Grid {
            holes += 1;
            continue;
        }
        if index % 10 == 0 {
            let twice =
                of(AreaLevel::Grid).filter(|grid| grid.shape.as_ref().unwrap().contains(*place)).count();
            assert_eq!(twice, 1, "{place:?}");
        }
        for above in tree.path(&found.code).skip(1) {
            assert!(
                above.shape.as_ref().unwrap().contains(*place),
                "{place:?} in {} but not {}",
                found.code,
                above.code
            );
        }
    }
    assert_eq!(holes, 0, "of {}", samples.len());
}

#[test]
fn no_grid_reaches_over_the_outline() {
    // A corner may lie on the outline, rounded to a tenth of a metre: then a point near it is within.
    let near = |lon: f64, lat: f64| {
        let steps = [-2e-6, -1e-6, 0.0, 1e-6, 2e-6];
        steps
            .iter()
            .any(|x| steps.iter().any(|y| CITY.outline.contains(Position::new(lon + x, lat + y).unwrap())))
    };
    for grid in of(AreaLevel::Grid) {
        for [lon, lat] in grid.shape.as_ref().unwrap().0.iter().flat_map(|polygon| &polygon.outer) {
            let on = near(*lon, *lat) || near_outline(*lon, *lat);
            assert!(on, "{} at {lon} {lat}", grid.code);
        }
        let label = grid.label.unwrap();
        assert!(
            grid.shape.as_ref().unwrap().contains(label) || CITY.outline.contains(label),
            "{}",
            grid.code
        );
    }
    let whole = CITY.outline.square_degrees();
    let sum: f64 = of(AreaLevel::Grid).map(|grid| grid.shape.as_ref().unwrap().square_degrees()).sum();
    assert!((sum / whole - 1.0).abs() < 1e-4, "{sum} of {whole}");
}

/// Within two metres of a side of the outline: where a corner of a cell that met it was rounded.
fn near_outline(lon: f64, lat: f64) -> bool {
    let ring = &CITY.outline.0[0].outer;
    let here = Position::new(lon, lat).unwrap();
    ring.iter().zip(ring.iter().cycle().skip(1)).any(|([ax, ay], [bx, by])| {
        let (dx, dy) = (bx - ax, by - ay);
        let share = (((lon - ax) * dx + (lat - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        metres(here, Position::new(ax + dx * share, ay + dy * share).unwrap()) < 2.0
    })
}

#[test]
fn a_town_is_one_piece() {
    for town in of(AreaLevel::Town) {
        let shape = town.shape.as_ref().unwrap();
        let sizes: Vec<f64> = shape
            .0
            .iter()
            .map(|polygon| woodlark_domain::place::Shape(vec![polygon.clone()]).square_degrees())
            .collect();
        let (whole, largest) = (sizes.iter().sum::<f64>(), sizes.iter().fold(0.0, |a: f64, b| a.max(*b)));
        assert!(largest / whole > 0.99, "{}: {} pieces", town.name.zh, sizes.len());
    }
}

#[test]
fn the_outline_is_where_fengxian_is_and_of_its_size() {
    let bounds = CITY.outline.bounds().unwrap();
    // In GCJ-02 it begins at 121.3512; in WGS-84 some 450 m to the west.
    assert!((121.345..121.349).contains(&bounds.west), "{bounds:?}");
    let square_km = CITY.outline.square_degrees() * 111.195 * 111.195 * 30.9_f64.to_radians().cos();
    // 687 of land; the published outline takes in the tidal flats of the bay.
    assert!((700.0..850.0).contains(&square_km), "{square_km}");
}

#[test]
fn every_category_has_a_name_a_criterion_and_somewhere_to_go() {
    let problems = CITY.categories.iter().filter(|category| category.code.kind() == Kind::Problem);
    assert!(problems.filter(|category| category.code.as_str().len() == 5).count() >= 60);
    for (kind, least) in [(Kind::Suggestion, 8), (Kind::Praise, 5)] {
        assert!(CITY.categories.iter().filter(|category| category.code.kind() == kind).count() >= least);
    }
    let departments: BTreeSet<_> = CITY.departments.iter().map(|department| &department.code).collect();
    for category in &CITY.categories {
        let criterion = CITY.criteria.iter().find(|criterion| criterion.category == category.code).unwrap();
        assert!(
            !criterion.conditions.is_empty() && criterion.conditions.iter().all(|one| !one.steps.is_empty())
        );
        assert!(
            !category.name.zh.is_empty() && !category.name.en.is_empty() && !category.keywords.is_empty()
        );
        for town in of(AreaLevel::Town) {
            let rule = route(&CITY.rules, &category.code, &town.code).unwrap();
            assert!(departments.contains(&rule.department), "{}", rule.department);
        }
        assert!(
            category.code.as_str().len() == 3
                || CITY.categories.iter().any(|class| class.code == category.code.class())
        );
    }
    let two_steps = CITY.criteria.iter().filter(|criterion| criterion.conditions[0].steps.len() == 2);
    assert!(two_steps.count() >= 10);
    let manhole = CITY.criteria.iter().find(|criterion| criterion.category.as_str() == "C0102").unwrap();
    assert_eq!(manhole.conditions[0].steps, [Limit::urgent_hours(1), Limit::work_days(5)]);
}

#[test]
fn every_rule_entry_and_member_of_staff_names_what_there_is() {
    let codes: BTreeSet<&str> = CITY.rules.iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(codes.len(), CITY.rules.len());
    for rule in &CITY.rules {
        assert!(
            CITY.departments.iter().any(|department| department.code == rule.department),
            "{}",
            rule.code
        );
        assert!(
            rule.category.as_ref().is_none_or(|code| CITY.categories.iter().any(|one| one.code == *code))
        );
        assert!(rule.area.as_ref().is_none_or(|code| CITY.areas.iter().any(|area| area.code == *code)));
    }
    for entry in &CITY.entries {
        assert!(CITY.areas.iter().any(|area| area.code == entry.area), "{}", entry.code);
    }
    assert!(CITY.entries.iter().any(|entry| entry.door == Door::Kiosk));
    for department in &CITY.departments {
        assert!(
            CITY.staff.iter().any(|one| one.department.as_ref() == Some(&department.code)),
            "{}",
            department.code
        );
    }
    let people: BTreeSet<_> = CITY.staff.iter().map(|one| one.user).collect();
    let logins: BTreeSet<_> = CITY.staff.iter().map(|one| &one.login).collect();
    assert_eq!((people.len(), logins.len()), (CITY.staff.len(), CITY.staff.len()));
    for role in
        [Role::Acceptor, Role::Dispatcher, Role::Handler, Role::Verifier, Role::Supervisor, Role::Admin]
    {
        assert!(CITY.staff.iter().any(|one| one.role == role), "{role:?}");
    }
}

#[test]
fn the_calendar_knows_the_holidays_and_the_days_that_make_up_for_them() {
    let is_workday = |day: &str| CITY.calendar.is_workday(day.parse().unwrap());
    for free in
        ["2026-01-01", "2026-02-23", "2026-05-05", "2026-10-07", "2026-11-22", "2027-02-08", "2027-06-09"]
    {
        assert!(!is_workday(free), "{free}");
    }
    for work in
        ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2026-11-23"]
    {
        assert!(is_workday(work), "{work}");
    }
    let provisional: Vec<(i32, bool)> =
        CITY.calendar.years().iter().map(|year| (year.year, year.provisional)).collect();
    assert_eq!(provisional, [(2026, false), (2027, true)]);
}

#[test]
fn the_map_is_light_and_shows_the_district_and_its_towns() {
    assert!(CITY.map.len() <= 12 * 1024, "{} bytes", CITY.map.len());
    let map: serde_json::Value = serde_json::from_str(&CITY.map).unwrap();
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 13);
    for feature in features {
        assert!(
            !feature["geometry"]["coordinates"].as_array().unwrap().is_empty(),
            "{}",
            feature["properties"]
        );
        assert!(feature["properties"]["label"].is_array());
    }
}

#[test]
fn the_photos_are_what_their_names_say_and_small() {
    let photos = photos().unwrap();
    assert_eq!(photos.len(), 6);
    for photo in photos {
        let bytes = photo_bytes(photo.hash).unwrap();
        assert!(bytes.len() <= 170 * 1024, "{}", photo.file);
        assert_eq!(ContentHash::from_bytes(Sha256::digest(bytes).into()), photo.hash, "{}", photo.file);
    }
    assert_eq!(photo_bytes(ContentHash::from_bytes([0; 32])), None);
}

#[test]
fn the_same_city_is_made_every_time() {
    let again = demo();
    assert_eq!(again.areas, CITY.areas);
    assert_eq!(again.staff, CITY.staff);
    assert_eq!(again.map, CITY.map);
}
