//! Where a case was sent elsewhere than the rules would have: the offer to make a rule of it.

use super::Open;
use crate::app::use_desk;
use crate::messages::{d, name};
use crate::widget::{Trouble, field, form, select, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::{AreaCode, CategoryCode, DepartmentCode};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api};
use woodlark_wire::{CodeName, DeskCase, NewProposal, RuleOffer, path};

/// The offer, where there is one.
pub(super) fn offer(open: Open, case: &DeskCase) -> Option<El> {
    let offered = case.offer.clone()?;
    let first = |choices: &[CodeName]| choices.first().map(|one| one.code.clone()).unwrap_or_default();
    let category = RwSignal::new(first(&offered.categories));
    // A town is where a rule usually ends; a community would be one of many.
    let area = RwSignal::new(offered.areas.last().map(|one| one.code.clone()).unwrap_or_default());
    let direct = RwSignal::new("no".to_owned());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let kept = offered.clone();
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let wish = wish(&kept, &category.get_untracked(), &area.get_untracked(), &direct.get_untracked());
        spawn_local(async move {
            let sent = match wish {
                Some(wish) => propose(open, &wish).await,
                None => Err(Fault::NotOurs),
            };
            let _ = busy.try_set(false);
            match sent {
                Ok(()) => {
                    let desk = use_desk();
                    desk.said.set(d().proposal_sent.to_owned());
                    let _ = open.case.try_update(|case| {
                        if let Some(case) = case {
                            case.offer = None;
                        }
                    });
                }
                Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
            }
        });
    };
    let choices = |all: &[CodeName], any: &'static str| {
        let mut all: Vec<(String, String)> =
            all.iter().map(|one| (one.code.clone(), name(&one.name))).collect();
        all.push((String::new(), any.to_owned()));
        move || all.clone()
    };
    let yes_no = || {
        [("no", d().proposal_by_person), ("yes", d().proposal_direct)]
            .map(|(code, name)| (code.to_owned(), name.to_owned()))
            .to_vec()
    };
    let categories = choices(&offered.categories, d().proposal_any_category);
    let areas = choices(&offered.areas, d().proposal_everywhere);
    Some(
        form("card offer stack", send)
            .test("offer")
            .child(
                el("div", "offer-head").child(icon("next")).child(el("b", "grow").text(d().proposal_offer)),
            )
            .child(
                el("div", "fields")
                    .child(field("offer-category", d().proposal_category, select(categories, category)))
                    .child(field("offer-area", d().proposal_area, select(areas, area)))
                    .child(field(
                        "offer-direct",
                        name(&offered.department.name).as_str(),
                        select(yes_no, direct),
                    )),
            )
            .child(
                el("div", "order-row")
                    .child(submit("btn small ghost", d().proposal_send, busy).test("propose"))
                    .child(span("grow", "")),
            )
            .child(trouble(said)),
    )
}

fn wish(offered: &RuleOffer, category: &str, area: &str, direct: &str) -> Option<NewProposal> {
    Some(NewProposal {
        category: CategoryCode::new(category).ok(),
        area: AreaCode::new(area).ok(),
        department: DepartmentCode::new(offered.department.code.as_str()).ok()?,
        automatic: direct == "yes",
    })
}

async fn propose(open: Open, wish: &NewProposal) -> Result<(), Fault> {
    let body = serde_json::to_string(wish).map_err(|_| Fault::NotOurs)?;
    api::send("POST", &path::desk_propose(open.id), &new_id().to_string(), Some(&body)).await.map(drop)
}
