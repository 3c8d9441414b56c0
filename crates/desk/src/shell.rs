//! What surrounds the desk's pages: the queues at the side, or below on a phone; the page; the region that speaks.

use crate::app::{Seat, use_desk};
use crate::messages::{self, d};
use crate::pages;
use crate::router::{Route, link};
use crate::widget::key;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::UserId;
use woodlark_domain::policy::Action;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{sheet, t};
use woodlark_wire::DeskMe;

/// The whole screen: the desk, or the door to it.
#[must_use]
pub fn shell() -> El {
    let desk = use_desk();
    let spoken = el("p", "unseen").attr("role", "status").attr("aria-live", "polite");
    let inside = Memo::new(move |_| match (desk.router.now(), desk.seat.get()) {
        (Route::Invitation, _) => Where::Invitation,
        (Route::Board, _) => Where::Board,
        (_, Seat::Unknown) => Where::Waiting,
        (_, Seat::Nobody) => Where::Door,
        (_, Seat::Unreachable(_)) => Where::Unreachable,
        (_, Seat::Taken(me)) => Where::Inside(me.user_id),
    });
    el("div", "")
        .child(el("a", "skip").attr("href", "#main").text(t().app_skip))
        .dynamic(move || {
            Some(match inside.get() {
                Where::Invitation => pages::invitation::page(),
                Where::Board => pages::board::page(),
                Where::Waiting => el("p", "soft empty").text(t().app_loading),
                Where::Door => pages::sign_in::page(),
                Where::Unreachable => unreachable_page(),
                Where::Inside(_) => desk_page(),
            })
        })
        .child(spoken.says(move || desk.said.get()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Invitation,
    Board,
    Waiting,
    Door,
    Unreachable,
    /// Another at the same desk sees a desk of their own.
    Inside(UserId),
}

fn unreachable_page() -> El {
    let desk = use_desk();
    let words = move || if let Seat::Unreachable(words) = desk.seat.get() { words } else { String::new() };
    el("main", "door")
        .attr("id", "main")
        .child(icon("cloud-off"))
        .child(el("p", "").says(words))
        .child(button("btn ghost", move || desk.ask()).text(t().app_retry))
}

fn desk_page() -> El {
    let desk = use_desk();
    let Seat::Taken(me) = desk.seat.get_untracked() else { return el("div", "") };
    effect(Box::new(move || {
        desk.live.track();
        spawn_local(desk.count());
    }));
    effect(Box::new(move || {
        document().set_title(&[title(desk.router.now()), " · ", d().app_name].concat());
    }));
    // A queue stays as it is while the cases beside it change.
    let page = Memo::new(move |_| match desk.router.now() {
        Route::Work(queue, _) => Route::Work(Some(queue.unwrap_or_else(first_queue)), None),
        other @ (Route::Invitation
        | Route::Board
        | Route::Figures
        | Route::Audit
        | Route::City(_)
        | Route::Rewards(_)
        | Route::Kiosks
        | Route::Staff
        | Route::Me) => other,
    });
    let help = RwSignal::new(false);
    let main = el("main", "").attr("id", "main").attr("tabindex", "-1").dynamic(move || {
        Some(match page.get() {
            Route::Work(queue, _) => pages::work::page(queue.unwrap_or(Queue::All)),
            Route::Figures => pages::figures::page(),
            Route::Board => pages::board::page(),
            Route::Audit => pages::audit::page(),
            Route::City(part) => pages::city::page(part),
            Route::Rewards(book) => pages::rewards::page(book),
            Route::Kiosks => pages::kiosks::page(),
            Route::Staff => pages::staff::page(),
            Route::Me => pages::me::page(),
            Route::Invitation => pages::invitation::page(),
        })
    });
    let full = move || {
        let banner =
            || el("p", "banner").attr("data-kind", "full").attr("role", "status").child(icon("alert"));
        desk.outbox.full.get().then(|| banner().child(span("", t().app_full)))
    };
    let main = el("div", "desk-main").dynamic(full).child(pages::undo_line::line()).child(main);
    el("div", "desk").child(side(&me, help)).child(main).child(sheet::sheet(
        help,
        d().keys_title,
        false,
        keys,
    ))
}

/// The queue that a person's work begins with.
fn first_queue() -> Queue {
    let seat = use_desk().seat.get_untracked();
    let Seat::Taken(me) = seat else { return Queue::All };
    me.queues.first().copied().unwrap_or(Queue::All)
}

fn title(route: Route) -> &'static str {
    let d = d();
    match route {
        Route::Work(queue, _) => messages::queue(queue.unwrap_or_else(first_queue)),
        Route::Invitation => d.invitation_title,
        Route::Figures => d.figures_title,
        Route::Board => d.board_title,
        Route::Audit => d.audit_title,
        Route::City(None) => d.city_title,
        Route::City(Some(part)) => pages::city::part_words(part).0,
        Route::Rewards(None) => d.rewards_title,
        Route::Rewards(Some(_)) => d.book_title,
        Route::Kiosks => d.kiosk_title,
        Route::Staff => d.staff_title,
        Route::Me => d.me_title,
    }
}

fn side(me: &DeskMe, help: RwSignal<bool>) -> El {
    let desk = use_desk();
    let brand = el("p", "desk-brand")
        .child(bird("icon", woodlark_domain::Kind::Praise))
        .child(span("", d().app_name));
    let mine: Vec<Queue> = Queue::ALL.iter().copied().filter(|queue| me.queues.contains(queue)).collect();
    let queues = el("ul", "").each(mine.into_iter().map(|queue| el("li", "").child(entry(queue))));
    let page = |route: Route, words: &str, symbol: &str| {
        // A part of the city's data is a page below that of all of them.
        let at = move || match (desk.router.now(), route) {
            (Route::City(_), Route::City(_)) | (Route::Rewards(_), Route::Rewards(_)) => true,
            (now, route) => now == route,
        };
        link("desk-link", route)
            .bind("aria-current", move || at().then(|| "page".to_owned()))
            .child(icon(symbol))
            .child(span("", words))
    };
    let others = el("ul", "")
        .maybe(
            desk.may(Action::ReadFigures)
                .then(|| el("li", "").child(page(Route::Figures, d().figures_title, "chart"))),
        )
        .maybe(
            (desk.may(Action::ReadRewards) || desk.may(Action::HonourGift))
                .then(|| el("li", "").child(page(Route::Rewards(None), d().rewards_title, "star"))),
        )
        .maybe(
            desk.may(Action::ReadAudit)
                .then(|| el("li", "").child(page(Route::Audit, d().audit_title, "list"))),
        )
        .maybe(
            desk.may(Action::EditCity)
                .then(|| el("li", "").child(page(Route::City(None), d().city_title, "tag"))),
        )
        .maybe(
            desk.may(Action::KeepKiosks)
                .then(|| el("li", "").child(page(Route::Kiosks, d().kiosk_title, "pin-line"))),
        )
        .maybe(
            desk.may(Action::ReadStaff)
                .then(|| el("li", "").child(page(Route::Staff, d().staff_title, "people"))),
        )
        .child(el("li", "").child(page(Route::Me, &me.name, "gear")));
    let keys = button("desk-link desk-keys", move || sheet::open(help)).attr("data-key", "?").test("keys");
    el("nav", "desk-side")
        .attr("aria-label", t().tab_label)
        .child(brand)
        .child(queues)
        .child(others)
        .child(keys.child(key("?")).child(span("", d().keys_title)))
        .child(pages::undo_line::key_button())
}

fn entry(queue: Queue) -> El {
    let desk = use_desk();
    let here =
        move || matches!(desk.router.now(), Route::Work(now, _) if now.unwrap_or_else(first_queue) == queue);
    let count = move || {
        let counts = desk.counts.get();
        let count = counts.iter().find(|count| count.queue == queue)?;
        if count.waiting == 0 || queue == Queue::All {
            return None;
        }
        let words = if count.waiting >= 1000 { "999+".to_owned() } else { count.waiting.to_string() };
        let late = queue == Queue::Overdue;
        Some(span("desk-count", &words).flag("data-late", late).attr("aria-label", &d().queue_count(&words)))
    };
    link("desk-link", Route::Work(Some(queue), None))
        .test("queue")
        .attr("data-queue", queue.code())
        .bind("aria-current", move || here().then(|| "page".to_owned()))
        .child(span("grow", messages::queue(queue)))
        .dynamic(count)
}

fn keys() -> El {
    let row = |letter: &str, words: &str| {
        el("div", "").child(el("dt", "").child(key(letter))).child(el("dd", "").text(words))
    };
    let d = d();
    let list = el("dl", "keys")
        .child(row("↓ j", d.keys_next))
        .child(row("↑ k", d.keys_previous))
        .child(row("Enter", d.keys_open))
        .child(row("/", d.keys_search))
        .child(row("Esc", d.keys_close))
        .child(row("v", d.keys_select))
        .child(row("z", d.undo_title));
    let orders = [
        "file",
        "decline",
        "merge",
        "dispatch",
        "sign",
        "return",
        "defer",
        "resume",
        "extend",
        "finish",
        "pass",
        "rework",
        "publish",
        "thank",
        "force_close",
    ];
    list.each(
        orders.iter().filter_map(|order| messages::order(order)).map(|(words, letter)| row(letter, words)),
    )
}
