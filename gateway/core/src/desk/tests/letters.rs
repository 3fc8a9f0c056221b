//! What goes out without being an answer, kept in memory.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::domain::{Category, Channel, DeliveryState, MessageId};
use crate::ports::{
    Codes, ContactPreferences, DeliveryReceipt, HandedOver, KeyedHash, Looked, MessageTrace, NewCode, NewOutbound,
    NewSubscription, NotSaid, Notification, Notifier, Outbound, Outbox, QueueDepth, ReceiptFate, StoreError, Subject,
    Subscribed, Subscription, Subscriptions,
};

struct Kept {
    code: NewCode,
    tries: u32,
}

#[derive(Default)]
pub(in crate::desk) struct Letters {
    codes: Mutex<HashMap<KeyedHash, Kept>>,
    issued: Mutex<Vec<NewCode>>,
    wishes: Mutex<Vec<(i64, NewSubscription, Timestamp)>>,
    refused: Mutex<Vec<(KeyedHash, Option<Category>, bool)>>,
    /// What was asked to be put into words.
    pub(in crate::desk) said: Mutex<Vec<Notification>>,
    pub(in crate::desk) sent: Mutex<Vec<NewOutbound>>,
    pub(in crate::desk) unwilling: Mutex<Option<NotSaid>>,
}

impl Letters {
    /// The digits of the last code that was put into words.
    pub(in crate::desk) fn last_code(&self) -> Option<crate::domain::OneTimeCode> {
        self.said.lock().iter().rev().find_map(|said| match &said.subject {
            Subject::OneTimeCode { code, .. } => Some(code.clone()),
            _ => None,
        })
    }

    pub(in crate::desk) fn subscriptions(&self) -> usize {
        self.wishes.lock().len()
    }
}

#[async_trait]
impl Codes for Letters {
    async fn issue(&self, code: NewCode) -> Result<bool, StoreError> {
        let mut issued = self.issued.lock();
        let today = || issued.iter().filter(|other| code.at.duration_since(other.at) < SignedDuration::from_hours(24));
        let of_it: Vec<_> = today().filter(|other| other.dossier == code.dossier).collect();
        let to_it = today().filter(|other| other.phone == code.phone).count();
        let pause = SignedDuration::try_from(code.pause).unwrap();
        let soon = of_it.last().is_some_and(|last| code.at.duration_since(last.at) < pause);
        let enough = |count: usize, most: u32| count >= usize::try_from(most).unwrap();
        if soon || enough(of_it.len(), code.most_a_day) || enough(to_it, code.most_a_day_phone) {
            return Ok(false);
        }
        issued.push(code);
        self.codes.lock().insert(code.dossier, Kept { code, tries: 0 });
        Ok(true)
    }

    async fn try_code(&self, dossier: KeyedHash, code: KeyedHash, at: Timestamp) -> Result<bool, StoreError> {
        let mut codes = self.codes.lock();
        let Some(kept) = codes.get_mut(&dossier) else { return Ok(false) };
        kept.tries += 1;
        let right = kept.code.code == code && at < kept.code.until && kept.tries <= kept.code.tries;
        if right {
            codes.remove(&dossier);
        }
        Ok(right)
    }
}

#[async_trait]
impl ContactPreferences for Letters {
    async fn opt_out(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        _: &str,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.refused.lock().push((phone, category, true));
        Ok(())
    }

    async fn opt_in(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        _: &str,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        self.refused.lock().push((phone, category, false));
        Ok(())
    }

    async fn refuses(&self, phone: KeyedHash, category: Category) -> Result<bool, StoreError> {
        let applies = |kind: &Option<Category>| kind.is_none_or(|kind| kind == category);
        let wishes = self.refused.lock();
        let last = wishes.iter().rev().find(|(other, kind, _)| *other == phone && applies(kind));
        Ok(last.is_some_and(|(_, _, refused)| *refused))
    }

    async fn count_notice(&self, _: KeyedHash, _: Date) -> Result<u32, StoreError> {
        Ok(1)
    }
}

