//! The ports, in memory, as they promise to behave.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use channel_assistant::messenger::{Saying, Sent, Wire};
use compact_str::CompactString;
use gateway_core::desk::{Action, AnswerCode, Answered, Answers, Content, Refusal, Reply, Request};
use gateway_core::domain::{Channel, DeliveryState, MessageId, OfficerId, Provider};
use gateway_core::ports::{
    Callback, Claimed, Clock, DeliveryReceipt, DeskLoad, Fate, HandedOver, Handover, HandoverId, HandoverState,
    Handovers, Inbound, InboundParts, Inbox, KeyedHash, LeftHandovers, Line, MessageTrace, NewCallback, NewHandover,
    NewInbound, NewInboundPart, NewLine, NewOutbound, OfficerMove, Opened, Outbound, Outbox, PartReceived, QueueDepth,
    Randomness, ReceiptFate, Received, Settlement, Speaker, StoreError, Transcripts, Written, house_voice,
};
use gateway_locale::Medium;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// Thursday 26 November 2026, 09:00 in Vietnam.
pub(crate) const NOW: &str = "2026-11-26T02:00:00Z";

/// The runtime's paused clock.
pub(crate) struct HandedClock(pub(crate) tokio::time::Instant);

#[async_trait]
impl Clock for HandedClock {
    fn now(&self) -> Timestamp {
        NOW.parse::<Timestamp>().unwrap() + SignedDuration::try_from(self.0.elapsed()).unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "the runtime's time is paused: nothing waits")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// What the Desk does with a question.
pub(crate) enum Does {
    Say(Result<Reply, Refusal>),
    /// The same, and tells what was understood.
    Understand(Action, Reply),
    /// Takes so long.
    Take(Duration),
    Panic,
}

/// Does what stands in the script, by the words of the question; else helps.
pub(crate) struct Desk {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) script: Mutex<HashMap<String, VecDeque<Does>>>,
    /// The words of the questions, in their order; of an action, its key.
    pub(crate) asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Answers for Desk {
    async fn handle(&self, request: Request) -> Answered {
        let text = match &request.content {
            Content::Text(text) => text.clone(),
            Content::Action(action) => action.key().to_owned(),
        };
        self.asked.lock().push(text.clone());
        let (mut action, mut outcome) = (None, Ok(Reply::Help));
        let next = self.script.lock().get_mut(&text).and_then(VecDeque::pop_front);
        match next {
            None => {}
            Some(Does::Say(said)) => outcome = said,
            Some(Does::Understand(understood, reply)) => (action, outcome) = (Some(understood), Ok(reply)),
            Some(Does::Take(span)) => self.clock.sleep(span).await,
            Some(Does::Panic) => panic!("the house stumbles"),
        }
        let code = AnswerCode::from_bits(7);
        Answered { code, notices: Arc::from([]), action, locale: request.locale, outcome }
    }
}

/// Who holds which conversation.
pub(crate) type Held = Arc<Mutex<HashSet<KeyedHash>>>;

/// Inbox, outbox and transcripts.
pub(crate) struct Database {
    pub(crate) held: Held,
    next: AtomicI64,
    /// What is not settled, with the time of its next try.
    pub(crate) waiting: Mutex<HashMap<MessageId, (Inbound, Option<Timestamp>)>>,
    seen: Mutex<HashSet<[u8; 16]>>,
    pub(crate) fates: Mutex<Vec<(MessageId, Fate)>>,
    queued: Mutex<Vec<Outbound>>,
    pub(crate) states: Mutex<HashMap<MessageId, DeliveryState>>,
    voices: Mutex<HashMap<MessageId, CompactString>>,
    pub(crate) lines: Mutex<Vec<NewLine>>,
    /// So many writes of lines fail.
    pub(crate) failures: AtomicU32,
}

impl Database {
    pub(crate) fn new(held: Held) -> Self {
        Self {
            held,
            next: AtomicI64::new(1),
            waiting: Mutex::default(),
            seen: Mutex::default(),
            fates: Mutex::default(),
            queued: Mutex::default(),
            states: Mutex::default(),
            voices: Mutex::default(),
            lines: Mutex::default(),
            failures: AtomicU32::new(0),
        }
    }

    pub(crate) fn said_by(&self, speaker: Speaker) -> Vec<NewLine> {
        self.lines.lock().iter().filter(|line| line.speaker == speaker).cloned().collect()
    }

