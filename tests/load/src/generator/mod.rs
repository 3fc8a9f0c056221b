//! The load: requests over kept-alive connections, one at a time on each.
//!
//! *Closed*: a connection asks again as soon as it is answered; the server is
//! busy all the time, which is what CPU a request is measured at. *Open*: the
//! requests are due at fixed times, whatever the server does, and a latency
//! runs from the moment the request was **due**: a server that stalls for a
//! second is charged for each request of that second.
//!
//! On a core of its own the generator never sleeps. Waking it would be the
//! server's work (an interrupt to the other core, microseconds on a virtual
//! machine), and more of it the slower the server is.

mod connection;
mod questions;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hdrhistogram::Histogram;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, LocalSet};

pub(crate) use connection::Connection;
pub(crate) use questions::{Order, Questions, Uniformity, addresses};
pub(crate) use wire::fetch;

/// Questions, shared by the connections of one phase after the other.
pub(crate) type SharedQuestions = Rc<RefCell<Questions>>;

/// When requests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Each connection asks as soon as it is answered, for this long.
    Closed { span: Duration },
    /// So many a second for this long, however slow the answers are.
    Open { per_second: u32, span: Duration },
    /// Each connection asks until the questions run out.
    Through,
}

impl Pace {
    /// Requests that an open loop sends, exactly.
    pub(crate) fn planned(self) -> Option<u64> {
        match self {
            Self::Open { per_second, span } => u64::try_from(u128::from(per_second) * span.as_millis() / 1_000).ok(),
            Self::Closed { .. } | Self::Through => None,
        }
    }
}

/// What came of a phase.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Requests sent; each was answered, or the phase failed.
    pub(crate) requests: u64,
    /// From the start to the last answer.
    pub(crate) elapsed: Duration,
    /// From the start to the last request.
    pub(crate) sending: Duration,
    /// In nanoseconds; from when a request was due (open) or sent.
    pub(crate) latency: Histogram<u64>,
    /// In nanoseconds: how late a request was sent, where all connections were
    /// busy or the generator itself was slow. Part of the latency.
    pub(crate) lag: Histogram<u64>,
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Bytes of all bodies.
    pub(crate) body_bytes: u64,
}

impl Outcome {
    /// Answers that were no 200.
    pub(crate) fn not_good(&self) -> u64 {
        self.statuses.iter().filter(|(status, _)| **status != 200).map(|(_, count)| *count).sum()
    }
}

/// A histogram of nanoseconds, up to a minute, with three digits.
pub(crate) fn histogram() -> anyhow::Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, 60_000_000_000, 3).context("histogram")
}

/// What the generator does while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// It looks again and again: on a core of its own.
    Awake,
    /// It sleeps: where others need the core.
    Asleep,
}

/// Connections that are open and have not been used.
pub(crate) struct Client {
    connections: Vec<Connection>,
    questions: SharedQuestions,
    waiting: Waiting,
}

