#![doc = include_str!("../README.md")]

mod assistant;
mod chat;
mod gateway;
mod generator;
mod hello;
mod kiosk;
mod lookup;
mod process;
mod proof;
mod queue;
mod report;
mod sms;
mod system;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

// The same as the binary under test, so that "hello" has no other allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Load on the gateway, and what it is compared with.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The comparison of a look-up with axum's "hello" and with nginx.
    Lookup(lookup::Options),
    /// A text message's whole way, from an SMSC and back to it, beside Kannel.
    Sms(sms::Options),
    /// A messenger's whole way, from webhooks to messages: shuffled, some twice.
    Chat(chat::Options),
    /// What it costs to understand citizens: alone, in memory, at the start, in many
    /// conversations.
    Assistant(assistant::Options),
    /// One stage of `assistant`'s memory, in a process of its own.
    #[command(hide = true)]
    AssistantMemory(assistant::memory::Options),
    /// Terminals that want numbers of a queue at the same moment.
    Queue(queue::Options),
    /// The terminal itself: its start, how soon it answers to a touch, what it takes.
    Kiosk(kiosk::Options),
    /// axum's "hello", on the runtime of the gateway.
    Hello(hello::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Lookup(options) => lookup::run(&options),
        Command::Sms(options) => sms::run(&options),
        Command::Chat(options) => chat::run(&options),
        Command::Assistant(options) => assistant::run(&options),
        Command::AssistantMemory(options) => assistant::memory::run(&options),
        Command::Queue(options) => queue::run(&options),
        Command::Kiosk(options) => kiosk::run(&options),
        Command::Hello(options) => hello::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "load: {problem:#}");
            ExitCode::FAILURE
        }
    }
}
