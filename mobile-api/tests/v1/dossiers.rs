use std::time::Duration;

use gateway_core::desk::{
    Action, Content, DisclosedReply, ElsewhereReply, Lateness, NextStep, Proof, Refusal, RefusalKind, Reply,
};
use gateway_core::domain::{
    FeeDue, LastFour, MissingPaper, Money, OneTimeCode, Phase, RatingReason, ReasonKind, Score, Sender, Status,
};
use jiff::civil::date;
use mobile_api_types::{CodeAnswer, DisclosureRequest, DossierAnswer, ProblemAnswer};
use serde_json::Value;

use crate::support::{
    NUMBER, api_that_refuses, api_that_says, dossier, dossier_with, is_nobody_in_particular, now, number,
    waiting_for_papers,
};

fn path() -> String {
    format!("/api/v1/dossiers/{NUMBER}")
}

fn disclosure() -> String {
    format!("{}/disclosure", path())
}

fn code() -> String {
    format!("{}/code", path())
}

const PROOF: &str = r#"{"id_last_four":"1234"}"#;

#[tokio::test]
async fn a_dossier_is_told_with_status_next_step_and_age() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let told = api.get(&path()).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("content-language"), "vi");
    assert_eq!(told.header("cache-control"), "private, no-cache");
    assert_eq!(told.header("vary"), "accept-language, accept-encoding");
    let body = told.json();
    assert_eq!(body["number"], NUMBER);
    assert_eq!(body["answer_code"], told.header("answer-code"));
    let dossier = &body["dossier"];
    assert_eq!(dossier["status"]["code"], "4");
    assert_eq!(dossier["status"]["key"], "in_progress");
    assert_eq!(dossier["status"]["label"], "Đang xử lý");
    assert_eq!(dossier["next_step"]["key"], "wait_for_result");
    assert_eq!(dossier["procedure"]["name"], "Đăng ký khai sinh");
    assert_eq!(dossier["received_at"], "2026-11-19T01:30:00Z");
    assert_eq!(dossier["lateness"]["key"], "due");
    assert_eq!(dossier["lateness"]["due_on"], "2026-11-26");
    assert_eq!(dossier["lateness"]["working_days"], 3);
    assert_eq!(dossier["as_of"], "2026-11-23T00:59:30Z");
    assert_eq!(dossier["stale"], false);
    assert_eq!(dossier["more_with_proof"], true);
    assert!(dossier.get("owner").is_none());
}

#[tokio::test]
async fn what_clients_read_is_what_we_send() {
    let api = api_that_says(Ok(Reply::Dossier(waiting_for_papers())));
    let told = api.get(&path()).await;
    let read: DossierAnswer<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), told.json());
    assert_eq!(read.dossier.unwrap().reason.unwrap().key, "papers_missing");
}

#[tokio::test]
async fn the_desk_learns_nothing_that_it_should_trust() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    api.get_with(&path(), "x-device-id", "a1b2c3d4").await;
    let asked = api.asked();
    assert!(is_nobody_in_particular(&asked) && !asked.is_overheard());
    assert_eq!(asked.device.as_ref().unwrap().as_str(), "a1b2c3d4");
    let net = asked.address.unwrap();
    assert_eq!(net.address().to_string(), "203.0.113.9");
    assert!(asked.sender == Sender::Address(net));
    assert_eq!(asked.received_at, now());
    assert_eq!(asked.deadline, now() + Duration::from_secs(8));
    api.get_with(&path(), "x-device-id", "ngắn").await;
    assert!(api.asked().device.is_none());
}

#[tokio::test]
async fn a_number_is_read_as_people_write_it() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    for written in
        ["000.00.17.h09-210819-0012", "HS%20000%2000%2017%20H09%20210819%200012", "000.00.17.HO9-210819-0012"]
    {
        let told = api.get(&format!("/api/v1/dossiers/{written}")).await;
        assert_eq!(told.status, 200, "{written}: {}", told.text);
        assert!(api.action() == Action::TrackDossier { number: number() });
        assert_eq!(told.json()["number"], NUMBER);
    }
}

