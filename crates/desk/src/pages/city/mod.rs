//! The city's data: its parts with their versions, and the corrections that could become rules.

mod book;
pub(super) mod changes;
mod history;
mod part;
pub(super) mod preview;
mod row;
pub(super) mod upload;
mod words;

pub(crate) use upload::read as read_file;
pub(crate) use words::{deed_name, part as part_words};

use crate::app::use_desk;
use crate::messages::{d, name};
use crate::router::{Route, link};
use crate::widget::trouble;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::city::Part;
use woodlark_domain::policy::Action;
use woodlark_domain::queue::Queue;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{api, when};
use woodlark_wire::{CityParts, CitySource, PartVersionView, ProposalView, path};

/// The page: every part, or one of them.
#[must_use]
pub fn page(part: Option<Part>) -> El {
    part.map_or_else(overview, part::page)
}

/// When and by whom a version came to stand.
fn by(version: &PartVersionView) -> String {
    let who = version.by.as_deref().unwrap_or(d().city_program);
    d().city_by(&when::moment(version.at), who)
}

fn overview() -> El {
    let parts = RwSignal::new(None::<CityParts>);
    let said = RwSignal::new(String::new());
    let read = move || {
        spawn_local(async move {
            match api::get(path::DESK_CITY).await {
                Ok(found) => drop(parts.try_set(Some(found))),
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
        });
    };
    read();
    let cards = move || {
        parts.with(|found| {
            found.as_ref().map(|found| {
                let staff = use_desk().may(Action::ReadStaff).then(staff_card);
                el("div", "parts").each(found.parts.iter().map(card)).maybe(staff)
            })
        })
    };
    let proposals = move || {
        parts.with(|found| {
            let waiting =
                found.as_ref().map(|found| &found.proposals).filter(|waiting| !waiting.is_empty())?;
            let rows = waiting.iter().map(|one| proposal(one, said, read));
            Some(
                el("section", "card stack proposals")
                    .child(el("h2", "").text(d().proposal_title))
                    .child(el("p", "soft").text(d().proposal_lead))
                    .child(el("ul", "rows").each(rows)),
            )
        })
    };
    el("div", "desk-page wide stack")
        .child(el("h1", "").text(d().city_title))
        .child(el("p", "soft").text(d().city_lead))
        .child(trouble(said))
        .dynamic(proposals)
        .dynamic(cards)
}

fn card(version: &PartVersionView) -> El {
    let (title, is, symbol) = words::part(version.part);
    let numbers =
        [&d().city_version(&version.number.to_string()), " · ", &d().city_things(&version.rows.to_string())];
    link("card part-link", Route::City(Some(version.part)))
        .test("part")
        .attr("data-part", version.part.code())
        .child(span("part-icon", "").child(icon(symbol)))
        .child(
            el("div", "grow stacked")
                .child(el("h2", "").text(title))
                .child(span("soft", is))
                .child(
                    el("b", "part-numbers figure").text(&numbers.map(|text: &str| text.to_owned()).concat()),
                )
                .child(span("soft", &by(version))),
        )
}

fn staff_card() -> El {
    link("card part-link", Route::Staff).child(span("part-icon", "").child(icon("people"))).child(
        el("div", "grow stacked")
            .child(el("h2", "").text(d().city_staff))
            .child(span("soft", d().city_staff_is)),
    )
}

fn proposal(one: &ProposalView, said: RwSignal<String>, read: impl Fn() + Copy + 'static) -> El {
    let id = one.id;
    let category =
        one.category.as_ref().map_or_else(|| d().proposal_any_category.to_owned(), |one| name(&one.name));
    let area = one.area.as_ref().map_or_else(|| d().proposal_everywhere.to_owned(), |one| name(&one.name));
    let what = d().proposal_what(&area, &category, &name(&one.department.name));
    let how = if one.automatic { d().proposal_direct } else { d().proposal_by_person };
    let look = button("btn small", move || {
        book::want(CitySource::Proposal { id });
        use_desk().router.go(Route::City(Some(Part::Rules)));
    });
    let decline = button("btn small ghost", move || {
        spawn_local(async move {
            let path = path::desk_proposal_decline(id);
            if let Err(fault) = api::send("POST", &path, &new_id().to_string(), None).await {
                let _ = said.try_set(use_desk().heard(&fault));
            }
            read();
        });
    });
    let case =
        link("leaf", Route::Work(Some(Queue::All), Some(one.case))).text(&d().proposal_case(&one.number));
    let body = span("row-body", "")
        .child(el("b", "").text(&what))
        .child(span("soft", &[how, " · ", &d().city_by(&when::moment(one.at), &one.by)].concat()))
        .child(case);
    el("li", "row proposal").test("proposal").child(body).child(
        el("div", "version-acts")
            .child(decline.test("decline-proposal").text(d().proposal_decline))
            .child(look.test("look-proposal").text(d().proposal_look)),
    )
}
