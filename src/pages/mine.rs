//! Everything I reported: what waits on this device on top, then my cases, newest change first.

use super::renew::renew;
use super::waiting;
use crate::app::{App, use_app};
use crate::device::Setting;
use crate::platform::{Platform, platform};
use crate::router::{Route, link};
use crate::shell::gear;
use core::cell::RefCell;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{CaseId, State, Timestamp};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::{bird, icon, more, pill};
use woodlark_ui::{api, json, messages, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseRow, Label, Page, ProblemCode, Relation};

thread_local! {
    /// When each case had last changed as the last visit left it; none before the first list of this visit.
    static BEFORE: RefCell<Option<Vec<(CaseId, Timestamp)>>> = const { RefCell::new(None) };
}

/// Whether a case moved on since the last visit and was not looked at since.
#[must_use]
pub fn moved(case: &CaseRow) -> bool {
    BEFORE
        .with_borrow(|before| before.iter().flatten().any(|(id, at)| *id == case.id && *at < case.changed_at))
}

/// A case is looked at: what happened to it is news no more.
pub fn look_at(case: CaseId) {
    BEFORE.with_borrow_mut(|before| before.iter_mut().for_each(|known| known.retain(|(id, _)| *id != case)));
}

/// My cases as far as they are read.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Newest change first.
    pub rows: RwSignal<Vec<CaseRow>>,
    /// They are from last time: the network did not answer.
    pub stale: RwSignal<bool>,
    next: RwSignal<Option<String>>,
    fault: RwSignal<Option<String>>,
    loading: RwSignal<bool>,
    app: App,
}

impl Rows {
    /// Reads my cases, and again whenever one changes. Meanwhile what was seen last time stands there.
    #[must_use]
    pub fn open() -> Self {
        let app = use_app();
        let seen: Vec<CaseRow> =
            Setting::Cases.get().and_then(|text| json::read(&text).ok()).unwrap_or_default();
        BEFORE.with_borrow_mut(|before| {
            before.get_or_insert_with(|| seen.iter().map(|row| (row.id, row.changed_at)).collect());
        });
        let list = Self {
            rows: RwSignal::new(seen),
            stale: RwSignal::new(false),
            next: RwSignal::new(None),
            fault: RwSignal::new(None),
            loading: RwSignal::new(true),
            app,
        };
        effect(Box::new(move || {
            app.live.track();
            app.outbox.accepted.track();
            if app.online.get() {
                list.read(None);
            } else {
                list.stale.set(!list.rows.with_untracked(Vec::is_empty));
                list.loading.set(false);
            }
        }));
        list
    }

    /// Reads from the start, or on from a cursor.
    fn read(self, after: Option<String>) {
        spawn_local(async move {
            let answer = api::get::<Page<CaseRow>>(&path::cases(after.as_deref())).await;
            // The page may be gone by now, and its signals with it: then there is nothing to tell.
            let _ = self.loading.try_set(false);
            match answer {
                Ok(page) => self.take(page, after.is_none()),
                Err(fault) if fault.code() == Some(ProblemCode::NotSignedIn) => {
                    Setting::Cases.set(None);
                    let _ = self.rows.try_update(Vec::clear);
                }
                Err(fault) => {
                    if after.is_some() {
                        let _ = self.next.try_set(after);
                    }
                    let _ = self
                        .stale
                        .try_set(self.rows.try_with_untracked(|rows| !rows.is_empty()).unwrap_or(false));
                    let _ = self.fault.try_set(Some(fault.words()));
                }
            }
        });
    }

    fn take(self, page: Page<CaseRow>, first: bool) {
        if first {
            Setting::Cases.set(json::write(&page.rows).ok().as_deref());
            if !page.rows.is_empty() {
                self.app.live.open();
            }
        }
        let _ = self.fault.try_set(None);
        let _ = self.stale.try_set(false);
        let Some(mut next) = self.next.try_get_untracked() else { return };
        let _ = self.rows.try_update(|rows| {
            if first {
                renew(rows, &mut next, page, |row, edge| {
                    (row.changed_at, row.id) < (edge.changed_at, edge.id)
                });
            } else {
                rows.extend(page.rows);
                next = page.next;
            }
        });
        let _ = self.next.try_set(next);
    }
}

/// The page.
#[must_use]
pub fn page() -> El {
    let list = Rows::open();
    let cards = move || {
        Some(match list.fault.get() {
            _ if list.rows.with(|rows| !rows.is_empty()) => {
                list.rows.with(|rows| el("ul", "rows card").each(rows.iter().map(row)))
            }
            _ if list.loading.get() => el("p", "soft empty").text(t().app_loading),
            Some(why) => el("p", "soft empty").text(t().mine_failed).text(" ").text(&why),
            None => el("p", "soft empty").child(icon("lark")).text(t().mine_empty),
        })
    };
    let more = move || more("btn ghost", list.next, move |after| list.read(Some(after)));
    let again =
        move || list.fault.get().map(|_| button("btn ghost", move || list.read(None)).text(t().app_retry));
    let head = el("header", "bar")
        .child(el("h1", "bar-title").text(t().mine_title))
        .child(el("div", "bar-end").child(gear()));
    el("div", "").child(head).child(
        el("div", "page")
            .dynamic(waiting::list)
            .child(ledger())
            .dynamic(|| platform().scanner())
            .dynamic(cards)
            .dynamic(more)
            .dynamic(again),
    )
}

/// The way to the ledger, which is a program of its own.
fn ledger() -> El {
    el("a", "note")
        .attr("href", "/ledger")
        .test("ledger")
        .child(icon("star"))
        .child(el("b", "grow").text(t().mine_ledger))
        .child(icon("next"))
}

/// One of my cases in a list.
#[must_use]
pub fn row(case: &CaseRow) -> El {
    let language = messages::language();
    let label = |label: &Label| label.in_language(language).to_owned();
    let title = match &case.category {
        _ if !case.words.is_empty() => case.words.clone(),
        Some(category) => label(category),
        None => messages::kind_short(case.kind).to_owned(),
    };
    let place = case.place.as_ref().map(|place| label(place) + " · ").unwrap_or_default();
    let promise =
        case.promised_at.filter(|_| !ended(case.state)).map(|at| t().case_promise_before(&when::moment(at)));
    let joined = (case.relation == Relation::Joiner).then(|| span("tag", t().mine_joined));
    let news = moved(case).then(|| span("tag news", t().mine_moved).test("moved"));
    let thumb = match case.photo {
        Some(hash) => picture("thumb", &path::photo(case.id, hash, PhotoSize::Thumb)).attr("loading", "lazy"),
        None => span("thumb", "").attr("data-kind", case.kind.code()).child(bird("glyph", case.kind)),
    };
    let body = span("row-body", "")
        .child(el("b", "clip").text(&title))
        .child(span("soft clip", &(place + &when::ago(case.received_at))))
        .child(span("", "").child(pill(case.state, promise)).maybe(joined).maybe(news));
    let line = link("row", Route::Case(case.id)).test("case").attr("data-state", case.state.code());
    el("li", "").child(line.child(thumb).child(body))
}

/// A picture that says nothing the words beside it do not say.
#[must_use]
pub fn picture(class: &str, address: &str) -> El {
    // Off line, a picture that does not come leaves its ground instead of a broken sign.
    let picture = el("img", class).attr("alt", "").attr("src", address);
    let node = picture.node().clone();
    picture.on("error", move |_| drop(node.remove_attribute("src")))
}

fn ended(state: State) -> bool {
    state.is_final() || matches!(state, State::Closed | State::Published)
}
