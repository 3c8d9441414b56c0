//! Tables: what is wrong with them is told line by line, what is written is read back the same, and a change is told in rows.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

use proptest::prelude::*;
use std::collections::BTreeMap;
use woodlark_domain::city::{
    CategoryEntry, Column, Content, Deed, Department, Entry, FaultCode, NoteCode, Part, Purpose, Reward,
    Template, Used, usual_rewards,
};
use woodlark_domain::clock::{Day, Limit, LimitKind, Year};
use woodlark_domain::criterion::{Category, Condition, Name};
use woodlark_domain::dispatch::Rule;
use woodlark_domain::place::{Area, AreaLevel, Polygon, Shape, metres};
use woodlark_domain::{Datum, Door, Position};
use woodlark_tables::{
    Change, Fault, Known, Note, What, diff, faults as faults_beside, notes as notes_beside, read_csv,
    read_geojson, write_csv, write_geojson,
};

fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn faults(part: Part, text: &str) -> Vec<(u32, Option<Column>, FaultCode)> {
    let told = read_csv(part, text, &[]).err().unwrap_or_default();
    told.iter().map(|fault| (fault.line, fault.column, fault.code)).collect()
}

const HEAD: &str = "code,name_zh,name_en\n";

#[test]
fn every_fault_says_its_line_and_its_column() {
    let text =
        format!("{HEAD}roads,市政,Roads\nRoads,,Roads\n\"a\",b,\"c\nd\"\n\nroads,又,Again\n3.1E+13,x,y\n");
    for text in [text.replace('\n', "\r\n"), text] {
        assert_eq!(
            faults(Part::Departments, &text),
            [
                (3, Some(Column::Code), FaultCode::Code),
                (3, Some(Column::NameZh), FaultCode::CellMissing),
                (7, Some(Column::Code), FaultCode::Twice),
                (8, Some(Column::Code), FaultCode::Spreadsheet),
            ],
            "{text:?}"
        );
    }
    assert_eq!(faults(Part::Departments, ""), [(0, None, FaultCode::Empty)]);
    assert_eq!(faults(Part::Departments, HEAD), [(0, None, FaultCode::Empty)]);
    assert_eq!(
        faults(Part::Departments, "code,name_zh,colour\n"),
        [(1, None, FaultCode::ColumnUnknown), (1, Some(Column::NameEn), FaultCode::ColumnMissing)]
    );
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let wanted = read_csv(Part::Departments, &format!("{HEAD}roads,市政,Roads\n"), &[]).unwrap();
    for text in [
        "\u{feff}code,name_zh,name_en\r\nroads,市政,Roads\r\n",
        "code;name_zh;name_en\r\nroads;市政;Roads\r\n",
        "CODE\tname_zh\tname_en\nroads\t 市政 \tRoads\n\n",
        "name_en,code,name_zh,\nRoads,roads,市政,\n,,,\n",
    ] {
        assert_eq!(read_csv(Part::Departments, text, &[]).as_ref(), Ok(&wanted), "{text:?}");
    }
    let days = "date,kind,name,provisional\n2026/10/1,holiday,国庆节,no\n2026-10-10,班,,\n";
    let Ok(Content::Calendar(years)) = read_csv(Part::Calendar, days, &[]) else { panic!("a calendar") };
    assert_eq!(years[0].holidays, [code::<Day>("2026-10-01")]);
    assert_eq!(years[0].workdays, [code::<Day>("2026-10-10")]);
    assert_eq!(faults(Part::Calendar, &format!("{days}2026-10-01,holiday,,\n"))[0].2, FaultCode::Twice);
}

