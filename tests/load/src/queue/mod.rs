//! `load queue`: terminals that want numbers at the same moment, at the store's
//! port: no gap, no double, and how long each waits.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use clap::Args;
use gateway_core::domain::queue::{Prefix, Priority, ServiceKey, SiteCode, Ticket, TicketCode, TicketKey};
use gateway_core::ports::{Clock, NewTicket, Queue, Randomness, Taken};
use gateway_store::{Queues, Store, StoreConfig};
use hdrhistogram::Histogram;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use rand::Rng as _;
use serde_json::json;
use tokio::sync::Barrier;

use crate::proof::Proof;
use crate::report::{Goal, finish, goals_and_proofs, ms, say};
use crate::system;

/// Services of the centre, by whose letters numbers are told apart.
const SERVICES: [(&str, &str); 3] = [("ho-tich", "A"), ("dat-dai", "B"), ("can-cuoc", "C")];
const DAY: Date = date(2026, 11, 27);

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary; numbers are asked for at the store's port, so it is
    /// not started.
    #[arg(long, value_name = "FILE", hide = true)]
    dakenh: Option<PathBuf>,
    /// Terminals at the same moment.
    #[arg(long, default_value_t = 50, value_name = "N")]
    terminals: u32,
    /// Numbers of each round, over all terminals.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    takes: u32,
    /// Rounds, each at a centre of its own; the middle one by its p99 is told.
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: u32,
    /// A PostgreSQL database in place of a new SQLite file. It is migrated, and
    /// centres are added to it.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One small round: shows that everything works, says nothing about speed.
    #[arg(long, alias = "quick")]
    smoke: bool,
}

/// What a round showed.
struct Round {
    took: Duration,
    waits: Histogram<u64>,
    given: u64,
    gaps: u64,
    doubles: u64,
    on_disk: u64,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut options = options.clone();
    if options.smoke {
        (options.terminals, options.takes, options.rounds) = (10, 100, 1);
    }
    ensure!((1..=1_000).contains(&options.terminals), "--terminals: 1 to 1,000");
    ensure!(options.takes.is_multiple_of(options.terminals), "--takes: as many for each terminal");
    ensure!((1..=20_000).contains(&options.takes), "--takes: 1 to 20,000");
    ensure!((1..=99).contains(&options.rounds), "--rounds: 1 to 99");
    let load_before = system::load_average();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let rounds = runtime.block_on(measure(&options))?;
    report(&options, rounds, load_before)
}

async fn measure(options: &Options) -> anyhow::Result<Vec<Round>> {
    let folder = tempfile::Builder::new().prefix("dakenh-queue-").tempdir().context("a folder for the database")?;
    let url = match &options.postgres {
        Some(url) => url.clone(),
        None => format!("sqlite://{}/dakenh.db", folder.path().display()),
    };
    let store = Store::connect(&StoreConfig { url, ..StoreConfig::default() }, Arc::new(RealTime)).await?;
    store.migrate().await?;
    let queues = Arc::new(store.start_queues());
    let mut rounds = Vec::new();
    // The first one warms statements and pages, and is not told.
    for number in 0..=options.rounds {
        let round = one_round(options, &queues, number).await?;
        if number > 0 || options.smoke {
            rounds.push(round);
        }
    }
    queues.close().await;
    store.close().await;
    Ok(rounds)
}

async fn one_round(options: &Options, queues: &Arc<Queues>, number: u32) -> anyhow::Result<Round> {
    // A centre of its own, also where the database had rounds before.
    let site = SiteCode::parse(&format!("{:08x}.{number:02}", SystemRandomness.next_u64() & 0xffff_ffff));
    let site = site.context("a centre")?;
    let start = Arc::new(Barrier::new(usize::try_from(options.terminals)?));
    let each = options.takes / options.terminals;
    let began = Instant::now();
    let terminals: Vec<_> = (0..options.terminals)
        .map(|terminal| tokio::spawn(at_terminal(Arc::clone(queues), Arc::clone(&start), site.clone(), terminal, each)))
        .collect();
    let (mut waits, mut tickets) = (Histogram::<u64>::new(3)?, Vec::new());
    for terminal in terminals {
        for (waited, ticket) in terminal.await.context("terminal")?? {
            waits.record(u64::try_from(waited.as_nanos())?)?;
            tickets.push(ticket);
        }
    }
    let took = began.elapsed();
    let (gaps, doubles) = gaps_and_doubles(
        &tickets.iter().map(|ticket| (ticket.number.prefix.to_string(), ticket.number.serial)).collect::<Vec<_>>(),
    )?;
    let kept = on_disk(queues, &site, DAY).await?;
    let given = u64::try_from(tickets.len())?;
    let told: BTreeSet<_> = tickets.iter().map(|ticket| (ticket.id, ticket.number, ticket.code.as_str())).collect();
    let on_disk = kept.iter().filter(|ticket| told.contains(&(ticket.id, ticket.number, ticket.code.as_str()))).count();
    Ok(Round { took, waits, given, gaps, doubles, on_disk: u64::try_from(on_disk)? })
}

