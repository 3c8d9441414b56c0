//! What one case adds to the figures, as a row.

use crate::column::bytes;
use crate::schema::figure_case;
use diesel::prelude::*;
use woodlark_domain::CaseId;
use woodlark_domain::figures::{Counts, Dimension, MEASURES, Share};

/// Numbers of one row, in the order of [`Measure::ALL`].
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
// With NULL written as NULL a batch is one statement; by default SQLite gets a statement a row
// inside a transaction of Diesel's own, which can not begin inside the writer's.
#[diesel(table_name = figure_case, primary_key(adcode, case_id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CaseRow {
    adcode: String,
    pub(super) case_id: Vec<u8>,
    pub(super) day: i64,
    area: String,
    department: String,
    category: String,
    door: String,
    kind: String,
    reported: i64,
    filed: i64,
    dispatched: i64,
    handled: i64,
    closed: i64,
    on_time: i64,
    same_day: i64,
    open_minutes: i64,
    returns: i64,
    reworks: i64,
    contested: i64,
    forced: i64,
    ratings: i64,
    satisfied: i64,
}

impl CaseRow {
    pub(crate) fn of(adcode: &str, id: CaseId, share: &Share) -> Self {
        let [
            reported,
            filed,
            dispatched,
            handled,
            closed,
            on_time,
            same_day,
            open_minutes,
            returns,
            reworks,
            contested,
            forced,
            ratings,
            satisfied,
        ] = share.counts.0;
        let key = |dimension| share.key(dimension).to_owned();
        Self {
            adcode: adcode.to_owned(),
            case_id: bytes(id.as_bytes()),
            day: i64::from(share.day.count()),
            area: key(Dimension::Area),
            department: key(Dimension::Department),
            category: key(Dimension::Category),
            door: key(Dimension::Door),
            kind: key(Dimension::Kind),
            reported,
            filed,
            dispatched,
            handled,
            closed,
            on_time,
            same_day,
            open_minutes,
            returns,
            reworks,
            contested,
            forced,
            ratings,
            satisfied,
        }
    }

    pub(super) fn counts(&self) -> Counts {
        Counts([
            self.reported,
            self.filed,
            self.dispatched,
            self.handled,
            self.closed,
            self.on_time,
            self.same_day,
            self.open_minutes,
            self.returns,
            self.reworks,
            self.contested,
            self.forced,
            self.ratings,
            self.satisfied,
        ])
    }

    pub(super) fn key(&self, dimension: Dimension) -> &str {
        match dimension {
            Dimension::Area => &self.area,
            Dimension::Department => &self.department,
            Dimension::Category => &self.category,
            Dimension::Door => &self.door,
            Dimension::Kind => &self.kind,
        }
    }
}

/// Kept here so that the number of measures and of columns cannot differ.
const _: () = assert!(MEASURES == 14);