#[tokio::test]
async fn what_is_no_number_is_refused_before_the_desk_is_asked() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    for written in ["abc", "%20", "%FF", "000.00.17.H09-210231-0012", "xin%20ch%C3%A0o"] {
        let told = api.get(&format!("/api/v1/dossiers/{written}")).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "not_a_number"), "{written}");
        let told = api.post(&format!("/api/v1/dossiers/{written}/disclosure"), PROOF).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "not_a_number"), "{written}");
    }
    assert!(api.was_not_asked());
}

#[tokio::test]
async fn two_numbers_are_given_back_to_choose_from() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let told = api.get(&format!("/api/v1/dossiers/{NUMBER}%20000.00.17.H09-210819-0013")).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (409, "number_ambiguous"));
    assert_eq!(told.json()["choices"], serde_json::json!([NUMBER, "000.00.17.H09-210819-0013"]));
    assert!(api.was_not_asked());
}

#[tokio::test]
async fn refusals_have_their_own_status_each() {
    let cases = [
        (RefusalKind::DossierNotFound, 404, "dossier_not_found", ""),
        (RefusalKind::DossierTooNew, 404, "dossier_too_new", ""),
        (RefusalKind::TooMany, 429, "too_many_requests", "1"),
        (RefusalKind::TooManyDossiers, 429, "too_many_dossiers", "1"),
        (RefusalKind::PortalDown, 503, "portal_down", "30"),
        (RefusalKind::TooLate, 504, "too_late", ""),
        (RefusalKind::ProofNeeded, 403, "proof_needed", ""),
        (RefusalKind::NotOnThisChannel, 403, "not_on_this_channel", ""),
        (RefusalKind::TooManySubscriptions, 409, "too_many_subscriptions", ""),
        (RefusalKind::GaveUp, 503, "gave_up", "30"),
        (RefusalKind::Internal, 500, "internal", ""),
    ];
    for (kind, status, code, retry_after) in cases {
        let told = api_that_refuses(kind).get(&path()).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code));
        assert_eq!(told.header("retry-after"), retry_after, "{code}");
        assert_eq!(told.header("answer-code"), "0001");
    }
    let patient = Refusal { kind: RefusalKind::TooManyDossiers, retry_after: Some(Duration::from_millis(61_200)) };
    assert_eq!(api_that_says(Err(patient)).get(&path()).await.header("retry-after"), "62");
}

#[tokio::test]
async fn the_same_knowledge_has_the_same_etag_and_is_not_sent_twice() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let first = api.get(&path()).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with("W/\"") && etag.len() == 20, "{etag}");
    let again = api.get_with(&path(), "if-none-match", &etag).await;
    assert_eq!(again.status, 304);
    assert_eq!(again.text, "");
    assert_eq!(again.header("etag"), etag);
    assert_eq!(again.header("cache-control"), "private, no-cache");
    assert_ne!(again.header("answer-code"), first.header("answer-code"));
    assert_eq!(again.header("content-type"), "");

    api.says(Ok(Reply::Dossier(dossier_with(|reply, _| reply.age.seconds = 55))));
    assert_eq!(api.get(&path()).await.header("etag"), etag, "an age is not a change");
    api.says(Ok(Reply::Dossier(dossier_with(|reply, _| reply.age.as_of = now()))));
    assert_ne!(api.get(&path()).await.header("etag"), etag, "newer knowledge is");
}

#[tokio::test]
async fn language_announcement_and_staleness_change_the_etag() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let mut etags = vec![api.get(&path()).await.header("etag").to_owned()];
    etags.push(api.get_with(&path(), "accept-language", "en").await.header("etag").to_owned());
    api.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
    let announced = api.get_with(&path(), "accept-language", "en").await;
    assert_eq!(announced.json()["notices"][0]["text"], "Closed this afternoon");
    etags.push(announced.header("etag").to_owned());
    api.says(Ok(Reply::Dossier(dossier_with(|reply, _| reply.age.stale = true))));
    let stale = api.get(&path()).await;
    assert_eq!(stale.json()["dossier"]["stale"], true);
    assert_eq!(stale.json()["notices"][0]["text"], "Trung tâm nghỉ chiều nay");
    etags.push(stale.header("etag").to_owned());
    etags.sort();
    etags.dedup();
    assert_eq!(etags.len(), 4);
}

