//! Every entry, month by month, latest first; each opens its case.

use super::overview::{mark, signed, tone};
use crate::app::use_book;
use crate::messages::{b, cause, deed as deed_name, reason};
use crate::shell::words as told;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::{icon, more};
use woodlark_ui::{RwSignal, api, when};
use woodlark_wire::{LedgerEntry, LedgerView, Page, path};

/// The entries that came with the view, and those before them when they are asked for.
#[must_use]
pub fn section(view: &LedgerView) -> El {
    let rows = RwSignal::new(view.entries.clone());
    let next = RwSignal::new(view.next.clone());
    let fault = RwSignal::new(None::<String>);
    let read = move |before: String| {
        spawn_local(async move {
            match api::get::<Page<LedgerEntry>>(&path::ledger_entries(Some(&before))).await {
                Ok(page) => {
                    let _ = fault.try_set(None);
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| rows.extend(page.rows));
                    let told = rows.try_with_untracked(|rows| b().entries_shown(&rows.len().to_string()));
                    use_book().said.set(told.unwrap_or_default());
                }
                Err(why) => {
                    let _ = next.try_set(Some(before));
                    let _ = fault.try_set(Some(told(&why)));
                }
            }
        });
    };
    let more = move || more("btn ghost", next, read);
    let trouble = move || fault.get().map(|why| el("p", "trouble").attr("role", "alert").text(&why));
    el("section", "card entries")
        .child(el("h2", "").text(b().entries_title))
        .dynamic(move || Some(rows.with(|rows| months(rows))))
        .dynamic(trouble)
        .dynamic(more)
}

/// One list a month.
fn months(rows: &[LedgerEntry]) -> El {
    let month = |entry: &LedgerEntry| entry.at.map(|at| when::day(at.0).chars().take(7).collect::<String>());
    let lists = rows.chunk_by(|one, other| month(one) == month(other)).flat_map(|of_month| {
        let name = of_month.first().and_then(month).map(|name| {
            let (year, month) = name.split_once('-').unwrap_or_default();
            let (year, month) = (year.parse().unwrap_or_default(), month.parse().unwrap_or_default());
            el("h3", "month").text(&when::month(year, month))
        });
        [name, Some(el("ul", "rows").each(of_month.iter().map(entry)))].into_iter().flatten()
    });
    el("div", "").each(lists)
}

fn entry(entry: &LedgerEntry) -> El {
    let title = match (entry.cause.as_str(), entry.deed) {
        ("deed", Some(deed)) => deed_name(deed).to_owned(),
        ("reversal", Some(deed)) if entry.points > 0 => b().entry_put_back(deed_name(deed)),
        ("reversal", Some(deed)) => b().entry_reversal(deed_name(deed)),
        (other, _) => cause(other).to_owned(),
    };
    let when = entry.at.map(when::moment);
    let number = entry.case.as_ref().map(|case| case.number.clone());
    let about = when.into_iter().chain(number).collect::<Vec<_>>().join(" · ");
    let words = entry.case.as_ref().map(|case| case.words.as_str()).filter(|words| !words.is_empty());
    let capped = entry.worth.is_some_and(|worth| i64::from(worth) > entry.points);
    let why = entry.reason.as_deref().map(reason);
    let taken = entry
        .taken_back
        .as_ref()
        .map(|taken| span("tag late", &b().entry_taken_back(reason(&taken.reason))).test("taken-back"));
    let money = (entry.cash_due + entry.cash_paid != 0)
        .then(|| span("soft", &yuan(entry.cash_due + entry.cash_paid)));
    let body = span("row-body", "")
        .child(el("b", "").text(&title))
        .maybe(words.map(|words| span("said-short clip", words)))
        .child(span("soft", &about))
        .maybe(why.map(|why| span("soft", why)))
        .maybe(capped.then(|| span("soft", b().entry_capped)))
        .maybe(taken);
    let amount = span("amounts", "").child(span("figure amount", &signed(entry.points))).maybe(money);
    let drawn = match entry.deed {
        Some(deed) if entry.cause == "deed" => mark(deed),
        _ => span("mark", "").child(icon(if entry.cause == "unreadable" { "alert" } else { "turn" })),
    };
    let row = match &entry.case {
        Some(case) => {
            let address = ["/cases/", &case.id.to_string()].concat();
            el("a", "row").attr("href", &address).test("entry")
        }
        None => el("div", "row").test("entry"),
    };
    let row = row
        .attr("data-seq", &entry.seq.to_string())
        .attr("data-cause", &entry.cause)
        .flag("data-struck", entry.taken_back.is_some())
        .attr("data-kind", entry.deed.map_or("", tone));
    el("li", "").child(row.child(drawn).child(body).child(amount))
}