impl Client {
    /// Opens so many connections.
    pub(crate) async fn connect(
        server: SocketAddr,
        count: usize,
        questions: SharedQuestions,
        waiting: Waiting,
    ) -> anyhow::Result<Self> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(Connection::open(server).await?);
        }
        Ok(Self { connections, questions, waiting })
    }

    /// Sends the load and waits for the last answer.
    ///
    /// # Errors
    /// A connection broke, an answer could not be read, or the server took
    /// three times as long as the phase.
    pub(crate) async fn run(self, pace: Pace) -> anyhow::Result<Outcome> {
        let within = match pace {
            Pace::Closed { span } | Pace::Open { span, .. } => span * 3 + Duration::from_secs(30),
            Pace::Through => Duration::from_secs(600),
        };
        match tokio::time::timeout(within, LocalSet::new().run_until(self.load(pace))).await {
            Ok(outcome) => outcome,
            Err(_) => bail!("the server did not answer within {} s", within.as_secs()),
        }
    }

    async fn load(self, pace: Pace) -> anyhow::Result<Outcome> {
        let record = Rc::new(RefCell::new(Record::new()?));
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        let due = match pace {
            Pace::Open { per_second, .. } => {
                let (send, due) = unbounded_channel();
                let schedule = Schedule { start, per_second, count: pace.planned().unwrap_or_default() };
                match self.waiting {
                    Waiting::Awake => drop(tokio::task::spawn_local(schedule.tell_awake(send))),
                    // A thread of its own: tokio's timer ticks once a
                    // millisecond, which would be most of the latency.
                    Waiting::Asleep => drop(std::thread::spawn(move || schedule.tell_asleep(&send))),
                }
                Some(Rc::new(tokio::sync::Mutex::new(due)))
            }
            Pace::Closed { .. } | Pace::Through => None,
        };
        let awake = match self.waiting {
            Waiting::Awake => Some(tokio::task::spawn_local(stay_awake())),
            Waiting::Asleep => None,
        };
        let end = match pace {
            Pace::Closed { span } => Some(start + span),
            Pace::Open { .. } | Pace::Through => None,
        };
        for connection in self.connections {
            let worker = Worker { connection, questions: Rc::clone(&self.questions), record: Rc::clone(&record) };
            match &due {
                Some(due) => tasks.spawn_local(worker.open(Rc::clone(due))),
                None => tasks.spawn_local(worker.closed(end)),
            };
        }
        while let Some(ended) = tasks.join_next().await {
            ended.context("generator")??;
        }
        let elapsed = start.elapsed();
        if let Some(awake) = awake {
            awake.abort();
        }
        drop(tasks);
        let record = Rc::into_inner(record).context("a connection is still at work")?.into_inner();
        let Record { latency, lag, statuses, body_bytes, last_sent } = record;
        let sending = last_sent.saturating_duration_since(start);
        Ok(Outcome { requests: latency.len(), elapsed, sending, latency, lag, statuses, body_bytes })
    }
}

struct Record {
    latency: Histogram<u64>,
    lag: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    body_bytes: u64,
    last_sent: Instant,
}

impl Record {
    fn new() -> anyhow::Result<Self> {
        let (latency, lag) = (histogram()?, histogram()?);
        Ok(Self { latency, lag, statuses: BTreeMap::new(), body_bytes: 0, last_sent: Instant::now() })
    }
}

struct Worker {
    connection: Connection,
    questions: SharedQuestions,
    record: Rc<RefCell<Record>>,
}

impl Worker {
    async fn closed(mut self, end: Option<Instant>) -> anyhow::Result<()> {
        let mut now = Instant::now();
        while end.is_none_or(|end| now < end) {
            match self.ask(now, now).await? {
                Some(answered) => now = answered,
                None => break,
            }
        }
        Ok(())
    }

    async fn open(mut self, due: Rc<tokio::sync::Mutex<UnboundedReceiver<Instant>>>) -> anyhow::Result<()> {
        loop {
            // Whoever is idle the longest holds the lock and gets the next.
            let next = due.lock().await.recv().await;
            let Some(due) = next else { return Ok(()) };
            if self.ask(due, Instant::now()).await?.is_none() {
                bail!("the questions ran out");
            }
        }
    }

    /// One request; `None` where the questions have run out.
    async fn ask(&mut self, due: Instant, sent: Instant) -> anyhow::Result<Option<Instant>> {
        let Some(answer) = self.connection.ask(&self.questions).await? else { return Ok(None) };
        let now = Instant::now();
        let mut record = self.record.borrow_mut();
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).max(1);
        record.latency.saturating_record(nanos(now - due));
        record.lag.saturating_record(nanos(sent.saturating_duration_since(due)));
        *record.statuses.entry(answer.status).or_default() += 1;
        record.body_bytes += answer.body as u64;
        record.last_sent = record.last_sent.max(sent);
        Ok(Some(now))
    }
}

/// Yielding looks for what the network brought, without sleeping.
async fn stay_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

/// When each request is due. What a late wake-up missed is sent at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    pub(crate) start: Instant,
    pub(crate) per_second: u32,
    pub(crate) count: u64,
}

impl Schedule {
    fn due(self, place: u64) -> Instant {
        let after = u128::from(place) * 1_000_000_000 / u128::from(self.per_second.max(1));
        self.start + Duration::from_nanos(u64::try_from(after).unwrap_or(u64::MAX))
    }

    async fn tell_awake(self, send: UnboundedSender<Instant>) {
        for due in (0..self.count).map(|place| self.due(place)) {
            while Instant::now() < due {
                tokio::task::yield_now().await;
            }
            if send.send(due).is_err() {
                return;
            }
        }
    }

