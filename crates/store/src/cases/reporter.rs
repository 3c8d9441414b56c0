//! What staff may know of who reported a case: a masked number and how many reports, never who it is.

use crate::Fault;
use crate::column::bytes;
use crate::conn::Conn;
use crate::schema::{case_file, phone};
use diesel::prelude::*;
use woodlark_domain::{State, UserId};

/// Reports that are counted at most.
const COUNTED: i64 = 1_000;

/// Who reported, as far as staff may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reporter {
    /// The linked phone with its middle hidden, if one is linked.
    pub phone: Option<String>,
    /// Their latest reports, a thousand at most.
    pub reports: u32,
    /// Of these, how many were filed or published.
    pub filed: u32,
}

/// What staff may know of a resident.
///
/// # Errors
/// [`Fault`].
pub fn reporter(conn: &mut Conn, user: UserId) -> Result<Reporter, Fault> {
    let me = bytes(user.as_bytes());
    let phone = phone::table.find(&me).select(phone::masked).first::<String>(&mut conn.engine).optional()?;
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::reporter.eq(&me))
        .order((case_file::changed_at.desc(), case_file::id.desc()))
        .limit(COUNTED)
        .select((case_file::state, case_file::filed_at))
        .load::<(String, Option<i64>)>(&mut conn.engine)?;
    let praised = [State::Published.code(), State::Thanked.code()];
    let proved =
        |(state, filed_at): &&(String, Option<i64>)| filed_at.is_some() || praised.contains(&state.as_str());
    let filed = rows.iter().filter(proved).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Reporter { phone, reports: number(rows.len()), filed: number(filed) })
}
