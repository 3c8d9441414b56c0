//! A gift is handed over: its code is typed, or read by a scanner that types; what it is of is seen before anything counts. Never
//! off line: nobody could know then whether it was handed over already.

use super::send;
use crate::app::use_desk;
use crate::messages::{d, name};
use crate::widget::{Trouble, field, form, input, submit, trouble};
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::redeem::GiftState;
use woodlark_ui::RwSignal;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::when;
use woodlark_wire::{DeskGift, ShownCode, path};

pub(super) fn section() -> El {
    let code = RwSignal::new(String::new());
    let (busy, said): (RwSignal<bool>, Trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let found = RwSignal::new(None::<(DeskGift, String)>);
    let ask = move |address: &'static str, shown: String| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let body = ShownCode { code: shown.clone() };
            match send::<_, DeskGift>(address, &new_id().to_string(), &body).await {
                Ok(gift) => {
                    said.set(String::new());
                    if address == path::DESK_HONOUR {
                        code.set(String::new());
                        use_desk().said.set(d().gift_done.to_owned());
                    }
                    found.set(Some((gift, shown)));
                }
                Err(fault) => {
                    found.set(None);
                    said.set(use_desk().heard(&fault));
                }
            }
            busy.set(false);
        });
    };
    let shown = move || {
        let (gift, code) = found.get()?;
        let (tone, words) = match gift.state {
            GiftState::Kept => ("open", d().gift_kept),
            GiftState::Honoured => ("good", d().gift_honoured),
            GiftState::Returned => ("rest", d().gift_returned),
            GiftState::Lapsed => ("rest", d().gift_lapsed),
        };
        let hand_over = (gift.state == GiftState::Kept).then(|| {
            button("btn", move || ask(path::DESK_HONOUR, code.clone()))
                .test("honour")
                .child(icon("check"))
                .child(span("", d().gift_hand_over))
        });
        let until = match gift.state {
            GiftState::Kept => d().gift_until(&when::moment(gift.keep_until)),
            GiftState::Honoured | GiftState::Returned | GiftState::Lapsed => when::moment(gift.changed_at),
        };
        let body = span("row-body", "")
            .child(el("b", "").text(&name(&gift.name)))
            .child(span("soft", &[&name(&gift.station), " · ", &until].concat()));
        let row = el("div", "row").test("gift").attr("data-state", gift.state.code()).child(body);
        Some(row.child(tone_pill(tone, words)).maybe(hand_over))
    };
    let look = move || ask(path::DESK_GIFT, code.get_untracked());
    let typed = input("text", code)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "characters")
        .attr("spellcheck", "false")
        .attr("placeholder", "7K3QM-0ZXVB");
    el("section", "card stack")
        .attr("aria-labelledby", "gift-title")
        .child(el("h2", "").attr("id", "gift-title").text(d().gift_title))
        .child(el("p", "soft").text(d().gift_lead))
        .child(
            form("fields", look)
                .child(field("gift-code", d().gift_code, typed))
                .child(submit("btn small ghost", d().gift_look, busy).test("look-gift")),
        )
        .child(trouble(said))
        .dynamic(shown)
}
