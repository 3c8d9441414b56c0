//! Photos by camera or album, one by one: each with its picture, what is being done to it, and a way out.

use super::form::{Form, Tile, TileState};
use crate::capture::{self, mask, photo};
use crate::outbox::shelf;
use crate::platform::platform;
use core::sync::atomic::{AtomicU32, Ordering};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlInputElement, Url};
use woodlark_domain::ContentHash;
use woodlark_domain::limits::PHOTOS_PER_REPORT;
use woodlark_ui::parts::icon;
use woodlark_ui::{sheet, t};
use woodlark_wire::{AttachmentManifest, MediaRole};

/// Keys of tiles made here lie above those of a restored draft.
static NEXT_KEY: AtomicU32 = AtomicU32::new(100);

/// The photos of the form.
pub(super) fn section(form: Form) -> AnyView {
    let painting = RwSignal::new(false);
    let painted = RwSignal::new(None::<(u32, ContentHash)>);
    let paint = move |key: u32, hash: ContentHash| {
        painted.set(Some((key, hash)));
        sheet::open(painting);
    };
    let tiles = move || {
        let all = form.tiles.get();
        all.iter().enumerate().map(|(index, tile)| tile_view(form, index, tile, paint)).collect::<Vec<_>>()
    };
    let count = move || t().report_photo_count(&form.tiles.with(Vec::len).to_string());
    let room = move || form.tiles.with(Vec::len) < PHOTOS_PER_REPORT;
    let many = platform().album_takes_many();
    view! {
        <section aria-labelledby="photos" class="photos">
            <div class="card-head"><h2 id="photos" tabindex="-1">{t().report_photos}</h2><span class="soft">{count}</span></div>
            <ul class="tiles">
                {tiles}
                {move || room().then(|| view! {
                    <li class="tile add">
                        {input(form, "camera", t().report_camera, true, false)}
                        {input(form, "album", t().report_album, false, many)}
                    </li>
                })}
            </ul>
            <p class="soft">{t().report_photos_hint}</p>
            <sheet::Sheet shown=painting title=t().report_mask_title full=true>
                {move || painted.get().map(|(key, hash)| mask::mask(hash, move |file| replace(form, key, file)))}
            </sheet::Sheet>
        </section>
    }
    .into_any()
}

/// `accept="image/*"` alone is the one combination that opens the right thing everywhere.
fn input(form: Form, symbol: &'static str, name: &'static str, camera: bool, many: bool) -> AnyView {
    let chosen = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(files) = input.files() {
            for index in 0..files.length() {
                if let Some(file) = files.get(index) {
                    add(form, file.unchecked_into());
                }
            }
        }
        // The same photo may be chosen again after it was removed.
        input.set_value("");
    };
    view! {
        <label class="pick">
            <input type="file" accept="image/*" capture=camera.then_some("environment") multiple=many class="unseen"
                data-test=if camera { "camera" } else { "album" }
                on:click=move |_| form.locate(false) on:change=chosen/>
            {icon(symbol)}<span>{name}</span>
        </label>
    }
    .into_any()
}

fn tile_view(form: Form, index: usize, tile: &Tile, paint: impl Fn(u32, ContentHash) + Copy + 'static) -> AnyView {
    let key = tile.key;
    let name = t().report_photo_n(&(index + 1).to_string());
    let state = match &tile.state {
        TileState::Busy => "busy",
        TileState::Ready(_) => "ready",
        TileState::Bad(_) => "bad",
    };
    let picture = tile.url.clone().map(|url| view! { <img src=url alt=name.clone()/> });
    let over = match &tile.state {
        TileState::Busy => view! { <span class="ring">{t().report_photo_busy}</span> }.into_any(),
        TileState::Bad(why) => view! { <span class="tile-bad">{*why}</span> }.into_any(),
        TileState::Ready(file) => {
            let hash = file.hash;
            view! {
                <button type="button" class="ring" aria-label=format!("{name}: {}", t().report_photo_mask)
                    data-test="mask-open" on:click=move |_| paint(key, hash)>
                    {icon("brush")}{t().report_photo_mask}
                </button>
            }
            .into_any()
        }
    };
    view! {
        <li class="tile" data-test="photo" data-state=state>
            {picture}{over}
            <button type="button" class="tile-remove" aria-label=format!("{name}: {}", t().report_photo_remove)
                on:click=move |_| remove(form, key)>{icon("cross")}</button>
        </li>
    }
    .into_any()
}

fn add(form: Form, file: Blob) {
    if form.tiles.with_untracked(Vec::len) >= PHOTOS_PER_REPORT {
        return;
    }
    let key = NEXT_KEY.fetch_add(1, Ordering::Relaxed);
    form.tiles.update(|tiles| tiles.push(Tile { key, url: None, state: TileState::Busy }));
    spawn_local(async move {
        let made = photo::prepare(&file).await;
        finish(form, key, made.ok()).await;
    });
}

/// The photo after painting takes the place of the one before.
fn replace(form: Form, key: u32, file: Blob) {
    spawn_local(finish(form, key, Some(file)));
}

async fn finish(form: Form, key: u32, made: Option<Blob>) {
    let done = match made {
        Some(file) => keep(&file).await.map(|entry| (entry, Url::create_object_url_with_blob(&file).ok())),
        None => None,
    };
    form.tiles.try_update(|tiles| {
        let twice = done.as_ref().is_some_and(|(entry, _)| tiles.iter().any(|t| t.key != key && holds(t, entry.hash)));
        let Some(tile) = tiles.iter_mut().find(|tile| tile.key == key) else { return };
        match done {
            _ if twice => tile.state = TileState::Bad(t().report_photo_twice),
            Some((entry, url)) => {
                tile.state = TileState::Ready(entry);
                if let Some(old) = core::mem::replace(&mut tile.url, url) {
                    // An address that is revoked already harms nobody.
                    let _ = Url::revoke_object_url(&old);
                }
            }
            None => tile.state = TileState::Bad(t().report_photo_bad),
        }
    });
}

fn holds(tile: &Tile, hash: ContentHash) -> bool {
    matches!(&tile.state, TileState::Ready(file) if file.hash == hash)
}

async fn keep(file: &Blob) -> Option<AttachmentManifest> {
    let entry = capture::describe(file, MediaRole::Photo, photo::JPEG, None).await.ok()?;
    // What the shelf refuses is still in memory; the outbox says so when the draft is saved.
    let _ = shelf::keep_file(entry.hash, file).await;
    Some(entry)
}

fn remove(form: Form, key: u32) {
    form.tiles.update(|tiles| {
        if let Some(url) = tiles.iter().find(|tile| tile.key == key).and_then(|tile| tile.url.as_ref()) {
            let _ = Url::revoke_object_url(url);
        }
        tiles.retain(|tile| tile.key != key);
    });
}
