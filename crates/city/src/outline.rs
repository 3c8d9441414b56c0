//! The district's outline: published in GCJ-02, turned into WGS-84 here. The source file is kept as it came.

use crate::data::DataError;
use crate::plane::{Point, flat, signed_area};
use serde_json::Value;
use woodlark_domain::Position;
use woodlark_domain::place::{Ring, Shape, gcj02_to_wgs84};

const FILE: &str = "places/fengxian-boundary.gcj02.geojson";
const TEXT: &str = include_str!("../data/places/fengxian-boundary.gcj02.geojson");

/// The outline, on the earth and laid flat; it runs against the clock and doesn't repeat its first point.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub(crate) degrees: Ring,
    pub(crate) flat: Vec<Point>,
}

impl Outline {
    pub(crate) fn shape(&self) -> Shape {
        Shape::simple(self.degrees.clone())
    }
}

/// Reads the largest ring of the source and turns each of its points into WGS-84.
pub(crate) fn outline() -> Result<Outline, DataError> {
    let wrong = |what: &str| DataError::row(FILE, what);
    let source: Value = serde_json::from_str(TEXT).map_err(|error| wrong(&error.to_string()))?;
    let polygons = source.pointer("/features/0/geometry/coordinates").and_then(Value::as_array);
    let rings =
        polygons.ok_or_else(|| wrong("coordinates"))?.iter().filter_map(|polygon| polygon.get(0)?.as_array());
    let ring = rings.max_by_key(|ring| ring.len()).ok_or_else(|| wrong("no ring"))?;
    let mut degrees: Ring = ring.iter().filter_map(wgs84).collect();
    if degrees.len() != ring.len() || degrees.len() < 4 {
        return Err(wrong("a point that is none"));
    }
    if degrees.first() == degrees.last() {
        degrees.pop();
    }
    let mut flat: Vec<Point> = degrees.iter().map(|[lon, lat]| flat(*lon, *lat)).collect();
    if signed_area(&flat) < 0.0 {
        degrees.reverse();
        flat.reverse();
    }
    Ok(Outline { degrees, flat })
}

fn wgs84(point: &Value) -> Option<[f64; 2]> {
    let gcj = Position::new(point.get(0)?.as_f64()?, point.get(1)?.as_f64()?).ok()?;
    let position = gcj02_to_wgs84(gcj);
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Some([round(position.lon()), round(position.lat())])
}
