//! Oneself: what one may be, the browsers that one is signed in with, language and look.

use super::sign_in::languages;
use super::waiting;
use crate::app::{Seat, use_desk};
use crate::messages::{self, d, name};
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::{api, when};
use woodlark_wire::{StaffRole, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let desk = use_desk();
    let Seat::Taken(me) = desk.seat.get_untracked() else { return el("div", "") };
    let roles = el("ul", "").each(me.roles.iter().map(|role| el("li", "").text(&role_words(role))));
    let until = d().me_until(&when::moment(me.expires_at));
    let out = button("btn ghost", move || {
        desk.leave();
    });
    let waits = || {
        let count = waiting::count();
        (count > 0).then(|| el("p", "soft").text(&d().errand_stays(&count.to_string())))
    };
    el("div", "desk-page stack")
        .child(el("h1", "").text(&me.name))
        .child(
            el("section", "card stack")
                .child(el("h2", "").text(d().me_roles))
                .child(roles)
                .child(el("p", "soft").text(&until)),
        )
        .child(seats())
        .child(el("section", "card").child(languages()))
        .dynamic(waits)
        .child(out.test("sign-out").text(d().me_sign_out))
}

/// A role in words: what, of which department, where.
#[must_use]
pub fn role_words(role: &StaffRole) -> String {
    let desk = use_desk();
    let mut words = messages::role(role.role).to_owned();
    desk.directory.with(|directory| {
        let Some(directory) = directory else { return };
        let department = role
            .department
            .as_ref()
            .and_then(|code| directory.departments.iter().find(|one| one.code == *code));
        let area = role.area.as_ref().and_then(|code| directory.areas.iter().find(|one| one.code == *code));
        for label in department.map(|one| &one.name).into_iter().chain(area.map(|one| &one.name)) {
            words.push_str(" · ");
            words.push_str(&name(label));
        }
    });
    words
}

fn seats() -> El {
    let seats = RwSignal::new(Vec::<woodlark_wire::Seat>::new());
    let read = move || {
        spawn_local(async move {
            if let Ok(found) = api::get(path::DESK_SEATS).await {
                let _ = seats.try_set(found);
            }
        });
    };
    read();
    let row = move |seat: &woodlark_wire::Seat| {
        let id = seat.id;
        let end = button("btn small ghost", move || {
            spawn_local(async move {
                let _ = api::send("DELETE", &path::desk_seat(id), &new_id().to_string(), None).await;
                read();
            });
        });
        let about = [seat.address.as_str(), " · ", &when::ago(seat.seen_at)].concat();
        let what = if seat.board { d().board_title } else { &seat.agent };
        let body = span("row-body", "").child(el("b", "clip").text(what)).child(span("soft", &about));
        let end = if seat.this { span("soft", d().me_this) } else { end.test("end-seat").text(d().me_end) };
        el("li", "row").test("seat").child(body).child(end)
    };
    el("section", "card").child(el("h2", "").text(d().me_seats)).dynamic(move || {
        Some(el("ul", "rows").each(seats.with(|seats| seats.iter().map(row).collect::<Vec<_>>())))
    })
}
