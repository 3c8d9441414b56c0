//! `GET /api/v1/desk/figures.csv`

use super::read::read;
use crate::app::App;
use crate::edge::{ApiResult, ReadQuery, Reader, Staff};
use crate::messages::say;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use woodlark_wire::FiguresAsked;

/// The same as CSV (RFC 4180, UTF-8 with a mark that spreadsheets know it by), in the reader's language.
#[utoipa::path(get, path = "/api/v1/desk/figures.csv", tag = "desk", params(FiguresAsked),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn desk_figures_csv(
    State(app): State<App>,
    staff: Staff,
    reader: Reader,
    ReadQuery(asked): ReadQuery<FiguresAsked>,
) -> ApiResult<impl IntoResponse> {
    let view = read(&app, &staff, &asked).await?;
    let mut text = String::from("\u{feff}");
    text.push_str(&cell(say(reader.language, "figures", asked.by.code())));
    for measure in &view.measures {
        text.push(',');
        text.push_str(&cell(say(reader.language, "figures", measure.code())));
    }
    text.push_str("\r\n");
    for row in &view.rows {
        text.push_str(&cell(row.name.in_language(reader.language)));
        for count in &row.counts {
            text.push(',');
            text.push_str(&count.to_string());
        }
        text.push_str("\r\n");
    }
    let name = format!("attachment; filename=\"woodlark-figures-{}-{}.csv\"", asked.from, asked.to);
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        text,
    ))
}

/// A text as one cell. One that a spreadsheet would take for a formula is told apart by a quote.
pub(crate) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_text_breaks_its_cell_or_becomes_a_formula() {
        assert_eq!(cell("西渡\"街道\", 1"), "\"西渡\"\"街道\"\", 1\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
    }
}
