//! What everyone may see of a case's photos: nothing until an acceptor has decided, then nothing, the photo as it is, or a
//! copy on which something was covered. The original stays with its reporter and with staff in any case.

use crate::Fault;
use crate::column::{At, bytes};
use crate::conn::{Conn, Tx, each};
use crate::prepared::among;
use crate::schema::photo_approval;
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::BTreeMap;
use woodlark_domain::{CaseId, ContentHash, Timestamp, UserId};

/// What everyone may see of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// The photo as it is.
    Whole,
    /// A covered copy.
    Covered(ContentHash),
}

impl Shown {
    /// As the table and the audit keep it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Whole => "whole",
            Self::Covered(_) => "covered",
        }
    }

    /// The object that everyone is shown of a photo with this kept hash, if any.
    #[must_use]
    pub const fn object(self, whole: ContentHash) -> Option<ContentHash> {
        match self {
            Self::Nothing => None,
            Self::Whole => Some(whole),
            Self::Covered(copy) => Some(copy),
        }
    }
}

/// What was decided of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// What everyone may see.
    pub shown: Shown,
    /// Who decided.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
}

/// Decides what everyone may see of a photo, in the place of what was decided before.
///
/// # Errors
/// [`Fault`].
pub fn put(tx: &mut Tx, case: CaseId, photo: ContentHash, approval: &Approval) -> Result<(), Fault> {
    use photo_approval::{adcode, at, case_id, hash, shown, shown_hash, user_id};
    let conn: &mut Conn = tx;
    let copy = if let Shown::Covered(copy) = approval.shown { Some(bytes(copy.as_bytes())) } else { None };
    let row = (
        adcode.eq(&*conn.adcode),
        case_id.eq(bytes(case.as_bytes())),
        hash.eq(bytes(photo.as_bytes())),
        shown.eq(approval.shown.code()),
        shown_hash.eq(copy),
        user_id.eq(bytes(approval.user.as_bytes())),
        at.eq(approval.at.0),
    );
    each!(conn, c => diesel::insert_into(photo_approval::table)
        .values(row)
        .on_conflict((adcode, case_id, hash))
        .do_update()
        .set((
            shown.eq(excluded(shown)),
            shown_hash.eq(excluded(shown_hash)),
            user_id.eq(excluded(user_id)),
            at.eq(excluded(at)),
        ))
        .execute(c))?;
    Ok(())
}

/// What was decided of a case's photos.
///
/// # Errors
/// [`Fault`].
pub fn of_case(conn: &mut Conn, case: CaseId) -> Result<BTreeMap<ContentHash, Approval>, Fault> {
    Ok(of_cases(conn, &[case])?.remove(&case).unwrap_or_default())
}

/// What was decided of these cases' photos; a case of which nothing was decided is not among them.
///
/// # Errors
/// [`Fault`].
pub fn of_cases(
    conn: &mut Conn,
    cases: &[CaseId],
) -> Result<BTreeMap<CaseId, BTreeMap<ContentHash, Approval>>, Fault> {
    type Found = (Vec<u8>, Vec<u8>, String, Option<Vec<u8>>, Vec<u8>, i64);
    let ids: Vec<Vec<u8>> = cases.iter().map(|case| bytes(case.as_bytes())).collect();
    let rows = photo_approval::table
        .filter(photo_approval::adcode.eq(&*conn.adcode))
        .filter(among(photo_approval::case_id, ids))
        .select((
            photo_approval::case_id,
            photo_approval::hash,
            photo_approval::shown,
            photo_approval::shown_hash,
            photo_approval::user_id,
            photo_approval::at,
        ))
        .load::<Found>(&mut conn.engine)?;
    let column = |column| At("photo_approval", column);
    let mut found: BTreeMap<CaseId, BTreeMap<ContentHash, Approval>> = BTreeMap::new();
    for (case, hash, shown, copy, user, at) in rows {
        let copy = copy.as_deref().map(|copy| column("shown_hash").hash(copy)).transpose()?;
        let shown = match (shown.as_str(), copy) {
            ("nothing", None) => Shown::Nothing,
            ("whole", None) => Shown::Whole,
            ("covered", Some(copy)) => Shown::Covered(copy),
            _ => return Err(column("shown").corrupt(shown)),
        };
        let approval = Approval { shown, user: column("user_id").user(&user)?, at: Timestamp(at) };
        let case = found.entry(column("case_id").case(&case)?).or_default();
        case.insert(column("hash").hash(&hash)?, approval);
    }
    Ok(found)
}
