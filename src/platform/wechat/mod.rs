//! Inside WeChat: its own camera, voice, place, scanner and menu where its script answers to us, and the plain web's until it does
//! and wherever it doesn't. Guests stay guests: nobody is sent to WeChat's sign-in without a tap.

mod entry;
mod news;
mod photos;
mod sdk;
mod voice;

use super::{Card, Coming, PhotoWay, Place, Platform, SharedBy, Shown, Signs};
use crate::app::use_app;
use core::cell::{Cell, RefCell};
use js_sys::Reflect;
use leptos::prelude::{document, window};
use sdk::{ask, number, sdk, tell, text};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use woodlark_domain::Datum;
use woodlark_domain::{CaseId, Fix, FixSource, Position};
use woodlark_ui::el::{El, button, effect, el};
use woodlark_ui::parts::icon;
use woodlark_ui::platform::{Browser, absolute};
use woodlark_ui::{json, page, t};

/// What one's own pages have no use for in WeChat's menu beside what it hides by itself: copying the address and opening it
/// elsewhere.
const PRIVATE_ITEMS: [&str; 2] = ["menuItem:copyUrl", "menuItem:openWithQQBrowser"];

/// Inside WeChat, a page or a mini-program's web-view.
pub struct Wechat;

thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Wechat) };
    static SHOWN: RefCell<Shown> = const { RefCell::new(Shown::Private) };
}

fn signs_say(bridge: Option<&str>) -> Place {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let query = window().location().search().unwrap_or_default();
    let said = Place::of(&Signs { enrolled: false, agent: &agent, bridge, query: &query });
    // A shell that opened us stays round us, whatever becomes of the address.
    if PLACE.get() == Place::MiniProgram { Place::MiniProgram } else { said }
}

fn set_place(place: Place) {
    PLACE.set(place);
    page::set_root("data-place", Some(place.code()));
}

impl Platform for Wechat {
    type Voice = voice::Running;

    fn place(&self) -> Place {
        PLACE.get()
    }

    fn begin(&self) {
        let ticket = entry::clean();
        sdk::enter();
        // Its signals are made here, where they live as long as the page.
        let ready = sdk().ready;
        set_place(signs_say(None));
        follow_type();
        effect(Box::new(move || {
            if ready.get() {
                SHOWN.with_borrow(menu);
            }
        }));
        if let Some(ticket) = ticket {
            spawn_local(entry::bring(ticket));
        }
        spawn_local(async {
            sdk::bridge().await;
            let env = Reflect::get(&window(), &"__wxjs_environment".into()).unwrap_or_default();
            set_place(signs_say(env.as_string().as_deref()));
            follow_type();
            sdk::open();
        });
    }

    fn photo_way(&self) -> PhotoWay {
        let agent = window().navigator().user_agent().unwrap_or_default();
        if sdk().ready.get() {
            PhotoWay::Chooser
        } else {
            PhotoWay::Fields { many: !agent.contains("Android") }
        }
    }

    fn pick_photos(&self, camera: bool, most: usize) -> Coming<Vec<Blob>> {
        Box::pin(photos::pick(camera, most))
    }

    fn can_record(&self) -> bool {
        // iOS shows a prompt and then a dead microphone inside WeChat.
        sdk().ready.get()
    }

    fn record(&self) -> Coming<Option<voice::Running>> {
        Box::pin(voice::begin())
    }

    fn replayer(&self) -> Option<El> {
        voice::can_replay().then(|| {
            let heard = button("btn small ghost", voice::replay).test("voice-replay");
            heard.child(icon("mic")).text(t().weixin_replay)
        })
    }

    fn locate(&self) -> Coming<Option<Fix>> {
        Box::pin(async {
            let told = if sdk().ready.get_untracked() { located().await } else { None };
            match told {
                None => Browser.locate().await,
                told => told,
            }
        })
    }

    fn scanner(&self) -> Option<El> {
        sdk().ready.get().then(|| {
            let scan = button("note", || spawn_local(scan())).test("scan").child(icon("search"));
            scan.child(el("b", "grow").text(t().weixin_scan)).child(icon("next"))
        })
    }

