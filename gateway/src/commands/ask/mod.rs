//! `dakenh ask`: a question, as a citizen would ask it.

mod client;
mod conversation;

use std::net::SocketAddr;

use anyhow::Context as _;
use gateway_core::domain::Locale;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::demo::Addresses;
use super::demo::world::World;
use super::out;
use crate::cli::{Ask, Demo, Global};
use crate::exit::{Exit, WrongUse};
use client::{Client, Said};

/// The demo's own default address.
const DEMO: &str = "http://127.0.0.1:8080";

/// What `--json` prints: one object.
#[derive(Debug, Serialize)]
struct JsonAnswer<'a> {
    action: Option<&'a str>,
    codes: &'a [String],
    number: Option<&'a str>,
    text: &'a str,
    refusal: Option<&'a str>,
}

pub(super) async fn run(global: &Global, arguments: &Ask) -> anyhow::Result<Exit> {
    let locale = Locale::parse(&arguments.lang)
        .ok_or_else(|| WrongUse(format!("--lang {}: a language tag such as vi or en is wanted", arguments.lang)))?;
    let question = arguments.question.join(" ");
    if question.trim().is_empty() && arguments.json {
        return Err(WrongUse("--json wants a question".to_owned()).into());
    }
    let (client, embedded) = connect(global, arguments, locale).await?;
    let exit = if question.trim().is_empty() {
        conversation::hold(&client).await?
    } else {
        let said = client.ask(&question, None).await?;
        show(&said, arguments.json)?;
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

/// Prints an answer.
fn show(said: &Said, json: bool) -> anyhow::Result<()> {
    if json {
        let answer = JsonAnswer {
            action: said.action.as_deref(),
            codes: &said.codes,
            number: said.number.as_deref(),
            text: &said.text,
            refusal: said.refusal.as_deref(),
        };
        out(&serde_json::to_string(&answer)?);
        return Ok(());
    }
    out(&printable(&said.text));
    for (place, choice) in said.choices.iter().enumerate() {
        out(&format!("  {}. {}", place + 1, printable(&choice.label)));
    }
    Ok(())
}

/// A server's text without what would steer the terminal: escape sequences,
/// other control characters, changes of writing direction.
fn printable(text: &str) -> String {
    let steers =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|&c| !steers(c)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_servers_text_does_not_steer_the_terminal() {
        assert_eq!(super::printable("a\u{1b}[2Jb\u{202e}c\nd\u{7}"), "a[2Jbc\nd");
    }
}
