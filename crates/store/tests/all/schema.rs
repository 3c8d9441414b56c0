//! What the migrations make is what the code believes, on both engines; and a newer schema is left alone.

use crate::cluster;
use crate::fixture::*;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use std::collections::BTreeMap;
use woodlark_store::{OpenError, Store};

/// Table and column, their type, and whether it may be missing.
type Columns = BTreeMap<(String, String), (String, bool)>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
}

/// What `schema.rs` says, read from its own text.
fn believed() -> (Columns, BTreeMap<String, Vec<String>>) {
    let (mut columns, mut keys, mut table) = (Columns::new(), BTreeMap::new(), String::new());
    for line in include_str!("../../src/schema.rs").lines().map(str::trim) {
        if let Some((name, key)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name.to_owned();
            keys.insert(table.clone(), key.split(", ").map(str::to_owned).collect());
        } else if let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            columns.insert(
                (table.clone(), name.to_owned()),
                (inner.unwrap_or(kind).to_owned(), inner.is_some()),
            );
        }
    }
    assert!(columns.len() > 150 && keys.len() == 59, "{} {}", columns.len(), keys.len());
    (columns, keys)
}

fn found(rows: Vec<Column>, kinds: &[(&str, &str)]) -> Columns {
    let kind = |kind: &str| {
        kinds.iter().find(|(theirs, _)| *theirs == kind).map_or(kind, |(_, ours)| ours).to_owned()
    };
    rows.into_iter().map(|row| ((row.owner, row.name), (kind(&row.kind), row.required == 0))).collect()
}

#[test]
fn sqlite_has_the_tables_that_the_code_believes_in() {
    let folder = Folder::new();
    let path = folder.0.join("district.db").to_string_lossy().into_owned();
    drop(Store::open(&config(path.as_str())).unwrap());
    let mut conn = diesel::SqliteConnection::establish(&path).unwrap();
    let columns = "SELECT m.name AS owner, c.name AS name, c.type AS kind, c.\"notnull\" AS required FROM sqlite_schema m, \
                   pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let rows = sql_query(columns).load::<Column>(&mut conn).unwrap();
    let kinds = [("INTEGER", "BigInt"), ("TEXT", "Text"), ("BLOB", "Binary"), ("REAL", "Double")];
    let (mut believed, keys) = believed();
    // SQLite has no type of its own for yes and no.
    believed
        .values_mut()
        .filter(|(kind, _)| kind == "Bool")
        .for_each(|(kind, _)| *kind = "BigInt".to_owned());
    assert_eq!(found(rows, &kinds), believed);
    let of_keys = "SELECT m.name AS owner, c.name AS name, '' AS kind, c.pk AS required FROM sqlite_schema m, \
                   pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.pk > 0 ORDER BY m.name, c.pk";
    assert_eq!(keys_of(sql_query(of_keys).load::<Column>(&mut conn).unwrap()), keys);
}

#[test]
fn postgres_has_the_tables_that_the_code_believes_in() {
    let url = cluster::database();
    drop(Store::open(&config(url.as_str())).unwrap());
    let mut conn = diesel::PgConnection::establish(&url).unwrap();
    let columns = "SELECT table_name::text AS owner, column_name::text AS name, data_type::text AS kind, \
                   (CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END)::bigint AS required \
                   FROM information_schema.columns WHERE table_schema = 'public'";
    let rows = sql_query(columns).load::<Column>(&mut conn).unwrap();
    let kinds = [
        ("bigint", "BigInt"),
        ("text", "Text"),
        ("bytea", "Binary"),
        ("double precision", "Double"),
        ("boolean", "Bool"),
    ];
    let (believed, keys) = believed();
    assert_eq!(found(rows, &kinds), believed);
    let of_keys = "SELECT k.table_name::text AS owner, k.column_name::text AS name, '' AS kind, \
                   k.ordinal_position::bigint AS required FROM information_schema.key_column_usage k \
                   WHERE k.table_schema = 'public' ORDER BY k.table_name, k.ordinal_position";
    assert_eq!(keys_of(sql_query(of_keys).load::<Column>(&mut conn).unwrap()), keys);
}

fn keys_of(rows: Vec<Column>) -> BTreeMap<String, Vec<String>> {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        keys.entry(row.owner).or_default().push(row.name);
    }
    keys
}

#[test]
fn every_key_begins_with_the_district_or_with_whom_it_belongs_to() {
    for (table, key) in believed().1 {
        if table != "store_schema" {
            assert!(["adcode", "user_id", "subject"].contains(&key[0].as_str()), "{table}: {key:?}");
        }
    }
}

fn refuses_a_newer_one(url: &str, run: impl FnOnce(&str)) {
    drop(Store::open(&config(url)).unwrap());
    drop(Store::open(&config(url)).unwrap());
    run("INSERT INTO store_schema (version) VALUES (4096)");
    match Store::open(&config(url)) {
        Err(OpenError::Newer { found: 4096, known }) => assert!(known < 4096),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn a_database_that_a_newer_program_has_changed_is_left_alone() {
    let folder = Folder::new();
    let path = folder.0.join("district.db").to_string_lossy().into_owned();
    refuses_a_newer_one(&path, |sql| {
        diesel::SqliteConnection::establish(&path).unwrap().batch_execute(sql).unwrap()
    });
    let url = cluster::database();
    refuses_a_newer_one(&url, |sql| {
        diesel::PgConnection::establish(&url).unwrap().batch_execute(sql).unwrap()
    });
}

#[test]
fn many_programs_that_start_at_once_make_the_schema_once() {
    let folder = Folder::new();
    let path = folder.0.join("district.db").to_string_lossy().into_owned();
    for url in [path, cluster::database()] {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                std::thread::spawn(move || Store::open(&config(url)).map(|_| ()))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    }
}

#[test]
fn what_cannot_be_opened_says_so_in_words() {
    let unreachable = config("postgres://nobody@127.0.0.1:1/none?connect_timeout=2");
    assert!(matches!(Store::open(&unreachable), Err(OpenError::Connect { .. })));
    let mut city = config("x.db");
    city.adcode = code("3101");
    assert!(matches!(Store::open(&city), Err(OpenError::District(_))));
}
