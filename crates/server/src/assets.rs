//! The built app: read once when the server starts, compressed beside it by the build, served with hashed names as
//! immutable and its page never stored.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// The app cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The folder holds no built app.
    #[error(
        "{0} holds no index.html: build the app first (cargo xtask start does), or name another folder with --app"
    )]
    NoIndex(String),
    /// A file of it cannot be read.
    #[error("the app's files cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Stands in the page where the plain form's case id goes. It is as long as an id: so the page that was compressed when it
/// was built, with this piece left as it is, is filled in without compressing it again.
const HOLE: &str = "__CASE_ID__0123456789ABCDEFGHIJKLMNO";

const HTML: &str = "text/html; charset=utf-8";
/// A page names the files of its build: an older copy would ask for what is gone.
const NEVER: HeaderValue = HeaderValue::from_static("no-cache, no-store, must-revalidate");

struct Asset {
    media_type: &'static str,
    raw: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    immutable: bool,
}

/// A page that is the same for everyone, and the same in brotli.
struct Page {
    raw: Bytes,
    brotli: Option<Bytes>,
}

/// Every file of the app, in memory.
pub struct Assets {
    files: HashMap<String, Asset>,
    index: String,
    desk: Option<String>,
    book: Option<Page>,
    kiosk: Option<Page>,
    /// The page in brotli, and where its hole lies.
    index_brotli: Option<(Bytes, usize)>,
    /// The hash of the whole build, as its page and `/version` tell it.
    pub build: String,
    /// The hash of the kiosk's program, as its page tells it.
    pub kiosk_build: String,
    /// `sha256-…` of each inline script of the page, for the security policy.
    pub script_hashes: Vec<String>,
}

impl Assets {
    /// Reads a built app from its folder.
    ///
    /// # Errors
    /// [`AssetsError`] when there is none.
    pub fn from_folder(folder: &Path) -> Result<Self, AssetsError> {
        let mut files = HashMap::new();
        read_folder(folder, folder, &mut files)?;
        Self::of(files).ok_or_else(|| AssetsError::NoIndex(folder.display().to_string()))
    }

    /// The app that this program carries.
    ///
    /// # Errors
    /// [`AssetsError`] when it was built without one.
    #[cfg(feature = "embed-app")]
    pub fn embedded() -> Result<Self, AssetsError> {
        #[derive(rust_embed::RustEmbed)]
        #[folder = "../../dist"]
        struct Dist;
        let files = Dist::iter()
            .filter_map(|name| Some((name.to_string(), Bytes::from(Dist::get(&name)?.data.into_owned()))))
            .collect();
        Self::of(files).ok_or_else(|| AssetsError::NoIndex("this program".to_owned()))
    }

    fn of(mut files: HashMap<String, Bytes>) -> Option<Self> {
        let index = String::from_utf8(files.remove("index.html")?.to_vec()).ok()?;
        let desk = files.remove("desk/index.html").and_then(|page| String::from_utf8(page.to_vec()).ok());
        let mut page = |name: &str| {
            let raw = files.remove(name)?;
            Some(Page { raw, brotli: files.remove(&[name, ".br"].concat()) })
        };
        let (book, kiosk) = (page("ledger/index.html"), page("kiosk/index.html"));
        let index_brotli = files.remove("index.html.br").and_then(|small| {
            Some((small.clone(), small.windows(HOLE.len()).position(|part| part == HOLE.as_bytes())?))
        });
        let beside_page = |name: &str| {
            ["index.html.", "desk/index.html.", "ledger/index.html.", "kiosk/index.html."]
                .iter()
                .any(|page| name.starts_with(page))
        };
        files.retain(|name, _| !beside_page(name));
        let text =
            |page: &Option<Page>| page.as_ref().map(|page| String::from_utf8_lossy(&page.raw).into_owned());
        let (book_text, kiosk_text) = (text(&book), text(&kiosk));
        let pages = [Some(index.as_str()), desk.as_deref(), book_text.as_deref(), kiosk_text.as_deref()];
        let scripts = pages.iter().flatten().flat_map(|page| inline_scripts(page));
        let script_hashes = scripts.map(script_hash).collect();
        let build = build_of(&index).to_owned();
        let kiosk_build = kiosk_text.as_deref().map_or("", build_of).to_owned();
        let names: Vec<String> =
            files.keys().filter(|name| !name.ends_with(".br") && !name.ends_with(".gz")).cloned().collect();
        let assets = names
            .into_iter()
            .filter_map(|name| {
                let asset = Asset {
                    media_type: media_type(&name),
                    raw: files.get(&name)?.clone(),
                    brotli: files.get(&format!("{name}.br")).cloned(),
                    gzip: files.get(&format!("{name}.gz")).cloned(),
                    immutable: has_hash(&name),
                };
                Some((format!("/{name}"), asset))
            })
            .collect();
        Some(Self {
            files: assets,
            index,
            desk,
            book,
            kiosk,
            index_brotli,
            build,
            kiosk_build,
            script_hashes,
        })
    }

