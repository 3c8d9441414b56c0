//! The city laid flat: metres east and north of its middle. Over forty kilometres that is exact to a few metres,
//! and shapes made here are turned back by the same rule, so nothing is lost.

use woodlark_domain::Position;

/// A point in metres.
pub(crate) type Point = [f64; 2];

const LON: f64 = 121.55;
const LAT: f64 = 30.9;
/// Metres in a degree of latitude.
const DEGREE: f64 = 111_195.0;

fn east_degree() -> f64 {
    DEGREE * LAT.to_radians().cos()
}

/// Degrees to metres.
pub(crate) fn flat(lon: f64, lat: f64) -> Point {
    [(lon - LON) * east_degree(), (lat - LAT) * DEGREE]
}

/// Metres to degrees, rounded to six decimals: a tenth of a metre.
pub(crate) fn degrees([x, y]: Point) -> [f64; 2] {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    [round(x / east_degree() + LON), round(y / DEGREE + LAT)]
}

/// Metres to a position on the earth; none if it were off it.
pub(crate) fn position(point: Point) -> Option<Position> {
    let [lon, lat] = degrees(point);
    Position::new(lon, lat).ok()
}

pub(crate) fn square_distance([ax, ay]: Point, [bx, by]: Point) -> f64 {
    (ax - bx).powi(2) + (ay - by).powi(2)
}

/// Each side of a ring, the closing one too.
pub(crate) fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The even-odd rule.
pub(crate) fn inside(ring: &[Point], [x, y]: Point) -> bool {
    sides(ring).fold(false, |within, ([ax, ay], [bx, by])| {
        let crosses = (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax;
        within != crosses
    })
}

/// The area in square metres, positive when the ring runs against the clock.
pub(crate) fn signed_area(ring: &[Point]) -> f64 {
    sides(ring).map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum::<f64>() / 2.0
}
