//! `cargo xtask simulate`: the simulator over the real store, as long as one likes.

use crate::Outcome;
use crate::say::{root, say};
use clap::Args;
use std::process::Command;

/// Flags of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// The first seed; without it one that nobody has seen yet.
    #[arg(long)]
    seed: Option<u64>,
    /// Steps of each run.
    #[arg(long, default_value_t = 5_000)]
    steps: u32,
    /// How many runs, each with the next seed.
    #[arg(long, default_value_t = 20)]
    runs: u32,
}

impl Simulate {
    pub(crate) fn run(self) -> Outcome {
        say(&format!("{} runs of {} steps on SQLite", self.runs, self.steps));
        let test = "sim::simulated_weeks_leave_the_store_as_the_model_has_it_on_sqlite";
        let mut command = Command::new("cargo");
        command.args(["test", "-p", "woodlark-store", "--test", "all", "--", test, "--exact", "--nocapture"]);
        command.env("WOODLARK_SIM_STEPS", self.steps.to_string());
        command.env("WOODLARK_SIM_RUNS", self.runs.to_string());
        if let Some(seed) = self.seed {
            command.env("WOODLARK_SIM_SEED", seed.to_string());
        }
        let status = command.current_dir(root()).status();
        let status = status.map_err(|error| format!("cargo could not be started: {error}"))?;
        if status.success() {
            Ok(())
        } else {
            Err("A run failed; its seed and its steps are above.".to_owned())
        }
    }
}
