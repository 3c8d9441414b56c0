//! `cargo xtask start`: from a fresh clone to a served city.

use crate::say::{root, say};
use crate::{Outcome, app, server};
use clap::Args;
use std::ffi::OsString;
use std::process::Command;

/// Flags of `start`: all of them the server's.
#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The server's own flags: --port, --host, --data, --database, --tls, …
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "SERVER FLAGS")]
    flags: Vec<OsString>,
}

/// Flags of `seed`: all of them the server's.
#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// The flags of the server's `seed`: --cases, --seed, --data, --database.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    flags: Vec<OsString>,
}

impl Start {
    pub(crate) fn run(self) -> Outcome {
        let help = self.flags.iter().any(|flag| flag == "--help" || flag == "-h");
        if !help {
            app::build()?;
        }
        let program = server::build()?;
        let mut command = Command::new(&program);
        command.args(&self.flags).current_dir(root());
        if !help {
            if std::env::var_os("WOODLARK_APP").is_none() && !self.flags.iter().any(|flag| flag == "--app") {
                command.arg("--app").arg(app::dist());
            }
            // The demonstration's own conveniences; a city starts the server itself and leaves them out.
            command.args(["--demo", "--dev-codes"]);
            say("· starting the server; Ctrl-C stops it");
        }
        become_it(&mut command)
    }
}

impl Seed {
    pub(crate) fn run(self) -> Outcome {
        let program = server::build()?;
        become_it(Command::new(&program).arg("seed").args(&self.flags).current_dir(root()))
    }
}

/// Takes this process's place, so that Ctrl-C reaches the server and nothing stands between.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let failed = command.exec();
    Err(format!("{}: {failed}", command.get_program().display()))
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Outcome {
    crate::say::aloud("the server runs", command)
}
