//! The demonstration city as data, and the maker of realistic past cases.
//!
//! Fengxian's names, codes and outline are facts; the borders of its towns, communities and grids are invented here
//! (see the README), because no public source gives them. All of it is made from small files when it is asked for.

mod data;
mod dissolve;
mod grid;
mod history;
mod map;
mod outline;
mod plane;
mod random;
mod seeds;
mod staff;
mod voronoi;
mod words;

pub use data::{DataError, Department, Entry, Photo, Street, photo_bytes, photos};
pub use history::{History, PastCase, history};
pub use staff::{StaffMember, resident};

use woodlark_domain::city::{Gift, Template};
use woodlark_domain::clock::Calendar;
use woodlark_domain::criterion::{Category, Criterion, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, Shape};
use woodlark_domain::{AreaCode, Position};

/// A city, whole: what an administrator would otherwise have to enter.
#[derive(Debug, Clone)]
pub struct City {
    /// The district's six digits.
    pub code: AreaCode,
    /// What people call it.
    pub name: Name,
    /// The letters that its case numbers begin with.
    pub letters: &'static str,
    /// The middle of it, for a map that opens.
    pub centre: Position,
    /// Its outline in WGS-84.
    pub outline: Shape,
    /// The district, its towns, communities and grids, each after the one it lies in.
    pub areas: Vec<Area>,
    /// Who handles what.
    pub departments: Vec<Department>,
    /// The tree of categories of all three kinds.
    pub categories: Vec<Category>,
    /// A criterion for each category, version 1.
    pub criteria: Vec<Criterion>,
    /// The dispatch rules, in order.
    pub rules: Vec<Rule>,
    /// When people work.
    pub calendar: Calendar,
    /// Official accounts, kiosks and posters.
    pub entries: Vec<Entry>,
    /// Gifts for points. Invented.
    pub gifts: Vec<Gift>,
    /// Words that staff choose from. Invented.
    pub templates: Vec<Template>,
    /// The people of the centre and of the departments. Invented.
    pub staff: Vec<StaffMember>,
    /// Streets and landmarks of each town, for words that describe a place.
    pub streets: Vec<Street>,
    /// The outline and the towns, simplified, as GeoJSON for the app's map; about 10 KB.
    pub map: String,
}

/// The demonstration city.
#[must_use]
#[expect(clippy::expect_used, reason = "the data is part of the program, and a test reads every row of it")]
pub fn demo() -> City {
    try_demo().expect("the city's own data can be read")
}

/// The demonstration city, or what is wrong with its data.
///
/// # Errors
/// [`DataError`] names the file and the row.
pub fn try_demo() -> Result<City, DataError> {
    let code = AreaCode::new("310120").map_err(|_| DataError::row("places/fengxian.csv", "310120"))?;
    let outline = outline::outline()?;
    let names = data::names()?;
    let seeds = seeds::seeds(&outline, &names)?;
    let cut = grid::cut(&outline, &names, &seeds);
    let departments = data::departments()?;
    let centre = Position::new(121.4537, 30.9144).map_err(|_| DataError::row("lib.rs", "centre"))?;
    Ok(City {
        name: Name::new("奉贤区", "Fengxian District"),
        letters: "FX",
        centre,
        outline: outline.shape(),
        map: map::geojson(&cut),
        areas: cut.areas,
        categories: data::categories()?,
        criteria: data::criteria()?,
        rules: data::rules()?,
        calendar: data::calendar()?,
        entries: data::entries()?,
        gifts: data::gifts()?,
        templates: data::templates()?,
        staff: staff::staff(&departments, &names),
        streets: data::streets()?,
        departments,
        code,
    })
}
