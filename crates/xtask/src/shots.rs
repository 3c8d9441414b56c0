//! `cargo xtask shots`: every page in every place as a picture, one sheet a place, for people to look at.

use crate::say::{root, say};
use crate::{Outcome, app, tools};
use clap::Args;
use std::path::PathBuf;
use std::process::Command;

/// Flags of `shots`.
#[derive(Debug, Args)]
pub(crate) struct Shots {
    /// The folder of the sheets.
    #[arg(long, default_value = "docs/shots")]
    folder: PathBuf,
}

impl Shots {
    pub(crate) fn run(self) -> Outcome {
        tools::for_tests()?;
        app::build()?;
        let folder = root().join(&self.folder);
        let cargo = |arguments: &[&str]| {
            let status = Command::new("cargo")
                .args(arguments)
                .current_dir(root())
                .env("WOODLARK_APP", app::dist())
                .env("WOODLARK_SHOTS", &folder)
                .status();
            if status.is_ok_and(|status| status.success()) {
                Ok(())
            } else {
                Err(format!("cargo {} failed", arguments.join(" ")))
            }
        };
        cargo(&["build", "-p", "woodlark-server"])?;
        cargo(&["test", "-p", "woodlark", "--test", "browser", "--", "--ignored", "shots::"])?;
        say(&format!("· the sheets are in {}", self.folder.display()));
        Ok(())
    }
}
