//! Orders that wait on this device, and those that came back: what was ordered, written and photographed, why it is not
//! done yet, and what can be done about it.

use crate::app::use_desk;
use crate::messages::{self, d};
use crate::order::{OrderPhoto, Record};
use crate::router::{Route, link};
use leptos::prelude::untrack;
use wasm_bindgen_futures::spawn_local;
use web_sys::Url;
use woodlark_domain::queue::Queue;
use woodlark_domain::{CaseId, ContentHash};
use woodlark_outbox::{Stage, shelf};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{sheet, t, when};

/// What waits or came back of whoever is at the desk, and a word on what is others'. Tracked.
#[must_use]
pub fn list() -> Option<El> {
    let (mine, others) = use_desk().outbox.records.with(|records| {
        let mine = |record: &&Record| is_slow(record, records) && record.manifest.is_mine();
        let others = records.iter().filter(|record| is_open(record) && !record.manifest.is_mine()).count();
        (
            records.iter().filter(mine).map(|one| card(one, one.is_free(records), true)).collect::<Vec<_>>(),
            others,
        )
    });
    let others = (others > 0)
        .then(|| el("p", "soft").test("others-orders").text(&d().errand_others(&others.to_string())));
    if mine.is_empty() && others.is_none() {
        return None;
    }
    Some(section(mine).maybe(others))
}

/// The same of one case, but for the order that its form holds already. What came back can be given anew only where the
/// case can still be seen. Tracked.
#[must_use]
pub fn of_case(case: CaseId, in_form: Option<CaseId>, seen: bool) -> Option<El> {
    let cards = use_desk().outbox.records.with(|records| {
        let shown = |record: &&Record| {
            record.manifest.case == case
                && Some(record.id) != in_form
                && is_slow(record, records)
                && record.manifest.is_mine()
        };
        let cards = records.iter().filter(shown).map(|one| card(one, one.is_free(records), seen));
        cards.collect::<Vec<_>>()
    });
    (!cards.is_empty()).then(|| section(cards))
}

fn section(cards: Vec<El>) -> El {
    el("section", "waiting stack").attr("aria-label", d().errand_title).each(cards)
}

/// How many orders on this device are not done, whoever gave them. Tracked.
#[must_use]
pub fn count() -> usize {
    use_desk().outbox.records.with(|records| records.iter().filter(|record| is_open(record)).count())
}

/// The commands that wait for a case, the first to go first, but for one that a form still follows. Tracked.
#[must_use]
pub fn commands(case: CaseId, followed: Option<CaseId>) -> Vec<String> {
    let waits = |record: &&Record| {
        record.is_waiting()
            && Some(record.id) != followed
            && record.manifest.case == case
            && record.manifest.is_mine()
    };
    use_desk()
        .outbox
        .records
        .with(|all| all.iter().filter(waits).map(|one| one.manifest.command.clone()).collect())
}

fn is_open(record: &Record) -> bool {
    record.is_waiting() || record.stage == Stage::NeedsAttention
}

/// What goes at once needs no card.
fn is_slow(record: &Record, all: &[Record]) -> bool {
    if !is_open(record) {
        return false;
    }
    record.stage == Stage::NeedsAttention
        || record.trouble.is_some()
        || !record.manifest.photos.is_empty()
        || !record.is_free(all)
}

fn card(record: &Record, free: bool, again: bool) -> El {
    let order = &record.manifest;
    let (tone, state, code) = match record.stage {
        Stage::NeedsAttention => ("bad", d().errand_back, "needs_attention"),
        Stage::Sending if record.trouble.is_none() => ("open", t().outbox_sending, "sending"),
        Stage::Draft | Stage::Queued | Stage::Sending | Stage::Accepted => {
            ("open", if free { t().outbox_queued } else { d().errand_behind }, "queued")
        }
    };
    let command = messages::order(&order.command).map_or("", |(words, _)| words);
    let head = el("div", "card-head")
        .child(tone_pill(tone, state))
        .child(el("b", "").text(command))
        .child(link("figure", here(order.case)).text(order.number.as_str()));
    let photos = (!order.photos.is_empty()).then(|| el("ul", "tiles").each(order.photos.iter().map(photo)));
    el("article", "card waiting-order")
        .test("waiting-order")
        .attr("data-state", code)
        .attr("data-command", &order.command)
        .child(head)
        .maybe((!order.words.is_empty()).then(|| el("p", "said").text(&order.words)))
        .maybe(photos)
        .child(span("soft", &d().errand_given(&when::moment(order.given_at))))
        .maybe(trouble(record))
        .maybe(actions(record, free, again))
}

fn trouble(record: &Record) -> Option<El> {
    let trouble = record.trouble.as_ref()?;
    let next = (record.stage != Stage::NeedsAttention)
        .then(|| span("soft", &[" ", &t().sent_next_try(&when::moment(record.next_at))].concat()));
    Some(
        el("p", "trouble")
            .test("order-trouble")
            .child(icon("alert"))
            .child(span("", &trouble.words).maybe(next)),
    )
}

fn actions(record: &Record, free: bool, again: bool) -> Option<El> {
    let desk = use_desk();
    if record.stage != Stage::NeedsAttention {
        let now = button("btn small ghost", move || desk.outbox.wake()).test("send-now").text(t().sent_now);
        return free.then(|| el("div", "row-end").child(now));
    }
    let (id, case) = (record.id, record.manifest.case);
    let asked = RwSignal::new(false);
    let kept = record.clone();
    let anew = || {
        button("btn small", move || {
            desk.again.set(Some(kept.clone()));
            desk.router.go(here(case));
            desk.live.notice();
        })
    };
    let drop = button("btn small plain", move || sheet::open(asked)).test("let-go").text(d().errand_let_go);
    let row =
        el("div", "row-end").child(drop).maybe(again.then(|| anew().test("again").text(d().errand_again)));
    let let_go = move || spawn_local(desk.outbox.remove(id));
    let ask = sheet::confirm(asked, d().errand_let_go_ask, d().errand_let_go_body, d().errand_let_go, let_go);
    Some(el("div", "").child(row).child(ask))
}

/// The case, beside the list of now.
fn here(case: CaseId) -> Route {
    let queue = match untrack(|| use_desk().router.now()) {
        Route::Work(queue, _) => queue,
        Route::Invitation
        | Route::Figures
        | Route::Board
        | Route::Audit
        | Route::City(_)
        | Route::Rewards(_)
        | Route::Kiosks
        | Route::Staff
        | Route::Me => None,
    };
    Route::Work(Some(queue.unwrap_or(Queue::All)), Some(case))
}

/// A photo of an order, and how far it has gone.
fn photo(photo: &OrderPhoto) -> El {
    let (hash, there) = (photo.hash, photo.kept.is_some());
    let url = RwSignal::new(None::<String>);
    spawn_local(async move {
        let address = shelf::file(hash).await.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        let _ = url.try_set(address);
    });
    let picture = move || url.get().map(|url| el("img", "").attr("src", &url).attr("alt", t().case_after));
    el("li", "tile").test("order-photo").dynamic(picture).dynamic(move || gone(hash, there))
}

/// How far a photo has gone, once it goes. Tracked.
#[must_use]
pub fn gone(hash: ContentHash, there: bool) -> Option<El> {
    let known = |all: &Vec<_>| all.iter().find(|(known, _)| *known == hash).map(|(_, part)| *part);
    let part = if there { 1.0 } else { use_desk().outbox.progress.with(known)? };
    let bar = el("progress", "").attr("max", "1").attr("aria-hidden", "true");
    Some(bar.attr("value", &woodlark_ui::json::number(part)))
}
