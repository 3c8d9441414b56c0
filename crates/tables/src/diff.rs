//! What a change changes: rows that are added, that go, that say something else cell by cell, that stand elsewhere where
//! their order matters.

use crate::parts;
use std::collections::{BTreeMap, HashMap, HashSet};
use woodlark_domain::city::{Column, Content, Part};
use woodlark_domain::criterion::Name;
use woodlark_domain::place::{Area, Shape, metres};
use woodlark_domain::{AreaCode, Position};

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It goes.
    Removed,
    /// It says something else.
    Changed,
}

/// A cell that says something else. One side is empty where a row is new or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub column: Column,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// A row that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened to it.
    pub what: What,
    /// What names it: its code, its day; with a number for a further row of the same.
    pub key: String,
    /// What people call it.
    pub name: Name,
    /// The cells that differ; of a row that is new or goes, those that say something.
    pub fields: Vec<FieldChange>,
}

/// What is different between two contents of a part: first what goes, then the rest in the new order.
#[must_use]
pub fn diff(before: &Content, after: &Content) -> Vec<Change> {
    let part = after.part();
    let (old, new) = (keyed(before), keyed(after));
    let known: HashMap<&str, &[String]> =
        old.iter().map(|(key, row)| (key.as_str(), row.as_slice())).collect();
    let kept: HashSet<&str> = new.iter().map(|(key, _)| key.as_str()).collect();
    let shapes = shapes(before, after);
    let moved = if part == Part::Rules { moved(&old, &new) } else { HashMap::new() };
    let gone = old.iter().filter(|(key, _)| !kept.contains(key.as_str()));
    let mut changes: Vec<Change> =
        gone.map(|(key, row)| of_row(part, What::Removed, key, row, &[])).collect();
    for (key, row) in &new {
        let Some(was) = known.get(key.as_str()) else {
            changes.push(of_row(part, What::Added, key, &[], row));
            continue;
        };
        let mut change = of_row(part, What::Changed, key, was, row);
        let extra = |column: Column, (before, after): &(String, String)| FieldChange {
            column,
            before: before.clone(),
            after: after.clone(),
        };
        change.fields.extend(shapes.get(key.as_str()).map(|both| extra(Column::Outline, both)));
        change.fields.extend(moved.get(key.as_str()).map(|both| extra(Column::Position, both)));
        if !change.fields.is_empty() {
            changes.push(change);
        }
    }
    changes
}

/// The rows, each under what names it.
fn keyed(content: &Content) -> Vec<(String, Vec<String>)> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut rows = Vec::new();
    for row in parts::cells(content) {
        let first = row.first().cloned().unwrap_or_default();
        let times = seen.entry(first.clone()).and_modify(|times| *times += 1).or_insert(1);
        let key = if *times == 1 { first } else { format!("{first} #{times}") };
        rows.push((key, row));
    }
    rows
}

fn of_row(part: Part, what: What, key: &str, before: &[String], after: &[String]) -> Change {
    let columns = parts::columns(part);
    let cell = |row: &[String], place: usize| row.get(place).cloned().unwrap_or_default();
    let fields = columns.iter().enumerate().skip(1).filter_map(|(place, column)| {
        let (before, after) = (cell(before, place), cell(after, place));
        (before != after).then_some(FieldChange { column: *column, before, after })
    });
    let row = if after.is_empty() { before } else { after };
    let named = |wanted: &[Column]| {
        let place = columns.iter().position(|column| wanted.contains(column));
        place.map(|place| cell(row, place)).unwrap_or_default()
    };
    let zh = named(&[Column::NameZh, Column::Name, Column::WordsZh]);
    let en = named(&[Column::NameEn, Column::Name, Column::WordsEn]);
    Change { what, key: key.to_owned(), name: Name { zh, en }, fields: fields.collect() }
}

/// Outlines that differ, each as how large it was and is.
fn shapes(before: &Content, after: &Content) -> BTreeMap<String, (String, String)> {
    let (Content::Areas(before), Content::Areas(after)) = (before, after) else { return BTreeMap::new() };
    let known: HashMap<&AreaCode, &Area> = before.iter().map(|area| (&area.code, area)).collect();
    let differing = after.iter().filter_map(|area| {
        let was = known.get(&area.code)?;
        let drawn = was.shape != area.shape || was.label != area.label;
        drawn.then(|| (area.code.to_string(), (drawing(was.shape.as_ref()), drawing(area.shape.as_ref()))))
    });
    differing.collect()
}

/// How large a shape is, and of how many corners: `0.42 km² · 17`.
fn drawing(shape: Option<&Shape>) -> String {
    let Some((shape, bounds)) = shape.and_then(|shape| Some((shape, shape.bounds()?))) else {
        return String::new();
    };
    let corners: usize = shape.0.iter().map(|polygon| polygon.outer.len()).sum();
    let corner = |lon: f64, lat: f64| Position::new(lon, lat).ok();
    let side = |from: Option<Position>, to: Option<Position>| {
        from.zip(to).map_or(0.0, |(from, to)| metres(from, to))
    };
    let (west, east) = (bounds.west, bounds.east);
    let middle = f64::midpoint(bounds.south, bounds.north);
    let wide = side(corner(west, middle), corner(east, middle));
    let high = side(corner(west, bounds.south), corner(west, bounds.north));
    let square = (east - west) * (bounds.north - bounds.south);
    let share = if square > 0.0 { shape.square_degrees() / square } else { 0.0 };
    format!("{:.3} km² · {corners}", wide * high * share / 1e6)
}

/// Rows that stand elsewhere among those that stay, as their places counted from 1. The longest run that keeps its order
/// counts as unmoved.
fn moved(old: &[(String, Vec<String>)], new: &[(String, Vec<String>)]) -> HashMap<String, (String, String)> {
    let places: HashMap<&str, usize> =
        old.iter().enumerate().map(|(place, (key, _))| (key.as_str(), place)).collect();
    let stays: Vec<(usize, usize, &str)> = new
        .iter()
        .enumerate()
        .filter_map(|(now, (key, _))| Some((*places.get(key.as_str())?, now, key.as_str())))
        .collect();
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(stays.len());
    for (was, ..) in &stays {
        let earlier = best.iter().zip(&stays).enumerate().filter(|(_, (_, (before, ..)))| before < was);
        let longest = earlier.max_by_key(|(_, ((length, _), _))| *length);
        best.push(longest.map_or((1, None), |(place, ((length, _), _))| (length + 1, Some(place))));
    }
    let mut unmoved = HashSet::new();
    let mut at = best.iter().enumerate().max_by_key(|(_, (length, _))| *length).map(|(place, _)| place);
    while let Some(place) = at {
        unmoved.insert(place);
        at = best.get(place).and_then(|(_, before)| *before);
    }
    let elsewhere = stays.iter().enumerate().filter(|(place, _)| !unmoved.contains(place));
    elsewhere
        .map(|(_, (was, now, key))| ((*key).to_owned(), ((was + 1).to_string(), (now + 1).to_string())))
        .collect()
}
