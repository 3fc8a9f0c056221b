//! `dakenh zalo …`: the tokens of the Official Account.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::sync::Arc;

use anyhow::Context as _;
use channel_assistant::zalo::{AuthoriseProblem, Standing, authorise, standing, try_again};
use gateway_core::domain::local_datetime;
use gateway_core::ports::Clock;
use jiff::Timestamp;

use super::{of_demo, out, settings};
use crate::cli::{DemoFolder, Global, Zalo};
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::exit::{Exit, WrongUse};

/// The longest line that is read, in bytes: more than any token.
const LONGEST_LINE: u64 = 8_192;

pub(super) async fn run(global: &Global, demo: &DemoFolder, verb: &Zalo) -> anyhow::Result<Exit> {
    let config = settings(global, of_demo(demo))?;
    if !config.zalo.is_there() {
        return Err(WrongUse("zalo.app_id is not set: there is no account".into()).into());
    }
    let key = config.hash_key().map_err(WrongUse)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_existing_store(&config, &clock).await?;
    let credentials = store.credentials(&key, Arc::new(SystemRandomness));
    let now = clock.now();
    let exit = match verb {
        Zalo::Status => {
            let standing = standing(&credentials, &config.zalo, now).await.context("tokens")?;
            out(&told(&standing, now));
            if standing.needs_operator() { Exit::No } else { Exit::Good }
        }
        Zalo::Authorise { again } => {
            let done = if *again {
                try_again(&credentials, &config.zalo, now).await
            } else {
                authorise(&credentials, &config.zalo, &token()?, now).await
            };
            match done {
                Ok(()) => {
                    out("taken; a gateway that runs uses it within half a minute (dakenh zalo status)");
                    Exit::Good
                }
                Err(problem @ AuthoriseProblem::Store(_)) => return Err(problem.into()),
                Err(problem @ AuthoriseProblem::NoToken) => return Err(WrongUse(problem.to_string()).into()),
                Err(problem @ (AuthoriseProblem::Busy | AuthoriseProblem::NothingKept)) => {
                    out(&problem.to_string());
                    Exit::No
                }
            }
        }
    };
    store.close().await;
    Ok(exit)
}

/// A line of the standard input: an argument would stand in the list of
/// processes and in the shell's history.
fn token() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        out("Refresh token (it is shown while you type or paste it):");
    }
    let mut line = String::new();
    input.lock().take(LONGEST_LINE).read_line(&mut line).context("standard input")?;
    Ok(line)
}

/// How the tokens stand, in a line.
pub(super) fn told(standing: &Standing, now: Timestamp) -> String {
    match standing {
        Standing::Missing => "no token, or one that does not open: run dakenh zalo authorise".into(),
        Standing::Ready { until: None } => "a refresh token that was not used yet".into(),
        Standing::Ready { until: Some(until) } => {
            let is_over = if *until <= now { " (over: is a gateway running?)" } else { "" };
            format!("an access token until {}{is_over}", local_datetime(*until).strftime("%d/%m/%Y %H:%M"))
        }
        Standing::Refreshing => "a node is refreshing".into(),
        Standing::Unknown => "the outcome of a refresh is unknown: run dakenh zalo authorise".into(),
        Standing::Refused { code } => format!("Zalo refused the refresh token ({code}): run dakenh zalo authorise"),
    }
}