/// Serials that nobody got below the last one of their letters, and those that
/// two got.
fn gaps_and_doubles(numbers: &[(String, u32)]) -> anyhow::Result<(u64, u64)> {
    let (mut gaps, mut doubles) = (0, 0);
    for (_, prefix) in SERVICES {
        let serials: Vec<u32> = numbers.iter().filter(|(of, _)| of == prefix).map(|(_, serial)| *serial).collect();
        let apart: BTreeSet<u32> = serials.iter().copied().collect();
        doubles += u64::try_from(serials.len() - apart.len())?;
        let last = apart.last().copied().unwrap_or_default();
        gaps += u64::from(last) - u64::try_from(apart.len())?;
    }
    Ok((gaps, doubles))
}

/// All numbers of a centre's day.
async fn on_disk(queues: &Queues, site: &SiteCode, day: Date) -> anyhow::Result<Vec<Ticket>> {
    let mut kept = queues.history(site, (day, day), None, 10_000).await?;
    while let Some(last) = kept.last().map(|ticket| ticket.id) {
        let more = queues.history(site, (day, day), Some(last), 10_000).await?;
        if more.is_empty() {
            break;
        }
        kept.extend(more);
    }
    Ok(kept)
}

/// One after the other, as fast as they are given.
async fn at_terminal(
    queues: Arc<Queues>,
    start: Arc<Barrier>,
    site: SiteCode,
    terminal: u32,
    takes: u32,
) -> anyhow::Result<Vec<(Duration, Ticket)>> {
    start.wait().await;
    let mut taken = Vec::new();
    for n in 0..takes {
        let service = SERVICES.into_iter().cycle().nth(usize::try_from(terminal + n)? % SERVICES.len());
        let (key, prefix) = service.context("a service")?;
        let priority = if n.is_multiple_of(7) { Priority::Elderly } else { Priority::None };
        let bits = u128::from(SystemRandomness.next_u64()) << 64 | u128::from(SystemRandomness.next_u64());
        let wish = NewTicket {
            site: site.clone(),
            day: DAY,
            service: ServiceKey::parse(key).context("a service's key")?,
            prefix: Prefix::parse(prefix).context("a prefix")?,
            priority,
            key: TicketKey(bits.to_be_bytes()),
            code: TicketCode::new(&SystemRandomness),
            at: RealTime.now(),
            longest: 20_000,
            local: None,
        };
        let asked = Instant::now();
        match queues.take(wish).await? {
            Taken::New(ticket, _) => taken.push((asked.elapsed(), ticket)),
            other => anyhow::bail!("not a new number: {other:?}"),
        }
    }
    Ok(taken)
}

fn report(options: &Options, mut rounds: Vec<Round>, load_before: f64) -> anyhow::Result<()> {
    rounds.sort_by_key(|round| round.waits.value_at_quantile(0.99));
    let sum = |of: fn(&Round) -> u64| rounds.iter().map(of).sum::<u64>();
    let (given, gaps, doubles, on_disk) =
        (sum(|round| round.given), sum(|round| round.gaps), sum(|round| round.doubles), sum(|round| round.on_disk));
    let middle = rounds.get(rounds.len() / 2).context("a round")?;
    let (p50, p99, most) = (ms(&middle.waits, 0.5), ms(&middle.waits, 0.99), ms(&middle.waits, 1.0));
    let a_second = f64::from(options.takes) / middle.took.as_secs_f64();
    let database = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite, synchronous=FULL" };
    let road = "at the store's port";
    let wanted = u64::from(options.takes) * u64::from(options.rounds);
    let proofs = [
        Proof::equal("numbers given", given, wanted),
        Proof::equal("gaps", gaps, 0),
        Proof::equal("doubles", doubles, 0),
        Proof::equal("numbers on disk as they were told", on_disk, given),
    ];
    let goals = [Goal::new(p99 < 20.0, "p99 of a number below 20 ms", format!("{p99:.1} ms"))];
    let Options { terminals, takes, rounds: count, .. } = options;
    let mut lines = vec![
        format!("numbers of a queue: {terminals} terminals at once, {takes} takes a round, {count} rounds"),
        system::machine(),
        format!("{database}, {road}; each number is on disk when it is told"),
        String::new(),
        format!("p50 {p50:.2} ms   p99 {p99:.2} ms   most {most:.2} ms   {a_second:.0} a second (the middle round)"),
    ];
    let each: Vec<String> = rounds.iter().map(|round| format!("{:.1}", ms(&round.waits, 0.99))).collect();
    lines.push(format!("p99 of each round, sorted: {} ms", each.join(", ")));
    lines.push(format!("gaps {gaps}, doubles {doubles}"));
    lines.push(format!("load average {load_before:.2} before, {:.2} after", system::load_average()));
    lines.push(String::new());
    lines.extend(goals_and_proofs(&goals, &proofs));
    let figures = json!({
        "terminals": terminals, "takes": takes, "rounds": count, "database": database, "road": road,
        "p50_ms": p50, "p99_ms": p99, "most_ms": most, "per_second": a_second,
        "gaps": gaps, "doubles": doubles, "goals": Goal::json(&goals),
    });
    if options.smoke {
        say("a smoke run says nothing about speed");
    }
    finish(&lines, options.json.as_deref(), &figures, &proofs)
}

struct RealTime;

#[async_trait]
impl Clock for RealTime {
    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn next_u64(&self) -> u64 {
        rand::rng().random()
    }
}
