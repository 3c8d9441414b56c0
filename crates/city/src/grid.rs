//! The areas of the city: the district, its towns, communities and grids, each with a name and a shape.

use crate::data::NameRow;
use crate::dissolve::Mesh;
use crate::outline::Outline;
use crate::plane::{Point, position};
use crate::seeds::Seed;
use crate::voronoi::cells;
use std::collections::BTreeMap;
use woodlark_domain::AreaCode;
use woodlark_domain::criterion::Name;
use woodlark_domain::place::{Area, AreaLevel};

/// The areas, and what the map is drawn from.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) areas: Vec<Area>,
    pub(crate) mesh: Mesh,
    /// The rings round each town.
    pub(crate) towns: Vec<(AreaCode, Name, Vec<Vec<usize>>)>,
    /// The rings round all.
    pub(crate) whole: Vec<Vec<usize>>,
}

/// Cuts the outline into a grid for each seed, and puts communities and towns together from them.
pub(crate) fn cut(outline: &Outline, names: &[NameRow], seeds: &[Seed]) -> Cut {
    let points: Vec<Point> = seeds.iter().map(|seed| seed.at).collect();
    let mesh = Mesh::new(&cells(outline, &points));
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, seed) in seeds.iter().enumerate() {
        members.entry(seed.community.as_str()).or_default().push(index);
    }
    let within = |code: &AreaCode| -> Vec<usize> {
        members
            .iter()
            .filter(|(key, _)| key.starts_with(code.as_str()))
            .flat_map(|(_, own)| own)
            .copied()
            .collect()
    };
    let mut areas = Vec::new();
    let mut towns = Vec::new();
    for row in names {
        let own = within(&row.code);
        let rings = mesh.around(&own);
        let shape = if row.level == AreaLevel::County { outline.shape() } else { mesh.shape(&rings) };
        areas.push(Area {
            code: row.code.clone(),
            level: row.level,
            name: row.name.clone(),
            parent: (row.level != AreaLevel::County).then(|| row.parent.clone()),
            shape: Some(shape),
            label: label(&own, &points),
        });
        if row.level == AreaLevel::Town {
            towns.push((row.code.clone(), row.name.clone(), rings));
        }
        if row.level == AreaLevel::Community {
            areas.extend(
                own.iter()
                    .enumerate()
                    .filter_map(|(number, cell)| grid(row, number + 1, *cell, &mesh, &points)),
            );
        }
    }
    let everything: Vec<usize> = (0..seeds.len()).collect();
    let whole = mesh.around(&everything);
    Cut { areas, mesh, towns, whole }
}

fn grid(row: &NameRow, number: usize, cell: usize, mesh: &Mesh, points: &[Point]) -> Option<Area> {
    let zh = row.name.zh.trim_end_matches("村委会").trim_end_matches("居委会");
    Some(Area {
        code: AreaCode::new(format!("{}{number:02}", row.code)).ok()?,
        level: AreaLevel::Grid,
        name: Name::new(format!("{zh}第{number}网格"), format!("{}, grid {number}", row.name.en)),
        parent: Some(row.code.clone()),
        // Where a cell meets a bend of the outline, its ring runs out and back along a line: that falls away too.
        shape: Some(mesh.shape(&mesh.around(&[cell]))),
        label: points.get(cell).copied().and_then(position),
    })
}

/// A point to write a name at: of its grids' points the one nearest to the middle of them, so it lies within.
#[expect(clippy::cast_precision_loss, reason = "a thousand")]
fn label(own: &[usize], points: &[Point]) -> Option<woodlark_domain::Position> {
    let own: Vec<Point> = own.iter().filter_map(|cell| points.get(*cell).copied()).collect();
    let count = own.len().max(1) as f64;
    let [x, y] = own.iter().fold([0.0, 0.0], |[x, y], [px, py]| [x + px / count, y + py / count]);
    let far = |point: &&Point| crate::plane::square_distance(**point, [x, y]);
    own.iter().min_by(|a, b| far(a).total_cmp(&far(b))).copied().and_then(position)
}
