//! Builds the residents' app, their ledger, the kiosk and the desk: Trunk makes each, then every file is named by its content and compressed beside
//! itself.

mod names;
mod page;
mod shed;

use crate::Outcome;
use crate::say::{quietly, root, say, target};
use crate::tools;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What goes into the app; a change of any of it is a new build.
const SOURCES: [&str; 23] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "Desk.toml",
    "Book.toml",
    "Wechat.toml",
    "Kiosk.toml",
    "index.html",
    "public",
    "style",
    "src",
    "locales",
    "crates/domain",
    "crates/wire",
    "crates/ui",
    "crates/outbox",
    "crates/desk",
    "crates/ledger",
    "crates/book",
    "crates/seal",
    "crates/kiosk",
    "crates/xtask/src/app.rs",
    "crates/xtask/src/app",
];

/// For the compiler: a panic is a trap, `{:?}` writes nothing (nobody reads it there), SHA-256 is a loop and not unrolled. Of all
/// thresholds for inlining 8 makes the smallest first view.
const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Cllvm-args=--inline-threshold=8 \
                     --cfg sha2_backend_soft=\"compact\"";

/// Where a program lies on the site, as its service worker must know it.
struct Program {
    /// Its page.
    home: &'static str,
    /// What stands before the names of its files.
    folder: &'static str,
    /// What the names of its caches begin with: neither program takes the other's for an old one of its own.
    caches: &'static str,
}

const APP: Program = Program { home: "/", folder: "/", caches: "woodlark-" };
const BOOK: Program = Program { home: "/ledger", folder: "/ledger/", caches: "ledger-woodlark-" };
const KIOSK: Program = Program { home: "/kiosk", folder: "/kiosk/", caches: "kiosk-woodlark-" };
const DESK: Program = Program { home: "/desk", folder: "/desk/", caches: "desk-woodlark-" };

/// The drawings of the residents' page that the ledger uses too.
const BOOK_SYMBOLS: [&str; 13] = [
    "woodpecker",
    "kingfisher",
    "lark",
    "back",
    "next",
    "cross",
    "minus",
    "check",
    "people",
    "clock",
    "alert",
    "list",
    "star",
];

/// The folder of the finished app.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds it unless nothing has changed since.
pub(crate) fn build() -> Outcome {
    let stamp = target().join("xtask/app.stamp");
    let print = fingerprint()?;
    if std::fs::read_to_string(&stamp).is_ok_and(|old| old == print) && dist().join("index.html").is_file() {
        return Ok(());
    }
    let path = tools::for_app()?;
    // Trunk builds off line, so that it downloads no tools of its own; what the program is made of, the standard
    // library's own crates included, is fetched before.
    quietly(
        "cargo fetches what the app is made of",
        Command::new("cargo")
            .args(["fetch", "--locked", "--target", "wasm32-unknown-unknown"])
            .current_dir(root())
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    )?;
    // Beside the app's program lies the same one for WeChat, which the same page's boot fetches there.
    let mut app = read(&trunk("app", "Trunk.toml", &path)?)?;
    let wechat = read(&trunk("wechat", "Wechat.toml", &path)?)?;
    app.extend(wechat.into_iter().filter(|(name, _)| name.starts_with("wechat")));
    let app = finish(&APP, app, &path)?;
    let symbols = symbols(&app)?;
    // One worker for all programs that open without a network.
    let worker = root().join("public/sw.js");
    let worker = std::fs::read(&worker).map_err(|error| format!("{}: {error}", worker.display()))?;
    let mut desk = read(&trunk("desk", "Desk.toml", &path)?)?;
    desk.insert("sw.js".to_owned(), worker.clone());
    let mut desk = finish(&DESK, desk, &path)?;
    if let Some(page) = desk.get_mut("index.html") {
        replace(page, "__SYMBOLS__", &symbols);
    }
    // No worker keeps the ledger: without a network there is nothing in it to be shown.
    let mut book = finish(&BOOK, read(&trunk("book", "Book.toml", &path)?)?, &path)?;
    if let Some(page) = book.get_mut("index.html") {
        replace(page, "__SYMBOLS__", &only(&symbols, &BOOK_SYMBOLS)?);
    }
    let mut kiosk = read(&trunk("kiosk", "Kiosk.toml", &path)?)?;
    kiosk.insert("sw.js".to_owned(), worker);
    let mut kiosk = finish(&KIOSK, kiosk, &path)?;
    if let Some(page) = kiosk.get_mut("index.html") {
        replace(page, "__SYMBOLS__", &symbols);
    }
    let under = |folder: &'static str, files: BTreeMap<String, Vec<u8>>| {
        files.into_iter().map(move |(name, bytes)| (format!("{folder}/{name}"), bytes))
    };
    let files = app.into_iter().chain(under("desk", desk)).chain(under("ledger", book));
    write_all(files.chain(under("kiosk", kiosk)).collect())?;
    std::fs::write(&stamp, print).map_err(|error| error.to_string())
}

