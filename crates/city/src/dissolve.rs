//! Cells that belong together become one shape: the sides that two of them share, there and back, fall away.

use crate::plane::{Point, degrees, signed_area, square_distance};
use std::collections::{BTreeMap, HashMap};
use woodlark_domain::place::{Polygon, Shape};

/// Points nearer than this, in metres, are one.
const SAME: f64 = 0.5;

/// Corners that cells share, each kept once, and the cells as rings of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Mesh {
    pub(crate) corners: Vec<Point>,
    pub(crate) rings: Vec<Vec<usize>>,
    buckets: HashMap<(i64, i64), Vec<usize>>,
}

impl Mesh {
    pub(crate) fn new(cells: &[Vec<Point>]) -> Self {
        let mut mesh = Self::default();
        for cell in cells {
            let mut ring: Vec<usize> = cell.iter().map(|corner| mesh.corner(*corner)).collect();
            ring.dedup();
            if ring.first() == ring.last() {
                ring.pop();
            }
            mesh.rings.push(ring);
        }
        mesh.split_sides();
        mesh
    }

    /// The number of a corner: of the one that is there, or a new one.
    fn corner(&mut self, point: Point) -> usize {
        let (x, y) = bucket(point);
        for key in (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y))) {
            for known in self.buckets.get(&key).into_iter().flatten() {
                let near =
                    self.corners.get(*known).is_some_and(|at| square_distance(*at, point) < SAME * SAME);
                if near {
                    return *known;
                }
            }
        }
        self.corners.push(point);
        self.buckets.entry((x, y)).or_default().push(self.corners.len() - 1);
        self.corners.len() - 1
    }

    /// A side on which another cell has a corner is split there, or the two would not fall away.
    fn split_sides(&mut self) {
        let corners = &self.corners;
        let mut order: Vec<usize> = (0..corners.len()).collect();
        let x = |index: &usize| corners.get(*index).map_or(0.0, |corner| corner[0]);
        order.sort_by(|a, b| x(a).total_cmp(&x(b)));
        for ring in &mut self.rings {
            let mut split = Vec::with_capacity(ring.len());
            for (a, b) in pairs(ring) {
                split.push(a);
                let (Some(from), Some(to)) = (corners.get(a), corners.get(b)) else { continue };
                let (west, east) = (from[0].min(to[0]) - SAME, from[0].max(to[0]) + SAME);
                let start = order.partition_point(|index| x(index) < west);
                let between = order.iter().skip(start).take_while(|index| x(index) <= east).copied();
                let mut on: Vec<(f64, usize)> = between
                    .filter(|index| *index != a && *index != b)
                    .filter_map(|index| Some((along(*from, *to, *corners.get(index)?)?, index)))
                    .collect();
                on.sort_by(|(a, _), (b, _)| a.total_cmp(b));
                split.extend(on.into_iter().map(|(_, index)| index));
            }
            *ring = split;
        }
    }

    /// The rings round cells taken together, as numbers of corners. Sides within fall away.
    pub(crate) fn around<'a>(&'a self, cells: impl IntoIterator<Item = &'a usize>) -> Vec<Vec<usize>> {
        let mut sides: BTreeMap<(usize, usize), i32> = BTreeMap::new();
        for (a, b) in cells.into_iter().filter_map(|cell| self.rings.get(*cell)).flat_map(|ring| pairs(ring))
        {
            let (key, step) = if a < b { ((a, b), 1) } else { ((b, a), -1) };
            *sides.entry(key).or_default() += step;
        }
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for ((a, b), count) in sides {
            let (from, to) = if count > 0 { (a, b) } else { (b, a) };
            for _ in 0..count.abs() {
                next.entry(from).or_default().push(to);
            }
        }
        let mut rings = Vec::new();
        while let Some((start, _)) = next.iter().find(|(_, to)| !to.is_empty()) {
            let (start, mut at) = (*start, *start);
            let mut ring = Vec::new();
            while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
                ring.push(at);
                at = to;
                if at == start {
                    break;
                }
            }
            next.retain(|_, to| !to.is_empty());
            if ring.len() > 2 {
                rings.push(ring);
            }
        }
        rings
    }

    pub(crate) fn points(&self, ring: &[usize]) -> Vec<Point> {
        ring.iter().filter_map(|index| self.corners.get(*index).copied()).collect()
    }

    /// Rings as a shape in degrees: those against the clock are land, the others holes in it.
    pub(crate) fn shape(&self, rings: &[Vec<usize>]) -> Shape {
        let rings: Vec<Vec<Point>> = rings.iter().map(|ring| self.points(ring)).collect();
        let (land, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| signed_area(ring) > 0.0);
        let mut polygons: Vec<(Vec<Point>, Vec<Vec<Point>>)> =
            land.into_iter().map(|ring| (ring, Vec::new())).collect();
        for hole in holes {
            let around = |(land, _): &&mut (Vec<Point>, Vec<Vec<Point>>)| {
                hole.first().is_some_and(|corner| crate::plane::inside(land, *corner))
            };
            if let Some((_, own)) = polygons.iter_mut().find(around) {
                own.push(hole);
            }
        }
        let ring = |ring: Vec<Point>| ring.into_iter().map(degrees).collect::<Vec<_>>();
        let polygon = |(outer, holes): (Vec<Point>, Vec<Vec<Point>>)| Polygon {
            outer: ring(outer),
            holes: holes.into_iter().map(ring).collect(),
        };
        Shape(polygons.into_iter().map(polygon).collect())
    }
}

/// Each pair of neighbours of a ring, the closing one too.
pub(crate) fn pairs(ring: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

#[expect(clippy::cast_possible_truncation, reason = "metres of a city")]
fn bucket([x, y]: Point) -> (i64, i64) {
    ((x / SAME).floor() as i64, (y / SAME).floor() as i64)
}

/// How far along a side a point lies, if it lies on it between the ends.
fn along(from: Point, to: Point, point: Point) -> Option<f64> {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx * dx + dy * dy;
    let share = ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length;
    let foot = [from[0] + dx * share, from[1] + dy * share];
    (share > 0.0 && share < 1.0 && square_distance(foot, point) < SAME * SAME).then_some(share)
}