#[tokio::test]
async fn labels_speak_the_citizens_language() {
    let api = api_that_says(Ok(Reply::Dossier(waiting_for_papers())));
    let vietnamese = api.get(&path()).await.json();
    let english = api.get_with(&path(), "accept-language", "en-US,en;q=0.9").await;
    assert_eq!(english.header("content-language"), "en");
    let english = english.json();
    for member in ["status", "reason", "next_step"] {
        assert_eq!(vietnamese["dossier"][member]["key"], english["dossier"][member]["key"]);
        assert_ne!(vietnamese["dossier"][member]["label"], english["dossier"][member]["label"], "{member}");
    }
}

#[tokio::test]
async fn a_status_that_nobody_knows_keeps_the_sources_own_text() {
    let reply = dossier_with(|reply, dossier| {
        dossier.status =
            Status { phase: Phase::Other, code: "77".into(), source_text: Some("Chờ thẩm định".into()) };
        reply.next_step = NextStep::AskMeaning;
        reply.lateness = Lateness::NotPublished;
    });
    let body = api_that_says(Ok(Reply::Dossier(reply))).get(&path()).await.json();
    let status = &body["dossier"]["status"];
    assert_eq!((&status["code"], &status["key"]), (&Value::from("77"), &Value::from("other")));
    assert_eq!(
        (&status["label"], &status["source_text"]),
        (&Value::from("Chờ thẩm định"), &Value::from("Chờ thẩm định"))
    );
}

#[tokio::test]
async fn names_are_english_for_those_who_ask_in_english_and_there_is_one() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let names = |body: Value| [body["dossier"]["procedure"]["name"].clone(), body["dossier"]["agency"].clone()];
    assert_eq!(names(api.get(&path()).await.json()), ["Đăng ký khai sinh", "UBND phường Phú Cường"]);
    let english = api.get_with(&path(), "accept-language", "en").await.json();
    assert_eq!(names(english), ["Birth registration", "People's Committee of Phú Cường ward"]);
    api.says(Ok(Reply::Dossier(dossier_with(|reply, _| {
        reply.procedure = None;
        reply.handled_by = None;
    }))));
    let source = api.get_with(&path(), "accept-language", "en").await.json();
    assert_eq!(names(source), ["Thủ tục đăng ký khai sinh", "UBND phường Phú Cường"]);
}

#[tokio::test]
async fn what_another_agency_decides_has_its_own_next_step() {
    let reply = dossier_with(|reply, dossier| {
        dossier.status = Status { phase: Phase::Refused, code: "3".into(), source_text: None };
        dossier.reason_kind = Some(ReasonKind::NotCompetent);
        reply.next_step = NextStep::HandInElsewhere;
        reply.lateness = Lateness::ClockStands;
    });
    let body = api_that_says(Ok(Reply::Dossier(reply))).get(&path()).await.json();
    assert_eq!(body["dossier"]["next_step"]["key"], "hand_in_elsewhere");
    assert!(body["dossier"]["next_step"]["label"].as_str().unwrap().contains("cơ quan nào giải quyết"));
}

#[tokio::test]
async fn texts_of_the_source_cannot_turn_a_screen_around() {
    const DIRTY: &str = "Sở\u{1b}[31m Tư\u{202e}\u{2066} pháp\u{7}\r\n";
    let mut reply = disclosed();
    reply.public = dossier_with(|reply, dossier| {
        reply.procedure = None;
        reply.handled_by = None;
        reply.contact = Some(DIRTY.into());
        dossier.agency = Some(DIRTY.into());
        dossier.procedure_name = Some(DIRTY.into());
        dossier.status = Status { phase: Phase::Other, code: "77".into(), source_text: Some(DIRTY.into()) };
    });
    reply.masked_name = Some(DIRTY.into());
    reply.reason = Some(DIRTY.into());
    reply.fees = vec![FeeDue { name: DIRTY.into(), amount: Money::from_dong(8_000).unwrap() }];
    reply.missing_papers = vec![MissingPaper { what: DIRTY.into(), asked_on: None }];
    let body = api_that_says(Ok(Reply::Disclosed(Box::new(reply)))).post(&disclosure(), PROOF).await.json();
    let owner = &body["dossier"]["owner"];
    for text in [
        &body["dossier"]["agency"],
        &body["dossier"]["contact"],
        &body["dossier"]["procedure"]["name"],
        &body["dossier"]["status"]["label"],
        &body["dossier"]["status"]["source_text"],
        &owner["masked_name"],
        &owner["reason"],
        &owner["fees"][0]["name"],
        &owner["missing_papers"][0]["what"],
    ] {
        assert_eq!(text, "Sở Tư pháp", "{body}");
    }
}

