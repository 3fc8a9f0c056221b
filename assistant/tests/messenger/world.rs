use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use channel_assistant::messenger::{
    Arrived, Event, Intake as _, Messenger, MessengerConfig, MessengerNeeds, NotTaken, Sent, Taken, Wire,
};
use gateway_core::desk::{Audience, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Channel, Locale, Provider};
use gateway_core::ports::{Clock, HashKey};
use gateway_locale::{Locales, Renderer};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::stand_ins::{Counting, Database, Desk, Does, HandedClock, Held, ScriptedWire, Waiters};

/// The engine with one account of Zalo and the chat of the web page.
pub(crate) struct World {
    pub(crate) clock: Arc<HandedClock>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) database: Arc<Database>,
    pub(crate) waiters: Arc<Waiters>,
    pub(crate) wire: Arc<ScriptedWire>,
    pub(crate) messenger: Arc<Messenger>,
    pub(crate) stop: CancellationToken,
    pub(crate) jobs: Vec<tokio::task::JoinHandle<()>>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(MessengerConfig::default())
    }

    pub(crate) fn with(config: MessengerConfig) -> Self {
        let clock = Arc::new(HandedClock(tokio::time::Instant::now()));
        let held = Held::default();
        let desk = Arc::new(Desk {
            clock: Arc::clone(&clock) as Arc<_>,
            script: parking_lot::Mutex::default(),
            asked: parking_lot::Mutex::default(),
        });
        let database = Arc::new(Database::new(Arc::clone(&held)));
        let waiters =
            Arc::new(Waiters { held, rows: parking_lot::Mutex::default(), callbacks: parking_lot::Mutex::default() });
        let wire = Arc::new(ScriptedWire {
            clock: Arc::clone(&clock) as Arc<_>,
            provider: Provider::new("oa"),
            ends: parking_lot::Mutex::default(),
            tried: parking_lot::Mutex::default(),
            taken: parking_lot::Mutex::default(),
        });
        let stop = CancellationToken::new();
        let needs = MessengerNeeds {
            desk: Arc::clone(&desk) as Arc<_>,
            inbox: Arc::clone(&database) as Arc<_>,
            outbox: Arc::clone(&database) as Arc<_>,
            transcripts: Arc::clone(&database) as Arc<_>,
            handovers: Arc::clone(&waiters) as Arc<_>,
            renderer: Renderer::new(Arc::new(Locales::embedded().unwrap())),
            clock: Arc::clone(&clock) as Arc<_>,
            randomness: Arc::new(Counting::default()),
            hash_key: HashKey::new("k1", "a key for tests"),
            config,
        };
        let wires = vec![Arc::clone(&wire) as Arc<dyn Wire>];
        let (messenger, tasks) = Messenger::start(needs, wires, &stop);
        let jobs = tasks.into_iter().map(tokio::spawn).collect();
        Self { clock, desk, database, waiters, wire, messenger, stop, jobs }
    }

    /// What the Desk does with these words, one time after the other.
    pub(crate) fn desk_does(&self, words: &str, does: impl IntoIterator<Item = Does>) {
        self.desk.script.lock().entry(words.to_owned()).or_default().extend(does);
    }

    /// How the wire ends hand-overs to a chat, one after the other.
    pub(crate) fn wire_ends(&self, chat: &str, ends: impl IntoIterator<Item = Sent>) {
        self.wire.ends.lock().insert(chat.to_owned(), ends.into_iter().collect::<VecDeque<_>>());
    }

    /// Somebody says something on the account of Zalo, so long ago.
    pub(crate) async fn said(&self, chat: &str, words: &str, ago: Duration) -> Taken {
        self.event(Channel::Zalo, "oa", chat, words, Event::Said(words.to_owned()), ago).await
    }

    pub(crate) async fn says(&self, chat: &str, words: &str) -> Taken {
        self.said(chat, words, Duration::ZERO).await
    }

    /// The same on the web page.
    pub(crate) async fn types(&self, session: &str, words: &str) -> Taken {
        self.event(Channel::Webchat, "page", session, words, Event::Said(words.to_owned()), Duration::ZERO).await
    }

    pub(crate) async fn event(
        &self,
        channel: Channel,
        account: &str,
        chat: &str,
        id: &str,
        what: Event,
        ago: Duration,
    ) -> Taken {
        self.try_event(channel, account, chat, id, what, ago).await.unwrap()
    }

    pub(crate) async fn try_event(
        &self,
        channel: Channel,
        account: &str,
        chat: &str,
        id: &str,
        what: Event,
        ago: Duration,
    ) -> Result<Taken, NotTaken> {
        let event = Arrived {
            event_id: id.into(),
            from: chat.into(),
            chat: chat.into(),
            audience: Audience::Sender,
            locale: Some(Locale::VI),
            address: None,
            sent_at: self.clock.now() - SignedDuration::try_from(ago).unwrap(),
            what,
        };
        self.messenger.arrived(channel, &Provider::new(account), event).await
    }

    /// Lets time pass.
    pub(crate) async fn pass(&self, span: Duration) {
        self.clock.sleep(span).await;
    }

    /// Lets time pass until nothing waits for an answer and nothing to be sent.
    pub(crate) async fn settled(&self) {
        use gateway_core::domain::DeliveryState::{Queued, Submitting};
        for _ in 0..100_000 {
            self.pass(Duration::from_millis(100)).await;
            let sent = self.database.in_state(Queued) + self.database.in_state(Submitting) == 0;
            if sent && self.database.waiting.lock().is_empty() {
                return;
            }
        }
        unreachable!("it never settled");
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.desk.asked.lock().clone()
    }

    /// What a chat got, in its order.
    pub(crate) fn got(&self, chat: &str) -> Vec<String> {
        let taken = self.wire.taken.lock();
        taken.iter().filter(|(to, _)| to == chat).map(|(_, text)| text.clone()).collect()
    }

    /// When the wire was tried for a chat, in whole milliseconds from the start.
    pub(crate) fn tries(&self, chat: &str) -> Vec<i128> {
        let start: Timestamp = crate::stand_ins::NOW.parse().unwrap();
        let tried = self.wire.tried.lock();
        tried.iter().filter(|(_, to, _)| to == chat).map(|(at, ..)| at.duration_since(start).as_millis()).collect()
    }
}

pub(crate) fn refuses(kind: RefusalKind) -> Does {
    Does::Say(Err(Refusal::of(kind)))
}

/// An answer that no other question gets.
pub(crate) fn says_left() -> Does {
    Does::Say(Ok(Reply::LeftLine))
}

/// What stands in the words of an answer, in Vietnamese.
pub(crate) const HELP: &str = "quý công dân";
pub(crate) const LEFT: &str = "Đã rút khỏi hàng chờ";
pub(crate) const WAIT: &str = "Chúng tôi đã nhận câu hỏi";

/// Each text holds what is expected in its place.
pub(crate) fn reads(texts: &[String], expected: &[&str]) {
    let fits = texts.len() == expected.len() && texts.iter().zip(expected).all(|(text, word)| text.contains(word));
    assert!(fits, "{expected:?} expected, but {texts:#?}");
}

/// Counts what each chat got.
pub(crate) fn counted(world: &World) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for (chat, _) in world.wire.taken.lock().iter() {
        *counts.entry(chat.clone()).or_default() += 1;
    }
    counts
}
