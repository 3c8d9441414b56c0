//! The versions of a part: looked at, compared with what stands, brought back.

use super::book::{Book, Origin, View};
use super::{by, changes};
use crate::app::use_desk;
use crate::messages::d;
use wasm_bindgen_futures::spawn_local;
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::tone_pill;
use woodlark_ui::{api, sheet, t};
use woodlark_wire::{CityChanges, CitySource, PartVersionView, path};

/// The list.
pub(super) fn panel(book: Book) -> El {
    let versions = RwSignal::new(Vec::<PartVersionView>::new());
    spawn_local(async move {
        match api::get(&path::desk_part_versions(book.part)).await {
            Ok(found) => drop(versions.try_set(found)),
            Err(fault) => drop(book.said.try_set(use_desk().heard(&fault))),
        }
    });
    let list = move || {
        let standing = book
            .table
            .with(|table| table.as_ref().filter(|table| table.stands).map(|table| table.version.number));
        let rows = versions.with(|all| {
            let newest = standing.or(all.first().map(|one| one.number)).unwrap_or(0);
            all.iter().map(|one| row(book, one, newest)).collect::<Vec<_>>()
        });
        Some(el("ol", "rows card versions").each(rows))
    };
    let back = button("btn small ghost", move || book.view.set(View::Table)).text(d().preview_cancel);
    el("section", "stack")
        .child(
            el("div", "card-head")
                .child(
                    el("div", "")
                        .child(el("h2", "").text(d().city_history))
                        .child(el("p", "soft").text(d().history_lead)),
                )
                .child(back),
        )
        .dynamic(list)
}

fn row(book: Book, one: &PartVersionView, standing: u32) -> El {
    let number = one.number;
    let stands = number == standing;
    let restored = one.restored.map(|from| span("soft", &d().history_restored(&from.to_string())));
    let note = (!one.note.is_empty()).then(|| span("", &one.note));
    let body = span("row-body", "")
        .child(
            el("b", "").text(
                &[&d().city_version(&number.to_string()), " · ", &d().city_things(&one.rows.to_string())]
                    .concat(),
            ),
        )
        .child(span("soft", &by(one)))
        .maybe(note)
        .maybe(restored);
    let open = RwSignal::new(false);
    let compare =
        button("btn small ghost", move || sheet::open(open)).test("compare").text(d().history_compare);
    let look = button("btn small ghost", move || book.read(Some(number))).test("look").text(d().history_look);
    let back = button("btn small ghost", move || {
        book.look(CitySource::Version { number }, Origin::Version(number));
    });
    let acts = (!stands).then(|| {
        el("div", "version-acts")
            .child(look)
            .child(compare)
            .child(back.test("bring-back").text(d().history_bring_back))
            .child(sheet::sheet(open, d().history_compare, true, move || compared(book, number, standing)))
    });
    let mark = stands.then(|| tone_pill("good", d().history_stands));
    el("li", "row version-row")
        .test("version")
        .attr("data-number", &number.to_string())
        .child(body)
        .maybe(mark)
        .maybe(acts)
}

/// What is different between a version and the one that stands.
fn compared(book: Book, from: u32, to: u32) -> El {
    let found = RwSignal::new(None::<CityChanges>);
    let said = RwSignal::new(t().app_loading.to_owned());
    spawn_local(async move {
        match api::get(&path::desk_part_compare(book.part, from, to)).await {
            Ok(changes) => {
                let _ = said.try_set(String::new());
                let _ = found.try_set(Some(changes));
            }
            Err(fault) => drop(said.try_set(use_desk().heard(&fault))),
        }
    });
    let body = move || {
        found.get().map(|found| {
            if found.rows.is_empty() {
                return el("p", "soft").text(d().history_same);
            }
            let choices =
                book.table.with_untracked(|table| table.as_ref().map(|table| table.choices.clone()));
            el("div", "stack")
                .child(changes::counts(&found))
                .child(changes::list(&found, &choices.unwrap_or_default()))
        })
    };
    let head = d().history_compared(&from.to_string(), &to.to_string());
    el("div", "stack")
        .child(el("p", "soft").text(&head))
        .child(el("p", "soft").says(move || said.get()))
        .dynamic(body)
}
