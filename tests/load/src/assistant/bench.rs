//! The four measurements, and what shows that they are of what they say.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gateway_core::ports::Catalogue as _;
use gateway_store::Witness;
use tokio::runtime::Runtime;

use super::chats::{self, Crowd, Outcome};
use super::cold::{self, Around, Gateway};
use super::memory::{self, Resident, Stage};
use super::questions::{self, Form};
use super::scripts::{Audited, Kind, WHOLE_ROUND, follow_ups, shown};
use super::understanding::{self, Understood};
use super::{Options, Part};
use crate::gateway::{self, Simulated, metrics};
use crate::generator::Pace;
use crate::process::{Server, pause};
use crate::proof::{Proof, metric};
use crate::report::{Disturbance, progress};
use crate::system::{self, Cores};

/// How long the last rows of the audit may take to be written: their CPU
/// belongs to the answers.
const AFTERMATH: Duration = Duration::from_millis(150);

/// Chats in one loop.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) pace: Pace,
    pub(super) outcome: Outcome,
    pub(super) server_cpu: Duration,
    pub(super) generator_cpu: Duration,
    pub(super) disturbance: Disturbance,
}

impl Phase {
    /// Answers a second: given, or in an open loop asked for, for the last answer
    /// comes after the last is due.
    pub(super) fn per_second(&self, seconds: f64) -> f64 {
        let span = if self.pace.planned().is_some() { seconds } else { self.outcome.elapsed.as_secs_f64() };
        self.outcome.answers as f64 / span.max(1e-9)
    }
}

/// Everything that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) cores: Cores,
    pub(super) load_before: f64,
    pub(super) load_after: f64,
    pub(super) procedures: usize,
    pub(super) understood: Vec<Understood>,
    pub(super) memory: Vec<Resident>,
    /// With the catalogue prepared, and with its tables made anew; each sorted.
    pub(super) prepared_starts: Vec<Duration>,
    pub(super) cold_starts: Vec<Duration>,
    /// The closed loop, then the open one.
    pub(super) phases: Vec<Phase>,
    /// Of the gateway after the open loop: now, and at most, in bytes.
    pub(super) resident: (u64, u64),
    pub(super) proofs: Vec<Proof>,
}

pub(super) fn run(options: &Options, cores: Cores, dir: &Path, load_before: f64) -> anyhow::Result<Found> {
    let file = options.procedures.as_deref();
    progress("reading procedures and questions");
    let asked = questions::questions(&options.questions)?;
    let catalogue = questions::index(questions::procedures(file)?);
    let procedures = catalogue.len();
    let dialogue = questions::dialogue(catalogue)?;
    let mut understood = Vec::new();
    for form in Form::ALL.into_iter().filter(|_| options.wants(Part::Understanding)) {
        progress(&format!("understanding {} questions, {}", asked.len(), form.name()));
        understood.push(understanding::measure(&dialogue, &asked, form, options.passes)?);
    }
    drop(dialogue);
    let mut memory = Vec::new();
    for stage in Stage::ALL.into_iter().filter(|_| options.wants(Part::Memory)) {
        progress(&format!("memory: {}", stage.name()));
        memory.push(memory::measure(stage, file, &options.questions, options.processes)?);
    }
    let simulated = Simulated { dossiers: 1_000, latency_ms: 0, seed: options.seed };
    let portal = gateway::portal(&options.dakenh, "portal", dir, simulated)?;
    let anew = Around::anew(options, dir, portal.address("portal")?)?;
    let starts = options.wants(Part::Starts) || options.wants(Part::Chats);
    let prepared = if starts { Around::prepared(options, dir, portal.address("portal")?)? } else { None };
    let (mut prepared_starts, mut cold_starts) = (Vec::new(), Vec::new());
    if options.wants(Part::Starts) {
        progress(&format!("{} cold starts", options.starts));
        cold_starts = cold::starts(options, cores, dir, &anew, procedures)?;
        if let Some(prepared) = &prepared {
            progress("the same with the catalogue prepared");
            prepared_starts = cold::starts(options, cores, dir, prepared, procedures)?;
        }
    }

    let mut found = Found {
        cores,
        load_before,
        load_after: 0.0,
        procedures,
        understood,
        memory,
        prepared_starts,
        cold_starts,
        phases: Vec::new(),
        resident: (0, 0),
        proofs: Vec::new(),
    };
    if options.wants(Part::Starts) {
        found.proofs.push(Proof::new(
            true,
            format!("each cold start was ready with all {procedures} procedures, database and portal up"),
        ));
    }
    if options.wants(Part::Chats) {
        let at = prepared.unwrap_or(anew);
        Talks::begin(options, cores, dir, portal, &at)?.measure(&mut found)?;
    }
    found.load_after = system::load_average();
    Ok(found)
}

