//! The program of the server: serve, seed, backup, restore, check.

use clap::Parser;
use std::process::ExitCode;
use woodlark_server::config::Cli;
use woodlark_server::start;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    start::log_to_stderr(cli.serve.log_json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("woodlark-server could not start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(start::run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("woodlark-server: {error}");
            ExitCode::FAILURE
        }
    }
}
