//! A clock in the hand, an intake that can be held, an SMSC by script.
#![allow(dead_code, clippy::allow_attributes, reason = "each test target uses a part of it")]

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use channel_sms::codec::Alphabet;
use channel_sms::road::{Arrived, Intake, NotTaken, Part, Permit, Reported, Road, RoadState, Submitted, Taken};
use channel_sms::smpp::pdu::bind::{Bind, BindMode};
use channel_sms::smpp::pdu::frame::{self, Frames, Header};
use channel_sms::smpp::pdu::message::Message;
use channel_sms::smpp::smsc::{Reply, Script, Smsc, SmscSession};
use channel_sms::smpp::{SmppRoad, SmppRoadConfig, start};
use compact_str::CompactString;
use gateway_core::ports::{Clock, Randomness};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What must come, comes within this real time.
const SOON: Duration = Duration::from_secs(20);

/// The pace of [`HandClock::until`].
const STEP: Duration = Duration::from_millis(500);

pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, what).await.unwrap_or_else(|_| panic!("it never came"))
}

/// Time stands until a test moves it; who sleeps wakes when it is moved.
pub(crate) struct HandClock {
    now: Mutex<Timestamp>,
    sleepers: Mutex<Vec<(Timestamp, oneshot::Sender<()>)>>,
}

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        Arc::new(Self { now: Mutex::new(now), sleepers: Mutex::default() })
    }

    pub(crate) fn advance(&self, span: Duration) {
        let now = {
            let mut now = self.now.lock();
            *now += SignedDuration::try_from(span).unwrap();
            *now
        };
        for (_, wake) in self.sleepers.lock().extract_if(.., |(at, _)| *at <= now) {
            let _ = wake.send(());
        }
    }

    /// Moves time on, half a second a step, until that is done.
    pub(crate) async fn until<T>(&self, done: impl Future<Output = T>) -> T {
        tokio::pin!(done);
        for _ in 0..20_000 {
            if let Ok(done) = tokio::time::timeout(Duration::from_millis(1), &mut done).await {
                return done;
            }
            self.advance(STEP);
        }
        panic!("it never came");
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.now.lock()
    }

    async fn sleep(&self, span: Duration) {
        let (wake, woken) = oneshot::channel();
        let at = self.now() + SignedDuration::try_from(span).unwrap();
        self.sleepers.lock().push((at, wake));
        let _ = woken.await;
    }
}

/// Always the same.
pub(crate) struct NoChance;

impl Randomness for NoChance {
    fn next_u64(&self) -> u64 {
        0
    }
}

/// Keeps what comes; it can be held up and can fail.
pub(crate) struct Held {
    pub(crate) arrived: Mutex<Vec<Arrived>>,
    pub(crate) reported: Mutex<Vec<Reported>>,
    pub(crate) begun: AtomicUsize,
    pub(crate) gate: Semaphore,
    pub(crate) fails: AtomicBool,
    news: mpsc::UnboundedSender<()>,
    told: tokio::sync::Mutex<mpsc::UnboundedReceiver<()>>,
}

impl Held {
    /// With the gate open.
    pub(crate) fn open() -> Arc<Self> {
        Self::with_gate(Semaphore::MAX_PERMITS)
    }

    /// With the gate shut.
    pub(crate) fn shut() -> Arc<Self> {
        Self::with_gate(0)
    }

    fn with_gate(permits: usize) -> Arc<Self> {
        let (news, told) = mpsc::unbounded_channel();
        Arc::new(Self {
            arrived: Mutex::default(),
            reported: Mutex::default(),
            begun: AtomicUsize::new(0),
            gate: Semaphore::new(permits),
            fails: AtomicBool::new(false),
            news,
            told: told.into(),
        })
    }

    /// Waits until so many calls have begun.
    pub(crate) async fn begun(&self, count: usize) {
        let mut told = self.told.lock().await;
        while self.begun.load(Ordering::SeqCst) < count {
            soon(told.recv()).await.unwrap();
        }
    }

    async fn pass(&self) -> Result<(), NotTaken> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let _ = self.news.send(());
        self.gate.acquire().await.unwrap().forget();
        if self.fails.load(Ordering::SeqCst) { Err(NotTaken::Failed) } else { Ok(()) }
    }
}

#[async_trait]
impl Intake for Held {
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken> {
        self.pass().await?;
        self.arrived.lock().push(message);
        Ok(Taken::New)
    }

