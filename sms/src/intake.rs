//! Where roads hand in what they receive: it is on disk when these return.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Channel, DeliveryState, MessageKey, Provider};
use gateway_core::ports::{
    Clock, DeliveryReceipt, HashKey, InboundParts, Inbox, NewInbound, NewInboundPart, Outbox, PartReceived,
    ReceiptFate, Received, StoreError,
};
use gateway_http::Task;
use jiff::SignedDuration;
use metrics::{Counter, Histogram};
use tokio_util::sync::CancellationToken;

use crate::codec::{DefaultAlphabet, decode};
use crate::config::AnswerConfig;
use crate::dispatch::until;
use crate::reception::{Place, Reception, later};
use crate::road::{Arrived, Body, Intake, NotTaken, Reported, ReportedState, Taken};

/// TIEP, DUNG, BAO … a second time is a repetition for so long only: one page
/// too many is less than one too few, and a wish less than a refusal unheard.
const SHORT_WINDOW: Duration = Duration::from_secs(4);

/// How often sets of parts are looked at whose rest never came.
const LEFT_EVERY: Duration = Duration::from_secs(5);

/// How many at a time.
const LEFT: usize = 100;

/// The door of the channel.
pub(crate) struct Door {
    inbox: Arc<dyn Inbox>,
    outbox: Arc<dyn Outbox>,
    reception: Arc<Reception>,
    clock: Arc<dyn Clock>,
    config: AnswerConfig,
    /// How roads write data coding 0, by their names.
    alphabets: Vec<(CompactString, DefaultAlphabet)>,
    hash_key: HashKey,
    meters: Meters,
}

struct Meters {
    received: Counter,
    replayed: Counter,
    refused: Counter,
    held: Counter,
    lag: Histogram,
}

impl Door {
    pub(crate) fn new(
        inbox: Arc<dyn Inbox>,
        outbox: Arc<dyn Outbox>,
        reception: Arc<Reception>,
        clock: Arc<dyn Clock>,
        config: AnswerConfig,
        alphabets: Vec<(CompactString, DefaultAlphabet)>,
        hash_key: HashKey,
    ) -> Arc<Self> {
        let meters = Meters {
            received: metrics::counter!("sms_received_total"),
            replayed: metrics::counter!("sms_replayed_total"),
            refused: metrics::counter!("sms_not_stored_total"),
            held: metrics::counter!("sms_receipts_held_total"),
            lag: metrics::histogram!("sms_receipt_lag_seconds"),
        };
        Arc::new(Self { inbox, outbox, reception, clock, config, alphabets, hash_key, meters })
    }

    /// The job that reads messages whose last part never came.
    pub(crate) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        vec![until(stop, Arc::clone(self).read_what_is_left())]
    }

    async fn whole(
        &self,
        message: &Arrived,
        text: String,
        key: MessageKey,
        window: Duration,
        parts: Option<MessageKey>,
        place: Place,
    ) -> Result<Taken, NotTaken> {
        let now = self.clock.now();
        let new = NewInbound {
            channel: Channel::Sms,
            provider: Provider::new(&message.road),
            key,
            window,
            from: message.from.clone(),
            to: message.to.clone(),
            text,
            assurance: message.assurance,
            received_at: now,
            answer_by: later(now, self.config.worth()),
            parts,
        };
        self.on_disk(new, place).await
    }

    /// Commits the message; the peer is told when this returns, and not before.
    #[cfg(not(feature = "fault-acknowledge-first"))]
    async fn on_disk(&self, message: NewInbound, place: Place) -> Result<Taken, NotTaken> {
        match self.inbox.receive(message).await {
            Ok(Received::New(inbound)) => {
                self.meters.received.increment(1);
                self.reception.take(inbound, place);
                Ok(Taken::New)
            }
            Ok(Received::Replay) => {
                self.meters.replayed.increment(1);
                Ok(Taken::Replay)
            }
            Err(problem) => Err(self.not_taken(&problem)),
        }
    }

    /// Wrong on purpose, for the story of crashes alone: the peer is told while
    /// the commit is still under way, and a crash loses the message.
    #[cfg(feature = "fault-acknowledge-first")]
    async fn on_disk(&self, message: NewInbound, place: Place) -> Result<Taken, NotTaken> {
        let (inbox, reception) = (Arc::clone(&self.inbox), Arc::clone(&self.reception));
        let replayed = self.meters.replayed.clone();
        tokio::spawn(async move {
            match inbox.receive(message).await {
                Ok(Received::New(inbound)) => reception.take(inbound, place),
                Ok(Received::Replay) => replayed.increment(1),
                Err(_) => {}
            }
        });
        self.meters.received.increment(1);
        Ok(Taken::New)
    }

    /// Under the house's key: a number and four digits are soon guessed, and
    /// the keys outlive the message.
    fn key(&self, fields: &[&[u8]]) -> MessageKey {
        self.hash_key.message_key("message", fields)
    }

    fn not_taken(&self, problem: &StoreError) -> NotTaken {
        self.meters.refused.increment(1);
        tracing::error!(%problem, "message not stored; the peer will send it again");
        NotTaken::Failed
    }

    /// Joins what is there, decodes it, and receives it as one message.
    async fn join(&self, set: InboundParts, place: Place) -> Result<Taken, NotTaken> {
        let text = self.joined(&set);
        let key = self.key(&[b"parts", &set.set.0, text.as_bytes()]);
        let message = Arrived {
            road: set.provider.as_str().into(),
            from: set.from,
            to: set.to,
            body: Body::Whole(String::new()),
            id: None,
            assurance: set.assurance,
        };
        self.whole(&message, text, key, self.config.parts(), Some(set.set), place).await
    }

    /// The octets of neighbours in one coding are joined before they are
    /// decoded: a part may end within a character. Where a part is missing
    /// stands an ellipsis.
    fn joined(&self, set: &InboundParts) -> String {
        let alphabet = self.alphabet(set.provider.as_str());
        let mut text = String::new();
        let mut run: Vec<u8> = Vec::new();
        let mut coding = None;
        let mut expected = 1;
        for (sequence, part_coding, octets) in &set.parts {
            let gap = *sequence != expected;
            if (gap || coding != Some(*part_coding))
                && let Some(coding) = coding
            {
                text.push_str(&decode(&run, coding, alphabet));
                run.clear();
            }
            if gap {
                text.push_str(" … ");
            }
            coding = Some(*part_coding);
            run.extend_from_slice(octets);
            expected = sequence.saturating_add(1);
        }
        if let Some(coding) = coding {
            text.push_str(&decode(&run, coding, alphabet));
        }
        text
    }

    fn alphabet(&self, road: &str) -> DefaultAlphabet {
        self.alphabets.iter().find(|(name, _)| name == road).map_or(DefaultAlphabet::Gsm7, |(_, alphabet)| *alphabet)
    }

    async fn read_what_is_left(self: Arc<Self>) {
        loop {
            self.clock.sleep(LEFT_EVERY).await;
            let before = self.clock.now();
            let before = before
                .checked_sub(SignedDuration::try_from(self.config.parts()).unwrap_or(SignedDuration::ZERO))
                .unwrap_or(before);
            let sets = match self.inbox.left_parts(Channel::Sms, before, LEFT).await {
                Ok(sets) => sets,
                Err(problem) => {
                    tracing::warn!(%problem, "parts of messages not looked at");
                    continue;
                }
            };
            for set in sets {
                if set.parts.len() < usize::from(set.total) {
                    metrics::counter!("sms_incomplete_total").increment(1);
                }
                let Some(place) = self.reception.place().await else { return };
                if self.join(set, place).await.is_err() {
                    break;
                }
            }
        }
    }
}

