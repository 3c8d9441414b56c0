//! Cells: whole numbers that stand for small pieces of ground, so that a database finds neighbours by an index.
//!
//! Rows of latitude are 0.002° (222 m) high; each row is cut into as many columns as leave a cell about as wide.
//! All that lies within 50 m of a point is therefore in at most nine cells, and [`cells_around`] names them.

use super::distance::EARTH;
use crate::Position;

/// Rows from pole to pole: 180° in steps of 0.002°.
const ROWS: i64 = 90_000;
/// The greatest radius, in metres, that [`cells_around`] answers for; a larger one is held at it.
pub const CELLS_AROUND_METRES: f64 = 5_000.0;
/// A thousandth more than asked for, against rounding.
const MARGIN: f64 = 1.001;

/// The cell of a position: its row, times 2³², plus its column.
#[must_use]
pub fn cell(position: Position) -> i64 {
    let row = row(position.lat());
    key(row, column(row, position.lon()))
}

/// Every cell that may hold a point within so many metres, in order, each once.
#[must_use]
pub fn cells_around(position: Position, metres: f64) -> Vec<i64> {
    let metres = metres.clamp(0.0, CELLS_AROUND_METRES) * MARGIN;
    let up = (metres / EARTH).to_degrees();
    let (south, north) = (position.lat() - up, position.lat() + up);
    // The widest degrees east: at the latitude nearest to a pole. Past the pole it is all the way round.
    let shrink = south.abs().max(north.abs()).to_radians().cos();
    let wide = if south <= -90.0 || north >= 90.0 { 180.0 } else { (up / shrink).min(180.0) };
    let mut cells = Vec::new();
    for row in row(south)..=row(north) {
        let columns = columns(row);
        let west = raw_column(row, position.lon() - wide);
        let east = raw_column(row, position.lon() + wide).min(west + columns - 1);
        cells.extend((west..=east).map(|column| key(row, column.rem_euclid(columns))));
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The same as runs of cells, each with its first and its last: one for each row, so that a database walks its index once for
/// each. A row that the date line cuts has two.
#[must_use]
pub fn cell_runs(position: Position, metres: f64) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for cell in cells_around(position, metres) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == cell => *last = cell,
            _ => runs.push((cell, cell)),
        }
    }
    runs
}

/// West, south, east and north of all that lies within so many metres, with a little to spare. Where that reaches round
/// a pole or the date line, it is all the way round.
#[must_use]
pub fn box_around(position: Position, metres: f64) -> [f64; 4] {
    let up = (metres.clamp(0.0, CELLS_AROUND_METRES) * MARGIN / EARTH).to_degrees();
    let (south, north) = (position.lat() - up, position.lat() + up);
    let wide = up / south.abs().max(north.abs()).to_radians().cos();
    let (west, east) = (position.lon() - wide, position.lon() + wide);
    let round = south <= -90.0 || north >= 90.0 || west < -180.0 || east > 180.0;
    if round { [-180.0, south, 180.0, north] } else { [west, south, east, north] }
}

