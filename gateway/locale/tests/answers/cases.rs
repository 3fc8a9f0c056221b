//! One of every answer that a citizen may get.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{
    Action, Age, AnswerCode, Answered, DisclosedReply, DossierReply, ElsewhereReply, Focus, Lateness, NextStep,
    ProcedureReply, ProceduresReply, Question, QuestionKind, Refusal, RefusalKind, Reply, SubscribeOutcome,
    SubscribedReply,
};
use gateway_core::domain::{
    Agency, AgencyPeriod, Category, Dossier, DossierNumber, DossierNumberParser, Fee, FeeDue, FeeReading, Level,
    Locale, Method, MissingPaper, Money, Notice, NoticeId, NumberProblem, PaperCase, PaperItem, Phase, Procedure,
    ProcedureCode, ProcedureResult, ProcedureSummary, ProcessingTime, ReasonKind, Status, SubmissionChannel, TimeUnit,
};
use gateway_core::ports::{ProcedurePage, ProcedureQuery};
use jiff::Timestamp;
use jiff::civil::{Date, date};

#[path = "cases_links.rs"]
mod links;
#[path = "cases_queue.rs"]
mod queue;
#[path = "cases_talk.rs"]
pub(crate) mod talk;

pub(crate) const NUMBER: &str = "000.00.17.H09-261012-0012";

pub(crate) fn number(text: &str) -> DossierNumber {
    DossierNumberParser::default().parse_exact(text, date(2026, 10, 24)).unwrap()
}

/// A moment in Vietnam.
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{text}+07:00").parse().unwrap()
}

pub(crate) fn answered(outcome: Result<Reply, Refusal>) -> Answered {
    Answered {
        code: AnswerCode::parse("7K3F").unwrap(),
        notices: Arc::new([]),
        action: None,
        locale: Locale::VI,
        outcome,
    }
}

pub(crate) fn notice() -> Arc<Notice> {
    let texts = BTreeMap::from([
        (Locale::VI, "Chiều nay 24/10/2026 quầy đóng cửa lúc 15 giờ.".to_owned()),
        (Locale::EN, "This afternoon, 24/10/2026, the desk closes at 15:00.".to_owned()),
    ]);
    Arc::new(Notice {
        id: NoticeId(1),
        texts,
        channels: Vec::new(),
        from: at("2026-10-24T00:00:00"),
        until: at("2026-10-25T00:00:00"),
    })
}

pub(crate) fn dossier_reply(phase: Phase) -> DossierReply {
    let status = Status {
        phase,
        code: "4".into(),
        source_text: Some(if phase == Phase::Other { "Chờ thẩm định thực địa" } else { "…" }.into()),
    };
    let due = date(2026, 10, 28);
    let (lateness, next_step) = match phase {
        Phase::Registered => (Lateness::NotPublished, NextStep::WaitForCheck),
        Phase::Accepted | Phase::InProgress => (Lateness::Due { on: due, working_days: 3 }, NextStep::WaitForResult),
        Phase::Refused => (Lateness::ClockStands, NextStep::MendAndResubmit),
        Phase::PapersRequested => (Lateness::ClockStands, NextStep::HandInPapers),
        Phase::PaymentRequested => (Lateness::ClockStands, NextStep::PayFee),
        Phase::Withdrawn => (Lateness::ClockStands, NextStep::NothingWithdrawn),
        Phase::Stopped => (Lateness::ClockStands, NextStep::AskReason),
        Phase::ResultReady => (Lateness::FinishedInTime, NextStep::CollectResult),
        Phase::Returned => (Lateness::FinishedInTime, NextStep::NothingReturned),
        Phase::Other => (Lateness::NotPublished, NextStep::AskMeaning),
    };
    let reason_kind = match phase {
        Phase::Refused => Some(ReasonKind::PapersMissing),
        Phase::PapersRequested => Some(ReasonKind::PapersMissing),
        Phase::PaymentRequested => Some(ReasonKind::FeeDue),
        Phase::Withdrawn => Some(ReasonKind::AtRequest),
        _ => None,
    };
    DossierReply {
        dossier: Arc::new(Dossier {
            number: number(NUMBER),
            procedure_code: ProcedureCode::parse("1.004222").ok(),
            procedure_name: Some("TÊN CỦA NGUỒN, KHÔNG BAO GIỜ HIỆN".into()),
            agency: Some("UBND phường Thủ Dầu Một".into()),
            status,
            reason_kind,
            received_at: Some(at("2026-10-12T08:30:00")),
            due_at: Some(at("2026-10-28T17:00:00")),
            finished_at: None,
            returned_at: (phase == Phase::Returned).then(|| at("2026-10-23T09:00:00")),
            by_post: false,
        }),
        procedure: Some(Arc::new(residence())),
        handled_by: Some(ward()),
        name_withheld: false,
        lateness,
        next_step,
        contact: None,
        age: Age { as_of: at("2026-10-24T10:31:00"), seconds: 20, stale: false },
        more_with_proof: matches!(
            phase,
            Phase::Refused | Phase::PapersRequested | Phase::PaymentRequested | Phase::Stopped
        ),
    }
}

