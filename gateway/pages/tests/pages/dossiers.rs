//! Where a dossier is, and the second proof.

use gateway_core::desk::{Action, ElsewhereReply, Proof, Refusal, RefusalKind, Reply};
use gateway_core::domain::{Channel, LastFour, OneTimeCode, Phase, SenderAssurance};
use http::StatusCode;

use crate::support::{HOSTILE, NUMBER, disclosed, dossier, house_that_refuses, house_that_says, number};

#[tokio::test]
async fn anybody_sees_status_next_step_and_age() {
    let house = house_that_says(Ok(Reply::Dossier(dossier())));
    let page = house.post("/dossiers", &[("number", " 0000017H09 210819 0012 ")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    for wanted in ["Đang xử lý", "Ngày hẹn trả kết quả là 26/11/2026", "19/11/2026", "Theo thông tin lúc", NUMBER]
    {
        assert!(page.says(wanted), "{wanted}");
    }
    assert!(page.says("href=\"/procedures/1.001193\""), "the procedure can be read");
    assert!(page.says("Mã trả lời: 0001"), "an officer can look it up");
    assert!(page.says("name=\"digits\"") && page.says("action=\"/dossiers/code\""), "both proofs are offered");
    let asked = house.asked();
    assert_eq!((asked.channel, asked.assurance), (Channel::Web, SenderAssurance::Claimed));
}

#[tokio::test]
async fn a_code_is_offered_only_where_a_road_leads_to_phones() {
    let mut house = house_that_says(Ok(Reply::Dossier(dossier())));
    house.codes_by_sms = false;
    let page = house.post("/dossiers", &[("number", NUMBER)]).await;
    assert!(page.says("name=\"digits\"") && !page.says("/dossiers/code"));
}

#[tokio::test]
async fn the_owner_sees_more_and_the_proof_is_nowhere() {
    let house = house_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    let page = house.post("/dossiers/owner", &[("number", NUMBER), ("digits", "7391")]).await;
    for wanted in ["N. V. A.", "Thiếu giấy chứng sinh", "8.000", "20/11/2026", "data-private"] {
        assert!(page.says(wanted), "{wanted}");
    }
    assert!(!page.says("7391"), "the proof is not repeated");
    let Action::DiscloseDossier { number: of, proof } = house.action() else { unreachable!() };
    assert!(of == number() && proof == Proof::IdLastFour(LastFour::parse("7391").unwrap()));
    let page = house.post("/dossiers/owner", &[("number", NUMBER), ("code", "123456")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let Action::DiscloseDossier { proof, .. } = house.action() else { unreachable!() };
    assert!(proof == Proof::OneTimeCode(OneTimeCode::parse("123456").unwrap()));
}

#[tokio::test]
async fn what_is_no_proof_is_asked_for_again_without_the_desk() {
    let house = house_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    for fields in [vec![], vec![("digits", "12")], vec![("digits", "1234"), ("code", "123456")], vec![("code", "abc")]]
    {
        let fields = [vec![("number", NUMBER)], fields].concat();
        let page = house.post("/dossiers/owner", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.says("name=\"digits\""));
    }
    assert!(house.was_not_asked());
}

#[tokio::test]
async fn a_failed_proof_reads_the_same_and_can_be_tried_again() {
    let house = house_that_refuses(RefusalKind::NotDisclosed);
    let page = house.post("/dossiers/owner", &[("number", NUMBER), ("digits", "0000")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.says("Rất tiếc") && page.says("name=\"digits\""));
    let other = house.post("/dossiers/owner", &[("number", "000.00.17.H09-210819-0013"), ("digits", "0000")]).await;
    let same = |html: &str| html.replace("0013", "0012").replace("Mã trả lời: 0002", "Mã trả lời: 0001");
    assert_eq!(same(&page.html), same(&other.html), "nothing but number and code differs");
}

#[tokio::test]
async fn a_sent_code_leads_to_its_form() {
    let house = house_that_says(Ok(Reply::CodeSent { minutes: 5 }));
    let page = house.post("/dossiers/code", &[("number", NUMBER)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("name=\"code\"") && page.says("autocomplete=\"one-time-code\"") && page.says("5 phút"));
    let Action::SendCode { number: to } = house.action() else { unreachable!() };
    assert_eq!(to, number());
    let none = house_that_refuses(RefusalKind::NotOnThisChannel).post("/dossiers/code", &[("number", NUMBER)]).await;
    assert_eq!(none.status, StatusCode::FORBIDDEN);
    assert!(none.says("name=\"digits\""), "the other way is shown");
}

#[tokio::test]
async fn what_is_no_number_is_told_kindly_and_escaped() {
    let house = house_that_says(Ok(Reply::Dossier(dossier())));
    for text in ["", "xin chào", HOSTILE, "000.00.17.H09-210231-0012"] {
        for path in ["/dossiers", "/dossiers/owner", "/dossiers/code"] {
            let page = house.post(path, &[("number", text)]).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path} {text}");
            assert!(page.says("name=\"number\"") && !page.says("<script>alert") && !page.says("<img src=x"), "{path}");
        }
    }
    assert!(house.was_not_asked());
}

#[tokio::test]
async fn each_refusal_has_its_status_and_a_way_on() {
    for (kind, status, retries) in [
        (RefusalKind::DossierNotFound, StatusCode::NOT_FOUND, false),
        (RefusalKind::DossierTooNew, StatusCode::NOT_FOUND, false),
        (RefusalKind::TooMany, StatusCode::TOO_MANY_REQUESTS, true),
        (RefusalKind::TooManyDossiers, StatusCode::TOO_MANY_REQUESTS, true),
        (RefusalKind::PortalDown, StatusCode::SERVICE_UNAVAILABLE, true),
        (RefusalKind::TooLate, StatusCode::GATEWAY_TIMEOUT, false),
        (RefusalKind::Internal, StatusCode::INTERNAL_SERVER_ERROR, false),
    ] {
        let code = kind.code();
        let page = house_that_refuses(kind).post("/dossiers", &[("number", NUMBER)]).await;
        assert_eq!(page.status, status, "{code}");
        assert_eq!(!page.header("retry-after").is_empty(), retries, "{code}");
        assert!(page.says("Rất tiếc") && page.says("name=\"number\""), "{code}");
    }
}

#[tokio::test]
async fn texts_of_the_source_are_inert() {
    let mut reply = dossier();
    let mut inner = (*reply.dossier).clone();
    inner.status.phase = Phase::Other;
    inner.status.source_text = Some(HOSTILE.into());
    inner.agency = Some(HOSTILE.into());
    inner.procedure_name = Some(HOSTILE.into());
    reply.dossier = inner.into();
    reply.procedure = None;
    reply.contact = Some(HOSTILE.into());
    let mut private = disclosed();
    private.public = reply.clone();
    private.masked_name = Some(HOSTILE.into());
    private.reason = Some(HOSTILE.into());
    let house = house_that_says(Ok(Reply::Dossier(reply)));
    let public = house.post("/dossiers", &[("number", NUMBER)]).await;
    let house = house_that_says(Ok(Reply::Disclosed(Box::new(private))));
    let owner = house.post("/dossiers/owner", &[("number", NUMBER), ("digits", "1234")]).await;
    for page in [public, owner] {
        assert!(
            page.says("&lt;script&gt;") && !page.says("<script>alert") && !page.says("<img src=x"),
            "{}",
            page.html
        );
    }
}

#[tokio::test]
async fn another_authoritys_dossier_is_named() {
    let reply = ElsewhereReply { number: number(), authority: Some("Thanh Hóa".into()), ask_at: None };
    let page = house_that_says(Ok(Reply::Elsewhere(reply))).post("/dossiers", &[("number", NUMBER)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("Thanh Hóa") && !page.says("name=\"digits\""));
}

#[tokio::test]
async fn answers_have_no_address() {
    let house = house_that_refuses(RefusalKind::Internal);
    for (path, to) in [("/dossiers/owner", "/dossiers"), ("/dossiers/code", "/dossiers"), ("/ask", "/")] {
        let page = house.get(path).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, to));
    }
    let refusal = house_that_says(Err(Refusal::of(RefusalKind::Internal)));
    assert_eq!(refusal.get("/ask?lang=en").await.header("location"), "/?lang=en");
}
