//! The open loop: webhooks are due at fixed times, whatever the gateway does.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hdrhistogram::Histogram;
use jiff::Timestamp;
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use super::book::{Book, user};
use super::{EACH, Options, zalo};
use crate::generator::{Connection, histogram};

/// Nothing was answered for so long: what is missing is lost.
const PATIENCE: Duration = Duration::from_secs(30);
/// The provider sends again what was not taken.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// … and so often.
const TRIES: u32 = 30;

/// What came of the webhooks.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Webhooks, duplicates included.
    pub(super) sent: u64,
    pub(super) duplicates: u64,
    /// From the start to the last of the schedule.
    pub(super) sending: Duration,
    /// From when a webhook was due to its status, in nanoseconds.
    pub(super) acknowledging: Histogram<u64>,
    /// How late a webhook was sent: part of it.
    pub(super) lag: Histogram<u64>,
    /// First answers by status.
    pub(super) statuses: BTreeMap<u16, u64>,
}

/// A webhook: of which message, and when after the start.
#[derive(Clone, Copy)]
struct Due {
    after: Duration,
    which: usize,
}

struct Tally {
    acknowledging: Histogram<u64>,
    lag: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    refused: Vec<usize>,
}

/// What every connection needs.
struct Run {
    numbers: Vec<String>,
    rate: u32,
    start: Instant,
    /// The same moment by the clock of the wall, in milliseconds.
    at: i64,
    book: Book,
    tally: Mutex<Tally>,
}

/// Sends the whole schedule, then what was refused, and waits for the answers.
pub(super) async fn run(
    options: &Options,
    gateway: SocketAddr,
    numbers: &[String],
    book: &Book,
) -> anyhow::Result<Outcome> {
    let schedule = schedule(options);
    let sent = schedule.len() as u64;
    let start = book.begin(numbers, options.messages());
    let run = Arc::new(Run {
        numbers: numbers.to_vec(),
        rate: options.rate,
        start,
        // A second ago: no stamp is ahead of the gateway's clock.
        at: wall() - 1_000,
        book: book.clone(),
        tally: Mutex::new(Tally {
            acknowledging: histogram()?,
            lag: histogram()?,
            statuses: BTreeMap::new(),
            refused: Vec::new(),
        }),
    });
    let (send, due) = unbounded_channel();
    // A thread of its own: tokio's timer ticks once a millisecond.
    std::thread::spawn(move || {
        for due in schedule {
            let wait = (start + due.after).saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                crate::process::pause(wait);
            }
            if send.send(due).is_err() {
                return;
            }
        }
    });
    let due = Arc::new(tokio::sync::Mutex::new(due));
    let mut tasks = JoinSet::new();
    for _ in 0..options.connections {
        let connection = Connection::open(gateway).await?;
        tasks.spawn(Arc::clone(&run).work(connection, Arc::clone(&due)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.context("generator")??;
    }
    let sending = start.elapsed();
    run.again(gateway).await?;
    all_answered(book, options.messages() as u64).await;
    let tally = run.tally.lock();
    Ok(Outcome {
        sent,
        duplicates: sent - options.messages() as u64,
        sending,
        acknowledging: tally.acknowledging.clone(),
        lag: tally.lag.clone(),
        statuses: tally.statuses.clone(),
    })
}

/// Every message in its time, some twice, each late by a time of its own.
fn schedule(options: &Options) -> Vec<Due> {
    let mut dice = StdRng::seed_from_u64(options.seed);
    let mut all = Vec::with_capacity(options.messages() * 21 / 20);
    for which in 0..options.messages() {
        let copies = if dice.random_range(0..100) < options.duplicates { 2 } else { 1 };
        for _ in 0..copies {
            let late = Duration::from_micros(dice.random_range(0..=u64::from(options.shuffle_ms) * 1_000));
            all.push(Due { after: natural(which, options.rate) + late, which });
        }
    }
    all.sort_unstable_by_key(|due| due.after);
    all
}

/// When its citizen sent it, after the start.
fn natural(which: usize, rate: u32) -> Duration {
    Duration::from_secs(1).mul_f64(which as f64 / f64::from(rate.max(1)))
}

impl Run {
    async fn work(
        self: Arc<Self>,
        mut connection: Connection,
        due: Arc<tokio::sync::Mutex<UnboundedReceiver<Due>>>,
    ) -> anyhow::Result<()> {
        loop {
            // Whoever is idle the longest holds the lock and gets the next.
            let next = due.lock().await.recv().await;
            let Some(Due { after, which }) = next else { return Ok(()) };
            let (due, sent) = (self.start + after, Instant::now());
            self.book.sent(which, due);
            let (status, _) = connection.exchange(&self.request(which)).await?;
            let now = Instant::now();
            if status == 200 {
                self.book.acknowledged(which);
            }
            let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).max(1);
            let mut tally = self.tally.lock();
            tally.acknowledging.saturating_record(nanos(now.saturating_duration_since(due)));
            tally.lag.saturating_record(nanos(sent.saturating_duration_since(due)));
            *tally.statuses.entry(status).or_default() += 1;
            if status != 200 {
                tally.refused.push(which);
            }
        }
    }

    /// Sends what was refused until it is taken.
    async fn again(&self, gateway: SocketAddr) -> anyhow::Result<()> {
        let mut refused = std::mem::take(&mut self.tally.lock().refused);
        for _ in 0..TRIES {
            if refused.is_empty() {
                return Ok(());
            }
            crate::sms::wait(AGAIN_AFTER).await;
            let mut connection = Connection::open(gateway).await?;
            let mut left = Vec::new();
            for which in refused {
                match connection.exchange(&self.request(which)).await?.0 {
                    200 => self.book.acknowledged(which),
                    _ => left.push(which),
                }
            }
            refused = left;
        }
        bail!("{} webhooks were never taken", refused.len())
    }

    fn request(&self, which: usize) -> Vec<u8> {
        let (citizen, about) = (which / EACH, which % EACH);
        let number = self.numbers.get(about).map(String::as_str).unwrap_or_default();
        let since = i64::try_from(natural(which, self.rate).as_millis()).unwrap_or(i64::MAX);
        zalo::webhook(&user(citizen), &format!("m{which}"), &question(number), self.at.saturating_add(since))
    }
}

/// How a citizen asks for a dossier.
pub(super) fn question(number: &str) -> String {
    format!("hồ sơ {number} tới đâu rồi")
}

/// Returns when everything is answered, or nothing was for a while.
async fn all_answered(book: &Book, messages: u64) {
    let (mut before, mut since) = (book.answered(), Instant::now());
    while before < messages && since.elapsed() < PATIENCE {
        crate::sms::wait(Duration::from_millis(50)).await;
        let now = book.answered();
        if now != before {
            (before, since) = (now, Instant::now());
        }
    }
}

/// Milliseconds since the epoch.
#[expect(clippy::disallowed_methods, reason = "a provider stamps its events by a clock of its own")]
pub(super) fn wall() -> i64 {
    Timestamp::now().as_millisecond()
}
