use std::sync::Arc;

use gateway_core::desk::{
    Action, Content, ConversationId, DeskHours, Focus, PersonReply, ProcedureReply, Question, QuestionKind,
    RefusalKind, Reply, SubscribeOutcome, SubscribedReply, Topic,
};
use gateway_core::domain::{Locale, NumberProblem, ProcedureCode};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{NUMBER, api_that_refuses, api_that_says, dossier, number, procedure};

fn text(text: &str) -> String {
    json!({ "text": text }).to_string()
}

#[tokio::test]
async fn a_number_in_a_sentence_is_answered_in_words() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let told = api.post("/api/v1/ask", text(&format!("hồ sơ {NUMBER} của tôi tới đâu rồi"))).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "private, no-store");
    let body = told.json();
    assert_eq!(body["action"], "track_dossier");
    assert_eq!(body["number"], NUMBER);
    assert_eq!(body["refusal"], Value::Null);
    assert!(
        body["text"].as_str().unwrap().contains("Đang xử lý")
            || body["text"].as_str().unwrap().contains("đang được xử lý")
    );
    assert!(matches!(api.asked().content, Content::Text(words) if words.starts_with("hồ sơ")));
}

#[tokio::test]
async fn a_procedure_is_named_by_its_codes() {
    let reply = ProcedureReply {
        procedure: Arc::new(procedure()),
        focus: Focus::Papers.into(),
        also: vec![Arc::new(procedure())],
        today: date(2026, 11, 23),
    };
    let told = api_that_says(Ok(Reply::Procedure(reply))).post("/api/v1/ask", text("làm giấy khai sinh cần gì")).await;
    assert_eq!(told.json()["codes"], json!(["1.001193", "1.001193"]));
    assert!(told.json()["text"].as_str().unwrap().contains("Giấy chứng sinh"));
}

#[tokio::test]
async fn a_question_back_has_choices_that_can_be_asked_as_they_are() {
    let question = Question {
        kind: QuestionKind::WhichDossier,
        choices: vec![
            Action::TrackDossier { number: number() },
            Action::show(ProcedureCode::parse("1.001193").unwrap(), Focus::Overview),
        ],
    };
    let told = api_that_says(Ok(Reply::Question(Arc::new(question)))).post("/api/v1/ask", text("12 hay 13")).await;
    let body = told.json();
    assert_eq!(body["action"], Value::Null);
    assert_eq!(body["choices"][0]["ask"], NUMBER);
    assert_eq!(body["choices"][1]["ask"], "1.001193");
    assert_eq!(body["choices"][1]["label"], "Đăng ký khai sinh");
    assert_eq!(body["codes"], json!(["1.001193"]));
}

#[tokio::test]
async fn codes_and_notices_are_answered_in_words() {
    let subscribed = SubscribedReply { number: number(), outcome: SubscribeOutcome::Until(date(2027, 5, 22)) };
    for (reply, words) in [
        (Reply::CodeSent { minutes: 5 }, "có hiệu lực 5 phút"),
        (Reply::Subscribed(subscribed), "đến hết ngày 22/05/2027"),
        (Reply::Unsubscribed { count: 2 }, "thôi theo dõi 2 hồ sơ"),
        (Reply::OptedOut { category: None }, "ngừng gửi mọi tin báo"),
        (Reply::More, "đã hết"),
        (Reply::WillAnswer, "sẽ gửi ngay"),
    ] {
        let told = api_that_says(Ok(reply)).post("/api/v1/ask", text("gửi mã xác nhận")).await;
        assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "private, no-store"));
        let body = told.json();
        assert!(body["text"].as_str().unwrap().contains(words), "{body}");
        assert_eq!((&body["refusal"], &body["choices"]), (&Value::Null, &json!([])));
    }
}

#[tokio::test]
async fn a_kind_no_is_an_answer() {
    for (kind, code, retryable) in [
        (RefusalKind::NotUnderstood, "not_understood", false),
        (RefusalKind::DossierNotFound, "dossier_not_found", false),
        (RefusalKind::DossierTooNew, "dossier_too_new", true),
        (RefusalKind::ProcedureNotFound, "procedure_not_found", false),
        (RefusalKind::ProofNeeded, "proof_needed", false),
        (RefusalKind::RatingProofNeeded, "rating_proof_needed", false),
        (RefusalKind::NotOnThisChannel, "not_on_this_channel", false),
        (RefusalKind::TooManySubscriptions, "too_many_subscriptions", false),
    ] {
        let told = api_that_refuses(kind).post("/api/v1/ask", text("asdf qwer")).await;
        assert_eq!(told.status, 200, "{}", told.text);
        let body = told.json();
        assert_eq!(body["refusal"], json!({ "code": code, "retryable": retryable }));
        assert!(body["text"].as_str().unwrap().contains(' '));
    }
}

#[tokio::test]
async fn a_number_that_cannot_be_one_is_a_no_for_programs() {
    let question = Question {
        kind: QuestionKind::NumberUnclear(NumberProblem::NoSuchDate),
        choices: vec![Action::TrackDossier { number: number() }],
    };
    let told = api_that_says(Ok(Reply::Question(Arc::new(question)))).post("/api/v1/ask", text("H09-210231-12")).await;
    assert_eq!(told.status, 200, "{}", told.text);
    let body = told.json();
    assert_eq!(body["refusal"], json!({ "code": "not_a_number", "retryable": false }));
    assert_eq!((&body["number"], &body["action"]), (&Value::Null, &Value::Null));
    assert_eq!(body["choices"][0]["ask"], NUMBER);
    assert!(body["text"].as_str().unwrap().contains("ngày tháng không đúng"));
    // A question that only lacks something is none.
    let missing = Question { kind: QuestionKind::NumberMissing, choices: Vec::new() };
    let told = api_that_says(Ok(Reply::Question(Arc::new(missing)))).post("/api/v1/ask", text("hồ sơ")).await;
    assert_eq!(told.json()["refusal"], Value::Null);
}

