//! Setting up, the rounds, and what is read at the end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use tokio::runtime::Runtime;

use super::nginx::Nginx;
use super::proofs::audit_rows;
use super::servers::{Gateway, dossier_paths, portal};
use super::{Options, cold};
use crate::gateway::metrics;
use crate::generator::{Client, Order, Outcome, Pace, Questions, SharedQuestions, Uniformity, Waiting, addresses};
use crate::process::{Server, pause};
use crate::proof::{Proof, metric};
use crate::report::{Disturbance, progress};
use crate::system::{self, Busy, Cores};

/// Requests of (c) before the first round: they log in and open connections.
pub(super) const UNCACHED_BEFORE: u64 = 200;

/// How long the last rows of the audit may take to be written: their CPU
/// belongs to the requests.
const AFTERMATH: Duration = Duration::from_millis(150);

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Hello,
    Cached,
    Uncached,
    Nginx,
}

impl Subject {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hello => "(a) axum hello",
            Self::Cached => "(b) look-up, cached",
            Self::Uncached => "(c) look-up, uncached",
            Self::Nginx => "(d) nginx, cached",
        }
    }
}

/// One subject under one load in one round.
#[derive(Debug)]
pub(super) struct Phase {
    pub(super) round: u32,
    pub(super) subject: Subject,
    pub(super) pace: Pace,
    pub(super) outcome: Outcome,
    pub(super) server_cpu: Duration,
    pub(super) generator_cpu: Duration,
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
    /// Sorted.
    pub(super) cold_starts: Vec<Duration>,
    /// Of (b) after the last round: now, and at most, in bytes.
    pub(super) resident: (u64, u64),
    /// Bytes of the mean answer of (b).
    pub(super) answer_bytes: u64,
    pub(super) numbers: Uniformity,
    pub(super) clients: Uniformity,
    pub(super) limiter_keys: u64,
    pub(super) address_keys: u64,
    /// Requests a second and server CPU a request of (a) under wrk.
    pub(super) wrk: Option<(f64, Duration)>,
    pub(super) nginx: bool,
}

struct Measured {
    subject: Subject,
    at: SocketAddr,
    pids: Vec<u32>,
    questions: SharedQuestions,
}

/// The processes, warm and ready.
pub(super) struct Bench<'a> {
    options: &'a Options,
    cores: Cores,
    dir: &'a Path,
    runtime: Runtime,
    hello: Server,
    portal: Server,
    cached: Gateway,
    slow_portal: Server,
    uncached: Gateway,
    nginx: Option<Nginx>,
    subjects: Vec<Measured>,
    warmed: u64,
}

impl<'a> Bench<'a> {
    /// Starts everything and asks for each cached dossier once.
    pub(super) fn set_up(options: &'a Options, cores: Cores, dir: &'a Path) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        progress("starting");
        let mut hello = cores.server(&std::env::current_exe()?);
        hello.args(["hello", "--listen", "127.0.0.1:0"]);
        let hello = Server::start("hello", hello, dir, "ready")?;
        let portal_ = portal(options, "portal", dir, options.dossiers, 0)?;
        let cached = Gateway::start(options, cores, "cached", dir, portal_.address("portal")?, "ready")?;
        let slow_portal = portal(options, "slow-portal", dir, options.uncached_dossiers, options.latency_ms)?;
        let uncached = Gateway::start(options, cores, "uncached", dir, slow_portal.address("portal")?, "ready")?;
        let nginx = if !options.no_nginx && Nginx::is_installed() {
            Some(Nginx::start(cores, dir, cached.server.address("public")?, options.dossiers)?)
        } else {
            None
        };

