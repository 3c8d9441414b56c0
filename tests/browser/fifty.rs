//! Fifty behaviours are promised in the README, and each has a test whose name begins with its number: `b21_…`,
//! `b12_and_b13_…`, `b02_to_b04_…`.

use crate::stage::root;
use std::collections::BTreeSet;
use std::path::Path;

/// Those that nothing holds yet.
const TO_COME: &[u8] = &[];

/// `b07` is 7.
fn number(word: &str) -> Option<u8> {
    let digits = word.strip_prefix('b').filter(|digits| digits.len() == 2)?;
    digits.parse().ok().filter(|number| (1..=50).contains(number))
}

/// The numbers with which a name begins.
fn numbers(name: &str) -> Vec<u8> {
    let mut words = name.split('_');
    let mut found: Vec<u8> = words.next().and_then(number).into_iter().collect();
    while let (Some(&last), Some(joint)) = (found.last(), words.next()) {
        match (joint, words.next().and_then(number)) {
            ("to", Some(end)) => found.extend(last + 1..=end),
            ("and", Some(next)) => found.push(next),
            _ => break,
        }
    }
    found
}

fn collect(folder: &Path, found: &mut BTreeSet<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text
                .lines()
                .filter_map(|line| line.trim_start().trim_start_matches("async ").strip_prefix("fn "));
            found.extend(names.flat_map(|name| numbers(name.split('(').next().unwrap_or(""))));
        }
    }
}

#[test]
fn each_of_the_fifty_behaviours_has_a_test_named_by_its_number() {
    let mut held = BTreeSet::new();
    for folder in ["src", "tests", "crates"] {
        collect(&root().join(folder), &mut held);
    }
    let missing: Vec<u8> = (1..=50).filter(|number| !held.contains(number)).collect();
    assert_eq!(missing, TO_COME);
}

#[test]
fn numbers_are_read_from_the_beginning_of_a_name() {
    assert_eq!(numbers("b07_both_of_them"), [7]);
    assert_eq!(numbers("b12_and_b13_photos_and_place"), [12, 13]);
    assert_eq!(numbers("b02_to_b04_and_b09_a_page"), [2, 3, 4, 9]);
    assert_eq!(numbers("b51_too_many"), [0; 0]);
    assert_eq!(numbers("body_of_b12"), [0; 0]);
}
