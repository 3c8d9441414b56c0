//! Place: data between datums, distance, shapes, areas, and the cells that neighbours are looked up by.

mod area;
mod cell;
mod datum;
mod distance;
mod shape;

pub use area::{Area, AreaLevel, AreaTree};
pub use cell::{CELLS_AROUND_METRES, box_around, cell, cell_runs, cells_around};
pub use datum::{
    bd09_to_gcj02, from_wgs84, gcj02_to_bd09, gcj02_to_wgs84, in_china, to_wgs84, wgs84_to_gcj02,
};
pub use distance::metres;
pub use shape::{Bounds, Polygon, Ring, Shape};
