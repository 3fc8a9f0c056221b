//! Calls for an officer from terminals, as officers see and answer them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::domain::{CallId, CallStage, KioskCall, Officer, OfficerId, OfficerRole, Sites};
use crate::ports::{Calls, Clock, HashKey, KeyedHash, Listening, NewOfficerAct, OfficerAudit, StoreError, acts};

/// Calls of all sites that are looked at: more than a province has terminals.
const MOST: usize = 2_000;

/// However many pages follow the calls, the database is asked no oftener.
const KEPT: SignedDuration = SignedDuration::from_millis(500);

/// A new call is seen so late at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the calls work with, handed in by the composition root.
pub struct CallParts {
    /// The calls.
    pub calls: Arc<dyn Calls>,
    /// What officers did.
    pub audit: Arc<dyn OfficerAudit>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The key of the hashes in the audit.
    pub hash_key: HashKey,
    /// Who waits longer than this has waited too long: at least a minute.
    pub flag_after: Duration,
}

/// The officers' side of calls: it permits, writes the act down, and only then
/// does it.
pub struct CallDesk {
    parts: CallParts,
    kept: Mutex<Option<(Timestamp, Arc<[KioskCall]>)>>,
}

/// A call that is not over, as an officer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    /// The call.
    pub call: KioskCall,
    /// How long ago it began.
    pub waits: Duration,
    /// Nobody answered, and it is high time.
    pub is_late: bool,
}

/// Why it was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallProblem {
    /// A colleague is on the way.
    #[error("another officer is on the way")]
    Quicker(Option<OfficerId>),
    /// It is over, there is none, or it is of another site: all look the same.
    #[error("no such call for this officer")]
    Gone,
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl CallDesk {
    /// The calls of these parts.
    pub fn new(parts: CallParts) -> Self {
        Self { parts, kept: Mutex::default() }
    }

    /// The calls of an officer's sites that are not over: late ones first, then
    /// the oldest.
    ///
    /// # Errors
    /// The database failed.
    pub async fn open(&self, officer: &Officer) -> Result<Vec<OpenCall>, StoreError> {
        Ok(self.seen_by(officer, &self.read().await?))
    }

    /// The same as it was half a second ago at most: for those who ask every
    /// second whether anything has changed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn lately(&self, officer: &Officer) -> Result<Vec<OpenCall>, StoreError> {
        let now = self.parts.clock.now();
        let kept = self.kept.lock().clone();
        // A clock that was set back looks anew.
        let fresh = kept.filter(|(at, _)| (SignedDuration::ZERO..KEPT).contains(&now.duration_since(*at)));
        let calls = match fresh {
            Some((_, calls)) => calls,
            None => self.read().await?,
        };
        Ok(self.seen_by(officer, &calls))
    }

    /// Wakes whoever looks whether something has changed.
    pub fn listen(&self) -> Box<dyn Listening> {
        Box::new(NowAndThen(Arc::clone(&self.parts.clock)))
    }

    /// How many have waited too long, everywhere: for operators.
    ///
    /// # Errors
    /// The database failed.
    pub async fn late(&self) -> Result<usize, StoreError> {
        let calls = self.read().await?;
        Ok(calls.iter().filter(|call| self.opened(call).is_late).count())
    }

    /// The officer is on the way. Once more by the same officer is the same.
    ///
    /// # Errors
    /// [`CallProblem`].
    pub async fn answer(
        &self,
        officer: &Officer,
        address: Option<KeyedHash>,
        id: CallId,
    ) -> Result<KioskCall, CallProblem> {
        let call = self.find(officer, id).await?;
        if call.stage == CallStage::Coming {
            return if call.officer == Some(officer.id) { Ok(call) } else { Err(CallProblem::Quicker(call.officer)) };
        }
        self.record(officer, address, acts::CALL_ANSWERED, id).await?;
        let now = self.parts.clock.now();
        let answered = self.parts.calls.answer_call(id, officer.id, &officer.sites, now).await?;
        self.forget();
        if answered {
            return Ok(KioskCall { stage: CallStage::Coming, officer: Some(officer.id), ..call });
        }
        // Between the look and the act somebody was quicker, or it ended.
        let call = self.find(officer, id).await?;
        Err(CallProblem::Quicker(call.officer))
    }

    /// Somebody was there: by the officer who went, or by a supervisor where that
    /// one forgot it.
    ///
    /// # Errors
    /// [`CallProblem`].
    pub async fn finish(&self, officer: &Officer, address: Option<KeyedHash>, id: CallId) -> Result<(), CallProblem> {
        let call = self.find(officer, id).await?;
        let theirs = call.officer.is_none_or(|by| by == officer.id) || officer.is_at_least(OfficerRole::Supervisor);
        if !theirs {
            return Err(CallProblem::Quicker(call.officer));
        }
        self.record(officer, address, acts::CALL_FINISHED, id).await?;
        let now = self.parts.clock.now();
        let finished = self.parts.calls.finish_call(id, officer.id, &officer.sites, now).await?;
        self.forget();
        if finished { Ok(()) } else { Err(CallProblem::Gone) }
    }

    async fn find(&self, officer: &Officer, id: CallId) -> Result<KioskCall, CallProblem> {
        let calls = self.read().await?;
        let found = calls.iter().find(|call| call.id == id && officer.may_see(&call.site));
        found.cloned().ok_or(CallProblem::Gone)
    }

    async fn read(&self) -> Result<Arc<[KioskCall]>, StoreError> {
        let now = self.parts.clock.now();
        let calls: Arc<[KioskCall]> = self.parts.calls.open_calls(&Sites::ALL, now, MOST).await?.into();
        *self.kept.lock() = Some((now, Arc::clone(&calls)));
        Ok(calls)
    }

    fn forget(&self) {
        *self.kept.lock() = None;
    }

    fn seen_by(&self, officer: &Officer, calls: &[KioskCall]) -> Vec<OpenCall> {
        let theirs = calls.iter().filter(|call| officer.may_see(&call.site));
        let mut open: Vec<_> = theirs.map(|call| self.opened(call)).collect();
        open.sort_by_key(|open| (!open.is_late, open.call.at, open.call.id));
        open
    }

    fn opened(&self, call: &KioskCall) -> OpenCall {
        // A clock that was set back has nobody wait before they came.
        let waits = Duration::try_from(self.parts.clock.now().duration_since(call.at)).unwrap_or_default();
        let is_late = call.stage == CallStage::Waiting && waits >= self.parts.flag_after;
        OpenCall { call: call.clone(), waits, is_late }
    }

    /// The act is on disk before it is done.
    async fn record(
        &self,
        officer: &Officer,
        address: Option<KeyedHash>,
        act: &'static str,
        id: CallId,
    ) -> Result<(), StoreError> {
        let key = &self.parts.hash_key;
        let act = NewOfficerAct {
            at: self.parts.clock.now(),
            act,
            officer: Some(officer.id),
            account: None,
            target: Some(key.hash("kiosk_call", &id.0.to_string())),
            address,
            key_id: key.id().into(),
        };
        self.parts.audit.record_act(act).await
    }
}

