//! Every golden file, served over HTTP: the question is the file's question,
//! and the answer is understood as the file expects.

use gateway_core::domain::{
    ApplicantKind, FeeReading, ProcedureCode, ProcessingTime, ReasonKind, SubmissionChannel, TimeUnit,
};
use gateway_core::ports::{Portal, PortalError, PortalFault};
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer};

use crate::support::{Golden, House, all_golden, golden, number, portal_answering, portal_with_login};

/// A portal that answers exactly this question.
async fn portal_for(golden: &Golden) -> MockServer {
    let server =
        if golden.request.path == "/mapi/login" { MockServer::start().await } else { portal_with_login().await };
    Mock::given(method("POST"))
        .and(path(golden.request.path.clone()))
        .and(body_json(&golden.request.body))
        .respond_with(golden.response.template())
        .mount(&server)
        .await;
    server
}

fn outcome_of<T>(answer: &Result<Option<T>, PortalError>) -> Value {
    let Err(error) = answer else { return Value::Null };
    match &error.fault {
        PortalFault::Unreadable { field, .. } => json!({"outcome": "unreadable", "field": **field}),
        PortalFault::ErrorCode(code) => json!({"outcome": "error_code", "error_code": **code}),
        PortalFault::LoginRefused(code) => json!({"outcome": "login_refused", "error_code": **code}),
        other => json!({"outcome": other.to_string().split(':').next()}),
    }
}