#[async_trait]
impl Subscriptions for Letters {
    async fn subscribe(&self, wish: NewSubscription) -> Result<Subscribed, StoreError> {
        let mut wishes = self.wishes.lock();
        if wishes.iter().any(|(_, other, _)| other.phone == wish.phone && other.dossier == wish.dossier) {
            return Ok(Subscribed::Already);
        }
        if wishes.iter().filter(|(_, other, _)| other.phone == wish.phone).count()
            >= usize::try_from(wish.most).unwrap()
        {
            return Ok(Subscribed::TooMany);
        }
        let id = i64::try_from(wishes.len()).unwrap() + 1;
        let look_at = wish.look_at;
        wishes.push((id, wish, look_at));
        Ok(Subscribed::New)
    }

    async fn unsubscribe(&self, phone: KeyedHash, dossier: Option<KeyedHash>) -> Result<u32, StoreError> {
        let mut wishes = self.wishes.lock();
        let before = wishes.len();
        wishes.retain(|(_, wish, _)| wish.phone != phone || dossier.is_some_and(|dossier| dossier != wish.dossier));
        Ok(u32::try_from(before - wishes.len()).unwrap())
    }

    async fn due(&self, now: Timestamp, lease: Timestamp, limit: usize) -> Result<Vec<Subscription>, StoreError> {
        let mut due = Vec::new();
        for (id, wish, look_at) in self.wishes.lock().iter_mut().filter(|(_, _, look_at)| *look_at <= now).take(limit) {
            *look_at = lease;
            due.push(Subscription {
                id: *id,
                number: wish.number.as_str().into(),
                to: wish.to.e164().into(),
                locale: wish.locale,
                seen: wish.seen.fingerprint.clone(),
                until: wish.until,
            });
        }
        Ok(due)
    }

    async fn looked(&self, subscription: &Subscription, looked: Looked) -> Result<bool, StoreError> {
        let mut wishes = self.wishes.lock();
        let Some(place) = wishes
            .iter()
            .position(|(id, wish, _)| *id == subscription.id && wish.seen.fingerprint == subscription.seen)
        else {
            return Ok(false);
        };
        match looked {
            Looked::Same { look_at } => wishes[place].2 = look_at,
            Looked::Moved { seen, look_at, send } => {
                self.sent.lock().extend(send);
                match look_at {
                    Some(look_at) => {
                        wishes[place].1.seen = seen;
                        wishes[place].2 = look_at;
                    }
                    None => drop(wishes.remove(place)),
                }
            }
            Looked::Ended => drop(wishes.remove(place)),
        }
        Ok(true)
    }
}

#[async_trait]
impl Notifier for Letters {
    async fn compose(&self, notification: &Notification) -> Result<Vec<NewOutbound>, NotSaid> {
        if let Some(why) = self.unwilling.lock().clone() {
            return Err(why);
        }
        self.said.lock().push(notification.clone());
        Ok(vec![NewOutbound {
            channel: Channel::Sms,
            route: "test".into(),
            category: notification.subject.category(),
            to: notification.to.e164().into(),
            from: "8283".into(),
            text: "…".into(),
            form: "gsm7".into(),
            part: 1,
            parts: 1,
            reference: 0,
            not_before: notification.at,
            valid_until: notification.at,
            repeatable: false,
            answers: None,
            begun: false,
        }])
    }
}

#[async_trait]
impl Outbox for Letters {
    async fn enqueue(&self, messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError> {
        self.sent.lock().extend(messages.iter().cloned());
        let outbound = |message: NewOutbound| Outbound {
            id: MessageId(1),
            state: DeliveryState::Queued,
            tries: 0,
            queued_at: message.not_before,
            message,
        };
        Ok(messages.into_iter().map(outbound).collect())
    }

    async fn adopt_outbound(&self, _: Channel, _: Timestamp, _: usize) -> Result<Vec<Outbound>, StoreError> {
        Ok(Vec::new())
    }

    async fn begin(&self, _: MessageId, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn begin_voiced(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.begin(id, route, at).await
    }

    async fn conclude(&self, _: MessageId, _: HandedOver) -> Result<(), StoreError> {
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
