//! The figures of a period: a bar and a number each, its definition beside it, and the cases behind it one tap away.

use super::work;
use crate::app::use_desk;
use crate::messages::{d, name};
use crate::widget::{field, input, select};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Timestamp;
use woodlark_domain::figures::{Dimension, Measure};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span, svg};
use woodlark_ui::parts::{icon, more};
use woodlark_ui::{api, sheet, t, when};
use woodlark_wire::{DeskRow, FiguresRow, FiguresView, Page, path};

/// Days that stand there at first.
const DAYS: i64 = 30;

/// A number, or how many of a hundred, or an average.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// A sum.
    Sum(Measure),
    /// The first of the second, in per cent.
    Rate(Measure, Measure),
    /// Hours on average from coming in to closing.
    Hours,
}

const COLUMNS: [Column; 12] = [
    Column::Sum(Measure::Reported),
    Column::Rate(Measure::Filed, Measure::Reported),
    Column::Sum(Measure::Closed),
    Column::Rate(Measure::Closed, Measure::Filed),
    Column::Rate(Measure::OnTime, Measure::Closed),
    Column::Rate(Measure::SameDay, Measure::Closed),
    Column::Hours,
    Column::Rate(Measure::Satisfied, Measure::Ratings),
    Column::Sum(Measure::Returns),
    Column::Sum(Measure::Reworks),
    Column::Sum(Measure::Contested),
    Column::Sum(Measure::Forced),
];

/// What was asked for.
#[derive(Clone, Copy)]
struct Asked {
    by: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Asked {
    fn query(self) -> String {
        ["?by=", &self.by.get(), "&from=", &self.from.get(), "&to=", &self.to.get()].concat()
    }
}

/// The page.
#[must_use]
pub fn page() -> El {
    let now = when::now();
    let asked = Asked {
        by: RwSignal::new(Dimension::Area.code().to_owned()),
        from: RwSignal::new(when::day(now.plus(-DAYS * Timestamp::DAY).0)),
        to: RwSignal::new(when::day(now.0)),
    };
    let view = RwSignal::new(None::<FiguresView>);
    let said = RwSignal::new(String::new());
    effect(Box::new(move || {
        let query = asked.query();
        spawn_local(async move {
            match api::get::<FiguresView>(&[path::FIGURES, &query].concat()).await {
                Ok(found) => {
                    let _ = said.try_set(String::new());
                    let _ = view.try_set(Some(found));
                }
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
        });
    }));
    let by =
        || Dimension::ALL.iter().map(|one| (one.code().to_owned(), dimension(*one).to_owned())).collect();
    let csv = el("a", "btn small ghost")
        .flag("download", true)
        .test("csv")
        .bind("href", move || Some([path::FIGURES_CSV, &asked.query()].concat()));
    let controls = el("div", "fields")
        .child(field("figures-by", d().figures_by, select(by, asked.by).test("by")))
        .child(field("figures-from", d().figures_from, input("date", asked.from)))
        .child(field("figures-to", d().figures_to, input("date", asked.to)))
        .child(csv.text("CSV"))
        .child(super::board::way());
    let body = move || {
        let said = said.get();
        if !said.is_empty() {
            return Some(
                el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &said)),
            );
        }
        Some(view.with(|view| match view {
            None => el("p", "soft empty").text(t().app_loading),
            Some(view) if view.rows.is_empty() => el("p", "soft empty").text(d().figures_none),
            Some(view) => el("div", "stack").child(totals(view)).child(table(view, asked)),
        }))
    };
    el("div", "desk-page wide stack")
        .child(el("h1", "").text(d().figures_title))
        .child(controls)
        .dynamic(body)
        .child(definitions())
}

fn dimension(by: Dimension) -> &'static str {
    match by {
        Dimension::Area => d().filter_area,
        Dimension::Department => d().case_department,
        Dimension::Category => d().filter_category,
        Dimension::Door => d().case_door,
        Dimension::Kind => t().kind_label,
    }
}

/// The name of a column, and what it counts.
pub(super) fn named(column: Column) -> (&'static str, &'static str) {
    let d = d();
    match column {
        Column::Sum(Measure::Reported) => (d.figures_reported, d.figures_reported_is),
        Column::Rate(Measure::Filed, _) => (d.figures_filed, d.figures_filed_is),
        Column::Sum(Measure::Closed) => (d.figures_closed, d.figures_closed_is),
        Column::Rate(Measure::Closed, _) => (d.figures_closing, d.figures_closing_is),
        Column::Rate(Measure::OnTime, _) => (d.figures_on_time, d.figures_on_time_is),
        Column::Rate(Measure::SameDay, _) => (d.figures_same_day, d.figures_same_day_is),
        Column::Hours => (d.figures_hours, d.figures_hours_is),
        Column::Rate(Measure::Satisfied, _) => (d.figures_satisfied, d.figures_satisfied_is),
        Column::Sum(Measure::Returns) => (d.case_returns, d.figures_returns_is),
        Column::Sum(Measure::Reworks) => (d.case_reworks, d.figures_reworks_is),
        Column::Sum(Measure::Contested) => (d.case_contests, d.figures_contested_is),
        Column::Sum(Measure::Forced) | Column::Sum(_) | Column::Rate(..) => {
            (d.case_forced, d.figures_forced_is)
        }
    }
}

fn count(view: &FiguresView, counts: &[i64], measure: Measure) -> i64 {
    let at = view.measures.iter().position(|one| *one == measure);
    at.and_then(|at| counts.get(at)).copied().unwrap_or(0)
}

