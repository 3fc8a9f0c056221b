use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::ConnectInfo;
use gateway_core::desk::{
    Action, Age, AnswerCode, Answered, Answers, Content, DisclosedReply, DossierReply, Lateness, NextStep, NoticeBoard,
    ProcedureReply, ProceduresReply, Refusal, RefusalKind, Reply, Request as Asked,
};
use gateway_core::domain::{
    Channel, Dossier, DossierNumber, DossierNumberParser, Fee, FeeDue, FeeReading, Level, Locale, Method, MissingPaper,
    Money, Notice, NoticeId, PaperCase, PaperItem, Phase, Procedure, ProcedureCode, ProcedureResult, ProcedureSummary,
    ProcessingTime, Reading, Status, SubmissionChannel, TimeUnit, WorkingCalendar,
};
use gateway_core::ports::{Catalogue, Clock, FieldCount, HashKey, ProcedurePage, ProcedureQuery, Randomness};
use gateway_http::{Needs, StackConfig, public_stack_with_pages};
use gateway_locale::Locales;
use gateway_pages::{ChatPage, LifeEvent, PagesNeeds, Shelf, channel_parts, problem_pages};
use http::{HeaderMap, Method as Verb, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::civil::date;
use tower::ServiceExt;

pub(crate) const NUMBER: &str = "000.00.17.H09-210819-0012";

/// What no page may ever hand on as markup.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";

/// Eight in the morning of a Monday in Vietnam.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

struct FixedClock;

#[async_trait]
impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep(&self, _span: Duration) {}
}

#[derive(Default)]
struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A catalogue of one procedure and two fields.
struct Small(Procedure);

impl Catalogue for Small {
    fn procedure(&self, code: &ProcedureCode) -> Option<Arc<Procedure>> {
        (*code == self.0.code).then(|| Arc::new(self.0.clone()))
    }

    fn find(&self, _query: &ProcedureQuery) -> ProcedurePage {
        ProcedurePage::default()
    }

    fn fields(&self) -> Vec<FieldCount> {
        vec![FieldCount { name: self.0.field.clone(), count: 9 }, FieldCount { name: "Chứng thực".into(), count: 1 }]
    }

    fn len(&self) -> usize {
        10
    }

    fn as_of(&self) -> Option<jiff::civil::Date> {
        None
    }

    fn version(&self) -> u64 {
        7
    }
}

/// Answers what it was told to, and remembers what it was asked.
struct Script {
    outcome: Mutex<Result<Reply, Refusal>>,
    asked: Mutex<Vec<Asked>>,
    speaks: Mutex<Option<Locale>>,
    codes: AtomicU64,
}

#[async_trait]
impl Answers for Script {
    async fn handle(&self, request: Asked) -> Answered {
        let action = match &request.content {
            Content::Action(action) => Some(action.clone()),
            Content::Text(_) => None,
        };
        let locale = self.speaks.lock().unwrap().unwrap_or(request.locale);
        self.asked.lock().unwrap().push(request);
        Answered {
            code: AnswerCode::from_bits(self.codes.fetch_add(1, Ordering::Relaxed)),
            notices: Arc::new([]),
            action,
            locale,
            outcome: self.outcome.lock().unwrap().clone(),
        }
    }
}

pub(crate) struct House {
    script: Arc<Script>,
    notices: Arc<NoticeBoard>,
    procedure: Procedure,
    pub(crate) codes_by_sms: bool,
    pub(crate) config: StackConfig,
}

/// A house whose Desk says this.
pub(crate) fn house_that_says(outcome: Result<Reply, Refusal>) -> House {
    let script = Script {
        outcome: Mutex::new(outcome),
        asked: Mutex::new(Vec::new()),
        speaks: Mutex::new(None),
        codes: AtomicU64::new(1),
    };
    House {
        script: Arc::new(script),
        notices: Arc::new(NoticeBoard::default()),
        procedure: procedure(),
        codes_by_sms: true,
        config: StackConfig::default(),
    }
}

pub(crate) fn house_that_refuses(kind: RefusalKind) -> House {
    house_that_says(Err(Refusal::of(kind)))
}

pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    /// The values of an attribute, as they stand in the page.
    pub(crate) fn attributes(&self, name: &str) -> Vec<&str> {
        let opening = format!(" {name}=\"");
        self.html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }
}

