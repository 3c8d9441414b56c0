//! One row in a dialog: a field for each of its cells, chosen or written.

use super::book::{Book, Line};
use super::words;
use crate::messages::d;
use crate::widget::{area, field, form, input, select};
use woodlark_domain::city::{Column, Part};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::parts::icon;
use woodlark_ui::sheet;

/// The dialog's content for a row, or for a new one.
pub(super) fn editor(book: Book, place: Option<usize>) -> El {
    let Some((columns, choices)) = book
        .table
        .with_untracked(|table| table.as_ref().map(|table| (table.columns.clone(), table.choices.clone())))
    else {
        return el("div", "");
    };
    let known = book.lines.with_untracked(|lines| place.and_then(|place| lines.get(place).cloned()));
    let mut cells = Vec::with_capacity(columns.len());
    let mut fields = Vec::with_capacity(columns.len());
    for (number, column) in columns.iter().enumerate() {
        let first =
            words::options(*column, &choices).and_then(|all| all.first().map(|(code, _)| code.clone()));
        let cell = match &known {
            Some(line) => line.cells.get(number).cloned().unwrap_or_default(),
            // What stands first in a list is what the field shows.
            None => first.unwrap_or_default(),
        };
        let cell = RwSignal::new(cell);
        let id = ["cell-", column.code()].concat();
        let made = match words::options(*column, &choices) {
            Some(options) => select(move || options.clone(), cell),
            None if *column == Column::WordsZh || *column == Column::WordsEn => area("3", cell),
            None if *column == Column::Date => input("date", cell),
            None if *column == Column::Points => input("number", cell).attr("min", "0").attr("max", "1000"),
            None => input("text", cell).attr("autocapitalize", "none"),
        };
        let made = field(&id, words::column(*column), made.test(&id));
        let hint = (*column == Column::Limits).then(|| el("p", "soft").text(d().column_limits_is));
        fields.push(made.maybe(hint));
        cells.push(cell);
    }
    let save = move || {
        let cells: Vec<String> = cells.iter().map(|cell| cell.get_untracked().trim().to_owned()).collect();
        put(book, place, cells);
        sheet::close();
    };
    let done = el("button", "btn small").attr("type", "submit").test("row-done").text(d().city_take);
    let others = place.map(|place| others(book, place));
    form("stack", save)
        .child(el("div", "fields row-fields").each(fields))
        .child(el("div", "row-acts").maybe(others).child(span("grow", "")).child(done))
}

fn others(book: Book, place: usize) -> El {
    let gone = book.lines.with_untracked(|lines| lines.get(place).is_some_and(|line| line.gone));
    let words = if gone { d().city_keep } else { d().city_remove };
    let remove = button("btn small ghost", move || {
        book.lines.update(|lines| {
            // A row that was never there leaves no trace.
            if lines.get(place).is_some_and(|line| line.origin.is_none()) {
                lines.remove(place);
            } else if let Some(line) = lines.get_mut(place) {
                line.gone = !line.gone;
            }
        });
        sheet::close();
    });
    let step = move |symbol: &str, name: &'static str, to: fn(usize) -> Option<usize>| {
        button("btn small ghost", move || {
            book.lines.update(|lines| {
                if let Some(to) = to(place).filter(|to| *to < lines.len()) {
                    lines.swap(place, to);
                }
            });
            sheet::close();
        })
        .child(icon(symbol))
        .text(name)
    };
    let ordered = book.part == Part::Rules;
    el("div", "version-acts")
        .child(remove.test("row-remove").text(words))
        .maybe(ordered.then(|| step("minus", d().city_up, |place| place.checked_sub(1))))
        .maybe(ordered.then(|| step("plus", d().city_down, |place| place.checked_add(1))))
}

/// Puts a row where it was; a new one first among the rules, elsewhere where its name belongs.
fn put(book: Book, place: Option<usize>, cells: Vec<String>) {
    book.lines.update(|lines| match place.and_then(|place| lines.get_mut(place)) {
        Some(line) => line.cells = cells,
        None => {
            let key = cells.first().cloned().unwrap_or_default();
            let after = |line: &Line| line.cells.first().is_some_and(|other| *other > key);
            let place = match book.part {
                Part::Rules => 0,
                Part::Areas
                | Part::Departments
                | Part::Categories
                | Part::Calendar
                | Part::Templates
                | Part::Rewards
                | Part::Entries
                | Part::Terms
                | Part::Gifts => lines.iter().position(after).unwrap_or(lines.len()),
            };
            lines.insert(place, Line { cells, origin: None, gone: false });
        }
    });
}
