//! `GET /api/v1/desk/directory`

use crate::api::case::label;
use crate::app::App;
use crate::edge::{ApiResult, Staff};
use axum::Json;
use axum::extract::State;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::policy::Action;
use woodlark_wire::{AreaName, DepartmentName, DeskDirectory, TemplateView};

/// What the desk's forms choose from: departments and areas by name, and templates.
#[utoipa::path(get, path = "/api/v1/desk/directory", tag = "desk", responses((status = 200, body = DeskDirectory)))]
pub async fn directory(State(app): State<App>, staff: Staff) -> ApiResult<Json<DeskDirectory>> {
    staff.must(Action::ReadCity)?;
    let city = app.city();
    let areas = city.areas().iter().filter(|area| !matches!(area.level, AreaLevel::City | AreaLevel::County));
    Ok(Json(DeskDirectory {
        departments: city
            .data()
            .departments
            .iter()
            .map(|department| DepartmentName { code: department.code.clone(), name: label(&department.name) })
            .collect(),
        areas: areas
            .map(|area| AreaName {
                code: area.code.clone(),
                name: label(&area.name),
                level: area.level,
                parent: area.parent.clone(),
            })
            .collect(),
        templates: city
            .data()
            .templates
            .iter()
            .map(|one| TemplateView {
                code: one.code.clone(),
                purpose: one.purpose,
                words: label(&one.words),
            })
            .collect(),
    }))
}