        let clients = addresses(options.addresses)?;
        let paths = dossier_paths(&portal_, options.dossiers)?;
        ensure!(paths.len() as u64 == options.dossiers, "{} dossiers of {}", paths.len(), options.dossiers);
        let mut new_paths = dossier_paths(&slow_portal, options.uncached_needed())?;
        new_paths.shuffle(&mut StdRng::seed_from_u64(options.seed));
        let ask = |paths: &[String], order, seed| {
            Rc::new(RefCell::new(Questions::new(paths.to_vec(), Rc::clone(&clients), order, options.seed + seed)))
        };
        let hello_paths = ["/hello".to_owned()];
        let mut subjects = vec![
            Measured {
                subject: Subject::Hello,
                at: hello.address("public")?,
                pids: vec![hello.pid()],
                questions: ask(&hello_paths, Order::Uniform, 1),
            },
            Measured {
                subject: Subject::Cached,
                at: cached.server.address("public")?,
                pids: vec![cached.server.pid()],
                questions: ask(&paths, Order::Uniform, 2),
            },
            Measured {
                subject: Subject::Uncached,
                at: uncached.server.address("public")?,
                pids: vec![uncached.server.pid()],
                questions: ask(&new_paths, Order::Once, 3),
            },
        ];
        if let Some(nginx) = &nginx {
            let pids = system::children(nginx.server.pid(), "worker process");
            ensure!(!pids.is_empty(), "nginx has no worker");
            subjects.push(Measured {
                subject: Subject::Nginx,
                at: nginx.at,
                pids,
                questions: ask(&paths, Order::Uniform, 4),
            });
        }

