//! Who may see and do what: one table, role × action, each with the scope in which it holds. The server asks it with the
//! row in hand; the desk asks it to know what to draw. What somebody may not know of does not exist for them.
//!
//! Commands to a case have their own rules in [`crate::case`]; this table says who may look, and who may keep the data.

use crate::case::{Actor, Case, Relations};
use crate::kind::closed_list;
use crate::{AreaCode, DepartmentCode, Role};

closed_list! {
    /// Something to look at or to do, besides the commands of a case.
    Action {
        /// Read a case whole: words, places, history, clocks.
        ReadCase = "read_case",
        /// Look at a photo as it was taken, before anything was covered. Each look is recorded.
        LookAtOriginal = "look_at_original",
        /// Listen to a voice. Each time is recorded.
        ListenToVoice = "listen_to_voice",
        /// Know who reported: a masked number, how many reports. Each time is recorded.
        ReadReporter = "read_reporter",
        /// Say which of its photos everyone may see, and cover what must not be seen.
        ApprovePhoto = "approve_photo",
        /// Read the figures.
        ReadFigures = "read_figures",
        /// Read the city's data: areas, departments, categories, rules, calendars.
        ReadCity = "read_city",
        /// Change the city's data.
        EditCity = "edit_city",
        /// Propose that a correction become a dispatch rule.
        ProposeRule = "propose_rule",
        /// Read who works here, as what.
        ReadStaff = "read_staff",
        /// Invite, change and end the accounts of staff.
        EditStaff = "edit_staff",
        /// Read who did and saw what.
        ReadAudit = "read_audit",
        /// Read the budget for thanks, payouts and books, which have no names. Each look at a book is recorded.
        ReadRewards = "read_rewards",
        /// Approve and decline payouts.
        DecidePayout = "decide_payout",
        /// Raise and lower the budget for thanks.
        FundRewards = "fund_rewards",
        /// Freeze a book and let it go.
        FreezeBook = "freeze_book",
        /// Hand a gift over.
        HonourGift = "honour_gift",
        /// Find a deed false.
        ReverseDeed = "reverse_deed",
        /// Set up kiosks, see how they are, and take their leave away.
        KeepKiosks = "keep_kiosks",
    }
}

closed_list! {
    /// How far a permission reaches.
    Scope {
        /// Nowhere.
        Nothing = "nothing",
        /// One's own cases: reported, or joined.
        Own = "own",
        /// Cases that one's department has.
        Department = "department",
        /// Cases in the area that the role is held in, and those that have no area yet; everywhere for a role without one.
        Area = "area",
        /// Everything.
        Everything = "everything",
    }
}

/// The table.
#[must_use]
pub const fn scope(role: Role, action: Action) -> Scope {
    use Action as A;
    use Role as R;
    match (action, role) {
        (_, R::System) => Scope::Everything,
        (A::ReadCase | A::LookAtOriginal | A::ListenToVoice, R::Resident) => Scope::Own,
        (
            A::ReadCase | A::LookAtOriginal | A::ListenToVoice,
            R::Acceptor | R::Dispatcher | R::Verifier | R::Supervisor,
        )
        | (A::ReadReporter, R::Acceptor | R::Supervisor)
        | (A::ProposeRule, R::Acceptor | R::Dispatcher | R::Supervisor)
        | (A::ApprovePhoto, R::Acceptor)
        | (A::ReverseDeed, R::Supervisor) => Scope::Area,
        (A::ReadCase | A::LookAtOriginal, R::Handler) => Scope::Department,
        (
            A::ReadFigures | A::ReadCity,
            R::Acceptor | R::Dispatcher | R::Handler | R::Verifier | R::Supervisor | R::Admin,
        )
        | (A::EditCity | A::EditStaff | A::KeepKiosks, R::Admin)
        | (A::ReadStaff | A::ReadAudit | A::ReadRewards, R::Supervisor | R::Admin)
        | (A::FundRewards, R::Admin)
        | (A::DecidePayout | A::FreezeBook, R::Supervisor)
        | (A::HonourGift, R::Acceptor | R::Supervisor) => Scope::Everything,
        (
            A::ReadCase | A::LookAtOriginal | A::ListenToVoice | A::ReadReporter | A::ApprovePhoto,
            R::Admin,
        )
        | (A::ListenToVoice | A::ReadReporter | A::ApprovePhoto | A::ProposeRule, R::Handler)
        | (A::ProposeRule, R::Verifier | R::Admin)
        | (A::ReadReporter | A::ApprovePhoto, R::Dispatcher | R::Verifier)
        | (A::ApprovePhoto, R::Supervisor)
        | (
            A::EditCity | A::EditStaff | A::KeepKiosks,
            R::Acceptor | R::Dispatcher | R::Handler | R::Verifier | R::Supervisor,
        )
        | (
            A::ReadStaff | A::ReadAudit | A::ReadRewards,
            R::Acceptor | R::Dispatcher | R::Handler | R::Verifier,
        )
        | (
            A::ReadReporter
            | A::ApprovePhoto
            | A::ReadFigures
            | A::ReadCity
            | A::EditCity
            | A::ProposeRule
            | A::ReadStaff
            | A::EditStaff
            | A::ReadAudit
            | A::ReadRewards
            | A::DecidePayout
            | A::FundRewards
            | A::FreezeBook
            | A::HonourGift
            | A::ReverseDeed
            | A::KeepKiosks,
            R::Resident,
        )
        | (
            A::DecidePayout | A::FreezeBook | A::ReverseDeed,
            R::Acceptor | R::Dispatcher | R::Handler | R::Verifier | R::Admin,
        )
        | (A::FundRewards, R::Acceptor | R::Dispatcher | R::Handler | R::Verifier | R::Supervisor)
        | (A::HonourGift, R::Dispatcher | R::Handler | R::Verifier | R::Admin) => Scope::Nothing,
    }
}

