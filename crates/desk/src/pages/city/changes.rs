//! What is different between two versions, row by row and cell by cell.

use super::words;
use crate::messages::{d, name};
use woodlark_domain::city::Column;
use woodlark_ui::el::{El, el, span};
use woodlark_ui::parts::tone_pill;
use woodlark_wire::{CellChange, CityChanges, ColumnChoices, RowChange, RowFate};

/// How many rows are new, say something else, go.
pub(super) fn counts(changes: &CityChanges) -> El {
    let d = d();
    numbers(&[
        (changes.added, d.preview_added, "good"),
        (changes.changed, d.preview_changed, "open"),
        (changes.removed, d.preview_removed, "bad"),
    ])
}

/// Numbers side by side, each with what it is called and its tone.
pub(in crate::pages) fn numbers(counts: &[(u32, &str, &str)]) -> El {
    let count = |(number, words, tone): &(u32, &str, &str)| {
        el("div", "change-count")
            .attr("data-tone", tone)
            .flag("data-none", *number == 0)
            .child(el("b", "figure").text(&number.to_string()))
            .child(span("", words))
    };
    el("div", "change-counts").test("counts").each(counts.iter().map(count))
}

/// The rows themselves.
pub(in crate::pages) fn list(changes: &CityChanges, choices: &[ColumnChoices]) -> El {
    let all = u64::from(changes.added) + u64::from(changes.changed) + u64::from(changes.removed);
    let listed = changes.rows.len();
    let more = (all > listed as u64).then(|| el("p", "soft").text(&d().preview_first(&listed.to_string())));
    let rows = el("ol", "changes card").each(changes.rows.iter().map(|change| row(change, choices)));
    el("div", "stack").maybe((listed > 0).then_some(rows)).maybe(more)
}

fn row(change: &RowChange, choices: &[ColumnChoices]) -> El {
    let (tone, words) = match change.fate {
        RowFate::Added => ("good", d().preview_added),
        RowFate::Changed => ("open", d().preview_changed),
        RowFate::Removed => ("bad", d().preview_removed),
    };
    let called = name(&change.name);
    let head = el("div", "change-head")
        .child(tone_pill(tone, words))
        .child(el("code", "").text(&change.key))
        .child(el("b", "").text(&called));
    // A row that goes is known by its name; what it said is in the version before.
    let cells = (change.fate != RowFate::Removed).then(|| {
        let cells = change.cells.iter().filter(|cell| is_told(change, cell));
        el("dl", "change-cells").each(cells.map(|cell| self::cell(cell, choices)))
    });
    el("li", "change").test("change").attr("data-key", &change.key).child(head).maybe(cells)
}

/// Of a new row the name stands above already.
fn is_told(change: &RowChange, cell: &CellChange) -> bool {
    let is_name = matches!(cell.column, Column::NameZh | Column::NameEn | Column::Name);
    change.fate == RowFate::Changed || !is_name
}

fn cell(cell: &CellChange, choices: &[ColumnChoices]) -> El {
    let say = |text: &str| {
        if text.is_empty() {
            match words::options(cell.column, choices) {
                Some(_) => words::shown(cell.column, text, choices),
                None => d().preview_empty.to_owned(),
            }
        } else {
            words::shown(cell.column, text, choices)
        }
    };
    let before = (!cell.before.is_empty()).then(|| el("del", "").text(&say(&cell.before)));
    let after = el("ins", "").text(&say(&cell.after));
    el("div", "")
        .child(el("dt", "").text(words::column(cell.column)))
        .child(el("dd", "").maybe(before).child(after))
}
