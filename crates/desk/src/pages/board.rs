//! The screen on a wall: what waits, what came in and what was closed, large enough to read across a room. It runs unattended:
//! it asks every half minute, says since when it has had no answer, and holds no session of the desk.

use super::figures::{Column, named, sum, value};
use crate::app::{Seat, use_desk};
use crate::messages::{self, d, name};
use crate::router::{Route, link};
use core::cell::Cell;
use core::time::Duration;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Kind;
use woodlark_domain::figures::Measure;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span, svg};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{api, t, when};
use woodlark_wire::{BoardView, FiguresRow, FiguresView, ProblemCode, path};

/// How often it asks.
const EVERY: Duration = Duration::from_secs(30);
/// Width of a day in the drawing, and the drawing's height.
const DAY: usize = 10;
const HIGH: i64 = 100;

/// What it knows.
#[derive(Clone, Copy)]
struct Board {
    view: RwSignal<Option<BoardView>>,
    /// This browser is no screen, as far as the server knows.
    unknown: RwSignal<bool>,
    /// Why the last question had no answer.
    trouble: RwSignal<String>,
}

thread_local! {
    static TICK: Cell<Option<IntervalHandle>> = const { Cell::new(None) };
}

/// The page.
#[must_use]
pub fn page() -> El {
    let board = Board {
        view: RwSignal::new(None),
        unknown: RwSignal::new(false),
        trouble: RwSignal::new(String::new()),
    };
    board.read();
    if let Some(old) = TICK.take() {
        old.clear();
    }
    // The signals are this page's: once it has gone, the next look ends the ticking.
    let tick = move || {
        if board.trouble.try_get_untracked().is_none() {
            if let Some(tick) = TICK.take() {
                tick.clear();
            }
        } else if !board.unknown.get_untracked() {
            board.read();
        }
    };
    TICK.set(set_interval_with_handle(tick, EVERY).ok());
    el("main", "board").attr("id", "main").dynamic(move || {
        if board.unknown.get() {
            return Some(board.offer());
        }
        Some(board.view.with(|view| match view {
            Some(view) => screen(view, board.trouble),
            None => el("p", "soft empty").says(move || {
                let trouble = board.trouble.get();
                if trouble.is_empty() { t().app_loading.to_owned() } else { trouble }
            }),
        }))
    })
}

impl Board {
    fn read(self) {
        spawn_local(async move {
            match api::get::<BoardView>(path::DESK_BOARD).await {
                Ok(view) => {
                    let _ = self.trouble.try_set(String::new());
                    let _ = self.unknown.try_set(false);
                    let _ = self.view.try_set(Some(view));
                }
                Err(fault) if fault.code() == Some(ProblemCode::NotStaff) => {
                    let _ = self.unknown.try_set(true);
                }
                Err(fault) => drop(self.trouble.try_set(fault.words())),
            }
        });
    }

    /// How a browser becomes a screen.
    fn offer(self) -> El {
        let desk = use_desk();
        let start = move || {
            spawn_local(async move {
                match api::send("POST", path::DESK_BOARD, &new_id().to_string(), None).await {
                    Ok(_) => {
                        // Nothing of a case stays on a screen that everyone walks by.
                        desk.leave();
                        self.read();
                    }
                    Err(fault) => drop(self.trouble.try_set(desk.heard(&fault))),
                }
            });
        };
        let way = move || {
            Some(match desk.seat.get() {
                Seat::Taken(_) => button("btn", start).test("board-start").text(d().board_start),
                Seat::Unknown | Seat::Nobody | Seat::Unreachable(_) => {
                    link("btn ghost", Route::Figures).text(d().board_sign_in)
                }
            })
        };
        el("section", "card stack board-offer")
            .child(el("h1", "").text(d().board_title))
            .child(el("p", "").text(d().board_lead))
            .child(el("p", "soft").says(move || self.trouble.get()))
            .dynamic(way)
    }
}

fn screen(view: &BoardView, trouble: RwSignal<String>) -> El {
    let at = view.at;
    let state = move || {
        let trouble = trouble.get();
        if trouble.is_empty() {
            d().board_as_of(&when::moment(at))
        } else {
            d().board_silent(&when::moment(at))
        }
    };
    let head = el("header", "board-head")
        .child(bird("icon", Kind::Praise))
        .child(el("h1", "").text(&name(&view.city)))
        .child(
            el("p", "board-state")
                .test("board-state")
                .attr("role", "status")
                .bind("data-silent", move || (!trouble.get().is_empty()).then(|| "yes".to_owned()))
                .says(state),
        );
    el("div", "board-screen")
        .test("board")
        .child(head)
        .child(totals(view))
        .child(el("div", "board-columns").child(chart(view)).child(waiting(view)).child(departments(view)))
}

fn total(name: &str, value: &str, late: bool) -> El {
    el("div", if late { "board-total late" } else { "board-total" })
        .child(el("b", "figure").text(value))
        .child(span("soft", name))
}

