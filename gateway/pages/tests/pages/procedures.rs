//! Searching and reading procedures.

use std::sync::Arc;

use gateway_core::desk::{Action, Focuses, ProcedureReply, RefusalKind, Reply};
use gateway_core::domain::{PaperCase, PaperItem, Procedure};
use http::StatusCode;

use crate::support::{HOSTILE, NUMBER, bare, house_that_refuses, house_that_says, one, procedure, several};

#[tokio::test]
async fn words_field_and_page_reach_the_desk() {
    let house = house_that_says(Ok(Reply::Procedures(several(45))));
    let page = house.get("/procedures?q=khai+sinh&field=H%E1%BB%99+t%E1%BB%8Bch&page=2").await;
    assert_eq!(page.status, StatusCode::OK);
    let Action::FindProcedures { query, focus } = house.action() else { unreachable!() };
    assert_eq!((query.text.as_str(), query.field.as_deref(), focus), ("khai sinh", Some("Hộ tịch"), Focuses::OVERVIEW));
    let after = query.after.unwrap();
    assert_eq!((after.version, after.offset, query.limit), (7, 20, 20));
    assert!(page.says("45 thủ tục") && page.says("aria-current=\"page\">2<"), "{}", page.html);
    assert!(page.says("rel=\"prev\"") && page.says("rel=\"next\"") && page.says("page=3"));
    assert!(page.says("<option value=\"Hộ tịch\" selected"), "the form keeps what was chosen");
    house.get("/procedures?page=99999999999999999999").await;
    let Action::FindProcedures { query, .. } = house.action() else { unreachable!() };
    assert_eq!(query.after, None, "what is no page is the first");
}

#[tokio::test]
async fn a_search_is_shown_inert_and_cut() {
    let house = house_that_says(Ok(Reply::Procedures(several(0))));
    let page = house
        .get(&format!("/procedures?q={}", form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect::<String>()))
        .await;
    assert!(!page.says("<script>alert") && !page.says("<img src=x") && page.says("&lt;script&gt;"));
    house.get(&format!("/procedures?q={}", "a".repeat(900))).await;
    let Action::FindProcedures { query, .. } = house.action() else { unreachable!() };
    assert_eq!(query.text.len(), 200);
}

#[tokio::test]
async fn a_dossier_number_is_not_searched_for() {
    let house = house_that_says(Ok(Reply::Procedures(several(1))));
    let page = house.get(&format!("/procedures?q={NUMBER}")).await;
    assert!(page.says("href=\"/dossiers\"") && page.says("Đây là mã hồ sơ"));
    assert!(house.was_not_asked());
}

#[tokio::test]
async fn a_procedure_says_all_that_is_published() {
    let house = house_that_says(Ok(Reply::Procedure(one())));
    let page = house.get("/procedures/1.001193").await;
    for wanted in [
        "<h1>Đăng ký khai sinh</h1>",
        "Giấy chứng sinh (1 bản chính)",
        "Trực tiếp",
        "1 ngày làm việc",
        "miễn phí",
        "15 (chưa công bố đơn vị",
        "8.000 đồng/bản sao đến hết 31/12/2026",
        "Nộp tờ khai.",
        "Giấy khai sinh",
        "Công dân Việt Nam",
        "Nguồn: Cổng Dịch vụ công quốc gia, ngày 01/07/2026.",
        "data-print",
    ] {
        assert!(page.says(wanted), "{wanted}: {}", page.html);
    }
    assert_eq!(page.header("answer-code"), "0001");
    let english = house.get("/procedures/1.001193?lang=en").await;
    for wanted in ["<h1>Birth registration</h1>", "<p lang=\"vi\">Thủ tục đăng ký khai sinh</p>", "1 working day"]
    {
        assert!(english.says(wanted), "{wanted}: {}", english.html);
    }
}

