//! One verb, one file.

mod answer;
mod ask;
mod assistant;
mod catalogue;
mod check;
mod demo;
mod kiosk;
mod migrate;
mod notice;
mod officer;
mod openapi;
mod portal_sim;
mod serve;
mod sms;
mod zalo;

use std::future::Future;
use std::io::Write as _;

use crate::cli::{Cli, Command, DemoFolder, Global};
use crate::config::{self, Config, Overrides};
use crate::exit::{Exit, of_error};

/// Runs the command that was typed.
pub(crate) fn run(cli: Cli) -> Exit {
    let Cli { global, command } = cli;
    let done = match command {
        Command::Demo(arguments) => block_on(demo::run(&global, &arguments)),
        Command::Serve => block_on(serve::run(&global)),
        Command::Ask(arguments) => block_on(ask::run(&global, &arguments)),
        Command::PortalSim(arguments) => block_on(portal_sim::run(&global, &arguments)),
        Command::Catalogue(crate::cli::Catalogue::Sync { fresh }) => block_on(catalogue::sync(&global, fresh)),
        Command::Catalogue(crate::cli::Catalogue::Prepare) => catalogue::prepare(&global),
        Command::Migrate => block_on(migrate::run(&global)),
        Command::Check => block_on(check::run(&global)),
        Command::Answer(arguments) => block_on(answer::run(&global, &arguments)),
        Command::Notice { demo, verb } => block_on(notice::run(&global, &demo, verb)),
        Command::Sms { demo, verb } => block_on(sms::run(&global, &demo, verb)),
        Command::Officer { demo, verb } => block_on(officer::run(&global, &demo, verb)),
        Command::Kiosk { demo, verb } => block_on(kiosk::run(&global, &demo, verb)),
        Command::Zalo { demo, verb } => block_on(zalo::run(&global, &demo, &verb)),
        Command::Assistant(verb) => assistant::run(&global, &verb),
        Command::Openapi => openapi::run(),
    };
    done.unwrap_or_else(|problem| {
        let _ = writeln!(std::io::stderr(), "dakenh: {problem:#}");
        of_error(&problem)
    })
}

fn block_on(command: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(command)
}

/// The settings of this call.
fn settings(global: &Global, mut more: Overrides) -> anyhow::Result<Config> {
    // What was typed wins over what a command presumes.
    let typed = Overrides::read(&global.set)?;
    more.0.extend(typed.0);
    Ok(config::load(global.config.as_deref(), &more)?)
}

/// What a command presumes that was told a demo's folder.
fn of_demo(demo: &DemoFolder) -> Overrides {
    let mut presumed = Overrides::default();
    if let Some(data) = &demo.data {
        presumed.set("store.url", demo::store_url(data));
    }
    presumed
}

/// Prints a line on standard output; a closed pipe is the reader's choice.
fn out(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
