//! `dakenh catalogue sync`: the portal's procedures, imported. `dakenh catalogue
//! prepare`: read and indexed before a start wants them.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures::StreamExt as _;
use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_core::ports::{Catalogue as _, Clock, Portal, Randomness};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;

use super::{out, settings};
use crate::cli::Global;
use crate::clock::{SystemClock, SystemRandomness};
use crate::compose;
use crate::config::{Config, Overrides};
use crate::exit::Exit;
use crate::telemetry;

/// One call, its retries included, ends after this long.
const CALL_WITHIN: SignedDuration = SignedDuration::from_secs(20);

pub(super) async fn sync(global: &Global, fresh: bool) -> anyhow::Result<Exit> {
    let config = settings(global, Overrides::default())?;
    telemetry::start_logs(&config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let randomness: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let portal = compose::national_portal(&config, &clock, &randomness)?;
    let target = &config.catalogue.file;
    let partial = Partial::of(target);
    if fresh {
        partial.forget()?;
    }
    let list = portal.procedure_list(clock.now() + CALL_WITHIN).await.context("list of procedures")?;
    let mut fetched = partial.fetched()?;
    fetched.retain(|code, _| list.iter().any(|(listed, _)| listed == code));
    let missing: Vec<ProcedureCode> =
        list.iter().map(|(code, _)| code).filter(|code| !fetched.contains_key(*code)).cloned().collect();
    if !fetched.is_empty() {
        out(&format!("going on: {} of {} are here already", fetched.len(), list.len()));
    }
    let bar = progress_bar(list.len(), fetched.len());
    let fetch = |code: ProcedureCode| {
        let (portal, clock) = (&portal, &clock);
        async move {
            let procedure = portal.procedure(&code, clock.now() + CALL_WITHIN).await;
            (code, procedure)
        }
    };
    let mut answers = futures::stream::iter(missing).map(fetch).buffer_unordered(config.catalogue.sync_parallel);
    let mut file = partial.append()?;
    let mut problems = Vec::new();
    while let Some((code, answer)) = answers.next().await {
        match answer {
            Ok(Some(mut procedure)) => {
                // The portal has none; the rule that small screens rely on is the catalogue's.
                procedure.short_name = gateway_catalogue::short_name(&procedure.name);
                // On disk before it counts: an interrupted import goes on here.
                gateway_catalogue::format::append_line(&mut file, &procedure)?;
                fetched.insert(code, procedure);
            }
            Ok(None) => problems.push(format!("{code}: listed but not found")),
            Err(problem) => problems.push(format!("{code}: {problem}")),
        }
        bar.inc(1);
    }
    file.flush()?;
    bar.finish_and_clear();
    for problem in problems.iter().take(20) {
        out(&format!("left out  {problem}"));
    }
    if !problems.is_empty() {
        // What is here stays here; the catalogue in use is not replaced by half of one.
        bail!("{} of {} procedures were not imported; run the command again to go on", problems.len(), list.len());
    }
    let ordered = list.iter().filter_map(|(code, _)| fetched.get(code));
    gateway_catalogue::write_jsonl(target, ordered).with_context(|| target.display().to_string())?;
    partial.forget()?;
    out(&format!("{} procedures in {}", list.len(), target.display()));
    // The import is good without it: a start then takes longer.
    match write_prepared(&config) {
        Ok(line) => out(&line),
        Err(problem) => out(&format!("not prepared: {problem:#}")),
    }
    out("a running gateway reads them on SIGHUP");
    Ok(Exit::Good)
}

pub(super) fn prepare(global: &Global) -> anyhow::Result<Exit> {
    let config = settings(global, Overrides::default())?;
    telemetry::start_logs(&config)?;
    out(&write_prepared(&config)?);
    Ok(Exit::Good)
}

/// Puts the prepared catalogue beside the catalogue's file, where it is not there;
/// says so in a line.
fn write_prepared(config: &Config) -> anyhow::Result<String> {
    let file = &config.catalogue.file;
    if !file.is_file() {
        bail!("{} is not there: dakenh catalogue sync imports it", file.display());
    }
    let opened = compose::open_catalogue(file, &compose::short_names(config)?)?;
    let count = opened.catalogue.len();
    match opened.preparation {
        Some(preparation) => {
            let path = preparation.path().display().to_string();
            preparation.write().with_context(|| path.clone())?;
            Ok(format!("{count} procedures prepared in {path}"))
        }
        None => Ok(format!("{count} procedures were prepared already")),
    }
}

/// What an interrupted import has fetched: a file beside the catalogue.
struct Partial(PathBuf);

impl Partial {
    fn of(target: &Path) -> Self {
        Self(target.with_extension("partial.jsonl"))
    }

    fn fetched(&self) -> anyhow::Result<HashMap<ProcedureCode, Procedure>> {
        if !self.0.is_file() {
            return Ok(HashMap::new());
        }
        // A line that a crash cut in half is rejected and fetched again.
        let loaded = gateway_catalogue::read_jsonl_lenient(&self.0).with_context(|| self.0.display().to_string())?;
        let fetched: HashMap<_, _> =
            loaded.procedures.into_iter().map(|procedure| (procedure.code.clone(), procedure)).collect();
        if !loaded.rejected.is_empty() {
            gateway_catalogue::write_jsonl(&self.0, fetched.values()).with_context(|| self.0.display().to_string())?;
        }
        Ok(fetched)
    }

    fn append(&self) -> anyhow::Result<std::fs::File> {
        if let Some(folder) = self.0.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.0);
        file.with_context(|| self.0.display().to_string())
    }

    fn forget(&self) -> anyhow::Result<()> {
        match std::fs::remove_file(&self.0) {
            Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
                Err(problem).with_context(|| self.0.display().to_string())
            }
            _ => Ok(()),
        }
    }
}

fn progress_bar(all: usize, done: usize) -> ProgressBar {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let bar = ProgressBar::new(count(all)).with_position(count(done));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}  {per_sec}  {eta} left") {
        bar.set_style(style);
    }
    bar
}
