//! The merchant's file: what is right is read, what is wrong is told by its name and with what to do, and no message gives
//! a key away.

use crate::World;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use woodlark_pay::{Merchant, MerchantError};

/// A right file, its keys, and the secret that stands in it.
struct Given {
    file: String,
    keys: Vec<(PathBuf, String)>,
}

const SECRET: &str = "a-key-for-tests-of-32-characters";

impl Given {
    async fn new() -> Self {
        let pay = World::new().await.pay;
        let keys = pay.key_files().unwrap().into_iter().map(|(name, pem)| (name.into(), pem)).collect();
        Self { file: pay.merchant_file(), keys }
    }

    fn read(&self, file: &str) -> Result<Merchant, MerchantError> {
        Merchant::from_toml(file, |path| {
            let found = self.keys.iter().find(|(name, _)| name == path);
            found.map(|(_, pem)| pem.clone()).ok_or_else(|| MerchantError::File {
                path: path.to_owned(),
                cause: std::io::ErrorKind::NotFound.into(),
            })
        })
    }

    /// With this setting instead.
    fn with(&self, name: &str, value: &str) -> Result<Merchant, MerchantError> {
        self.read(&self.line(name, &format!("{name} = {value}")))
    }

    /// With another line instead of that of this setting.
    fn line(&self, name: &str, line: &str) -> String {
        let start = format!("{name} = ");
        assert!(self.file.lines().any(|line| line.starts_with(&start)), "{name}");
        let lines = self.file.lines().map(|own| if own.starts_with(&start) { line } else { own });
        lines.collect::<Vec<_>>().join("\n")
    }
}

const NEEDED: &[&str] = &[
    "base",
    "appid",
    "mchid",
    "serial",
    "private_key",
    "apiv3_key",
    "scene",
    "activity",
    "reward",
    "perception",
    "remark",
];

#[tokio::test]
async fn a_right_file_is_read_from_its_folder_and_says_no_secret() {
    let pay = World::new().await.pay;
    let folder = tempfile::tempdir().unwrap();
    let path = pay.write_merchant(folder.path()).unwrap();
    let merchant = Merchant::read(&path).unwrap();
    assert_eq!((merchant.mchid(), merchant.appid()), ("1900000001", "wx0123456789abcdef"));
    let shown = format!("{merchant:?}");
    assert!(shown.contains("1900000001") && !shown.contains(SECRET) && !shown.contains("PRIVATE"), "{shown}");
    std::fs::remove_file(folder.path().join("pub_key.pem")).unwrap();
    let error = Merchant::read(&path).unwrap_err().to_string();
    assert!(error.contains("pub_key.pem") && error.contains("Put it there"), "{error}");
    let error = Merchant::read(Path::new("/nowhere/merchant.toml")).unwrap_err().to_string();
    assert!(error.contains("/nowhere/merchant.toml"), "{error}");
}

#[tokio::test]
async fn whatever_is_missing_is_named_with_what_it_is() {
    let given = Given::new().await;
    for name in NEEDED {
        let error = given.read(&given.line(name, "")).unwrap_err();
        assert!(matches!(error, MerchantError::Missing { name: missing, .. } if missing == *name), "{error}");
        assert!(error.to_string().len() > name.len() + 50, "{error}");
    }
    let keyless = given.file.split("[platform_keys]").next().unwrap();
    let error = given.read(keyless).unwrap_err();
    assert!(matches!(error, MerchantError::Missing { name: "platform_keys", .. }), "{error}");
    let error = given.read(&format!("{keyless}[platform_keys]\n")).unwrap_err();
    assert!(matches!(error, MerchantError::Wrong { name: "platform_keys", .. }), "{error}");
    assert!(given.read(&given.line("notify_url", "")).is_ok(), "it may be left out");
}

