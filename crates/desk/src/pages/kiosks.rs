//! The kiosks of the service stations: set one up, see how each does, take its leave away.

use crate::app::use_desk;
use crate::messages::{d, name};
use crate::widget::{Trouble, field, form, input, select, submit, trouble};
use core::time::Duration;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::kiosk::{HEALTH_SECONDS, KioskState};
use woodlark_domain::{EntryCode, KioskId, Position};
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::{Fault, api, json, sheet, when};
use woodlark_wire::{KioskCode, KioskRow, KiosksView, NewKiosk, path};

/// What every part of the page does.
#[derive(Clone, Copy)]
struct Keeper {
    view: RwSignal<Option<KiosksView>>,
    /// The code that was made last, shown once.
    code: RwSignal<Option<KioskCode>>,
}

/// The page.
#[must_use]
pub fn page() -> El {
    let keeper = Keeper { view: RwSignal::new(None), code: RwSignal::new(None) };
    keeper.read();
    // A kiosk tells how it does once a minute; whoever looks sees it soon after.
    let beat =
        set_interval_with_handle(move || keeper.read(), Duration::from_secs(u64::from(HEALTH_SECONDS / 2)));
    on_cleanup(move || {
        if let Ok(beat) = beat {
            beat.clear();
        }
    });
    let list = move || {
        keeper.view.with(|view| {
            let kiosks = &view.as_ref()?.kiosks;
            Some(if kiosks.is_empty() {
                el("p", "empty card").text(d().kiosk_none)
            } else {
                el("ul", "rows card").test("kiosks").each(kiosks.iter().map(|one| row(keeper, one)))
            })
        })
    };
    el("div", "desk-page stack")
        .child(el("h1", "").text(d().kiosk_title))
        .child(el("p", "soft").text(d().kiosk_lead))
        .dynamic(move || keeper.code.get().map(|code| shown(&code)))
        .dynamic(list)
        .child(new(keeper))
}

impl Keeper {
    fn read(self) {
        spawn_local(async move {
            match api::get::<KiosksView>(path::DESK_KIOSKS).await {
                Ok(view) => {
                    if self.view.try_with_untracked(|known| known.as_ref() != Some(&view)) == Some(true) {
                        self.view.set(Some(view));
                    }
                }
                Err(fault) => drop(use_desk().heard(&fault)),
            }
        });
    }

    fn write(self, method: &'static str, address: String) {
        let desk = use_desk();
        spawn_local(async move {
            match api::send(method, &address, &new_id().to_string(), None).await {
                // What takes a kiosk's leave away has no answer; what makes a code has one.
                Ok(text) => drop(self.code.try_set(json::read(&text).ok())),
                Err(fault) => desk.said.set(desk.heard(&fault)),
            }
            self.read();
        });
    }
}

fn shown(code: &KioskCode) -> El {
    el("section", "note").attr("role", "status").child(
        el("div", "grow")
            .child(el("b", "").text(d().kiosk_code_title))
            .child(el("code", "kiosk-code figure").test("kiosk-code").text(&code.code.to_string()))
            .child(el("p", "soft").text(&d().kiosk_code_lead(&when::moment(code.expires_at)))),
    )
}