#[test]
fn a_category_has_its_conditions_row_by_row() {
    let head = "code,name_zh,name_en,certain,keywords,condition_zh,condition_en,limits,closes_zh,closes_en\n";
    let good = format!(
        "{head}C01,设施,Utilities,no,,一般,Usual,wd5,恢复,works\nC0101,井盖,Cover,yes,jg 盖,一般,Usual,uh1+wd5,补齐,in place\n\
         C0101,,,,,松动,Loose,wd3,稳固,firm\nC0102,路灯,Lamp,0,,,,,,\n"
    );
    let Ok(Content::Categories(all)) = read_csv(Part::Categories, &good, &[]) else { panic!("categories") };
    assert_eq!(all.iter().map(|one| one.conditions.len()).collect::<Vec<_>>(), [1, 2, 0]);
    assert_eq!(all[1].conditions[0].steps, [Limit::urgent_hours(1), Limit::work_days(5)]);
    assert_eq!(all[1].category.keywords, ["jg", "盖"]);
    let told = |row: &str| faults(Part::Categories, &format!("{head}{row}"));
    assert_eq!(told("C0101,井盖,Cover,yes,,一般,Usual,wd5,好,ok\n")[0].2, FaultCode::ParentUnknown);
    assert_eq!(told("C01,井盖,Cover,yes,,,,,,\n"), [(2, Some(Column::Limits), FaultCode::NoCriterion)]);
    assert_eq!(told("C01,井盖,Cover,maybe,,一般,Usual,5 days,好,ok\n").len(), 2);
    let other = "C01,井盖,Cover,yes,,一般,Usual,wd5,好,ok\nC01,路灯,Cover,,,又,More,wd1,好,ok\n";
    assert_eq!(told(other), [(3, Some(Column::NameZh), FaultCode::DiffersAbove)]);
    let apart = "C01,一,A,no,,一般,Usual,wd5,好,ok\nC02,二,B,no,,一般,Usual,wd5,好,ok\nC01,一,A,no,,又,More,wd5,好,ok\n";
    assert_eq!(told(apart), [(4, Some(Column::Code), FaultCode::Twice)]);
}

#[test]
fn a_table_of_points_names_every_deed() {
    let told = faults(Part::Rewards, "deed,points\nproblem_filed,10\njoined,2000\n");
    assert!(told.contains(&(3, Some(Column::Points), FaultCode::Points)));
    assert_eq!(told.iter().filter(|(_, _, code)| *code == FaultCode::DeedMissing).count(), 3);
    let table = Content::Rewards(usual_rewards());
    assert_eq!(read_csv(Part::Rewards, &write_csv(&table), &[]), Ok(table));
}

fn square(west: f64, south: f64, side: f64) -> Shape {
    let (east, north) = (west + side, south + side);
    Shape::simple(vec![[west, south], [east, south], [east, north], [west, north], [west, south]])
}

fn area(text: &str, level: AreaLevel, parent: Option<&str>, shape: Option<Shape>) -> Area {
    let label = shape.as_ref().and_then(|shape| {
        let bounds = shape.bounds()?;
        Position::new(f64::midpoint(bounds.west, bounds.east), f64::midpoint(bounds.south, bounds.north)).ok()
    });
    Area { code: code(text), level, name: Name::new(text, text), parent: parent.map(code), shape, label }
}

fn ground() -> Vec<Area> {
    vec![
        area("310120", AreaLevel::County, None, Some(square(121.0, 30.0, 0.5))),
        area("31012000100101", AreaLevel::Grid, Some("310120"), Some(square(121.1, 30.1, 0.1))),
        area("31012000100102", AreaLevel::Grid, Some("310120"), Some(square(121.2, 30.1, 0.1))),
    ]
}

#[test]
fn areas_come_back_from_geojson_in_either_datum_and_keep_their_outlines_under_a_table() {
    let areas = ground();
    assert_eq!(read_geojson(&write_geojson(&areas, Datum::Wgs84), Datum::Wgs84), Ok(areas.clone()));
    let back = read_geojson(&write_geojson(&areas, Datum::Gcj02), Datum::Gcj02).unwrap();
    let corner = |area: &Area| {
        let [lon, lat] = area.shape.as_ref().unwrap().0[0].outer[0];
        Position::new(lon, lat).unwrap()
    };
    for (one, other) in areas.iter().zip(&back) {
        assert!(metres(corner(one), corner(other)) < 0.01);
    }
    let wrong = read_geojson(&write_geojson(&areas, Datum::Gcj02), Datum::Wgs84).unwrap();
    assert!(metres(corner(&areas[0]), corner(&wrong[0])) > 265.0, "a datum that is mixed up is seen");
    let renamed = write_csv(&Content::Areas(areas.clone())).replace(",31012000100101,", ",一号,");
    let Ok(Content::Areas(read)) = read_csv(Part::Areas, &renamed, &areas) else { panic!("areas") };
    assert_eq!(read[1].shape, areas[1].shape);
    assert_eq!(read[1].label, areas[1].label);
}

