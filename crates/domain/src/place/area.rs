//! Areas 区域 and the tree of them: which is the deepest that holds a point.

use super::{Bounds, Shape};
use crate::criterion::Name;
use crate::kind::closed_list;
use crate::{AreaCode, Position};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

closed_list! {
    /// How deep an area lies in the tree.
    AreaLevel {
        /// 市.
        City = "city",
        /// 区县.
        County = "county",
        /// 街道, 镇.
        Town = "town",
        /// 社区, 村.
        Community = "community",
        /// 网格.
        Grid = "grid",
        /// 微网格.
        MicroGrid = "micro_grid",
    }
}

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Its statistical code.
    pub code: AreaCode,
    /// How deep it lies.
    pub level: AreaLevel,
    /// What people call it.
    pub name: Name,
    /// The area above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<AreaCode>,
    /// Its outline in WGS-84, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// A point to write its name at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Position>,
}

/// How many rows and columns of buckets an index has. A thousand grids leave about two in a bucket.
const SIDE: usize = 32;

/// All areas of a city, and an index of boxes over those with an outline.
#[derive(Debug, Clone, Default)]
pub struct AreaTree {
    areas: BTreeMap<AreaCode, Area>,
    bounds: Option<Bounds>,
    buckets: Vec<Vec<(AreaCode, Bounds)>>,
}

impl AreaTree {
    /// A tree of these areas; of two with the same code the later.
    #[must_use]
    pub fn new(areas: impl IntoIterator<Item = Area>) -> Self {
        let areas: BTreeMap<AreaCode, Area> =
            areas.into_iter().map(|area| (area.code.clone(), area)).collect();
        let boxes: Vec<(AreaCode, Bounds)> = areas
            .values()
            .filter_map(|area| Some((area.code.clone(), area.shape.as_ref()?.bounds()?)))
            .collect();
        let corners: Vec<[f64; 2]> =
            boxes.iter().flat_map(|(_, one)| [[one.west, one.south], [one.east, one.north]]).collect();
        let mut tree =
            Self { areas, bounds: Bounds::around(&corners), buckets: vec![Vec::new(); SIDE * SIDE] };
        for (code, one) in boxes {
            let (west, south) = tree.bucket(one.west, one.south);
            let (east, north) = tree.bucket(one.east, one.north);
            for row in south..=north {
                for column in west..=east {
                    if let Some(bucket) = tree.buckets.get_mut(row * SIDE + column) {
                        bucket.push((code.clone(), one));
                    }
                }
            }
        }
        tree
    }

    /// The column and row of the bucket that holds these degrees, held at the edges.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..SIDE just before"
    )]
    fn bucket(&self, lon: f64, lat: f64) -> (usize, usize) {
        let Some(bounds) = self.bounds else { return (0, 0) };
        let slot = |value: f64, from: f64, until: f64| {
            let share = if until > from { (value - from) / (until - from) } else { 0.0 };
            (share * SIDE as f64).clamp(0.0, (SIDE - 1) as f64) as usize
        };
        (slot(lon, bounds.west, bounds.east), slot(lat, bounds.south, bounds.north))
    }

    /// The deepest area that holds a position; none outside all of them.
    #[must_use]
    pub fn find(&self, position: Position) -> Option<&Area> {
        self.bounds.filter(|bounds| bounds.contains(position))?;
        let (column, row) = self.bucket(position.lon(), position.lat());
        self.buckets
            .get(row * SIDE + column)?
            .iter()
            .filter(|(_, bounds)| bounds.contains(position))
            .filter_map(|(code, _)| self.areas.get(code))
            .filter(|area| area.shape.as_ref().is_some_and(|shape| shape.contains(position)))
            .max_by_key(|area| area.level)
    }

    /// The area of a code.
    #[must_use]
    pub fn get(&self, code: &AreaCode) -> Option<&Area> {
        self.areas.get(code)
    }

    /// All areas, each after the one it lies in.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// The areas right below one.
    pub fn children<'a>(&'a self, code: &'a AreaCode) -> impl Iterator<Item = &'a Area> {
        self.areas.values().filter(move |area| area.parent.as_ref() == Some(code))
    }

    /// An area and all above it, deepest first.
    pub fn path<'a>(&'a self, code: &AreaCode) -> impl Iterator<Item = &'a Area> + use<'a> {
        // A chain longer than the levels there are is a loop in the data.
        core::iter::successors(self.get(code), |area| self.get(area.parent.as_ref()?))
            .take(AreaLevel::ALL.len())
    }

    /// How many areas there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(code: &str, level: AreaLevel, parent: Option<&str>, square: Option<(f64, f64, f64)>) -> Area {
        let ring = |(west, south, side): (f64, f64, f64)| {
            vec![[west, south], [west + side, south], [west + side, south + side], [west, south + side]]
        };
        Area {
            code: AreaCode::new(code).unwrap(),
            level,
            name: Name::new(code, code),
            parent: parent.map(|code| AreaCode::new(code).unwrap()),
            shape: square.map(|square| Shape::simple(ring(square))),
            label: None,
        }
    }

    fn tree() -> AreaTree {
        AreaTree::new([
            area("310120", AreaLevel::County, None, Some((121.0, 30.0, 1.0))),
            area("310120001", AreaLevel::Town, Some("310120"), None),
            area("31012000100101", AreaLevel::Grid, Some("310120001"), Some((121.5, 30.5, 0.1))),
        ])
    }

    #[test]
    fn the_deepest_area_of_a_point_wins() {
        let tree = tree();
        let find = |lon, lat| tree.find(Position::new(lon, lat).unwrap()).map(|area| area.code.as_str());
        assert_eq!(find(121.55, 30.55), Some("31012000100101"));
        assert_eq!(find(121.2, 30.2), Some("310120"));
        assert_eq!(find(120.9, 30.5), None);
        assert_eq!(AreaTree::default().find(Position::new(0.0, 0.0).unwrap()), None);
    }

    #[test]
    fn the_path_of_an_area_leads_up_to_the_county() {
        let tree = tree();
        let path: Vec<&str> =
            tree.path(&AreaCode::new("31012000100101").unwrap()).map(|area| area.code.as_str()).collect();
        assert_eq!(path, ["31012000100101", "310120001", "310120"]);
        assert_eq!(tree.children(&AreaCode::new("310120").unwrap()).count(), 1);
    }
}
