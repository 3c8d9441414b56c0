//! What areas do on the ground: overlap, or leave the outline that they lie in. Felt by points: a border that two neighbours
//! draw a hand apart is no overlap, a fiftieth of a grid is.

use crate::TOLD;
use crate::fault::Note;
use std::collections::HashMap;
use woodlark_domain::city::NoteCode;
use woodlark_domain::place::{Area, AreaLevel, Bounds, Shape};
use woodlark_domain::{AreaCode, Position};

/// Points along each side of the box that is felt.
const SIDE: u32 = 12;
/// More than this share of the smaller area is told.
const SHARE: f64 = 0.02;

/// What is worth knowing of the areas that are new or drawn anew.
pub(crate) fn notes(before: &[Area], after: &[Area]) -> Vec<Note> {
    let known: HashMap<&AreaCode, &Area> = before.iter().map(|area| (&area.code, area)).collect();
    let drawn = |area: &Area| known.get(&area.code).is_none_or(|known| known.shape != area.shape);
    let mut notes = Vec::new();
    for area in after.iter().filter(|area| area.shape.is_none() && !known.contains_key(&area.code)) {
        notes.push(note(NoteCode::NoOutline, area.code.as_str(), 1));
    }
    let boxed: Vec<Boxed<'_>> = after.iter().filter_map(Boxed::of).collect();
    if !boxed.iter().any(|one| drawn(one.area)) {
        return notes;
    }
    overlaps(&boxed, &drawn, &mut notes);
    let outline = after.iter().find(|area| area.parent.is_none() && area.shape.is_some());
    if let Some((outline, shape)) = outline.and_then(|area| Some((area, area.shape.as_ref()?))) {
        for one in boxed.iter().filter(|one| one.area.code != outline.code && drawn(one.area)) {
            let share = 1.0 - shared(one.shape, shape, one.bounds);
            if share > SHARE {
                notes.push(note(NoteCode::Outside, one.area.code.as_str(), percent(share)));
            }
        }
    }
    notes.truncate(TOLD);
    notes
}

struct Boxed<'a> {
    area: &'a Area,
    shape: &'a Shape,
    bounds: Bounds,
}

impl<'a> Boxed<'a> {
    fn of(area: &'a Area) -> Option<Self> {
        let shape = area.shape.as_ref()?;
        Some(Self { area, shape, bounds: shape.bounds()? })
    }
}

fn overlaps(boxed: &[Boxed<'_>], drawn: &impl Fn(&Area) -> bool, notes: &mut Vec<Note>) {
    for level in AreaLevel::ALL {
        let mut of_level: Vec<&Boxed<'_>> = boxed.iter().filter(|one| one.area.level == *level).collect();
        of_level.sort_by(|one, other| one.bounds.west.total_cmp(&other.bounds.west));
        for (place, one) in of_level.iter().enumerate() {
            let reached =
                of_level.iter().skip(place + 1).take_while(|other| other.bounds.west < one.bounds.east);
            for other in reached.filter(|other| drawn(one.area) || drawn(other.area)) {
                let Some(both) = meet(one.bounds, other.bounds) else { continue };
                let common = size(both) * felt(both, |at| one.shape.contains(at) && other.shape.contains(at));
                let smaller = one.shape.square_degrees().min(other.shape.square_degrees());
                let share = common / smaller;
                if share > SHARE {
                    let (one, other) = (one.area.code.as_str(), other.area.code.as_str());
                    let (first, second) = if one < other { (one, other) } else { (other, one) };
                    notes.push(note(NoteCode::Overlap, &format!("{first} {second}"), percent(share)));
                }
            }
        }
    }
}

fn note(code: NoteCode, value: &str, count: u64) -> Note {
    Note { code, value: value.to_owned(), count }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped just before")]
fn percent(share: f64) -> u64 {
    (share * 100.0).round().clamp(1.0, 100.0) as u64
}

fn meet(one: Bounds, other: Bounds) -> Option<Bounds> {
    let both = Bounds {
        west: one.west.max(other.west),
        south: one.south.max(other.south),
        east: one.east.min(other.east),
        north: one.north.min(other.north),
    };
    (both.west < both.east && both.south < both.north).then_some(both)
}

fn size(bounds: Bounds) -> f64 {
    (bounds.east - bounds.west) * (bounds.north - bounds.south)
}

/// The share of a box's points of which this holds.
fn felt(bounds: Bounds, holds: impl Fn(Position) -> bool) -> f64 {
    let hits = points(bounds).filter(|at| holds(*at)).count();
    hits as f64 / f64::from(SIDE * SIDE)
}

/// The share of a shape's own points that another holds.
fn shared(shape: &Shape, other: &Shape, bounds: Bounds) -> f64 {
    let own: Vec<Position> = points(bounds).filter(|at| shape.contains(*at)).collect();
    if own.is_empty() {
        return 1.0;
    }
    own.iter().filter(|at| other.contains(**at)).count() as f64 / own.len() as f64
}

fn points(bounds: Bounds) -> impl Iterator<Item = Position> {
    let along =
        |from: f64, until: f64, step: u32| from + (until - from) * (f64::from(step) + 0.5) / f64::from(SIDE);
    (0..SIDE * SIDE).filter_map(move |number| {
        let (column, row) = (number % SIDE, number / SIDE);
        Position::new(along(bounds.west, bounds.east, column), along(bounds.south, bounds.north, row)).ok()
    })
}
