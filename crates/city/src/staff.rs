//! The people of the centre and of the departments, and the residents who report. All invented; ids never change.

use crate::data::{Department, NameRow};
use crate::random::Random;
use woodlark_domain::case::Actor;
use woodlark_domain::place::AreaLevel;
use woodlark_domain::{AreaCode, DepartmentCode, Role, UserId};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Their account.
    pub user: UserId,
    /// What they sign in with: `acceptor1`, `shuiwu2`.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The department that they hold it in.
    pub department: Option<DepartmentCode>,
    /// The area that they hold it in; none is everywhere.
    pub area: Option<AreaCode>,
}

impl StaffMember {
    /// As the rules see them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            department: self.department.clone(),
            area: self.area.clone(),
            ..Actor::staff(self.user, self.role)
        }
    }
}

const FAMILY: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "高", "林", "沈",
];
const GIVEN: [&str; 20] = [
    "伟", "芳", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰",
    "建国", "志强", "晓燕",
];
/// Acceptors, dispatchers, supervisors, administrators at the centre.
const CENTRE: [(Role, u32); 4] =
    [(Role::Acceptor, 8), (Role::Dispatcher, 6), (Role::Supervisor, 3), (Role::Admin, 1)];
/// Handlers of a department, and verifiers of a town.
const HANDLERS: u32 = 4;
const VERIFIERS: u32 = 3;
/// The first moment of 2025 in milliseconds: when all these accounts are said to have been made.
const MADE: u64 = 1_735_689_600_000;

pub(crate) fn staff(departments: &[Department], names: &[NameRow]) -> Vec<StaffMember> {
    let mut random = Random::new(1_000);
    let mut made = Vec::new();
    let mut add = |login: String, role: Role, department: Option<DepartmentCode>, area: Option<AreaCode>| {
        let user = UserId::new(MADE, random.bytes());
        let family = random.pick(&FAMILY).copied().unwrap_or_default();
        let given = random.pick(&GIVEN).copied().unwrap_or_default();
        made.push(StaffMember { user, login, name: format!("{family}{given}"), role, department, area });
    };
    for (role, count) in CENTRE {
        for number in 1..=count {
            add(format!("{}{number}", role.code()), role, None, None);
        }
    }
    for department in departments {
        for number in 1..=HANDLERS {
            add(format!("{}{number}", department.code), Role::Handler, Some(department.code.clone()), None);
        }
    }
    for town in names.iter().filter(|row| row.level == AreaLevel::Town) {
        for number in 1..=VERIFIERS {
            add(format!("verifier-{}-{number}", town.code), Role::Verifier, None, Some(town.code.clone()));
        }
    }
    made
}

/// The account of the demonstration's resident of this number.
#[must_use]
pub fn resident(number: u64) -> UserId {
    UserId::new(MADE, Random::new(number ^ 0x5EED_C171).bytes())
}
