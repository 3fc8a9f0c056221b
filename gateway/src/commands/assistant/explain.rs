//! `dakenh assistant explain`: what is understood of one sentence, and why.

use std::path::Path;

use gateway_core::domain::local_date;
use gateway_core::ports::Clock as _;

use super::super::out;
use crate::cli::Global;
use crate::clock::SystemClock;
use crate::exit::Exit;

/// Intents and procedures that are shown.
const MOST: usize = 6;

pub(super) fn run(global: &Global, procedures: Option<&Path>, text: &str) -> anyhow::Result<Exit> {
    let mind = super::mind(global, procedures)?;
    let understander = mind.dialogue.understander();
    let said = understander.understand(text, local_date(SystemClock.now()));
    out(&format!("read as    {}", said.normal.text()));
    let intents = said.intents.iter().take(MOST).map(|(intent, p)| format!("{intent} {p:.2}"));
    out(&format!("intents    {}", intents.collect::<Vec<_>>().join("  ")));
    if let Some(language) = said.language {
        out(&format!("language   {language}"));
    }
    for hit in said.ranked.iter().take(MOST) {
        out(&format!("procedure  {:.2}  {}  {}", hit.score, hit.procedure.code, hit.procedure.short_name));
    }
    out(&format!("meaning    {:?}", understander.meaning(&said)));
    Ok(Exit::Good)
}
