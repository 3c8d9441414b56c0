//! How much of something may be used in a window, and how soon again.

use crate::Fault;
use crate::column::count;
use crate::conn::Tx;
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
        let found =
            quota::table.find((subject.to_vec(), limit.kind)).first::<Row>(&mut tx.engine).optional()?;
        let is_new = found.is_none();
        let fresh = Row {
            subject: subject.to_vec(),
            kind: limit.kind.to_owned(),
            since: now.0,
            used: 0,
            last_at: i64::MIN,
        };
        let mut row = found.filter(|row| now.0 < row.since.saturating_add(limit.window)).unwrap_or(fresh);
        let soonest = row.last_at.saturating_add(limit.gap);
        if row.used >= count(limit.most) {
            refused_until = refused_until.max(Some(row.since.saturating_add(limit.window)));
        } else if now.0 < soonest {
            refused_until = refused_until.max(Some(soonest));
        }
        row.used += 1;
        row.last_at = now.0;
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
            diesel::insert_into(quota::table).values(&row).execute(&mut tx.engine)?;
        } else {
            let theirs = quota::table.find((row.subject.clone(), row.kind.clone()));
            let set = (quota::since.eq(row.since), quota::used.eq(row.used), quota::last_at.eq(row.last_at));
            diesel::update(theirs).set(set).execute(&mut tx.engine)?;
        }
    }
    Ok(Spent::Granted { again_at })
}