#[tokio::test]
async fn a_problem_says_what_was_understood_and_carries_announcements() {
    for kind in [
        RefusalKind::DossierNotFound,
        RefusalKind::TooManyDossiers,
        RefusalKind::PortalDown,
        RefusalKind::TooLate,
        RefusalKind::Internal,
    ] {
        let api = api_that_refuses(kind);
        api.announces("Trung tâm nghỉ chiều nay", "Closed this afternoon");
        let told = api.get_with(&path(), "accept-language", "en").await;
        told.problem();
        let body = told.json();
        assert_eq!((&body["action"], &body["number"]), (&Value::from("track_dossier"), &Value::from(NUMBER)));
        assert_eq!(body["notices"], serde_json::json!([{ "text": "Closed this afternoon" }]));
        let read: ProblemAnswer = serde_json::from_str(&told.text).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), body);
        let told = api.post(&disclosure(), PROOF).await;
        assert_eq!(told.json()["action"], "disclose_dossier");
        assert_eq!(told.json()["notices"][0]["text"], "Trung tâm nghỉ chiều nay");
    }
}

#[tokio::test]
async fn a_withheld_procedure_shows_neither_name_nor_code() {
    let reply = dossier_with(|reply, _| {
        reply.name_withheld = true;
        reply.procedure = None;
    });
    let body = api_that_says(Ok(Reply::Dossier(reply))).get(&path()).await.json();
    assert_eq!(body["dossier"]["procedure"], Value::Null);
    assert_eq!(body["dossier"]["procedure_withheld"], true);
    assert!(!body.to_string().contains("1.001193"));
}

#[tokio::test]
async fn another_authoritys_dossier_is_never_not_found() {
    let elsewhere = ElsewhereReply { number: number(), authority: Some("Bộ Công an".into()), ask_at: None };
    let api = api_that_says(Ok(Reply::Elsewhere(elsewhere)));
    let told = api.get(&path()).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["elsewhere"]["authority"], "Bộ Công an");
    assert_eq!(told.json()["dossier"], Value::Null);
    assert_eq!(api.post(&disclosure(), PROOF).await.json()["elsewhere"]["authority"], "Bộ Công an");
}

fn disclosed() -> DisclosedReply {
    DisclosedReply {
        public: waiting_for_papers(),
        masked_name: Some("N***** V** A".into()),
        reason: Some("Thiếu giấy chứng sinh".into()),
        fees: vec![FeeDue { name: "Lệ phí".into(), amount: Money::from_dong(8_000).unwrap() }],
        missing_papers: vec![MissingPaper { what: "Giấy chứng sinh".into(), asked_on: Some(date(2026, 11, 20)) }],
    }
}

#[tokio::test]
async fn an_owner_sees_more_and_no_cache_keeps_it() {
    let api = api_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    let told = api.post(&disclosure(), PROOF).await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "private, no-store");
    assert_eq!(told.header("etag"), "");
    let owner = &told.json()["dossier"]["owner"];
    assert_eq!(owner["masked_name"], "N***** V** A");
    assert_eq!(owner["reason"], "Thiếu giấy chứng sinh");
    assert_eq!(owner["fees"][0]["amount"], 8_000);
    assert_eq!(owner["missing_papers"][0]["asked_on"], "2026-11-20");
    let proof = Proof::IdLastFour(LastFour::parse("1234").unwrap());
    assert!(api.action() == Action::DiscloseDossier { number: number(), proof });
}

