//! The rounds, and what is read before and after.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use channel_sms::smpp::smsc::Smsc;
use tokio::runtime::Runtime;

use super::centre::{Centre, Question, send_receipts};
use super::drive::{self, Outcome, Pace};
use super::kannel::{self, Kannel};
use super::rows::{self, Rows};
use super::subject::{Gateway, Kind, Subject, portal};
use super::{Database, Options, postgres};
use crate::gateway::dossier_numbers;
use crate::process::Server;
use crate::proof::{Proof, metric, metric_f64};
use crate::report::{Disturbance, progress};
use crate::system::{self, Busy, Cores};

/// How long the last rows of the audit may take to be written: their CPU
/// belongs to the messages.
const AFTERMATH: Duration = Duration::from_millis(1_500);

/// One subject under one load in one round.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) round: u32,
    pub(super) kind: Kind,
    pub(super) pace: Pace,
    pub(super) outcome: Outcome,
    pub(super) server_cpu: Duration,
    pub(super) database_cpu: Duration,
    pub(super) generator_cpu: Duration,
    /// Transactions of inbox and outbox, calls in them, seconds in them.
    pub(super) commits: u64,
    pub(super) calls: u64,
    pub(super) committing: f64,
    /// Receipts that came before their message had its id.
    pub(super) held: u64,
    pub(super) disturbance: Disturbance,
}

/// Bytes of a subject's processes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    pub(super) kind: Kind,
    /// After the start and one message.
    pub(super) idle: u64,
    /// At most in all phases.
    pub(super) most: u64,
    /// After them.
    pub(super) after: u64,
}

/// Everything that was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) cores: Cores,
    pub(super) load_before: f64,
    pub(super) load_after: f64,
    pub(super) phases: Vec<Phase>,
    pub(super) memory: Vec<Memory>,
    pub(super) proofs: Vec<Proof>,
    /// What was left out, and why.
    pub(super) left_out: Vec<String>,
    /// An answer of the gateway's.
    pub(super) answer: String,
    pub(super) postgres: Option<String>,
}

struct Bench<'a> {
    options: &'a Options,
    cores: Cores,
    dir: &'a Path,
    runtime: Runtime,
    portal: Server,
    found: Found,
}

pub(super) fn run(options: &Options, cores: Cores, dir: &Path, load_before: f64) -> anyhow::Result<Found> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut left_out = Vec::new();
    let mut kinds: Vec<Kind> = Vec::new();
    for database in &options.database {
        if *database == Database::Postgres && postgres::Server::programs().is_none() {
            left_out.push("PostgreSQL is not installed (apt install postgresql)".to_owned());
        } else {
            kinds.push(Kind::Gateway(*database));
        }
    }
    match Kannel::programs() {
        Some(_) if options.no_kannel => left_out.push("Kannel was left out".to_owned()),
        Some(_) => kinds.push(Kind::Kannel),
        None => {
            ensure!(!options.kannel, "Kannel is not installed (apt install kannel)");
            left_out.push("Kannel is not installed (apt install kannel)".to_owned());
        }
    }
    let found = Found {
        cores,
        load_before,
        load_after: 0.0,
        phases: Vec::new(),
        memory: Vec::new(),
        proofs: Vec::new(),
        left_out,
        answer: String::new(),
        postgres: None,
    };
    let mut bench = Bench { options, cores, dir, runtime, portal: portal(options, dir)?, found };
    for round in 1..=options.rounds {
        for kind in &kinds {
            bench.subject(*kind, round).with_context(|| kind.name())?;
        }
        kinds.reverse();
    }
    bench.portal.stop()?;
    bench.found.load_after = system::load_average();
    Ok(bench.found)
}

