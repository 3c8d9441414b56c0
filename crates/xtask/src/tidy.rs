//! `cargo xtask tidy`: formats the code and looks for lints, on both of its platforms.

use crate::Outcome;
use crate::say::{aloud, root};
use clap::Args;
use std::process::Command;

/// Flags of `tidy`.
#[derive(Debug, Args)]
pub(crate) struct Tidy {
    /// Change nothing; fail where something would be changed.
    #[arg(long)]
    check: bool,
}

impl Tidy {
    pub(crate) fn run(self) -> Outcome {
        let check: &[&str] = if self.check { &["--check"] } else { &[] };
        aloud("format", Command::new("cargo").args(["fmt", "--all"]).args(check).current_dir(root()))?;
        aloud(
            "lints",
            Command::new("cargo")
                .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
                .current_dir(root()),
        )?;
        let browser = ["woodlark", "woodlark-ui", "woodlark-desk", "woodlark-book", "woodlark-kiosk"];
        lints_on_wasm("lints of what the browser runs", &browser.map(|name| ["-p", name]).concat())?;
        lints_on_wasm("lints of what WeChat runs", &["-p", "woodlark", "--features", "wechat"])
    }
}

fn lints_on_wasm(what: &str, of: &[&str]) -> Outcome {
    let mut clippy = Command::new("cargo");
    clippy.arg("clippy").args(of).args(["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"]);
    aloud(what, clippy.current_dir(root()))
}
