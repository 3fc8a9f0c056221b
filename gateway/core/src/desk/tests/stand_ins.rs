//! Stand-ins for the Desk's ports, with the time in the test's hand.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::desk::{Conversation, Desk, DeskParts, DeskRules, NoticeBoard};
use crate::domain::{
    Agency, AgencyDirectory, AgencyPeriod, Applicant, ApplicantKind, Channel, CitizenId, Dossier, DossierNumber,
    DossierNumberParser, Knowledge, Money, OwnerView, Phase, Phone, Procedure, ProcedureCode, Provider, Province,
    Rating, Reading, Status, StatusMap, WorkingCalendar,
};
use crate::ports::{
    Admission, Audit, AuditError, AuditRow, Catalogue, Clock, Conversations, Dedupe, FieldCount, HashKey, Heard,
    Interpretation, Interpreter, KeyedHash, LimitKeys, LimitedAction, Limiter, Portal, PortalError, PortalFault,
    ProcedurePage, ProcedureQuery, Proofs, Randomness, StoreError, TooMany, Understood,
};

pub(super) use super::letters::Letters;
pub(super) use super::ties::Ties;

/// Monday 2026-10-19, 09:00 in Vietnam.
pub(super) const NOW: &str = "2026-10-19T02:00:00Z";

/// A clock that stands until somebody sleeps; then it moves by that span.
pub(super) struct HandClock(Mutex<Timestamp>);

impl HandClock {
    pub(super) fn at(now: &str) -> Self {
        Self(Mutex::new(now.parse().unwrap()))
    }

    pub(super) fn move_by(&self, span: Duration) {
        let mut now = self.0.lock();
        *now += SignedDuration::try_from(span).unwrap();
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }

    async fn sleep(&self, span: Duration) {
        self.move_by(span);
    }
}

/// 1, 2, 3 …
#[derive(Default)]
pub(super) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A portal with dossiers in a map; it can be taken down, and each owner's
/// view can cost time.
#[derive(Default)]
pub(super) struct MapPortal {
    pub(super) dossiers: Mutex<HashMap<DossierNumber, OwnerView>>,
    pub(super) down: Mutex<bool>,
    pub(super) never_answers: Mutex<bool>,
    pub(super) stale: Mutex<bool>,
}

impl MapPortal {
    async fn view(&self, number: &DossierNumber) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
        if *self.never_answers.lock() {
            std::future::pending::<()>().await;
        }
        if *self.down.lock() {
            return Err(PortalError { service: "TraCuuHoSo", fault: PortalFault::Unreachable("refused".into()) });
        }
        let view = self.dossiers.lock().get(number).cloned();
        let stale = *self.stale.lock();
        Ok(view.map(|value| Knowledge { value, as_of: NOW.parse().unwrap(), stale }))
    }
}

#[async_trait]
impl Portal for MapPortal {
    async fn dossier(
        &self,
        number: &DossierNumber,
        _: Timestamp,
    ) -> Result<Option<Knowledge<Arc<Dossier>>>, PortalError> {
        let view = self.view(number).await?;
        Ok(view.map(|known| Knowledge { value: known.value.dossier, as_of: known.as_of, stale: known.stale }))
    }

    async fn owner_view(
        &self,
        number: &DossierNumber,
        _: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
        self.view(number).await
    }

    async fn procedure_list(&self, _: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError> {
        Ok(Vec::new())
    }

    async fn procedure(&self, _: &ProcedureCode, _: Timestamp) -> Result<Option<Procedure>, PortalError> {
        Ok(None)
    }

    async fn rate(&self, _: &DossierNumber, _: &Rating, _: Timestamp) -> Result<(), PortalError> {
        Ok(())
    }

    async fn ping(&self, _: Timestamp) -> Result<(), PortalError> {
        Ok(())
    }
}

/// A catalogue of a few procedures; every search finds all of them.
#[derive(Default)]
pub(super) struct ShortCatalogue(pub(super) Vec<Arc<Procedure>>);

impl Catalogue for ShortCatalogue {
    fn procedure(&self, code: &ProcedureCode) -> Option<Arc<Procedure>> {
        self.0.iter().find(|procedure| procedure.code.national() == code.national()).cloned()
    }

