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
        aloud(
            "lints of what the browser runs",
            Command::new("cargo")
                .args([
                    "clippy",
                    "-p",
                    "woodlark",
                    "-p",
                    "woodlark-ui",
                    "-p",
                    "woodlark-desk",
                    "-p",
                    "woodlark-book",
                    "-p",
                    "woodlark-kiosk",
                    "--target",
                    "wasm32-unknown-unknown",
                ])
                .args(["--", "-D", "warnings"])
                .current_dir(root()),
        )
    }
}
