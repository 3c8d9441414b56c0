//! What was published of each day, for anyone; each is held against the day before while it is read.

use crate::messages::b;
use crate::router::Route;
use crate::shell::{bar, loading, trouble};
use crate::wired;
use wasm_bindgen_futures::spawn_local;
use woodlark_ledger::bytes::to_hex;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::parts::{icon, more};
use woodlark_ui::{Fault, RwSignal, api};
use woodlark_wire::{LedgerRoot, Page, path};

/// How a day stands to the day before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    First,
    Follows,
    Broken,
    /// The day before is on the next page.
    NotReadYet,
}

/// The page.
#[must_use]
pub fn page() -> El {
    let rows = RwSignal::new(None::<Vec<LedgerRoot>>);
    let next = RwSignal::new(None::<i64>);
    let fault = RwSignal::new(None::<Fault>);
    let read = move |before: Option<i64>| {
        let _ = fault.try_set(None);
        spawn_local(async move {
            match api::get::<Page<LedgerRoot>>(&path::ledger_roots(before)).await {
                Ok(page) => {
                    let _ = next.try_set(page.next.and_then(|next| next.parse().ok()));
                    let _ = rows.try_update(|rows| match rows {
                        Some(rows) if before.is_some() => rows.extend(page.rows),
                        _ => *rows = Some(page.rows),
                    });
                }
                Err(why) => {
                    let _ = next.try_set(before);
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    read(None);
    let body = move || {
        Some(match fault.get() {
            Some(why) => trouble(&why, move || read(None)),
            None => rows.with(|rows| match rows {
                None => loading(),
                Some(rows) if rows.is_empty() => el("div", "empty card")
                    .test("no-roots")
                    .child(icon("clock"))
                    .child(el("p", "soft").text(b().roots_none)),
                Some(rows) => shown(rows),
            }),
        })
    };
    let more = move || more("btn ghost", next, move |before| read(Some(before)));
    let machine = el("p", "soft")
        .text(b().roots_machine)
        .text(" ")
        .child(el("a", "leaf under").attr("href", path::LEDGER_ROOTS).text(b().roots_api));
    el("div", "").child(bar(Route::Roots)).child(
        el("div", "page")
            .child(el("p", "soft").text(b().roots_lead))
            .dynamic(body)
            .dynamic(more)
            .child(machine),
    )
}

fn shown(rows: &[LedgerRoot]) -> El {
    let before = rows.iter().skip(1).map(Some).chain([None]);
    let days = rows.iter().zip(before).map(|(root, before)| day(root, stands(root, before)));
    el("ol", "card rows days").each(days)
}

fn stands(root: &LedgerRoot, before: Option<&LedgerRoot>) -> Stands {
    // What is shown must come to the hash that is shown.
    let Some(of) = wired::root(root).filter(|of| to_hex(&of.hash()) == root.hash) else {
        return Stands::Broken;
    };
    match before.map(wired::root) {
        None if of.before == [0; 32] => Stands::First,
        None => Stands::NotReadYet,
        Some(Some(before)) if of.follows(&before) => Stands::Follows,
        Some(_) => Stands::Broken,
    }
}

fn day(root: &LedgerRoot, stands: Stands) -> El {
    let (mark, symbol, words) = match stands {
        Stands::First => ("holds", "check", b().roots_first),
        Stands::Follows => ("holds", "check", b().roots_follows),
        Stands::Broken => ("fails", "cross", b().roots_broken),
        Stands::NotReadYet => ("nothing", "minus", b().roots_not_read),
    };
    let (books, entries) = (root.books.to_string(), root.entries.to_string());
    el("li", "day-of")
        .test("root")
        .attr("data-mark", mark)
        .child(
            el("div", "day-head")
                .child(el("b", "figure").text(&root.date))
                .child(span("day-mark", "").child(icon(symbol)).text(words)),
        )
        .child(span("soft", &b().roots_counts(&books, &entries)))
        .child(el("code", "").text(&root.hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::Timestamp;
    use woodlark_ledger::root::DayRoot;

    fn wired(of: &DayRoot) -> LedgerRoot {
        LedgerRoot {
            adcode: "310120".to_owned(),
            day: of.day.into(),
            date: String::new(),
            books: of.books,
            entries: of.entries,
            tree: to_hex(&of.tree),
            before: to_hex(&of.before),
            hash: to_hex(&of.hash()),
            made_at: Timestamp(0),
        }
    }

    #[test]
    fn a_day_that_does_not_follow_is_told_from_one_whose_day_before_is_not_read_yet() {
        let one =
            DayRoot { adcode: *b"310120", day: 1, books: 1, entries: 1, tree: [1; 32], before: [0; 32] };
        let two = DayRoot { day: 2, tree: [2; 32], before: one.hash(), ..one };
        let (first, second) = (wired(&one), wired(&two));
        assert!(stands(&first, None) == Stands::First);
        assert!(stands(&second, Some(&first)) == Stands::Follows);
        assert!(stands(&second, None) == Stands::NotReadYet);
        assert!(stands(&second, Some(&second)) == Stands::Broken);
        let altered = LedgerRoot { books: 9, ..wired(&two) };
        assert!(stands(&altered, Some(&first)) == Stands::Broken, "its hash is of something else");
    }
}
