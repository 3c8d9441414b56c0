//! Photos by camera or album, one by one: each with its picture, what is being done to it, and a way out.

use super::form::{Form, Tile, TileState};
use crate::app::use_app;
use crate::outbox::shelf;
use crate::platform::{PhotoWay, Platform, platform};
use core::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, HtmlInputElement, Url};
use woodlark_domain::ContentHash;
use woodlark_domain::limits::PHOTOS_PER_REPORT;
use woodlark_ui::RwSignal;
use woodlark_ui::capture::{self, mask, photo};
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{sheet, t};
use woodlark_wire::MediaRole;

/// Keys of tiles made here lie above those of a restored draft.
static NEXT_KEY: AtomicU32 = AtomicU32::new(100);

/// The photos of the form.
pub(super) fn section(form: Form) -> El {
    let painting = RwSignal::new(false);
    let painted = RwSignal::new(None::<(u32, ContentHash)>);
    let paint = move |key: u32, hash: ContentHash| {
        painted.set(Some((key, hash)));
        sheet::open(painting);
    };
    let tiles = move || {
        let all = form.tiles.get();
        let list = el("ul", "tiles")
            .each(all.iter().enumerate().map(|(index, tile)| tile_view(form, index, tile, paint)));
        let (camera, album) = (t().report_camera, t().report_album);
        let (camera, album) = match platform().photo_way() {
            PhotoWay::Fields { many } => {
                (input(form, "camera", camera, true, false), input(form, "album", album, false, many))
            }
            // No phone of a resident is the place's own camera.
            PhotoWay::Chooser | PhotoWay::Camera => {
                (chooser(form, "camera", camera, true), chooser(form, "album", album, false))
            }
        };
        let add = el("li", "tile add").child(camera).child(album);
        Some(list.maybe((all.len() < PHOTOS_PER_REPORT).then_some(add)))
    };
    let count = span("soft", "").says(move || t().report_photo_count(&form.tiles.with(Vec::len).to_string()));
    let mask = move || match painted.get_untracked() {
        Some((key, hash)) => mask::mask(shelf::file(hash), move |file| replace(form, key, file)),
        None => el("div", ""),
    };
    let title = el("h2", "").attr("id", "photos").attr("tabindex", "-1").text(t().report_photos);
    el("section", "photos")
        .attr("aria-labelledby", "photos")
        .child(el("div", "card-head").child(title).child(count))
        .dynamic(tiles)
        .child(el("p", "soft").text(t().report_photos_hint))
        .child(sheet::sheet(painting, t().report_mask_title, true, mask))
}

/// `accept="image/*"` alone is the one combination that opens the right thing everywhere.
fn input(form: Form, symbol: &str, name: &str, camera: bool, many: bool) -> El {
    let input = el("input", "unseen")
        .attr("type", "file")
        .attr("accept", "image/*")
        .flag("multiple", many)
        .test(symbol);
    let input = if camera { input.attr("capture", "environment") } else { input };
    let field: HtmlInputElement = input.cast();
    let chosen = move |_| {
        let files = field.files();
        let files = (0..files.as_ref().map_or(0, web_sys::FileList::length))
            .filter_map(|index| files.as_ref()?.get(index));
        files.for_each(|file| add(form, file.unchecked_into()));
        // The same photo may be chosen again after it was removed.
        field.set_value("");
    };
    let input = input.on("click", move |_| form.locate(false)).on("change", chosen);
    el("label", "pick").child(input).child(icon(symbol)).child(span("", name))
}

/// The place's own chooser.
fn chooser(form: Form, symbol: &str, name: &str, camera: bool) -> El {
    let choose = move || {
        form.locate(false);
        let most = PHOTOS_PER_REPORT - form.tiles.with_untracked(Vec::len);
        spawn_local(async move {
            for photo in platform().pick_photos(camera, most).await {
                add(form, photo);
            }
        });
    };
    button("pick", choose).test(symbol).child(icon(symbol)).child(span("", name))
}

fn tile_view(form: Form, index: usize, tile: &Tile, paint: impl Fn(u32, ContentHash) + Copy + 'static) -> El {
    let key = tile.key;
    let name = t().report_photo_n(&(index + 1).to_string());
    let (state, over) = match &tile.state {
        TileState::Busy => ("busy", span("ring", t().report_photo_busy)),
        TileState::Bad(why) => ("bad", span("tile-bad", why)),
        TileState::Ready(file) => {
            let hash = file.hash;
            let cover = button("ring", move || paint(key, hash))
                .test("mask-open")
                .child(icon("brush"))
                .text(t().report_photo_mask);
            ("ready", cover.attr("aria-label", &[&name, ": ", t().report_photo_mask].concat()))
        }
    };
    let remove = button("tile-remove", move || remove(form, key)).child(icon("cross"));
    let picture = tile.url.as_ref().map(|url| el("img", "").attr("src", url).attr("alt", &name));
    el("li", "tile")
        .test("photo")
        .attr("data-state", state)
        .maybe(picture)
        .child(over)
        .child(remove.attr("aria-label", &[&name, ": ", t().report_photo_remove].concat()))
}

fn add(form: Form, file: Blob) {
    if form.tiles.with_untracked(Vec::len) >= PHOTOS_PER_REPORT {
        return use_app().outbox.said.set(t().report_photo_many.into());
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
        Some(file) => capture::describe(&file, MediaRole::Photo, photo::JPEG, None)
            .await
            .ok()
            .map(|entry| (entry, file)),
        None => None,
    };
    let taken = form.tiles.try_update(|tiles| {
        let twice = done
            .as_ref()
            .is_some_and(|(entry, _)| tiles.iter().any(|t| t.key != key && holds(t, entry.hash)));
        let tile = tiles.iter_mut().find(|tile| tile.key == key)?;
        match done {
            _ if twice => tile.state = TileState::Bad(t().report_photo_twice),
            Some((entry, file)) => {
                let hash = entry.hash;
                tile.state = TileState::Ready(entry);
                let url = Url::create_object_url_with_blob(&file).ok();
                if let Some(old) = core::mem::replace(&mut tile.url, url) {
                    // An address that is revoked already harms nobody.
                    let _ = Url::revoke_object_url(&old);
                }
                return Some((hash, file));
            }
            None => tile.state = TileState::Bad(t().report_photo_bad),
        }
        None
    });
    if let Some((hash, file)) = taken.flatten() {
        form.keep(hash, &file).await;
    }
}

fn holds(tile: &Tile, hash: ContentHash) -> bool {
    matches!(&tile.state, TileState::Ready(file) if file.hash == hash)
}

fn remove(form: Form, key: u32) {
    form.tiles.update(|tiles| {
        if let Some(url) = tiles.iter().find(|tile| tile.key == key).and_then(|tile| tile.url.as_ref()) {
            let _ = Url::revoke_object_url(url);
        }
        tiles.retain(|tile| tile.key != key);
    });
}
