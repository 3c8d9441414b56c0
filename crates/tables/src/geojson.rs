//! Areas as GeoJSON: a feature an area, with its code, names, level and parent. Read in the datum that is stated, kept and
//! written as WGS-84.

use crate::fault::Fault;
use crate::parts::{label_of, level_faults};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use woodlark_domain::city::{Column, FaultCode};
use woodlark_domain::criterion::Name;
use woodlark_domain::limits::{CITY_ROWS, NAME_CHARS};
use woodlark_domain::place::{Area, AreaLevel, Polygon, Ring, Shape, from_wgs84, to_wgs84};
use woodlark_domain::{AreaCode, Datum, Fix, FixSource, Position};

/// Reads areas. A fault's line is the number of the feature, counted from 1.
///
/// # Errors
/// Every [`Fault`] of it.
pub fn read_geojson(text: &str, datum: Datum) -> Result<Vec<Area>, Vec<Fault>> {
    let unreadable = |value: &str| vec![Fault::of_all(FaultCode::Unreadable, value, 0)];
    let whole: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        vec![Fault::at(u32::try_from(error.line()).unwrap_or(0), None, FaultCode::Unreadable, "")]
    })?;
    let features = whole.get("features").and_then(Value::as_array).ok_or_else(|| unreadable("features"))?;
    if features.is_empty() {
        return Err(vec![Fault::of_all(FaultCode::Empty, "", 0)]);
    }
    if features.len() > CITY_ROWS {
        return Err(vec![Fault::of_all(FaultCode::TooMany, &features.len().to_string(), CITY_ROWS as u64)]);
    }
    let (mut faults, mut areas, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    let mut stood: HashMap<AreaCode, u32> = HashMap::new();
    for (number, feature) in (1..).zip(features) {
        let mut reading = Reading { number, feature, datum, faults: &mut faults };
        let Some(area) = reading.area() else { continue };
        if let Some(first) = stood.insert(area.code.clone(), number) {
            let fault = Fault::at(number, Some(Column::Code), FaultCode::Twice, area.code.as_str());
            faults.push(Fault { count: u64::from(first), ..fault });
        }
        areas.push(area);
        numbers.push(number);
    }
    if faults.is_empty() {
        level_faults(&areas, &numbers, &mut faults);
    }
    areas.sort_by(|one, other| one.code.cmp(&other.code));
    if faults.is_empty() { Ok(areas) } else { Err(faults) }
}

/// One feature on its way to an area.
struct Reading<'a> {
    number: u32,
    feature: &'a Value,
    datum: Datum,
    faults: &'a mut Vec<Fault>,
}