/// The gateway with its crowd, warm.
struct Talks<'a> {
    options: &'a Options,
    runtime: Runtime,
    portal: Server,
    gateway: Gateway,
    crowd: Crowd,
    /// The dialogues that were held one after the other, before anything was
    /// measured.
    before: Outcome,
    /// Look-ups that filled the cache.
    looked_up: u64,
    /// What follow-ups said to strangers before there was any conversation.
    strangers: Vec<Option<String>>,
}

impl<'a> Talks<'a> {
    fn begin(options: &'a Options, cores: Cores, dir: &Path, portal: Server, at: &Around) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let gateway = Gateway::start(options, cores, dir, at)?;
        let at = gateway.server.address("public")?;
        let numbers = gateway::dossier_numbers(&portal, 1)?;
        let metrics_before = metrics(&gateway.server)?;
        let dossiers = runtime.block_on(chats::known(at, numbers, options.dossiers))?;
        ensure!(dossiers.len() == options.dossiers, "{} dossiers of {}", dossiers.len(), options.dossiers);
        let looked_up = requests(&metrics(&gateway.server)?).saturating_sub(requests(&metrics_before));
        let crowd = Crowd::new(at, dossiers);
        let strangers = strangers(&runtime, &crowd)?;
        progress(&format!("{WHOLE_ROUND} dialogues, one after the other"));
        let before = runtime.block_on(crowd.run(1, Pace::Through, WHOLE_ROUND))?;
        Ok(Self { options, runtime, portal, gateway, crowd, before, looked_up, strangers })
    }

    fn measure(self, found: &mut Found) -> anyhow::Result<()> {
        let options = self.options;
        prove_answers(&mut found.proofs, "one after the other", &self.before);
        let before = metrics(&self.gateway.server)?;
        progress(&format!("{} chats, closed loop", options.chats));
        let closed = self.phase(Pace::Closed { span: Duration::from_secs(options.closed_seconds) })?;
        let most = closed.per_second(1.0);
        let per_second = options.rate.unwrap_or_else(|| ((most * f64::from(options.share) / 100.0) as u32).max(1));
        progress(&format!("{} chats, open loop at {per_second}/s (the closed one gave {most:.0}/s)", options.chats));
        let open = self.phase(Pace::Open { per_second, span: options.span() })?;
        let after = metrics(&self.gateway.server)?;
        found.resident = system::resident(self.gateway.server.pid())?;

        let grown = |name: &str, label: &str| metric(&after, name, label).saturating_sub(metric(&before, name, label));
        let sum = |of: fn(&Outcome) -> u64| of(&closed.outcome) + of(&open.outcome);
        let proofs = &mut found.proofs;
        prove_answers(proofs, "closed loop", &closed.outcome);
        prove_answers(proofs, "open loop", &open.outcome);
        let planned = open.pace.planned().unwrap_or_default();
        proofs.push(Proof::equal("answers of the open loop to the turns that were due", open.outcome.answers, planned));
        proofs.push(Proof::equal(
            "questions of both loops, by the gateway's count",
            grown("http_requests_total", "route=\"/api/v1/ask\""),
            sum(|outcome| outcome.answers),
        ));
        proofs.push(Proof::equal(
            "dossiers out of the cache, by the gateway's count",
            grown("portal_cache_total", "result=\"hit\""),
            sum(|outcome| outcome.count(Kind::Track)),
        ));
        let strangers = strangers(&self.runtime, &self.crowd)?;
        proofs.push(Proof::new(
            strangers == self.strangers,
            format!("{} follow-ups of strangers say the same before and after all that was said", strangers.len()),
        ));
        found.phases = vec![closed, open];
        self.end(found)
    }

