//! A queue: what is due first on top, narrowed by what stands in the address, and the case that is open beside it.

use super::stretch::{MOST, Stretch, Way, place_of};
use super::{case, near, staff, waiting};
use crate::app::use_desk;
use crate::messages::{self, d, name};
use crate::router::{Route, link};
use crate::seen::{self, Seen};
use crate::widget::{field, input, key, select};
use core::cell::Cell;
use core::time::Duration;
use leptos::prelude::*;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::queue::Queue;
use woodlark_domain::{CaseId, Kind, Position, Timestamp};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::page::value;
use woodlark_ui::parts::{bird, icon, pill};
use woodlark_ui::{api, t, when};
use woodlark_wire::{DeskRow, Page, path};

/// How many are read at most where they are put in an order that the server does not know.
const SORTED: usize = 500;
/// Milliseconds of quiet after which what was typed narrows the list.
const TYPED_MS: u64 = 350;

thread_local! {
    static TYPED: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
}

/// A list of cases.
#[derive(Clone, Copy)]
pub struct List {
    queue: Queue,
    /// What has been read so far.
    pub rows: RwSignal<Vec<DeskRow>>,
    next: RwSignal<Option<String>>,
    said: RwSignal<String>,
    read_once: RwSignal<bool>,
    /// Of when the list is, if the network gives nothing newer.
    as_of: RwSignal<Option<Timestamp>>,
    /// Where the reader stands, if what is near comes first.
    near: RwSignal<Option<Position>>,
    /// Chosen for an order to many at once.
    pub chosen: RwSignal<BTreeSet<CaseId>>,
    /// Grows with each reading that begins, so that an answer which comes late is not taken for the newest.
    turn: StoredValue<u32>,
    /// What of it stands in the page.
    stretch: Stretch,
    /// Where each page that was read began, and what it is asked for with.
    marks: StoredValue<Vec<(usize, Option<String>)>>,
    /// What it was narrowed to when it was last read.
    asked: StoredValue<String>,
    /// Whether a further page is on its way.
    reaching: StoredValue<bool>,
}

/// The page of one queue.
#[must_use]
pub fn page(queue: Queue) -> El {
    let desk = use_desk();
    let list = List {
        queue,
        rows: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        read_once: RwSignal::new(false),
        as_of: RwSignal::new(None),
        near: RwSignal::new(None),
        chosen: RwSignal::new(BTreeSet::new()),
        turn: StoredValue::new(0),
        stretch: Stretch::from_the_top(),
        marks: StoredValue::new(Vec::new()),
        asked: StoredValue::new(String::new()),
        reaching: StoredValue::new(false),
    };
    effect(Box::new(move || {
        desk.live.track();
        list.near.track();
        let query = desk.router.query();
        spawn_local(list.read(query));
    }));
    let open = Memo::new(move |_| if let Route::Work(_, case) = desk.router.now() { case } else { None });
    let pane = move || {
        Some(match open.get() {
            Some(id) => case::page(queue, id),
            None => el("div", "case-none")
                .child(bird("glyph", Kind::Praise))
                .child(el("p", "soft").text(d().list_choose)),
        })
    };
    el("div", "work")
        .bind("data-open", move || open.get().map(|_| String::new()))
        .child(
            el("section", "work-list")
                .attr("aria-label", messages::queue(queue))
                .child(head(queue, list))
                .dynamic(waiting::list)
                .child(filter(queue))
                .child(rows(list, open)),
        )
        .child(el("section", "work-case").attr("aria-label", t().case_title).dynamic(pane))
}

