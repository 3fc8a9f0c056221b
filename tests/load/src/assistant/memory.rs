//! What the assistant keeps in memory, each stage in a process of its own: what
//! one has freed would otherwise be room for the next.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::questions::{Form, dialogue, index, procedures, questions};
use super::understanding::ask;
use crate::report::say;
use crate::system;

/// How far a process goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Stage {
    /// Nothing is read.
    Program,
    /// The procedures are read and held.
    Procedures,
    /// … and indexed, as the lists and the search of the API want it.
    Index,
    /// … and understood, and every question was asked in every form.
    Dialogue,
}

impl Stage {
    pub(super) const ALL: [Self; 4] = [Self::Program, Self::Procedures, Self::Index, Self::Dialogue];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Program => "the bench's own program",
            Self::Procedures => "+ procedures, read and held",
            Self::Index => "+ the index over them",
            Self::Dialogue => "+ Dialogue, all questions asked",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Procedures => "procedures",
            Self::Index => "index",
            Self::Dialogue => "dialogue",
        }
    }
}

/// What the process of one stage is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    stage: Stage,
    #[arg(long, value_name = "FILE")]
    procedures: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
}

/// Bytes of a stage: the middle of several processes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resident {
    pub(super) stage: Stage,
    pub(super) now: u64,
    /// At most so far.
    pub(super) most: u64,
}

/// In the process of a stage: goes so far and tells its memory.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let file = options.procedures.as_deref();
    let held = match options.stage {
        Stage::Program => Held::Nothing,
        Stage::Procedures => Held::Procedures(procedures(file)?),
        Stage::Index => Held::Index(index(procedures(file)?)),
        Stage::Dialogue => {
            let dialogue = dialogue(index(procedures(file)?))?;
            let asked = questions(&options.questions)?;
            for form in Form::ALL {
                for text in form.of(&asked) {
                    ask(&dialogue, &text);
                }
            }
            Held::Dialogue(Box::new(dialogue))
        }
    };
    let (now, most) = system::resident(std::process::id())?;
    say(&json!({ "now": now, "most": most }).to_string());
    drop(std::hint::black_box(held));
    Ok(())
}

/// What is in memory while it is measured.
#[expect(dead_code, reason = "held, and never looked at")]
enum Held {
    Nothing,
    Procedures(Vec<gateway_core::domain::Procedure>),
    Index(std::sync::Arc<gateway_catalogue::ProcedureCatalogue>),
    Dialogue(Box<channel_assistant::Dialogue>),
}

/// Measures a stage in so many processes, one after the other.
pub(super) fn measure(stage: Stage, file: Option<&Path>, asked: &Path, times: usize) -> anyhow::Result<Resident> {
    let mut all = Vec::with_capacity(times.max(1));
    for _ in 0..times.max(1) {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("assistant-memory").arg(stage.word()).arg("--questions").arg(asked);
        if let Some(file) = file {
            command.arg("--procedures").arg(file);
        }
        let ran = command.output().with_context(|| stage.word())?;
        ensure!(ran.status.success(), "{}: {}", stage.word(), String::from_utf8_lossy(&ran.stderr));
        let told: Value = serde_json::from_slice(&ran.stdout).with_context(|| stage.word())?;
        let bytes = |key: &str| told[key].as_u64().context("bytes");
        all.push((bytes("now")?, bytes("most")?));
    }
    all.sort_unstable();
    let (now, most) = all.get(all.len() / 2).copied().unwrap_or_default();
    Ok(Resident { stage, now, most })
}
