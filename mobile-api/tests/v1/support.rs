use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::ConnectInfo;
use channel_mobile::{MobileNeeds, channel_parts};
use gateway_core::desk::{
    Action, Age, AnswerCode, Answered, Answers, Content, DossierReply, Lateness, NextStep, Refusal, RefusalKind, Reply,
    Request as Asked,
};
use gateway_core::domain::{
    Agency, AgencyPeriod, Channel, Dossier, DossierNumber, DossierNumberParser, Fee, FeeReading, Level, Locale, Method,
    Money, Notice, NoticeId, PaperCase, PaperItem, Phase, Procedure, ProcedureCode, ProcedureSummary, ProcessingTime,
    Reading, ReasonKind, SenderAssurance, Status, SubmissionChannel, TimeUnit,
};
use gateway_core::ports::{Catalogue, Clock, FieldCount, ProcedurePage, ProcedureQuery, Randomness};
use gateway_http::{Needs, StackConfig, public_stack};
use gateway_locale::Locales;
use http::{HeaderMap, Method as Verb, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::Value;

use tower::ServiceExt;

use crate::queue::Lines;
use crate::terminals::Hall;

pub(crate) const NUMBER: &str = "000.00.17.H09-210819-0012";

/// Eight in the morning of a Monday in Vietnam.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

pub(crate) struct FixedClock;

#[async_trait]
impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep(&self, _span: Duration) {}
}

#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A catalogue at a version; the Desk's stand-in answers, so it holds nothing
/// but one name.
pub(crate) struct VersionSeven;

impl Catalogue for VersionSeven {
    fn procedure(&self, code: &ProcedureCode) -> Option<Arc<Procedure>> {
        (code.as_str() == "1.001193").then(|| Arc::new(procedure()))
    }

    fn find(&self, query: &ProcedureQuery) -> ProcedurePage {
        let hits = match (query.text.is_empty(), query.after) {
            (true, None) => vec![ProcedureSummary { procedure: Arc::new(procedure()), score: 0.0 }],
            _ => Vec::new(),
        };
        ProcedurePage { hits, total: 1, next: None, clear: false }
    }

    fn fields(&self) -> Vec<FieldCount> {
        vec![FieldCount { name: "Hộ tịch".into(), count: 1 }]
    }

    fn len(&self) -> usize {
        1
    }

    fn as_of(&self) -> Option<jiff::civil::Date> {
        None
    }

    fn version(&self) -> u64 {
        7
    }
}

/// Answers what it was told to, and remembers what it was asked.
pub(crate) struct Script {
    outcome: Mutex<Result<Reply, Refusal>>,
    notices: Mutex<Arc<[Arc<Notice>]>>,
    pub(crate) asked: Mutex<Vec<Asked>>,
    /// The language that the words turn out to be in.
    speaks: Mutex<Option<Locale>>,
    codes: AtomicU64,
}

#[async_trait]
impl Answers for Script {
    async fn handle(&self, request: Asked) -> Answered {
        let action = match &request.content {
            Content::Action(action) => Some(action.clone()),
            Content::Text(text) if text.contains(NUMBER) => Some(Action::TrackDossier { number: number() }),
            Content::Text(_) => None,
        };
        let locale = self.speaks.lock().unwrap().unwrap_or(request.locale);
        self.asked.lock().unwrap().push(request);
        Answered {
            code: AnswerCode::from_bits(self.codes.fetch_add(1, Ordering::Relaxed)),
            notices: Arc::clone(&self.notices.lock().unwrap()),
            action,
            locale,
            outcome: self.outcome.lock().unwrap().clone(),
        }
    }
}

pub(crate) struct Api {
    pub(crate) script: Arc<Script>,
    pub(crate) hall: Hall,
    pub(crate) lines: Arc<Lines>,
    config: StackConfig,
}

/// An API whose Desk says this.
pub(crate) fn api_that_says(outcome: Result<Reply, Refusal>) -> Api {
    let script = Script {
        outcome: Mutex::new(outcome),
        notices: Mutex::new(Arc::new([])),
        asked: Mutex::new(Vec::new()),
        speaks: Mutex::new(None),
        codes: AtomicU64::new(1),
    };
    Api { script: Arc::new(script), hall: Hall::default(), lines: Arc::default(), config: StackConfig::default() }
}

