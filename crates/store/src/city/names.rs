//! What things were called before: an older case says what stood when it was filed, and what is gone keeps its last name.

use crate::Fault;
use crate::column::At;
use crate::conn::Conn;
use crate::schema::former_name;
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};
use woodlark_domain::Timestamp;
use woodlark_domain::city::{Content, Part};
use woodlark_domain::criterion::Name;

/// Names that no longer stand, each with the moment that it stood until, by what it named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FormerNames(HashMap<(Part, String), BTreeMap<Timestamp, Name>>);

impl FormerNames {
    /// What it was called at a moment, if by another name than now.
    pub(super) fn at(&self, part: Part, code: &str, moment: Timestamp) -> Option<&Name> {
        let names = self.0.get(&(part, code.to_owned()))?;
        names.range(moment..).find(|(until, _)| **until > moment).map(|(_, name)| name)
    }

    /// What it was called last.
    pub(super) fn last(&self, part: Part, code: &str) -> Option<&Name> {
        self.0.get(&(part, code.to_owned()))?.values().next_back()
    }
}

pub(super) fn load(conn: &mut Conn) -> Result<FormerNames, Fault> {
    type Found = (String, String, i64, String, String);
    let rows = former_name::table
        .filter(former_name::adcode.eq(&*conn.adcode))
        .select((
            former_name::part,
            former_name::code,
            former_name::until_at,
            former_name::name_zh,
            former_name::name_en,
        ))
        .load::<Found>(&mut conn.engine)?;
    let mut names = FormerNames::default();
    for (part, code, until, zh, en) in rows {
        let part = At("former_name", "part").code(&part, Part::from_code)?;
        names.0.entry((part, code)).or_default().insert(Timestamp(until), Name { zh, en });
    }
    Ok(names)
}

/// Keeps the names that a change takes away.
pub(super) fn keep(conn: &mut Conn, before: &Content, after: &Content, now: Timestamp) -> Result<(), Fault> {
    let stay: HashMap<&str, &Name> = after.names().into_iter().collect();
    for (code, name) in before.names() {
        if stay.get(code) == Some(&name) {
            continue;
        }
        let row = (
            former_name::adcode.eq(&*conn.adcode),
            former_name::part.eq(before.part().code()),
            former_name::code.eq(code),
            former_name::until_at.eq(now.0),
            former_name::name_zh.eq(&name.zh),
            former_name::name_en.eq(&name.en),
        );
        crate::conn::each!(conn, c => diesel::insert_into(former_name::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