/// The catalogue's entry of the dossier's procedure.
pub(crate) fn residence() -> Procedure {
    Procedure {
        code: ProcedureCode::parse("1.004222").unwrap(),
        name: "Đăng ký thường trú".into(),
        short_name: "Đăng ký thường trú".into(),
        english_name: Some("Permanent residence".into()),
        ..procedure()
    }
}

/// The directory's entry of the agency where the dossier lies.
pub(crate) fn ward() -> Arc<Agency> {
    agency("UBND phường Thủ Dầu Một", Some("People's Committee of Thủ Dầu Một ward"), None, None)
}

pub(crate) fn overdue(working_days: u32) -> DossierReply {
    DossierReply {
        lateness: Lateness::Overdue { since: date(2026, 10, 20), working_days },
        next_step: NextStep::AskAgency,
        contact: Some("0274.1022".into()),
        ..dossier_reply(Phase::InProgress)
    }
}

pub(crate) fn stale() -> DossierReply {
    let mut reply = dossier_reply(Phase::InProgress);
    reply.age.stale = true;
    reply
}

pub(crate) fn refused(reason: Option<ReasonKind>) -> DossierReply {
    let mut reply = dossier_reply(Phase::Refused);
    Arc::make_mut(&mut reply.dossier).reason_kind = reason;
    if reason == Some(ReasonKind::NotCompetent) {
        reply.next_step = NextStep::HandInElsewhere;
    }
    reply
}

/// As the source names procedure and agency: neither catalogue nor directory
/// knows them.
pub(crate) fn known_to_the_source_only() -> DossierReply {
    let mut reply = DossierReply { procedure: None, handled_by: None, ..dossier_reply(Phase::InProgress) };
    let dossier = Arc::make_mut(&mut reply.dossier);
    dossier.procedure_name = Some("Cấp giấy phép xe tập lái".into());
    dossier.agency = Some("Sở Xây dựng".into());
    reply
}

pub(crate) fn private(public: DossierReply, full: bool) -> Reply {
    Reply::Disclosed(Box::new(DisclosedReply {
        public: DossierReply { more_with_proof: false, ..public },
        masked_name: Some("N*** V*** A***".into()),
        reason: full.then(|| "Giấy tờ chứng minh chỗ ở hợp pháp chưa có chữ ký của chủ nhà.".into()),
        fees: if full {
            vec![FeeDue { name: "Lệ phí đăng ký cư trú".into(), amount: Money::from_dong(20_000).unwrap() }]
        } else {
            Vec::new()
        },
        missing_papers: if full {
            vec![
                MissingPaper {
                    what: "Hợp đồng thuê nhà có chữ ký hai bên".into(), asked_on: Some(date(2026, 10, 22))
                },
                MissingPaper { what: "Tờ khai CT01".into(), asked_on: None },
            ]
        } else {
            Vec::new()
        },
    }))
}

fn method(channel: SubmissionChannel, time: ProcessingTime, reading: FeeReading, note: Option<&str>) -> Method {
    Method { channel, time, fee: Fee { published: None, reading }, note: note.map(str::to_owned) }
}

fn days(amount: f64) -> ProcessingTime {
    ProcessingTime::Published { amount, unit: TimeUnit::WorkingDays }
}

fn dong(amount: i64, conditional: bool, until: Option<Date>) -> FeeReading {
    FeeReading::Amount { amount: Money::from_dong(amount).unwrap(), conditional, until }
}

fn paper(name: &str, originals: u32, copies: u32) -> PaperItem {
    PaperItem { name: name.into(), originals, copies }
}