    fn find(&self, query: &ProcedureQuery) -> ProcedurePage {
        let hits: Vec<_> = self
            .0
            .iter()
            .filter(|procedure| procedure.name.contains(&query.text))
            .map(|procedure| crate::domain::ProcedureSummary { procedure: Arc::clone(procedure), score: 1.0 })
            .collect();
        ProcedurePage { total: hits.len(), clear: hits.len() == 1, hits, next: None }
    }

    fn fields(&self) -> Vec<FieldCount> {
        Vec::new()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn as_of(&self) -> Option<Date> {
        None
    }

    fn version(&self) -> u64 {
        1
    }
}

/// Understands what the test wrote down.
#[derive(Default)]
pub(super) struct Scripted(pub(super) Mutex<HashMap<String, Interpretation>>, pub(super) AtomicU64);

impl Interpreter for Scripted {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.lock().get(heard.text).cloned().unwrap_or(Interpretation::NotUnderstood).into()
    }
}

/// Admits everything until told otherwise.
#[derive(Default)]
pub(super) struct Gate {
    pub(super) closed: Mutex<HashSet<LimitedAction>>,
    pub(super) no_more_dossiers: Mutex<bool>,
    pub(super) delay: Mutex<Duration>,
    pub(super) forgiven: AtomicU64,
}

impl Limiter for Gate {
    fn admit(&self, _: LimitKeys<'_>, action: LimitedAction, _: Timestamp) -> Result<Admission, TooMany> {
        if self.closed.lock().contains(&action) {
            return Err(TooMany { retry_after: Duration::from_secs(7), action });
        }
        Ok(Admission::default())
    }

    fn forgive(&self, _: LimitKeys<'_>, _: LimitedAction) {}

    fn admit_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber, _: Timestamp) -> Result<Admission, TooMany> {
        if *self.no_more_dossiers.lock() {
            return Err(TooMany { retry_after: Duration::from_secs(60), action: LimitedAction::TrackDossier });
        }
        Ok(Admission { delay: *self.delay.lock(), remaining: None })
    }

    fn forgive_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber) {
        self.forgiven.fetch_add(1, Ordering::Relaxed);
    }
}

/// Conversations in a map; it can be broken.
#[derive(Default)]
pub(super) struct Talks {
    pub(super) all: Mutex<HashMap<KeyedHash, (Conversation, Timestamp)>>,
    pub(super) broken: Mutex<bool>,
}

#[async_trait]
impl Conversations for Talks {
    async fn recall(&self, conversation: KeyedHash, now: Timestamp) -> Result<Option<Conversation>, StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("broken".into()));
        }
        let all = self.all.lock();
        Ok(all.get(&conversation).filter(|(_, until)| now < *until).map(|(what, _)| what.clone()))
    }

    async fn remember(&self, conversation: KeyedHash, what: &Conversation, until: Timestamp) -> Result<(), StoreError> {
        if *self.broken.lock() {
            return Err(StoreError("broken".into()));
        }
        self.all.lock().insert(conversation, (what.clone(), until));
        Ok(())
    }

    async fn forget(&self, conversation: KeyedHash) -> Result<(), StoreError> {
        self.all.lock().remove(&conversation);
        Ok(())
    }
}

/// Rows in memory; it can refuse to write.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Mutex<Vec<AuditRow>>,
    pub(super) committed: AtomicU64,
    pub(super) broken: Mutex<bool>,
}

#[async_trait]
impl Audit for Rows {
    async fn record(&self, row: AuditRow) -> Result<(), AuditError> {
        self.rows.lock().push(row);
        Ok(())
    }

    async fn commit(&self, row: AuditRow) -> Result<(), AuditError> {
        if *self.broken.lock() {
            return Err(AuditError("disk full".into()));
        }
        self.committed.fetch_add(1, Ordering::Relaxed);
        self.record(row).await
    }

    fn try_record(&self, row: AuditRow) -> Result<(), Box<AuditRow>> {
        self.rows.lock().push(row);
        Ok(())
    }
}

