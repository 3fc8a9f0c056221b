//! The runs, and what is read before, meanwhile and after.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gateway_store::Witness;
use tokio::runtime::Runtime;

use super::book::{Book, Tally};
use super::drive::{self, Outcome, question};
use super::zalo::{self, Zalo};
use super::{EACH, Options};
use crate::gateway::{self, Simulated, dossier_numbers};
use crate::generator::{Connection, fetch};
use crate::process::{Server, pause};
use crate::proof::{Proof, metric, metric_f64};
use crate::report::{Disturbance, progress};
use crate::sms::{Database, PostgresServer, wait};
use crate::system::{self, Busy, Cores};

/// `chat.order_ms` of the default settings.
const ORDER: Duration = Duration::from_millis(250);
/// How often the gateway is asked how much waits.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The longest that an answer may take before the run.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the last rows may take to be written.
const AFTERMATH: Duration = Duration::from_millis(1_500);

/// One database under the load.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) database: Database,
    pub(super) outcome: Outcome,
    pub(super) tally: Tally,
    pub(super) uncertain: u64,
    /// Events that waited in the gateway's memory, at most.
    pub(super) most_waiting: u64,
    /// Calls that waited for the database's writer, at most.
    pub(super) most_calls: u64,
    pub(super) server_cpu: Duration,
    pub(super) database_cpu: Duration,
    pub(super) generator_cpu: Duration,
    pub(super) commits: u64,
    pub(super) committing: f64,
    /// Bytes of the gateway: before the run, at most in it, after it.
    pub(super) idle: u64,
    pub(super) most: u64,
    pub(super) after: u64,
    pub(super) disturbance: Disturbance,
}

/// Everything that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) cores: Cores,
    pub(super) load_before: f64,
    pub(super) load_after: f64,
    pub(super) phases: Vec<Phase>,
    pub(super) proofs: Vec<Proof>,
    pub(super) left_out: Vec<String>,
    /// An answer of the gateway's.
    pub(super) answer: String,
}

pub(super) const fn name(database: Database) -> &'static str {
    match database {
        Database::Sqlite => "dakenh, SQLite",
        Database::Postgres => "dakenh, PostgreSQL",
    }
}

pub(super) fn run(options: &Options, cores: Cores, dir: &Path, load_before: f64) -> anyhow::Result<Found> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let simulated = Simulated { dossiers: 1_000, latency_ms: 0, seed: options.seed };
    let portal = gateway::portal(&options.dakenh, "portal", dir, simulated)?;
    let mut found = Found {
        cores,
        load_before,
        load_after: 0.0,
        phases: Vec::new(),
        proofs: Vec::new(),
        left_out: Vec::new(),
        answer: String::new(),
    };
    for database in &options.database {
        if *database == Database::Postgres && PostgresServer::programs().is_none() {
            found.left_out.push("PostgreSQL is not installed (apt install postgresql)".to_owned());
            continue;
        }
        let bench = Bench { options, cores, dir, runtime: &runtime, portal: &portal };
        bench.measure(*database, &mut found).with_context(|| name(*database))?;
    }
    portal.stop()?;
    found.load_after = system::load_average();
    Ok(found)
}

struct Bench<'a> {
    options: &'a Options,
    cores: Cores,
    dir: &'a Path,
    runtime: &'a Runtime,
    portal: &'a Server,
}