/// A column's value in words, and the measure whose cases stand behind it.
pub(super) fn value(view: &FiguresView, counts: &[i64], column: Column) -> (String, Measure) {
    let of = |measure| count(view, counts, measure);
    match column {
        Column::Sum(measure) => (of(measure).to_string(), measure),
        Column::Rate(part, whole) => {
            (tenth_of(of(part) * 1000, of(whole)).map_or_else(|| "–".to_owned(), |rate| rate + "%"), part)
        }
        Column::Hours => (
            tenth_of(of(Measure::OpenMinutes) * 10, of(Measure::Closed) * 60)
                .unwrap_or_else(|| "–".to_owned()),
            Measure::Closed,
        ),
    }
}

/// A quotient of tenths with one decimal, rounded; none of nothing.
fn tenth_of(tenths: i64, of: i64) -> Option<String> {
    (of > 0).then(|| {
        let rounded = (tenths * 2 + of) / (of * 2);
        [&(rounded / 10).to_string(), ".", &(rounded % 10).to_string()].concat()
    })
}

pub(super) fn sum(view: &FiguresView) -> Vec<i64> {
    let mut sums = vec![0; view.measures.len()];
    for row in &view.rows {
        sums.iter_mut().zip(&row.counts).for_each(|(sum, count)| *sum += count);
    }
    sums
}

/// The whole city's, large.
fn totals(view: &FiguresView) -> El {
    let sums = sum(view);
    let shown = [0, 1, 3, 4, 5, 7].iter().filter_map(|at| COLUMNS.get(*at)).map(|column| {
        let (name, is) = named(*column);
        el("div", "total card")
            .attr("title", is)
            .child(span("soft", name))
            .child(el("b", "figure").text(&value(view, &sums, *column).0))
    });
    el("div", "totals").test("totals").each(shown)
}

fn table(view: &FiguresView, asked: Asked) -> El {
    let by = Dimension::from_code(&asked.by.get_untracked()).unwrap_or(Dimension::Area);
    let head = el("tr", "").child(el("th", "").attr("scope", "col").text(dimension(by))).each(
        COLUMNS.iter().map(|column| {
            let (name, is) = named(*column);
            el("th", "").attr("scope", "col").attr("title", is).text(name)
        }),
    );
    let most =
        view.rows.iter().map(|row| count(view, &row.counts, Measure::Reported)).max().unwrap_or(1).max(1);
    let rows = view.rows.iter().map(|row| line(view, row, most, asked));
    let table = el("table", "figures").child(el("thead", "").child(head)).child(el("tbody", "").each(rows));
    el("div", "card figures-card")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", d().figures_title)
        .child(table)
}

fn line(view: &FiguresView, row: &FiguresRow, most: i64, asked: Asked) -> El {
    let cells = COLUMNS.iter().map(|column| {
        let (words, measure) = value(view, &row.counts, *column);
        let cell = el("td", "figure");
        if count(view, &row.counts, measure) == 0 {
            return cell.text(&words);
        }
        let (open, key) = (RwSignal::new(false), row.key.clone());
        let show = button("figure-open", move || sheet::open(open))
            .test("number")
            .attr("data-measure", measure.code())
            .text(&words);
        cell.child(show)
            .child(sheet::sheet(open, d().figures_behind, true, move || behind(asked, &key, measure)))
    });
    // A bar says the same as the number of reports beside it.
    let width = count(view, &row.counts, Measure::Reported) * 100 / most;
    let bar = svg("svg", "figure-bar")
        .attr("viewBox", "0 0 100 4")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true");
    let bar = bar.child(svg("rect", "").attr("width", &width.to_string()).attr("height", "4"));
    el("tr", "")
        .test("figures-row")
        .attr("data-key", &row.key)
        .child(el("th", "").attr("scope", "row").text(&name(&row.name)).child(bar))
        .each(cells)
}

/// The cases behind a number.
fn behind(asked: Asked, key: &str, measure: Measure) -> El {
    let rows = RwSignal::new(Vec::<DeskRow>::new());
    let next = RwSignal::new(None::<String>);
    let said = RwSignal::new(t().app_loading.to_owned());
    let address =
        [path::FIGURES_CASES, &untrack(|| asked.query()), "&key=", key, "&measure=", measure.code()].concat();
    let read = move |after: Option<String>| {
        let further = |after| [&address, "&after=", after].concat();
        let address = after.as_deref().map_or_else(|| address.clone(), further);
        spawn_local(async move {
            match api::get::<Page<DeskRow>>(&address).await {
                Ok(page) => {
                    let _ = said.try_set(String::new());
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| rows.extend(page.rows));
                }
                Err(fault) => {
                    let _ = next.try_set(after);
                    let _ = said.try_set(use_desk().heard(&fault));
                }
            }
        });
    };
    read(None);
    let list = move || {
        Some(
            el("ol", "desk-rows")
                .each(rows.with(|rows| rows.iter().map(work::plain_row).collect::<Vec<_>>())),
        )
    };
    let more = move || {
        let read = read.clone();
        more("btn small ghost more-rows", next, move |after| read(Some(after)))
    };
    el("div", "").child(el("p", "soft").says(move || said.get())).dynamic(list).dynamic(more)
}

/// What each figure means.
fn definitions() -> El {
    let rows = COLUMNS.iter().map(|column| {
        let (name, is) = named(*column);
        el("div", "").child(el("dt", "").text(name)).child(el("dd", "").text(is))
    });
    el("section", "card")
        .child(el("h2", "").text(d().figures_definitions))
        .child(el("dl", "facts").each(rows))
}
