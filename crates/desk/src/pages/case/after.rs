//! How it looks afterwards: photos made small and clean here, kept on this device until the server has them, and where
//! whoever took them stood.

use crate::messages::d;
use crate::order::OrderPhoto;
use crate::pages::waiting;
use crate::widget::Trouble;
use leptos::prelude::{on_cleanup, untrack};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlInputElement, Url};
use woodlark_domain::limits::PHOTOS_PER_REPORT;
use woodlark_domain::place::{metres, to_wgs84};
use woodlark_domain::{ContentHash, Fix, Position};
use woodlark_outbox::shelf;
use woodlark_ui::capture::{self, photo};
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::locate::locate;
use woodlark_ui::parts::icon;
use woodlark_ui::{RwSignal, t};
use woodlark_wire::MediaRole;

/// A photo that was taken.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// Its name on this device.
    pub(super) hash: ContentHash,
    /// Itself.
    pub(super) file: Blob,
    url: String,
}

/// Whether the position is being looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finding {
    Idle,
    Asked,
    Denied,
}

/// The photos of an order that is being written, and where they are taken.
#[derive(Clone, Copy)]
pub(super) struct After {
    /// The photos, in order.
    pub(super) photos: RwSignal<Vec<Taken>>,
    /// Where the giver stands.
    pub(super) fix: RwSignal<Option<Fix>>,
    finding: RwSignal<Finding>,
    shrinking: RwSignal<u32>,
    said: Trouble,
}

impl After {
    /// None yet; what goes wrong is said here.
    pub(super) fn new(said: Trouble) -> Self {
        let after = Self {
            photos: RwSignal::new(Vec::new()),
            fix: RwSignal::new(None),
            finding: RwSignal::new(Finding::Idle),
            shrinking: RwSignal::new(0),
            said,
        };
        on_cleanup(move || after.forget());
        after
    }

    /// Whether a photo is still being made small. Tracked.
    pub(super) fn is_busy(self) -> bool {
        self.shrinking.get() > 0
    }

    /// The photos with the ways to more of them, and how far from the case they are taken.
    pub(super) fn section(self, case: Option<Position>) -> El {
        let add = |symbol: &str, words: &str, camera: bool| {
            let input = el("input", "unseen").attr("type", "file").attr("accept", "image/*").test(symbol);
            let input = if camera { input.attr("capture", "environment") } else { input };
            let node: HtmlInputElement = input.cast();
            let chosen = move |_| {
                let file = node.files().and_then(|files| files.get(0));
                if let Some(file) = file {
                    self.take(file.unchecked_into());
                }
                node.set_value("");
            };
            // Where the photo is taken is asked at the shutter.
            let input = input.on("click", move |_| self.locate(false)).on("change", chosen);
            el("label", "btn small ghost").child(input).child(icon(symbol)).text(words)
        };
        let tiles = move || {
            let tiles =
                self.photos.with(|photos| photos.iter().map(|one| self.tile(one)).collect::<Vec<_>>());
            let waiting = self.is_busy().then(|| el("li", "tile").child(span("ring", t().report_photo_busy)));
            Some(el("ul", "tiles").each(tiles).maybe(waiting))
        };
        let row = el("div", "order-row").child(add("camera", t().report_camera, true)).child(add(
            "album",
            t().report_album,
            false,
        ));
        el("div", "stack").dynamic(tiles).child(row).dynamic(move || Some(self.place(case)))
    }

    /// Where the giver stands, as far as is known.
    fn place(self, case: Option<Position>) -> El {
        let line = el("p", "soft order-place").test("order-place").child(icon("pin-line"));
        let ask = |words: &str| button("text-button", move || self.locate(true)).test("locate").text(words);
        match (self.fix.get(), self.finding.get()) {
            (_, Finding::Asked) => line.child(span("", t().report_place_finding)),
            (Some(fix), _) => {
                let far = case.map(|case| d().order_metres(&whole(metres(case, to_wgs84(&fix)))));
                line.attr("data-found", "")
                    .child(span("", &far.unwrap_or_else(|| d().order_placed.to_owned())))
            }
            (None, Finding::Denied) => line.child(span("", d().order_unplaced)).child(ask(t().app_retry)),
            (None, Finding::Idle) => line.child(ask(d().order_place)),
        }
    }

    fn tile(self, taken: &Taken) -> El {
        let hash = taken.hash;
        let remove = button("tile-remove", move || self.drop_photo(hash))
            .attr("aria-label", t().report_photo_remove)
            .child(icon("cross"));
        el("li", "tile")
            .test("after-photo")
            .child(el("img", "").attr("src", &taken.url).attr("alt", t().case_after))
            .child(remove)
            .dynamic(move || waiting::gone(hash, false))
    }

    fn take(self, file: Blob) {
        if self.photos.with_untracked(Vec::len) >= PHOTOS_PER_REPORT {
            return self.said.set(t().report_photo_many.to_owned());
        }
        self.shrinking.update(|count| *count += 1);
        spawn_local(async move {
            match small(&file).await {
                Some((hash, small)) => self.add(hash, small),
                None => drop(self.said.try_set(t().report_photo_bad.to_owned())),
            }
            let _ = self.shrinking.try_update(|count| *count = count.saturating_sub(1));
        });
    }

    fn add(self, hash: ContentHash, file: Blob) {
        let url = Url::create_object_url_with_blob(&file).unwrap_or_default();
        let _ = self.photos.try_update(|photos| {
            if photos.iter().all(|known| known.hash != hash) {
                photos.push(Taken { hash, file, url });
            }
        });
    }

    /// Takes the photos of an order that came back.
    pub(super) fn take_back(self, photos: Vec<OrderPhoto>) {
        self.forget();
        spawn_local(async move {
            for photo in photos {
                if let Some(file) = shelf::file(photo.hash).await {
                    self.add(photo.hash, file);
                }
            }
        });
    }

    fn drop_photo(self, hash: ContentHash) {
        self.photos.update(|photos| photos.retain(|known| known.hash != hash));
    }

    /// They are another order's now, or nobody's.
    pub(super) fn forget(self) {
        for taken in self.photos.try_update(core::mem::take).unwrap_or_default() {
            // An address that is revoked already harms nobody.
            let _ = Url::revoke_object_url(&taken.url);
        }
    }

    /// Asks where the device is, on a tap: once at the shutter, or again on the button.
    fn locate(self, again: bool) {
        let known = untrack(|| self.fix.get().is_some() || self.finding.get() == Finding::Denied);
        if self.finding.get_untracked() == Finding::Asked || (known && !again) {
            return;
        }
        self.finding.set(Finding::Asked);
        spawn_local(async move {
            let fix = locate().await;
            if fix.is_some() {
                let _ = self.fix.try_set(fix);
            }
            let _ = self.finding.try_set(if fix.is_some() { Finding::Idle } else { Finding::Denied });
        });
    }
}

async fn small(file: &Blob) -> Option<(ContentHash, Blob)> {
    let small = photo::prepare(file).await.ok()?;
    let entry = capture::describe(&small, MediaRole::Photo, photo::JPEG, None).await.ok()?;
    Some((entry.hash, small))
}

/// Metres without a fraction.
pub(super) fn whole(metres: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    let metres = metres.round() as u32;
    metres.to_string()
}
