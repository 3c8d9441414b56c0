//! One case: its photos, where it stands, the promised time and why it moved, and what happened. Live while open; once
//! closed, its resident has the last word.

use super::contest::Contest;
use super::rating::Rating;
use super::{gallery, mine, report, slider};
use crate::app::{App, use_app};
use crate::device;
use crate::router::{Route, link};
use crate::shell::bar;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{CaseId, Kind, State, Visibility};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::map::{self, Mark};
use woodlark_ui::parts::{bird, icon, pill, timeline};
use woodlark_ui::{Fault, api, messages, sheet, t, when};
use woodlark_wire::{CaseView, Label, ProblemCode, PromiseMove, PromiseView, path};

/// The page.
#[must_use]
pub fn page(id: CaseId) -> El {
    let app = use_app();
    let case = RwSignal::new(None::<CaseView>);
    let fault = RwSignal::new(None::<Fault>);
    app.live.open();
    mine::look_at(id);
    effect(Box::new(move || {
        app.live.track();
        app.online.track();
        spawn_local(read(id, case, fault));
    }));
    let number = span("soft figure", "").says(move || {
        case.with(|case| case.as_ref().map(|case| case.number.to_string()).unwrap_or_default())
    });
    let stale = move || {
        (fault.with(Option::is_some) && case.with(Option::is_some))
            .then(|| el("p", "soft stale").text(t().case_offline))
    };
    let (rating, contest) = (Rating::new(id, case), Contest::new(id, case));
    let body = move || {
        Some(case.with(|case| match case {
            Some(case) => whole(app, case, rating, contest),
            None => fault.with(|fault| absent(app, fault.as_ref())),
        }))
    };
    let page = el("div", "page").dynamic(stale).dynamic(body).child(contest.sheet());
    el("div", "").child(bar(t().case_title, Some(number))).child(page)
}

async fn read(id: CaseId, case: RwSignal<Option<CaseView>>, fault: RwSignal<Option<Fault>>) {
    match api::get::<CaseView>(&path::case(id)).await {
        Ok(read) => {
            let _ = fault.try_set(None);
            // The same version again leaves the page as it is, with its scroll and its open photo; an earlier one was
            // asked for before the resident's own word was taken.
            let known = case.try_with_untracked(|case| case.as_ref().map_or(0, |case| case.version));
            if known.is_some_and(|known| known < read.version) {
                case.set(Some(read));
            }
        }
        Err(why) => drop(fault.try_set(Some(why))),
    }
}

/// What stands there without a case: it comes, it is not there, or it cannot be read.
fn absent(app: App, fault: Option<&Fault>) -> El {
    let Some(fault) = fault else { return el("p", "soft empty").text(t().app_loading) };
    let empty = el("div", "empty");
    if matches!(fault.code(), Some(ProblemCode::NotFound | ProblemCode::NotSignedIn)) {
        let words = el("b", "").text(t().case_missing);
        return empty
            .test("missing")
            .child(icon("search"))
            .child(words)
            .child(el("p", "soft").text(t().case_missing_hint));
    }
    empty
        .child(icon("cloud-off"))
        .child(el("b", "").text(t().case_offline))
        .child(el("p", "soft").text(&fault.words()))
        .child(button("btn ghost", move || app.live.notice()).text(t().app_retry))
}

fn label(label: &Label) -> String {
    label.in_language(messages::language()).to_owned()
}

fn whole(app: App, case: &CaseView, rating: Rating, contest: Contest) -> El {
    let may = |command: &str| case.allowed.iter().any(|allowed| allowed == command);
    let steps = el("section", "card").attr("aria-labelledby", "steps").child(
        el("div", "card-head")
            .child(el("h2", "").attr("id", "steps").text(t().case_steps))
            .child(span("soft", t().case_live)),
    );
    let slider = slider::slider(case);
    // Two photos that lie under the slider need not stand beside each other too.
    let all_seen = slider.is_some() && case.photos.len() == 2;
    let rating = may("rate").then(|| rating.section(case.my_rating));
    el("div", "stack")
        .maybe(slider)
        .maybe(if all_seen { None } else { gallery::gallery(case) })
        .child(head(case))
        .maybe(case.merged_into.map(goes_on))
        .maybe(case.promise.as_ref().map(promise))
        .child(steps.child(timeline(&case.steps)).maybe(rating))
        .maybe(praise(app, case))
        .maybe(may("contest").then(|| contest.button()))
        .maybe(where_it_is(app, case))
        .maybe(may("withdraw").then(|| withdraw(app, case.id)))
}

