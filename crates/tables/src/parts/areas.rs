//! Areas as a table. It has no outlines: those that are known stay with their areas.

use super::each;
use crate::fault::Fault;
use crate::row::{Line, Row};
use std::collections::HashMap;
use woodlark_domain::city::{Column, FaultCode, Part};
use woodlark_domain::place::{Area, AreaLevel, Shape};
use woodlark_domain::{AreaCode, Position};

pub(super) const COLUMNS: &[Column] =
    &[Column::Code, Column::NameZh, Column::NameEn, Column::Level, Column::Parent];

pub(super) fn cells(one: &Area) -> Vec<String> {
    vec![
        one.code.to_string(),
        one.name.zh.clone(),
        one.name.en.clone(),
        one.level.code().to_owned(),
        one.parent.as_ref().map_or_else(String::new, ToString::to_string),
    ]
}

fn one(row: &mut Row<'_>) -> Option<Area> {
    let (code, name) = (row.code::<AreaCode>(Column::Code), row.name(Column::NameZh, Column::NameEn));
    let (level, parent) = (row.choice(Column::Level, AreaLevel::from_code), row.code_if(Column::Parent));
    Some(Area { code: code?, level: level?, name: name?, parent: parent?, shape: None, label: None })
}

pub(super) fn read(lines: &[Line], known: &[Area], faults: &mut Vec<Fault>) -> Vec<Area> {
    let mut areas = each(Part::Areas, lines, faults, one);
    let known: HashMap<&AreaCode, &Area> = known.iter().map(|area| (&area.code, area)).collect();
    for area in &mut areas {
        if let Some(before) = known.get(&area.code) {
            area.shape.clone_from(&before.shape);
            area.label = before.label;
        }
    }
    if faults.is_empty() {
        let numbers: Vec<u32> = lines.iter().map(|line| line.number).collect();
        level_faults(&areas, &numbers, faults);
    }
    areas.sort_by(|one, other| one.code.cmp(&other.code));
    areas
}

/// Each area lies in one that is there, is deeper than it, and begins with its code. `numbers` are the lines of the areas.
pub(crate) fn level_faults(areas: &[Area], numbers: &[u32], faults: &mut Vec<Fault>) {
    let levels: HashMap<&AreaCode, AreaLevel> = areas.iter().map(|area| (&area.code, area.level)).collect();
    for (area, number) in areas.iter().zip(numbers) {
        let Some(parent) = &area.parent else { continue };
        let code = match levels.get(parent) {
            None => FaultCode::ParentUnknown,
            Some(level) if *level >= area.level || !area.code.is_within(parent) => FaultCode::ParentApart,
            Some(_) => continue,
        };
        faults.push(Fault::at(*number, Some(Column::Parent), code, parent.as_str()));
    }
}

/// A point to write an area's name at: the middle of its largest polygon, or of that polygon's first side where the middle
/// lies outside it.
pub(crate) fn label_of(shape: &Shape) -> Option<Position> {
    let largest = shape.0.iter().max_by(|one, other| {
        let size = |polygon: &woodlark_domain::place::Polygon| Shape(vec![polygon.clone()]).square_degrees();
        size(one).total_cmp(&size(other))
    })?;
    let ring = &largest.outer;
    let count = ring.len().max(1) as f64;
    let sum = ring.iter().fold([0.0, 0.0], |[x, y], [lon, lat]| [x + lon, y + lat]);
    let middle = Position::new(sum[0] / count, sum[1] / count).ok()?;
    if shape.contains(middle) {
        return Some(middle);
    }
    let [lon, lat] = ring.first()?;
    Position::new(*lon, *lat).ok()
}
