//! Before and after, one over the other: a slider uncovers the one or the other.

use crate::el::{El, el, span, value};
use crate::parts::icon;
use crate::t;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The pictures at these two addresses under one slider.
#[must_use]
pub fn slider(before: &str, after: &str) -> El {
    let picture = |class: &str, address: &str, name: &str| {
        el("img", class).attr("alt", name).attr("draggable", "false").attr("src", address)
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
    frame
        .child(picture("", before, t().case_before))
        .child(picture("over", after, t().case_after))
        .child(input.on("input", slide))
        .child(knob)
        .child(span("ring", t().case_before))
        .child(span("ring", t().case_after))
}
