//! The light map that the app draws: outline and towns as GeoJSON, simplified border by border so that neighbours meet.

use crate::dissolve::pairs;
use crate::grid::Cut;
use crate::plane::{Point, degrees};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How far a simplified border may lie from the true one, in metres.
const TOLERANCE: f64 = 160.0;

/// A collection of the district (`level` county) and its towns, each with code, names and a point for its label.
pub(crate) fn geojson(cut: &Cut) -> String {
    let junctions = junctions(cut);
    let round = |value: f64| (value * 1e4).round() / 1e4;
    let ring = |ring: &Vec<usize>| -> Vec<[f64; 2]> {
        let mut points: Vec<[f64; 2]> =
            simplified(cut, ring, &junctions).into_iter().map(|point| degrees(point).map(round)).collect();
        points.dedup();
        points.extend(points.first().copied());
        points
    };
    let feature = |code: &str, level: &str, names: (&str, &str), rings: &[Vec<usize>]| -> Value {
        let polygons: Vec<Value> =
            rings.iter().map(ring).filter(|ring| ring.len() > 3).map(|ring| json!([ring])).collect();
        let label = cut.areas.iter().find(|area| area.code.as_str() == code).and_then(|area| area.label);
        let label = label.map(|at| [at.lon(), at.lat()].map(round));
        let properties = json!({"code": code, "level": level, "zh": names.0, "en": names.1, "label": label});
        let geometry = json!({"type": "MultiPolygon", "coordinates": polygons});
        json!({"type": "Feature", "properties": properties, "geometry": geometry})
    };
    let mut features = vec![feature("310120", "county", ("奉贤区", "Fengxian District"), &cut.whole)];
    for (code, name, rings) in &cut.towns {
        features.push(feature(code.as_str(), "town", (&name.zh, &name.en), rings));
    }
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Corners where three borders meet: two towns and a third, or the outside. They stay where they are.
fn junctions(cut: &Cut) -> BTreeSet<usize> {
    let mut neighbours: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (a, b) in cut.towns.iter().flat_map(|(_, _, rings)| rings).flat_map(|ring| pairs(ring)) {
        neighbours.entry(a).or_default().insert(b);
        neighbours.entry(b).or_default().insert(a);
    }
    neighbours.into_iter().filter(|(_, near)| near.len() > 2).map(|(corner, _)| corner).collect()
}

/// A ring of borders, each simplified from the same end whichever neighbour asks.
fn simplified(cut: &Cut, ring: &[usize], junctions: &BTreeSet<usize>) -> Vec<Point> {
    let first = ring.iter().position(|corner| junctions.contains(corner)).unwrap_or(0);
    let (before, after) = ring.split_at(first);
    let turned: Vec<usize> = after.iter().chain(before).chain(after.first()).copied().collect();
    let mut points = Vec::new();
    let mut border: Vec<usize> = Vec::new();
    for corner in turned {
        border.push(corner);
        if border.len() > 1 && (junctions.contains(&corner) || Some(&corner) == after.first()) {
            points.extend(one_way(cut, &border));
            border = vec![corner];
        }
    }
    points
}

/// One border without its last point.
fn one_way(cut: &Cut, border: &[usize]) -> Vec<Point> {
    let backwards = border.first() > border.last();
    let mut points = cut.mesh.points(border);
    if backwards {
        points.reverse();
    }
    let mut kept = thinned(&points);
    if backwards {
        kept.reverse();
    }
    kept.pop();
    kept
}

/// Douglas and Peucker: the farthest point from the chord stays while it is farther than the tolerance.
fn thinned(points: &[Point]) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let inner = points.iter().enumerate().skip(1).take(points.len().saturating_sub(2));
    let far =
        inner.map(|(index, point)| (index, off(*first, *last, *point))).max_by(|a, b| a.1.total_cmp(&b.1));
    match far {
        Some((index, distance)) if distance > TOLERANCE => {
            let (head, tail) = (points.get(..=index).unwrap_or(&[]), points.get(index..).unwrap_or(&[]));
            let mut kept = thinned(head);
            kept.pop();
            kept.extend(thinned(tail));
            kept
        }
        _ => vec![*first, *last],
    }
}

fn off(from: Point, to: Point, [x, y]: Point) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    if length < 1.0 {
        (x - from[0]).hypot(y - from[1])
    } else {
        ((x - from[0]) * dy - (y - from[1]) * dx).abs() / length
    }
}
