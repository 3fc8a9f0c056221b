//! What holds on every page.

use gateway_core::desk::{RefusalKind, Reply};
use http::StatusCode;

use crate::support::{
    House, NUMBER, Told, browsing, disclosed, dossier, house_that_refuses, house_that_says, one, several,
};

/// One page of each kind.
async fn every_page() -> Vec<(&'static str, Told)> {
    let says = |reply| house_that_says(Ok(reply));
    let dossiers = says(Reply::Dossier(dossier()));
    let number = [("number", NUMBER)];
    vec![
        ("/", dossiers.get("/").await),
        ("/dossiers", dossiers.get("/dossiers").await),
        ("POST /dossiers", dossiers.post("/dossiers", &number).await),
        ("no number", dossiers.post("/dossiers", &[("number", "xin chào")]).await),
        ("owner", {
            let house = says(Reply::Disclosed(Box::new(disclosed())));
            house.post("/dossiers/owner", &[("number", NUMBER), ("digits", "1234")]).await
        }),
        ("code", says(Reply::CodeSent { minutes: 5 }).post("/dossiers/code", &number).await),
        ("refused", house_that_refuses(RefusalKind::PortalDown).post("/dossiers", &number).await),
        ("answer", says(Reply::Procedure(one())).post("/ask", &[("text", "khai sinh")]).await),
        ("procedures", says(Reply::Procedures(several(45))).get("/procedures?q=khai+sinh").await),
        ("event", dossiers.get("/procedures?event=child").await),
        ("procedure", says(Reply::Procedure(one())).get("/procedures/1.001193").await),
        ("unknown", dossiers.get("/khong-co").await),
        ("wrong method", dossiers.post("/", &[]).await),
    ]
}

#[tokio::test]
async fn headers_language_and_landmarks() {
    for (name, page) in every_page().await {
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{name}: {policy}");
        assert!(!policy.contains("unsafe"), "{name}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{name}");
        assert!(page.header("permissions-policy").contains("camera=()"), "{name}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{name}");
        assert_eq!(page.header("content-language"), "vi", "{name}");
        assert_eq!(page.header("set-cookie"), "", "{name}");
        assert!(page.says("<html lang=\"vi\">") && page.says("<main id=\"main\""), "{name}");
        assert_eq!(page.html.matches("<h1").count(), 1, "{name}: {}", page.html);
        assert!(page.says("href=\"#main\""), "{name}: the way past the head");
        // Nothing inline: the policy would not run it, and nothing may need it.
        for inline in [" style=", " onclick=", "<style", "javascript:"] {
            assert!(!page.says(inline), "{name}: {inline}");
        }
        for script in page.html.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/assets/"), "{name}: {script:.60}");
        }
    }
}

#[tokio::test]
async fn no_address_holds_what_somebody_typed() {
    for (name, page) in every_page().await {
        for place in ["href", "action", "src"] {
            for address in page.attributes(place) {
                assert!(!address.contains("210819") && !address.contains("1234"), "{name}: {address}");
                let home =
                    ["/", "#", "tel:", "https://dichvucong.gov.vn/"].iter().any(|start| address.starts_with(start));
                assert!(home, "{name}: {address}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_asked_is_kept_by_nobody_and_the_rest_is_asked_again() {
    for (name, page) in every_page().await {
        let kept = matches!(name, "/" | "/dossiers" | "procedures" | "event" | "procedure");
        let wanted = if kept { "private, no-cache" } else { "private, no-store" };
        assert_eq!(page.header("cache-control"), wanted, "{name}");
        assert_eq!(!page.header("etag").is_empty(), kept, "{name}");
    }
    let house = house_that_says(Ok(Reply::Procedure(one())));
    for path in ["/", "/dossiers", "/procedures/1.001193"] {
        let first = house.get(path).await;
        let again = house.get_with(path, "if-none-match", first.header("etag")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.html.is_empty());
        let english = house.get_with(&format!("{path}?lang=en"), "if-none-match", first.header("etag")).await;
        assert_eq!(english.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_address_chooses_the_language_before_the_browser_does() {
    let house = house_that_says(Ok(Reply::Procedures(several(45))));
    let wished = house.get_with("/", "accept-language", "en-GB,en;q=0.9").await;
    assert!(wished.says("<html lang=\"en\">") && wished.says("What do you need?"));
    let chosen = house.get_with("/?lang=vi", "accept-language", "en").await;
    assert!(chosen.says("<html lang=\"vi\">") && chosen.says("href=\"/dossiers?lang=vi\""));
    let unknown = house.get("/?lang=%3Cscript%3E").await;
    assert!(unknown.says("<html lang=\"vi\">"));
    // The switch keeps the page, whatever it is.
    let list = house.get("/procedures?q=khai+sinh&page=2&lang=en").await;
    assert!(list.says("href=\"/procedures?q=khai+sinh&amp;page=2&amp;lang=vi\""), "{}", list.html);
    let found = house_that_says(Ok(Reply::Dossier(dossier()))).post("/dossiers", &[("number", NUMBER)]).await;
    assert!(found.says("action=\"/dossiers?lang=en\"") && found.says(&format!("value=\"{NUMBER}\"")));
}

#[tokio::test]
async fn problems_of_the_stack_are_pages_for_browsers_and_json_for_programs() {
    let house = house_that_says(Ok(Reply::Dossier(dossier())));
    let page = house.get("/khong-co?lang=en").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.says("<html lang=\"en\">") && page.says("Nothing lives at this address."));
    assert_eq!(house.post("/", &[]).await.status, StatusCode::METHOD_NOT_ALLOWED);
    let long = "a".repeat(20_000);
    assert_eq!(house.post("/ask", &[("text", &long)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let asked = browsing("/ask").method("POST").header("content-type", "application/json");
    let json = house.send(asked.body("{}".into()).unwrap()).await;
    assert_eq!((json.status, json.says("<h1>")), (StatusCode::UNSUPPORTED_MEDIA_TYPE, true));
    let mut program = browsing("/khong-co");
    program.headers_mut().unwrap().insert("accept", "*/*".parse().unwrap());
    let told = house.send(program.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(told.header("content-type"), "application/problem+json");
    assert_eq!(house.get("/api/v1/khong-co").await.header("content-type"), "application/problem+json");
    assert!(house.was_not_asked());
}

#[tokio::test]
async fn a_flood_is_answered_by_a_page_that_says_when() {
    let mut house: House = house_that_says(Ok(Reply::Dossier(dossier())));
    house.config.at_once = 0;
    let page = house.get("/").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.says("<h1>") && !page.header("retry-after").is_empty());
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
}
