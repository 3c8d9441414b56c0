//! Distance over the ground.

use crate::Position;

/// Mean radius of the earth in metres.
pub(super) const EARTH: f64 = 6_371_008.8;

/// Metres between two positions, along a great circle.
#[must_use]
pub fn metres(a: Position, b: Position) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let across = a.lat().to_radians().cos() * b.lat().to_radians().cos();
    let chord = half(b.lat() - a.lat()) + across * half(b.lon() - a.lon());
    2.0 * EARTH * chord.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_kilometres_and_of_longitude_less() {
        let at = |lon, lat| Position::new(lon, lat).unwrap();
        assert!((metres(at(121.0, 30.0), at(121.0, 31.0)) - 111_195.0).abs() < 1.0);
        assert!((metres(at(121.0, 60.0), at(122.0, 60.0)) - 55_597.0).abs() < 10.0);
        assert!((metres(at(0.0, 0.0), at(180.0, 0.0)) - 20_015_114.0).abs() < 2.0);
        assert!(metres(at(5.0, 5.0), at(5.0, 5.0)).abs() < f64::EPSILON);
    }
}
