//! The second proof (`dossiers.md`, disclosure table and rules 3–8).

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, DisclosedReply, Proof, Refusal, RefusalKind, Request};

use crate::domain::{Applicant, DossierNumber, Knowledge, OwnerView, Sender, SenderAssurance, local_date};
use crate::ports::{KeyedHash, LimitKeys};
use crate::text;

/// One try to see more of a dossier.
pub(super) struct Disclosure<'a> {
    pub(super) desk: &'a Desk,
    pub(super) request: &'a Request,
    pub(super) number: &'a DossierNumber,
    pub(super) proof: &'a Proof,
    /// How long a failure is held back, because the rate for the dossier's
    /// agency and day is unusual. Proven owners do not wait.
    pub(super) delay: Duration,
}

impl Disclosure<'_> {
    /// The owner's view, or one refusal for every failure. The same work is
    /// done and the same time passes whether the dossier exists, is locked, or
    /// the proof was wrong.
    pub(super) async fn run(&self, keys: LimitKeys<'_>) -> Result<DisclosedReply, Refusal> {
        let started = self.desk.parts.clock.now();
        match self.prove(keys).await {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) => {
                self.fill_time(started).await;
                Err(Refusal::of(RefusalKind::NotDisclosed))
            }
            Err(refusal) => {
                self.fill_time(started).await;
                Err(refusal)
            }
        }
    }

    async fn prove(&self, keys: LimitKeys<'_>) -> Result<Option<DisclosedReply>, Refusal> {
        let parts = &self.desk.parts;
        if self.request.is_overheard() && !parts.rules.private_on_foreign_processors {
            return Ok(None);
        }
        let hash = self.desk.dossier_hash(self.number);
        let day = local_date(self.request.received_at);
        // Counted before it is checked, so that parallel guesses cannot slip
        // past the lock, and for numbers that do not exist as well. A code
        // counts its own tries: whoever guesses at one locks nobody out.
        let counted = !matches!(self.proof, Proof::OneTimeCode(_));
        let attempts = if counted {
            parts.proofs.begin_attempt(hash, day).await.map_err(|problem| self.internal(&problem))?
        } else {
            0
        };
        let locked = attempts > parts.rules.wrong_proofs_per_day;
        let view =
            match self.desk.within(self.request, parts.portal.owner_view(self.number, self.request.deadline)).await {
                Ok(Ok(view)) => view,
                Ok(Err(problem)) => {
                    self.forgive(hash).await;
                    return Err(self.desk.portal_refused(self.request, &problem));
                }
                Err(refusal) => {
                    self.forgive(hash).await;
                    return Err(refusal);
                }
            };
        let Some(view) = view else {
            if self.desk.may_not_have_arrived(self.number, self.request) {
                parts.limiter.forgive_dossier(keys, self.number);
                self.forgive(hash).await;
            }
            return Ok(None);
        };
        if !matches!(self.proof, Proof::SenderPhone) {
            self.owners_of_phone(&view.value).await?;
        }
        if !self.accepts(&view.value, locked).await? {
            return Ok(None);
        }
        self.forgive(hash).await;
        self.remember(hash).await;
        Ok(Some(self.reply(view)))
    }

    /// For a while this sender need not prove the dossier again. An address is
    /// shared, so it is nobody.
    async fn remember(&self, dossier: KeyedHash) {
        let parts = &self.desk.parts;
        if !matches!(self.request.sender, Sender::Phone(_) | Sender::Account(_)) {
            return;
        }
        let sender = self.request.sender.hash(&parts.hash_key);
        let until = after(self.request.received_at, parts.rules.codes.proven_for);
        if let Err(problem) = parts.proofs.remember_proven(sender, dossier, until).await {
            // They will be asked to prove it once more.
            tracing::warn!(request = self.request.id.as_str(), %problem, "proof not remembered");
        }
    }

    async fn accepts(&self, view: &OwnerView, locked: bool) -> Result<bool, Refusal> {
        match self.proof {
            // Compared even when locked: a lock takes no other time.
            Proof::IdLastFour(last_four) => Ok(view.applicant.id_ends_with(last_four) & !locked),
            // Not a guess, so the lock does not hold it up.
            Proof::SenderPhone => self.sender_is_registered(view).await,
            // A strong proof, which no lock holds up.
            Proof::OneTimeCode(code) => {
                let parts = &self.desk.parts;
                let (dossier, code) = (self.desk.dossier_hash(self.number), self.desk.code_hash(self.number, code));
                let tried = parts.codes.try_code(dossier, code, parts.clock.now()).await;
                tried.map_err(|problem| self.internal(&problem))
            }
        }
    }

    /// Whether the road vouches for the sender's phone, it is the registered
    /// one, and no other owner registered the same.
    async fn sender_is_registered(&self, view: &OwnerView) -> Result<bool, Refusal> {
        let (Sender::Phone(sender), Some(registered)) = (&self.request.sender, &view.applicant.phone) else {
            return Ok(false);
        };
        if self.request.assurance < SenderAssurance::Carrier || sender != registered {
            return Ok(false);
        }
        Ok(self.owners_of_phone(view).await? == 1)
    }

    /// How many owners the registered phone is known with, this one included.
    /// Kept for every dossier that is looked at, so that a service desk's
    /// phone is known as such as early as can be.
    async fn owners_of_phone(&self, view: &OwnerView) -> Result<u32, Refusal> {
        let parts = &self.desk.parts;
        let Applicant { citizen_id, name, phone, .. } = &view.applicant;
        let owner = citizen_id.as_ref().map(|id| id.digits().to_owned()).or_else(|| name.as_deref().map(text::fold));
        let (Some(phone), Some(owner)) = (phone, owner) else { return Ok(0) };
        let phone = parts.hash_key.hash("phone", phone.e164());
        let owner = parts.hash_key.hash("owner", &owner);
        parts
            .proofs
            .owners_of_phone(phone, owner, self.request.received_at)
            .await
            .map_err(|problem| self.internal(&problem))
    }

    fn reply(&self, known: Knowledge<OwnerView>) -> DisclosedReply {
        let Knowledge { value: view, as_of, stale } = known;
        let public = Knowledge { value: Arc::clone(&view.dossier), as_of, stale };
        DisclosedReply {
            public: self.desk.tracking(self.request).owner(&public),
            masked_name: view.applicant.masked_name(),
            reason: view.reason,
            fees: view.fees,
            missing_papers: view.missing_papers,
        }
    }

    async fn forgive(&self, hash: KeyedHash) {
        if matches!(self.proof, Proof::OneTimeCode(_)) {
            return;
        }
        let day = local_date(self.request.received_at);
        if let Err(problem) = self.desk.parts.proofs.forgive_attempt(hash, day).await {
            // The citizen loses one of the day's tries; nothing is disclosed.
            tracing::warn!(request = self.request.id.as_str(), %problem, "attempt not forgiven");
        }
    }

    fn internal(&self, problem: &crate::ports::StoreError) -> Refusal {
        tracing::error!(request = self.request.id.as_str(), %problem, "proof not counted");
        Refusal::of(RefusalKind::Internal)
    }

    async fn fill_time(&self, started: Timestamp) {
        self.desk.fill_time(started, self.delay).await;
    }
}

impl Desk {
    /// Waits for the delay, then until a whole multiple of the configured time
    /// has passed.
    pub(super) async fn fill_time(&self, started: Timestamp, delay: Duration) {
        let parts = &self.parts;
        if !delay.is_zero() {
            parts.clock.sleep(delay).await;
        }
        let step = parts.rules.failed_disclosure_takes.as_nanos();
        if step == 0 {
            return;
        }
        let passed = parts.clock.now().duration_since(started).max(SignedDuration::ZERO).as_nanos().unsigned_abs();
        let rest = step - passed % step;
        parts.clock.sleep(Duration::from_nanos(u64::try_from(rest).unwrap_or(u64::MAX))).await;
    }
}

/// A moment so much later; the end of time where there is none.
pub(super) fn after(moment: Timestamp, span: Duration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}