    fn phase(&self, pace: Pace) -> anyhow::Result<Phase> {
        let server = [self.gateway.server.pid()];
        let own = [std::process::id()];
        let portal = [self.portal.pid()];
        let cpu = || anyhow::Ok((system::cpu_of(&server)?, system::cpu_of(&own)?, system::cpu_of(&portal)?));
        let (start, busy, before) = (Instant::now(), system::busy()?, cpu()?);
        let outcome = self.runtime.block_on(self.crowd.run(self.options.chats, pace, 0));
        let outcome = outcome.with_context(|| format!("its log: {}", self.gateway.server.log()))?;
        pause(AFTERMATH);
        let after = cpu()?;
        let used = |before: Duration, after: Duration| after.saturating_sub(before);
        let (server_cpu, generator_cpu) = (used(before.0, after.0), used(before.1, after.1));
        let ours = server_cpu + generator_cpu + used(before.2, after.2);
        let disturbance = Disturbance::between(busy, system::busy()?, start.elapsed(), ours);
        Ok(Phase { pace, outcome, server_cpu, generator_cpu, disturbance })
    }

    fn end(self, found: &mut Found) -> anyhow::Result<()> {
        progress("stopping and counting rows");
        let Self { runtime, portal, gateway, before, looked_up, strangers, .. } = self;
        let Gateway { server, database } = gateway;
        server.stop()?;
        portal.stop()?;
        let mut wanted = before.audited.clone();
        // They were asked twice.
        let mut rows = before.answers + looked_up + 2 * strangers.len() as u64;
        for row in strangers.into_iter().flatten() {
            *wanted.entry(row).or_default() += 2;
        }
        for phase in &found.phases {
            rows += phase.outcome.answers;
            for (row, count) in &phase.outcome.audited {
                *wanted.entry(row.clone()).or_default() += count;
            }
        }
        let witness = Witness::of(&format!("sqlite://{}", database.display()));
        let (all, shown) = runtime.block_on(audited(&witness))?;
        found.proofs.push(Proof::equal("rows of the audit", all, rows));
        let differing = wanted.iter().filter(|(row, count)| shown.get(*row) != Some(*count)).count()
            + shown.keys().filter(|row| !wanted.contains_key(*row)).count();
        found.proofs.push(Proof::new(
            differing == 0,
            format!(
                "rows of the audit by procedure and part: {} of {} kinds are as many as were asked for",
                wanted.len().saturating_sub(differing),
                wanted.len()
            ),
        ));
        Ok(())
    }
}

/// The control: what a follow-up says to somebody without a conversation, as the
/// audit keeps it where that is a procedure. Nothing that others have said may
/// change it.
fn strangers(runtime: &Runtime, crowd: &Crowd) -> anyhow::Result<Vec<Option<String>>> {
    let ask = |(text, part): (&str, &'static str)| {
        let (status, answer) = runtime.block_on(crowd.stranger(text))?;
        ensure!(status == 200, "{text:?} of a stranger: status {status}");
        let code = answer["codes"][0].as_str().filter(|_| answer["action"] == "show_procedure");
        Ok(code.map(|code| shown(code, part)))
    };
    follow_ups().map(ask).collect()
}

fn requests(metrics: &str) -> u64 {
    metric(metrics, "http_requests_total", "route=\"/api/v1/dossiers/{number}\"")
}

fn prove_answers(proofs: &mut Vec<Proof>, what: &str, outcome: &Outcome) {
    let statuses = if outcome.not_good() == 0 { String::new() } else { format!(" {:?}", outcome.statuses) };
    proofs.push(Proof::new(outcome.not_good() == 0, format!("{what}: every answer was a 200{statuses}")));
    let told = if outcome.mistakes.is_empty() { String::new() } else { format!(" {}", outcome.mistakes.join("; ")) };
    proofs.push(Proof::new(
        outcome.mistaken == 0,
        format!(
            "{what}: {} of {} answers, in {} dialogues, belong to their question and their conversation{told}",
            outcome.answers - outcome.mistaken,
            outcome.answers,
            outcome.dialogues
        ),
    ));
}

/// All rows, and those of procedures by what they say. No gateway has the
/// database open any more.
async fn audited(witness: &Witness) -> anyhow::Result<(u64, Audited)> {
    let all = witness.numbers("SELECT count(*) AS x FROM audit").await.context("counting rows")?;
    let all = all.first().and_then(|all| u64::try_from(*all).ok()).context("a count")?;
    let shown = "SELECT count(*) || ' ' || action || ' ' || said AS x FROM audit \
                 WHERE action = 'show_procedure' GROUP BY action, said";
    let rows = witness.texts(shown).await.context("counting rows")?;
    let row = |row: &String| {
        let (count, said) = row.split_once(' ')?;
        Some((said.to_owned(), count.parse().ok()?))
    };
    Ok((all, rows.iter().filter_map(row).collect()))
}
