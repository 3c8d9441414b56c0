//! `cargo xtask weigh`: what a phone downloads for the first view, with all that it needs to send a report; and what
//! ledger and kiosk weigh for whoever opens them.

use crate::say::say;
use crate::{Outcome, app};
use clap::Args;
use serde_json::json;

/// Flags of `weigh`.
#[derive(Debug, Args)]
pub(crate) struct Weigh {
    /// One JSON object alone.
    #[arg(long)]
    json: bool,
}

struct Part {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
    first_view: bool,
}

impl Weigh {
    pub(crate) fn run(self) -> Outcome {
        app::build()?;
        let (parts, book, kiosk) = (parts()?, whole("ledger")?, whole("kiosk")?);
        let first: Vec<&Part> = parts.iter().filter(|part| part.first_view).collect();
        let sum = |figure: fn(&Part) -> usize| first.iter().map(|part| figure(part)).sum::<usize>();
        let (raw, gzip, brotli) = (sum(|part| part.raw), sum(|part| part.gzip), sum(|part| part.brotli));
        let wechat = in_wechat(&parts);
        if self.json {
            let shown: Vec<_> = parts
                .iter()
                .map(|part| {
                    json!({ "name": part.name, "raw": part.raw, "gzip": part.gzip, "brotli": part.brotli, "first_view": part.first_view })
                })
                .collect();
            println!(
                "{}",
                json!({
                    "first_view": { "requests": first.len(), "raw": raw, "gzip": gzip, "brotli": brotli },
                    "wechat": { "brotli": wechat },
                    "ledger": { "requests": book.requests, "raw": book.raw, "gzip": book.gzip, "brotli": book.brotli },
                    "kiosk": { "requests": kiosk.requests, "raw": kiosk.raw, "gzip": kiosk.gzip, "brotli": kiosk.brotli },
                    "parts": shown,
                })
            );
            return Ok(());
        }
        say("\nbytes                                        raw       gzip     brotli");
        for part in &parts {
            let mark = if part.first_view { "first" } else { "later" };
            say(&format!("{mark}  {:<32} {:>10} {:>10} {:>10}", part.name, part.raw, part.gzip, part.brotli));
        }
        println!("in WeChat: {wechat} brotli, without its own script");
        println!(
            "ledger: {} requests, {} bytes raw, {} gzip, {} brotli; no first view has any of it",
            book.requests, book.raw, book.gzip, book.brotli
        );
        println!(
            "kiosk: {} requests, {} bytes raw, {} gzip, {} brotli; no phone has any of it",
            kiosk.requests, kiosk.raw, kiosk.gzip, kiosk.brotli
        );
        println!("first view: {} requests, {raw} bytes raw, {gzip} gzip, {brotli} brotli", first.len());
        Ok(())
    }
}

/// The bytes in brotli of a first view inside WeChat: its program and glue instead of the browser's, and no worker.
fn in_wechat(parts: &[Part]) -> usize {
    let taken = |part: &&Part| {
        let of_browser =
            part.name.starts_with("app-") && !part.name.ends_with(".css") || part.name == "sw.js";
        part.name.starts_with("wechat-") || part.first_view && !of_browser
    };
    parts.iter().filter(taken).map(|part| part.brotli).sum()
}

/// What one program comes to.
#[derive(Default)]
struct Whole {
    requests: usize,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// The page of a program of its own, and what it names.
fn whole(program: &str) -> Outcome<Whole> {
    let folder = app::dist().join(program);
    let page = std::fs::read_to_string(folder.join("index.html")).map_err(|error| error.to_string())?;
    let mut whole = Whole::default();
    for entry in std::fs::read_dir(&folder).map_err(|error| error.to_string())?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "index.html" || (looks_hashed(&name) && page.contains(&name)) {
            let bytes = std::fs::read(entry.path()).map_err(|error| error.to_string())?;
            let small = std::fs::read(folder.join(format!("{name}.br")));
            whole.requests += 1;
            whole.raw += bytes.len();
            whole.gzip += app::gzip(&bytes).map_err(|error| error.to_string())?.len();
            whole.brotli += small.map_or(bytes.len(), |small| small.len());
        }
    }
    Ok(whole)
}

/// Every file of the build. The page is compressed round the id that differs at each request: what lies beside it is what a
/// browser really gets.
fn parts() -> Outcome<Vec<Part>> {
    let dist = app::dist();
    let page = std::fs::read_to_string(dist.join("index.html")).map_err(|error| error.to_string())?;
    let mut names: Vec<String> = std::fs::read_dir(&dist)
        .map_err(|error| error.to_string())?
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".br") && !name.ends_with(".gz"))
        .collect();
    names.sort();
    let current: Vec<String> = names.iter().filter(|name| page.contains(name.as_str())).cloned().collect();
    names
        .into_iter()
        // Bundles of earlier builds stay for open pages; nobody new downloads them.
        .filter(|name| !looks_hashed(name) || current.contains(name))
        .map(|name| {
            let bytes = std::fs::read(dist.join(&name)).map_err(|error| error.to_string())?;
            let gzip = app::gzip(&bytes).map_err(|error| error.to_string())?.len();
            let brotli =
                std::fs::read(dist.join(format!("{name}.br"))).map_or(bytes.len(), |small| small.len());
            // The page, and what it names that every browser fetches before a report can be sent.
            let first_view = name == "index.html"
                || (current.contains(&name)
                    && !name.starts_with("wechat-")
                    && !name.ends_with(".png")
                    && !name.ends_with(".webmanifest"));
            Ok(Part { raw: bytes.len(), gzip, brotli, first_view, name })
        })
        .collect()
}

fn looks_hashed(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, _)| {
        stem.rsplit_once('-')
            .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}
