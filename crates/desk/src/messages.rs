//! The desk's own texts, beside those that it shares with the residents' app.

use woodlark_domain::Language;
use woodlark_domain::queue::Queue;
use woodlark_domain::{Door, Role};
use woodlark_ui::messages::{fill, language};
use woodlark_wire::Label;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The desk's texts in the language of now.
#[must_use]
pub fn d() -> &'static Messages {
    match language() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// A name in the language of now.
#[must_use]
pub fn name(label: &Label) -> String {
    label.in_language(language()).to_owned()
}

/// What a queue is called.
#[must_use]
pub fn queue(queue: Queue) -> &'static str {
    let d = d();
    match queue {
        Queue::Accept => d.queue_accept,
        Queue::Dispatch => d.queue_dispatch,
        Queue::Handle => d.queue_handle,
        Queue::Verify => d.queue_verify,
        Queue::Overdue => d.queue_overdue,
        Queue::Thank => d.queue_thank,
        Queue::All => d.queue_all,
    }
}

/// What a door is called.
#[must_use]
pub fn door(door: Door) -> &'static str {
    let d = d();
    match door {
        Door::Browser => d.door_browser,
        Door::Form => d.door_form,
        Door::Wechat => d.door_wechat,
        Door::Kiosk => d.door_kiosk,
        Door::Open311 => d.door_open311,
        Door::Staff => d.door_staff,
    }
}

/// What a role is called where people are told what they may be.
#[must_use]
pub fn role(role: Role) -> &'static str {
    let d = d();
    match role {
        Role::Resident => d.role_resident,
        Role::Acceptor => d.role_acceptor,
        Role::Dispatcher => d.role_dispatcher,
        Role::Handler => d.role_handler,
        Role::Verifier => d.role_verifier,
        Role::Supervisor => d.role_supervisor,
        Role::Admin => d.role_admin,
        Role::System => d.role_system,
    }
}

/// What an order is called on its button, and the key that presses it; none for what staff do not order.
#[must_use]
pub fn order(command: &str) -> Option<(&'static str, &'static str)> {
    let d = d();
    Some(match command {
        "file" => (d.order_file, "f"),
        "decline" => (d.order_decline, "x"),
        "merge" => (d.order_merge, "m"),
        "dispatch" => (d.order_dispatch, "d"),
        "sign" => (d.order_sign, "s"),
        "return" => (d.order_return, "r"),
        "defer" => (d.order_defer, "w"),
        "resume" => (d.order_resume, "c"),
        "extend" => (d.order_extend, "e"),
        "finish" => (d.order_finish, "a"),
        "pass" => (d.order_pass, "p"),
        "rework" => (d.order_rework, "o"),
        "force_close" => (d.order_force_close, "q"),
        "publish" => (d.order_publish, "u"),
        "thank" => (d.order_thank, "t"),
        _ => return None,
    })
}