    fn shows(&self, what: impl FnOnce() -> Shown) {
        SHOWN.set(what());
        if sdk().ready.get_untracked() {
            SHOWN.with_borrow(menu);
        }
        sdk::open();
    }

    fn share(&self, card: &Card) -> SharedBy {
        if !sdk().ready.get_untracked() {
            return Browser.share(card);
        }
        use_app().outbox.said.set(t().weixin_share.into());
        SharedBy::Itself
    }

    fn news(&self, case: CaseId) -> Option<El> {
        news::section(case)
    }

    fn closer(&self) -> Option<El> {
        sdk().ready.get().then(|| {
            let close = button("btn ghost", || tell("closeWindow", &[]));
            close.test("close").text(t().weixin_close)
        })
    }
}

/// A code of ours, on a receipt or a poster, is followed.
async fn scan() {
    let kinds = js_sys::Array::of1(&"qrCode".into());
    let seen = ask("scanQRCode", &[("needResult", 1.into()), ("scanType", kinds.into())]).await;
    let Some(seen) = seen.ok().and_then(|seen| text(&seen, "resultStr")) else { return };
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    match seen.strip_prefix(&origin).filter(|path| path.starts_with('/')) {
        // An address of ours is an address.
        Some(path) => drop(location.assign(path)),
        None => use_app().outbox.said.set(t().weixin_scan_other.into()),
    }
}

/// WeChat's word about where the device is. Asked for in GCJ-02 it says what it gives; what some phones call WGS-84 is not.
async fn located() -> Option<Fix> {
    let told = ask("getLocation", &[("type", "gcj02".into())]).await.ok()?;
    let raw = Position::new(number(&told, "longitude")?, number(&told, "latitude")?).ok()?;
    let accuracy_m = number(&told, "accuracy").filter(|metres| metres.is_finite());
    Some(Fix { raw, datum: Datum::Gcj02, source: FixSource::Device, accuracy_m })
}

/// What WeChat's menu offers for a page, and what it hands on.
fn menu(shown: &Shown) {
    // A mini-program's menu is its shell's.
    if PLACE.get() == Place::MiniProgram {
        return;
    }
    match shown {
        Shown::Private => {
            tell("hideAllNonBaseMenuItem", &[]);
            let items: js_sys::Array = PRIVATE_ITEMS.iter().map(|item| JsValue::from_str(item)).collect();
            tell("hideMenuItems", &[("menuList", items.into())]);
        }
        Shown::Open(card) => {
            tell("showAllNonBaseMenuItem", &[]);
            let picture = absolute(card.picture.as_deref().unwrap_or("/icon-192.png"));
            let link = absolute(&card.path);
            let given = [
                ("title", card.title.as_str().into()),
                ("desc", card.text.as_str().into()),
                ("link", link.as_str().into()),
                ("imgUrl", picture.as_str().into()),
            ];
            tell("updateAppMessageShareData", &given);
            tell("updateTimelineShareData", &given);
        }
    }
}

/// Letters as large as the reader set them in WeChat: told by WeChat, or by our shell in the address.
fn follow_type() {
    let env = Reflect::get(&window(), &"__wxWebEnv".into()).unwrap_or_default();
    let told =
        Reflect::get(&env, &"getEnv".into()).ok().and_then(|get| get.dyn_into::<js_sys::Function>().ok());
    let told = told.and_then(|get| get.call0(&env).ok()?.as_string());
    let scale = told.and_then(|told| number(&js_sys::JSON::parse(&told).ok()?, "fontScale"));
    let query = window().location().search().unwrap_or_default();
    let shell = page::value(&query, "fontSizeScaleFactor").map(js_sys::parse_float);
    let scale = scale.or(shell.map(|factor| factor * 100.0)).filter(|scale| (50.0..=300.0).contains(scale));
    let root = document().document_element().and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
    if let (Some(scale), Some(root)) = (scale, root) {
        // The style multiplies by it; an own choice of larger letters comes on top.
        let _ = root.style().set_property("--type", &json::number(scale / 100.0));
    }
}