/// A terminal's checklist leads to the citizen's own case.
#[tokio::test]
async fn one_case_is_shown_with_what_holds_always() {
    let case = |case: &str, paper: &str| PaperCase {
        case: case.into(),
        items: vec![PaperItem { name: paper.into(), originals: 1, copies: 0 }],
    };
    let papers =
        vec![case("Trẻ bị bỏ rơi", "Biên bản"), case("", "Giấy chứng sinh"), case("Mang thai hộ", "Giấy xác nhận")];
    let procedure = Procedure { papers, ..procedure() };
    let reply = ProcedureReply { procedure: Arc::new(procedure.clone()), ..one() };
    let house = house_that_says(Ok(Reply::Procedure(reply))).holding(procedure);
    for (query, shown) in [
        ("", ["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"].as_slice()),
        ("?case=1", &["Biên bản", "Giấy chứng sinh"]),
        ("?case=2", &["Giấy chứng sinh"]),
        ("?case=3&lang=en", &["Giấy chứng sinh", "Giấy xác nhận"]),
        ("?case=0", &["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"]),
        ("?case=9", &["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"]),
        ("?case=-1", &["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"]),
        ("?case=%3Cscript%3E", &["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"]),
    ] {
        let page = house.get(&format!("/procedures/1.001193{query}")).await;
        for paper in ["Biên bản", "Giấy chứng sinh", "Giấy xác nhận"] {
            assert_eq!(page.says(paper), shown.contains(&paper), "{query} {paper}: {}", page.html);
        }
        let way_back = page.says("Xem mọi trường hợp") || page.says("Show all cases");
        assert_eq!(way_back, shown.len() < 3, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_published_is_said_so() {
    let reply = ProcedureReply { procedure: Arc::new(bare()), ..one() };
    let page = house_that_says(Ok(Reply::Procedure(reply))).holding(bare()).get("/procedures/1.001193").await;
    for wanted in [
        "Danh sách giấy tờ chưa được công bố",
        "Cách nộp, thời gian và lệ phí chưa được công bố",
        "Trình tự chưa được công bố",
        "Kết quả chưa được công bố",
        "Chưa thấy công bố ai được làm",
        "chưa rõ ngày",
    ] {
        assert!(page.says(wanted), "{wanted}");
    }
    assert!(!page.says("miễn phí") && !page.says("javascript:"), "nothing is free, and no link runs anything");
}

#[tokio::test]
async fn texts_of_the_source_are_inert() {
    let hostile = Procedure {
        name: HOSTILE.into(),
        short_name: HOSTILE.into(),
        english_name: Some(HOSTILE.into()),
        field: HOSTILE.into(),
        applicants: vec![HOSTILE.into()],
        papers: vec![PaperCase {
            case: HOSTILE.into(),
            items: vec![PaperItem { name: HOSTILE.into(), originals: 1, copies: 1 }],
        }],
        steps: Some(HOSTILE.into()),
        conditions: Some(HOSTILE.into()),
        source: HOSTILE.into(),
        url: Some(format!("https://a\"{HOSTILE}")),
        ..procedure()
    };
    let reply = ProcedureReply { procedure: Arc::new(hostile.clone()), ..one() };
    let house = house_that_says(Ok(Reply::Procedure(reply))).holding(hostile);
    for path in ["/procedures/1.001193", "/procedures/1.001193?lang=en", "/", "/procedures?event=child"] {
        let page = house.get(path).await;
        assert!(!page.says("<script>alert") && !page.says("<img src=x") && page.says("&lt;script&gt;"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_code_and_a_refusal_are_kind() {
    for path in ["/procedures/9.999999", "/procedures/khong-co", "/procedures/%FF", "/procedures/%3Cscript%3E"] {
        let page = house_that_refuses(RefusalKind::ProcedureNotFound).get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.says("Rất tiếc") && page.says("href=\"/procedures\""), "{path}");
    }
    let page = house_that_refuses(RefusalKind::TooMany).get("/procedures?q=a").await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!(page.header("cache-control"), "private, no-store");
}
