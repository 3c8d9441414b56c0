//! Every message is used, and the page's own texts are those of the message files.
#![expect(clippy::unwrap_used, reason = "a test says plainly what it expects")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn texts(language: &str) -> BTreeMap<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.toml"));
    let sections: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let flat = sections.into_iter().flat_map(|(section, texts)| {
        texts.into_iter().map(move |(key, text)| (format!("{section}_{key}"), text))
    });
    flat.collect()
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

#[test]
fn every_message_is_used_somewhere() {
    let mut code = fs::read_to_string(root().join("index.html")).unwrap();
    for folder in ["src", "crates/ui/src", "crates/outbox/src", "crates/desk/src"] {
        sources(&root().join(folder), &mut code);
    }
    let words: std::collections::BTreeSet<&str> =
        code.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let unused: Vec<_> = texts("zh").into_keys().filter(|key| !words.contains(key.as_str())).collect();
    assert!(unused.is_empty(), "never shown: {unused:?}");
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
