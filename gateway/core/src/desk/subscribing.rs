//! *Tell me when it moves*, and *send me no more*.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::SignedDuration;

use super::disclosure::{Disclosure, after};
use super::watching::{look_after, seen};
use super::{Desk, Proof, Refusal, RefusalKind, Reply, Request, SubscribeOutcome, SubscribedReply};

use crate::domain::{Category, Dossier, DossierNumber, Phone, Sender, SenderAssurance, local_date};
use crate::ports::{KeyedHash, LimitKeys, NewSubscription, StoreError, Subscribed};

impl Desk {
    /// Subscribes the sender's phone, after a proof: one that stands in the
    /// message, one that was given a little while ago, or the phone itself
    /// where the road vouches for it. Failures sound and take the same.
    pub(super) async fn subscribe(
        &self,
        request: &Request,
        keys: LimitKeys<'_>,
        number: &DossierNumber,
        proof: Option<&Proof>,
        words: &CompactString,
    ) -> Result<Reply, Refusal> {
        let phone = self.sender_phone(request)?;
        if let Some(elsewhere) = self.elsewhere(number, local_date(request.received_at)) {
            return Ok(elsewhere);
        }
        let delay = self.admit_dossier(keys, number, request)?;
        let sender = request.sender.hash(&self.parts.hash_key);
        let hash = self.dossier_hash(number);
        let proven = match proof {
            Some(_) => false,
            None => self.is_proven(request, sender, hash).await?,
        };
        let dossier = if proven {
            let found = self.within(request, self.parts.portal.dossier(number, request.deadline)).await?;
            let found = found.map_err(|problem| self.portal_refused(request, &problem))?;
            found.ok_or_else(|| Refusal::of(RefusalKind::DossierNotFound))?.value
        } else {
            let own_phone = (request.assurance >= SenderAssurance::Carrier).then_some(&Proof::SenderPhone);
            // Said before anything is asked: it tells nothing of the dossier.
            let proof = proof.or(own_phone).ok_or_else(|| Refusal::of(RefusalKind::ProofNeeded))?;
            let disclosure = Disclosure { desk: self, request, number, proof, delay };
            disclosure.run(keys).await?.public.dossier
        };
        self.remember_wish(request, phone, number, &dossier, words, sender).await
    }

    async fn remember_wish(
        &self,
        request: &Request,
        phone: &Phone,
        number: &DossierNumber,
        dossier: &Arc<Dossier>,
        words: &CompactString,
        sender: KeyedHash,
    ) -> Result<Reply, Refusal> {
        let subscribed = |outcome| Ok(Reply::Subscribed(SubscribedReply { number: number.clone(), outcome }));
        if dossier.status.phase.is_last() {
            return subscribed(SubscribeOutcome::NothingToWaitFor);
        }
        let rules = &self.parts.rules.subscriptions;
        let now = request.received_at;
        let days = SignedDuration::from_hours(24 * rules.days);
        let until = now.checked_add(days).unwrap_or(now);
        let wish = NewSubscription {
            number: number.clone(),
            dossier: self.dossier_hash(number),
            to: phone.clone(),
            phone: sender,
            locale: request.locale,
            channel: request.channel,
            words: words.clone(),
            at: now,
            seen: seen(dossier),
            until,
            look_at: after(now, look_after(rules, dossier, now)),
            most: rules.most,
        };
        // Whoever asks to be told wants to be sent it. First: a subscription of
        // somebody who refuses to be told would end without a word.
        let wished = self.parts.preferences.opt_in(sender, Some(Category::Status), words, now).await;
        wished.map_err(|problem| self.not_stored(request, &problem))?;
        let kept = self.parts.subscriptions.subscribe(wish).await;
        match kept.map_err(|problem| self.not_stored(request, &problem))? {
            Subscribed::New => subscribed(SubscribeOutcome::Until(local_date(until))),
            Subscribed::Already => subscribed(SubscribeOutcome::Already(local_date(until))),
            Subscribed::TooMany => Err(Refusal::of(RefusalKind::TooManySubscriptions)),
        }
    }

    /// No proof is wanted to be left alone.
    pub(super) async fn unsubscribe(
        &self,
        request: &Request,
        number: Option<&DossierNumber>,
    ) -> Result<Reply, Refusal> {
        self.sender_phone(request)?;
        let sender = request.sender.hash(&self.parts.hash_key);
        let dossier = number.map(|number| self.dossier_hash(number));
        let ended = self.parts.subscriptions.unsubscribe(sender, dossier).await;
        Ok(Reply::Unsubscribed { count: ended.map_err(|problem| self.not_stored(request, &problem))? })
    }

    pub(super) async fn opt_out(
        &self,
        request: &Request,
        category: Option<Category>,
        words: &str,
    ) -> Result<Reply, Refusal> {
        self.sender_phone(request)?;
        let sender = request.sender.hash(&self.parts.hash_key);
        let kept = self.parts.preferences.opt_out(sender, category, words, request.received_at).await;
        kept.map_err(|problem| self.not_stored(request, &problem))?;
        if matches!(category, None | Some(Category::Status)) {
            // Nothing is watched for somebody who will not be told.
            let ended = self.parts.subscriptions.unsubscribe(sender, None).await;
            ended.map_err(|problem| self.not_stored(request, &problem))?;
        }
        Ok(Reply::OptedOut { category })
    }

    pub(super) async fn opt_in(
        &self,
        request: &Request,
        category: Option<Category>,
        words: &str,
    ) -> Result<Reply, Refusal> {
        self.sender_phone(request)?;
        let sender = request.sender.hash(&self.parts.hash_key);
        let kept = self.parts.preferences.opt_in(sender, category, words, request.received_at).await;
        kept.map_err(|problem| self.not_stored(request, &problem))?;
        Ok(Reply::OptedIn { category })
    }

    /// The phone that a notice would go to. Only the sender's own: nobody
    /// subscribes somebody else.
    fn sender_phone<'a>(&self, request: &'a Request) -> Result<&'a Phone, Refusal> {
        match &request.sender {
            Sender::Phone(phone) if self.parts.notifier.is_some() => Ok(phone),
            _ => Err(Refusal::of(RefusalKind::NotOnThisChannel)),
        }
    }

    pub(super) fn not_stored(&self, request: &Request, problem: &StoreError) -> Refusal {
        tracing::error!(request = request.id.as_str(), %problem, "wish not stored");
        Refusal { kind: RefusalKind::Internal, retry_after: Some(self.parts.rules.portal_retry_after) }
    }
}