#[test]
fn a_shape_that_is_none_and_a_parent_that_is_not_there_are_faults() {
    let mut areas = ground();
    areas[1].parent = Some(code("310121"));
    areas[2].parent = Some(code("31012000100101"));
    let text = write_geojson(&areas, Datum::Wgs84);
    let told = read_geojson(&text, Datum::Wgs84).unwrap_err();
    let codes: Vec<FaultCode> = told.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [FaultCode::ParentUnknown, FaultCode::ParentApart]);
    for (bad, wanted) in [
        ("{", FaultCode::Unreadable),
        ("{\"features\":[]}", FaultCode::Empty),
        ("{\"type\":\"Feature\"}", FaultCode::Unreadable),
    ] {
        assert_eq!(read_geojson(bad, Datum::Wgs84).unwrap_err()[0].code, wanted, "{bad}");
    }
    let line = text.replace("\"Polygon\"", "\"LineString\"");
    assert_eq!(read_geojson(&line, Datum::Wgs84).unwrap_err()[0].code, FaultCode::Shape);
}

fn known<'a>(
    areas: &'a [Area],
    departments: &'a [Department],
    categories: &'a [Category],
    rules: &'a [Rule],
) -> Known<'a> {
    Known { areas, departments, categories, rules, entries: &[], gifts: &[] }
}

#[test]
fn grids_that_overlap_or_leave_the_outline_are_told_and_neighbours_are_not() {
    let before = ground();
    let notes = |areas: Vec<Area>| {
        let known = known(&before, &[], &[], &[]);
        notes_beside(&Content::Areas(before.clone()), &Content::Areas(areas), &known, &Used::default())
    };
    assert_eq!(notes(before.clone()), []);
    let mut moved = before.clone();
    moved[1].shape = Some(square(121.13, 30.1, 0.1));
    let told = notes(moved);
    assert_eq!((told[0].code, told[0].value.as_str()), (NoteCode::Overlap, "31012000100101 31012000100102"));
    assert!((28..=36).contains(&told[0].count), "{} %", told[0].count);
    let mut outside = before.clone();
    outside[2].shape = Some(square(121.45, 30.1, 0.1));
    assert_eq!(notes(outside)[0].code, NoteCode::Outside);
    let mut bare = before.clone();
    bare.push(area("31012000100103", AreaLevel::Grid, Some("310120"), None));
    assert_eq!(notes(bare)[0].code, NoteCode::NoOutline);
}

fn department(text: &str) -> Department {
    Department { code: code(text), name: Name::new(text, text) }
}

fn rule(text: &str, category: &str, department: &str) -> Rule {
    Rule {
        code: code(text),
        category: Some(code(category)),
        area: None,
        department: code(department),
        automatic: true,
    }
}

#[test]
fn a_department_that_is_busy_or_named_by_a_rule_cannot_go() {
    let all = [department("lamps"), department("roads")];
    let rules = [rule("r1", "C01", "roads")];
    let mut used = Used::default();
    used.departments.insert("lamps".to_owned(), 3);
    used.members.insert("roads".to_owned(), 2);
    let after = Content::Departments(vec![department("greens")]);
    let known = known(&[], &all, &[], &rules);
    let faults = faults_beside(&after, &known, &used);
    let notes = notes_beside(&Content::Departments(all.to_vec()), &after, &known, &used);
    let told: Vec<(FaultCode, &str, u64)> =
        faults.iter().map(|Fault { code, value, count, .. }| (*code, value.as_str(), *count)).collect();
    assert_eq!(told, [(FaultCode::DepartmentBusy, "lamps", 3), (FaultCode::NamedByRule, "roads r1", 0)]);
    assert_eq!(notes, [Note { code: NoteCode::MembersStay, value: "roads".to_owned(), count: 2 }]);
}

#[test]
fn rules_are_held_to_what_there_is_and_tried_on_the_last_cases() {
    let departments = [department("lamps"), department("roads")];
    let categories = [Category {
        code: code("C01"),
        name: Name::new("设施", "Utilities"),
        certain: true,
        keywords: vec![],
    }];
    let before = vec![rule("r1", "C01", "roads")];
    let used =
        Used { late: vec![(code("C01"), code("310120")), (code("E01"), code("310120"))], ..Used::default() };
    let after = vec![rule("r0", "C01", "lamps"), rule("r1", "C01", "roads"), rule("r2", "C02", "greens")];
    let known = known(&[], &departments, &categories, &before);
    let after = Content::Rules(after);
    let faults = faults_beside(&after, &known, &used);
    let notes = notes_beside(&Content::Rules(before.clone()), &after, &known, &used);
    let told: Vec<(u32, FaultCode)> = faults.iter().map(|fault| (fault.line, fault.code)).collect();
    assert_eq!(told, [(4, FaultCode::CategoryUnknown), (4, FaultCode::DepartmentUnknown)]);
    assert_eq!((notes[0].code, notes[0].count), (NoteCode::Rerouted, 1));
    assert_eq!((notes[1].code, notes[1].value.as_str()), (NoteCode::NeverAsked, "r1 r0"));
}

