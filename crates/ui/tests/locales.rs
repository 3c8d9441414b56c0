//! Every message is used, and the page's own texts are those of the message files.
#![expect(clippy::unwrap_used, reason = "a test says plainly what it expects")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn texts(language: &str) -> BTreeMap<String, String> {
    texts_of("crates/ui", language)
}

fn texts_of(program: &str, language: &str) -> BTreeMap<String, String> {
    sections_of(program, language)
        .into_iter()
        .flat_map(|(section, texts)| {
            texts.into_iter().map(move |(key, text)| (format!("{section}_{key}"), text))
        })
        .collect()
}

fn sections_of(program: &str, language: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let file = root().join(program).join(format!("locales/{language}.toml"));
    toml::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The words of the sources in these folders, and of these pages.
fn words_in(folders: &[&str], pages: &[&str]) -> BTreeSet<String> {
    let mut code = String::new();
    for page in pages {
        code.push_str(&fs::read_to_string(root().join(page)).unwrap());
    }
    for folder in folders {
        sources(&root().join(folder), &mut code);
    }
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned).collect()
}

#[test]
fn every_message_of_a_program_is_used_in_it_and_both_languages_have_the_same() {
    let shared = [
        "src",
        "crates/ui/src",
        "crates/outbox/src",
        "crates/desk/src",
        "crates/book/src",
        "crates/kiosk/src",
    ];
    let programs: [(&str, &[&str], &[&str]); 4] = [
        ("crates/ui", &shared, &["index.html"]),
        ("crates/desk", &["crates/desk/src"], &["crates/desk/index.html"]),
        ("crates/book", &["crates/book/src"], &["crates/book/index.html"]),
        ("crates/kiosk", &["crates/kiosk/src"], &["crates/kiosk/index.html"]),
    ];
    for (program, folders, pages) in programs {
        let (words, zh) = (words_in(folders, pages), texts_of(program, "zh"));
        assert!(zh.len() > 50 && zh.keys().eq(texts_of(program, "en").keys()), "{program}");
        let unused: Vec<_> = zh.into_keys().filter(|key| !words.contains(key)).collect();
        assert!(unused.is_empty(), "{program}: never shown: {unused:?}");
    }
}

/// The server asks for its sentences by section and key, many keys being codes of closed lists.
#[test]
fn every_sentence_of_the_server_is_asked_for_by_somebody() {
    let mut code = String::new();
    for folder in ["crates/server/src", "crates/domain/src", "crates/wire/src", "crates/ledger/src"] {
        sources(&root().join(folder), &mut code);
    }
    let named = |word: &str| code.contains(&format!("\"{word}\""));
    let (zh, en) = (sections_of("crates/server", "zh"), sections_of("crates/server", "en"));
    assert!(zh.len() > 8 && zh.keys().eq(en.keys()));
    for (section, texts) in &zh {
        assert!(texts.keys().eq(en[section].keys()), "{section}");
        let unused: Vec<_> = texts.keys().filter(|key| !named(key) || !named(section)).collect();
        assert!(unused.is_empty(), "server, {section}: never said: {unused:?}");
    }
}

#[test]
fn the_plain_page_says_what_the_message_files_say() {
    let page = fs::read_to_string(root().join("index.html")).unwrap();
    let (zh, en) = (texts("zh"), texts("en"));
    let mut seen = 0;
    for part in page.split("data-t=\"").skip(1) {
        let (key, rest) = part.split_once('"').unwrap();
        let (attributes, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once('<').unwrap();
        assert_eq!(Some(text), zh.get(key).map(String::as_str), "{key}");
        let english =
            attributes.split("data-en=\"").nth(1).and_then(|rest| rest.split_once('"')).map(|(text, _)| text);
        assert_eq!(english, en.get(key).map(String::as_str), "{key}");
        seen += 1;
    }
    assert!(seen > 12, "only {seen} texts of the page are marked");
}