/// A procedure as the small catalogue holds it.
pub(crate) fn procedure() -> Procedure {
    Procedure {
        code: ProcedureCode::parse("1.014064").unwrap(),
        name: "Cấp lại thẻ căn cước".into(),
        short_name: "Cấp lại thẻ căn cước".into(),
        english_name: Some("Replace a lost identity card".into()),
        aliases: Vec::new(),
        field: "Cấp, quản lý căn cước".into(),
        levels: vec![Level::Commune],
        applicants: vec!["Công dân Việt Nam".into()],
        decision: Some("5710/QĐ-BCA-C06".into()),
        methods: vec![
            method(
                SubmissionChannel::InPerson,
                days(7.0),
                dong(70_000, true, Some(date(2026, 12, 31))),
                Some("Từ ngày 01/7/2025 đến hết ngày 31/12/2026 thu bằng 50% mức trên."),
            ),
            method(
                SubmissionChannel::Online,
                days(7.0),
                dong(70_000, true, Some(date(2026, 12, 31))),
                Some("Từ ngày 01/7/2025 đến hết ngày 31/12/2026 thu bằng 50% mức trên."),
            ),
            method(SubmissionChannel::Post, days(7.0), FeeReading::Free, Some("Trả phí cho đơn vị bưu chính.")),
        ],
        papers: vec![PaperCase {
            case: String::new(),
            items: vec![
                paper("Phiếu đề nghị giải quyết thủ tục về căn cước (mẫu DC02)", 1, 0),
                paper("Giấy tờ chứng minh nội dung thay đổi, nếu có", 0, 1),
            ],
        }],
        steps: None,
        conditions: None,
        results: vec![ProcedureResult { name: "Thẻ căn cước".into(), code: None }],
        legal: vec!["26/2023/QH15".into()],
        url: Some("https://dichvucong.gov.vn/p/1.014064".into()),
        source: "Cơ sở dữ liệu quốc gia về thủ tục hành chính".into(),
        as_of: Some(date(2026, 7, 12)),
        sensitive: false,
        prior: 1.0,
    }
}

/// Every trap of published figures in one.
pub(crate) fn trapped() -> Procedure {
    Procedure {
        code: ProcedureCode::parse("1.010041").unwrap(),
        name: "Xác nhận thông tin về cư trú, đăng ký cư trú và những việc khác có tên rất dài".into(),
        short_name: "Xác nhận thông tin về cư trú".into(),
        english_name: None,
        methods: vec![
            method(
                SubmissionChannel::InPerson,
                ProcessingTime::UnitNotPublished { amount: 1.0 },
                FeeReading::NotPublished,
                None,
            ),
            method(
                SubmissionChannel::InPerson,
                ProcessingTime::Published { amount: 1.5, unit: TimeUnit::Days },
                FeeReading::SeeNote,
                Some("Lệ phí do Hội đồng nhân dân cấp tỉnh quyết định. Xem https://a.gov.vn/phi."),
            ),
            method(
                SubmissionChannel::Online,
                ProcessingTime::NotPublished,
                dong(160_000, true, Some(date(2023, 12, 31))),
                Some("Đến hết ngày 31/12/2023."),
            ),
            method(
                SubmissionChannel::Post,
                ProcessingTime::Text("Trong ngày; nếu nhận sau 15 giờ thì trả vào ngày sau".into()),
                FeeReading::Text("10 USD".into()),
                None,
            ),
            method(SubmissionChannel::Other("Lưu động".into()), days(1_234.0), FeeReading::SeeNote, None),
        ],
        papers: vec![
            PaperCase {
                case: "Giấy tờ phải nộp:".into(),
                items: (1..=7).map(|place| paper(&format!("Giấy thứ {place}"), 1, place % 3)).collect(),
            },
            PaperCase {
                case: "Giấy tờ phải xuất trình:".into(),
                items: vec![paper("Không phải xuất trình khi đã có trong cơ sở dữ liệu.", 0, 0)],
            },
        ],
        results: Vec::new(),
        levels: vec![Level::Commune, Level::Province],
        as_of: None,
        url: None,
        ..procedure()
    }
}

fn case(name: &str, items: Vec<PaperItem>) -> PaperCase {
    PaperCase { case: name.into(), items }
}

