//! `dakenh assistant train`: the models, from the project's own utterances.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use assistant_nlu::Models;

use super::super::out;
use crate::exit::Exit;

pub(super) fn run(folder: &Path) -> anyhow::Result<Exit> {
    let start = Instant::now();
    let models = Models::trained(&gateway_catalogue::builtin()).context("utterances")?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for (name, model) in [("intents.bin", &models.intents), ("topics.bin", &models.topics)] {
        let file = folder.join(name);
        let bytes = model.to_bytes();
        std::fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
        out(&format!("{}: {} features, {} bytes", file.display(), model.features(), bytes.len()));
    }
    out(&format!("trained in {:.1} s", start.elapsed().as_secs_f64()));
    Ok(Exit::Good)
}
