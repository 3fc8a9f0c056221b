//! `dakenh ask`: a question, as a citizen would ask it, or a conversation.

mod client;
mod conversation;
mod history;
mod lines;
mod screen;

use std::net::SocketAddr;

use anyhow::Context as _;
use gateway_core::domain::Locale;
use tokio_util::sync::CancellationToken;

use super::demo::Addresses;
use super::demo::world::World;
use crate::cli::{Ask, Demo, Global};
use crate::exit::{Exit, WrongUse};
use client::Client;
use screen::Screen;

/// The demo's own default address.
const DEMO: &str = "http://127.0.0.1:8080";

pub(super) async fn run(global: &Global, arguments: &Ask) -> anyhow::Result<Exit> {
    let locale = Locale::parse(&arguments.lang)
        .ok_or_else(|| WrongUse(format!("--lang {}: a language tag such as vi or en is wanted", arguments.lang)))?;
    let question = arguments.question.join(" ");
    let screen = if arguments.json { Screen::Json } else { Screen::Lines { coloured: lines::coloured() } };
    let (client, embedded) = connect(global, arguments, locale).await?;
    let exit = if question.trim().is_empty() {
        conversation::hold(client, screen).await?
    } else {
        let said = client.ask(&question, None).await?;
        screen.show(&said)?;
        said.exit()
    };
    if let Some(embedded) = embedded {
        embedded.end().await?;
    }
    Ok(exit)
}

/// A gateway that was started for one question.
struct Embedded {
    world: World,
    stop: CancellationToken,
    // Deleted when the question is answered.
    _data: tempfile::TempDir,
}

impl Embedded {
    async fn start(global: &Global) -> anyhow::Result<Self> {
        let data = tempfile::Builder::new().prefix("dakenh-ask-").tempdir().context("temporary folder")?;
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let demo = Demo {
            verb: None,
            data: data.path().to_path_buf(),
            public: any_port,
            internal: any_port,
            portal: any_port,
            smsc: any_port,
            procedures: None,
            seed: 2026,
        };
        let stop = CancellationToken::new();
        let world = World::start(global, &demo, stop.clone()).await?;
        Ok(Self { world, stop, _data: data })
    }

    async fn end(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.world.until_stopped().await
    }
}

/// The gateway that was named, the demo that runs, or one of our own.
async fn connect(global: &Global, arguments: &Ask, locale: Locale) -> anyhow::Result<(Client, Option<Embedded>)> {
    if let Some(server) = &arguments.server {
        return Ok((Client::new(server, locale)?, None));
    }
    let demo = Addresses::read(&arguments.data).map_or_else(|| DEMO.to_owned(), |addresses| addresses.public);
    let client = Client::new(&demo, locale)?;
    if client.is_there().await {
        return Ok((client, None));
    }
    let embedded = Embedded::start(global).await?;
    let client = Client::new(&embedded.world.addresses().public, locale)?;
    Ok((client, Some(embedded)))
}