#[tokio::test]
async fn a_one_time_code_is_a_proof_as_well() {
    let api = api_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    let body = serde_json::to_string(&DisclosureRequest::by_code("048213")).unwrap();
    assert_eq!(body, r#"{"one_time_code":"048213"}"#);
    for body in [body.as_str(), r#"{"one_time_code":"048 213","id_last_four":null}"#] {
        let told = api.post(&disclosure(), body.to_owned()).await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert_eq!(told.header("cache-control"), "private, no-store");
        let proof = Proof::OneTimeCode(OneTimeCode::parse("048213").unwrap());
        assert!(api.action() == Action::DiscloseDossier { number: number(), proof });
    }
}

#[tokio::test]
async fn a_code_is_asked_for_and_nothing_is_told() {
    let api = api_that_says(Ok(Reply::CodeSent { minutes: 5 }));
    let told = api.post(&code(), "").await;
    assert_eq!(told.status, 202, "{}", told.text);
    assert_eq!(told.header("cache-control"), "private, no-store");
    assert_eq!((told.header("etag"), told.header("content-type")), ("", "application/json"));
    assert_eq!(told.json()["answer_code"], told.header("answer-code"));
    let read: CodeAnswer<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!((read.minutes, serde_json::to_value(&read).unwrap()), (5, told.json()));
    assert!(!told.text.contains("H09"), "not even the number");
    assert!(api.action() == Action::SendCode { number: number() });
    // Only this way.
    assert_eq!(api.get(&code()).await.problem(), "method_not_allowed");
    assert!(api.was_not_asked());
}

#[tokio::test]
async fn where_no_code_can_be_sent_it_is_said_why() {
    let elsewhere = ElsewhereReply { number: number(), authority: Some("Bộ Công an".into()), ask_at: None };
    let told = api_that_says(Ok(Reply::Elsewhere(elsewhere))).post(&code(), "").await;
    assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "private, no-store"));
    assert_eq!(told.json()["elsewhere"]["authority"], "Bộ Công an");
    for (kind, status, name) in [
        (RefusalKind::NotOnThisChannel, 403, "not_on_this_channel"),
        (RefusalKind::TooManyDossiers, 429, "too_many_dossiers"),
        (RefusalKind::PortalDown, 503, "portal_down"),
        (RefusalKind::TooLate, 504, "too_late"),
    ] {
        let told = api_that_refuses(kind).post(&code(), "").await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, name));
    }
    let told = api_that_says(Ok(Reply::Help)).post("/api/v1/dossiers/abc/code", "").await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "not_a_number"));
}

#[tokio::test]
async fn an_owners_view_is_not_compressed() {
    let api = api_that_says(Ok(Reply::Disclosed(Box::new(DisclosedReply {
        reason: Some("dài ".repeat(2_000)),
        ..disclosed()
    }))));
    let asked = crate::support::asking(&disclosure())
        .method("POST")
        .header("content-type", "application/json")
        .header("accept-encoding", "gzip");
    let told = api.send(asked.body(PROOF.into()).unwrap()).await;
    assert_eq!(told.header("content-encoding"), "");
    assert!(told.text.contains("dài dài"));
}

#[tokio::test]
async fn a_failed_disclosure_reads_the_same_every_time() {
    let constant = |told: &crate::support::Told| {
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (403, "not_disclosed"));
        let mut body = told.json();
        for changing in ["request_id", "answer_code"] {
            assert!(body.as_object_mut().unwrap().remove(changing).is_some());
        }
        assert!(body.get("number").is_none() && body.get("action").is_none());
        let mut headers: Vec<String> = told.headers.keys().map(ToString::to_string).collect();
        headers.sort();
        (body, headers, told.text.len())
    };
    let api = api_that_refuses(RefusalKind::NotDisclosed);
    let first = constant(&api.post(&disclosure(), PROOF).await);
    let other = constant(
        &api.post("/api/v1/dossiers/000.00.17.H09-210819-9999/disclosure", r#"{"id_last_four":"9999"}"#).await,
    );
    assert_eq!(first, other);
}

