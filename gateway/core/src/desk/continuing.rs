//! From a terminal to a phone: who may, and what each side sees of it.
//!
//! A bystander may scan first. So the first phone that asks is the one phone, and
//! shows four digits; whoever stands at the terminal types what *their own* phone
//! shows. A phone that came second is told so, and the terminal makes another
//! code.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{
    ContinuationId, ContinuationStage, ContinuationToken, ContinuedPage, DeviceId, MatchingCode, PhoneSecret, WhyOver,
};
use crate::ports::{Clock, Continuations, HashKey, Matched, NewContinuation, Randomness, StoreError};

/// Races that one request loses before it gives up: each is lost to a request
/// that has moved the continuation on, and it has few stages.
const MOST_RACES: usize = 4;

/// How long, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContinuationRules {
    /// A continuation is over after this. 10 min.
    pub lifetime: Duration,
    /// Wrong digits that end it. 3.
    pub tries: u32,
}

/// What a terminal needs of a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// For asking how far it is.
    pub id: ContinuationId,
    /// For the QR code.
    pub token: ContinuationToken,
    /// It is over then.
    pub until: Timestamp,
}

/// What came of digits at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// They were right: the phone goes on.
    Right,
    /// They were wrong; so many tries are left.
    Wrong(u32),
    /// No phone shows any yet.
    NoPhone,
    /// It is over, perhaps by these very digits.
    Over(WhyOver),
}

/// What a phone sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneSees {
    /// No phone has asked yet: this one may.
    Free,
    /// Another phone has.
    Taken,
    /// This is the one phone: its digits, to be typed at the terminal.
    Matching(MatchingCode),
    /// The digits were typed: it may go on.
    Open,
    /// It goes on, now and never again.
    GoesOn(ContinuedPage),
    /// It is over.
    Over(WhyOver),
}

/// Lets pages go on on phones.
#[derive(Clone)]
pub struct ContinuationDesk {
    rows: Arc<dyn Continuations>,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    hash_key: HashKey,
    rules: ContinuationRules,
}

impl ContinuationDesk {
    /// One for the whole house.
    pub fn new(
        rows: Arc<dyn Continuations>,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        hash_key: HashKey,
        rules: ContinuationRules,
    ) -> Self {
        Self { rows, clock, randomness, hash_key, rules }
    }

    /// A terminal wants a code; its earlier one is over.
    ///
    /// # Errors
    /// The store failed.
    pub async fn begin(&self, device: &DeviceId, page: ContinuedPage) -> Result<Begun, StoreError> {
        let at = self.clock.now();
        let until = at.checked_add(self.rules.lifetime).unwrap_or(at);
        let token = ContinuationToken::new(&*self.randomness);
        let new = NewContinuation {
            device: device.clone(),
            token: token.hash(&self.hash_key),
            page,
            at,
            until,
            tries: self.rules.tries,
        };
        let id = self.rows.begin_continuation(new).await?;
        Ok(Begun { id, token, until })
    }

    /// How far a terminal's own one is.
    ///
    /// # Errors
    /// The store failed.
    pub async fn stage(&self, device: &DeviceId, id: ContinuationId) -> Result<Option<ContinuationStage>, StoreError> {
        let found = self.rows.continuation_of(device, id).await?;
        Ok(found.map(|found| found.stage(self.clock.now())))
    }

    /// Digits were typed at the terminal; `None` where it has no such continuation.
    ///
    /// # Errors
    /// The store failed.
    pub async fn confirm(
        &self,
        device: &DeviceId,
        id: ContinuationId,
        code: &MatchingCode,
    ) -> Result<Option<Confirmed>, StoreError> {
        let now = self.clock.now();
        match self.rows.match_code(device, id, code.hash(id, &self.hash_key), now).await? {
            Matched::Right => return Ok(Some(Confirmed::Right)),
            Matched::Wrong(left) if left > 0 => return Ok(Some(Confirmed::Wrong(left))),
            Matched::Wrong(_) | Matched::NotAsked => {}
        }
        Ok(self.rows.continuation_of(device, id).await?.map(|found| match found.stage(now) {
            // A phone that came in this very moment has not been asked about.
            ContinuationStage::Waiting | ContinuationStage::Scanned => Confirmed::NoPhone,
            // Digits were right before these.
            ContinuationStage::Open => Confirmed::Right,
            ContinuationStage::Over(why) => Confirmed::Over(why),
        }))
    }

    /// A new secret for a phone that looks: it is bound to nothing yet.
    pub fn new_phone(&self) -> PhoneSecret {
        PhoneSecret::new(&*self.randomness)
    }

    /// What a phone sees that only looks, with a secret or without: nothing
    /// changes by it. `None`: there is no such continuation.
    ///
    /// # Errors
    /// The store failed.
    pub async fn look(
        &self,
        token: &ContinuationToken,
        phone: Option<&PhoneSecret>,
    ) -> Result<Option<PhoneSees>, StoreError> {
        let Some(found) = self.rows.continuation(token.hash(&self.hash_key)).await? else { return Ok(None) };
        let own = phone.filter(|phone| found.is_of(phone.hash(&self.hash_key)));
        Ok(Some(match (found.stage(self.clock.now()), own) {
            (ContinuationStage::Over(why), _) => PhoneSees::Over(why),
            (ContinuationStage::Waiting, _) => PhoneSees::Free,
            (ContinuationStage::Scanned, Some(own)) => {
                PhoneSees::Matching(MatchingCode::of(token, own, &self.hash_key))
            }
            (ContinuationStage::Open, Some(_)) => PhoneSees::Open,
            (ContinuationStage::Scanned | ContinuationStage::Open, None) => PhoneSees::Taken,
        }))
    }

    /// Somebody presses the phone's button: where no phone has, this one becomes
    /// the one phone; where its digits were typed, it goes on. `None`: there is no
    /// such continuation.
    ///
    /// # Errors
    /// The store failed.
    pub async fn press(&self, token: &ContinuationToken, phone: &PhoneSecret) -> Result<Option<PhoneSees>, StoreError> {
        let hash = phone.hash(&self.hash_key);
        for _ in 0..MOST_RACES {
            let Some(found) = self.rows.continuation(token.hash(&self.hash_key)).await? else { return Ok(None) };
            let now = self.clock.now();
            match found.stage(now) {
                ContinuationStage::Waiting => {
                    let code = MatchingCode::of(token, phone, &self.hash_key);
                    if self.rows.bind_phone(found.id, hash, code.hash(found.id, &self.hash_key), now).await? {
                        return Ok(Some(PhoneSees::Matching(code)));
                    }
                }
                ContinuationStage::Open if found.is_of(hash) => {
                    if let Some(page) = self.rows.go_on(found.id, hash, now).await? {
                        return Ok(Some(PhoneSees::GoesOn(page)));
                    }
                }
                _ => return self.look(token, Some(phone)).await,
            }
        }
        self.look(token, Some(phone)).await
    }
}