#[tokio::test]
async fn whatever_is_wrong_is_named_with_what_it_must_be() {
    let given = Given::new().await;
    let long = format!("\"{}\"", "字".repeat(33));
    let wrong: &[(&'static str, &[&str])] = &[
        (
            "base",
            &["1", "\"\"", "\"https://a.example/v3\"", "\"https://a.example/?x\"", "\"https://u@a.example\""],
        ),
        ("appid", &["\"\"", "\"a b\"", "\"a\\\"b\"", "7", "\"微信\""]),
        ("mchid", &["1900000001", "\"\"", "\"19x\"", "\"1\\n2\""]),
        ("serial", &["\"\"", "\"a,b\"", "[\"a\"]"]),
        (
            "apiv3_key",
            &[
                "\"short\"",
                "\"a-key-for-tests-of-33-characters!\"",
                "12345678",
                "\"a key-for-tests-of-32-characters\"",
                "true",
            ],
        ),
        ("scene", &["1000", "\"\"", "\"a b\""]),
        ("activity", &["\"\"", "\"a\\nb\"", "\" a\"", &long]),
        ("reward", &["\"\"", "\"a\\tb\"", &long]),
        ("perception", &["\"\"", "\"Y\"", "\"劳务报酬\""]),
        ("remark", &["\"\"", &long]),
        (
            "notify_url",
            &[
                "\"http://a.example/x\"",
                "\"https://a.example/x?y=1\"",
                "\"https://a.example/#x\"",
                "\"/x\"",
                "1",
            ],
        ),
    ];
    for (name, values) in wrong {
        for value in *values {
            let error = given.with(name, value).unwrap_err();
            let told = matches!(&error, MerchantError::Wrong { name: wrong, .. } if wrong == name);
            assert!(told, "{name} = {value}: {error}");
        }
    }
    let just_right = format!("\"{}\"", "字".repeat(32));
    for name in ["activity", "reward", "remark"] {
        assert!(given.with(name, &just_right).is_ok(), "{name}");
    }
}

#[tokio::test]
async fn money_goes_in_the_open_on_this_machine_alone() {
    let given = Given::new().await;
    for open in [
        "http://api.mch.weixin.qq.com",
        "api.mch.weixin.qq.com",
        "http://192.168.1.5:8080",
        "http://127.0.0.1.example",
        "ftp://localhost",
    ] {
        let error = given.with("base", &format!("\"{open}\"")).unwrap_err();
        assert!(matches!(error, MerchantError::Open), "{open}: {error}");
    }
    for right in [
        "https://api.mch.weixin.qq.com",
        "https://api.mch.weixin.qq.com/",
        "http://localhost:1",
        "http://[::1]:1",
    ] {
        assert!(given.with("base", &format!("\"{right}\"")).is_ok(), "{right}");
    }
}

#[tokio::test]
async fn a_setting_that_nobody_knows_is_named() {
    let given = Given::new().await;
    let error = given.read(&format!("notify-url = \"https://a.example\"\n{}", given.file)).unwrap_err();
    assert!(matches!(&error, MerchantError::Unknown(name) if name == "notify-url"), "{error}");
}

#[tokio::test]
async fn keys_that_are_none_are_told_with_how_to_get_right_ones() {
    let mut given = Given::new().await;
    let right = given.keys.clone();
    let (private, public) = (right[0].1.clone(), right[1].1.clone());
    for (n, wrong) in [
        (0, public.as_str()),
        (0, "x"),
        (1, private.as_str()),
        (1, ""),
        // A right key of 1,024 bits.
        (1, include_str!("short_key.pem")),
        (1, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
    ] {
        given.keys = right.clone();
        given.keys[n].1 = wrong.to_owned();
        let error = given.read(&given.file).unwrap_err();
        let told = match n {
            0 => matches!(error, MerchantError::PrivateKey(_)),
            _ => matches!(error, MerchantError::PublicKey(_)),
        };
        assert!(told, "{error}");
        assert!(error.to_string().contains("openssl"), "{error}");
    }
}

#[tokio::test]
async fn of_several_platform_keys_one_is_chosen_for_answers() {
    let given = Given::new().await;
    let two = format!("{}7132D72A03E93CDDF8C03BBD1F37EEDF = \"pub_key.pem\"\n", given.file);
    assert!(matches!(given.read(&two), Err(MerchantError::Choose)));
    let chosen = |id: &str| given.read(&format!("answers_by = \"{id}\"\n{two}"));
    assert!(chosen("7132D72A03E93CDDF8C03BBD1F37EEDF").is_ok());
    assert!(matches!(chosen("ANOTHER"), Err(MerchantError::Wrong { name: "answers_by", .. })));
}

#[tokio::test]
async fn a_line_that_is_no_toml_is_told_by_its_number_alone() {
    let given = Given::new().await;
    let number = given.file.lines().position(|line| line.starts_with("apiv3_key")).unwrap() + 1;
    for line in [
        format!("apiv3_key = {SECRET}"),
        format!("apiv3_key = \"{SECRET}"),
        format!("apiv3_key \"{SECRET}\""),
    ] {
        let error = given.read(&given.line("apiv3_key", &line)).unwrap_err();
        assert!(matches!(error, MerchantError::Syntax(at) if at == number), "{line}: {error}");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
}

proptest! {
    #[test]
    fn no_file_breaks_the_reader_nor_shows_what_stands_in_it(junk in "[ -~\n]{0,60}", at in any::<prop::sample::Index>()) {
        let file = format!("apiv3_key = \"{SECRET}\"\nmchid = \"1\"\n");
        let mut at = at.index(file.len());
        while !file.is_char_boundary(at) {
            at -= 1;
        }
        let (before, after) = file.split_at(at);
        let missing = |path: &Path| {
            Err(MerchantError::File { path: path.to_owned(), cause: std::io::ErrorKind::NotFound.into() })
        };
        let error = Merchant::from_toml(&format!("{before}{junk}{after}"), missing).unwrap_err();
        let told = format!("{error} {error:?}");
        prop_assert!(!told.contains(SECRET), "{}", told);
    }
}
