//! How much of something may be used in a window, and how soon again.

use crate::Fault;
use crate::column::count;
use crate::conn::{Tx, each};
use crate::fixed::SetUsed;
use crate::schema::quota;
use diesel::prelude::*;
use woodlark_domain::Timestamp;

/// A limit: at most so many in a window, and so long between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Its name in the table: `phone_code`, `report`, …
    pub kind: &'static str,
    /// At most so many …
    pub most: u32,
    /// … in so many microseconds, counted from the first.
    pub window: i64,
    /// Microseconds between one and the next.
    pub gap: i64,
}

/// What a quota says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Granted and counted; the next may be asked for then.
    Granted {
        /// When.
        again_at: Timestamp,
    },
    /// Too many or too soon; nothing was counted.
    Refused {
        /// When to come back.
        again_at: Timestamp,
    },
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = quota, treat_none_as_default_value = false)]
struct Row {
    subject: Vec<u8>,
    kind: String,
    since: i64,
    used: i64,
    last_at: i64,
}

/// Counts one use by each of these subjects, or by none of them if one has used up its own.
///
/// # Errors
/// [`Fault`].
pub fn spend(tx: &mut Tx, limit: &Quota, subjects: &[&[u8]], now: Timestamp) -> Result<Spent, Fault> {
    let mut rows = Vec::with_capacity(subjects.len());
    let (mut again_at, mut refused_until) = (now, None);
    for subject in subjects {
        let found = each!(tx, c => quota::table
            .find((*subject, limit.kind))
            .first::<Row>(c)
            .optional())?;
        let is_new = found.is_none();
        let fresh = Row {
            subject: subject.to_vec(),
            kind: limit.kind.to_owned(),
            since: now.0,
            used: 0,
            last_at: i64::MIN,
        };
        let mut row = found.filter(|row| now.0 < row.since.saturating_add(limit.window)).unwrap_or(fresh);
        // Of two at the same moment, the one that was asked for first may come second: that is not too soon.
        let soonest = if limit.gap > 0 { row.last_at.saturating_add(limit.gap) } else { i64::MIN };
        if row.used >= count(limit.most) {
            refused_until = refused_until.max(Some(row.since.saturating_add(limit.window)));
        } else if now.0 < soonest {
            refused_until = refused_until.max(Some(soonest));
        }
        row.used += 1;
        row.last_at = row.last_at.max(now.0);
        let is_last = row.used >= count(limit.most);
        let next =
            if is_last { row.since.saturating_add(limit.window) } else { now.0.saturating_add(limit.gap) };
        again_at = again_at.max(Timestamp(next));
        rows.push((is_new, row));
    }
    if let Some(until) = refused_until {
        return Ok(Spent::Refused { again_at: Timestamp(until) });
    }
    for (is_new, row) in rows {
        if is_new {
            each!(tx, c => diesel::insert_into(quota::table).values(&row).execute(c))?;
        } else {
            let Row { subject, kind, since, used, last_at } = &row;
            tx.run_fixed(SetUsed { subject, kind, since: *since, used: *used, last_at: *last_at })?;
        }
    }
    Ok(Spent::Granted { again_at })
}