impl List {
    async fn read(self, query: String) {
        let turn = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let is_near = self.near.try_with_untracked(Option::is_some) == Some(true);
        let asked = if is_near { [&query, "#near"].concat() } else { query.clone() };
        if self.asked.try_get_value().is_some_and(|before| before != asked) {
            // Another question: the rows of the one before are none of its.
            self.asked.set_value(asked);
            self.marks.set_value(Vec::new());
            self.stretch.start.set(0);
        }
        // What stands in the page is read anew, not all that was ever read: from the page in which the stretch begins. What is
        // near may lie anywhere in what is due: for that order everything is read from the top.
        let start = self.stretch.start.try_get_untracked().unwrap_or_default();
        let mark = self
            .marks
            .try_with_value(|marks| marks.iter().rev().find(|(at, _)| *at <= start && !is_near).cloned())
            .flatten();
        let (from, mut after) = mark.unwrap_or_default();
        let known = self.rows.try_with_untracked(Vec::len).unwrap_or_default();
        let wanted =
            if is_near { SORTED } else { known.min(start.saturating_add(MOST)).saturating_sub(from) };
        let mut found: Vec<DeskRow> = Vec::new();
        let mut marks = Vec::new();
        loop {
            let mark = (found.len(), after.clone());
            match seen::read::<Page<DeskRow>>(&self.address(&query, after.as_deref())).await {
                Ok(Seen { value: page, as_of }) => {
                    marks.push(mark);
                    found.extend(page.rows);
                    after = page.next;
                    let _ = self.as_of.try_set(as_of);
                }
                // Off line, what was not read before ends the list.
                Err(_) if !found.is_empty() => break,
                Err(fault) => {
                    let _ = self.said.try_set(use_desk().heard(&fault));
                    return;
                }
            }
            if self.turn.try_get_value() != turn {
                return;
            }
            if after.is_none() || found.len() >= wanted {
                break;
            }
        }
        self.take(from, found, marks, after);
    }

    /// Puts what was read anew in the place of what stood from there on. A row that moved down from above is not shown twice.
    fn take(
        self,
        from: usize,
        found: Vec<DeskRow>,
        marks: Vec<(usize, Option<String>)>,
        next: Option<String>,
    ) {
        let anew: BTreeSet<CaseId> = found.iter().map(|row| row.id).collect();
        let Some(mut rows) = self.rows.try_with_untracked(|rows| {
            rows.iter().take(from).filter(|row| !anew.contains(&row.id)).cloned().collect::<Vec<_>>()
        }) else {
            return;
        };
        let begin = rows.len();
        let lost = from.saturating_sub(begin);
        self.marks.update_value(|known| {
            known.retain(|(at, _)| *at < from);
            known.iter_mut().for_each(|(at, _)| *at = (*at).min(begin));
            known.extend(marks.into_iter().map(|(at, after)| (begin.saturating_add(at), after)));
        });
        rows.extend(found);
        let there: BTreeSet<CaseId> = rows.iter().map(|row| row.id).collect();
        let _ = self.chosen.try_update(|chosen| chosen.retain(|id| there.contains(id)));
        let start = self.stretch.start.get_untracked().saturating_sub(lost).min(rows.len().saturating_sub(1));
        self.stretch.start.set(start);
        let _ = self.next.try_set(next);
        let _ = self.said.try_set(String::new());
        let _ = self.read_once.try_set(true);
        // The same again leaves the list as it is, with its focus.
        if self.rows.try_with_untracked(|known| *known != rows) == Some(true) {
            self.rows.set(rows);
        }
    }

    /// Shows what comes next that way; reads a further page where what was read ends.
    fn go(self, way: Way) {
        if way == Way::Back {
            if self.stretch.shift(way) {
                let query = use_desk().router.query();
                spawn_local(self.read(query));
            }
            return;
        }
        if self.stretch.has_more(self.rows.with_untracked(Vec::len)) {
            self.stretch.shift(way);
        } else if self.next.with_untracked(Option::is_some) && !self.reaching.get_value() {
            self.reaching.set_value(true);
            self.more();
        }
    }

    /// The rows as they are shown: by what is due, or by what is near. Tracked.
    fn in_order(self) -> Vec<DeskRow> {
        let mut rows = self.rows.get();
        if let Some(here) = self.near.get() {
            near::sort(&mut rows, here);
        }
        rows
    }

    fn more(self) {
        let (query, turn) = (use_desk().router.query(), self.turn.get_value());
        spawn_local(async move {
            let after = self.next.get_untracked();
            let answer = api::get::<Page<DeskRow>>(&self.address(&query, after.as_deref())).await;
            let _ = self.reaching.try_set_value(false);
            let is_end = self.next.try_with_untracked(|next| *next == after);
            if self.turn.try_get_value() != Some(turn) || is_end != Some(true) {
                // The list was read anew meanwhile, and ends elsewhere.
                return;
            }
            match answer {
                Ok(page) => {
                    let end = self.rows.try_with_untracked(Vec::len).unwrap_or_default();
                    self.marks.try_update_value(|marks| marks.push((end, after)));
                    let _ = self.next.try_set(page.next);
                    let _ = self.rows.try_update(|rows| rows.extend(page.rows));
                    let known = self.rows.try_with_untracked(Vec::len).unwrap_or_default();
                    if self.stretch.has_more(known) {
                        self.stretch.shift(Way::On);
                    }
                }
                Err(fault) => drop(self.said.try_set(use_desk().heard(&fault))),
            }
        });
    }

