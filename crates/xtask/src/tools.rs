//! What the tasks need beside cargo, and how each is come by. Tools of pinned versions live in the user's cache, named
//! by version, so that no other project's tools are touched and a second clone finds them.

use crate::Outcome;
use crate::say::{quietly, say};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Must be the version in Cargo.lock: the two speak a private format.
const WASM_BINDGEN: &str = "0.2.130";
const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";
const AXE: &str = "4.14.1";
const LIGHTHOUSE: &str = "12.8.2";

fn cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .unwrap_or_else(std::env::temp_dir)
        .join("woodlark/tools")
}

/// Everything that building the app takes. Answers with the PATH to build it under.
pub(crate) fn for_app() -> Outcome<OsString> {
    wasm_target()?;
    std_source()?;
    let bindgen = cargo_tool("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &[])?;
    let trunk =
        cargo_tool("trunk", "trunk", TRUNK, &["--locked", "--no-default-features", "--features", "rustls"])?;
    let npm = npm_tools()?.join("node_modules/.bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([bindgen, trunk, npm].into_iter().chain(std::env::split_paths(&path)))
        .map_err(|error| error.to_string())
}

fn wasm_target() -> Outcome {
    let sysroot = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"])
        .output()
        .map_err(|error| format!("rustc could not be started: {error}"))?;
    if Path::new(String::from_utf8_lossy(&sysroot.stdout).trim()).is_dir() {
        return Ok(());
    }
    quietly(
        "rustup adds the wasm target",
        Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]),
    )
    .map(drop)
    .map_err(|error| {
        format!("{error}\nInstall rustup, or the wasm32-unknown-unknown target of your distribution.")
    })
}

/// The source of the standard library, which the app builds for size.
fn std_source() -> Outcome {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .map_err(|error| format!("rustc could not be started: {error}"))?;
    let library = Path::new(String::from_utf8_lossy(&sysroot.stdout).trim())
        .join("lib/rustlib/src/rust/library/Cargo.lock");
    if library.is_file() {
        return Ok(());
    }
    quietly(
        "rustup adds the standard library's source",
        Command::new("rustup").args(["component", "add", "rust-src"]),
    )
    .map(drop)
    .map_err(|error| format!("{error}\nInstall the rust-src component of this compiler."))
}

/// The folder with a cargo-installed program of this version.
fn cargo_tool(package: &str, program: &str, version: &str, flags: &[&str]) -> Outcome<PathBuf> {
    if let Some(found) = on_path(program)
        && version_of(&found).is_some_and(|text| text.contains(version))
    {
        return Ok(found.parent().map(Path::to_owned).unwrap_or_default());
    }
    let home = cache().join(format!("{package}-{version}"));
    let bin = home.join("bin");
    if bin.join(program).is_file() {
        return Ok(bin);
    }
    say(&format!("· {package} {version} is not here; cargo builds it once (a few minutes)"));
    // As shipped its release build takes half an hour on two cores; as a tool it need not be the fastest.
    quietly(
        &format!("cargo installs {package}"),
        Command::new("cargo")
            .args(["install", package, "--version", version, "--root"])
            .arg(&home)
            .args(flags)
            .env("CARGO_TARGET_DIR", cache().join("build"))
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(bin)
}

/// The folder with wasm-opt, esbuild and axe, from npm.
pub(crate) fn npm_tools() -> Outcome<PathBuf> {
    let home = cache().join(format!("npm-{BINARYEN}-{ESBUILD}-{AXE}"));
    if home.join("node_modules/.bin/wasm-opt").exists()
        && home.join("node_modules/axe-core/axe.min.js").is_file()
    {
        return Ok(home);
    }
    let packages = [format!("binaryen@{BINARYEN}"), format!("esbuild@{ESBUILD}"), format!("axe-core@{AXE}")];
    npm("npm installs binaryen, esbuild and axe-core", &home, &packages)?;
    Ok(home)
}

/// Lighthouse, from npm.
pub(crate) fn lighthouse() -> Outcome<PathBuf> {
    let home = cache().join(format!("lighthouse-{LIGHTHOUSE}"));
    let program = home.join("node_modules/.bin/lighthouse");
    if !program.exists() {
        npm("npm installs lighthouse", &home, &[format!("lighthouse@{LIGHTHOUSE}")])?;
    }
    Ok(program)
}

/// Installs packages of npm in a folder of their own.
fn npm(what: &str, home: &Path, packages: &[String]) -> Outcome {
    if on_path("npm").is_none() {
        return Err(missing("npm", "npm (Node.js 18 or newer)"));
    }
    std::fs::create_dir_all(home).map_err(|error| format!("{}: {error}", home.display()))?;
    std::fs::write(home.join("package.json"), "{\"private\":true}\n").map_err(|error| error.to_string())?;
    let install = ["install", "--no-audit", "--no-fund", "--save-exact"];
    quietly(what, Command::new("npm").args(install).args(packages).current_dir(home)).map(drop)
}

/// What the browser tests and the database tests need from the distribution.
pub(crate) fn for_tests() -> Outcome {
    let mut wanted = Vec::new();
    if on_path("chromium").is_none() || on_path("chromedriver").is_none() {
        wanted.extend(["chromium", "chromium-driver"]);
    }
    if !has_chinese_font() {
        wanted.push("fonts-noto-cjk");
    }
    if !has_postgres() {
        wanted.push("postgresql");
    }
    install(&wanted)
}

/// wrk, for `bench`.
pub(crate) fn for_bench() -> Outcome {
    install(if on_path("wrk").is_none() { &["wrk"] } else { &[] })
}

fn install(packages: &[&str]) -> Outcome {
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!("Please install: {}", packages.join(" "));
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"));
    if on_path("apt-get").is_none() || !root {
        return Err(format!("{by_hand}\n(on Debian: sudo apt-get install {})", packages.join(" ")));
    }
    quietly("apt-get looks what there is", Command::new("apt-get").args(["update", "-qq"]))?;
    quietly(
        &format!("apt-get installs {}", packages.join(", ")),
        Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
    .map(drop)
    .map_err(|error| format!("{error}\n{by_hand}"))
}

fn has_chinese_font() -> bool {
    Command::new("fc-list").arg(":lang=zh").output().is_ok_and(|output| !output.stdout.is_empty())
}

fn has_postgres() -> bool {
    on_path("initdb").is_some()
        || std::fs::read_dir("/usr/lib/postgresql").is_ok_and(|versions| {
            versions.flatten().any(|version| version.path().join("bin/initdb").is_file())
        })
}

/// The first program of this name on the PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()
}

fn missing(program: &str, what: &str) -> String {
    format!("{program} is needed and was not found. Please install {what}.")
}
