//! Turns `locales/*.toml` into one static table a language. A key that one language lacks, or has too many, or
//! whose placeholders differ, does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Key (`section_name`) to text.
type Texts = BTreeMap<String, String>;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    println!("cargo::rerun-if-changed=locales");
    let zh = read("locales/zh.toml")?;
    let en = read("locales/en.toml")?;
    compare(&zh, &en)?;
    // What a page says by itself is in the page: the program has no use for it.
    let (zh, en) = (of_the_program(zh), of_the_program(en));
    let out = std::env::var("OUT_DIR").map_err(|why| why.to_string())?;
    std::fs::write(Path::new(&out).join("messages.rs"), code(&zh, &en)).map_err(|why| why.to_string())
}

fn read(path: &str) -> Result<Texts, String> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("{path}: {why}"))?;
    let sections: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(&text).map_err(|why| format!("{path}: {why}"))?;
    let flat = sections.into_iter().flat_map(|(section, texts)| {
        texts.into_iter().map(move |(key, text)| (format!("{section}_{key}"), text))
    });
    Ok(flat.collect())
}

fn of_the_program(texts: Texts) -> Texts {
    let in_wechat = std::env::var_os("CARGO_FEATURE_WECHAT").is_some();
    let is_of_it = |key: &str| !key.starts_with("page_") && (in_wechat || !key.starts_with("weixin_"));
    texts.into_iter().filter(|(key, _)| is_of_it(key)).collect()
}

fn compare(zh: &Texts, en: &Texts) -> Result<(), String> {
    let mut faults = Vec::new();
    for key in zh.keys().filter(|key| !en.contains_key(*key)) {
        faults.push(format!("locales/en.toml lacks {key}"));
    }
    for (key, text) in en {
        match zh.get(key) {
            None => faults.push(format!("locales/zh.toml lacks {key}")),
            Some(other) if places(other) != places(text) => {
                faults.push(format!("placeholders of {key} differ"))
            }
            Some(_) => {}
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// The placeholders of a text, `{name}`, sorted.
fn places(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn code(zh: &Texts, en: &Texts) -> String {
    let mut code = String::from("/// Every text on the screen, in one language.\npub struct Messages {\n");
    let mut methods = String::new();
    for (key, text) in zh {
        let names = places(text);
        if names.is_empty() {
            let _ = writeln!(code, "    /// {text}\n    pub {key}: &'static str,");
        } else {
            let _ = writeln!(code, "    {key}: &'static str,");
            let arguments: String = names.iter().map(|name| format!(", {name}: &str")).collect();
            let pairs: String = names.iter().map(|name| format!("(\"{name}\", {name}),")).collect();
            let _ = writeln!(
                methods,
                "    /// {text}\n    #[must_use]\n    pub fn {key}(&self{arguments}) -> String {{ fill(self.{key}, &[{pairs}]) }}"
            );
        }
    }
    let _ = writeln!(code, "}}\n\nimpl Messages {{\n{methods}}}");
    for (name, texts) in [("ZH", zh), ("EN", en)] {
        let _ = writeln!(code, "static {name}: Messages = Messages {{");
        for (key, text) in texts {
            let _ = writeln!(code, "    {key}: {text:?},");
        }
        code.push_str("};\n");
    }
    code
}