    async fn reported(&self, receipt: Reported) -> Result<(), NotTaken> {
        self.pass().await?;
        self.reported.lock().push(receipt);
        Ok(())
    }
}

/// A submit as the SMSC saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) session: usize,
    pub(crate) sequence: u32,
    pub(crate) to: CompactString,
    pub(crate) esm_class: u8,
    pub(crate) data_coding: u8,
    pub(crate) octets: Vec<u8>,
    pub(crate) tlvs: Vec<u8>,
}

/// An SMSC that answers with what it was told, else with an id; everything
/// that happens can be waited for.
pub(crate) struct Scripted {
    pub(crate) replies: Mutex<VecDeque<Reply>>,
    /// What is answered when `replies` is empty; `None`: counted ids.
    pub(crate) otherwise: Mutex<Option<Reply>>,
    pub(crate) bind_status: Mutex<VecDeque<u32>>,
    pub(crate) binds: Mutex<Vec<(BindMode, String, String)>>,
    pub(crate) silent: AtomicBool,
    pub(crate) sessions: Mutex<Vec<Arc<SmscSession>>>,
    ids: AtomicUsize,
    submits: mpsc::UnboundedSender<Seen>,
    seen: tokio::sync::Mutex<mpsc::UnboundedReceiver<Seen>>,
    events: mpsc::UnboundedSender<Event>,
    happened: tokio::sync::Mutex<mpsc::UnboundedReceiver<Event>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    AskedToBind,
    Bound,
    Enquired,
    Ended { unbound: bool },
}

impl Scripted {
    pub(crate) fn new() -> Arc<Self> {
        let (submits, seen) = mpsc::unbounded_channel();
        let (events, happened) = mpsc::unbounded_channel();
        Arc::new(Self {
            replies: Mutex::default(),
            otherwise: Mutex::default(),
            bind_status: Mutex::default(),
            binds: Mutex::default(),
            silent: AtomicBool::new(false),
            sessions: Mutex::default(),
            ids: AtomicUsize::new(0),
            submits,
            seen: seen.into(),
            events,
            happened: happened.into(),
        })
    }

    pub(crate) async fn submit(&self) -> Seen {
        soon(self.seen.lock().await.recv()).await.unwrap()
    }

    pub(crate) async fn nothing_more(&self) -> bool {
        self.seen.lock().await.try_recv().is_err()
    }

    pub(crate) async fn event(&self, wanted: Event) {
        let mut happened = self.happened.lock().await;
        while happened.recv().await.unwrap() != wanted {}
    }

    pub(crate) fn session(&self) -> Arc<SmscSession> {
        Arc::clone(self.sessions.lock().last().unwrap())
    }
}

impl Script for Scripted {
    fn bind(&self, bind: &Bind<'_>, mode: BindMode) -> u32 {
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        self.binds.lock().push((mode, text(bind.system_id), text(bind.password)));
        let _ = self.events.send(Event::AskedToBind);
        self.bind_status.lock().pop_front().unwrap_or(0)
    }

    fn bound(&self, session: &Arc<SmscSession>) {
        self.sessions.lock().push(Arc::clone(session));
        let _ = self.events.send(Event::Bound);
    }

    fn submit(&self, session: &Arc<SmscSession>, sequence: u32, message: &Message<'_>) -> Reply {
        let number = self.sessions.lock().iter().position(|one| Arc::ptr_eq(one, session)).unwrap();
        let _ = self.submits.send(Seen {
            session: number,
            sequence,
            to: CompactString::from_utf8_lossy(message.destination.digits),
            esm_class: message.esm_class,
            data_coding: message.data_coding,
            octets: message.payload().to_vec(),
            tlvs: message.tlvs.0.to_vec(),
        });
        let told = self.replies.lock().pop_front().or_else(|| self.otherwise.lock().clone());
        told.unwrap_or_else(|| {
            let id = self.ids.fetch_add(1, Ordering::SeqCst) + 1;
            Reply::Id(compact_str::format_compact!("{id:08x}"))
        })
    }

    fn enquire_link(&self) -> bool {
        let _ = self.events.send(Event::Enquired);
        !self.silent.load(Ordering::SeqCst)
    }

    fn ended(&self, _session: &Arc<SmscSession>, unbound: bool) {
        let _ = self.events.send(Event::Ended { unbound });
    }
}

