//! The city as the app needs it.

mod alike;
mod areas;
mod categories;
mod read;

pub(crate) use alike::show_alike;
pub use alike::*;
pub use areas::*;
pub use categories::*;
pub use read::*;

use woodlark_domain::place::Area;
use woodlark_wire::{AreaShape, Label, Ring};

/// Data of the city may be kept by the browser and asked about again after so long, in seconds.
const CACHE: &str = "private, max-age=300";

fn named(name: &woodlark_domain::criterion::Name) -> Label {
    Label { zh: name.zh.clone(), en: name.en.clone() }
}

/// An area with its border, where both its border and a place for its name are known.
fn shape_of(area: &Area) -> Option<AreaShape> {
    Some(AreaShape {
        code: area.code.clone(),
        name: named(&area.name),
        at: area.label?,
        rings: rings_of(area),
    })
}

fn rings_of(area: &Area) -> Vec<Ring> {
    let polygons = area.shape.as_ref().map_or(&[][..], |shape| &shape.0);
    polygons
        .iter()
        .map(|polygon| polygon.outer.iter().map(|[lon, lat]| [short(*lon), short(*lat)]).collect())
        .collect()
}

/// Six decimals of a degree are a tenth of a metre; the rest is weight.
fn short(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
