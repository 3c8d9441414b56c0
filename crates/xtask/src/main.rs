//! The tasks of this workspace: `cargo xtask start | test | weigh | shots | lighthouse | bench | crash | simulate | seed | tidy`.
//!
//! Each says what it does while it does it, installs what it lacks where it may, and otherwise says what to install.

mod app;
mod bench;
mod client;
mod crash;
mod lighthouse;
mod say;
mod server;
mod shots;
mod simulate;
mod start;
mod test;
mod tidy;
mod tools;
mod weigh;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The tasks of Woodlark 林百灵.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing, build the app and the server, load the demonstration city once, and serve.
    ///
    /// Whatever follows goes to the server: `cargo xtask start --port 9000 --tls --data other-folder`.
    /// `cargo xtask start -- --help` lists all of the server's flags and their environment twins.
    Start(start::Start),
    /// Run every test, those in a real browser and on PostgreSQL included.
    Test(test::Test),
    /// Build the app for release and print what a phone downloads: requests and bytes, raw, gzip and brotli.
    Weigh(weigh::Weigh),
    /// Make pictures of every page in every place, one sheet a place.
    Shots(shots::Shots),
    /// Have Lighthouse look at the release build as a phone, and say its scores.
    Lighthouse(lighthouse::Lighthouse),
    /// Measure reads and durable writes as ratios to the server's own hello route.
    Bench(bench::Bench),
    /// Kill the server with -9, over and over, under concurrent writers; count what was lost, torn or doubled.
    Crash(crash::Crash),
    /// Run the simulator over the store: a seed, so many steps, so many runs; what fails is shortened and printed.
    Simulate(simulate::Simulate),
    /// Make past cases of the demonstration city in a data folder: `cargo xtask seed --cases 1000 --data big`.
    Seed(start::Seed),
    /// Format, and look for lints, as `.ci/run` does.
    Tidy(tidy::Tidy),
}

/// What a task ends with when it fails: said in one line.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Start(task) => task.run(),
        Task::Test(task) => task.run(),
        Task::Weigh(task) => task.run(),
        Task::Shots(task) => task.run(),
        Task::Lighthouse(task) => task.run(),
        Task::Bench(task) => task.run(),
        Task::Crash(task) => task.run(),
        Task::Simulate(task) => task.run(),
        Task::Seed(task) => task.run(),
        Task::Tidy(task) => task.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}");
            ExitCode::FAILURE
        }
    }
}