    pub(crate) fn tell_asleep(self, send: &UnboundedSender<Instant>) {
        for due in (0..self.count).map(|place| self.due(place)) {
            let wait = due.saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                #[expect(clippy::disallowed_methods, reason = "this thread keeps real time, to 60 µs or so")]
                std::thread::sleep(wait);
            }
            if send.send(due).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use axum::extract::Request;
    use axum::middleware::{Next, from_fn};

    use super::*;

    /// "hello" that counts, on a thread of its own; it ends with the process.
    fn hello() -> (SocketAddr, Arc<AtomicU64>) {
        let served = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&served);
        let (send, bound) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                let router = crate::hello::router().layer(from_fn(move |request: Request, next: Next| {
                    count.fetch_add(1, Ordering::Relaxed);
                    next.run(request)
                }));
                axum::serve(listener, router).await.unwrap();
            });
        });
        (bound.recv().unwrap(), served)
    }

    fn questions(order: Order, times: usize) -> SharedQuestions {
        let paths = vec!["/hello".to_owned(); times];
        Rc::new(RefCell::new(Questions::new(paths, addresses(1_000).unwrap(), order, 1)))
    }

    fn run(server: SocketAddr, connections: usize, questions: &SharedQuestions, pace: Pace) -> Outcome {
        run_waiting(server, connections, questions, pace, Waiting::Asleep)
    }

    fn run_waiting(
        server: SocketAddr,
        connections: usize,
        questions: &SharedQuestions,
        pace: Pace,
        waiting: Waiting,
    ) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = Client::connect(server, connections, Rc::clone(questions), waiting).await.unwrap();
            client.run(pace).await.unwrap()
        })
    }

    #[test]
    fn a_closed_loop_counts_what_the_server_counts() {
        let (server, served) = hello();
        let asked = questions(Order::Uniform, 1);
        let outcome = run(server, 8, &asked, Pace::Closed { span: Duration::from_millis(200) });
        assert!(outcome.requests >= 8, "each connection asks at least once");
        assert_eq!(outcome.requests, served.load(Ordering::Relaxed));
        assert_eq!(outcome.statuses, BTreeMap::from([(200, outcome.requests)]));
        assert_eq!(outcome.body_bytes, 5 * outcome.requests);
        assert_eq!(asked.borrow().asked(), outcome.requests);
        assert_eq!(outcome.not_good(), 0);
    }

    #[test]
    fn an_open_loop_sends_exactly_what_was_planned() {
        let (server, served) = hello();
        let asked = questions(Order::Uniform, 1);
        let pace = Pace::Open { per_second: 500, span: Duration::from_millis(200) };
        assert_eq!(pace.planned(), Some(100));
        let outcome = run(server, 4, &asked, pace);
        assert_eq!((outcome.requests, served.load(Ordering::Relaxed)), (100, 100));
        assert_eq!((outcome.latency.len(), outcome.lag.len()), (100, 100));
    }

    #[test]
    fn awake_or_asleep_the_same_is_sent() {
        let (server, served) = hello();
        let asked = questions(Order::Uniform, 1);
        let pace = Pace::Open { per_second: 1_000, span: Duration::from_millis(100) };
        assert_eq!(run_waiting(server, 4, &asked, pace, Waiting::Awake).requests, 100);
        let pace = Pace::Closed { span: Duration::from_millis(50) };
        let closed = run_waiting(server, 4, &asked, pace, Waiting::Awake).requests;
        assert_eq!(100 + closed, served.load(Ordering::Relaxed));
    }

    #[test]
    fn each_question_is_asked_once_on_the_way_through() {
        let (server, served) = hello();
        let asked = questions(Order::Once, 300);
        let outcome = run(server, 7, &asked, Pace::Through);
        assert_eq!((outcome.requests, served.load(Ordering::Relaxed)), (300, 300));
        assert_eq!(asked.borrow().numbers().least_and_most(), (3, 3));
    }

    #[test]
    fn an_answer_that_is_no_200_is_counted_as_such() {
        let (server, _) = hello();
        let paths = vec!["/nowhere".to_owned(); 3];
        let asked = Rc::new(RefCell::new(Questions::new(paths, addresses(10).unwrap(), Order::Once, 1)));
        let outcome = run(server, 1, &asked, Pace::Through);
        assert_eq!((outcome.requests, outcome.not_good()), (3, 3));
    }
}
