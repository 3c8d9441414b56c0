//! Points month by month: drawn, and the same as a table for whoever does not see the drawing.

use crate::messages::b;
use woodlark_ui::el::{El, el, svg};
use woodlark_ui::when;
use woodlark_wire::LedgerMonth;

/// What a month takes in width, and the highest bar, in the units of the drawing.
const WIDE: i64 = 24;
const HIGH: i64 = 56;

/// The drawing. The month of now stands out.
#[must_use]
pub fn bars(months: &[LedgerMonth]) -> El {
    let most = months.iter().map(|month| month.points).max().unwrap_or_default().max(1);
    let count = i64::try_from(months.len()).unwrap_or_default();
    let size = ["0 0 ", &(count * WIDE).to_string(), " ", &(HIGH + 16).to_string()].concat();
    let bars = (0_i64..).zip(months).flat_map(|(place, month)| {
        // What earned a little is still to be seen.
        let high = if month.points > 0 { (month.points * HIGH / most).max(4) } else { 2 };
        let now = place + 1 == count;
        let bar = svg("rect", "bar-of")
            .flag("data-now", now)
            .flag("data-none", month.points <= 0)
            .attr("x", &(place * WIDE + 3).to_string())
            .attr("y", &(HIGH - high).to_string())
            .attr("width", &(WIDE - 6).to_string())
            .attr("height", &high.to_string())
            .attr("rx", "3");
        let name = svg("text", "bar-name")
            .flag("data-now", now)
            .attr("x", &(place * WIDE + WIDE / 2).to_string())
            .attr("y", &(HIGH + 12).to_string())
            .text(&(month.month % 100).to_string());
        [bar, name]
    });
    svg("svg", "bars").attr("viewBox", &size).attr("aria-hidden", "true").each(bars)
}

/// The same numbers, latest first.
#[must_use]
pub fn table(months: &[LedgerMonth]) -> El {
    let head = el("tr", "").each(
        [b().months_month, b().months_deeds, b().months_points]
            .map(|name| el("th", "").attr("scope", "col").text(name)),
    );
    let rows = months.iter().rev().map(|month| {
        el("tr", "")
            .child(el("th", "").attr("scope", "row").text(&when::month(month.month / 100, month.month % 100)))
            .child(el("td", "").text(&month.count.to_string()))
            .child(el("td", "").text(&month.points.to_string()))
    });
    el("table", "numbers")
        .test("months-table")
        .child(el("thead", "").child(head))
        .child(el("tbody", "").each(rows))
}