    fn address(self, query: &str, after: Option<&str>) -> String {
        let mut address = path::desk_queue(self.queue);
        let mut mark = "?";
        if !query.is_empty() {
            address = [&address, mark, query].concat();
            mark = "&";
        }
        if let Some(after) = after {
            address = [&address, mark, "after=", after].concat();
        }
        address
    }
}

fn head(queue: Queue, list: List) -> El {
    let count = move || {
        // Before anything was read it is not known to be none.
        if !list.read_once.get() {
            return String::new();
        }
        let (rows, more) = (list.rows.with(Vec::len), list.next.with(Option::is_some));
        if more { d().list_count_more(&rows.to_string()) } else { d().list_count(&rows.to_string()) }
    };
    el("header", "work-head")
        .child(el("h1", "").text(messages::queue(queue)))
        .child(span("soft figure", "").test("count").says(count))
        .dynamic(move || seen::note(list.as_of.get()))
        .maybe(matches!(queue, Queue::Handle | Queue::Verify).then(|| near::choice(list.near)))
        .dynamic(move || case::many::bar(queue, list))
}

fn rows(list: List, open: Memo<Option<CaseId>>) -> El {
    let empty = Memo::new(move |_| list.rows.with(Vec::is_empty));
    let drawn = Memo::new(move |_| {
        let start = list.stretch.start.get();
        list.in_order().into_iter().skip(start).take(MOST).collect::<Vec<DeskRow>>()
    });
    let body = move || {
        // How far each is stands in its row.
        list.near.track();
        let said = list.said.get();
        if !said.is_empty() {
            return Some(
                el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &said)),
            );
        }
        if empty.get() {
            if !list.read_once.get() {
                return Some(el("p", "soft empty").text(t().app_loading));
            }
            let words = el("p", "soft").text(d().list_empty);
            return Some(el("div", "empty").test("empty").child(icon("check")).child(words));
        }
        list.stretch.redraws();
        let start = untrack(|| list.stretch.start.get());
        let rows = drawn.with(|rows| {
            rows.iter().zip(start..).map(|(one, at)| row(list, one, at, open)).collect::<Vec<_>>()
        });
        Some(el("ol", "desk-rows").each(rows))
    };
    let is_later = Memo::new(move |_| list.stretch.start.get() > 0);
    let goes_on = Memo::new(move |_| {
        list.next.with(Option::is_some)
            || list.stretch.start.get().saturating_add(MOST) < list.rows.with(Vec::len)
    });
    let reach = move |words: &'static str, test: &'static str, way: Way| {
        button("btn small ghost more-rows", move || list.go(way)).test(test).text(words)
    };
    let earlier = move || is_later.get().then(|| reach(d().list_earlier, "earlier", Way::Back));
    let more = move || goes_on.get().then(|| reach(t().app_more, "more", Way::On));
    let made = el("div", "work-rows");
    let (scroller, listed) = (made.node().clone(), made.node().clone());
    let scrolled = move |_| {
        if let Some(way) = list.stretch.way_of_scroll(&scroller) {
            list.go(way);
        }
    };
    let reached = move |event: web_sys::Event| {
        let row: Option<web_sys::Element> = event.target().and_then(|target| target.dyn_into().ok());
        let known = list.rows.with_untracked(Vec::len);
        let place = row.as_ref().and_then(place_of);
        if let Some(place) = place {
            // A name of ours is well-formed.
            let _ = listed.set_attribute("data-at", &place.to_string());
        }
        let way = place.and_then(|place| list.stretch.way_of(place, known));
        if let Some(way) = way {
            list.go(way);
        }
    };
    made.on("scroll", scrolled).on("focusin", reached).dynamic(earlier).dynamic(body).dynamic(more)
}

