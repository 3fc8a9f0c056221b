use gateway_core::desk::{RefusalKind, Reply};

use crate::support::{NUMBER, api_that_refuses, api_that_says, asking, dossier};

#[tokio::test]
async fn the_document_and_its_page_are_served_from_memory() {
    let api = api_that_says(Ok(Reply::Help));
    let document = api.get("/api/v1/openapi.json").await;
    assert_eq!(document.status, 200);
    assert_eq!(document.text, channel_mobile::openapi_json());
    let again = api.get_with("/api/v1/openapi.json", "if-none-match", document.header("etag")).await;
    assert_eq!(again.status, 304);
    let page = api.get("/api/v1/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert!(page.text.contains("/api/v1/dossiers/{number}/disclosure"));
    assert!(!page.text.contains("<script") && !page.text.contains("style=\""));
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "nothing from elsewhere");
    assert_eq!(api.get("/api/v1/docs.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn an_unknown_resource_is_a_problem() {
    let api = api_that_says(Ok(Reply::Help));
    for path in ["/", "/api/v1", "/api/v2/agencies", "/api/v1/dossiers", "/api/v1/dossiers/a/b"] {
        let told = api.get(path).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "unknown_route"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_says_how_many_are_left() {
    let told = api_that_says(Ok(Reply::Dossier(dossier()))).get(&format!("/api/v1/dossiers/{NUMBER}")).await;
    assert_eq!(told.header("ratelimit-policy"), "\"address\";q=100;w=5");
    assert_eq!(told.header("ratelimit"), "\"address\";r=99;t=1");
}

#[tokio::test]
async fn a_refusal_of_the_desk_is_not_contradicted_by_the_outer_limit() {
    for kind in [RefusalKind::TooMany, RefusalKind::TooManyDossiers] {
        let told = api_that_refuses(kind).get(&format!("/api/v1/dossiers/{NUMBER}")).await;
        assert_eq!((told.status.as_u16(), told.header("retry-after")), (429, "1"));
        assert_eq!((told.header("ratelimit"), told.header("ratelimit-policy")), ("", ""));
    }
}

#[tokio::test]
async fn problems_speak_english_to_those_who_ask_for_it() {
    let api = api_that_refuses(RefusalKind::DossierNotFound);
    let vietnamese = api.get(&format!("/api/v1/dossiers/{NUMBER}")).await;
    let english = api.get_with(&format!("/api/v1/dossiers/{NUMBER}"), "accept-language", "en").await;
    assert_eq!(vietnamese.problem(), english.problem());
    assert_ne!(vietnamese.json()["detail"], english.json()["detail"]);
    assert_ne!(vietnamese.json()["title"], english.json()["title"]);
    assert_eq!(english.header("content-language"), "en");
}

#[tokio::test]
async fn a_long_answer_is_compressed_and_keeps_its_etag() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    api.announces(&"Trung tâm nghỉ chiều nay. ".repeat(80), "");
    let path = format!("/api/v1/dossiers/{NUMBER}");
    let plain = api.get(&path).await;
    let zipped = api.get_with(&path, "accept-encoding", "gzip").await;
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert_eq!(zipped.header("etag"), plain.header("etag"));
    assert_eq!(zipped.header("vary"), "accept-language, accept-encoding");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let api = api_that_says(Ok(Reply::Dossier(dossier())));
    let told = api.send(asking(&format!("/api/v1/dossiers/{NUMBER}")).method("HEAD").body("".into()).unwrap()).await;
    assert_eq!((told.status.as_u16(), told.text.as_str()), (200, ""));
    assert!(told.header("etag").starts_with("W/"));
}
