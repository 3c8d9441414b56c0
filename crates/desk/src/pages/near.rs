//! My tasks by what is due, or by what is near: the position is asked for on a tap, and stays on this device.

use crate::messages::d;
use wasm_bindgen_futures::spawn_local;
use woodlark_domain::Position;
use woodlark_domain::place::{metres, to_wgs84};
use woodlark_ui::RwSignal;
use woodlark_ui::el::{El, button, el, span};
use woodlark_ui::locate::locate;
use woodlark_wire::DeskRow;

/// The choice between the two orders.
pub(super) fn choice(near: RwSignal<Option<Position>>) -> El {
    let (finding, said) = (RwSignal::new(false), RwSignal::new(""));
    let ask = move || {
        if finding.get_untracked() {
            return;
        }
        finding.set(true);
        said.set(d().list_finding);
        spawn_local(async move {
            let fix = locate().await;
            let _ = said.try_set(if fix.is_some() { "" } else { d().list_unplaced });
            let _ = finding.try_set(false);
            if let Some(fix) = fix {
                let _ = near.try_set(Some(to_wgs84(&fix)));
            }
        });
    };
    let is_near = move || near.with(Option::is_some);
    let due = button("btn small ghost", move || {
        said.set("");
        near.set(None);
    });
    let due = due.bind("aria-pressed", move || Some((!is_near()).to_string())).test("by-due");
    let by_near = button("btn small ghost", ask)
        .bind("aria-pressed", move || Some(is_near().to_string()))
        .test("by-near");
    el("div", "order-row list-order")
        .attr("role", "group")
        .attr("aria-label", d().list_order)
        .child(due.text(d().list_by_due))
        .child(by_near.text(d().list_by_near))
        .child(span("soft", "").attr("role", "status").says(move || said.get().to_owned()))
}

/// What is near comes first, and what lies nobody knows where comes last, as it was.
pub(super) fn sort(rows: &mut [DeskRow], here: Position) {
    let far = |row: &DeskRow| row.position.map_or(f64::INFINITY, |at| metres(here, at));
    rows.sort_by(|one, other| far(one).total_cmp(&far(other)));
}

/// How far a case is, in words.
pub(super) fn far(row: &DeskRow, here: Position) -> Option<String> {
    let metres = metres(here, row.position?);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates"
    )]
    let tens = (metres / 10.0).round() as u32;
    Some(if tens < 100 {
        d().list_metres(&(tens * 10).to_string())
    } else {
        d().list_kilometres(&[(tens / 100).to_string(), (tens % 100 / 10).to_string()].join("."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::{CaseId, CaseNumber, Kind, State, Timestamp};

    fn row(id: u8, position: Option<Position>) -> DeskRow {
        DeskRow {
            id: CaseId::from_bytes([id; 16]),
            number: CaseNumber::new("FX-20261123-00042").unwrap(),
            kind: Kind::Problem,
            state: State::Handling,
            version: 1,
            words: String::new(),
            category: None,
            area: None,
            place_words: None,
            position,
            department: None,
            photo: None,
            received_at: Timestamp(0),
            changed_at: Timestamp(0),
            due_at: None,
            joiners: 0,
            reworks: 0,
        }
    }

    #[test]
    fn what_is_near_comes_first_and_what_has_no_place_last() {
        let at = |lat| Position::new(121.474, lat).ok();
        let mut rows = vec![row(1, None), row(2, at(30.95)), row(3, at(30.92)), row(4, None)];
        sort(&mut rows, at(30.918).unwrap());
        let order: Vec<CaseId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(order, [3, 2, 1, 4].map(|id| CaseId::from_bytes([id; 16])));
    }
}
