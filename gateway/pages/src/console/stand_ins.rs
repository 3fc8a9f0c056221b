//! A desk of two agencies in memory, which writes down in which order it was
//! asked for what.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use gateway_core::desk::{AnswerCode, Answered, Answers, NoticeBoard, Refusal, RefusalKind, Request as Asked};
use gateway_core::domain::{
    Channel, ClientNet, DossierNumber, DossierNumberParser, Locale, LockOut, Login, MessageKey, Officer, OfficerId,
    OfficerName, OfficerRole, Procedure, ProcedureCode, Provider, SessionToken, SignedIn, Sites, WorkingCalendar,
};
use gateway_core::ports::{
    Admission, Callback, Catalogue, Claimed, Clock, DeskLoad, FieldCount, Handover, HandoverId, HandoverReason,
    HandoverState, Handovers, HashKey, KeyedHash, Keys, LeftHandovers, LimitKeys, LimitedAction, Limiter, Line, Link,
    LinkProof, LinkTerms, LinkTried, Links, Listening, NewCallback, NewHandover, NewLine, NewLinkCode, NewLinkOffer,
    NewOfficer, NewOfficerAct, NewOutbound, NewSession, OfficerAct, OfficerActCursor, OfficerAudit, OfficerChange,
    OfficerMove, Officers, Opened, Outcome, PastRequest, ProcedurePage, ProcedureQuery, Requests, SecondFactor,
    Speaker, Stage, StoreError, Switchboard, TooMany, Transcripts, Tried, Trying, Written,
};
use gateway_http::Caller;
use gateway_locale::Locales;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::ConsoleNeeds;
use crate::sign_in::stand_ins::Dice;
use crate::{PagesNeeds, PasswordCost, SignInDesk, SignInNeeds, SignInRules, channel_parts};

/// What no page may hand on as markup.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>\u{202e}\"><img src=x onerror=alert(1)>";

pub(super) const SITE: &str = "000.00.17.H09";

/// Four officers: two of the agency, one of another, and a supervisor of all.
pub(super) const BINH: i64 = 1;
pub(super) const CUC: i64 = 2;
pub(super) const STRANGER: i64 = 3;
pub(super) const SUPERVISOR: i64 = 4;

pub(super) fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn key() -> HashKey {
    HashKey::new("k1", "a key for tests, which is long enough")
}

fn token(officer: i64) -> SessionToken {
    SessionToken::parse(&format!("{officer:064x}")).unwrap()
}

fn officer(id: i64) -> Officer {
    let (name, role, sites) = match id {
        BINH => ("Bình", OfficerRole::Officer, Sites::parse([SITE]).unwrap()),
        CUC => ("Cúc", OfficerRole::Officer, Sites::parse([SITE]).unwrap()),
        STRANGER => ("Dung", OfficerRole::Officer, Sites::parse(["000.00.01.H09"]).unwrap()),
        _ => ("Yến", OfficerRole::Supervisor, Sites::ALL),
    };
    Officer {
        id: OfficerId(id),
        login: Login::parse(&format!("officer{id}")).unwrap(),
        name: OfficerName::parse(name).unwrap(),
        role,
        sites,
        disabled: false,
        second_factor: false,
        created_at: now(),
    }
}

pub(super) fn handover(id: i64) -> Handover {
    Handover {
        id: HandoverId(id),
        state: HandoverState::Waiting,
        conversation: KeyedHash([u8::try_from(id).unwrap(); 16]),
        channel: Channel::Webchat,
        provider: Provider::new("page"),
        chat: "c".into(),
        sender: KeyedHash([9; 16]),
        locale: Locale::VI,
        site: SITE.into(),
        reason: HandoverReason::Asked,
        for_supervisor: false,
        officer: None,
        opened_at: now() - jiff::SignedDuration::from_mins(12),
        claimed_at: None,
        touched_at: now(),
        closed_at: None,
        outcome: "".into(),
    }
}

/// Held by this officer.
pub(super) fn held_by(id: i64, by: i64) -> Handover {
    Handover { state: HandoverState::Held, officer: Some(OfficerId(by)), claimed_at: Some(now()), ..handover(id) }
}

