//! The pay system's statement of a period, held against the ledger.

use super::send;
use crate::app::use_desk;
use crate::messages::d;
use crate::pages::city::read_file;
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::reconcile::{Difference, DifferenceKind};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::tone_pill;
use woodlark_wire::{Reconciled, Statement, path};

pub(super) fn section() -> El {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let found = RwSignal::new(None::<Reconciled>);
    let file = el("input", "").attr("type", "file").attr("accept", ".csv,text/csv").test("statement-file");
    let node: web_sys::HtmlInputElement = file.cast();
    let check = move || {
        let Some(chosen) = node.files().and_then(|files| files.get(0)) else {
            said.set(d().statement_no_file.to_owned());
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (from, to) = (from.get_untracked(), to.get_untracked());
        spawn_local(async move {
            let Some(csv) = read_file(&chosen).await else {
                said.set(d().fault_unreadable.to_owned());
                return busy.set(false);
            };
            let body = Statement { from, to, csv };
            match send::<_, Reconciled>(path::DESK_RECONCILE, &new_id().to_string(), &body).await {
                Ok(held) => {
                    said.set(String::new());
                    found.set(Some(held));
                }
                Err(fault) => {
                    found.set(None);
                    said.set(use_desk().heard(&fault));
                }
            }
            busy.set(false);
        });
    };
    let shown = move || {
        let held = found.get()?;
        let d = d();
        let alike = d.statement_alike(&held.alike.to_string(), &yuan(held.alike_fen));
        let sound = held.differences.is_empty() && held.unread.is_empty();
        let (tone, words) = if sound { ("good", d.statement_sound) } else { ("late", d.statement_differs) };
        let unread: Vec<String> = held.unread.iter().map(ToString::to_string).collect();
        let unread =
            (!unread.is_empty()).then(|| el("p", "trouble").text(&d.statement_unread(&unread.join(", "))));
        Some(
            el("div", "stack")
                .test("reconciled")
                .child(el("p", "").child(tone_pill(tone, words)).child(span("soft", &alike)))
                .maybe(unread)
                .child(el("ul", "rows").each(held.differences.iter().map(difference))),
        )
    };
    el("section", "card stack")
        .attr("aria-labelledby", "statement-title")
        .child(el("h2", "").attr("id", "statement-title").text(d().statement_title))
        .child(el("p", "soft").text(d().statement_lead))
        .child(
            form("fields", check)
                .child(field("statement-from", d().figures_from, input("date", from)))
                .child(field("statement-to", d().figures_to, input("date", to)))
                .child(field("statement-file", d().statement_file, file))
                .child(submit("btn small ghost", d().statement_check, busy).test("statement-check")),
        )
        .child(trouble(said))
        .dynamic(shown)
}

fn difference(one: &Difference) -> El {
    let d = d();
    let words = match one.kind {
        DifferenceKind::OnlyOurs => d.difference_only_ours,
        DifferenceKind::OnlyTheirs => d.difference_only_theirs,
        DifferenceKind::Sum => d.difference_sum,
        DifferenceKind::Twice => d.difference_twice,
    };
    let sum = |fen: Option<i64>| fen.map_or_else(|| "—".to_owned(), yuan);
    let sums = d.difference_sums(&sum(one.ours), &sum(one.theirs));
    let body = span("row-body", "")
        .child(el("b", "").text(words))
        .child(span("soft figure", &[&one.number, " · ", &sums].concat()));
    el("li", "row").test("difference").attr("data-kind", one.kind.code()).child(body)
}