    /// The address of the style sheet, for the pages that the server makes.
    pub fn style(&self) -> Option<String> {
        self.files
            .keys()
            .find(|name| name.ends_with(".css") && self.index.contains(name.trim_start_matches('/')))
            .cloned()
    }

    /// The address of another style sheet by its name; the build adds to it what is in it.
    pub fn style_named(&self, name: &str) -> Option<String> {
        self.named(name, ".css")
    }

    /// The same of a script.
    pub fn script_named(&self, name: &str) -> Option<String> {
        self.named(name, ".js")
    }

    fn named(&self, name: &str, ending: &str) -> Option<String> {
        let is_it = |path: &&String| path.trim_start_matches('/').starts_with(name) && path.ends_with(ending);
        self.files.keys().find(is_it).cloned()
    }

    /// The page, with a fresh case id in its plain form: sending that form twice is sending it once.
    pub fn index(&self, case_id: &str, headers: &HeaderMap) -> Response {
        let small = self.index_brotli.as_ref().filter(|_| accepts(headers, "br"));
        let mut response = match small.and_then(|(small, hole)| filled(small, *hole, case_id)) {
            Some(small) => coded(small, Some("br"), HTML),
            None => compressed(self.index.replace(HOLE, case_id).into_bytes(), HTML, headers),
        };
        response.headers_mut().insert(header::CACHE_CONTROL, NEVER);
        response
    }

    /// The page under a title of its own: HTML from `<title>` on, put where the page has its title.
    pub fn index_titled(&self, case_id: &str, title: &str, headers: &HeaderMap) -> Response {
        let page = self.index.replace(HOLE, case_id);
        let titled = page.split_once("<title>").and_then(|(before, rest)| {
            rest.split_once("</title>").map(|(_, after)| [before, title, after].concat())
        });
        let mut response = compressed(titled.unwrap_or(page).into_bytes(), HTML, headers);
        response.headers_mut().insert(header::CACHE_CONTROL, NEVER);
        response
    }

    /// The desk's page, where the build has one.
    pub fn desk(&self, headers: &HeaderMap) -> Option<Response> {
        let mut response = compressed(self.desk.clone()?.into_bytes(), HTML, headers);
        response.headers_mut().insert(header::CACHE_CONTROL, NEVER);
        Some(response)
    }

    /// The ledger's page, where the build has one.
    pub fn book(&self, headers: &HeaderMap) -> Option<Response> {
        self.book.as_ref().map(|page| whole(page, headers))
    }

    /// The kiosk's page, where the build has one.
    pub fn kiosk(&self, headers: &HeaderMap) -> Option<Response> {
        self.kiosk.as_ref().map(|page| whole(page, headers))
    }

    /// A file by its path, if there is one.
    pub fn file(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = self.files.get(path)?;
        let accepts = |coding: &str| accepts(headers, coding);
        let (body, coding) = match (&asset.brotli, &asset.gzip) {
            (Some(body), _) if accepts("br") => (body, Some("br")),
            (_, Some(body)) if accepts("gzip") => (body, Some("gzip")),
            _ => (&asset.raw, None),
        };
        let mut response =
            Response::new(if method == Method::HEAD { Body::empty() } else { Body::from(body.clone()) });
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
        out.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        let cache = if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        // The pages of desk and kiosk have no slash at their end, which a worker in their folder would not see.
        if let Some(scope) = match path {
            "/desk/sw.js" => Some("/desk"),
            "/kiosk/sw.js" => Some("/kiosk"),
            _ => None,
        } {
            out.insert("service-worker-allowed", HeaderValue::from_static(scope));
        }
        Some(response)
    }
}

