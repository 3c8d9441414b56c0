//! The account's file: read right, or refused with what to do, and never a secret in what is said.

use crate::{World, with_line};
use proptest::prelude::*;
use std::path::Path;
use woodlark_wechat::standin::StandIn;
use woodlark_wechat::{Account, AccountError, App, PageError, PageUrl};

const SECRETS: &[&str] = &["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];

async fn file() -> String {
    StandIn::start(crate::NOW).await.unwrap().account_file()
}

fn error(file: &str) -> AccountError {
    Account::from_toml(file).unwrap_err()
}

/// Everything that must stand there: table and name.
const NEEDED: &[(&str, &str)] = &[
    ("", "api"),
    ("", "open"),
    ("", "sdk"),
    ("", "site"),
    ("official", "appid"),
    ("official", "secret"),
    ("official.progress", "id"),
    ("mini", "appid"),
    ("mini", "secret"),
    ("mini.progress", "id"),
];

fn dotted(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

#[tokio::test]
async fn a_right_file_is_read_and_says_no_secret() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = world.wechat.write_account(folder.path()).unwrap();
    let account = Account::read(&path).unwrap();
    assert_eq!((account.appid(), account.mini_appid()), ("wx0123456789abcdef", Some("wxfedcba9876543210")));
    assert_eq!(account.site(), "https://woodlark.example");
    assert_eq!(account.sdk(), format!("{}/jweixin-1.6.0.js", world.wechat.origin()));
    assert!(account.progress_template(App::Official).is_some_and(|id| id.starts_with("OFFICIAL")));
    let shown = format!("{account:?} {:?}", world.client);
    assert!(shown.contains("wx0123456789abcdef"), "{shown}");
    assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");
    let error = Account::read(Path::new("/nowhere/wechat.toml")).unwrap_err().to_string();
    assert!(error.contains("/nowhere/wechat.toml") && error.contains("Put it there"), "{error}");
}

#[tokio::test]
async fn whatever_is_missing_is_named_with_what_it_is() {
    let file = file().await;
    for (table, name) in NEEDED {
        let error = error(&with_line(&file, table, name, ""));
        let told = matches!(&error, AccountError::Missing { name: missing, rule } if *missing == dotted(table, name) && rule.len() > 20);
        assert!(told, "{table}.{name}: {error}");
    }
    let tables = file.split("\n[").collect::<Vec<_>>();
    let error = error(tables[0]);
    assert!(matches!(&error, AccountError::Missing { name, .. } if name == "official"), "{error}");
}

#[tokio::test]
async fn the_mini_program_its_version_and_templates_may_be_left_out() {
    let file = file().await;
    let official = file.split("\n[mini]").next().unwrap();
    let account = Account::from_toml(official).unwrap();
    assert_eq!((account.mini_appid(), account.progress_template(App::Mini)), (None, None));
    let bare = official.split("\n[official.progress]").next().unwrap();
    assert_eq!(Account::from_toml(bare).unwrap().progress_template(App::Official), None);
    assert!(Account::from_toml(&with_line(&file, "mini", "state", "")).is_ok());
    assert!(Account::from_toml(&with_line(&file, "official.progress", "note", "")).is_ok());
}

#[tokio::test]
async fn whatever_is_wrong_is_named_with_what_it_must_be() {
    let file = file().await;
    let wrong: &[(&str, &str, &[&str])] = &[
        ("", "api", &["1", "\"\"", "\"https://a.example/cgi-bin\"", "\"https://u@a.example\""]),
        ("", "site", &["\"https://a.example/?x\"", "\"https://a.example/app\""]),
        (
            "",
            "sdk",
            &[
                "\"https://a.example\"",
                "\"https://a.example/\"",
                "\"/x.js\"",
                "\"https://a.example/ü.js\"",
                "7",
            ],
        ),
        ("official", "appid", &["\"\"", "\"a b\"", "7", "\"微信\""]),
        ("official", "secret", &["\"short\"", "true", "\"0123456789abcdef-\""]),
        ("mini", "state", &["\"release\"", "1"]),
        ("official.progress", "id", &["\"\"", "\"a b\"", "1"]),
        ("official.progress", "case", &["\"phrase1\"", "\"character_string\"", "1"]),
        ("official.progress", "title", &["\"thing\"", "\"character_string2\"", "\"thing2.DATA\""]),
        ("official.progress", "state", &["\"time3\"", "\"phrase\""]),
        ("official.progress", "time", &["\"thing4\""]),
        ("mini.progress", "time", &["\"phrase4\""]),
    ];
    for (table, name, values) in wrong {
        for value in *values {
            let error = error(&with_line(&file, table, name, &format!("{name} = {value}")));
            let told = matches!(&error, AccountError::Wrong { name: wrong, rule } if *wrong == dotted(table, name) && !rule.is_empty());
            assert!(told, "{table}.{name} = {value}: {error}");
        }
    }
    let error = error(&format!("mini = 1\n{}", file.split("\n[mini]").next().unwrap()));
    assert!(matches!(&error, AccountError::Wrong { name, .. } if name == "mini"), "{error}");
}

#[tokio::test]
async fn secrets_go_in_the_open_on_this_machine_alone() {
    let file = file().await;
    for name in ["api", "open", "site"] {
        for open in ["http://api.weixin.qq.com", "http://192.168.1.5:80", "ftp://localhost"] {
            let error = error(&with_line(&file, "", name, &format!("{name} = \"{open}\"")));
            assert!(matches!(error, AccountError::Open(which) if which == name), "{open}: {error}");
        }
        let right = with_line(&file, "", name, &format!("{name} = \"https://api.weixin.qq.com\""));
        assert!(Account::from_toml(&right).is_ok(), "{name}");
    }
    let error = error(&with_line(&file, "", "sdk", "sdk = \"http://res.wx.qq.com/x.js\""));
    assert!(matches!(error, AccountError::Open("sdk")), "{error}");
}

#[tokio::test]
async fn one_field_has_one_meaning_and_a_template_has_fields() {
    let file = file().await;
    let twice = with_line(&file, "official.progress", "note", "note = \"thing2\"");
    assert!(matches!(error(&twice), AccountError::FieldTwice(name) if name == "official.progress"));
    let none =
        format!("{}\n[official.progress]\nid = \"T\"\n", file.split("\n[official.progress]").next().unwrap());
    assert!(matches!(error(&none), AccountError::NoField(name) if name == "official.progress"));
    let same = with_line(&file, "mini", "appid", "appid = \"wx0123456789abcdef\"");
    assert!(matches!(error(&same), AccountError::SameAppid));
}

#[tokio::test]
async fn a_setting_that_nobody_knows_is_named_with_its_table() {
    let file = file().await;
    for (table, name, told) in [
        ("", "api", "apis"),
        ("official", "appid", "official.apis"),
        ("mini.progress", "case", "mini.progress.apis"),
    ] {
        let error = error(&with_line(&file, table, name, "apis = 1"));
        assert!(matches!(&error, AccountError::Unknown(unknown) if unknown == told), "{error}");
    }
}

#[tokio::test]
async fn a_line_that_is_no_toml_is_told_by_its_number_alone() {
    let file = file().await;
    let number = file.lines().position(|line| line.starts_with("secret")).unwrap() + 1;
    for line in [format!("secret = {}", SECRETS[0]), format!("secret = \"{}", SECRETS[0])] {
        let error = error(&with_line(&file, "official", "secret", &line));
        assert!(matches!(error, AccountError::Syntax(at) if at == number), "{line}: {error}");
        assert!(!format!("{error} {error:?}").contains(SECRETS[0]), "{error}");
    }
}

#[tokio::test]
async fn a_page_is_ours_by_the_letter_and_loses_what_follows_the_hash() {
    let world = World::new().await;
    let page = |url: &str| PageUrl::new(world.client.account(), url).map(|page| page.as_str().to_owned());
    for (url, signed) in [
        ("https://woodlark.example", "https://woodlark.example"),
        ("https://woodlark.example/#/a?b#c", "https://woodlark.example/"),
        ("https://woodlark.example?x=%20y", "https://woodlark.example?x=%20y"),
    ] {
        assert_eq!(page(url).as_deref(), Ok(signed));
    }
    for url in [
        "http://woodlark.example/",
        "https://woodlark.example.evil/",
        "https://woodlark.example:8443/",
        "https://woodlark.example@evil/",
        "https://evil/?https://woodlark.example/",
        "HTTPS://woodlark.example/",
        "//woodlark.example/",
        "",
    ] {
        assert_eq!(page(url), Err(PageError::NotOurs), "{url}");
    }
    for url in ["https://woodlark.example/a b", "https://woodlark.example/案", "https://woodlark.example/\n"]
    {
        assert_eq!(page(url), Err(PageError::Form), "{url}");
    }
    let long = |length: usize| format!("https://woodlark.example/{}", "x".repeat(length - 25));
    assert!(page(&long(2_048)).is_ok());
    assert_eq!(page(&long(2_049)), Err(PageError::Form));
}

proptest! {
    #[test]
    fn no_file_breaks_the_reader_nor_shows_what_stands_in_it(junk in "[ -~\n]{0,60}", at in any::<prop::sample::Index>()) {
        let secret = SECRETS[0];
        let file = format!("api = \"https://a.example\"\n[official]\nsecret = \"{secret}\"\nappid = \"wx1\"\n");
        let (before, after) = file.split_at(at.index(file.len()));
        let error = Account::from_toml(&format!("{before}{junk}{after}")).unwrap_err();
        let told = format!("{error} {error:?}");
        prop_assert!(!told.contains(secret), "{}", told);
    }
}
