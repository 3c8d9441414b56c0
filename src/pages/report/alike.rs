//! "Has someone already reported this?" Asked while it is written; joining is one tap.

use super::form::Form;
use crate::app::use_app;
use crate::outbox::sender;
use crate::pages::mine::picture;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, effect, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::{api, messages, t};
use woodlark_wire::AlikeRow;
use woodlark_wire::path::{self, PhotoSize};

/// How many are shown.
const SHOWN: usize = 3;

/// What was reported nearby, if anything was.
pub(super) fn section(form: Form) -> El {
    let rows = RwSignal::new(Vec::<AlikeRow>::new());
    effect(Box::new(move || {
        let (kind, category, fix) = (form.kind.get(), form.category.get(), form.fix.get());
        let Some(fix) = fix else { return rows.set(Vec::new()) };
        spawn_local(async move {
            let asked = api::alike(kind, category.as_ref(), fix.raw);
            let found = api::get(&asked).await.unwrap_or_default();
            let _ = rows.try_set(found);
        });
    }));
    el("div", "hollow").dynamic(move || {
        let cards: Vec<El> = rows.with(|rows| rows.iter().take(SHOWN).map(row).collect());
        let section = el("section", "card").attr("aria-labelledby", "alike").test("alike");
        let head = el("h2", "").attr("id", "alike").text(t().report_alike);
        (!cards.is_empty()).then(|| section.child(head).child(el("ul", "rows").each(cards)))
    })
}

fn row(alike: &AlikeRow) -> El {
    let app = use_app();
    let id = alike.id;
    let busy = RwSignal::new(false);
    let why = RwSignal::new(None::<String>);
    let name = match &alike.category {
        Some(label) => label.in_language(messages::language()),
        None => messages::kind_short(alike.kind),
    };
    let mut about = t().report_alike_row(&super::place::whole(alike.metres), messages::state(alike.state));
    if alike.joiners > 0 {
        about = [&about, " · ", &t().report_alike_joiners(&alike.joiners.to_string())].concat();
    }
    let join = move || {
        busy.set(true);
        spawn_local(async move {
            if let Err(fault) = sender::join(app, id).await {
                let _ = busy.try_set(false);
                let _ = why.try_set(Some(fault.words()));
            }
        });
    };
    let end = if alike.mine {
        span("soft", t().report_alike_mine)
    } else {
        let join = button("btn small praise", join)
            .test("join")
            .bind("disabled", move || busy.get().then(String::new));
        join.child(icon("plus")).text(t().report_alike_join)
    };
    let thumb = alike.photo.map(|hash| picture("thumb tiny", &path::photo(id, hash, PhotoSize::Thumb)));
    let words = span("row-body", "")
        .child(el("b", "").text(name))
        .child(span("soft", &about))
        .dynamic(move || why.get().map(|why| span("late", &why)));
    el("li", "row").maybe(thumb).child(words).child(end)
}
