//! A conversation at the terminal.

use std::io::Write as _;

use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::client::{Choice, Client};
use super::show;
use crate::commands::out;
use crate::exit::Exit;

/// Asks and answers until the input ends. A number chooses from the last list.
pub(super) async fn hold(client: &Client) -> anyhow::Result<Exit> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut conversation: Option<String> = None;
    let mut choices: Vec<Choice> = Vec::new();
    // Greets in the citizen's language: what can be asked here?
    let greeting = client.ask("help", None).await?;
    show(&greeting, false)?;
    loop {
        let mut terminal = std::io::stdout();
        terminal.write_all(b"\n> ")?;
        terminal.flush()?;
        let Some(line) = lines.next_line().await? else {
            out("");
            return Ok(Exit::Good);
        };
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if matches!(line, "quit" | "exit" | "thoát" | "thoat") {
            return Ok(Exit::Good);
        }
        let chosen = line.parse::<usize>().ok().and_then(|place| choices.get(place.checked_sub(1)?));
        let said = match chosen {
            Some(choice) => client.ask(&choice.ask, conversation.as_deref()).await?,
            None => client.ask(line, conversation.as_deref()).await?,
        };
        show(&said, false)?;
        conversation = said.conversation.or(conversation);
        choices = said.choices;
    }
}