#[tokio::test]
async fn every_golden_answer_is_understood_as_it_expects() {
    let mut seen = 0;
    for golden in all_golden() {
        let expected = &golden.expect;
        let server = portal_for(&golden).await;
        let house = House::patient(&server.uri());
        let portal = &house.portal;
        let body = &golden.request.body;
        let service = body["service"].as_str().unwrap_or("login");
        let understood = match service {
            "TraCuuHoSo" => {
                let answer = portal.owner_view(&number(body["mahoso"].as_str().unwrap()), house.deadline()).await;
                match &answer {
                    Ok(Some(view)) => {
                        let view = &view.value;
                        let mut understood = json!({
                            "outcome": "dossier",
                            "phase": view.dossier.status.phase.key(),
                            "reason_kind": view.dossier.reason_kind.map(ReasonKind::key),
                        });
                        if expected.get("applicant").is_some() {
                            understood["applicant"] = match view.applicant.kind {
                                ApplicantKind::Person => "person",
                                ApplicantKind::Business => "business",
                                ApplicantKind::Unknown => "unknown",
                            }
                            .into();
                        }
                        understood
                    }
                    Ok(None) => json!({"outcome": "not_found"}),
                    Err(_) => outcome_of(&answer),
                }
            }
            "LayThuTuc" => {
                let code = ProcedureCode::parse(body["maTTHC"].as_str().unwrap()).unwrap();
                let answer = portal.procedure(&code, house.deadline()).await;
                match &answer {
                    Ok(Some(found)) => {
                        json!({"outcome": "procedure", "name": found.name, "methods": found.methods.len()})
                    }
                    Ok(None) => json!({"outcome": "not_found"}),
                    Err(_) => outcome_of(&answer),
                }
            }
            "LayDanhSachTTHC" => {
                let listed = portal.procedure_list(house.deadline()).await.unwrap();
                let codes: Vec<&str> = listed.iter().map(|(code, _)| code.as_str()).collect();
                json!({"outcome": "procedure_list", "codes": codes})
            }
            _ => {
                // The read behind it is not mounted, so a good login ends in HTTP 404.
                let answer = portal.ping(house.deadline()).await;
                let session = server.received_requests().await.unwrap().into_iter().find_map(|request| {
                    let body: Value = serde_json::from_slice(&request.body).unwrap();
                    body.get("session").cloned()
                });
                match session {
                    Some(session) => json!({"outcome": "session", "session": session}),
                    None => outcome_of(&answer.map(Some)),
                }
            }
        };
        match expected["outcome"].as_str().unwrap() {
            // The golden portal ends every session, so the repetition fails
            // too and its error code stands.
            "session_expired" => {
                assert_eq!(understood["outcome"], "error_code", "{}", golden.name);
                assert_eq!(crate::support::requests(&server, "/mapi/login").await, 2, "{}", golden.name);
            }
            "unreachable" => assert_eq!(understood["outcome"], "not reachable", "{}", golden.name),
            "procedure_list" => {
                let codes = understood["codes"].as_array().unwrap();
                let national: Vec<&str> = codes.iter().map(|code| &code.as_str().unwrap()[..8]).collect();
                let expected: Vec<&str> =
                    expected["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
                assert_eq!(national, expected, "{}", golden.name);
            }
            _ => assert_eq!(understood, *expected, "{}", golden.name),
        }
        seen += 1;
    }
    assert!(seen >= 38, "only {seen} golden files");
}

async fn house_answering(name: &str) -> (House, MockServer, String) {
    let golden = golden(name);
    let server = portal_for(&golden).await;
    let asked = golden.request.body["mahoso"].as_str().unwrap_or_default().to_owned();
    (House::patient(&server.uri()), server, asked)
}

#[tokio::test]
async fn the_public_view_holds_what_anybody_may_see() {
    let (house, _server, asked) = house_answering("dossier_status_10").await;
    let found = house.portal.dossier(&number(&asked), house.deadline()).await.unwrap().unwrap();
    assert!(!found.stale);
    let dossier = &found.value;
    assert_eq!(dossier.number.as_str(), asked);
    assert_eq!(dossier.procedure_code.as_ref().unwrap().as_str(), "1.001193");
    assert_eq!(dossier.procedure_name.as_deref(), Some("Đăng ký khai sinh"));
    assert_eq!(dossier.agency.as_deref(), Some("UBND phường Bình Dương"));
    assert_eq!(dossier.received_at, Some("2026-10-20T08:15:00+07:00".parse().unwrap()));
    assert_eq!(dossier.due_at, Some("2026-10-27T17:00:00+07:00".parse().unwrap()));
    assert_eq!(dossier.finished_at, Some("2026-10-26T15:00:00+07:00".parse().unwrap()));
    assert_eq!(dossier.returned_at, Some("2026-10-27T08:30:00+07:00".parse().unwrap()));
    assert!(dossier.by_post);
    let shown = format!("{dossier:?}");
    for secret in ["Nguyễn Thị", "0912345678", "074190001234", "Ghi chú nội bộ", "Tóm tắt nội bộ", "files.example"]
    {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_owner_sees_the_reason_the_papers_and_the_fee() {
    let (house, _server, asked) = house_answering("dossier_status_05").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert_eq!(view.reason.as_deref(), Some("Bổ sung bản chính giấy chứng sinh"));
    let paper = &view.missing_papers[0];
    assert_eq!(paper.what, "Bổ sung bản chính giấy chứng sinh");
    assert_eq!(paper.asked_on, Some(jiff::civil::date(2026, 10, 22)));
    assert_eq!(view.applicant.kind, ApplicantKind::Person);
    assert_eq!(view.applicant.name.as_deref(), Some("Nguyễn Thị Minh Khai"));
    assert_eq!(view.applicant.citizen_id.as_ref().unwrap().digits(), "074190001234");
    assert_eq!(view.applicant.phone.as_ref().unwrap().e164(), "+84912345678");

    let (house, _server, asked) = house_answering("dossier_status_06").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert_eq!(view.fees[0].amount.amount(), 8_000);
    assert_eq!(view.fees[0].name, "Lệ phí cấp bản sao trích lục hộ tịch");

    // Where a result is handed out is no reason.
    let (house, _server, asked) = house_answering("dossier_status_09").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert_eq!(view.reason, None);
}

#[tokio::test]
async fn numbers_for_texts_are_read_with_the_zeros_they_lost() {
    let (house, _server, asked) = house_answering("dossier_untidy").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert_eq!(view.applicant.citizen_id.as_ref().unwrap().digits(), "074190001234");
    assert_eq!(view.applicant.phone.as_ref().unwrap().e164(), "+84912345678");
    assert_eq!(view.fees[0].amount.amount(), 8_000);
    assert_eq!(view.dossier.procedure_code.as_ref().unwrap().as_str(), "1.001193");
    assert_eq!(view.dossier.received_at, Some("2026-10-20T08:15:00+07:00".parse().unwrap()));
    assert_eq!(view.dossier.due_at, None);
    assert!(view.dossier.by_post);
}

#[tokio::test]
async fn an_owner_who_cannot_be_read_is_missing_and_no_error() {
    let (house, _server, asked) = house_answering("dossier_unreadable_owner").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert!(view.applicant.name.is_none() && view.applicant.citizen_id.is_none() && view.applicant.phone.is_none());
    assert_eq!(view.dossier.procedure_code, None);

    // A business's code is public and no ID.
    let (house, _server, asked) = house_answering("dossier_business").await;
    let view = house.portal.owner_view(&number(&asked), house.deadline()).await.unwrap().unwrap().value;
    assert!(view.applicant.citizen_id.is_none());
}

#[tokio::test]
async fn an_unknown_status_is_served_with_its_own_text() {
    let (house, _server, asked) = house_answering("dossier_unknown_status").await;
    let found = house.portal.dossier(&number(&asked), house.deadline()).await.unwrap().unwrap();
    assert_eq!(found.value.status.source_text.as_deref(), Some("21"));
}

#[tokio::test]
async fn texts_are_cleaned_and_links_and_officers_words_in_a_status_are_not_told() {
    let mut golden = golden("dossier_status_05");
    let dossier = &mut golden.response.body.as_mut().unwrap()["result"][0];
    dossier["DonViXuLy"] = "UBND\r\n\u{1b}[31mphường\u{202e} Một".into();
    dossier["TenTTHC"] = "Đăng ký khai sinh ".repeat(100).into();
    dossier["DanhSachHoSoBoSung"] = json!([{"NoiDungBoSung": "Bản chính,\n xem https://files.example/kq.pdf"}]);
    dossier["DanhSachLePhi"] = json!([{"TenPhiLePhi": "Lệ\u{2066} phí\t", "Gia": "8.000"}]);
    let server = portal_answering(golden.response.template()).await;
    let house = House::patient(&server.uri());
    let asked = number(golden.request.body["mahoso"].as_str().unwrap());
    let view = house.portal.owner_view(&asked, house.deadline()).await.unwrap().unwrap().value;
    assert_eq!(view.dossier.agency.as_deref(), Some("UBND phường Một"));
    assert!(view.dossier.procedure_name.as_ref().unwrap().chars().count() <= 300);
    assert_eq!(view.reason.as_deref(), Some("Bản chính, xem"));
    assert_eq!(view.missing_papers[0].what, "Bản chính, xem");
    assert_eq!(view.fees[0].name, "Lệ phí");

    golden.response.body.as_mut().unwrap()["result"][0]["TrangThaiHoSo"] = "Chờ ông An, 0912345678".into();
    let server = portal_answering(golden.response.template()).await;
    let house = House::patient(&server.uri());
    let status = house.portal.dossier(&asked, house.deadline()).await.unwrap().unwrap().value.status.clone();
    assert_eq!((status.code.as_str(), status.source_text), ("other", None));
}

#[tokio::test]
async fn an_odd_date_is_left_out_and_does_not_hide_the_dossier() {
    let mut golden = golden("dossier_in_progress");
    let dossier = &mut golden.response.body.as_mut().unwrap()["result"][0];
    dossier["NgayHenTra"] = "27/10/2026".into();
    dossier["NgayTiepNhan"] = "20261340000000".into();
    dossier["DanhSachLePhi"] =
        json!([{"TenPhiLePhi": "Phí", "Gia": "tùy trường hợp"}, {"MaPhiLePhi": "LP", "Gia": "8.000"}]);
    let server = portal_answering(golden.response.template()).await;
    let house = House::patient(&server.uri());
    let asked = number(golden.request.body["mahoso"].as_str().unwrap());
    let view = house.portal.owner_view(&asked, house.deadline()).await.unwrap().unwrap().value;
    assert_eq!((view.dossier.due_at, view.dossier.received_at), (None, None));
    assert_eq!(view.fees.len(), 1);
    assert_eq!((view.fees[0].name.as_str(), view.fees[0].amount.amount()), ("LP", 8_000));
}

#[tokio::test]
async fn the_kind_of_a_reason_comes_from_the_officers_words() {
    for (words, kind) in [
        ("Hồ sơ THIẾU bản chính sổ hộ khẩu", ReasonKind::PapersMissing),
        ("Thành phần hồ sơ chưa đầy đủ", ReasonKind::PapersMissing),
        ("Chưa nộp lệ phí trước bạ", ReasonKind::FeeDue),
        ("Không thuộc thẩm quyền", ReasonKind::NotCompetent),
        ("Người nộp không đáp ứng điều kiện", ReasonKind::ConditionsNotMet),
        ("Công dân xin rút hồ sơ", ReasonKind::AtRequest),
        ("Lý do khác", ReasonKind::Unspecified),
        ("thiếukhông", ReasonKind::Unspecified),
        ("", ReasonKind::Unspecified),
    ] {
        let mut golden = golden("dossier_status_03");
        golden.response.body.as_mut().unwrap()["result"][0]["ThongTinTra"] = words.into();
        let server = portal_answering(golden.response.template()).await;
        let house = House::patient(&server.uri());
        let asked = number(golden.request.body["mahoso"].as_str().unwrap());
        let found = house.portal.dossier(&asked, house.deadline()).await.unwrap().unwrap();
        assert_eq!(found.value.reason_kind, Some(kind), "{words}");
    }
}

#[tokio::test]
async fn a_procedure_shows_every_condition_of_time_and_fee() {
    let (house, _server, _) = house_answering("procedure").await;
    let code = ProcedureCode::parse("1.004222").unwrap();
    let found = house.portal.procedure(&code, house.deadline()).await.unwrap().unwrap();
    assert_eq!(found.field, "Đăng ký, quản lý cư trú");
    assert_eq!(found.levels.len(), 1);
    let method = &found.methods[0];
    assert_eq!(method.channel, SubmissionChannel::InPerson);
    assert_eq!(method.time, ProcessingTime::Published { amount: 7.0, unit: TimeUnit::WorkingDays });
    assert!(matches!(method.fee.reading, FeeReading::Amount { amount, .. } if amount.amount() == 20_000));
    assert_eq!(method.note.as_deref(), Some("Kể từ ngày nhận đủ hồ sơ hợp lệ\nTrường hợp nộp trực tiếp"));
    assert_eq!(found.papers[0].items.len(), 3);
    assert_eq!(found.paper_count(), 2, "a quantity of 0 makes a note");
    assert_eq!(found.results[0].code.as_deref(), Some("KQ.G01.000028"));
    assert_eq!(found.legal, ["68/2020/QH14"]);
    assert!(!found.sensitive);

    let (house, _server, _) = house_answering("procedure_untidy").await;
    let found = house.portal.procedure(&code, house.deadline()).await.unwrap().unwrap();
    assert_eq!(found.methods[0].time, ProcessingTime::UnitNotPublished { amount: 7.0 });
    assert_eq!(found.methods[0].fee.reading, FeeReading::NotPublished);
    assert_eq!(found.methods[1].channel, SubmissionChannel::Post);
    assert_eq!(found.methods[2].channel, SubmissionChannel::Other("Lưu động".into()));
    assert_eq!(found.methods[2].fee.reading, FeeReading::Free);
    assert!(matches!(found.methods[3].fee.reading, FeeReading::Amount { amount, .. } if amount.amount() == 20_000));
    assert_eq!(found.papers[0].items.len(), 2);
    assert_eq!(found.papers[0].items[1].originals, 2);
    assert_eq!(found.field, "");
}

#[tokio::test]
async fn some_procedures_are_sensitive_by_their_name() {
    let mut golden = golden("procedure");
    golden.response.body.as_mut().unwrap()["result"][0]["TENTTHC"] = "Cấp Phiếu lý lịch tư pháp cho công dân".into();
    let server = portal_answering(golden.response.template()).await;
    let house = House::patient(&server.uri());
    let code = ProcedureCode::parse("3.000333").unwrap();
    let found = house.portal.procedure(&code, house.deadline()).await.unwrap().unwrap();
    assert!(found.sensitive);
    assert_eq!(found.short_name.chars().count(), 38);
}