/// A case in a list that is no queue: it opens among all cases.
#[must_use]
pub fn plain_row(row: &DeskRow) -> El {
    let line = link("row", Route::Work(Some(Queue::All), Some(row.id))).attr("data-kind", row.kind.code());
    el("li", "").test("behind").child(line.child(bird("glyph", row.kind)).child(body(row)))
}

fn row(list: List, row: &DeskRow, place: usize, open: Memo<Option<CaseId>>) -> El {
    let id = row.id;
    let line = link("row", Route::Work(Some(list.queue), Some(id)))
        .attr("data-row", &place.to_string())
        .test("row")
        .attr("data-number", row.number.as_str())
        .attr("data-state", row.state.code())
        .bind("aria-current", move || (open.get() == Some(id)).then(|| "true".to_owned()))
        .child(bird("glyph", row.kind).attr("data-kind", row.kind.code()))
        .child(body(row))
        .child(due(row, list.near.get_untracked()))
        .dynamic(move || {
            (!waiting::commands(id, None).is_empty()).then(|| {
                span("row-waits", "")
                    .test("row-waits")
                    .child(icon("outbox"))
                    .child(span("unseen", t().outbox_queued))
            })
        });
    let choice = (list.queue == Queue::Dispatch).then(|| choice(list, id, &title(row)));
    // How many there are in all is not known before the last was read.
    el("li", "")
        .attr("aria-posinset", &place.saturating_add(1).to_string())
        .attr("aria-setsize", "-1")
        .maybe(choice)
        .child(line)
}

/// What was written, or what it is.
fn title(row: &DeskRow) -> String {
    match &row.category {
        _ if !row.words.is_empty() => row.words.clone(),
        Some(category) => name(category),
        None => messages_kind(row.kind).to_owned(),
    }
}

fn body(row: &DeskRow) -> El {
    let parts: Vec<String> = row
        .category
        .iter()
        .filter(|_| !row.words.is_empty())
        .map(name)
        .chain(row.area.iter().map(name))
        .chain(row.place_words.clone())
        .collect();
    let joiners = (row.joiners > 0).then(|| {
        span("tag", &["×", &(row.joiners + 1).to_string()].concat())
            .attr("title", &t().case_joiners(&row.joiners.to_string()))
    });
    let reworks = (row.reworks > 0).then(|| span("tag late", &d().list_reworks(&row.reworks.to_string())));
    span("row-body", "")
        .child(span("clip desk-title", "").child(el("b", "").text(&title(row))).maybe(joiners).maybe(reworks))
        .child(span("soft clip", &parts.join(" · ")))
        .child(
            span("desk-row-foot", "")
                .child(pill(row.state, None))
                .maybe(row.department.as_ref().map(|department| span("soft", &name(department))))
                .child(span("soft figure", row.number.as_str())),
        )
}

fn choice(list: List, id: CaseId, title: &str) -> El {
    let change = move |_| {
        list.chosen.update(|chosen| {
            if !chosen.remove(&id) {
                chosen.insert(id);
            }
        });
    };
    el("input", "row-choice")
        .attr("type", "checkbox")
        .attr("aria-label", &d().list_choose_one(title))
        .test("choose")
        .prop("checked", move || list.chosen.with(|chosen| chosen.contains(&id)).into())
        .on("change", change)
}

/// By when what it waits for must be done: how much is left, or how much it is over.
fn due(row: &DeskRow, here: Option<Position>) -> El {
    let far =
        here.and_then(|here| near::far(row, here)).map(|words| el("b", "row-far").test("far").text(&words));
    let Some(at) = row.due_at else {
        return span("soft row-due", "").maybe(far).child(span("", &when::ago(row.changed_at)));
    };
    let late = when::now() > at;
    span("row-due figure", "")
        .flag("data-late", late)
        .maybe(far)
        .child(el("b", "").text(&when::until(at)))
        .child(span("soft", &when::moment(at)))
}

fn messages_kind(kind: Kind) -> &'static str {
    woodlark_ui::messages::kind_short(kind)
}

