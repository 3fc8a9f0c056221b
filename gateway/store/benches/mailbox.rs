//! Full round trips through the mailbox's ports: a message comes in, its
//! answer is written down and begun, taken by a provider, and its receipt
//! comes. Each call returns after its commit. `cargo bench -p gateway-store
//! --bench mailbox`; with `DAKENH_TEST_POSTGRES` on PostgreSQL too. Numbers
//! after `--`: seconds of each run, then messages that were seen before.
#![expect(clippy::unwrap_used, reason = "a bench that fails shall say so at once")]
#![expect(clippy::print_stdout, reason = "its figures are its output")]

#[path = "../tests/stories/mail.rs"]
#[expect(dead_code, reason = "stories send more than the bench")]
mod mail;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gateway_core::domain::DeliveryState;
use gateway_core::ports::{
    Clock, Fate, HandedOver, Inbox as _, NewInbound, Outbox as _, ReceiptFate, Received, Settlement,
};
use gateway_store::{Mailbox, Store, StoreConfig};
use mail::{inbound, outbound, receipt};
use sqlx::{AssertSqlSafe, Connection};

struct RealClock;

#[async_trait]
impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// CPU time of this process so far, from `/proc/self/stat` (proc(5), fields 14
/// and 15, in hundredths of a second).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(10 * ticks)
}

async fn round_trip(mailbox: &Mailbox, n: u64, lag: &AtomicU64) {
    let started = Instant::now();
    let now = RealClock.now();
    let message: NewInbound = inbound(n, now);
    let Received::New(message) = mailbox.receive(message).await.unwrap() else { unreachable!("keys are new") };
    let send = vec![outbound(Some(message.id), true, now)];
    let answer = Settlement { fate: Fate::Answered, send, rest: None };
    let sent = mailbox.settle(message.id, answer).await.unwrap().unwrap();
    let id = format!("{:016X}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let accepted = HandedOver::Accepted { id: id.as_str().into(), at: RealClock.now() };
    mailbox.conclude(sent[0].id, accepted).await.unwrap();
    let fate = mailbox.receipt(receipt(&id, DeliveryState::Delivered, RealClock.now())).await.unwrap();
    assert!(matches!(fate, ReceiptFate::Matched { .. }));
    lag.fetch_add(u64::try_from(started.elapsed().as_micros()).unwrap(), Ordering::Relaxed);
}

async fn run(name: &str, store: &Store, next: &Arc<AtomicU64>, callers: usize, seconds: u64) {
    let mailbox = Arc::new(store.start_mailbox().await.unwrap());
    let (stop, lag) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (first, cpu_before, started) = (next.load(Ordering::Relaxed), cpu(), Instant::now());
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (mailbox, next) = (Arc::clone(&mailbox), Arc::clone(next));
            let (stop, lag) = (Arc::clone(&stop), Arc::clone(&lag));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    round_trip(&mailbox, next.fetch_add(1, Ordering::Relaxed), &lag).await;
                }
            })
        })
        .collect();
    RealClock.sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    let (trips, took, cpu) = (next.load(Ordering::Relaxed) - first, started.elapsed(), cpu() - cpu_before);
    #[expect(clippy::cast_precision_loss, reason = "figures to read")]
    let (per_second, cpu_each, ms_each) = (
        trips as f64 / took.as_secs_f64(),
        cpu.as_secs_f64() * 1e6 / trips as f64,
        lag.load(Ordering::Relaxed) as f64 / trips as f64 / 1_000.0,
    );
    println!(
        "{name:<9} {callers:>4} callers: {per_second:>7.0} round trips/s, {cpu_each:>5.1} us CPU of this process and \
         {ms_each:>5.1} ms each ({trips} in {took:.1?})"
    );
    mailbox.close().await.unwrap();
}

/// Messages of the last days.
async fn remember(store: &Store, url: &str, count: u64) {
    if count == 0 || store.kind() != "sqlite" {
        return;
    }
    let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
    let fill = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO seen_messages SELECT randomblob(16), i FROM n"
    );
    sqlx::raw_sql(AssertSqlSafe(fill)).execute(&mut connection).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the run hands its server over in the environment")]
fn server() -> Option<String> {
    std::env::var("DAKENH_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

#[tokio::main]
async fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let (seconds, seen) = (numbers.first().copied().unwrap_or(5), numbers.get(1).copied().unwrap_or(0));
    let next = Arc::new(AtomicU64::new(0));

    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/mailbox.db", folder.path().display());
    let store =
        Store::connect(&StoreConfig { url: url.clone(), ..StoreConfig::default() }, Arc::new(RealClock)).await.unwrap();
    store.migrate().await.unwrap();
    remember(&store, &url, seen).await;
    for callers in [50, 500, 1_000] {
        run("sqlite", &store, &next, callers, seconds).await;
    }
    store.close().await;

    let Some(server) = server() else { return };
    let name = format!("dakenh_bench_{}", std::process::id());
    let mut admin = sqlx::PgConnection::connect(&server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    for writers in [1, 2] {
        let mut config = StoreConfig { url: url.clone(), ..StoreConfig::default() };
        config.mailbox.writers = writers;
        let store = Store::connect(&config, Arc::new(RealClock)).await.unwrap();
        store.migrate().await.unwrap();
        for callers in [50, 500] {
            run(&format!("pg x{writers}"), &store, &next, callers, seconds).await;
        }
        store.close().await;
    }
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
}
