//! The check in plain words: what was looked at, what came of it, what that proves and what it doesn't. What is broken is shown
//! for what it is: which entry, how, and what to do.

use crate::app::use_book;
use crate::check::{Checked, run};
use crate::messages::{b, broken};
use crate::router::{Route, link};
use crate::shell::{bar, trouble, way};
use wasm_bindgen_futures::spawn_local;
use woodlark_ledger::bytes::to_hex;
use woodlark_ledger::check::{Found, Part};
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, RwSignal};
use woodlark_wire::path;

/// How a line of the check came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Holds,
    Fails,
    Nothing,
}

/// The page. It checks at once: that is what it was opened for.
#[must_use]
pub fn page() -> El {
    let checked = RwSignal::new(None::<Result<Checked, Fault>>);
    let reached = RwSignal::new(0_u64);
    let check = move || {
        let _ = checked.try_set(None);
        let _ = reached.try_set(0);
        spawn_local(async move {
            let found = run(move |entries| {
                let _ = reached.try_set(entries);
            })
            .await;
            if let Ok(found) = &found {
                let words = if found.sound() { b().check_sound } else { b().check_unsound };
                use_book().said.set(words.to_owned());
            }
            let _ = checked.try_set(Some(found));
        });
    };
    check();
    let body = move || {
        Some(checked.with(|checked| match checked {
            None => el("div", "verdict").attr("data-mark", "busy").child(icon("clock")).child(
                el("p", "").says(move || match reached.get() {
                    0 => b().check_busy.to_owned(),
                    entries => b().check_busy_at(&entries.to_string()),
                }),
            ),
            Some(Err(fault)) => trouble(fault, check),
            Some(Ok(checked)) => shown(checked, check),
        }))
    };
    el("div", "")
        .child(bar(Route::Check))
        .child(el("div", "page").child(el("p", "soft").text(b().check_lead)).dynamic(body))
}

fn shown(checked: &Checked, again: impl Fn() + 'static) -> El {
    if checked.books.is_empty() && checked.sound() {
        return el("div", "empty card")
            .test("nothing")
            .child(icon("check"))
            .child(el("p", "soft").text(b().check_nothing));
    }
    let sound = checked.sound();
    let (mark, words) = if sound { ("check", b().check_sound) } else { ("alert", b().check_unsound) };
    let verdict = el("div", "verdict")
        .test("verdict")
        .attr("data-mark", if sound { "holds" } else { "fails" })
        .child(icon(mark))
        .child(el("h2", "").text(words));
    let last = checked.books.len();
    let books = (1_usize..).zip(&checked.books).map(|(number, (_, found))| {
        let name = (last > 1)
            .then(|| el("h2", "").text(if number == 1 { b().check_book_now } else { b().check_book_before }));
        let mut lines = lines(found, checked);
        if number == last {
            lines.push(sum(checked));
            lines.extend(lost(checked));
        }
        el("section", "card").maybe(name).child(el("ul", "checks").each(lines))
    });
    // A person without a book any more has only the book that is gone.
    let gone = checked
        .books
        .is_empty()
        .then(|| el("section", "card").child(el("ul", "checks").child(sum(checked)).maybe(lost(checked))));
    el("div", "stack")
        .child(verdict)
        .maybe((!sound).then(|| what_to_do(checked)))
        .each(books)
        .maybe(gone)
        .maybe(sound.then(|| limits(checked)))
        .child(way(link("note", Route::Roots), "list", b().roots_title, b().check_roots_hint))
        .child(button("btn ghost", again).test("again").text(b().check_again))
        .child(details(checked))
}

fn line(mark: Mark, test: &str, title: &str, proves: &str) -> El {
    let (symbol, code, said) = match mark {
        Mark::Holds => ("check", "holds", b().check_holds),
        Mark::Fails => ("cross", "fails", b().check_fails),
        Mark::Nothing => ("minus", "nothing", b().check_none),
    };
    el("li", "check-line").test(test).attr("data-mark", code).child(icon(symbol)).child(
        span("grow", "")
            .child(el("b", "").child(span("unseen", said)).text(" ").text(title))
            .child(span("soft", proves)),
    )
}