/// Replays, proofs and phones in memory.
#[derive(Default)]
pub(super) struct Memory {
    seen: Mutex<HashSet<String>>,
    pub(super) attempts: Mutex<HashMap<KeyedHash, u32>>,
    pub(super) phones: Mutex<HashMap<KeyedHash, HashSet<KeyedHash>>>,
    proven: Mutex<HashMap<(KeyedHash, KeyedHash), Timestamp>>,
}

#[async_trait]
impl Dedupe for Memory {
    async fn first_time(
        &self,
        channel: Channel,
        provider: &Provider,
        message_id: &str,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.seen.lock().insert(format!("{} {} {message_id}", channel.key(), provider.as_str())))
    }

    async fn forget(&self, channel: Channel, provider: &Provider, message_id: &str) -> Result<(), StoreError> {
        self.seen.lock().remove(&format!("{} {} {message_id}", channel.key(), provider.as_str()));
        Ok(())
    }
}

#[async_trait]
impl Proofs for Memory {
    async fn begin_attempt(&self, dossier: KeyedHash, _: Date) -> Result<u32, StoreError> {
        let mut attempts = self.attempts.lock();
        let count = attempts.entry(dossier).or_default();
        *count += 1;
        Ok(*count)
    }

    async fn forgive_attempt(&self, dossier: KeyedHash, _: Date) -> Result<(), StoreError> {
        if let Some(count) = self.attempts.lock().get_mut(&dossier) {
            *count -= 1;
        }
        Ok(())
    }

    async fn owners_of_phone(&self, phone: KeyedHash, owner: KeyedHash, _: Timestamp) -> Result<u32, StoreError> {
        let mut phones = self.phones.lock();
        let owners = phones.entry(phone).or_default();
        owners.insert(owner);
        Ok(u32::try_from(owners.len()).unwrap())
    }

    async fn remember_proven(&self, sender: KeyedHash, dossier: KeyedHash, until: Timestamp) -> Result<(), StoreError> {
        self.proven.lock().insert((sender, dossier), until);
        Ok(())
    }

    async fn is_proven(&self, sender: KeyedHash, dossier: KeyedHash, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.proven.lock().get(&(sender, dossier)).is_some_and(|until| at < *until))
    }
}

/// A Desk with all its stand-ins at hand.
pub(super) struct World {
    pub(super) desk: Arc<Desk>,
    pub(super) clock: Arc<HandClock>,
    pub(super) portal: Arc<MapPortal>,
    pub(super) interpreter: Arc<Scripted>,
    pub(super) gate: Arc<Gate>,
    pub(super) audit: Arc<Rows>,
    pub(super) memory: Arc<Memory>,
    pub(super) notices: Arc<NoticeBoard>,
    pub(super) letters: Arc<Letters>,
    pub(super) ties: Arc<Ties>,
    pub(super) talks: Arc<Talks>,
}

/// A Desk that serves H09, with one agency and two procedures.
pub(super) fn world() -> World {
    world_with(|_| {})
}

/// The same after a change of what it works with.
pub(super) fn world_with(change: impl FnOnce(&mut DeskParts)) -> World {
    let clock = Arc::new(HandClock::at(NOW));
    let portal = Arc::new(MapPortal::default());
    let interpreter = Arc::new(Scripted::default());
    let gate = Arc::new(Gate::default());
    let audit = Arc::new(Rows::default());
    let memory = Arc::new(Memory::default());
    let notices = Arc::new(NoticeBoard::default());
    let talks = Arc::new(Talks::default());
    let letters = Arc::new(Letters::default());
    let ties = Arc::new(Ties::default());
    let catalogue = ShortCatalogue(vec![
        Arc::new(procedure("1.001193", "Đăng ký khai sinh", false)),
        Arc::new(procedure("2.001263", "Đăng ký việc nuôi con nuôi trong nước", true)),
    ]);
    let mut parts = DeskParts {
        portal: portal.clone(),
        catalogue: Arc::new(catalogue),
        interpreter: interpreter.clone(),
        limiter: gate.clone(),
        audit: audit.clone(),
        dedupe: memory.clone(),
        proofs: memory.clone(),
        notices: notices.clone(),
        codes: letters.clone(),
        subscriptions: letters.clone(),
        preferences: letters.clone(),
        links: ties.clone(),
        requests: ties.clone(),
        conversations: talks.clone(),
        misses: None,
        outbox: letters.clone(),
        notifier: Some(letters.clone()),
        clock: clock.clone(),
        randomness: Arc::new(Counting::default()),
        hash_key: HashKey::new("k1", "a secret of the test"),
        agencies: Arc::new(directory()),
        calendar: Arc::new(WorkingCalendar::default()),
        ratings: None,
        queue: None,
        rules: DeskRules::default(),
    };
    change(&mut parts);
    World {
        desk: Arc::new(Desk::new(parts)),
        clock,
        portal,
        interpreter,
        gate,
        audit,
        memory,
        notices,
        letters,
        ties,
        talks,
    }
}

