#![doc = include_str!("../README.md")]

mod chats;
mod cli;
mod clock;
mod commands;
mod compose;
mod config;
mod exit;
mod learning;
mod lifecycle;
mod listeners;
mod telemetry;
mod terminals;

use std::process::ExitCode;

use clap::Parser;

// The system's allocator returns memory slowly under many small answers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(problem) => {
            // `--help` and `--version` come this way too, and they are good.
            let _ = problem.print();
            return if problem.use_stderr() { exit::Exit::WrongUse.into() } else { exit::Exit::Good.into() };
        }
    };
    commands::run(cli).into()
}
