//! The list of staff: who is new, who changes, who stays; and every fault with its line.

#![expect(clippy::unwrap_used, reason = "tests say plainly what they expect")]

use woodlark_domain::city::{Column, FaultCode};
use woodlark_domain::staff::{Listed, Person, Post, Standing};
use woodlark_domain::{AreaCode, DepartmentCode, Role};
use woodlark_tables::{Fault, StaffChange, StaffKnown, What, read_staff, write_staff};

const HEAD: &str = "login,name,role,department,area\n";

fn post(role: Role, department: Option<&str>, area: Option<&str>) -> Post {
    Post {
        role,
        department: department.map(|code| code.parse().unwrap()),
        area: area.map(|code| code.parse().unwrap()),
    }
}

fn listed(login: &str, name: &str, standing: Standing, posts: Vec<Post>) -> Listed {
    Listed { person: Person { login: login.to_owned(), name: name.to_owned(), posts }, standing }
}

/// An administrator, an acceptor who is a handler too, somebody who was invited, somebody who left.
fn stands() -> Vec<Listed> {
    vec![
        listed("admin", "管理员", Standing::Active, vec![post(Role::Admin, None, None)]),
        listed(
            "fang",
            "王芳",
            Standing::Active,
            vec![post(Role::Acceptor, None, None), post(Role::Handler, Some("shizheng"), Some("310120001"))],
        ),
        listed("gone", "走了", Standing::Ended, vec![post(Role::Admin, None, None)]),
        listed("new", "新人", Standing::Invited, vec![post(Role::Admin, None, None)]),
    ]
}

fn read(stands: &[Listed], text: &str) -> Result<StaffChange, Vec<Fault>> {
    let known = StaffKnown {
        listed: stands,
        department: &|code: &DepartmentCode| code.as_str() == "shizheng",
        area: &|code: &AreaCode| code.as_str() == "310120001",
    };
    read_staff(text, &known)
}

fn faults(text: &str) -> Vec<(u32, Option<Column>, FaultCode, u64)> {
    let told = read(&stands(), &format!("{HEAD}{text}")).unwrap_err();
    told.iter().map(|fault| (fault.line, fault.column, fault.code, fault.count)).collect()
}

#[test]
fn what_is_handed_out_can_be_handed_in_and_changes_nothing() {
    let file = write_staff(&stands());
    assert!(!file.contains("gone"), "an account that has ended is in no list");
    let change = read(&stands(), &file).unwrap();
    assert_eq!(change, StaffChange { unchanged: 3, ..StaffChange::default() });
    let mut lines: Vec<&str> = file.lines().skip(1).collect();
    lines.reverse();
    let turned = format!("{HEAD}{}", lines.join("\r\n"));
    assert_eq!(read(&stands(), &turned).unwrap().unchanged, 3, "in whatever order");
}

#[test]
fn who_is_new_who_changes_and_who_stays_is_told_apart_and_who_is_left_out_is_not_touched() {
    let text = format!(
        "{HEAD}fang,王小芳,acceptor,,\nfang,王小芳,Verifier,,310120001\nadmin,管理员,admin,,\nli.si,李四,handler,shizheng,\n"
    );
    let change = read(&stands(), &text).unwrap();
    assert_eq!(change.unchanged, 1);
    let new = Person {
        login: "li.si".to_owned(),
        name: "李四".to_owned(),
        posts: vec![post(Role::Handler, Some("shizheng"), None)],
    };
    assert_eq!(change.new, [new]);
    let posts = vec![post(Role::Acceptor, None, None), post(Role::Verifier, None, Some("310120001"))];
    assert_eq!(change.changed, [Person { login: "fang".to_owned(), name: "王小芳".to_owned(), posts }]);
    let cells = |change: &woodlark_tables::Change| {
        let cell =
            |field: &woodlark_tables::FieldChange| (field.column, field.before.clone(), field.after.clone());
        change.fields.iter().map(cell).collect::<Vec<_>>()
    };
    let own = str::to_owned;
    let [one, other] = change.rows.as_slice() else { panic!("{:?}", change.rows) };
    assert_eq!((one.what, one.key.as_str()), (What::Changed, "fang"));
    assert_eq!(
        cells(one),
        [
            (Column::Name, own("王芳"), own("王小芳")),
            (Column::Role, own("handler shizheng @310120001"), String::new()),
            (Column::Role, String::new(), own("verifier @310120001")),
        ]
    );
    assert_eq!((other.what, other.key.as_str()), (What::Added, "li.si"));
    assert_eq!(cells(other), [(Column::Role, String::new(), own("handler shizheng"))]);
}