#[derive(Default)]
pub(super) struct Room {
    pub(super) handovers: Mutex<Vec<Handover>>,
    pub(super) callbacks: Mutex<Vec<Callback>>,
    pub(super) lines: Mutex<Vec<Line>>,
    /// In which order it was asked for what.
    pub(super) order: Mutex<Vec<String>>,
    /// Acts cannot be written.
    pub(super) deaf: Mutex<bool>,
    /// The next officer is not quick enough.
    pub(super) slow: Mutex<bool>,
    pub(super) keys: Mutex<Vec<MessageKey>>,
}

impl Room {
    fn note(&self, what: impl Into<String>) {
        self.order.lock().unwrap().push(what.into());
    }

    pub(super) fn line(&self, speaker: Speaker, text: &str, understood: &str) {
        let mut lines = self.lines.lock().unwrap();
        let id = i64::try_from(lines.len()).unwrap() + 1;
        lines.push(Line {
            id,
            speaker,
            text: text.to_owned(),
            buttons: vec![],
            understood: understood.into(),
            officer: None,
            at: now(),
        });
    }

    pub(super) fn taken_order(&self) -> Vec<String> {
        std::mem::take(&mut *self.order.lock().unwrap())
    }
}

pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) html: String,
}

/// What a browser of this officer is shown; 0 is nobody.
pub(super) async fn get(room: &Arc<Room>, officer: i64, path: &str) -> Told {
    send(room, officer, Request::get(path).body(Body::empty()).unwrap()).await
}

/// A form with the officer's own token against forgery.
pub(super) async fn post(room: &Arc<Room>, officer: i64, path: &str, fields: &[(&str, &str)]) -> Told {
    let csrf = token(officer).csrf(&key()).to_hex();
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("csrf", &csrf).extend_pairs(fields);
    send(room, officer, Request::post(path).body(body.finish().into()).unwrap()).await
}

pub(super) async fn send(room: &Arc<Room>, officer: i64, mut request: Request<Body>) -> Told {
    request.extensions_mut().insert(Caller {
        request_id: gateway_core::desk::RequestId::from_bits(7),
        net: ClientNet::of("203.0.113.9".parse().unwrap()),
        locale: Locale::EN,
    });
    if officer != 0 {
        let cookie = format!("officer={}", token(officer).to_hex());
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
    }
    let response = channel_parts(needs(room)).public.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let stream = head.headers.get("content-type").is_some_and(|media| media == "text/event-stream");
    let bytes = if stream { Default::default() } else { body.collect().await.unwrap().to_bytes() };
    Told { status: head.status, headers: head.headers, html: String::from_utf8_lossy(&bytes).into_owned() }
}

fn needs(room: &Arc<Room>) -> PagesNeeds {
    let rule = LockOut {
        failures: 5,
        first_pause: Duration::from_secs(30),
        longest_pause: Duration::from_secs(60),
        forget_after: Duration::from_secs(600),
    };
    let sign_in = SignInDesk::new(SignInNeeds {
        officers: Arc::clone(room) as Arc<_>,
        audit: Arc::clone(room) as Arc<_>,
        limiter: Arc::new(Open),
        clock: Arc::new(Standing),
        randomness: Arc::new(Dice::default()),
        hash_key: key(),
        rules: SignInRules {
            idle: Duration::from_secs(60),
            session: Duration::from_secs(60),
            sessions_each: 5,
            account: rule,
            network: rule,
            second_factor_for: Vec::new(),
            https: false,
            cost: PasswordCost { memory_kib: 8, passes: 1, lanes: 1, at_once: 1 },
        },
    });
    PagesNeeds {
        desk: Arc::clone(room) as Arc<_>,
        catalogue: Arc::new(Empty),
        locales: Arc::new(Locales::embedded().unwrap()),
        numbers: Arc::new(DossierNumberParser::default()),
        clock: Arc::new(Standing),
        randomness: Arc::new(Dice::default()),
        notices: Arc::new(NoticeBoard::default()),
        calendar: Arc::new(WorkingCalendar::default()),
        hotline: None,
        shelf: Arc::new(crate::Shelf { most_asked: Vec::new(), events: Vec::new() }),
        codes_by_sms: false,
        officers: Some(Arc::new(sign_in.unwrap())),
        chat: None,
        hash_key: key(),
        learning: None,
        queue: None,
        continuations: None,
        calls: None,
        console: Some(ConsoleNeeds {
            switchboard: Arc::clone(room) as Arc<_>,
            handovers: Arc::clone(room) as Arc<_>,
            transcripts: Arc::clone(room) as Arc<_>,
            requests: Arc::clone(room) as Arc<_>,
            links: Arc::new(Linked),
            stop: CancellationToken::new(),
        }),
        deadline: Duration::from_secs(1),
    }
}

