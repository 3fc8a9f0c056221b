//! Who is answered when: one event of a chat at a time, in the order in which they
//! were sent; what a crash, another node or a silent portal left; what is too much.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use compact_str::{CompactString, format_compact};
use futures::FutureExt as _;
use gateway_core::desk::{AnswerCode, Answered, Refusal, RefusalKind};
use gateway_core::domain::Channel;
use gateway_core::ports::{Fate, Inbound, Settlement};
use gateway_http::Task;
use tokio_util::sync::CancellationToken;

use super::answer::{Answering, later};
use super::intake::Kept;
use super::waiting::{Next, Put};
use super::wire::Event;
use super::{CHANNELS, until};

/// How often the database is asked for events that nobody answers.
const ADOPT_EVERY: Duration = Duration::from_secs(1);
/// How many are taken over at a time.
const ADOPT: usize = 200;
/// How long what was promised an answer waits on disk, where too much of its chat
/// waits in memory.
const PUT_BACK: Duration = Duration::from_secs(5);
/// How long whoever asks too much is asked to wait.
const ASK_AGAIN: Duration = Duration::from_secs(60);

impl Answering {
    /// The jobs that take over what a crash, another node or a silent portal left.
    pub(super) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        let adopt = |(channel, adopted): (Channel, &CancellationToken)| {
            until(stop, Arc::clone(self).adopt(channel, adopted.clone()))
        };
        CHANNELS.into_iter().zip(&self.adopted).map(adopt).collect()
    }

    /// Returns once nothing is being answered.
    pub(super) async fn settled(&self) {
        self.adopted.iter().for_each(CancellationToken::cancel);
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether so many wait that no more are taken.
    pub(super) fn is_full(&self) -> bool {
        self.lines.room() == 0
    }

    /// Takes an event that came just now, is on disk, and this node's.
    pub(super) fn take(self: &Arc<Self>, message: Inbound) {
        if let Some(message) = self.line_up(message) {
            // A flood of one chat costs that chat alone, and the disk one write.
            let this = Arc::clone(self);
            self.tasks.spawn(async move { this.too_many(&message).await });
        }
    }

    /// Takes one that waited on disk: its answer may have been promised.
    fn take_over(self: &Arc<Self>, message: Inbound) {
        if let Some(message) = self.line_up(message) {
            let this = Arc::clone(self);
            self.tasks.spawn(async move { this.put_back(&message).await });
        }
    }

    /// Puts an event behind those of its chat that were sent before it. Gives it
    /// back where too many wait there.
    fn line_up(self: &Arc<Self>, message: Inbound) -> Option<Inbound> {
        let chat = format_compact!("{}/{}/{}", message.channel.key(), message.provider.as_str(), message.to);
        let wired = self.outgoing.has_wire(message.channel, message.provider.as_str());
        let now = self.needs.clock.now();
        // Providers hand in events in any order: each waits a little for those that
        // were sent before it. (A browser sends one after the other.)
        let due = if wired { later(now, self.needs.config.order) } else { now };
        let adopted = self.adopted_of(message.channel);
        match self.lines.put(&chat, message, due) {
            Put::Behind => {}
            Put::First => {
                let this = Arc::clone(self);
                self.tasks.spawn(async move {
                    // What was left at a crash was sent before.
                    adopted.cancelled().await;
                    this.serve(chat).await;
                });
            }
            Put::TooMany(message) => return Some(message),
        }
        None
    }

    fn adopted_of(&self, channel: Channel) -> CancellationToken {
        let place = CHANNELS.iter().position(|one| *one == channel);
        place.and_then(|place| self.adopted.get(place)).cloned().unwrap_or_default()
    }

    /// Answers what one chat said, the earliest first.
    async fn serve(self: &Arc<Self>, chat: CompactString) {
        loop {
            let message = match self.lines.next(&chat, self.needs.clock.now()) {
                Next::Answer(message) => message,
                Next::Wait(pause) => {
                    self.needs.clock.sleep(pause).await;
                    continue;
                }
                Next::Nothing => return,
            };
            let Ok(_place) = self.at_once.acquire().await else { return };
            // One question that the house stumbles over must not silence a chat.
            if AssertUnwindSafe(self.answer(&message)).catch_unwind().await.is_err() {
                self.stumbled(&message).await;
            }
            self.lines.done();
        }
    }

    /// Too many wait in one chat: the sender is told so, once a minute.
    async fn too_many(&self, message: &Inbound) {
        metrics::counter!("chat_overflow_total", "channel" => message.channel.key()).increment(1);
        let Some(kept) = Kept::read(&message.text) else { return self.ignore(message, "unreadable").await };
        if kept.what == Event::Left {
            // It ends a conversation, and costs next to nothing.
            return self.put_back(message).await;
        }
        let request = self.request(message, &kept);
        let Some(id) = &request.conversation else { return self.ignore(message, "unreadable").await };
        let conversation = id.hash(&request, &self.needs.hash_key);
        if self.is_held(conversation).await.unwrap_or(false) {
            return self.to_the_officer(message, &kept, conversation).await;
        }
        let sender = request.sender.hash(&self.needs.hash_key);
        let refusal = Refusal { kind: RefusalKind::TooMany, retry_after: Some(ASK_AGAIN) };
        let answered = Answered {
            code: AnswerCode::from_bits(self.needs.randomness.next_u64()),
            notices: Arc::from([]),
            action: None,
            locale: request.locale,
            outcome: Err(refusal),
        };
        let draft = self.draft(message, &answered, sender);
        if draft.saying.is_none() {
            return self.ignore(message, "too_many").await;
        }
        self.settle(message, &kept, conversation, draft).await;
    }

    /// Leaves it on disk for a while.
    pub(super) async fn put_back(&self, message: &Inbound) {
        let at = later(self.needs.clock.now(), PUT_BACK);
        let fate = Fate::Later { at, acknowledged: message.acknowledged };
        self.insist(message.id, Settlement { fate, send: Vec::new(), rest: None }).await;
    }

    /// The panic was told where it happened; the question is asked again later.
    async fn stumbled(&self, message: &Inbound) {
        tracing::error!(message = %message.id, "an answer was given up half-way");
        metrics::counter!("chat_panics_total", "channel" => message.channel.key()).increment(1);
        let at = message.next_try(self.needs.clock.now());
        let fate = match at < message.answer_by {
            true => Fate::Later { at, acknowledged: message.acknowledged },
            false => Fate::Ignored,
        };
        self.insist(message.id, Settlement { fate, send: Vec::new(), rest: None }).await;
    }

    async fn adopt(self: Arc<Self>, channel: Channel, adopted: CancellationToken) {
        loop {
            let room = self.lines.room().min(ADOPT);
            if room > 0 {
                match self.needs.inbox.adopt(channel, self.needs.clock.now(), room).await {
                    Ok(messages) => {
                        let full = messages.len() == ADOPT;
                        messages.into_iter().for_each(|message| self.take_over(message));
                        if full {
                            continue;
                        }
                        adopted.cancel();
                    }
                    Err(problem) => tracing::warn!(channel = channel.key(), %problem, "waiting events not looked at"),
                }
            } else {
                // More waits on disk than is taken at once: they go on.
                adopted.cancel();
            }
            self.needs.clock.sleep(ADOPT_EVERY).await;
        }
    }
}