impl House {
    /// The same with another procedure in its catalogue.
    pub(crate) fn holding(self, procedure: Procedure) -> Self {
        Self { procedure, ..self }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Told {
        let locales = Arc::new(Locales::embedded().unwrap());
        let randomness: Arc<dyn Randomness> = Arc::new(Counting::default());
        let code = self.procedure.code.clone();
        let events = vec![(LifeEvent::Child, vec![code.clone()]), (LifeEvent::Land, Vec::new())];
        let needs = PagesNeeds {
            desk: Arc::clone(&self.script) as Arc<dyn Answers>,
            catalogue: Arc::new(Small(self.procedure.clone())),
            locales: Arc::clone(&locales),
            numbers: Arc::new(DossierNumberParser::default()),
            clock: Arc::new(FixedClock),
            randomness: Arc::clone(&randomness),
            notices: Arc::clone(&self.notices),
            calendar: Arc::new(WorkingCalendar::default()),
            hotline: Some("0274.1022".into()),
            shelf: Arc::new(Shelf { most_asked: vec![code, ProcedureCode::parse("9.999999").unwrap()], events }),
            codes_by_sms: self.codes_by_sms,
            officers: None,
            chat: Some(ChatPage {
                embed_origins: Vec::new(),
                transcript: Duration::from_secs(86_400),
                private: Duration::from_secs(600),
            }),
            hash_key: HashKey::new("k1", "a key for tests"),
            console: None,
            learning: None,
            queue: None,
            continuations: None,
            calls: None,
            deadline: Duration::from_secs(8),
        };
        let router = channel_parts(needs.clone()).public;
        let stack = Needs { locales, randomness };
        let stacked = public_stack_with_pages(router, &self.config, &stack, Some(problem_pages(needs))).unwrap();
        let response = stacked.service.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Told { status: head.status, headers: head.headers, html: String::from_utf8(bytes.to_vec()).unwrap_or_default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.send(browsing(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, name: &str, value: &str) -> Told {
        self.send(browsing(path).header(name, value).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let asked = browsing(path)
            .method(Verb::POST)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
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

    pub(crate) fn speaks(&self, locale: Locale) {
        *self.script.speaks.lock().unwrap() = Some(locale);
    }

    pub(crate) fn announces(&self, vietnamese: &str, english: &str) {
        self.notices.refresh(vec![Notice {
            id: NoticeId(1),
            texts: BTreeMap::from([(Locale::VI, vietnamese.into()), (Locale::EN, english.into())]),
            channels: vec![Channel::Web],
            from: now(),
            until: now() + Duration::from_secs(3_600),
        }]);
    }
}

/// As a browser asks.
pub(crate) fn browsing(path: &str) -> http::request::Builder {
    let peer: SocketAddr = "203.0.113.9:4711".parse().unwrap();
    Request::builder()
        .uri(path)
        .header("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .extension(ConnectInfo(peer))
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
        handled_by: None,
        name_withheld: false,
        lateness: Lateness::Due { on: date(2026, 11, 26), working_days: 3 },
        next_step: NextStep::WaitForResult,
        contact: Some("0274 1022".into()),
        age: Age { as_of: "2026-11-23T00:59:30Z".parse().unwrap(), seconds: 30, stale: false },
        more_with_proof: true,
    }
}

pub(crate) fn disclosed() -> DisclosedReply {
    DisclosedReply {
        public: DossierReply { more_with_proof: false, ..dossier() },
        masked_name: Some("N. V. A.".into()),
        reason: Some("Thiếu giấy chứng sinh".into()),
        fees: vec![FeeDue { name: "Lệ phí".into(), amount: Money::from_dong(8_000).unwrap() }],
        missing_papers: vec![MissingPaper { what: "Giấy chứng sinh".into(), asked_on: Some(date(2026, 11, 20)) }],
    }
}

pub(crate) fn one() -> ProcedureReply {
    ProcedureReply {
        procedure: Arc::new(procedure()),
        focus: gateway_core::desk::Focuses::OVERVIEW,
        also: Vec::new(),
        today: date(2026, 11, 23),
    }
}

pub(crate) fn several(total: usize) -> ProceduresReply {
    let summary = ProcedureSummary { procedure: Arc::new(procedure()), score: 1.0 };
    ProceduresReply {
        page: ProcedurePage { hits: vec![summary], total, next: None, clear: true },
        query: "khai sinh".into(),
    }
}

pub(crate) fn procedure() -> Procedure {
    Procedure {
        code: ProcedureCode::parse("1.001193").unwrap(),
        name: "Thủ tục đăng ký khai sinh".into(),
        short_name: "Đăng ký khai sinh".into(),
        english_name: Some("Birth registration".into()),
        aliases: Vec::new(),
        field: "Hộ tịch".into(),
        levels: vec![Level::Commune],
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
        steps: Some("Nộp tờ khai.\nNhận giấy khai sinh.".into()),
        conditions: Some("Không quy định".into()),
        results: vec![ProcedureResult { name: "Giấy khai sinh".into(), code: None }],
        legal: Vec::new(),
        url: Some("https://dichvucong.gov.vn/1.001193".into()),
        source: "Cổng Dịch vụ công quốc gia".into(),
        as_of: Some(date(2026, 7, 1)),
        sensitive: false,
        prior: 1.0,
    }
}

/// A procedure of which nothing but its name is published.
pub(crate) fn bare() -> Procedure {
    Procedure {
        english_name: None,
        levels: Vec::new(),
        applicants: Vec::new(),
        methods: Vec::new(),
        papers: Vec::new(),
        steps: None,
        conditions: None,
        results: Vec::new(),
        url: Some("javascript:alert(1)".into()),
        as_of: None,
        ..procedure()
    }
}