fn totals(view: &BoardView) -> El {
    let figures = FiguresView { measures: view.measures.clone(), rows: view.days.clone() };
    let month = sum(&figures);
    let today = view.days.last().map(|row| row.counts.clone()).unwrap_or_default();
    let of = |counts: &[i64], column: Column| value(&figures, counts, column).0;
    let overdue = queue(view, Queue::Overdue);
    let rate = |column: Column| total(named(column).0, &of(&month, column), false);
    el("div", "board-totals")
        .child(total(d().board_today, &of(&today, Column::Sum(Measure::Reported)), false))
        .child(total(d().board_closed_today, &of(&today, Column::Sum(Measure::Closed)), false))
        .child(total(messages::queue(Queue::Overdue), &overdue.to_string(), overdue > 0))
        .child(rate(Column::Rate(Measure::Closed, Measure::Filed)))
        .child(rate(Column::Rate(Measure::OnTime, Measure::Closed)))
        .child(rate(Column::Rate(Measure::Satisfied, Measure::Ratings)))
}

fn queue(view: &BoardView, queue: Queue) -> u32 {
    view.waiting.iter().find(|count| count.queue == queue).map_or(0, |count| count.waiting)
}

/// Thirty days: what came in, and before it what of that is closed.
fn chart(view: &BoardView) -> El {
    let place = |measure| view.measures.iter().position(|one| *one == measure);
    let of =
        |row: &FiguresRow, measure| place(measure).and_then(|at| row.counts.get(at)).copied().unwrap_or(0);
    let most = view.days.iter().map(|row| of(row, Measure::Reported)).max().unwrap_or(1).max(1);
    let bar = |class: &str, at: usize, count: i64| {
        let height = count * HIGH / most;
        svg("rect", class)
            .attr("x", &(at * DAY + 1).to_string())
            .attr("width", &(DAY - 2).to_string())
            .attr("y", &(HIGH - height).to_string())
            .attr("height", &height.to_string())
    };
    let bars = view.days.iter().enumerate().flat_map(|(at, row)| {
        [bar("bar-reported", at, of(row, Measure::Reported)), bar("bar-closed", at, of(row, Measure::Closed))]
    });
    let size = ["0 0 ", &(view.days.len() * DAY).to_string(), " ", &HIGH.to_string()].concat();
    let drawing = svg("svg", "board-chart")
        .attr("viewBox", &size)
        .attr("preserveAspectRatio", "none")
        .attr("role", "img")
        .attr("aria-label", d().board_days)
        .each(bars);
    let ends = [view.days.first(), view.days.last()];
    let ends = ends.into_iter().flatten().map(|row| span("soft", row.key.get(5..).unwrap_or(&row.key)));
    let key = el("p", "board-key")
        .child(span("bar-reported", d().figures_reported))
        .child(span("bar-closed", d().figures_closed));
    el("section", "board-part board-wide")
        .child(el("h2", "").text(d().board_days))
        .child(key)
        .child(drawing)
        .child(el("p", "board-ends").each(ends))
}

fn waiting(view: &BoardView) -> El {
    let counts: Vec<_> = view.waiting.iter().filter(|count| count.queue.is_work()).collect();
    let most = counts.iter().map(|count| count.waiting).max().unwrap_or(1).max(1);
    let rows = counts.iter().map(|count| {
        let width = u64::from(count.waiting) * 100 / u64::from(most);
        line(messages::queue(count.queue), &count.waiting.to_string(), width)
    });
    el("section", "board-part").child(el("h2", "").text(d().board_waiting)).child(el("ul", "").each(rows))
}

fn departments(view: &BoardView) -> El {
    let figures = FiguresView { measures: view.measures.clone(), rows: view.departments.clone() };
    let column = Column::Rate(Measure::OnTime, Measure::Closed);
    let place = |measure| view.measures.iter().position(|one| *one == measure);
    let rows = view.departments.iter().map(|row| {
        let of = |measure| place(measure).and_then(|at| row.counts.get(at)).copied().unwrap_or(0);
        let (on_time, closed) = (of(Measure::OnTime), of(Measure::Closed).max(1));
        let width = u64::try_from(on_time * 100 / closed).unwrap_or(0);
        line(&name(&row.name), &value(&figures, &row.counts, column).0, width)
    });
    el("section", "board-part").child(el("h2", "").text(d().board_departments)).child(el("ul", "").each(rows))
}

/// A name, a number, and a bar that says the same.
fn line(name: &str, number: &str, width: u64) -> El {
    let bar = svg("svg", "figure-bar")
        .attr("viewBox", "0 0 100 4")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .child(svg("rect", "").attr("width", &width.to_string()).attr("height", "4"));
    el("li", "board-line").child(span("clip", name)).child(el("b", "figure").text(number)).child(bar)
}

/// The way to it from the figures.
#[must_use]
pub fn way() -> El {
    link("btn small ghost", Route::Board).child(icon("chart")).test("to-board").text(d().board_title)
}