#[async_trait]
impl Intake for Door {
    async fn arrived(&self, message: Arrived) -> Result<Taken, NotTaken> {
        // A flood waits here, and so does the road that brings it.
        let place = self.reception.place().await.ok_or(NotTaken::Failed)?;
        match &message.body {
            Body::Whole(text) => {
                let (id, window) = match &message.id {
                    // An id alone can be forged where the signature has no
                    // field boundaries: everything counts.
                    Some(id) => (id.as_bytes(), self.config.ids()),
                    None if self.reception.may_be_meant_twice(text) => {
                        (&b""[..], self.config.repetition().min(SHORT_WINDOW))
                    }
                    None => (&b""[..], self.config.repetition()),
                };
                let fields: [&[u8]; 5] =
                    [message.road.as_bytes(), id, message.from.as_bytes(), message.to.as_bytes(), text.as_bytes()];
                let key = self.key(&fields);
                let text = text.clone();
                self.whole(&message, text, key, window, None, place).await
            }
            Body::Part { octets, data_coding, place: in_message } => {
                let set = self.key(&[
                    message.road.as_bytes(),
                    message.from.as_bytes(),
                    message.to.as_bytes(),
                    &in_message.reference.to_be_bytes(),
                    &[in_message.total],
                ]);
                let part = NewInboundPart {
                    channel: Channel::Sms,
                    provider: Provider::new(&message.road),
                    set,
                    window: self.config.parts(),
                    sequence: in_message.sequence,
                    total: in_message.total,
                    octets: octets.clone(),
                    coding: *data_coding,
                    from: message.from.clone(),
                    to: message.to.clone(),
                    assurance: message.assurance,
                    received_at: self.clock.now(),
                };
                match self.inbox.receive_part(part).await {
                    Ok(PartReceived::Waiting) => Ok(Taken::New),
                    Ok(PartReceived::Replay) => Ok(Taken::Replay),
                    // The parts are on disk whatever becomes of this.
                    Ok(PartReceived::Complete(set)) => {
                        let joined = self.join(set, place).await;
                        Ok(joined.unwrap_or(Taken::New))
                    }
                    Err(problem) => Err(self.not_taken(&problem)),
                }
            }
        }
    }

    async fn reported(&self, receipt: Reported) -> Result<(), NotTaken> {
        let state = match receipt.state {
            ReportedState::OnItsWay => return Ok(()),
            ReportedState::Delivered => DeliveryState::Delivered,
            ReportedState::Failed => DeliveryState::Failed,
            ReportedState::Expired => DeliveryState::Expired,
            ReportedState::Unknown => DeliveryState::Unknown,
        };
        let receipt = DeliveryReceipt {
            route: receipt.road,
            id: receipt.id,
            to: receipt.to,
            state,
            error: receipt.error,
            at: self.clock.now(),
        };
        match self.outbox.receipt(receipt).await {
            Ok(ReceiptFate::Matched { lag }) => self.meters.lag.record(lag.as_secs_f64()),
            Ok(ReceiptFate::Held) => self.meters.held.increment(1),
            Err(problem) => return Err(self.not_taken(&problem)),
        }
        Ok(())
    }
}