/// The drawings that the residents' page holds, for the desk's.
fn symbols(app: &BTreeMap<String, Vec<u8>>) -> Outcome<String> {
    let page = app.get("index.html").map(|page| String::from_utf8_lossy(page)).unwrap_or_default();
    let begin = page.find("<svg class=\"symbols\"").ok_or("index.html has no symbols")?;
    let whole = page
        .get(begin..)
        .and_then(|rest| rest.split_once("</defs></svg>"))
        .ok_or("its symbols do not end")?;
    Ok(format!("{}</defs></svg>", whole.0))
}

/// Of these drawings only some.
fn only(symbols: &str, wanted: &[&str]) -> Outcome<String> {
    let (head, _) = symbols.split_once("<symbol").ok_or("there are no symbols")?;
    let mut out = head.to_owned();
    for id in wanted {
        let named = format!("id=\"{id}\"");
        let one = symbols.split("<symbol").find(|one| one.contains(&named));
        let one = one.and_then(|one| one.split_once("</symbol>")).ok_or_else(|| format!("no symbol {id}"))?;
        out.push_str(&format!("<symbol{}</symbol>", one.0));
    }
    Ok(format!("{out}</defs></svg>"))
}

/// Has Trunk build one of the programs, and says where its output lies.
fn trunk(name: &str, config: &str, path: &std::ffi::OsStr) -> Outcome<PathBuf> {
    let raw = target().join("xtask/trunk").join(name);
    let _ = std::fs::remove_dir_all(&raw);
    quietly(
        &format!("trunk builds the {name} (release)"),
        Command::new("trunk")
            .args(["--config", config, "build", "--release", "--cargo-profile", "wasm", "--dist"])
            .arg(&raw)
            .current_dir(root())
            .env("PATH", path)
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            // The standard library built for size, its panics a single trap: a tenth of the program. These are the
            // compiler's unstable flags; the version of the compiler is pinned by the lock-step of the tools anyway.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", SMALL)
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            .env_remove("NO_COLOR"),
    )?;
    Ok(raw)
}

fn read(raw: &Path) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    collect(raw, raw, &mut files)?;
    Ok(files)
}

/// From Trunk's output to what is served.
fn finish(
    program: &Program,
    mut files: BTreeMap<String, Vec<u8>>,
    path: &std::ffi::OsStr,
) -> Outcome<BTreeMap<String, Vec<u8>>> {
    shorten_names(&mut files, path)?;
    for (name, bytes) in &mut files {
        if let Some(loader) = ["js", "css"].into_iter().find(|ending| name.ends_with(&format!(".{ending}"))) {
            *bytes = minify(bytes, name, &[&format!("--loader={loader}"), "--target=es2020"], path)?;
        }
        if name == "index.html" {
            *bytes = page::smaller(bytes, path)?;
        }
    }
    // Names by content, deepest first: the program, then the glue that names it, then the style, then the page.
    let mut renamed: Vec<(String, String)> = Vec::new();
    for ending in [".wasm", ".js", ".css"] {
        let names: Vec<String> =
            files.keys().filter(|name| name.ends_with(ending) && *name != "sw.js").cloned().collect();
        for name in names {
            let mut bytes = files.remove(&name).unwrap_or_default();
            if ending != ".wasm" {
                replace_names(&mut bytes, &renamed);
            }
            let hashed = format!(
                "{}-{}{ending}",
                name.trim_end_matches(ending).trim_end_matches("_bg"),
                short_hash(&bytes)
            );
            renamed.push((name, hashed.clone()));
            files.insert(hashed, bytes);
        }
    }
    let of_browser = |name: &str| name.ends_with(".wasm") && !name.starts_with("wechat");
    let bytes = files.iter().find(|(name, _)| of_browser(name)).map_or(0, |(_, bytes)| bytes.len());
    let mut page = files.remove("index.html").ok_or("trunk made no index.html")?;
    replace_names(&mut page, &renamed);
    replace(&mut page, "__WASM_BYTES__", &bytes.to_string());
    let build = short_hash(&page);
    replace(&mut page, "__BUILD__", &build);
    let sounds: Vec<String> = files.keys().filter(|name| name.ends_with(".ogg")).cloned().collect();
    if let Some(worker) = files.get_mut("sw.js") {
        // What the page itself names: pages that the server writes have styles that few ever need. WeChat's own program is no part:
        // nothing depends on a worker there.
        let page_text = String::from_utf8_lossy(&page);
        let kept = renamed
            .iter()
            .filter(|(name, hashed)| !name.starts_with("wechat") && page_text.contains(hashed.as_str()));
        let assets: Vec<String> = std::iter::once(program.home.to_owned())
            .chain(kept.map(|(_, name)| name).chain(&sounds).map(|name| format!("{}{name}", program.folder)))
            .collect();
        // Written with double quotes whatever quotes the minifier chose: the placeholder is a string of its own.
        let list = serde_json::to_string(&assets).map_err(|error| error.to_string())?;
        for quoted in ["\"__ASSETS__\"", "'__ASSETS__'", "`__ASSETS__`", "__ASSETS__"] {
            replace(worker, quoted, &list);
        }
        replace(worker, "__BUILD__", &build);
        replace(worker, "__HOME__", program.home);
        replace(worker, "__CACHES__", program.caches);
    }
    files.insert("index.html".to_owned(), page);
    Ok(files)
}