#[test]
fn a_change_is_told_row_by_row_and_cell_by_cell() {
    let before = Content::Departments(vec![department("a"), department("b")]);
    let mut named = department("b");
    named.name.zh = "乙".to_owned();
    let after = Content::Departments(vec![named, department("c")]);
    let told: Vec<(What, String, usize)> = diff(&before, &after)
        .into_iter()
        .map(|Change { what, key, fields, .. }| (what, key, fields.len()))
        .collect();
    let row = |what, key: &str, fields| (what, key.to_owned(), fields);
    assert_eq!(told, [row(What::Removed, "a", 2), row(What::Changed, "b", 1), row(What::Added, "c", 2)]);
    assert_eq!(diff(&before, &before), []);
    let rules = |codes: &[&str]| Content::Rules(codes.iter().map(|code| rule(code, "C01", "a")).collect());
    let moved = diff(&rules(&["r1", "r2", "r3", "r4"]), &rules(&["r4", "r1", "r2", "r3"]));
    assert_eq!(moved.len(), 1, "one row went up; the others only made room");
    assert_eq!((moved[0].key.as_str(), moved[0].fields[0].column), ("r4", Column::Position));
    assert_eq!((moved[0].fields[0].before.as_str(), moved[0].fields[0].after.as_str()), ("4", "1"));
    let mut drawn = ground();
    drawn[1].shape = Some(square(121.1, 30.1, 0.05));
    let told = diff(&Content::Areas(ground()), &Content::Areas(drawn));
    assert_eq!((told.len(), told[0].fields[0].column), (1, Column::Outline));
}

/// A text that a cell may hold, formulas and quotes among them.
fn text() -> impl Strategy<Value = String> {
    "[-=+@'\"a-zA-Z0-9,;路灯 ]{0,18}[a-z路]".prop_map(|text| text.trim().to_owned())
}

fn name() -> impl Strategy<Value = Name> {
    (text(), text()).prop_map(|(zh, en)| Name { zh, en })
}

/// As many of these as there are different numbers, each with its number.
fn numbered<T: core::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<(u32, T)>> {
    proptest::collection::btree_map(1u32..99, one, 1..6).prop_map(|all| all.into_iter().collect())
}

fn limit() -> impl Strategy<Value = Limit> {
    (0usize..4, 1u32..9_000).prop_map(|(kind, minutes)| Limit { kind: LimitKind::ALL[kind], minutes })
}

fn condition() -> impl Strategy<Value = Condition> {
    (name(), proptest::collection::vec(limit(), 1..4), name())
        .prop_map(|(name, steps, closes_by)| Condition { name, steps, closes_by })
}

fn departments() -> impl Strategy<Value = Content> {
    numbered(name()).prop_map(|all| {
        let one = |(number, name)| Department { code: code(&format!("d{number}")), name };
        Content::Departments(all.into_iter().map(one).collect())
    })
}

fn categories() -> impl Strategy<Value = Content> {
    let words = proptest::collection::vec("[a-z灯]{1,5}", 0..3);
    numbered((name(), any::<bool>(), words, proptest::collection::vec(condition(), 1..4))).prop_map(|all| {
        let one = |(number, (name, certain, keywords, conditions))| CategoryEntry {
            category: Category { code: code(&format!("C{number:02}")), name, certain, keywords },
            conditions,
        };
        Content::Categories(all.into_iter().map(one).collect())
    })
}

fn rules() -> impl Strategy<Value = Content> {
    numbered((any::<bool>(), any::<bool>(), any::<bool>())).prop_map(|all| {
        let one = |(number, (category, area, automatic)): (u32, (bool, bool, bool))| Rule {
            code: code(&format!("r{number}")),
            category: category.then(|| code("C0101")),
            area: area.then(|| code("310120")),
            department: code("lamps"),
            automatic,
        };
        Content::Rules(all.into_iter().map(one).collect())
    })
}

