//! How much processor a road takes: `cargo bench -p channel-sms --bench smpp`.
//! It prints, and compares with nothing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what cannot be measured ends the bench")]

#[path = "../tests/support/smpp.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use channel_sms::road::{Arrived, Intake, NotTaken, Reported, Road as _, RoadState, Submitted, Taken};
use channel_sms::smpp::pdu::message::Message;
use channel_sms::smpp::smsc::{Reply, Script, Smsc, SmscSession, message, receipt, receipt_text};
use channel_sms::smpp::{SmppRoad, start};
use gateway_core::ports::{Clock, Randomness};
use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use support::{NoChance, config, part};

struct RealClock;

#[async_trait]
impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "what is measured is real")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "what is measured is real")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

#[derive(Default)]
struct Counts {
    arrived: AtomicU64,
    reported: AtomicU64,
}

#[async_trait]
impl Intake for Counts {
    async fn arrived(&self, _: Arrived) -> Result<Taken, NotTaken> {
        self.arrived.fetch_add(1, Ordering::Relaxed);
        Ok(Taken::New)
    }

    async fn reported(&self, _: Reported) -> Result<(), NotTaken> {
        self.reported.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

struct Echo {
    ids: AtomicU64,
    sessions: mpsc::UnboundedSender<Arc<SmscSession>>,
}

impl Script for Echo {
    fn bound(&self, session: &Arc<SmscSession>) {
        let _ = self.sessions.send(Arc::clone(session));
    }

    fn submit(&self, _: &Arc<SmscSession>, _: u32, _: &Message<'_>) -> Reply {
        Reply::Id(compact_str::format_compact!("{:x}", self.ids.fetch_add(1, Ordering::Relaxed)))
    }
}

fn runtime(name: &str) -> Runtime {
    Builder::new_multi_thread().worker_threads(1).thread_name(name).enable_all().build().unwrap()
}

/// Seconds of processor that threads of that name took.
fn processor(name: &str) -> f64 {
    let mut ticks = 0_u64;
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let Ok(stat) = std::fs::read_to_string(task.unwrap().path().join("stat")) else { continue };
        let (before, after) = stat.rsplit_once(')').unwrap();
        if before.ends_with(name) {
            let fields: Vec<&str> = after.split_whitespace().collect();
            ticks += fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        }
    }
    ticks as f64 / 100.0
}

async fn deliveries(session: Arc<SmscSession>, receipts: bool, count: u64, pace: Option<u64>) {
    let text = receipt_text("0001f", "DELIVRD", "000");
    let begun = Instant::now();
    let mut answers = Vec::new();
    for number in 0..count {
        let one = if receipts {
            receipt(b"84901234567", b"8283", text.as_bytes())
        } else {
            message(b"84901234567", b"8283", b"HS H29.5-261119-0001")
        };
        answers.push(tokio::spawn(session.deliver(&one).await.unwrap().status()));
        paced(begun, number, pace).await;
    }
    for answer in answers {
        assert_eq!(answer.await.unwrap(), Some(0));
    }
}

/// Waits so that not more than `pace` a second go.
async fn paced(begun: Instant, number: u64, pace: Option<u64>) {
    let Some(pace) = pace else { return };
    let due = Duration::from_secs_f64(number as f64 / pace as f64);
    if due > begun.elapsed() + Duration::from_millis(1) {
        RealClock.sleep(due - begun.elapsed()).await;
    }
}

async fn submits(road: Arc<SmppRoad>, count: u64, pace: Option<u64>) {
    let begun = Instant::now();
    let mut answers = Vec::new();
    for number in 0..count {
        let permit = road.reserve().await.unwrap();
        answers.push(tokio::spawn(async move { permit.submit(&part("Ho so dang xu ly, hen tra 25/11/2026.")).await }));
        paced(begun, number, pace).await;
    }
    for answer in answers {
        assert!(matches!(answer.await.unwrap(), Submitted::Accepted { .. }));
    }
}

#[expect(clippy::print_stdout, reason = "that is all that it does")]
fn run(title: &str, each: u64, pace: Option<u64>, window: u32) {
    let (smsc_side, road_side) = (runtime("smsc"), runtime("road"));
    let (sessions, mut bound) = mpsc::unbounded_channel();
    let script = Arc::new(Echo { ids: AtomicU64::new(0), sessions });
    let smsc = smsc_side.block_on(Smsc::listen("127.0.0.1:0", script, 1_000)).unwrap();
    let mut config = config(smsc.address().port());
    (config.window, config.rate_per_second) = (window, 100_000);
    let intake = Arc::new(Counts::default());
    let randomness: Arc<dyn Randomness> = Arc::new(NoChance);
    let stop = Default::default();
    let (road, tasks) = start(config, Arc::clone(&intake) as _, Arc::new(RealClock), &randomness, stop).unwrap();
    tasks.into_iter().for_each(|task| drop(road_side.spawn(task)));
    let session = smsc_side.block_on(bound.recv()).unwrap();
    while road.state() != RoadState::Up {
        std::thread::yield_now();
    }
    let (begun, before, other) = (Instant::now(), processor("road"), processor("smsc"));
    let jobs = [
        smsc_side.spawn(deliveries(Arc::clone(&session), false, each, pace)),
        smsc_side.spawn(deliveries(session, true, each, pace)),
        road_side.spawn(submits(road, each, pace)),
    ];
    smsc_side.block_on(async {
        for job in jobs {
            job.await.unwrap();
        }
    });
    let (took, used) = (begun.elapsed().as_secs_f64(), processor("road") - before);
    println!(
        "{title}: {each} deliveries, receipts and submits each in {took:.2} s: {:.0} PDU pairs/s; \
         the road took {:.0} % of a core, {:.1} µs a pair; the SMSC {:.0} %",
        3.0 * each as f64 / took,
        100.0 * used / took,
        1e6 * used / (3.0 * each as f64),
        100.0 * (processor("smsc") - other) / took,
    );
}

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    run("10,000 a second of each", 100_000, Some(10_000), 100);
    run("as fast as it goes", 200_000, None, 1_000);
    run("as fast as it goes, window 10", 100_000, None, 10);
}
