//! The plain page that stands before the program and without it: taken over with what was typed, and shown again
//! if the program dies.

use crate::app::App;
use crate::device;
use crate::outbox::{self, shelf};
use crate::router::Route;
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use woodlark_domain::Kind;
use woodlark_ui::capture::{self, photo};
use woodlark_ui::el::El;
use woodlark_ui::page::set_root;
use woodlark_ui::{t, when};
use woodlark_wire::{AttachmentManifest, MediaRole, Place};

/// What somebody had typed into the plain form before the program came.
pub struct Typed {
    kind: Kind,
    words: String,
    place: String,
    photos: Vec<Blob>,
    chose: bool,
}

fn find<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

/// Reads the plain form, if anybody began on it.
#[must_use]
pub fn typed() -> Option<Typed> {
    let words: HtmlTextAreaElement = find("#plain [name=words]")?;
    let place: HtmlInputElement = find("#plain [name=place_words]")?;
    let photos: HtmlInputElement = find("#plain [name=photo]")?;
    let kind = find::<HtmlInputElement>("#plain [name=kind]:checked");
    let files = photos.files();
    let photos: Vec<Blob> = (0..files.as_ref().map_or(0, web_sys::FileList::length))
        .filter_map(|index| files.as_ref()?.get(index).map(JsCast::unchecked_into))
        .collect();
    let typed = Typed {
        kind: kind.as_ref().and_then(|kind| Kind::from_code(&kind.value())).unwrap_or(Kind::Problem),
        words: words.value(),
        place: place.value(),
        photos,
        chose: kind.is_some(),
    };
    let began = typed.chose || !typed.words.is_empty() || !typed.place.is_empty() || !typed.photos.is_empty();
    began.then_some(typed)
}

/// Hides the plain page and makes room for the program.
#[must_use]
pub fn take_over() -> Option<El> {
    let plain: HtmlElement = find("#plain")?;
    plain.set_hidden(true);
    let app: HtmlElement = find("#app")?;
    app.set_hidden(false);
    set_root("data-app", Some("on"));
    set_root("data-deep", None);
    Some(El::of(app.into()))
}

/// Goes on with what was typed: it becomes the draft.
pub async fn continue_with(app: App, typed: Typed) {
    if typed.words.is_empty() && typed.photos.is_empty() && typed.place.is_empty() {
        app.router.go(Route::Report(Some(typed.kind)));
        return;
    }
    let mut record = outbox::draft(device::new_id(), typed.kind, app.language.get_untracked(), when::now());
    record.manifest.words = typed.words;
    if !typed.place.is_empty() {
        record.manifest.place = Some(Place { words: Some(typed.place), ..Place::default() });
    }
    let mut files = Vec::new();
    for file in &typed.photos {
        match small(file).await {
            Ok((entry, file)) => {
                shelf::hold(entry.hash, &file);
                files.push((entry.hash, file));
                record.manifest.attachments.push(entry);
            }
            Err(_) => app.outbox.said.set(t().report_photo_bad.into()),
        }
    }
    app.outbox.put(record).await;
    for (hash, file) in files {
        app.outbox.keep_file(hash, &file).await;
    }
    app.router.go(Route::Report(Some(typed.kind)));
}

async fn small(file: &Blob) -> Result<(AttachmentManifest, Blob), JsValue> {
    let file = photo::prepare(file).await?;
    Ok((capture::describe(&file, MediaRole::Photo, photo::JPEG, None).await?, file))
}

/// The program is about to die: says why to whoever looks. The page's own script then shows the plain form again,
/// with the words that were being written; it also does so where the program dies without coming here.
#[cfg(debug_assertions)]
pub fn on_panic(info: &std::panic::PanicHookInfo<'_>) {
    web_sys::console::error_1(&info.to_string().into());
}
