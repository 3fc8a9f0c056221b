//! Many conversations at one time, over HTTP.
//!
//! A chat is a connection (as of a proxy that speaks for many) on which one
//! dialogue follows the other. Each dialogue is a new citizen: a conversation, a
//! device and an address that were never used before, so that no limit needs to
//! be raised. In an open loop a turn is due at its time however slow the last
//! answer was; it is sent once that has come, and its latency runs from when it
//! was due.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinSet, LocalSet};

use super::scripts::{Audited, Kind, Turn, dialogue};
use crate::generator::{Connection, Pace, Schedule, histogram};

/// Mistakes that are told in words; the rest are counted.
const TOLD: usize = 8;

/// What came of a phase.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Answers, one to each turn that was sent.
    pub(super) answers: u64,
    /// From the start to the last answer.
    pub(super) elapsed: Duration,
    /// Citizens who began a dialogue.
    pub(super) dialogues: u64,
    /// In nanoseconds; from when a turn was due (open) or sent, by its kind.
    pub(super) latency: BTreeMap<Kind, Histogram<u64>>,
    /// In nanoseconds: how late a turn was sent, because the chat's last answer was
    /// not there or the generator was slow. Part of the latency.
    pub(super) lag: Histogram<u64>,
    pub(super) statuses: BTreeMap<u16, u64>,
    /// Answers that did not belong to their question, and the first of them.
    pub(super) mistaken: u64,
    pub(super) mistakes: Vec<String>,
    /// What the audit must hold of procedures.
    pub(super) audited: Audited,
}

impl Outcome {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            answers: 0,
            elapsed: Duration::ZERO,
            dialogues: 0,
            latency: BTreeMap::new(),
            lag: histogram()?,
            statuses: BTreeMap::new(),
            mistaken: 0,
            mistakes: Vec::new(),
            audited: Audited::new(),
        })
    }

    /// Turns of all kinds together.
    pub(super) fn all(&self) -> anyhow::Result<Histogram<u64>> {
        let mut all = histogram()?;
        for one in self.latency.values() {
            all.add(one).context("histogram")?;
        }
        Ok(all)
    }

    /// Turns of one kind.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.latency.get(&kind).map_or(0, Histogram::len)
    }

    pub(super) fn not_good(&self) -> u64 {
        self.statuses.iter().filter(|(status, _)| **status != 200).map(|(_, count)| *count).sum()
    }

    fn record(&mut self, turn: &Turn, conversation: &str, status: u16, body: &[u8]) {
        self.answers += 1;
        *self.statuses.entry(status).or_default() += 1;
        if let Some(row) = turn.wanted.audited() {
            *self.audited.entry(row).or_default() += 1;
        }
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let mistake = turn.wanted.mistake(&answer).or_else(|| {
            let strange = answer["conversation_id"].as_str() != Some(conversation);
            strange.then(|| "the answer is of another conversation".to_owned())
        });
        if let Some(mistake) = mistake {
            self.mistaken += 1;
            if self.mistakes.len() < TOLD {
                self.mistakes.push(format!("{:?} (status {status}): {mistake}", turn.ask));
            }
        }
    }

    fn time(&mut self, kind: Kind, due: Instant, sent: Instant, answered: Instant) -> anyhow::Result<()> {
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).max(1);
        let latency = match self.latency.entry(kind) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(histogram()?),
        };
        latency.saturating_record(nanos(answered - due));
        self.lag.saturating_record(nanos(sent.saturating_duration_since(due)));
        Ok(())
    }
}

/// Who asks, whom, about which dossiers.
pub(super) struct Crowd {
    server: SocketAddr,
    dossiers: Rc<[String]>,
    /// Dialogues that were begun so far, over all phases.
    begun: Rc<Cell<u64>>,
}

impl Crowd {
    pub(super) fn new(server: SocketAddr, dossiers: Vec<String>) -> Self {
        Self { server, dossiers: dossiers.into(), begun: Rc::default() }
    }

