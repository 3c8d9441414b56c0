//! From the store's versions and the tables' changes to what the desk draws.

use crate::api::case::label;
use std::collections::{BTreeMap, BTreeSet};
use woodlark_domain::UserId;
use woodlark_domain::criterion::Name;
use woodlark_store::city::PartVersion;
use woodlark_store::{Conn, Fault, staff};
use woodlark_tables::{Change, TOLD, What};
use woodlark_wire::{
    CellChange, CityChanges, CityFault, CityNote, CodeName, PartVersionView, RowChange, RowFate,
};

/// A code and its name.
pub(crate) fn code_name(code: impl ToString, name: &Name) -> CodeName {
    CodeName { code: code.to_string(), name: label(name) }
}

/// The names of those who applied these.
pub(super) fn names(conn: &mut Conn, versions: &[PartVersion]) -> Result<BTreeMap<UserId, String>, Fault> {
    let people: BTreeSet<UserId> = versions.iter().filter_map(|one| one.by).collect();
    staff::names(conn, &people)
}

/// A version, with the name of whoever applied it.
pub(super) fn version(one: &PartVersion, names: &BTreeMap<UserId, String>) -> PartVersionView {
    PartVersionView {
        part: one.part,
        number: one.number,
        hash: one.hash,
        rows: one.rows,
        note: one.note.clone(),
        by: one.by.and_then(|user| names.get(&user)).cloned(),
        at: one.at,
        restored: one.restored,
    }
}

/// Changes, counted, and the first of them.
pub(in crate::api) fn changes(all: &[Change]) -> CityChanges {
    let of = |what| count(all.iter().filter(|change| change.what == what).count());
    CityChanges {
        added: of(What::Added),
        changed: of(What::Changed),
        removed: of(What::Removed),
        rows: all.iter().take(TOLD).map(change).collect(),
    }
}

fn change(one: &Change) -> RowChange {
    let cells = one.fields.iter().map(|field| CellChange {
        column: field.column,
        before: field.before.clone(),
        after: field.after.clone(),
    });
    RowChange {
        fate: match one.what {
            What::Added => RowFate::Added,
            What::Changed => RowFate::Changed,
            What::Removed => RowFate::Removed,
        },
        key: one.key.clone(),
        name: label(&one.name),
        cells: cells.collect(),
    }
}

/// The first faults of all.
pub(in crate::api) fn faults(all: &[woodlark_tables::Fault]) -> Vec<CityFault> {
    let fault = |one: &woodlark_tables::Fault| CityFault {
        line: one.line,
        column: one.column,
        code: one.code,
        value: one.value.clone(),
        count: one.count,
    };
    all.iter().take(TOLD).map(fault).collect()
}

pub(super) fn notes(all: &[woodlark_tables::Note]) -> Vec<CityNote> {
    all.iter().map(|one| CityNote { code: one.code, value: one.value.clone(), count: one.count }).collect()
}

pub(in crate::api) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