#[tokio::test]
async fn not_now_is_a_problem() {
    for (kind, status) in [
        (RefusalKind::TooMany, 429),
        (RefusalKind::TooManyDossiers, 429),
        (RefusalKind::PortalDown, 503),
        (RefusalKind::TooLate, 504),
        (RefusalKind::GaveUp, 503),
        (RefusalKind::Internal, 500),
    ] {
        let code = kind.code();
        let api = api_that_refuses(kind);
        api.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
        let told = api.post("/api/v1/ask", text(&format!("hồ sơ {NUMBER}"))).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code));
        assert_eq!(told.json()["action"], "track_dossier");
        assert_eq!(told.json()["number"], NUMBER);
        assert_eq!(told.json()["notices"][0]["text"], "Trung tâm nghỉ chiều nay");
        let nothing = api.post("/api/v1/ask", text("khai sinh")).await.json();
        assert!(nothing.get("action").is_none() && nothing.get("number").is_none());
    }
}

#[tokio::test]
async fn a_conversation_keeps_its_id_and_a_made_up_one_is_replaced() {
    let api = api_that_says(Ok(Reply::Help));
    let with = |id: &str| json!({ "text": "giúp", "conversation_id": id }).to_string();
    let kept = api.post("/api/v1/ask", with("0123456789abcdef")).await.json();
    assert_eq!(kept["conversation_id"], "0123456789abcdef");
    for strange in ["", "0123456789ABCDEF", "x", "<script>alert(1)"] {
        let made = api.post("/api/v1/ask", with(strange)).await.json()["conversation_id"].as_str().unwrap().to_owned();
        assert!(made.len() == 16 && made.bytes().all(|digit| digit.is_ascii_hexdigit()), "{made}");
        assert_ne!(made, strange);
    }
}

#[tokio::test]
async fn the_desk_hears_which_conversation_it_is() {
    let api = api_that_says(Ok(Reply::Help));
    let first = api.post("/api/v1/ask", text("giúp")).await.json()["conversation_id"].as_str().unwrap().to_owned();
    assert_eq!(api.asked().conversation, Some(ConversationId::new(&first)));
    let next = json!({ "text": "phí bao nhiêu", "conversation_id": first }).to_string();
    assert_eq!(api.post("/api/v1/ask", next).await.json()["conversation_id"], first);
    assert_eq!(api.asked().conversation, Some(ConversationId::new(&first)));
}

#[tokio::test]
async fn the_answer_is_in_the_language_of_the_words() {
    let api = api_that_says(Ok(Reply::Greeting));
    api.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
    api.speaks(Locale::EN);
    let told = api.post("/api/v1/ask", text("good morning")).await;
    assert_eq!(told.header("content-language"), "en");
    assert!(told.json()["text"].as_str().unwrap().starts_with("Good day."), "{}", told.text);
    assert_eq!(told.json()["notices"][0]["text"], "Closed this afternoon");
}

#[tokio::test]
async fn after_two_misunderstandings_the_text_shows_the_way_to_a_person_and_programs_hear_no() {
    let hours = DeskHours {
        sessions: Arc::new([]),
        week: [true; 7],
        saturday_mornings: false,
        open_now: true,
        opens_at: None,
        opens_today: true,
        hotline: Some("1022".into()),
    };
    let person = |after_misunderstandings| {
        api_that_says(Ok(Reply::Person(PersonReply { after_misunderstandings, hours: hours.clone(), callback: false })))
    };
    let told = person(true).post("/api/v1/ask", text("a b c")).await.json();
    assert_eq!((&told["refusal"]["code"], &told["refusal"]["retryable"]), (&json!("not_understood"), &json!(false)));
    assert!(told["text"].as_str().unwrap().contains("1022"), "{told}");
    assert!(!told["choices"].as_array().unwrap().is_empty());
    let asked_for = person(false).post("/api/v1/ask", text("gặp cán bộ")).await.json();
    assert_eq!(asked_for["refusal"], Value::Null);
}

#[tokio::test]
async fn an_emergency_is_answered_without_choices() {
    let reply = Reply::TurnedAway { topic: Topic::Emergency, hotline: Some("1022".into()) };
    let told = api_that_says(Ok(reply)).post("/api/v1/ask", text("cháy nhà")).await.json();
    assert!(told["text"].as_str().unwrap().contains("114") && !told["text"].as_str().unwrap().contains("1022"));
    assert_eq!((&told["choices"], &told["codes"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let api = api_that_says(Ok(Reply::Help));
    for (body, status, code) in [
        ("[]", 422, "invalid_fields"),
        ("{\"text\":null}", 422, "invalid_fields"),
        ("{\"text\":\"a\",\"phone\":\"0912\"}", 422, "invalid_fields"),
        ("khai sinh", 400, "malformed_json"),
    ] {
        let told = api.post("/api/v1/ask", body).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code), "{body}");
    }
    let told = api.post("/api/v1/ask", text(&"a".repeat(17_000))).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (413, "body_too_large"));
    let plain = crate::support::asking("/api/v1/ask").method("POST").header("content-type", "text/plain");
    let told = api.send(plain.body("khai sinh".into()).unwrap()).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (415, "unsupported_media_type"));
    assert!(api.was_not_asked());
}
