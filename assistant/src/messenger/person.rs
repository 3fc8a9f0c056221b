//! A person where a person is needed: what officers do, and what is told to the
//! citizen about it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::desk::ChatEvent;
use gateway_core::domain::{MessageKey, OfficerId};
use gateway_core::ports::{
    Claimed, Handover, HandoverId, HandoverState, KeyedHash, Listening, NewLine, NewOutbound, OfficerMove, Speaker,
    StoreError, Switchboard,
};
use jiff::Timestamp;

use super::Messenger;
use super::answer::later;
use super::wire::Saying;

/// How often hand-overs are looked at that somebody left.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What an officer may say at once, in characters.
const MOST_CHARS: usize = 4_000;

#[async_trait]
impl Switchboard for Messenger {
    async fn claim(&self, id: HandoverId, officer: OfficerId) -> Result<Claimed, StoreError> {
        let handovers = &self.needs.handovers;
        let before = handovers.handover(id).await?;
        let claimed = handovers.claim(id, officer, self.needs.clock.now()).await?;
        let anew = before.is_some_and(|handover| handover.state == HandoverState::Waiting);
        if claimed == Claimed::Yes
            && anew
            && let Some(handover) = handovers.handover(id).await?
        {
            self.tell(&handover, Some(officer), ChatEvent::OfficerCame).await?;
        }
        self.bell.ring_desk();
        Ok(claimed)
    }

    async fn say(&self, id: HandoverId, officer: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError> {
        let Some(handover) = self.needs.handovers.handover(id).await? else { return Ok(false) };
        let text: String = text.chars().take(MOST_CHARS).collect();
        let words = self.needs.renderer.officer_says(&text, handover.locale);
        let line = self.line(handover.conversation, key, Speaker::Officer, text, Some(officer));
        let send = self.messages(&handover, words, line.at);
        let said = self.needs.handovers.say(id, officer, line, send).await?;
        self.heard(&handover);
        Ok(said)
    }

    async fn note(&self, id: HandoverId, officer: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError> {
        let Some(handover) = self.needs.handovers.handover(id).await? else { return Ok(false) };
        let text: String = text.chars().take(MOST_CHARS).collect();
        let line = self.line(handover.conversation, key, Speaker::Note, text, Some(officer));
        let noted = self.needs.handovers.say(id, officer, line, Vec::new()).await?;
        self.bell.ring(handover.conversation);
        Ok(noted)
    }

    async fn pass(&self, id: HandoverId, officer: OfficerId, to: OfficerMove) -> Result<bool, StoreError> {
        let event = match &to {
            OfficerMove::Requeue | OfficerMove::ToSupervisor => ChatEvent::BackInLine,
            OfficerMove::To(_) => ChatEvent::AnotherOfficer,
            OfficerMove::Close { .. } => ChatEvent::OfficerLeft,
        };
        let Some(handover) = self.needs.handovers.handover(id).await? else { return Ok(false) };
        let passed = self.needs.handovers.pass(id, officer, to, self.needs.clock.now()).await?;
        if passed {
            self.tell(&handover, Some(officer), event).await?;
        }
        self.bell.ring_desk();
        Ok(passed)
    }

    fn listen(&self, conversation: Option<KeyedHash>) -> Box<dyn Listening> {
        self.bell.listen(conversation)
    }
}

impl Messenger {
    /// The job that looks after those whose officer left, and whom nobody took.
    pub(super) async fn look_after_the_line(self: Arc<Self>) {
        loop {
            self.needs.clock.sleep(LOOK_EVERY).await;
            let now = self.needs.clock.now();
            let seen_before = earlier(now, self.needs.config.officer_gone);
            let waiting_before = earlier(now, self.needs.config.most_wait);
            let left = match self.needs.handovers.sweep_handovers(seen_before, waiting_before, now).await {
                Ok(left) => left,
                Err(problem) => {
                    tracing::warn!(%problem, "hand-overs not looked at");
                    continue;
                }
            };
            let requeued = left.requeued.iter().map(|handover| (handover, ChatEvent::BackInLine));
            let expired = left.expired.iter().map(|handover| (handover, ChatEvent::NobodyCame));
            for (handover, event) in requeued.chain(expired) {
                metrics::counter!("handovers_left_total", "event" => event.key()).increment(1);
                if let Err(problem) = self.tell(handover, None, event).await {
                    tracing::warn!(%problem, "a citizen was not told what became of the line");
                }
                self.bell.ring_desk();
            }
        }
    }

    /// Tells the citizen, and the transcript.
    async fn tell(&self, handover: &Handover, officer: Option<OfficerId>, event: ChatEvent) -> Result<(), StoreError> {
        let now = self.needs.clock.now();
        let text = self.needs.renderer.chat_event(event, handover.locale);
        let (id, at) = (handover.id.0.to_be_bytes(), now.as_microsecond().to_be_bytes());
        let key = self.needs.hash_key.message_key("line", &[b"event", event.key().as_bytes(), &id, &at]);
        let mut line = self.line(handover.conversation, key, Speaker::Event, text.clone(), officer);
        line.understood = event.key().into();
        self.needs.transcripts.write_lines(vec![line]).await?;
        let send = self.messages(handover, text, now);
        if !send.is_empty() {
            self.needs.outbox.enqueue(send).await?;
        }
        self.heard(handover);
        Ok(())
    }

    fn heard(&self, handover: &Handover) {
        self.bell.ring(handover.conversation);
        self.outgoing.written(handover.channel);
    }

    fn line(
        &self,
        conversation: KeyedHash,
        key: MessageKey,
        speaker: Speaker,
        text: String,
        officer: Option<OfficerId>,
    ) -> NewLine {
        let now = self.needs.clock.now();
        NewLine {
            conversation,
            key,
            speaker,
            text,
            buttons: Vec::new(),
            understood: CompactString::default(),
            officer,
            at: now,
            until: later(now, self.needs.config.transcript),
        }
    }

    /// What carries the words to the citizen; nothing to a browser, which reads
    /// the transcript.
    fn messages(&self, handover: &Handover, text: String, now: Timestamp) -> Vec<NewOutbound> {
        let saying = Saying { text, buttons: Vec::new(), ask_contact: None };
        self.outgoing.compose(handover.channel, &handover.provider, &handover.chat, &saying, now)
    }
}

fn earlier(now: Timestamp, span: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(span).ok().and_then(|span| now.checked_sub(span).ok()).unwrap_or(now)
}
