//! GCJ-02 and BD-09 to WGS-84 and back. Tencent and AMap speak GCJ-02; a mix-up moves a report by 265–621 m.
//!
//! The published offset has no closed inverse: it is iterated until it stands still, far below a centimetre.

use crate::{Datum, Fix, Position};
use core::f64::consts::PI;

/// Semi-major axis of the Krasovsky ellipsoid that GCJ-02 uses, in metres.
const AXIS: f64 = 6_378_245.0;
/// Its squared eccentricity.
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
/// BD-09's twist.
const TWIST: f64 = PI * 3_000.0 / 180.0;
/// More than enough: each turn leaves less than a thousandth of the error before it.
const TURNS: usize = 30;
/// Degrees, about a hundredth of a millimetre, below which an inverse stands still.
const STILL: f64 = 1e-10;

/// Where a source says something is, in WGS-84.
#[must_use]
pub fn to_wgs84(fix: &Fix) -> Position {
    match fix.datum {
        Datum::Wgs84 => fix.raw,
        Datum::Gcj02 => gcj02_to_wgs84(fix.raw),
        Datum::Bd09 => gcj02_to_wgs84(bd09_to_gcj02(fix.raw)),
    }
}

/// A WGS-84 position as another datum has it, for a map that speaks it.
#[must_use]
pub fn from_wgs84(position: Position, datum: Datum) -> Position {
    match datum {
        Datum::Wgs84 => position,
        Datum::Gcj02 => wgs84_to_gcj02(position),
        Datum::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(position)),
    }
}

/// Whether the offset is applied here: the box that all known implementations use for mainland China.
#[must_use]
pub fn in_china(position: Position) -> bool {
    (72.004..=137.8347).contains(&position.lon()) && (0.8293..=55.8271).contains(&position.lat())
}

/// WGS-84 to GCJ-02; outside China the same position.
#[must_use]
pub fn wgs84_to_gcj02(position: Position) -> Position {
    if !in_china(position) {
        return position;
    }
    let (east, north) = offset(position.lon(), position.lat());
    moved(position, position.lon() + east, position.lat() + north)
}

/// GCJ-02 to WGS-84, exact to far below a centimetre; outside China the same position.
#[must_use]
pub fn gcj02_to_wgs84(position: Position) -> Position {
    if !in_china(position) {
        return position;
    }
    let (lon, lat) = inverse(position, |lon, lat| {
        let (east, north) = offset(lon, lat);
        (lon + east, lat + north)
    });
    moved(position, lon, lat)
}

/// GCJ-02 to BD-09.
#[must_use]
pub fn gcj02_to_bd09(position: Position) -> Position {
    let (lon, lat) = twist(position.lon(), position.lat());
    moved(position, lon, lat)
}

/// BD-09 to GCJ-02, exact to far below a centimetre.
#[must_use]
pub fn bd09_to_gcj02(position: Position) -> Position {
    let (lon, lat) = inverse(position, twist);
    moved(position, lon, lat)
}

/// The position of these degrees; at the very edge of the earth, where there is none, the one before.
fn moved(before: Position, lon: f64, lat: f64) -> Position {
    Position::new(lon, lat).unwrap_or(before)
}

fn twist(lon: f64, lat: f64) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.000_02 * (lat * TWIST).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * TWIST).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

/// The point that `forward` takes to `position`: corrected by what is still missing until that is nothing.
fn inverse(position: Position, forward: impl Fn(f64, f64) -> (f64, f64)) -> (f64, f64) {
    let (mut lon, mut lat) = (position.lon(), position.lat());
    for _ in 0..TURNS {
        let (there_lon, there_lat) = forward(lon, lat);
        let (east, north) = (position.lon() - there_lon, position.lat() - there_lat);
        lon += east;
        lat += north;
        if east.abs() < STILL && north.abs() < STILL {
            break;
        }
    }
    (lon, lat)
}

/// The offset of GCJ-02 in degrees east and north.
fn offset(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |size: f64, turns: f64| size * (turns * PI).sin();
    let common = (wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (wave(20.0, y) + wave(40.0, y / 3.0)) * 2.0 / 3.0
        + (wave(160.0, y / 12.0) + wave(320.0, y / 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (wave(20.0, x) + wave(40.0, x / 3.0)) * 2.0 / 3.0
        + (wave(150.0, x / 12.0) + wave(300.0, x / 30.0)) * 2.0 / 3.0;
    let radians = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY * radians.sin() * radians.sin();
    let root = magic.sqrt();
    let along = AXIS / root * radians.cos() * PI / 180.0;
    let up = AXIS * (1.0 - ECCENTRICITY) / (magic * root) * PI / 180.0;
    (east / along, north / up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixSource;
    use crate::place::metres;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::new(lon, lat).unwrap()
    }

    fn close(a: Position, lon: f64, lat: f64, degrees: f64) -> bool {
        (a.lon() - lon).abs() < degrees && (a.lat() - lat).abs() < degrees
    }

    #[test]
    fn the_published_vectors_hold() {
        let here = at(116.404, 39.915);
        assert!(close(wgs84_to_gcj02(here), 116.410_244_499_169_38, 39.916_404_281_501_64, 1e-11));
        assert!(close(gcj02_to_bd09(here), 116.410_369_493_710_29, 39.921_336_993_510_21, 1e-11));
        // The published inverse is the simple one, off by up to two metres; ours must agree to that and no further.
        let back = gcj02_to_wgs84(here);
        assert!(close(back, 116.397_755_500_830_61, 39.913_595_718_498_36, 3e-5));
        assert!(metres(wgs84_to_gcj02(back), here) < 0.001);
    }

    #[test]
    fn a_fix_is_read_in_its_own_datum() {
        let here = at(121.458, 30.912);
        for datum in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
            let fix = Fix { raw: from_wgs84(here, datum), datum, source: FixSource::Map, accuracy_m: None };
            assert!(metres(to_wgs84(&fix), here) < 0.01, "{datum:?}");
        }
        let mixed_up = metres(wgs84_to_gcj02(here), here);
        assert!((265.0..621.0).contains(&mixed_up), "{mixed_up} m");
    }

    #[test]
    fn outside_china_nothing_moves() {
        for place in [at(2.35, 48.85), at(-122.4, 37.8), at(151.2, -33.9)] {
            assert_eq!(wgs84_to_gcj02(place), place);
            assert_eq!(gcj02_to_wgs84(place), place);
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_exact_to_a_centimetre(lon in 73.7f64..135.0, lat in 3.9f64..53.5) {
            let here = at(lon, lat);
            prop_assert!(metres(gcj02_to_wgs84(wgs84_to_gcj02(here)), here) < 0.01);
            prop_assert!(metres(bd09_to_gcj02(gcj02_to_bd09(here)), here) < 0.01);
        }
    }
}