fn shorten_names(files: &mut BTreeMap<String, Vec<u8>>, path: &std::ffi::OsStr) -> Outcome {
    let programs: Vec<String> =
        files.keys().filter_map(|name| Some(name.strip_suffix("_bg.wasm")?.to_owned())).collect();
    if programs.is_empty() {
        return Err("trunk made no program".to_owned());
    }
    for name in programs {
        let (program_name, glue_name) = (format!("{name}_bg.wasm"), format!("{name}.js"));
        let [Some(program), Some(glue)] = [&program_name, &glue_name].map(|name| files.get(name)) else {
            return Err(format!("trunk made no {glue_name}"));
        };
        let (program, glue) = shed::shed(program, glue, path)?;
        let (program, glue) = names::shorten(&program, &glue, &name)?;
        // Once more with the short names: it finds another sixth of a percent.
        let program = shed::smaller(&program, path)?;
        files.insert(program_name, program);
        files.insert(glue_name, glue);
    }
    Ok(())
}

fn collect(base: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Outcome {
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(base, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(base) {
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            files.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
    Ok(())
}

fn minify(bytes: &[u8], name: &str, flags: &[&str], path: &std::ffi::OsStr) -> Outcome<Vec<u8>> {
    use std::process::Stdio;
    let mut child = Command::new("esbuild")
        .args(["--minify", "--legal-comments=none", "--charset=utf8"])
        .args(flags)
        .env("PATH", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("esbuild could not be started: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(bytes).map_err(|error| error.to_string())?;
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("esbuild could not read {name}:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

fn replace_names(bytes: &mut Vec<u8>, renamed: &[(String, String)]) {
    for (old, new) in renamed {
        replace(bytes, old, new);
    }
}

fn replace(bytes: &mut Vec<u8>, old: &str, new: &str) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        *bytes = text.replace(old, new).into_bytes();
    }
}

fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes into a fresh folder and swaps it in, so that a server never reads half a build. Bundles of earlier builds stay
/// for pages that are still open, as long as they are no older than thirty days.
fn write_all(files: BTreeMap<String, Vec<u8>>) -> Outcome {
    let fresh = root().join("dist.new");
    let _ = std::fs::remove_dir_all(&fresh);
    let count = files.len();
    for (name, bytes) in files {
        let path = fresh.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        if !name.ends_with(".png") && !name.ends_with(".ogg") {
            let small = if name == "index.html" { page::brotli(&bytes)? } else { brotli(&bytes)? };
            std::fs::write(path.with_file_name(format!("{}.br", file_name(&name))), small)
                .and_then(|()| {
                    std::fs::write(path.with_file_name(format!("{}.gz", file_name(&name))), gzip(&bytes)?)
                })
                .map_err(|error| error.to_string())?;
        }
        std::fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    keep_earlier_bundles(&fresh)?;
    let _ = std::fs::remove_dir_all(dist());
    std::fs::rename(&fresh, dist()).map_err(|error| error.to_string())?;
    say(&format!("· {count} files of the app are named by their content and compressed"));
    Ok(())
}

fn keep_earlier_bundles(fresh: &Path) -> Outcome {
    let month = std::time::Duration::from_secs(30 * 24 * 60 * 60);
    let folders = [dist(), dist().join("desk"), dist().join("ledger"), dist().join("kiosk")];
    for entry in folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten()) {
        let young = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age < month));
        let to = fresh.join(entry.path().strip_prefix(dist()).map_err(|error| error.to_string())?);
        if young && is_hashed(&entry.file_name().to_string_lossy()) && !to.exists() {
            std::fs::rename(entry.path(), to).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// `app-0123456789abcdef.js`, compressed or not.
fn is_hashed(name: &str) -> bool {
    let name = name.trim_end_matches(".br").trim_end_matches(".gz");
    name.rsplit_once('.')
        .and_then(|(stem, _)| stem.rsplit_once('-'))
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters(bytes.len()))
        .map_err(|error| error.to_string())?;
    Ok(out)
}

fn parameters(size: usize) -> brotli::enc::BrotliEncoderParams {
    brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: size, ..Default::default() }
}

pub(crate) fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The hash of every source file's name and bytes.
fn fingerprint() -> Outcome<String> {
    let mut hash = Sha256::new();
    for source in SOURCES {
        add(&root().join(source), &mut hash)?;
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add(path: &Path, hash: &mut Sha256) -> Outcome {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        return paths.iter().try_for_each(|path| add(path, hash));
    }
    if path.is_file() {
        hash.update(path.strip_prefix(root()).unwrap_or(path).to_string_lossy().as_bytes());
        hash.update(std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(())
}