fn directory() -> AgencyDirectory {
    let province = |code: &str, name: &str| Province {
        code: code.into(),
        name: name.into(),
        valid: AgencyPeriod::default(),
        merged_into: None,
        ask_at: Some("1022".into()),
    };
    let agency = Agency {
        code: "000.00.17.H09".into(),
        name: "UBND phường Phú Lợi".into(),
        english: None,
        address: None,
        phone: Some("0274 1022".into()),
        valid: AgencyPeriod::default(),
        succeeded_by: None,
    };
    AgencyDirectory::new(
        vec![province("H09", "Bình Dương"), province("H56", "Thanh Hóa")],
        vec![agency],
        vec!["H09".into()],
        Some("dichvucong.gov.vn".into()),
    )
}

pub(super) fn procedure(code: &str, name: &str, sensitive: bool) -> Procedure {
    Procedure {
        code: ProcedureCode::parse(code).unwrap(),
        name: name.into(),
        short_name: name.into(),
        english_name: None,
        aliases: Vec::new(),
        field: "Hộ tịch".into(),
        levels: Vec::new(),
        applicants: Vec::new(),
        decision: None,
        methods: Vec::new(),
        papers: Vec::new(),
        steps: None,
        conditions: None,
        results: Vec::new(),
        legal: Vec::new(),
        url: None,
        source: "test".into(),
        as_of: None,
        sensitive,
        prior: 1.0,
    }
}

pub(super) fn number(text: &str) -> DossierNumber {
    let today = Date::constant(2026, 10, 19);
    match DossierNumberParser::default().read(text, today) {
        Reading::One(number) => number,
        other => panic!("{text}: {other:?}"),
    }
}

/// A dossier of birth registration, owned by somebody whose ID ends in 1234.
pub(super) fn dossier(number: &DossierNumber, code: &str) -> OwnerView {
    OwnerView {
        dossier: Arc::new(Dossier {
            number: number.clone(),
            procedure_code: ProcedureCode::parse("1.001193").ok(),
            procedure_name: Some("Thủ tục đăng ký khai sinh".into()),
            agency: Some("UBND phường Phú Lợi".into()),
            status: StatusMap::default().read(code, None),
            reason_kind: None,
            received_at: "2026-10-12T02:00:00Z".parse().ok(),
            due_at: "2026-10-21T10:00:00Z".parse().ok(),
            finished_at: None,
            returned_at: None,
            by_post: false,
        }),
        applicant: Applicant {
            kind: ApplicantKind::Person,
            name: Some("Nguyễn Thị Bưởi".into()),
            citizen_id: CitizenId::parse("074190001234").ok(),
            phone: Phone::parse("0912345678").ok(),
        },
        reason: Some("Thiếu giấy chứng sinh".into()),
        fees: vec![crate::domain::FeeDue { name: "Lệ phí".into(), amount: Money::from_dong(8_000).unwrap() }],
        missing_papers: Vec::new(),
    }
}

/// The same with another public part.
pub(super) fn changed(view: OwnerView, change: impl FnOnce(&mut Dossier)) -> OwnerView {
    let mut public = Dossier::clone(&view.dossier);
    change(&mut public);
    OwnerView { dossier: Arc::new(public), ..view }
}

pub(super) fn status(phase: Phase) -> Status {
    Status { phase, code: "x".into(), source_text: None }
}

impl World {
    pub(super) fn clock_now(&self) -> Timestamp {
        Clock::now(self.clock.as_ref())
    }

    pub(super) fn hash_key(&self) -> HashKey {
        HashKey::new("k1", "a secret of the test")
    }
}
