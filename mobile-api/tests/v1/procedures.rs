use std::sync::Arc;

use gateway_core::desk::{Action, Focus, ProcedureReply, ProceduresReply, RefusalKind, Reply};
use gateway_core::domain::{Level, ProcedureSummary};
use gateway_core::ports::{Cursor, ProcedurePage, ProcedureQuery};
use jiff::civil::date;
use mobile_api_types::{ProcedureAnswer, ProceduresAnswer};
use serde_json::Value;

use crate::support::{Api, api_that_refuses, api_that_says, procedure};

fn one() -> Reply {
    Reply::Procedure(ProcedureReply {
        procedure: Arc::new(procedure()),
        focus: Focus::Overview.into(),
        also: Vec::new(),
        today: date(2026, 11, 23),
    })
}

fn page(next: Option<Cursor>) -> Reply {
    let summary = ProcedureSummary { procedure: Arc::new(procedure()), score: 3.0 };
    Reply::Procedures(ProceduresReply {
        page: ProcedurePage { hits: vec![summary], total: 41, next, clear: true },
        query: "khai sinh".into(),
    })
}

fn query(api: &Api) -> ProcedureQuery {
    match api.action() {
        Action::FindProcedures { query, .. } => query,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_procedure_is_told_with_every_condition() {
    let api = api_that_says(Ok(one()));
    let told = api.get("/api/v1/procedures/1.001193").await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "public, max-age=300");
    let body = told.json();
    let procedure = &body["procedure"];
    assert_eq!(procedure["short_name"], "Đăng ký khai sinh");
    assert_eq!(procedure["levels"][0]["key"], "commune");
    assert_eq!(procedure["levels"][1]["label"], "Cấp đặc khu");
    let [desk, online] = procedure["methods"].as_array().unwrap().as_slice() else { unreachable!("two methods") };
    assert_eq!(desk["channel"]["key"], "in_person");
    assert_eq!((&desk["time"]["amount"], &desk["time"]["unit"]), (&Value::from(1.0), &Value::from("working_days")));
    assert_eq!((&desk["fee"]["key"], &desk["fee"]["amount"]), (&Value::from("free"), &Value::from(0)));
    assert_eq!(online["time"]["unit"], Value::Null, "a unit is never guessed");
    assert_eq!(online["fee"]["amount"], 8_000);
    assert_eq!(online["fee"]["conditional"], true);
    assert_eq!(online["fee"]["until"], "2026-12-31");
    assert!(online["fee"]["label"].as_str().unwrap().contains("8.000"));
    assert!(online["note"].as_str().unwrap().contains("31/12/2026"));
    assert_eq!(procedure["papers"][0]["items"][0]["is_note"], false);
    assert_eq!(procedure["as_of"], "2026-07-01");
    let read: ProcedureAnswer<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), body);
}

#[tokio::test]
async fn a_procedure_that_has_not_changed_is_not_sent_twice() {
    let api = api_that_says(Ok(one()));
    let etag = api.get("/api/v1/procedures/1.001193").await.header("etag").to_owned();
    let again = api.get_with("/api/v1/procedures/1.001193", "if-none-match", &etag).await;
    assert_eq!(again.status, 304);
    let english = api.get_with("/api/v1/procedures/1.001193", "accept-language", "en").await;
    assert_ne!(english.header("etag"), etag);
    assert_eq!(english.json()["procedure"]["methods"][0]["channel"]["key"], "in_person");
}

#[tokio::test]
async fn a_code_that_is_none_is_not_found_like_one_that_nobody_has() {
    let api = api_that_refuses(RefusalKind::ProcedureNotFound);
    for code in ["9.999999", "khai-sinh", "%FF"] {
        let told = api.get(&format!("/api/v1/procedures/{code}")).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (404, "procedure_not_found"), "{code}");
    }
}

#[tokio::test]
async fn a_search_carries_words_filters_and_size() {
    let api = api_that_says(Ok(page(None)));
    let told = api
        .get("/api/v1/procedures?q=dang%20ky+khai%20sinh&field=H%E1%BB%99%20t%E1%BB%8Bch&level=commune&limit=5")
        .await;
    assert_eq!(told.status, 200, "{}", told.text);
    let asked = query(&api);
    assert_eq!(asked.text, "dang ky khai sinh");
    assert_eq!(asked.field.as_deref(), Some("Hộ tịch"));
    assert_eq!(asked.level, Some(Level::Commune));
    assert_eq!((asked.limit, asked.after), (5, None));
    let body = told.json();
    assert_eq!(body["procedures"][0]["code"], "1.001193");
    assert_eq!((&body["total"], &body["clear"]), (&Value::from(41), &Value::from(true)));
    assert_eq!(body["next_cursor"], Value::Null);
    let read: ProceduresAnswer<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), body);
    api.get("/api/v1/procedures").await;
    assert_eq!(query(&api), ProcedureQuery { limit: 20, ..ProcedureQuery::default() });
}

#[tokio::test]
async fn the_next_page_is_asked_for_with_the_cursor_of_this_one() {
    let place = Cursor { version: 7, offset: 20 };
    let api = api_that_says(Ok(page(Some(place))));
    let cursor = api.get("/api/v1/procedures?q=khai%20sinh").await.json()["next_cursor"].as_str().unwrap().to_owned();
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric()), "fit for a query string: {cursor}");
    query(&api);
    let told = api.get(&format!("/api/v1/procedures?q=khai%20sinh&cursor={cursor}")).await;
    assert_eq!(told.status, 200);
    assert_eq!(query(&api).after, Some(place));
    // Of another search, and spoilt.
    for path in [
        format!("/api/v1/procedures?q=khai%20tu&cursor={cursor}"),
        format!("/api/v1/procedures?q=khai%20sinh&level=province&cursor={cursor}"),
        format!("/api/v1/procedures?q=khai%20sinh&cursor={cursor}0"),
        "/api/v1/procedures?cursor=xyz".to_owned(),
    ] {
        let told = api.get(&path).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "invalid_cursor"), "{path}");
    }
    assert!(api.was_not_asked());
}

#[tokio::test]
async fn a_cursor_of_yesterdays_catalogue_is_refused() {
    let api = api_that_says(Ok(page(Some(Cursor { version: 6, offset: 20 }))));
    let cursor = api.get("/api/v1/procedures?q=a").await.json()["next_cursor"].as_str().unwrap().to_owned();
    let told = api.get(&format!("/api/v1/procedures?q=a&cursor={cursor}")).await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "invalid_cursor"));
}

#[tokio::test]
async fn a_page_has_one_to_fifty_hits() {
    let api = api_that_says(Ok(page(None)));
    for path in ["?limit=0", "?limit=51", "?limit=-1", "?limit=ten", "?sort=name"] {
        let told = api.get(&format!("/api/v1/procedures{path}")).await;
        assert_eq!((told.status.as_u16(), told.problem().as_str()), (400, "invalid_query"), "{path}");
    }
    assert!(api.was_not_asked());
}