impl Bench<'_> {
    /// One subject in one round, from its start to its rows.
    fn subject(&mut self, kind: Kind, round: u32) -> anyhow::Result<()> {
        let options = self.options;
        progress(&format!("round {round} of {}: starting {}", options.rounds, kind.name()));
        let (centre, receipts) = Centre::new()?;
        let window = usize::try_from(options.window)?;
        let smsc = self
            .runtime
            .block_on(Smsc::listen("127.0.0.1:0", Arc::clone(&centre) as Arc<_>, window))
            .context("SMSC")?;
        let after = Duration::from_millis(options.receipt_ms);
        let sending = self.runtime.spawn(send_receipts(Arc::clone(&centre), receipts, after));
        let subject =
            Subject::start(kind, options, self.cores, self.dir, self.portal.address("portal")?, smsc.address())?;
        let result = self.measure(&subject, kind, round, &centre, smsc.address());
        let result = result.with_context(|| format!("its log: {}", subject.log()));
        let sent = result?;
        if let Subject::Gateway(gateway) = subject {
            progress("stopping and counting rows");
            self.count_rows(*gateway, kind, round, sent)?;
        }
        sending.abort();
        drop(smsc);
        Ok(())
    }

    /// Returns how many messages came in and how many went out.
    fn measure(
        &mut self,
        subject: &Subject,
        kind: Kind,
        round: u32,
        centre: &Arc<Centre>,
        smsc: SocketAddr,
    ) -> anyhow::Result<(u64, u64)> {
        let options = self.options;
        let idle = self.warm(subject, kind, centre)?;
        if options.pause_seconds > 0 {
            progress(&format!("{} is warm: processes {:?}, SMSC {smsc}", kind.name(), subject.pids()));
            self.runtime.block_on(drive::wait(Duration::from_secs(options.pause_seconds)));
        }
        for pid in subject.pids() {
            system::forget_most_resident(pid)?;
        }
        let warmed = centre.phones();
        let before = subject.metrics()?;
        let messages = u64::from(options.messages);
        let mut plan = vec![(Pace::Deliveries, messages), (Pace::Questions { at_once: options.window }, messages)];
        for rate in &options.rate {
            plan.push((Pace::Open { per_second: *rate }, u64::from(*rate) * u64::from(options.seconds)));
        }
        let mut sent = 0;
        for (pace, count) in plan {
            progress(&format!("round {round} of {}: {}, {pace:?}", options.rounds, kind.name()));
            let phase = self.phase(subject, kind, round, pace, count, centre)?;
            let lost = !phase.outcome.whole;
            sent += phase.outcome.tally.sent;
            self.prove(&phase, count);
            self.found.phases.push(phase);
            if lost {
                break;
            }
        }
        let (now, most) = resident(&subject.pids())?;
        self.found.memory.push(Memory { kind, idle, most, after: now });
        let after = subject.metrics()?;
        let name = kind.name();
        let (phones, least, most, fewest, top) = centre.by_phone(warmed);
        let proofs = &mut self.found.proofs;
        proofs.push(Proof::new(
            (least, most, fewest, top) == (1, 1, 1, 1),
            format!(
                "{name}, round {round}: {phones} phones had {least} to {most} answers and {fewest} to {top} receipts each"
            ),
        ));
        if let Kind::Gateway(_) = kind {
            let grown =
                |name: &str, label: &str| metric(&after, name, label).saturating_sub(metric(&before, name, label));
            for (what, found) in [
                ("messages received, by its count", grown("sms_received_total", "")),
                ("look-ups answered out of the cache, by its count", grown("portal_cache_total", "result=\"hit\"")),
                ("submits accepted, by its count", grown("sms_submits_total", "outcome=\"accepted\"")),
                ("receipts taken, by its count", grown("sms_receipts_total", "")),
            ] {
                proofs.push(Proof::equal(&format!("{name}, round {round}: {what}"), found, sent));
            }
        }
        Ok(centre.totals())
    }

    /// Binds, asks for each dossier once, and returns the memory after the
    /// first message.
    fn warm(&mut self, subject: &Subject, kind: Kind, centre: &Arc<Centre>) -> anyhow::Result<u64> {
        let one = Pace::Questions { at_once: 1 };
        let ask = |centre: &Arc<Centre>, question: Question| {
            centre.set_questions(vec![question]);
            self.runtime.block_on(drive::run(centre, one, 1, Duration::from_millis(50)))
        };
        let numbers = dossier_numbers(&self.portal, 1)?;
        let mut idle = 0;
        let mut questions: Vec<Question> = Vec::new();
        for number in numbers.iter().take(4 * self.options.dossiers) {
            if questions.len() == self.options.dossiers {
                break;
            }
            let answer_holds = match kind {
                Kind::Gateway(_) => number.clone().into_bytes(),
                Kind::Kannel => kannel::ANSWER.as_bytes().to_vec(),
            };
            let question = Question { text: format!("HS {number}"), answer_holds };
            let warmed = ask(centre, question.clone())?;
            if idle == 0 {
                self.runtime.block_on(drive::wait(Duration::from_secs(1)));
                idle = resident(&subject.pids())?.0;
            }
            let answer = String::from_utf8_lossy(&warmed.tally.answer).into_owned();
            // One of more parts costs more: it is not asked for.
            if warmed.tally.strange == 0 && warmed.tally.doubled == 0 && warmed.whole {
                questions.push(question);
                if kind != Kind::Kannel {
                    self.found.answer = answer;
                }
            } else {
                progress(&format!("not asked for again: {number} ({answer:?}, {} submits)", 1 + warmed.tally.doubled));
            }
        }
        ensure!(
            questions.len() == self.options.dossiers,
            "only {} dossiers have an answer in one part",
            questions.len()
        );
        centre.set_questions(questions);
        Ok(idle)
    }

    fn phase(
        &self,
        subject: &Subject,
        kind: Kind,
        round: u32,
        pace: Pace,
        count: u64,
        centre: &Arc<Centre>,
    ) -> anyhow::Result<Phase> {
        let before = self.reading(subject)?;
        let outcome = self.runtime.block_on(drive::run(centre, pace, count, AFTERMATH))?;
        let after = self.reading(subject)?;
        let grown = |name: &str| metric(&after.metrics, name, "").saturating_sub(metric(&before.metrics, name, ""));
        let seconds = |text: &str| metric_f64(text, "mailbox_commit_seconds_sum", "");
        Ok(Phase {
            round,
            kind,
            pace,
            outcome,
            server_cpu: after.server - before.server,
            database_cpu: after.database.saturating_sub(before.database),
            generator_cpu: after.generator - before.generator,
            commits: grown("mailbox_commit_seconds_count"),
            calls: grown("mailbox_batch_ops_sum"),
            committing: seconds(&after.metrics) - seconds(&before.metrics),
            held: grown("sms_receipts_held_total"),
            disturbance: Disturbance::between(
                before.busy,
                after.busy,
                after.at - before.at,
                after.ours().saturating_sub(before.ours()),
            ),
        })
    }

    fn prove(&mut self, phase: &Phase, count: u64) {
        let tally = &phase.outcome.tally;
        let where_ = format!("{}, round {}, {}", phase.kind.name(), phase.round, super::report::loop_of(phase.pace));
        let what = format!(
            "{where_}: {} sent, {} acknowledged, {} answered, {} confirmed, {} twice, {} refused, {} strange",
            tally.sent,
            tally.taken,
            tally.answered,
            tally.confirmed,
            tally.doubled,
            tally.put_off + tally.unconfirmed,
            tally.strange
        );
        let holds = phase.outcome.whole
            && [tally.sent, tally.taken, tally.answered, tally.confirmed].iter().all(|found| *found == count)
            && tally.doubled + tally.put_off + tally.unconfirmed + tally.strange == 0;
        self.found.proofs.push(Proof::new(holds, what));
    }

    fn count_rows(&mut self, gateway: Gateway, kind: Kind, round: u32, sent: (u64, u64)) -> anyhow::Result<()> {
        let (came, went) = sent;
        let Gateway { server, url, postgres } = gateway;
        server.stop()?;
        let found: Rows = self.runtime.block_on(rows::count(&url))?;
        if let Some(postgres) = &postgres {
            self.found.postgres = Some(postgres.version.clone());
        }
        let name = format!("{}, round {round}", kind.name());
        let proofs = &mut self.found.proofs;
        let (answered, inbox) = Rows::all_in(&found.inbox, 2);
        let (delivered, outbox) = Rows::all_in(&found.outbox, 4);
        proofs
            .push(Proof::new(answered, format!("{name}: every row of the inbox is answered {}", states(&found.inbox))));
        proofs.push(Proof::equal(&format!("{name}: rows of the inbox to the messages sent"), inbox, came));
        proofs.push(Proof::new(
            delivered,
            format!("{name}: every row of the outbox is delivered {}", states(&found.outbox)),
        ));
        proofs.push(Proof::equal(&format!("{name}: rows of the outbox to the submits that came"), outbox, went));
        let unsigned = |count: i64| u64::try_from(count).unwrap_or_default();
        proofs.push(Proof::equal(
            &format!("{name}: messages of the inbox that have their answer in the outbox"),
            unsigned(found.with_answer),
            came,
        ));
        proofs.push(Proof::equal(&format!("{name}: rows that still tell who or what"), unsigned(found.telling), 0));
        proofs.push(Proof::equal(&format!("{name}: receipts without their message"), unsigned(found.held), 0));
        proofs.push(Proof::equal(&format!("{name}: rows of the audit"), unsigned(found.audit), came));
        Ok(())
    }

    fn reading(&self, subject: &Subject) -> anyhow::Result<Reading> {
        let metrics = subject.metrics()?;
        let database = subject.database_pid().map(system::cpu_of_family).transpose()?;
        Ok(Reading {
            at: Instant::now(),
            server: system::cpu_of(&subject.pids())?,
            database: database.unwrap_or_default(),
            generator: system::cpu_of(&[std::process::id()])?,
            portal: system::cpu_of(&[self.portal.pid()])?,
            busy: system::busy()?,
            metrics,
        })
    }
}

fn states(rows: &[(i64, i64)]) -> String {
    let each: Vec<String> = rows.iter().map(|(state, count)| format!("{state}: {count}")).collect();
    format!("(by state: {})", each.join(", "))
}

fn resident(pids: &[u32]) -> anyhow::Result<(u64, u64)> {
    let mut all = (0, 0);
    for pid in pids {
        let (now, most) = system::resident(*pid)?;
        all = (all.0 + now, all.1 + most);
    }
    Ok(all)
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
