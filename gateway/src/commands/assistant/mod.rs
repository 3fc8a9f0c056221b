//! `dakenh assistant`: training, measuring, explaining.

mod eval;
mod explain;
mod train;
mod train_eval;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use channel_assistant::Dialogue;
use gateway_catalogue::ProcedureCatalogue;

use super::settings;
use crate::cli::{Assistant, Global};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::{Exit, WrongUse};

pub(super) fn run(global: &Global, verb: &Assistant) -> anyhow::Result<Exit> {
    match verb {
        Assistant::Train { out } => train::run(out),
        Assistant::Eval(arguments) => eval::run(global, arguments),
        Assistant::TrainEval { train, test, json } => train_eval::run(train, test, *json),
        Assistant::Explain { procedures, text } => explain::run(global, procedures.as_deref(), &text.join(" ")),
    }
}

/// The assistant as the gateway has it, and its procedures.
struct Mind {
    catalogue: Arc<ProcedureCatalogue>,
    dialogue: Dialogue,
    config: Config,
}

/// Puts the assistant together without a gateway around it.
fn mind(global: &Global, procedures: Option<&Path>) -> anyhow::Result<Mind> {
    let config = settings(global, Overrides::default())?;
    let catalogue = Arc::new(match procedures {
        Some(file) => {
            let loaded = gateway_catalogue::read_jsonl_lenient(file).with_context(|| file.display().to_string())?;
            ProcedureCatalogue::new(loaded.procedures, &HashMap::new())
        }
        None => compose::load_catalogue(&config)?,
    });
    let numbers = config.number_parser().map_err(WrongUse)?;
    Ok(Mind { dialogue: compose::dialogue(&config, &numbers, &catalogue)?, catalogue, config })
}