struct NowAndThen(Arc<dyn Clock>);

#[async_trait]
impl Listening for NowAndThen {
    async fn wait(&mut self) {
        self.0.sleep(LOOK_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CallReason, DeviceId, Login, OfficerName, TerminalName};
    use crate::ports::{Called, NewCall, OfficerAct, OfficerActCursor};

    const SITE: &str = "000.00.17.H09";

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    struct FixedClock;

    #[async_trait]
    impl Clock for FixedClock {
        fn now(&self) -> Timestamp {
            now()
        }

        async fn sleep(&self, _: Duration) {}
    }

    /// Calls in a list; what officers did stands beside it, in the order of doing.
    #[derive(Default)]
    struct Rows {
        calls: Mutex<Vec<KioskCall>>,
        happened: Mutex<Vec<String>>,
        reads: Mutex<u32>,
        /// Somebody is quicker than whoever answers next.
        quicker: Mutex<Option<OfficerId>>,
        unwritten: Mutex<bool>,
    }

    #[async_trait]
    impl Calls for Rows {
        async fn call_officer(&self, _: NewCall) -> Result<Called, StoreError> {
            Err(StoreError("no business of the officers'".into()))
        }

        async fn call_of(&self, _: &DeviceId, _: CallId, _: Timestamp) -> Result<Option<KioskCall>, StoreError> {
            Ok(None)
        }

        async fn open_calls(&self, _: &Sites, _: Timestamp, _: usize) -> Result<Vec<KioskCall>, StoreError> {
            *self.reads.lock() += 1;
            Ok(self.calls.lock().clone())
        }

        async fn answer_call(
            &self,
            id: CallId,
            officer: OfficerId,
            _: &Sites,
            _: Timestamp,
        ) -> Result<bool, StoreError> {
            self.happened.lock().push(format!("answer by {}", officer.0));
            let quicker = self.quicker.lock().take();
            let mut calls = self.calls.lock();
            let call = calls.iter_mut().find(|call| call.id == id).unwrap();
            (call.stage, call.officer) = (CallStage::Coming, Some(quicker.unwrap_or(officer)));
            Ok(quicker.is_none())
        }

        async fn finish_call(
            &self,
            id: CallId,
            officer: OfficerId,
            _: &Sites,
            _: Timestamp,
        ) -> Result<bool, StoreError> {
            self.happened.lock().push(format!("finish by {}", officer.0));
            self.calls.lock().retain(|call| call.id != id);
            Ok(true)
        }
    }

    #[async_trait]
    impl OfficerAudit for Rows {
        async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError> {
            if *self.unwritten.lock() {
                return Err(StoreError("away".into()));
            }
            self.happened.lock().push(format!("{} by {}", act.act, act.officer.unwrap().0));
            Ok(())
        }

        async fn officer_acts(
            &self,
            _: Option<OfficerId>,
            _: Option<OfficerActCursor>,
            _: usize,
        ) -> Result<Vec<OfficerAct>, StoreError> {
            Ok(Vec::new())
        }
    }

    fn desk() -> (Arc<Rows>, CallDesk) {
        let rows = Arc::new(Rows::default());
        let call = |id, site: &str, minutes| KioskCall {
            id: CallId(id),
            device: DeviceId::parse("k-0123456789abcdef").unwrap(),
            terminal: TerminalName::parse("Sảnh 1").unwrap(),
            site: site.into(),
            reason: CallReason::Help,
            counter: None,
            at: now() - SignedDuration::from_mins(minutes),
            stage: CallStage::Waiting,
            officer: None,
        };
        *rows.calls.lock() = vec![call(1, "000.00.18.H09", 1), call(2, SITE, 2), call(3, SITE, 0), call(4, SITE, 3)];
        let desk = CallDesk::new(CallParts {
            calls: Arc::clone(&rows) as Arc<_>,
            audit: Arc::clone(&rows) as Arc<_>,
            clock: Arc::new(FixedClock),
            hash_key: HashKey::new("k1", "a key for tests, which is long enough"),
            flag_after: Duration::from_secs(180),
        });
        (rows, desk)
    }

    fn officer(id: i64, role: OfficerRole) -> Officer {
        Officer {
            id: OfficerId(id),
            login: Login::parse("cuc.nguyen").unwrap(),
            name: OfficerName::parse("Cúc").unwrap(),
            role,
            sites: Sites::parse([SITE]).unwrap(),
            disabled: false,
            second_factor: false,
            created_at: now(),
        }
    }

    #[tokio::test]
    async fn late_ones_come_first_and_other_sites_are_not_seen() {
        let (rows, desk) = desk();
        let cuc = officer(4, OfficerRole::Officer);
        let open = desk.open(&cuc).await.unwrap();
        let seen: Vec<_> = open.iter().map(|open| (open.call.id.0, open.waits.as_secs() / 60, open.is_late)).collect();
        assert_eq!(seen, [(4, 3, true), (2, 2, false), (3, 0, false)]);
        assert_eq!(desk.late().await.unwrap(), 1);
        // Whoever only asks whether anything changed costs nothing more.
        let reads = *rows.reads.lock();
        for _ in 0..10 {
            assert_eq!(desk.lately(&cuc).await.unwrap(), open);
        }
        assert_eq!(*rows.reads.lock(), reads);
        desk.answer(&cuc, None, CallId(4)).await.unwrap();
        assert!(desk.lately(&cuc).await.unwrap().iter().all(|open| !open.is_late), "somebody goes");
    }

    #[tokio::test]
    async fn what_is_done_is_written_down_first_and_only_one_goes() {
        let (rows, desk) = desk();
        let (cuc, binh) = (officer(4, OfficerRole::Officer), officer(5, OfficerRole::Officer));
        assert!(matches!(desk.answer(&cuc, None, CallId(1)).await, Err(CallProblem::Gone)), "of another site");
        assert!(matches!(desk.finish(&cuc, None, CallId(9)).await, Err(CallProblem::Gone)));
        assert!(rows.happened.lock().is_empty());
        assert_eq!(desk.answer(&cuc, None, CallId(2)).await.unwrap().officer, Some(OfficerId(4)));
        assert_eq!(*rows.happened.lock(), ["call_answered by 4", "answer by 4"]);
        // Once more is the same; a colleague is told who goes.
        assert!(desk.answer(&cuc, None, CallId(2)).await.is_ok());
        assert!(matches!(desk.answer(&binh, None, CallId(2)).await, Err(CallProblem::Quicker(Some(OfficerId(4))))));
        assert!(matches!(desk.finish(&binh, None, CallId(2)).await, Err(CallProblem::Quicker(Some(OfficerId(4))))));
        assert_eq!(rows.happened.lock().len(), 2);
        desk.finish(&officer(6, OfficerRole::Supervisor), None, CallId(2)).await.unwrap();
        assert!(matches!(desk.finish(&cuc, None, CallId(2)).await, Err(CallProblem::Gone)));
        // Between the look and the act somebody was quicker.
        *rows.quicker.lock() = Some(OfficerId(5));
        assert!(matches!(desk.answer(&cuc, None, CallId(3)).await, Err(CallProblem::Quicker(Some(OfficerId(5))))));
        *rows.unwritten.lock() = true;
        assert!(matches!(desk.answer(&cuc, None, CallId(4)).await, Err(CallProblem::Store(_))));
        assert_eq!(rows.happened.lock().last().unwrap(), "answer by 4", "nothing is done that is not written down");
        assert_eq!(rows.calls.lock().iter().filter(|call| call.stage == CallStage::Waiting).count(), 2);
    }
}
