//! The pictures of a case: before and after under one slider, each large on a tap, and what everyone may see of it.

use super::Open;
use super::after::whole as whole_metres;
use super::{bytes, voice};
use crate::app::use_desk;
use crate::messages::d;
use crate::widget::trouble;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use woodlark_domain::ContentHash;
use woodlark_domain::policy::Action;
use woodlark_ui::RwSignal;
use woodlark_ui::capture::mask::mask;
use woodlark_ui::device::new_id;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::{icon, tone_pill};
use woodlark_ui::slider::slider;
use woodlark_ui::{Fault, api, json, sheet, t, when};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{DeskCase, DeskPhoto, PhotoApproval, PhotoKept, PhotoShown, PhotoStage};

/// The pictures, and the voice.
pub(super) fn section(open: Open, case: &DeskCase) -> El {
    let address = |photo: &DeskPhoto, size| path::desk_photo(case.id, photo.hash, size);
    let before = case.photos.iter().find(|photo| photo.stage == PhotoStage::Before);
    let after = case.photos.iter().rfind(|photo| photo.stage == PhotoStage::After);
    let compare = before
        .zip(after)
        .map(|(before, after)| slider(&address(before, PhotoSize::Full), &address(after, PhotoSize::Full)));
    let voice = case.voice.as_ref().map(|voice| voice::player(path::desk_voice(case.id, voice.hash)));
    let tiles = case.photos.iter().enumerate().map(|(index, photo)| tile(open, index, photo));
    let tiles = (!case.photos.is_empty()).then(|| el("ul", "case-photos").each(tiles));
    el("section", "stack hollow").maybe(compare).maybe(tiles).maybe(voice)
}

fn stage(stage: PhotoStage) -> &'static str {
    match stage {
        PhotoStage::Before => t().case_before,
        PhotoStage::After => t().case_after,
        PhotoStage::Contested => d().photo_contested,
    }
}

fn shown(photo: &DeskPhoto) -> El {
    match photo.approval.map(|approval| approval.shown) {
        None => tone_pill("open", d().photo_undecided),
        Some(PhotoShown::Nothing) => tone_pill("rest", d().photo_nothing),
        Some(PhotoShown::Whole) => tone_pill("good", d().photo_whole),
        Some(PhotoShown::Covered) => tone_pill("good", d().photo_covered),
    }
}

fn tile(open: Open, index: usize, photo: &DeskPhoto) -> El {
    let large = RwSignal::new(false);
    let name = [stage(photo.stage), " ", &(index + 1).to_string()].concat();
    let address = path::desk_photo(open.id, photo.hash, PhotoSize::Thumb);
    let metres = photo.metres.map(|metres| span("soft", &d().photo_metres(&whole_metres(metres))));
    let picture = el("img", "").attr("alt", &name).attr("loading", "lazy").attr("src", &address);
    let button = button("case-photo", move || sheet::open(large)).test("photo").child(picture);
    let kept = photo.clone();
    el("li", "")
        .child(button)
        .child(span("soft", &[stage(photo.stage), " · ", &when::moment(photo.at)].concat()))
        .maybe(metres)
        .child(shown(photo))
        .child(sheet::sheet(large, d().photo_title, true, move || whole(open, &kept)))
}

/// One photo large, and what everyone may see of it.
fn whole(open: Open, photo: &DeskPhoto) -> El {
    let desk = use_desk();
    let hash = photo.hash;
    let address = path::desk_photo(open.id, hash, PhotoSize::Full);
    let covering = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let decide = move |shown: PhotoShown, copy: Option<ContentHash>| {
        let approval = PhotoApproval { shown, hash: copy };
        spawn_local(async move {
            match approve(open, hash, approval).await {
                Ok(case) => {
                    open.show(case);
                    sheet::close();
                }
                Err(fault) => drop(said.try_set(desk.heard(&fault))),
            }
        });
    };
    let cover = move |file: Blob| {
        spawn_local(async move {
            match keep(&file).await {
                Ok(copy) => decide(PhotoShown::Covered, Some(copy)),
                Err(fault) => drop(said.try_set(desk.heard(&fault))),
            }
        });
    };
    let source = address.clone();
    let body = move || {
        Some(if covering.get() {
            mask(bytes::fetch(source.clone()), cover)
        } else {
            el("img", "photo-large").attr("alt", d().photo_title).attr("src", &source)
        })
    };
    let row = el("div", "row-end")
        .child(
            button("btn small ghost", move || decide(PhotoShown::Nothing, None))
                .test("show-nothing")
                .text(d().photo_show_nothing),
        )
        .child(
            button("btn small ghost", move || covering.set(true))
                .test("cover")
                .child(icon("brush"))
                .text(d().photo_cover),
        )
        .child(
            button("btn small", move || decide(PhotoShown::Whole, None))
                .test("show-whole")
                .text(d().photo_show_whole),
        );
    let decides = desk.may(Action::ApprovePhoto);
    el("div", "stack")
        .child(el("p", "soft").text(d().photo_recorded))
        .dynamic(body)
        .child(trouble(said))
        .maybe(decides.then_some(row))
}

async fn approve(open: Open, hash: ContentHash, approval: PhotoApproval) -> Result<DeskCase, Fault> {
    let body = json::write(&approval).map_err(|_| Fault::NotOurs)?;
    let address = path::desk_approval(open.id, hash);
    api::read(&api::send("PUT", &address, &new_id().to_string(), Some(&body)).await?)
}

/// Hands a photo in, and answers with its name.
async fn keep(file: &Blob) -> Result<ContentHash, Fault> {
    let call = api::Call {
        method: "PUT",
        path: path::DESK_PHOTOS,
        body: api::Body::File(file),
        key: None,
        offset: None,
        progress: None,
        header: None,
    };
    Ok(api::read::<PhotoKept>(&call.text().await?)?.hash)
}
