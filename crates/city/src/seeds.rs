//! Where the towns, communities and grids are: invented, but in plausible places.
//!
//! Each town has a middle (about where it really is) and a reach (about as large as it really is). Points strewn evenly
//! over the outline fall to the town nearest by reach; each town's points are gathered round as many middles as it has
//! communities, and each community's round two to four grids.

use crate::data::{DataError, NameRow};
use crate::outline::Outline;
use crate::plane::{Point, flat, inside, square_distance};
use crate::random::Random;
use woodlark_domain::AreaCode;
use woodlark_domain::place::AreaLevel;

/// A grid to be: the point that it grows round, and its community.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    pub(crate) at: Point,
    pub(crate) community: AreaCode,
}

/// Town, longitude and latitude of its middle (WGS-84, about), reach in metres.
const TOWNS: [(&str, f64, f64, f64); 12] = [
    ("310120001", 121.435, 30.978, 3_300.0),
    ("310120002", 121.468, 30.950, 3_300.0),
    ("310120003", 121.505, 30.928, 3_300.0),
    ("310120101", 121.450, 30.912, 4_300.0),
    ("310120102", 121.640, 30.920, 6_200.0),
    ("310120104", 121.385, 30.895, 4_600.0),
    ("310120106", 121.520, 30.975, 5_000.0),
    ("310120109", 121.728, 30.915, 5_400.0),
    ("310120111", 121.570, 30.915, 5_000.0),
    ("310120118", 121.470, 30.835, 5_200.0),
    ("310120123", 121.670, 30.860, 5_200.0),
    ("310120503", 121.545, 30.835, 3_000.0),
];
/// Metres between the points that are strewn.
const STEP: f64 = 170.0;
/// Rounds of gathering; more change little.
const ROUNDS: usize = 8;

/// The seeds of all grids, community by community.
pub(crate) fn seeds(outline: &Outline, names: &[NameRow]) -> Result<Vec<Seed>, DataError> {
    let mut random = Random::new(310_120);
    let strewn = strew(outline, &mut random);
    let mut seeds = Vec::new();
    for (index, (code, ..)) in TOWNS.iter().enumerate() {
        let town: AreaCode = code.parse().map_err(|_| DataError::row("seeds.rs", code))?;
        let own: Vec<Point> = strewn.iter().copied().filter(|point| nearest_town(*point) == index).collect();
        let communities: Vec<&NameRow> =
            names.iter().filter(|row| row.level == AreaLevel::Community && row.parent == town).collect();
        let groups = gather(&own, communities.len(), &mut random);
        if groups.len() != communities.len() {
            return Err(DataError::row("seeds.rs", code));
        }
        for (row, group) in communities.into_iter().zip(groups) {
            let count = 2 + usize::from(random.chance(0.6)) + usize::from(random.chance(0.25));
            for grid in gather(&group, count, &mut random) {
                seeds.push(Seed { at: middle(&grid), community: row.code.clone() });
            }
        }
    }
    Ok(seeds)
}

/// Points all over the outline, one in each square of a lattice, somewhere within it.
fn strew(outline: &Outline, random: &mut Random) -> Vec<Point> {
    let far = |axis: fn(&Point) -> f64| {
        let values = outline.flat.iter().map(axis);
        values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)))
    };
    let ((west, east), (south, north)) = (far(|point| point[0]), far(|point| point[1]));
    let mut points = Vec::new();
    let mut y = south;
    while y < north {
        let mut x = west;
        while x < east {
            let point = [x + random.share() * STEP, y + random.share() * STEP];
            if inside(&outline.flat, point) {
                points.push(point);
            }
            x += STEP;
        }
        y += STEP;
    }
    points
}

/// The town whose middle is nearest, each by its reach.
fn nearest_town(point: Point) -> usize {
    let power = |(_, lon, lat, reach): &(&str, f64, f64, f64)| {
        square_distance(point, flat(*lon, *lat)) - reach * reach
    };
    let distances = TOWNS.iter().map(power).enumerate();
    distances.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index)
}

/// Gathers points round so many middles (Lloyd's way); no group is empty, so there may be fewer.
fn gather(points: &[Point], count: usize, random: &mut Random) -> Vec<Vec<Point>> {
    let mut middles: Vec<Point> = Vec::new();
    for _ in 0..count.min(points.len()) {
        // Of a few points by chance the one farthest from the middles there are: spread, and never the same twice.
        let far =
            |point: &Point| middles.iter().map(|at| square_distance(*at, *point)).fold(f64::MAX, f64::min);
        let tries: Vec<Point> = (0..6).filter_map(|_| random.pick(points).copied()).collect();
        middles.extend(tries.into_iter().max_by(|a, b| far(a).total_cmp(&far(b))));
    }
    let mut groups = Vec::new();
    for _ in 0..ROUNDS {
        groups = vec![Vec::new(); middles.len()];
        for point in points {
            let near = middles.iter().map(|at| square_distance(*at, *point)).enumerate();
            let near = near.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index);
            if let Some(group) = groups.get_mut(near) {
                group.push(*point);
            }
        }
        split_empty(&mut groups);
        middles = groups.iter().map(|group| middle(group)).collect();
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// An empty group takes half of the largest.
fn split_empty(groups: &mut [Vec<Point>]) {
    for index in 0..groups.len() {
        if groups.get(index).is_some_and(Vec::is_empty) {
            let half =
                groups.iter_mut().max_by_key(|group| group.len()).map(|most| most.split_off(most.len() / 2));
            if let (Some(group), Some(half)) = (groups.get_mut(index), half) {
                *group = half;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn middle(points: &[Point]) -> Point {
    let [x, y] = points.iter().fold([0.0, 0.0], |[x, y], [px, py]| [x + px, y + py]);
    let count = points.len().max(1) as f64;
    [x / count, y / count]
}
