//! `GET /api/v1/desk/figures`

use crate::api::case::label;
use crate::app::App;
use crate::edge::{ApiError, ApiResult, ReadQuery, Staff};
use crate::messages::say;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_domain::clock::Day;
use woodlark_domain::figures::{Counts, Dimension, Measure};
use woodlark_domain::policy::Action;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode, Language};
use woodlark_store::city::City;
use woodlark_store::figures;
use woodlark_wire::{FiguresAsked, FiguresRow, FiguresView, Label};

/// Days that one may ask for at once: two years.
const MOST_DAYS: i32 = 731;

/// The figures of the cases that came in between two days, both included.
#[utoipa::path(get, path = "/api/v1/desk/figures", tag = "desk", params(FiguresAsked), responses((status = 200, body = FiguresView)))]
pub async fn desk_figures(
    State(app): State<App>,
    staff: Staff,
    ReadQuery(asked): ReadQuery<FiguresAsked>,
) -> ApiResult<impl IntoResponse> {
    let view = read(&app, &staff, &asked).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}

/// The figures, for whoever may read them.
pub(super) async fn read(app: &App, staff: &Staff, asked: &FiguresAsked) -> ApiResult<FiguresView> {
    staff.must(Action::ReadFigures)?;
    let (from, to) = period(&asked.from, &asked.to)?;
    let (by, city) = (asked.by, app.city());
    let found = app.store.read(move |conn| figures::figures(conn, by, from, to)).await?;
    let mut rows: Vec<FiguresRow> = found
        .into_iter()
        .map(|(key, Counts(counts))| FiguresRow { name: name(by, &key, &city), key, counts: counts.to_vec() })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts.first().copied()));
    Ok(FiguresView { measures: Measure::ALL.to_vec(), rows })
}

/// The first day, and the first after the last.
pub(super) fn period(from: &str, to: &str) -> ApiResult<(Day, Day)> {
    let from: Day = from.parse().map_err(|_| ApiError::field("from", "day"))?;
    let to = to.parse::<Day>().map_err(|_| ApiError::field("to", "day"))?.plus(1);
    if to <= from || to.count() - from.count() > MOST_DAYS {
        return Err(ApiError::field("to", "period"));
    }
    Ok((from, to))
}

fn area_label(code: &AreaCode, city: &City) -> Option<Label> {
    city.areas().get(code).map(|area| &area.name).or_else(|| city.former_area_name(code)).map(label)
}

/// What a key is called, or was before it went.
pub(super) fn name(by: Dimension, key: &str, city: &City) -> Label {
    let coded = |section: &str| Label {
        zh: say(Language::Zh, section, key).to_owned(),
        en: say(Language::En, section, key).to_owned(),
    };
    let known = match by {
        Dimension::Area => AreaCode::new(key).ok().and_then(|code| area_label(&code, city)),
        Dimension::Department => {
            DepartmentCode::new(key).ok().and_then(|code| city.department_name(&code).map(label))
        }
        Dimension::Category => {
            CategoryCode::new(key).ok().and_then(|code| city.category_name(&code, None).map(label))
        }
        Dimension::Door => Some(coded("door")),
        Dimension::Kind => Some(coded("kind")),
    };
    known.unwrap_or_else(|| Label {
        zh: say(Language::Zh, "figures", "none").to_owned(),
        en: say(Language::En, "figures", "none").to_owned(),
    })
}
