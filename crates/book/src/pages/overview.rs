//! What the ledger comes to: points, this year's deeds, the months, badges, every entry, and the ways to check and keep it.

use super::entries;
use crate::chart;
use crate::check::badge as badge_of;
use crate::messages::{b, badge as badge_name, deed as deed_name};
use crate::router::{Route, link};
use crate::seen;
use crate::shell::{bar, loading, trouble, way, words};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::city::Deed;
use woodlark_domain::{Kind, Language};
use woodlark_ledger::badge::Badge;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::money::yuan;
use woodlark_ui::parts::{bird, icon};
use woodlark_ui::{Fault, RwSignal, api, messages};
use woodlark_wire::{LedgerBadge, LedgerShare, LedgerView, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let view = RwSignal::new(None::<Result<LedgerView, Fault>>);
    let read = move || {
        let _ = view.try_set(None);
        spawn_local(async move {
            let answer = api::get::<LedgerView>(path::LEDGER).await;
            if answer.as_ref().is_ok_and(|view| !view.account) {
                seen::forget();
            }
            let _ = view.try_set(Some(answer));
        });
    };
    read();
    let body = move || {
        Some(view.with(|view| match view {
            None => loading(),
            Some(Err(fault)) => trouble(fault, read),
            Some(Ok(view)) => shown(view),
        }))
    };
    el("div", "").child(bar(Route::Overview)).child(el("div", "page").dynamic(body))
}

fn shown(view: &LedgerView) -> El {
    let whole = el("div", "stack").child(points(view));
    if view.book.is_none() {
        return whole.child(how(view.account)).child(badges(view)).child(ways(view));
    }
    whole
        .child(thanks())
        .child(year(view))
        .child(badges(view))
        .child(entries::section(view))
        .child(ways(view))
}

/// The way to what points can become.
fn thanks() -> El {
    let way = way(link("way", Route::Thanks).test("to-thanks"), "star", b().thanks_title, b().thanks_hint);
    el("section", "card").child(way)
}

fn points(view: &LedgerView) -> El {
    let figures = el("div", "points-head")
        .child(el("h2", "points-name").text(b().points_mine))
        .child(el("p", "points-figure figure").test("points").text(&view.points.to_string()));
    let money = (view.cash_due != 0).then(|| el("p", "").text(&b().points_due(&yuan(view.cash_due))));
    let card = el("section", "points-card").child(figures).maybe(money);
    if view.book.is_none() {
        return card.child(el("p", "").text(b().points_none));
    }
    let deeds: u64 = view.deeds.iter().map(|one| one.count).sum();
    card.child(
        el("p", "").test("deeds-of-year").text(&b().points_year(&deeds.to_string(), &view.year.to_string())),
    )
    .child(chart::bars(&view.months))
    .child(
        el("details", "twin")
            .child(el("summary", "").test("months").text(b().months_open))
            .child(chart::table(&view.months)),
    )
    .child(share())
}

/// One's place among all, for those who ask: nothing is read before.
fn share() -> El {
    let said = RwSignal::new(None::<String>);
    let ask = move || {
        spawn_local(async move {
            let words = match api::get::<LedgerShare>(path::LEDGER_SHARE).await {
                Ok(LedgerShare { ahead_of: Some(0) }) => b().share_first.to_owned(),
                Ok(LedgerShare { ahead_of: Some(share) }) => b().share_ahead(&share.to_string()),
                Ok(LedgerShare { ahead_of: None }) => b().share_not_yet.to_owned(),
                Err(fault) => words(&fault),
            };
            let _ = said.try_set(Some(words));
        });
    };
    el("div", "share").attr("aria-live", "polite").dynamic(move || {
        Some(match said.get() {
            Some(words) => el("p", "").test("share").text(&words),
            None => button("share-ask", ask).test("share-ask").text(b().share_ask),
        })
    })
}

fn year(view: &LedgerView) -> El {
    let deeds = view.deeds.iter().map(|one| {
        let (count, points) = (one.count.to_string(), signed(one.points));
        el("li", "deed-sum")
            .test("deed-sum")
            .attr("data-kind", tone(one.deed))
            .child(mark(one.deed))
            .child(
                span("grow", "")
                    .child(el("b", "").text(deed_name(one.deed)))
                    .child(span("soft", &b().year_count(&count))),
            )
            .child(span("figure amount", &points))
    });
    let none = view.deeds.is_empty().then(|| el("p", "soft").text(b().year_none));
    el("section", "card")
        .child(el("h2", "").text(&b().year_title(&view.year.to_string())))
        .child(el("ul", "rows").each(deeds))
        .maybe(none)
}

fn badges(view: &LedgerView) -> El {
    let all = view.badges.iter().filter_map(|one| Some(badge(badge_of(&one.badge)?, one)));
    el("section", "card")
        .child(el("h2", "").text(b().badges_title))
        .child(el("ul", "badges").each(all))
        .child(el("p", "soft").text(b().badges_hint))
}