impl Reading<'_> {
    fn fail<T>(&mut self, column: Column, code: FaultCode, value: &str) -> Option<T> {
        self.faults.push(Fault::at(self.number, Some(column), code, value));
        None
    }

    /// A property as text; a number is one too.
    fn text(&self, column: Column) -> String {
        match self.feature.get("properties").and_then(|all| all.get(column.code())) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
        }
    }

    fn name(&mut self, column: Column) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            return self.fail(column, FaultCode::CellMissing, "");
        }
        let good = text.chars().count() <= NAME_CHARS && !text.chars().any(char::is_control);
        if good { Some(text) } else { self.fail(column, FaultCode::Text, &text) }
    }

    fn area(&mut self) -> Option<Area> {
        let (code, parent, level) =
            (self.text(Column::Code), self.text(Column::Parent), self.text(Column::Level));
        let (zh, en) = (self.name(Column::NameZh), self.name(Column::NameEn));
        let read = AreaCode::new(code.as_str()).ok();
        let read = read.or_else(|| self.fail(Column::Code, FaultCode::Code, &code));
        let level =
            AreaLevel::from_code(&level).or_else(|| self.fail(Column::Level, FaultCode::Choice, &level));
        let parent = if parent.is_empty() {
            Some(None)
        } else {
            let read = AreaCode::new(parent.as_str()).ok().map(Some);
            read.or_else(|| self.fail(Column::Parent, FaultCode::Code, &parent))
        };
        let shape = self.shape();
        let label = self.feature.get("properties").and_then(|all| all.get("label"));
        let label = label.and_then(|at| self.position(at));
        let shape = shape?;
        let label = label.or_else(|| label_of(shape.as_ref()?));
        Some(Area {
            code: read?,
            level: level?,
            name: Name { zh: zh?, en: en? },
            parent: parent?,
            shape,
            label,
        })
    }

    fn position(&self, value: &Value) -> Option<Position> {
        let [lon, lat, ..] = value.as_array()?.as_slice() else { return None };
        let raw = Position::new(lon.as_f64()?, lat.as_f64()?).ok()?;
        Some(to_wgs84(&Fix { raw, datum: self.datum, source: FixSource::Other, accuracy_m: None }))
    }

    /// The outline; an inner none where the feature has no geometry.
    fn shape(&mut self) -> Option<Option<Shape>> {
        let geometry = match self.feature.get("geometry") {
            None | Some(Value::Null) => return Some(None),
            Some(geometry) => geometry,
        };
        let (kind, corners) = (geometry.get("type").and_then(Value::as_str), geometry.get("coordinates"));
        let polygons: Option<Vec<Polygon>> = match (kind, corners.and_then(Value::as_array)) {
            (Some("Polygon"), Some(rings)) => self.polygon(rings).map(|one| vec![one]),
            (Some("MultiPolygon"), Some(all)) => {
                all.iter().map(|one| one.as_array().and_then(|rings| self.polygon(rings))).collect()
            }
            _ => None,
        };
        let shape = polygons.map(Shape).filter(|shape| shape.square_degrees() > 0.0);
        match shape {
            Some(shape) => Some(Some(shape)),
            None => self.fail(Column::Outline, FaultCode::Shape, kind.unwrap_or_default()),
        }
    }

    fn polygon(&self, rings: &[Value]) -> Option<Polygon> {
        let mut rings = rings.iter().map(|ring| self.ring(ring));
        let outer = rings.next()??;
        Some(Polygon { outer, holes: rings.collect::<Option<_>>()? })
    }

    fn ring(&self, ring: &Value) -> Option<Ring> {
        let corner = |value: &Value| self.position(value).map(|at| [at.lon(), at.lat()]);
        let ring: Ring = ring.as_array()?.iter().map(corner).collect::<Option<_>>()?;
        // Three corners, and the first once more.
        (ring.len() >= 4 || (ring.len() == 3 && ring.first() != ring.last())).then_some(ring)
    }
}

/// Areas as GeoJSON in a datum.
#[must_use]
pub fn write_geojson(areas: &[Area], datum: Datum) -> String {
    let features: Vec<Value> = areas.iter().map(|area| feature(area, datum)).collect();
    // A feature a line: a person can find one, and a change of one is a change of one line.
    let lines: Vec<String> = features.iter().map(ToString::to_string).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"datum\":\"{}\",\"features\":[\n{}\n]}}\n",
        datum.code(),
        lines.join(",\n")
    )
}

fn feature(area: &Area, datum: Datum) -> Value {
    let moved = |[lon, lat]: [f64; 2]| match Position::new(lon, lat) {
        Ok(at) => {
            let at = from_wgs84(at, datum);
            json!([at.lon(), at.lat()])
        }
        Err(_) => json!([lon, lat]),
    };
    let ring = |ring: &Ring| Value::Array(ring.iter().map(|corner| moved(*corner)).collect());
    let polygon = |polygon: &Polygon| {
        Value::Array(std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect())
    };
    let geometry = match area.shape.as_ref().map(|shape| shape.0.as_slice()) {
        None => Value::Null,
        Some([one]) => json!({ "type": "Polygon", "coordinates": polygon(one) }),
        Some(all) => {
            let all: Vec<Value> = all.iter().map(polygon).collect();
            json!({ "type": "MultiPolygon", "coordinates": all })
        }
    };
    let mut properties = Map::new();
    properties.insert("code".to_owned(), json!(area.code.as_str()));
    properties.insert("name_zh".to_owned(), json!(area.name.zh));
    properties.insert("name_en".to_owned(), json!(area.name.en));
    properties.insert("level".to_owned(), json!(area.level.code()));
    if let Some(parent) = &area.parent {
        properties.insert("parent".to_owned(), json!(parent.as_str()));
    }
    if let Some(label) = area.label {
        properties.insert("label".to_owned(), moved([label.lon(), label.lat()]));
    }
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}