impl Bench<'_> {
    fn measure(&self, database: Database, found: &mut Found) -> anyhow::Result<()> {
        progress(&format!("starting {}", name(database)));
        let home = tempfile::Builder::new().prefix("gateway-").tempdir_in(self.dir)?.keep();
        let (url, postgres) = match database {
            Database::Sqlite => (format!("sqlite://{}/dakenh.db", home.display()), None),
            Database::Postgres => {
                let server = PostgresServer::start(self.cores)?;
                (server.url.clone(), Some(server))
            }
        };
        let book = Book::new();
        let zalo = Zalo::start(book.clone())?;
        let file = home.join("dakenh.toml");
        let common = gateway::settings(self.portal.address("portal")?, &url, &home.join("catalogue.jsonl"));
        std::fs::write(&file, common + &zalo.settings()).with_context(|| file.display().to_string())?;
        let mut command = self.cores.server(&self.options.dakenh);
        command.arg("serve").arg("--config").arg(&file);
        let server = Server::start("gateway", command, &home, "ready")?;
        let phase = self.phase(database, &server, postgres.as_ref(), &book, found);
        let mut phase = phase.with_context(|| format!("its log: {}", server.log()))?;
        progress("stopping and counting rows");
        server.stop()?;
        self.count_rows(&url, &mut phase, &mut found.proofs)?;
        prove(&phase, &mut found.proofs);
        found.phases.push(phase);
        Ok(())
    }

    fn phase(
        &self,
        database: Database,
        server: &Server,
        postgres: Option<&PostgresServer>,
        book: &Book,
        found: &mut Found,
    ) -> anyhow::Result<Phase> {
        let at = server.address("public")?;
        let numbers = self.runtime.block_on(self.warm(at, book, found))?;
        self.runtime.block_on(wait(AFTERMATH));
        let (idle, _) = system::resident(server.pid())?;
        system::forget_most_resident(server.pid())?;
        let before = self.reading(server, postgres)?;
        let depths = Depths::watch(server.address("internal")?);
        progress(&format!("{} webhooks a second for {} s", self.options.rate, self.options.seconds));
        let outcome = self.runtime.block_on(drive::run(self.options, at, &numbers, book))?;
        self.runtime.block_on(wait(AFTERMATH));
        let (most_waiting, most_calls) = depths.end();
        let after = self.reading(server, postgres)?;
        let (now, most) = system::resident(server.pid())?;
        let tally = book.tally(ORDER)?;
        let grown = |name: &str, label: &str| {
            metric(&after.metrics, name, label).saturating_sub(metric(&before.metrics, name, label))
        };
        let what = name(database);
        for (figure, label, meaning, wanted) in [
            ("zalo_events_total", "result=\"taken\"", "events taken, by its count", tally.messages),
            ("zalo_events_total", "result=\"replayed\"", "repetitions known, by its count", outcome.duplicates),
            ("zalo_sends_total", "outcome=\"accepted\"", "messages accepted, by its count", tally.messages),
        ] {
            found.proofs.push(Proof::equal(&format!("{what}: {meaning}"), grown(figure, label), wanted));
        }
        let seconds = |text: &str| metric_f64(text, "mailbox_commit_seconds_sum", "");
        Ok(Phase {
            database,
            outcome,
            tally,
            uncertain: 0,
            most_waiting,
            most_calls,
            server_cpu: after.server - before.server,
            database_cpu: after.database.saturating_sub(before.database),
            generator_cpu: after.generator - before.generator,
            commits: grown("mailbox_commit_seconds_count", ""),
            committing: seconds(&after.metrics) - seconds(&before.metrics),
            idle,
            most,
            after: now,
            disturbance: Disturbance::between(
                before.busy,
                after.busy,
                after.at - before.at,
                after.ours().saturating_sub(before.ours()),
            ),
        })
    }

    /// Asks for dossiers, each by another person, until enough have an answer in
    /// one message.
    async fn warm(&self, at: SocketAddr, book: &Book, found: &mut Found) -> anyhow::Result<Vec<String>> {
        let candidates = dossier_numbers(self.portal, 1)?;
        let mut good = Vec::new();
        let mut connection = Connection::open(at).await?;
        for (place, number) in candidates.iter().take(4 * EACH).enumerate() {
            if good.len() == EACH {
                break;
            }
            let user = format!("8{place:017}");
            let event = zalo::webhook(&user, &format!("w{place}"), &question(number), drive::wall());
            let (status, _) = connection.exchange(&event).await?;
            ensure!(status == 200, "the first event was answered with {status}");
            let started = Instant::now();
            let answers = loop {
                let answers: Vec<String> =
                    book.others().into_iter().filter(|(to, _)| *to == user).map(|(_, text)| text).collect();
                if !answers.is_empty() {
                    break answers;
                }
                ensure!(started.elapsed() < PATIENCE, "no answer to the first event");
                wait(Duration::from_millis(20)).await;
            };
            if answers.len() == 1 && answers.iter().all(|text| text.contains(number.as_str())) {
                good.push(number.clone());
                found.answer = answers.into_iter().next().unwrap_or_default();
            } else {
                progress(&format!("not asked for again: {number} ({answers:?})"));
            }
        }
        ensure!(good.len() == EACH, "only {} dossiers have an answer in one message", good.len());
        Ok(good)
    }

    fn count_rows(&self, url: &str, phase: &mut Phase, proofs: &mut Vec<Proof>) -> anyhow::Result<()> {
        let witness = Witness::of(url);
        let count = |sql: &str| -> anyhow::Result<u64> {
            let numbers = self.runtime.block_on(witness.numbers(sql)).context("counting rows")?;
            Ok(numbers.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or_default())
        };
        phase.uncertain = count("SELECT count(*) AS x FROM outbox WHERE state = 3")?;
        let what = name(phase.database);
        let outside = count("SELECT count(*) AS x FROM inbox")?.saturating_sub(phase.tally.messages);
        for (sql, meaning, wanted) in [
            (
                "SELECT count(*) AS x FROM inbox WHERE state = 2",
                "events that are answered",
                phase.tally.messages + outside,
            ),
            ("SELECT count(*) AS x FROM outbox WHERE state = 2", "messages accepted", phase.tally.messages + outside),
            (
                "SELECT count(DISTINCT o.answers) AS x FROM outbox o JOIN inbox i ON i.id = o.answers",
                "events that have their answer in the outbox",
                phase.tally.messages + outside,
            ),
            (
                "SELECT (SELECT count(*) FROM inbox WHERE sender <> '' OR recipient <> '' OR text <> '') \
                      + (SELECT count(*) FROM outbox WHERE recipient <> '' OR text <> '') AS x",
                "rows that still tell who or what",
                0,
            ),
        ] {
            proofs.push(Proof::equal(&format!("{what}: {meaning}"), count(sql)?, wanted));
        }
        proofs.push(Proof::new(outside <= 4 * EACH as u64, format!("{what}: {outside} events before the run")));
        Ok(())
    }

    fn reading(&self, server: &Server, postgres: Option<&PostgresServer>) -> anyhow::Result<Reading> {
        Ok(Reading {
            at: Instant::now(),
            server: system::cpu_of(&[server.pid()])?,
            database: postgres.map(|server| system::cpu_of_family(server.pid)).transpose()?.unwrap_or_default(),
            generator: system::cpu_of(&[std::process::id()])?,
            portal: system::cpu_of(&[self.portal.pid()])?,
            busy: system::busy()?,
            metrics: gateway::metrics(server)?,
        })
    }
}

