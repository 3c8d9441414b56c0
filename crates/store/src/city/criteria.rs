//! Criteria, numbered: a case keeps its number, so none is ever rewritten. Whatever is filed under a category finds its
//! criterion again by the number alone, on the way up from that category: so a new number is larger than every one on
//! that way.

use super::CityData;
use crate::Fault;
use crate::Halt;
use crate::column::{At, to_json};
use crate::conn::Conn;
use crate::schema::criterion;
use diesel::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::city::CategoryEntry;
use woodlark_domain::criterion::{Condition, Criterion};

/// A criterion that cases already keep, and this import would change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("criterion {number} of {category} is kept by cases as it is: give the new one the next number")]
pub struct CriterionChanged {
    /// Of this category.
    pub category: String,
    /// This number.
    pub number: u32,
}

/// Every criterion there ever was.
pub(super) fn criteria(conn: &mut Conn) -> Result<Vec<Criterion>, Fault> {
    let rows = criterion::table
        .filter(criterion::adcode.eq(&*conn.adcode))
        .order((criterion::category, criterion::number))
        .select((criterion::category, criterion::number, criterion::conditions))
        .load::<(String, i64, String)>(&mut conn.engine)?;
    let read = |(category, number, conditions): (String, i64, String)| {
        Ok(Criterion {
            category: At("criterion", "category").text(&category)?,
            version: At("criterion", "number").number(number)?,
            conditions: At("criterion", "conditions").json(&conditions)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps criteria under the numbers that they come with.
pub(super) fn keep_numbered(conn: &mut Conn, data: &CityData) -> Result<(), Halt<CriterionChanged>> {
    for one in &data.criteria {
        let conditions = to_json("conditions", &one.conditions)?;
        let number = i64::from(one.version);
        let found = criterion::table
            .find((&*conn.adcode, one.category.as_str(), number))
            .select(criterion::conditions)
            .first::<String>(&mut conn.engine)
            .optional()?;
        match found {
            Some(found) if found == conditions => {}
            Some(_) => {
                let category = one.category.to_string();
                return Err(Halt::Refused(CriterionChanged { category, number: one.version }));
            }
            None => keep(conn, one.category.as_str(), one.version, &one.conditions)?,
        }
    }
    Ok(())
}

fn keep(conn: &mut Conn, category: &str, number: u32, conditions: &[Condition]) -> Result<(), Fault> {
    let row = (
        criterion::adcode.eq(&*conn.adcode),
        criterion::category.eq(category),
        criterion::number.eq(i64::from(number)),
        criterion::conditions.eq(to_json("conditions", conditions)?),
    );
    diesel::insert_into(criterion::table).values(row).execute(&mut conn.engine)?;
    Ok(())
}

/// The numbers of each category.
type Numbers = BTreeMap<String, BTreeMap<u32, Vec<Condition>>>;

/// Gives every category whose conditions are not those of its newest criterion a new one.
pub(super) fn publish(conn: &mut Conn, entries: &[CategoryEntry]) -> Result<(), Fault> {
    let mut all = Numbers::new();
    for one in criteria(conn)? {
        all.entry(one.category.to_string()).or_default().insert(one.version, one.conditions);
    }
    let known = all.clone();
    number(&mut all, entries);
    for (category, numbers) in &all {
        let before = known.get(category);
        for (number, conditions) in numbers {
            if before.is_none_or(|before| !before.contains_key(number)) {
                keep(conn, category, *number, conditions)?;
            }
        }
    }
    Ok(())
}

fn number(all: &mut Numbers, entries: &[CategoryEntry]) {
    for entry in entries {
        let newest = all.get(entry.category.code.as_str()).and_then(|numbers| numbers.values().next_back());
        let same = newest.map_or(entry.conditions.is_empty(), |newest| *newest == entry.conditions);
        if !same {
            add(all, entry.category.code.as_str(), entry.conditions.clone());
        }
    }
    // What goes by a criterion above must find it by its number; an older one of its own may have the same.
    for entry in entries {
        let code = entry.category.code.as_str();
        let Some((of, number, conditions)) = in_force(all, code) else { continue };
        let found = all
            .iter()
            .filter(|(category, numbers)| code.starts_with(*category) && numbers.contains_key(&number));
        if found.map(|(category, _)| category).max_by_key(|category| category.len()) != Some(&of) {
            add(all, &of, conditions);
        }
    }
}

/// The criterion that a category goes by: the newest of the nearest that has one.
fn in_force(all: &Numbers, code: &str) -> Option<(String, u32, Vec<Condition>)> {
    let newest =
        all.iter().filter(|(category, _)| code.starts_with(*category)).filter_map(|(category, numbers)| {
            let (number, conditions) = numbers.iter().next_back()?;
            (!conditions.is_empty()).then(|| (category.clone(), *number, conditions.clone()))
        });
    newest.max_by_key(|(category, ..)| category.len())
}

fn add(all: &mut Numbers, code: &str, conditions: Vec<Condition>) {
    let related = all.iter().filter(|(other, _)| code.starts_with(*other) || other.starts_with(code));
    let most = related.filter_map(|(_, numbers)| numbers.keys().next_back().copied()).max().unwrap_or(0);
    all.entry(code.to_owned()).or_default().insert(most.saturating_add(1), conditions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use woodlark_domain::CategoryCode;
    use woodlark_domain::clock::Limit;
    use woodlark_domain::criterion::{Category, Name};

    fn entry(code: &str, days: u32) -> CategoryEntry {
        let condition = Condition {
            name: Name::new("一般", "Usual"),
            steps: vec![Limit::work_days(days)],
            closes_by: Name::new("好", "well"),
        };
        CategoryEntry {
            category: Category {
                code: CategoryCode::new(code).unwrap(),
                name: Name::new(code, code),
                certain: false,
                keywords: Vec::new(),
            },
            conditions: if days == 0 { Vec::new() } else { vec![condition] },
        }
    }

    /// What a case that was filed then finds under its number.
    fn found(all: &Numbers, code: &str, number: u32) -> Vec<Condition> {
        let of = all
            .iter()
            .filter(|(category, numbers)| code.starts_with(*category) && numbers.contains_key(&number));
        let nearest = of.max_by_key(|(category, _)| category.len());
        nearest.and_then(|(_, numbers)| numbers.get(&number).cloned()).unwrap_or_default()
    }

    #[test]
    fn every_number_that_was_ever_in_force_finds_its_own_conditions_again() {
        let mut all = Numbers::new();
        let mut kept: Vec<(&str, u32, Vec<Condition>)> = Vec::new();
        // Days of C01, C0101 and C010101 in each version; none goes by the one above.
        let versions = [
            [5, 0, 0],
            [5, 2, 0],
            [5, 0, 0],
            [6, 0, 3],
            [6, 0, 0],
            [6, 4, 0],
            [5, 0, 0],
            [5, 5, 5],
            [5, 0, 5],
        ];
        for days in versions {
            let entries: Vec<CategoryEntry> =
                ["C01", "C0101", "C010101"].iter().zip(days).map(|(code, days)| entry(code, days)).collect();
            number(&mut all, &entries);
            for code in ["C01", "C0101", "C010101"] {
                let (_, number, conditions) = in_force(&all, code).unwrap();
                let days = entries.iter().rev().filter(|one| code.starts_with(one.category.code.as_str()));
                let wanted = days.map(|one| one.conditions.clone()).find(|conditions| !conditions.is_empty());
                assert_eq!(Some(&conditions), wanted.as_ref(), "{code} in {days:?}", days = versions);
                kept.push((code, number, conditions));
            }
            for (code, number, conditions) in &kept {
                assert_eq!(found(&all, code, *number), *conditions, "{code} {number}");
            }
        }
        let before = all.clone();
        let last: Vec<CategoryEntry> = vec![entry("C01", 5), entry("C0101", 0), entry("C010101", 5)];
        number(&mut all, &last);
        assert_eq!(all, before, "what is in force already needs no number");
    }
}