struct Standing;

#[async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep(&self, _: Duration) {}
}

struct Open;

impl Limiter for Open {
    fn admit(&self, _: LimitKeys<'_>, _: LimitedAction, _: Timestamp) -> Result<Admission, TooMany> {
        Ok(Admission::default())
    }

    fn forgive(&self, _: LimitKeys<'_>, _: LimitedAction) {}

    fn admit_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber, _: Timestamp) -> Result<Admission, TooMany> {
        Ok(Admission::default())
    }

    fn forgive_dossier(&self, _: LimitKeys<'_>, _: &DossierNumber) {}
}

struct Empty;

impl Catalogue for Empty {
    fn procedure(&self, _: &ProcedureCode) -> Option<Arc<Procedure>> {
        None
    }

    fn find(&self, _: &ProcedureQuery) -> ProcedurePage {
        ProcedurePage::default()
    }

    fn fields(&self) -> Vec<FieldCount> {
        Vec::new()
    }

    fn len(&self) -> usize {
        0
    }

    fn as_of(&self) -> Option<jiff::civil::Date> {
        None
    }

    fn version(&self) -> u64 {
        1
    }
}

#[async_trait]
impl Answers for Room {
    async fn handle(&self, request: Asked) -> Answered {
        self.note(format!("desk {:?} of {}", request.content, request.sender.key()));
        Answered {
            code: AnswerCode::from_bits(1),
            notices: Arc::new([]),
            action: None,
            locale: request.locale,
            outcome: Err(Refusal::of(RefusalKind::NotDisclosed)),
        }
    }
}

#[async_trait]
impl OfficerAudit for Room {
    async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError> {
        if *self.deaf.lock().unwrap() {
            return Err(StoreError("away".into()));
        }
        self.note(format!("act {}", act.act));
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

#[async_trait]
impl Switchboard for Room {
    async fn claim(&self, id: HandoverId, officer: OfficerId) -> Result<Claimed, StoreError> {
        self.note("claim");
        let slow = *self.slow.lock().unwrap();
        let mut all = self.handovers.lock().unwrap();
        let one = all.iter_mut().find(|one| one.id == id).unwrap();
        if slow {
            (one.state, one.officer) = (HandoverState::Held, Some(OfficerId(CUC)));
            return Ok(Claimed::Taken);
        }
        (one.state, one.officer) = (HandoverState::Held, Some(officer));
        Ok(Claimed::Yes)
    }

    async fn say(&self, _: HandoverId, _: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError> {
        self.note(format!("say {text}"));
        self.keys.lock().unwrap().push(key);
        Ok(!*self.slow.lock().unwrap())
    }

    async fn note(&self, _: HandoverId, _: OfficerId, key: MessageKey, text: &str) -> Result<bool, StoreError> {
        Room::note(self, format!("note {text}"));
        self.keys.lock().unwrap().push(key);
        Ok(true)
    }

    async fn pass(&self, _: HandoverId, _: OfficerId, to: OfficerMove) -> Result<bool, StoreError> {
        Room::note(self, format!("pass {to:?}"));
        Ok(true)
    }

    fn listen(&self, _: Option<KeyedHash>) -> Box<dyn Listening> {
        Box::new(Quiet)
    }
}

struct Quiet;

#[async_trait]
impl Listening for Quiet {
    async fn wait(&mut self) {
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl Transcripts for Room {
    async fn write_lines(&self, _: Vec<NewLine>) -> Result<Vec<Written>, StoreError> {
        unreachable!("the console writes through the switchboard")
    }

    async fn lines(&self, _: KeyedHash, after: i64, _: usize, _: Timestamp) -> Result<Vec<Line>, StoreError> {
        self.note("lines");
        Ok(self.lines.lock().unwrap().iter().filter(|line| line.id > after).cloned().collect())
    }
}

#[async_trait]
impl Requests for Room {
    async fn of_senders(&self, senders: &[KeyedHash], _: usize) -> Result<Vec<PastRequest>, StoreError> {
        assert_eq!(senders, [KeyedHash([9; 16]), KeyedHash([8; 16])], "the chat's sender and the linked phone");
        Ok(vec![PastRequest {
            at: now(),
            channel: Channel::Webchat,
            action: "track_dossier".into(),
            outcome: Outcome::Answered,
            locale: Locale::VI,
            answer_code: "7K3F".into(),
            said: "dossier status=in_progress next=wait_for_result".into(),
        }])
    }
}

/// The account of every chat is linked to one phone.
struct Linked;

#[async_trait]
impl Links for Linked {
    async fn offer(&self, _: NewLinkOffer) -> Result<(), StoreError> {
        unreachable!("the citizen's own")
    }

    async fn issue(&self, _: NewLinkOffer, _: NewLinkCode) -> Result<bool, StoreError> {
        unreachable!("the citizen's own")
    }

    async fn confirm(
        &self,
        _: KeyedHash,
        _: LinkProof<'_>,
        _: Timestamp,
        _: LinkTerms,
    ) -> Result<LinkTried, StoreError> {
        unreachable!("the citizen's own")
    }

    async fn links_of(&self, sender: KeyedHash, at: Timestamp) -> Result<Vec<Link>, StoreError> {
        Ok(vec![Link {
            account: sender,
            phone: KeyedHash([8; 16]),
            channel: Channel::Zalo,
            masked: "09xx xxx 678".into(),
            consent: "2026-11".into(),
            since: at,
            until: at,
        }])
    }

    async fn keep_links(&self, _: KeyedHash, _: Timestamp, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("an officer's look is no use by the citizen")
    }

    async fn unlink(&self, _: KeyedHash, _: Option<KeyedHash>) -> Result<u32, StoreError> {
        unreachable!("the citizen's own")
    }
}

#[async_trait]
impl Handovers for Room {
    async fn open(&self, _: NewHandover) -> Result<Opened, StoreError> {
        unreachable!("not the console's")
    }

    async fn cancel(&self, _: KeyedHash, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("not the console's")
    }

    async fn open_one(&self, _: KeyedHash) -> Result<Option<Handover>, StoreError> {
        unreachable!("not the console's")
    }

    async fn handover(&self, id: HandoverId) -> Result<Option<Handover>, StoreError> {
        Ok(self.handovers.lock().unwrap().iter().find(|one| one.id == id).cloned())
    }

    async fn open_ones(&self, _: usize) -> Result<Vec<Handover>, StoreError> {
        let all = self.handovers.lock().unwrap();
        Ok(all.iter().filter(|one| one.state != HandoverState::Closed).cloned().collect())
    }

    async fn earlier(&self, _: &[KeyedHash], _: usize) -> Result<Vec<Handover>, StoreError> {
        let over = Handover { state: HandoverState::Closed, outcome: "solved".into(), ..handover(99) };
        Ok(vec![over])
    }

    async fn claim(&self, _: HandoverId, _: OfficerId, _: Timestamp) -> Result<Claimed, StoreError> {
        unreachable!("the console claims through the switchboard")
    }

    async fn say(&self, _: HandoverId, _: OfficerId, _: NewLine, _: Vec<NewOutbound>) -> Result<bool, StoreError> {
        unreachable!("the console speaks through the switchboard")
    }

    async fn pass(&self, _: HandoverId, _: OfficerId, _: OfficerMove, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("the console passes through the switchboard")
    }

    async fn touch(&self, id: HandoverId, officer: OfficerId, _: Timestamp) -> Result<bool, StoreError> {
        Room::note(self, format!("touch {} {}", id.0, officer.0));
        Ok(true)
    }

    async fn sweep_handovers(&self, _: Timestamp, _: Timestamp, _: Timestamp) -> Result<LeftHandovers, StoreError> {
        unreachable!("not the console's")
    }

    async fn load(&self, _: Timestamp) -> Result<DeskLoad, StoreError> {
        Room::note(self, "load");
        Ok(DeskLoad { waiting: 3, held: vec![(OfficerId(BINH), 2)], closed: 5, ..DeskLoad::default() })
    }

    async fn wish_callback(&self, _: NewCallback) -> Result<(), StoreError> {
        unreachable!("not the console's")
    }

    async fn callbacks(&self, _: Timestamp, _: usize) -> Result<Vec<Callback>, StoreError> {
        Ok(self.callbacks.lock().unwrap().clone())
    }

    async fn take_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError> {
        Room::note(self, "take callback");
        let mut all = self.callbacks.lock().unwrap();
        all.iter_mut().filter(|call| call.id == id).for_each(|call| call.officer = Some(officer));
        Ok(true)
    }

    async fn forget_callback(&self, _: KeyedHash) -> Result<bool, StoreError> {
        unreachable!("not the console's")
    }

    async fn end_callback(&self, id: i64, officer: OfficerId) -> Result<bool, StoreError> {
        Room::note(self, "end callback");
        self.callbacks.lock().unwrap().retain(|call| call.id != id || call.officer != Some(officer));
        Ok(true)
    }
}

#[async_trait]
impl Officers for Room {
    async fn add(&self, _: NewOfficer) -> Result<Option<OfficerId>, StoreError> {
        unreachable!("not the console's")
    }

    async fn find(&self, _: &Login) -> Result<Option<Officer>, StoreError> {
        unreachable!("not the console's")
    }

    async fn list(&self) -> Result<Vec<Officer>, StoreError> {
        Ok([BINH, CUC, STRANGER, SUPERVISOR].map(officer).into())
    }

    async fn keys(&self, _: &Login) -> Result<Option<Keys>, StoreError> {
        unreachable!("not the console's")
    }

    async fn second_factor(&self, _: OfficerId) -> Result<Option<SecondFactor>, StoreError> {
        unreachable!("not the console's")
    }

    async fn change(&self, _: OfficerId, _: OfficerChange<'_>, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!("not the console's")
    }

    async fn use_step(&self, _: OfficerId, _: i64) -> Result<bool, StoreError> {
        unreachable!("not the console's")
    }

    async fn begin_try(&self, _: &[Trying], _: Timestamp) -> Result<Tried, StoreError> {
        unreachable!("not the console's")
    }

    async fn forgive_try(&self, _: &[Trying], _: Timestamp) -> Result<(), StoreError> {
        unreachable!("not the console's")
    }

    async fn forget_tries(&self, _: KeyedHash) -> Result<(), StoreError> {
        unreachable!("not the console's")
    }

    async fn begin_session(&self, _: NewSession) -> Result<bool, StoreError> {
        unreachable!("not the console's")
    }

    async fn session(&self, hash: KeyedHash, stage: Stage, _: Timestamp) -> Result<Option<SignedIn>, StoreError> {
        let id = [BINH, CUC, STRANGER, SUPERVISOR].into_iter().find(|id| token(*id).hash(&key()) == hash);
        let of = |id| SignedIn { officer: officer(id), session: hash, since: now(), until: now() };
        Ok(id.filter(|_| stage == Stage::SignedIn).map(of))
    }

    async fn end_session(&self, _: KeyedHash) -> Result<(), StoreError> {
        unreachable!("not the console's")
    }

    async fn end_sessions(&self, _: OfficerId) -> Result<u64, StoreError> {
        unreachable!("not the console's")
    }
}
