//! Shapes on the ground: rings, polygons with holes, several of them. Small enough to carry into the browser.

use crate::Position;
use serde::{Deserialize, Serialize};

/// A closed line, as pairs of longitude and latitude in degrees; the last point may repeat the first.
pub type Ring = Vec<[f64; 2]>;

/// An outer ring, and the holes in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    /// Around it.
    pub outer: Ring,
    /// What isn't of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Ring>,
}

/// One or more polygons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(pub Vec<Polygon>);

/// The box around something, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// The box around points; none around none.
    #[must_use]
    pub fn around<'a>(points: impl IntoIterator<Item = &'a [f64; 2]>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, [lon, lat]| {
            let bounds = bounds.unwrap_or(Self { west: *lon, south: *lat, east: *lon, north: *lat });
            Some(Self {
                west: bounds.west.min(*lon),
                south: bounds.south.min(*lat),
                east: bounds.east.max(*lon),
                north: bounds.north.max(*lat),
            })
        })
    }

    /// Whether a position lies in the box or on its edge.
    #[must_use]
    pub fn contains(&self, position: Position) -> bool {
        (self.west..=self.east).contains(&position.lon())
            && (self.south..=self.north).contains(&position.lat())
    }
}

impl Shape {
    /// A shape of one polygon without holes.
    #[must_use]
    pub fn simple(outer: Ring) -> Self {
        Self(vec![Polygon { outer, holes: Vec::new() }])
    }

    /// The box around it.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.0.iter().flat_map(|polygon| &polygon.outer))
    }

    /// Whether a position lies in it. A point on a line between two neighbours belongs to at most one of them.
    #[must_use]
    pub fn contains(&self, position: Position) -> bool {
        self.0.iter().any(|polygon| {
            crosses(&polygon.outer, position) && !polygon.holes.iter().any(|hole| crosses(hole, position))
        })
    }

    /// Its area in square degrees; holes taken off.
    #[must_use]
    pub fn square_degrees(&self) -> f64 {
        let size = |polygon: &Polygon| {
            signed(&polygon.outer).abs() - polygon.holes.iter().map(|hole| signed(hole).abs()).sum::<f64>()
        };
        self.0.iter().map(size).sum()
    }
}

/// Each side of a ring, the closing one too.
fn sides(ring: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The even-odd rule: a line from the point to the east crosses an odd number of sides.
fn crosses(ring: &[[f64; 2]], position: Position) -> bool {
    let (lon, lat) = (position.lon(), position.lat());
    sides(ring).fold(false, |inside, ([ax, ay], [bx, by])| {
        let spans = (ay > lat) != (by > lat);
        if spans && lon < (bx - ax) * (lat - ay) / (by - ay) + ax { !inside } else { inside }
    })
}

fn signed(ring: &[[f64; 2]]) -> f64 {
    sides(ring).map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, side: f64) -> Ring {
        vec![
            [west, south],
            [west + side, south],
            [west + side, south + side],
            [west, south + side],
            [west, south],
        ]
    }

    fn at(lon: f64, lat: f64) -> Position {
        Position::new(lon, lat).unwrap()
    }

    #[test]
    fn a_point_in_a_hole_is_outside_and_one_on_the_second_island_inside() {
        let shape = Shape(vec![
            Polygon { outer: square(0.0, 0.0, 10.0), holes: vec![square(4.0, 4.0, 2.0)] },
            Polygon { outer: square(20.0, 0.0, 1.0), holes: Vec::new() },
        ]);
        assert!(shape.contains(at(1.0, 1.0)));
        assert!(!shape.contains(at(5.0, 5.0)));
        assert!(shape.contains(at(20.5, 0.5)));
        assert!(!shape.contains(at(15.0, 0.5)));
        assert!((shape.square_degrees() - 97.0).abs() < 1e-9);
        assert!(shape.bounds().unwrap().contains(at(15.0, 0.5)));
    }

    #[test]
    fn a_point_on_a_shared_side_belongs_to_one_neighbour_only() {
        let (left, right) = (Shape::simple(square(0.0, 0.0, 1.0)), Shape::simple(square(1.0, 0.0, 1.0)));
        let shared = at(1.0, 0.5);
        assert!(left.contains(shared) != right.contains(shared));
    }

    #[test]
    fn an_open_ring_is_closed_and_an_empty_one_holds_nothing() {
        let open = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        assert!(Shape::simple(open).contains(at(0.5, 0.5)));
        assert!(!Shape::simple(Vec::new()).contains(at(0.0, 0.0)));
        assert_eq!(Shape(Vec::new()).bounds(), None);
    }
}
