//! One page a file; each reads top to bottom as what a person sees.

pub mod attract;
pub mod category;
pub mod check;
pub mod enrol;
pub mod gift;
pub mod look_up;
pub mod photo;
pub mod place;
pub mod result;
pub mod say;
pub mod start;

use woodlark_ui::el::{El, button, el};
use woodlark_ui::parts::icon;

/// A page under its title: what it is for, what it holds, and the way on at its end.
pub(crate) fn framed(title: &str, lead: &str, body: El, on: Option<El>) -> El {
    let head = el("div", "page-head").child(el("h1", "").text(title));
    let head = if lead.is_empty() { head } else { head.child(el("p", "page-lead").text(lead)) };
    el("div", "page").child(head).child(body).maybe(on.map(|on| el("div", "page-on").child(on)))
}

/// The large button that leads on.
pub(crate) fn on(words: &str, test: &str, act: impl Fn() + 'static) -> El {
    button("btn huge", act).test(test).text(words).child(icon("next"))
}
