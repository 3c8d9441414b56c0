//! What every change leaves behind: an audit row that nobody can alter, and an outbox row for what is to follow.

use crate::Fault;
use crate::column::{At, bytes, caused_by, count};
use crate::conn::{Conn, Tx, each};
use crate::prepared::among;
use crate::schema::{audit, outbox};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{Role, Timestamp, UserId};

/// Who did what, or looked at what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; none for the rules and the clock.
    pub user: Option<UserId>,
    /// As what.
    pub role: Role,
    /// What.
    pub action: AuditAction,
    /// To what: the id of a case or an account.
    pub subject: &'a str,
    /// More of it, as JSON.
    pub detail: &'a str,
}

/// Writes a deed down. The same deed at the same microsecond is one row.
///
/// # Errors
/// [`Fault`].
pub fn record(tx: &mut Tx, deed: &Deed<'_>) -> Result<(), Fault> {
    let user = deed.user.map(|user| bytes(user.as_bytes()));
    let who = user.as_deref().unwrap_or_default();
    let id =
        caused_by(&[who, deed.action.code().as_bytes(), deed.subject.as_bytes(), deed.detail.as_bytes()]);
    let conn: &mut Conn = tx;
    let row = (
        audit::adcode.eq(&*conn.adcode),
        audit::at.eq(deed.at.0),
        audit::id.eq(id),
        audit::user_id.eq(user),
        audit::role.eq(deed.role.code()),
        audit::action.eq(deed.action.code()),
        audit::subject.eq(deed.subject),
        audit::detail.eq(deed.detail),
    );
    each!(conn, c => diesel::insert_into(audit::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Something to be done now that the transaction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// Its id, derived from its cause.
    pub id: Vec<u8>,
    /// What sort: `case_made`, `case_changed`, …
    pub topic: String,
    /// What it needs to know, as JSON.
    pub body: String,
    /// When it was written down.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

/// Writes an errand down, unless its cause wrote it already and it still waits.
///
/// # Errors
/// [`Fault`].
pub fn send(tx: &mut Tx, topic: &str, cause: &[&[u8]], body: &str, now: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let mut parts = vec![topic.as_bytes()];
    parts.extend_from_slice(cause);
    let row = (
        outbox::adcode.eq(&*conn.adcode),
        outbox::id.eq(caused_by(&parts)),
        outbox::topic.eq(topic),
        outbox::body.eq(body),
        outbox::created_at.eq(now.0),
        outbox::next_at.eq(now.0),
        outbox::tries.eq(0_i64),
    );
    each!(conn, c => diesel::insert_into(outbox::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The errands of these topics that are due, longest waiting first.
///
/// # Errors
/// [`Fault`].
pub fn due(conn: &mut Conn, topics: &[&str], now: Timestamp, most: usize) -> Result<Vec<Errand>, Fault> {
    let rows = outbox::table
        .filter(outbox::adcode.eq(&*conn.adcode))
        .filter(outbox::next_at.le(now.0))
        .filter(among(outbox::topic, topics))
        .order((outbox::next_at, outbox::id))
        .limit(count(most))
        .select((outbox::id, outbox::topic, outbox::body, outbox::created_at, outbox::tries))
        .load::<(Vec<u8>, String, String, i64, i64)>(&mut conn.engine)?;
    let errand = |(id, topic, body, created_at, tries)| {
        let tries = At("outbox", "tries").number(tries)?;
        Ok(Errand { id, topic, body, created_at: Timestamp(created_at), tries })
    };
    rows.into_iter().map(errand).collect()
}

/// What the errands of a topic say that wait the shortest, due or not, shortest waiting first.
pub(crate) fn latest(conn: &mut Conn, topic: &str, most: usize) -> Result<Vec<String>, Fault> {
    Ok(outbox::table
        .filter(outbox::adcode.eq(&*conn.adcode))
        .filter(outbox::topic.eq(topic))
        .order((outbox::next_at.desc(), outbox::id.desc()))
        .limit(count(most))
        .select(outbox::body)
        .load::<String>(&mut conn.engine)?)
}

/// Strikes out errands that are done.
///
/// # Errors
/// [`Fault`].
pub fn done(tx: &mut Tx, ids: &[impl AsRef<[u8]>]) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    for id in ids {
        each!(conn, c => diesel::delete(outbox::table.find((&*conn.adcode, id.as_ref()))).execute(c))?;
    }
    Ok(())
}

/// Puts an errand that failed off until later.
///
/// # Errors
/// [`Fault`].
pub fn put_off(tx: &mut Tx, id: &[u8], until: Timestamp) -> Result<(), Fault> {
    let conn: &mut Conn = tx;
    let row = outbox::table.find((&*conn.adcode, id));
    let set = (outbox::next_at.eq(until.0), outbox::tries.eq(outbox::tries + 1_i64));
    diesel::update(row).set(set).execute(&mut conn.engine)?;
    Ok(())
}

/// A deed as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When.
    pub at: Timestamp,
    /// Who; none for the rules and the clock.
    pub user: Option<UserId>,
    /// As what.
    pub role: Role,
    /// What: the code of an action, perhaps one that only a newer server knows.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More of it, as JSON.
    pub detail: String,
}

/// Deeds of this many rows are read at most.
const READ: i64 = 10_000;

/// Which deeds are meant; by default all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Done by this person.
    pub user: Option<UserId>,
    /// To this.
    pub subject: Option<String>,
    /// Of this sort.
    pub action: Option<String>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub to: Option<Timestamp>,
}

/// Where a page of deeds goes on: after this row.
pub type Place = (Timestamp, Vec<u8>);

/// Deeds, latest first, at most `most`, each with its place.
///
/// # Errors
/// [`Fault`].
pub fn page(
    conn: &mut Conn,
    sought: &Sought,
    after: Option<&Place>,
    most: usize,
) -> Result<Vec<(Place, Recorded)>, Fault> {
    type Found = (i64, Vec<u8>, Option<Vec<u8>>, String, String, String, String);
    let mut rows = audit::table
        .filter(audit::adcode.eq(&*conn.adcode))
        .order((audit::at.desc(), audit::id.desc()))
        .limit(count(most))
        .select((
            audit::at,
            audit::id,
            audit::user_id,
            audit::role,
            audit::action,
            audit::subject,
            audit::detail,
        ))
        .into_boxed();
    if let Some(user) = &sought.user {
        rows = rows.filter(audit::user_id.eq(bytes(user.as_bytes())));
    }
    if let Some(subject) = &sought.subject {
        rows = rows.filter(audit::subject.eq(subject));
    }
    if let Some(action) = &sought.action {
        rows = rows.filter(audit::action.eq(action));
    }
    if let Some(from) = sought.from {
        rows = rows.filter(audit::at.ge(from.0));
    }
    if let Some(to) = sought.to {
        rows = rows.filter(audit::at.lt(to.0));
    }
    if let Some((at, id)) = after {
        rows = rows.filter(audit::at.lt(at.0).or(audit::at.eq(at.0).and(audit::id.lt(id))));
    }
    let column = |column| At("audit", column);
    let read = |(at, id, user, role, action, subject, detail): Found| {
        let recorded = Recorded {
            at: Timestamp(at),
            user: user.as_deref().map(|user| column("user_id").user(user)).transpose()?,
            role: column("role").code(&role, Role::from_code)?,
            action,
            subject,
            detail,
        };
        Ok(((Timestamp(at), id), recorded))
    };
    rows.load::<Found>(&mut conn.engine)?.into_iter().map(read).collect()
}

/// What was done to a subject, and who looked at it, oldest first.
///
/// # Errors
/// [`Fault`].
pub fn of_subject(conn: &mut Conn, subject: &str) -> Result<Vec<Recorded>, Fault> {
    type Found = (i64, Option<Vec<u8>>, String, String, String, String);
    let rows = audit::table
        .filter(audit::adcode.eq(&*conn.adcode))
        .filter(audit::subject.eq(subject))
        .order((audit::at, audit::id))
        .limit(READ)
        .select((audit::at, audit::user_id, audit::role, audit::action, audit::subject, audit::detail))
        .load::<Found>(&mut conn.engine)?;
    let column = |column| At("audit", column);
    let read = |(at, user, role, action, subject, detail): Found| {
        Ok(Recorded {
            at: Timestamp(at),
            user: user.as_deref().map(|user| column("user_id").user(user)).transpose()?,
            role: column("role").code(&role, Role::from_code)?,
            action,
            subject,
            detail,
        })
    };
    rows.into_iter().map(read).collect()
}
