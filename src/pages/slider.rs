//! Before and after, one over the other: a slider uncovers the one or the other.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use woodlark_ui::el::{El, el, span, value};
use woodlark_ui::parts::icon;
use woodlark_ui::t;
use woodlark_wire::path::{self, PhotoSize};
use woodlark_wire::{CaseView, PhotoStage, PhotoView};

/// The first photo of before and the last of afterwards, where there are both.
pub(super) fn slider(case: &CaseView) -> Option<El> {
    let before = case.photos.iter().find(|photo| photo.stage == PhotoStage::Before)?;
    let after = case.photos.iter().rfind(|photo| photo.stage == PhotoStage::After)?;
    let picture = |class: &str, photo: &PhotoView, name: &str| {
        let address = path::photo(case.id, photo.hash, PhotoSize::Full);
        el("img", class).attr("alt", name).attr("draggable", "false").attr("src", &address)
    };
    let frame = el("div", "compare");
    let style = frame.node().clone().unchecked_into::<HtmlElement>().style();
    let said = |percent: &str| t().case_compare_at(percent);
    let input = el("input", "")
        .attr("type", "range")
        .attr("min", "0")
        .attr("max", "100")
        .attr("step", "2")
        .attr("value", "50")
        .attr("aria-label", t().case_compare)
        .attr("aria-valuetext", &said("50"))
        .test("slider");
    let node = input.node().clone();
    let slide = move |_| {
        let percent = value(&node);
        // Both names are ours and well-formed.
        let _ = style.set_property("--split", &[&percent, "%"].concat());
        let _ = node.set_attribute("aria-valuetext", &said(&percent));
    };
    let knob = span("knob", "").attr("aria-hidden", "true").child(icon("back")).child(icon("next"));
    let frame = frame
        .child(picture("", before, t().case_before))
        .child(picture("over", after, t().case_after))
        .child(input.on("input", slide))
        .child(knob)
        .child(span("ring", t().case_before))
        .child(span("ring", t().case_after));
    Some(frame)
}
