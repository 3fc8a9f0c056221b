use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use gateway_core::domain::{
    Fee, Level, Method, PaperCase, PaperItem, Procedure, ProcedureCode, ProcedureResult, ProcessingTime,
    SubmissionChannel,
};
use gateway_core::ports::{Clock, Randomness};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use parking_lot::Mutex;
use portal_simulator::{Simulator, SimulatorConfig};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const AGENCY: &str = "000.00.17.H09";
pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A clock that tests move. Sleeping takes no time: it is written down.
pub(crate) struct TestClock {
    now: AtomicI64,
    pub(crate) slept: Mutex<Vec<Duration>>,
}

impl TestClock {
    /// Monday, 23 November 2026, 10:00 in Vietnam.
    pub(crate) fn new() -> Arc<Self> {
        let monday: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        Arc::new(Self { now: AtomicI64::new(monday.as_second()), slept: Mutex::default() })
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::Relaxed)).unwrap()
    }

    async fn sleep(&self, span: Duration) {
        self.slept.lock().push(span);
    }
}

/// Counts up: every session id is another.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A portal, its clock and an open session.
pub(crate) struct Portal {
    pub(crate) simulator: Simulator,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: String,
    router: Router,
}

pub(crate) fn config(clock: &Arc<TestClock>) -> SimulatorConfig {
    SimulatorConfig::new(procedures(), Arc::<TestClock>::clone(clock), Arc::new(Counting::default()))
}

impl Portal {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        let clock = TestClock::new();
        let mut config = config(&clock);
        change(&mut config);
        let simulator = Simulator::new(config).unwrap();
        let router = simulator.router().merge(simulator.internal_router());
        let mut portal = Self { simulator, clock, session: String::new(), router };
        portal.log_in().await;
        portal
    }

    pub(crate) async fn log_in(&mut self) {
        let answer = self.post("/mapi/login", &json!({ "username": "dakenh", "password": "portal-sim" })).await;
        self.session = answer["session"].as_str().unwrap_or_default().to_owned();
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> (StatusCode, Result<Vec<u8>, ()>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(body.into())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.map(|body| body.to_bytes().to_vec()).map_err(drop);
        (status, body)
    }

    pub(crate) async fn json(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let (status, bytes) = self.send(method, path, body).await;
        (status, serde_json::from_slice(&bytes.unwrap()).unwrap_or(Value::Null))
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        self.json("POST", path, body).await.1
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.json("GET", path, &Value::Null).await.1
    }

    /// Calls a service with the session's and the agency's fields filled in.
    pub(crate) async fn call(&self, service: &str, more: Value) -> Value {
        let mut body = json!({ "session": self.session, "madonvi": AGENCY, "service": service });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        self.post("/mapi/g", &body).await
    }

    /// The dossier of a number; `None` where there is none.
    pub(crate) async fn dossier(&self, number: &str) -> Option<Value> {
        let answer = self.call("TraCuuHoSo", json!({ "mahoso": number })).await;
        assert_eq!(answer["error_code"], 0, "{answer}");
        answer["result"].as_array().unwrap().first().cloned()
    }

    pub(crate) fn number(&self, index: u64) -> String {
        self.simulator.dossier_by_index(index).unwrap()
    }

    pub(crate) async fn status(&self, number: &str) -> String {
        self.dossier(number).await.unwrap()["TrangThaiHoSo"].as_str().unwrap().to_owned()
    }
}

fn method(channel: SubmissionChannel, time: &str, fee: &str, note: &str) -> Method {
    Method {
        channel,
        time: ProcessingTime::read(time),
        fee: Fee::read(fee, Some(note)),
        note: (!note.is_empty()).then(|| note.to_owned()),
    }
}

fn procedure(code: &str, name: &str, field: &str, methods: Vec<Method>) -> Procedure {
    Procedure {
        code: ProcedureCode::parse(code).unwrap(),
        name: name.to_owned(),
        short_name: name.chars().take(40).collect(),
        english_name: None,
        aliases: Vec::new(),
        field: field.to_owned(),
        levels: vec![Level::Commune],
        applicants: vec!["Công dân Việt Nam".to_owned()],
        decision: None,
        methods,
        papers: vec![PaperCase {
            case: String::new(),
            items: vec![
                PaperItem { name: "Tờ khai theo mẫu".to_owned(), originals: 1, copies: 0 },
                PaperItem { name: "Giấy chứng sinh".to_owned(), originals: 1, copies: 0 },
                PaperItem { name: "Lưu ý: xuất trình căn cước".to_owned(), originals: 0, copies: 0 },
            ],
        }],
        steps: Some("Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.".to_owned()),
        conditions: None,
        results: vec![ProcedureResult { name: "Giấy khai sinh".to_owned(), code: Some("KQ.G15.000001".to_owned()) }],
        legal: vec!["60/2014/QH13".to_owned()],
        url: None,
        source: "test".to_owned(),
        as_of: None,
        sensitive: code == "2.001263",
        prior: 1.0,
    }
}

/// A handful of procedures with the traps of the national data base.
pub(crate) fn procedures() -> Vec<Procedure> {
    use SubmissionChannel::{InPerson, Online, Post};
    vec![
        procedure(
            "1.001193",
            "Đăng ký khai sinh",
            "Hộ tịch",
            vec![method(InPerson, "1 Ngày làm việc", "Miễn phí", ""), method(Online, "3", "Miễn phí", "")],
        ),
        procedure(
            "1.004222",
            "Đăng ký thường trú",
            "Đăng ký, quản lý cư trú",
            vec![
                method(InPerson, "7 Ngày làm việc", "20,000 Việt Nam Đồng", "Trường hợp nộp trực tiếp"),
                method(Online, "7 Ngày làm việc", "10,000 Việt Nam Đồng", "Trường hợp nộp trực tuyến"),
            ],
        ),
        procedure(
            "1.013978",
            "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất lần đầu",
            "Đất đai",
            vec![method(InPerson, "27 Ngày làm việc", "Không có thông tin", "Không bao gồm thời gian niêm yết")],
        ),
        procedure(
            "2.001159",
            "Thông báo lưu trú",
            "Đăng ký, quản lý cư trú",
            vec![method(Online, "1 Giờ", "Miễn phí", "")],
        ),
        procedure(
            "3.000347",
            "Đổi giấy phép lái xe",
            "Sát hạch, cấp giấy phép lái xe",
            vec![method(Post, "5 Ngày", "Miễn phí", "(Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.)Qua bưu chính.")],
        ),
        procedure(
            "2.001263",
            "Đăng ký việc nuôi con nuôi trong nước",
            "Nuôi con nuôi",
            vec![method(InPerson, "30 Ngày", "400,000 VNĐ", "")],
        ),
        procedure("1.014159", "Cung cấp thông tin quy hoạch", "Quy hoạch", vec![]),
    ]
}