fn prove(phase: &Phase, proofs: &mut Vec<Proof>) {
    let (tally, what) = (&phase.tally, name(phase.database));
    let holds = tally.acknowledged == tally.messages
        && tally.answered + phase.uncertain >= tally.messages
        && tally.doubled + tally.strange == 0;
    proofs.push(Proof::new(
        holds,
        format!(
            "{what}: of {} messages {} taken, {} answered, {} twice, {} strange, {} uncertain",
            tally.messages, tally.acknowledged, tally.answered, tally.doubled, tally.strange, phase.uncertain
        ),
    ));
    proofs.push(Proof::new(
        tally.disordered == 0 && tally.pairs > tally.messages / 2,
        format!("{what}: {} of {} pairs out of the citizen's order", tally.disordered, tally.pairs),
    ));
}

/// Looks how much waits in the gateway, on a thread of its own.
struct Depths {
    stop: Arc<AtomicBool>,
    events: Arc<AtomicU64>,
    calls: Arc<AtomicU64>,
    thread: std::thread::JoinHandle<()>,
}

impl Depths {
    fn watch(internal: SocketAddr) -> Self {
        let (stop, events, calls) = <(Arc<AtomicBool>, Arc<AtomicU64>, Arc<AtomicU64>)>::default();
        let thread = {
            let (stop, events, calls) = (Arc::clone(&stop), Arc::clone(&events), Arc::clone(&calls));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    if let Some(page) = fetch(internal, "/metrics").ok().and_then(|page| String::from_utf8(page).ok()) {
                        events.fetch_max(metric(&page, "chat_waiting", ""), Ordering::Relaxed);
                        calls.fetch_max(metric(&page, "mailbox_waiting_ops", ""), Ordering::Relaxed);
                    }
                    pause(LOOK_EVERY);
                }
            })
        };
        Self { stop, events, calls, thread }
    }

    fn end(self) -> (u64, u64) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
        (self.events.load(Ordering::Relaxed), self.calls.load(Ordering::Relaxed))
    }
}

struct Reading {
    at: Instant,
    server: Duration,
    database: Duration,
    generator: Duration,
    portal: Duration,
    busy: Busy,
    metrics: String,
}

impl Reading {
    fn ours(&self) -> Duration {
        self.server + self.database + self.generator + self.portal
    }
}