fn head(case: &CaseView) -> El {
    let title = case.category_name.as_ref().map_or_else(|| messages::kind_short(case.kind).to_owned(), label);
    let place: Vec<String> =
        case.area_name.as_ref().map(label).into_iter().chain(case.place_words.clone()).collect();
    let fact = |symbol: &str, words: &str| el("p", "soft fact").child(icon(symbol)).child(span("", words));
    let department =
        case.department_name.as_ref().map(|name| [t().case_department, " · ", &label(name)].concat());
    let joiners = (case.joiners > 0).then(|| t().case_joiners(&case.joiners.to_string()));
    let private = case.visibility == Visibility::Private;
    let voice = case.voice.as_ref().map(|voice| {
        let player =
            el("audio", "").flag("controls", true).attr("preload", "none").attr("aria-label", t().case_voice);
        player.attr("src", &path::voice(case.id, voice.hash))
    });
    el("section", "card")
        .test("case-head")
        .attr("data-state", case.state.code())
        .child(el("div", "card-head").child(el("h2", "").text(&title)).child(pill(case.state, None)))
        .maybe((!case.words.is_empty()).then(|| el("p", "said").text(&case.words)))
        .maybe(voice)
        .maybe((!place.is_empty()).then(|| fact("pin-line", &place.join(" · "))))
        .maybe(department.map(|words| fact("people", &words)))
        .maybe(joiners.map(|words| fact("people", &words)))
        .maybe(private.then(|| fact("lock", t().case_private)))
}

/// Where a merged case goes on: its reader follows that one from now on.
fn goes_on(into: CaseId) -> El {
    let words =
        el("div", "grow").child(el("b", "").text(t().case_merged)).child(span("soft", t().case_merged_hint));
    el("section", "card promise-card")
        .child(icon("people"))
        .child(words)
        .child(link("btn small", Route::Case(into)).test("goes-on").text(t().case_merged_go))
}

fn promise(promise: &PromiseView) -> El {
    let moves = el("ul", "").each(promise.moves.iter().map(moved));
    let why = (!promise.moves.is_empty())
        .then(|| el("details", "moves").child(el("summary", "").text(t().case_moved)).child(moves));
    let by = el("b", "figure").text(&t().case_promise_before(&when::moment(promise.at)));
    let words = el("div", "grow")
        .child(span("soft", t().case_promise))
        .child(by)
        .maybe(promise.overdue.then(|| span("late", t().case_overdue)))
        .maybe(why);
    let card = el("section", "card promise-card")
        .test("promise")
        .attr("data-late", if promise.overdue { "true" } else { "false" });
    card.child(icon("clock")).child(words)
}

fn moved(moved: &PromiseMove) -> El {
    let times = t().case_moved_row(&when::moment(moved.from), &when::moment(moved.to));
    let reason = moved.reason.as_ref().map(|why| el("q", "step-words").text(why));
    el("li", "").child(el("b", "").text(messages::step(&moved.by))).child(span("soft", &times)).maybe(reason)
}

/// Fixed: those who did it are glad to hear it. Who is not content is not asked.
fn praise(app: App, case: &CaseView) -> Option<El> {
    let fixed = case.kind == Kind::Problem && matches!(case.state, State::Closed | State::Settled);
    let department = case.department_name.as_ref().filter(|_| fixed).map(label)?;
    if case.my_rating.is_some_and(|stars| stars < 3) {
        return None;
    }
    let words =
        el("div", "grow").child(el("b", "").text(t().praise_title)).child(span("soft", t().praise_hint));
    let go = move || {
        report::begin_with(t().praise_words(&department));
        app.router.go(Route::Report(Some(Kind::Praise)));
    };
    let card = el("section", "note praise-card").child(bird("glyph", Kind::Praise)).child(words);
    Some(card.child(button("btn small", go).test("praise").text(t().praise_go)))
}

fn where_it_is(app: App, case: &CaseView) -> Option<El> {
    let mark = Mark { at: case.position?, accuracy_m: case.accuracy_m };
    app.want_city();
    let picture = move || app.city.with(|city| city.as_ref().map(|city| map::still(city, mark)));
    Some(el("section", "card map-card").dynamic(picture))
}

fn withdraw(app: App, id: CaseId) -> El {
    let asked = RwSignal::new(false);
    let why = RwSignal::new(None::<String>);
    let go = move || {
        spawn_local(async move {
            let key = device::new_id().to_string();
            match api::send("POST", &path::withdraw(id), &key, None).await {
                Ok(_) => app.live.notice(),
                Err(fault) => drop(why.try_set(Some(fault.words()))),
            }
        });
    };
    let trouble = move || {
        why.get()
            .map(|why| el("p", "trouble").attr("role", "alert").child(icon("alert")).child(span("", &why)))
    };
    let ask = button("btn plain", move || sheet::open(asked)).test("withdraw").text(t().case_withdraw);
    el("div", "stack").dynamic(trouble).child(ask).child(sheet::confirm(
        asked,
        t().case_withdraw_ask,
        t().case_withdraw_body,
        t().case_withdraw_yes,
        go,
    ))
}
