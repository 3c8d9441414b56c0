//! A simulator over the real store: residents and staff by the thousand, orders right and wrong, several servers with clocks
//! that differ, crashes and repeats, weeks in seconds. After every run the store is what a small model is that shares none of
//! the rules' code. A seed is a list of steps; one that fails is shortened and printed so that it can be copied into a test.
//!
//! `WOODLARK_SIM_SEED`, `_STEPS` and `_RUNS` make it longer (`cargo xtask simulate`); without them a few fixed seeds and one
//! fresh one are run.

mod aside;
mod cast;
mod clockwork;
mod compare;
mod forget;
mod judge;
mod model;
mod orders;
mod reports;
mod shrink;
mod step;
mod turns;
mod world;

use shrink::{listed, run, shrink};
use std::collections::BTreeMap;
use step::{Step, steps};
use world::World;

/// Steps between two comparisons of what was touched.
const EVERY: usize = 25;

/// What the fixed seeds meet: every command that people give, what the clock does, both crashes, and the finer rules.
const MUST_BE_MET: &str = "
    done: contest, done: decline, done: defer, done: dispatch, done: extend, done: file, done: finish, done: force_close,
    done: join, done: merge, done: pass, done: publish, done: rate, done: resume, done: return, done: rework, done: sign,
    done: thank, done: withdraw, forgotten,
    clock: Some(Raised(Over)), clock: Some(Raised(Twice)), clock: Some(Resumed), clock: Some(Settled),
    crash: unkept, crash: unanswered, repeated,
    refused: moved, refused: not_found, refused: wrong_kind, refused: wrong_role, refused: wrong_state,
    refused: outside_area, refused: other_department, refused: returned_before, refused: handled_it,
    refused: merge_other_kind, refused: own_case, refused: already_joined, refused: not_oneself, refused: too_early,
    refused: rating_over, refused: category_of_other_kind";

/// A number that somebody set from outside.
fn asked(name: &str) -> Option<u64> {
    std::env::var(format!("WOODLARK_SIM_{name}")).ok()?.parse().ok()
}

fn fails(steps: &[Step], every: usize) -> Option<(usize, String)> {
    run(&mut World::on_sqlite(), steps, every).err()
}

/// Runs a seed and tells what was met; where it fails, it says how to see it again, and with how few steps.
fn try_seed(seed: u64, count: usize) -> BTreeMap<String, u32> {
    let all = steps(seed, count);
    let mut world = World::on_sqlite();
    let Err((at, why)) = run(&mut world, &all, EVERY) else { return world.met };
    // Compared after every step, it fails where it happens, or soon.
    let (at, why) = fails(&all[..at], 1).unwrap_or((at, why));
    let shrunk = shrink(&all[..at], why, |steps| fails(steps, if steps.len() > 100 { EVERY } else { 1 }));
    panic!(
        "seed {seed} fails after {at} steps (WOODLARK_SIM_SEED={seed} WOODLARK_SIM_STEPS={count}); of these {} are \
         needed, found by {} runs:\n{}\n{}",
        shrunk.steps.len(),
        shrunk.tried,
        shrunk.why,
        listed(&shrunk.steps)
    );
}

/// A seed that nobody has seen yet.
fn fresh() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_micros() as u64 % 1_000_000_000
}

#[test]
fn simulated_weeks_leave_the_store_as_the_model_has_it_on_sqlite() {
    let count = asked("STEPS").map_or(2_000, |steps| steps as usize);
    let is_asked = asked("SEED").is_some() || asked("RUNS").is_some();
    let seeds: Vec<u64> = if is_asked {
        let first = asked("SEED").unwrap_or_else(fresh);
        (0..asked("RUNS").unwrap_or(1)).map(|run| first.wrapping_add(run)).collect()
    } else {
        vec![1, 2, 3, fresh()]
    };
    let mut met: BTreeMap<String, u32> = BTreeMap::new();
    for seed in seeds {
        println!("seed {seed}, {count} steps");
        for (what, times) in try_seed(seed, count) {
            *met.entry(what).or_default() += times;
        }
    }
    if is_asked {
        met.iter().for_each(|(what, times)| println!("{times:>9} {what}"));
        return;
    }
    // A simulator that meets nothing finds nothing.
    let missed: Vec<&str> =
        MUST_BE_MET.split(',').map(str::trim).filter(|what| !met.contains_key(*what)).collect();
    assert!(missed.is_empty(), "never met: {missed:?}; met: {met:#?}");
}

#[test]
fn simulated_weeks_leave_the_store_as_the_model_has_it_on_postgres() {
    let count = asked("STEPS").map_or(300, |steps| steps as usize);
    let seed = asked("SEED").unwrap_or(4);
    let steps = steps(seed, count);
    if let Err((at, why)) = run(&mut World::on_postgres(), &steps, EVERY) {
        panic!("seed {seed} fails on PostgreSQL at step {at} of {count}: {why}");
    }
}

#[test]
fn what_fails_is_shortened_to_what_it_needs() {
    let all = steps(9, 400);
    let is_cause = |step: &&Step| matches!(step, Step::Crash { .. } | Step::Sweep { .. });
    let needed = all.iter().filter(is_cause).take(3).copied().collect::<Vec<Step>>();
    let fails = |steps: &[Step]| {
        let mut left = needed.iter();
        let mut wanted = left.next()?;
        for (at, step) in (1..).zip(steps) {
            if step == wanted {
                match left.next() {
                    Some(next) => wanted = next,
                    None => return Some((at, String::new())),
                }
            }
        }
        None
    };
    let (at, why) = fails(&all).unwrap();
    let shrunk = shrink(&all[..at], why, fails);
    assert_eq!(shrunk.steps, needed, "{} runs", shrunk.tried);
}
