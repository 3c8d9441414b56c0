//! What a change would do, before it does it: what must be put right, what changes, what it means; then the button.

use super::book::{Book, Origin, View};
use super::{changes, words};
use crate::messages::d;
use crate::widget::{field, form, input, submit, trouble};
use woodlark_domain::city::Part;
use woodlark_domain::limits::NOTE_CHARS;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_wire::{CityFault, CityPreview};

/// The panel.
pub(super) fn panel(book: Book) -> El {
    let back = button("btn small ghost", move || book.view.set(View::Table)).text(d().preview_cancel);
    let head = el("div", "card-head")
        .child(
            el("div", "")
                .child(el("h2", "").text(d().preview_title))
                .child(el("p", "soft").says(move || origin(&book.origin.get()))),
        )
        .child(back.test("back"));
    let body = move || match book.preview.get() {
        Some(preview) if preview.hash.is_none() => {
            Some(faulty(&preview.faults, preview.faults_in_all, |fault| place(book, fault)))
        }
        Some(preview) => Some(good(book, &preview)),
        None if book.said.with(String::is_empty) => Some(el("p", "soft").text(d().city_looking)),
        None => Some(button("btn small", move || again(book)).test("again").text(d().preview_again)),
    };
    el("section", "stack preview").test("preview-panel").child(head).child(trouble(book.said)).dynamic(body)
}

fn again(book: Book) {
    book.said.set(String::new());
    book.look_again();
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::File(name) => d().preview_from_file(name),
        Origin::Rows(_) => d().preview_from_rows.to_owned(),
        Origin::Version(number) => d().preview_from_version(&number.to_string()),
        Origin::Proposal => d().preview_from_proposal.to_owned(),
    }
}

/// Each fault where it is, and what to do; `place` says where.
pub(in crate::pages) fn faulty(
    faults: &[CityFault],
    in_all: u32,
    place: impl Fn(&CityFault) -> String,
) -> El {
    let all = in_all.to_string();
    let head = el("p", "trouble")
        .attr("role", "alert")
        .test("faulty")
        .child(icon("alert"))
        .child(el("b", "").text(&d().preview_faulty(&all)));
    let listed = faults.len();
    let more = (listed < usize::try_from(in_all).unwrap_or(0))
        .then(|| el("p", "soft").text(&d().preview_faulty_more(&listed.to_string())));
    let rows = faults.iter().map(|fault| {
        let column = fault.column.map(|column| span("soft", words::column(column)));
        el("li", "fault")
            .test("fault")
            .attr("data-line", &fault.line.to_string())
            .attr("data-code", fault.code.code())
            .child(el("b", "figure").text(&place(fault)))
            .maybe(column)
            .child(span("fault-words", &words::fault(fault)))
    });
    el("div", "stack").child(head).child(el("ol", "faults card").each(rows)).maybe(more)
}

/// Where a fault is: the row that was edited, the line of the file, the feature of the map.
fn place(book: Book, fault: &CityFault) -> String {
    match book.origin.get_untracked() {
        Origin::Rows(begins) if fault.line > 0 => {
            let row = begins.iter().rev().find(|(line, _)| *line <= fault.line);
            row.filter(|(_, key)| !key.is_empty()).map_or_else(|| line(fault), |(_, key)| key.clone())
        }
        Origin::File(name) if fault.line > 0 && book.part == Part::Areas && name.ends_with("json") => {
            d().preview_feature(&fault.line.to_string())
        }
        Origin::Rows(_) | Origin::File(_) | Origin::Version(_) | Origin::Proposal => line(fault),
    }
}

/// The line of a file, or the whole of it.
pub(in crate::pages) fn line(fault: &CityFault) -> String {
    if fault.line == 0 {
        return d().preview_whole.to_owned();
    }
    d().preview_line(&fault.line.to_string())
}

fn good(book: Book, preview: &CityPreview) -> El {
    let nothing = preview.changes.rows.is_empty();
    let choices = book.table.with_untracked(|table| table.as_ref().map(|table| table.choices.clone()));
    let choices = choices.unwrap_or_default();
    if nothing {
        return el("p", "soft empty").test("nothing").text(d().preview_nothing);
    }
    let notes = (!preview.notes.is_empty()).then(|| {
        let rows = preview.notes.iter().map(|note| {
            el("li", "")
                .test("means")
                .attr("data-code", note.code.code())
                .child(icon("alert"))
                .child(span("", &words::note(note)))
        });
        el("section", "means").child(el("h3", "").text(d().preview_means)).child(el("ul", "").each(rows))
    });
    let note = input("text", book.note).attr("maxlength", &NOTE_CHARS.to_string()).test("note");
    let apply = form("preview-apply", move || book.apply())
        .child(field("note", d().preview_note, note))
        .child(submit("btn", d().preview_apply, book.busy).test("apply"));
    el("div", "stack")
        .child(changes::counts(&preview.changes))
        .maybe(notes)
        .child(apply)
        .child(changes::list(&preview.changes, &choices))
}