fn row(keeper: Keeper, one: &KioskRow) -> El {
    let (tone, words) = match (one.state, one.silent) {
        (KioskState::Waiting, _) => ("open", d().kiosk_waiting),
        (KioskState::Enrolled, false) => ("good", d().kiosk_online),
        (KioskState::Enrolled, true) => ("bad", d().kiosk_silent),
        (KioskState::Revoked, _) => ("rest", d().kiosk_revoked),
    };
    let enrolled = one.state == KioskState::Enrolled;
    let seen = one.seen_at.map_or_else(|| d().kiosk_never.to_owned(), |at| d().kiosk_seen(&when::ago(at)));
    let version = (!one.version.is_empty()).then(|| {
        let build = one.version.get(..8).unwrap_or(&one.version);
        if one.outdated { d().kiosk_outdated(build) } else { d().kiosk_version(build) }
    });
    let queue = match one.oldest_at {
        Some(at) if one.queue > 0 => d().kiosk_queue(&one.queue.to_string(), &when::ago(at)),
        _ => d().kiosk_queue_none.to_owned(),
    };
    let facts: Vec<String> = [
        one.entry.as_ref().map(name),
        Some(seen),
        version,
        enrolled.then_some(queue),
        one.gifts.then(|| d().kiosk_gifts.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let warn = |words: String| el("p", "late kiosk-warn").child(icon("alert")).child(span("", &words));
    let body = el("div", "row-body")
        .child(el("div", "kiosk-name").child(el("b", "").text(&one.name)).child(tone_pill(tone, words)))
        .child(span("soft", &facts.join(" · ")))
        .maybe((one.attention > 0).then(|| warn(d().kiosk_attention(&one.attention.to_string()))))
        .maybe((enrolled && !one.camera).then(|| warn(d().kiosk_camera.to_owned())));
    el("li", "row kiosk-row")
        .test("kiosk")
        .attr("data-state", one.state.code())
        .child(body)
        .child(acts(keeper, one.id, one.state))
}

fn acts(keeper: Keeper, id: KioskId, state: KioskState) -> El {
    let (again, revoke) = (RwSignal::new(false), RwSignal::new(false));
    let d = d();
    let more = (state != KioskState::Revoked).then(|| {
        let act = move || keeper.write("DELETE", path::desk_kiosk(id));
        el("div", "hollow")
            .child(
                button("btn small ghost", move || sheet::open(revoke))
                    .test("revoke-kiosk")
                    .text(d.kiosk_revoke),
            )
            .child(sheet::confirm(revoke, d.kiosk_revoke_ask, d.kiosk_revoke_body, d.kiosk_revoke, act))
    });
    let act = move || keeper.write("POST", path::desk_kiosk_code(id));
    el("div", "kiosk-acts")
        .child(button("btn small ghost", move || sheet::open(again)).test("new-code").text(d.kiosk_again))
        .child(sheet::confirm(again, d.kiosk_again_ask, d.kiosk_again_body, d.kiosk_again, act))
        .maybe(more)
}

fn new(keeper: Keeper) -> El {
    let text = || RwSignal::new(String::new());
    let (station, entry, pin, position) = (text(), text(), text(), text());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), text());
    let make = move || {
        if busy.get_untracked() {
            return;
        }
        let at = match place(&position.get_untracked()) {
            Ok(at) => at,
            Err(()) => {
                said.set(d().kiosk_position_bad.to_owned());
                return;
            }
        };
        busy.set(true);
        let new = NewKiosk {
            name: station.get_untracked(),
            entry: EntryCode::new(entry.get_untracked()).ok(),
            position: at,
            pin: Some(pin.get_untracked()).filter(|pin| !pin.trim().is_empty()),
        };
        spawn_local(async move {
            match send(&new).await {
                Ok(code) => {
                    for field in [station, pin, position, said] {
                        field.set(String::new());
                    }
                    keeper.code.set(Some(code));
                    keeper.read();
                }
                Err(fault) => said.set(fault.told()),
            }
            busy.set(false);
        });
    };
    let entries = move || {
        let known = keeper.view.with(|view| {
            let all = view.as_ref().map_or(&[][..], |view| &view.entries);
            all.iter().map(|one| (one.code.to_string(), name(&one.name))).collect::<Vec<_>>()
        });
        std::iter::once((String::new(), d().kiosk_entry_none.to_owned())).chain(known).collect()
    };
    let d = d();
    el("section", "card stack")
        .attr("aria-labelledby", "new-kiosk")
        .child(el("h2", "").attr("id", "new-kiosk").text(d.kiosk_new))
        .child(
            form("fields", make)
                .child(field(
                    "station",
                    d.kiosk_name,
                    input("text", station).attr("maxlength", "40").attr("placeholder", d.kiosk_name_hint),
                ))
                .child(field("entry", d.kiosk_entry, select(entries, entry)))
                .child(field(
                    "gift-pin",
                    d.kiosk_pin,
                    input("text", pin).attr("inputmode", "numeric").attr("autocomplete", "off"),
                ))
                .child(field(
                    "position",
                    d.kiosk_position,
                    input("text", position).attr("placeholder", d.kiosk_position_hint),
                ))
                .child(submit("btn small", d.kiosk_make, busy).test("make-kiosk")),
        )
        .child(trouble(said))
}

/// `121.458, 30.915`; nothing is no position.
fn place(text: &str) -> Result<Option<Position>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (lon, lat) = text.split_once([',', '，']).ok_or(())?;
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_| ());
    Position::new(degrees(lon)?, degrees(lat)?).map(Some).map_err(|_| ())
}

async fn send(new: &NewKiosk) -> Result<KioskCode, Fault> {
    let body = json::write(new).map_err(|_| Fault::NotOurs)?;
    api::read(&api::send("POST", path::DESK_KIOSKS, &new_id().to_string(), Some(&body)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_longitude_and_latitude_or_nothing() {
        let at = |text: &str| place(text).map(|at| at.map(|at| (at.lon(), at.lat())));
        assert_eq!(at("121.458, 30.915"), Ok(Some((121.458, 30.915))));
        assert_eq!(at("121.458，30.915"), Ok(Some((121.458, 30.915))));
        assert_eq!(at("  "), Ok(None));
        for bad in ["30.915", "121.458 30.915", "x, y", "200, 30"] {
            assert_eq!(at(bad), Err(()), "{bad}");
        }
    }
}
