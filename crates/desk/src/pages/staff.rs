//! Who works here: invite, see, end.

use super::me::role_words;
use super::staff_list;
use crate::app::use_desk;
use crate::messages::{self, d, name};
use crate::widget::{Trouble, field, form, input, select, submit, trouble};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::policy::Action;
use woodlark_domain::staff::ROLES;
use woodlark_domain::{AreaCode, DepartmentCode, Role};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::tone_pill;
use woodlark_ui::{Fault, api, json, sheet};
use woodlark_wire::{InvitationLink, NewStaff, StaffRole, StaffState, StaffView, path};

/// The page.
#[must_use]
pub fn page() -> El {
    let desk = use_desk();
    let members = RwSignal::new(Vec::<StaffView>::new());
    let read = move || {
        spawn_local(async move {
            if let Ok(found) = api::get(path::DESK_STAFF).await {
                let _ = members.try_set(found);
            }
        });
    };
    read();
    let list = move || {
        Some(
            el("ul", "rows card")
                .each(members.with(|all| all.iter().map(|one| row(one, read)).collect::<Vec<_>>())),
        )
    };
    el("div", "desk-page stack")
        .child(el("h1", "").text(d().staff_title))
        .maybe(desk.may(Action::EditStaff).then(|| invite(read)))
        .maybe(desk.may(Action::EditStaff).then(|| staff_list::section(read)))
        .dynamic(list)
}

fn row(member: &StaffView, read: impl Fn() + Copy + 'static) -> El {
    let desk = use_desk();
    let id = member.user_id;
    let (tone, words) = match member.state {
        StaffState::Invited => ("open", d().staff_invited),
        StaffState::Active => ("good", d().staff_active),
        StaffState::Ended => ("rest", d().staff_ended),
    };
    let roles: Vec<String> = member.roles.iter().map(role_words).collect();
    let asked = RwSignal::new(false);
    let end = move || {
        spawn_local(async move {
            if let Err(fault) = api::send("DELETE", &path::desk_member(id), &new_id().to_string(), None).await
            {
                desk.said.set(desk.heard(&fault));
            }
            read();
        });
    };
    let may_end = member.state != StaffState::Ended && desk.may(Action::EditStaff);
    let button = may_end.then(|| {
        el("div", "")
            .child(
                button("btn small ghost", move || sheet::open(asked)).test("end-staff").text(d().staff_end),
            )
            .child(sheet::confirm(asked, d().staff_end_ask, d().staff_end_body, d().staff_end, end))
    });
    let body = span("row-body", "")
        .child(el("b", "").text(&[&member.name, " · ", &member.login].concat()))
        .child(span("soft", &roles.join("；")));
    el("li", "row").test("member").child(body).child(tone_pill(tone, words)).maybe(button)
}

fn invite(read: impl Fn() + Copy + 'static) -> El {
    let new = || RwSignal::new(String::new());
    let (person, login, role, department, town) =
        (new(), new(), RwSignal::new(Role::Acceptor.code().to_owned()), new(), new());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), new());
    let link = RwSignal::new(None::<InvitationLink>);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let roles = Role::from_code(&role.get_untracked()).map(|role| StaffRole {
            role,
            department: DepartmentCode::new(department.get_untracked()).ok(),
            area: AreaCode::new(town.get_untracked()).ok(),
        });
        let new = NewStaff {
            name: person.get_untracked(),
            login: login.get_untracked(),
            roles: roles.into_iter().collect(),
        };
        spawn_local(async move {
            match put(&new).await {
                Ok(made) => {
                    link.set(Some(made));
                    said.set(String::new());
                    person.set(String::new());
                    login.set(String::new());
                    read();
                }
                Err(fault) => said.set(fault.told()),
            }
            busy.set(false);
        });
    };
    let made = move || {
        link.get().map(|link| {
            let whole = [&window().location().origin().unwrap_or_default(), link.path.as_str()].concat();
            el("div", "note").child(
                el("div", "grow")
                    .child(el("b", "").text(d().staff_link))
                    .child(el("code", "secret").test("invitation-link").text(&whole))
                    .child(el("p", "soft").text(d().staff_link_hint)),
            )
        })
    };
    let roles =
        || ROLES.iter().map(|role| (role.code().to_owned(), messages::role(*role).to_owned())).collect();
    el("section", "card stack")
        .child(el("h2", "").text(d().staff_invite))
        .child(
            form("fields", send)
                .child(field("person", d().staff_name, input("text", person)))
                .child(field(
                    "new-login",
                    d().staff_login,
                    input("text", login).attr("autocapitalize", "none"),
                ))
                .child(field("role", d().staff_role, select(roles, role)))
                .child(field("department", d().case_department, select(departments, department)))
                .child(field("town", d().staff_area, select(towns, town)))
                .child(submit("btn small", d().staff_invite, busy).test("invite")),
        )
        .child(trouble(said))
        .dynamic(made)
}

/// The departments to choose from, and none.
pub fn departments() -> Vec<(String, String)> {
    let none = (String::new(), d().filter_any.to_owned());
    let all = use_desk().directory.with(|directory| {
        let departments = directory.as_ref().map_or(&[][..], |directory| &directory.departments);
        departments.iter().map(|one| (one.code.to_string(), name(&one.name))).collect::<Vec<_>>()
    });
    std::iter::once(none).chain(all).collect()
}

/// The towns to choose from, and none.
pub fn towns() -> Vec<(String, String)> {
    let none = (String::new(), d().filter_everywhere.to_owned());
    let all = use_desk().directory.with(|directory| {
        let areas = directory.as_ref().map_or(&[][..], |directory| &directory.areas);
        let towns = areas.iter().filter(|area| area.level == AreaLevel::Town);
        towns.map(|one| (one.code.to_string(), name(&one.name))).collect::<Vec<_>>()
    });
    std::iter::once(none).chain(all).collect()
}

async fn put(new: &NewStaff) -> Result<InvitationLink, Fault> {
    let body = json::write(new).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path::DESK_STAFF, &new_id().to_string(), Some(&body)).await?)
}