        let mut bench = Self {
            options,
            cores,
            dir,
            runtime,
            hello,
            portal: portal_,
            cached,
            slow_portal,
            uncached,
            nginx,
            subjects,
            warmed: 0,
        };
        progress(&format!("asking for {} dossiers once", options.dossiers));
        // Through nginx, where there is one: the same answers warm both.
        let at = match &bench.nginx {
            Some(nginx) => nginx.at,
            None => bench.cached.server.address("public")?,
        };
        let warm = ask(&paths, Order::Once, 5);
        // No more at one time than the portal's stack lets through and queues.
        let outcome = bench.runtime.block_on(async {
            Client::connect(at, options.connections.min(64), warm, Waiting::Asleep).await?.run(Pace::Through).await
        })?;
        ensure!(outcome.not_good() == 0, "while warming: {:?}; log: {}", outcome.statuses, bench.cached.server.log());
        bench.warmed = outcome.requests;
        // The portal has no more to say, and (c) is warmed at its own pace.
        let span = Duration::from_secs(2);
        let per_second = u32::try_from(UNCACHED_BEFORE).unwrap_or(1) / 2;
        if let Some(subject) = bench.subject(Subject::Uncached) {
            let questions = Rc::clone(&subject.questions);
            let at = subject.at;
            let connections = options.connections;
            bench.runtime.block_on(async {
                Client::connect(at, connections, questions, Waiting::Asleep)
                    .await?
                    .run(Pace::Open { per_second, span })
                    .await
            })?;
        }
        Ok(bench)
    }

    fn subject(&self, wanted: Subject) -> Option<&Measured> {
        self.subjects.iter().find(|measured| measured.subject == wanted)
    }

    /// The rounds, then the proofs.
    pub(super) fn measure(self, load_before: f64) -> anyhow::Result<Found> {
        let options = self.options;
        let cold_starts = {
            progress("cold starts");
            cold::starts(options, self.cores, self.dir, self.portal.address("portal")?)?
        };
        let before = self.metrics()?;
        let mut phases = Vec::new();
        for round in 1..=options.rounds {
            let mut plan = self.plan();
            if round % 2 == 0 {
                plan.reverse();
            }
            for (subject, pace) in plan {
                let Some(measured) = self.subject(subject) else { continue };
                let kind = if pace.planned().is_some() { "open" } else { "closed" };
                progress(&format!("round {round} of {}: {}, {kind} loop", options.rounds, subject.name()));
                let phase = self.phase(measured, pace, round);
                phases.push(phase.with_context(|| format!("{}; its log: {}", subject.name(), self.log(subject)))?);
            }
        }
        let wrk = self.wrk()?;
        let after = self.metrics()?;
        let resident = system::resident(self.cached.server.pid())?;
        let load_after = system::load_average();

        let answers = |subject: Subject| -> u64 {
            phases.iter().filter(|phase| phase.subject == subject).map(|phase| phase.outcome.requests).sum()
        };
        let measured = answers(Subject::Cached);
        let bodies: u64 =
            phases.iter().filter(|phase| phase.subject == Subject::Cached).map(|phase| phase.outcome.body_bytes).sum();
        let asked = self.subject(Subject::Cached).context("(b)")?.questions.borrow();
        let (written, numbers, clients) = (asked.asked(), asked.numbers(), asked.clients());
        drop(asked);
        let grown = |name: &str, label: &str| metric(&after, name, label).saturating_sub(metric(&before, name, label));
        let mut proofs = Vec::new();
        let not_good: BTreeMap<_, _> = phases
            .iter()
            .filter(|phase| phase.outcome.not_good() > 0)
            .map(|phase| (phase.subject.name(), &phase.outcome.statuses))
            .collect();
        proofs.push(Proof::new(not_good.is_empty(), format!("every answer was a 200 {}", shown(&not_good))));
        proofs.push(Proof::equal("(b) answers to the requests sent", measured, written));
        proofs.push(Proof::equal(
            "(b) answers out of the cache, by the gateway's count",
            grown("portal_cache_total", "result=\"hit\""),
            measured,
        ));
        proofs.push(Proof::equal(
            "(b) requests, by the gateway's count",
            grown("http_requests_total", "route=\"/api/v1/dossiers/{number}\""),
            measured,
        ));
        for (who, spread) in [("numbers", &numbers), ("clients", &clients)] {
            let (least, most) = spread.least_and_most();
            let what = format!(
                "(b) {who} uniform over all {}: hits a bucket {least} to {most}, χ²/df {:.2}, {} never",
                spread.keys,
                spread.chi_square(),
                spread.never
            );
            proofs.push(Proof::new(spread.is_even(), what));
        }
        let limiter_keys = metric(&after, "limits_keys", "");
        let address_keys = metric(&after, "http_address_limit_keys", "");
        proofs.push(Proof::new(
            // One that asked once, long ago, owes nothing any more.
            limiter_keys * 100 >= u64::from(options.addresses) * 90,
            format!("(b) the limiter holds {limiter_keys} live keys"),
        ));

        progress("stopping and counting rows");
        let Self { runtime, hello, portal, cached, slow_portal, uncached, nginx, warmed, .. } = self;
        if let Some(nginx) = nginx {
            nginx.server.stop()?;
            // What nginx passed on shows in the audit of (b).
        }
        let has_nginx = phases.iter().any(|phase| phase.subject == Subject::Nginx);
        for (name, gateway, requests) in
            [("(b)", cached, measured + warmed), ("(c)", uncached, answers(Subject::Uncached) + UNCACHED_BEFORE)]
        {
            let database = gateway.database.clone();
            gateway.server.stop()?;
            proofs.push(Proof::equal(
                &format!("{name} audit rows in SQLite"),
                audit_rows(&runtime, &database)?,
                requests,
            ));
        }
        portal.stop()?;
        slow_portal.stop()?;
        drop(hello);
        Ok(Found {
            cores: self.cores,
            load_before,
            load_after,
            proofs,
            cold_starts,
            resident,
            answer_bytes: bodies / measured.max(1),
            numbers,
            clients,
            limiter_keys,
            address_keys,
            wrk,
            nginx: has_nginx,
            phases,
        })
    }

    fn log(&self, subject: Subject) -> String {
        match subject {
            Subject::Hello => self.hello.log(),
            Subject::Cached => self.cached.server.log(),
            Subject::Uncached => self.uncached.server.log(),
            Subject::Nginx => self.nginx.as_ref().map(|nginx| nginx.server.log()).unwrap_or_default(),
        }
    }

    fn plan(&self) -> Vec<(Subject, Pace)> {
        let span = self.options.span();
        let closed = Pace::Closed { span };
        let open = Pace::Open { per_second: self.options.rate, span };
        let uncached = Pace::Open { per_second: self.options.uncached_rate, span };
        vec![
            (Subject::Hello, closed),
            (Subject::Cached, closed),
            (Subject::Nginx, closed),
            (Subject::Hello, open),
            (Subject::Cached, open),
            (Subject::Nginx, open),
            (Subject::Uncached, uncached),
        ]
    }

    fn phase(&self, measured: &Measured, pace: Pace, round: u32) -> anyhow::Result<Phase> {
        let questions = Rc::clone(&measured.questions);
        // The portal of (c) shares the generator's core, and needs it.
        let waiting = match (self.cores, measured.subject) {
            (Cores::Apart, Subject::Hello | Subject::Cached | Subject::Nginx) => Waiting::Awake,
            (Cores::Apart, Subject::Uncached) | (Cores::Shared, _) => Waiting::Asleep,
        };
        let client =
            self.runtime.block_on(Client::connect(measured.at, self.options.connections, questions, waiting))?;
        // The server takes the connections.
        pause(Duration::from_millis(50));
        let before = self.reading(&measured.pids)?;
        let outcome = self.runtime.block_on(client.run(pace))?;
        pause(AFTERMATH);
        let after = self.reading(&measured.pids)?;
        Ok(Phase {
            round,
            subject: measured.subject,
            pace,
            outcome,
            server_cpu: after.server - before.server,
            generator_cpu: after.generator - before.generator,
            disturbance: Disturbance::between(
                before.busy,
                after.busy,
                after.at - before.at,
                after.ours.saturating_sub(before.ours),
            ),
        })
    }

    fn reading(&self, server: &[u32]) -> anyhow::Result<Reading> {
        let generator = system::cpu_of(&[std::process::id()])?;
        let portals = system::cpu_of(&[self.portal.pid(), self.slow_portal.pid()])?;
        let mut servers = Duration::ZERO;
        for measured in &self.subjects {
            servers += system::cpu_of(&measured.pids)?;
        }
        Ok(Reading {
            at: Instant::now(),
            server: system::cpu_of(server)?,
            generator,
            ours: generator + portals + servers,
            busy: system::busy()?,
        })
    }

    fn metrics(&self) -> anyhow::Result<String> {
        metrics(&self.cached.server)
    }

    /// (a) under another generator, where it is installed: a witness for ours.
    fn wrk(&self) -> anyhow::Result<Option<(f64, Duration)>> {
        if !system::is_installed("wrk", "-v") {
            return Ok(None);
        }
        progress("(a) under wrk");
        let span = self.options.span();
        let pids = [self.hello.pid()];
        let before = system::cpu_of(&pids)?;
        let ran = Command::new("wrk")
            .args(["--threads", "1", "--connections", &self.options.connections.to_string()])
            .args(["--duration", &format!("{}s", span.as_secs())])
            .args(["--header", "accept-language: vi", "--header", "x-forwarded-for: 10.0.0.1"])
            .arg(format!("http://{}/hello", self.hello.address("public")?))
            .output()
            .context("wrk")?;
        let used = system::cpu_of(&pids)? - before;
        let text = String::from_utf8_lossy(&ran.stdout);
        let requests = text.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse::<u32>().ok());
        Ok(requests
            .filter(|&requests| requests > 0)
            .map(|requests| (f64::from(requests) / span.as_secs_f64(), used / requests)))
    }
}

struct Reading {
    at: Instant,
    server: Duration,
    generator: Duration,
    ours: Duration,
    busy: Busy,
}

fn shown<T: std::fmt::Debug>(map: &BTreeMap<&str, T>) -> String {
    if map.is_empty() { String::new() } else { format!("{map:?}") }
}
