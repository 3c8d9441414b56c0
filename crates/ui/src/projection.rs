//! The map's arithmetic: degrees to picture units and back, over a small piece of the earth.

use woodlark_domain::Position;

/// Metres in a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;
/// The picture is this many units wide; its height follows from the frame.
pub const WIDTH: f64 = 360.0;
/// And this many high.
pub const HEIGHT: f64 = 260.0;

/// What part of the earth the map shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// In the middle.
    pub centre: Position,
    /// Metres from the left edge to the right.
    pub span_m: f64,
}

/// The closest and the widest that the map zooms, in metres across.
pub const SPANS: [f64; 2] = [150.0, 80_000.0];

impl Frame {
    /// The frame that shows these bounds: west, south, east, north.
    #[must_use]
    pub fn around([west, south, east, north]: [f64; 4]) -> Option<Self> {
        let centre = Position::new((west + east) / 2.0, (south + north) / 2.0).ok()?;
        let across = (east - west) * METRES_PER_DEGREE * narrowing(centre.lat());
        let down = (north - south) * METRES_PER_DEGREE * WIDTH / HEIGHT;
        Some(Self { centre, span_m: (across.max(down) * 1.08).clamp(SPANS[0], SPANS[1]) })
    }

    /// Picture units of one metre.
    #[must_use]
    pub fn unit(&self) -> f64 {
        WIDTH / self.span_m
    }

    /// Where a longitude and latitude lie in the picture.
    #[must_use]
    pub fn to_picture(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        let east_m = (lon - self.centre.lon()) * METRES_PER_DEGREE * narrowing(self.centre.lat());
        let north_m = (lat - self.centre.lat()) * METRES_PER_DEGREE;
        [WIDTH / 2.0 + east_m * self.unit(), HEIGHT / 2.0 - north_m * self.unit()]
    }

    /// Which place lies at a point of the picture; none off the earth.
    #[must_use]
    pub fn to_earth(&self, [x, y]: [f64; 2]) -> Option<Position> {
        let east_m = (x - WIDTH / 2.0) / self.unit();
        let north_m = (HEIGHT / 2.0 - y) / self.unit();
        let lon = self.centre.lon() + east_m / (METRES_PER_DEGREE * narrowing(self.centre.lat()));
        Position::new(lon, self.centre.lat() + north_m / METRES_PER_DEGREE).ok()
    }

    /// The same place, closer (below 1) or wider (above 1).
    #[must_use]
    pub fn zoomed(self, factor: f64) -> Self {
        Self { span_m: (self.span_m * factor).clamp(SPANS[0], SPANS[1]), ..self }
    }

    /// A ring as the `d` of an SVG path, to a tenth of a unit.
    pub fn draw(&self, ring: &[[f64; 2]], into: &mut String) {
        for (index, point) in ring.iter().enumerate() {
            let [x, y] = self.to_picture(*point);
            into.push(if index == 0 { 'M' } else { 'L' });
            into.push_str(&tenth(x));
            into.push(' ');
            into.push_str(&tenth(y));
        }
        into.push('Z');
    }
}

/// How much narrower a degree of longitude is at a latitude: the cosine, by its series, which is exact to a
/// millionth up to the poles and needs none of the maths library's tables.
fn narrowing(latitude: f64) -> f64 {
    let square = latitude.to_radians().powi(2);
    let terms = [1.0, -1.0 / 2.0, 1.0 / 24.0, -1.0 / 720.0, 1.0 / 40_320.0, -1.0 / 3_628_800.0];
    terms.iter().rev().fold(0.0, |sum, term| sum * square + term)
}

/// A number with one decimal, without the float formatter's weight.
#[must_use]
pub fn tenth(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    let tenths = (value * 10.0).round() as i32;
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame { centre: Position::new(121.47, 30.92).unwrap(), span_m: 1000.0 }
    }

    #[test]
    fn a_point_of_the_picture_comes_back_to_itself() {
        let frame = frame();
        let place = frame.to_earth([40.0, 200.0]).unwrap();
        let [x, y] = frame.to_picture([place.lon(), place.lat()]);
        assert!((x - 40.0).abs() < 1e-6 && (y - 200.0).abs() < 1e-6);
    }

    #[test]
    fn north_is_up_and_a_thousand_metres_fill_the_width() {
        let frame = frame();
        let [x, y] = frame.to_picture([121.47, 30.93]);
        assert!((x - WIDTH / 2.0).abs() < 1e-6 && y < HEIGHT / 2.0);
        assert!((frame.unit() - 0.36).abs() < 1e-9);
    }

    #[test]
    fn zooming_stops_at_both_ends() {
        assert!((frame().zoomed(0.0).span_m - SPANS[0]).abs() < 1e-9);
        assert!((frame().zoomed(1e9).span_m - SPANS[1]).abs() < 1e-9);
    }

    #[test]
    fn a_degree_of_longitude_narrows_as_the_cosine_does() {
        for latitude in [0.0_f64, 30.9, 45.0, 70.0] {
            assert!((narrowing(latitude) - latitude.to_radians().cos()).abs() < 1e-6);
        }
    }

    #[test]
    fn tenths_keep_the_sign_below_one() {
        assert_eq!(tenth(-0.26), "-0.3");
        assert_eq!(tenth(12.0), "12.0");
    }
}