/// A road with its tasks running.
pub(crate) struct Running {
    pub(crate) road: Arc<SmppRoad>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(config: SmppRoadConfig, intake: Arc<dyn Intake>) -> Self {
        let (clock, stop) = (HandClock::new(), CancellationToken::new());
        let randomness: Arc<dyn Randomness> = Arc::new(NoChance);
        let as_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let (road, tasks) = start(config, intake, as_clock, &randomness, stop.clone()).unwrap();
        let tasks = tasks.into_iter().map(tokio::spawn).collect();
        Self { road, clock, stop, tasks }
    }

    /// Waits for a permit, which is there at once where nothing hinders.
    pub(crate) async fn permit(&self) -> Box<dyn Permit> {
        soon(self.road.reserve()).await.unwrap()
    }

    pub(crate) async fn submit(&self, text: &str) -> JoinHandle<Submitted> {
        let (permit, part) = (self.permit().await, part(text));
        tokio::spawn(async move { permit.submit(&part).await })
    }

    /// Until the tasks know it: they run beside the SMSC's events.
    pub(crate) async fn state(&self, wanted: RoadState) {
        soon(async {
            while self.road.state() != wanted {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    pub(crate) async fn ended(self) {
        for task in self.tasks {
            soon(task).await.unwrap();
        }
    }
}

pub(crate) fn config(port: u16) -> SmppRoadConfig {
    SmppRoadConfig {
        name: "vnpt".into(),
        hosts: vec!["127.0.0.1".into()],
        port,
        system_id: "hcc".into(),
        password: "matkhau1".into(),
        rate_per_second: 10_000,
        ..SmppRoadConfig::default()
    }
}

pub(crate) fn part(text: &str) -> Part {
    Part {
        to: "+84901234567".into(),
        from: "8283".into(),
        text: text.to_owned(),
        alphabet: Alphabet::Gsm7,
        concatenation: None,
        valid_until: "2027-01-01T00:00:00Z".parse().unwrap(),
        receipt: true,
    }
}

/// Our SMSC and a road to it that is up.
pub(crate) async fn pair(
    intake: Arc<dyn Intake>,
    set: impl FnOnce(&mut SmppRoadConfig),
) -> (Smsc, Arc<Scripted>, Running) {
    let script = Scripted::new();
    let smsc = Smsc::listen("127.0.0.1:0", Arc::clone(&script) as Arc<dyn Script>, 1_000).await.unwrap();
    let mut config = config(smsc.address().port());
    set(&mut config);
    let running = Running::start(config, intake);
    running.state(RoadState::Up).await;
    (smsc, script, running)
}

/// An SMSC of bare octets.
pub(crate) struct Bare {
    pub(crate) stream: TcpStream,
    frames: Frames,
}

impl Bare {
    /// A road and the connection that it has bound.
    pub(crate) async fn pair(
        intake: Arc<dyn Intake>,
        set: impl FnOnce(&mut SmppRoadConfig),
    ) -> (Self, Running, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = config(listener.local_addr().unwrap().port());
        set(&mut config);
        let running = Running::start(config, intake);
        let mut bare = Self::accept(&listener).await;
        let (bind, _) = bare.pdu().await.unwrap();
        bare.send(bind.command | 0x8000_0000, 0, bind.sequence, b"smsc\0").await;
        running.state(RoadState::Up).await;
        (bare, running, listener)
    }

    pub(crate) async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = soon(listener.accept()).await.unwrap();
        Self { stream, frames: Frames::default() }
    }

    pub(crate) async fn send(&mut self, command: u32, status: u32, sequence: u32, body: &[u8]) {
        let mut out = bytes::BytesMut::new();
        frame::write(&mut out, Header { command, status, sequence }, |out| out.extend_from_slice(body));
        self.stream.write_all(&out).await.unwrap();
    }

    pub(crate) async fn raw(&mut self, octets: &[u8]) {
        self.stream.write_all(octets).await.unwrap();
    }

    /// The next PDU; `None`: the road closed the connection.
    pub(crate) async fn pdu(&mut self) -> Option<(Header, Vec<u8>)> {
        soon(self.pdu_whenever()).await
    }

    pub(crate) async fn pdu_whenever(&mut self) -> Option<(Header, Vec<u8>)> {
        loop {
            if let Some((header, body)) = self.frames.pdu().unwrap() {
                return Some((header, body.to_vec()));
            }
            self.frames.buffer.reserve(4096);
            if matches!(self.stream.read_buf(&mut self.frames.buffer).await, Ok(0) | Err(_)) {
                return None;
            }
        }
    }
}
