//! A citizen opens the front page, without a script and without a cookie.

use serde_json::json;
use test_support::{Answer, Demo, get, post_form, put};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

async fn page(demo: &Demo, path: &str) -> Answer {
    get(&format!("{}{path}", demo.public), &[BROWSER]).await
}

async fn send(demo: &Demo, path: &str, fields: &[(&str, &str)]) -> Answer {
    post_form(&format!("{}{path}", demo.public), fields, &[BROWSER]).await
}

#[tokio::test]
async fn the_front_page_offers_what_the_catalogue_holds() {
    let demo = Demo::start(&[]);
    let front = page(&demo, "/").await;
    assert_eq!(front.status, 200);
    assert!(front.header("content-security-policy").contains("script-src 'self'"));
    assert!(front.text.contains("href=\"/procedures/1.001193\"") && front.text.contains("event=child"));
    let style = front.text.split("href=\"").find(|at| at.starts_with("/assets/")).unwrap();
    let style = page(&demo, style.split('"').next().unwrap()).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
    let printed = demo.process.printed.first().cloned().unwrap_or_default();
    assert!(printed.ends_with(&format!("{}/", demo.public)), "the demo names it first: {printed}");
}

#[tokio::test]
async fn a_dossier_is_looked_up_and_its_owner_sees_more() {
    let demo = Demo::start(&[]);
    let (number, proof) = demo.sample("status_6");
    let proof = proof.unwrap();
    let public = send(&demo, "/dossiers", &[("number", &number.to_lowercase())]).await;
    assert_eq!((public.status, public.header("cache-control")), (200, "private, no-store"), "{}", public.text);
    assert!(public.text.contains("Chờ nộp tiền") && public.text.contains("name=\"digits\""));
    let owner = send(&demo, "/dossiers/owner", &[("number", &number), ("digits", &proof)]).await;
    assert_eq!((owner.status, owner.header("cache-control")), (200, "private, no-store"));
    assert!(owner.text.contains("Chỉ chủ hồ sơ xem được") && owner.text.contains("₫"), "{}", owner.text);
    let wrong = if proof == "0000" { "0001" } else { "0000" };
    let refused = send(&demo, "/dossiers/owner", &[("number", &number), ("digits", wrong)]).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.text.contains("Chỉ chủ hồ sơ xem được"));
    // The box of the front page reads the same number, and the same proof.
    let asked = send(&demo, "/ask?lang=en", &[("text", &format!("{number} 4 so cuoi {proof}"))]).await;
    assert!(asked.text.contains("data-private"), "{}", asked.text);
    assert!(!asked.text.contains(&format!("cuoi {proof}")), "the proof is not repeated");
}

#[tokio::test]
async fn what_is_not_there_and_what_is_no_number() {
    let demo = Demo::start(&[]);
    let missing = send(&demo, "/dossiers", &[("number", "000.00.17.H09-260105-0001")]).await;
    assert_eq!(missing.status, 404);
    assert!(missing.text.contains("Rất tiếc") && missing.text.contains("name=\"number\""), "{}", missing.text);
    assert_eq!(send(&demo, "/dossiers", &[("number", "xin chào")]).await.status, 400);
    assert_eq!(page(&demo, "/procedures/9.999999").await.status, 404);
    let unknown = page(&demo, "/khong-co?lang=en").await;
    assert_eq!((unknown.status, unknown.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(unknown.text.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_portal_that_is_down_is_told_and_what_was_seen_is_shown_with_its_age() {
    let demo = Demo::start(&["--set", "portal.cache.fresh_ms=1", "--set", "portal.cache.revalidate_ms=0"]);
    let (known, other) = (demo.number("status_4"), demo.number("status_9"));
    assert_eq!(send(&demo, "/dossiers", &[("number", &known)]).await.status, 200);
    put(&format!("{}/internal/faults", demo.portal), &json!({"stop": true})).await;
    let down = send(&demo, "/dossiers", &[("number", &other)]).await;
    assert_eq!(down.status, 503, "{}", down.text);
    assert!(!down.header("retry-after").is_empty() && down.text.contains("Rất tiếc"));
    let stale = send(&demo, "/dossiers", &[("number", &known)]).await;
    assert_eq!(stale.status, 200);
    assert!(stale.text.contains("cổng dịch vụ công đang tạm thời không trả lời"), "{}", stale.text);
    put(&format!("{}/internal/faults", demo.portal), &json!({})).await;
}

#[tokio::test]
async fn a_flood_is_told_when_to_come_back() {
    let demo = Demo::start(&["--set", "http.address_limit.burst=5", "--set", "http.address_limit.per_second=1"]);
    let mut refused = None;
    for _ in 0..20 {
        let answer = page(&demo, "/").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a refusal");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(refused.header("content-type"), "text/html; charset=utf-8");
    assert!(refused.text.contains("<main"), "{}", refused.text);
}

#[tokio::test]
async fn guessing_serials_is_capped() {
    let demo = Demo::start(&["--set", "limits.dossiers.address=10"]);
    let mut last = send(&demo, "/dossiers", &[("number", "000.00.17.H09-260105-1000")]).await;
    for serial in 1001..1040 {
        last = send(&demo, "/dossiers", &[("number", &format!("000.00.17.H09-260105-{serial}"))]).await;
        if last.status == 429 {
            break;
        }
        assert_eq!(last.status, 404);
    }
    assert_eq!(last.status, 429);
    assert!(last.text.contains("nhiều hồ sơ khác nhau") && !last.header("retry-after").is_empty(), "{}", last.text);
}

#[tokio::test]
async fn procedures_are_found_read_and_asked_about() {
    let demo = Demo::start(&[]);
    let found = page(&demo, "/procedures?q=dang+ky+khai+sinh").await;
    assert!(found.text.contains("href=\"/procedures/1.001193\""), "{}", found.text);
    let all = page(&demo, "/procedures?page=2&lang=en").await;
    assert!(all.text.contains("aria-current=\"page\">2<") && all.text.contains("lang=en"), "{}", all.text);
    let field = page(&demo, "/procedures?field=H%E1%BB%99+t%E1%BB%8Bch").await;
    assert!(field.text.contains("1.001193") && !field.text.contains("href=\"/procedures/1.001612\""));
    let one = page(&demo, "/procedures/1.001193").await;
    for wanted in ["Giấy chứng sinh", "Nguồn:", "Lệ phí", "id=\"steps\""] {
        assert!(one.text.contains(wanted), "{wanted}");
    }
    let held = [BROWSER, ("if-none-match", one.header("etag"))];
    let again = get(&format!("{}/procedures/1.001193", demo.public), &held).await;
    assert_eq!(again.status, 304, "an unchanged page is not sent twice");
    let asked = send(&demo, "/ask", &[("text", "làm giấy khai sinh cần gì")]).await;
    assert!(asked.text.contains("Giấy chứng sinh") && asked.text.contains("href=\"/procedures/1.001193\""));
    let hours = send(&demo, "/ask", &[("text", "mấy giờ mở cửa")]).await;
    assert!(hours.text.contains("Giờ làm việc: từ thứ hai"), "{}", hours.text);
}

#[tokio::test]
async fn the_audit_knows_the_road() {
    let demo = Demo::start(&[]);
    let number = demo.number("status_4");
    let answered = send(&demo, "/dossiers", &[("number", &number)]).await;
    let code = answered.text.split("Mã trả lời: ").nth(1).and_then(|rest| rest.get(..4)).unwrap().to_owned();
    let told = test_support::dakenh(&["answer", "--data", demo.folder(), &code]);
    assert!(told.out.contains("web") && !told.out.contains(&number), "{told:?}");
}
