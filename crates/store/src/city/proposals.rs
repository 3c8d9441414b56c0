//! Corrections that somebody wishes to become dispatch rules: one of a case at most, open until an administrator decides.

use crate::Fault;
use crate::column::{At, bytes, micros};
use crate::conn::{Conn, Tx, each};
use crate::schema::rule_proposal;
use crate::trail::{Deed, record};
use diesel::prelude::*;
use woodlark_domain::audit::AuditAction;
use woodlark_domain::{AreaCode, CaseId, CategoryCode, DepartmentCode, ProposalId, Role, Timestamp, UserId};

/// Proposals that are listed at most.
const LISTED: i64 = 200;

/// How a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// Nobody has decided.
    Open,
    /// It is a rule.
    Applied,
    /// It was turned down.
    Declined,
}

impl ProposalState {
    const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Applied => "applied",
            Self::Declined => "declined",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Applied, Self::Declined].into_iter().find(|state| state.code() == code)
    }
}

/// A correction that is to become a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The category and all its descendants; none is any.
    pub category: Option<CategoryCode>,
    /// The area and all within it; none is any.
    pub area: Option<AreaCode>,
    /// Where it goes.
    pub department: DepartmentCode,
    /// Whether it may go without a person.
    pub automatic: bool,
    /// The case that was corrected.
    pub case: CaseId,
    /// Who proposes it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub state: ProposalState,
}

/// Keeps a proposal; false where its case has one already.
///
/// # Errors
/// [`Fault`].
pub fn propose(tx: &mut Tx, new: &Proposal, role: Role) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let row = (
        rule_proposal::adcode.eq(&*conn.adcode),
        rule_proposal::id.eq(bytes(new.id.as_bytes())),
        rule_proposal::category.eq(new.category.as_ref().map(|code| code.as_str())),
        rule_proposal::area.eq(new.area.as_ref().map(|code| code.as_str())),
        rule_proposal::department.eq(new.department.as_str()),
        rule_proposal::automatic.eq(new.automatic),
        rule_proposal::case_id.eq(bytes(new.case.as_bytes())),
        rule_proposal::user_id.eq(bytes(new.by.as_bytes())),
        rule_proposal::at.eq(new.at.0),
        rule_proposal::state.eq(new.state.code()),
        rule_proposal::decided_by.eq(None::<Vec<u8>>),
        rule_proposal::decided_at.eq(micros(None)),
    );
    let kept = each!(conn, c => diesel::insert_into(rule_proposal::table).values(row).on_conflict_do_nothing().execute(c))?;
    if kept == 0 {
        return Ok(false);
    }
    let (subject, detail) = (new.case.to_string(), format!("{{\"proposal\":\"{}\"}}", new.id));
    let action = AuditAction::ProposeRule;
    record(tx, &Deed { at: new.at, user: Some(new.by), role, action, subject: &subject, detail: &detail })?;
    Ok(true)
}

type Found = (Vec<u8>, Option<String>, Option<String>, String, bool, Vec<u8>, Vec<u8>, i64, String);

fn read(
    (id, category, area, department, automatic, case, user, at, state): Found,
) -> Result<Proposal, Fault> {
    let column = |column| At("rule_proposal", column);
    Ok(Proposal {
        id: ProposalId::from_bytes(id.as_slice().try_into().map_err(|_| column("id").corrupt(&id))?),
        category: column("category").text_if(category.as_deref())?,
        area: column("area").text_if(area.as_deref())?,
        department: column("department").text(&department)?,
        automatic,
        case: column("case_id").case(&case)?,
        by: column("user_id").user(&user)?,
        at: Timestamp(at),
        state: column("state").code(&state, ProposalState::from_code)?,
    })
}

macro_rules! columns {
    () => {
        (
            rule_proposal::id,
            rule_proposal::category,
            rule_proposal::area,
            rule_proposal::department,
            rule_proposal::automatic,
            rule_proposal::case_id,
            rule_proposal::user_id,
            rule_proposal::at,
            rule_proposal::state,
        )
    };
}

/// Those that nobody has decided, oldest first.
///
/// # Errors
/// [`Fault`].
pub fn open_proposals(conn: &mut Conn) -> Result<Vec<Proposal>, Fault> {
    let rows = rule_proposal::table
        .filter(rule_proposal::adcode.eq(&*conn.adcode))
        .filter(rule_proposal::state.eq(ProposalState::Open.code()))
        .order((rule_proposal::at, rule_proposal::id))
        .limit(LISTED)
        .select(columns!())
        .load::<Found>(&mut conn.engine)?;
    rows.into_iter().map(read).collect()
}

/// One of them, however it stands.
///
/// # Errors
/// [`Fault`].
pub fn proposal(conn: &mut Conn, id: ProposalId) -> Result<Option<Proposal>, Fault> {
    let row = rule_proposal::table.find((&*conn.adcode, bytes(id.as_bytes()))).select(columns!());
    row.first::<Found>(&mut conn.engine).optional()?.map(read).transpose()
}

/// Whether a case has one.
///
/// # Errors
/// [`Fault`].
pub fn has_proposal(conn: &mut Conn, case: CaseId) -> Result<bool, Fault> {
    let of_case = rule_proposal::table
        .filter(rule_proposal::adcode.eq(&*conn.adcode))
        .filter(rule_proposal::case_id.eq(bytes(case.as_bytes())))
        .select(rule_proposal::at);
    Ok(of_case.first::<i64>(&mut conn.engine).optional()?.is_some())
}

/// Decides one that is open; false where somebody has, or where there is none.
///
/// # Errors
/// [`Fault`].
pub fn decide(
    tx: &mut Tx,
    id: ProposalId,
    state: ProposalState,
    by: UserId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let conn: &mut Conn = tx;
    let row = rule_proposal::table
        .filter(rule_proposal::adcode.eq(&*conn.adcode))
        .filter(rule_proposal::id.eq(bytes(id.as_bytes())))
        .filter(rule_proposal::state.eq(ProposalState::Open.code()));
    let set = (
        rule_proposal::state.eq(state.code()),
        rule_proposal::decided_by.eq(bytes(by.as_bytes())),
        rule_proposal::decided_at.eq(now.0),
    );
    if diesel::update(row).set(set).execute(&mut conn.engine)? == 0 {
        return Ok(false);
    }
    let (subject, detail) = (id.to_string(), format!("{{\"state\":\"{}\"}}", state.code()));
    let (role, action) = (Role::Admin, AuditAction::DecideRule);
    record(tx, &Deed { at: now, user: Some(by), role, action, subject: &subject, detail: &detail })?;
    Ok(true)
}