fn calendars() -> impl Strategy<Value = Content> {
    numbered((any::<bool>(), text())).prop_map(|all| {
        let first: Day = code("2026-01-01");
        let mut year = Year {
            year: 2026,
            provisional: all.len() > 2,
            holidays: Vec::new(),
            workdays: Vec::new(),
            names: BTreeMap::new(),
        };
        for (number, (holiday, name)) in all {
            let day = first.plus(i32::try_from(number).unwrap());
            if holiday { &mut year.holidays } else { &mut year.workdays }.push(day);
            year.names.insert(day, name);
        }
        Content::Calendar(vec![year])
    })
}

fn templates() -> impl Strategy<Value = Content> {
    numbered((0usize..5, name(), any::<bool>())).prop_map(|all| {
        let one = |(number, (purpose, words, lines)): (u32, (usize, Name, bool))| Template {
            code: code(&format!("t-{number}")),
            purpose: Purpose::ALL[purpose],
            words: if lines { Name { zh: words.zh + "\n二", ..words } } else { words },
        };
        Content::Templates(all.into_iter().map(one).collect())
    })
}

fn rewards() -> impl Strategy<Value = Content> {
    proptest::collection::vec(0u32..1_001, 5).prop_map(|points| {
        let rows = Deed::ALL.iter().zip(points).map(|(deed, points)| Reward { deed: *deed, points });
        Content::Rewards(rows.collect())
    })
}

fn entries() -> impl Strategy<Value = Content> {
    numbered((name(), proptest::option::of((120.0f64..122.0, 30.0f64..31.0)))).prop_map(|all| {
        let one = |(number, (name, at)): (u32, (Name, Option<(f64, f64)>))| Entry {
            code: code(&format!("e{number}")),
            door: Door::Kiosk,
            name,
            position: at.map(|(lon, lat)| Position::new(lon, lat).unwrap()),
        };
        Content::Entries(all.into_iter().map(one).collect())
    })
}

fn shapes() -> impl Strategy<Value = Shape> {
    let corner = (121.0f64..122.0, 30.0f64..31.0, 0.001f64..0.1);
    proptest::collection::vec((corner, any::<bool>()), 1..3).prop_map(|all| {
        let ring = |west: f64, south: f64, side: f64| square(west, south, side).0.remove(0).outer;
        let one = |((west, south, side), hole): ((f64, f64, f64), bool)| Polygon {
            outer: ring(west, south, side),
            holes: if hole {
                vec![ring(west + side / 4.0, south + side / 4.0, side / 3.0)]
            } else {
                Vec::new()
            },
        };
        Shape(all.into_iter().map(one).collect())
    })
}

fn areas() -> impl Strategy<Value = Vec<Area>> {
    numbered((name(), proptest::option::of(shapes()))).prop_map(|all| {
        let top = area("310120", AreaLevel::County, None, None);
        let one = |(number, (name, shape)): (u32, (Name, Option<Shape>))| {
            let code = format!("310120{number:03}");
            let label = shape.is_some().then(|| Position::new(121.1, 30.2).unwrap());
            Area { name, shape, label, ..area(&code, AreaLevel::Town, Some("310120"), None) }
        };
        std::iter::once(top).chain(all.into_iter().map(one)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_the_same(
        content in prop_oneof![departments(), categories(), rules(), calendars(), templates(), rewards(), entries()],
    ) {
        let text = write_csv(&content);
        prop_assert_eq!(read_csv(content.part(), &text, &[]), Ok(content.clone()), "{}", text);
        prop_assert_eq!(diff(&content, &content), []);
        for record in csv::Reader::from_reader(text.as_bytes()).records() {
            let record = record.unwrap();
            prop_assert!(!record.iter().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "{:?}", record);
        }
    }

    #[test]
    fn areas_are_read_back_to_the_last_bit(areas in areas()) {
        let text = write_geojson(&areas, Datum::Wgs84);
        prop_assert_eq!(read_geojson(&text, Datum::Wgs84), Ok(areas.clone()));
        let table = write_csv(&Content::Areas(areas.clone()));
        prop_assert_eq!(read_csv(Part::Areas, &table, &areas), Ok(Content::Areas(areas)));
    }
}