    /// Holds so many chats at one time. `Through` holds one, of so many dialogues.
    ///
    /// # Errors
    /// A connection broke, or the server took three times as long as the phase.
    pub(super) async fn run(&self, chats: usize, pace: Pace, dialogues: u64) -> anyhow::Result<Outcome> {
        let within = match pace {
            Pace::Closed { span } | Pace::Open { span, .. } => span * 3 + Duration::from_secs(30),
            Pace::Through => Duration::from_secs(600),
        };
        match tokio::time::timeout(within, LocalSet::new().run_until(self.talk(chats, pace, dialogues))).await {
            Ok(outcome) => outcome,
            Err(_) => bail!("the server did not answer within {} s", within.as_secs()),
        }
    }

    async fn talk(&self, chats: usize, pace: Pace, dialogues: u64) -> anyhow::Result<Outcome> {
        let found = Rc::new(RefCell::new(Outcome::new()?));
        let before = self.begun.get();
        let mut connections = Vec::with_capacity(chats);
        for _ in 0..chats {
            connections.push(Connection::open(self.server).await?);
        }
        let mut tasks = JoinSet::new();
        let start = Instant::now();
        let mut dues = Vec::new();
        for connection in connections {
            let turns = match pace {
                Pace::Closed { span } => Turns::Until(start + span),
                Pace::Through => Turns::Dialogues(dialogues),
                Pace::Open { .. } => {
                    let (send, due) = unbounded_channel();
                    dues.push(send);
                    Turns::Due(due)
                }
            };
            let chat = Chat {
                connection,
                dossiers: Rc::clone(&self.dossiers),
                begun: Rc::clone(&self.begun),
                found: Rc::clone(&found),
                request: Vec::with_capacity(1_024),
            };
            tasks.spawn_local(chat.run(turns));
        }
        if let Pace::Open { per_second, .. } = pace {
            let schedule = Schedule { start, per_second, count: pace.planned().unwrap_or_default() };
            let (send, mut all) = unbounded_channel();
            // A thread of its own: tokio's timer ticks once a millisecond.
            std::thread::spawn(move || schedule.tell_asleep(&send));
            tokio::task::spawn_local(async move {
                let mut place = 0;
                while let Some(due) = all.recv().await {
                    // The chats take turns: each waits as long as the next.
                    if let Some(chat) = dues.get(place % dues.len().max(1)) {
                        let _ = chat.send(due);
                    }
                    place += 1;
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.context("generator")??;
        }
        let elapsed = start.elapsed();
        drop(tasks);
        let mut found = Rc::into_inner(found).context("a chat is still at work")?.into_inner();
        found.elapsed = elapsed;
        found.dialogues = self.begun.get() - before;
        Ok(found)
    }

    /// What a follow-up says to somebody new, who asks under an id of nobody's.
    pub(super) async fn stranger(&self, text: &str) -> anyhow::Result<(u16, Value)> {
        let place = self.begun.get();
        self.begun.set(place + 1);
        let mut request = Vec::new();
        write(&mut request, &Citizen::new(place)?, text);
        let mut connection = Connection::open(self.server).await?;
        let (status, body) = connection.exchange(&request).await?;
        Ok((status, serde_json::from_slice(body).context("an answer")?))
    }
}

/// What of the dossiers is answered with 200, up to so many.
pub(super) async fn known(server: SocketAddr, numbers: Vec<String>, most: usize) -> anyhow::Result<Vec<String>> {
    let mut connection = Connection::open(server).await?;
    let mut known = Vec::with_capacity(most);
    for (place, number) in numbers.into_iter().enumerate() {
        if known.len() == most {
            break;
        }
        // Addresses that no citizen of the chats has.
        let address = Ipv4Addr::from(0xac10_0000 | u32::try_from(place)?);
        let request =
            format!("GET /api/v1/dossiers/{number} HTTP/1.1\r\nhost: bench\r\nx-forwarded-for: {address}\r\n\r\n");
        if connection.exchange(request.as_bytes()).await?.0 == 200 {
            known.push(number);
        }
    }
    Ok(known)
}

/// When a chat goes on.
enum Turns {
    Until(Instant),
    Due(UnboundedReceiver<Instant>),
    Dialogues(u64),
}

/// A sender whom nobody has seen before.
struct Citizen {
    conversation: String,
    device: String,
    address: Ipv4Addr,
}

impl Citizen {
    fn new(place: u64) -> anyhow::Result<Self> {
        let low = u32::try_from(place + 1).ok().filter(|low| *low < 1 << 24).context("more citizens than addresses")?;
        // Neighbours have ids that are far apart.
        let conversation = format!("{:016x}", (place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Ok(Self {
            conversation,
            device: format!("bench-device-{place:08}"),
            address: Ipv4Addr::from(0x0a00_0000 | low),
        })
    }
}

fn write(out: &mut Vec<u8>, citizen: &Citizen, text: &str) {
    use std::io::Write as _;
    out.clear();
    let body = json!({ "text": text, "conversation_id": citizen.conversation }).to_string();
    // Writing to memory does not fail.
    let _ = write!(
        out,
        "POST /api/v1/ask HTTP/1.1\r\nhost: bench\r\naccept-language: vi\r\nx-forwarded-for: {}\r\n\
         x-device-id: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        citizen.address,
        citizen.device,
        body.len()
    );
}

struct Chat {
    connection: Connection,
    dossiers: Rc<[String]>,
    begun: Rc<Cell<u64>>,
    found: Rc<RefCell<Outcome>>,
    request: Vec<u8>,
}

impl Chat {
    async fn run(mut self, mut turns: Turns) -> anyhow::Result<()> {
        loop {
            if let Turns::Dialogues(left) = &mut turns {
                if *left == 0 {
                    return Ok(());
                }
                *left -= 1;
            }
            let place = self.begun.get();
            self.begun.set(place + 1);
            let citizen = Citizen::new(place)?;
            let dossier = usize::try_from(place)? % self.dossiers.len().max(1);
            let number = self.dossiers.get(dossier).context("no dossier")?.clone();
            for turn in dialogue(place, &number) {
                let due = match &mut turns {
                    Turns::Until(end) => Some(Instant::now()).filter(|now| now < end),
                    Turns::Due(due) => due.recv().await,
                    Turns::Dialogues(_) => Some(Instant::now()),
                };
                let Some(due) = due else { return Ok(()) };
                self.say(&citizen, &turn, due).await?;
            }
        }
    }

    async fn say(&mut self, citizen: &Citizen, turn: &Turn, due: Instant) -> anyhow::Result<()> {
        write(&mut self.request, citizen, &turn.ask);
        let sent = Instant::now();
        let (status, body) = self.connection.exchange(&self.request).await?;
        let answered = Instant::now();
        let mut found = self.found.borrow_mut();
        found.time(turn.kind, due, sent, answered)?;
        found.record(turn, &citizen.conversation, status, body);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn citizens_share_nothing() {
        let all: Vec<Citizen> = (0..1_000).map(|place| Citizen::new(place).unwrap()).collect();
        let count = |of: fn(&Citizen) -> String| all.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(count(|citizen| citizen.conversation.clone()), 1_000);
        assert_eq!(count(|citizen| citizen.device.clone()), 1_000);
        assert_eq!(count(|citizen| citizen.address.to_string()), 1_000);
        assert!(all.iter().all(|citizen| citizen.conversation.len() == 16));
        assert!(Citizen::new(1 << 24).is_err());
    }

    #[test]
    fn a_question_is_written_with_its_length_in_bytes() {
        let mut out = Vec::new();
        write(&mut out, &Citizen::new(0).unwrap(), "lệ phí");
        let text = String::from_utf8(out).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{text}");
        assert!(head.contains("x-forwarded-for: 10.0.0.1\r\n"), "{text}");
        assert!(body.contains("\"text\":\"lệ phí\""), "{text}");
    }

    #[test]
    fn an_answer_of_another_conversation_is_a_mistake() {
        let mut found = Outcome::new().unwrap();
        let turn = dialogue(0, "H09.1").remove(0);
        let answer = |id: &str| {
            json!({"action": "show_procedure", "codes": ["1.001193"], "text": "x", "conversation_id": id}).to_string()
        };
        found.record(&turn, "mine", 200, answer("mine").as_bytes());
        assert_eq!((found.answers, found.mistaken, found.not_good()), (1, 0, 0));
        found.record(&turn, "mine", 200, answer("yours").as_bytes());
        found.record(&turn, "mine", 503, b"");
        assert_eq!((found.answers, found.mistaken, found.not_good()), (3, 2, 1));
        let row = "show_procedure procedure code=1.001193 focus=papers".to_owned();
        assert_eq!(found.audited, Audited::from([(row, 3)]));
    }
}
