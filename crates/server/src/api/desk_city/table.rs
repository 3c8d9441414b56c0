//! `GET /api/v1/desk/city/{part}`

use super::shown::{code_name, names, version};
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadPath, ReadQuery, Staff};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::city::{Column, Content, Part};
use woodlark_domain::place::AreaLevel;
use woodlark_domain::policy::Action;
use woodlark_store::city::{self, City, PartVersion};
use woodlark_store::{Conn, Fault};
use woodlark_tables::{cells, columns};
use woodlark_wire::{ColumnChoices, PartAsked, PartTable};

/// A part as a table: the version that stands, or another.
#[utoipa::path(get, path = "/api/v1/desk/city/{part}", tag = "desk", params(("part" = Part, Path), PartAsked),
    responses((status = 200, body = PartTable)))]
pub async fn desk_city_part(
    State(app): State<App>,
    staff: Staff,
    ReadPath(part): ReadPath<Part>,
    ReadQuery(asked): ReadQuery<PartAsked>,
) -> ApiResult<impl IntoResponse> {
    staff.must(Action::EditCity)?;
    let data = app.city();
    let read = app.store.read(move |conn| {
        let Some((one, stands, content)) = version_of(conn, part, asked.number)? else { return Ok(None) };
        let names = names(conn, std::slice::from_ref(&one))?;
        Ok(Some(PartTable {
            version: version(&one, &names),
            stands,
            columns: columns(part).to_vec(),
            rows: cells(&content),
            choices: columns(part).iter().filter_map(|column| choices(part, *column, &data)).collect(),
        }))
    });
    let table = read.await?.ok_or_else(ApiError::not_found)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(table)))
}

/// A version of a part, whether it stands, and what it holds.
pub(super) fn version_of(
    conn: &mut Conn,
    part: Part,
    number: Option<u32>,
) -> Result<Option<(PartVersion, bool, Content)>, Fault> {
    let standing = city::parts(conn)?.into_iter().find(|one| one.part == part);
    let stood = standing.as_ref().map(|one| one.number);
    let found = match number.filter(|number| Some(*number) != stood) {
        None => standing,
        Some(number) => city::versions(conn, part)?.into_iter().find(|one| one.number == number),
    };
    let Some(one) = found else { return Ok(None) };
    let content = city::content(conn, part, one.number)?;
    Ok(content.map(|content| (one.clone(), Some(one.number) == stood, content)))
}

/// What a column's cells are chosen from, where that is data itself.
fn choices(part: Part, column: Column, city: &City) -> Option<ColumnChoices> {
    let data = city.data();
    let options = match (part, column) {
        (Part::Rules, Column::Category) => {
            data.categories.iter().map(|one| code_name(&one.code, &one.name)).collect()
        }
        (Part::Rules, Column::Department) => {
            data.departments.iter().map(|one| code_name(&one.code, &one.name)).collect()
        }
        // A grid of its own has no rule; who needs one imports it.
        (Part::Rules, Column::Area) => city
            .areas()
            .iter()
            .filter(|area| area.level <= AreaLevel::Community)
            .map(|area| code_name(&area.code, &area.name))
            .collect(),
        (Part::Gifts, Column::Station) => {
            data.entries.iter().map(|one| code_name(&one.code, &one.name)).collect()
        }
        _ => return None,
    };
    Some(ColumnChoices { column, options })
}
