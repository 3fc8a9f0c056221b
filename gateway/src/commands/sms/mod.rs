//! `dakenh sms …`: what operators of text messages type.

mod routes;
mod send;
mod split;
mod trace;

use crate::cli::{Global, Sms};
use crate::exit::Exit;

pub(super) async fn run(global: &Global, demo: &crate::cli::DemoFolder, verb: Sms) -> anyhow::Result<Exit> {
    match verb {
        Sms::Send(arguments) => send::run(global, demo, &arguments).await,
        Sms::Routes { json } => routes::list(global, demo, json).await,
        Sms::Trace { id, json } => trace::run(global, demo, &id, json).await,
        Sms::Drain { road, within } => routes::drain(global, demo, &road, within).await,
        Sms::Resume { road } => routes::resume(global, demo, &road).await,
        Sms::Split(arguments) => split::run(global, demo, &arguments),
    }
}
