//! What hangs on the city's data at present: open cases by department, category and area, people by department, and what
//! and where the last cases were.

use crate::Fault;
use crate::column::{At, count};
use crate::conn::Conn;
use crate::schema::{case_file, staff, staff_role};
use diesel::dsl::count_star;
use diesel::prelude::*;
use woodlark_domain::city::Used;
use woodlark_domain::limits::REROUTED_CASES;
use woodlark_domain::{AreaCode, CategoryCode};

/// Looks at all of it.
///
/// # Errors
/// [`Fault`].
pub fn used(conn: &mut Conn) -> Result<Used, Fault> {
    let mut used = Used::default();
    type Open = (Option<String>, Option<String>, Option<String>, i64);
    let open = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .filter(case_file::due_at.is_not_null())
        .group_by((case_file::department, case_file::category, case_file::area))
        .select((case_file::department, case_file::category, case_file::area, count_star()))
        .load::<Open>(&mut conn.engine)?;
    for (department, category, area, cases) in open {
        let cases: u64 = At("case_file", "count").number(cases)?;
        used.open += cases;
        let by =
            [(department, &mut used.departments), (category, &mut used.categories), (area, &mut used.areas)];
        for (code, counts) in by {
            if let Some(code) = code {
                *counts.entry(code).or_default() += cases;
            }
        }
    }
    let members = staff_role::table
        .inner_join(
            staff::table.on(staff::adcode.eq(staff_role::adcode).and(staff::user_id.eq(staff_role::user_id))),
        )
        .filter(staff_role::adcode.eq(&*conn.adcode))
        .filter(staff::state.ne("ended"))
        .filter(staff_role::department.is_not_null())
        .group_by(staff_role::department)
        .select((staff_role::department, count_star()))
        .load::<(Option<String>, i64)>(&mut conn.engine)?;
    for (department, people) in members {
        if let Some(department) = department {
            used.members.insert(department, At("staff_role", "count").number(people)?);
        }
    }
    used.late = late(conn)?;
    Ok(used)
}

/// The last cases, as far as it is known what and where they are.
fn late(conn: &mut Conn) -> Result<Vec<(CategoryCode, AreaCode)>, Fault> {
    let rows = case_file::table
        .filter(case_file::adcode.eq(&*conn.adcode))
        .order(case_file::id.desc())
        .limit(count(REROUTED_CASES))
        .select((case_file::category, case_file::area))
        .load::<(Option<String>, Option<String>)>(&mut conn.engine)?;
    let known = rows.into_iter().filter_map(|(category, area)| category.zip(area));
    known
        .map(|(category, area)| {
            Ok((At("case_file", "category").text(&category)?, At("case_file", "area").text(&area)?))
        })
        .collect()
}
