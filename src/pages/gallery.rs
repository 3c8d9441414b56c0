//! The photos of a case: small ones side by side, and each in full over the whole screen.

use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::{sheet, t};
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseView, PhotoStage, PhotoView};

/// The photos, if there are any.
pub(super) fn gallery(case: &CaseView) -> Option<El> {
    let count = case.photos.len();
    if count == 0 {
        return None;
    }
    let (id, photos) = (case.id, case.photos.clone());
    let open = RwSignal::new(false);
    let at = RwSignal::new(0_usize);
    let thumbs = photos.iter().enumerate().map(|(index, photo)| {
        let show = move || {
            at.set(index);
            sheet::open(open);
        };
        // One photo alone is shown large: the small one would be blurred.
        let size = if count == 1 { PhotoSize::Full } else { PhotoSize::Thumb };
        let picture = el("img", "")
            .attr("alt", "")
            .attr("loading", "lazy")
            .attr("src", &path::photo(id, photo.hash, size));
        let shot = button("shot", show).attr("aria-label", &caption(index, photo)).test("shot");
        el("li", "").child(shot.child(picture).child(span("ring", stage(photo))))
    });
    let strip = el("ul", "gallery")
        .attr("data-count", &count.to_string())
        .attr("aria-label", t().case_photos)
        .each(thumbs);
    let full = sheet::sheet(open, t().case_photos, true, move || {
        let photos = photos.clone();
        let picture = move || {
            let index = at.get();
            photos.get(index).map(|photo| {
                let caption = caption(index, photo);
                el("figure", "")
                    .child(
                        el("img", "full")
                            .attr("src", &path::photo(id, photo.hash, PhotoSize::Full))
                            .attr("width", &photo.width.to_string())
                            .attr("height", &photo.height.to_string())
                            .attr("alt", &caption),
                    )
                    .child(el("figcaption", "soft").text(&caption))
            })
        };
        let step = move |by: usize| at.update(|at| *at = (*at + by) % count);
        let steps = (count > 1).then(|| {
            el("div", "row-end")
                .child(button("btn ghost", move || step(count - 1)).text(t().case_prev))
                .child(button("btn ghost", move || step(1)).text(t().case_next))
        });
        el("div", "stack").dynamic(picture).maybe(steps)
    });
    Some(el("div", "").child(strip).child(full))
}

fn stage(photo: &PhotoView) -> &'static str {
    match photo.stage {
        PhotoStage::Before => t().case_before,
        PhotoStage::After => t().case_after,
        PhotoStage::Contested => t().case_contested,
    }
}

fn caption(index: usize, photo: &PhotoView) -> String {
    [&t().case_photo_n(&(index + 1).to_string()), " · ", stage(photo)].concat()
}
