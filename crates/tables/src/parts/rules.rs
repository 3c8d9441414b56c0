//! Dispatch rules as a table, in order.

use crate::row::{Row, yes_no};
use woodlark_domain::city::Column;
use woodlark_domain::dispatch::Rule;

pub(super) const COLUMNS: &[Column] =
    &[Column::Code, Column::Category, Column::Area, Column::Department, Column::Direct];

pub(super) fn cells(one: &Rule) -> Vec<String> {
    vec![
        one.code.to_string(),
        one.category.as_ref().map_or_else(String::new, ToString::to_string),
        one.area.as_ref().map_or_else(String::new, ToString::to_string),
        one.department.to_string(),
        yes_no(one.automatic).to_owned(),
    ]
}

pub(super) fn read(row: &mut Row<'_>) -> Option<Rule> {
    let (code, category) = (row.code(Column::Code), row.code_if(Column::Category));
    let (area, department) = (row.code_if(Column::Area), row.code(Column::Department));
    let automatic = row.yes(Column::Direct);
    Some(Rule {
        code: code?,
        category: category?,
        area: area?,
        department: department?,
        automatic: automatic?,
    })
}
