//! Photos by the kiosk's own camera: looked at before they count, taken again, taken away; and the camera is off as soon as this page
//! is left. Where there is no camera, a phone or words will do.

use super::start::phone_code;
use super::{framed, on};
use crate::app::{Page, use_kiosk};
use crate::js;
use crate::messages::k;
use crate::platform::{Platform, platform};
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Url};
use woodlark_domain::limits::PHOTOS_PER_REPORT;
use woodlark_ui::RwSignal;
use woodlark_ui::capture::mask;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;

/// How the camera is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Camera {
    Opening,
    On,
    Denied,
}

/// A photo that was just taken and is looked at.
type Looked = Option<(Blob, String)>;

/// The page.
#[must_use]
pub fn page() -> El {
    let kiosk = use_kiosk();
    let draft = kiosk.draft;
    let camera = RwSignal::new(Camera::Opening);
    let looked: RwSignal<Looked> = RwSignal::new(None);
    let (failed, masking) = (RwSignal::new(false), RwSignal::new(false));
    let video = el("video", "viewfinder")
        .flag("autoplay", true)
        .flag("playsinline", true)
        .prop("muted", || true.into())
        .attr("aria-label", k().photo_on)
        .test("viewfinder");
    let finder = video.node().clone();
    let open = {
        let finder = finder.clone();
        move || {
            let finder = finder.clone();
            camera.set(Camera::Opening);
            spawn_local(async move {
                let Some(stream) = platform().camera_on().await else {
                    // Asked for twice, the first comes to nothing and the second may be on.
                    if camera.try_get_untracked() == Some(Camera::Opening) {
                        camera.set(Camera::Denied);
                    }
                    return;
                };
                js::set(&finder, "srcObject", &stream);
                // Only once there is a picture can one be taken.
                if let Ok(plays) = js::call(&finder, "play", &[]) {
                    let _ = JsFuture::from(js_sys::Promise::resolve(&plays)).await;
                }
                // Where the page was left meanwhile, leaving it turned the camera off.
                let _ = camera.try_set(Camera::On);
            });
        }
    };
    open();
    on_cleanup(move || {
        platform().camera_off();
        let_go(looked.try_get_untracked().flatten());
    });
    let full = move || draft.shots.with(Vec::len) >= PHOTOS_PER_REPORT;
    let shoot = move || {
        let finder = finder.clone();
        spawn_local(async move {
            let shot = platform().shoot(finder).await;
            let _ = failed.try_set(shot.is_none());
            let shown =
                shot.and_then(|file| Some((file.clone(), Url::create_object_url_with_blob(&file).ok()?)));
            if let Some(unseen) = looked.try_set(shown) {
                let_go(unseen);
            }
        });
    };
    let keep = move || {
        if let Some((file, url)) = looked.get_untracked() {
            looked.set(None);
            let_go(Some((file.clone(), url)));
            draft.keep(file);
        }
    };
    let retake = move || {
        let_go(looked.get_untracked());
        looked.set(None);
    };
    let covered = move |file: Blob| {
        let_go(looked.get_untracked());
        looked.set(Url::create_object_url_with_blob(&file).ok().map(|url| (file, url)));
    };
    let cover = move || {
        masking.get().then(|| {
            let photo = looked.get_untracked().map(|(file, _)| file);
            let mask = mask::mask_in(async move { photo }, covered, move || masking.set(false));
            el("div", "cover card").test("cover").child(mask)
        })
    };
    let stage = el("div", "camera")
        .bind("data-camera", move || {
            Some(
                match (camera.get(), looked.with(Option::is_some)) {
                    (Camera::Opening, _) => "opening",
                    (Camera::On, false) => "on",
                    (Camera::On, true) => "looked",
                    (Camera::Denied, _) => "denied",
                }
                .to_owned(),
            )
        })
        .child(video)
        .dynamic(move || {
            let (_, url) = looked.get()?;
            Some(el("img", "viewfinder").attr("src", &url).attr("alt", k().photo_shown).test("shown"))
        })
        .dynamic(move || {
            (camera.get() == Camera::Opening)
                .then(|| el("p", "camera-note").attr("role", "status").text(k().photo_opening))
        });
    let ways = move || {
        Some(match (camera.get(), looked.with(Option::is_some)) {
            (Camera::Denied, _) => denied(open.clone()),
            (_, true) => el("div", "camera-ways")
                .child(button("btn ghost huge", retake).test("retake").text(k().photo_retake))
                .child(
                    button("btn ghost huge", move || masking.set(true))
                        .test("mask-open")
                        .child(icon("brush"))
                        .text(k().photo_cover),
                )
                .child(button("btn huge", keep).test("keep").child(icon("check")).text(k().photo_keep)),
            (Camera::On, false) if !full() => {
                let words = if draft.shots.with(Vec::is_empty) { k().photo_shoot } else { k().photo_more };
                el("div", "camera-ways").child(
                    button("btn huge shutter", shoot.clone()).test("shoot").child(icon("camera")).text(words),
                )
            }
            (Camera::On, false) => el("p", "page-lead").text(&k().photo_full(&PHOTOS_PER_REPORT.to_string())),
            (Camera::Opening, false) => el("div", ""),
        })
    };
    let trouble =
        move || failed.get().then(|| el("p", "trouble").attr("role", "alert").text(k().photo_failed));
    let beside = el("div", "stack").dynamic(trouble).dynamic(ways).dynamic(move || Some(tiles()));
    let body = el("div", "photo-both")
        .bind("data-denied", move || (camera.get() == Camera::Denied).then(String::new))
        .bind("data-masking", move || masking.get().then(String::new))
        .child(stage)
        .child(beside);
    let body = el("div", "hollow").child(body).dynamic(cover);
    framed(k().photo_title, k().photo_lead, body, Some(on(k_next(), "next", move || kiosk.go(Page::Say))))
}

/// The way on.
pub(crate) fn k_next() -> &'static str {
    k().app_next
}

fn let_go(looked: Looked) {
    if let Some((_, url)) = looked {
        let _ = Url::revoke_object_url(&url);
    }
}

fn denied(again: impl Fn() + 'static) -> El {
    let kiosk = use_kiosk();
    el("div", "card denied")
        .test("denied")
        .child(
            el("div", "stack")
                .child(el("h2", "").text(k().photo_denied))
                .child(el("p", "").text(k().photo_denied_words))
                .child(button("btn ghost", again).test("again").text(k().photo_again)),
        )
        .child(el("div", "denied-phone").child(phone_code(kiosk)).child(el("b", "").text(k().start_phone)))
}

/// The photos so far.
fn tiles() -> El {
    let draft = use_kiosk().draft;
    let shots = draft.shots.get();
    if shots.is_empty() {
        return el("div", "");
    }
    let (count, most) = (shots.len().to_string(), PHOTOS_PER_REPORT.to_string());
    let tile = |(number, shot): (usize, crate::draft::Shot)| {
        let nth = (number + 1).to_string();
        let url = shot.url.clone();
        let remove = button("shot-remove", move || draft.remove(&url))
            .attr("aria-label", &k().photo_remove(&nth))
            .test("remove")
            .child(icon("cross"));
        el("li", "shot")
            .test("shot")
            .child(el("img", "").attr("src", &shot.url).attr("alt", &k().photo_nth(&nth)))
            .child(remove)
    };
    el("div", "stack")
        .child(span("soft", &k().photo_count(&most, &count)).attr("role", "status"))
        .child(el("ul", "shots").each(shots.into_iter().enumerate().map(tile)))
}