const fn key(row: i64, column: i64) -> i64 {
    row << 32 | column
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the rows there are")]
fn row(lat: f64) -> i64 {
    (((lat + 90.0) * 500.0).floor() as i64).clamp(0, ROWS - 1)
}

/// How many columns a row has: by the latitude of its edge nearest to a pole, so that none is narrower than it is high.
#[expect(clippy::cast_possible_truncation, reason = "at most 180,000")]
#[expect(clippy::cast_precision_loss, reason = "at most 90,000")]
fn columns(row: i64) -> i64 {
    let lower = row as f64 / 500.0 - 90.0;
    let edge = lower.abs().max((lower + 0.002).abs());
    ((180_000.0 * edge.to_radians().cos()).floor() as i64).max(1)
}

/// The column, not yet taken round the earth.
#[expect(clippy::cast_possible_truncation, reason = "longitudes within two turns of the earth")]
#[expect(clippy::cast_precision_loss, reason = "at most 180,000 columns")]
fn raw_column(row: i64, lon: f64) -> i64 {
    ((lon + 180.0) / 360.0 * columns(row) as f64).floor() as i64
}

fn column(row: i64, lon: f64) -> i64 {
    raw_column(row, lon).rem_euclid(columns(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::ALIKE_METRES;
    use crate::place::metres;
    use proptest::prelude::*;

    fn near(lon: f64, lat: f64, bearing: f64, distance: f64) -> Option<Position> {
        let up = (distance * bearing.cos() / EARTH).to_degrees();
        let wide = (distance * bearing.sin() / EARTH / lat.to_radians().cos()).to_degrees();
        let lon = lon + wide;
        let round = if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        };
        Position::new(round, lat + up).ok()
    }

    #[test]
    fn runs_hold_just_the_cells_around() {
        for (lon, lat, metres) in
            [(121.47, 30.92, 50.0), (121.47, 30.92, 5_000.0), (179.9999, 10.0, 900.0), (0.0, 89.999, 500.0)]
        {
            let at = Position::new(lon, lat).unwrap();
            let cells: Vec<i64> =
                cell_runs(at, metres).into_iter().flat_map(|(from, to)| from..=to).collect();
            assert_eq!(cells, cells_around(at, metres), "{lon} {lat} {metres}");
        }
        let here = Position::new(121.47, 30.92).unwrap();
        assert!(cell_runs(here, 5_000.0).len() <= 47, "a walk for each row of latitude");
    }

    proptest! {
        #[test]
        fn what_is_near_is_in_the_box(
            lon in -180.0..180.0_f64, lat in -89.9..89.9_f64, bearing in 0.0..core::f64::consts::TAU, far in 0.0..50.0_f64,
        ) {
            let here = Position::new(lon, lat).unwrap();
            let Some(there) = near(lon, lat, bearing, far) else { return Ok(()) };
            prop_assume!(metres(here, there) <= ALIKE_METRES);
            let [west, south, east, north] = box_around(here, ALIKE_METRES);
            prop_assert!((west..=east).contains(&there.lon()) && (south..=north).contains(&there.lat()));
        }

        #[test]
        fn the_box_is_no_wider_than_it_must_be(lon in -179.0..179.0_f64, lat in -60.0..60.0_f64) {
            let here = Position::new(lon, lat).unwrap();
            let [west, south, east, north] = box_around(here, ALIKE_METRES);
            let at = |lon, lat| Position::new(lon, lat).unwrap();
            prop_assert!(metres(at(west, lat), at(east, lat)) < 101.0);
            prop_assert!(metres(at(lon, south), at(lon, north)) < 101.0);
        }
    }

    #[test]
    fn the_two_sides_of_the_date_line_are_neighbours() {
        let (east, west) = (Position::new(179.9999, 10.0).unwrap(), Position::new(-179.9999, 10.0).unwrap());
        assert!(metres(east, west) < 50.0);
        assert!(cells_around(east, 50.0).contains(&cell(west)));
        assert!(cells_around(west, 50.0).contains(&cell(east)));
    }

    #[test]
    fn at_the_pole_all_of_a_row_is_near() {
        let pole = Position::new(0.0, 90.0).unwrap();
        assert!(cells_around(pole, 50.0).contains(&cell(Position::new(137.0, 89.9999).unwrap())));
    }

    #[test]
    fn two_kilometres_are_a_few_hundred_cells() {
        let here = Position::new(121.458, 30.912).unwrap();
        assert!((300..600).contains(&cells_around(here, 2_000.0).len()));
        assert_eq!(cells_around(here, f64::INFINITY), cells_around(here, CELLS_AROUND_METRES));
    }

    proptest! {
        #[test]
        fn whatever_lies_within_the_radius_is_in_the_cells(
            lon in -180.0f64..180.0, lat in -89.5f64..89.5, bearing in 0.0f64..6.3, share in 0.0f64..1.0, far in 1.0f64..3000.0,
        ) {
            let here = Position::new(lon, lat).unwrap();
            if let Some(there) = near(lon, lat, bearing, share * far) && metres(here, there) <= far {
                prop_assert!(cells_around(here, far).contains(&cell(there)));
            }
        }

        #[test]
        fn alike_cases_lie_in_at_most_nine_cells_of_a_few_hundred_metres(lon in 70.0f64..140.0, lat in 3.0f64..54.0) {
            let here = Position::new(lon, lat).unwrap();
            let cells = cells_around(here, ALIKE_METRES);
            prop_assert!(cells.len() <= 9 && cells.contains(&cell(here)), "{}", cells.len());
            let wide = 360.0 / columns(row(lat)) as f64;
            let metres_wide = metres(Position::new(0.0, lat).unwrap(), Position::new(wide, lat).unwrap());
            prop_assert!((200.0..300.0).contains(&metres_wide), "{metres_wide}");
        }
    }
}