/// What of a row the table asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Where it is, if that is known.
    pub area: Option<&'a AreaCode>,
    /// Who has it.
    pub department: Option<&'a DepartmentCode>,
    /// Whether the person reported or joined it.
    pub own: bool,
}

impl<'a> Subject<'a> {
    /// Of a case, as it stands to an actor.
    #[must_use]
    pub fn of(case: &'a Case, actor: &Actor) -> Self {
        let relations = Relations::of(actor, case);
        Self {
            area: case.area.as_ref(),
            department: case.department.as_ref(),
            own: relations.reporter || relations.joiner,
        }
    }
}

/// Whether this person in this role may do this to that row.
#[must_use]
pub fn permits(actor: &Actor, action: Action, subject: &Subject<'_>) -> bool {
    match scope(actor.role, action) {
        Scope::Nothing => false,
        Scope::Own => subject.own,
        Scope::Department => actor.department.is_some() && actor.department.as_ref() == subject.department,
        Scope::Area => match (&actor.area, subject.area) {
            (Some(theirs), Some(area)) => area.is_within(theirs),
            _ => true,
        },
        Scope::Everything => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;

    /// The table as people read it: a row for each action, a column for each role in the order of [`Role::ALL`].
    /// `-` nothing, `o` own, `d` department, `a` area, `*` everything.
    const TABLE: &str = "
        action            resident acceptor dispatcher handler verifier supervisor admin system
        read_case         o        a        a          d       a        a          -     *
        look_at_original  o        a        a          d       a        a          -     *
        listen_to_voice   o        a        a          -       a        a          -     *
        read_reporter     -        a        -          -       -        a          -     *
        approve_photo     -        a        -          -       -        -          -     *
        read_figures      -        *        *          *       *        *          *     *
        read_city         -        *        *          *       *        *          *     *
        edit_city         -        -        -          -       -        -          *     *
        propose_rule      -        a        a          -       -        a          -     *
        read_staff        -        -        -          -       -        *          *     *
        edit_staff        -        -        -          -       -        -          *     *
        read_audit        -        -        -          -       -        *          *     *
        read_rewards      -        -        -          -       -        *          *     *
        decide_payout     -        -        -          -       -        *          -     *
        fund_rewards      -        -        -          -       -        -          *     *
        freeze_book       -        -        -          -       -        *          -     *
        honour_gift       -        *        -          -       -        *          -     *
        reverse_deed      -        -        -          -       -        a          -     *
        keep_kiosks       -        -        -          -       -        -          *     *
    ";

    #[test]
    fn every_cell_is_as_the_table_says() {
        let mut lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
        let roles: Vec<Role> = lines
            .next()
            .map(|line| line.split_whitespace().skip(1).filter_map(Role::from_code).collect())
            .unwrap_or_default();
        assert_eq!(roles, Role::ALL);
        let mut seen = Vec::new();
        for line in lines {
            let mut cells = line.split_whitespace();
            let action = cells.next().and_then(Action::from_code).unwrap();
            seen.push(action);
            let cells: Vec<&str> = cells.collect();
            assert_eq!(cells.len(), roles.len(), "{line}");
            for (role, cell) in roles.iter().zip(cells) {
                let wanted = match cell {
                    "-" => Scope::Nothing,
                    "o" => Scope::Own,
                    "d" => Scope::Department,
                    "a" => Scope::Area,
                    _ => Scope::Everything,
                };
                assert_eq!(scope(*role, action), wanted, "{} for {}", action.code(), role.code());
            }
        }
        assert_eq!(seen, Action::ALL);
    }

    #[test]
    fn a_scope_is_asked_with_the_row_in_hand() {
        let area = |code: &str| AreaCode::new(code).unwrap();
        let department = |code: &str| DepartmentCode::new(code).unwrap();
        let (here, there) = (area("310120001002"), area("310120002001"));
        let (roads, greens) = (department("shizheng"), department("lvhua"));
        let user = UserId::from_bytes([7; 16]);
        let row = |area, department, own| Subject { area, department, own };
        let acceptor = Actor::staff(user, Role::Acceptor).within(area("310120001"));
        assert!(permits(&acceptor, Action::ReadCase, &row(Some(&here), None, false)));
        assert!(!permits(&acceptor, Action::ReadCase, &row(Some(&there), None, false)));
        assert!(permits(&acceptor, Action::ReadCase, &row(None, None, false)), "somebody has to place it");
        let handler = Actor::staff(user, Role::Handler).of(roads.clone());
        assert!(permits(&handler, Action::ReadCase, &row(Some(&there), Some(&roads), false)));
        assert!(!permits(&handler, Action::ReadCase, &row(Some(&here), Some(&greens), false)));
        let nobody = Actor::staff(user, Role::Handler);
        assert!(!permits(&nobody, Action::ReadCase, &row(None, None, false)), "of no department");
        let resident = Actor::resident(user, crate::Door::Browser);
        assert!(permits(&resident, Action::ReadCase, &row(None, None, true)));
        assert!(!permits(&resident, Action::ReadCase, &row(None, None, false)));
    }
}
