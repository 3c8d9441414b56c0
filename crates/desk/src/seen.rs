//! What a member of staff saw last, kept on this device for when there is no network: their lists, the cases that they
//! opened, the names. It is shown to nobody else, never after their session's last moment, and is gone when they sign out.

use crate::app::{Seat, use_desk};
use crate::messages::d;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use woodlark_domain::{Timestamp, UserId};
use woodlark_outbox::shelf::{self, SEEN};
use woodlark_ui::el::{El, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, json, when};
use woodlark_wire::{DeskMe, path};

/// How long something stays that was not read again.
const STAYS: i64 = 3 * Timestamp::DAY;

/// Under this name it stands that somebody left without a network.
const LEFT: &str = "left";

/// An answer as it was read.
#[derive(Serialize, Deserialize)]
struct Kept {
    by: UserId,
    at: Timestamp,
    text: String,
}

/// An answer, and of when it is if it is not of now.
pub struct Seen<T> {
    /// What was read.
    pub value: T,
    /// When, where the network gave nothing.
    pub as_of: Option<Timestamp>,
}

/// Reads an address; what was read of it before, where there is no network.
///
/// # Errors
/// [`Fault`] of the network where nothing is kept, and each refusal of the server.
pub async fn read<T: DeserializeOwned>(address: &str) -> Result<Seen<T>, Fault> {
    let fault = match api::get_text(address).await {
        Ok(text) => {
            let value = api::read(&text)?;
            if let Some(by) = here() {
                keep(by, address, text).await;
            }
            return Ok(Seen { value, as_of: None });
        }
        Err(fault) => fault,
    };
    if passes(&fault)
        && let Some(kept) = recall(address).await
        && Some(kept.by) == here()
    {
        return Ok(Seen { value: api::read(&kept.text)?, as_of: Some(kept.at) });
    }
    Err(fault)
}

/// Who is at the desk. Where the network gives no answer it is who was here last, until their session's last moment.
///
/// # Errors
/// As [`read`].
pub async fn who() -> Result<Seen<DeskMe>, Fault> {
    let fault = match api::get_text(path::DESK_SESSION).await {
        Ok(text) => {
            let me: DeskMe = api::read(&text)?;
            keep(me.user_id, path::DESK_SESSION, text).await;
            return Ok(Seen { value: me, as_of: None });
        }
        Err(fault) => fault,
    };
    if passes(&fault)
        && let Some(kept) = recall(path::DESK_SESSION).await
    {
        let me: DeskMe = api::read(&kept.text)?;
        if me.expires_at > when::now() {
            return Ok(Seen { value: me, as_of: Some(kept.at) });
        }
    }
    Err(fault)
}

/// Whether it is no answer of the server at all.
fn passes(fault: &Fault) -> bool {
    match fault {
        Fault::NoNetwork | Fault::NotOurs | Fault::Timeout => true,
        Fault::Status(status) => *status >= 500,
        Fault::Problem(problem) => problem.status >= 500,
    }
}

fn here() -> Option<UserId> {
    use_desk().seat.with_untracked(|seat| match seat {
        Seat::Taken(me) => Some(me.user_id),
        Seat::Unknown | Seat::Nobody | Seat::Unreachable(_) => None,
    })
}

async fn keep(by: UserId, address: &str, text: String) {
    let Ok(row) = json::write(&Kept { by, at: when::now(), text }) else { return };
    let key = address.to_owned();
    // What a full device refuses is read from the network alone.
    let _ = shelf::write(SEEN, Box::new(move |store| store.put_with_key(&row.into(), &key.into()))).await;
}

async fn recall(address: &str) -> Option<Kept> {
    let key = address.to_owned();
    let row = shelf::read(SEEN, Box::new(move |store| store.get(&key.into()))).await.ok()?;
    json::read(&row.as_string()?).ok()
}

/// The session is over: without the network nobody is let in here any more.
pub async fn lock_up() {
    // What cannot be deleted is held against the session's end all the same.
    let _ = shelf::write(SEEN, Box::new(|store| store.delete(&path::DESK_SESSION.into()))).await;
}

/// Everything goes, and that they left is remembered until the server has been told.
pub async fn forget() {
    let _ = shelf::write(SEEN, Box::new(|store| store.clear())).await;
    let _ = shelf::write(SEEN, Box::new(|store| store.put_with_key(&LEFT.into(), &LEFT.into()))).await;
}

/// Whether somebody left whose session the server was not asked to end yet.
pub async fn has_left() -> bool {
    let left = shelf::read(SEEN, Box::new(|store| store.get(&LEFT.into()))).await;
    left.is_ok_and(|left| !left.is_undefined())
}

/// It has been told, or they signed in anew.
pub async fn come_back() {
    let _ = shelf::write(SEEN, Box::new(|store| store.delete(&LEFT.into()))).await;
}

/// What is another's goes, and what is old.
pub async fn tidy(mine: UserId) {
    let Ok(keys) = shelf::read(SEEN, Box::new(|store| store.get_all_keys())).await else { return };
    let now = when::now();
    for key in js_sys::Array::from(&keys).iter() {
        let Some(address) = key.as_string().filter(|address| address != LEFT) else { continue };
        let stays = recall(&address).await.is_some_and(|kept| kept.by == mine && kept.at.plus(STAYS) > now);
        if !stays {
            let key: JsValue = address.into();
            let _ = shelf::write(SEEN, Box::new(move |store| store.delete(&key))).await;
        }
    }
}

/// Says of when something is, where it is not of now.
#[must_use]
pub fn note(as_of: Option<Timestamp>) -> Option<El> {
    let words = d().seen_as_of(&when::moment(as_of?));
    Some(span("seen", "").test("as-of").child(icon("cloud-off")).child(span("", &words)))
}
