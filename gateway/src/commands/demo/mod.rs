//! `dakenh demo`: a portal, the gateway and a database in a folder of its own.

mod guide;
mod officers;
mod phone;
mod smsc;
pub(super) mod world;

use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::out;
use crate::cli::{Demo, DemoVerb, Global};
use crate::exit::Exit;
use crate::lifecycle;
use world::World;

/// `DIR/demo.json`: the addresses in use.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Addresses {
    pub(super) public: String,
    pub(super) internal: String,
    pub(super) portal: String,
    /// `HOST:PORT` of the message centre.
    #[serde(default)]
    pub(super) smsc: String,
}

impl Addresses {
    const FILE: &str = "demo.json";

    /// The addresses of the demo that runs, or last ran, in a folder.
    pub(super) fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(data.join(Self::FILE)).ok()?).ok()
    }

    fn write(&self, data: &Path) -> anyhow::Result<()> {
        let file = data.join(Self::FILE);
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(&file, text).with_context(|| file.display().to_string())
    }
}

/// The demo's database.
pub(super) fn store_url(data: &Path) -> String {
    format!("sqlite://{}", data.join("dakenh.db").display())
}

pub(super) async fn run(global: &Global, arguments: &Demo) -> anyhow::Result<Exit> {
    if let Some(DemoVerb::Sms(arguments)) = &arguments.verb {
        return phone::run(arguments).await;
    }
    let stop = CancellationToken::new();
    lifecycle::stop_on_signals(stop.clone())?;
    let world = World::start(global, arguments, stop).await?;
    let addresses = world.addresses();
    addresses.write(&arguments.data)?;
    let officers = officers::make(world.gateway()).await?;
    officers::write(&officers, &arguments.data)?;
    for line in guide::lines(&addresses, &world.samples(), &arguments.data) {
        out(&line);
    }
    for line in officers::lines(&officers, &addresses.public) {
        out(&line);
    }
    out("ready");
    world.until_stopped().await?;
    Ok(Exit::Good)
}