#[test]
fn every_fault_says_its_line_and_its_column() {
    let login = Some(Column::Login);
    let text = "\
        Wang,王,acceptor,,\n\
        wang,,acceptor,,\n\
        wang,王,king,,\n\
        wang,王,resident,,\n\
        wang,王,handler,,\n\
        wang,王,handler,jiaotong,\n\
        wang,王,verifier,,999999\n\
        gone,走了,acceptor,,\n";
    assert_eq!(
        faults(text),
        [
            (2, login, FaultCode::Login, 0),
            (3, Some(Column::Name), FaultCode::CellMissing, 0),
            (4, Some(Column::Role), FaultCode::Choice, 0),
            (5, Some(Column::Role), FaultCode::Choice, 0),
            (6, Some(Column::Department), FaultCode::CellMissing, 0),
            (7, Some(Column::Department), FaultCode::DepartmentUnknown, 0),
            (8, Some(Column::Area), FaultCode::AreaUnknown, 0),
            (9, login, FaultCode::AccountEnded, 0),
        ]
    );
    assert_eq!(faults(""), [(0, None, FaultCode::Empty, 0)]);
    let head = read(&stands(), "login,name,job\n").unwrap_err();
    assert!(head.iter().any(|fault| fault.code == FaultCode::ColumnUnknown && fault.value == "job"));
    assert!(head.iter().any(|fault| fault.column == Some(Column::Role)));
}

#[test]
fn an_account_stands_twice_with_two_roles_and_not_with_the_same_one_or_another_name() {
    let login = Some(Column::Login);
    let twice = "wang,王,acceptor,,\nwang,王,verifier,,\n\nwang,王,acceptor,,\nwang,汪,admin,,\n";
    assert_eq!(
        faults(twice),
        [(5, login, FaultCode::Twice, 2), (6, Some(Column::Name), FaultCode::NameDiffers, 2)]
    );
    // The same in other words: a spreadsheet's capitals make no second role of it.
    assert_eq!(faults("wang,王,acceptor,,\nwang,王,Acceptor,,\n"), [(3, login, FaultCode::Twice, 2)]);
}

#[test]
fn somebody_who_can_invite_is_always_left() {
    let role = Some(Column::Role);
    // Neither one who was merely invited nor one who has left counts.
    assert_eq!(faults("admin,管理员,acceptor,,\n"), [(2, role, FaultCode::LastAdmin, 0)]);
    // Somebody who is to become one has not yet taken anything up either.
    assert_eq!(faults("admin,管理员,acceptor,,\nli,李,admin,,\n").len(), 1);
    let text = format!("{HEAD}admin,管理员,acceptor,,\nfang,王芳,admin,,\n");
    assert_eq!(read(&stands(), &text).map(|change| change.changed.len()), Ok(2), "handed on");
    let mut two = stands();
    two.push(listed("second", "二号", Standing::Active, vec![post(Role::Admin, None, None)]));
    assert_eq!(
        read(&two, &format!("{HEAD}admin,管理员,acceptor,,\n")).map(|change| change.changed.len()),
        Ok(1)
    );
    let both = format!("{HEAD}admin,管理员,acceptor,,\nsecond,二号,acceptor,,\n");
    assert_eq!(read(&two, &both).unwrap_err().len(), 2);
}

#[test]
fn a_list_that_is_too_long_is_told_so_and_not_judged() {
    let many: String = (0..=2_000).map(|number| format!("w{number:05},王,acceptor,,\n")).collect();
    let told = read(&stands(), &format!("{HEAD}{many}")).unwrap_err();
    assert_eq!((told.len(), told[0].code, told[0].count), (1, FaultCode::TooMany, 2_000));
}