/// The four lines of a book.
fn lines(found: &Found, checked: &Checked) -> Vec<El> {
    let entries = found.entries.to_string();
    let chain = match found.broken {
        None => line(Mark::Holds, "chain", &b().chain_holds(&entries), b().chain_holds_proves),
        Some((place, why)) => line(Mark::Fails, "chain", &b().chain_fails(&place.to_string()), broken(why)),
    };
    let date = checked.newest.as_ref().map_or("", |root| root.date.as_str());
    let included = match found.included {
        Part::Holds((_, covered)) => {
            let later = found.entries.saturating_sub(covered);
            let proves = match later {
                0 => b().included_all.to_owned(),
                later => b().included_later(&later.to_string()),
            };
            line(Mark::Holds, "included", &b().included_holds(&covered.to_string(), date), &proves)
        }
        Part::Fails => line(Mark::Fails, "included", b().included_fails, b().included_fails_means),
        Part::Nothing => line(Mark::Nothing, "included", b().included_nothing, b().included_nothing_means),
    };
    let roots = match found.roots {
        Part::Holds(days) => {
            line(Mark::Holds, "roots", &b().days_hold(&days.to_string()), b().days_hold_proves)
        }
        Part::Fails => line(Mark::Fails, "roots", b().days_fail, b().days_fail_means),
        Part::Nothing => line(Mark::Nothing, "roots", b().days_nothing, b().days_nothing_means),
    };
    let unchanged = match found.unchanged {
        Part::Holds(entries) => {
            line(Mark::Holds, "unchanged", &b().seen_holds(&entries.to_string()), b().seen_holds_proves)
        }
        Part::Fails => line(Mark::Fails, "unchanged", b().seen_fails, b().seen_fails_means),
        Part::Nothing => line(Mark::Nothing, "unchanged", b().seen_nothing, b().seen_nothing_means),
    };
    vec![chain, included, roots, unchanged]
}

fn sum(checked: &Checked) -> El {
    let sum = checked.sum;
    let (points, deeds) = (sum.shown.to_string(), sum.deeds_shown.to_string());
    match sum.reckoned {
        _ if sum.holds() => line(Mark::Holds, "sum", &b().sum_holds(&deeds, &points), b().sum_holds_proves),
        Some(reckoned) => {
            let counted = sum.deeds_counted.to_string();
            let means = b().sum_fails_means(&counted, &deeds, &points, &reckoned.to_string());
            line(Mark::Fails, "sum", b().sum_fails, &means)
        }
        None => line(Mark::Fails, "sum", b().sum_fails, b().sum_unknown),
    }
}

fn lost(checked: &Checked) -> Option<El> {
    checked.lost.then(|| line(Mark::Fails, "lost", b().lost_title, b().lost_means))
}

/// What no check in one browser can prove.
fn limits(checked: &Checked) -> El {
    let words = if checked.newest.is_some() { b().limits_published } else { b().limits_unpublished };
    el("section", "card").child(el("h2", "").text(b().limits_title)).child(el("p", "soft").text(words))
}

fn what_to_do(checked: &Checked) -> El {
    let file = el("a", "btn small").attr("href", path::LEDGER_JSON).attr("download", "").text(b().do_file);
    let hotline = &checked.view.hotline;
    let call = (!hotline.is_empty()).then(|| {
        el("a", "btn small ghost").attr("href", &["tel:", hotline].concat()).text(&b().do_call(hotline))
    });
    el("section", "card do-card")
        .test("what-to-do")
        .child(el("h2", "").text(b().do_title))
        .child(el("p", "").text(b().do_words))
        .child(el("div", "buttons").child(file).maybe(call))
}

/// What somebody needs who checks it elsewhere.
fn details(checked: &Checked) -> El {
    let fact = |name: &str, value: &str| {
        el("div", "").child(el("dt", "soft").text(name)).child(el("dd", "").child(el("code", "").text(value)))
    };
    let books = checked.books.iter().flat_map(|(book, found)| {
        [fact(b().details_book, &to_hex(&book.0)), fact(b().details_head, &to_hex(&found.head.hash))]
    });
    let root = checked.newest.as_ref().map(|root| fact(&b().details_root(&root.date), &root.hash));
    el("details", "card")
        .child(el("summary", "").text(b().details_title))
        .child(el("p", "soft").text(b().details_how))
        .child(el("dl", "facts").each(books).maybe(root))
}
