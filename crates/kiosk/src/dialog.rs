//! A dialog of its own: that of the residents' app writes itself into the history, which a kiosk must not have.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use woodlark_ui::el::{El, effect, el};

/// A dialog over the screen, open while this says so. What it holds is made anew at each opening; `shut` is called when somebody
/// presses Escape.
#[must_use]
pub fn dialog(
    class: &str,
    labelled_by: &str,
    open: impl Fn() -> bool + Copy + 'static,
    shut: impl Fn() + 'static,
    content: impl Fn() -> El + 'static,
) -> El {
    let dialog = el("dialog", class)
        .attr("aria-labelledby", labelled_by)
        .dynamic(move || open().then(&content))
        .on("cancel", move |event| {
            event.prevent_default();
            shut();
        });
    let node: HtmlDialogElement = dialog.node().clone().unchecked_into();
    effect(Box::new(move || {
        let wanted = open();
        if wanted == node.open() {
            return;
        }
        if !wanted {
            node.close();
        } else if !node.is_connected() || node.show_modal().is_err() {
            node.set_open(true);
        }
    }));
    dialog
}