/// A common case, which does not stand first, and others: one more than an
/// overview has room for.
pub(crate) fn by_case() -> Procedure {
    Procedure {
        papers: vec![
            case("Trẻ bị bỏ rơi:", vec![paper("Biên bản về việc trẻ bị bỏ rơi", 1, 0)]),
            case(
                "",
                vec![
                    paper("Tờ khai đăng ký khai sinh", 1, 0),
                    paper("Giấy chứng sinh", 1, 0),
                    paper("Không phải nộp khi đã có trong cơ sở dữ liệu.", 0, 0),
                ],
            ),
            case("Nhờ người khác làm thay", (1..=10).map(|n| paper(&format!("Giấy ủy quyền thứ {n}"), 1, 0)).collect()),
            case("Chỉ có lưu ý", vec![paper("Xuất trình căn cước", 0, 0)]),
        ],
        ..procedure()
    }
}

/// Cases of which one holds, none of them common.
pub(crate) fn alternatives() -> Procedure {
    Procedure {
        papers: vec![
            case("Cá nhân, hộ gia đình", vec![paper("Tờ khai (mẫu CT01)", 1, 0), paper("Giấy tờ về chỗ ở", 0, 1)]),
            case("Đăng ký theo danh sách", vec![paper("Văn bản đề nghị kèm danh sách", 1, 0)]),
        ],
        ..procedure()
    }
}

pub(crate) fn empty_procedure() -> Procedure {
    Procedure {
        applicants: Vec::new(),
        methods: Vec::new(),
        papers: Vec::new(),
        levels: Vec::new(),
        results: Vec::new(),
        ..trapped()
    }
}

fn one(procedure: Procedure, focus: Focus, also: Vec<Procedure>) -> Reply {
    let also = also.into_iter().map(Arc::new).collect();
    Reply::Procedure(ProcedureReply {
        procedure: Arc::new(procedure),
        focus: focus.into(),
        also,
        today: date(2026, 10, 24),
    })
}

fn list(query: &str, total: usize, hits: Vec<Procedure>) -> Reply {
    let hits =
        hits.into_iter().map(|hit| ProcedureSummary { procedure: Arc::new(hit), score: 1.0 }).collect::<Vec<_>>();
    Reply::Procedures(ProceduresReply {
        page: ProcedurePage { hits, total, next: None, clear: false },
        query: query.into(),
    })
}

fn agency(name: &str, english: Option<&str>, address: Option<&str>, phone: Option<&str>) -> Arc<Agency> {
    Arc::new(Agency {
        code: "000.00.17.H09".into(),
        name: name.into(),
        english: english.map(str::to_owned),
        address: address.map(str::to_owned),
        phone: phone.map(Into::into),
        valid: AgencyPeriod::default(),
        succeeded_by: None,
    })
}

fn ask(kind: QuestionKind, choices: Vec<Action>) -> Reply {
    Reply::Question(Arc::new(Question { kind, choices }))
}

fn show(code: &str, focus: Focus) -> Action {
    Action::show(ProcedureCode::parse(code).unwrap(), focus)
}

fn refuse(kind: RefusalKind, seconds: Option<u64>) -> Result<Reply, Refusal> {
    Err(Refusal { kind, retry_after: seconds.map(Duration::from_secs) })
}

