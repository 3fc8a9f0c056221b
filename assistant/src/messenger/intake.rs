use std::net::IpAddr;

use async_trait::async_trait;
use gateway_core::desk::Audience;
use gateway_core::domain::{Channel, ClientNet, Locale, Provider, SenderAssurance};
use gateway_core::ports::{NewInbound, Received};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::wire::{Arrived, Event, Intake, NotTaken, Taken};
use super::{Messenger, answer::later};

/// A clock that is wrong by more puts nothing before what was said meanwhile.
const MOST_LATE: SignedDuration = SignedDuration::from_mins(5);

/// A clock that is ahead by no more still tells what was said first.
const MOST_AHEAD: SignedDuration = SignedDuration::from_secs(1);

/// More characters say nothing new.
const MOST_CHARS: usize = 10_000;

/// An event as it lies in the inbox.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(rename = "w")]
    pub(super) what: Event,
    #[serde(rename = "a", default, skip_serializing_if = "is_zero")]
    audience: u8,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}

impl Kept {
    fn of(event: &Arrived) -> Self {
        let what = match &event.what {
            Event::Said(text) => Event::Said(shortened(text)),
            other => other.clone(),
        };
        let audience = match event.audience {
            Audience::Sender => 0,
            Audience::ForeignProcessor => 1,
            Audience::Group => 2,
        };
        Self {
            what,
            audience,
            locale: event.locale.map(|locale| locale.as_str().to_owned()),
            address: event.address.map(ClientNet::address),
        }
    }

    /// What cannot be read is for nobody else's eyes either.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) const fn audience(&self) -> Audience {
        match self.audience {
            0 => Audience::Sender,
            1 => Audience::ForeignProcessor,
            _ => Audience::Group,
        }
    }

    pub(super) fn address(&self) -> Option<ClientNet> {
        self.address.map(ClientNet::of)
    }

    pub(super) fn locale(&self) -> Option<Locale> {
        self.locale.as_deref().and_then(Locale::parse)
    }
}

#[async_trait]
impl Intake for Messenger {
    async fn arrived(&self, channel: Channel, provider: &Provider, event: Arrived) -> Result<Taken, NotTaken> {
        let needs = &self.needs;
        let now = needs.clock.now();
        let label = [("channel", channel.key())];
        if self.answering.is_full() {
            metrics::counter!("chat_not_stored_total", &label).increment(1);
            return Err(NotTaken::Failed);
        }
        let kept = Kept::of(&event);
        let text = serde_json::to_string(&kept).map_err(|_| NotTaken::Failed)?;
        // All that makes it this event; under the house's key, because the keys
        // outlive the message.
        let key = needs.hash_key.message_key(
            "message",
            &[
                channel.key().as_bytes(),
                provider.as_str().as_bytes(),
                event.event_id.as_bytes(),
                event.from.as_bytes(),
                event.chat.as_bytes(),
            ],
        );
        let message = NewInbound {
            channel,
            provider: provider.clone(),
            key,
            window: needs.config.repeats,
            from: event.from,
            to: event.chat,
            text,
            assurance: SenderAssurance::Provider,
            received_at: in_order(event.sent_at, now),
            answer_by: later(now, needs.config.worth),
            parts: None,
        };
        self.on_disk(message).await
    }
}

impl Messenger {
    /// Commits the event; the provider is told when this returns, and not before.
    #[cfg(not(feature = "fault-acknowledge-first"))]
    async fn on_disk(&self, message: NewInbound) -> Result<Taken, NotTaken> {
        let channel = message.channel;
        let label = [("channel", channel.key())];
        match self.needs.inbox.receive(message).await {
            Ok(Received::New(inbound)) => {
                metrics::counter!("chat_received_total", &label).increment(1);
                self.answering.take(inbound);
                Ok(Taken::New)
            }
            Ok(Received::Replay) => {
                metrics::counter!("chat_replayed_total", &label).increment(1);
                Ok(Taken::Replay)
            }
            Err(problem) => {
                metrics::counter!("chat_not_stored_total", &label).increment(1);
                tracing::error!(channel = channel.key(), %problem, "event not stored; its provider will send it again");
                Err(NotTaken::Failed)
            }
        }
    }

    /// Wrong on purpose, for the story of crashes alone: the provider is told while
    /// the commit is still under way, and a crash loses the event.
    #[cfg(feature = "fault-acknowledge-first")]
    async fn on_disk(&self, message: NewInbound) -> Result<Taken, NotTaken> {
        let (needs, answering) = (std::sync::Arc::clone(&self.needs), std::sync::Arc::clone(&self.answering));
        tokio::spawn(async move {
            if let Ok(Received::New(inbound)) = needs.inbox.receive(message).await {
                answering.take(inbound);
            }
        });
        Ok(Taken::New)
    }
}

/// When it was said, as far as the provider's clock can be believed.
fn in_order(sent_at: Timestamp, now: Timestamp) -> Timestamp {
    let earliest = now.checked_sub(MOST_LATE).unwrap_or(now);
    let latest = now.checked_add(MOST_AHEAD).unwrap_or(now);
    sent_at.clamp(earliest, latest)
}

fn shortened(text: &str) -> String {
    text.char_indices().nth(MOST_CHARS).map_or(text, |(end, _)| text.get(..end).unwrap_or_default()).to_owned()
}