/// What the list is narrowed to: search, kind, and the rest behind one fold.
fn filter(queue: Queue) -> El {
    let desk = use_desk();
    let now = untrack(|| desk.router.query());
    let get = |key: &str| RwSignal::new(decode(value(&now, key).unwrap_or("")));
    let fields: [(&'static str, RwSignal<String>); 8] = [
        ("text", get("text")),
        ("kind", get("kind")),
        ("state", get("state")),
        ("category", get("category")),
        ("area", get("area")),
        ("department", get("department")),
        ("from", RwSignal::new(day_of(value(&now, "from")))),
        ("to", RwSignal::new(day_of(value(&now, "to")))),
    ];
    let mut first = true;
    effect(Box::new(move || {
        let query = fields.iter().fold(String::new(), |all, (key, signal)| {
            let text = signal.get();
            let text = if matches!(*key, "from" | "to") {
                micros(&text, *key == "to")
            } else {
                text.trim().to_owned()
            };
            if text.is_empty() {
                return all;
            }
            let text = String::from(js_sys::encode_uri_component(&text));
            if all.is_empty() { [key, "=", &text].concat() } else { [&all, "&", key, "=", &text].concat() }
        });
        if core::mem::take(&mut first) {
            return;
        }
        if let Some(old) = TYPED.take() {
            old.clear();
        }
        let narrow = move || use_desk().router.narrow(query);
        TYPED.set(set_timeout_with_handle(narrow, Duration::from_millis(TYPED_MS)).ok());
    }));
    let [text, kind, state, category, area, department, from, to] = fields.map(|(_, signal)| signal);
    let search = el("div", "search")
        .child(icon("search"))
        .child(
            input("search", text)
                .attr("aria-label", d().filter_text)
                .attr("placeholder", d().filter_text)
                .attr("data-key", "/")
                .test("search"),
        )
        .child(key("/"));
    let kinds = || {
        let any = (String::new(), d().filter_any.to_owned());
        std::iter::once(any)
            .chain(Kind::ALL.iter().map(|kind| (kind.code().to_owned(), messages_kind(*kind).to_owned())))
            .collect()
    };
    let states = move || {
        let any = (String::new(), d().filter_any.to_owned());
        let of_queue = queue.states().iter();
        std::iter::once(any)
            .chain(
                of_queue
                    .map(|state| (state.code().to_owned(), woodlark_ui::messages::state(*state).to_owned())),
            )
            .collect()
    };
    let many = queue.states().len() > 1;
    let more = el("details", "filter-more").child(el("summary", "").text(d().filter_more)).child(
        el("div", "fields")
            .maybe(many.then(|| field("filter-state", d().filter_state, select(states, state))))
            .child(field(
                "filter-category",
                d().filter_category,
                select(move || classes(&kind.get()), category),
            ))
            .child(field("filter-area", d().filter_area, select(staff::towns, area)))
            .child(field("filter-department", t().case_department, select(staff::departments, department)))
            .child(field("filter-from", d().filter_from, input("date", from)))
            .child(field("filter-to", d().filter_to, input("date", to))),
    );
    let open =
        [state, category, area, department, from, to].iter().any(|one| untrack(|| !one.get().is_empty()));
    el("div", "filter")
        .child(
            el("div", "filter-row").child(search).child(
                el("div", "field-bare")
                    .child(select(kinds, kind).attr("aria-label", t().kind_label).test("filter-kind")),
            ),
        )
        .child(more.flag("open", open))
}

/// Classes of categories, each by the beginning of its categories' codes.
fn classes(kind: &str) -> Vec<(String, String)> {
    let any = (String::new(), d().filter_any.to_owned());
    use_desk().categories.with(|all| {
        let mut seen = Vec::<(String, String)>::new();
        for one in all.iter().filter(|one| kind.is_empty() || one.kind.code() == kind) {
            let class = one.code.class().to_string();
            if seen.iter().all(|(code, _)| *code != class) {
                seen.push((class, name(&one.class)));
            }
        }
        std::iter::once(any).chain(seen).collect()
    })
}

fn decode(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Microseconds in an address as a day of the browser's.
fn day_of(micros: Option<&str>) -> String {
    micros.and_then(|text| text.parse::<i64>().ok()).map(when::day).unwrap_or_default()
}

/// A day of the browser's as microseconds: its beginning, or its end.
fn micros(day: &str, end: bool) -> String {
    when::begin_of_day(day, end).map(|micros| micros.to_string()).unwrap_or_default()
}