fn badge(badge: Badge, one: &LedgerBadge) -> El {
    let level = match one.level {
        0 => b().badges_level_0,
        1 => b().badges_level_1,
        2 => b().badges_level_2,
        _ => b().badges_level_3,
    };
    let next = match one.next {
        Some(next) if one.level == 0 => b().badges_first(&next.saturating_sub(one.deeds).to_string()),
        Some(next) => b().badges_next(&next.saturating_sub(one.deeds).to_string()),
        None => b().badges_all.to_owned(),
    };
    let drawn = match badge {
        Badge::Woodpecker => bird("glyph", Kind::Problem),
        Badge::Kingfisher => bird("glyph", Kind::Suggestion),
        Badge::Lark => bird("glyph", Kind::Praise),
        Badge::Watcher => icon("eye").attr("class", "glyph"),
    };
    el("li", "badge-of")
        .test("badge")
        .attr("data-badge", badge.code())
        .attr("data-level", &one.level.to_string())
        .attr("data-kind", tone_of(badge))
        .child(span("medal", "").child(drawn))
        .child(el("b", "").text(badge_name(badge)))
        .child(span("level", level))
        .child(span("soft", &next))
}

/// How deeds come about, for whoever has none yet.
fn how(account: bool) -> El {
    let line = |kind: Kind, words: &str| {
        el("li", "how").attr("data-kind", kind.code()).child(bird("glyph", kind)).child(span("", words))
    };
    let phone = (!account).then(|| {
        el("p", "soft")
            .text(b().empty_phone)
            .text(" ")
            .child(el("a", "leaf under").attr("href", "/settings").text(b().empty_settings))
    });
    el("section", "card how-card")
        .test("empty")
        .child(el("h2", "").text(b().empty_title))
        .child(el("p", "soft").text(b().empty_lead))
        .child(
            el("ul", "hows")
                .child(line(Kind::Problem, b().empty_problem))
                .child(line(Kind::Suggestion, b().empty_suggestion))
                .child(line(Kind::Praise, b().empty_praise)),
        )
        .child(el("a", "btn").attr("href", "/report").text(b().empty_report))
        .maybe(phone)
}

fn ways(view: &LedgerView) -> El {
    let lines = el("ul", "rows")
        .child(line(link("way", Route::Check).test("to-check"), "check", b().check_title, b().check_hint))
        .child(line(link("way", Route::Points).test("to-points"), "star", b().points_title, b().points_hint))
        .child(line(link("way", Route::Roots).test("to-roots"), "list", b().roots_title, b().roots_hint));
    let card = el("section", "card").child(el("h2", "unseen").text(b().ways_title)).child(lines);
    let whole = el("div", "stack").child(card);
    if view.book.is_none() { whole } else { whole.child(exports(view)) }
}

fn line(to: El, symbol: &str, name: &str, hint: &str) -> El {
    el("li", "").child(way(to, symbol, name, hint))
}

/// The ledger to take along: a table, a file that can be checked, and paper.
fn exports(view: &LedgerView) -> El {
    let language = match messages::language() {
        Language::Zh => "?lang=zh",
        Language::En => "?lang=en",
    };
    let file = |address: &str, name: &str| {
        el("a", "btn small ghost").attr("href", address).attr("download", "").text(name)
    };
    let statement = |year: u32| {
        let address = [&path::ledger_statement(year), language].concat();
        el("a", "btn small ghost").attr("href", &address).test("statement").text(&year.to_string())
    };
    let whole = el("a", "btn small ghost")
        .attr("href", &[path::LEDGER_STATEMENT, language].concat())
        .test("statement-all")
        .text(b().export_all);
    let files = el("div", "buttons")
        .child(file(&[path::LEDGER_CSV, language].concat(), b().export_csv).test("csv"))
        .child(file(path::LEDGER_JSON, b().export_json).test("json"));
    el("section", "card exports")
        .child(el("h2", "").text(b().export_title))
        .child(el("p", "soft").text(b().export_hint))
        .child(files)
        .child(el("h3", "").text(b().export_statement))
        .child(el("div", "buttons").each(view.years.iter().map(|year| statement(*year))).child(whole))
        .child(el("p", "soft").text(&b().export_hotline(&view.hotline)))
}

/// The tone of a deed: that of the badge it counts for.
#[must_use]
pub const fn tone(deed: Deed) -> &'static str {
    tone_of(Badge::of(deed))
}

/// The tone of a badge: that of the kind of report it is for.
const fn tone_of(badge: Badge) -> &'static str {
    match badge {
        Badge::Woodpecker => Kind::Problem.code(),
        Badge::Kingfisher => Kind::Suggestion.code(),
        Badge::Lark => Kind::Praise.code(),
        Badge::Watcher => "watcher",
    }
}

/// The mark of a deed: its bird, or people, or a star.
#[must_use]
pub fn mark(deed: Deed) -> El {
    let drawn = match deed {
        Deed::ProblemFiled => bird("glyph", Kind::Problem),
        Deed::SuggestionAdopted => bird("glyph", Kind::Suggestion),
        Deed::PraisePublished => bird("glyph", Kind::Praise),
        Deed::Joined => icon("people"),
        Deed::Rated => icon("star"),
    };
    span("mark", "").child(drawn)
}

/// With its sign: `+10`, `−3`; nothing is 0.
#[must_use]
pub fn signed(amount: i64) -> String {
    match amount {
        0 => "0".to_owned(),
        1.. => ["+", &amount.to_string()].concat(),
        _ => ["\u{2212}", &amount.unsigned_abs().to_string()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_their_sign() {
        assert_eq!([10, 0, -3].map(signed), ["+10", "0", "\u{2212}3"]);
    }
}
