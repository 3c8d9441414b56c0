//! Voronoi cells cut to the outline. A thousand of them take a few milliseconds, so there is no library.

use crate::outline::Outline;
use crate::plane::{Point, inside, square_distance};

/// The cell of each seed: all of the outline that is nearer to it than to any other.
pub(crate) fn cells(outline: &Outline, seeds: &[Point]) -> Vec<Vec<Point>> {
    let far = outline.flat.iter().flatten().fold(0.0_f64, |far, value| far.max(value.abs())) * 2.0;
    let square = vec![[-far, -far], [far, -far], [far, far], [-far, far]];
    seeds.iter().map(|seed| cut_to_outline(outline, cell(*seed, seeds, square.clone()))).collect()
}

/// The convex cell of one seed: the square cut by the bisector with each other seed, the nearest first.
fn cell(seed: Point, seeds: &[Point], square: Vec<Point>) -> Vec<Point> {
    let mut others: Vec<(f64, Point)> = seeds
        .iter()
        .filter(|other| **other != seed)
        .map(|other| (square_distance(seed, *other), *other))
        .collect();
    others.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut ring = square;
    for (distance, other) in others {
        // A bisector farther off than the farthest corner, and all after it, cut nothing more.
        let reach = ring.iter().map(|corner| square_distance(seed, *corner)).fold(0.0, f64::max);
        if distance > 4.0 * reach {
            break;
        }
        let half = [(seed[0] + other[0]) / 2.0, (seed[1] + other[1]) / 2.0];
        ring = cut(&ring, half, [other[0] - seed[0], other[1] - seed[1]]);
    }
    ring
}

/// What lies behind a line through `at`, seen along its normal (Sutherland and Hodgman).
fn cut(ring: &[Point], at: Point, normal: Point) -> Vec<Point> {
    let before = |[x, y]: Point| (x - at[0]) * normal[0] + (y - at[1]) * normal[1];
    let mut kept = Vec::with_capacity(ring.len() + 2);
    for (a, b) in crate::plane::sides(ring) {
        let (from, to) = (before(a), before(b));
        if from <= 0.0 {
            kept.push(a);
        }
        if (from <= 0.0) != (to <= 0.0) {
            let share = from / (from - to);
            kept.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
        }
    }
    kept
}

/// A cell that reaches over the outline becomes the outline cut by the cell.
fn cut_to_outline(outline: &Outline, cell: Vec<Point>) -> Vec<Point> {
    let over = cell.iter().any(|corner| !inside(&outline.flat, *corner));
    if !over && !outline.flat.iter().any(|corner| inside(&cell, *corner)) {
        return cell;
    }
    crate::plane::sides(&cell).fold(outline.flat.clone(), |kept, (a, b)| {
        // The cell runs against the clock: its outside is on the right of each side.
        cut(&kept, a, [b[1] - a[1], a[0] - b[0]])
    })
}