/// A page that is the same for everyone.
fn whole(page: &Page, headers: &HeaderMap) -> Response {
    let mut response = match page.brotli.as_ref().filter(|_| accepts(headers, "br")) {
        Some(small) => coded(small.to_vec(), Some("br"), HTML),
        None => compressed(page.raw.to_vec(), HTML, headers),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, NEVER);
    response
}

/// A body compressed by gzip where the reader takes it: for the few pages that differ at each request.
fn compressed(body: Vec<u8>, media_type: &'static str, headers: &HeaderMap) -> Response {
    use std::io::Write;
    if accepts(headers, "gzip") {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(5));
        if let Ok(small) = encoder.write_all(&body).and_then(|()| encoder.finish()) {
            return coded(small, Some("gzip"), media_type);
        }
    }
    coded(body, None, media_type)
}

fn coded(body: Vec<u8>, coding: Option<&'static str>, media_type: &'static str) -> Response {
    let mut response = body.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// The compressed page with an id in its hole; none where the two are not of one length.
fn filled(page: &[u8], hole: usize, id: &str) -> Option<Vec<u8>> {
    let mut page = page.to_vec();
    let place = page.get_mut(hole..hole + HOLE.len()).filter(|place| place.len() == id.len())?;
    place.copy_from_slice(id.as_bytes());
    Some(page)
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(',').any(|part| part.split(';').next().is_some_and(|name| name.trim() == coding))
    })
}

fn read_folder(root: &Path, folder: &Path, files: &mut HashMap<String, Bytes>) -> Result<(), std::io::Error> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.insert(name.replace('\\', "/"), Bytes::from(std::fs::read(&path)?));
        }
    }
    Ok(())
}

/// A name whose last part but one is sixteen hexadecimal digits is named by its content.
fn has_hash(name: &str) -> bool {
    name.rsplit(['.', '-'])
        .nth(1)
        .is_some_and(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The text of each `<script>` without `src`.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        let Some((tag, after)) = rest.get(start..).and_then(|tail| tail.split_once('>')) else { break };
        let Some((script, tail)) = after.split_once("</script>") else { break };
        if !tag.contains(" src=") && !tag.contains("application/") {
            found.push(script);
        }
        rest = tail;
    }
    found
}

fn script_hash(script: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(script.as_bytes())))
}

/// What the page says of its build: an open page compares it with `/version`.
fn build_of(index: &str) -> &str {
    index
        .split_once("name=\"build\" content=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("", |(build, _)| build)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        "ogg" => "audio/ogg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_hashed_and_files_are_not() {
        let page = "<script>a()</script><script src=\"/x.js\"></script><script type=\"module\">b()</script>";
        assert_eq!(inline_scripts(page), ["a()", "b()"]);
        // printf "a()" | openssl dgst -sha256 -binary | base64
        assert_eq!(script_hash("a()"), "sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4=");
    }

    #[test]
    fn a_page_tells_its_build() {
        assert_eq!(build_of("<meta name=\"build\" content=\"0123\">"), "0123");
        assert_eq!(build_of("<html>"), "");
    }

    #[test]
    fn the_hole_of_a_compressed_page_takes_an_id_and_nothing_of_another_length() {
        let id = "01936f2c-0000-7000-8000-000000000001";
        let page = [b"before", HOLE.as_bytes(), b"after"].concat();
        assert_eq!(filled(&page, 6, id), Some([b"before", id.as_bytes(), b"after"].concat()));
        assert_eq!(filled(&page, 6, "1"), None);
    }

    #[test]
    fn only_names_with_a_hash_are_immutable() {
        assert!(has_hash("app-0123456789abcdef.js"));
        assert!(!has_hash("sw.js") && !has_hash("app.css") && !has_hash("manifest.webmanifest"));
    }
}
