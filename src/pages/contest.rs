//! "It isn't fixed": why, and one photo that shows it.

use super::saying::Saying;
use core::cell::RefCell;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlInputElement, Url};
use woodlark_domain::{CaseId, ContentHash};
use woodlark_ui::RwSignal;
use woodlark_ui::api::{Body, Call};
use woodlark_ui::capture::photo;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{Fault, api, json, sheet, t};
use woodlark_wire::{CaseView, PhotoKept, path};

thread_local! {
    /// The photo that goes with it; one case is open at a time.
    static PHOTO: RefCell<Option<Blob>> = const { RefCell::new(None) };
}

/// What is being contested; it outlives the case's redrawing and the sheet's closing.
#[derive(Clone, Copy)]
pub(super) struct Contest {
    id: CaseId,
    shown: RwSignal<bool>,
    saying: Saying,
    /// The address of its picture in this page.
    picture: RwSignal<Option<String>>,
}

impl Contest {
    pub(super) fn new(id: CaseId, case: RwSignal<Option<CaseView>>) -> Self {
        let picture = RwSignal::new(None::<String>);
        on_cleanup(move || forget(picture));
        Self { id, shown: RwSignal::new(false), saying: Saying::new(case), picture }
    }

    /// The button that opens the sheet.
    pub(super) fn button(self) -> El {
        button("btn ghost", move || sheet::open(self.shown)).test("contest").text(t().contest_open)
    }

    /// The sheet.
    pub(super) fn sheet(self) -> El {
        sheet::sheet(self.shown, t().contest_title, false, move || {
            let label = el("label", "label").attr("for", "contest-reason").text(t().contest_reason);
            let photo = move || {
                Some(match self.picture.get() {
                    Some(picture) => self.tile(&picture),
                    None => self.pick(),
                })
            };
            let send = self.saying.end("btn", "contest-send", t().contest_send, move || self.send());
            el("div", "stack")
                .child(el("p", "soft").text(t().contest_body))
                .child(label)
                .child(self.saying.field("contest-reason", "3", t().contest_hint))
                .child(el("ul", "tiles").dynamic(photo))
                .child(send)
        })
    }

    fn pick(self) -> El {
        let input =
            el("input", "unseen").attr("type", "file").attr("accept", "image/*").test("contest-photo");
        let field: HtmlInputElement = input.cast();
        let chosen = move |_| {
            let file = field.files().and_then(|files| files.get(0));
            if let Some(file) = file {
                self.add(file.unchecked_into());
            }
            // The same photo may be chosen again after it was removed.
            field.set_value("");
        };
        let pick = el("label", "pick").child(input.on("change", chosen)).child(icon("camera"));
        el("li", "tile add").child(pick.child(span("", t().contest_photo)))
    }

    fn tile(self, picture: &str) -> El {
        let remove =
            button("tile-remove", move || forget(self.picture)).attr("aria-label", t().report_photo_remove);
        let picture = el("img", "").attr("src", picture).attr("alt", t().case_contested);
        el("li", "tile").test("contest-tile").child(picture).child(remove.child(icon("cross")))
    }

    fn add(self, file: Blob) {
        self.saying.busy.set(true);
        self.saying.why.set(None);
        spawn_local(async move {
            let made = photo::prepare(&file).await.ok();
            let _ = self.saying.busy.try_set(false);
            if made.is_none() {
                let _ = self.saying.why.try_set(Some(t().report_photo_bad.into()));
            }
            let picture = made.as_ref().and_then(|made| Url::create_object_url_with_blob(made).ok());
            PHOTO.set(made);
            let _ = self.picture.try_set(picture);
        });
    }

    fn send(self) {
        let Some(reason) = self.saying.read() else { return };
        if reason.is_empty() {
            return self.saying.why.set(Some(t().contest_missing.into()));
        }
        self.saying.busy.set(true);
        spawn_local(async move {
            let said = self.say(reason).await;
            if self.saying.ended(said) {
                forget(self.picture);
                if self.shown.try_get_untracked() == Some(true) {
                    sheet::close();
                }
            }
        });
    }

    async fn say(self, reason: String) -> Result<(), Fault> {
        let mut photos = Vec::new();
        if let Some(photo) = PHOTO.with_borrow(Clone::clone) {
            photos.push(self.put(&photo).await?);
        }
        let body = json::write(&woodlark_wire::Contest { reason, photos }).map_err(|_| Fault::NotOurs)?;
        self.saying.post(&path::contest(self.id), body).await
    }

    /// Sends the photo; the server names it by its content, so twice is once.
    async fn put(self, photo: &Blob) -> Result<ContentHash, Fault> {
        let address = path::photos(self.id);
        let body = Body::File(photo);
        let call = Call {
            method: "PUT",
            path: &address,
            body,
            key: None,
            offset: None,
            progress: None,
            header: None,
        };
        api::read::<PhotoKept>(&call.text().await?).map(|kept| kept.hash)
    }
}

/// Lets the photo and its picture go.
fn forget(picture: RwSignal<Option<String>>) {
    PHOTO.set(None);
    if let Some(Some(old)) = picture.try_update(Option::take) {
        // An address that is revoked already harms nobody.
        let _ = Url::revoke_object_url(&old);
    }
}
