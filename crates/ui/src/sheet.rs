//! The half-screen dialog, and Back: opening one pushes a state, Back closes just the dialog.

use crate::el::{El, button, effect, el};
use crate::messages::t;
use crate::parts::icon;
use crate::signal::RwSignal;
use core::cell::RefCell;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::HtmlDialogElement;

thread_local! {
    static OPEN: RefCell<Vec<RwSignal<bool>>> = const { RefCell::new(Vec::new()) };
}

/// Opens a dialog: Back will close it.
pub fn open(sheet: RwSignal<bool>) {
    if sheet.get_untracked() {
        return;
    }
    OPEN.with_borrow_mut(|stack| stack.push(sheet));
    if let Ok(history) = window().history() {
        // A refused state only means that Back leaves the page instead of closing the dialog.
        let _ = history.push_state_with_url(&JsValue::TRUE, "", None);
    }
    sheet.set(true);
}

/// Closes the topmost dialog as Back would.
pub fn close() {
    if OPEN.with_borrow(Vec::is_empty) {
        return;
    }
    if window().history().and_then(|history| history.back()).is_err() {
        went_back();
    }
}

/// For the router, on `popstate`: closes the topmost dialog and says that it did.
pub fn went_back() -> bool {
    let top = OPEN.with_borrow_mut(Vec::pop);
    // A dialog of a page that is gone has nothing to close any more.
    top.is_some_and(|sheet| sheet.try_set(false).is_none())
}

/// A dialog at the lower edge of the screen, or over the whole of it. The browser traps the focus, returns it, and
/// closes on Escape. What it holds is made anew at each opening.
#[must_use]
pub fn sheet(
    shown: RwSignal<bool>,
    title: &'static str,
    full: bool,
    content: impl Fn() -> El + 'static,
) -> El {
    dialog(shown, title, full, Box::new(content))
}

fn dialog(shown: RwSignal<bool>, title: &'static str, full: bool, content: Box<dyn Fn() -> El>) -> El {
    let class = if full { "sheet sheet-full" } else { "sheet" };
    let shut = button("icon-button", close).attr("aria-label", t().app_close).child(icon("cross"));
    let head = el("header", "sheet-head").child(el("h2", "").text(title)).child(shut);
    let panel = el("div", "sheet-panel").child(head).dynamic(move || shown.get().then(&content));
    let dialog = el("dialog", class).attr("aria-label", title).child(panel);
    let node: HtmlDialogElement = dialog.cast();
    effect(Box::new(move || {
        let open = shown.get();
        if open == node.open() {
            return;
        }
        if !open {
            node.close();
        } else if !node.is_connected() || node.show_modal().is_err() {
            // Before Safari 15.4 there is no modal dialog: it stands open in its place.
            node.set_open(true);
        }
    }));
    dialog
        .on("cancel", |event| {
            event.prevent_default();
            close();
        })
        .on("click", |event| {
            // The dialog itself is hit only beside its panel.
            if event.target() == event.current_target() {
                close();
            }
        })
}

/// A question with two answers: leave it, or do it.
#[must_use]
pub fn confirm(
    shown: RwSignal<bool>,
    title: &'static str,
    words: &'static str,
    yes: &'static str,
    act: impl Fn() + 'static,
) -> El {
    question(shown, title, words, yes, Rc::new(act))
}

fn question(
    shown: RwSignal<bool>,
    title: &'static str,
    words: &'static str,
    yes: &'static str,
    act: Rc<dyn Fn()>,
) -> El {
    sheet(shown, title, false, move || {
        let act = act.clone();
        let go = button("btn danger", move || {
            close();
            act();
        });
        el("div", "").child(el("p", "").text(words)).child(
            el("div", "row-end")
                .child(button("btn ghost", close).text(t().app_cancel))
                .child(go.test("yes").text(yes)),
        )
    })
}