/// An API whose Desk refuses.
pub(crate) fn api_that_refuses(kind: RefusalKind) -> Api {
    api_that_says(Err(Refusal::of(kind)))
}

pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The stable code of a problem, after a look at its form.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("etag"), "");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert_eq!(problem["answer_code"].as_str().unwrap_or_default(), self.header("answer-code"));
        assert!(problem["detail"].as_str().unwrap().contains(' '), "{problem}");
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl Api {
    pub(crate) async fn send(&self, request: Request<Body>) -> Told {
        let locales = Arc::new(Locales::embedded().unwrap());
        let randomness: Arc<dyn Randomness> = Arc::new(Counting::default());
        let parts = channel_parts(MobileNeeds {
            desk: Arc::clone(&self.script) as Arc<dyn Answers>,
            catalogue: Arc::new(VersionSeven),
            locales: Arc::clone(&locales),
            numbers: Arc::new(DossierNumberParser::default()),
            clock: Arc::new(FixedClock),
            randomness: Arc::clone(&self.hall.dice) as Arc<_>,
            kiosk: self.hall.needs(),
            queue: Arc::clone(&self.lines) as Arc<_>,
            deadline: Duration::from_secs(8),
        });
        let stacked = public_stack(parts.public, &self.config, &Needs { locales, randomness }).unwrap();
        let response = stacked.service.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap_or_default();
        Told { status: head.status, headers: head.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.send(asking(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, name: &str, value: &str) -> Told {
        self.send(asking(path).header(name, value).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Told {
        let asked = asking(path).method(Verb::POST).header("content-type", "application/json");
        self.send(asked.body(body.into()).unwrap()).await
    }

    /// What the Desk was asked last.
    pub(crate) fn asked(&self) -> Asked {
        self.script.asked.lock().unwrap().pop().unwrap()
    }

    /// The action that the Desk was asked for last.
    pub(crate) fn action(&self) -> Action {
        match self.asked().content {
            Content::Action(action) => action,
            Content::Text(text) => unreachable!("{} bytes of text", text.len()),
        }
    }

    pub(crate) fn was_not_asked(&self) -> bool {
        self.script.asked.lock().unwrap().is_empty()
    }

    pub(crate) fn says(&self, outcome: Result<Reply, Refusal>) {
        *self.script.outcome.lock().unwrap() = outcome;
    }

    pub(crate) fn speaks(&self, locale: Locale) {
        *self.script.speaks.lock().unwrap() = Some(locale);
    }

    pub(crate) fn announces(&self, vietnamese: &str, english: &str) {
        let notice = Notice {
            id: NoticeId(1),
            texts: BTreeMap::from([(Locale::VI, vietnamese.into()), (Locale::EN, english.into())]),
            channels: vec![Channel::Mobile],
            from: now(),
            until: now() + Duration::from_secs(3_600),
        };
        *self.script.notices.lock().unwrap() = Arc::new([Arc::new(notice)]);
    }
}

pub(crate) fn asking(path: &str) -> http::request::Builder {
    let peer: SocketAddr = "203.0.113.9:4711".parse().unwrap();
    Request::builder().uri(path).extension(ConnectInfo(peer))
}

pub(crate) fn number() -> DossierNumber {
    match DossierNumberParser::default().read(NUMBER, date(2026, 11, 23)) {
        Reading::One(number) => number,
        other => unreachable!("{other:?}"),
    }
}

pub(crate) fn dossier() -> DossierReply {
    DossierReply {
        dossier: Arc::new(Dossier {
            number: number(),
            procedure_code: Some(ProcedureCode::parse("1.001193").unwrap()),
            procedure_name: Some("Thủ tục đăng ký khai sinh".into()),
            agency: Some("UBND phường Phú Cường".into()),
            status: Status { phase: Phase::InProgress, code: "4".into(), source_text: Some("Đang xử lý".into()) },
            reason_kind: None,
            received_at: Some("2026-11-19T01:30:00Z".parse().unwrap()),
            due_at: Some("2026-11-26T10:00:00Z".parse().unwrap()),
            finished_at: None,
            returned_at: None,
            by_post: false,
        }),
        procedure: Some(Arc::new(procedure())),
        handled_by: Some(Arc::new(ward())),
        name_withheld: false,
        lateness: Lateness::Due { on: date(2026, 11, 26), working_days: 3 },
        next_step: NextStep::WaitForResult,
        contact: Some("0274 1022".into()),
        age: Age { as_of: "2026-11-23T00:59:30Z".parse().unwrap(), seconds: 30, stale: false },
        more_with_proof: true,
    }
}

pub(crate) fn ward() -> Agency {
    Agency {
        code: "000.00.17.H09".into(),
        name: "UBND phường Phú Cường".into(),
        english: Some("People's Committee of Phú Cường ward".into()),
        address: None,
        phone: Some("0274 1022".into()),
        valid: AgencyPeriod::default(),
        succeeded_by: None,
    }
}

/// The same with some of it changed.
pub(crate) fn dossier_with(change: impl FnOnce(&mut DossierReply, &mut Dossier)) -> DossierReply {
    let mut reply = dossier();
    let mut inner = Dossier::clone(&reply.dossier);
    change(&mut reply, &mut inner);
    reply.dossier = Arc::new(inner);
    reply
}

pub(crate) fn waiting_for_papers() -> DossierReply {
    dossier_with(|reply, dossier| {
        dossier.status = Status { phase: Phase::PapersRequested, code: "5".into(), source_text: None };
        dossier.reason_kind = Some(ReasonKind::PapersMissing);
        reply.next_step = NextStep::HandInPapers;
        reply.lateness = Lateness::ClockStands;
    })
}

pub(crate) fn procedure() -> Procedure {
    Procedure {
        code: ProcedureCode::parse("1.001193").unwrap(),
        name: "Thủ tục đăng ký khai sinh".into(),
        short_name: "Đăng ký khai sinh".into(),
        english_name: Some("Birth registration".into()),
        aliases: vec!["làm giấy khai sinh".into()],
        field: "Hộ tịch".into(),
        levels: vec![Level::Commune, Level::Other("Cấp đặc khu".into())],
        applicants: vec!["Công dân Việt Nam".into()],
        decision: None,
        methods: vec![
            Method {
                channel: SubmissionChannel::InPerson,
                time: ProcessingTime::Published { amount: 1.0, unit: TimeUnit::WorkingDays },
                fee: Fee { published: Some("Miễn phí".into()), reading: FeeReading::Free },
                note: None,
            },
            Method {
                channel: SubmissionChannel::Online,
                time: ProcessingTime::UnitNotPublished { amount: 15.0 },
                fee: Fee {
                    published: Some("8.000".into()),
                    reading: FeeReading::Amount {
                        amount: Money::from_dong(8_000).unwrap(),
                        conditional: true,
                        until: Some(date(2026, 12, 31)),
                    },
                },
                note: Some("8.000 đồng/bản sao đến hết 31/12/2026".into()),
            },
        ],
        papers: vec![PaperCase {
            case: String::new(),
            items: vec![PaperItem { name: "Giấy chứng sinh".into(), originals: 1, copies: 0 }],
        }],
        steps: Some("Nộp, chờ, nhận.".into()),
        conditions: None,
        results: Vec::new(),
        legal: vec!["60/2014/QH13".into()],
        url: None,
        source: "Cổng Dịch vụ công quốc gia".into(),
        as_of: Some(date(2026, 7, 1)),
        sensitive: false,
        prior: 1.0,
    }
}

/// What over HTTP nobody can claim of themselves.
pub(crate) fn is_nobody_in_particular(asked: &Asked) -> bool {
    asked.channel == Channel::Mobile
        && asked.provider.as_str() == "api"
        && asked.assurance == SenderAssurance::Claimed
        && asked.message_id.is_none()
}