    pub(crate) fn in_state(&self, state: DeliveryState) -> usize {
        self.states.lock().values().filter(|other| **other == state).count()
    }

    fn id(&self) -> MessageId {
        MessageId(self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn write_down(&self, messages: Vec<NewOutbound>) -> Vec<Outbound> {
        let queued_at = NOW.parse().unwrap();
        let rows: Vec<Outbound> = messages
            .into_iter()
            .map(|message| Outbound { id: self.id(), state: DeliveryState::Queued, tries: 0, queued_at, message })
            .collect();
        for row in &rows {
            self.states.lock().insert(row.id, DeliveryState::Queued);
            self.voices.lock().insert(row.id, row.message.form.clone());
        }
        self.queued.lock().extend(rows.iter().cloned());
        rows
    }
}

#[async_trait]
impl Inbox for Database {
    async fn receive(&self, new: NewInbound) -> Result<Received, StoreError> {
        if !self.seen.lock().insert(new.key.0) {
            return Ok(Received::Replay);
        }
        let inbound = Inbound {
            id: self.id(),
            channel: new.channel,
            provider: new.provider,
            from: new.from,
            to: new.to,
            text: new.text,
            assurance: new.assurance,
            received_at: new.received_at,
            answer_by: new.answer_by,
            acknowledged: false,
            tries: 0,
        };
        self.waiting.lock().insert(inbound.id, (inbound.clone(), None));
        Ok(Received::New(inbound))
    }

    async fn receive_part(&self, _: NewInboundPart) -> Result<PartReceived, StoreError> {
        unreachable!("chats have no parts")
    }

    async fn left_parts(&self, _: Channel, _: Timestamp, _: usize) -> Result<Vec<InboundParts>, StoreError> {
        Ok(Vec::new())
    }

    async fn adopt(&self, channel: Channel, now: Timestamp, limit: usize) -> Result<Vec<Inbound>, StoreError> {
        let mut waiting = self.waiting.lock();
        let due = waiting
            .values_mut()
            .filter(|(message, again)| message.channel == channel && again.is_some_and(|again| again <= now));
        let mut messages: Vec<Inbound> = due
            .take(limit)
            .map(|(message, again)| {
                *again = None;
                message.clone()
            })
            .collect();
        messages.sort_unstable_by_key(|message| (message.received_at, message.id));
        Ok(messages)
    }

    async fn settle(&self, id: MessageId, settlement: Settlement) -> Result<Option<Vec<Outbound>>, StoreError> {
        {
            let mut waiting = self.waiting.lock();
            let Some((message, again)) = waiting.get_mut(&id) else { return Ok(None) };
            match settlement.fate {
                Fate::Later { at, acknowledged } => {
                    message.acknowledged = acknowledged;
                    message.tries += 1;
                    *again = Some(at);
                }
                Fate::Answered | Fate::Ignored => drop(waiting.remove(&id)),
            }
        }
        self.fates.lock().push((id, settlement.fate));
        Ok(Some(self.write_down(settlement.send)))
    }

    async fn rest_of(&self, _: KeyedHash, _: Timestamp) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}

#[async_trait]
impl Outbox for Database {
    async fn enqueue(&self, messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError> {
        Ok(self.write_down(messages))
    }

    async fn adopt_outbound(&self, _: Channel, now: Timestamp, limit: usize) -> Result<Vec<Outbound>, StoreError> {
        let mut queued = self.queued.lock();
        let (mut due, mut later): (Vec<_>, Vec<_>) =
            queued.drain(..).partition(|message| message.message.not_before <= now);
        later.extend(due.drain(limit.min(due.len())..));
        *queued = later;
        Ok(due)
    }

    async fn begin(&self, id: MessageId, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        Ok(self.states.lock().insert(id, DeliveryState::Submitting) == Some(DeliveryState::Queued))
    }

    async fn begin_voiced(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError> {
        let voice = self.voices.lock().get(&id).cloned().unwrap();
        if self.held.lock().iter().any(|conversation| house_voice(*conversation) == voice) {
            self.states.lock().insert(id, DeliveryState::Failed);
            return Ok(false);
        }
        self.begin(id, route, at).await
    }

    async fn conclude(&self, id: MessageId, outcome: HandedOver) -> Result<(), StoreError> {
        let state = match outcome {
            HandedOver::Accepted { .. } => DeliveryState::Accepted,
            HandedOver::GivenBack { .. } => DeliveryState::Queued,
            HandedOver::Refused { .. } => DeliveryState::Failed,
            HandedOver::TooLate { .. } => DeliveryState::Expired,
            HandedOver::Uncertain { .. } => DeliveryState::Uncertain,
        };
        self.states.lock().insert(id, state);
        Ok(())
    }

    async fn release(&self, _: &[MessageId]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn receipt(&self, _: DeliveryReceipt) -> Result<ReceiptFate, StoreError> {
        Ok(ReceiptFate::Held)
    }

    async fn depths(&self, _: Channel) -> Result<Vec<QueueDepth>, StoreError> {
        Ok(Vec::new())
    }

    async fn trace(&self, _: MessageId) -> Result<Option<MessageTrace>, StoreError> {
        Ok(None)
    }
}

#[async_trait]
impl Transcripts for Database {
    async fn write_lines(&self, new: Vec<NewLine>) -> Result<Vec<Written>, StoreError> {
        if self.failures.load(Ordering::Relaxed) > 0 {
            self.failures.fetch_sub(1, Ordering::Relaxed);
            return Err(StoreError("away".into()));
        }
        let mut lines = self.lines.lock();
        let mut fates = Vec::new();
        for line in new {
            let silenced = line.speaker == Speaker::Assistant && self.held.lock().contains(&line.conversation);
            if lines.iter().any(|other| other.key == line.key) {
                fates.push(Written::Again);
            } else if silenced {
                fates.push(Written::Silenced);
            } else {
                lines.push(line);
                fates.push(Written::New(i64::try_from(lines.len()).unwrap()));
            }
        }
        Ok(fates)
    }

    async fn lines(&self, _: KeyedHash, _: i64, _: usize, _: Timestamp) -> Result<Vec<Line>, StoreError> {
        Ok(Vec::new())
    }
}

/// The line before the officers' desk.
pub(crate) struct Waiters {
    pub(crate) held: Held,
    pub(crate) rows: Mutex<Vec<Handover>>,
    pub(crate) callbacks: Mutex<Vec<NewCallback>>,
}

impl Waiters {
    fn change(&self, id: HandoverId, change: impl FnOnce(&mut Handover)) -> bool {
        let mut rows = self.rows.lock();
        let Some(row) = rows.iter_mut().find(|row| row.id == id) else { return false };
        change(row);
        let mut held = self.held.lock();
        match row.state {
            HandoverState::Held => held.insert(row.conversation),
            _ => held.remove(&row.conversation),
        };
        true
    }
}

#[async_trait]
impl Handovers for Waiters {
    async fn open(&self, new: NewHandover) -> Result<Opened, StoreError> {
        let mut rows = self.rows.lock();
        let open = rows.iter().filter(|row| row.state != HandoverState::Closed);
        if let Some(row) = open.clone().find(|row| row.conversation == new.conversation) {
            let held = row.state == HandoverState::Held;
            return Ok(Opened { id: row.id, new: false, held, ahead: 0 });
        }
        let ahead = u32::try_from(open.count()).unwrap();
        let id = HandoverId(i64::try_from(rows.len()).unwrap() + 1);
        rows.push(Handover {
            id,
            state: HandoverState::Waiting,
            conversation: new.conversation,
            channel: new.channel,
            provider: new.provider,
            chat: new.chat,
            sender: new.sender,
            locale: new.locale,
            site: new.site,
            reason: new.reason,
            for_supervisor: false,
            officer: None,
            opened_at: new.at,
            claimed_at: None,
            touched_at: new.at,
            closed_at: None,
            outcome: CompactString::default(),
        });
        Ok(Opened { id, new: true, held: false, ahead })
    }

    async fn cancel(&self, conversation: KeyedHash, _: Timestamp) -> Result<bool, StoreError> {
        let waits = |row: &&Handover| row.conversation == conversation && row.state == HandoverState::Waiting;
        let found = self.rows.lock().iter().find(waits).map(|row| row.id);
        Ok(found.is_some_and(|id| self.change(id, |row| row.state = HandoverState::Closed)))
    }

    async fn open_one(&self, conversation: KeyedHash) -> Result<Option<Handover>, StoreError> {
        let open = |row: &&Handover| row.conversation == conversation && row.state != HandoverState::Closed;
        Ok(self.rows.lock().iter().find(open).cloned())
    }

    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError> {
        Ok(self.rows.lock().iter().find(|row| row.id == id).cloned())
    }

    async fn open_ones(&self, _: usize) -> Result<Vec<Handover>, StoreError> {
        Ok(self.rows.lock().clone())
    }

    async fn earlier(&self, _: &[KeyedHash], _: usize) -> Result<Vec<Handover>, StoreError> {
        Ok(Vec::new())
    }

    async fn claim(&self, id: HandoverId, officer: OfficerId, at: Timestamp) -> Result<Claimed, StoreError> {
        let claimed = self.change(id, |row| {
            row.state = HandoverState::Held;
            row.officer = Some(officer);
            row.touched_at = at;
        });
        Ok(if claimed { Claimed::Yes } else { Claimed::Gone })
    }

    async fn say(&self, _: HandoverId, _: OfficerId, _: NewLine, _: Vec<NewOutbound>) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn pass(&self, id: HandoverId, _: OfficerId, to: OfficerMove, _: Timestamp) -> Result<bool, StoreError> {
        let state = match to {
            OfficerMove::Requeue | OfficerMove::ToSupervisor => HandoverState::Waiting,
            OfficerMove::To(_) => HandoverState::Held,
            OfficerMove::Close { .. } => HandoverState::Closed,
        };
        Ok(self.change(id, |row| row.state = state))
    }

    async fn touch(&self, _: HandoverId, _: OfficerId, _: Timestamp) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn sweep_handovers(
        &self,
        seen_before: Timestamp,
        waiting_before: Timestamp,
        _: Timestamp,
    ) -> Result<LeftHandovers, StoreError> {
        let rows = self.rows.lock().clone();
        let mut left = LeftHandovers::default();
        for row in rows {
            if row.state == HandoverState::Held && row.touched_at < seen_before {
                self.change(row.id, |row| row.state = HandoverState::Waiting);
                left.requeued.push(row);
            } else if row.state == HandoverState::Waiting && row.opened_at < waiting_before {
                self.change(row.id, |row| row.state = HandoverState::Closed);
                left.expired.push(row);
            }
        }
        Ok(left)
    }

    async fn load(&self, _: Timestamp) -> Result<DeskLoad, StoreError> {
        Ok(DeskLoad::default())
    }

    async fn wish_callback(&self, callback: NewCallback) -> Result<(), StoreError> {
        self.callbacks.lock().push(callback);
        Ok(())
    }

    async fn callbacks(&self, _: Timestamp, _: usize) -> Result<Vec<Callback>, StoreError> {
        Ok(Vec::new())
    }

    async fn take_callback(&self, _: i64, _: OfficerId) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn forget_callback(&self, conversation: KeyedHash) -> Result<bool, StoreError> {
        let mut callbacks = self.callbacks.lock();
        let before = callbacks.len();
        callbacks.retain(|callback| callback.conversation != conversation);
        Ok(callbacks.len() < before)
    }

    async fn end_callback(&self, _: i64, _: OfficerId) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// A wire that ends each hand-over as it is told, by the chat; else it is taken.
pub(crate) struct ScriptedWire {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) provider: Provider,
    pub(crate) ends: Mutex<HashMap<String, VecDeque<Sent>>>,
    /// Every hand-over, whatever its end: when, to which chat, what.
    pub(crate) tried: Mutex<Vec<(Timestamp, String, String)>>,
    /// Those that were taken: chat and text.
    pub(crate) taken: Mutex<Vec<(String, String)>>,
}

#[async_trait]
impl Wire for ScriptedWire {
    fn channel(&self) -> Channel {
        Channel::Zalo
    }

    fn provider(&self) -> &Provider {
        &self.provider
    }

    fn medium(&self) -> Medium {
        Medium::CHAT
    }

    fn window(&self) -> Option<Duration> {
        None
    }

    fn parts(&self, saying: &Saying) -> Vec<String> {
        vec![saying.text.clone()]
    }

    async fn send(&self, chat: &str, part: &str) -> Sent {
        self.tried.lock().push((self.clock.now(), chat.to_owned(), part.to_owned()));
        let end = self.ends.lock().get_mut(chat).and_then(VecDeque::pop_front);
        let end = end.unwrap_or(Sent::Accepted { id: "1".into() });
        if matches!(end, Sent::Accepted { .. }) {
            self.taken.lock().push((chat.to_owned(), part.to_owned()));
        }
        end
    }
}