#[tokio::test]
async fn a_proof_is_one_proof_in_a_body() {
    let api = api_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    for (body, status, code) in [
        ("", 400, "malformed_json"),
        ("{", 400, "malformed_json"),
        ("{}", 422, "invalid_fields"),
        (r#"{"id_last_four":1234}"#, 422, "invalid_fields"),
        (r#"{"id_last_four":"12345"}"#, 422, "invalid_fields"),
        (r#"{"id_last_four":"abcd"}"#, 422, "invalid_fields"),
        (r#"{"id_last_four":null}"#, 422, "invalid_fields"),
        (r#"{"one_time_code":"12345"}"#, 422, "invalid_fields"),
        (r#"{"one_time_code":"1234567"}"#, 422, "invalid_fields"),
        (r#"{"one_time_code":123456}"#, 422, "invalid_fields"),
        (r#"{"id_last_four":"1234","one_time_code":"123456"}"#, 422, "invalid_fields"),
        (r#"{"id_last_four":"1234","phone":"0912345678"}"#, 422, "invalid_fields"),
    ] {
        let told = api.post(&disclosure(), body).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (status, code), "{body}");
        assert!(!told.text.contains("1234"), "a proof is not echoed");
    }
    // Not in the address, not by GET.
    let told = api.get(&format!("{}?id_last_four=1234", disclosure())).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (405, "method_not_allowed"));
    assert!(api.was_not_asked());
}

fn rating() -> String {
    format!("{}/rating", path())
}

#[tokio::test]
async fn an_owner_rates_with_a_proof_and_is_told_whether_it_counts() {
    for (score, counted) in [(Score::new(4), true), (None, false)] {
        let api = api_that_says(Ok(Reply::Rated { number: number(), score }));
        let body =
            r#"{"score":4,"reasons":["waiting","terminal","waiting"],"words":"Nhanh","proof":{"id_last_four":"1234"}}"#;
        let told = api.post(&rating(), body).await;
        assert_eq!((told.status.as_u16(), told.header("cache-control")), (200, "private, no-store"), "{}", told.text);
        assert_eq!((&told.json()["number"], &told.json()["counted"]), (&NUMBER.into(), &counted.into()));
        assert_eq!(told.json()["answer_code"], told.header("answer-code"));
        let asked = api.asked();
        let Content::Action(Action::RateDossier { given: Some(given), proof: Some(proof), .. }) = &asked.content else {
            panic!("{asked:?}")
        };
        assert_eq!(
            (given.score.number(), given.reasons.as_slice()),
            (4, &[RatingReason::Waiting, RatingReason::Terminal][..])
        );
        assert_eq!(given.words.as_ref().unwrap().as_str(), "Nhanh");
        assert!(*proof == Proof::IdLastFour(LastFour::parse("1234").unwrap()));
    }
}

#[tokio::test]
async fn what_is_no_rating_of_a_dossier_never_reaches_the_desk() {
    let api = api_that_says(Ok(Reply::Rated { number: number(), score: Score::new(4) }));
    let long = format!(r#"{{"score":4,"words":"{}","proof":{{"id_last_four":"1234"}}}}"#, "ữ".repeat(501));
    for body in [
        r#"{"score":4}"#,
        r#"{"score":4,"proof":{}}"#,
        r#"{"score":4,"proof":{"id_last_four":"12"}}"#,
        r#"{"score":4,"proof":{"id_last_four":"1234","one_time_code":"123456"}}"#,
        r#"{"score":0,"proof":{"id_last_four":"1234"}}"#,
        r#"{"score":6,"proof":{"id_last_four":"1234"}}"#,
        r#"{"score":4,"reasons":["weather"],"proof":{"id_last_four":"1234"}}"#,
        r#"{"score":4,"name":"A","proof":{"id_last_four":"1234"}}"#,
        &long,
    ] {
        let told = api.post(&rating(), body.to_owned()).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (422, "invalid_fields"), "{body}");
    }
    assert!(api.script.asked.lock().unwrap().is_empty());
    for kind in [RefusalKind::NotDisclosed, RefusalKind::TooManyDossiers, RefusalKind::PortalDown] {
        let code = kind.code();
        let told = api_that_refuses(kind).post(&rating(), r#"{"score":4,"proof":{"id_last_four":"1234"}}"#).await;
        assert_eq!(told.problem(), code);
    }
}