/// Every answer with a name for the reader of the snapshots.
pub(crate) fn all() -> Vec<(String, Answered)> {
    let mut cases: Vec<(String, Answered)> = Vec::new();
    let mut add = |name: &str, outcome: Result<Reply, Refusal>| cases.push((name.to_owned(), answered(outcome)));
    for phase in Phase::ALL {
        add(&format!("dossier, {}", phase.key()), Ok(Reply::Dossier(dossier_reply(phase))));
    }
    add("dossier, 3 days overdue", Ok(Reply::Dossier(overdue(3))));
    add("dossier, 1 day overdue, no contact", Ok(Reply::Dossier(DossierReply { contact: None, ..overdue(1) })));
    add("dossier, stale", Ok(Reply::Dossier(stale())));
    add("dossier, due today", {
        let lateness = Lateness::Due { on: date(2026, 10, 24), working_days: 0 };
        Ok(Reply::Dossier(DossierReply { lateness, ..dossier_reply(Phase::Accepted) }))
    });
    add("dossier, no due date published, no agency", {
        let mut reply = DossierReply { lateness: Lateness::NotPublished, ..dossier_reply(Phase::InProgress) };
        Arc::make_mut(&mut reply.dossier).agency = None;
        reply.handled_by = None;
        Ok(Reply::Dossier(reply))
    });
    add("dossier, procedure and agency known to the source only", Ok(Reply::Dossier(known_to_the_source_only())));
    add("dossier, in progress, clock stands", {
        Ok(Reply::Dossier(DossierReply { lateness: Lateness::ClockStands, ..dossier_reply(Phase::InProgress) }))
    });
    add("dossier, finished late, by post", {
        let lateness =
            Lateness::FinishedLate { due: date(2026, 10, 20), finished: date(2026, 10, 22), working_days: 2 };
        let next_step = NextStep::WaitForPost;
        Ok(Reply::Dossier(DossierReply { lateness, next_step, ..dossier_reply(Phase::ResultReady) }))
    });
    add("dossier, name withheld", {
        let reply = dossier_reply(Phase::InProgress);
        Ok(Reply::Dossier(DossierReply { procedure: None, name_withheld: true, more_with_proof: true, ..reply }))
    });
    for reason in [None].into_iter().chain(ReasonKind::ALL.map(Some)) {
        let name = reason.map_or("none", ReasonKind::key);
        add(&format!("dossier, refused, reason {name}"), Ok(Reply::Dossier(refused(reason))));
    }
    add("disclosed, papers requested", Ok(private(dossier_reply(Phase::PapersRequested), true)));
    add("disclosed, papers requested, none listed", Ok(private(dossier_reply(Phase::PapersRequested), false)));
    add("disclosed, payment requested, no amount", Ok(private(dossier_reply(Phase::PaymentRequested), false)));
    for phase in [Phase::PaymentRequested, Phase::Refused, Phase::Stopped] {
        add(&format!("disclosed, {}", phase.key()), Ok(private(dossier_reply(phase), true)));
    }
    add("disclosed, refused, no reason", Ok(private(dossier_reply(Phase::Refused), false)));
    let other = number("G01.899.909-260916-890028");
    for (name, authority, ask_at) in [
        ("known", Some("Bộ Công an"), Some("Cổng dịch vụ công quốc gia, dichvucong.gov.vn")),
        ("only a link", Some("Bộ Công an"), Some("https://dichvucong.gov.vn")),
        ("unknown", None, None),
    ] {
        add(
            &format!("elsewhere, {name}"),
            Ok(Reply::Elsewhere(ElsewhereReply {
                number: other.clone(),
                authority: authority.map(Into::into),
                ask_at: ask_at.map(Into::into),
            })),
        );
    }
    for focus in [Focus::Overview, Focus::Fee, Focus::Papers, Focus::Time, Focus::Where] {
        add(&format!("procedure, {}", focus.key()), Ok(one(procedure(), focus, Vec::new())));
    }
    for focus in [Focus::Overview, Focus::Fee, Focus::Papers] {
        add(&format!("procedure with every trap, {}", focus.key()), Ok(one(trapped(), focus, vec![procedure()])));
    }
    for focus in [Focus::Overview, Focus::Papers] {
        add(&format!("procedure with cases, {}", focus.key()), Ok(one(by_case(), focus, Vec::new())));
    }
    add("procedure with cases, none common, overview", Ok(one(alternatives(), Focus::Overview, Vec::new())));
    add("procedure, nothing published", Ok(one(empty_procedure(), Focus::Overview, Vec::new())));
    add("procedures, two of seven", Ok(list("căn cước", 7, vec![procedure(), trapped()])));
    add("procedures, plain list", Ok(list("", 1, vec![procedure()])));
    add("procedures, none", Ok(list("nuôi rồng", 0, Vec::new())));
    add("procedures, none at all", Ok(list("", 0, Vec::new())));
    add(
        "agencies",
        Ok(Reply::Agencies(vec![
            agency(
                "UBND phường Thủ Dầu Một",
                Some("People's Committee of Thủ Dầu Một ward"),
                Some("1 Quang Trung"),
                Some("0274.3822.123"),
            ),
            agency("Trung tâm Phục vụ hành chính công", None, Some("Tòa nhà Trung tâm hành chính"), None),
            agency("Tổng đài", None, None, Some("1022")),
            agency("Sở Tư pháp", None, None, None),
        ])),
    );
    add("agencies, none", Ok(Reply::Agencies(Vec::new())));
    add("help", Ok(Reply::Help));
    add("already answered", Ok(Reply::AlreadyAnswered));
    let track = |text: &str| Action::TrackDossier { number: number(text) };
    add(
        "question, which dossier",
        Ok(ask(QuestionKind::WhichDossier, vec![track(NUMBER), track("H09.17-210819-0012")])),
    );
    add(
        "question, which procedure",
        Ok(ask(
            QuestionKind::WhichProcedure,
            vec![show("1.014063", Focus::Overview), show("1.014064", Focus::Fee), Action::ListAgencies, Action::Help],
        )),
    );
    add("question, number missing", Ok(ask(QuestionKind::NumberMissing, Vec::new())));
    for problem in [
        NumberProblem::NoSuchDate,
        NumberProblem::DateInFuture,
        NumberProblem::Incomplete,
        NumberProblem::TooLong,
        NumberProblem::NotANumber,
    ] {
        add(&format!("question, {}", problem.code()), Ok(ask(QuestionKind::NumberUnclear(problem), Vec::new())));
    }
    let query = ProcedureQuery { text: "đất đai".into(), ..ProcedureQuery::default() };
    add(
        "question, none at level",
        Ok(ask(
            QuestionKind::NoneAtLevel(Level::Commune),
            vec![Action::FindProcedures { query, focus: Focus::Overview.into() }],
        )),
    );
    add("refused, dossier not found", refuse(RefusalKind::DossierNotFound, None));
    add("refused, dossier too new", refuse(RefusalKind::DossierTooNew, None));
    add("refused, not disclosed", refuse(RefusalKind::NotDisclosed, None));
    add("refused, procedure not found", refuse(RefusalKind::ProcedureNotFound, None));
    add("refused, not understood", refuse(RefusalKind::NotUnderstood, None));
    add("refused, not a number", refuse(RefusalKind::NotANumber, None));
    add("refused, too many", refuse(RefusalKind::TooMany, Some(45)));
    add("refused, too many dossiers", refuse(RefusalKind::TooManyDossiers, Some(3_601)));
    add("refused, portal down", refuse(RefusalKind::PortalDown, Some(61)));
    add("refused, too late", refuse(RefusalKind::TooLate, None));
    add("refused, proof needed", refuse(RefusalKind::ProofNeeded, None));
    add("refused, proof needed for a rating", refuse(RefusalKind::RatingProofNeeded, None));
    add("refused, not on this channel", refuse(RefusalKind::NotOnThisChannel, None));
    add("refused, too many subscriptions", refuse(RefusalKind::TooManySubscriptions, None));
    add("refused, gave up", refuse(RefusalKind::GaveUp, Some(3_600)));
    add("refused, internal", refuse(RefusalKind::Internal, None));
    add(
        "question, what else a text may ask for",
        Ok(ask(
            QuestionKind::WhichDossier,
            vec![
                Action::SendCode { number: number(NUMBER) },
                Action::Subscribe { number: number(NUMBER), proof: None, words: "".into() },
                Action::Unsubscribe { number: None },
                Action::OptOut { category: None, words: "".into() },
                Action::OptIn { category: None, words: "".into() },
            ],
        )),
    );
    add("code sent", Ok(Reply::CodeSent { minutes: 5 }));
    let until = date(2027, 4, 22);
    for (name, outcome) in [
        ("new", SubscribeOutcome::Until(until)),
        ("already", SubscribeOutcome::Already(until)),
        ("nothing to wait for", SubscribeOutcome::NothingToWaitFor),
    ] {
        let reply = SubscribedReply { number: number(NUMBER), outcome };
        add(&format!("subscribed, {name}"), Ok(Reply::Subscribed(reply)));
    }
    for count in [0, 1, 3] {
        add(&format!("unsubscribed, {count}"), Ok(Reply::Unsubscribed { count }));
    }
    for category in [None, Some(Category::Status), Some(Category::Announcement)] {
        let name = category.map_or("all", Category::key);
        add(&format!("opted out, {name}"), Ok(Reply::OptedOut { category }));
        add(&format!("opted in, {name}"), Ok(Reply::OptedIn { category }));
    }
    add("more, and there is none", Ok(Reply::More));
    add("will answer", Ok(Reply::WillAnswer));
    talk::add_all(&mut add);
    links::add_all(&mut add);
    queue::add_all(&mut add);
    let mut noticed = answered(Ok(Reply::Dossier(dossier_reply(Phase::InProgress))));
    noticed.notices = Arc::new([notice()]);
    cases.push(("dossier, with an announcement".to_owned(), noticed));
    cases
}
